"""``onefloor pools``: groups of a model staffed for an interval, in both languages, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_pools import line, pool, steady

from onefloor.cli import main
from onefloor.planning.pools.steady import busiest, steady_pools
from onefloor.planning.simulation.model import Agent, Offer

MODEL = """
model: two lines
horizon: 2h
interval: 1h
types:
  - {id: tax, arrivals: [20, 60], service: exponential 300s, patience: exponential 120s}
  - {id: water, arrivals: [20, 40], service: gamma 200s cv 0.7, wrap_up: 30s}
groups:
  - {id: own both, company: own, types: [{type: tax}, {type: water}], agents: [{id: A, pace: 1.1}, {id: B, pace: 1.3}]}
  - {id: north tax, company: north, types: [{type: tax}], staff: 2}
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "model.yaml").write_text(MODEL)
    return tmp_path / "model.yaml"


def test_the_groups_of_a_model_are_staffed_and_the_laws_told(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["pools", str(model), "--replications", "12", "--seats", "north=2", "--cost", "own=1.2"]
    assert main([*given, "--json", "--picture", str(tmp_path / "seen")]) == 0
    told = json.loads(capsys.readouterr().out)
    staff = {name: sum(row) for name, row in told["staff"].items()}
    assert told["interval"] == 2
    assert (staff["north tax"] <= 2, staff["own both"] >= 6) == (True, True)
    assert told["cost"] == pytest.approx(1.2 * staff["own both"] + staff["north tax"])
    assert {one["levels"][0]["standing"] for one in told["targets"]} <= {"met", "near"}
    tax, water = told["laws"]
    assert (tax["type"], tax["handling"]["law"], tax["patience"]["mean_s"], tax["wrap_up"]) == (
        "tax", "exponential", 120, None,
    )  # fmt: skip
    assert (water["handling"]["cv"], water["wrap_up"]["mean_s"], water["patience"]) == (0.7, 30, None)
    assert sorted(path.name for path in tmp_path.glob("seen*")) == ["seen.png", "seen.svg"]
    assert main(["--lang", "zh", *given, "--no-picture", "--interval", "1"]) == 0
    said = capsys.readouterr().out
    assert "按模型的第 1 个时段配置。" in said
    assert "处理 gamma 200 s cv 0.70 + constant 30 s，耐心 无限" in said


def test_named_agents_become_a_pool_with_their_pace_and_types_without_contacts_are_left_out() -> None:
    people = (Agent(id="1", pace=1.0), Agent(id="2", pace=1.4))
    own = replace(pool("own", "a", "b", company="own"), staff=(), agents=people)
    asked = replace(line("a", 6.0), groups=(Offer(group="own", after=2.0),))
    floor = steady(asked, line("b", 0.0), groups=(own, pool("other", "b")))
    named = steady_pools(floor, 0.8, 0, {"own": 2.0}, {"own": 30})
    assert [(one.id, one.pace, one.agents, [s.type for s in one.types]) for one in named.model.groups] == [
        ("own", 1.2, (), ["a"]),
    ]  # fmt: skip
    assert [(target.type, target.level) for target in named.targets] == [("a", 0.8)]
    assert named.model.types[0].groups == (Offer(group="own", after=2.0),)
    assert (dict(named.costs), named.limits[0].groups, named.limits[0].most) == ({"own": 2.0}, ("own",), 30)
    assert busiest(floor) == 0


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--target", "asa <= 20s"), 2, "Groups are staffed for one service level."),
        (("--seats", "north=2.5"), 2, "--seats north=2.5 cannot be read."),
        (("--cost", "own"), 2, "--cost own cannot be read."),
        (("--cost", "harbor=1"), 3, 'There is no company or group "harbor".'),
        (("--cost", "own=0"), 3, 'The cost 0 of "own both" is no cost.'),
        (("--interval", "3"), 3, "There is no interval 3."),
        (("--seats", "own=1"), 3, "The limits leave no staff that reaches the targets"),
    ],
)
def test_what_cannot_be_staffed_is_refused(
    model: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], code: int, said: str
) -> None:
    assert main(["pools", str(model), "--replications", "12", "--no-picture", *more]) == code
    assert said in capsys.readouterr().err
