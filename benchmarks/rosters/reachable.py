"""What lawful changes could bring back of an absence at most: an integer programme that shares nothing with repairs.

Everybody may do what a repair may ask of them: move breaks, come earlier or stay longer, work another shift, come in on
a day off, on any day whose shifts reach the gap. What is lawful the independent checker says, agent by agent; who
serves what is a flow; HiGHS finds the most that so many changes bring back, whatever they cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from onefloor.planning.rostering.checking import at_desk, breaches
from onefloor.planning.rostering.problem import Problem, Roster, Shift
from onefloor.planning.rostering.scoring import missing
from onefloor.planning.rostering.timing import begins


@dataclass(frozen=True)
class Gap:
    """An absence: who, of which day's shift; from ``since`` on until before ``until`` cover is lost.

    Nobody comes before ``soonest`` or is told anything at work before ``told``; overtime is at most ``most`` intervals.
    """

    row: int
    day: int
    since: int
    until: int
    soonest: int
    told: int
    most: int


Desk = tuple[tuple[int, int], ...]  # intervals in which somebody is at the desk more (1) or less (-1)


class Reachable:
    """The programme of a gap. ``lost`` is what goes missing with the absence, in cost; ``gone`` of each interval."""

    def __init__(self, problem: Problem, roster: Roster, gap: Gap) -> None:
        self.problem, self.roster, self.begin = problem, roster, begins(problem)
        there = at_desk(problem, roster)
        before = self._missing(there)
        there[gap.row, gap.since : self._end(gap.row, gap.day)] = False
        last = int(np.flatnonzero(self._missing(there) - before > 1e-6).max(initial=gap.since))
        self.gap = gap = replace(gap, until=min(gap.until, last + 1))
        self.there, self.gone = there, (self._missing(there) - before)[gap.since : gap.until]
        self.before, self.lost = float(before[gap.since : gap.until].sum()), float(self.gone.sum())
        self.kinds = self._kinds()

    def most(self, changes: int | None) -> float:
        """What so many changes (None: any number) bring back at most."""
        rows = _Rows(self)
        used = rows.row(-np.inf, np.inf if changes is None else changes)
        for (skills, options), number in self.kinds.items():
            each = rows.row(-np.inf, number)
            for option in options:
                desk = [(rows.supply[t, skills], float(sign)) for t, sign in option if (t, skills) in rows.supply]
                rows.column(0.0, [(each, 1.0), (used, 1.0), *desk], number)
        return self.lost - max(rows.solved() - self.before, 0.0)

    def _missing(self, there: NDArray[np.bool_]) -> NDArray[np.float64]:
        return missing(self.problem, there)[0] * self.problem.costs.missing / self.problem.per_hour

    def _shift(self, row: int, day: int) -> Shift | None:
        number = int(self.roster.shifts[row, day])
        return self.problem.shifts[number] if number >= 0 else None

    def _end(self, row: int, day: int) -> int:
        number = int(self.roster.shifts[row, day])
        return int(self.begin[day, number]) + self.problem.shifts[number].length

    def _kinds(self) -> dict[tuple[tuple[str, ...], frozenset[Desk]], int]:
        """How many people have the same skills and options of a day."""
        found: Counter[tuple[tuple[str, ...], frozenset[Desk]]] = Counter()
        for row, agent in enumerate(self.problem.agents):
            skills = tuple(sorted(one.skill for one in agent.qualifications))
            for day in range(self.problem.grid.days) if row != self.gap.row else ():
                if options := frozenset(self._options(row, day)):
                    found[skills, options] += 1
        return found

    def _options(self, row: int, day: int) -> Iterator[Desk]:
        gap, now = self.gap, self._shift(row, day)
        begin, before = 0, set[int]()
        if now is not None:
            begin = int(self.begin[day, self.roster.shifts[row, day]])
            held = tuple(self.roster.pauses[row, day][: len(now.pauses)].tolist())
            before = self._desk(begin, now, held)
            for early, late in self._overtime(row, day, begin, begin + now.length):
                extra = {*range(begin - early, begin), *range(begin + now.length, begin + now.length + late)}
                for offsets in self._breaks(now, begin, held):
                    yield from self._option(before, self._desk(begin, now, offsets) | extra)
            if begin < gap.soonest:
                return
        for number, shift in enumerate(self.problem.shifts):
            start = int(self.begin[day, number])
            if gap.soonest <= start < gap.until and self._lawful(row, day, number):
                for offsets in product(*(range(one.earliest, one.latest + 1) for one in shift.pauses)):
                    yield from self._option(before, self._desk(start, shift, offsets))

    def _option(self, before: set[int], after: set[int]) -> Iterator[Desk]:
        """What lies in the gap of a change, where it helps at all."""
        inside = range(self.gap.since, self.gap.until)
        desk = [(t, 1) for t in after - before if t in inside] + [(t, -1) for t in before - after if t in inside]
        if any(sign > 0 for _, sign in desk):
            yield tuple(sorted(desk))

    def _desk(self, begin: int, shift: Shift, offsets: tuple[int, ...]) -> set[int]:
        gone = {
            begin + at + one for pause, at in zip(shift.pauses, offsets, strict=True) for one in range(pause.length)
        }
        gap = set(range(begin + shift.gap[0], begin + shift.gap[1])) if shift.gap else set()
        return set(range(begin, begin + shift.length)) - gone - gap

    def _breaks(self, shift: Shift, begin: int, held: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Places of breaks; those that begin before ``told`` stay."""
        yield from product(*(
            [at] if begin + at < self.gap.told
            else [one for one in range(pause.earliest, pause.latest + 1) if begin + one >= self.gap.told]
            for pause, at in zip(shift.pauses, held, strict=True)
        ))  # fmt: skip

    def _overtime(self, row: int, day: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Lawful overtime before and after a shift that can help; none at all is the first."""
        gap, most = self.gap, self.gap.most
        yield 0, 0
        if gap.since < begin < gap.until + most or gap.told <= end < gap.until:
            early = range(1, min(most, begin - gap.soonest) + 1)
            late = range(1, most + 1) if gap.told <= end < gap.until else range(0)
            tried = [(one, 0) for one in early] + [(0, one) for one in late]
            yield from (one for one in tried if self._lawful(row, day, int(self.roster.shifts[row, day]), one))

    def _lawful(self, row: int, day: int, number: int, overtime: tuple[int, int] = (0, 0)) -> bool:
        shifts, pauses = self.roster.shifts[[row]], self.roster.pauses[[row]]
        if number != shifts[0, day]:
            offsets = [pause.earliest for pause in self.problem.shifts[number].pauses]
            shifts[0, day], pauses[0, day, : len(offsets)] = number, offsets
        longer = np.zeros((*shifts.shape, 2), dtype=np.int16)
        longer[0, day] = overtime
        alone = replace(self.problem, agents=(self.problem.agents[row],))
        return not breaches(alone, Roster(shifts, pauses, longer))


class _Rows:
    """Rows and columns of the programme; only intervals of the gap have any."""

    def __init__(self, of: Reachable) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.cost: list[float] = []
        self.most: list[float] = []
        self.whole: list[bool] = []
        self.entries: list[tuple[int, int, float]] = []
        problem = of.problem
        skills = [tuple(sorted(one.skill for one in agent.qualifications)) for agent in problem.agents]
        members = {held: np.array([one == held for one in skills]) for held in set(skills)}
        self.supply: dict[tuple[int, tuple[str, ...]], int] = {}
        for t in range(of.gap.since, of.gap.until):
            needs = {}
            for place, skill in enumerate(problem.skills):
                if problem.needs[t, place]:
                    needs[skill.id] = self.row(int(problem.needs[t, place]), np.inf)
                    cost = skill.weight * problem.costs.missing / problem.per_hour
                    self.column(cost, [(needs[skill.id], 1.0)])
            for held, who in members.items():
                self.supply[t, held] = self.row(-float(of.there[who, t].sum()), np.inf)
                for name in sorted(set(held) & set(needs)):
                    self.column(0.0, [(self.supply[t, held], -1.0), (needs[name], 1.0)])

    def row(self, low: float, high: float) -> int:
        """A new row."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def column(self, cost: float, entries: list[tuple[int, float]], most: float | None = None) -> None:
        """A new column of 0 or more; a whole number where ``most`` is given."""
        number = len(self.cost)
        self.cost.append(cost)
        self.most.append(np.inf if most is None else most)
        self.whole.append(most is not None)
        self.entries += [(row, number, value) for row, value in entries]

    def solved(self) -> float:
        """The least cost: HiGHS's bound, should it stop before it is sure.

        Raises:
            RuntimeError: it found nothing.
        """
        rows, columns, values = zip(*self.entries, strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(len(self.low), len(self.cost)))
        found = milp(
            np.array(self.cost), integrality=np.array(self.whole), bounds=Bounds(0, np.array(self.most)),
            constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
            options={"mip_rel_gap": 1e-6, "time_limit": 60},
        )  # fmt: skip
        if found.mip_dual_bound is None:
            raise RuntimeError(found.message)
        return float(found.mip_dual_bound)
