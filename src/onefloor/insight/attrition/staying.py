"""Who stays: the share of each cohort that is still there after so many days, beside that of all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.insight.attrition.curves import Curve, kaplan_meier, shown
from onefloor.insight.attrition.histories import Watched
from onefloor.insight.attrition.log_rank import LogRank, log_rank
from onefloor.insight.attrition.pace import Pace, pace
from onefloor.insight.attrition.spells import Flags, Spells
from onefloor.insight.finding import LEVEL, Estimate

FEWEST_LEAVERS = 10


@dataclass(frozen=True, slots=True)
class Cohort:
    """People of one kind: what was seen of them and how they stay.

    ``stretch`` is the tenure over which enough were at risk; ``curve`` begins at the stretch's begin and says who stays
    of those who reached it; ``stays`` is its value at the horizon, None if that lies outside, or the begin past half of
    it. ``difference`` is that share minus the others', from the same begin; ``pace`` how fast they leave beside them.
    """

    key: tuple[str, ...]
    people: int
    leavers: int
    stretch: tuple[float, float] | None
    curve: Curve | None
    stays: Estimate | None
    difference: Estimate | None
    pace: Pace | None = None

    @property
    def since(self) -> float:
        """The tenure from which the curve begins; 0 where new people are seen often enough."""
        return self.stretch[0] if self.stretch else 0.0


@dataclass(frozen=True, slots=True)
class Staying:
    """All cohorts, and whether they leave at one pace."""

    by: tuple[str, ...]
    horizon: int
    cohorts: tuple[Cohort, ...]
    test: LogRank | None
    naive: Mapping[tuple[str, ...], float]
    """The share that would come out if everybody had been watched from the first day."""


def staying(
    held: Watched, by: Sequence[str], horizon: int, training: Mapping[str, str] | None = None, level: float = LEVEL
) -> Staying:
    """Each cohort's curve and its share at ``horizon`` days of tenure, each against all the others together.

    With k cohorts each difference has the level 1 - (1 - level) / k (Bonferroni), so that all hold together.

    Args:
        held: the spells.
        by: what makes a cohort: ``company``, ``employment``, ``training``.
        horizon: days of tenure.
        training: kind of training by agent.
        level: of the intervals.
    """
    keys, code = held.coded(by, training)
    masks = [code == place for place in range(len(keys))]
    sure = 1 - (1 - level) / max(1, len(keys))
    cohorts = tuple(
        _cohort(held, key, mask, masks, horizon, level, sure) for key, mask in zip(keys, masks, strict=True)
    )
    enough = len(keys) > 1 and held.spells.leavers >= FEWEST_LEAVERS
    naive = {
        key: kaplan_meier(held.spells.of(mask).without_entry()).at(horizon).value
        for key, mask in zip(keys, masks, strict=True)
    }
    return Staying(tuple(by), horizon, cohorts, log_rank(held.spells, code) if enough else None, naive)


def _cohort(
    held: Watched, key: tuple[str, ...], mask: Flags, masks: Sequence[Flags], horizon: int, level: float, sure: float,
) -> Cohort:  # fmt: skip
    mine, others = held.spells.of(mask), held.spells.of(~mask)
    people = len({one.agent for one, inside in zip(held.stints, mask.tolist(), strict=True) if inside})
    stretch = shown(mine)
    if stretch is None:
        return Cohort(key, people, mine.leavers, None, None, None, None)
    since = stretch[0]
    curve = kaplan_meier(later(mine, since), level)
    stays = _at(mine, horizon, since, level)
    sides = [_at(one, horizon, since, sure) for one in (mine, others)] if len(masks) > 1 else [None, None]
    apart = None if sides[0] is None or sides[1] is None else difference(sides[0], sides[1])
    beside = pace(held.spells, mask, sure) if len(masks) > 1 else None
    return Cohort(key, people, mine.leavers, stretch, curve, stays, apart, beside)


def _at(held: Spells, horizon: int, since: float, level: float) -> Estimate | None:
    """The share of those who reached ``since`` that is there at the horizon; None where too little is seen."""
    stretch = shown(held)
    if (
        stretch is None
        or held.leavers < FEWEST_LEAVERS
        or not stretch[0] <= since <= horizon / 2 < horizon <= stretch[1]
    ):
        return None
    part = later(held, since)
    found = kaplan_meier(part, level).at(horizon)
    return found if found.value < 1 else Estimate(1.0, _nobody_left(part, since, horizon, level), 1.0, level)


def _nobody_left(held: Spells, since: float, horizon: int, level: float) -> float:
    """The least share that nobody's leaving agrees with: e^-H, H the exact upper end of a constant hazard.

    With no event in so many watched days it is -log((1 - level) / 2) a watched day (Garwood 1936).
    """
    days = float((np.minimum(held.exit, horizon) - np.minimum(held.entry, horizon)).sum())
    return float(((1 - level) / 2) ** ((horizon - since) / days))


def later(held: Spells, since: float) -> Spells:
    """The spells from a tenure on: those of people who reached it."""
    reached = held.exit > since
    part = held.of(reached)
    return Spells(np.maximum(part.entry, since), part.exit, part.event)


def difference(one: Estimate, other: Estimate) -> Estimate:
    """One share minus another, independent: the interval from the two intervals (MOVER; Zou & Donner 2008, eq. 2)."""
    value = one.value - other.value
    below = np.hypot(one.value - one.low, other.high - other.value)
    above = np.hypot(one.high - one.value, other.value - other.low)
    return Estimate(value, float(value - below), float(value + above), one.level)
