"""Published staff scheduling instances (Curtois and Qu 2014): reading them, and scoring a roster.

Minimum runs do not bind at the horizon's ends; a weekend is days 5 and 6 of a week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

BEST_KNOWN = {
    "Instance1": 607, "Instance2": 828, "Instance3": 1001, "Instance4": 1716, "Instance5": 1143, "Instance6": 1950,
    "Instance7": 1056, "Instance8": 1300,
}  # fmt: skip
Request = tuple[str, int, str, int]  # person, day, shift, weight
Cover = tuple[int, str, int, int, int]  # day, shift, wanted, weight under, weight over


@dataclass(frozen=True)
class Contract:
    """What binds one person: numbers by shift, minutes, runs, weekends."""

    most: tuple[tuple[str, int], ...]
    most_minutes: int
    least_minutes: int
    most_run: int
    least_run: int
    least_off: int
    weekends: int


@dataclass(frozen=True)
class Person:
    """A contract, and days off."""

    contract: Contract
    off: frozenset[int]


@dataclass(frozen=True)
class Instance:
    """A staff scheduling instance."""

    days: int
    shifts: Mapping[str, tuple[int, frozenset[str]]]  # minutes, what may not follow
    people: Mapping[str, Person]
    wanted: Sequence[Request]
    unwanted: Sequence[Request]
    cover: Sequence[Cover]


def read(path: Path) -> Instance:
    """An instance from its text file."""
    sections: dict[str, list[list[str]]] = {}
    for line in path.read_text().splitlines():
        if line.startswith("SECTION_"):
            rows = sections.setdefault(line.strip(), [])
        elif line.strip() and not line.startswith("#"):
            rows.append(line.strip().split(","))
    off = {row[0]: frozenset(map(int, row[1:])) for row in sections.get("SECTION_DAYS_OFF", [])}
    people = {row[0]: Person(_contract(row), off.get(row[0], frozenset())) for row in sections["SECTION_STAFF"]}
    return Instance(
        int(sections["SECTION_HORIZON"][0][0]),
        {row[0]: (int(row[1]), frozenset("".join(row[2:]).split("|")) - {""}) for row in sections["SECTION_SHIFTS"]},
        people,
        _requests(sections, "SECTION_SHIFT_ON_REQUESTS"),
        _requests(sections, "SECTION_SHIFT_OFF_REQUESTS"),
        [(int(d), k, int(n), int(under), int(over)) for d, k, n, under, over in sections["SECTION_COVER"]],
    )


def _contract(row: list[str]) -> Contract:
    most = tuple((shift, int(number)) for shift, number in (part.split("=") for part in row[1].split("|") if part))
    return Contract(most, *map(int, row[2:8]))


def _requests(sections: Mapping[str, list[list[str]]], name: str) -> list[Request]:
    return [(row[0], int(row[1]), row[2], int(row[3])) for row in sections.get(name, [])]


def violations(instance: Instance, roster: Mapping[str, Sequence[str]]) -> int:
    """Hard rules that a roster ('' is a day off) breaks."""
    return sum(_broken(instance, person, roster[name]) for name, person in instance.people.items())


def _broken(instance: Instance, person: Person, row: Sequence[str]) -> int:
    minutes, contract = sum(instance.shifts[shift][0] for shift in row if shift), person.contract
    found = not contract.least_minutes <= minutes <= contract.most_minutes
    found += sum(bool(row[day]) for day in person.off)
    found += sum(row.count(shift) > most for shift, most in contract.most)
    found += sum(bool(a and b in instance.shifts[a][1]) for a, b in pairwise(row))
    pairs = [row[day : day + 2] for day in range(5, instance.days, 7)]
    return found + (sum(any(pair) for pair in pairs) > contract.weekends) + _bad_runs(contract, row)


def _bad_runs(contract: Contract, row: Sequence[str]) -> int:
    text = "".join("x" if shift else "." for shift in row)
    found, start = 0, 0
    for end in range(1, len(text) + 1):
        if end < len(text) and text[end] == text[start]:
            continue
        length, inner = end - start, start > 0 and end < len(text)
        worked = text[start] == "x"
        found += worked and length > contract.most_run
        found += inner and length < (contract.least_run if worked else contract.least_off)
        start = end
    return found


def score(instance: Instance, roster: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The parts of a roster's cost, and their total."""
    counts = {(day, shift): sum(row[day] == shift for row in roster.values()) for day, shift, *_ in instance.cover}
    told = {
        "shift_on_requests": sum(w for name, day, shift, w in instance.wanted if roster[name][day] != shift),
        "shift_off_requests": sum(w for name, day, shift, w in instance.unwanted if roster[name][day] == shift),
        "under_cover": sum(u * max(0, n - counts[day, shift]) for day, shift, n, u, _ in instance.cover),
        "over_cover": sum(o * max(0, counts[day, shift] - n) for day, shift, n, _, o in instance.cover),
    }
    return {**told, "total": sum(told.values())}
