"""The log of a real PBX: the counts that are known, and every trap that lies in it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import polars as pl
import pytest
from queue_logs import current, facts, legs, load, new_floor, pieces, states

from onefloor.facts.store import Account, data_version, scan
from onefloor.floor import Floor

SHARED = Path(__file__).parents[3] / "../shared/data/acd_formats/expected.json"
EVENTS = {
    "ABANDON": 53, "ADDMEMBER": 30, "BLINDTRANSFER": 16, "COMPLETEAGENT": 207, "COMPLETECALLER": 124, "CONNECT": 347,
    "ENTERQUEUE": 432, "EXITEMPTY": 6, "EXITWITHKEY": 24, "GATE_DENIED": 10, "PAUSE": 60, "PAUSEALL": 44, "PENALTY": 16,
    "QUEUESTART": 1, "REMOVEMEMBER": 30, "RINGCANCELED": 24, "RINGINUSE": 3, "RINGNOANSWER": 42, "UNPAUSE": 57,
    "UNPAUSEALL": 43, "WITHDRAW": 2,
}  # fmt: skip
BY_QUEUE = {
    "water": {"offered": 247, "answered": 187, "answered_within_20s": 173, "abandoned": 43,
              "hold_time_of_answered_s": 2109, "talk_s": 2495},
    "english": {"offered": 47, "answered": 37, "answered_within_20s": 34, "abandoned": 4,
                "hold_time_of_answered_s": 342, "talk_s": 453},
    "tax": {"offered": 138, "answered": 123, "answered_within_20s": 122, "abandoned": 6,
            "hold_time_of_answered_s": 838, "talk_s": 1602},
}  # fmt: skip


@pytest.fixture(scope="module")
def log(examples: Path) -> Path:
    return examples / "asterisk_run" / "queue_log"


@pytest.fixture(scope="module")
def loaded(log: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Floor, Account]:
    floor = new_floor(tmp_path_factory.mktemp("run"))
    return floor, load(floor, log)


@pytest.fixture(scope="module")
def floor(loaded: tuple[Floor, Account]) -> Floor:
    return loaded[0]


def test_every_line_of_the_run_is_an_event(loaded: tuple[Floor, Account]) -> None:
    floor, account = loaded
    assert account.as_json() == {
        "source": "asterisk-queue-log", "lines": 1571, "loaded": 1571, "duplicates": 0, "ignored": 0, "quarantined": 0,
        "reasons": {"note: events of the site's own": 10, "note: overlapping talk": 22},
    }  # fmt: skip
    counts = scan(floor, "events").group_by("event").len().collect()
    assert dict(counts.iter_rows()) == EVENTS


def test_every_queued_call_has_the_one_end_that_is_known_of_it(floor: Floor) -> None:
    rows = legs(floor)
    assert len(rows) == 432
    counted = pl.DataFrame(rows).group_by("outcome", "ended_by").len().rows()
    assert sorted(counted) == [
        ("abandoned", "customer", 53), ("answered", "agent", 207), ("answered", "customer", 124),
        ("answered", "transfer", 16), ("exit_key", "customer", 24), ("queue_empty", "system", 6),
        ("withdrawn", "system", 2),
    ]  # fmt: skip


def test_the_queues_have_the_counts_and_seconds_that_are_known_of_them(floor: Floor) -> None:
    answered = pl.col("outcome") == "answered"
    found = current(floor, "contacts").group_by("queue").agg(
        pl.len().alias("offered"),
        answered.sum().alias("answered"),
        (answered & (pl.col("wait_ms") <= 20_000)).sum().alias("answered_within_20s"),
        (pl.col("outcome") == "abandoned").sum().alias("abandoned"),
        (pl.col("wait_ms").filter(answered).sum() // 1000).alias("hold_time_of_answered_s"),
        (pl.col("talk_ms").sum() // 1000).alias("talk_s"),
    )  # fmt: skip
    assert {row.pop("queue"): row for row in found.to_dicts()} == BY_QUEUE


def test_the_counts_in_this_file_are_the_ones_handed_out_with_the_data() -> None:
    if not SHARED.exists():
        pytest.skip("the expectations that came with the data are not part of the repository")
    given = json.loads(SHARED.read_text())["asterisk_queue_log"]
    assert given["events"] == EVENTS
    assert given["by_queue"] == BY_QUEUE


def test_trap_calls_are_counted_from_the_queue_log_and_not_from_the_702_cdr_rows(floor: Floor) -> None:
    rows = legs(floor)
    assert len({row["contact"] for row in rows}) == len(rows) == 432


def test_trap_penalty_and_ringinuse_rows_make_no_second_agent(floor: Floor) -> None:
    agents = {f"agent{n}" for n in (*range(1001, 1009), *range(2001, 2005))}
    assert {row[0] for row in states(floor)} == agents
    assert {row["agent"] for row in legs(floor)} - {None} == agents
    interfaces = scan(floor, "events").filter(pl.col("agent").str.starts_with("PJSIP/")).collect()
    assert dict(interfaces.group_by("event").len().iter_rows()) == {"PENALTY": 16, "RINGINUSE": 3}


def test_trap_ring_times_are_milliseconds_and_all_others_seconds(floor: Floor) -> None:
    rings = current(floor, "rings")
    assert dict(rings.group_by("outcome").len().iter_rows()) == {"answered": 347, "no_answer": 42, "canceled": 24}
    first = (
        rings.filter(pl.col("contact") == "1795294484.1").sort("started_ms").select("outcome", "started_ms", "ring_ms")
    )
    assert first.rows() == [
        ("no_answer", 1795294486000, 8000), ("no_answer", 1795294495000, 8000), ("no_answer", 1795294504000, 8000),
        ("canceled", 1795294513090, 7910),
    ]  # fmt: skip
    leg = next(row for row in legs(floor) if row["contact"] == "1795294484.1")
    assert (leg["wait_ms"], leg["rings_unanswered"], leg["ring_ms"]) == (36_000, 3, None)


def test_trap_the_order_inside_one_second_is_that_of_the_file(floor: Floor) -> None:
    """At 1795294557 agent1001 is removed and added again: had the order been lost, she would be logged out."""
    around = [row for row in states(floor, "agent1001") if row[3] <= 1795294557000 < row[4]]
    assert around == [("agent1001", "available", None, 1795294512000, 1795294574000)]


def test_trap_overlapping_talk_of_agent1003_is_in_the_report(log: Path, tmp_path: Path) -> None:
    found = new_floor(tmp_path)
    report = load(found, log)
    talks = sorted((row["answered_ms"], row["ended_ms"]) for row in legs(found) if row["agent"] == "agent1003")
    ends = itertools.accumulate((end for _, end in talks), max)
    begun_while_talking = sum(start < end for (start, _), end in zip(talks[1:], ends, strict=False))
    assert report.reasons["note: overlapping talk"] == begun_while_talking == 22


def test_trap_overlapping_talk_of_agent1003_stays_two_legs_and_becomes_one_state(floor: Floor) -> None:
    talks = sorted((row["answered_ms"], row["ended_ms"]) for row in legs(floor) if row["agent"] == "agent1003")
    assert any(later[0] < earlier[1] for earlier, later in itertools.pairwise(talks))
    rows = states(floor, "agent1003")
    assert all(earlier[4] <= later[3] for earlier, later in itertools.pairwise(rows))
    covered = {ms for start, end in talks for ms in range(start, end, 500)}
    assert sum(row[4] - row[3] for row in rows if row[1] == "talk") == 500 * len(covered)


def test_trap_pauseall_is_followed_by_a_row_per_queue_and_counts_once(floor: Floor) -> None:
    """agent2003 is paused in two queues from :615 to :642; until :632 a call goes on that she still talks on."""
    paused = [row for row in states(floor, "agent2003") if row[2] == "Training"]
    assert paused[0][3:] == (1795294632000, 1795294642000)


def test_trap_a_shift_that_starts_mid_file_has_ends_without_answers(log: Path, floor: Floor, tmp_path: Path) -> None:
    """From the last 700 lines alone: calls whose beginning is missing are put together from their last line."""
    lines = log.read_bytes().splitlines(keepends=True)
    part = new_floor(tmp_path)
    report = load(part, pieces(tmp_path, lines, [871])[1])
    assert report.reasons["note: calls without a beginning"] == 12
    whole = {row["contact"]: row for row in legs(floor)}
    cut = [row for row in legs(part) if row["row_id"] in {whole[row["contact"]]["row_id"]}]
    begun = [row for row in cut if row["revision"] < whole[row["contact"]]["revision"] and row["outcome"] == "answered"]
    assert len(begun) >= 5
    for row in begun:
        full = whole[row["contact"]]
        assert [row[name] for name in ("wait_ms", "talk_ms", "agent", "queue", "outcome", "ended_ms")] == [
            full[name] for name in ("wait_ms", "talk_ms", "agent", "queue", "outcome", "ended_ms")
        ]
        assert abs(row["answered_ms"] - full["answered_ms"]) <= 1000
        assert abs(row["queued_ms"] - full["queued_ms"]) <= 2000


def test_blind_transfers_name_the_extension(floor: Floor) -> None:
    targets = [row["transferred_to"] for row in legs(floor) if row["ended_by"] == "transfer"]
    assert targets == ["8001"] * 16


def test_caller_numbers_are_nowhere_in_the_facts(floor: Floor) -> None:
    for table in ("events", "contacts", "rings", "agent_states"):
        texts = scan(floor, table).select(pl.col(pl.String)).collect()
        assert not any(column.str.contains("1990000").any() for column in texts.iter_columns()), table
    customers = current(floor, "contacts")["customer"]
    assert customers.null_count() == 0
    stored = scan(floor, "events").filter(pl.col("event") == "ENTERQUEUE").select("parameters").collect()
    numbers = stored["parameters"].str.split("|").list.get(1).cast(pl.Int64)
    assert sorted(numbers) == sorted(customers)


def test_the_same_bytes_again_are_all_duplicates_and_change_nothing(floor: Floor, log: Path, tmp_path: Path) -> None:
    before = facts(floor)
    again = load(floor, log)
    assert (again.lines, again.duplicates, again.loaded) == (1571, 1571, 0)
    longer = tmp_path / "queue_log"
    longer.write_bytes(log.read_bytes() + b"\n")
    copied = load(floor, longer)
    assert (copied.lines, copied.duplicates, copied.ignored, copied.reasons) == (1572, 1571, 1, {"blank": 1})
    assert facts(floor) == before


def test_the_gate_session_loads_with_its_own_events(examples: Path, tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    account = load(floor, examples / "asterisk_run" / "gate_session" / "queue_log")
    assert (account.lines, account.loaded) == (31, 31)
    outcomes = [row["outcome"] for row in legs(floor)]
    assert outcomes.count("timeout") == 3
    kept = scan(floor, "events").filter(pl.col("event") == "GATE_REVOKED").collect()
    assert kept["parameters"].to_list() == ["cert:refund-v3|expired|2026-11-20"]
    assert "PJSIP/1003" not in {row[0] for row in states(floor)}


def test_call_ids_with_a_system_name_load(examples: Path, tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    account = load(floor, examples / "asterisk_run" / "queue_log.systemname_sample")
    assert (account.lines, account.loaded) == (8, 8)
    assert [(row["contact"], row["outcome"], row["wait_ms"], row["talk_ms"]) for row in legs(floor)] == [
        ("hotline-lab-1795294454.0", "open", 4000, None),
        ("hotline-lab-1795294455.1", "answered", 5000, 7000),
    ]


def test_the_data_version_depends_on_the_lines_alone(floor: Floor, log: Path, tmp_path: Path) -> None:
    other = new_floor(tmp_path, timezone="Europe/Berlin")
    load(other, log)
    assert data_version(other) == data_version(floor)
