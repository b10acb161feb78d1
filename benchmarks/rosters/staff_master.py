"""One tour for each of some people out of tours that are known: the linear programme, and the integer one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.planning.rostering.programme import INFINITE, Effort, Programme
from rosters.staff_instance import Instance
from rosters.staff_tours import Tour

Plan = Mapping[int, Tour]  # by the number of the person


class Costs:
    """What tours and their cover cost, day by shift; and every tour met, by person, with its cost."""

    def __init__(self, instance: Instance) -> None:
        shape, names = (instance.days, len(instance.shifts)), list(instance.shifts)
        self.wanted, self.under, self.over = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for day, shift, *row in instance.cover:
            at = day, names.index(shift)
            self.wanted[at], self.under[at], self.over[at] = row
        by_name = {name: np.zeros(shape) for name in instance.people}
        for name, day, shift, weight in instance.wanted:
            by_name[name][day, names.index(shift)] -= weight
        for name, day, shift, weight in instance.unwanted:
            by_name[name][day, names.index(shift)] += weight
        self.requests = list(by_name.values())
        self.constant = float(sum(weight for *_, weight in instance.wanted))
        self.known: list[dict[Tour, float]] = [{} for _ in self.requests]

    def learn(self, number: int, tour: Tour) -> float:
        """Know a tour from now on; its cost."""
        requests = self.requests[number]
        return self.known[number].setdefault(
            tour, sum(float(requests[day, shift]) for day, shift in enumerate(tour) if shift >= 0)
        )

    def short(self, plan: Plan) -> np.ndarray:
        """What a plan leaves wanted, below 0 where it gives too much."""
        short = self.wanted.copy()
        for tour in plan.values():
            for day, shift in enumerate(tour):
                short[day, shift] -= shift >= 0
        return short

    def of(self, plan: Plan) -> float:
        """The requests a plan does not meet, without its cover."""
        return self.constant + sum(self.learn(number, tour) for number, tour in plan.items())

    def total(self, plan: Plan) -> float:
        """What a plan of everybody costs."""
        short = self.short(plan)
        return self.of(plan) + float(np.where(short > 0, self.under * short, -self.over * short).sum())


@dataclass(frozen=True)
class Relaxed:
    """What the linear programme says: cost, prices of day and shift, prices of people, shares and reduced costs."""

    cost: float
    prices: np.ndarray
    people: np.ndarray
    shares: np.ndarray
    reduced: np.ndarray


class Master:
    """The linear programme over tours of the free people, beside a plan of the others; it grows, and starts warm."""

    def __init__(self, costs: Costs, others: Plan) -> None:
        import highspy

        self.costs, self.short = costs, costs.short(others)
        self.others = costs.of(others)
        self.free = [number for number in range(len(costs.requests)) if number not in others]
        self.columns: dict[tuple[int, Tour], int] = {}
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1)):
            self.solver.setOptionValue(option, value)
        none = np.zeros(0)
        for limit in (*self.short.flat, *(1.0 for _ in self.free)):
            self.solver.addRow(limit, limit, 0, none.astype(np.int32), none)
        for place, (under, over) in enumerate(zip(costs.under.flat, costs.over.flat, strict=True)):
            for cost, sign in ((under, 1.0), (over, -1.0)):
                self.solver.addCol(cost, 0, INFINITE, 1, np.array([place], dtype=np.int32), np.array([sign]))
        for number in self.free:
            self.add((number, tour) for tour in costs.known[number])

    def add(self, columns: Iterable[tuple[int, Tour]]) -> int:
        """More tours of free people; how many of them are new."""
        before = len(self.columns)
        for column in columns:
            if column not in self.columns:
                self.columns[column] = len(self.columns)
                index = np.array(self._rows(*column), dtype=np.int32)
                cost = self.costs.learn(*column)
                self.solver.addCol(cost, 0, INFINITE, len(index), index, np.ones(len(index)))
        return len(self.columns) - before

    def fix(self, column: tuple[int, Tour]) -> None:
        """From now on a person has this tour."""
        self.solver.changeColBounds(2 * self.short.size + self.columns[column], 1.0, INFINITE)

    def relaxed(self) -> Relaxed:
        """The least cost of the whole plan where people may share themselves among tours."""
        self.solver.run()
        solution, size = self.solver.getSolution(), self.short.size
        duals, shares, reduced = map(np.array, (solution.row_dual, solution.col_value, solution.col_dual))
        cost = self.solver.getInfo().objective_function_value + self.others
        return Relaxed(
            cost, duals[:size].reshape(self.short.shape), duals[size:], shares[2 * size :], reduced[2 * size :]
        )

    def whole(self, candidates: Sequence[tuple[int, Tour]], plan: Plan, effort: Effort) -> Plan:
        """The best tours of the free people out of candidates that is found, from those of a plan on."""
        programme = Programme()
        for limit in (*self.short.flat, *(1.0 for _ in self.free)):
            programme.row(limit, limit)
        for number, tour in candidates:
            entries = [(row, 1.0) for row in self._rows(number, tour)]
            programme.column(self.costs.learn(number, tour), entries, 1.0, whole=True)
        for place, (under, over) in enumerate(zip(self.costs.under.flat, self.costs.over.flat, strict=True)):
            programme.column(under, [(place, 1.0)])
            programme.column(over, [(place, -1.0)])
        known = {place: 1 for place, (number, tour) in enumerate(candidates) if plan.get(number) == tour}
        found = programme.solved(known, effort)
        if found is None:
            return plan
        return {**plan, **{column[0]: column[1] for column, taken in zip(candidates, found, strict=False) if taken}}

    def _rows(self, number: int, tour: Tour) -> list[int]:
        size = self.short.shape[1]
        held = [day * size + shift for day, shift in enumerate(tour) if shift >= 0]
        return [*held, self.short.size + self.free.index(number)]
