"""Whatever a planning command is asked of one company, right or wrong: nothing names others or what only they serve."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from onefloor.cli import main
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import create_floor

TABLES = frozenset({"contacts", "roster", "shifts", "agent_states"})
MINE, THEIRS = {"billing", "moving", "outage", "service"}, {"english", "plans"}
TARGET = ("--target", "service_level >= 80% in 20s")
ONLY = ("--company", "North")
WEEK = ("--horizon", "7d", "--no-picture")
MODEL = """
model: two
horizon: 1h
interval: 30min
types:
  - {id: moving, arrivals: 20, service: exponential 180s, patience: exponential 120s}
  - {id: service, arrivals: 20, service: exponential 180s, patience: exponential 120s}
groups:
  - {id: northern, company: North, types: [{type: moving}], staff: 4}
  - {id: home, company: Own, types: [{type: service}], staff: 4}
"""


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = create_floor(tmp_path_factory.mktemp("generated") / "floor", timezone=ZONE)
    fill(with_queues(made, TRUTH), Plan(seed=11, contacts=120_000, months=3, tables=TABLES))
    return str(made.root)


def said(capsys: pytest.CaptureFixture[str], *asked: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main([*asked, "--lang", "en"])
    return code, "".join(capsys.readouterr())


ASKED = [
    (("forecast", *ONLY, *WEEK), 0),
    (("forecast", *ONLY, "--queue", "nosuch", *WEEK), 3),
    (("staff", *ONLY, *TARGET, *WEEK), 0),
    (("staff", *ONLY, "--queue", "nosuch", *TARGET, *WEEK), 3),
    (("fit", *ONLY, "--from", "2026-02", "--to", "2026-03", "--no-picture"), 0),
    (("fit", *ONLY, "--queue", "nosuch", "--no-picture"), 3),
    (("bench", *ONLY, "--no-picture"), 0),
    (("bench", *ONLY, "--skill", "nosuch", "--no-picture"), 3),
]


@pytest.mark.parametrize(("asked", "code"), ASKED)
def test_no_queue_of_others_is_named(
    asked: tuple[str, ...], code: int, floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, words = said(capsys, asked[0], floor, *asked[1:])
    assert found == code, words
    assert [name for name in THEIRS if name in words] == []


@pytest.mark.parametrize("command", [("forecast",), ("staff", *TARGET)])
def test_without_queues_all_of_the_company_are_forecast(
    command: tuple[str, ...], floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, words = said(capsys, command[0], floor, *command[1:], *ONLY, *WEEK, "--json")
    assert code == 0
    assert {name for name in MINE | THEIRS if f'"{name}"' in words} >= MINE


@pytest.mark.parametrize("command", [("forecast",), ("staff", *TARGET)])
def test_a_queue_of_others_is_refused_as_one_that_nobody_has(
    command: tuple[str, ...], floor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refusals = {
        said(capsys, command[0], floor, *command[1:], *ONLY, "--queue", name, *WEEK)[1].replace(name, "NAME")
        for name in ("english", "nosuch")
    }
    assert len(refusals) == 1


def test_a_forecast_file_of_several_companies_tells_one_its_own_queues(
    floor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.csv"
    assert said(capsys, "forecast", floor, "--company", "Own", "--out", str(path), *WEEK)[0] == 0
    code, words = said(capsys, "staff", floor, "--forecast", str(path), *ONLY, *TARGET, "--no-picture")
    assert code == 2
    assert [name for name in (*MINE, *THEIRS) if name in words] == []


def test_a_simulation_tells_one_company_nothing_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(MODEL)
    code, words = said(capsys, "simulate", str(path), *ONLY, "--by", "group,type", "--replications", "10")
    assert code == 0
    assert [name for name in ("home", "Own", "service ") if name in words.replace("service level", "")] == []


SPLIT = """
split: two
companies:
  - {id: North, price: 71, skills: [moving], seats: 2}
  - {id: Harbor, price: 83, skills: [moving, plans], most_hours: HOURS}
"""


@pytest.mark.parametrize(("hours", "code"), [(99, 0), (1, 3)], ids=["split", "impossible"])
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_a_split_tells_one_company_nothing_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: tuple[str, ...], hours: int, code: int
) -> None:
    create_floor(tmp_path / "floor", timezone=ZONE)
    (tmp_path / "split.yaml").write_text(SPLIT.replace("HOURS", str(hours)))
    lines = [f"2026-12-01 {at},{skill},3" for at in ("08:00", "08:30") for skill in ("moving", "plans")]
    (tmp_path / "needs.csv").write_text("\n".join(["interval,skill,agents", *lines]))
    told = {}
    for name, only in (("whole", ()), ("own", ONLY)):
        (folder := tmp_path / name).mkdir()
        files = ("--out", str(folder / "out.csv"), "--picture", str(folder / "seen"))
        asked = ("split", str(tmp_path / "floor"), str(tmp_path / "split.yaml"), "--needs", str(tmp_path / "needs.csv"))
        found, words = said(capsys, *asked, *only, *files, *form)
        assert found == code, words
        drawn = (folder / "seen.svg").read_text(encoding="utf-8") if not code else ""
        written = (folder / "out.csv").read_text(encoding="utf-8") if not code else ""
        told[name] = (words + drawn + written).replace(str(tmp_path), "")
    assert "Harbor" in told["whole"]
    assert [name for name in ("Harbor", "plans") if name in told["own"]] == []


HOME, NORTH = "Homeland", "north"
NOON = ("--at", "2026-12-03 12:00")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The rules of the example; people of the other company than ``north`` are known by their names."""
    shutil.copytree(Path(__file__).parents[2] / "examples" / "rosters", tmp_path / "rules")
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    lines = csv.DictReader((tmp_path / "rules" / "agents.csv").read_text(encoding="utf-8").splitlines())
    home = "|".join(line["agent"] for line in lines if line["company"] == "own")
    for path in (one for one in (tmp_path / "rules").iterdir() if one.is_file()):
        text = re.sub(rf"\b({home})\b", rf"{HOME}-\1", path.read_text(encoding="utf-8"))
        path.write_text(re.sub(r"\bown\b", HOME, text), encoding="utf-8")
    return tmp_path / "rules" / "rules.yaml"


def planning(rules: Path, *more: str) -> tuple[str, ...]:
    given = ("--from", "2026-12-01", "--rounds", "1", "--no-picture")
    return ("plan", str(rules.parents[1] / "floor"), str(rules), *given, *more)


def northern(rules: Path) -> list[str]:
    """The people of the company that asks."""
    lines = csv.DictReader(rules.with_name("agents.csv").read_text(encoding="utf-8").splitlines())
    return [line["agent"] for line in lines if line["company"] == NORTH]


def held(folder: Path) -> str:
    """The names of all files of a folder and everything that is in them, workbooks unpacked."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        found.append(str(path.relative_to(folder)))
        if is_zipfile(path):
            with ZipFile(path) as book:
                found += [book.read(name).decode() for name in book.namelist()]
        else:
            found.append(path.read_text(encoding="utf-8"))
    return "\n".join(found)


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_a_roster_for_one_company_has_nobody_of_another_in_any_file(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: tuple[str, ...]
) -> None:
    text = rules.read_text(encoding="utf-8")  # more than can be kept, which is told
    rules.write_text(text.replace(f"id: {HOME}, ", f"id: {HOME}, guaranteed_hours: 90000, "), encoding="utf-8")
    everything = {}
    for name, only in (("whole", ()), (NORTH, ("--company", NORTH))):
        (folder := tmp_path / name).mkdir()
        out = [given for ending in ("csv", "ics", "xlsx") for given in ("--out", str(folder / f"r.{ending}"))]
        code, words = said(capsys, *planning(rules, *only, *out, *form))
        assert code == 0, words
        everything[name] = words, held(folder)
    assert [HOME in text for text in everything["whole"]] == [True, True]
    assert [HOME in text for text in everything[NORTH]] == [False, False]
    calendars = {path.stem for path in (tmp_path / NORTH / "r").iterdir()}
    assert calendars == set(northern(rules))
    assert {one for one in northern(rules) if f">{one}<" in everything[NORTH][1]} == calendars  # in the workbook
    assert {path.name for path in (tmp_path / NORTH).iterdir()} == {"r", "r.csv", "r.csv.plan.json", "r.xlsx"}


def test_a_roster_that_is_impossible_for_others_is_refused_without_their_names(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = rules.with_name("absences.csv")
    away.write_text(away.read_text(encoding="utf-8") + f"{HOME}-2001,2026-12-01,2026-12-31,leave\n", encoding="utf-8")
    code, words = said(capsys, *planning(rules))
    assert (code, f"No roster is possible for {HOME}-2001" in words) == (3, True)
    code, words = said(capsys, *planning(rules, "--company", NORTH))
    assert (code, HOME in words) == (3, False)
    assert "somebody of a company that was not asked for has none" in words


def test_a_repair_for_one_company_has_nobody_of_another_in_any_file(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster, one = tmp_path / "r.csv", northern(rules)[0]
    assert said(capsys, *planning(rules, "--out", str(roster)))[0] == 0
    spike = ("--spike", "billing", "--more", "9", *NOON, "--until", "2026-12-03 18:00")
    asked = [(*spike,), (*spike, "--json"), ("--absent", one, "--at", first_of(roster, one))]
    told = {}
    for number, given in enumerate(asked):
        for name, only in (("whole", ()), (NORTH, ("--company", NORTH))):
            (folder := tmp_path / f"{name}{number}").mkdir()
            code, words = said(capsys, "repair", str(roster), *given, *only, "--out", str(folder / "r.csv"))
            assert code == 0, words
            told[name, number] = words + held(folder)
    assert [HOME in told["whole", number] for number in range(3)] == [True] * 3
    assert [HOME in told[NORTH, number] for number in range(3)] == [False] * 3
    assert [northern(rules)[1] in told[NORTH, number] for number in range(3)] == [True] * 3


def first_of(roster: Path, agent: str) -> str:
    """When an agent's first duty begins."""
    lines = csv.DictReader(roster.read_text(encoding="utf-8").splitlines())
    return min(line["started"] for line in lines if line["agent"] == agent)


@pytest.mark.parametrize("ask", ["--absent NAME", "--late NAME --until 2026-12-03T14:00", "--swap 2003,NAME"])
def test_a_repair_refuses_people_of_others_as_people_that_nobody_has(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ask: str
) -> None:
    roster = tmp_path / "r.csv"
    assert said(capsys, *planning(rules, "--out", str(roster)))[0] == 0
    refusals = set()
    for name in (f"{HOME}-2001", "nobody"):
        given = ask.replace("2003", northern(rules)[0]).replace("NAME", name).split()
        code, words = said(capsys, "repair", str(roster), *given, *NOON, "--company", NORTH)
        assert code == 3, words
        refusals.add(words.replace(name, "NAME"))
    assert len(refusals) == 1
