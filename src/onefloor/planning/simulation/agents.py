"""Who is idle, and who gets the next contact; compiled."""

# What an array holds is Any to NumPy's types:
# mypy: warn-return-any=False
from __future__ import annotations

from onefloor.planning.compiled import inlined, step
from onefloor.planning.simulation.memory import (
    AT_OFFERS,
    BUSY,
    IDLE,
    IDLE_HEAD,
    IDLE_TAIL,
    NONE,
    OFFER_AFTER,
    OFFER_GROUP,
    OFFER_RANK,
    OFFER_SIZE,
    OFFERS,
    POOL,
    PRESENT,
    READY,
    SEAT_BEFORE,
    SEAT_NEXT,
    SINCE,
    SINGLE,
    STATE,
    TIES,
    Floats,
    Ints,
)


@inlined
def sit_down(w: Ints, f: Floats, a: int, g: int, now: float) -> None:
    """An agent becomes idle, the last of the group's list."""
    last = w[g + IDLE_TAIL]
    w[a + STATE], w[a + SEAT_BEFORE], w[a + SEAT_NEXT], f[a + SINCE] = READY, last, NONE, now
    if last == NONE:
        w[g + IDLE_HEAD] = a
    else:
        w[last + SEAT_NEXT] = a
    w[g + IDLE_TAIL] = a
    w[g + IDLE] += 1


@inlined
def stand_up(w: Ints, a: int, g: int, state: int) -> None:
    """An idle agent leaves the list."""
    before, after = w[a + SEAT_BEFORE], w[a + SEAT_NEXT]
    if before == NONE:
        w[g + IDLE_HEAD] = after
    else:
        w[before + SEAT_NEXT] = after
    if after == NONE:
        w[g + IDLE_TAIL] = before
    else:
        w[after + SEAT_BEFORE] = before
    w[a + STATE] = state
    w[g + IDLE] -= 1


@step
def idle_longest(w: Ints, f: Floats, q: int, reach: float) -> int:
    """As ``idle_group``, of groups with the same rank the one whose agent has been idle longest."""
    best, best_rank = NONE, 0
    for j in range(w[q + OFFERS]):
        offer = w[q + AT_OFFERS] + j * OFFER_SIZE
        g, rank = w[offer + OFFER_GROUP], w[offer + OFFER_RANK]
        if w[g + IDLE] <= 0 or f[offer + OFFER_AFTER] > reach:
            continue
        sooner = best != NONE and f[w[g + IDLE_HEAD] + SINCE] < f[w[best + IDLE_HEAD] + SINCE]
        if best == NONE or rank < best_rank or (rank == best_rank and sooner):
            best, best_rank = g, rank
    return best


@inlined
def idle_group(w: Ints, f: Floats, q: int, reach: float) -> int:
    """The group that gets a contact which has waited ``reach``; NONE if nobody it may go to is idle."""
    if w[q + TIES] == 1:
        return idle_longest(w, f, q, reach)
    for j in range(w[q + OFFERS]):
        offer = w[q + AT_OFFERS] + j * OFFER_SIZE
        if w[w[offer + OFFER_GROUP] + IDLE] > 0 and f[offer + OFFER_AFTER] <= reach:
            return w[offer + OFFER_GROUP]
    return NONE


@inlined
def taken_from(w: Ints, g: int) -> int:
    """The server of a group that has somebody idle; busy from now on."""
    if w[g + SINGLE] == 0:
        w[g + IDLE] -= 1
        return w[g + POOL]
    a = w[g + IDLE_HEAD]
    stand_up(w, a, g, BUSY)
    return a


@step
def unstaffed(w: Ints, q: int) -> bool:
    """Whether nobody who may serve a queue is at work."""
    present = 0
    for j in range(w[q + OFFERS]):
        present += w[w[w[q + AT_OFFERS] + j * OFFER_SIZE + OFFER_GROUP] + PRESENT]
    return present <= 0
