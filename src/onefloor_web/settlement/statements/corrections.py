"""Late or corrected facts: a locked month computed again from what is known now, and the difference booked later.

The locked statement stays. Terms and chain are those of its own bundle, so nothing but the facts can make a
difference, the exclusions that both have approved since, and what earlier months were credited or corrected by since:
a credit that was given back is not earned back as well. What differs becomes one correction a line, for the next month
that is open; twice is as once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q

from onefloor.agreements.adjustments import digest_of
from onefloor.agreements.bundle import HISTORY
from onefloor.agreements.carrying import adjusted, by_clause, credited
from onefloor.agreements.history import carried_json, json_differences, read_chain
from onefloor.agreements.line_keys import key_of
from onefloor.agreements.rendering.formats import number
from onefloor.agreements.settling import compute
from onefloor.agreements.statement import Statement as Settled
from onefloor.agreements.statement import canonical_json
from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.facts.exchange import removals
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.metrics.engines import engine_of
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared
from onefloor.money import rounded
from onefloor_web.platform.floor import floor
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.preparing.jobs import MEASURING
from onefloor_web.settlement.statements import events
from onefloor_web.settlement.statements.credits import Covered, covered, credits_of, told
from onefloor_web.settlement.statements.left_out_since import approved_since, cause, terms_since
from onefloor_web.settlement.statements.models import Adjustment, Line, State, Statement
from onefloor_web.settlement.statements.reading import as_booked, bundle_of

MOST_SHOWN = 40  # differences of one line that its correction lists


def facts_now(served: Floor) -> Prepared:
    """The measuring tables of the facts as they are; one process at a time makes them."""
    one_at_a_time(MEASURING)
    return prepare(served)


def correct(viewer: Viewer, statement: Statement, prepared: Prepared | None = None) -> list[Adjustment]:
    """Compute a locked month again and propose what differs; nothing if nothing does, or if its rows are gone."""
    statement = (
        Statement.objects.select_for_update(of=["self"]).select_related("agreement", "company").get(pk=statement.pk)
    )
    if statement.state != State.LOCKED and statement.accepted_at is None:
        return []
    if not statement.lines.exclude(kind="note").exists():  # after the agreement's end nothing is computed
        return []
    prepared = prepared or facts_now(floor())
    since = approved_since([statement])[statement.pk]
    earlier = earlier_since(statement)
    as_signed = prepared.data_version == statement.data_version and not (since or earlier or _booked(statement))
    if as_signed or not _rows_are_there(prepared, statement):
        return []
    again = recomputed(prepared, statement)
    facts = prepared.data_version != statement.data_version
    why = cause(statement, facts=facts, exclusions=since, earlier=bool(earlier))
    made = list(_propose(viewer, statement, again, why, since))
    if made:
        events.tell_correction(viewer, statement, made, why)
    return made


def recomputed(prepared: Prepared, statement: Statement) -> Settled:
    """A statement's month under its own terms and chain, with the facts, approved exclusions and credits of now."""
    folder = bundle_of(statement)
    source = terms_since(statement)
    agreement = parse_agreement(source.decode())
    chain = adjusted(read_chain(folder / HISTORY), as_booked(earlier_since(statement)))
    return compute(prepared, agreement, source, statement.period, engine_of(floor()), chain).statement


def earlier_since(statement: Statement) -> list[Adjustment]:
    """What was credited or corrected of earlier months and is not in the chain of this one; oldest first."""
    rows = Adjustment.objects.filter(agreement=statement.agreement_id, line__statement__month__lt=statement.month)
    free = Q(booked_in=None) | Q(booked_in__state=State.SUPERSEDED) | Q(booked_in__month__gt=statement.month)
    return list(rows.filter(free).select_related("line__statement").order_by("pk"))


def open_corrections(viewer: Viewer) -> list[Adjustment]:
    """Adjustments that wait to be booked into a statement."""
    rows = Adjustment.objects.select_related("line__statement__company", "agreement", "booked_in")
    return [*rows.filter(booked_in=None), *rows.filter(booked_in__state=State.SUPERSEDED)]


def _rows_are_there(prepared: Prepared, statement: Statement) -> bool:
    """Whether retention and exits have left the month whole: of a part of its rows nothing could be said."""
    month, company = statement.period, statement.company.code
    exits = [one for one in removals(floor()) if one["why"] == "exit" and one["company"] == company]
    if any(month.id in part["months"] for one in exits for part in one["removed"]):
        return False
    return month in prepared.months and not any(month.id in months for months in prepared.gone.values())


def _propose(
    viewer: Viewer, statement: Statement, again: Settled, why: Text, since: Sequence[str]
) -> Iterable[Adjustment]:
    lines = list(statement.lines.all())
    now, booked = _amounts(lines, again), _booked(statement)
    known = covered(credits_of(statement.agreement, statement.period), again)
    beside, carried = _credited(lines, known), _carried(again, known)
    for line in lines:
        before, after, credit = line.amount + booked[line.pk], now[line.pk], beside.get(line.pk)
        if credit is not None:
            before, after = before + credit.credit.left, after + credit.owed
        if before != after:
            source = _source(statement, line, again, since) | {"carried": carried}
            yield _correction(viewer, line, (before, after), source, why, credit)


def _booked(statement: Statement) -> dict[int, Decimal]:
    """What each line was corrected by before."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for one in Adjustment.objects.filter(line__statement=statement, kind=Adjustment.Kind.CORRECTION):
        found[one.line_id] += one.amount
    return found


def _credited(lines: Sequence[Line], known: Sequence[Covered]) -> dict[int, Covered]:
    """Credits of the month by the line they stand beside: the first of their key."""
    firsts = {line.key: line.pk for line in reversed(lines)}
    return {firsts[one.credit.key]: one for one in known if one.credit.key in firsts}


def _carried(again: Settled, known: Sequence[Covered]) -> list[dict[str, str]]:
    """What later months go on from: credits and outcomes of now, less what is owed of credit notes beside them."""
    lines = by_clause((line.clause, line.amount) for line in again.lines)
    notes = by_clause((one.credit.note.line.clause, one.owed) for one in known)
    return [carried_json(one) for one in credited(again.carried, lines, notes)]


def _amounts(lines: Sequence[Line], again: Settled) -> dict[int, Decimal]:
    """What each locked line would be now. A line that was not there counts with its clause's, else with the first."""
    by_key = {line.key: line for line in reversed(lines)}
    by_clause = {line.clause: line for line in reversed(lines)}
    found = {line.pk: Decimal(0) for line in lines}
    for line in again.lines:
        at = by_key.get(key_of(line)) or by_clause.get(line.clause) or lines[0]
        found[at.pk] += line.amount
    return found


def _correction(
    viewer: Viewer, line: Line, amounts: tuple[Decimal, Decimal], source: dict[str, Any], why: Text,
    credit: Covered | None,
) -> Adjustment:  # fmt: skip
    statement, (before, after) = line.statement, amounts
    source = source | ({"credit": told(credit)} if credit else {})
    beside = _beside(credit) if credit else Text("", "")
    was, now = number(rounded(before, 2)), number(rounded(after, 2))
    reason = Text(
        f"{why.zh}：第 {line.number} 行由 {was} 变为 {now}{beside.zh}。",
        f"{why.en}: line {line.number} was {was} and is {now}{beside.en}.",
    )
    return Adjustment.objects.create(
        company_id=statement.company_id, agreement=statement.agreement, line=line, kind=Adjustment.Kind.CORRECTION,
        amount=after - before, before=before, after=after, reason=reason.as_json(), source=source,
        digest=digest_of(source), author_id=viewer.company, made_by=viewer.name,
    )  # fmt: skip


def _beside(credit: Covered) -> Text:
    """Both amounts hold what rulings credited; what the line says itself by now is not paid as well."""
    ruled, says = (number(rounded(amount, 2)) for amount in (credit.credit.amount, credit.amount))
    return Text(
        f"（含裁定冲减 {ruled}，其中 {says} 明细已含，不重复支付）",
        f" (with the {ruled} that rulings credited; {says} of it the line says itself, which is not paid twice)",
    )


def _source(statement: Statement, line: Line, again: Settled, since: Sequence[str]) -> dict[str, Any]:
    """Both computations of the line: the facts and exclusions each rests on, and where they differ."""
    there = zip(again.lines, again.as_json()["lines"], strict=True)
    found: Any = next((told for one, told in there if key_of(one) == line.key), None)
    told = json.loads(canonical_json({"locked": line.document, "now": found}))
    differing = list(json_differences(told["locked"], told["now"]))[:MOST_SHOWN]
    left_out = {"exclusions": list(since)} if since else {}
    return {
        "statement": statement.digest,
        "locked": {"data_version": statement.data_version, "line": told["locked"]},
        "now": {"data_version": again.data_version, "line": told["now"], **left_out},
        "differences": [{"place": place, "locked": was, "now": now} for place, was, now in differing],
    }
