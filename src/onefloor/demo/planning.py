"""What was planned and promised: locked forecasts, and the duties the client owes its vendors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.demo.chance import Flags, Floats, Ints
from onefloor.demo.outcomes import DAY, HOUR
from onefloor.demo.shifts import MINUTE
from onefloor.demo.truth import Truth

WHOLE_QUEUE = -1


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Locked forecasts by half hour, queue and company; ``WHOLE_QUEUE`` = all companies of the queue."""

    start_ms: Ints
    queue: Ints
    company: Ints
    contacts: Ints
    locked_ms: Ints


def forecasts(truth: Truth, expected: Floats, share: Floats, midnights: Ints, rng: np.random.Generator) -> Forecasts:
    """Forecasts from the expected demand: a known bias, an error by day, whole contacts.

    Args:
        truth: the parameters.
        expected: demand that planners expect, (days, 48).
        share: of each queue and company in it, (days, 48, queues, companies).
        midnights: epoch ms of each day's start.
        rng: chance.
    """
    error = np.exp(rng.normal(truth.forecast_bias, truth.forecast_spread, (len(midnights), len(truth.queues))))
    open_hours = np.arange(truth.opening_hour * 2, truth.closing_hour * 2)
    cells = expected[:, open_hours, None, None] * error[:, None, :, None] * share[:, open_hours]
    whole = cells.sum(axis=3, keepdims=True)
    values = np.concatenate([cells, whole], axis=3)
    whole_month = share.sum(axis=(0, 1)) > 0
    served = np.concatenate([whole_month, whole_month.any(axis=1, keepdims=True)], axis=1)
    day, half_hour, queue, company = np.nonzero(np.broadcast_to(served[None, None], values.shape))
    start = midnights[day] + open_hours[half_hour] * 30 * MINUTE
    lock = midnights[0] - 16 * DAY + 10 * HOUR
    return Forecasts(
        start_ms=start, queue=queue, company=np.where(company == len(truth.companies), WHOLE_QUEUE, company),
        contacts=np.maximum(np.rint(values[day, half_hour, queue, company]), 0).astype(np.int64),
        locked_ms=np.full(len(day), lock),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duties:
    """What the client owed: due, done (0: not done)."""

    company: Ints
    duty: Ints
    number: Ints
    due_ms: Ints
    done_ms: Ints


DUTY_NAMES = ("forecast", "answer", "notice", "training", "uptime")
DUTIES_A_MONTH = (1, 6, 4, 1, 1)


def duties(truth: Truth, index: int, midnights: Ints, rng: np.random.Generator) -> Duties:
    """The month's duties towards each vendor: most in time, some late, few never; the outage breaks the uptime."""
    vendors = np.arange(1, len(truth.companies))
    kinds = np.repeat(np.arange(len(DUTY_NAMES)), DUTIES_A_MONTH)
    company, duty = np.repeat(vendors, len(kinds)), np.tile(kinds, len(vendors))
    size = len(duty)
    due = np.sort(midnights[0] + rng.integers(0, len(midnights), size) * DAY) + 17 * HOUR
    late = rng.random(size) < truth.duty_late
    after = np.where(late, 1, -1) * (rng.exponential(14 * HOUR, size).astype(np.int64) + HOUR)
    done = np.where(late & (rng.random(size) < 0.1), 0, due + after)
    done, due = _uptime(truth, index, midnights, duty, due, done)
    return Duties(company, duty, np.arange(size), due, done)


def _uptime(truth: Truth, index: int, midnights: Ints, duty: Ints, due: Ints, done: Ints) -> tuple[Ints, Ints]:
    """Uptime is judged at noon of the outage's day, else of the month's last; late = by how long it was down."""
    uptime: Flags = duty == DUTY_NAMES.index("uptime")
    outage = truth.outage
    broken = outage.month == index
    day = outage.day - 1 if broken else len(midnights) - 1
    judged = midnights[day] + (outage.from_hour if broken else 12) * HOUR
    down = (outage.until_hour - outage.from_hour) * HOUR if broken else 0
    return np.where(uptime, judged + down, done), np.where(uptime, judged, due)
