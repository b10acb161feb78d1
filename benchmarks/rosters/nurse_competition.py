"""Instances of the Second International Nurse Rostering Competition (Ceschia and others 2015): a reader and a scorer.

An instance is a scenario, a history and a sequence of week files. The competition prices runs that are too short or too
long; the engine's rules are hard and a tour's cost is a sum over days, so it does not solve these instances.

    python benchmarks/rosters/nurse_competition.py ../shared/data/inrc2_n005w4
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import TypeVar

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COVER, SHIFT_RUN, RUN, OFF_RUN, WISH, WEEKEND, ASSIGNMENT, WEEKENDS = 30, 15, 30, 30, 10, 30, 20, 30
Range = tuple[int, int]  # least and most
Duty = tuple[str, str]  # shift and skill
Kind = TypeVar("Kind")
Roster = Mapping[str, Sequence[Duty | None]]  # by nurse and day; None is a day off


@dataclass(frozen=True)
class Contract:
    """What a kind of contract allows."""

    assignments: Range
    worked: Range
    off: Range
    weekends: int
    complete: bool


@dataclass(frozen=True)
class Nurse:
    """A nurse, and what the days before leave: last shift, and the runs of it, of work and of days off."""

    contract: Contract
    skills: frozenset[str]
    assignments: int
    weekends: int
    last: str
    shift_run: int
    worked_run: int
    off_run: int


@dataclass(frozen=True)
class Instance:
    """All weeks as one horizon."""

    shifts: Mapping[str, Range]  # least and most in a row
    barred: frozenset[tuple[str, str]]
    nurses: Mapping[str, Nurse]
    wanted: Mapping[tuple[int, str, str], Range]  # day, shift, skill: minimum and optimum
    unwanted: frozenset[tuple[str, int, str]]  # nurse, day, shift or Any
    days: int


def read(scenario: Path, history: Path, weeks: Sequence[Path]) -> Instance:
    """An instance from its files."""
    parts, before = _parts(scenario), _parts(history)
    contracts = {row[0]: _contract(row) for row in parts["CONTRACTS"]}
    told = {row[0]: row[1:] for row in before["NURSE_HISTORY"]}
    wanted: dict[tuple[int, str, str], Range] = {}
    unwanted = set[tuple[str, int, str]]()
    for number, path in enumerate(weeks):
        week = _parts(path)
        for shift, skill, *days in week["REQUIREMENTS"]:
            wanted |= {(7 * number + day, shift, skill): _range(text) for day, text in enumerate(days)}
        unwanted |= {(who, 7 * number + DAYS.index(day), shift) for who, shift, day in week["SHIFT_OFF_REQUESTS"]}
    return Instance(
        {row[0]: _range(row[1]) for row in parts["SHIFT_TYPES"]},
        frozenset((row[0], after) for row in parts["FORBIDDEN_SHIFT_TYPES_SUCCESSIONS"] for after in row[2:]),
        {row[0]: _nurse(contracts[row[1]], row[3:], told[row[0]]) for row in parts["NURSES"]},
        wanted,
        frozenset(unwanted),
        7 * len(weeks),
    )


def _parts(path: Path) -> dict[str, list[list[str]]]:
    """The lines of each section, in words; a section's own number is left out."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in path.read_text().splitlines():
        words = line.split()
        if words and re.fullmatch(r"[A-Z_]{4,}", words[0]) and (len(words) == 1 or words[1] == "="):
            rows = found.setdefault(words[0], [])
        elif words:
            rows.append(words)
    return found


def _range(text: str) -> Range:
    least, most = text.strip("()").split(",")
    return int(least), int(most)


def _contract(row: Sequence[str]) -> Contract:
    return Contract(_range(row[1]), _range(row[2]), _range(row[3]), int(row[4]), row[5] == "1")


def _nurse(contract: Contract, skills: Sequence[str], told: Sequence[str]) -> Nurse:
    assignments, weekends, last, shift_run, worked_run, off_run = told
    return Nurse(contract, frozenset(skills), int(assignments), int(weekends), last, int(shift_run), int(worked_run),
                 int(off_run))  # fmt: skip


def read_roster(instance: Instance, weeks: Sequence[Path]) -> Roster:
    """The roster of the solution files of the weeks in order.

    Raises:
        ValueError: somebody has two duties on one day.
    """
    found: dict[str, list[Duty | None]] = {name: [None] * instance.days for name in instance.nurses}
    for number, path in enumerate(weeks):
        for name, day, shift, skill in _parts(path)["ASSIGNMENTS"]:
            place = 7 * number + DAYS.index(day)
            if found[name][place] is not None:
                raise ValueError(f"{name} has two duties on day {place}")
            found[name][place] = (shift, skill)
    return found


def violations(instance: Instance, roster: Roster) -> dict[str, int]:
    """Hard rules that are broken."""
    on_duty = _on_duty(roster)
    rows = [(instance.nurses[name], row) for name, row in roster.items()]
    return {
        "under_staffing": sum(max(0, least - on_duty[place]) for place, (least, _) in instance.wanted.items()),
        "skill": sum(duty[1] not in nurse.skills for nurse, row in rows for duty in row if duty),
        "succession": sum(
            pair in instance.barred
            for nurse, row in rows
            for pair in pairwise([nurse.last, *(duty[0] if duty else "" for duty in row)])
        ),
    }


def score(instance: Instance, roster: Roster) -> dict[str, int]:
    """The parts of what a roster costs, and their total."""
    on_duty = _on_duty(roster)
    told = Counter[str](
        optimal_coverage=sum(COVER * max(0, most - on_duty[place]) for place, (_, most) in instance.wanted.items()),
        preferences=WISH * sum(_is_worked(roster[name][day], shift) for name, day, shift in instance.unwanted),
    )
    for name, nurse in instance.nurses.items():
        shifts = [duty[0] if duty else None for duty in roster[name]]
        worked = [shift is not None for shift in shifts]
        pairs = [worked[day : day + 2] for day in range(5, instance.days, 7)]
        total, least_most = nurse.assignments + sum(worked), nurse.contract.assignments
        told["consecutive"] += _shift_runs(instance, nurse, shifts) + _runs(nurse, worked, work=True)
        told["days_off"] += _runs(nurse, worked, work=False)
        told["complete_weekends"] += WEEKEND * sum(nurse.contract.complete and any(p) and not all(p) for p in pairs)
        told["total_assignments"] += ASSIGNMENT * (max(0, least_most[0] - total) + max(0, total - least_most[1]))
        weekends = nurse.weekends + sum(map(any, pairs))
        told["total_weekends"] += WEEKENDS * max(0, weekends - nurse.contract.weekends)
    return {**told, "total": sum(told.values())}


def _on_duty(roster: Roster) -> Counter[tuple[int, str, str]]:
    return Counter((day, *duty) for row in roster.values() for day, duty in enumerate(row) if duty)


def _is_worked(duty: Duty | None, shift: str) -> bool:
    return duty is not None and shift in ("Any", duty[0])


def _shift_runs(instance: Instance, nurse: Nurse, shifts: Sequence[str | None]) -> int:
    begun = (nurse.last, nurse.shift_run) if nurse.last in instance.shifts else (None, 0)
    return sum(
        SHIFT_RUN * _outside(instance.shifts[shift], length, held, still)
        for shift, length, held, still in _run_lengths(shifts, begun)
        if shift is not None
    )


def _runs(nurse: Nurse, worked: Sequence[bool], *, work: bool) -> int:
    begun = (True, nurse.worked_run) if nurse.worked_run else (False, nurse.off_run)
    allowed, weight = (nurse.contract.worked, RUN) if work else (nurse.contract.off, OFF_RUN)
    return sum(
        weight * _outside(allowed, length, held, still)
        for kind, length, held, still in _run_lengths(worked, begun)
        if kind is work
    )


def _run_lengths(days: Sequence[Kind], begun: tuple[Kind, int]) -> Iterator[tuple[Kind, int, int, bool]]:
    """Of each run its kind, length, days before the horizon, and whether it is still going on at the end."""
    whole = [(begun[0], True)] * begun[1] + [(day, False) for day in days]
    at = 0
    for kind, group in groupby(whole, key=lambda day: day[0]):
        held = list(group)
        at += len(held)
        yield kind, len(held), sum(before for _, before in held), at == len(whole)


def _outside(allowed: Range, length: int, before: int, still: bool) -> int:  # noqa: FBT001
    """Days too few or too many; those too many before the horizon were charged then."""
    least, most = allowed
    return (0 if still else max(0, least - length)) + max(0, length - most) - max(0, before - most)


def main(folder: Path) -> None:
    """Tell what breaks and costs the published solution of the small test set."""
    weeks = (5, 3, 1, 0)
    instance = read(
        folder / "Sc-n005w4.txt", folder / "H0-n005w4-1.txt", [folder / f"WD-n005w4-{week}.txt" for week in weeks]
    )
    solved = folder / "Solution_H_1-WD_5-3-1-0"
    roster = read_roster(instance, [solved / f"Sol-n005w4-{week}-{place}.txt" for place, week in enumerate(weeks)])
    print(violations(instance, roster), score(instance, roster))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
