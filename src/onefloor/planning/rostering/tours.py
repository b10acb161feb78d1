"""The best tour of one agent: which shift on which day, breaks placed, for given values of being on duty.

A tour is a path through the automaton of the agent's rules. The programme keeps, for every state after a day, the best
value by the last day's shift, and the best for a day off; shifts lie in the order of their end, so that one prefix
maximum answers which of them leave enough rest. The best break within its window follows from the values alone.
"""

from __future__ import annotations

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import NEVER, Floats, Ints, Patterns, Scratch, Shifts, Task

NOTHING = -1e15
FORBIDDEN = -NEVER / 2


@compiled
def place_pauses(shifts: Shifts, sums: Floats, pauses: Ints, start: int, shift: int) -> float:
    """Put each break of a shift where the values it gives up are least; the value of being on duty otherwise."""
    found = sums[start + shifts.length[shift]] - sums[start]
    found -= sums[start + shifts.gap[shift, 1]] - sums[start + shifts.gap[shift, 0]]
    first, last = shifts.pause_at[shift], shifts.pause_at[shift + 1]
    for pause in range(first, last):
        least, chosen, length = 1e15, 0, shifts.pause_length[pause]
        for offset in range(shifts.pause_first[pause], shifts.pause_last[pause] + 1):
            lost = sums[start + offset + length] - sums[start + offset]
            if lost < least:
                least, chosen = lost, offset
        found -= least
        pauses[pause - first] = chosen
    return float(found)


@compiled
def place_tied(task: Task, room: Scratch, day: int, place: int, member: int) -> float:
    """The same where ``work_without_break`` narrows the windows: the last break first, each with the best for all later
    ones that it leaves in reach. ``member`` is the shift of the pattern at ``place``."""
    shifts, patterns, sums, pauses = task.shifts, task.patterns, room.sums, room.pauses[day, place]
    shift = patterns.shift[member]
    start, lengths = shifts.begin[day, shift], shifts.pause_length[shifts.pause_at[shift] :]
    window = patterns.window[day, patterns.pause_at[member] : patterns.pause_at[member + 1]]
    number = len(window)
    for pause in range(number - 1, -1, -1):
        least, chosen, first = 1e15, 0, window[pause, 0]
        for offset in range(first, window[pause, 1] + 1):
            lost = sums[start + offset + lengths[pause]] - sums[start + offset]
            if pause + 1 < number:
                reached = min(offset + window[pause, 2], window[pause + 1, 1])
                lost += room.given_up[pause + 1, reached - window[pause + 1, 0]]
            if lost < least:
                least, chosen = lost, offset
            room.given_up[pause, offset - first], room.begins[pause, offset - first] = least, chosen
    found = sums[start + shifts.length[shift]] - sums[start]
    found -= sums[start + shifts.gap[shift, 1]] - sums[start + shifts.gap[shift, 0]]
    reached = window[0, 1]
    found -= room.given_up[0, reached - window[0, 0]]
    for pause in range(number):
        pauses[pause] = room.begins[pause, min(reached, window[pause, 1]) - window[pause, 0]]
        reached = pauses[pause] + window[pause, 2]
    return float(found)


@compiled
def value_shifts(task: Task, room: Scratch, agent: int, price: float, night: float, weekend: float) -> None:
    """Fill ``gain``: what each shift of each day is worth to this agent, from ``value``, pay, wishes and fairness."""
    sums, value = room.sums, room.value
    for t in range(len(value)):
        sums[t + 1] = sums[t] + value[t]
    for day in range(task.shifts.begin.shape[0]):
        value_day(task, room, agent, day, price, night, weekend)


@compiled
def value_day(task: Task, room: Scratch, agent: int, day: int, price: float, night: float, weekend: float) -> None:
    """Fill ``gain`` for one day; ``sums`` are those of the intervals its shifts touch."""
    shifts, patterns, people, gain = task.shifts, task.patterns, task.people, room.gain[day]
    pattern = people.pattern[agent]
    first, last = patterns.shift_at[pattern], patterns.shift_at[pattern + 1]
    cost = people.day_cost[agent, day] + weekend * task.demand.weekend[day]
    for place in range(last - first):
        shift = patterns.shift[first + place]
        early = shifts.begin[day, shift] < people.rested[agent, day]
        if cost >= NEVER / 2 or early or patterns.barred[day, first + place]:
            gain[place] = NOTHING
            continue
        if patterns.narrowed[day, first + place]:
            at_desk = place_tied(task, room, day, place, first + place)
        else:
            at_desk = place_pauses(shifts, room.sums, room.pauses[day, place], shifts.begin[day, shift], shift)
        gain[place] = at_desk - cost - price * shifts.paid[shift] - night * shifts.night[shift]
    for extra in range(people.extra_at[agent], people.extra_at[agent + 1]):
        if people.extra_day[extra] == day:
            gain[people.extra_shift[extra]] -= people.extra_cost[extra]


@compiled
def best_tour(patterns: Patterns, pattern: int, room: Scratch) -> float:
    """The best tour for the ``gain`` in the scratch room, into its ``choice``; its value, below all where none is."""
    first, last = patterns.shift_at[pattern], patterns.shift_at[pattern + 1]
    begin, end = patterns.state_at[pattern], patterns.state_at[pattern + 1]
    if begin == end:
        return NOTHING
    layers, after, kind = patterns.layers[pattern], patterns.after[begin:end], patterns.kind[first:last]
    best, parent, shifts = room.best, room.parent, last - first
    best[: end - begin, : shifts + 1] = NOTHING
    best[0, shifts] = 0.0
    for day in range(len(layers) - 2):
        gain, yesterday = room.gain[day], max(day - 1, 0)
        order, limit = patterns.order[yesterday, first:last], patterns.limit[day, first:last]
        _extend(best, parent, after, kind, gain, order, limit, room.tops, room.top_places, layers[day], layers[day + 1])
    return _follow_back(best, parent, layers, room.choice, shifts)


@compiled
def _extend(
    best: Floats, parent: Ints, after: Ints, kind: Ints, gain: Floats, order: Ints, limit: Ints,
    tops: Floats, places: Ints, begin: int, end: int,
) -> None:  # fmt: skip
    """Every next day from the states of a layer.

    ``best[state, place]`` ends with that shift, ``best[state, shifts]`` with a day off; ``tops[rank]`` is the best that
    ends with one of the first ``rank`` shifts by their end, or rests.
    """
    shifts = len(kind)
    for state in range(begin, end):
        tops[0], places[0] = best[state, shifts], shifts
        for rank in range(shifts):
            tops[rank + 1], places[rank + 1] = tops[rank], places[rank]
            if best[state, order[rank]] > tops[rank]:
                tops[rank + 1], places[rank + 1] = best[state, order[rank]], order[rank]
        if tops[shifts] <= NOTHING:
            continue
        came, off = state * (shifts + 1), after[state, 0]
        if off >= 0 and tops[shifts] > best[off, shifts]:
            best[off, shifts] = tops[shifts]
            parent[off, shifts] = came + places[shifts]
        for place in range(shifts):
            to, value = after[state, kind[place]], tops[limit[place]] + gain[place]
            if to >= 0 and value > best[to, place]:
                best[to, place] = value
                parent[to, place] = came + places[limit[place]]


@compiled
def _follow_back(best: Floats, parent: Ints, layers: Ints, choice: Ints, shifts: int) -> float:
    """The best last state, and the way to it."""
    days = len(layers) - 2
    found, state, place = FORBIDDEN, -1, shifts
    for last in range(layers[days], layers[days + 1]):
        for kind in range(shifts + 1):
            if best[last, kind] > found:
                found, state, place = best[last, kind], last, kind
    for day in range(days - 1, -1 if state >= 0 else days, -1):
        choice[day] = -1 if place == shifts else place
        came = parent[state, place]
        state, place = came // (shifts + 1), came % (shifts + 1)
    return found
