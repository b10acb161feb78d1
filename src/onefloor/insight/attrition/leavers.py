"""How many will leave: the forecast with its interval, and whether people lately left as expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, pdtr

from onefloor.insight.attrition.histories import Stint, Watched, cohort_of
from onefloor.insight.attrition.leaving import NEVER, People, futures, present
from onefloor.insight.attrition.rates import Rates, in_bands, rates
from onefloor.insight.attrition.spells import Codes, Flags
from onefloor.insight.finding import LEVEL, Estimate

FUTURES = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """What the records tell: cohorts, their leaving rates, and who is there on the last day."""

    cohorts: tuple[tuple[str, ...], ...]
    rates: Rates
    stints: tuple[Stint, ...]
    people: People


@dataclass(frozen=True, slots=True)
class Leavers:
    """Leavers of one cohort in the days ahead, beside what the last as many days brought and were expected to."""

    key: tuple[str, ...]
    heads: int
    expected: Estimate
    noticed: int
    lately: int
    lately_expected: float
    surprise: float
    """The chance of as many or as few as lately, both sides."""
    seen: int


def known(held: Watched, by: Sequence[str], training: Mapping[str, str] | None = None) -> Known:
    """Rates of every cohort, and the people of the last day with tenure and notices."""
    keys, code = held.coded(by, training)
    found = rates(held.spells, code, len(keys), held.began)
    there = sorted(held.present, key=lambda one: (one.company, one.agent))
    people = people_of(there, held.records.end, keys, by, training)
    return Known(tuple(keys), found, tuple(there), people)


def people_of(
    stints: Sequence[Stint],
    today: int,
    keys: Sequence[tuple[str, ...]],
    by: Sequence[str],
    training: Mapping[str, str] | None = None,
) -> People:
    """Stints as people of ``today``, in the order given; who only moves on a known day has no notice."""
    notice = [NEVER if one.until is None or not one.left else one.until - today for one in stints]
    return People(
        np.array([today - one.hired for one in stints], dtype=np.int64),
        np.array([keys.index(cohort_of(one, by, training or {})) for one in stints], dtype=np.int64),
        np.array(notice, dtype=np.int64),
    )


def leavers(held: Watched, found: Known, code: Codes, days: int, seed: int, size: int = FUTURES) -> list[Leavers]:
    """The forecast of each cohort for the next ``days``, from futures of rates, monthly swings and single people.

    Args:
        held: the spells.
        found: as ``known`` says.
        code: the cohort of each spell.
        days: ahead.
        seed: of the futures.
        size: how many of them.
    """
    drawn = futures(found.rates, days, size, np.random.default_rng([seed, 0]))
    answers = []
    for place, key in enumerate(found.cohorts):
        mine = found.people.cohort == place
        people = People(found.people.tenure[mine], found.people.cohort[mine], found.people.notice[mine])
        chance = np.random.default_rng([seed, 1, place])
        gone = len(people) - present(drawn, people, np.array([days]), chance)[0]
        seen, expected = lately(held, found.rates, code == place, place, days)
        answers.append(
            Leavers(
                key,
                len(people),
                interval(gone),
                int((people.notice <= days).sum()),
                seen,
                expected,
                surprise(seen, expected, found.rates.swing / max(1.0, days / 30)),
                held.spells.of(code == place).leavers,
            )
        )
    return answers


def interval(counts: np.ndarray, level: float = LEVEL) -> Estimate:
    """The mean of counts with the whole numbers that hold at least ``level`` of them."""
    low = np.quantile(counts, (1 - level) / 2, method="inverted_cdf")
    high = np.quantile(counts, (1 + level) / 2, method="inverted_cdf")
    mean = float(np.clip(counts.mean(), low, high))
    return Estimate(mean, float(low), float(high), level)


def lately(held: Watched, found: Rates, mine: Flags, cohort: int, days: int) -> tuple[int, float]:
    """Leavers of the last ``days`` of the records, and how many the rates lead to expect of those watched then."""
    part, began = held.spells.of(mine), held.began[mine]
    since = held.records.end - days - (began - part.entry)
    inside = in_bands(np.maximum(since, part.entry), np.maximum(part.exit, since), found.bands)
    return int((part.event & (part.exit > since)).sum()), float((inside @ found.mean[cohort]).sum())


def surprise(seen: int, expected: float, swing: float) -> float:
    """Twice the smaller tail of a count with that mean: Poisson, or negative binomial where months swing."""
    if expected <= 0:
        return 1.0

    def up_to(count: int) -> float:
        if count < 0:
            return 0.0
        return float(
            betainc(1 / swing, count + 1, 1 / (1 + swing * expected)) if swing > 1e-9 else pdtr(count, expected)
        )

    return min(1.0, 2 * min(up_to(seen), 1 - up_to(seen - 1)))
