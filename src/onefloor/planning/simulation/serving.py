"""What becomes of a contact, counted: an agent answers, or nobody does; compiled."""

# What an array holds is Any to NumPy's types:
# mypy: warn-return-any=False
from __future__ import annotations

from onefloor.planning.compiled import inlined, step
from onefloor.planning.simulation.arriving import draw
from onefloor.planning.simulation.chance import uniform
from onefloor.planning.simulation.heap import push
from onefloor.planning.simulation.memory import (
    ABANDONED,
    AFTER,
    ANSWERED,
    AT_BY,
    AT_COUNTS,
    AT_ROWS,
    AT_SERVED,
    AT_SKILLS,
    AT_STREAMS,
    AT_TRANSFERS,
    AT_WAITS,
    AT_WORK,
    BLOCKED,
    COMES_BACK,
    COUNTED,
    FULL_ROWS,
    GROUP_NUMBER,
    HORIZON,
    IN_TIME,
    IN_TIME_LIMIT,
    IN_TIME_TIE,
    INTERVALS,
    KIND_SHIFT,
    LINE_FREE,
    LINES,
    MOST_LINES,
    NONE,
    NUMBER,
    OF_ANSWERED,
    OF_LOST,
    ORIGIN_SHIFT,
    PACE,
    PASSES_ON,
    QUEUE_SHIFT,
    REDIAL,
    REDIALLED,
    REDIALS,
    REPEAT,
    REPEATED,
    REPEATS,
    ROW_ROOM,
    ROW_SIZE,
    ROWS,
    SEAT_GROUP,
    SEAT_NUMBER,
    SHORT,
    SHORT_LIMIT,
    SHORT_TIE,
    SKILL_QUEUE,
    SKILL_SIZE,
    SKILLS,
    STATUS,
    TALK,
    TIMED_OUT,
    TRANSFER_QUEUE,
    TRANSFER_SHARE,
    TRANSFER_SIZE,
    TRANSFERRED,
    TRANSFERS,
    TYPE,
    WIDTH,
    Bits,
    Floats,
    Ints,
)
from onefloor.planning.simulation.tables import FOR_EVER


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


@inlined
def inside(edge: float, tie: int, now: float) -> int:
    """1 if now is before the edge, or on it and that counts: instants, so that a timer meets its own edge."""
    return 1 if now < edge or (now == edge and tie == 1) else 0


@step
def push_arrival(w: Ints, f: Floats, q: int, customer: int, origin: int, then: float) -> None:
    """A customer that is known comes into a queue at that time."""
    who = (w[q + NUMBER] << QUEUE_SHIFT) | (origin << ORIGIN_SHIFT) | customer
    push(w, f, then, (COMES_BACK << KIND_SHIFT) | who)


@step
def come_back_later(w: Ints, f: Floats, u: Bits, q: int, law: int, customer: int, origin: int, now: float) -> None:
    """The customer comes back, if that is before the horizon."""
    then = now + draw(w, f, u, w[AT_STREAMS], q + law)
    if then < f[HORIZON]:
        push_arrival(w, f, q, customer, origin, then)


@step
def serves(w: Ints, g: int, kind: int) -> bool:
    """Whether a group serves a contact type."""
    found = False
    for j in range(w[g + SKILLS]):
        found |= w[w[w[g + AT_SKILLS] + j * SKILL_SIZE + SKILL_QUEUE] + TYPE] == kind
    return found


@step
def pass_on(w: Ints, f: Floats, u: Bits, a: int, q: int, customer: int, now: float) -> bool:
    """Whether the customer goes on to another line, of a type that the agent's group does not serve."""
    left = uniform(u, w[AT_STREAMS]) / f[a + PASSES_ON]
    for j in range(w[q + TRANSFERS]):
        transfer = w[q + AT_TRANSFERS] + j * TRANSFER_SIZE
        to = w[transfer + TRANSFER_QUEUE]
        if serves(w, w[a + SEAT_GROUP], w[to + TYPE]):
            continue
        left -= f[transfer + TRANSFER_SHARE]
        if left < 0.0:
            push_arrival(w, f, to, customer, TRANSFERRED, now)
            return True
    return False


@step
def lost(
    w: Ints, f: Floats, u: Bits, q: int, i: int, customer: int, origin: int, outcome: int, arrived: float, now: float
) -> None:
    """A contact that nobody served; who found no line, gave up or was let go may call again."""
    counts = w[q + AT_COUNTS] + i * COUNTED
    w[counts + outcome] += 1
    f[w[q + AT_WAITS] + 2 * i + OF_LOST] += now - arrived
    if outcome == ABANDONED:
        w[counts + SHORT] += inside(arrived + f[q + SHORT_LIMIT], w[q + SHORT_TIE], now)
    if outcome != BLOCKED:
        w[LINES] -= 1
    customer = record(w, f, q, i, customer, origin, outcome, NONE, arrived, FOR_EVER, now, now)
    if outcome != TIMED_OUT and f[q + REDIALS] > 0.0 and uniform(u, w[AT_STREAMS]) < f[q + REDIALS]:
        come_back_later(w, f, u, q, REDIAL, customer, REDIALLED, now)


@inlined
def count_answer(w: Ints, f: Floats, q: int, i: int, g: int, arrived: float, now: float) -> None:
    """An answered contact in all tables that count it."""
    in_time = inside(arrived + f[q + IN_TIME_LIMIT], w[q + IN_TIME_TIE], now)
    counts, served = w[q + AT_COUNTS] + i * COUNTED, w[q + AT_SERVED] + 2 * w[g + GROUP_NUMBER]
    by_group = w[g + AT_BY] + 2 * i
    w[counts + ANSWERED] += 1
    w[counts + IN_TIME] += in_time
    w[served] += 1
    w[served + 1] += in_time
    w[by_group] += 1
    w[by_group + 1] += in_time
    f[w[q + AT_WAITS] + 2 * i + OF_ANSWERED] += now - arrived


@inlined
def serve(
    w: Ints, f: Floats, u: Bits, a: int, q: int, i: int, customer: int, origin: int, arrived: float, service: float,
    wrap: float, now: float,
) -> float:  # fmt: skip
    """An agent answers; when that agent will be free."""
    g, ended = w[a + SEAT_GROUP], now + service * f[a + PACE]
    count_answer(w, f, q, i, g, arrived, now)
    add_work(w, f, g, TALK, now, ended)
    freed = ended
    if wrap > 0.0:
        freed = ended + wrap * f[a + PACE]
        add_work(w, f, g, AFTER, ended, freed)
    customer = record(w, f, q, i, customer, origin, ANSWERED, w[a + SEAT_NUMBER], arrived, now, ended, freed)
    if w[q + TRANSFERS] > 0 and pass_on(w, f, u, a, q, customer, ended):
        return freed  # the line stays taken
    if f[q + REPEATS] > 0.0 and uniform(u, w[AT_STREAMS]) < f[q + REPEATS]:
        come_back_later(w, f, u, q, REPEAT, customer, REPEATED, ended)
    if f[MOST_LINES] < FOR_EVER:
        push(w, f, ended, LINE_FREE << KIND_SHIFT)
    return freed
