"""What agents do besides contacts: when they come, their breaks and training, and pauses nobody has planned."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from onefloor.demo.chance import Flags, Ints
from onefloor.demo.shifts import MINUTE, AgentDays
from onefloor.demo.truth import Truth

WORK, BREAK, LUNCH, TRAINING, PERSONAL = range(5)
REASONS = ("work", "break", "lunch", "training", "personal")
LATEST = 8  # minutes


@dataclass(frozen=True, slots=True)
class Spans:
    """What present agents are to do from login to logout, without gaps, by row of ``AgentDays`` and time; epoch ms."""

    row: Ints
    activity: Ints
    start_ms: Ints
    end_ms: Ints

    def only(self, rows: Flags | Ints) -> Spans:
        """Some of them, or all in another order."""
        return Spans(*(getattr(self, field.name)[rows] for field in fields(self)))


def attendance(truth: Truth, shifts: AgentDays, rng: np.random.Generator) -> Spans:
    """The spans of all agents who came: some a little late, some with a personal pause."""
    rows = np.flatnonzero(shifts.present)
    late = (np.clip(rng.normal(0.5, 1.5, len(rows)), 0, LATEST) * MINUTE).astype(np.int64)
    starts, ends = shifts.starts[rows], shifts.ends[rows]
    starts[:, 0] += late
    blocks = np.where(shifts.training[rows], TRAINING, WORK)
    of_row = np.broadcast_to(rows[:, None], starts.shape)
    planned = Spans(of_row.ravel(), blocks.ravel(), starts.ravel(), ends.ravel())
    between = np.broadcast_to(np.where(np.arange(starts.shape[1] - 1) == 1, LUNCH, BREAK), ends[:, 1:].shape)
    rests = Spans(of_row[:, 1:].ravel(), between.ravel(), ends[:, :-1].ravel(), starts[:, 1:].ravel())
    working = planned.activity == WORK
    found = [planned.only(~working), rests, *_with_pauses(truth, planned.only(working), rng)]
    whole = Spans(*(np.concatenate([getattr(part, field.name) for part in found]) for field in fields(Spans)))
    return whole.only(np.lexsort((whole.start_ms, whole.row)))


def _with_pauses(truth: Truth, blocks: Spans, rng: np.random.Generator) -> tuple[Spans, Spans]:
    """Blocks of work, and the personal pauses that cut them: as many an hour as is true, one to some minutes long."""
    length = blocks.end_ms - blocks.start_ms
    block = np.repeat(np.arange(len(length)), rng.poisson(truth.personal_pauses * length / (60 * MINUTE)))
    start = blocks.start_ms[block] + (rng.random(len(block)) * length[block]).astype(np.int64)
    order = np.lexsort((start, block))
    block, start = block[order], start[order]
    end = start + MINUTE + rng.exponential(3 * MINUTE, len(block)).astype(np.int64)
    same = np.append(np.diff(block) == 0, np.zeros(min(len(block), 1), bool))
    limit = np.where(same, np.roll(start, -1), blocks.end_ms[block])
    end = np.minimum(end, limit)
    block, start, end = block[start < end], start[start < end], end[start < end]
    pauses = Spans(blocks.row[block], np.full(len(block), PERSONAL), start, end)
    owner = np.concatenate([np.arange(len(length)), block])
    begins, until = np.concatenate([blocks.start_ms, end]), np.concatenate([blocks.end_ms, start])
    first, last = np.lexsort((begins, owner)), np.lexsort((until, owner))
    work = Spans(blocks.row[owner[first]], np.full(len(first), WORK), begins[first], until[last])
    return work.only(work.start_ms < work.end_ms), pauses


def between_contacts(spans: Spans, row: Ints, rung_ms: Ints, answered_ms: Ints, freed_ms: Ints) -> Spans:
    """What agents did while no contact kept them busy: they are at work until they answer, and contacts delay pauses.

    Args:
        spans: what they were to do.
        row: the agent day of each contact.
        rung_ms: from when on it rang.
        answered_ms: when the agent answered.
        freed_ms: when the after-call work was done.
    """
    free, ringing = _left(spans, row, rung_ms, freed_ms), Spans(row, np.full(len(row), WORK), rung_ms, answered_ms)
    both = Spans(*(np.concatenate([getattr(one, f.name) for one in (free, ringing)]) for f in fields(Spans)))
    both = both.only(both.start_ms < both.end_ms)
    return _joined(both.only(np.lexsort((both.start_ms, both.row))))


def _left(spans: Spans, busy_row: Ints, busy_from: Ints, busy_until: Ints) -> Spans:
    """The spans without the busy times of the same rows, which do not overlap each other."""
    size, many = len(spans.row), len(busy_row)
    row = np.concatenate([spans.row, spans.row, busy_row, busy_row])
    time = np.concatenate([spans.start_ms, spans.end_ms, busy_from, busy_until])
    order = np.argsort((row << 32) + (time - spans.start_ms.min()), kind="stable")
    row, time = row[order], time[order]
    step = np.repeat([0, 0, 1, -1], [size, size, many, many])[order]
    opened = np.repeat([1, -1, 0, 0], [size, size, many, many])[order]
    span = np.concatenate([np.arange(size), np.full(len(row) - size, -1)])[order]
    latest = spans.activity[np.maximum.accumulate(span)]  # spans are in this very order
    free = (np.cumsum(step) == 0) & (np.cumsum(opened) > 0)
    until = np.append(time[1:], time[-1:])
    kept = np.flatnonzero(free & (time < until))
    return Spans(row[kept], latest[kept], time[kept], until[kept])


def _joined(parts: Spans) -> Spans:
    """Neighbours of the same row and activity as one span."""
    if not len(parts.row):
        return parts
    goes_on = (np.diff(parts.row) == 0) & (np.diff(parts.activity) == 0) & (parts.end_ms[:-1] == parts.start_ms[1:])
    first = np.flatnonzero(np.append([True], ~goes_on))
    last = np.append(first[1:], len(parts.row)) - 1
    return Spans(parts.row[first], parts.activity[first], parts.start_ms[first], parts.end_ms[last])
