"""What follows a contact: surveys, sales, complaints, evaluations. Each as columns of plain numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.demo.chance import Flags, Floats, Ints, logistic
from onefloor.demo.customers import Contacts
from onefloor.demo.legs import Legs
from onefloor.demo.people import Person
from onefloor.demo.shifts import AgentDays
from onefloor.demo.truth import Truth

HOUR = 3_600_000
DAY = 24 * HOUR
PRODUCTS = ("green_tariff", "smart_meter", "service_plan")
PRICES_MINOR = (2_990, 5_900, 9_900)


@dataclass(frozen=True, slots=True)
class Served:
    """The contacts somebody answered and the agents of their last legs, one row each."""

    contact: Ints  # number of the contact
    leg: Ints  # place of the last leg
    person: Ints
    company: Ints
    tenure: Ints
    start_ms: Ints
    end_ms: Ints
    wait_ms: Ints
    queue: Ints
    unresolved: Flags
    talents: Floats  # (rows, talents) of the agent


def served(people: list[Person], shifts: AgentDays, legs: Legs, contacts: Contacts) -> Served:
    """The answered contacts of the month."""
    contact = np.flatnonzero(legs.answered[contacts.last])
    leg = contacts.last[contact]
    row = legs.row[leg]
    person = shifts.person[row]
    hired = np.array([p.hired for p in people])
    return Served(
        contact=contact, leg=leg, person=person, company=np.array([p.company for p in people])[person],
        tenure=shifts.day[row] - hired[person], start_ms=legs.queued_ms[leg],
        end_ms=legs.ended_ms[leg], wait_ms=legs.wait_ms[contacts.first[contact]], queue=legs.queue[leg],
        unresolved=contacts.unresolved[contact], talents=np.array([p.talents for p in people])[person],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surveys:
    """Invitations; ``score`` 0 and ``answered_ms`` 0 without an answer. ``of`` are rows of ``Served``."""

    of: Ints
    invited_ms: Ints
    answered_ms: Ints
    score: Ints
    resolved: Flags


def dissatisfied_chance(truth: Truth, of: Served) -> Floats:
    """The chance that a customer's true score is below 4."""
    company = np.array([company.dissatisfied for company in truth.companies])
    minutes = np.minimum(of.wait_ms / 60_000, 10.0)
    logit = truth.dissatisfied + company[of.company] + of.talents[:, 3]
    logit = logit + truth.dissatisfied_unresolved * of.unresolved + truth.dissatisfied_per_minute * minutes
    return logistic(logit)


def surveys(truth: Truth, of: Served, rng: np.random.Generator) -> Surveys:
    """Invitations by chance, answers more often from those at the ends of the scale."""
    size = len(of.contact)
    unhappy = rng.random(size) < dissatisfied_chance(truth, of)
    within = rng.random(size)
    bad = 1 + (within > 0.4) + (within > 0.65)
    good = 4 + (within > 0.42)
    score = np.where(unhappy, bad, good)
    invited = rng.random(size) < truth.survey_invited
    answers = rng.random(size) < np.array(truth.survey_answers)[score - 1]
    sent = of.end_ms + rng.integers(5_000, 60_000, size)
    replied = sent + 20_000 + (rng.exponential(0.5 * HOUR, size)).astype(np.int64)
    word = np.where(rng.random(size) < 0.1, of.unresolved, ~of.unresolved)
    rows = np.flatnonzero(invited)
    said = answers[rows]
    return Surveys(
        of=rows, invited_ms=sent[rows], answered_ms=np.where(said, replied[rows], 0),
        score=np.where(said, score[rows], 0), resolved=word[rows],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sales:
    """Offers made, accepted or not; 0 where a sale was not cancelled or complained about."""

    of: Ints
    product: Ints
    accepted: Flags
    sold_ms: Ints
    cancelled_ms: Ints
    complained_ms: Ints


def eligible(truth: Truth, legs: Legs, rng: np.random.Generator) -> Flags:
    """In which legs an offer is allowed."""
    share = np.array([queue.sale_eligible for queue in truth.queues])
    return np.asarray(legs.answered & (rng.random(len(legs.queue)) < share[legs.queue]))


def sales(truth: Truth, of: Served, may_offer: Flags, rng: np.random.Generator) -> Sales:
    """Offers in contacts that allow one. Who pushes sells more, and more of it is cancelled."""
    rows = np.flatnonzero(may_offer[of.leg])
    size = len(rows)
    company = np.array([company.sale for company in truth.companies])
    push = of.talents[rows, 4]
    accepted = rng.random(size) < logistic(truth.sale + company[of.company[rows]] + push)
    spread = np.maximum(push / truth.agent_sale, -1.5)
    cancelled = accepted & (rng.random(size) < truth.sale_cancelled + truth.sale_cancelled_pushed * spread)
    complained = accepted & (rng.random(size) < truth.sale_complained)
    sold = np.maximum(of.end_ms[rows] - 30_000, of.start_ms[rows])
    later = (rng.exponential(4.0 * DAY, (2, size))).astype(np.int64) + HOUR
    return Sales(
        of=rows, product=rng.integers(0, len(PRODUCTS), size), accepted=accepted, sold_ms=sold,
        cancelled_ms=np.where(cancelled, of.end_ms[rows] + later[0], 0),
        complained_ms=np.where(complained, of.end_ms[rows] + later[1], 0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints about contacts."""

    of: Ints
    received_ms: Ints
    justified: Flags


def complaints(truth: Truth, of: Served, rng: np.random.Generator) -> Complaints:
    """Rare; far more often after an unresolved contact."""
    size = len(of.contact)
    chance = truth.complaint * np.where(of.unresolved, truth.complaint_unresolved, 1.0)
    rows = np.flatnonzero(rng.random(size) < chance)
    received = of.end_ms[rows] + HOUR // 2 + (rng.exponential(1.5 * DAY, len(rows))).astype(np.int64)
    return Complaints(rows, received, rng.random(len(rows)) < truth.complaint_justified)


@dataclass(frozen=True, slots=True)
class Evaluations:
    """Scored contacts; ``failed`` (3, rows) by family: customer, business, compliance critical."""

    of: Ints
    scored_ms: Ints
    failed: Flags
    score_hundredths: Ints
    rater: Ints


def error_chance(truth: Truth, of: Served, family: int) -> Floats:
    """The chance of a critical error of a family (0 customer, 1 business, 2 compliance)."""
    company = np.array([company.critical_error for company in truth.companies])
    logit = truth.critical_error[family] + company[of.company] + of.talents[:, 2]
    return logistic(logit + truth.learning_error * np.exp(-of.tenure / truth.learning_days))


def evaluations(truth: Truth, of: Served, rng: np.random.Generator) -> Evaluations:
    """A random sample of contacts; raters differ in severity, which moves points, not critical errors."""
    size = len(of.contact)
    rows = np.flatnonzero(rng.random(size) < truth.evaluated)
    chances = np.stack([error_chance(truth, of, family)[rows] for family in range(3)])
    failed = rng.random(chances.shape) < chances
    rater = rng.integers(0, len(truth.rater_bias), len(rows))
    points = rng.normal(92.0, 4.0, len(rows)) - 12.0 * failed.sum(axis=0) + np.array(truth.rater_bias)[rater]
    scored = of.end_ms[rows] + 2 * HOUR + (rng.exponential(1.5 * DAY, len(rows))).astype(np.int64)
    return Evaluations(rows, scored, failed, (np.clip(points, 0, 100) * 100).astype(np.int64), rater)
