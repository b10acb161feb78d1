"""The heap of events, compiled: 4-ary, time and payload side by side; a full heap stops the run."""

from __future__ import annotations

from onefloor.planning.compiled import inlined
from onefloor.planning.simulation.memory import (
    AT_HEAP,
    EVENT_SIZE,
    FULL_HEAP,
    HEAP,
    HEAP_ROOM,
    LOAD,
    STATUS,
    TIME,
    Floats,
    Ints,
)


@inlined
def push(w: Ints, f: Floats, time: float, load: int) -> None:
    """One more event; one of the same time as the root never takes its place."""
    i, first = w[HEAP], w[AT_HEAP]
    if i >= w[HEAP_ROOM]:
        w[STATUS] = FULL_HEAP
        return
    w[HEAP] = i + 1
    here = first + i * EVENT_SIZE
    while i > 0:
        i = (i - 1) >> 2
        above = first + i * EVENT_SIZE
        if f[above + TIME] <= time:
            break
        f[here + TIME], w[here + LOAD] = f[above + TIME], w[above + LOAD]
        here = above
    f[here + TIME], w[here + LOAD] = time, load


@inlined
def replace_root(w: Ints, f: Floats, size: int, time: float, load: int) -> None:
    """Another event in the place of the first one, in a heap of ``size``."""
    first = w[AT_HEAP]
    here, c = first, 1
    while c < size:
        child = first + c * EVENT_SIZE
        least, m = f[child + TIME], c
        for k in range(c + 1, min(c + 4, size)):
            other = f[first + k * EVENT_SIZE + TIME]
            smaller = other < least
            least = other if smaller else least
            m = k if smaller else m
        if least >= time:
            break
        there = first + m * EVENT_SIZE
        f[here + TIME], w[here + LOAD] = least, w[there + LOAD]
        here = there
        c = 4 * m + 1
    f[here + TIME], w[here + LOAD] = time, load


@inlined
def pop(w: Ints, f: Floats) -> None:
    """Drop the first event."""
    size = w[HEAP] - 1
    w[HEAP] = size
    if size > 0:
        last = w[AT_HEAP] + size * EVENT_SIZE
        replace_root(w, f, size, f[last + TIME], w[last + LOAD])
