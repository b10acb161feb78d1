"""What one agent could do instead today, and what that would save: the compiled part of a repair.

Whoever has begun keeps the shift and can only have later breaks moved, or stay longer; whoever has not can be moved to
another shift; whoever is off can be called in, where the whole horizon's rules still hold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.annealing import allow
from onefloor.planning.rostering.arrays import Cover, Floats, Ints, Prices, Scratch, Shifts, Task, Tours
from onefloor.planning.rostering.cover import add, rebuild, remove
from onefloor.planning.rostering.duty import at_desk, change_day, paid_price, value_intervals
from onefloor.planning.rostering.tours import FORBIDDEN, NOTHING, value_day

BREAKS, MOVED, CALLED, LONGER = 0, 1, 2, 3


class Reach(NamedTuple):
    """What may change: nobody comes before interval ``soonest``, nobody at work is told anything before ``told``,
    nothing begins from ``until`` on; what each kind of change has to save, overtime's most intervals and its pay."""

    soonest: int
    told: int
    until: int
    penalties: Floats
    most: int
    pay: float


@compiled
def evaluate(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agent: int, day: int, reach: Reach,
    free: bool, refused: NDArray[np.bool_],  # noqa: FBT001  compiled: no keywords
) -> tuple[float, int, int]:  # fmt: skip
    """The best change of one agent's day: what it saves less its penalty, the shift's place, and the kind of change.

    The breaks that belong to it are in ``room.pauses``. With ``free`` the rules that look at other days are not asked:
    who calls asks them, and tells which places were ``refused``.
    """
    patterns, pattern = task.patterns, task.people.pattern[agent]
    first, last = patterns.shift_at[pattern], patterns.shift_at[pattern + 1]
    now = tours.choice[agent, day]
    if now >= 0:
        change_day(task, cover, tours, agent, day, -1)
        tours.choice[agent, day] = -1
    sum_up(task, cover, prices, room, agent, day)
    value_day(task, room, agent, day, paid_price(task, cover, prices, agent, 0.0), 0.0, 0.0)
    base, kind, fixed = 0.0, CALLED, -1
    if now >= 0:
        shift = patterns.shift[first + now]
        best = _at_desk_worth(task.shifts, room, room.pauses[day, now], day, shift)
        base = room.gain[day, now] - best + _at_desk_worth(task.shifts, room, tours.pauses[agent, day], day, shift)
        kind = MOVED
        if task.shifts.begin[day, shift] < reach.soonest:
            kind, fixed = BREAKS, now
            held = _later_breaks(task, room, tours.pauses[agent, day], room.pauses[day, now], day, first + now, reach)
            room.gain[day, now] += held - best
    if not free:
        allow(task, tours, room, agent, day)
    found, place = NOTHING, -1
    for one in range(last - first):
        begin = task.shifts.begin[day, patterns.shift[first + one]]
        open_ = one == fixed or (fixed < 0 and reach.soonest <= begin < reach.until)
        if open_ and not refused[one] and room.gain[day, one] > max(found, FORBIDDEN):
            found, place = room.gain[day, one], one
    if now >= 0:
        tours.choice[agent, day] = now
        change_day(task, cover, tours, agent, day, 1)
    return found - base - reach.penalties[kind] if place >= 0 else NOTHING, place, kind


@compiled
def _at_desk_worth(shifts: Shifts, room: Scratch, pauses: Ints, day: int, shift: int) -> float:
    """What a shift is worth at the desk with its breaks where they are."""
    total = 0.0
    for t in room.desk[: at_desk(shifts, pauses, day, shift, room.desk)]:
        total += room.value[t]
    return total


@compiled
def _later_breaks(task: Task, room: Scratch, held: Ints, pauses: Ints, day: int, member: int, reach: Reach) -> float:
    """Breaks within reach go where they cost least, not before ``told``; the others stay.

    ``member`` is the shift of the pattern. A break goes no further from the one before it, where that went, and the one
    after it, where that is, than ``work_without_break`` lets it.
    """
    shifts, shift = task.shifts, task.patterns.shift[member]
    begin, first, last = shifts.begin[day, shift], shifts.pause_at[shift], shifts.pause_at[shift + 1]
    window = task.patterns.window[day, task.patterns.pause_at[member] :]
    for place in range(last - first):
        length = shifts.pause_length[first + place]
        pauses[place] = held[place]
        if not reach.told <= begin + held[place] < reach.until:
            continue
        low, high = max(window[place, 0], reach.told - begin), window[place, 1]
        if place > 0:
            high = min(high, pauses[place - 1] + window[place - 1, 2])
        if place + 1 < last - first:
            low = max(low, held[place + 1] - window[place, 2])
        least = 1e15
        for offset in range(low, high + 1):
            lost = room.sums[begin + offset + length] - room.sums[begin + offset]
            if lost < least:
                least, pauses[place] = lost, offset
    return _at_desk_worth(shifts, room, pauses, day, shift)


@compiled
def sum_up(task: Task, cover: Cover, prices: Prices, room: Scratch, agent: int, day: int) -> None:
    """What the intervals of a day's shifts are worth as things stand, summed."""
    begin, end = task.patterns.span[task.people.pattern[agent], day]
    value_intervals(task, cover, prices, room, agent, 0.0, begin, end)
    room.sums[begin] = 0.0
    for t in range(begin, end):
        room.sums[t + 1] = room.sums[t] + room.value[t]


@compiled
def set_day(task: Task, cover: Cover, tours: Tours, agent: int, day: int, place: int, pauses: Ints) -> None:
    """Give an agent another day: shift (-1: off) and breaks."""
    change_day(task, cover, tours, agent, day, -1)
    tours.choice[agent, day] = place
    tours.pauses[agent, day] = pauses
    change_day(task, cover, tours, agent, day, 1)


@compiled
def attend(
    task: Task, cover: Cover, tours: Tours, agent: int, day: int, since: int, until: int, sign: int
) -> None:  # fmt: skip
    """Put a part of an agent's day, from interval ``since`` until before ``until``, into the cover (``sign`` 1) or take
    it out (-1); the tour stays."""
    people = task.people
    shift = task.patterns.shift[task.patterns.shift_at[people.pattern[agent]] + tours.choice[agent, day]]
    number = at_desk(task.shifts, tours.pauses[agent, day], day, shift, cover.desk)
    for slot in range(number):
        t = cover.desk[slot]
        if since <= t < until:
            if sign > 0:
                add(cover, task.demand, cover.desk[slot : slot + 1], people.skillset[agent])
            else:
                remove(cover, task.demand, cover.desk[slot : slot + 1], people.skillset[agent])
            for place in range(people.group_at[agent], people.group_at[agent + 1]):
                cover.present[people.group[place], t] += sign


@compiled
def ask_for(task: Task, cover: Cover, skill: int, since: int, until: int, more: int) -> None:
    """Need ``more`` agents of a skill (fewer below 0) from interval ``since`` until before ``until``."""
    for t in range(since, until):
        task.demand.need[t, skill] = max(0, task.demand.need[t, skill] + more)
        rebuild(cover, task.demand, t)


@compiled
def missing_weights(task: Task, cover: Cover) -> Floats:
    """The weight that is missing in each interval, in cost."""
    found = np.zeros(len(task.demand.need))
    for t in range(len(found)):
        for skill in range(len(task.demand.weight)):
            found[t] += task.demand.weight[skill] * (task.demand.need[t, skill] - cover.got[t, skill])
    return found


@compiled
def missing_weight(task: Task, cover: Cover, since: int, until: int) -> float:
    """The weight that is missing from interval ``since`` until before ``until``, in cost."""
    total = 0.0
    for t in range(since, until):
        for skill in range(len(task.demand.weight)):
            total += task.demand.weight[skill] * (task.demand.need[t, skill] - cover.got[t, skill])
    return total
