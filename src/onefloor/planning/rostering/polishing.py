"""The polish: one day of everybody planned anew by an exact integer programme, while all other days stay.

Each agent may take any shift of the day that the rules of the whole horizon leave, or have the day off. Agents to whom
the day offers the same are counted, not named, and so are the breaks of a shift; the flow from skill sets to skills is
part of the programme (Aykin 1996 for breaks; Dantzig 1954 for cover). Its linear relaxation is nearly whole, so that
HiGHS finds the best of all ways to plan that day, or comes close, in seconds: exchanges between dozens of agents at
once, which draws of single agents do not find. It begins with the day as it stands and is never dearer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.annealing import allow, lawful
from onefloor.planning.rostering.arrays import UNLIMITED, Cover, Floats, Ints, Scratch, Task, Tours
from onefloor.planning.rostering.duty import change_day
from onefloor.planning.rostering.passes import cost, nights_and_weekends
from onefloor.planning.rostering.programme import Effort, Entries, Programme
from onefloor.planning.rostering.tours import FORBIDDEN, value_day


@dataclass(frozen=True, slots=True)
class Alike:
    """Agents to whom a day offers the same: what each shift of their pattern costs (inf: barred), and the day off."""

    agents: list[int]
    pattern: int
    company: int
    skillset: int
    groups: tuple[int, ...]
    costs: Floats
    off: float  # inf where the day has to be worked

    def places(self) -> list[int]:
        """The places of the shifts they may work."""
        found: list[int] = np.flatnonzero(np.isfinite(self.costs)).tolist()
        return found


def polished(
    task: Task, cover: Cover, tours: Tours, room: Scratch, day: int, agents: Ints, effort: Effort
) -> float:  # fmt: skip
    """Plan one day of ``agents`` anew as well as ``effort`` finds; what it saves, 0 or more."""
    before = float(cost(task, cover, tours))
    kept = tours.choice[:, day].copy(), tours.pauses[:, day].copy()
    alike = offered(task, tours, room, day, agents)
    _put(task, cover, tours, agents, day, -1)
    model = _Model(task, cover, day, alike)
    found = model.programme.solved(model.known(tours), effort)
    if found is not None:
        model.write(found, tours)
    _put(task, cover, tours, agents, day, 1)
    saved = before - float(cost(task, cover, tours))
    if saved >= 0:
        return saved
    _put(task, cover, tours, agents, day, -1)
    tours.choice[:, day], tours.pauses[:, day] = kept
    _put(task, cover, tours, agents, day, 1)
    return 0.0


@compiled
def _put(task: Task, cover: Cover, tours: Tours, agents: Ints, day: int, sign: int) -> None:
    for agent in agents:
        change_day(task, cover, tours, agent, day, sign)


def offered(task: Task, tours: Tours, room: Scratch, day: int, agents: Ints) -> list[Alike]:
    """What the day offers to agents, those alike together."""
    people, found = task.people, dict[object, Alike]()
    room.sums[:] = 0.0
    for agent in agents.tolist():
        pattern = int(people.pattern[agent])
        groups = tuple(people.group[people.group_at[agent] : people.group_at[agent + 1]].tolist())
        off = bool(_offer(task, tours, room, agent, day))
        gain = room.gain[day, : task.patterns.shift_at[pattern + 1] - task.patterns.shift_at[pattern]]
        costs = np.where(gain > FORBIDDEN, -gain, np.inf)
        held, company = int(people.skillset[agent, day]), int(people.company[agent])
        key = (pattern, company, held, groups, costs.tobytes(), off)
        one = Alike([], pattern, company, held, groups, costs, 0.0 if off else np.inf)
        found.setdefault(key, one).agents.append(agent)
    return list(found.values())


@compiled
def _offer(task: Task, tours: Tours, room: Scratch, agent: int, day: int) -> bool:
    """What each shift of the day costs the agent, below 0, in ``gain``; whether the day may be off."""
    patterns, people, fairness = task.patterns, task.people, task.demand.fairness
    held = tours.choice[agent, day]
    tours.choice[agent, day] = -1
    nights, weekends = nights_and_weekends(task, tours, agent)
    price = task.demand.price[people.company[agent]]
    value_day(task, room, agent, day, price, fairness * (2 * nights + 1), fairness * (2 * weekends + 1))
    allow(task, tours, room, agent, day)
    pattern = people.pattern[agent]
    off = lawful(patterns.after[patterns.state_at[pattern] : patterns.state_at[pattern + 1]], room.kinds)
    tours.choice[agent, day] = held
    return bool(off)


@dataclass(frozen=True, slots=True)
class _Cover:
    """The rows of a day's cover: units by interval and skill set, people by interval and group, paid by company."""

    units: dict[tuple[int, int], int] = field(default_factory=dict)
    present: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    paid: dict[int, int] = field(default_factory=dict)

    def at_desk(self, alike: Alike, moments: Iterable[int], sign: float) -> list[tuple[int, float]]:
        """What one of the agents does to the rows by being there at some moments."""
        entries = []
        for t in moments:
            entries.append((self.units[t, alike.skillset], sign))
            for group in alike.groups:
                entries += [(row, sign) for row in self.present.get((t, group), ())]
        return entries


class _Model:
    """The programme of a day and what its columns stand for; the day's agents are not in the cover."""

    def __init__(self, task: Task, cover: Cover, day: int, alike: Sequence[Alike]) -> None:
        self.task, self.day, self.alike = task, day, alike
        self.programme = Programme()
        self.rows = _cover_rows(self.programme, task, cover, day)
        self.breaks: dict[object, dict[int, int]] = {}  # columns by the break's offset, for each pool and pause
        self.links: dict[object, int] = {}
        self.ties: dict[object, dict[int, int]] = {}  # rows by the offset until which breaks of a pool are counted
        self.off: dict[int, int] = {}
        self.work: dict[tuple[int, int], int] = {}
        for number in range(len(alike)):
            self._add(number)

    def _add(self, number: int) -> None:
        """The shifts of agents who are alike, and their day off."""
        alike, shifts = self.alike[number], self.task.shifts
        count = len(alike.agents)
        each = self.programme.row(count, count)
        if np.isfinite(alike.off):
            self.off[number] = self.programme.column(alike.off, [(each, 1.0)], count, whole=True)
        for place in alike.places():
            shift = self._shift(alike, place)
            begin, gap = int(shifts.begin[self.day, shift]), shifts.gap[shift]
            moments = [begin + at for at in range(shifts.length[shift]) if not gap[0] <= at < gap[1]]
            entries = [(each, 1.0), *self.rows.at_desk(alike, moments, 1.0)]
            entries += [(self._break(alike, place, pause), 1.0) for pause in self._pauses(shift)]
            if alike.company in self.rows.paid:
                entries.append((self.rows.paid[alike.company], float(shifts.paid[shift])))
            cost_of = float(alike.costs[place])
            self.work[number, place] = self.programme.column(cost_of, entries, count, whole=True)

    def _shift(self, alike: Alike, place: int) -> int:
        return int(self.task.patterns.shift[self.task.patterns.shift_at[alike.pattern] + place])

    def _pauses(self, shift: int) -> range:
        return range(int(self.task.shifts.pause_at[shift]), int(self.task.shifts.pause_at[shift + 1]))

    def _windows(self, alike: Alike, place: int) -> Ints:
        """The windows of a shift's breaks."""
        patterns = self.task.patterns
        member = patterns.shift_at[alike.pattern] + place
        found: Ints = patterns.window[self.day, patterns.pause_at[member] : patterns.pause_at[member + 1]]
        return found

    def _pool(self, alike: Alike, place: int, pause: int) -> object:
        """Whose breaks may be exchanged without any other difference; a pause belongs to one shift."""
        return alike.skillset, alike.groups, pause, self._windows(alike, place).tobytes()

    def _break(self, alike: Alike, place: int, pause: int) -> int:
        """The row that gives everybody on a shift one break, with the columns of when it begins."""
        pool, shifts = self._pool(alike, place, pause), self.task.shifts
        if pool not in self.links:
            row = self.links[pool] = self.programme.row(0, 0)
            shift = self._shift(alike, place)
            begin, length = int(shifts.begin[self.day, shift]), int(shifts.pause_length[pause])
            slot, windows = pause - int(shifts.pause_at[shift]), self._windows(alike, place).tolist()
            before = self.ties[self._pool(alike, place, pause - 1)] if slot else {}
            behind = self.ties[pool] = self._tied(windows, slot)
            self.breaks[pool] = {}
            for at in range(windows[slot][0], windows[slot][1] + 1):
                entries = [(row, -1.0), *self.rows.at_desk(alike, range(begin + at, begin + at + length), -1.0)]
                entries += [(tie, -1.0) for until, tie in behind.items() if at <= until]
                entries += [(tie, 1.0) for until, tie in before.items() if at <= until + windows[slot - 1][2]]
                self.breaks[pool][at] = self.programme.column(0.0, entries, whole=True)
        return self.links[pool]

    def _tied(self, windows: Sequence[Sequence[int]], slot: int) -> dict[int, int]:
        """Rows that keep the next break near: of the next ones at least as many begin within reach of a moment as of
        these have begun by then, so that first goes with first, second with second."""
        first, last, apart = windows[slot]
        if slot + 1 == len(windows):
            return {}
        return {at: self.programme.row(low=0.0) for at in range(first, last + 1) if at + apart < windows[slot + 1][1]}

    def known(self, tours: Tours) -> dict[int, int]:
        """The whole columns for the day as tours have it."""
        counts = Counter[int]()
        for number, alike in enumerate(self.alike):
            for agent in alike.agents:
                place = int(tours.choice[agent, self.day])
                counts[self.off[number] if place < 0 else self.work[number, place]] += 1
                for slot, pause in enumerate(self._pauses(self._shift(alike, place)) if place >= 0 else ()):
                    at = int(tours.pauses[agent, self.day, slot])
                    counts[self.breaks[self._pool(alike, place, pause)][at]] += 1
        return counts

    def write(self, found: NDArray[np.int64], tours: Tours) -> None:
        """Give everybody a shift and breaks, as many as the programme counted."""
        begins = {
            pool: [at for at, column in columns.items() for _ in range(found[column])]
            for pool, columns in self.breaks.items()
        }
        for number, alike in enumerate(self.alike):
            places = [place for place in alike.places() for _ in range(found[self.work[number, place]])]
            places += [-1] * (len(alike.agents) - len(places))
            for agent, place in zip(alike.agents, places, strict=True):
                tours.choice[agent, self.day] = place
                for slot, pause in enumerate(self._pauses(self._shift(alike, place)) if place >= 0 else ()):
                    tours.pauses[agent, self.day, slot] = begins[self._pool(alike, place, pause)].pop()


def _cover_rows(programme: Programme, task: Task, cover: Cover, day: int) -> _Cover:
    """What is wanted while shifts of the day last, less what other days' shifts give."""
    rows, demand = _Cover(), task.demand
    span = task.patterns.span[:, day]
    for t in range(int(span[:, 0].min()), int(span[:, 1].max())):
        _skill_rows(programme, task, cover, t, rows)
        for group in range(len(demand.low)):
            there = int(cover.present[group, t])
            if demand.high[group, t] < UNLIMITED:
                over = programme.row(high=float(demand.high[group, t] - there))
                programme.column(float(demand.high_cost[group]), [(over, -1.0)])
                rows.present[t, group].append(over)
            if demand.low[group, t] > there:
                under = programme.row(low=float(demand.low[group, t] - there))
                programme.column(float(demand.low_cost[group]), [(under, 1.0)])
                rows.present[t, group].append(under)
    for company in np.flatnonzero(demand.guaranteed > cover.paid).tolist():
        due = programme.row(low=float(demand.guaranteed[company] - cover.paid[company]))
        programme.column(demand.guaranteed_cost, [(due, 1.0)])
        rows.paid[company] = due
    return rows


def _skill_rows(programme: Programme, task: Task, cover: Cover, t: int, rows: _Cover) -> None:
    """The flow of one interval: units of skill sets to the skills that are needed, or missing."""
    demand = task.demand
    wanted = {}
    for skill in np.flatnonzero(demand.need[t]).tolist():
        wanted[skill] = programme.row(low=float(demand.need[t, skill]))
        programme.column(float(demand.weight[skill]), [(wanted[skill], 1.0)])
    for held in range(len(demand.mask)):
        there = int(cover.idle[t, held] + cover.given[t, held].sum())
        rows.units[t, held] = programme.row(low=-float(there))
        for skill, row in wanted.items():
            if demand.mask[held] >> skill & 1:
                flow: Entries = ((rows.units[t, held], -1.0), (row, 1.0))
                programme.column(0.0, flow)
