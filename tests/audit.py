"""What a reader can work out of a table with hidden counts: linear programmes that know nothing of the kit's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog


@dataclass
class Audit:
    """How many figures are hidden, and what became of them.

    `recovered`: only one whole number is possible. `narrowed`: a small count that cannot be all of 1 to threshold - 1.
    """

    hidden: int = 0
    primary: int = 0
    recovered: int = 0
    narrowed: int = 0


def audit(own, total, areas, hidden_own, hidden_total, threshold):
    """Bound each hidden figure of one indicator, for a reader who knows the threshold and which figures are small.

    Own figures and totals have the shape (area, year), what is hidden (area, year + 1): sums over the years stand last.
    """
    places = {cell: n for n, cell in enumerate(zip(*np.nonzero(~np.isnan(own)), strict=True))}
    sums = [([n], hidden_own[a, y], own[a, y], (a, y, "own")) for (a, y), n in places.items()]
    years = own.shape[1]
    for a in range(len(areas.ids)):
        mine = [n for (b, _), n in places.items() if b == a]
        below = [(y, n) for (b, y), n in places.items() if a <= b < areas.end[a]]
        if mine:
            sums.append((mine, hidden_own[a, years], np.nansum(own[a]), (a, years, "own")))
        for y in range(years):
            part = [n for z, n in below if z == y]
            if part and areas.end[a] > a + 1:
                sums.append((part, hidden_total[a, y], total[a, y], (a, y, "total")))
        if below and areas.end[a] > a + 1:
            sums.append(([n for _, n in below], hidden_total[a, years], np.nansum(total[a]), (a, years, "total")))
    return _bounds(len(places), sums, threshold)


def _bounds(size, sums, threshold):
    found, groups = Audit(), _together(size, sums)
    for variables, part in groups:
        place = {n: m for m, n in enumerate(variables)}

        def row(cells, place=place):
            out = np.zeros(len(place))
            for n in cells:
                out[place[n]] = 1
            return out

        # known variables are constants; a hidden sum is only bounded where it is small itself
        equal = [(row(c), v - held) for c, gone, v, held in part if not gone]
        small = [(row(c), held) for c, gone, v, held in part if gone and 0 < v < threshold]
        a_ub = [r for r, _ in small] + [-r for r, _ in small]
        b_ub = [threshold - 1 - held for _, held in small] + [held - 1 for _, held in small]
        given = {"A_eq": np.array([r for r, _ in equal]) if equal else None, "b_eq": [v for _, v in equal] or None}
        given |= {"A_ub": np.array(a_ub) if small else None, "b_ub": b_ub or None, "bounds": (0, None)}
        for cells, gone, value, held in part:
            if gone:
                found.hidden += 1
                ends = []
                for sign in (1, -1):
                    done = linprog(sign * row(cells), method="highs", **given)
                    ends.append(sign * done.fun if done.status == 0 else np.inf)
                low, high = np.ceil(ends[0] + held - 1e-6), np.floor(ends[1] + held + 1e-6)
                found.recovered += low == high
                if 0 < value < threshold:
                    found.primary += 1
                    found.narrowed += (low, high) != (1, threshold - 1)
    return found


def _together(size, sums):
    """Set what is known aside, and part the rest into groups that share no hidden figure."""
    known = {c[0]: v for c, gone, v, where in sums if len(c) == 1 and where[2] == "own" and not gone}
    root = list(range(size))

    def top(n):
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    left = []
    for cells, gone, value, _ in sums:
        rest = [n for n in cells if n not in known]
        if not rest:
            continue
        held = sum(known[n] for n in cells if n in known)
        left.append((rest, gone, value, held))
        for n in rest[1:]:
            root[top(n)] = top(rest[0])
    groups = {}
    for one in left:
        groups.setdefault(top(one[0][0]), []).append(one)
    return [(sorted({n for c, *_ in part for n in c}), part) for part in groups.values()]
