"""The command line: what scripts and people get, in both languages, and what happens when something is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from onefloor.cli import main, onefloor
from onefloor.cli.bilingual import Argument, Command, Option
from onefloor.cli.output import Screen
from onefloor.language import same

NORTH = "agreements/asterisk-north.yaml"
ROSTER = """agent,name,company,employment,site,team,hired,from,to
agent1001,,Own,own,Hefei,A,2020-01-01,2020-01-01,
agent2001,,North,outsourced,Wuhan,B,2020-01-01,2020-01-01,
"""


class Answer(NamedTuple):
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*arguments: object) -> Answer:
        code = main([str(one) for one in arguments])
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return running


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    """A floor with the log of a real PBX and two people on its roster."""
    root = tmp_path_factory.mktemp("cli") / "myfloor"
    roster = root.parent / "roster.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    assert main(["init", str(root), "--timezone", "Asia/Shanghai", "--quiet"]) == 0
    assert main(["load", str(root), "asterisk-queue-log", str(examples / "asterisk_run/queue_log")]) == 0
    assert main(["roster", str(root), str(roster)]) == 0
    return root


def test_a_load_tells_a_script_what_became_of_every_line(run: Run, tmp_path: Path, examples: Path) -> None:
    run("init", tmp_path / "f", "--timezone", "UTC")
    first = run("load", tmp_path / "f", "asterisk-queue-log", examples / "asterisk_run/queue_log", "--json")
    again = run("load", tmp_path / "f", "asterisk-queue-log", examples / "asterisk_run/queue_log", "--json")
    counts = {"source": "asterisk-queue-log", "lines": 1571, "ignored": 0, "quarantined": 0}
    assert {**first.json, "reasons": {}} == {**counts, "loaded": 1571, "duplicates": 0, "reasons": {}}
    assert {**again.json, "reasons": {}} == {**counts, "loaded": 0, "duplicates": 1571, "reasons": {}}
    assert (first.code, first.err, again.code, again.err) == (0, "", 0, "")


def test_a_load_with_unreadable_lines_succeeds_and_says_what_to_do(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "f", "--timezone", "UTC")
    (tmp_path / "roster.csv").write_text(ROSTER + "nonsense\n", encoding="utf-8")
    loaded = run("roster", tmp_path / "f", tmp_path / "roster.csv")
    assert loaded.code == 0
    assert loaded.out.splitlines()[-1] == (
        f"Could not be read and kept as it was: 1 line. To see why: onefloor quarantine {tmp_path / 'f'}"
    )
    shown = run("quarantine", tmp_path / "f", "--json").json
    assert [(line["file"], line["line"], line["raw"]) for line in shown["lines"]] == [("roster.csv", 4, "nonsense")]


def test_quarantine_shows_at_most_what_was_asked_for_and_says_how_many_there_are(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "f", "--timezone", "UTC")
    (tmp_path / "roster.csv").write_text(ROSTER + "nonsense\n" * 5, encoding="utf-8")
    run("roster", tmp_path / "f", tmp_path / "roster.csv")
    shown = run("quarantine", tmp_path / "f", "--limit", "2")
    assert shown.err == "2 of 5 lines. --limit 0 shows all.\n"
    assert len(run("quarantine", tmp_path / "f", "--limit", "0", "--json").json["lines"]) == 5
    assert run("quarantine", tmp_path / "f", "--file", "other.csv", "--json").json == {"quarantined": 0, "lines": []}


def test_what_came_from_a_file_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "f", "--timezone", "UTC")
    (tmp_path / "roster.csv").write_text(ROSTER + "\x1b[2Jwiped\n", encoding="utf-8")
    run("roster", tmp_path / "f", tmp_path / "roster.csv")
    shown = run("quarantine", tmp_path / "f").out
    assert ("\x1b" in shown, shown.splitlines()[-1].split()[-1]) == (False, "\\x1b[2Jwiped")
    assert run("quarantine", tmp_path / "f", "--json").json["lines"][0]["raw"] == "\x1b[2Jwiped"


def test_a_folder_is_loaded_file_by_file(run: Run, tmp_path: Path, examples: Path) -> None:
    run("init", tmp_path / "f", "--timezone", "UTC")
    folder = examples / "asterisk_run/gate_session"
    loaded = run("load", tmp_path / "f", "asterisk-queue-log", folder, "--json")
    assert loaded.json["lines"] == len((folder / "queue_log").read_text().splitlines())
    empty = run("load", tmp_path / "f", "asterisk-queue-log", tmp_path, "--json")
    assert (empty.code, json.loads(empty.err)["problem"]) == (3, "MissingFile")


def test_measure_answers_a_script_as_its_contract_says(run: Run, floor: Path) -> None:
    metric = "service_level:formula=F4,within=20s"
    found = run("measure", floor, "--by", "queue,month", "--metric", metric, "--metric", "abandonment", "--json")
    water = next(row for row in found.json["rows"] if row["queue"] == "water")
    assert sorted(found.json) == ["data_version", "rows"]
    assert water["month"] == "2026-11"
    assert list(water["metrics"]) == ["service_level", "abandonment"]
    assert {name: type(value) for name, value in water["metrics"]["abandonment"].items()} == {
        "numerator": int,
        "denominator": int,
        "value": str,
        "version": int,
        "provisional": bool,
    }
    assert water["metrics"]["abandonment"]["denominator"] == 247


def test_the_three_formats_of_measure_say_the_same(run: Run, floor: Path) -> None:
    asked = ("measure", floor, "--by", "queue", "--metric", "abandonment", "--where", "queue=tax", "--format")
    figure = run(*asked, "json").json["rows"][0]["metrics"]["abandonment"]
    head, line = run(*asked, "csv").out.splitlines()
    assert head == "queue,metric,numerator,denominator,value,version,provisional"
    assert line == (
        f"tax,abandonment,{figure['numerator']},{figure['denominator']},{figure['value']},1,"
        f"{str(figure['provisional']).lower()}"
    )
    assert f"{figure['value']}%" in run(*asked, "table").out


def test_several_filters_of_one_dimension_mean_any_of_them(run: Run, floor: Path) -> None:
    def offered(*where: str) -> int:
        filters = [word for one in where for word in ("--where", one)]
        rows = run("measure", floor, "--metric", "offered_contacts", *filters, "--json").json["rows"]
        return int(rows[0]["metrics"]["offered_contacts"]["numerator"])

    assert offered("queue=tax", "queue=water") == offered("queue=tax") + offered("queue=water")
    assert offered("queue=tax,water") == offered("queue=tax", "queue=water")
    assert offered("queue=tax", "company=North") <= offered("queue=tax")


def test_the_rows_behind_a_figure_are_as_many_as_it_counts(run: Run, floor: Path) -> None:
    asked = ("--where", "queue=water")
    figure = run("measure", floor, "--metric", "abandonment", *asked, "--json").json["rows"][0]["metrics"][
        "abandonment"
    ]
    for side in ("numerator", "denominator"):
        found = run("rows", floor, "abandonment", "--side", side, *asked, "--limit", "0", "--json").json
        assert (found["count"], len(found["rows"])) == (figure[side], figure[side])
    limited = run("rows", floor, "abandonment", *asked, "--limit", "3", "--format", "csv").out.splitlines()
    assert len(limited) == 4


def test_a_row_of_the_table_names_its_source_line(run: Run, floor: Path) -> None:
    table = run("rows", floor, "transfers", "--side", "numerator", "--limit", "1").out.splitlines()
    data = run("rows", floor, "transfers", "--side", "numerator", "--limit", "1", "--json").json["rows"][0]
    assert table[-1].split()[-1] == f"queue_log:{data['line']}"


def test_status_says_what_the_floor_holds_and_what_is_missing(run: Run, floor: Path) -> None:
    found = run("status", floor, "--json").json
    assert found["months"] == {"2026-11": {"contacts": 432, "agent_states": found["months"]["2026-11"]["agent_states"]}}
    assert [(load["source"], load["lines"]) for load in found["loads"]] == [("asterisk-queue-log", 1571), ("roster", 2)]
    assert found["people"] == 2
    assert "agent1002" in found["unknown_agents"]
    assert "agent1001" not in found["unknown_agents"]


def test_status_of_a_new_floor_says_how_to_begin(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "f", "--timezone", "UTC", "--name", "Hotline")
    assert run("status", tmp_path / "f").out == (
        'Floor "Hotline", UTC.\nNo contacts yet. Bring a file in with onefloor load.\n'
    )


def test_every_metric_can_be_explained_in_both_languages(run: Run) -> None:
    for one in run("metrics", "--json").json:
        for language in ("en", "zh"):
            told = run("metrics", one["metric"], "--lang", language)
            assert (told.code, one["title"][language] in told.out) == (0, True)


def test_a_metric_is_explained_with_the_parameters_that_were_asked_for(run: Run) -> None:
    found = run("metrics", "service_level:formula=F2,within=30s", "--json").json
    assert found["parameters"] == {"formula": "F2", "within": "30s", "short": "30s"}
    assert found["numerator"] == {
        "table": "legs",
        "where": "offered and answered and (wait_ms <= 30000)",
        "sum": "",
        "times": 1,
    }


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["laod"], 2, "BadUsage"),
        (["load"], 2, "BadUsage"),
        (["init", "x"], 2, "BadUsage"),
        (["load", "x", "excel", "y"], 2, "BadUsage"),
        (["quarantine", "x", "--limit", "-1"], 2, "BadUsage"),
        (["status", "x", "--colour"], 2, "BadUsage"),
        (["measure", "FLOOR", "--metric", "asa", "--where", "water"], 2, "BadUsage"),
        (["load", "FLOOR", "table", "y"], 2, "BadUsage"),
        (["load", "FLOOR", "asterisk-queue-log", "y", "--mapping", "z"], 2, "BadUsage"),
        (["status", "nowhere"], 3, "NoFloor"),
        (["init", "FLOOR", "--timezone", "UTC"], 3, "FloorExists"),
        (["init", "new", "--timezone", "Mars/Base"], 3, "UnknownZone"),
        (["load", "FLOOR", "asterisk-queue-log", "nothing.log"], 3, "MissingFile"),
        (["load", "FLOOR", "table", "nothing.csv", "--mapping", "nothing.yaml"], 3, "MissingFile"),
        (["measure", "FLOOR", "--metric", "service_levle"], 3, "UnknownMetric"),
        (["measure", "FLOOR", "--metric", "asa", "--where", "queue=tech2"], 3, "UnknownName"),
        (["measure", "FLOOR", "--metric", "asa", "--by", "planet"], 3, "UnknownDimension"),
        (["measure", "FLOOR", "--metric", "asa", "--months", "2026-13"], 3, "BadPeriod"),
        (["measure", "FLOOR", "--metric", "asa", "--months", "0001-01..9999-12"], 3, "BadPeriod"),
        (["verify", "FLOOR"], 3, "NoBundle"),
        (["init", "roster.csv/floor", "--timezone", "UTC"], 3, "SystemRefused"),
    ],
)
def test_whatever_is_wrong_is_told_with_a_remedy_and_its_exit_code(
    arguments: list[str], code: int, problem: str, run: Run, floor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(floor.parent)
    given = [str(floor) if one == "FLOOR" else one for one in arguments]
    told = run(*given, "--json")
    assert (told.code, told.out, json.loads(told.err)["problem"]) == (code, "", problem)
    for language, head in (("en", "  remedy: "), ("zh", "处理：")):
        lines = run(*given, "--lang", language).err.splitlines()
        assert (len(lines) >= 2, lines[-1].startswith(head)) == (True, True)


def test_the_language_is_that_of_the_locale_unless_it_is_chosen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert run("laod").err.splitlines()[0] == "没有命令“laod”。是否指 load？"
    assert run("laod", "--lang", "en").err.splitlines()[0] == 'There is no command "laod". Is load meant?'
    assert run("--lang=en", "laod").err.splitlines()[0] == 'There is no command "laod". Is load meant?'


def test_help_is_whole_in_chinese(run: Run) -> None:
    """No English sentence is left: what remains in Latin letters are names, commands and placeholders."""
    for name, command in onefloor.commands.items():
        assert isinstance(command, Command)
        page = run(name, "--help", "--lang", "zh").out
        texts = [command.text, *(one.text for one in command.params if isinstance(one, Option | Argument))]
        assert [text.zh for text in texts if not any("\u4e00" <= sign <= "\u9fff" for sign in text.zh)] == []
        assert [text.en for text in texts if text.en in page] == []


def test_every_command_shows_an_example_that_begins_with_itself() -> None:
    wrong = []
    for name, command in onefloor.commands.items():
        assert isinstance(command, Command)
        wrong += [name for example in command.examples or [""] if not example.startswith(f"onefloor {name}")]
    assert wrong == []


def test_help_shows_each_default_once(run: Run) -> None:
    page = " ".join(run("plan", "--help", "--lang", "en").out.split())
    assert "How many days. Default: 28." in page
    assert "How long to search. Default: 60." in page
    assert "Default: None" not in page
    serve = " ".join(run("serve", "--help", "--lang", "en").out.split())
    assert serve.count("8000") == 1
    assert "天数。默认：28。" in "".join(run("plan", "--help", "--lang", "zh").out.split())


def test_without_a_command_there_is_help_and_success(run: Run) -> None:
    assert run().out == run("--help").out
    assert run().code == 0
    assert run("--version").out.split() == ["onefloor", "0.1.0"]


def test_a_fault_is_told_in_two_lines_and_traced_only_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def divide(_screen: Screen) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setitem(onefloor.commands, "divide", Command("divide", same("divide"), divide, []))
    told = run("divide")
    assert (told.code, told.out) == (70, "")
    assert told.err.splitlines() == [
        "Onefloor 0.1.0 has a fault: ZeroDivisionError: division by zero",
        "  remedy: Run it again with --debug and report everything it prints, with the command.",
    ]
    with pytest.raises(ZeroDivisionError):
        main(["divide", "--debug"])


def test_a_problem_keeps_its_parts_apart_for_scripts(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("status", tmp_path / "nowhere", "--json").err)
    assert sorted(told) == ["problem", "remedy", "what", "where", "why"]
    assert sorted(told["what"]) == ["en", "zh"]


def onefloor_process(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "onefloor", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def test_a_reader_that_goes_away_ends_the_command_quietly(floor: Path) -> None:
    with onefloor_process("rows", floor, "abandonment", "--limit", "0", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # as `| head -0` would
        told = process.stderr.read()
    assert (told, process.returncode) == ("", 141)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_an_interrupt_ends_the_command_in_one_line_and_changes_nothing(tmp_path: Path, examples: Path) -> None:
    root = tmp_path / "f"
    main(["init", str(root), "--timezone", "UTC"])
    (root / "facts").rmdir()
    with FileLock(str(root / ".lock")):  # the load waits for this lock until it is interrupted
        process = onefloor_process("load", root, "asterisk-queue-log", examples / "asterisk_run/queue_log")
        while not (root / "facts").exists():
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate()
    assert (process.returncode, out, told) == (130, "", "Interrupted. The next run tidies up by itself.\n")
    assert list((root / "facts").iterdir()) == []


def test_help_comes_at_once() -> None:
    """Nothing heavy is imported before a command runs."""
    program = (
        "import sys, onefloor.cli; print(sorted({'polars', 'duckdb', 'pyarrow', 'ibis', 'numpy'} & set(sys.modules)))"
    )
    listed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert listed.stdout == "[]\n"


def test_a_month_is_settled_signed_and_verified_on_the_command_line(
    run: Run, floor: Path, tmp_path: Path, examples: Path
) -> None:
    out, keys = tmp_path / "out", tmp_path / "keys"
    settled = run("settle", floor, examples / NORTH, "--month", "2026-11", "--out", out, "--json")
    statement = json.loads((out / "statement.json").read_bytes())
    assert settled.json["totals"] == dict(statement["totals"])
    assert [line["amount"] for line in settled.json["lines"]] == [line["amount"] for line in statement["lines"]]
    for party in ("client", "north"):
        run("keys", party, "--folder", keys)
        assert run("sign", out / "bundle", "--key", keys / f"{party}.key").code == 0
    verified = run("verify", out / "bundle", "--key", keys / "client.pub", "--key", keys / "north.pub", "--json")
    assert (verified.code, verified.json["ok"], verified.json["differences"]) == (0, True, [])
    assert [signature["state"] for signature in verified.json["signatures"]] == ["valid", "valid"]
    assert run("settle", floor, examples / NORTH, "--month", "2026-11", "--out", out).code == 3


def test_verify_names_what_was_changed_and_exits_1(run: Run, floor: Path, tmp_path: Path, examples: Path) -> None:
    out = tmp_path / "out"
    run("settle", floor, examples / NORTH, "--month", "2026-11", "--out", out)
    legs = out / "bundle/rows/legs-2026-11.parquet"
    rows = pl.read_parquet(legs)
    sixth = (pl.int_range(pl.len()) == 5).cast(pl.Int64)
    changed = rows.with_columns(pl.col("wait_ms") + sixth)
    pq.write_table(changed.to_arrow().cast(pq.read_schema(legs)), legs)
    told = run("verify", out / "bundle", "--json")
    first = told.json["differences"][0]
    assert (told.code, first["file"], first["row"], first["column"]) == (1, "rows/legs-2026-11.parquet", 6, "wait_ms")
    assert int(first["found"]) - int(first["expected"]) == 1
    for language, last in (("en", "Not verified: "), ("zh", "核验不通过：")):
        assert run("verify", out / "bundle", "--lang", language).out.splitlines()[-1].startswith(last)


def test_whatif_compares_months_and_clauses(run: Run, floor: Path, tmp_path: Path, examples: Path) -> None:
    proposal = tmp_path / "proposal.yaml"
    proposal.write_text('amends: pbx-north\nprice:\n  - {id: "2.1", rate: 1.40}\n', encoding="utf-8")
    agreement = examples / NORTH
    found = run("whatif", floor, agreement, "--amend", proposal, "--months", "2026-10..2026-11", "--json").json
    fee = next(line for line in found["clauses"] if line["clause"] == "2.1")
    half_a_cent = Decimal("0.005")  # both amounts are rounded
    assert abs(Decimal(fee["new"]) * 6 - Decimal(fee["signed"]) * 7) <= (6 + 7) * half_a_cent
    assert Decimal(fee["new"]) - Decimal(fee["signed"]) == Decimal(fee["difference"]) > 0
    assert [month["month"] for month in found["months"]] == ["2026-11"]
    assert [left["month"] for left in found["left_out"]] == ["2026-10"]
    table = run("whatif", floor, agreement, "--amend", proposal, "--months", "2026-10..2026-11")
    assert (table.code, fee["difference"] in table.out.replace(",", "")) == (0, True)
