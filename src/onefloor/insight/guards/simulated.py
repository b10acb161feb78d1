"""Floors whose truth is known, to test guards on: who trades quality for sales, who games, what drifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from onefloor.insight.cells import Cells
from onefloor.insight.fair.loading import Loaded
from onefloor.insight.fair.work import Family, Work
from onefloor.insight.guards.peers import Floats, Mask, Peers, Places, against_peers
from onefloor.metrics import catalogue

OFFERS, CHECKED = 600, 30  # contacts of an agent with an offer, and with an evaluation
SALES, QUALITY = 0.12, 0.85
SPREADS = (0.03, 0.06)  # of the agents' true differences in selling and in quality
APART = 0.04  # of companies, in both
PUSH = (0.08, -0.12)  # what a pusher adds to both
QUEUES, HOURS = 6, 12


@dataclass(frozen=True, slots=True)
class Sellers:
    """True differences (agents, 2), what is seen of them with its chance variance, and the expected rates.

    With several companies (``group``) the true differences are those from the own company's level.
    """

    true: Floats
    difference: Floats
    error: Floats
    expected: Floats
    group: Places

    def wrong(self, margins: Sequence[float]) -> Mask:
        """Who truly sells more and serves worse, both by more than the margins."""
        return np.asarray((self.true[:, 0] > margins[0]) & (self.true[:, 1] < -margins[1]))

    def raw(self, margins: Sequence[float]) -> Mask:
        """Whom raw rates would accuse."""
        return np.asarray((self.difference[:, 0] > margins[0]) & (self.difference[:, 1] < -margins[1]))


def sellers(
    rng: np.random.Generator, agents: int, correlation: float = -0.6, pushers: int = 0, companies: int = 1,
    rows: tuple[int, int] = (OFFERS, CHECKED),
) -> Sellers:  # fmt: skip
    """Agents whose selling and quality are correlated; the first ``pushers`` push hard.

    Companies differ by ``APART`` in both, one independently of the other; peers are those of all companies. ``rows``
    are the offers and the checked contacts of each agent.
    """
    between = np.outer(SPREADS, SPREADS) * np.array([[1, correlation], [correlation, 1]])
    true = rng.multivariate_normal([0, 0], between, agents)
    true[:pushers] += PUSH
    rate = np.array([SALES, QUALITY])
    group = np.arange(agents) % companies
    level = rng.normal(0, APART, (companies, 2))[group] if companies > 1 else np.zeros((agents, 2))
    true = np.clip(rate + true + level, 0.005, 0.995) - rate - level
    seen = rng.binomial(rows, rate + level + true) / rows
    each = (agents, 1)
    return Sellers(true, seen - rate, np.tile(rate * (1 - rate) / rows, each), np.tile(rate, each), group)


def checked_more(rng: np.random.Generator, of: Sellers, who: Mask, more: int, checked: int = CHECKED) -> Sellers:
    """The same agents after ``more`` contacts of some of them were checked besides the first ``checked``."""
    rate = of.expected[:, 1]
    good = rng.binomial(more, np.clip(rate + of.true[:, 1], 0, 1))
    whole = np.where(who, checked + more, checked)
    seen = (of.difference[:, 1] + rate) * checked + np.where(who, good, 0)
    difference = np.column_stack([of.difference[:, 0], seen / whole - rate])
    return replace(of, difference=difference, error=np.column_stack([of.error[:, 0], rate * (1 - rate) / whole]))


def screen(
    rng: np.random.Generator, agents: int, rate: float, spread: float = 0.3, gamers: int = 0, factor: float = 3.0
) -> Peers:
    """Counts of a pattern by agent, queue and hour; queues and hours differ, agents honestly differ by ``spread``.

    The first ``gamers`` do it ``factor`` times as often as they would.
    """
    own = rng.gamma(1 / spread**2, spread**2, agents)
    own[:gamers] *= factor
    strata = rng.gamma(4, 1 / 4, (QUEUES, HOURS))
    rows = rng.poisson(
        rng.gamma(2, 15 / 2, (agents, 1, 1)) * rng.gamma(1, 1, (agents, QUEUES, 1)), (agents, QUEUES, HOURS)
    )
    hits = rng.binomial(rows, np.minimum(rate * strata * own[:, None, None], 0.95))
    agent, queue, hour = (axis.ravel() for axis in np.indices(rows.shape))
    return against_peers(agent, queue * HOURS + hour, hits.ravel(), rows.ravel(), agents)


def weeks(
    rng: np.random.Generator, count: int, rate: float, spread: float, drift_from: int | None, factor: float
) -> tuple[Floats, Floats]:
    """Hits and rows of a figure by week, overdispersed; from a week on ``factor`` times as often."""
    rows = rng.poisson(4_000, count).astype(float)
    level = rate * rng.gamma(1 / spread**2, spread**2, count)
    if drift_from is not None:
        level[drift_from:] *= factor
    return rng.binomial(rows.astype(int), np.minimum(level, 1)).astype(float), rows


def talks(rng: np.random.Generator, contacts: int, limit: float, moved: float) -> Floats:
    """Talk times in seconds; of those up to a third short of the limit a share ``moved`` is stretched just past it."""
    times = np.exp(rng.normal(np.log(150), 0.8, contacts))
    short = (times >= limit * 2 / 3) & (times < limit) & (rng.random(contacts) < moved)
    times[short] = limit + rng.exponential(limit / 20, int(short.sum()))
    return times


def contest(rng: np.random.Generator, moved: float, days: int = 60, last: int = 45) -> tuple[Floats, Floats, Floats]:
    """Sales, offers and cancellations by day; a share ``moved`` of the week after the contest is sold in its end."""
    offers = rng.poisson(300, days).astype(float)
    sales = rng.poisson(offers * SALES * rng.gamma(100, 1 / 100, days)).astype(float)
    taken = rng.binomial(sales[last + 1 : last + 8].astype(int), moved)
    sales[last + 1 : last + 8] -= taken
    sales[last - 2 : last + 1] += rng.multinomial(taken.sum(), [1 / 3] * 3)
    return sales, offers, rng.binomial(sales.astype(int), 0.09).astype(float)


def teams(
    rng: np.random.Generator, slope: float, lag: int, units: int = 40, periods: int = 40
) -> tuple[Floats, Floats, Floats]:
    """Shares sold, shares that complain ``lag`` weeks later, and contacts, by team and week."""
    weight = rng.poisson(400, (units, periods)).astype(float)
    pushed = rng.normal(0, 0.03, (units, periods)) + rng.normal(0, 0.02, (units, 1)) + rng.normal(0, 0.02, periods)
    sold = np.clip(SALES + pushed, 0.01, 0.9)
    level = np.full((units, periods), 0.02) + rng.normal(0, 0.003, (units, 1))
    if slope:
        level[:, lag:] += slope * (sold - SALES)[:, : periods - lag]
    follows = rng.binomial(weight.astype(int), np.clip(level, 0.0005, 1)) / weight
    seen = rng.binomial(weight.astype(int), sold) / weight
    return seen, follows, weight


def outsourced(rng: np.random.Generator, agents: Sequence[int], rate: float, spread: float, rows: int = 40) -> Loaded:
    """Companies of so many agents who are alike on average: a share, one queue, agents differ by ``spread``."""
    side = np.repeat(np.arange(len(agents)), agents)
    count, one = len(side), np.zeros(len(side), np.intp)
    size = np.full(count, rows)
    hits = rng.binomial(size, np.clip(rng.normal(rate, spread, count), 0.005, 0.995))
    codes = {"agent": np.arange(count), "company": side.astype(np.intp), "queue": one}
    names = {"agent": tuple(map(str, range(count))), "company": tuple("ABCDEFGH"[: len(agents)]), "queue": ("one",)}
    held = Cells(catalogue.metric("fcr:within=7d"), ("agent", "company", "queue"), codes, names, hits, size, "")
    work = Work(
        Family.SHARE, codes["company"], codes["agent"], one, (one,), one, size.astype(float), hits.astype(float)
    )
    return Loaded(held.metric, tuple(map(str, names["company"])), ("queue",), held, work, (), ())
