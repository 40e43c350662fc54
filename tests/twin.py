"""Another world that agrees with a protected review on all that is shown, and differs in what is hidden."""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from danvan_kit import cube, disclosure

MOST = 40
"""How far a hidden figure that is not small may rise."""


def twin(shared, seed=0):
    """Return a protected review with other hidden figures and the same shown ones: what a reader cannot tell apart.

    Own figures come from a linear programme with random costs over the same sums that a reader knows; a network's
    corners are whole numbers. What is filed above and in the log moves along.
    """
    hidden, full, draw = shared.hidden, shared.hidden.full, np.random.default_rng(seed)
    cells = cube.of(full)
    moved = {}
    table = full.indicators
    for key in table.index[(table["persons"] == "yes") & (table["aggregation"] != "ratio")]:
        i = cells.index(key)
        moved[key] = _other(cells.own[i], cells.total[i], hidden, i, draw) - cells.own[i]
    rows = _reports(full, moved, shared), _log(full, moved, shared, draw)
    other = dataclasses.replace(full, observations=rows[0], records=rows[1])
    kept = dataclasses.replace(hidden, full=other)
    return dataclasses.replace(other, observations=hidden.rows[0], records=hidden.rows[1], hidden=kept)


def _other(own, total, hidden, i, draw):
    """Return other own figures of one indicator. Shape as `own`."""
    threshold, areas = hidden.threshold, hidden.full.areas
    gone = hidden.own[i] & ~np.isnan(own)
    if not gone.any():
        return own
    at = [tuple(cell) for cell in np.argwhere(gone).tolist()]
    values = own[gone]
    few = (values > 0) & (values < threshold)
    low, high = np.where(few, 1.0, 0.0), np.where(few, threshold - 1.0, values + MOST)
    equal, between = [], []  # (columns, least, most)
    for a in range(len(areas.ids)):
        mine = [n for n, (b, _) in enumerate(at) if b == a]
        below = [(y, n) for n, (b, y) in enumerate(at) if a <= b < areas.end[a]]
        sums = [(mine, hidden.own_period[i, a], np.nansum(own[a]))]
        sums += [([n for _, n in below], hidden.total_period[i, a], np.nansum(total[a]))]
        sums += [([n for z, n in below if z == y], hidden.total[i, a, y], total[a, y]) for y in {y for y, _ in below}]
        for columns, veil, whole in sums:
            held = float(values[columns].sum())
            if columns and not veil:
                equal.append((columns, held, held))
            elif columns and 0 < whole < threshold:
                between.append((columns, 1 - whole + held, threshold - 1 - whole + held))
    given = {"A_eq": _matrix(equal, len(at)), "b_eq": [one[1] for one in equal]} if equal else {}
    if between:
        wide = _matrix(between, len(at))
        given |= {"A_ub": coo_array(np.vstack([wide.toarray(), -wide.toarray()]))}
        given |= {"b_ub": [one[2] for one in between] + [-one[1] for one in between]}
    done = linprog(draw.normal(size=len(at)), bounds=list(zip(low, high, strict=True)), method="highs-ds", **given)
    assert done.status == 0, done.message
    found = own.copy()
    found[gone] = np.round(done.x)
    return found


def _matrix(rows, size):
    at = [(m, n) for m, (columns, *_) in enumerate(rows) for n in columns]
    first, second = zip(*at, strict=True)
    return coo_array((np.ones(len(at)), (first, second)), shape=(len(rows), size))


def _reports(full, moved, shared):
    seen = full.observations
    a, y = full.areas.rows(seen["area"]), seen["year"].to_numpy(dtype=np.intp) - full.years[0]
    key, above = seen["indicator"].astype("str").to_numpy(), (seen["scope"] == "consolidated").to_numpy()
    value = seen["value"].to_numpy(dtype=np.float64, na_value=np.nan).copy()
    veiled = (shared.observations["status"] == "hidden").to_numpy()
    for indicator, moves in moved.items():
        change = np.nan_to_num(moves)
        mine = (key == indicator) & veiled
        value[mine & ~above] += change[a, y][mine & ~above]
        value[mine & above] += cube.branch_sums(change, full.areas)[a, y][mine & above]
    return seen.assign(value=value)


def _log(full, moved, shared, draw):
    log = full.records
    place = {}
    for n, cell in enumerate(zip(full.areas.rows(log["area"]).tolist(), log["year"].tolist(), strict=True)):
        place.setdefault(cell, []).append(n)
    columns = {}
    for key, change in moved.items():
        about = full.indicators.loc[key]
        if (column := about["record_value"]) in disclosure.PEOPLE:
            amount = log[column].to_numpy(dtype=np.float64, na_value=np.nan).copy()
            acts = log["activity"].isin(str(about["record_activity"]).split()) & shared.records[column].isna()
            acts = (acts & log[column].notna()).to_numpy()
            for (a, year), rows in place.items():
                if mine := [n for n in rows if acts[n]]:
                    whole = amount[mine].sum() + np.nan_to_num(change[a, year - full.years[0]])
                    amount[mine] = _parted(whole, len(mine), draw)
            columns[column] = amount
    gone = (shared.records["days"].isna() & log["days"].notna()).to_numpy()
    days = log["days"].to_numpy(dtype=np.float64, na_value=np.nan).copy()
    days[gone] += draw.integers(1, 90, size=int(gone.sum()))
    kinds = {name: log[name].dtype for name in (*columns, "days")}
    return log.assign(**columns, days=days).astype(kinds)


def _parted(whole, parts, draw):
    """Part a whole number at random."""
    if parts == 1:
        return [whole]
    cuts = np.sort(draw.integers(0, int(whole) + 1, size=parts - 1))
    return np.diff([0, *cuts, whole])
