"""The event loop, compiled: one kernel for all models, their structure as data.

Arrivals stay outside the heap (the next time of each queue, scanned), who comes and goes is a sorted list with a
pointer; completions, patience, overflow timers and returns are in one 4-ary heap whose payload is one integer. A
completion that finds work replaces the root in place. A contact that leaves the queue counts up ``USES`` of its slot,
and events of earlier uses are dropped when they come up. Waiting contacts and idle agents are linked lists: first in,
first out, and anybody can leave from the middle.

Streams: one for what comes back and when, with its attributes; one for the factors of the day; and for each queue one
for its arrivals and one for the attributes of its fresh contacts, drawn at arrival in this order: service, wrap-up, who
never waits, patience. So another staffing or routing meets the same customers (common random numbers).

``w``, ``f`` and ``u`` are the block of ``memory`` as integers, floats and bits; ``q`` is the place of a queue, ``g`` of
a group, ``a`` of a server, ``x`` of a slot.
"""

# What an array holds is Any to NumPy's types:
# mypy: warn-return-any=False
from __future__ import annotations

from onefloor.planning.compiled import inlined, step
from onefloor.planning.simulation.agents import idle_group, sit_down, stand_up, taken_from, unstaffed
from onefloor.planning.simulation.arriving import draw, next_arrival, open_day
from onefloor.planning.simulation.chance import uniform
from onefloor.planning.simulation.heap import pop, push, replace_root
from onefloor.planning.simulation.memory import (
    ABANDONED,
    ARRIVED,
    AT_CHANGES,
    AT_COMING,
    AT_COUNTS,
    AT_HEAP,
    AT_QUEUES,
    AT_STREAMS,
    ATTRIBUTES,
    BLOCKED,
    BUSY,
    CHANGE,
    CHANGE_BY,
    CHANGE_SERVER,
    CHANGE_SIZE,
    CHANGE_TIME,
    CHANGES,
    COLUMN,
    COMES_BACK,
    COMPLETION,
    COUNTED,
    CUSTOMER,
    CUSTOMER_BITS,
    DONE,
    FRESH,
    GIVES_UP,
    HEAD,
    HEAP,
    IDLE,
    INTERVAL,
    INTERVALS,
    KIND_SHIFT,
    LEAVES,
    LEAVING,
    LEFT,
    LET_GO,
    LETS_GO,
    LINE_FREE,
    LINES,
    LOAD,
    MOST_LINES,
    NEVER_WAITS,
    NEXT,
    NONE,
    OFF,
    OFFERED,
    ORIGIN,
    ORIGIN_SHIFT,
    OVERFLOW,
    PATIENCE,
    PLACE_BITS,
    PLACE_SHIFT,
    PRESENT,
    QUEUE_BITS,
    QUEUE_SHIFT,
    QUEUE_SIZE,
    QUEUES,
    READY,
    RETURNED,
    SEAT_GROUP,
    SERVICE,
    SERVICE_TIME,
    SINGLE,
    SLOT_QUEUE,
    STAGE,
    STATE,
    STATUS,
    TIME,
    TRANSFERRED,
    USES,
    USES_BITS,
    WAITED,
    WIDTH,
    WRAP,
    WRAP_TIME,
    Bits,
    Floats,
    Ints,
)
from onefloor.planning.simulation.queues import next_for, unlink, wait_in_line
from onefloor.planning.simulation.serving import lost, record, serve
from onefloor.planning.simulation.tables import FOR_EVER


@inlined
def serve_waiting(w: Ints, f: Floats, u: Bits, a: int, x: int, now: float) -> float:
    """An agent answers a contact that waits; when that agent will be free."""
    unlink(w, x)
    return serve(
        w, f, u, a, w[x + SLOT_QUEUE], w[x + COLUMN], w[x + CUSTOMER], w[x + ORIGIN], f[x + ARRIVED],
        f[x + SERVICE_TIME], f[x + WRAP_TIME], now,
    )  # fmt: skip


@inlined
def not_served_at_once(
    w: Ints, f: Floats, u: Bits, q: int, i: int, customer: int, origin: int, service: float, wrap: float,
    patience: float, now: float,
) -> None:  # fmt: skip
    """Nobody is free: the contact waits, or leaves at once."""
    w[w[q + AT_COUNTS] + i * COUNTED + WAITED] += 1
    if w[q + LETS_GO] == 1 and unstaffed(w, q):
        lost(w, f, u, q, i, customer, origin, LET_GO, now, now)
    elif patience <= 0.0:
        lost(w, f, u, q, i, customer, origin, ABANDONED, now, now)
    else:
        wait_in_line(w, f, q, i, customer, origin, service, wrap, patience, now)


@inlined
def arrive(w: Ints, f: Floats, u: Bits, q: int, i: int, customer: int, origin: int, stream: int, now: float) -> None:
    """A contact comes: its attributes are drawn, then it is served, waits, or is turned away."""
    service, wrap = draw(w, f, u, stream, q + SERVICE), draw(w, f, u, stream, q + WRAP)
    stays = f[q + NEVER_WAITS] == 0.0 or uniform(u, stream) >= f[q + NEVER_WAITS]
    patience = draw(w, f, u, stream, q + PATIENCE)
    counts = w[q + AT_COUNTS] + i * COUNTED
    w[counts + OFFERED] += 1
    if FRESH < origin < TRANSFERRED:
        w[counts + RETURNED] += 1
    if origin != TRANSFERRED and w[LINES] >= f[MOST_LINES]:
        lost(w, f, u, q, i, customer, origin, BLOCKED, now, now)
        return
    w[LINES] += origin != TRANSFERRED
    g = idle_group(w, f, q, 0.0)
    if g == NONE:
        patience = patience if stays else 0.0
        not_served_at_once(w, f, u, q, i, customer, origin, service, wrap, patience, now)
    else:
        a = taken_from(w, g)
        push(w, f, serve(w, f, u, a, q, i, customer, origin, now, service, wrap, now), a)


@inlined
def complete(w: Ints, f: Floats, u: Bits, a: int, now: float) -> None:
    """The event at the root: an agent is free, and takes the next contact, waits for one, or goes."""
    g = w[a + SEAT_GROUP]
    goes = w[g + IDLE] < 0 if w[g + SINGLE] == 0 else w[a + STATE] == LEAVING
    x = NONE if goes else next_for(w, f, g, now)
    if x != NONE:
        freed = serve_waiting(w, f, u, a, x, now)
        replace_root(w, f, w[HEAP], freed, a)
        return
    pop(w, f)
    if w[g + SINGLE] == 0:
        w[g + IDLE] += 1
    elif goes:
        w[a + STATE] = OFF
    else:
        sit_down(w, f, a, g, now)


@step
def give_up(w: Ints, f: Floats, u: Bits, x: int, now: float) -> None:
    """Patience or the queue's limit has run out."""
    unlink(w, x)
    lost(w, f, u, w[x + SLOT_QUEUE], w[x + COLUMN], w[x + CUSTOMER], w[x + ORIGIN], w[x + LEAVES], f[x + ARRIVED], now)


@step
def overflow(w: Ints, f: Floats, u: Bits, x: int, now: float) -> None:
    """More groups may serve a contact from now on."""
    stage = w[x + STAGE]
    g = idle_group(w, f, w[x + SLOT_QUEUE], f[stage])
    if g != NONE:
        a = taken_from(w, g)
        push(w, f, serve_waiting(w, f, u, a, x, now), a)
        return
    w[x + STAGE] = stage + 1
    if f[stage + 1] < FOR_EVER:
        event = (x << PLACE_SHIFT) | (w[x + USES] & USES_BITS)
        push(w, f, f[x + ARRIVED] + f[stage + 1], (OVERFLOW << KIND_SHIFT) | event)


@step
def start_work(w: Ints, f: Floats, u: Bits, a: int, now: float) -> None:
    """One server is there: takes a contact that waits, or is idle."""
    g = w[a + SEAT_GROUP]
    x = next_for(w, f, g, now)
    if x == NONE and w[g + SINGLE] == 1:
        sit_down(w, f, a, g, now)
    elif x == NONE:
        w[g + IDLE] += 1
    else:
        w[a + STATE] = BUSY
        push(w, f, serve_waiting(w, f, u, a, x, now), a)


@step
def change_pool(w: Ints, f: Floats, u: Bits, a: int, by: int, now: float) -> None:
    """Agents of a pool come or go; who is busy goes when done."""
    g = w[a + SEAT_GROUP]
    for _ in range(by):
        if w[g + IDLE] < 0:
            w[g + IDLE] += 1
        else:
            start_work(w, f, u, a, now)
    if by < 0:
        w[g + IDLE] += by


@step
def change_agent(w: Ints, f: Floats, u: Bits, a: int, by: int, now: float) -> None:
    """An agent comes or goes; who is busy goes when done."""
    state = w[a + STATE]
    if by > 0 and state == OFF:
        start_work(w, f, u, a, now)
    elif by > 0 and state == LEAVING:
        w[a + STATE] = BUSY
    elif by < 0 and state == READY:
        stand_up(w, a, w[a + SEAT_GROUP], OFF)
    elif by < 0 and state == BUSY:
        w[a + STATE] = LEAVING


@step
def let_go(w: Ints, f: Floats, u: Bits, now: float) -> None:
    """Queues that let everybody go while nobody is at work."""
    for v in range(w[QUEUES]):
        q = w[AT_QUEUES] + v * QUEUE_SIZE
        while w[q + LETS_GO] == 1 and w[q + HEAD] != NONE and unstaffed(w, q):
            x = w[q + HEAD]
            unlink(w, x)
            lost(w, f, u, q, w[x + COLUMN], w[x + CUSTOMER], w[x + ORIGIN], LET_GO, f[x + ARRIVED], now)


@step
def change(w: Ints, f: Floats, u: Bits, now: float) -> None:
    """The next change of who is at work."""
    e = w[AT_CHANGES] + w[CHANGE] * CHANGE_SIZE
    w[CHANGE] += 1
    a, by = w[e + CHANGE_SERVER], w[e + CHANGE_BY]
    g = w[a + SEAT_GROUP]
    w[g + PRESENT] += by
    if w[g + SINGLE] == 1:
        change_agent(w, f, u, a, by, now)
    else:
        change_pool(w, f, u, a, by, now)
    if by < 0 and w[g + PRESENT] == 0:
        let_go(w, f, u, now)


@inlined
def happen(w: Ints, f: Floats, u: Bits, now: float, load: int) -> None:
    """The first event of the heap, but for a customer who comes back."""
    kind = load >> KIND_SHIFT
    if kind == COMPLETION:
        complete(w, f, u, load, now)
        return
    pop(w, f)
    x = (load >> PLACE_SHIFT) & PLACE_BITS
    if kind == LINE_FREE:
        w[LINES] -= 1
    elif w[x + USES] & USES_BITS != load & USES_BITS:
        return
    elif kind == GIVES_UP:
        give_up(w, f, u, x, now)
    else:
        overflow(w, f, u, x, now)


@step
def close(w: Ints, f: Floats, now: float) -> None:
    """Who still waits when nothing can happen any more."""
    for v in range(w[QUEUES]):
        q = w[AT_QUEUES] + v * QUEUE_SIZE
        x = w[q + HEAD]
        while x != NONE:
            i = w[x + COLUMN]
            w[w[q + AT_COUNTS] + i * COUNTED + LEFT] += 1
            record(w, f, q, i, w[x + CUSTOMER], w[x + ORIGIN], LEFT, NONE, f[x + ARRIVED], FOR_EVER, now, now)
            x = w[x + NEXT]


@inlined
def come(w: Ints, f: Floats, u: Bits, v: int, back: bool, now: float) -> None:  # noqa: FBT001  compiled
    """A fresh contact of the queue numbered ``v``, or the customer at the root comes back."""
    customer, origin, stream = NONE, FRESH, w[AT_STREAMS]
    if back:
        load = w[w[AT_HEAP] + LOAD]
        pop(w, f)
        q = w[AT_QUEUES] + ((load >> QUEUE_SHIFT) & QUEUE_BITS) * QUEUE_SIZE
        i = min(int(now / f[WIDTH]), w[INTERVALS] - 1)
        customer, origin = load & CUSTOMER_BITS, (load >> ORIGIN_SHIFT) & 3
    else:
        q = w[AT_QUEUES] + v * QUEUE_SIZE
        i, stream = w[q + INTERVAL], w[q + ATTRIBUTES]
        next_arrival(w, f, u, q, now)
    arrive(w, f, u, q, i, customer, origin, stream, now)


@inlined
def soonest(w: Ints, f: Floats) -> int:
    """The number of the queue with the next arrival."""
    first = w[AT_COMING]
    v, least = 0, f[first]
    for k in range(1, w[QUEUES]):
        sooner = f[first + k] < least
        least = f[first + k] if sooner else least
        v = k if sooner else v
    return v


@step
def run(w: Ints, f: Floats, u: Bits) -> None:
    """A whole replication; ``w[STATUS]`` says whether it came to its end or which pool was full."""
    open_day(w, f, u)
    heap, last = w[AT_HEAP], 0.0
    while w[STATUS] == DONE:
        v = soonest(w, f)
        now = f[w[AT_COMING] + v]
        from_heap = w[HEAP] > 0 and f[heap + TIME] < now
        now = f[heap + TIME] if from_heap else now
        e = w[AT_CHANGES] + w[CHANGE] * CHANGE_SIZE
        if w[CHANGE] < w[CHANGES] and f[e + CHANGE_TIME] <= now:
            last = f[e + CHANGE_TIME]
            change(w, f, u, last)
            continue
        if now >= FOR_EVER:
            break
        last = now
        back = from_heap and w[heap + LOAD] >> KIND_SHIFT == COMES_BACK
        if from_heap and not back:
            happen(w, f, u, now, w[heap + LOAD])
        else:
            come(w, f, u, v, back, now)
    close(w, f, last)
