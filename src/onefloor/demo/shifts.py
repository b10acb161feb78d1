"""Who works when: five days a week, four shifts, breaks, weekly training, leave and absence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.demo.calendar import holidays, season, weekdays
from onefloor.demo.chance import Flags, Floats, Ints, chosen, cumulated, uniform, word_of
from onefloor.demo.people import Person
from onefloor.demo.truth import Truth
from onefloor.periods import Clock, Period

MINUTE = 60_000
HALF_HOURS = 48
# The nine hours of a shift, in minutes from its start: work, break (paid), work, lunch (unpaid), work, break, work.
# Three patterns, so that a team is never at lunch all at once.
WORK = (
    ((0, 105), (120, 210), (270, 405), (420, 540)),
    ((0, 120), (135, 240), (300, 420), (435, 540)),
    ((0, 135), (150, 270), (330, 435), (450, 540)),
)
BREAKS_PAID = (True, False, True)
SHIFT_MINUTES = 540
REST_PULL = 2.0  # how strongly rest days follow low demand: staff then follows the weekdays of ``Truth``


@dataclass(frozen=True, slots=True)
class AgentDays:
    """One row for each person and day with a shift, ordered by day, then person. All times epoch ms.

    ``training`` (rows, 4) says which work blocks are training; ``starts`` and ``ends`` (rows, 4) bound the blocks.
    """

    person: Ints
    stint: Ints
    day: Ints
    start: Ints
    starts: Ints
    ends: Ints
    training: Flags
    leave: Flags
    absent: Flags

    @property
    def present(self) -> Flags:
        """Rows in which the agent came."""
        return ~self.leave & ~self.absent

    def only(self, rows: Flags) -> AgentDays:
        """Some of the rows."""
        return AgentDays(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def midnights(days: Period, clock: Clock) -> Ints:
    """Epoch ms of the start of each day, shape (days,)."""
    return np.array([clock.start_of_day_ms(day) for day in range(days.start, days.end)], dtype=np.int64)


def planned(
    truth: Truth, seed: int, people: list[Person], days: Period, starts_of_days: Ints, duty: float = 1.0
) -> AgentDays:
    """The shifts of a month; ``duty`` is the share of the working days that are worked on this floor."""
    person, stint, day = _employed(people, days)
    works = _working(truth, seed, person, day) & (uniform(word_of(seed, "duty"), person, day) < duty)
    person, stint, day = person[works], stint[works], day[works]
    word = word_of(seed, "shift")
    company = np.array([p.company for p in people])[person]
    mixes = cumulated(np.array([of.shifts for of in truth.companies]))
    late = chosen(mixes[company], uniform(word, person, _week(day)))
    start = starts_of_days[day - days.start] + np.array(truth.shift_starts)[late] * MINUTE
    pattern = np.array(WORK)[(uniform(word_of(seed, "pattern"), person, day) * len(WORK)).astype(np.int64)] * MINUTE
    draw = uniform(word_of(seed, "presence"), person, day)
    # Planners put leave into quiet months.
    chance_of_leave = np.clip(truth.leave + truth.leave_to_quiet_months * (1 - season(truth, day)), 0.005, 0.2)
    leave = draw < chance_of_leave
    return AgentDays(
        person=person, stint=stint, day=day, start=start,
        starts=start[:, None] + pattern[:, :, 0], ends=start[:, None] + pattern[:, :, 1],
        training=_training(truth, seed, people, person, company, day),
        leave=leave, absent=~leave & (draw < chance_of_leave + truth.absence),
    )  # fmt: skip


def _employed(people: list[Person], days: Period) -> tuple[Ints, Ints, Ints]:
    """Every (person, stint, day) of the month, by day, then person."""
    rows = [
        (person.number, index, max(stint.start, days.start), min(stint.until, days.end))
        for person in people
        for index, stint in enumerate(person.stints)
    ]
    spans = np.array([row for row in rows if row[2] < row[3]], dtype=np.int64)
    lengths = spans[:, 3] - spans[:, 2]
    first = np.repeat(spans[:, 2] - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    day = first + np.arange(lengths.sum())
    person, stint = np.repeat(spans[:, 0], lengths), np.repeat(spans[:, 1], lengths)
    order = np.lexsort((person, day))
    return person[order], stint[order], day[order]


def _week(day: Ints) -> Ints:
    return np.asarray((day + 3) // 7, dtype=np.int64)


def _working(truth: Truth, seed: int, person: Ints, day: Ints) -> Flags:
    """Five days of each week: the two rest days fall where demand is low more often than not.

    A rest day is one of the two lowest of seven keyed numbers, so a week across two months needs no memory.
    """
    word, week = word_of(seed, "rest"), _week(day)
    keys = uniform(word, person[:, None], week[:, None], np.arange(7)[None, :])
    pull = np.array(truth.weekday) / np.mean(truth.weekday)
    scores = -np.log(-np.log(keys + 1e-12)) + REST_PULL * pull
    mine = np.take_along_axis(scores, weekdays(day)[:, None], axis=1)
    works = (scores < mine).sum(axis=1) >= 2
    off = holidays(day) & (uniform(word_of(seed, "holiday"), person, day) >= truth.holiday_staff)
    return np.asarray(works & ~off)


def _training(truth: Truth, seed: int, people: list[Person], person: Ints, company: Ints, day: Ints) -> Flags:
    """Whole days for new people, the last block of one day in ten for the others."""
    hired = np.array([p.hired for p in people])[person]
    days = np.array([of.training_days for of in truth.companies])[company]
    whole = day - hired < days * 7 // 5
    refresher = uniform(word_of(seed, "training"), person, day) < 0.1
    return np.asarray(whole[:, None] | (refresher[:, None] & (np.arange(4) == 3)))


def staffed(shifts: AgentDays, weights: Floats, starts_of_days: Ints) -> Floats:
    """Time at work on contacts in each half hour, in half hours, by the ``weights`` (rows, ...) of agent days.

    Returns:
        (days, 48, ...)
    """
    day = np.searchsorted(starts_of_days, shifts.start, side="right") - 1
    midnight, edges = starts_of_days[day], np.arange(HALF_HOURS) * 30 * MINUTE
    inside = np.zeros((len(day), HALF_HOURS))
    for block in range(shifts.starts.shape[1]):
        start, end = ((times[:, block] - midnight)[:, None] for times in (shifts.starts, shifts.ends))
        part = np.clip(np.minimum(end, edges + 30 * MINUTE) - np.maximum(start, edges), 0, None)
        inside += part * ~shifts.training[:, block, None]
    flat, found = weights.reshape(len(weights), -1), []
    for number in range(len(starts_of_days)):
        own = day == number
        found.append(inside[own].T @ flat[own] / (30 * MINUTE))
    return np.array(found).reshape(-1, HALF_HOURS, *weights.shape[1:])
