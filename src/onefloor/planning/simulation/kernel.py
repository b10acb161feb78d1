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

import numpy as np

from onefloor.planning.simulation.chance import (
    CONSTANT,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    between,
    exponential,
    gamma,
    normal,
    uniform,
)
from onefloor.planning.simulation.heap import pop, push, replace_root
from onefloor.planning.simulation.machine import inlined, step
from onefloor.planning.simulation.memory import (
    ABANDONED,
    AFTER,
    ANSWERED,
    ARRIVALS,
    ARRIVED,
    AT_BUSYNESS,
    AT_BY,
    AT_CHANGES,
    AT_COMING,
    AT_COUNTS,
    AT_GAPS,
    AT_HEAP,
    AT_OFFERS,
    AT_QUEUES,
    AT_RATES,
    AT_ROWS,
    AT_SERVED,
    AT_SKILLS,
    AT_STAGES,
    AT_STREAMS,
    AT_WAITS,
    AT_WORK,
    ATTRIBUTES,
    BEFORE,
    BLOCKED,
    BUSY,
    BUSYNESS,
    CHANGE,
    CHANGE_BY,
    CHANGE_SERVER,
    CHANGE_SIZE,
    CHANGE_TIME,
    CHANGES,
    COLUMN,
    COUNTED,
    CUSTOMER,
    DONE,
    FACTORS,
    FREE,
    FRESH,
    FULL_ROWS,
    FULL_SLOTS,
    GROUP_NUMBER,
    HEAD,
    HEAP,
    HORIZON,
    IDLE,
    IDLE_HEAD,
    IDLE_TAIL,
    IN_TIME,
    IN_TIME_LIMIT,
    INTERVAL,
    INTERVALS,
    LAW_A,
    LAW_AT,
    LAW_B,
    LAW_COUNT,
    LAW_KIND,
    LEAVES,
    LEAVING,
    LEFT,
    LET_GO,
    LETS_GO,
    LINES,
    LOAD,
    LONGEST,
    MOST_LINES,
    NEVER_WAITS,
    NEXT,
    NONE,
    NUMBER,
    OF_ANSWERED,
    OF_LOST,
    OFF,
    OFFER_AFTER,
    OFFER_GROUP,
    OFFER_RANK,
    OFFER_SIZE,
    OFFERED,
    OFFERS,
    ORIGIN,
    PACE,
    PATIENCE,
    POOL,
    PRESENT,
    QUEUE_SIZE,
    QUEUES,
    READY,
    REDIAL,
    REDIALLED,
    REDIALS,
    REPEAT,
    REPEATED,
    REPEATS,
    RETURNED,
    ROW_ROOM,
    ROW_SIZE,
    ROWS,
    SEAT_BEFORE,
    SEAT_GROUP,
    SEAT_NEXT,
    SEAT_NUMBER,
    SERVICE,
    SERVICE_TIME,
    SHORT,
    SHORT_LIMIT,
    SINCE,
    SINGLE,
    SKILL_CLASS,
    SKILL_QUEUE,
    SKILL_SIZE,
    SKILL_WAIT,
    SKILLS,
    SLOT_QUEUE,
    STAGE,
    STATE,
    STATUS,
    TAIL,
    TALK,
    TIES,
    TIME,
    TIMED_OUT,
    TYPE,
    USES,
    WAITED,
    WIDTH,
    WRAP,
    WRAP_TIME,
    Bits,
    Floats,
    Ints,
)
from onefloor.planning.simulation.tables import FOR_EVER

COMPLETION, GIVES_UP, OVERFLOW, COMES_BACK, LINE_FREE = range(5)
KIND_SHIFT, PLACE_SHIFT, USES_BITS, PLACE_BITS = 58, 24, (1 << 24) - 1, (1 << 34) - 1
QUEUE_SHIFT, ORIGIN_SHIFT, QUEUE_BITS, CUSTOMER_BITS = 42, 40, (1 << 16) - 1, (1 << 40) - 1


@inlined
def draw(w: Ints, f: Floats, u: Bits, stream: int, law: int) -> float:
    """A value of a law, whose place is ``law``."""
    kind = w[law + LAW_KIND]
    if kind == LOGNORMAL:
        return np.exp(f[law + LAW_A] + f[law + LAW_B] * normal(u, stream))
    if kind == EXPONENTIAL:
        return f[law + LAW_A] * exponential(u, stream)
    if kind == CONSTANT:
        return f[law + LAW_A]
    if kind == GAMMA:
        return f[law + LAW_B] * gamma(u, stream, f[law + LAW_A])
    return between(u, stream, f, w[law + LAW_AT], w[law + LAW_COUNT])


@inlined
def next_arrival(w: Ints, f: Floats, u: Bits, q: int, now: float) -> None:
    """The next arrival of a queue: a unit exponential over a rate that is constant in each interval."""
    need = exponential(u, w[q + ARRIVALS])
    coming, i = w[AT_COMING] + w[q + NUMBER], w[q + INTERVAL]
    while i < w[INTERVALS]:
        gap, end = f[w[q + AT_GAPS] + i], (i + 1) * f[WIDTH]
        if gap < FOR_EVER:
            then = now + need * gap
            if then < end:
                f[coming], w[q + INTERVAL] = then, i
                return
            need -= (end - now) / gap
        now = end
        i += 1
    f[coming] = FOR_EVER


@step
def open_day(w: Ints, f: Floats, u: Bits) -> None:
    """Factors of the day, then the first arrival of each queue."""
    stream = w[AT_STREAMS] + 4 * FACTORS
    factor, own, before = draw(w, f, u, stream, w[AT_BUSYNESS] + BUSYNESS), 1.0, NONE
    for v in range(w[QUEUES]):
        q = w[AT_QUEUES] + v * QUEUE_SIZE
        if w[q + TYPE] != before:
            own, before = draw(w, f, u, stream, q + BUSYNESS), w[q + TYPE]
        for i in range(w[INTERVALS]):
            rate = f[w[q + AT_RATES] + i] * (factor * own)
            f[w[q + AT_GAPS] + i] = 1.0 / rate if rate > 0.0 else FOR_EVER
        next_arrival(w, f, u, q, 0.0)


# Counting


@inlined
def add_work(w: Ints, f: Floats, g: int, what: int, start: float, end: float) -> None:
    """Time of a group, cut at the ends of intervals."""
    width, last = f[WIDTH], w[INTERVALS]
    i = min(int(start / width), last)
    while i < last and (i + 1) * width < end:
        f[w[g + AT_WORK] + 2 * i + what] += (i + 1) * width - start
        start = (i + 1) * width
        i += 1
    f[w[g + AT_WORK] + 2 * i + what] += end - start


@step
def record(
    w: Ints, f: Floats, q: int, i: int, customer: int, origin: int, outcome: int, server: int,
    arrived: float, answered: float, ended: float, freed: float,
) -> int:  # fmt: skip
    """A row for a contact, if there is room for rows at all; the customer it belongs to."""
    if w[ROW_ROOM] == 0:
        return 0
    number = w[ROWS]
    if number >= w[ROW_ROOM]:
        w[STATUS] = FULL_ROWS
        return 0
    w[ROWS] = number + 1
    row, customer = w[AT_ROWS] + number * ROW_SIZE, number if customer < 0 else customer
    w[row], w[row + 1], w[row + 2], w[row + 3], w[row + 4], w[row + 5] = (
        customer, w[q + NUMBER], origin, outcome, i, server,
    )  # fmt: skip
    f[row + 6], f[row + 7], f[row + 8], f[row + 9] = arrived, answered, ended, freed
    return customer


@step
def come_back_later(w: Ints, f: Floats, u: Bits, q: int, law: int, customer: int, origin: int, now: float) -> None:
    """The customer comes back, if that is before the horizon."""
    then = now + draw(w, f, u, w[AT_STREAMS], q + law)
    if then < f[HORIZON]:
        who = (w[q + NUMBER] << QUEUE_SHIFT) | (origin << ORIGIN_SHIFT) | customer
        push(w, f, then, (COMES_BACK << KIND_SHIFT) | who)


@step
def lost(
    w: Ints, f: Floats, u: Bits, q: int, i: int, customer: int, origin: int, outcome: int, arrived: float, now: float
) -> None:
    """A contact that nobody served; who found no line, gave up or was let go may call again."""
    counts = w[q + AT_COUNTS] + i * COUNTED
    w[counts + outcome] += 1
    f[w[q + AT_WAITS] + 2 * i + OF_LOST] += now - arrived
    if outcome == ABANDONED and now - arrived <= f[q + SHORT_LIMIT]:
        w[counts + SHORT] += 1
    if outcome != BLOCKED:
        w[LINES] -= 1
    customer = record(w, f, q, i, customer, origin, outcome, NONE, arrived, FOR_EVER, now, now)
    if outcome != TIMED_OUT and f[q + REDIALS] > 0.0 and uniform(u, w[AT_STREAMS]) < f[q + REDIALS]:
        come_back_later(w, f, u, q, REDIAL, customer, REDIALLED, now)


# Agents


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


# Contacts


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
def count_answer(w: Ints, f: Floats, q: int, i: int, g: int, wait: float) -> None:
    """An answered contact in all tables that count it."""
    in_time = 1 if wait <= f[q + IN_TIME_LIMIT] else 0
    counts, served = w[q + AT_COUNTS] + i * COUNTED, w[q + AT_SERVED] + 2 * w[g + GROUP_NUMBER]
    by_group = w[g + AT_BY] + 2 * i
    w[counts + ANSWERED] += 1
    w[counts + IN_TIME] += in_time
    w[served] += 1
    w[served + 1] += in_time
    w[by_group] += 1
    w[by_group + 1] += in_time
    f[w[q + AT_WAITS] + 2 * i + OF_ANSWERED] += wait


@inlined
def serve(
    w: Ints, f: Floats, u: Bits, a: int, q: int, i: int, customer: int, origin: int, arrived: float, service: float,
    wrap: float, now: float,
) -> float:  # fmt: skip
    """An agent answers; when that agent will be free."""
    g, ended = w[a + SEAT_GROUP], now + service * f[a + PACE]
    count_answer(w, f, q, i, g, now - arrived)
    add_work(w, f, g, TALK, now, ended)
    freed = ended
    if wrap > 0.0:
        freed = ended + wrap * f[a + PACE]
        add_work(w, f, g, AFTER, ended, freed)
    customer = record(w, f, q, i, customer, origin, ANSWERED, w[a + SEAT_NUMBER], arrived, now, ended, freed)
    if f[q + REPEATS] > 0.0 and uniform(u, w[AT_STREAMS]) < f[q + REPEATS]:
        come_back_later(w, f, u, q, REPEAT, customer, REPEATED, ended)
    if f[MOST_LINES] < FOR_EVER:
        push(w, f, ended, LINE_FREE << KIND_SHIFT)
    return freed


@inlined
def serve_waiting(w: Ints, f: Floats, u: Bits, a: int, x: int, now: float) -> float:
    """An agent answers a contact that waits; when that agent will be free."""
    unlink(w, x)
    return serve(
        w, f, u, a, w[x + SLOT_QUEUE], w[x + COLUMN], w[x + CUSTOMER], w[x + ORIGIN], f[x + ARRIVED],
        f[x + SERVICE_TIME], f[x + WRAP_TIME], now,
    )  # fmt: skip


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


@step
def unstaffed(w: Ints, q: int) -> bool:
    """Whether nobody who may serve a queue is at work."""
    present = 0
    for j in range(w[q + OFFERS]):
        present += w[w[w[q + AT_OFFERS] + j * OFFER_SIZE + OFFER_GROUP] + PRESENT]
    return present <= 0


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
    if origin != FRESH:
        w[counts + RETURNED] += 1
    if w[LINES] >= f[MOST_LINES]:
        lost(w, f, u, q, i, customer, origin, BLOCKED, now, now)
        return
    w[LINES] += 1
    g = idle_group(w, f, q, 0.0)
    if g == NONE:
        patience = patience if stays else 0.0
        not_served_at_once(w, f, u, q, i, customer, origin, service, wrap, patience, now)
    else:
        a = taken_from(w, g)
        push(w, f, serve(w, f, u, a, q, i, customer, origin, now, service, wrap, now), a)


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


# Events


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
