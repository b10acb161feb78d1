from dataclasses import replace
from itertools import count, product

import numpy as np
import pytest
from small_pools import TAU, model_b, one_skill, two_skills

from onefloor.planning.erlang.queues import erlang_a
from onefloor.planning.erlang.sizing import Goal, least_agents
from onefloor.planning.erlang.traffic import Traffic
from onefloor.planning.pools import solving
from onefloor.planning.pools.levels import ratios
from onefloor.planning.pools.problem import BadPools, Limit, Parameters, Pools, Target
from onefloor.planning.pools.result import OutOfReach, Staffing, Standing
from onefloor.planning.pools.sentences import causes
from onefloor.planning.pools.simulated import Simulated
from onefloor.planning.pools.solving import solve
from onefloor.planning.solving import Step, Stop

QUICK = Parameters(replications=40, fresh=80)
BOTH = (Target(0.8, "a"), Target(0.8, "b"))


@pytest.mark.parametrize("rate", [10.0, 40.0, 90.0])
def test_with_one_skill_it_is_the_least_agents_of_erlang_a(rate: float) -> None:
    traffic = Traffic(rate * 3600, 1.0, 1.0)
    least = int(least_agents(traffic, Goal("service_level", 0.8, TAU)))
    found = solve(Pools(one_skill(rate), (Target(0.8),)), Parameters(replications=200), seed=5)
    assert found.staff.tolist() == [[least]]


def test_levels_are_those_of_erlang_a_within_their_interval() -> None:
    asked = Pools(one_skill(90.0), (Target(0.8),))
    found = Simulated(asked, 200, seed=3).levels(np.array([[93]]))
    exact = float(erlang_a(Traffic(90.0 * 3600, 1.0, 1.0), 93, TAU).service_level("F3"))
    assert abs(found.value[0, 0] - exact) < 3.5 * found.error[0, 0]
    assert found.error[0, 0] < 0.004


def test_the_known_mean_of_arrivals_takes_chance_away_and_moves_nothing() -> None:
    random = np.random.default_rng(1)
    came = random.poisson(100, (400, 1, 1)).astype(float)
    good = came * 0.8 - 2 * (came - 100) + random.normal(0, 3, came.shape)
    plain = ratios(good, came, np.zeros((*came.shape, 0)), 0)
    steadied = ratios(good, came, (came - 100)[..., None], 0)
    assert steadied.error[0, 0] < 0.25 * plain.error[0, 0]
    assert abs(steadied.value[0, 0] - 0.8) < 3 * steadied.error[0, 0]


@pytest.mark.parametrize(("cost", "seed"), [(1.05, 1), (1.3, 2), (0.9, 3)])
def test_no_staff_near_by_is_cheaper_in_the_same_chance(cost: float, seed: int) -> None:
    asked = Pools(two_skills(), BOTH, {"both": cost}, (Limit("cross-trained", ("both",), 0, 6),))
    found = solve(asked, QUICK, seed=seed)
    floor = Simulated(asked, QUICK.replications, seed)
    best = min(
        asked.cost(staff)
        for a, b, both in product(range(4, 14), range(3, 12), range(7))
        if asked.cost(staff := np.array([[a], [b], [both]])) < found.cost + 0.2
        and bool((floor.levels(staff).value >= 0.8).all())
    )
    assert found.cost == pytest.approx(best, abs=0.16)
    assert bool((found.seen.value >= 0.8).all())
    assert not asked.broken(found.staff)


def test_three_skills_and_four_pools_cost_less_than_the_published_prototype() -> None:
    targets = tuple(Target(0.8, name) for name in "012")
    costs = {"g0": 1.0, "g1": 1.15, "g2": 1.15, "vendor": 0.95}
    asked = Pools(model_b(), targets, costs, (Limit("vendor seats", ("vendor",), 0, 25),))
    found = solve(asked, Parameters(replications=40, fresh=100), seed=1)
    assert 105.0 < found.cost < 108.0
    assert Standing.MISSED not in [found.standing(j) for j in range(3)]
    assert found.staff[3, 0] <= 25


def test_equal_seeds_give_equal_answers_on_one_and_two_threads() -> None:
    asked = Pools(two_skills(), BOTH)
    one = solve(asked, replace(QUICK, threads=1), seed=4).as_json()
    assert solve(asked, replace(QUICK, threads=2), seed=4).as_json() == one


def test_each_interval_has_its_own_staff_and_reaches_its_target() -> None:
    model = two_skills()
    rates = {"a": (40.0, 80.0, 120.0, 60.0), "b": (30.0, 80.0, 50.0, 20.0)}
    types = tuple(replace(kind, arrivals=rates[kind.id]) for kind in model.types)
    model = replace(model, horizon=40.0, warm_up=0.0, types=types)
    asked = Pools(model, BOTH, {"both": 1.1}, by_interval=True)
    found = solve(asked, Parameters(replications=300, fresh=600), seed=2)
    assert found.staff.shape == (3, 4)
    assert bool((found.seen.value >= 0.8).all())
    assert bool((found.checked.value > 0.77).all())
    assert found.staff.sum(axis=0).argmax() == 2


def test_what_no_limit_allows_is_said_with_the_target_and_the_limit() -> None:
    asked = Pools(two_skills(), BOTH, limits=(Limit("seats of b", ("b", "both"), 0, 4),))
    with pytest.raises(OutOfReach) as caught:
        solve(asked, QUICK, seed=1)
    assert caught.value.limits == ("seats of b",)
    assert [text.en.split(" ")[0] for text in caught.value.missed] == ["b"]


def test_limits_that_contradict_each_other_are_said_so() -> None:
    limits = (Limit("few", ("a",), 0, 3), Limit("many", ("a",), 5, 9))
    with pytest.raises(OutOfReach) as caught:
        solve(Pools(two_skills(), BOTH, limits=limits), QUICK)
    assert caught.value.limits == ("few", "many")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Pools(two_skills(), ()),
        lambda: Pools(two_skills(), (Target(1.0, "a"),)),
        lambda: Pools(two_skills(), (Target(float("nan"), "a"),)),
        lambda: Pools(two_skills(), (Target(0.8, "c"),)),
        lambda: Pools(two_skills(), BOTH, {"a": 0.0}),
        lambda: Pools(two_skills(), BOTH, {"x": 1.0}),
        lambda: Pools(two_skills(), BOTH, limits=(Limit("l", ("x",)),)),
        lambda: Pools(two_skills(), BOTH, limits=(Limit("l", ("a",), 5, 4),)),
        lambda: Pools(replace(two_skills(), groups=two_skills().groups[:1]), BOTH),
        lambda: Parameters(replications=1),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(make: object) -> None:
    with pytest.raises(BadPools):
        make()  # type: ignore[operator]


def test_a_solver_that_is_out_of_time_still_reaches_the_targets() -> None:
    told: list[Step] = []
    asked = Pools(two_skills(), BOTH)
    found = solve(asked, QUICK, Stop(seconds=0.0), seed=1, clock=lambda: 1.0, progress=told.append)
    assert bool((found.seen.value >= 0.8).all())


def misses(seed: int, limits: tuple[Limit, ...] = ()) -> Staffing:
    """Of so few replications that the first search's chance is kind to it."""
    asked = Pools(one_skill(10.0), (Target(0.8, "a"),), limits=limits)
    return solve(asked, Parameters(replications=4, fresh=400), seed=seed)


def test_a_target_that_the_first_check_misses_is_mended_by_further_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    later = [misses(seed) for seed in range(12)]
    monkeypatch.setattr(solving, "MOST_CHECKS", 1)
    first = [misses(seed) for seed in range(12)]
    assert Standing.MISSED in [one.standing(0) for one in first]
    assert Standing.MISSED not in [one.standing(0) for one in later]


def test_time_that_is_up_after_a_check_that_misses_ends_the_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, size = Pools(one_skill(10.0), (Target(0.8, "a"),)), Parameters(replications=4, fresh=400)
    monkeypatch.setattr(solving, "MOST_CHECKS", 1)
    short, seed = next((x, seed) for seed in range(12) if (x := misses(seed)).standing(0) is Standing.MISSED)
    ticks = count()
    solve(asked, size, seed=seed, clock=lambda: float(next(ticks)))
    monkeypatch.undo()
    until, ticks = Stop(seconds=float(next(ticks) - 1)), count()  # up when it is looked at after the check
    ended = solve(asked, size, until, seed=seed, clock=lambda: float(next(ticks)))
    assert ended.as_json() == short.as_json() != misses(seed).as_json()


def test_a_target_that_is_missed_says_whether_limits_or_chance_are_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "MOST_CHECKS", 1)
    short, seed = next((x, seed) for seed in range(12) if (x := misses(seed)).standing(0) is Standing.MISSED)
    assert [text.en.partition(":")[0] for text in causes(short)] == ["a is missed and no limit is why"]
    monkeypatch.undo()
    full = misses(seed, (Limit("seats", ("own",), 0, int(short.staff.sum())),))
    assert (full.staff.tolist(), full.held_by(0)) == (short.staff.tolist(), full.asked.limits)
    assert [text.en for text in causes(full)] == ["a is missed: seats allow no more agents who serve it."]


@pytest.mark.parametrize(("level", "seed"), [(0.9999, 1), (0.9999, 2), (0.999, 1), (0.95, 1)])
def test_no_staff_is_checked_twice(monkeypatch: pytest.MonkeyPatch, level: float, seed: int) -> None:
    """Of several checks of one staff the luckiest would be told."""
    searched, seen = solving._searched, list[bytes]()

    def noted(work: solving.Work, goal: np.ndarray) -> np.ndarray:
        staff = searched(work, goal)
        seen.append(staff.tobytes())
        return staff

    monkeypatch.setattr(solving, "_searched", noted)
    solve(Pools(two_skills(), (Target(level, "a"), Target(level, "b"))), Parameters(4, 100, threads=1), seed=seed)
    assert len(seen) == len(set(seen)) > 0
