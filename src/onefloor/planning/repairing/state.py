"""A roster held ready for repairs: its cover as it stands, and who must not be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.repairing import moves
from onefloor.planning.repairing.overtime import attend_beside
from onefloor.planning.rostering.arrays import Cover, Prices, Scratch, Task, Tours, empty_cover, scratch
from onefloor.planning.rostering.checking import Breach, breaches
from onefloor.planning.rostering.layout import Layout, laid_out
from onefloor.planning.rostering.passes import put_all
from onefloor.planning.rostering.prices import no_prices
from onefloor.planning.rostering.problem import Problem, Roster, Shift
from onefloor.problems import Problem as Mistake


class UnknownAgent(Mistake):
    """Somebody the roster does not have."""

    def __init__(self, agent: str) -> None:
        super().__init__(
            Text(f"班表中没有坐席“{agent}”。", f'The roster has no agent "{agent}".'),
            remedy=Text("请核对工号。", "Check the agent's number."),
        )


class OutsideHorizon(Mistake):
    """A moment that the roster does not reach."""

    def __init__(self, at: datetime) -> None:
        super().__init__(
            Text(f"班表不包含 {at:%Y-%m-%d %H:%M}。", f"The roster does not reach {at:%Y-%m-%d %H:%M}."),
            remedy=Text("请给出计划期内的时间。", "Give a moment within its days."),
        )


class Span(NamedTuple):
    """Intervals from ``since`` until before ``until``."""

    since: int
    until: int


class Spike(NamedTuple):
    """``more`` people of a skill (its place) that are needed in some intervals."""

    skill: int
    span: Span
    more: int


class Since(NamedTuple):
    """What repairs have left behind beside the roster: see ``State``."""

    gone: Mapping[tuple[int, int], Sequence[Span]]
    locked: Sequence[tuple[int, int]]
    spikes: Sequence[Spike]
    overtime: Mapping[tuple[int, int], tuple[int, int]] = {}


@dataclass(slots=True)
class State:
    """Kept between repairs, changed by each; ``locked`` agents are not asked (they are absent, or were moved).

    Whoever leaves in the middle of a duty keeps it in ``tours``; ``gone`` has the intervals that are not worked, and
    that the checker does not count. ``spikes`` are kept as they were told.
    """

    layout: Layout
    cover: Cover
    tours: Tours
    room: Scratch
    prices: Prices
    locked: NDArray[np.bool_]  # agent, day
    kin: NDArray[np.int32]  # agent: a number for all with the same shifts, company and groups
    overtime: NDArray[np.int16]  # agent, day, (before the shift, after it): intervals
    gone: dict[tuple[int, int], list[Span]] = field(default_factory=dict)  # agent, day
    spikes: list[Spike] = field(default_factory=list)

    @property
    def problem(self) -> Problem:
        """What the roster was planned for."""
        return self.layout.problem

    def row(self, agent: str) -> int:
        """The place of an agent.

        Raises:
            UnknownAgent: there is none of that name.
        """
        for number, one in enumerate(self.problem.agents):
            if one.id == agent:
                return number
        raise UnknownAgent(agent)

    def interval(self, at: datetime) -> int:
        """The interval that begins at or after a moment (of the roster's zone where it has none).

        Raises:
            OutsideHorizon: it is before the first day or after the last.
        """
        grid = self.problem.grid
        zoned = at if at.tzinfo else at.replace(tzinfo=zone(grid.zone_name))
        since = (zoned.timestamp() * 1000 - grid.midnights[0]) / (grid.minutes * 60_000)
        found = int(-(-since // 1))
        if not 0 <= found < len(grid):
            raise OutsideHorizon(at)
        return found

    def span(self, row: int, day: int) -> Span:
        """The intervals of an agent's shift of a day; none where it is off."""
        patterns, shifts = self.layout.task.patterns, self.layout.task.shifts
        place = self.tours.choice[row, day]
        if place < 0:
            return Span(0, 0)
        shift = patterns.shift[patterns.shift_at[self.layout.task.people.pattern[row]] + place]
        begin = int(shifts.begin[day, shift])
        return Span(begin, begin + int(shifts.length[shift]))

    def on_duty(self, row: int, day: int, now: int) -> bool:
        """Whether any of an agent's shift of a day, or of its overtime, is to be worked from an interval on."""
        end = self.span(row, day).until
        if end + self.overtime[row, day, 1] <= now:
            return False
        return not any(one.since <= now and one.until >= end for one in self.gone.get((row, day), []))

    def leave(self, row: int, day: int, since: int, until: int | None = None) -> None:
        """An agent does not work from one interval until another (None: the end of the shift) of a day's shift.

        Who works none of it has the day off; who is not there when it begins or ends does not come earlier or stay
        longer either. Nobody who leaves is asked for anything else on that day or the one of ``since``.
        """
        task, shift = self.layout.task, self.span(row, day)
        before, after = self.overtime[row, day].tolist()
        if until is None or until >= shift.until:
            after = min(after, max(0, since - shift.until))
        self.work_beside(row, day, before if since > shift.since else 0, after)
        held = self.gone.pop((row, day), [])
        for one in held:
            moves.attend(task, self.cover, self.tours, row, day, one.since, one.until, 1)
        last = shift.until if until is None else min(until, shift.until)
        gone = _joined([*held, Span(max(since, shift.since), last)])
        if gone == [shift]:
            moves.set_day(task, self.cover, self.tours, row, day, -1, self.tours.pauses[row, day])
        elif gone:
            self.gone[row, day] = gone
            for one in gone:
                moves.attend(task, self.cover, self.tours, row, day, one.since, one.until, -1)
        self.locked[row, [day, int(task.demand.day[since])]] = True

    def work_beside(self, row: int, day: int, before: int, after: int) -> None:
        """An agent works so many intervals before a day's shift and after it, instead of those there were."""
        task, (begin, end), held = self.layout.task, self.span(row, day), self.overtime[row, day].tolist()
        for first, last, sign in (
            (begin - before, begin - held[0], 1),
            (begin - held[0], begin - before, -1),
            (end + held[1], end + after, 1),
            (end + after, end + held[1], -1),
        ):
            if first < last:
                attend_beside(task, self.cover, row, first, last, sign)
        self.overtime[row, day] = before, after

    def against(
        self, row: int, day: int, place: int, pauses: Sequence[int], overtime: tuple[int, int] = (0, 0)
    ) -> list[Breach]:
        """What the independent checker has against an agent's days with another one, and not as much against them now.

        ``place`` is a shift of the agent's pattern (-1: off).
        """
        problem, now = replace(self.problem, agents=(self.problem.agents[row],)), self.roster([row])
        shifts, breaks, longer = now.shifts.copy(), now.pauses.copy(), self.overtime[[row]]
        shifts[0, day] = [*self.layout.members[self.layout.task.people.pattern[row]], -1][place]
        breaks[0, day, : len(pauses)], longer[0, day] = pauses, overtime
        found = breaches(problem, replace(now, shifts=shifts, pauses=breaks, overtime=longer))
        return worse(found, breaches(problem, now)) if found else []

    def shift(self, row: int, place: int) -> Shift:
        """The shift at a place of an agent's pattern."""
        return self.problem.shifts[self.layout.members[self.layout.task.people.pattern[row]][place]]

    def ask_for(self, spike: Spike) -> None:
        """Need more people of a skill for a while."""
        moves.ask_for(self.layout.task, self.cover, spike.skill, *spike.span, spike.more)
        self.spikes.append(spike)

    def resume(self, since: Since) -> None:
        """Take over what earlier repairs of the same roster left behind."""
        for spike in since.spikes:
            self.ask_for(spike)
        for (row, day), (before, after) in since.overtime.items():
            self.work_beside(row, day, before, after)
        for (row, day), spans in since.gone.items():
            for one in spans:
                self.leave(row, day, *one)
        for row, day in since.locked:
            self.locked[row, day] = True

    def roster(self, rows: Sequence[int] | None = None) -> Roster:
        """The roster as it stands, with overtime and who was gone: of all agents, or of ``rows`` in their order."""
        held = list(range(len(self.locked))) if rows is None else list(rows)
        shifts = np.array([self._shifts(row) for row in held], dtype=np.int16)
        place, gone = {row: number for number, row in enumerate(held)}, {}
        for (row, day), spans in self.gone.items():
            if row in place:
                begin = self.span(row, day).since
                gone[place[row], day] = [(one.since - begin, one.until - begin) for one in spans]
        return Roster(shifts, self.tours.pauses[held].astype(np.int16), self.overtime[held], gone)

    def _shifts(self, row: int) -> NDArray[np.int16]:
        """The places of an agent's shifts in the problem, by day."""
        members = np.array([*self.layout.members[self.layout.task.people.pattern[row]], -1], dtype=np.int16)
        found: NDArray[np.int16] = members[self.tours.choice[row]]
        return found


def worse(found: Sequence[Breach], before: Sequence[Breach]) -> list[Breach]:
    """The breaches that were not there before, or not as much."""
    known = {(one.rule, one.agent, one.day): abs(one.found - one.limit) for one in before}
    return [
        one for one in found
        if abs(one.found - one.limit) > known.get((one.rule, one.agent, one.day), -1.0) + 1e-9
    ]  # fmt: skip


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same intervals as spans in order that do not touch."""
    found: list[Span] = []
    for one in sorted(one for one in spans if one.since < one.until):
        if found and one.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, one.until))
        else:
            found.append(one)
    return found


def held_ready(problem: Problem, roster: Roster) -> State:
    """A roster with its cover; needs are copied, so that spikes leave the problem alone."""
    layout = laid_out(problem)
    task = layout.task
    cover, tours = empty_cover(task), layout.tours(roster)
    put_all(task, cover, tours)
    size = tours.choice.shape
    return State(
        layout, cover, tours, scratch(task), no_prices(task), np.zeros(size, dtype=bool), _kin(task),
        np.zeros((*size, 2), dtype=np.int16),
    )  # fmt: skip


def _kin(task: Task) -> NDArray[np.int32]:
    """A number for each agent, the same for all with the same shifts, company and groups."""
    people, numbers = task.people, dict[object, int]()
    keys = [
        (int(pattern), int(company), people.group[first:last].tobytes())
        for pattern, company, first, last in zip(
            people.pattern, people.company, people.group_at[:-1], people.group_at[1:], strict=True
        )
    ]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int32)
