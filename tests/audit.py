"""What a reader can work out of a table with hidden counts: linear programmes that know nothing of the kit's method."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

ROUNDS = 40
"""How many programmes may look at all open figures at once, before each that is left has its own."""


@dataclass
class Audit:
    """How many figures are hidden, and what became of them.

    `recovered`: only one whole number is possible. `narrowed`: a small count that cannot be all of 1 to threshold - 1.
    """

    hidden: int = 0
    primary: int = 0
    recovered: int = 0
    narrowed: int = 0


@dataclass
class System:
    """What a reader knows of the hidden figures, the variables; `asked` are all hidden figures, sums among them."""

    places: dict = field(default_factory=dict)  # (table, area, year) -> variable
    bounds: list = field(default_factory=list)
    equal: list = field(default_factory=list)  # variables, what they add up to
    below: list = field(default_factory=list)  # variables, their signs, what they are at most
    asked: list = field(default_factory=list)  # variables, the rest of the sum, the true figure


def audit(own, total, areas, hidden_own, hidden_total, threshold):
    """Bound each hidden figure of one indicator, for a reader who knows the threshold and which figures are small.

    Own figures and totals have the shape (area, year), what is hidden (area, year + 1): sums over the years stand last.
    """
    system = System()
    _add(system, 0, (own, total), areas, (hidden_own, hidden_total), threshold)
    return _examined(system, threshold)


def audit_parts(part, whole, areas, threshold):
    """Bound the hidden figures of two indicators at once, for a reader who knows that a part is not above its whole.

    Each is given as (own, total, hidden_own, hidden_total), as for `audit`.
    """
    system = System()
    for n, (own, total, hidden_own, hidden_total) in enumerate((part, whole)):
        _add(system, n, (own, total), areas, (hidden_own, hidden_total), threshold)
    for a, y in np.argwhere(part[0] <= whole[0]).tolist():
        up, down = (system.places.get((n, a, y)) for n in (0, 1))
        if up is not None and down is not None:
            system.below.append(([up, down], [1, -1], 0))
        elif up is not None:
            least, most = system.bounds[up]
            system.bounds[up] = least, whole[0][a, y] if most is None else min(most, whole[0][a, y])
        elif down is not None:
            least, most = system.bounds[down]
            system.bounds[down] = max(least, part[0][a, y]), most
    return _examined(system, threshold)


def _add(system, table, figures, areas, hidden, threshold):
    own, total = figures
    years = own.shape[1]
    gone = hidden[0][:, :years] & ~np.isnan(own)
    for a, y in np.argwhere(gone).tolist():
        small = 0 < own[a, y] < threshold
        system.asked.append(([len(system.bounds)], 0, own[a, y]))
        system.places[table, a, y] = len(system.bounds)
        system.bounds.append((1, threshold - 1) if small else (0, None))
    blocks = []  # rows from, to, years from, to, whether their sum is hidden
    for a, end in enumerate(areas.end.tolist()):
        blocks.append((a, a + 1, 0, years, hidden[0][a, years]))
        if end > a + 1:
            blocks += [(a, end, y, y + 1, hidden[1][a, y]) for y in range(years)]
            blocks.append((a, end, 0, years, hidden[1][a, years]))
    for first, last, begin, end, veiled in blocks:
        figures = own[first:last, begin:end]
        if np.isnan(figures).all():
            continue
        unknown = gone[first:last, begin:end]
        value, held = float(np.nansum(figures)), float(figures[unknown].sum())
        if last > first + 1:
            assert value == np.nansum(total[first, begin:end])
        variables = [system.places[table, first + a, begin + y] for a, y in np.argwhere(unknown).tolist()]
        if not veiled:
            system.equal += [(variables, held)] if variables else []
            continue
        system.asked.append((variables, value - held, value))
        if 0 < value < threshold and variables:
            system.below.append((variables, [1] * len(variables), threshold - 1 - value + held))
            system.below.append((variables, [-1] * len(variables), value - held - 1))


def _examined(system, threshold):
    found = Audit(hidden=len(system.asked))
    if not system.bounds:
        return found
    true = np.array([one[2] for one in system.asked])
    small = (true > 0) & (true < threshold)
    low, high = _ends(system, small, threshold)
    found.primary, found.recovered = int(small.sum()), int((low == high).sum())
    found.narrowed = int((small & ((low > 1) | (high < threshold - 1))).sum())
    return found


def _ends(system, small, threshold):
    """Bound all hidden figures: many at once while some are not yet known to be safe, then these one by one."""
    given = _known(system)
    asked, rest = (
        _matrix(len(system.bounds), [(c, [1] * len(c)) for c, *_ in system.asked]),
        [one[1] for one in system.asked],
    )
    low, high, draw = np.full(len(small), np.inf), np.full(len(small), -np.inf), np.random.default_rng(0)

    def solve(weights):
        done = linprog(asked.T @ weights, **given)
        assert done.status in {0, 3, 4}, done.message  # never infeasible: the truth is a solution
        if done.status == 0:
            here = asked @ done.x + rest
            np.minimum(low, here, out=low)
            np.maximum(high, here, out=high)
        return done.status == 0

    def open_ones():
        narrow = np.where(small, (low > 1 + 1e-6) | (high < threshold - 1 - 1e-6), ~(high - low > 1 - 1e-6))
        return np.flatnonzero(narrow)

    for n in range(ROUNDS):
        left, weights = open_ones(), np.zeros(len(small))
        if not left.size:
            break
        weights[left] = draw.uniform(0.1, 1, size=left.size) * (1 if n % 2 else -1)
        solve(np.where(small | (weights > 0), weights, 0))  # what is not small may be as large as you like
    for n in open_ones().tolist():
        for sign in (1.0, -1.0):
            weights = np.zeros(len(small))
            weights[n] = sign
            if not solve(weights):
                high[n] = np.inf
    return np.ceil(low - 1e-6), np.floor(high + 1e-6)


def _known(system):
    size, given = len(system.bounds), {"bounds": system.bounds, "method": "highs"}
    if system.equal:
        given |= {"A_eq": _matrix(size, [(c, [1] * len(c)) for c, _ in system.equal])}
        given |= {"b_eq": [held for _, held in system.equal]}
    if system.below:
        given |= {"A_ub": _matrix(size, [(c, signs) for c, signs, _ in system.below])}
        given |= {"b_ub": [most for *_, most in system.below]}
    return given


def _matrix(size, rows):
    at = [(m, n, sign) for m, (columns, signs) in enumerate(rows) for n, sign in zip(columns, signs, strict=True)]
    first, second, signs = np.array(at, dtype=np.float64).reshape(-1, 3).T
    return coo_array((signs, (first.astype(int), second.astype(int))), shape=(len(rows), size)).tocsr()
