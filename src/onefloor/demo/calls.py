"""The answered contacts: every agent of the month steps from contact to contact, all agents at once.

A step is: perhaps a personal pause, waiting as long as the load leaves, a contact of one of the agent's queues. An
agent therefore never has two contacts at a time, and its states follow from its contacts to the millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from onefloor.demo.chance import Flags, Floats, Ints, chosen, cumulated
from onefloor.demo.people import Person, queue_weights
from onefloor.demo.shifts import HALF_HOURS, MINUTE, AgentDays
from onefloor.demo.truth import Truth

LONGEST_S = 1_500.0  # a contact that takes longer is closed
SHORTEST_GAP_S = 4.0  # an agent is never offered the next contact sooner


@dataclass(frozen=True, slots=True)
class Calls:
    """Answered contacts, in the order they were taken. Times epoch ms, durations ms; ``row`` is of ``AgentDays``.

    ``free_ms`` is when the agent became free before the contact, ``pause_ms`` how long it then paused.
    """

    row: Ints
    queue: Ints
    free_ms: Ints
    pause_ms: Ints
    answered_ms: Ints
    talk_ms: Ints
    hold_ms: Ints
    wrap_ms: Ints
    load: Floats

    @property
    def ended_ms(self) -> Ints:
        """When the customer was gone: after-call work follows."""
        return np.asarray(self.answered_ms + self.talk_ms + self.hold_ms)

    def only(self, rows: Flags | Ints) -> Calls:
        """Some of the contacts, or all in another order."""
        return Calls(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Waits:
    """Stretches in which an agent waited for contacts to the end of a block, none came."""

    row: Ints
    start_ms: Ints
    end_ms: Ints


BREAK, LUNCH, TRAINING, PERSONAL = range(4)
PAUSE_REASONS = ("break", "lunch", "training", "personal")


@dataclass(frozen=True, slots=True)
class Pauses:
    """Planned pauses as they happened; ``reason`` is a place in ``PAUSE_REASONS``. Personal ones are in ``Calls``."""

    row: Ints
    start_ms: Ints
    end_ms: Ints
    reason: Ints


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the load leaves: mean seconds between contacts and the load itself, both (days, 48)."""

    seconds: Floats
    load: Floats


def gaps(truth: Truth, demand: Floats, staff: Floats, handle_s: float) -> Gaps:
    """How long agents wait for contacts in each half hour, and the load (demand x handling / staffed time)."""
    seats = np.maximum(staff, 0.3)
    load = demand * handle_s / (seats * 1800.0)
    answered = demand * (1 - abandonment(truth, load))
    between = seats * 1800.0 / np.maximum(answered, 1e-9) - handle_s
    return Gaps(np.clip(between, SHORTEST_GAP_S, 3600.0), np.minimum(load, 2.0))


def abandonment(truth: Truth, load: Floats) -> Floats:
    """Share of offered contacts that are abandoned at a load."""
    growing = truth.abandoned_by_load * (load / truth.reference_load) ** truth.abandoned_growth
    return np.asarray(np.minimum(truth.abandoned + growing, 0.35))


def handling(truth: Truth, people: list[Person], shifts: AgentDays) -> Floats:
    """Each agent day's factor on handling times: company, learning, own pace, number of skills."""
    company = np.array([truth.companies[person.company].log_handle for person in people])
    own = np.array([person.talents[0] for person in people])
    skills = np.array([max(0, len(person.skills) - 2) for person in people]) * truth.extra_skill_log_handle
    learning = truth.learning_log_handle * np.exp(-tenure(people, shifts) / truth.learning_days)
    return np.asarray(np.exp((company + own + skills)[shifts.person] + learning))


def tenure(people: list[Person], shifts: AgentDays) -> Ints:
    """Completed days since hiring of each agent day."""
    return np.asarray(shifts.day - np.array([person.hired for person in people])[shifts.person])


def mean_handle_s(truth: Truth, people: list[Person], shifts: AgentDays) -> float:
    """The expected handling time of the month's agents."""
    weights = queue_weights(truth, people)
    weights /= weights.sum(axis=1, keepdims=True)
    talk = weights @ np.array([queue.talk_s for queue in truth.queues])
    here = shifts.present
    base = talk[shifts.person] + truth.hold_share * truth.hold_s + truth.wrap_s
    return float((base * handling(truth, people, shifts))[here].mean()) if here.any() else 300.0


def taken(
    truth: Truth,
    people: list[Person],
    shifts: AgentDays,
    busy: Gaps,
    midnights: Ints,
    down: tuple[int, int],
    rng: np.random.Generator,
) -> tuple[Calls, Waits, Pauses]:
    """All contacts the month's present agents take, their last waits in each block, their planned pauses.

    Args:
        truth: the parameters.
        people: everybody, by number.
        shifts: the month's agent days.
        busy: how long agents wait in each half hour.
        midnights: epoch ms of each day's start, shape (days,).
        down: when the client's system was down, half-open epoch ms; contacts then take longer.
        rng: chance.
    """
    walk = _Walk(truth, people, shifts, busy, midnights, down, rng)
    while len(walk.active):
        walk.step()
    return walk.calls(), walk.waits(), walk.pauses()


class _Walk:
    """The agents on their way through their shifts: one step moves each active agent by a contact or to a new block."""

    def __init__(
        self,
        truth: Truth,
        people: list[Person],
        shifts: AgentDays,
        busy: Gaps,
        midnights: Ints,
        down: tuple[int, int],
        rng: np.random.Generator,
    ) -> None:
        self.truth, self.shifts, self.busy, self.down, self.rng = truth, shifts, busy, down, rng
        self.pace = handling(truth, people, shifts)
        self.queues = cumulated(queue_weights(truth, people))
        self.talk_s = np.array([queue.talk_s for queue in truth.queues])
        self.day = np.searchsorted(midnights, shifts.start, side="right") - 1
        self.midnight = midnights[self.day]
        late = np.clip(rng.normal(0.5, 1.5, len(shifts.day)), 0, 8)
        self.now = shifts.start + (late * MINUTE).astype(np.int64)
        self.block = np.zeros(len(shifts.day), dtype=np.int64)
        self.active = np.flatnonzero(shifts.present)
        self._calls: list[tuple[Ints | Floats, ...]] = []
        self._waits: list[tuple[Ints, Ints, Ints]] = []
        self._pauses: list[tuple[Ints, Ints, Ints, Ints]] = []
        self._enter_blocks(self.active)

    def step(self) -> None:
        rows, rng, truth = self.active, self.rng, self.truth
        now, block = self.now[rows], self.block[rows]
        half_hour = np.minimum((now - self.midnight[rows]) // (30 * MINUTE), HALF_HOURS - 1)
        mean, load = self.busy.seconds[self.day[rows], half_hour], self.busy.load[self.day[rows], half_hour]
        pauses = rng.random(len(rows)) < truth.personal_pause
        pause = np.where(pauses, 60_000 + rng.exponential(180_000, len(rows)), 0).astype(np.int64)
        answer = (
            now + pause + (1000 * (2.0 + rng.exponential(1.0, len(rows)) * np.maximum(mean - 2.0, 1))).astype(np.int64)
        )
        end = self.shifts.ends[rows, block]
        takes = answer < end
        self._take(rows[takes], now[takes], pause[takes], answer[takes], load[takes])
        self._close(rows[~takes], end[~takes])

    def _take(self, rows: Ints, now: Ints, pause: Ints, answer: Ints, load: Floats) -> None:
        truth, rng, size = self.truth, self.rng, len(rows)
        queue = chosen(self.queues[self.shifts.person[rows]], rng.random(size))
        pace, shape = self.pace[rows] * self._strain(answer), truth.talk_shape
        talk = _ms(rng.gamma(shape, 1 / shape, size) * self.talk_s[queue] * pace)
        holds = rng.random(size) < truth.hold_share
        hold = np.where(holds, _ms(rng.gamma(2.0, truth.hold_s / 2, size) * pace), 0)
        wrap = _ms(rng.gamma(2.0, truth.wrap_s / 2, size) * pace)
        self._calls.append((rows, queue, now, pause, answer, talk, hold, wrap, load))
        self.now[rows] = answer + talk + hold + wrap

    def _strain(self, at: Ints) -> Floats:
        inside = (at >= self.down[0]) & (at < self.down[1])
        return np.asarray(np.exp(np.where(inside, self.truth.outage.log_handle, 0.0)))

    def _close(self, rows: Ints, end: Ints) -> None:
        """The block is over before the next contact: wait to its end, then go on to the next block or home."""
        now = self.now[rows]
        waits = now < end
        self._waits.append((rows[waits], now[waits], end[waits]))
        self.now[rows] = np.maximum(now, end)
        self.block[rows] += 1
        self._enter_blocks(rows)

    def _enter_blocks(self, rows: Ints) -> None:
        """Pause until the next block, and through it where it is training; an overrun contact delays both."""
        blocks = self.shifts.starts.shape[1]
        for _ in range(blocks):
            rows = rows[self.block[rows] < blocks]
            block = self.block[rows]
            self._pause(rows, self.shifts.starts[rows, block], np.where(block == 2, LUNCH, BREAK))
            trains = self.shifts.training[rows, block]
            rows, block = rows[trains], block[trains]
            self._pause(rows, self.shifts.ends[rows, block], np.full(len(rows), TRAINING))
            self.block[rows] += 1
        self.active = self.active[self.block[self.active] < blocks]

    def _pause(self, rows: Ints, until: Ints, reason: Ints) -> None:
        now = self.now[rows]
        some = now < until
        self._pauses.append((rows[some], now[some], until[some], reason[some]))
        self.now[rows] = np.maximum(now, until)

    def calls(self) -> Calls:
        parts = [np.concatenate(column) for column in zip(*self._calls, strict=True)]
        order = np.lexsort((parts[0], parts[4]))
        return Calls(*(part[order] for part in parts))

    def waits(self) -> Waits:
        return Waits(*(np.concatenate(column) for column in zip(*self._waits, strict=True)))

    def pauses(self) -> Pauses:
        return Pauses(*(np.concatenate(column) for column in zip(*self._pauses, strict=True)))


def _ms(seconds: Floats) -> Ints:
    return (np.clip(seconds, 1.0, LONGEST_S) * 1000).astype(np.int64)
