"""Any bytes: every line is loaded, known already, blank or set aside, and is found again."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from queue_logs import current, facts, legs, load, load_text, new_floor, pieces

from onefloor.facts.files import DamagedArchive
from onefloor.facts.sources import asterisk
from onefloor.facts.sources.asterisk_lines import lines_of
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.problems import MissingFile

LINE = "1795294484|1795294483.0|water|NONE|ENTERQUEUE||19900000278|1"


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return new_floor(tmp_path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("yesterday|1.0|water|NONE|ABANDON|1|1|5", "bad time"),
        ("|1.0|water|NONE|ABANDON|1|1|5", "bad time"),
        ("-1795294484|1.0|water|NONE|ABANDON|1|1|5", "bad time"),
        ("5|1.0|water|NONE|ABANDON|1|1|5", "bad time"),
        ("99999999999|1.0|water|NONE|ABANDON|1|1|5", "bad time"),
        ("1795294484.1234567|1.0|water|NONE|ABANDON|1|1|5", "bad time"),
        ("1795294484|1.0|water|NONE", "too few fields"),
        ("hello", "too few fields"),
        ("1795294484|1.0|water|NONE||", "empty event"),
        ("1795294484||water|NONE|ABANDON|1|1|5", "empty call id"),
        ("1795294484|1.0|water|NONE|ENTERQUEUE|19900000278|1", "unreadable ENTERQUEUE"),
        ("1795294484|1.0|water|NONE|ENTERQUEUE", "unreadable ENTERQUEUE"),
        ("1795294484|1.0|water|NONE|ENTERQUEUE||5|19900000278", "unreadable ENTERQUEUE"),
        ("1795294484|1.0|water|NONE|X|" + "x" * (1 << 20), "line too long"),
    ],
)
def test_a_line_that_cannot_be_read_is_set_aside_with_the_reason(
    floor: Floor, tmp_path: Path, line: str, reason: str
) -> None:
    account = load_text(floor, tmp_path, f"{LINE}\n{line}\n")
    assert (account.lines, account.loaded, account.quarantined, account.reasons) == (2, 1, 1, {reason: 1})
    kept = scan(floor, "quarantine").select("file", "line", "reason", "raw").collect().rows()
    assert kept == [("queue_log", 2, reason, line[:65_536])]


def test_blank_lines_are_ignored_and_counted(floor: Floor, tmp_path: Path) -> None:
    account = load_text(floor, tmp_path, f"\n  \n{LINE}\n\t\n")
    assert (account.lines, account.loaded, account.ignored, account.reasons) == (4, 1, 3, {"blank": 3})


def test_an_empty_file_has_no_lines(floor: Floor, tmp_path: Path) -> None:
    assert load_text(floor, tmp_path, b"").as_json()["lines"] == 0


def test_line_ends_and_a_missing_last_one_do_not_matter(floor: Floor, tmp_path: Path) -> None:
    second = LINE.replace("484|", "485|")
    assert load_text(floor, tmp_path, f"{LINE}\r\n{second}").loaded == 2
    assert load_text(floor, tmp_path, f"{LINE}\n{second}\n").duplicates == 2


def test_identical_lines_of_one_file_are_events_of_their_own(floor: Floor, tmp_path: Path) -> None:
    assert load_text(floor, tmp_path, f"{LINE}\n" * 3).loaded == 3
    again = load_text(floor, tmp_path, f"{LINE}\n" * 4)
    assert (again.loaded, again.duplicates) == (1, 3)


def test_blocks_do_not_show_in_the_facts(examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file many times the size of a block, and calls in several parts, are read as if at once."""
    log = tmp_path / "queue_log"
    log.write_bytes((examples / "asterisk_run" / "queue_log").read_bytes() + f"{LINE}\n".encode() * 5)
    whole, blocks = new_floor(tmp_path), new_floor(tmp_path)
    load(whole, log)
    monkeypatch.setattr(asterisk, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(asterisk, "PART_ROWS", 300)
    account = load(blocks, log)
    assert (account.lines, account.loaded) == (1576, 1576)
    assert facts(blocks) == facts(whole)


def test_bytes_that_are_no_text_survive(floor: Floor, tmp_path: Path) -> None:
    line = b"1795294484|1795294483.0|wat\xff\x00er|\xe6\xb0\xb4|NOTE|\xe6\x30"
    assert load_text(floor, tmp_path, line + b"\n").loaded == 1
    row = scan(floor, "events").select("queue", "agent", "parameters").collect().row(0)
    assert row == ("wat\\xff\x00er", "水", "\\xe60")


def test_an_unreadable_line_is_set_aside_once_however_often_it_comes(floor: Floor, tmp_path: Path) -> None:
    first = load_text(floor, tmp_path, f"broken\n{LINE}\nbroken\nx|1\n")
    assert (first.loaded, first.quarantined, first.duplicates) == (1, 3, 0)
    longer = load_text(floor, tmp_path, f"broken\n{LINE}\nbroken\nx|1\nbroken\nother\n", "queue_log.1")
    assert (longer.quarantined, longer.duplicates, longer.reasons) == (2, 4, {"too few fields": 2})
    again = load_text(floor, tmp_path, "other\nbroken\n", "queue_log.2")
    assert (again.quarantined, again.duplicates, again.reasons) == (0, 2, {})
    kept = scan(floor, "quarantine").select("file", "line", "raw").collect().rows()
    assert sorted(kept) == [
        ("queue_log", 1, "broken"), ("queue_log", 3, "broken"), ("queue_log", 4, "x|1"),
        ("queue_log.1", 5, "broken"), ("queue_log.1", 6, "other"),
    ]  # fmt: skip


def test_unreadable_lines_are_counted_over_the_blocks_of_a_file(
    floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk, "BLOCK_BYTES", 20)
    assert load_text(floor, tmp_path, "broken\n" * 9).quarantined == 9
    grown = load_text(floor, tmp_path, "broken\n" * 11, "queue_log.1")
    assert (grown.quarantined, grown.duplicates) == (2, 9)


def test_of_unreadable_lines_kept_in_part_nobody_can_say_that_they_are_the_same(floor: Floor, tmp_path: Path) -> None:
    long = "x" * asterisk.KEPT_OF_LONG_LINE
    for number, text in enumerate((long + "1", long + "2")):
        assert load_text(floor, tmp_path, text, f"queue_log.{number}").quarantined == 1
    assert scan(floor, "quarantine").collect().height == 2


@pytest.mark.parametrize(
    "text",
    [
        *("+1795294484", "-1795294484", "1795294484_", "01795294484", "1795294484.", "1795294484.1234567"),
        *("2840140800", "631151999", "17952944.4", "1_795_2944", "+999999999", "\t795294484", "795294484\t"),
    ],
)
def test_what_is_nearly_a_time_is_none(floor: Floor, tmp_path: Path, text: str) -> None:
    account = load_text(floor, tmp_path, LINE.replace("1795294484|", f"{text}|") + "\n")
    assert account.reasons == {"bad time": 1}


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("631152000", 631152000000),
        ("0999999999", 999999999000),
        ("999999999.5", 999999999500),
        ("2840140799", 2840140799000),
        ("1795294484.12", 1795294484120),
    ],
)
def test_times_are_read_to_the_millisecond(floor: Floor, tmp_path: Path, text: str, at_ms: int) -> None:
    load_text(floor, tmp_path, LINE.replace("1795294484|", f"{text}|") + "\n" + LINE + "\n")
    assert scan(floor, "events").sort("line").collect()["at_ms"].to_list() == [at_ms, 1795294484000]


def test_compressed_logs_are_the_same_log(floor: Floor, tmp_path: Path) -> None:
    assert load_text(floor, tmp_path, gzip.compress(f"{LINE}\n".encode()), "queue_log.1.gz").loaded == 1
    packed = zstandard.compress(f"{LINE}\n\n".encode())
    assert load_text(floor, tmp_path, packed, "queue_log.2.zst").duplicates == 1


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_truncated_archive_is_a_problem_and_loads_nothing(floor: Floor, tmp_path: Path, pack: object) -> None:
    chance = random.Random(5)
    text = "".join(f"1795294484|{chance.random()}|q|a|NOTE|\n" for _ in range(5000))
    packed = pack(text.encode())  # type: ignore[operator]
    with pytest.raises(DamagedArchive, match="cannot be unpacked"):
        load_text(floor, tmp_path, packed[: len(packed) // 2])
    assert scan(floor, "events").collect().height == 0


def test_times_of_a_realtime_database_carry_microseconds(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, LINE.replace("1795294484|", "1795294484.123456|") + "\n")
    assert legs(floor)[0]["queued_ms"] == 1795294484123


def test_the_callers_name_and_number_become_hashes_and_the_url_stays(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, "1795294484|1.0|q|NONE|ENTERQUEUE|http://x/1|19900000278|1|Li Si|more\n")
    url, number, position, name = scan(floor, "events").collect()["parameters"][0].split("|")
    assert (url, position) == ("http://x/1", "1")
    assert number.isdigit()
    assert name.isdigit()
    assert number == str(legs(floor)[0]["customer"])


def test_callers_without_a_number_are_nobody(floor: Floor, tmp_path: Path) -> None:
    rows = [f"1795294484|{n}.0|q|NONE|ENTERQUEUE||{word}|1" for n, word in enumerate(["", "anonymous", "Unknown"])]
    load_text(floor, tmp_path, "\n".join(rows))
    assert [row["customer"] for row in legs(floor)] == [None, None, None]


def test_files_of_a_rotated_log_are_put_in_order(examples: Path, tmp_path: Path) -> None:
    lines = (examples / "asterisk_run" / "queue_log").read_bytes().splitlines(keepends=True)
    first, second, third = pieces(tmp_path, lines, [500, 1000])
    assert asterisk.rotated([third, first, second]) == [first, second, third]
    first.rename(tmp_path / "queue_log.9")
    assert [path.name for path in asterisk.rotated([tmp_path])] == ["queue_log.9", "queue_log.1", "queue_log.2"]
    with pytest.raises(MissingFile):
        asterisk.rotated([tmp_path / "nothing"])


def mutated(chance: random.Random, lines: list[bytes]) -> bytes:
    """One line with a few random damages; never with a line end inside."""
    line = bytearray(chance.choice(lines))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 5))):
        at, how = chance.randrange(len(line) + 1), chance.randrange(8)
        if how == 0:
            line[at : at + 1] = bytes([chance.randrange(256)])
        elif how == 1:
            del line[at : at + chance.randrange(1, 12)]
        elif how == 2:
            line[at:at] = chance.choice((b"|", b"||", b"\0", b"\xff", b"\xe6\xb0", b"9" * 30, b"-", b"\r", b" "))
        elif how == 3:
            line = line[:at]
        elif how == 4:
            fields = bytes(line).split(b"|")
            chance.shuffle(fields)
            line = bytearray(b"|".join(fields))
        elif how == 5:
            line += chance.choice(lines)[at:]
        elif how == 6:
            line[at : at + 2] = bytes(chance.randrange(128, 256) for _ in range(2))
        else:
            line = bytearray(bytes(line).replace(b"|", chance.choice((b"|", b"\t", b"| ", b"|NONE|")), 3))
    return bytes(line).replace(b"\n", b"?")


def test_a_hundred_thousand_damaged_lines_are_all_accounted_for(examples: Path, tmp_path: Path) -> None:
    chance, run = random.Random(20261121), examples / "asterisk_run"
    whole = [line for path in (run / "queue_log", run / "gate_session" / "queue_log")
             for line in path.read_bytes().splitlines()]  # fmt: skip
    lines = [mutated(chance, whole) for _ in range(100_000)]
    floor = new_floor(tmp_path)
    account = load_text(floor, tmp_path, b"\n".join(lines) + b"\n")
    assert account.balanced
    assert (account.lines, account.duplicates) == (100_000, 0)
    assert account.loaded > 20_000
    assert account.quarantined > 5_000
    events = scan(floor, "events").select("line", "row_id").collect()
    aside = scan(floor, "quarantine").select("line", "raw").collect()
    blank = [number for number, line in enumerate(lines, 1) if not line.strip(b" \t\r\0\x0b\x0c") and b"\0" not in line]
    assert sorted([*events["line"], *aside["line"], *blank]) == list(range(1, 100_001))
    assert events["row_id"].n_unique() == events.height == account.loaded
    read = lines_of(b"\n".join(lines))
    assert all(raw.encode() == read[line - 1] for line, raw in aside.rows() if read[line - 1].isascii())


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.booleans())
def test_arbitrary_bytes_are_accounted_for(tmp_path: Path, lines: list[bytes], ended: bool) -> None:
    floor = new_floor(tmp_path)
    raw = b"\n".join(lines) + (b"\n" if ended else b"")
    assume(not raw.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")))  # these begin archives
    account = load_text(floor, tmp_path, raw)
    assert account.balanced
    assert account.lines == len(lines_of(raw))
    found = scan(floor, "events").collect().height + scan(floor, "quarantine").collect().height
    assert found == account.loaded + account.quarantined
    assert load_text(floor, tmp_path, raw).duplicates == account.lines


def test_an_upper_bound_of_what_one_odd_time_can_do(floor: Floor, tmp_path: Path) -> None:
    """A login with a wrong year does not become thirty years of work: a login counts for a week at most."""
    log = "\n".join((
        "795294484|MANAGER|q|agent1|ADDMEMBER|", "795294500|NONE|q|agent2|NOTE|",
        "1795294484|MANAGER|q|agent1|REMOVEMEMBER|",
    ))  # fmt: skip
    load_text(floor, tmp_path, log)
    rows = current(floor, "agent_states").select("started_ms", "ended_ms").rows()
    assert rows == [(795294484000, 795294500000)]
    assert pl.Series([end - start for start, end in rows]).sum() == 16_000
