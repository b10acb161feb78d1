"""Who calls, about what, whether it was resolved, and who has to call again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.demo.chance import Flags, Floats, Ints, cumulated, logistic
from onefloor.demo.legs import ABANDONED, FAILED, Legs
from onefloor.demo.people import Person
from onefloor.demo.shifts import AgentDays
from onefloor.demo.truth import Truth
from onefloor.periods import Period

TOPIC_WEIGHTS = (0.5, 0.3, 0.2)


@dataclass(frozen=True, slots=True)
class Pending:
    """Customers who will call again: the day it is due, topic, customer."""

    due: Ints
    topic: Ints
    customer: Ints

    def only(self, rows: Flags | Ints) -> Pending:
        """Some of them."""
        return Pending(self.due[rows], self.topic[rows], self.customer[rows])

    def plus(self, other: Pending) -> Pending:
        """These and others."""
        return Pending(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in ("due", "topic", "customer")))


NOBODY = Pending(*(np.zeros(0, np.int64) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class Contacts:
    """The month's contacts: what is true of each. ``last`` is the place of its last leg in ``Legs``."""

    topic: Ints
    customer: Ints
    first: Ints
    last: Ints
    unresolved_chance: Floats
    unresolved: Flags
    repeats: Flags  # a customer that had to call again

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.topic)


def of_legs(
    truth: Truth,
    index: int,
    people: list[Person],
    shifts: AgentDays,
    legs: Legs,
    days: Period,
    midnights: Ints,
    customers: int,
    pending: Pending,
    rng: np.random.Generator,
) -> tuple[Contacts, Pending]:
    """The contacts of a month and who is still to call again after it.

    Args:
        truth: the parameters.
        index: the month's place in the year, from 0.
        people: everybody, by number.
        shifts: the month's agent days.
        legs: its contact legs.
        days: its days.
        midnights: epoch ms of each day's start.
        customers: size of the customer base.
        pending: who is to call again from earlier months.
        rng: chance.
    """
    first = np.flatnonzero(legs.leg == 1)
    last = _last_legs(legs, len(first))
    topic = _topics(truth, legs.queue[first], rng)
    chance = unresolved_chance(truth, index, people, shifts, legs.only(last), topic)
    answered = legs.answered[last]
    unresolved = rng.random(len(first)) < chance
    draw = rng.random(len(first))
    back = np.where(answered, unresolved & (draw < truth.repeat), draw < truth.abandoned_repeat)
    back &= (legs.outcome[last] == ABANDONED) | answered
    lag = _lags(truth, rng.random(len(first)))
    day = days.start + np.searchsorted(midnights, legs.queued_ms[first], side="right") - 1
    customer, again, left = _called(topic, day, back, lag, days, customers, pending, rng)
    return Contacts(topic, customer, first, last, np.where(answered, chance, 0.0), unresolved & answered, again), left


def _last_legs(legs: Legs, contacts: int) -> Ints:
    last = np.zeros(contacts, np.int64)
    np.maximum.at(last, legs.contact, np.arange(len(legs.contact)))
    return last


def _topics(truth: Truth, queue: Ints, rng: np.random.Generator) -> Ints:
    """A topic of the contact's queue; numbers count through all queues."""
    sizes = [len(of.topics) for of in truth.queues]
    weights = np.zeros((len(sizes), max(sizes)))
    for row, size in enumerate(sizes):
        weights[row, :size] = TOPIC_WEIGHTS[:size]
    edges, start = cumulated(weights), np.concatenate(([0], np.cumsum(sizes)[:-1]))
    within = (rng.random(len(queue))[:, None] >= edges[queue][:, :-1]).sum(axis=1)
    return np.asarray(start[queue] + np.minimum(within, np.array(sizes)[queue] - 1), dtype=np.int64)


def unresolved_chance(
    truth: Truth, index: int, people: list[Person], shifts: AgentDays, last: Legs, topic: Ints
) -> Floats:
    """The chance that a contact stays unresolved: its topic's queue and the agent of its last leg decide."""
    row = np.maximum(last.row, 0)
    person = shifts.person[row]
    queue_of_topic = np.repeat(np.arange(len(truth.queues)), [len(of.topics) for of in truth.queues])
    company = np.array([p.company for p in people])
    hired = np.array([p.hired for p in people])
    logit = np.array([of.unresolved for of in truth.queues])[queue_of_topic[topic]]
    logit = logit + np.array([of.unresolved for of in truth.companies])[company][person]
    logit += np.array([p.talents[1] for p in people])[person]
    logit += truth.learning_unresolved * np.exp(-(shifts.day[row] - hired[person]) / truth.learning_days)
    logit += _changes(truth, index, people, shifts, row, topic)
    return np.where(last.outcome == FAILED, 0.95, logistic(logit))


def _changes(truth: Truth, index: int, people: list[Person], shifts: AgentDays, row: Ints, topic: Ints) -> Floats:
    """What began in the course of the year."""
    effect = np.zeros(len(topic))
    for change in truth.changes:
        if index < change.from_month:
            continue
        hit = np.ones(len(topic), dtype=bool)
        if change.topic:
            hit &= topic == truth.topics.index(change.topic)
        if change.company:
            names = np.array([truth.companies[p.company].name == change.company for p in people])
            hit &= names[shifts.person[row]]
        if change.team:
            pairs = zip(shifts.person, shifts.stint, strict=True)
            hit &= np.array([people[p].stints[s].team == change.team for p, s in pairs])[row]
        effect += hit * change.unresolved
    return effect


def _lags(truth: Truth, draws: Floats) -> Ints:
    """Days until the customer calls again: geometric from the next day on, cut at the longest."""
    whole = 1 - (1 - truth.lag_day) ** truth.longest_lag_days
    lag = np.ceil(np.log1p(-draws * whole) / np.log1p(-truth.lag_day))
    return np.asarray(np.maximum(lag, 1), dtype=np.int64)


def _called(
    topic: Ints,
    day: Ints,
    back: Flags,
    lag: Ints,
    days: Period,
    customers: int,
    pending: Pending,
    rng: np.random.Generator,
) -> tuple[Ints, Flags, Pending]:
    """The customer of each contact: day by day those who are due again, for the rest somebody."""
    customer = rng.integers(0, customers, len(topic))
    again = np.zeros(len(topic), dtype=bool)
    keys = rng.random(len(topic))
    edges = np.searchsorted(day, np.arange(days.start, days.end + 1))
    for place, today in enumerate(range(days.start, days.end)):
        contacts = np.arange(edges[place], edges[place + 1])
        due = pending.due <= today
        slots, callers = _paired(topic[contacts], keys[contacts], pending.only(due))
        called = np.flatnonzero(due)[callers]
        customer[contacts[slots]] = pending.customer[called]
        again[contacts[slots]] = True
        keep = np.ones(len(pending.due), dtype=bool)
        keep[called] = False
        new = contacts[back[contacts]]
        pending = pending.only(keep).plus(Pending(today + lag[new], topic[new], customer[new]))
    return customer, again, pending


def _paired(topic: Ints, keys: Floats, due: Pending) -> tuple[Ints, Ints]:
    """As many pairs (contact, caller) of equal topic as there are; the caller who is due longest comes first."""
    contacts, callers = np.lexsort((keys, topic)), np.lexsort((due.due, due.topic))
    topics = int(max(topic.max(initial=0), due.topic.max(initial=0))) + 1
    pairs = np.minimum(np.bincount(topic, minlength=topics), np.bincount(due.topic, minlength=topics))
    return contacts[_first_of_each(topic[contacts], pairs)], callers[_first_of_each(due.topic[callers], pairs)]


def _first_of_each(groups: Ints, counts: Ints) -> Flags:
    """In sorted ``groups``: the first ``counts[g]`` members of each group g."""
    starts = np.searchsorted(groups, np.arange(len(counts)))
    return np.asarray(np.arange(len(groups)) - starts[groups] < counts[groups])
