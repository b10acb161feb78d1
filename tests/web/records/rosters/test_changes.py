"""Which months a change of the roster touches, and that a file is judged line by line."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from onefloor.periods import Month
from onefloor_web.records.rosters.changes import Difference, Side, months_touched, plan
from onefloor_web.records.rosters.lines import Line, Read

MEASURED = [Month(2026, number) for number in range(1, 12)]
NORTH = Side("North", frozenset({"North"}), frozenset({"North"}), client=False)


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def line(
    first: str, until: str | None = None, team: str = "N one", name: str | None = "Lin", agent: str = "N2"
) -> Line:
    ends = None if until is None else day(until)
    return Line(agent, name, "North", "outsourced", "Hefei", team, None, day(first), ends)


def touched(gone: list[Line], come: list[Line]) -> list[str]:
    return [str(month) for month in months_touched([Difference("N2", tuple(gone), tuple(come))], MEASURED)]


def test_another_team_from_a_day_on_touches_the_months_from_then_on() -> None:
    old, new = [line("2026-01-01")], [line("2026-01-01", "2026-09-15"), line("2026-09-15", team="N two")]
    assert touched(old, new) == ["2026-09", "2026-10", "2026-11"]


def test_a_stretch_of_the_past_touches_its_own_months_only() -> None:
    old = [line("2026-01-01")]
    new = [line("2026-01-01", "2026-03-10"), line("2026-03-10", "2026-05-01", team="N two"), line("2026-05-01")]
    assert touched(old, new) == ["2026-03", "2026-04"]


def test_another_name_touches_no_month() -> None:
    assert touched([line("2026-01-01")], [line("2026-01-01", name="Lin Yong")]) == []


def test_leaving_touches_what_follows_and_a_month_without_facts_is_none() -> None:
    assert touched([line("2026-01-01")], [line("2026-01-01", "2026-11-01")]) == ["2026-11"]
    assert touched([line("2026-01-01")], [line("2026-01-01", "2027-01-01")]) == []


def test_a_new_person_touches_every_month_since() -> None:
    assert touched([], [line("2026-10-05")]) == ["2026-10", "2026-11"]


STARTS = st.integers(day("2026-01-01"), day("2026-10-01"))


@given(st.lists(st.tuples(st.sampled_from(["N1", "N2", "N3", None]), STARTS, st.sampled_from([None, "missing:from"]))))
def test_every_line_of_a_file_is_accounted_for(said: list[tuple[str | None, int, str | None]]) -> None:
    read = [
        Read(number, None, Line(agent, None, "North", "outsourced", None, None, None, start, start + 1), agent, "North")
        if agent and not fault
        else Read(number, fault or "missing:agent", None, agent, "North")
        for number, (agent, start, fault) in enumerate(said, 2)
    ]
    account = plan(NORTH, read, [line("2026-01-01", agent="N1")]).account
    assert account["lines"] == sum(account[name] for name in ("changed", "unchanged", "ignored", "set_aside"))


@given(st.lists(STARTS, unique=True, max_size=5))
def test_what_is_held_brought_back_changes_nothing(starts: list[int]) -> None:
    held = [
        Line(agent, "x", "North", "outsourced", None, "t", None, start, start + 1) for agent in "AB" for start in starts
    ]
    read = [Read(number, None, one, one.agent, "North") for number, one in enumerate(held, 2)]
    change = plan(NORTH, read, held)
    assert (change.differences, change.load, change.unchanged) == ((), (), len(held))
