"""Calls: one leg a visit, every way to end, calls that lack lines, and the order of loading that does not matter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queue_logs import current, facts, legs, load, load_text, new_floor, pieces

from onefloor.facts.sources.asterisk_calls import TERMINAL
from onefloor.floor import Floor

T = 1795294400


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return new_floor(tmp_path)


def log(*rows: tuple[int, str]) -> str:
    """Lines of call 1.0 of queue q; the time counts from T."""
    return "".join(f"{T + at}|1.0|q|{rest}\n" for at, rest in rows)


ENTER = (0, "NONE|ENTERQUEUE||19900000278|1")
CONNECT = (9, "a1|CONNECT|9|1.1|3")


@pytest.mark.parametrize(
    ("end", "outcome", "ended_by", "target"),
    [
        ("a1|COMPLETEAGENT|9|20|1", "answered", "agent", None),
        ("a1|COMPLETECALLER|9|20|1", "answered", "customer", None),
        ("a1|BLINDTRANSFER|8001|agents|9|20|1", "answered", "transfer", "8001"),
        ("a1|TRANSFER|8001|agents|9|20", "answered", "transfer", "8001"),
        ("a1|TRANSFER|8001|agents|9|20|1", "answered", "transfer", "8001"),
        ("a1|ATTENDEDTRANSFER|BRIDGE|b-77|9|20|1", "answered", "transfer", "b-77"),
        ("a1|ATTENDEDTRANSFER|APP|VoiceMail|9|20|1", "answered", "transfer", "VoiceMail"),
        ("a1|ATTENDEDTRANSFER|LINK|PJSIP/a-1|PJSIP/b-2|9|20|1", "answered", "transfer", "PJSIP/b-2"),
    ],
)
def test_an_answered_call_ends_in_each_of_these_ways(
    floor: Floor, tmp_path: Path, end: str, outcome: str, ended_by: str, target: str | None
) -> None:
    load_text(floor, tmp_path, log(ENTER, CONNECT, (30, end)))
    (leg,) = legs(floor)
    assert [leg[name] for name in ("outcome", "ended_by", "transferred_to", "agent")] == [
        outcome,
        ended_by,
        target,
        "a1",
    ]
    assert [leg[name] for name in ("wait_ms", "ring_ms", "talk_ms", "hold_ms", "wrap_ms")] == [
        9000,
        3000,
        20_000,
        None,
        None,
    ]
    assert [leg[name] for name in ("queued_ms", "answered_ms", "ended_ms")] == [(T + at) * 1000 for at in (0, 9, 30)]


@pytest.mark.parametrize(
    ("end", "outcome", "ended_by"),
    [
        ("NONE|ABANDON|1|1|12", "abandoned", "customer"),
        ("NONE|EXITWITHTIMEOUT|1|1|12", "timeout", "system"),
        ("NONE|EXITWITHKEY|3|1|1|12", "exit_key", "customer"),
        ("NONE|EXITEMPTY|1|1|12", "queue_empty", "system"),
        ("NONE|WITHDRAW|1|1|12|moved", "withdrawn", "system"),
    ],
)
def test_a_call_that_nobody_answers_ends_in_each_of_these_ways(
    floor: Floor, tmp_path: Path, end: str, outcome: str, ended_by: str
) -> None:
    load_text(floor, tmp_path, log(ENTER, (13, end)))
    (leg,) = legs(floor)
    assert [leg[name] for name in ("outcome", "ended_by", "wait_ms", "talk_ms", "agent", "answered_ms")] == [
        outcome, ended_by, 12_000, None, None, None,
    ]  # fmt: skip


def test_every_terminal_event_has_a_test_of_its_own() -> None:
    text = Path(__file__).read_text()
    assert [name for name in TERMINAL if f"|{name}|" not in text] == []


@pytest.mark.parametrize("dropped", ["a1|SYSCOMPAT|", "a1|AGENTDUMP|"])
def test_a_dropped_answer_fails_the_visit_unless_it_goes_on(floor: Floor, tmp_path: Path, dropped: str) -> None:
    load_text(floor, tmp_path, log(ENTER, (9, dropped)))
    assert [(row["outcome"], row["wait_ms"], row["ended_by"]) for row in legs(floor)] == [("failed", 9000, "system")]
    load_text(floor, tmp_path, log(ENTER, (9, dropped), (20, "NONE|ABANDON|1|1|20")))
    assert [(row["outcome"], row["wait_ms"]) for row in legs(floor)] == [("abandoned", 20_000)]


def test_a_call_without_an_end_is_open_until_the_end_is_loaded(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, log(ENTER))
    assert [(row["outcome"], row["wait_ms"], row["ended_ms"]) for row in legs(floor)] == [("open", None, None)]
    load_text(floor, tmp_path, log(CONNECT), "queue_log.2")
    assert [(row["outcome"], row["wait_ms"], row["agent"]) for row in legs(floor)] == [("open", 9000, "a1")]
    load_text(floor, tmp_path, log((30, "a1|COMPLETEAGENT|9|20|1")), "queue_log.3")
    assert [(row["outcome"], row["talk_ms"], row["revision"]) for row in legs(floor)] == [("answered", 20_000, 3)]


def test_a_call_that_visits_queues_again_has_a_leg_for_each_visit(floor: Floor, tmp_path: Path) -> None:
    again = log(ENTER, (5, "NONE|EXITWITHKEY|1|1|1|5")) + log((5, "NONE|ENTERQUEUE||19900000278|2")).replace(
        "|q|", "|r|"
    )
    again += log((8, "a1|CONNECT|3|1.1|2"), (9, "a1|COMPLETEAGENT|3|1|2")).replace("|q|", "|r|") + log((10, ENTER[1]))
    load_text(floor, tmp_path, again)
    assert [(row["leg"], row["queue"], row["outcome"], row["wait_ms"]) for row in legs(floor)] == [
        (1, "q", "exit_key", 5000), (2, "r", "answered", 3000), (3, "q", "open", None),
    ]  # fmt: skip
    assert len({row["customer"] for row in legs(floor)}) == 1


@pytest.mark.parametrize(
    ("rows", "queued", "answered", "wait", "outcome"),
    [
        ([CONNECT, (30, "a1|COMPLETEAGENT|9|20|1")], 0, 9, 9000, "answered"),
        ([(30, "a1|COMPLETEAGENT|9|20|1")], 1, 10, 9000, "answered"),
        ([(30, "NONE|ABANDON|1|1|12")], 18, None, 12_000, "abandoned"),
        ([(30, "a1|RINGNOANSWER|8000")], 22, None, None, "open"),
    ],
)
def test_a_visit_whose_beginning_is_missing_is_put_together_from_its_seconds(
    floor: Floor,
    tmp_path: Path,
    rows: list[tuple[int, str]],
    queued: int,
    answered: int | None,
    wait: int,
    outcome: str,
) -> None:
    load_text(floor, tmp_path, log(*rows))
    (leg,) = legs(floor)
    assert leg["started_ms"] == leg["queued_ms"] == (T + queued) * 1000
    assert leg["answered_ms"] == (None if answered is None else (T + answered) * 1000)
    assert (leg["wait_ms"], leg["outcome"], leg["leg"]) == (wait, outcome, 1)


def test_rings_that_nobody_took_are_counted_and_kept(floor: Floor, tmp_path: Path) -> None:
    rows = [ENTER, (3, "a2|RINGNOANSWER|2000"), (4, "a2|RINGNOANSWER|1000"), CONNECT]
    load_text(floor, tmp_path, log(*rows, (10, "a1|COMPLETEAGENT|9|1|1")))
    assert [row["rings_unanswered"] for row in legs(floor)] == [2]
    rings = current(floor, "rings").sort("started_ms").select("agent", "outcome", "started_ms", "ring_ms").rows()
    assert rings == [
        ("a2", "no_answer", (T + 1) * 1000, 2000), ("a2", "no_answer", (T + 3) * 1000, 1000),
        ("a1", "answered", (T + 6) * 1000, 3000),
    ]  # fmt: skip


def test_a_damaged_number_falls_back_on_the_times(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, log(ENTER, (9, "a1|CONNECT|x||"), (30, "a1|COMPLETEAGENT||?|1")))
    (leg,) = legs(floor)
    assert (leg["wait_ms"], leg["talk_ms"], leg["ring_ms"]) == (9000, 21_000, None)


def test_events_that_belong_to_no_call_make_no_leg(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, f"{T}|NONE|q|a1|COMPLETEAGENT|1|1|1\n{T}|MANAGER|q|a1|ENTERQUEUE||1|1\n")
    assert legs(floor) == []


def test_a_call_over_midnight_of_a_months_end_stays_one_call(floor: Floor, tmp_path: Path) -> None:
    midnight = 1796054400  # 2026-12-01 00:00 in Shanghai
    load_text(floor, tmp_path, f"{midnight - 5}|1.0|q|NONE|ENTERQUEUE||1|1\n", "queue_log.1")
    load_text(floor, tmp_path, f"{midnight + 5}|1.0|q|a|CONNECT|10|x|1\n{midnight + 9}|1.0|q|a|COMPLETEAGENT|10|4|1\n")
    assert [(row["month"], row["outcome"], row["wait_ms"]) for row in legs(floor)] == [(202611, "answered", 10_000)]


@pytest.fixture(scope="module")
def run(examples: Path) -> list[bytes]:
    return (examples / "asterisk_run" / "queue_log").read_bytes().splitlines(keepends=True)


@pytest.fixture(scope="module")
def whole(run: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("whole")
    floor = new_floor(folder)
    load(floor, *pieces(folder, run, []))
    return facts(floor)


@settings(max_examples=15)
@given(data=st.data())
def test_where_the_log_is_cut_and_how_its_files_are_ordered_makes_no_difference(
    data: st.DataObject, run: list[bytes], whole: dict[str, object], tmp_path: Path
) -> None:
    """Files that begin in the same second cannot be told apart by their content and are left out here."""
    cuts = data.draw(st.lists(st.integers(1, len(run) - 1), max_size=3, unique_by=lambda cut: run[cut][:10]))
    files = pieces(tmp_path, run, sorted(cut for cut in cuts if run[cut][:10] != run[0][:10]))
    floor = new_floor(tmp_path)
    account = load(floor, *data.draw(st.permutations(files)))
    assert (account.lines, account.loaded) == (1571, 1571)
    assert facts(floor) == whole


def test_a_growing_log_loads_just_its_new_lines(run: list[bytes], whole: dict[str, object], tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    for end in (400, 900, 1571):
        account = load(floor, pieces(tmp_path, run[:end], [])[0])
    assert (account.loaded, account.duplicates) == (671, 900)
    assert facts(floor) == whole


def test_overlapping_files_load_every_line_once(run: list[bytes], whole: dict[str, object], tmp_path: Path) -> None:
    floor = new_floor(tmp_path)
    for name, part in (("b", run[700:]), ("a", run[:900])):
        (tmp_path / name).write_bytes(b"".join(part))
    account = load(floor, tmp_path / "b", tmp_path / "a")
    assert (account.loaded, account.duplicates) == (1571, 200)
    assert facts(floor) == whole
