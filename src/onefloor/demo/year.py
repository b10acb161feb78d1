"""The generated year: a floor of a client and two vendors, month by month, with known truth.

Every month is drawn on its own from the seed; what passes from month to month are the people and the customers who
still have to call again. Memory therefore holds one month, whatever the length.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefloor.demo import attendance, customers, demand, floor_model, legs, outcomes, planning, shifts, tables
from onefloor.demo.chance import Floats, Ints, generator, mixed, word_of
from onefloor.demo.customers import NOBODY, Pending
from onefloor.demo.people import Staff, first_staff, next_month
from onefloor.demo.tables import Drawn, Stamp
from onefloor.demo.truth import TRUTH, Truth
from onefloor.periods import Clock, Month, clock, day_id

FIRST_MONTH = Month(2026, 1)
ZONE = "Asia/Shanghai"
PRODUCTIVE_HOURS = 1_690  # of one agent a year
MEAN_HANDLE_S = 272.0
AHEAD = frozenset({"shifts", "forecasts"})


@dataclass(frozen=True, slots=True)
class Plan:
    """Which year: equal plans give equal bytes, and the first months of a longer one are those of a shorter one.

    ``contacts`` is the number a year, met within a few percent. Below about 400,000 the floor keeps its smallest
    staff, who then wait longer. ``staff`` is how many agents the year begins with, None = as many as the contacts keep
    busy; more than those share the same work: each is here on some days only (see ``duty``). ``tables`` names the fact
    tables to assemble, None = all; leaving some out changes nothing in the others. ``until`` is the first day of which
    nothing is known yet: what lies ahead is planned, forecast and on the roster, and has not happened.
    """

    seed: int = 1
    contacts: int = 1_000_000
    staff: int | None = None
    first_month: Month = FIRST_MONTH
    months: int = 12
    zone: str = ZONE
    truth: Truth = TRUTH
    tables: frozenset[str] | None = None
    until: date | None = None

    @property
    def begun(self) -> int:
        """How many months have begun before ``until``."""
        if self.until is None:
            return self.months
        last = self.until - timedelta(days=1)
        past = (last.year - self.first_month.year) * 12 + last.month - self.first_month.month + 1
        return max(0, min(self.months, past))

    @property
    def key(self) -> str:
        """A digest of everything but the number of months, the choice of tables and ``until``."""
        words = [self.seed, self.contacts, str(self.first_month), self.zone, self.truth.as_json()]
        words += [] if self.staff is None else [self.staff]
        return blake2b(json.dumps(words, sort_keys=True).encode(), digest_size=16).hexdigest()

    @property
    def agents(self) -> int:
        """How many agents the year begins with."""
        return self.full_time if self.staff is None else self.staff

    @property
    def duty(self) -> float:
        """The share of their working days that agents are on this floor; on the others they work elsewhere."""
        return min(1.0, self.full_time / self.agents)

    @property
    def full_time(self) -> int:
        """How many agents the contacts keep busy who are here every working day."""
        hours = self.contacts * MEAN_HANDLE_S / 3600
        return max(self.truth.smallest_floor, round(hours / PRODUCTIVE_HOURS / self.truth.occupancy))

    @property
    def customers(self) -> int:
        """Size of the customer base."""
        return int(self.contacts * self.truth.customers_per_contact)


@dataclass(frozen=True, slots=True)
class MonthOfFacts:
    """One month: fact tables by name, and what no real floor knows.

    ``hidden`` has a row for each answered contact, in no fact table's order: contact, agent, company, tenure_days,
    queue, topic, unresolved_chance, unresolved.
    """

    month: Month
    load: str
    file: str
    tables: dict[str, pa.Table]
    hidden: pa.Table


def year(plan: Plan) -> Iterator[MonthOfFacts]:
    """The months of a plan, in order."""
    staff = first_staff(plan.truth, plan.seed, plan.first_month, plan.agents)
    pending = NOBODY
    hours = clock(plan.zone)
    for index in range(plan.begun):
        if index:
            staff = next_month(staff, plan.truth, plan.seed, plan.first_month, index)
        month, pending = _month(plan, index, staff, pending, hours)
        yield month


def load_id(plan: Plan, month: Month) -> str:
    """The id under which a month of the plan is loaded."""
    chosen = "" if plan.tables is None else " ".join(sorted(plan.tables))
    return blake2b(f"{tables.SOURCE}\n{plan.key}\n{month}\n{chosen}".encode(), digest_size=16).hexdigest()


def _month(plan: Plan, index: int, staff: Staff, pending: Pending, hours: Clock) -> tuple[MonthOfFacts, Pending]:
    month = plan.first_month.shifted(index)
    midnights = shifts.midnights(month.days, hours)
    stamp = Stamp(plan.key, month, load_id(plan, month))
    expected, real = demand.demand(plan.truth, plan.seed, plan.first_month, index, plan.contacts)
    drawn, pending = _drawn(plan, index, staff, pending, midnights, real, stamp)
    found = _tables(plan, index, staff, drawn, expected, midnights)
    return MonthOfFacts(month, stamp.load, stamp.file, found, _hidden(drawn)), pending


def _drawn(
    plan: Plan, index: int, staff: Staff, pending: Pending, midnights: Ints, real: Floats, stamp: Stamp
) -> tuple[Drawn, Pending]:
    """Draw everything that happens in the month."""
    truth, people, days = plan.truth, staff.people, stamp.month.days

    def chance(purpose: str) -> np.random.Generator:
        return generator(plan.seed, index, purpose)

    planned = shifts.planned(truth, plan.seed, people, days, midnights, plan.duty)
    spans = attendance.attendance(truth, planned, chance("attendance"))
    share = demand.mix(truth, people, planned, midnights)
    lines = floor_model.lines_of(
        demand.arrivals(truth, people, planned, real, share), demand.outage_hours(truth, index, len(days))
    )
    staffed, seed = floor_model.staffing(truth, people, planned, spans), word_of(plan.seed, index, "floor")
    found = floor_model.happened(truth, staffed, lines, midnights, chance("contacts"), int(seed >> np.uint64(1)))
    all_legs = legs.of_contacts(truth, found, midnights, demand.down(truth, index, midnights), chance("legs"))
    contacts, pending = customers.of_legs(
        truth, index, people, planned, all_legs, days, midnights, plan.customers, pending, chance("customers")
    )
    ids = mixed(word_of(plan.key, "customer") ^ contacts.customer.astype(np.uint64)) >> np.uint64(1)
    drawn = Drawn(
        truth=truth, stamp=stamp, people=people, shifts=planned, spans=spans, share=share, legs=all_legs,
        contacts=contacts, served=outcomes.served(people, planned, all_legs, contacts),
        may_offer=outcomes.eligible(truth, all_legs, chance("eligible")), customer_ids=ids.astype(np.int64),
    )  # fmt: skip
    return drawn, pending


def _tables(
    plan: Plan, index: int, staff: Staff, drawn: Drawn, expected: Floats, midnights: Ints
) -> dict[str, pa.Table]:
    truth, served = plan.truth, drawn.served

    def chance(purpose: str) -> np.random.Generator:
        return generator(plan.seed, index, purpose)

    makers: dict[str, Callable[[], pa.Table]] = {
        "contacts": lambda: tables.contacts(drawn, chance("ended by").random(len(drawn.legs.leg)) < 0.35),
        "rings": lambda: tables.rings(drawn),
        "agent_states": lambda: tables.agent_states(drawn),
        "shifts": lambda: tables.shifts(drawn),
        "surveys": lambda: tables.surveys(drawn, outcomes.surveys(truth, served, chance("surveys"))),
        "sales": lambda: tables.sales(drawn, outcomes.sales(truth, served, drawn.may_offer, chance("sales"))),
        "complaints": lambda: tables.complaints(drawn, outcomes.complaints(truth, served, chance("complaints"))),
        "evaluations": lambda: tables.evaluations(drawn, outcomes.evaluations(truth, served, chance("evaluations"))),
        "forecasts": lambda: tables.forecasts(
            drawn, planning.forecasts(truth, expected, drawn.share, midnights, chance("forecasts"))
        ),
        "duties": lambda: tables.duties(drawn, planning.duties(truth, index, midnights, chance("duties"))),
        "roster": lambda: tables.roster(truth, drawn.stamp, staff.people, staff.changed),
    }
    made = {name: make() for name, make in makers.items() if plan.tables is None or name in plan.tables}
    return made if plan.until is None else {name: _known(name, rows, plan) for name, rows in made.items()}


def _known(name: str, rows: pa.Table, plan: Plan) -> pa.Table:
    """The rows that say nothing of what lies ahead; what is planned and forecast for later is known before."""
    assert plan.until is not None
    end = day_id(plan.until)
    if name in AHEAD:
        return rows
    if name == "roster":
        return rows.filter(pc.less(rows["from_day"], end))
    end_ms = clock(plan.zone).start_of_day_ms(end)
    times = [column for column in rows.column_names if column.endswith("_ms")]  # durations are far below any instant
    keep = [pc.fill_null(pc.less(rows[column], end_ms), fill_value=True) for column in times]
    return rows.filter(reduce(pc.and_, keep))


def _hidden(drawn: Drawn) -> pa.Table:
    served, contacts = drawn.served, drawn.contacts
    return pa.table({
        "contact": drawn.stamp.contact_names(served.contact),
        "agent": tables.named(served.person, drawn.codes).cast(pa.string()),
        "company": tables.named(served.company, [company.name for company in drawn.truth.companies]).cast(pa.string()),
        "tenure_days": served.tenure,
        "queue": tables.named(drawn.legs.queue[contacts.first[served.contact]], drawn.queues).cast(pa.string()),
        "topic": tables.named(contacts.topic[served.contact], drawn.truth.topics).cast(pa.string()),
        "unresolved_chance": contacts.unresolved_chance[served.contact],
        "unresolved": served.unresolved,
    })  # fmt: skip
