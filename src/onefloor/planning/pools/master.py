"""The integer programme: cheapest staff under limits, cover by skills and the cuts found so far; solved by HiGHS.

Variables are agents n (G, P), whole, and busy agents x (T, G, P) of a skill flow: each type's load is covered by
groups that serve it, each group gives no more than its agents. The flow says for every set of types at once that who
serves them must be enough (max-flow min-cut), which separate inequalities would need 2^T of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onefloor.planning.pools.problem import MOST_STAFF, Floats, Ints, Limit, Pools

GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Cut:
    """``slope`` . n >= ``least``, with slopes (G, P); for a target in an interval."""

    slope: Floats
    least: float
    target: int
    interval: int


@dataclass(slots=True)
class Rows:
    """Constraints low <= A v <= high, gathered row by row."""

    columns: int
    entries: list[tuple[int, Any, Any]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, at: Any, values: Any, low: float, high: float = np.inf) -> None:
        """One row."""
        self.entries.append((len(self.low), np.atleast_1d(at), np.broadcast_to(values, np.shape(np.atleast_1d(at)))))
        self.low.append(low)
        self.high.append(high)

    def constraint(self) -> Any:
        """All of them as SciPy takes them."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        rows = np.concatenate([np.full(len(at), row) for row, at, _ in self.entries])
        columns = np.concatenate([at for _, at, _ in self.entries])
        values = np.concatenate([values for _, _, values in self.entries]).astype(float)
        matrix = csr_array((values, (rows, columns)), shape=(len(self.low), self.columns))
        return LinearConstraint(matrix, np.array(self.low), np.array(self.high))


def cheapest(asked: Pools, cover: Floats, cuts: list[Cut], *, elastic: bool = False) -> Ints | None:
    """The cheapest staff (G, P), or None if there is none.

    Args:
        asked: prices and limits.
        cover: busy agents that each type's groups have to give, shape (T, P).
        cuts: of the simulation.
        elastic: cover and cuts may be missed at a price far above all staff: who is short can be read from the rest.
    """
    from scipy.optimize import Bounds, milp

    groups, intervals = len(asked.names), asked.intervals
    types = len(asked.model.types)
    staffs, flows = groups * intervals, types * groups * intervals
    slacks = (types * intervals + len(cuts)) if elastic else 0
    rows = _rows(asked, cover, cuts, staffs + flows + slacks, elastic=elastic)
    dear = 1e3 * float(asked.price.max())
    prices = np.concatenate([np.repeat(asked.price, intervals), np.zeros(flows), np.full(slacks, dear)])
    whole = np.concatenate([np.ones(staffs), np.zeros(flows + slacks)])
    top = np.concatenate([np.full(staffs, float(MOST_STAFF)), _open(asked), np.full(slacks, np.inf)])
    found = milp(prices, constraints=rows.constraint(), integrality=whole, bounds=Bounds(0, top),
                 options={"mip_rel_gap": GAP, "time_limit": 20.0})  # fmt: skip
    if found.x is None:
        return None
    return np.asarray(np.round(found.x[:staffs]).astype(np.int64).reshape(groups, intervals))


def _open(asked: Pools) -> Floats:
    """Upper ends of the flow: 0 where a group does not serve a type, shape (T * G * P,)."""
    return np.repeat(np.where(asked.serves, np.inf, 0.0).ravel(), asked.intervals)


def _rows(asked: Pools, cover: Floats, cuts: list[Cut], columns: int, *, elastic: bool) -> Rows:
    groups, intervals, types = len(asked.names), asked.intervals, len(asked.model.types)
    agents = np.arange(groups * intervals).reshape(groups, intervals)
    flow = agents.size + np.arange(types * agents.size).reshape(types, groups, intervals)
    slack = agents.size + flow.size
    rows = Rows(columns)
    pace = np.array([group.pace for group in asked.model.groups])
    for p in range(intervals):
        for k in range(types):
            extra = [slack + k * intervals + p] if elastic else []
            rows.add(np.concatenate([flow[k, :, p], np.array(extra, np.int64)]), 1.0, cover[k, p])
        for g in range(groups):
            at = np.concatenate([[agents[g, p]], flow[:, g, p]])
            rows.add(at, np.concatenate([[1.0], np.full(types, -pace[g])]), 0.0)
        for limit in asked.limits:
            _add_limit(rows, agents[asked.members(limit), p], limit)
    for number, cut in enumerate(cuts):
        at, values = agents[cut.slope != 0], cut.slope[cut.slope != 0]
        if elastic:
            at = np.append(at, slack + types * intervals + number)
            values = np.append(values, np.abs(values).max())
        rows.add(at, values, cut.least)
    return rows


def _add_limit(rows: Rows, at: Ints, limit: Limit) -> None:
    rows.add(at, 1.0, limit.least, limit.most)
