"""``onefloor plan --target``: a model file and rules, what is told in both languages, what is refused."""

import csv
import json
from pathlib import Path

import pytest

from onefloor.cli import main
from onefloor.floor import create_floor
from onefloor.planning.forecasting.files import COLUMNS

MODEL = """
model: two lines
horizon: 24h
interval: 30min
types:
  - id: tax
    arrivals: [%s]
    service: exponential 300s
    patience: exponential 120s
    redial: {share: 20%%, after: 10min}
groups: [{id: all, company: own, types: [{type: tax}], staff: 5}]
"""
RULES = """
rules: small
skills: [{id: money}]
companies: [{id: own}, {id: north}]
shifts:
  - {id: early, start: "08:00", length: 8h, breaks: [{length: 30min, from: 3h, to: 5h}]}
  - {id: late, start: "12:00", length: 8h, breaks: [{length: 30min, from: 3h, to: 5h}]}
contracts: [{id: full, shifts: [early, late]}]
limits: [{rule: rest, amount: 11}]
costs: {missing: 60}
agents: agents.csv
needs: needs.csv
"""
TARGET = "service_level >= 80% in 20s"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    with (tmp_path / "floor" / "floor.toml").open("a", encoding="utf-8") as file:
        file.write('\n[queues.tax]\nskill = "money"\n')
    calls = ", ".join(str(30 if 16 <= part < 40 else 0) for part in range(48))
    (tmp_path / "model.yaml").write_text(MODEL % calls)
    (tmp_path / "rules.yaml").write_text(RULES)
    people = "".join(f"{n},{('own', 'north')[n % 2]},full,money\n" for n in range(24))
    (tmp_path / "agents.csv").write_text("agent,company,contract,skills\n" + people)
    (tmp_path / "needs.csv").write_text("interval,skill,agents,minutes\n2026-12-01 08:00,money,4,720\n")
    return tmp_path


def asked(folder: Path, *more: str) -> list[str]:
    return [
        "plan", str(folder / "floor"), str(folder / "rules.yaml"), "--from", "2026-12-01", "--days", "1",
        "--rounds", "2", "--target", TARGET, "--model", str(folder / "model.yaml"), "--cuts", "2",
        "--replications", "40",
        *more,
    ]  # fmt: skip


def test_a_roster_is_put_right_and_told_in_both_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = "--out", str(folder / "roster.csv"), "--needs", str(folder / "right.csv"), "--picture", str(folder / "seen")
    assert main(asked(folder, *files, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["simulated"]["rounds"][0]["short"] > 15
    assert told["simulated"]["after"]["short"] <= 2
    assert [Path(one).name for one in told["files"]] == ["roster.csv", "roster.csv.plan.json", "right.csv"]
    assert [Path(one).name for one in told["pictures"]] == ["seen.svg", "seen.png"]
    with (folder / "right.csv").open() as file:
        assert min(int(row["agents"]) for row in csv.DictReader(file)) > 4
    assert main(["--lang", "zh", *asked(folder, "--no-picture")]) == 0
    said = capsys.readouterr()
    assert "24 个技能时段中" in said.out
    assert "第 0 轮：最好时 " in said.err


def test_customers_who_never_leave_and_a_closed_night_are_planned_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = folder / "model.yaml"
    model.write_text(model.read_text().replace("    patience: exponential 120s\n", ""))
    assert main(asked(folder, "--json", "--no-picture")) == 0
    assert json.loads(capsys.readouterr().out)["simulated"]["after"]["intervals"] == 24


def test_files_of_one_company_show_nobody_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(folder, "--out", str(folder / "north.csv"), "--company", "north", "--json")) == 0
    with (folder / "north.csv").open() as file:
        assert {(row["company"], int(row["agent"]) % 2) for row in csv.DictReader(file)} == {("north", 1)}
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["companies"], told["agents"], told["pictures"]) == (["north"], 12, [])
    assert not {"simulated", "cost", "bound", "parts"} & set(told)
    assert "intervals off" not in said.err
    assert main(asked(folder, "--company", "north")) == 0
    assert capsys.readouterr().out.startswith("north: 12 people, 1 day, ")


def test_needs_of_the_whole_floor_are_not_written_for_one_company(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked(folder, "--company", "north", "--needs", str(folder / "put_right.csv"))) == 2
    assert "no company has a part of them" in capsys.readouterr().err
    assert not (folder / "put_right.csv").exists()


def test_a_company_is_not_told_why_somebody_of_another_has_no_roster(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = folder / "rules.yaml"
    rules.write_text(
        rules.read_text()
        .replace("shifts: [early, late]}]", "shifts: [early, late]}, {id: half, shifts: [early], days: 1}]")
        .replace("amount: 11}]", "amount: 11}, {rule: daily_hours, amount: 3, contracts: [half]}]")
    )
    with (folder / "agents.csv").open("a") as file:
        file.write("secret,own,half,money\n")
    for company, said, unsaid in (("own", "No roster is possible for secret.", "asked for"),
                                  ("north", "somebody of a company that was not asked for", "secret")):  # fmt: skip
        assert main(asked(folder, "--company", company)) == 3
        told = capsys.readouterr()
        assert said in told.err
        assert unsaid not in told.err + told.out
    with (folder / "agents.csv").open("a") as file:
        file.write("ours,north,half,money\n")
    assert main(asked(folder, "--company", "north")) == 3
    assert "No roster is possible for ours." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--target", "asa <= 20s"), 2, "A roster is put right for one service level."),
        (("--target", "service_level >= 80%"), 3, 'The target "service_level >= 80%": the service level needs a time'),
        (("--model", "nowhere.yaml"), 3, "nowhere.yaml"),
        (("--shrinkage", "much"), 3, '"much" is no shrinkage.'),
        (("--needs", "/nowhere/needs.csv"), 3, "/nowhere"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], code: int, said: str
) -> None:
    assert main(asked(folder, *more)) == code
    assert said in capsys.readouterr().err


def test_a_target_needs_a_model_and_a_model_its_skills(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = asked(folder)
    without = given[: given.index("--model")]
    assert main(without) == 2
    assert "--target and --model belong together." in capsys.readouterr().err
    (folder / "floor" / "floor.toml").write_text(
        (folder / "floor" / "floor.toml").read_text().replace('"money"', '"gas"')
    )
    assert main(given) == 3
    assert 'The rules have no skill "gas", which contacts of "tax" ask for.' in capsys.readouterr().err


def test_a_forecast_has_the_days_the_queues_and_the_intervals_of_the_roster(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {"queue": "tax", "company": "", "contacts": "5", "mean": "5", "handling_s": "300"}

    def line(**changes: str) -> str:
        return ",".join((made | changes).get(column, "300") for column in COLUMNS) + "\n"

    head, at = ",".join(COLUMNS) + "\n", "2026-12-01 10:"
    lines = {
        "other.csv": line(interval=at + "00", queue="gas"),
        "days.csv": line(interval="2027-12-01 10:00"),
        "some.csv": line(interval=at + "00"),
        "finer.csv": "".join(line(interval=at + minute) for minute in ("00", "15", "30")),
    }
    said = {
        "other.csv": 'The model has no type "gas", a queue of the forecast.',
        "days.csv": "The forecast has none of the roster's days.",
        "some.csv": 'The forecast lacks 47 of 48 intervals of "tax", the first 2026-12-01 00:00.',
        "finer.csv": "The forecast has other intervals than the rules' 30 minutes.",
    }
    for name, text in lines.items():
        (folder / name).write_text(head + text)
        assert main(asked(folder, "--forecast", str(folder / name))) == 3
        assert said[name] in capsys.readouterr().err
