"""Simulated floors for habits: what agents do at a special time, to whom they pass contacts on, who waits longest."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
import polars as pl

from onefloor.insight.guards.handing import Passing
from onefloor.insight.guards.peers import Floats, Peers, against_peers, beyond_own

QUEUES, HOURS = 3, 10
MINUTE = 60_000
CALL, PAUSE, SHIFT = 5 * MINUTE, 8 * MINUTE, 8 * 60 * MINUTE  # mean length of a contact, of a pause; length of a day
LOAD, LEAVES = 0.8, 0.3  # contacts of what the agents could take; times not-ready per quarter of an hour in the line


def habits(
    rng: np.random.Generator, agents: int, rate: float, rows: tuple[float, float], gamers: int = 0, factor: float = 1.0,
    spreads: tuple[float, float] = (0.3, 0.2),
) -> Peers:  # fmt: skip
    """Agents against what they do themselves at other times; the first ``gamers`` do it ``factor`` times as often then.

    Args:
        rng: chance.
        agents: how many.
        rate: how often it is done.
        rows: mean numbers of an agent's special and usual contacts.
        gamers: how many game.
        factor: how much more often at the special time.
        spreads: of agents' honest differences, at any time and at the special one.
    """
    own, then = (rng.gamma(1 / spread**2, spread**2, agents) for spread in spreads)
    then[:gamers] *= factor
    strata = rng.gamma(8, 1 / 8, (2, QUEUES * HOURS))
    sides = []
    for level, mean, stratum in zip((own * then, own), rows, strata, strict=True):
        each = rng.poisson(mean / (QUEUES * HOURS) * rng.gamma(4, 1 / 4, (agents, 1)), (agents, QUEUES * HOURS))
        hits = rng.binomial(each, np.minimum(rate * stratum * level[:, None], 0.95))
        agent, place = (axis.ravel() for axis in np.indices(each.shape))
        sides.append(against_peers(agent, place, hits.ravel(), each.ravel(), agents))
    return beyond_own(*sides)


def passed_on(
    rng: np.random.Generator, agents: Sequence[int], extra: float = 0.0, rate: float = 0.05, contacts: int = 400,
    spread: float = 0.3,
) -> Passing:  # fmt: skip
    """Companies of so many agents on the same work, in shares that differ by hour; contacts go to whoever is there.

    Agents of the first company pass ``extra`` (a share) more of their contacts on to the second.
    """
    company = np.repeat(np.arange(len(agents)), agents)
    own = rate * rng.gamma(1 / spread**2, spread**2, len(company))
    busy = rng.gamma(3, 1 / 3, (len(agents), HOURS))
    rows = rng.poisson(contacts / HOURS * busy[company])
    there = np.array([rows[company == side].sum(axis=0) for side in range(len(agents))])
    there = there / there.sum(axis=0)
    taken = np.zeros((*rows.shape, len(agents)))
    for side in range(len(agents)):
        more = extra * ((company == 0) & (side == 1))
        chance = own[:, None] * there[side] * rng.gamma(20, 1 / 20, HOURS) + np.asarray(more)[:, None]
        taken[:, :, side] = rng.binomial(rows, np.minimum(chance, 0.3))
    agent, hour = (axis.ravel() for axis in np.indices(rows.shape))
    names = tuple("ABCDEFGH"[: len(agents)])
    return Passing(names, agent, company[agent], hour, rows.ravel().astype(float), taken.reshape(-1, len(agents)))


def line(
    rng: np.random.Generator, agents: int, days: int, dodgers: int = 0, dodges: float = 0.0, *, by_lot: bool = False
) -> pl.DataFrame:
    """A queue whose contacts go to whoever waited longest (or, ``by_lot``, to anybody who waits).

    The first ``dodgers`` go not-ready with the chance ``dodges`` when the next contact would be theirs.

    Returns:
        What ``idle_line.judged_line`` takes.
    """
    dodge = np.zeros(agents)
    dodge[:dodgers] = dodges
    hazard = LEAVES / (15 * MINUTE) * rng.gamma(8, 1 / 8, agents)
    spells: list[tuple[int, int, int, bool, bool]] = []
    for day in range(days):
        _one_day(rng, spells, day * 24 * 60 * MINUTE, dodge, hazard, by_lot=by_lot)
    found = pl.DataFrame(spells, ["agent", "started_ms", "ended_ms", "taken", "left"], orient="row")
    hour = (pl.col("started_ms") // (60 * MINUTE) % 24).alias("hour")
    return found.with_columns(hour, company=pl.lit(1), queue=pl.lit(1))


def _one_day(
    rng: np.random.Generator, spells: list[tuple[int, int, int, bool, bool]], start: int, dodge: Floats, hazard: Floats,
    *, by_lot: bool,
) -> None:  # fmt: skip
    agents, now = len(dodge), float(start)
    ready = [(start + float(rng.exponential(MINUTE)), agent) for agent in range(agents)]
    ready.sort()
    waiting: list[tuple[float, int, float]] = []  # since when, who, until when at most
    every = CALL / (agents * LOAD)
    while (now := now + float(rng.exponential(every))) < start + SHIFT:
        while ready and ready[0][0] <= now:
            since, agent = heappop(ready)
            waiting.append((since, agent, since + float(rng.exponential(1 / hazard[agent]))))
        for one in [one for one in waiting if one[2] <= now]:
            waiting.remove(one)
            spells.append((one[1] + 1, int(one[0]), int(one[2]), False, True))
            heappush(ready, (one[2] + float(rng.exponential(PAUSE)), one[1]))
        while waiting:
            since, agent, _ = waiting.pop(int(rng.integers(len(waiting))) if by_lot else 0)
            dodged = bool(rng.random() < dodge[agent])
            spells.append((agent + 1, int(since), int(now), not dodged, dodged))
            heappush(ready, (now + float(rng.exponential(PAUSE if dodged else CALL)), agent))
            if not dodged:
                break
