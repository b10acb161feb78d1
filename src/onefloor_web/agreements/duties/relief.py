"""Which relief the client's duties cause in a month: the core's own figure and words, clause by clause.

The amounts stand on the statement, which knows the credits they are taken from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.relief import relief_of
from onefloor.agreements.terms.around import Duty as Clause
from onefloor.findings import Figure, Question
from onefloor.language import Text
from onefloor.metrics.catalogue import metric
from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_version, terms_of
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import questions


@dataclass(frozen=True, slots=True)
class Said:
    """A clause about a duty: its number, title and text, and what it says of the month; ``given`` if relief follows."""

    clause: str
    title: Text
    text: Text
    words: Text
    given: bool
    provisional: bool


def reliefs(viewer: Viewer, agreement: Agreement, month: Month) -> list[Said]:
    """What each duty clause of the terms in force says of a month; none where none hold."""
    version = signed_version(agreement)
    terms = terms_of(version.source) if version else None
    if terms is None or not terms.in_force(month):
        return []
    found: set[Question] = set()

    def note(question: Question) -> Figure:
        found.add(question)
        return Figure(0, 0)

    clauses = terms.terms_for(month).duties
    for clause in clauses:
        relief_of(Case(terms, month, note, metric, {}), clause)
    answers = questions.answers(replace(viewer, user=None), found)  # of the company as a whole, as a statement is
    case = Case(terms, month, lambda question: answers[question], metric, {})
    return [_said(case, clause) for clause in clauses]


def clauses_about(clauses: Sequence[Clause], duty: str) -> list[Clause]:
    """The clauses whose metric counts a duty, or all duties."""
    return [clause for clause in clauses if _counts(clause, duty)]


def _counts(clause: Clause, duty: str) -> bool:
    return metric(clause.metric).parameters.get("duty") in (duty, "any")


def _said(case: Case, clause: Clause) -> Said:
    relief = relief_of(case, clause)
    return Said(clause.id, clause.title, clause.text, relief.words, bool(relief.share), relief.found.figure.provisional)
