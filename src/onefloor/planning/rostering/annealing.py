"""Heat bath: one or two days of an agent at a time are drawn anew, the dearer the rarer.

A move takes a day of an agent out, values everything that the rules allow instead with the exact change in cost, and
draws one of them with a chance of ``exp(-cost / temperature)`` (Geman and Geman 1984). At a low temperature this finds
exchanges between agents that no single best response can; the temperature falls while it runs (Kirkpatrick, Gelatt,
Vecchi 1983).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled
from onefloor.planning.rostering.arrays import Cover, Ints, Prices, Scratch, Task, Tours
from onefloor.planning.rostering.duty import change_day, paid_price, value_intervals
from onefloor.planning.rostering.passes import nights_and_weekends
from onefloor.planning.rostering.tours import FORBIDDEN, NOTHING, value_day

Counter = NDArray[np.uint64]


@compiled
def drawn(counter: Counter) -> float:
    """The next number of a counter stream, above 0 and below 1 (SplitMix64: Steele, Lea, Flood 2014, figure 17)."""
    counter[0] += np.uint64(0x9E3779B97F4A7C15)
    bits = counter[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = bits ^ (bits >> np.uint64(31))
    return (float(bits >> np.uint64(12)) + 0.5) / 4503599627370496.0


@compiled
def lawful(after: Ints, kinds: Ints) -> bool:
    """Whether the automaton takes a whole tour, given as the categories of its days."""
    state = 0
    for day in range(len(kinds)):
        state = after[state, kinds[day]]
        if state < 0:
            return False
    return True


@compiled
def anneal(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, counter: Counter, moves: int,
    hot: float, cold: float, share: float,
) -> None:  # fmt: skip
    """So many moves while the temperature falls from ``hot`` to ``cold``; ``share`` of prices as in best response."""
    agents, days = tours.choice.shape
    for move in range(moves):
        temperature = hot * (cold / hot) ** (move / moves)
        agent, day = int(drawn(counter) * agents), int(drawn(counter) * days)
        other = int(drawn(counter) * days) if drawn(counter) < 0.5 else day
        if (tours.choice[agent, day] >= 0) == (tours.choice[agent, other] >= 0):
            other = day
        _draw_anew(task, cover, tours, prices, room, counter, agent, day, other, temperature, share)


@compiled
def _draw_anew(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, counter: Counter, agent: int, day: int,
    other: int, temperature: float, share: float,
) -> None:  # fmt: skip
    """Draw one day, or which of two days is worked, with its shift."""
    patterns, people = task.patterns, task.people
    pattern = people.pattern[agent]
    first = patterns.shift_at[pattern]
    change_day(task, cover, tours, agent, day, -1)
    if other != day:
        change_day(task, cover, tours, agent, other, -1)
    tours.choice[agent, day] = tours.choice[agent, other] = -1
    _kinds(room.kinds, tours.choice[agent], patterns.kind[first:])
    after = patterns.after[patterns.state_at[pattern] : patterns.state_at[pattern + 1]]
    best, chosen, chosen_day = NOTHING, -1, day
    if lawful(after, room.kinds):
        best = -temperature * math.log(-math.log(drawn(counter)))
    for turn in range(2 if other != day else 1):
        today = day if turn == 0 else other
        _value_today(task, cover, tours, prices, room, agent, today, share)
        _bar(room, after, tours.choice[agent], patterns, first, patterns.shift_at[pattern + 1], today)
        for place in range(patterns.shift_at[pattern + 1] - first):
            if room.gain[today, place] > FORBIDDEN:
                value = room.gain[today, place] - temperature * math.log(-math.log(drawn(counter)))
                if value > best:
                    best, chosen, chosen_day = value, place, today
    if chosen >= 0:
        tours.choice[agent, chosen_day] = chosen
        tours.pauses[agent, chosen_day] = room.pauses[chosen_day, chosen]
        change_day(task, cover, tours, agent, chosen_day, 1)


@compiled
def _kinds(kinds: Ints, choice: Ints, kind: Ints) -> None:
    for day in range(len(choice)):
        kinds[day] = kind[choice[day]] if choice[day] >= 0 else 0


@compiled
def _value_today(
    task: Task, cover: Cover, tours: Tours, prices: Prices, room: Scratch, agent: int, day: int, share: float
) -> None:
    """What each shift of the day would save now, exactly where ``share`` is 0."""
    begin, end = task.patterns.span[task.people.pattern[agent], day]
    value_intervals(task, cover, prices, room, agent, share, begin, end)
    sums, value = room.sums, room.value
    sums[begin] = 0.0
    for t in range(begin, end):
        sums[t + 1] = sums[t] + value[t]
    night, weekend = 0.0, 0.0
    if task.demand.fairness > 0:
        nights, weekends = nights_and_weekends(task, tours, agent)
        night, weekend = task.demand.fairness * (2 * nights + 1), task.demand.fairness * (2 * weekends + 1)
    value_day(task, room, agent, day, paid_price(task, cover, prices, agent, share), night, weekend)


@compiled
def _bar(room: Scratch, after: Ints, choice: Ints, patterns: object, first: int, last: int, day: int) -> None:
    """Shifts that the rest before and after or the automaton forbids on a day gain nothing."""
    rank, limit, kind, gain = patterns.rank, patterns.limit, patterns.kind, room.gain[day]  # type: ignore[attr-defined]
    before = choice[day - 1] if day > 0 else -1
    following = choice[day + 1] if day + 1 < len(choice) else -1
    for place in range(last - first):
        if before >= 0 and rank[day - 1, first + before] >= limit[day, first + place]:
            gain[place] = NOTHING
        if following >= 0 and rank[day, first + place] >= limit[day + 1, first + following]:
            gain[place] = NOTHING
    for asked in range(1, after.shape[1]):
        room.kinds[day] = asked
        if lawful(after, room.kinds):
            continue
        for place in range(last - first):
            if kind[first + place] == asked:
                gain[place] = NOTHING
    room.kinds[day] = 0


@compiled
def allow(task: Task, tours: Tours, room: Scratch, agent: int, day: int) -> None:
    """Shifts that the rules of the whole horizon forbid on a day that is off now gain nothing."""
    patterns, pattern = task.patterns, task.people.pattern[agent]
    first, last = patterns.shift_at[pattern], patterns.shift_at[pattern + 1]
    after = patterns.after[patterns.state_at[pattern] : patterns.state_at[pattern + 1]]
    _kinds(room.kinds, tours.choice[agent], patterns.kind[first:])
    _bar(room, after, tours.choice[agent], patterns, first, last, day)
