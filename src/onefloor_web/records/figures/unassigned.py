"""What a page says where figures stand by company of rows that no company has: abandoned before anybody took them.

Who sees all companies reads how many they are. A vendor reads that they are not counted, and numbers only of the queues
that its own agreement counts them in: other queues' numbers are other companies'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from onefloor.metrics import catalogue
from onefloor.metrics.dimensions import NotGroupable
from onefloor.metrics.prepared import UnknownName
from onefloor.metrics.removed import RowsRemoved
from onefloor.metrics.unassigned import MOST, Unassigned
from onefloor.money import rounded
from onefloor_web.platform.pages.formats import number, percent
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import agreed, filters
from onefloor_web.records.figures.address import PERSONAL
from onefloor_web.records.figures.filters import Filters
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.figures.whose import limit
from onefloor_web.records.floor import questions

ABANDONED: Final = "abandonment"
ACCESS: Final = frozenset(one.name for one in catalogue.families()["access"]) | {"offered_contacts"}


def note(viewer: Viewer, references: Sequence[str], where: Filters, span: Span, *, by: Iterable[str] = ()) -> str:
    """The sentence below figures of access by company, empty where all rows are in sight or none are lost."""
    if not any(catalogue.metric(one).name in ACCESS for one in references) or not _by_company(viewer, where, by):
        return ""
    if not viewer.client or limit(viewer):
        return _in_words(viewer, span)
    found = counted(viewer, [ABANDONED], where, span).get(ABANDONED)
    if found is None or not found.counted.numerator:
        return ""
    words = {
        "n": number(found.counted.numerator), "all": number(found.counted.denominator),
        "abandoned": number(found.hits.numerator), "hits": number(found.hits.denominator),
    }  # fmt: skip
    return _(
        "%(n)s of %(all)s offered contacts belong to no company, among them %(abandoned)s of %(hits)s abandoned: "
        "nobody had taken them. No company's figure holds them."
    ) % words  # fmt: skip


def counted(viewer: Viewer, references: Sequence[str], where: Filters, span: Span) -> Mapping[str, Unassigned]:
    """Nobody's part of what metrics count, for who sees all companies; nothing where it is not known any more."""
    kept = filters.wanted([pair for pair in where if pair[0] not in PERSONAL])
    try:
        return questions.unassigned(viewer, references, kept, span.asked)
    except (NotGroupable, RowsRemoved, UnknownName):
        return {}


def refused(found: Unassigned | None) -> str:
    """Why companies are not told apart by a metric; empty where they may be."""
    if found is None or not found.too_many:
        return ""
    words = {
        "n": number(found.counted.numerator), "all": number(found.counted.denominator),
        "share": percent(rounded((found.counted.ratio or MOST) * 100, 2)), "most": percent(rounded(MOST * 100, 0)),
    }  # fmt: skip
    return _(
        "No verdict: %(n)s of the %(all)s rows this metric counts (%(share)s, more than %(most)s) belong to no company."
    ) % words  # fmt: skip


def _by_company(viewer: Viewer, where: Filters, by: Iterable[str]) -> bool:
    """Whether figures leave nobody's rows out: a vendor's always, the client's by a filter or by groups."""
    personal = {dimension for dimension, name in where if dimension in PERSONAL and name}
    nobodys = any(dimension in PERSONAL and not name for dimension, name in where)
    return not nobodys and (not viewer.client or bool(limit(viewer) or personal or set(by) & set(PERSONAL)))


def _in_words(viewer: Viewer, span: Span) -> str:
    words = _("Contacts abandoned in a queue before anybody took them belong to no company: they are not counted here.")
    shared = () if limit(viewer) else agreed.shared_queues(viewer, span)
    found = questions.shared_unassigned(viewer, ABANDONED, shared, span.asked) if shared else None
    if found is None:
        return words
    more = _("The agreement counts those of %(queues)s: %(n)s offered, %(abandoned)s of them abandoned.") % {
        "queues": ", ".join(shared), "n": number(found.denominator), "abandoned": number(found.numerator),
    }  # fmt: skip
    return f"{words} {more}"
