"""What agents were doing: membership, pauses, rings and talk become one state at a time, and nothing is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from queue_logs import current, load_text, new_floor, states

from onefloor.floor import Floor

T = 1795294400
MIDNIGHT = 1795276800 + 86_400  # 2026-11-23 00:00 in Shanghai


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return new_floor(tmp_path)


def log(*rows: tuple[int, str], agent: str = "a1", start: int = T) -> str:
    """Lines ``NONE|queue|agent|EVENT|parameter`` from ``queue EVENT parameter``; the time counts from the start."""
    return "".join(
        f"{start + at}|NONE|{row.split()[0]}|{agent}|{row.split()[1]}|{' '.join(row.split()[2:])}\n" for at, row in rows
    )


def found(floor: Floor, start: int = T) -> list[tuple[str, str | None, int, int]]:
    """State, reason, start and end in seconds since the start."""
    return [(row[1], row[2], row[3] // 1000 - start, row[4] // 1000 - start) for row in states(floor)]


def test_an_agent_is_available_from_login_to_logout(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, log((0, "q ADDMEMBER"), (60, "q REMOVEMEMBER"), (90, "q NOTE")))
    assert found(floor) == [("available", None, 0, 60)]


def test_an_agent_is_paused_only_while_paused_in_all_queues(floor: Floor, tmp_path: Path) -> None:
    rows = log((0, "q ADDMEMBER"), (0, "r ADDMEMBER"), (10, "q PAUSE Lunch"), (20, "r PAUSE Lunch"), (30, "q UNPAUSE"),
               (40, "r REMOVEMEMBER"), (50, "q PAUSE Tea break"), (60, "q REMOVEMEMBER"))  # fmt: skip
    load_text(floor, tmp_path, rows)
    assert found(floor) == [
        ("available", None, 0, 20), ("paused", "Lunch", 20, 30), ("available", None, 30, 50),
        ("paused", "Tea break", 50, 60),
    ]  # fmt: skip


def test_a_pause_of_all_queues_counts_once(floor: Floor, tmp_path: Path) -> None:
    rows = log((0, "q ADDMEMBER"), (0, "r ADDMEMBER"), (10, "NONE PAUSEALL Lunch"), (10, "q PAUSE Lunch"),
               (10, "r PAUSE Lunch"), (20, "NONE UNPAUSEALL"), (20, "q UNPAUSE"), (20, "r UNPAUSE"),
               (30, "q REMOVEMEMBER"), (30, "r REMOVEMEMBER"))  # fmt: skip
    load_text(floor, tmp_path, rows)
    assert found(floor) == [("available", None, 0, 10), ("paused", "Lunch", 10, 20), ("available", None, 20, 30)]


def test_a_member_added_paused_is_paused(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, log((0, "q ADDMEMBER PAUSED"), (10, "q UNPAUSE"), (20, "q REMOVEMEMBER")))
    assert found(floor) == [("paused", "", 0, 10), ("available", None, 10, 20)]


@pytest.mark.parametrize("reason", ["ACW", "after call work", "Wrapup", "AfterCall", "话后处理"])
def test_a_pause_for_after_call_work_is_wrap(floor: Floor, tmp_path: Path, reason: str) -> None:
    load_text(floor, tmp_path, log((0, f"q PAUSE {reason}"), (10, "q REMOVEMEMBER")))
    assert found(floor) == [("wrap", reason, 0, 10)]


def test_agents_of_a_pool_log_in_and_out(floor: Floor, tmp_path: Path) -> None:
    one = log((0, "NONE AGENTLOGIN PJSIP/1-1"), (10, "NONE AGENTLOGOFF PJSIP/1-1"))
    load_text(floor, tmp_path, one + log((20, "NONE AGENTCALLBACKLOGIN 1@x"), (25, "NONE AGENTCALLBACKLOGOFF 1@x")))
    assert found(floor) == [("available", None, 0, 10), ("available", None, 20, 25)]


def test_the_busiest_state_wins(floor: Floor, tmp_path: Path) -> None:
    calls = (
        f"{T + 20}|1.0|q|a1|CONNECT|9|1.1|5\n{T + 30}|2.0|q|a1|RINGNOANSWER|4000\n"
        f"{T + 40}|1.0|q|a1|COMPLETEAGENT|9|20|1\n{T + 52}|2.0|q|a1|RINGNOANSWER|6000\n"
    )
    load_text(floor, tmp_path, log((0, "q ADDMEMBER"), (38, "q PAUSE Lunch")) + calls + log((60, "q REMOVEMEMBER")))
    assert found(floor) == [
        ("available", None, 0, 15), ("ringing", None, 15, 20), ("talk", None, 20, 40), ("paused", "Lunch", 40, 46),
        ("ringing", None, 46, 52), ("paused", "Lunch", 52, 60),
    ]  # fmt: skip


def test_penalty_and_ringinuse_carry_the_interface_and_are_nobody(floor: Floor, tmp_path: Path) -> None:
    rows = log((0, "q PENALTY 3"), (5, "q RINGINUSE 1"), (9, "q NOTE"), agent="PJSIP/1001")
    load_text(floor, tmp_path, rows)
    assert states(floor) == []


def test_who_is_still_logged_in_is_so_until_the_last_line_of_the_log(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, log((0, "q ADDMEMBER"), (50, "q NOTE")))
    assert found(floor) == [("available", None, 0, 50)]
    load_text(floor, tmp_path, log((70, "q NOTE")), "queue_log.2")
    assert found(floor) == [("available", None, 0, 70)]


def test_states_are_cut_at_the_floors_midnight(floor: Floor, tmp_path: Path) -> None:
    load_text(floor, tmp_path, log((-100, "q ADDMEMBER"), (200, "q REMOVEMEMBER"), start=MIDNIGHT))
    assert found(floor, MIDNIGHT) == [("available", None, -100, 0), ("available", None, 0, 200)]
    assert current(floor, "agent_states")["group_id"].n_unique() == 2


def test_a_log_that_is_silent_for_more_than_a_day_tells_nothing_of_that_time(floor: Floor, tmp_path: Path) -> None:
    day = 86_400
    load_text(floor, tmp_path, log((0, "q ADDMEMBER"), (60, "q NOTE"), (3 * day, "q NOTE"), (3 * day + 9, "q NOTE")))
    assert found(floor) == [("available", None, 0, 60)]


def test_a_login_without_a_sign_counts_for_a_week(floor: Floor, tmp_path: Path) -> None:
    day = 86_400
    load_text(floor, tmp_path, log((0, "q ADDMEMBER"), *((hour * 3600, "q NOTE") for hour in range(240))))
    rows = found(floor)
    assert (rows[0][2], rows[-1][3], {row[0] for row in rows}) == (0, 7 * day, {"available"})


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1)])
def test_a_logout_that_is_loaded_late_takes_back_the_days_after_it(
    floor: Floor, tmp_path: Path, order: tuple[int, ...]
) -> None:
    files = [
        log((0, "q ADDMEMBER"), (60, "q NOTE"), start=MIDNIGHT),
        log((100, "q REMOVEMEMBER"), start=MIDNIGHT),
        log(*((hour * 3600, "q NOTE") for hour in range(1, 60)), start=MIDNIGHT),
    ]
    for number in order:
        load_text(floor, tmp_path, files[number], f"queue_log.{number}")
    assert found(floor, MIDNIGHT) == [("available", None, 0, 100)]
