"""Who waits: linked lists of slots, and whom an agent takes next; compiled."""

# What an array holds is Any to NumPy's types:
# mypy: warn-return-any=False
from __future__ import annotations

from onefloor.planning.compiled import inlined
from onefloor.planning.simulation.heap import push
from onefloor.planning.simulation.memory import (
    ABANDONED,
    ARRIVED,
    AT_SKILLS,
    AT_STAGES,
    BEFORE,
    COLUMN,
    CUSTOMER,
    FREE,
    FULL_SLOTS,
    GIVES_UP,
    HEAD,
    KIND_SHIFT,
    LEAVES,
    LONGEST,
    NEXT,
    NONE,
    ORIGIN,
    OVERFLOW,
    PLACE_SHIFT,
    SERVICE_TIME,
    SKILL_CLASS,
    SKILL_QUEUE,
    SKILL_SIZE,
    SKILL_WAIT,
    SKILLS,
    SLOT_QUEUE,
    STAGE,
    STATUS,
    TAIL,
    TIMED_OUT,
    USES,
    USES_BITS,
    WRAP_TIME,
    Floats,
    Ints,
)
from onefloor.planning.simulation.tables import FOR_EVER


@inlined
def unlink(w: Ints, x: int) -> None:
    """Take a contact out of its queue; its slot is free and its events are void."""
    before, after, q = w[x + BEFORE], w[x + NEXT], w[x + SLOT_QUEUE]
    if before == NONE:
        w[q + HEAD] = after
    else:
        w[before + NEXT] = after
    if after == NONE:
        w[q + TAIL] = before
    else:
        w[after + BEFORE] = before
    w[x + USES] += 1
    w[x + NEXT] = w[FREE]
    w[FREE] = x


@inlined
def link(w: Ints, q: int, x: int) -> None:
    """Put a contact at the end of its queue."""
    last = w[q + TAIL]
    w[x + BEFORE], w[x + NEXT] = last, NONE
    if last == NONE:
        w[q + HEAD] = x
    else:
        w[last + NEXT] = x
    w[q + TAIL] = x


@inlined
def wait_in_line(
    w: Ints, f: Floats, q: int, i: int, customer: int, origin: int, service: float, wrap: float, patience: float,
    now: float,
) -> None:  # fmt: skip
    """The contact joins its queue, with the events that can take it out."""
    x = w[FREE]
    if x == NONE:
        w[STATUS] = FULL_SLOTS
        return
    w[FREE] = w[x + NEXT]
    f[x + ARRIVED], f[x + SERVICE_TIME], f[x + WRAP_TIME] = now, service, wrap
    w[x + SLOT_QUEUE], w[x + COLUMN], w[x + CUSTOMER], w[x + ORIGIN] = q, i, customer, origin
    w[x + STAGE] = w[q + AT_STAGES]
    w[x + LEAVES] = TIMED_OUT if f[q + LONGEST] < patience else ABANDONED
    link(w, q, x)
    stay, event = min(patience, f[q + LONGEST]), (x << PLACE_SHIFT) | (w[x + USES] & USES_BITS)
    if stay < FOR_EVER:
        push(w, f, now + stay, (GIVES_UP << KIND_SHIFT) | event)
    first = f[w[q + AT_STAGES]]
    if first < stay:
        push(w, f, now + first, (OVERFLOW << KIND_SHIFT) | event)


@inlined
def next_for(w: Ints, f: Floats, g: int, now: float) -> int:
    """The contact a group takes next: of the lowest class, there the longest wait; NONE if it may take none."""
    best, best_class, best_time = NONE, 0, 0.0
    for j in range(w[g + SKILLS]):
        skill = w[g + AT_SKILLS] + j * SKILL_SIZE
        x = w[w[skill + SKILL_QUEUE] + HEAD]
        if x == NONE:
            continue
        arrived, rank = f[x + ARRIVED], w[skill + SKILL_CLASS]
        if now < arrived + f[skill + SKILL_WAIT]:
            continue
        if best == NONE or rank < best_class or (rank == best_class and arrived < best_time):
            best, best_class, best_time = x, rank, arrived
    return best
