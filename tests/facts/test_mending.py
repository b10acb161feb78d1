"""Fix once, retry: mended lines load, count once, and everything still adds up."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from onefloor.facts.kinds import Kind, kind
from onefloor.facts.load import load_files
from onefloor.facts.mending import SeveralLines, mend
from onefloor.facts.quarantine import quarantined, set_aside
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.facts.store import Account, data_version, scan
from onefloor.floor import Floor, create_floor, open_floor

HEAD = "id;queue;begin;result\n"
MAPPING = """
name: calls
target: contacts
identity: [id]
columns:
  contact: id
  queued_ms: {column: begin, format: "%%Y-%%m-%%d %%H:%%M:%%S"}
  outcome: {column: result, words: {answered: answered%s}}
  queue: {column: queue, words: {tech: tech%s}}
"""


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return new(tmp_path / "floor")


def new(root: Path) -> Floor:
    create_floor(root, timezone="Asia/Shanghai")
    (root / "secrets" / "customer.key").write_text("7" * 64 + "\n")
    return open_floor(root)


def calls(folder: Path, *, outcomes: str = "", queues: str = "", encoding: str = "") -> Kind:
    text = MAPPING % (outcomes, queues) + (f"file: {{encoding: {encoding}}}\n" if encoding else "")
    (folder / "calls.yaml").write_text(text)
    return kind("table", read_mapping(folder / "calls.yaml"))


def load(floor: Floor, what: Kind, *paths: Path) -> Account:
    return load_files(floor, what.source, what.reader, paths, options=what.options)


def text(queue: str = "tech2") -> str:
    rows = [
        f"K-{i};{'tech' if i % 2 else queue};2026-11-21 09:00:0{i};{'lost' if i == 4 else 'answered'}" for i in range(8)
    ]
    return HEAD + "\n".join(rows) + "\n"


def contents(floor: Floor, table: str = "contacts") -> list[dict[str, object]]:
    return scan(floor, table).drop("load", "file_start_ms", strict=False).sort("line").collect().to_dicts()


def counted(account: Account) -> tuple[int, int, int, int, int]:
    return account.lines, account.loaded, account.duplicates, account.ignored, account.quarantined


def test_a_word_mapped_once_loads_all_its_lines_as_if_it_had_been_known(floor: Floor, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(text())
    assert counted(load(floor, calls(tmp_path), tmp_path / "calls.csv")) == (8, 4, 0, 0, 4)
    better = calls(tmp_path, outcomes=", lost: abandoned", queues=", tech2: tech")
    assert counted(mend(floor, better)) == (4, 4, 0, 0, 0)
    other = new(tmp_path / "other")
    load(other, better, tmp_path / "calls.csv")
    assert contents(floor) == contents(other)
    assert data_version(floor) == data_version(other)


def test_what_still_cannot_be_read_stays_open_and_loads_later(floor: Floor, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(text())
    load(floor, calls(tmp_path), tmp_path / "calls.csv")
    account = mend(floor, calls(tmp_path, queues=", tech2: tech"))
    assert (counted(account), account.reasons) == ((4, 3, 0, 0, 1), {"unknown_word:outcome": 1})
    assert [line["line"] for line in quarantined(floor).lines] == [6]
    assert counted(mend(floor, calls(tmp_path, outcomes=", lost: abandoned", queues=", tech2: tech"))) == (
        1,
        1,
        0,
        0,
        0,
    )
    assert quarantined(floor).total == 0


def test_mended_lines_say_which_load_took_them_and_the_accounts_explain_each_other(
    floor: Floor, tmp_path: Path
) -> None:
    (tmp_path / "calls.csv").write_text(text())
    load(floor, calls(tmp_path), tmp_path / "calls.csv")
    mend(floor, calls(tmp_path, queues=", tech2: tech"))
    first, second = scan(floor, "loads").sort("lines", descending=True).collect().to_dicts()
    aside = set_aside(floor, mended=None)
    assert first["quarantined"] == aside.height == 4
    assert aside["mended_by"].to_list() == [second["load"], second["load"], None, second["load"]]
    assert second["lines"] == second["loaded"] == aside["mended_by"].drop_nulls().len() == 3
    assert scan(floor, "contacts").collect().height == first["loaded"] + second["loaded"]


def test_mending_twice_loads_once(floor: Floor, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(text())
    load(floor, calls(tmp_path), tmp_path / "calls.csv")
    better = calls(tmp_path, queues=", tech2: tech")
    mend(floor, better)
    version = data_version(floor)
    assert counted(mend(floor, better)) == (1, 0, 0, 0, 1)
    assert data_version(floor) == version
    assert scan(floor, "loads").collect().height == 2


def test_the_whole_file_with_the_better_mapping_then_adds_nothing(floor: Floor, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(text())
    load(floor, calls(tmp_path), tmp_path / "calls.csv")
    better = calls(tmp_path, outcomes=", lost: abandoned", queues=", tech2: tech")
    mend(floor, better)
    assert counted(load(floor, better, tmp_path / "calls.csv")) == (8, 0, 8, 0, 0)


def test_lines_of_other_encodings_and_workbooks_mend_too(floor: Floor, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_bytes(text("技术").encode("gb18030"))
    load(floor, calls(tmp_path, encoding="gb18030"), tmp_path / "calls.csv")
    book = openpyxl.Workbook()
    for line in text("技术").replace("K-", "X-").splitlines():
        book.worksheets[0].append(line.split(";"))
    book.save(tmp_path / "calls.xlsx")
    load(floor, calls(tmp_path, encoding="gb18030"), tmp_path / "calls.xlsx")
    better = calls(tmp_path, queues=", 技术: tech", outcomes=", lost: abandoned", encoding="gb18030")
    assert counted(mend(floor, better)) == (8, 8, 0, 0, 0)
    assert sorted(scan(floor, "contacts").collect()["contact"]) == [f"{x}-{i}" for x in "KX" for i in range(8)]


def test_a_quoted_field_of_several_lines_keeps_its_line(floor: Floor, tmp_path: Path) -> None:
    rows = 'K-1;"tech\n2";2026-11-21 09:00:01;answered\nK-2;tech2;2026-11-21 09:00:02;answered\n'
    (tmp_path / "calls.csv").write_text(HEAD + rows)
    load(floor, calls(tmp_path), tmp_path / "calls.csv")
    mend(floor, calls(tmp_path, queues=', "tech\\n2": tech, tech2: tech'))
    assert [(row["contact"], row["line"]) for row in contents(floor)] == [("K-1", 2), ("K-2", 4)]


def test_a_corrected_line_of_a_log_loads_with_its_own_line_number(floor: Floor, examples: Path, tmp_path: Path) -> None:
    lines = (examples / "asterisk_run" / "queue_log").read_text().splitlines(keepends=True)
    good, lines[700] = lines[700], "damaged" + lines[700]
    (tmp_path / "queue_log").write_text("".join(lines))
    log = kind("asterisk-queue-log")
    load(floor, log, tmp_path / "queue_log")
    (aside,) = quarantined(floor).lines
    place = (aside["load"], "queue_log", 701)
    assert counted(mend(floor, log)) == (1, 0, 0, 0, 1)
    assert counted(mend(floor, log, corrected={place: good.rstrip("\n")})) == (1, 1, 0, 0, 0)
    other = new(tmp_path / "other")
    load(other, log, examples / "asterisk_run" / "queue_log")
    assert data_version(floor) == data_version(other)
    found = scan(floor, "events").filter(line=701).collect()
    assert found["event"].to_list() == [good.split("|")[4].strip()]


def test_a_corrected_contact_record_loads(floor: Floor, tmp_path: Path) -> None:
    record = {"ContactId": "c1", "InitiationTimestamp": "2026-11-21T01:00:00Z", "Channel": "VOICE"}
    (tmp_path / "a.json").write_text(json.dumps({**record, "InitiationTimestamp": "never"}) + "\n")
    connect = kind("amazon-connect")
    load(floor, connect, tmp_path / "a.json")
    place = (quarantined(floor).lines[0]["load"], "a.json", 1)
    assert counted(mend(floor, connect, corrected={place: json.dumps(record)})) == (1, 1, 0, 0, 0)


def test_a_corrected_row_of_the_roster_loads_the_whole_history(floor: Floor, tmp_path: Path) -> None:
    head = "工号,所属公司,用工形式,开始,结束\n"
    rows = "1001,Own,自有,2026-01-01,2026-06-30\n1001,North,外包,2026-06-30,\n1002,Own,自有,2026-01-01,\n"
    (tmp_path / "roster.csv").write_text(head + rows)
    people = kind("roster")
    assert counted(load(floor, people, tmp_path / "roster.csv")) == (3, 1, 0, 0, 2)
    aside = {line["line"]: line for line in quarantined(floor).lines}
    corrected = {(line["load"], "roster.csv", number): line["raw"] for number, line in aside.items()}
    corrected[(aside[3]["load"], "roster.csv", 3)] = "1001,North,外包,2026-07-01,"
    assert counted(mend(floor, people, corrected=corrected)) == (2, 2, 0, 0, 0)
    assert scan(floor, "roster").filter(agent="1001").collect()["line"].sort().to_list() == [2, 3]


def test_a_correction_of_several_lines_is_refused_and_one_that_opens_a_quote_stays(
    floor: Floor, tmp_path: Path
) -> None:
    (tmp_path / "calls.csv").write_text(text())
    load(floor, calls(tmp_path), tmp_path / "calls.csv")
    place = (quarantined(floor).lines[0]["load"], "calls.csv", 2)
    with pytest.raises(SeveralLines, match=r"calls\.csv:2"):
        mend(floor, calls(tmp_path), corrected={place: "a\nb"})
    assert counted(mend(floor, calls(tmp_path), corrected={place: 'K-0;"tech;x;y'})) == (1, 0, 0, 0, 1)


def test_quarantine_is_paged_and_filtered(floor: Floor, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(text())
    load(floor, calls(tmp_path), tmp_path / "calls.csv")
    mend(floor, calls(tmp_path, queues=", tech2: tech"))
    load_id = quarantined(floor).lines[0]["load"]
    for wanted, lines in (
        ({"mended": None}, [2, 4, 6, 8]),
        ({"mended": True}, [2, 4, 8]),
        ({"mended": None, "offset": 1, "limit": 2}, [4, 6]),
        ({"loads": [load_id]}, [6]),
        ({"source": "roster"}, []),
    ):
        assert [line["line"] for line in quarantined(floor, **wanted).lines] == lines  # type: ignore[arg-type]
