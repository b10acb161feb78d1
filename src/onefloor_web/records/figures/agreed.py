"""What a company's agreement demands of a metric, as whoever keeps agreements has registered it: target and gap follow.

    @provider
    def targets(viewer, month): ...     # what is agreed with the companies the viewer may see; None: not the viewer's

Only what the agreement measures exactly so is judged; of anything near it the page says how the agreement has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from onefloor.findings import Scope
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.periods import Month
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import filters
from onefloor_web.records.figures.filters import Filters
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.figures.targets import Target
from onefloor_web.records.figures.whose import limit
from onefloor_web.records.floor import questions


@dataclass(frozen=True, slots=True)
class Agreed:
    """One clause: which metric over which rows, judged every so many months; ``target`` None where it has not one."""

    company: str
    agreement: str
    clause: str
    reference: str
    scope: Scope
    months: int
    target: Target | None


Terms = tuple[Agreed, ...] | None
Provider = Callable[[Viewer, Month], Terms]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure is judged by: a target of an agreement's clause, else why there is none."""

    target: Target | None = None
    words: str = ""
    source: str = ""


NONE: Final = Aim()
_PROVIDERS: Final[list[Provider]] = []


def provider(found: Provider) -> Provider:
    """Declare where agreed targets come from."""
    _PROVIDERS.append(found)
    return found


def terms(viewer: Viewer, span: Span) -> Terms:
    """What is agreed for the last month of a span; None for who is limited to a part of a company, or may not know."""
    if span.unit != "month" or limit(viewer):
        return None
    month = Month(span.last.year, span.last.month)
    found = [said for one in _PROVIDERS if (said := one(viewer, month)) is not None]
    return tuple(clause for said in found for clause in said) if found else None


def aim(known: Terms, metric: Metric, span: Span, company: str | None, where: Filters) -> Aim:
    """What a company's figure of a metric is judged by: the clause that measures just so, over just these rows."""
    if known is None or not company:
        return NONE
    near = [one for one in known if one.company == company and catalogue.metric(one.reference).name == metric.name]
    if not near:
        return Aim(words=_("no target agreed"))
    exact = next((one for one in near if one.target and _same(one, metric, span, where)), None)
    if exact is None:
        return Aim(words=_otherwise(near[0]), source=_source(near[0]))
    return Aim(exact.target, source=_source(exact))


def company_of(viewer: Viewer, where: Filters) -> str | None:
    """The one company whose figures these are as a whole; None for several, or for a part of one."""
    named = [name for dimension, name in where if dimension == "company"]
    if not viewer.client:
        return viewer.code if set(named) <= {viewer.code} else None
    return named[0] if len(named) == 1 else None


def shared_queues(viewer: Viewer, span: Span) -> tuple[str, ...]:
    """The queues of a vendor whose nobody's contacts its own agreement counts: the numbers it is handed anyway."""
    counted = [one.scope for one in terms(viewer, span) or () if one.company == viewer.code and one.scope.unassigned]
    served = questions.choices(viewer)["queue"] if counted else []
    return tuple(queue for queue in served if any(not scope.shared or queue in scope.shared for scope in counted))


def _same(one: Agreed, metric: Metric, span: Span, where: Filters) -> bool:
    """Whether a clause judges this metric, over these rows, in periods like this one."""
    rows = {pair for pair in where if pair[0] != "company"}
    agreed = {(dimension, name) for dimension, names in one.scope.where for name in names}
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    whole = months == one.months and span.last.month % one.months == 0
    return one.reference == metric.reference and rows == agreed and whole and not one.scope.unassigned


def _otherwise(one: Agreed) -> str:
    """How the agreement has it, where this is not judged by it."""
    rows = filters.words(tuple((dimension, name) for dimension, names in one.scope.where for name in names))
    parts = [one.reference, rows, _("contacts nobody took included") if one.scope.unassigned else ""]
    parts += ["" if one.target else _("not as one target"), _("by quarter") if one.months > 1 else ""]
    return _("not judged: agreed as %(how)s") % {"how": " · ".join(part for part in parts if part)}


def _source(one: Agreed) -> str:
    return _("agreement %(code)s, clause %(clause)s") % {"code": one.agreement, "clause": one.clause}
