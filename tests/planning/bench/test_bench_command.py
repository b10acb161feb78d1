"""``onefloor bench`` on a small generated floor: its ways, its two languages, and one company's people only."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from onefloor.cli import main
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.facts import roster
from onefloor.floor import create_floor, open_floor
from onefloor.periods import EPOCH

PLAN = Plan(seed=5, contacts=120_000, months=8, staff=160, tables=frozenset({"contacts", "legs", "roster", "shifts"}))
LAST = "2026-08-31"


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = create_floor(tmp_path_factory.mktemp("bench") / "floor", timezone=ZONE)
    fill(with_queues(made, TRUTH), PLAN)
    return str(made.root)


def findings(floor: str, capsys: pytest.CaptureFixture[str], *asked: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["bench", floor, *asked, "--json", "--no-picture"]) == 0
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return told


def people(floor: str) -> dict[str, set[str]]:
    rows = roster.current(open_floor(Path(floor))).select("company", "agent").unique().iter_rows()
    found: dict[str, set[str]] = {}
    for company, agent in rows:
        found.setdefault(company, set()).add(agent)
    return found


def test_a_skill_gets_classes_that_keep_the_risk(
    floor: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (told,) = findings(floor, capsys, "--skill", "BILLING", "--risk", "10%")
    assert told["verdict"] == "worth_a_look"
    assert told["estimate"]["high"] <= 10
    assert sum(one["size"] for one in told["details"]["classes"]) > 0
    picture = tmp_path / "picture"
    assert main(["bench", floor, "--skill", "billing,english", "--lang", "zh", "--picture", str(picture)]) == 0
    assert "需要" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"picture-{n}.{e}" for n in (1, 2) for e in ("png", "svg")
    ]


def test_a_need_far_below_is_nothing_to_see(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = findings(floor, capsys, "--skill", "billing", "--need", "3")
    assert (told["verdict"], told["details"]["ever"]) == ("nothing_seen", 0.0)


def test_without_a_skill_every_skill_has_its_class(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = findings(floor, capsys)
    assert sorted(one["details"]["skill"] for one in told) == sorted(queue.name for queue in TRUTH.queues)
    assert {one["details"]["class"] for one in told} <= {"urgent_important", "important", "urgent", "neither"}


def test_leavers_are_forecast_by_company_and_curves_told(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = findings(floor, capsys, "--leavers", "--days", "90")
    assert [one["about"]["en"] for one in told] == [
        *(f"{name}: leavers of the next 90 days" for name in ("Harbor", "North", "Own")),
        *(f"{name}: still there 90 days after hiring" for name in ("Harbor", "North", "Own")),
    ]
    leavers = {one["about"]["en"].split(":")[0]: one["estimate"] for one in told[:3]}
    for company in TRUTH.companies:
        heads = next(one["agents"] for one in told[:3] if one["about"]["en"].startswith(company.name))
        least = heads * (1 - (1 - company.leave_per_month) ** 3)
        assert leavers[company.name]["low"] <= least * TRUTH.early_leave_factor
        assert leavers[company.name]["high"] >= least


def test_one_company_hears_of_its_own_people_only(floor: str, capsys: pytest.CaptureFixture[str]) -> None:
    known = people(floor)
    others = set().union(*(agents for company, agents in known.items() if company != "North"))
    for asked in (["--skill", "billing"], ["--leavers"], [], ["--drill", "--need", "99"]):
        told = json.dumps(findings(floor, capsys, *asked, "--company", "north"), ensure_ascii=False)
        words = set(told.replace('"', " ").replace(",", " ").replace("、", " ").replace("（", " ").split())
        assert not others & words
        assert "Harbor" not in told
        assert "Own" not in told


def test_a_company_alone_is_answered_as_if_the_others_were_not_there(
    floor: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The others' rows change nothing: the figures are those of a floor whose roster has one company."""
    rows = roster.current(open_floor(Path(floor))).filter(company="North").to_dicts()
    alone = create_floor(tmp_path / "alone", timezone=ZONE)
    path = tmp_path / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["agent", "name", "company", "employment", "site", "team", "hired", "from", "to"])
        for row in rows:
            days = [row["hired_day"], row["from_day"], None if row["until_day"] is None else row["until_day"] - 1]
            dates = ["" if day is None else str(EPOCH + timedelta(day)) for day in days]
            writer.writerow([row[name] for name in ("agent", "name", "company", "employment", "site", "team")] + dates)
    assert main(["roster", str(alone.root), str(path)]) == 0
    from onefloor.insight.attrition.histories import watched
    from onefloor.periods import Period

    records = Period(20454, 20697)
    own = watched(open_floor(Path(floor)), records, ("North",))
    other = watched(open_floor(alone.root), records)
    assert own.stints == other.stints
    assert (own.spells.exit == other.spells.exit).all()


def test_the_drill_by_a_file_and_by_a_day(floor: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plan = tmp_path / "bench.yaml"
    holders = findings(floor, capsys, "--skill", "english")[0]["agents"]
    plan.write_text(
        "bench: t\nmodules: [{module: m, hours: 8}]\nskills:\n"
        f"  - {{skill: english, need: {holders}, modules: [m]}}\n",
        encoding="utf-8",
    )
    told = findings(floor, capsys, "--drill", "--bench", str(plan), "--at-once", "0")
    assert told[0]["details"]["skills"] == {"english": {"holders": holders, "need": holders, "spare": 0}}
    assert told[0]["details"]["breaking"] == holders
    assert sum(one["details"]["alike"] for one in told[1:]) <= holders
    assert told[1]["details"]["trained"][0]["hours"] == 8.0
    needs = tmp_path / "needs.csv"
    needs.write_text(
        "skill,start,agents\n"
        + "".join(f"english,{LAST} {hour:02d}:{half}0,2\n" for hour in range(9, 18) for half in "03"),
        encoding="utf-8",
    )
    told = findings(floor, capsys, "--drill", "--needs", str(needs), "--on", LAST)
    assert told[0]["about"]["en"] == "sudden-leave drill"
    for one in told[2:]:
        assert all(":" in when for broken in one["details"]["broken"] for when in broken["when"])


def test_cohorts_by_training_come_from_the_table_of_skills(
    floor: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "skills.csv"
    agents = sorted(people(floor)["North"])
    lines = [f"{agent},billing,2020-01-01,{('full', 'part')[place % 2]}\n" for place, agent in enumerate(agents)]
    table.write_text("agent,skill,from,training\n" + "".join(lines), encoding="utf-8")
    told = findings(
        floor, capsys, "--leavers", "--qualified", str(table), "--by", "training", "--company", "North", "--days", "60"
    )
    assert [one["about"]["zh"].split("：")[0] for one in told] == ["full", "part"] * 2


@pytest.mark.parametrize(
    "asked",
    [
        ["--risk", "0%"], ["--risk", "lots"], ["--by", "team"], ["--passed", "9 of 3"], ["--since", "then"],
        ["--leavers", "--drill"], ["--days", "3"], ["--hours-a-week", "nan"], ["--on", "2026-02-30", "--drill"],
    ],
)  # fmt: skip
def test_a_command_written_wrongly_is_told(floor: str, capsys: pytest.CaptureFixture[str], asked: list[str]) -> None:
    assert main(["bench", floor, "--skill", "billing", "--no-picture", *asked]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked",
    [
        ["--skill", "cooking"], ["--company", "Nobody"], ["--since", "2030-01-01"], ["--bench", "none.yaml"],
        ["--drill"], ["--needs", "none.csv"],
    ],
)  # fmt: skip
def test_input_that_cannot_be_used_is_a_problem(
    floor: str, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    assert main(["bench", floor, "--no-picture", *asked]) == 3
    assert "remedy" in capsys.readouterr().err


def test_a_floor_without_contacts_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_floor(tmp_path / "empty", timezone=ZONE)
    assert main(["bench", str(tmp_path / "empty"), "--no-picture"]) == 3


@pytest.mark.parametrize("asked", [["--skill", "billing", "--since", LAST], [], ["--drill", "--need", "9"]])
def test_a_picture_that_was_asked_for_and_is_not_there_is_explained(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    capsys.readouterr()
    picture = ["--picture", str(tmp_path / "seen")]
    assert main(["bench", floor, *asked, *picture, "--lang", "en"]) == 0
    assert "no picture: there is one of a skill" in capsys.readouterr().err
    assert main(["bench", floor, *asked, "--no-picture", "--lang", "en"]) == 0
    assert "no picture" not in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
