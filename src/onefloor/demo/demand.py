"""How many contacts each day and half hour bring: what planners expect, and what really comes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from onefloor.demo.calendar import day_weights
from onefloor.demo.chance import Flags, Floats, Ints, generator
from onefloor.demo.people import Person, queue_weights
from onefloor.demo.shifts import HALF_HOURS, MINUTE, WORK, AgentDays, staffed
from onefloor.demo.truth import Truth
from onefloor.periods import Month


@lru_cache
def mean_weight(truth: Truth, first: Month) -> float:
    """The mean day weight of the twelve months from ``first``."""
    return float(day_weights(truth, np.arange(first.days.start, first.shifted(12).days.start)).mean())


def profile(truth: Truth) -> Floats:
    """Share of a day's contacts in each half hour of the day, shape (48,).

    Planners have fitted shifts to demand, so it follows the shifts' cover, with a late-morning peak they missed.
    """
    minutes = np.arange(24 * 60)
    cover = np.zeros(24 * 60)
    for company in truth.companies:
        for weight, start in zip(company.shifts, truth.shift_starts, strict=True):
            for block in (block for pattern in WORK for block in pattern):
                cover += company.share * weight * ((minutes >= start + block[0]) & (minutes < start + block[1]))
    half_hours = cover.reshape(HALF_HOURS, 30).sum(axis=1)
    middle = np.arange(HALF_HOURS) * 30 + 15
    shape = half_hours * (1 + truth.peak * np.exp(-(((middle - 650) / 90) ** 2)))
    return np.asarray(shape / shape.sum())


def demand(truth: Truth, seed: int, first: Month, index: int, contacts_a_year: int) -> tuple[Floats, Floats]:
    """Contacts of each day and half hour of the month with that index: (expected, what really comes), (days, 48)."""
    days = first.shifted(index).days
    weights = day_weights(truth, np.arange(days.start, days.end)) / mean_weight(truth, first)
    planned = weights[:, None] * profile(truth)[None, :] * (contacts_a_year / 365.25)
    shock = generator(seed, index, "days").normal(0.0, truth.day_spread, len(days))
    real = planned * np.exp(shock)[:, None]
    outage = truth.outage
    if outage.month == index:
        real[outage.day - 1, outage.from_hour * 2 : outage.until_hour * 2] *= outage.demand
    return planned, real


def down(truth: Truth, index: int, midnights: Ints) -> tuple[int, int]:
    """When the client's system was down in the month with that index, half-open epoch ms; (0, 0) if it was not."""
    outage = truth.outage
    if outage.month != index:
        return 0, 0
    start = int(midnights[outage.day - 1])
    return start + outage.from_hour * 60 * MINUTE, start + outage.until_hour * 60 * MINUTE


def outage_hours(truth: Truth, index: int, days: int) -> Flags:
    """The half hours of a month in which the client's system is down, (days, 48)."""
    found = np.zeros((days, HALF_HOURS), dtype=bool)
    if truth.outage.month == index:
        found[truth.outage.day - 1, truth.outage.from_hour * 2 : truth.outage.until_hour * 2] = True
    return found


def mix(truth: Truth, people: list[Person], shifts: AgentDays, midnights: Ints) -> Floats:
    """Share of the contacts of each half hour by queue and company, (days, 48, queues, companies).

    Planners have fitted who works when to who calls: it follows those who are to be at work, absent or not.
    """
    weights = queue_weights(truth, people)
    weights = weights / weights.sum(axis=1, keepdims=True)
    company = np.eye(len(truth.companies))[[person.company for person in people]]
    able = (weights[:, :, None] * company[:, None, :])[shifts.person]
    found = staffed(shifts.only(~shifts.leave), able[~shifts.leave], midnights)
    month = found.sum(axis=(0, 1))
    whole = found.sum(axis=(2, 3), keepdims=True)
    return np.asarray(np.where(whole > 0, found / np.maximum(whole, 1e-9), month / month.sum()))


def arrivals(truth: Truth, people: list[Person], shifts: AgentDays, real: Floats, share: Floats) -> Floats:
    """First legs of each queue and half hour, (queues, days, 48): the other legs are passed on to it."""
    volumes = np.maximum(share.sum(axis=(0, 1, 3)) / share.sum(), 1e-9)
    outside = volumes * (queue_weights(truth, people) == 0)
    passed_on = (outside / np.maximum(outside.sum(axis=1, keepdims=True), 1e-9))[shifts.person].mean(axis=0)
    first = 1 - truth.transfer * passed_on / volumes
    return np.asarray(np.moveaxis(share.sum(axis=3) * first, 2, 0) * real)
