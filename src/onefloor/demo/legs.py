"""From answered calls to contact legs: waits, abandoned contacts, dropped ones, transfers to another queue."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from onefloor.demo.calls import Calls, abandonment
from onefloor.demo.chance import Flags, Floats, Ints, logistic
from onefloor.demo.truth import Truth

ANSWERED, ABANDONED, EXIT_KEY, FAILED = range(4)
OUTCOME_NAMES = ("answered", "abandoned", "exit_key", "failed")
NO_ONE = -1
LONGEST_TRANSFER_MS = 600_000
RING_LIMIT_MS = 15_000
HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Legs:
    """Contact legs by the time they were queued. ``row`` is of ``AgentDays``, ``NO_ONE`` where nobody answered.

    ``contact`` numbers the month's contacts from 0 in the order of their first legs.
    """

    contact: Ints
    leg: Ints
    queue: Ints
    row: Ints
    outcome: Ints
    queued_ms: Ints
    answered_ms: Ints
    ended_ms: Ints
    ring_ms: Ints
    rings_unanswered: Ints
    talk_ms: Ints
    hold_ms: Ints
    wrap_ms: Ints
    transferred_to: Ints
    load: Floats

    @property
    def answered(self) -> Flags:
        """Somebody spoke to the customer, also where the line then dropped."""
        return np.asarray(self.row != NO_ONE)

    @property
    def wait_ms(self) -> Ints:
        """Queue entry to answer, or to the end."""
        return np.where(self.answered, self.answered_ms, self.ended_ms) - self.queued_ms

    def only(self, rows: Flags | Ints) -> Legs:
        """Some of the legs, or all in another order."""
        return Legs(*(getattr(self, field.name)[rows] for field in fields(self)))


def of_calls(
    truth: Truth,
    calls: Calls,
    person: Ints,
    tenure: Ints,
    opening_ms: Ints,
    down: tuple[int, int],
    rng: np.random.Generator,
) -> Legs:
    """All legs of the month.

    Args:
        truth: the parameters.
        calls: the answered contacts.
        person: of each call.
        tenure: days since hiring of each call's agent.
        opening_ms: when the floor opened on the call's day.
        down: when the client's system was down.
        rng: chance.
    """
    answered = _answered(truth, calls, opening_ms, down, rng)
    passed, slot = _transfers(truth, answered, person, tenure, rng)
    answered = _joined(answered, passed, slot)
    lost = _lost(truth, answered, opening_ms, rng)
    legs = Legs(*(np.concatenate([getattr(part, f.name) for part in (answered, lost)]) for f in fields(Legs)))
    return _numbered(legs.only(np.lexsort((legs.leg, legs.queued_ms))))


def _answered(truth: Truth, calls: Calls, opening_ms: Ints, down: tuple[int, int], rng: np.random.Generator) -> Legs:
    size = len(calls.row)
    relative = calls.load / truth.reference_load
    low, high = truth.ring_s
    ring = (1000 * rng.uniform(low, high, size)).astype(np.int64)
    missed = rng.random(size) < truth.ring_no_answer
    delayed = rng.random(size) < np.minimum(truth.delayed * relative**truth.delayed_growth, 0.97)
    delay = rng.exponential(1000 * truth.delay_s, size) * np.minimum(relative**truth.delay_growth, 4.0)
    wait = ring + missed * RING_LIMIT_MS + np.where(delayed, delay, 0.0).astype(np.int64)
    queued = np.maximum(calls.answered_ms - wait, opening_ms)
    ring = np.minimum(ring, calls.answered_ms - queued)
    dropped = (calls.answered_ms >= down[0]) & (calls.answered_ms < down[1]) & (rng.random(size) < truth.outage.dropped)
    return Legs(
        contact=np.arange(size), leg=np.ones(size, np.int64), queue=calls.queue, row=calls.row,
        outcome=np.where(dropped, FAILED, ANSWERED), queued_ms=queued, answered_ms=calls.answered_ms,
        ended_ms=calls.ended_ms, ring_ms=ring,
        rings_unanswered=(missed & (calls.answered_ms - queued >= ring + RING_LIMIT_MS)).astype(np.int64),
        talk_ms=calls.talk_ms, hold_ms=calls.hold_ms, wrap_ms=calls.wrap_ms,
        transferred_to=np.full(size, NO_ONE), load=calls.load,
    )  # fmt: skip


def _lost(truth: Truth, answered: Legs, opening_ms: Ints, rng: np.random.Generator) -> Legs:
    """Contacts that nobody answered: beside each first leg one more, with the odds of its load."""
    odds = abandonment(truth, answered.load)
    odds = odds / (1 - odds)
    draw = rng.random(len(odds))
    lost = (answered.leg == 1) & (draw < odds + truth.left_by_key)
    near, size = answered.only(lost), int(lost.sum())
    around = rng.integers(-300_000, 300_000, size)
    open_ms = (truth.closing_hour - truth.opening_hour) * HOUR
    queued = np.clip(near.queued_ms + around, opening_ms[lost], opening_ms[lost] + open_ms - 1)
    wait = 500 + (rng.exponential(1000 * truth.patience_s, size)).astype(np.int64)
    none = np.full(size, NO_ONE)
    zero = np.zeros(size, np.int64)
    return replace(
        near, contact=none, row=none, outcome=np.where(draw[lost] < odds[lost], ABANDONED, EXIT_KEY),
        queued_ms=queued, answered_ms=zero, ended_ms=queued + wait, ring_ms=zero, rings_unanswered=zero,
        talk_ms=zero, hold_ms=zero, wrap_ms=zero, transferred_to=none,
    )  # fmt: skip


def _transfers(truth: Truth, legs: Legs, person: Ints, tenure: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Which legs are passed on, and which call of another queue and agent each becomes part of.

    The first free call after the end of the leg is taken; a leg that finds none within ten minutes stays whole.
    """
    base = np.log(truth.transfer / (1 - truth.transfer))
    chance = logistic(base + truth.transfer_learning * np.exp(-tenure / truth.learning_days))
    passes = (rng.random(len(chance)) < chance) & (legs.outcome == ANSWERED)
    waiting = np.flatnonzero(passes)
    shares = np.bincount(legs.queue, minlength=len(truth.queues)).astype(np.float64)
    target = _other_queue(shares, legs.queue[waiting], rng)
    passed, slots = [], []
    for queue in range(len(truth.queues)):
        free = np.flatnonzero(~passes & (legs.queue == queue) & (legs.outcome == ANSWERED))
        first, second = _matched(legs, person, waiting[target == queue], free)
        passed.append(first)
        slots.append(second)
    return np.concatenate(passed), np.concatenate(slots)


def _other_queue(shares: Floats, queue: Ints, rng: np.random.Generator) -> Ints:
    """A queue other than the leg's own, by their shares of calls."""
    weights = np.broadcast_to(shares, (len(queue), len(shares))).copy()
    weights[np.arange(len(queue)), queue] = 0.0
    edges = np.cumsum(weights, axis=1)
    draws = rng.random(len(queue)) * edges[:, -1]
    return np.asarray((draws[:, None] >= edges).sum(axis=1), dtype=np.int64)


def _matched(legs: Legs, person: Ints, waiting: Ints, free: Ints) -> tuple[Ints, Ints]:
    """Pair each waiting leg with the next free call; who loses a call to another tries the one after."""
    taken = np.zeros(len(free), dtype=bool)
    place = np.searchsorted(legs.answered_ms[free], legs.ended_ms[waiting] + 1_000)
    firsts, seconds = [waiting[:0]], [free[:0]]
    for _ in range(12):
        near = place < len(free)
        waiting, place = waiting[near], place[near]
        soon = legs.answered_ms[free[place]] - legs.ended_ms[waiting] <= LONGEST_TRANSFER_MS
        waiting, place = waiting[soon], place[soon]
        fits = ~taken[place] & (person[free[place]] != person[waiting])
        _, winners = np.unique(np.where(fits, place, -1 - np.arange(len(place))), return_index=True)
        wins = np.zeros(len(place), dtype=bool)
        wins[winners] = True
        wins &= fits
        taken[place[wins]] = True
        firsts.append(waiting[wins])
        seconds.append(free[place[wins]])
        waiting, place = waiting[~wins], place[~wins] + 1
    return np.concatenate(firsts), np.concatenate(seconds)


def _joined(legs: Legs, passed: Ints, slot: Ints) -> Legs:
    """The legs with transfers: the second leg belongs to the first one's contact and queues when that ends."""
    contact, leg, queued = legs.contact.copy(), legs.leg.copy(), legs.queued_ms.copy()
    target, ring, unanswered = legs.transferred_to.copy(), legs.ring_ms.copy(), legs.rings_unanswered.copy()
    contact[slot], leg[slot], queued[slot] = contact[passed], 2, legs.ended_ms[passed]
    target[passed] = legs.queue[slot]
    ring[slot] = np.minimum(ring[slot], legs.answered_ms[slot] - queued[slot])
    unanswered[slot] = 0
    return replace(
        legs, contact=contact, leg=leg, queued_ms=queued, transferred_to=target, ring_ms=ring,
        rings_unanswered=unanswered,
    )  # fmt: skip


def _numbered(legs: Legs) -> Legs:
    """Contacts numbered by their first legs."""
    first = legs.leg == 1
    number = np.cumsum(first) - 1
    old = legs.contact[first & legs.answered]
    renumbered = np.zeros(int(old.max()) + 1 if len(old) else 0, np.int64)
    renumbered[old] = number[first & legs.answered]
    return replace(legs, contact=np.where(first, number, renumbered[np.maximum(legs.contact, 0)]))
