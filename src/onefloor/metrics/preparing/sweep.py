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
    codes = np.concatenate([code, code])
    order = np.lexsort((at, where))
    winner = np.zeros(len(order), dtype=np.int64)
    for kind in np.unique(code)[::-1]:
        held = np.cumsum(np.where(codes[order] == kind, signs[order], 0)) > 0
        winner[held] = kind
    return _stretches(where[order], at[order], winner)


def overlaid(one: Spans, other: Spans) -> tuple[Spans, Codes]:
    """Two flattened sets on one time line: the stretches with the first's code, and beside it the second's."""
    where_one, at_one, signs_one = _edges(one.agent, one.start, one.end)
    where_other, at_other, signs_other = _edges(other.agent, other.start, other.end)
    where, at = np.concatenate([where_one, where_other]), np.concatenate([at_one, at_other])
    change_one = np.concatenate([signs_one * np.tile(one.code, 2), np.zeros(len(where_other), dtype=np.int64)])
    change_other = np.concatenate([np.zeros(len(where_one), dtype=np.int64), signs_other * np.tile(other.code, 2)])
    order = np.lexsort((at, where))
    codes = np.cumsum(change_one[order]), np.cumsum(change_other[order])
    # Both codes in one number, so that a stretch with either is kept.
    both = _stretches(where[order], at[order], codes[0] * 1000 + codes[1])
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
    real = spans.end > spans.start
    agent, start, end, code = spans.agent[real], spans.start[real], spans.end[real], spans.code[real]
    order = np.lexsort((start, agent))
    return agent[order], start[order], end[order], code[order]


def _edges(agent: Codes, start: Instants, end: Instants) -> tuple[Codes, Instants, Codes]:
    signs = np.ones(2 * len(agent), dtype=np.int64)
    signs[len(agent) :] = -1
    return np.tile(agent, 2), np.concatenate([start, end]), signs


def _stretches(agent: Codes, at: Instants, code: Codes) -> Spans:
    """From the codes that hold after each edge to the stretches between edges that hold any."""
    kept = (agent[1:] == agent[:-1]) & (at[1:] > at[:-1]) & (code[:-1] > 0)
    return Spans(agent[:-1][kept], at[:-1][kept], at[1:][kept], code[:-1][kept])
