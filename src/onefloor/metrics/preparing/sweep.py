"""Intervals of agents, without overlaps and cut at the half hours: all by sorted sweeps, no loop over rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onefloor.metrics.preparing.times import INTERVAL_MS, Instants, offsets_of
from onefloor.periods import Clock

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spans:
    """Half-open intervals of agents; ``code`` says what, and of two at once the lower code wins."""

    agent: Codes
    start: Instants
    end: Instants
    code: Codes


def flattened(spans: Spans) -> Spans:
    """The same time without overlaps: at every instant the lowest code that an agent's intervals hold."""
    agent, start, end, code = _ordered(spans)
    same = agent[1:] == agent[:-1]
    if not (same & (start[1:] < end[:-1])).any():
        return Spans(agent, start, end, code)
    where, at, signs = _edges(agent, start, end)
    order = _order(where, at)
    codes, signs = np.tile(code, 2)[order], signs[order].astype(np.int32)
    winner = np.zeros(len(order), dtype=np.int64)
    for kind in np.unique(code)[::-1]:
        held = np.cumsum(np.where(codes == kind, signs, 0), dtype=np.int32) > 0
        winner[held] = kind
    return _stretches(where[order], at[order], winner)


def overlaid(one: Spans, other: Spans) -> tuple[Spans, Codes]:
    """Two flattened sets on one time line: the stretches with the first's code, and beside it the second's."""
    if not len(other.agent):
        return one, np.zeros(len(one.agent), dtype=np.int64)
    (where, at, codes), (where_other, at_other, codes_other) = _steps(one), _steps(other)
    where, at = np.concatenate([where, where_other]), np.concatenate([at, at_other])
    order = _order(where, at)
    # After as many edges of one set as have passed, that set's code is the one of its last edge.
    passed = np.cumsum(order < len(codes) - 1)
    passed_other = np.arange(1, len(order) + 1) - passed
    # Both codes in one number, so that a stretch with either is kept.
    both = _stretches(where[order], at[order], codes[passed] * 1000 + codes_other[passed_other])
    return Spans(both.agent, both.start, both.end, both.code // 1000), both.code % 1000


def cut_at_half_hours(spans: Spans, clock: Clock) -> tuple[Spans, Codes, Instants]:
    """The spans cut at local half hours: the pieces, from which span each is, and where its half hour begins.

    Clock changes move local time by whole half hours in every zone since 1990, so the grid of one offset is the grid
    of the next.
    """
    offset = offsets_of(spans.start, clock)
    first = (spans.start + offset) // INTERVAL_MS
    count = (spans.end - 1 + offset) // INTERVAL_MS - first + 1
    origin = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
    begins = (first[origin] + nth) * INTERVAL_MS - offset[origin]
    start = np.maximum(spans.start[origin], begins)
    end = np.minimum(spans.end[origin], begins + INTERVAL_MS)
    return Spans(spans.agent[origin], start, end, spans.code[origin]), origin, begins


def _ordered(spans: Spans) -> tuple[Codes, Instants, Instants, Codes]:
    agent, start, end, code = spans.agent, spans.start, spans.end, spans.code
    order = _order(agent, start)
    real = (end > start)[order]
    order = order if real.all() else order[real]
    return agent[order], start[order], end[order], code[order]


def _steps(flat: Spans) -> tuple[Codes, Instants, Codes]:
    """The edges of flattened spans in order, and the codes: before any edge, after the first, and so on."""
    codes = np.zeros(2 * len(flat.code) + 1, dtype=np.int64)
    codes[1::2] = flat.code
    return np.repeat(flat.agent, 2), np.column_stack([flat.start, flat.end]).ravel(), codes


def _order(agent: Codes, at: Instants) -> Codes:
    """Sorts by agent, then time. One number a row sorts several times faster than two; ties are all alike."""
    if not len(at):
        return np.zeros(0, dtype=np.int64)
    since = at - at.min()
    span = int(since.max()) + 1
    if int(agent.max()) * span < 2**62:
        return np.argsort(agent * span + since)
    return np.lexsort((at, agent))


def _edges(agent: Codes, start: Instants, end: Instants) -> tuple[Codes, Instants, Codes]:
    signs = np.ones(2 * len(agent), dtype=np.int64)
    signs[len(agent) :] = -1
    return np.tile(agent, 2), np.concatenate([start, end]), signs


def _stretches(agent: Codes, at: Instants, code: Codes) -> Spans:
    """From the codes that hold after each edge to the stretches between edges that hold any."""
    kept = (agent[1:] == agent[:-1]) & (at[1:] > at[:-1]) & (code[:-1] > 0)
    return Spans(agent[:-1][kept], at[:-1][kept], at[1:][kept], code[:-1][kept])
