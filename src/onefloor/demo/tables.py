"""The drawn month as fact tables, in the schemas of ``facts.schemas``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefloor.demo.attendance import REASONS, WORK, Spans, between_contacts
from onefloor.demo.chance import Flags, Floats, Ints, mixed, word_of
from onefloor.demo.customers import Contacts
from onefloor.demo.legs import NO_ONE, OUTCOME_NAMES, Legs
from onefloor.demo.outcomes import PRICES_MINOR, PRODUCTS, Complaints, Evaluations, Sales, Served, Surveys
from onefloor.demo.people import FAR, Person
from onefloor.demo.planning import DUTY_NAMES, Duties, Forecasts
from onefloor.demo.shifts import BREAKS_PAID, MINUTE, SHIFT_MINUTES, AgentDays
from onefloor.demo.truth import Truth
from onefloor.facts.identity import stable_ids
from onefloor.facts.roster import SOURCE as ROSTER
from onefloor.facts.schemas import TABLES
from onefloor.periods import Month

SOURCE = "generated"
ENDED_BY = ("customer", "agent", "transfer", "system")
STATE_NAMES = ("available", "talk", "hold", "wrap", "paused")
Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row of a month carries: the key of the year, the month, the load."""

    key: str
    month: Month
    load: str

    @property
    def file(self) -> str:
        """The name under which the month is known as an input."""
        return f"generated-{self.key[:8]}-{self.month}"

    def contact_names(self, numbers: Ints) -> pa.Array:
        """The source's ids of contacts: ``2601-0000042``."""
        digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0")
        return pc.binary_join_element_wise(f"{self.month.id % 10_000:04d}", digits, "-")

    def table(self, name: str, columns: Columns, *, group: Ints | None = None, revision: int = 0) -> pa.Table:
        """A fact table of these columns; rows are numbered from 1 in the order given."""
        size = len(next(iter(columns.values())))
        lines = np.arange(1, size + 1)
        ids = (mixed(word_of(self.key, name, self.month.id) ^ lines.astype(np.uint64)) >> np.uint64(1)).astype(np.int64)
        content = (mixed(ids.astype(np.uint64)) >> np.uint64(1)).astype(np.int64)
        carried: Columns = {
            "row_id": ids,
            "group_id": ids if group is None else group,
            "revision": np.full(size, revision),
            "digest": content,
            "source": constant(SOURCE, size),
            "file": constant(self.file, size),
            "line": lines,
            "load": constant(self.load, size),
            "month": np.full(size, self.month.id),
        }
        values = {**carried, **columns}
        schema = TABLES[name]
        arrays = [_array(values.get(field.name), field, size) for field in schema]
        return pa.Table.from_arrays(arrays, schema=schema)


def constant(text: str, size: int) -> pa.Array:
    """The same text on every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([text]))


def named(numbers: Ints, names: Sequence[str]) -> pa.Array:
    """Names by number; a negative number is null."""
    places = pa.array(np.maximum(numbers, 0).astype(np.int32), mask=np.asarray(numbers) < 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(list(names), pa.string()))


def some(values: Any, present: Flags) -> pa.Array:
    """Numbers where present, else null."""
    return pa.array(values, mask=~np.asarray(present, dtype=bool))


def _array(values: Any, field: pa.Field, size: int) -> pa.Array:
    if values is None:
        return pa.nulls(size, field.type)
    found = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
    return found.cast(field.type)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A month as it was drawn."""

    truth: Truth
    stamp: Stamp
    people: list[Person]
    shifts: AgentDays
    spans: Spans
    share: Floats
    legs: Legs
    contacts: Contacts
    served: Served
    may_offer: Flags
    customer_ids: Ints

    @property
    def codes(self) -> list[str]:
        """Agent codes by person."""
        return [person.code for person in self.people]

    @property
    def queues(self) -> list[str]:
        """Queue names by number."""
        return [queue.name for queue in self.truth.queues]

    def agents(self, rows: Ints) -> pa.Array:
        """Agent codes of agent days; null for nobody."""
        return named(np.where(rows == NO_ONE, -1, self.shifts.person[np.maximum(rows, 0)]), self.codes)

    def context(self, of: Ints) -> Columns:
        """Contact, queue, topic, agent, channel of served contacts."""
        return {
            "contact": self.stamp.contact_names(self.served.contact[of]),
            "queue": named(self.served.queue[of], self.queues),
            "topic": named(self.contacts.topic[self.served.contact[of]], self.truth.topics),
            "agent": named(self.served.person[of], self.codes),
            "channel": constant("voice", len(of)),
        }


def contacts(drawn: Drawn, ended_by_agent: Flags) -> pa.Table:
    """Contact legs."""
    legs, answered = drawn.legs, drawn.legs.answered
    size, passed = len(legs.leg), legs.transferred_to != NO_ONE
    lost = ~answered | (legs.outcome == OUTCOME_NAMES.index("failed"))
    ended_by = np.select([passed, answered & ~lost], [2, np.where(ended_by_agent, 1, 0)], np.where(answered, 3, 0))
    return drawn.stamp.table(
        "contacts",
        {
            "contact": drawn.stamp.contact_names(legs.contact),
            "leg": legs.leg,
            "channel": constant("voice", size),
            "direction": constant("in", size),
            "started_ms": legs.queued_ms,
            "queued_ms": legs.queued_ms,
            "answered_ms": some(legs.answered_ms, answered),
            "ended_ms": legs.ended_ms,
            "wait_ms": legs.wait_ms,
            "ring_ms": some(legs.ring_ms, answered),
            "rings_unanswered": legs.rings_unanswered,
            "talk_ms": some(legs.talk_ms, answered),
            "hold_ms": some(legs.hold_ms, answered),
            "wrap_ms": some(legs.wrap_ms, answered),
            "outcome": named(legs.outcome, OUTCOME_NAMES),
            "ended_by": named(ended_by, ENDED_BY),
            "transferred_to": named(legs.transferred_to, drawn.queues),
            "queue": named(legs.queue, drawn.queues),
            "skill": named(legs.queue, drawn.queues),
            "topic": named(drawn.contacts.topic[legs.contact], drawn.truth.topics),
            "agent": drawn.agents(legs.row),
            "customer": drawn.customer_ids[legs.contact],
            "sale_eligible": some(drawn.may_offer, answered),
        },
    )


def rings(drawn: Drawn) -> pa.Table:
    """Each ring that was taken, and before it the ring another agent of the queue did not take."""
    legs = drawn.legs
    taken = np.flatnonzero(legs.answered)
    missed = np.flatnonzero(legs.rings_unanswered > 0)
    other = _neighbours(legs, drawn.shifts, missed)
    missed, other = missed[other != NO_ONE], other[other != NO_ONE]
    start = legs.answered_ms[missed] - legs.ring_ms[missed] - 15_000
    rows = np.concatenate([taken, missed])
    columns = {
        "contact": drawn.stamp.contact_names(legs.contact[rows]),
        "started_ms": np.concatenate([legs.answered_ms[taken] - legs.ring_ms[taken], start]),
        "ring_ms": np.concatenate([legs.ring_ms[taken], np.full(len(missed), 15_000)]),
        "outcome": named(np.repeat([0, 1], [len(taken), len(missed)]), ("answered", "no_answer")),
        "queue": named(legs.queue[rows], drawn.queues),
        "agent": drawn.agents(np.concatenate([legs.row[taken], other])),
    }
    return drawn.stamp.table("rings", columns)


def _neighbours(legs: Legs, shifts: AgentDays, missed: Ints) -> Ints:
    """The agent day that took the queue's call before each of these; ``NO_ONE`` if it is the same agent or day over."""
    answered = np.flatnonzero(legs.answered)
    order = answered[np.lexsort((legs.answered_ms[answered], legs.queue[answered]))]
    place = np.empty(len(legs.leg), np.int64)
    place[order] = np.arange(len(order))
    before = legs.row[order[np.maximum(place[missed] - 1, 0)]]
    same = (before == legs.row[missed]) | (shifts.day[before] != shifts.day[legs.row[missed]])
    return np.where(same, NO_ONE, before)


def agent_states(drawn: Drawn) -> pa.Table:
    """What each agent did from login to logout, without gaps: it follows from the contacts and the planned spans."""
    calls = drawn.legs.only(np.flatnonzero(drawn.legs.answered))
    rung, freed = calls.answered_ms - calls.ring_ms, calls.ended_ms + calls.wrap_ms
    talked, none = calls.answered_ms + calls.talk_ms, np.full(len(calls.row), -1)
    rest = between_contacts(drawn.spans, calls.row, rung, calls.answered_ms, freed)
    paused = rest.activity != WORK
    parts = [
        (calls.row, none * 0 + 1, calls.answered_ms, talked, calls.queue, none),
        (calls.row, none * 0 + 2, talked, calls.ended_ms, calls.queue, none),
        (calls.row, none * 0 + 3, calls.ended_ms, freed, calls.queue, none),
        (
            rest.row,
            paused * 4,
            rest.start_ms,
            rest.end_ms,
            np.full(len(paused), -1),
            np.where(paused, rest.activity, -1),
        ),
    ]
    row, state, start, end, queue, reason = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.flatnonzero(start < end)
    order = order[np.argsort(start[order], kind="stable")]
    columns = {
        "agent": drawn.agents(row[order]),
        "state": named(state[order], STATE_NAMES),
        "reason": named(reason[order], REASONS),
        "queue": named(queue[order], drawn.queues),
        "started_ms": start[order],
        "ended_ms": end[order],
    }
    return drawn.stamp.table("agent_states", columns)


def shifts(drawn: Drawn) -> pa.Table:
    """Work blocks, breaks, training and leave as planned."""
    plan = drawn.shifts
    on, off = np.flatnonzero(~plan.leave), np.flatnonzero(plan.leave)
    blocks, gaps = plan.starts.shape[1], len(BREAKS_PAID)
    training = plan.training[on]
    row = np.concatenate([np.repeat(on, blocks), np.repeat(on, gaps), off])
    start = np.concatenate([plan.starts[on].ravel(), plan.ends[on][:, :-1].ravel(), plan.start[off]])
    end = np.concatenate(
        [plan.ends[on].ravel(), plan.starts[on][:, 1:].ravel(), plan.start[off] + SHIFT_MINUTES * MINUTE]
    )
    activity = np.concatenate([training.ravel().astype(np.int64), np.full(len(on) * gaps, 2), np.full(len(off), 3)])
    paid = np.concatenate([np.ones(len(on) * blocks, bool), np.tile(BREAKS_PAID, len(on)), np.ones(len(off), bool)])
    order = np.lexsort((row, start))
    columns = {
        "agent": drawn.agents(row[order]),
        "activity": named(activity[order], ("work", "training", "break", "leave")),
        "paid": paid[order],
        "started_ms": start[order],
        "ended_ms": end[order],
    }
    return drawn.stamp.table("shifts", columns)


def surveys(drawn: Drawn, found: Surveys) -> pa.Table:
    """Survey invitations and answers."""
    said = found.score > 0
    columns = {
        **drawn.context(found.of),
        "started_ms": drawn.served.start_ms[found.of],
        "invited_ms": found.invited_ms,
        "answered_ms": some(found.answered_ms, said),
        "score": some(found.score, said),
        "resolved": some(found.resolved, said),
    }
    return drawn.stamp.table("surveys", columns)


def sales(drawn: Drawn, found: Sales) -> pa.Table:
    """Offers, accepted or not."""
    columns = {
        **drawn.context(found.of),
        "started_ms": found.sold_ms,
        "product": named(found.product, PRODUCTS),
        "accepted": found.accepted,
        "cancelled_ms": some(found.cancelled_ms, found.cancelled_ms > 0),
        "complained_ms": some(found.complained_ms, found.complained_ms > 0),
        "amount_minor": some(np.array(PRICES_MINOR)[found.product], found.accepted),
    }
    return drawn.stamp.table("sales", columns)


def complaints(drawn: Drawn, found: Complaints) -> pa.Table:
    """Complaints."""
    columns = {
        **drawn.context(found.of),
        "started_ms": drawn.served.start_ms[found.of],
        "received_ms": found.received_ms,
        "justified": found.justified,
    }
    return drawn.stamp.table("complaints", columns)


def evaluations(drawn: Drawn, found: Evaluations) -> pa.Table:
    """Scored contacts."""
    columns = {
        **drawn.context(found.of),
        "started_ms": drawn.served.start_ms[found.of],
        "scored_ms": found.scored_ms,
        "customer_critical_failed": found.failed[0],
        "business_critical_failed": found.failed[1],
        "compliance_critical_failed": found.failed[2],
        "score_hundredths": found.score_hundredths,
        "rater": named(found.rater, [f"QA{number + 1}" for number in range(len(drawn.truth.rater_bias))]),
    }
    return drawn.stamp.table("evaluations", columns)


def forecasts(drawn: Drawn, found: Forecasts) -> pa.Table:
    """Locked forecasts."""
    columns = {
        "started_ms": found.start_ms,
        "minutes": np.full(len(found.start_ms), 30),
        "queue": named(found.queue, drawn.queues),
        "company": named(found.company, [company.name for company in drawn.truth.companies]),
        "contacts": found.contacts,
        "locked_ms": found.locked_ms,
    }
    return drawn.stamp.table("forecasts", columns)


def duties(drawn: Drawn, found: Duties) -> pa.Table:
    """The client's duties."""
    month = drawn.stamp.month
    columns = {
        "company": named(found.company, [company.name for company in drawn.truth.companies]),
        "duty": named(found.duty, DUTY_NAMES),
        "reference": [f"D{month.id}-{number + 1:03d}" for number in found.number],
        "started_ms": found.due_ms,
        "done_ms": some(found.done_ms, found.done_ms > 0),
    }
    return drawn.stamp.table("duties", columns)


def roster(truth: Truth, stamp: Stamp, people: list[Person], changed: list[int]) -> pa.Table:
    """Whole roster rows of everybody who is new or changed this month; the month is the revision."""
    rows = [(people[number], stint) for number in changed for stint in people[number].stints]
    columns = {
        "agent": pa.array([person.code for person, _ in rows], pa.string()),
        "name": pa.array([person.name for person, _ in rows], pa.string()),
        "company": pa.array([truth.companies[person.company].name for person, _ in rows], pa.string()),
        "employment": pa.array([stint.employment for _, stint in rows], pa.string()),
        "site": pa.array([stint.site for _, stint in rows], pa.string()),
        "team": pa.array([stint.team for _, stint in rows], pa.string()),
        "hired_day": pa.array([person.hired for person, _ in rows], pa.int32()),
        "from_day": pa.array([stint.start for _, stint in rows], pa.int32()),
        "until_day": pa.array([None if stint.until == FAR else stint.until for _, stint in rows], pa.int32()),
    }
    # The identity that a loaded roster has: a file loaded later then replaces what the year said of a person.
    group = stable_ids(f"{ROSTER}\x1f{person.code}" for person, _ in rows)
    return stamp.table("roster", columns, group=group, revision=stamp.month.id)
