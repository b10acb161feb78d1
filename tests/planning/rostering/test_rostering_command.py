"""``onefloor plan`` as a whole: what it writes, and what it does not write over."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from rostering_cases import changed

from onefloor.cli import main
from onefloor.floor import create_floor


def test_neither_plan_nor_repair_takes_a_roster_for_that_of_the_days_before_it(
    tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    given = ["plan", str(tmp_path / "floor"), str(rules), "--rounds", "1", "--no-picture", "--quiet", "--from"]
    out = rules.with_name("roster.csv")
    assert main([*given, "2026-12-01", "--out", str(out)]) == 0
    changed(rules, "needs: needs.csv", f"needs: needs.csv\nbefore: {out.name}")
    capsys.readouterr()
    assert main([*given, "2026-12-01"]) == 3
    assert '"2026-12-01" in column date is not before 2026-12-01' in capsys.readouterr().err
    assert main(["repair", str(out), "--absent", "2001", "--at", "2026-12-03 09:00"]) == 3
    assert "the first day that is planned" in capsys.readouterr().err


TARGET = ("--target", "service_level >= 80% in 20s", "--model")


@pytest.mark.parametrize(
    "given",
    [
        ("plan", "floor", "rules.yaml", "--from", "2026-12-01", "--out", "before.csv"),
        ("plan", "floor", "rules.yaml", "--from", "2026-12-01", "--out", "folder/../agents.csv"),
        ("plan", "floor", "rules.yaml", "--from", "2026-12-01", "--needs", "needs.csv", *TARGET, "model.yaml"),
        ("plan", "floor", "rules.yaml", "--from", "2026-12-01", "--needs", "model.yaml", *TARGET, "model.yaml"),
        ("split", "floor", "split.yaml", "--needs", "needs.csv", "--out", "needs.csv"),
        ("staff", "floor", "--target", TARGET[1], "--forecast", "needs.csv", "--out", "folder/../needs.csv"),
        ("repair", "roster.csv", "--absent", "2001", "--at", "2026-12-03 09:00", "--out", "agents.csv"),
    ],
)
def test_what_a_command_reads_is_not_written_over(
    rules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, given: list[str]
) -> None:
    monkeypatch.chdir(rules.parent)
    create_floor(Path("floor"), timezone="Asia/Shanghai")
    Path("folder").mkdir()
    planning = ["plan", "floor", "rules.yaml", "--from", "2026-12-01", "--rounds", "1", "--no-picture", "--quiet"]
    assert given[0] != "repair" or main([*planning, "--out", "roster.csv"]) == 0
    changed(rules, "needs: needs.csv", "needs: needs.csv\nbefore: before.csv")
    Path("before.csv").write_text("the only history", encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().glob("*.*")}
    assert main(list(given)) == 2
    assert "is read by this command and would be written over." in capsys.readouterr().err
    assert {path: path.read_bytes() for path in Path().glob("*.*")} == before


def test_two_options_do_not_write_one_file(tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "one.csv")
    given = ["plan", str(tmp_path), str(rules), "--from", "2026-12-01", "--out", out]
    assert (main([*given, "--out", out]), main([*given, "--needs", out, *TARGET, "model.yaml"])) == (2, 2)
    assert capsys.readouterr().err.count("would be written twice.") == 2


def needs_after(rules: Path, day: str) -> int:
    """Lines of the table of needs from a day on."""
    lines = csv.DictReader(rules.with_name("needs.csv").read_text(encoding="utf-8").splitlines())
    return sum(line["interval"] >= day for line in lines)


def test_the_command_plans_and_writes(tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    out = tmp_path / "r.csv"
    given = ["plan", str(tmp_path / "floor"), str(rules), "--from", "2026-12-01", "--days", "7", "--rounds", "1"]
    given += ["--no-picture", "--out", str(out), "--company", "north"]
    assert main([*given, "--json"]) == 3
    told = json.loads(capsys.readouterr().err)
    assert told["where"] == str(rules)
    assert "at least 16 days in the horizon" in told["why"]["en"]
    changed(rules, ", days: 18..22", "")
    changed(rules, ", days: 16..21", "")
    assert main([*given, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {
        "companies", "agents", "from", "days", "paid_hours", "breaches", "seed", "lapses", "guaranteed_not_given",
        "files", "pictures",
    }  # fmt: skip
    assert (answer["companies"], answer["breaches"], answer["paid_hours"] > 0) == (["north"], 0, True)
    assert {row["company"] for row in csv.DictReader(out.read_text().splitlines())} == {"north"}
    assert main(given) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"north: {answer['agents']} people, 7 days, {answer['paid_hours']:,.1f} paid hours; 0 rules")
    assert "cost" not in said
    assert main([*given[:-2], "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert (whole["agents"], whole["breaches"], whole["bound"] <= whole["cost"]) == (24, 0, True)
    assert sum(whole["unplanned_needs"].values()) == needs_after(rules, "2026-12-08")
    assert answer["agents"] < 24
    assert main([*given[:-2], "--company", "west"]) == 3
    assert main([*given, "--out", str(tmp_path / "r.pdf")]) == 2
