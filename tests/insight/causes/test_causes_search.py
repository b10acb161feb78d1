"""The true cause is named first, and nothing is named when nothing happened."""

from __future__ import annotations

import numpy as np
import pytest

from onefloor.insight.causes.clusters import Conditions, Sides, borne_out, clustered, known
from onefloor.insight.causes.leaves import Leaves, leaves_from
from onefloor.insight.causes.search import contrast, search
from onefloor.insight.charts.limits import Kind

DIMENSIONS = ("company", "skill", "reason", "hour")
SIZES = (3, 8, 6, 4)
CODES = tuple(np.array(list(np.ndindex(*SIZES))).T)


def drawn(
    chance: np.random.Generator, drop: float, cause: dict[int, int], *, wobble: float = 0.0, drift: float = 0.005,
    kind: Kind = Kind.SHARE, contacts: int = 60_000,
) -> Leaves:  # fmt: skip
    """576 leaves of unlike sizes and rates; those of the cause fall by ``drop``."""
    share = np.prod(
        [chance.dirichlet(np.full(size, 4.0))[code] for size, code in zip(SIZES, CODES, strict=True)], axis=0
    )
    base = np.clip(
        0.78 + sum(chance.normal(0, 0.04, size)[code] for size, code in zip(SIZES, CODES, strict=True)), 0.3, 0.97
    )
    inside = np.all([CODES[axis] == value for axis, value in cause.items()], axis=0) if cause else np.zeros(576, bool)
    later = np.clip(base - drop * inside + chance.normal(0, drift) + chance.normal(0, wobble, 576), 0.01, 0.99)
    below = [chance.poisson(share * contacts) for _ in range(2)]
    if kind is Kind.MEAN:
        above = [
            chance.gamma(2.4 * rows + 1e-9, 270_000 / 2.4 * rate).astype(np.int64)
            for rows, rate in zip(below, (base, later), strict=True)
        ]
    else:
        above = [chance.binomial(rows, rate) for rows, rate in zip(below, (base, later), strict=True)]
    return leaves_from(DIMENSIONS, CODES, np.stack([above[0], below[0], above[1], below[1]], axis=1), kind)


def named(leaves: Leaves) -> list[dict[str, object]]:
    return [dict(segment.conditions) for segment in search(leaves).segments]


@pytest.mark.parametrize("kind", [Kind.SHARE, Kind.MEAN])
@pytest.mark.parametrize("cause", [{1: 2}, {0: 1, 2: 3}])
def test_the_true_cause_of_ten_points_is_named_first(cause: dict[int, int], kind: Kind) -> None:
    chance, hits = np.random.default_rng(1), 0
    drop = 0.1 if kind is Kind.SHARE else 0.2
    for _ in range(40):
        found = named(drawn(chance, drop, cause, kind=kind))
        hits += found[:1] == [{DIMENSIONS[axis]: str(value) for axis, value in cause.items()}]
    assert hits >= 36


@pytest.mark.parametrize(("wobble", "kind"), [(0.0, Kind.SHARE), (0.02, Kind.SHARE), (0.0, Kind.MEAN)])
def test_nothing_is_named_when_nothing_happened(wobble: float, kind: Kind) -> None:
    chance = np.random.default_rng(2)
    loud = sum(bool(named(drawn(chance, 0, {}, wobble=wobble, kind=kind))) for _ in range(60))
    assert loud <= 6  # 3 expected


def test_a_common_drift_is_nobodys_cause() -> None:
    chance = np.random.default_rng(3)
    assert sum(bool(named(drawn(chance, 0, {}, drift=0.05))) for _ in range(40)) <= 5


def test_the_effect_s_interval_holds_what_it_adds_to_the_whole() -> None:
    chance, held = np.random.default_rng(4), []
    for _ in range(60):
        leaves = drawn(chance, 0.2, {1: 2}, drift=0)
        segment = search(leaves).segments[0]
        below = leaves.sums[:, [1, 3]].sum(axis=0)
        share = (leaves.sums[segment.leaves][:, [1, 3]].sum(axis=0) / below).mean()
        held.append(segment.effect.low <= -0.2 * share <= segment.effect.high)
    assert np.mean(held) >= 0.88


def test_two_causes_are_named_one_after_the_other() -> None:
    chance = np.random.default_rng(5)
    leaves = drawn(chance, 0.2, {1: 2})
    second = (CODES[0] == 1) & (CODES[3] == 1) & (CODES[1] != 2)
    sums = leaves.sums.copy()
    sums[second, 2] = chance.binomial(
        sums[second, 3], np.clip(sums[second, 2] / np.maximum(sums[second, 3], 1) - 0.2, 0, 1)
    )
    found = search(leaves_from(DIMENSIONS, CODES, sums), explained=0.99).segments
    first, then = (dict(segment.conditions) for segment in found[:2])
    assert first == {"skill": "2"}
    assert then == {"company": "1", "hour": "1"}
    assert not (found[0].leaves & found[1].leaves).any()


def test_three_conditions_are_found_where_they_are_asked_for() -> None:
    chance = np.random.default_rng(6)
    leaves = drawn(chance, 0.4, {0: 1, 1: 2, 3: 0}, contacts=200_000)
    assert dict(search(leaves, depth=3).segments[0].conditions) == {"company": "1", "skill": "2", "hour": "0"}


def test_what_is_not_borne_out_is_not_named() -> None:
    leaves = drawn(np.random.default_rng(7), 0.2, {1: 2})
    asked: list[Conditions] = []

    def never(conditions: Conditions, gate: float) -> bool:
        assert gate > 3
        asked.append(conditions)
        return False

    assert search(leaves, borne_out=never).segments == ()
    assert asked[0] == (("skill", "2"),)
    assert len(set(asked)) == len(asked) <= 26


def test_segments_of_few_rows_or_without_variance_say_nothing() -> None:
    part = np.array([[10.0, 29, 20, 1000], [0, 500, 0, 500], [100, 500, 50, 500]])
    gap, error = contrast(Kind.SHARE, part, np.array([[5000.0, 9000, 5000, 9000]] * 3))
    assert np.isinf(error).tolist() == [True, True, False]
    assert gap[:2].tolist() == [0, 0]
    assert gap[2] == pytest.approx(-0.1)


def test_without_dimensions_there_is_nothing_to_search() -> None:
    assert search(leaves_from((), (), np.array([[1, 100, 90, 100]]))).segments == ()


def days(chance: np.random.Generator, wobble: float, drop: float, inside: float) -> Sides:
    """Sixty days, thirty before and thirty after; a share of the contacts is in the segment."""
    rows = chance.poisson(100 * inside, 60).astype(float)
    rate = np.clip(0.8 + chance.normal(0, wobble, 60) - drop * (np.arange(60) >= 30), 0.01, 0.99)
    above = chance.binomial(rows.astype(int), rate).astype(float)
    sums = np.zeros((60, 4))
    sums[:30, 0], sums[:30, 1] = above[:30], rows[:30]
    sums[30:, 2], sums[30:, 3] = above[30:], rows[30:]
    return Sides(tuple(range(60)), sums)


def test_days_bear_out_what_happened_and_not_their_own_wobble() -> None:
    chance, true, false, naive = np.random.default_rng(8), [], [], []
    for _ in range(100):
        rest = days(chance, 0.0, 0.0, 20.0).sums
        moved, wobbling = days(chance, 0.02, 0.15, 1.0), days(chance, 0.12, 0.0, 1.0)
        true.append(abs(clustered(moved, Sides(moved.names, moved.sums + rest))))
        false.append(abs(clustered(wobbling, Sides(wobbling.names, wobbling.sums + rest))))
        gap, error = contrast(Kind.SHARE, wobbling.sums.sum(axis=0)[None], rest.sum(axis=0)[None])
        naive.append(abs(float(gap[0] / error[0])))
    assert np.mean(np.array(true) > 4.4) > 0.95
    assert np.mean(np.array(false) > 1.96) < 0.12
    assert np.mean(np.array(naive) > 1.96) > 0.3  # contacts counted as if days did not matter


def test_an_agent_s_habits_cancel_out_of_a_change() -> None:
    chance, found = np.random.default_rng(9), []
    for _ in range(200):
        habit = np.clip(chance.normal(0.75, 0.1, 20), 0.1, 0.95)
        rows = np.full(20, 60)
        part = np.stack([chance.binomial(rows, habit), rows, chance.binomial(rows, habit), rows], axis=1).astype(float)
        rest = np.stack([chance.binomial(900, habit), rows * 15, chance.binomial(900, habit), rows * 15], axis=1)
        found.append(clustered(Sides(tuple(range(20)), part), Sides(tuple(range(20)), part + rest)))
    assert 0.8 < np.std(found) < 1.25


def test_few_clusters_bear_nothing_out() -> None:
    part = Sides((1, 2), np.array([[90.0, 100, 10, 100], [90, 100, 10, 100]]))
    whole = Sides(tuple(range(40)), np.full((40, 4), 1000.0) * [0.9, 1, 0.9, 1])
    assert clustered(part, whole) == 0
    assert not borne_out((("team", "A"),), ("agent",), lambda _, asked: part if asked else whole, 4.0)


def test_a_segment_whose_rows_nobody_can_ask_for_is_not_borne_out() -> None:
    def unread(_name: str, _conditions: Conditions) -> Sides:
        raise AssertionError

    assert not borne_out((("company", None),), ("day",), unread, 4.0)


def test_agents_are_not_asked_where_many_rows_have_none() -> None:
    named_, none = np.full((9, 4), 1000.0), np.full((1, 4), 4.0)
    assert known(Sides((*range(9), None), np.vstack([named_, none])))
    assert not known(Sides((*range(9), None), np.vstack([named_, none * 100])))
