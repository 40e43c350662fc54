"""Which cells of a table of counts must be hidden, so that no small count can be worked out from the others.

The figures of one indicator over the tree of areas and the years are a flow: each office's figure of a year goes from
the office's row into the year's column of the area above, columns go into columns up to the top, and the sums over the
years come back down the tree to the rows. Each figure is one arc, and what is published of arcs determines a hidden one
exactly when no cycle of hidden arcs passes through it. So a small count is safe when there is room, on cycles of hidden
arcs, to push it up to the threshold and down to 1; where there is none, the cheapest further figures that give room are
hidden as well (secondary suppression by shortest paths, after L. H. Cox, "Network models for complementary cell
suppression", Journal of the American Statistical Association 90, 1995, 1453-1462).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from danvan_kit.areas import Areas

SHOWN, SECONDARY, PRIMARY = 0, 1, 2
ALREADY, FURTHER, ZERO = 1.0, 8.0, 1e6
"""What a step over a hidden figure costs, over a further one (plus its size), over a zero: small figures go first."""
_ENDLESS = float("inf")


@dataclass(eq=False)
class Network:
    """The figures of one indicator as arcs.

    Attributes
    ----------
    values
        The figure of each arc.
    tails, heads
        Where it comes from and goes to.
    around
        The arcs at each node.
    own, total
        The arc of each figure, -1 where it is not known; a sum over all years stands last. An office with nobody
        below has one arc for both. Shape ``(area, year + 1)``.
    state
        ``SHOWN, SECONDARY, PRIMARY`` by arc.
    least, most
        Between which figures a reader knows each to lie, whatever is hidden.
    """

    values: list[float]
    tails: list[int]
    heads: list[int]
    own: NDArray[np.intp]
    total: NDArray[np.intp]
    state: list[int]
    least: list[float]
    most: list[float]
    around: list[list[int]] = field(default_factory=list)


def hide(
    own: NDArray[np.float64],
    total: NDArray[np.float64],
    areas: Areas,
    threshold: int,
    between: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which figures of one indicator are hidden: all from 1 to below `threshold`, and what else is needed.

    Parameters
    ----------
    own, total
        Figures that add up over areas and years, NaN where not known. Shape ``(area, year)``.
    areas
        The tree.
    threshold
        At least 3: if only ones were hidden, "hidden" would mean 1.
    between
        Between which figures a reader knows each own one to lie (a part is not more than its whole). Shape
        ``(area, year)`` each. None: from 0 on.

    Returns
    -------
    own, total
        Where each is hidden. Shape ``(area, year + 1)``: the sum over all years stands last. The same figures are
        hidden at each run.
    """
    net = network(own, total, areas)
    if between is not None:
        known = ~np.isnan(own)
        count = int(known.sum())
        net.least[:count], net.most[:count] = (ends[known].tolist() for ends in between)
    net.state[:] = [PRIMARY if 0 < value < threshold else SHOWN for value in net.values]
    for arc in [arc for arc, state in enumerate(net.state) if state == PRIMARY]:
        _make_room(net, arc, threshold, up=True)
        _make_room(net, arc, threshold, up=False)
    hidden = np.array([*net.state, SHOWN]) != SHOWN  # the last stands for arc -1
    return hidden[net.own], hidden[net.total]


def network(own: NDArray[np.float64], total: NDArray[np.float64], areas: Areas) -> Network:
    """Return the figures of one indicator as arcs, all of them shown; known own figures come first."""
    size, years = own.shape
    rows = np.arange(size)
    leaf = (areas.end == rows + 1) & (rows > 0)
    above = np.array(areas.parent_row, dtype=np.intp)
    holds = np.where(leaf, above, rows)  # in whose column an office's own figure stands
    columns = size + np.arange(size * years).reshape(size, years)
    periods = size + size * years + rows
    top = size + size * years + size  # where all columns end and all periods begin
    over = np.where((rows == 0)[:, None], top, columns[above])
    inner = np.where(leaf[:, None], np.nan, total)
    arcs = (
        (own, np.broadcast_to(rows[:, None], own.shape), columns[holds]),
        (_sums(own), periods[holds][:, None], rows[:, None]),
        (inner, columns, over),
        (_sums(inner), np.where(rows == 0, top, periods[above])[:, None], periods[:, None]),
    )
    values, tails, heads, places, count = [], [], [], [], 0
    for amounts, tail, head in arcs:
        known = ~np.isnan(amounts)
        place = np.full(amounts.shape, -1, dtype=np.intp)
        place[known] = count + np.arange(int(known.sum()))
        count += int(known.sum())
        values += amounts[known].tolist()
        tails += tail[known].tolist()
        heads += head[known].tolist()
        places.append(place)
    own_arc, total_arc = np.hstack(places[:2]), np.hstack(places[2:])
    both = own_arc, np.where(leaf[:, None], own_arc, total_arc)
    net = Network(values, tails, heads, *both, [SHOWN] * count, [0.0] * count, [_ENDLESS] * count)
    net.around = [[] for _ in range(top + 1)]
    for arc, (tail, head) in enumerate(zip(tails, heads, strict=True)):
        net.around[tail].append(arc)
        net.around[head].append(arc)
    return net


def _sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~np.isnan(values)
    return np.where(known.any(axis=1), np.where(known, values, 0.0).sum(axis=1), np.nan)[:, None]


def _make_room(net: Network, arc: int, threshold: int, *, up: bool) -> None:
    """Hide further figures until a small count could as well be anything up to the threshold, or down to 1."""
    value = net.values[arc]
    need = threshold - 1 - value if up else value - 1
    start, goal = (net.heads[arc], net.tails[arc]) if up else (net.tails[arc], net.heads[arc])
    moved: dict[int, float] = {}
    while need > 0:
        path = _cheapest(net, arc, (start, goal), threshold, moved)
        if path is None:
            return  # its sums are small themselves: together they say a little more, which hiding cannot undo
        step = min(need, *(_room(net, one, threshold, moved, forward=forward) for one, forward in path))
        for one, forward in path:
            moved[one] = moved.get(one, 0.0) + (step if forward else -step)
            net.state[one] = net.state[one] or SECONDARY
        need -= step


def _room(net: Network, arc: int, threshold: int, moved: dict[int, float], *, forward: bool) -> float:
    """Return how far a hidden figure may move, for all that a reader knows who knows which of them are small."""
    value, small = net.values[arc] + moved.get(arc, 0.0), net.state[arc] == PRIMARY
    if forward:
        return min(threshold - 1 if small else _ENDLESS, net.most[arc]) - value
    return value - max(1 if small else 0, net.least[arc])


def _cheapest(
    net: Network, avoid: int, ends: tuple[int, int], threshold: int, moved: dict[int, float]
) -> list[tuple[int, bool]] | None:
    """Return the cheapest way between two nodes (Dijkstra): arcs, and whether each is walked forwards."""
    start, goal = ends
    best, came = {start: 0.0}, dict[int, tuple[int, bool, int]]()
    queue, done = [(0.0, start)], set[int]()
    while queue:
        cost, node = heapq.heappop(queue)
        if node == goal:
            break
        if node in done:
            continue
        done.add(node)
        for arc in net.around[node]:
            forward = net.tails[arc] == node
            other = net.heads[arc] if forward else net.tails[arc]
            if arc == avoid or other in done or _room(net, arc, threshold, moved, forward=forward) < 1:
                continue
            price = cost + _price(net, arc)
            if price < best.get(other, _ENDLESS):
                best[other], came[other] = price, (arc, forward, node)
                heapq.heappush(queue, (price, other))
    if goal not in came:
        return None
    path, node = [], goal
    while node != start:
        arc, forward, node = came[node]
        path.append((arc, forward))
    return path


def _price(net: Network, arc: int) -> float:
    if net.state[arc] != SHOWN:
        return ALREADY
    return FURTHER + net.values[arc] if net.values[arc] > 0 else ZERO
