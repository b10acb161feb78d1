"""One incident, one credit: of the clauses that one event hit, only one takes its credit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from onefloor.agreements.clauses.claim import Claim
from onefloor.agreements.statement import Step
from onefloor.agreements.terms.around import Incident
from onefloor.agreements.wording import money
from onefloor.language import Text
from onefloor.periods import Month


def single_incident(claims: list[Claim], incidents: Iterable[Incident], rule: str, month: Month) -> list[Claim]:
    """The claims with one credit an incident: the heaviest, or the one the client chose if the agreement lets it.

    Heaviest is measured in the money it would take; among equals the lower clause number counts. An incident that not
    both parties have linked to the clauses changes nothing.
    """
    for incident in sorted(incidents, key=lambda incident: incident.id):
        if incident.month == month and incident.approved and rule != "each":
            claims = _one_of(claims, incident, rule)
    return claims


def _one_of(claims: list[Claim], incident: Incident, rule: str) -> list[Claim]:
    hit = [claim for claim in claims if claim.clause.id in incident.clauses and claim.credit]
    if len(hit) < 2:
        return claims
    chosen = [claim for claim in hit if rule == "client_chooses" and claim.clause.id == incident.chosen]
    kept = (chosen or [max(hit, key=lambda claim: claim.credit)])[0]
    return [_dropped(claim, kept, incident) if claim in hit and claim is not kept else claim for claim in claims]


def _dropped(claim: Claim, kept: Claim, incident: Incident) -> Claim:
    number = kept.clause.id
    words = Text(
        f"同一事件 {incident.id}（{incident.text.zh}）只按第 {number} 条扣罚；本条原为 {money(claim.credit)}。",
        f"Incident {incident.id} ({incident.text.en}) counts under clause {number} only; "
        f"here it was {money(claim.credit)}.",
    )
    step = Step(Text("同一事件不重复扣罚", "one incident, one credit"), f"{money(claim.credit)} -> 0.00")
    verdict = replace(claim.verdict, words=claim.verdict.words + words)
    return replace(claim, verdict=verdict, amount=Fraction(0), steps=(*claim.steps, step))
