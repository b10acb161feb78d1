"""How fast a cohort leaves beside the others: ratios whose truth is known, and whether they change with tenure."""

from __future__ import annotations

import numpy as np

from onefloor.insight.attrition import sentences
from onefloor.insight.attrition.pace import Pace, pace
from onefloor.insight.attrition.spells import Spells, spells
from onefloor.insight.finding import Estimate

PEOPLE = 160


def seen(seed: int, early: float, late: float) -> tuple[Spells, np.ndarray]:
    """People hired over three years and watched in the last: of cohort 1 the hazard is so many times the others'.

    ``early`` times in the first 150 days, ``late`` times after them.
    """
    rng = np.random.default_rng(seed)
    mine = np.arange(2 * PEOPLE) < PEOPLE
    grown = rng.exponential(300.0, 2 * PEOPLE)
    stay = np.where(grown < early * 150, grown / early, 150 + (grown - early * 150) / late)
    stay = np.where(mine, stay, grown)
    entry = np.maximum(0.0, rng.uniform(-365, 730, 2 * PEOPLE))
    end = entry + np.where(entry > 0, 365.0, rng.uniform(0, 365, 2 * PEOPLE))
    kept = stay > entry
    return spells(np.minimum(stay, end)[kept], (stay <= end)[kept], entry[kept]), mine[kept]


def test_the_interval_of_the_ratio_holds_the_truth_and_steady_ratios_are_not_said_to_change() -> None:
    found = [pace(*seen(seed, 2.0, 2.0)) for seed in range(60)]
    held = [one.ratio.low <= 2.0 <= one.ratio.high for one in found if one]
    assert len(held) == 60
    assert sum(held) >= 53
    assert sum(one.changes < 0.05 for one in found if one) <= 8


def test_a_ratio_that_turns_round_is_said_to_change() -> None:
    found = [pace(*seen(seed, 3.0, 0.4)) for seed in range(20)]
    assert sum(one is not None and one.changes < 0.05 for one in found) >= 18


def test_without_ten_leavers_on_either_side_there_is_no_ratio() -> None:
    held, mine = seen(1, 2.0, 2.0)
    few = np.flatnonzero(mine & held.event)[:9]
    assert pace(held, np.isin(np.arange(len(held)), few)) is None


def test_it_is_said_in_both_languages() -> None:
    ratio = Estimate(1.62, 1.1, 2.31)
    assert (
        sentences.pace(Pace(ratio, 0.4)).en
        == "At equal tenure they leave 1.6 times as fast as the others (1.1 to 2.3)."
    )
    assert sentences.pace(Pace(ratio, 0.003)).zh.endswith("；这只是平均，倍数随司龄变化（p = 0.003）。")
