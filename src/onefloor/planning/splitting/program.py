"""The linear programme of a split, its limits as named rows, solved by HiGHS.

Variables, in agents: ``work`` (C, K, P) of a company for a skill, ``over`` (C, P) there by guarantee and not needed,
and in hours ``idle`` (C,) paid and not worked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onefloor.planning.splitting.problem import Company, Floats, Split

NEED, PAID, MOST_HOURS, SEATS, GUARANTEED, LEAST_SHARE, MOST_SHARE = (
    "need", "paid_at_least", "most_hours", "seats", "guaranteed", "least_share", "most_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """``low <= values . v[at] <= high``: a limit of a company (or the need of a skill), in an interval or over all."""

    kind: str
    name: str
    interval: int | None
    at: Floats
    values: Floats
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Program:
    """All of it: prices of the variables, upper ends, rows."""

    asked: Split
    prices: Floats
    most: Floats
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the variables of a split lie."""

    asked: Split
    work: Any = field(init=False)
    over: Any = field(init=False)
    idle: Any = field(init=False)

    def __post_init__(self) -> None:
        companies, skills, intervals = len(self.asked.companies), len(self.asked.skills), self.asked.intervals
        work = np.arange(companies * skills * intervals).reshape(companies, skills, intervals)
        over = work.size + np.arange(companies * intervals).reshape(companies, intervals)
        object.__setattr__(self, "work", work)
        object.__setattr__(self, "over", over)
        object.__setattr__(self, "idle", work.size + over.size + np.arange(companies))


def program(asked: Split) -> Program:
    """The programme of a split."""
    places = Places(asked)
    count = places.work.size + places.over.size + places.idle.size
    prices, most = np.zeros(count), np.zeros(count)
    for c, company in enumerate(asked.companies):
        there = asked.opened(company)
        for k, skill in enumerate(asked.skills):
            if skill in company.prices:
                prices[places.work[c, k]] = company.prices[skill] * asked.hours
                most[places.work[c, k]] = np.where(there, np.inf, 0.0)
        # Never below the price of an idle hour: else a commitment would be kept by people whom nobody guaranteed.
        prices[places.over[c]] = max(company.price_of_idle, min(company.prices.values())) * asked.hours
        most[places.over[c]] = np.where(there & (company.guaranteed > 0), np.inf, 0.0)
        prices[places.idle[c]] = company.price_of_idle
        most[places.idle[c]] = np.inf if company.paid_at_least else 0.0
    rows = [*_needs(asked, places)]
    for c, company in enumerate(asked.companies):
        rows += [*_each_interval(asked, places, c, company), *_over_all(asked, places, c, company)]
    return Program(asked, prices, most, tuple(rows))


def _needs(asked: Split, places: Places) -> Iterator[Row]:
    for k, skill in enumerate(asked.skills):
        for p in range(asked.intervals):
            at, need = places.work[:, k, p], float(asked.need[k, p])
            most = float(np.ceil(need)) if asked.whole else need
            yield Row(NEED, skill, p, at, np.ones(len(at)), need, most)


def _each_interval(asked: Split, places: Places, c: int, company: Company) -> Iterator[Row]:
    there = asked.opened(company)
    for p in range(asked.intervals):
        at = np.append(places.work[c, :, p], places.over[c, p])
        ones = np.ones(len(at))
        if company.seats < np.inf:
            yield Row(SEATS, company.name, p, at, ones, -np.inf, company.seats)
        if company.guaranteed and there[p]:
            yield Row(GUARANTEED, company.name, p, at, ones, company.guaranteed, np.inf)


def _over_all(asked: Split, places: Places, c: int, company: Company) -> Iterator[Row]:
    work = places.work[c].ravel()
    hours = np.full(len(work), asked.hours)
    there = np.concatenate([work, places.over[c]])
    if company.paid_at_least:
        committed = [skill in (company.paid_for or asked.skills) for skill in asked.skills]
        paid = np.concatenate([places.work[c][committed].ravel(), places.over[c], [places.idle[c]]])
        paid_hours = np.append(np.full(len(paid) - 1, asked.hours), 1.0)
        yield Row(PAID, company.name, None, paid, paid_hours, company.paid_at_least, np.inf)
    if company.most_hours < np.inf:
        at = np.full(len(there), asked.hours)
        yield Row(MOST_HOURS, company.name, None, there, at, -np.inf, company.most_hours)
    if company.least_share:
        yield Row(LEAST_SHARE, company.name, None, work, hours, company.least_share * asked.total, np.inf)
    if company.most_share < 1:
        yield Row(MOST_SHARE, company.name, None, work, hours, -np.inf, company.most_share * asked.total)


@dataclass(frozen=True, slots=True)
class Solved:
    """What HiGHS answers: the variables, the cost, and the price of each row (0 for whole people)."""

    values: Floats
    cost: float
    prices: Floats


def solved(held: Program, *, whole: bool, seconds: float | None = None) -> Solved | None:
    """The cheapest point, or None if there is none. A whole programme's prices are those of its linear one."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix = _matrix(held.rows, len(held.prices))
    low, high = np.array([row.low for row in held.rows]), np.array([row.high for row in held.rows])
    linear = _linear(held, matrix, low, high)
    if linear is None or not whole:
        return linear
    integral = np.append(np.ones(len(held.prices) - len(held.asked.companies)), np.zeros(len(held.asked.companies)))
    options = {"mip_rel_gap": 1e-6} | ({"time_limit": seconds} if seconds else {})
    found = milp(held.prices, constraints=LinearConstraint(matrix, low, high), integrality=integral,
                 bounds=Bounds(0, held.most), options=options)  # fmt: skip
    if found.x is None:
        return None
    values = np.where(integral > 0, np.round(found.x), found.x)
    return Solved(values, float(held.prices @ values), linear.prices)


def _matrix(rows: tuple[Row, ...], columns: int) -> Any:
    from scipy.sparse import csr_array

    numbers = np.concatenate([np.full(len(row.at), i) for i, row in enumerate(rows)])
    at = np.concatenate([row.at for row in rows])
    values = np.concatenate([row.values for row in rows])
    return csr_array((values, (numbers, at)), shape=(len(rows), columns))


def _linear(held: Program, matrix: Any, low: Floats, high: Floats) -> Solved | None:
    """The linear programme with the prices of its rows: what one more of a row's limit would change the cost by."""
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    above, below = np.flatnonzero(low > -np.inf), np.flatnonzero(high < np.inf)
    stacked = vstack([-matrix[above], matrix[below]])
    ends = np.concatenate([-low[above], high[below]])
    found = linprog(held.prices, A_ub=stacked, b_ub=ends, bounds=np.column_stack([np.zeros(len(held.most)), held.most]))
    if found.x is None or not found.success:
        return None
    marginal = np.asarray(found.ineqlin.marginals)
    prices = np.zeros(len(low))
    prices[above] -= marginal[: len(above)]
    prices[below] += marginal[len(above) :]
    return Solved(np.asarray(found.x), float(found.fun), prices)
