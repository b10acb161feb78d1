"""One queue and one pool, compiled: without events.

First come, first served by n equal agents is a recursion on the times at which they will be free (Kiefer and Wolfowitz
1955, "On the theory of queues with many servers"); a contact that would wait longer than it is willing to leaves the
times alone (Baccelli and Hebuterne 1981). The contacts, their chance and what is counted are those of the event loop;
sums of waits of the lost are added in another order.
"""

from __future__ import annotations

from onefloor.planning.compiled import inlined, step
from onefloor.planning.simulation.arriving import draw, next_arrival, open_day
from onefloor.planning.simulation.chance import uniform
from onefloor.planning.simulation.memory import (
    ABANDONED,
    AT_CHANGES,
    AT_COMING,
    AT_COUNTS,
    AT_HEAP,
    AT_QUEUES,
    ATTRIBUTES,
    CHANGE_BY,
    CHANGE_SERVER,
    COUNTED,
    FRESH,
    INTERVAL,
    LONGEST,
    NEVER_WAITS,
    NONE,
    OFFERED,
    PATIENCE,
    SERVICE,
    TIMED_OUT,
    WAITED,
    WRAP,
    Bits,
    Floats,
    Ints,
)
from onefloor.planning.simulation.serving import lost, serve
from onefloor.planning.simulation.tables import FOR_EVER, Tables


def fits(tables: Tables, room: int) -> bool:
    """Whether a floor is one queue and one pool that never changes, from which nobody comes back."""
    return (
        len(tables.offers) == len(tables.single) == len(tables.change_by) == 1
        and tables.single[0] == 0
        and tables.change_time[0] == 0
        and 0 < tables.change_by[0] <= room
        and tables.offers[0] == tables.skills[0] == 1
        and tables.numbers[2] >= FOR_EVER
        and not tables.shares[0, 1:].any()
        and tables.offer_after[0, 0] == tables.skill_wait[0, 0] == 0
    )


@inlined
def replace_least(f: Floats, first: int, count: int, time: float) -> None:
    """Another time in the place of the least, in a 4-ary heap of times."""
    i, c = 0, 1
    while c < count:
        least, m = f[first + c], c
        for k in range(c + 1, min(c + 4, count)):
            smaller = f[first + k] < least
            least = f[first + k] if smaller else least
            m = k if smaller else m
        if least >= time:
            break
        f[first + i] = least
        i, c = m, 4 * m + 1
    f[first + i] = time


@step
def run_single(w: Ints, f: Floats, u: Bits) -> None:
    """A whole replication."""
    open_day(w, f, u)
    q, free = w[AT_QUEUES], w[AT_HEAP]
    agents, a = w[w[AT_CHANGES] + CHANGE_BY], w[w[AT_CHANGES] + CHANGE_SERVER]
    while f[w[AT_COMING]] < FOR_EVER:
        now, i, stream = f[w[AT_COMING]], w[q + INTERVAL], w[q + ATTRIBUTES]
        next_arrival(w, f, u, q, now)
        service, wrap = draw(w, f, u, stream, q + SERVICE), draw(w, f, u, stream, q + WRAP)
        stays = f[q + NEVER_WAITS] == 0.0 or uniform(u, stream) >= f[q + NEVER_WAITS]
        patience = draw(w, f, u, stream, q + PATIENCE)
        patience = patience if stays else 0.0
        counts, answer = w[q + AT_COUNTS] + i * COUNTED, max(now, f[free])
        w[counts + OFFERED] += 1
        if answer > now:
            w[counts + WAITED] += 1
            stay = min(patience, f[q + LONGEST])
            if patience <= 0.0 or now + stay < answer:
                outcome = TIMED_OUT if f[q + LONGEST] < patience else ABANDONED
                lost(w, f, u, q, i, NONE, FRESH, outcome, now, now + stay)
                continue
        freed = serve(w, f, u, a, q, i, NONE, FRESH, now, service, wrap, answer)
        replace_least(f, free, agents, freed)
