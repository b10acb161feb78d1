"""Contact legs of the month: what the simulator made happen, as the client's platform records it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from onefloor.demo.chance import Flags, Ints
from onefloor.demo.floor_model import Happened, epoch_ms
from onefloor.demo.truth import Truth

ANSWERED, ABANDONED, EXIT_KEY, FAILED = range(4)
OUTCOME_NAMES = ("answered", "abandoned", "exit_key", "failed")
NO_ONE = -1
RING_LIMIT_MS = 15_000


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


def of_contacts(
    truth: Truth, happened: Happened, midnights: Ints, down: tuple[int, int], rng: np.random.Generator
) -> Legs:
    """All legs of the month.

    Args:
        truth: the parameters.
        happened: what the simulator made happen.
        midnights: epoch ms of each day's start.
        down: when the client's system was down.
        rng: chance.
    """
    found, chain, row = happened.found, happened.found.legs(), happened.row
    answered, first = row != NO_ONE, chain.leg == 1
    rung, answer, talked, ended, freed = _times(happened, midnights)
    queued = epoch_ms(found.arrived, midnights)
    unanswered = answered & first & (rng.random(len(row)) < truth.ring_no_answer)
    queued = np.maximum(queued - RING_LIMIT_MS * unanswered, _opening(truth, queued, midnights))
    onward = np.where(chain.onward == NO_ONE, NO_ONE, happened.queues[chain.onward])
    legs = Legs(
        contact=chain.contact, leg=chain.leg, queue=happened.queue, row=row,
        outcome=_outcomes(truth, answered, onward, answer, down, rng),
        queued_ms=queued, answered_ms=answer * answered, ended_ms=ended, ring_ms=answer - rung,
        rings_unanswered=(unanswered & (rung - queued >= RING_LIMIT_MS)).astype(np.int64),
        talk_ms=talked - answer, hold_ms=ended - talked, wrap_ms=freed - ended, transferred_to=onward,
    )  # fmt: skip
    return _numbered(legs, np.lexsort((legs.leg, legs.queued_ms)))


def _times(happened: Happened, midnights: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Ring, answer, end of talk, end of hold, end of after-call work; all the same where nobody answered."""
    found, asked = happened.found, happened.asked
    answered = happened.row != NO_ONE
    rung = np.where(answered, found.answered, found.ended)
    answer = rung + np.where(answered, asked.ring * happened.pace, 0.0)
    talked = np.where(answered & (asked.hold > 0), answer + asked.talk * happened.pace, found.ended)
    times = (rung, answer, talked, found.ended, np.where(answered, found.freed, found.ended))
    one, two, three, four, five = (epoch_ms(each, midnights) for each in times)
    return one, two, three, four, five


def _opening(truth: Truth, instants: Ints, midnights: Ints) -> Ints:
    """When the floor opened on the day of each instant."""
    day = np.searchsorted(midnights, instants, side="right") - 1
    return np.asarray(midnights[day] + truth.opening_hour * 3_600_000)


def _outcomes(
    truth: Truth, answered: Flags, onward: Ints, answer: Ints, down: tuple[int, int], rng: np.random.Generator
) -> Ints:
    """Some of those who give up press the key for it; some calls are dropped while the client's system is down."""
    by_key = rng.random(len(answered)) < truth.left_by_key
    dropped = (answer >= down[0]) & (answer < down[1]) & (rng.random(len(answered)) < truth.outage.dropped)
    kept = np.where(dropped & (onward == NO_ONE), FAILED, ANSWERED)
    return np.where(answered, kept, np.where(by_key, EXIT_KEY, ABANDONED))


def _numbered(legs: Legs, order: Ints) -> Legs:
    """The legs in an order, their contacts numbered by their first legs."""
    first = legs.leg[order] == 1
    number = np.zeros(len(order), np.int64)
    number[order[first]] = np.arange(int(first.sum()))
    found = legs.only(order)
    return Legs(number[found.contact], *(getattr(found, field.name) for field in fields(Legs)[1:]))
