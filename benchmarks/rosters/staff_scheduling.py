"""Published staff scheduling instances (Curtois and Qu 2014): a reader, a scorer, and a solution by the engine.

Each person's roster is a tour through the automaton of the engine's counters; column generation prices tours with
the engine's programme (Desaulniers, Desrosiers, Solomon 2005, chapter 1), dives and an integer programme pick one each.
Minimum runs do not bind at the horizon's ends; a weekend is days 5 and 6 of a week.

    python benchmarks/rosters/staff_scheduling.py ../shared/data/nrp/Instance1.txt ...
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from onefloor.planning.rostering import counters
from onefloor.planning.rostering.arrays import Patterns, Scratch
from onefloor.planning.rostering.automaton import product
from onefloor.planning.rostering.counters import Categories, Counter
from onefloor.planning.rostering.tours import FORBIDDEN, NOTHING, best_tour
from rosters.published_rules import between_paid, of_category, rows_of_days

BEST_KNOWN = {
    "Instance1": 607, "Instance2": 828, "Instance3": 1001, "Instance4": 1716, "Instance5": 1143, "Instance6": 1950,
    "Instance7": 1056, "Instance8": 1300,
}  # fmt: skip
Request = tuple[str, int, str, int]  # person, day, shift, weight
Cover = tuple[int, str, int, int, int]  # day, shift, wanted, weight under, weight over
Tour = tuple[int, ...]  # shift by day, -1 off


@dataclass(frozen=True)
class Person:
    """What binds one person: numbers by shift, minutes, runs, weekends, days off."""

    most: Mapping[str, int]
    most_minutes: int
    least_minutes: int
    most_run: int
    least_run: int
    least_off: int
    weekends: int
    off: set[int] = field(default_factory=set)


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
    people = {row[0]: _person(row) for row in sections["SECTION_STAFF"]}
    for row in sections.get("SECTION_DAYS_OFF", []):
        people[row[0]].off.update(map(int, row[1:]))
    return Instance(
        int(sections["SECTION_HORIZON"][0][0]),
        {row[0]: (int(row[1]), frozenset("".join(row[2:]).split("|")) - {""}) for row in sections["SECTION_SHIFTS"]},
        people,
        _requests(sections, "SECTION_SHIFT_ON_REQUESTS"),
        _requests(sections, "SECTION_SHIFT_OFF_REQUESTS"),
        [(int(d), k, int(n), int(under), int(over)) for d, k, n, under, over in sections["SECTION_COVER"]],
    )


def _person(row: list[str]) -> Person:
    most = {part.split("=")[0]: int(part.split("=")[1]) for part in row[1].split("|") if part}
    return Person(most, *map(int, row[2:8]))


def _requests(sections: Mapping[str, list[list[str]]], name: str) -> list[Request]:
    return [(row[0], int(row[1]), row[2], int(row[3])) for row in sections.get(name, [])]


def violations(instance: Instance, roster: Mapping[str, Sequence[str]]) -> int:
    """Hard rules that a roster ('' is a day off) breaks."""
    return sum(_broken(instance, person, roster[name]) for name, person in instance.people.items())


def _broken(instance: Instance, person: Person, row: Sequence[str]) -> int:
    minutes = sum(instance.shifts[shift][0] for shift in row if shift)
    found = not person.least_minutes <= minutes <= person.most_minutes
    found += sum(bool(row[day]) for day in person.off)
    found += sum(row.count(shift) > most for shift, most in person.most.items())
    found += sum(bool(a and b in instance.shifts[a][1]) for a, b in pairwise(row))
    pairs = [row[day : day + 2] for day in range(5, instance.days, 7)]
    return found + (sum(any(pair) for pair in pairs) > person.weekends) + _bad_runs(person, row)


def _bad_runs(person: Person, row: Sequence[str]) -> int:
    text = "".join("x" if shift else "." for shift in row)
    found, start = 0, 0
    for end in range(1, len(text) + 1):
        if end < len(text) and text[end] == text[start]:
            continue
        length, inner = end - start, start > 0 and end < len(text)
        worked = text[start] == "x"
        found += worked and length > person.most_run
        found += inner and length < (person.least_run if worked else person.least_off)
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


def rules_of(instance: Instance, person: Person) -> list[Counter]:
    """The engine's counters for one person; category 1 and so on are the shifts in order."""
    names, days = list(instance.shifts), instance.days
    kinds = Categories((0, *(instance.shifts[name][0] for name in names)), (False,) * (len(names) + 1))

    def follows(_: int, last: int, kind: int) -> int:
        return -1 if last and kind and names[kind - 1] in instance.shifts[names[last - 1]][1] else kind

    found = [
        between_paid(kinds, days, person.least_minutes, person.most_minutes),
        counters.consecutive_days(kinds, [person.most_run] * days),
        rows_of_days(kinds, days, person.least_run, working=True),
        rows_of_days(kinds, days, person.least_off, working=False),
        counters.weekends(kinds, person.weekends, [day % 7 for day in range(days)]),
        counters.counter(days, len(kinds), len(kinds), follows),
    ]
    capped = [(1 + names.index(name), most) for name, most in person.most.items() if most < days]
    return found + [of_category(kinds, days, kind, most) for kind, most in capped]


class Tours:
    """The engine's tour programme over the people of an instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance, size = instance, len(instance.shifts)
        machines = [product(rules_of(instance, person)) for person in instance.people.values()]
        count = len(machines)
        same = np.tile(np.arange(size, dtype=np.int32), (instance.days, count))
        self.patterns = Patterns(
            np.arange(count + 1, dtype=np.int32) * size,
            np.tile(np.arange(size, dtype=np.int32), count),
            np.tile(np.arange(1, size + 1, dtype=np.int32), count),
            np.zeros((instance.days, count * size), dtype=bool),
            same,
            np.full_like(same, size),
            same,
            np.zeros((count, instance.days, 2), dtype=np.int32),
            np.concatenate([[0], np.cumsum([len(one.after) for one in machines])]).astype(np.int32),
            np.array([one.layers for one in machines], dtype=np.int32),
            np.concatenate([one.after for one in machines]),
        )
        states, none = max(len(one.after) for one in machines), np.zeros(1, dtype=np.int32)
        table = np.zeros((states, size + 1))
        self.room = Scratch(
            np.zeros(1), np.zeros(1), np.zeros((instance.days, size)), np.zeros((1, 1, 1), dtype=np.int32), table,
            table.astype(np.int32), np.zeros(instance.days, dtype=np.int32), np.zeros(size + 1),
            np.zeros(size + 1, dtype=np.int32), none, none, np.zeros(1),
        )  # fmt: skip

    def best(self, number: int, gain: np.ndarray) -> tuple[float, tuple[int, ...]] | None:
        """The best tour of a person for the gain of each day and shift: its value, and shifts by day, -1 off."""
        self.room.gain[:] = gain
        for day in list(self.instance.people.values())[number].off:
            self.room.gain[day] = NOTHING
        value = best_tour(self.patterns, number, self.room)
        return (value, tuple(self.room.choice.tolist())) if value > FORBIDDEN else None


class Master:
    """One tour for each person out of those known, and what is over or under."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.names = instance, list(instance.shifts)
        self.requests = {name: np.zeros((instance.days, len(self.names))) for name in instance.people}
        self.constant = sum(weight for *_, weight in instance.wanted)
        for name, day, shift, weight in instance.wanted:
            self.requests[name][day, self.names.index(shift)] -= weight
        for name, day, shift, weight in instance.unwanted:
            self.requests[name][day, self.names.index(shift)] += weight
        self.known: list[dict[tuple[int, ...], float]] = [{} for _ in instance.people]

    def add(self, number: int, tour: tuple[int, ...]) -> bool:
        """Know one more tour; whether it is new."""
        new = tour not in self.known[number]
        cost = list(self.requests.values())[number]
        self.known[number][tour] = sum(float(cost[day, shift]) for day, shift in enumerate(tour) if shift >= 0)
        return new

    def relaxed(self, fixed: Mapping[int, Tour]) -> Relaxed:
        """The linear programme, with a tour for some people."""
        columns = self._columns(fixed)
        solver = self._programme(columns, 60.0)
        solver.run()
        solution = solver.getSolution()
        duals = np.array(solution.row_dual)
        prices = np.zeros((self.instance.days, len(self.names)))
        for (day, shift), place in self._rows().items():
            prices[day, self.names.index(shift)] = duals[place]
        shares = [(share, *column[:2]) for column, share in zip(columns, solution.col_value, strict=False) if share > 0]
        cost = solver.getInfo().objective_function_value + self.constant
        return Relaxed(cost, prices, duals[len(self.instance.cover) :], shares)

    def whole(self, seconds: float) -> tuple[float, list[Tour]]:
        """The best choice of one tour for each person that is found in the time, and its cost."""
        import highspy

        columns = self._columns({})
        solver = self._programme(columns, seconds)
        for column in range(len(columns)):
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        solver.run()
        values = solver.getSolution().col_value
        picked = [column[1] for column, share in zip(columns, values, strict=False) if share > 0.5]
        return solver.getInfo().objective_function_value + self.constant, picked

    def _columns(self, fixed: Mapping[int, Tour]) -> list[tuple[int, Tour, float]]:
        return [
            (number, tour, cost)
            for number, held in enumerate(self.known)
            for tour, cost in held.items()
            if fixed.get(number, tour) == tour
        ]

    def _rows(self) -> dict[tuple[int, str], int]:
        return {(day, shift): place for place, (day, shift, *_) in enumerate(self.instance.cover)}

    def _programme(self, columns: Sequence[tuple[int, Tour, float]], seconds: float) -> Any:
        import highspy

        rows, solver, none = self._rows(), highspy.Highs(), np.zeros(0)
        for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds), ("mip_rel_gap", 0.0)):
            solver.setOptionValue(option, value)
        for *_, wanted, _, _ in self.instance.cover:
            solver.addRow(wanted, wanted, 0, none.astype(np.int32), none)
        for _ in self.known:
            solver.addRow(1, 1, 0, none.astype(np.int32), none)
        for number, tour, cost in columns:
            held = [rows[day, self.names[shift]] for day, shift in enumerate(tour)
                    if shift >= 0 and (day, self.names[shift]) in rows]  # fmt: skip
            index = np.array([*held, len(rows) + number], dtype=np.int32)
            solver.addCol(cost, 0, 1, len(index), index, np.ones(len(index)))
        for place, (*_, wanted, under, over) in enumerate(self.instance.cover):
            solver.addCol(under, 0, wanted, 1, np.array([place], dtype=np.int32), np.ones(1))
            solver.addCol(over, 0, highspy.kHighsInf, 1, np.array([place], dtype=np.int32), -np.ones(1))
        return solver


@dataclass(frozen=True)
class Relaxed:
    """What the linear programme says: cost, prices of day and shift and of people, shares of tours by person."""

    cost: float
    prices: np.ndarray
    people: np.ndarray
    shares: Sequence[tuple[float, int, Tour]]


@dataclass(frozen=True)
class Solved:
    """A roster by person, and a cost below which there is none."""

    roster: Mapping[str, list[str]]
    bound: float


def solve(instance: Instance, seconds: float = 60.0, seed: int = 0, enough: float = -np.inf) -> Solved:
    """Column generation, then dives and integer programmes over all tours known in turn, while there are time and gap.

    ``seconds`` are the processor's; a cost of ``enough`` ends it.
    """
    began, rng = time.process_time(), np.random.default_rng(seed)

    def left() -> float:
        return seconds - (time.process_time() - began)

    tours, master = Tours(instance), Master(instance)
    requests = list(master.requests.values())
    for number in range(len(requests)):
        _learn(tours, master, number, -requests[number])
    bound = _priced_out(tours, master, requests, lambda: left() < seconds * 0.4)
    best, picked = np.inf, list[Tour]()
    while True:
        _dive(tours, master, requests, rng, left)
        cost, found = master.whole(max(min(left(), seconds * 0.15), 1.0))
        if len(found) == len(requests) and cost < best - 1e-6:
            best, picked = cost, found
        if best <= max(np.ceil(bound - 1e-6), enough) + 1e-6 or left() <= 0:
            break
    names = [*instance.shifts, ""]
    return Solved({name: [names[shift] for shift in tour] for name, tour in zip(instance.people, picked, strict=True)},
                  bound)  # fmt: skip


def _learn(tours: Tours, master: Master, number: int, gain: np.ndarray) -> bool:
    found = tours.best(number, gain)
    return found is not None and master.add(number, found[1])


def _dive(
    tours: Tours, master: Master, requests: list[np.ndarray], rng: np.random.Generator, left: Callable[[], float]
) -> None:
    """Fix a person's tour, one of those the programme is surest of, and learn tours that fit, until all are fixed
    (Joncour, Michel, Sadykov, Sverdlov, Vanderbeck 2010)."""
    fixed: dict[int, Tour] = {}
    while len(fixed) < len(requests) and left() > 0:
        for _ in range(4):
            now = master.relaxed(fixed)
            free = [number for number in range(len(requests)) if number not in fixed]
            if not sum(_learn(tours, master, number, now.prices - requests[number]) for number in free):
                break
        open_ = [(share * rng.uniform(0.8, 1.0), number, tour) for share, number, tour in now.shares if number in free]
        sure = [one for one in open_ if one[0] > 0.79] or [max(open_)]
        fixed |= {number: tour for _, number, tour in sure}


def _priced_out(tours: Tours, master: Master, requests: list[np.ndarray], late: Callable[[], bool]) -> float:
    """Learn tours until none has a reduced cost below 0; the bound (Lasdon 1970)."""
    bound = -np.inf
    while True:
        now = master.relaxed({})
        new, reduced = False, 0.0
        for number, request in enumerate(requests):
            found = tours.best(number, now.prices - request)
            if found is not None:
                less = -found[0] - now.people[number]
                reduced += min(less, 0.0)
                new = (less < -1e-6 and master.add(number, found[1])) or new
        bound = max(bound, now.cost + reduced)
        if not new or late():
            return bound


if __name__ == "__main__":
    for name in sys.argv[1:]:
        held = read(Path(name))
        start = time.process_time()
        done = solve(held, enough=BEST_KNOWN.get(Path(name).stem, -np.inf))
        spent, told = time.process_time() - start, score(held, done.roster)["total"]
        broken = violations(held, done.roster)
        print(f"{Path(name).stem}: {told} (bound {done.bound:.1f}), {broken} rules broken, {spent:.0f} s of processor")
