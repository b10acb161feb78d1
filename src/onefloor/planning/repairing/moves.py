"""What one agent could do instead today, and what that would save: the compiled part of a repair.

Whoever has begun keeps the shift and can only have later breaks moved, or stay longer; whoever has not can be moved to
another shift; whoever is off can be called in, where the whole horizon's rules still hold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.repairing.overtime import longer
from onefloor.planning.rostering.annealing import allow
from onefloor.planning.rostering.arrays import Cover, Floats, Ints, Prices, Scratch, Shifts, Task, Tours
from onefloor.planning.rostering.cover import add, rebuild, remove
from onefloor.planning.rostering.duty import at_desk, change_day, paid_price, value_intervals
from onefloor.planning.rostering.tours import FORBIDDEN, NOTHING, place_pauses, value_day

BREAKS, MOVED, CALLED, LONGER = 0, 1, 2, 3


@compiled
def evaluate(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agent: int, day: int, soonest: int,
    penalties: Floats,
) -> tuple[float, int, int]:  # fmt: skip
    """The best change of one agent's day: what it saves less its penalty, the shift's place, and the kind of change.

    Nothing may begin before interval ``soonest``. The breaks that belong to it are in ``room.pauses``.
    """
    patterns, pattern = task.patterns, task.people.pattern[agent]
    first, last = patterns.shift_at[pattern], patterns.shift_at[pattern + 1]
    now = tours.choice[agent, day]
    if now >= 0:
        change_day(task, cover, tours, agent, day, -1)
        tours.choice[agent, day] = -1
    _sum_up(task, cover, prices, room, agent, day)
    value_day(task, room, agent, day, paid_price(task, cover, prices, agent, 0.0), 0.0, 0.0)
    base, kind, fixed = 0.0, CALLED, -1
    if now >= 0:
        shift = patterns.shift[first + now]
        best = _at_desk_worth(task.shifts, room, room.pauses[day, now], day, shift)
        base = room.gain[day, now] - best + _at_desk_worth(task.shifts, room, tours.pauses[agent, day], day, shift)
        kind = MOVED
        if task.shifts.begin[day, shift] < soonest:
            kind, fixed = BREAKS, now
            held = _later_breaks(
                task.shifts, room, tours.pauses[agent, day], room.pauses[day, now], day, shift, soonest
            )
            room.gain[day, now] += held - best
    allow(task, tours, room, agent, day)
    found, place = NOTHING, -1
    for one in range(last - first):
        late = task.shifts.begin[day, patterns.shift[first + one]] >= soonest
        if (one == fixed or (fixed < 0 and late)) and room.gain[day, one] > max(found, FORBIDDEN):
            found, place = room.gain[day, one], one
    if now >= 0:
        tours.choice[agent, day] = now
        change_day(task, cover, tours, agent, day, 1)
    return found - base - penalties[kind] if place >= 0 else NOTHING, place, kind


@compiled
def _at_desk_worth(shifts: Shifts, room: Scratch, pauses: Ints, day: int, shift: int) -> float:
    """What a shift is worth at the desk with its breaks where they are."""
    total = 0.0
    for t in room.desk[: at_desk(shifts, pauses, day, shift, room.desk)]:
        total += room.value[t]
    return total


@compiled
def _later_breaks(shifts: Shifts, room: Scratch, held: Ints, pauses: Ints, day: int, shift: int, soonest: int) -> float:
    """Breaks that begin from ``soonest`` on go where they cost least and not before it; the others stay."""
    begin, first = shifts.begin[day, shift], shifts.pause_at[shift]
    for pause in range(first, shifts.pause_at[shift + 1]):
        place, length = pause - first, shifts.pause_length[pause]
        pauses[place] = held[place]
        if begin + held[place] < soonest:
            continue
        least = 1e15
        for offset in range(max(shifts.pause_first[pause], soonest - begin), shifts.pause_last[pause] + 1):
            lost = room.sums[begin + offset + length] - room.sums[begin + offset]
            if lost < least:
                least, pauses[place] = lost, offset
    return _at_desk_worth(shifts, room, pauses, day, shift)


@compiled
def evaluate_all(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, day: int, soonest: int, penalties: Floats,
    locked: NDArray[np.bool_], kin: Ints, most: int, pay: float, gains: Floats,
) -> None:  # fmt: skip
    """What every agent's best change saves at most; below all for those who are locked or cannot help.

    It is exact but for two kinds: whoever is off is valued together with all who have the same shifts, skills, company
    and groups (``kin``), before what the rules forbid, and overtime of up to ``most`` intervals likewise.
    """
    useful, choice = _useful(task, cover, day, soonest), tours.choice
    bounds = np.full((kin.max() + 1, cover.worth.shape[1]), np.nan)
    for agent in range(len(gains)):
        gains[agent], held = NOTHING, task.people.skillset[agent, day]
        if locked[agent] or not (useful[held] or _in_short_group(task, cover, agent, day, soonest)):
            continue
        if choice[agent, day] < 0 and not _asks(task, agent, day):
            if np.isnan(bounds[kin[agent], held]):
                bounds[kin[agent], held] = _best_shift(task, cover, prices, room, agent, day, soonest)
            gains[agent] = bounds[kin[agent], held] - task.people.day_cost[agent, day] - penalties[CALLED]
            continue
        gains[agent] = evaluate(task, cover, tours, prices, room, agent, day, soonest, penalties)[0]
        saved = longer(task, cover, tours, prices, room, agent, day, soonest, most, pay)[0]
        gains[agent] = max(gains[agent], saved - penalties[LONGER])


@compiled
def _asks(task: Task, agent: int, day: int) -> bool:
    """Whether an agent has a wish for a shift on a day."""
    for extra in range(task.people.extra_at[agent], task.people.extra_at[agent + 1]):
        if task.people.extra_day[extra] == day:
            return True
    return False


@compiled
def _best_shift(task: Task, cover: Cover, prices: Prices, room: Scratch, agent: int, day: int, soonest: int) -> float:
    """What the best shift of a pattern that begins from ``soonest`` on saves, whatever forbids it to the agent."""
    patterns, pattern = task.patterns, task.people.pattern[agent]
    _sum_up(task, cover, prices, room, agent, day)
    price, best = paid_price(task, cover, prices, agent, 0.0), NOTHING
    for place in range(patterns.shift_at[pattern], patterns.shift_at[pattern + 1]):
        shift = patterns.shift[place]
        begin = task.shifts.begin[day, shift]
        if begin >= soonest:
            value = place_pauses(task.shifts, room.sums, room.pauses[day, 0], begin, shift)
            best = max(best, value - price * task.shifts.paid[shift])
    return best


@compiled
def _sum_up(task: Task, cover: Cover, prices: Prices, room: Scratch, agent: int, day: int) -> None:
    """What the intervals of a day's shifts are worth as things stand, summed."""
    begin, end = task.patterns.span[task.people.pattern[agent], day]
    value_intervals(task, cover, prices, room, agent, 0.0, begin, end)
    room.sums[begin] = 0.0
    for t in range(begin, end):
        room.sums[t + 1] = room.sums[t] + room.value[t]


@compiled
def _useful(task: Task, cover: Cover, day: int, soonest: int) -> NDArray[np.bool_]:
    """Of each skill set whether anything it could serve is open from ``soonest`` on in the day's shifts."""
    useful = np.zeros(cover.worth.shape[1], np.bool_)
    last = 0
    for pattern in range(task.patterns.span.shape[0]):
        last = max(last, task.patterns.span[pattern, day, 1])
    for t in range(soonest, last):
        for held in range(len(useful)):
            if cover.worth[t, held] > 0:
                useful[held] = True
    return useful


@compiled
def _in_short_group(task: Task, cover: Cover, agent: int, day: int, soonest: int) -> bool:
    """Whether one of the agent's groups has too few people where the shifts of the day reach."""
    people, demand = task.people, task.demand
    for place in range(people.group_at[agent], people.group_at[agent + 1]):
        group = people.group[place]
        for t in range(soonest, task.patterns.span[people.pattern[agent], day, 1]):
            if cover.present[group, t] < demand.low[group, t]:
                return True
    return False


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
def missing_weight(task: Task, cover: Cover, since: int, until: int) -> float:
    """The weight that is missing from interval ``since`` until before ``until``, in cost."""
    total = 0.0
    for t in range(since, until):
        for skill in range(len(task.demand.weight)):
            total += task.demand.weight[skill] * (task.demand.need[t, skill] - cover.got[t, skill])
    return total
