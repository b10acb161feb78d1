"""Tours of the published staff scheduling instances: the engine's automaton and tour programme for their contracts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefloor.planning.rostering import counters
from onefloor.planning.rostering.arrays import Patterns, Scratch
from onefloor.planning.rostering.automaton import Automaton, product
from onefloor.planning.rostering.counters import Categories, Counter
from onefloor.planning.rostering.tours import FORBIDDEN, NOTHING, best_tour
from rosters.published_rules import between_paid, of_category, rows_of_days
from rosters.staff_instance import Contract, Instance

Tour = tuple[int, ...]  # shift by day, -1 off


def rules_of(instance: Instance, contract: Contract) -> list[Counter]:
    """The engine's counters for a contract; category 1 and so on are the shifts in order."""
    names, days = list(instance.shifts), instance.days
    kinds = Categories((0, *(instance.shifts[name][0] for name in names)), (False,) * (len(names) + 1))

    def follows(_: int, last: int, kind: int) -> int:
        return -1 if last and kind and names[kind - 1] in instance.shifts[names[last - 1]][1] else kind

    found = [
        between_paid(kinds, days, contract.least_minutes, contract.most_minutes),
        counters.consecutive_days(kinds, [contract.most_run] * days),
        rows_of_days(kinds, days, contract.least_run, working=True),
        rows_of_days(kinds, days, contract.least_off, working=False),
        counters.weekends(kinds, contract.weekends, [day % 7 for day in range(days)]),
        counters.counter(days, len(kinds), len(kinds), follows),
    ]
    capped = [(1 + names.index(name), most) for name, most in contract.most if most < days]
    return found + [of_category(kinds, days, kind, most) for kind, most in capped]


class Tours:
    """The engine's tour programme over the people of an instance."""

    def __init__(self, instance: Instance) -> None:
        people = list(instance.people.values())
        contracts = list(dict.fromkeys(person.contract for person in people))
        self.contract = [contracts.index(person.contract) for person in people]
        self.off = [list(person.off) for person in people]
        machines = [product(rules_of(instance, contract)) for contract in contracts]
        self.patterns = _patterns(machines, instance.days, len(instance.shifts))
        self.room = _room(max(len(one.after) for one in machines), instance.days, len(instance.shifts))

    def best(self, number: int, gain: np.ndarray) -> tuple[float, Tour] | None:
        """The best tour of a person for the gain of each day and shift: its value, and shifts by day, -1 off."""
        self.room.gain[:] = gain
        self.room.gain[self.off[number]] = NOTHING
        value = best_tour(self.patterns, self.contract[number], self.room)
        return (value, tuple(self.room.choice.tolist())) if value > FORBIDDEN else None


def _patterns(machines: Sequence[Automaton], days: int, size: int) -> Patterns:
    count = len(machines)
    same = np.tile(np.arange(size, dtype=np.int32), (days, count))
    return Patterns(
        np.arange(count + 1, dtype=np.int32) * size,
        np.tile(np.arange(size, dtype=np.int32), count),
        np.tile(np.arange(1, size + 1, dtype=np.int32), count),
        np.zeros((days, count * size), dtype=bool),
        np.zeros((days, count * size), dtype=bool),
        np.zeros(count * size + 1, dtype=np.int32),
        np.zeros((days, 0, 3), dtype=np.int32),
        same,
        np.full_like(same, size),
        same,
        np.zeros((count, days, 2), dtype=np.int32),
        np.concatenate([[0], np.cumsum([len(one.after) for one in machines])]).astype(np.int32),
        np.array([one.layers for one in machines], dtype=np.int32),
        np.concatenate([one.after for one in machines]),
    )


def _room(states: int, days: int, size: int) -> Scratch:
    table, none = np.zeros((states, size + 1)), np.zeros(1, dtype=np.int32)
    return Scratch(
        np.zeros(1), np.zeros(1), np.zeros((days, size)), np.zeros((1, 1, 1), dtype=np.int32), np.zeros((1, 1)),
        np.zeros((1, 1), dtype=np.int32), table, table.astype(np.int32), np.zeros(days, dtype=np.int32),
        np.zeros(size + 1), np.zeros(size + 1, dtype=np.int32), none, none, np.zeros(1),
    )  # fmt: skip
