import json
from pathlib import Path

import pytest
from small_pools import TAU, line, pool, steady

from onefloor.cli import main
from onefloor.planning.erlang.sizing import Goal, least_agents
from onefloor.planning.erlang.traffic import Traffic
from onefloor.planning.pools.problem import Parameters
from onefloor.planning.skilling.designs import chain, designs, erlang_agents, partition
from onefloor.planning.skilling.problem import BadLines, Lines
from onefloor.planning.skilling.result import Curve
from onefloor.planning.skilling.sentences import headline, remarks
from onefloor.planning.skilling.solving import solve
from onefloor.planning.solving import Stop

NAMES = "abcd"
RATES = (12.0, 9.0, 6.0, 4.0)
QUICK = Parameters(replications=40, fresh=40)


def lines(hours: float = 60.0, target: float = 0.8) -> Lines:
    types = tuple(line(name, rate) for name, rate in zip(NAMES, RATES, strict=True))
    return Lines(steady(*types, groups=(pool("x", *NAMES),)), dict.fromkeys(NAMES, hours), target)


@pytest.fixture(scope="module")
def curve() -> Curve:
    return solve(lines(), QUICK, seed=1)


def exact(rate: float) -> int:
    return int(least_agents(Traffic(rate * 3600, 1.0, 1.0), Goal("service_level", 0.8, TAU, "F3")))


def test_one_line_each_and_all_lines_need_what_erlang_a_says(curve: Curve) -> None:
    assert curve.bounds == (exact(sum(RATES)), sum(exact(rate) for rate in RATES))
    assert all(abs(n - exact(rate)) <= 1 for n, rate in zip(curve.single.agents, RATES, strict=True))
    assert abs(sum(curve.everything.agents) - curve.bounds[0]) <= 1


def test_two_skills_in_a_chain_do_almost_as_well_as_all_skills(curve: Curve) -> None:
    chained = next(p for p in curve.points if (p.design.form, p.design.width) == ("chain", 2))
    saved = sum(curve.single.agents) - sum(chained.agents)
    assert saved >= 0.6 * (sum(curve.single.agents) - sum(curve.everything.agents))
    assert chained.training < 0.6 * curve.everything.training


def test_the_recommended_design_costs_least_of_agents_and_training(curve: Curve) -> None:
    assert curve.best.hours(1700.0) == min(point.hours(1700.0) for point in curve.points)
    assert 1 < curve.best.skills < len(NAMES)
    assert curve.best not in curve.rivals


def test_what_erlang_a_says_is_not_told_as_a_bound_of_the_simulation(curve: Curve) -> None:
    assert any("the simulation may leave on either side" in said.en for said in remarks(curve))


def test_training_that_costs_nothing_lets_everybody_learn_everything_or_as_good() -> None:
    found = solve(lines(hours=0.0), QUICK, Stop(rounds=0), seed=1)
    assert [point.design.form for point in found.points] == ["single", "all"]
    assert found.best is found.everything


def test_training_that_costs_more_than_agents_leaves_one_line_each() -> None:
    found = solve(lines(hours=2000.0), QUICK, Stop(rounds=0), seed=1)
    assert found.best is found.single


def test_the_partition_is_the_cheapest_of_all() -> None:
    asked = lines()
    pairs = [(("a", "b"), ("c", "d")), (("a", "c"), ("b", "d")), (("a", "d"), ("b", "c")), (("a", "b"), ("c",), ("d",)),
             (("a", "c"), ("b",), ("d",)), (("a", "d"), ("b",), ("c",)), (("b", "c"), ("a",), ("d",)),
             (("b", "d"), ("a",), ("c",)), (("c", "d"), ("a",), ("b",)), (("a",), ("b",), ("c",), ("d",))]  # fmt: skip

    def cost(blocks: tuple[tuple[str, ...], ...]) -> float:
        return sum(erlang_agents(asked, block) * (1 + asked.hours(block) / asked.working) for block in blocks)

    assert cost(partition(asked, 2)) == pytest.approx(min(map(cost, pairs)))


def test_a_chain_goes_once_around_and_gives_each_line_its_own_agents() -> None:
    found = chain(lines(), 2)
    assert [group[0] for group in found] == [group[1] for group in found[-1:] + found[:-1]]
    assert sorted(group[0] for group in found) == list(NAMES)


def test_designs_are_each_other_s_like_only_once() -> None:
    kinds = [frozenset(map(frozenset, design.groups)) for design in designs(lines())]
    assert len(set(kinds)) == len(kinds)


def test_the_sentence_names_the_design_its_agents_and_its_training(curve: Curve) -> None:
    said = headline(curve)
    assert f"{sum(curve.best.agents)} agents" in said.en
    assert f"{sum(curve.best.agents)} 名坐席" in said.zh


@pytest.mark.parametrize(
    "make",
    [
        lambda: Lines(lines().model, {"a": 1.0}),
        lambda: Lines(lines().model, dict.fromkeys("abcdx", 1.0)),
        lambda: Lines(lines().model, dict.fromkeys(NAMES, float("nan"))),
        lambda: Lines(lines().model, dict.fromkeys(NAMES, -1.0)),
        lambda: Lines(lines().model, dict.fromkeys(NAMES, 1.0), target=1.0),
        lambda: Lines(lines().model, dict.fromkeys(NAMES, 1.0), working=0.0),
        lambda: Lines(lines().model, dict.fromkeys(NAMES, 1.0), interval=99),
        lambda: Lines(steady(line("a", 1.0), groups=(pool("x", "a"),)), {"a": 1.0}),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(make: object) -> None:
    with pytest.raises(BadLines):
        make()  # type: ignore[operator]


MODEL = """
model: two lines
horizon: 1h
interval: 30min
types:
  - {id: tech, arrivals: [60, 90], service: exponential 300s, patience: exponential 180s}
  - {id: water, arrivals: [40, 30], service: exponential 240s, patience: exponential 180s}
groups: [{id: own, types: [{type: tech}, {type: water}], staff: 20}]
"""


def test_the_command_answers_scripts_and_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(MODEL, encoding="utf-8")
    asked = ["skills", str(path), "--hours", "60", "--hours", "water=120", "--replications", "10", "--no-picture"]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["interval"], [point["form"] for point in told["points"]]) == (1, ["single", "all"])
    assert main([*asked, "--lang", "zh"]) == 0
    assert "建议" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--hours", "x"], ["--hours", "gas=4"], ["--hours", "4", "--target", "80"],
              ["--hours", "4", "--line", "gas"], ["--hours", "4", "--interval", "3"], []],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem_with_a_remedy(
    wrong: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(MODEL, encoding="utf-8")
    assert main(["skills", str(path), *wrong, "--no-picture"]) in (2, 3)
    assert "Traceback" not in capsys.readouterr().err
    assert main(["skills", str(tmp_path), "--hours", "4"]) == 2
