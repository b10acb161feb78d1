"""Repaired rosters as files: what was worked stays, a repair goes on from one, a company gets its own people only."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from rostering_cases import problem, roster_of

from disks import full_beyond
from onefloor.cli import main
from onefloor.floor import create_floor
from onefloor.planning.rostering.files import csv_text, read_roster
from onefloor.planning.rostering.problem import Roster
from onefloor.planning.rostering.result import Result

ON = "2026-12-03"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The roster of the example, as plan wrote it."""
    shutil.copytree(Path(__file__).parents[3] / "examples" / "rosters", tmp_path / "rules")
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    given = ["plan", str(tmp_path / "floor"), str(tmp_path / "rules" / "rules.yaml"), "--from", "2026-12-01"]
    assert main([*given, "--rounds", "1", "--no-picture", "--out", str(tmp_path / "r.csv"), "--quiet"]) == 0
    return tmp_path / "r.csv"


def worked(path: Path, company: str) -> dict[str, list[str]]:
    """Of the people of a company on the day the clock times at which they are at work."""
    found: dict[str, list[str]] = {}
    for line in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if (line["company"], line["date"], line["activity"]) == (company, ON, "work"):
            found.setdefault(line["agent"], []).append(line["started"][11:16] + "-" + line["ended"][11:16])
    return found


def early(path: Path) -> list[tuple[str, str]]:
    """People of both companies with the company who begin at seven on the day."""
    return [
        (name, company)
        for company in ("own", "north")
        for name, spans in worked(path, company).items()
        if spans[0].startswith("07:00")
    ]


def test_a_repaired_roster_keeps_what_was_worked_and_is_repaired_again_from_anywhere(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, of_first), (second, of_second) = early(written)[:2]
    monkeypatch.chdir(tmp_path)
    assert main(["repair", "r.csv", "--absent", first, "--at", f"{ON} 09:00", "--out", "after.csv"]) == 0
    assert worked(tmp_path / "after.csv", of_first)[first] == ["07:00-09:00"]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    asked = ["repair", "../after.csv", "--at", f"{ON} 09:30", "--out", "../again.csv", "--absent"]
    assert main([*asked, second]) == 0
    capsys.readouterr()
    again = tmp_path / "again.csv"
    assert (worked(again, of_first)[first], worked(again, of_second)[second]) == (["07:00-09:00"], ["07:00-09:30"])
    assert main([*asked, first]) == 3
    assert f"Agent {first} has no duty left" in capsys.readouterr().err
    note = json.loads((tmp_path / "again.csv.plan.json").read_text(encoding="utf-8"))
    assert (note["floor"], note["rules"]) == ("floor", "rules/rules.yaml")
    assert {one["agent"] for one in note["gone"]} == {first, second}


def test_a_note_is_that_of_its_roster_and_of_no_other(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    after, note = tmp_path / "after.csv", tmp_path / "after.csv.plan.json"
    given = ["--at", f"{ON} 09:00", "--absent"]
    assert main(["repair", str(written), *given, early(written)[0][0], "--out", str(after)]) == 0
    capsys.readouterr()
    shutil.copy(written, after)  # what a run leaves that ends between its two files
    assert main(["repair", str(after), *given, early(written)[1][0]]) == 3
    said = capsys.readouterr().err
    assert f"The roster and the note {note.name} beside it do not belong together." in said
    assert str(after) in said
    assert "--edited" in said
    note.write_text(note.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    assert main(["repair", str(after), *given, early(written)[1][0]]) == 3
    assert "The note of how this roster was planned cannot be read." in capsys.readouterr().err


def test_a_roster_edited_by_hand_is_repaired_as_it_stands_when_that_is_said(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    after, given = tmp_path / "after.csv", ["--at", f"{ON} 09:00", "--absent", early(written)[0][0]]
    written.write_bytes(written.read_bytes().replace(b"\n", b"\r\n"))  # as spreadsheets save it
    assert main(["repair", str(written), *given]) == 3
    assert "edited by hand" in capsys.readouterr().err
    assert main(["repair", str(written), *given, "--edited", "--out", str(after)]) == 0
    assert main(["repair", str(after), "--at", f"{ON} 09:30", "--absent", early(written)[1][0]]) == 0


def test_a_note_that_does_not_name_its_roster_serves_when_that_is_said(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note, given = written.with_name("r.csv.plan.json"), ["--at", f"{ON} 09:00", "--absent"]
    told = json.loads(note.read_text(encoding="utf-8"))
    del told["roster"]
    note.write_text(json.dumps(told), encoding="utf-8")
    capsys.readouterr()
    asked = ["repair", str(written), *given, early(written)[0][0]]
    assert main(asked) == 3
    assert capsys.readouterr().err == (
        "The note r.csv.plan.json is of an earlier version and does not say which roster it belongs to.\n"
        f"  where:  {written}\n"
        "  why:    Whether the roster beside it is the one of that run cannot be known.\n"
        "  remedy: Have onefloor plan write the roster again; where the two surely belong together, --edited takes it "
        "as it is, and what is written then has a note of today.\n"
    )
    after = tmp_path / "after.csv"
    assert main([*asked, "--edited", "--out", str(after)]) == 0
    assert main(["repair", str(after), *given, early(written)[1][0]]) == 0
    del told["rules"]
    note.write_text(json.dumps(told), encoding="utf-8")
    capsys.readouterr()
    assert main([*asked, "--edited"]) == 3  # nothing to go on from
    said = capsys.readouterr().err
    assert [str(note) in said, "It is damaged or lacks something" in said, "--edited" in said] == [True, True, False]


def test_a_full_disk_leaves_the_roster_and_its_note_as_they_were(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["repair", str(written), "--at", f"{ON} 09:00", "--absent", early(written)[0][0], "--out"]
    assert main([*given, str(written.with_name("other.csv"))]) == 0
    before = {path: path.read_bytes() for path in written.parent.iterdir() if path.is_file()}
    capsys.readouterr()
    with full_beyond(10_000):
        assert main([*given, str(written)]) == 3
    said = capsys.readouterr().err
    assert said.startswith(f"The system refused: File too large.\n  where:  {written}\n")
    assert {path: path.read_bytes() for path in written.parent.iterdir() if path.is_file()} == before


def test_whenever_somebody_is_gone_the_file_is_read_again_as_it_was_written(tmp_path: Path) -> None:
    made = problem(1, 1)
    roster = roster_of(made, "e")
    roster.pauses[0, 0, :2] = 8, 13  # breaks from 11:00 to 12:00 and from 13:30 to 14:00
    begin, length = made.grid.midnights[0] / 1000 + 7 * 3600, made.shifts[0].length
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"

    def written(found: Roster, path: Path) -> str:
        text = csv_text(Result(made, found, 0.0, 0.0, 0.0, 0, 0), ["own"], gone)
        path.write_text(text)
        return text

    spans = [(since, until) for until in range(length + 1) for since in range(until)]
    for since, until in set(spans) - {(0, length)}:
        gone = {("2001", made.grid.first): [(begin + since * 1800, begin + until * 1800)]}
        told = written(roster, one)
        assert written(read_roster(one, made, gone), two) == told, (since, until)


def test_a_spike_and_who_came_late_are_remembered_and_changed_rules_are_told(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (someone, company), times = early(written)[0], ["--at", f"{ON} 07:00", "--until", f"{ON} 08:00"]
    given = ["repair", str(written), *times, "--out", str(written)]
    assert main([*given, "--late", someone]) == 0
    assert main([*given, "--spike", "billing", "--more", "3"]) == 0
    assert worked(written, company)[someone][0].startswith("08:00")
    note = json.loads(written.with_name("r.csv.plan.json").read_text(encoding="utf-8"))
    assert note["spikes"] == [{"skill": "billing", "span": [f"{ON} 07:00+08:00", f"{ON} 08:00+08:00"], "more": 3}]
    wishes = written.parent / "rules" / "wishes.csv"
    wishes.write_text(wishes.read_text(encoding="utf-8") + "2001,2026-12-05,off,1\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["repair", str(written), *times, "--spike", "billing"]) == 0
    assert "The rules or their tables have changed" in capsys.readouterr().err


def test_moments_are_those_of_the_floor_whether_they_name_their_offset_or_not(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    given = ["repair", str(written), "--spike", "billing", "--json"]
    told = set()
    for at in (f"{ON} 09:00", f"{ON} 09:00+08:00", f"{ON} 01:00Z"):
        for until in (f"{ON} 12:00", f"{ON} 13:00+09:00"):
            assert main([*given, "--at", at, "--until", until]) == 0
            told.add(capsys.readouterr().out)
    assert len(told) == 1
    assert main([*given, "--at", f"{ON} 09:00", "--until", f"{ON} 00:30Z"]) == 2
    assert "--until has to be after --at" in capsys.readouterr().err
    for far in ("0001-01-01 00:00+14:00", "9999-12-31 23:00-12:00", "0001-01-01 00:00", "1026-01-01 00:00"):
        assert main([*given, "--at", far, "--until", "9999-12-31 23:59"]) in (2, 3)
    assert "has a fault" not in capsys.readouterr().err


def test_a_repair_for_one_company_tells_writes_and_swaps_its_own_people_only(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, north = list(worked(written, "own")), list(worked(written, "north"))
    capsys.readouterr()
    given, out = ["repair", str(written), "--at", f"{ON} 07:00", "--company", "north"], tmp_path / "north.csv"
    assert main([*given, "--absent", north[0], "--out", str(out), "--json"]) == 0
    told = capsys.readouterr()
    assert set(json.loads(told.out)) == {"changes"}
    everything = told.out + told.err + out.read_text() + out.with_name("north.csv.plan.json").read_text()
    assert [agent for agent in own if agent in everything] == []
    assert north[1] in everything
    assert main([*given, "--absent", north[0]]) == 0
    assert "for people of the companies asked for" in capsys.readouterr().out
    late = ["--late", own[0], "--until", f"{ON} 12:00"]
    for one in (["--absent", own[0]], ["--swap", f"{own[0]},{own[1]}"], late):
        assert main([*given, *one]) == 3
        assert f'The roster has no agent "{own[0]}"' in capsys.readouterr().err
