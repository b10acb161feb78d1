"""What agreements in force demand of metrics, for whoever shows figures."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.level import WINDOWS
from onefloor.agreements.clauses.ramp import step_of
from onefloor.agreements.terms.clauses import Bands, Clause, Level, Measuring, Score
from onefloor.agreements.terms.values import Target as Written
from onefloor.findings import Figure, Question
from onefloor.metrics import catalogue
from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement, State, Version
from onefloor_web.agreements.register.queries import terms_of
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures.agreed import Agreed, Terms, provider
from onefloor_web.records.figures.targets import Target


@provider
def targets(viewer: Viewer, month: Month) -> Terms:
    """The clauses in force in a month of every agreement the viewer may see, a vendor's only of its own."""
    if not can(viewer, "agreements.view"):
        return None
    return tuple(found for version in _newest(viewer) for found in _clauses(version, month))


def _newest(viewer: Viewer) -> list[Version]:
    """The newest version both have signed of each agreement: its text holds every earlier one."""
    seen = only_visible(viewer, "agreements.view", Agreement.objects.all())
    if not viewer.client:
        seen = seen.filter(company__code=viewer.code)
    newest = Version.objects.filter(agreement=OuterRef("agreement"), state=State.SIGNED).order_by("-number")
    rows = Version.objects.filter(agreement__in=seen, pk=Subquery(newest.values("pk")[:1]))
    return list(rows.select_related("agreement"))


def _clauses(version: Version, month: Month) -> Iterator[Agreed]:
    terms = terms_of(version.source)
    if not terms.in_force(month):
        return
    case = Case(terms, month, ask=_nothing, metric_of=catalogue.metric, history={})
    for clause in case.terms.clauses:
        for one in clause.items if isinstance(clause, Score) else (clause,):
            if isinstance(one, Measuring):
                yield _agreed(version.agreement.code, case, clause, one)


def _agreed(code: str, case: Case, clause: Clause, one: Measuring) -> Agreed:
    metric = catalogue.metric(one.metric)
    return Agreed(
        case.agreement.parties.company, code, clause.id, metric.reference, case.scope(one.scope, metric),
        WINDOWS[clause.window], _target(case, clause),
    )  # fmt: skip


def _target(case: Case, clause: Clause) -> Target | None:
    """The one target of a clause of a level, or that its bands are built around; in a ramp that of its step."""
    if not isinstance(clause, Level | Bands):
        return None
    step = step_of(clause.ramp, case.age)
    written = (step.target if step else None) or (None if step and isinstance(clause, Bands) else clause.target)
    return _as_shown(written) if written else None


def _as_shown(written: Written) -> Target:
    low, high = written.at_least, written.at_most
    return Target(low.value if low else None, high.value if high else None)


def _nothing(question: Question) -> Figure:
    """Targets are read from the terms alone: whoever asks for a figure here made a mistake."""
    raise LookupError(question.metric)
