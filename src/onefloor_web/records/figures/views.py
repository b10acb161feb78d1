"""Pages of one figure and of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.metrics.removed import RowsRemoved
from onefloor.metrics.rows import Listed, Side
from onefloor.metrics.tables import ABSENT
from onefloor.problems import Problem
from onefloor_web.platform.pages.addresses import last_offset, page_number
from onefloor_web.platform.pages.blocks import Empty, Tab
from onefloor_web.platform.pages.formats import begin, number, say
from onefloor_web.platform.pages.tables import Column, Listing, Table
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.privacy.access import asks_purpose, opened, purpose_of
from onefloor_web.platform.privacy.models import Kind
from onefloor_web.platform.spreadsheets.files import KINDS, MOST_ROWS, Sheet, response, travels
from onefloor_web.platform.spreadsheets.files import Kind as FileKind
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import address, days, filters, listing, unassigned
from onefloor_web.records.figures import page as pages
from onefloor_web.records.figures.address import FigureAddress
from onefloor_web.records.figures.freshness import bar
from onefloor_web.records.figures.listing import Part
from onefloor_web.records.figures.page import Evidence
from onefloor_web.records.figures.parameters import parameter_words
from onefloor_web.records.figures.viewers import seeing_as
from onefloor_web.records.figures.viewers import slots as slots_of
from onefloor_web.records.figures.whose import audience_of, scope_words
from onefloor_web.records.floor import questions

PER_PAGE = 50
FILTERS = ("queue", "topic", "team", "agent")
MOST_NAMES = 80
GONE = 410


@dataclass(frozen=True, slots=True)
class Wish:
    """Which of a figure's rows an address asks for."""

    side: Side
    reason: str
    page: int


Shown = Callable[..., HttpResponse]


def told_if_gone(view: Shown) -> Shown:
    """Where a retention rule took the rows that a page needs, it says so, and when."""

    @wraps(view)
    def shown(request: ViewerRequest, reference: str, span: str, *more: str, **named: str) -> HttpResponse:
        try:
            return view(request, reference, span, *more, **named)
        except RowsRemoved as problem:
            _viewer, where = _read(request, reference, span)
            back = "" if view.__name__ == "figure" else where.url
            return render(request, "figures/removed.html", {"gone": problem, "back": back}, status=GONE)

    return shown


@page("figures.view")
@require_safe
@told_if_gone
def figure(request: ViewerRequest, reference: str, span: str) -> HttpResponse:
    """How does this figure come about?"""
    viewer, where = _read(request, reference, span)
    found = pages.evidence(viewer, where)
    context = _around(viewer, found) | {
        "chart": pages.chart(found, _slot(request.viewer, where)),
        "days": days.chart(found.watched, _slot(request.viewer, where)),
        "range_words": pages.range_words(found),
        "freshness": bar(viewer, final=not found.figure.provisional),
        "removed": say(found.removed.words) if found.removed else "",
        "course_removed": say(found.trend.removed.words) if found.trend.removed else "",
    }
    return render(request, "figures/figure.html", context)


@page("figures.view")
@require_safe
@told_if_gone
def rows(request: ViewerRequest, reference: str, span: str) -> HttpResponse:
    """Which rows make this figure?"""
    viewer, where = _read(request, reference, span)
    if typed := request.GET.get("agent", "").strip():
        return redirect(where.narrowed("agent", typed).rows(side=request.GET.get("side", "")))
    if (added := request.GET.get("add", "")) and ":" in added:
        name, _colon, value = added.partition(":")
        return redirect(where.narrowed(name, value).rows(side=request.GET.get("side", "")))
    found = pages.evidence(viewer, where)
    wish = _wish(request, where.metric)
    listed = _listed(viewer, where, wish, limit=PER_PAGE, offset=(wish.page - 1) * PER_PAGE)
    if listed.count and not listed.rows:
        listed = _listed(viewer, where, wish, limit=PER_PAGE, offset=last_offset(listed.count, PER_PAGE))
    personal = purpose_of(request) is not None
    if personal and listed.rows:
        opened(request, Kind.ROWS, f"{where.rows(side=wish.side)}", rows=len(listed.rows))
    context = _around(viewer, found) | {
        "personal": personal, "purpose": purpose_of(request), "tabs": _tabs(where, found, wish), "wish": wish,
        "reasons": _reasons(where, found, wish), "names": _names(viewer, where.metric),
        "chips": _chips(where, wish), "table": _table(request, viewer, listed, personal=personal),
        "may_export": can(request.viewer, "figures.export"),
        "csv": where.rows("csv", side=wish.side, reason=wish.reason),
        "xlsx": where.rows("xlsx", side=wish.side, reason=wish.reason),
    }  # fmt: skip
    return render(request, "figures/rows.html", context)


@page("figures.export")
@require_safe
@told_if_gone
def export(request: ViewerRequest, reference: str, span: str, kind: str) -> HttpResponse:
    """The rows as a file. A figure outside the viewer's scope does not exist, whatever the purpose."""
    if kind not in KINDS:
        raise Http404
    viewer, where = _read(request, reference, span)
    return _exported(request, viewer, pages.evidence(viewer, where), kind)


@asks_purpose
def _exported(request: ViewerRequest, viewer: Viewer, found: Evidence, kind: FileKind) -> HttpResponse:
    """The file, with what its rows are of in it."""
    where, wish = found.address, _wish(request, found.metric)
    count = _listed(viewer, where, wish, limit=1, offset=0).count
    if count > MOST_ROWS:
        text = _("%(count)s rows are too many for one file (at most %(most)s). Narrow the period or the filters.")
        words = text % {"count": number(count), "most": number(MOST_ROWS)}
        return render(request, "figures/too_many.html", {"words": words, "back": where.rows(side=wish.side)})
    listed = _listed(viewer, where, wish, limit=None, offset=0)
    opened(request, Kind.EXPORT, where.rows(kind, side=wish.side), rows=listed.count)
    name = f"onefloor-{where.metric.name}-{where.span.text}-{wish.side}"
    return response(_sheet(request.viewer, viewer, found, wish, listed), kind, name)


def _read(request: ViewerRequest, reference: str, span: str) -> tuple[Viewer, FigureAddress]:
    """Whose eyes, and which figure.

    Raises:
        Http404: the address is of no figure.
    """
    try:
        where = address.read(reference, span, {name: [str(v) for v in held] for name, held in request.GET.lists()})
    except Problem:
        raise Http404 from None
    return seeing_as(request.viewer, where.seen_as), where


def _around(viewer: Viewer, found: Evidence) -> dict[str, Any]:
    where = found.address
    return {
        "found": found, "address": where, "metric": found.metric, "title": begin(found.metric.title),
        "reading": pages.read_out(found), "equation": pages.equation(found), "span": where.span,
        "scope": scope_words(viewer, where.where), "audience": audience_of(viewer, where.where),
        "parameters": [(say(parameter.meaning), parameter_words(found.metric.parameters[name]))
                       for name, parameter in catalogue.definition(found.metric.name).parameters.items()],
        "counts": [(listing.side_words(found.metric, side), number(_count(found, side)), where.rows(side=side))
                   for side in listing.sides(found.metric)],
        "source": found.aim.source if found.aim.target and not where.target else "",
        "unassigned": unassigned.note(viewer, [where.reference], where.where, where.span),
        "sum": number(found.parts.rows), "formula": say(found.metric.formula),
        "left_out": [(number(one.count), say(one.exclusion.reason),
                      where.rows(side="excluded", reason=one.exclusion.name)) for one in found.parts.left_out],
    }  # fmt: skip


def _count(found: Evidence, side: Side) -> int:
    """How many rows a list has, from the account of all rows."""
    parts = found.parts
    return {
        "numerator": parts.numerator,
        "denominator": parts.numerator,
        "others": parts.others,
        "excluded": parts.out,
    }[side]


def _slot(viewer: Viewer, where: FigureAddress) -> int:
    """The colour of the company whose figure it is; of several the viewer's own."""
    slots = slots_of(viewer)
    named = [name for dimension, name in where.where if dimension == "company"]
    return slots.get(named[0] if len(named) == 1 else viewer.code, slots.get(viewer.code, 1))


def _wish(request: ViewerRequest, metric: Metric) -> Wish:
    known = listing.sides(metric)
    side = request.GET.get("side", "")
    reasons = [exclusion.name for exclusion in metric.exclusions]
    reason = request.GET.get("reason", "")
    chosen = next(one for one in known if one == side) if side in known else known[0]
    return Wish(chosen, reason if chosen == "excluded" and reason in reasons else "", page_number(request))


def _listed(viewer: Viewer, where: FigureAddress, wish: Wish, *, limit: int | None, offset: int) -> Listed:
    return questions.rows(
        viewer, where.reference, wish.side, filters.wanted(where.where), where.span.asked,
        limit=limit, offset=offset, reason=wish.reason,
    )  # fmt: skip


def _tabs(where: FigureAddress, found: Evidence, wish: Wish) -> list[Tab]:
    return [
        Tab(
            f"{listing.side_words(found.metric, side)} {number(_count(found, side))}",
            where.rows(side=side),
            side == wish.side,
        )
        for side in listing.sides(found.metric)
    ]


def _reasons(where: FigureAddress, found: Evidence, wish: Wish) -> list[Tab]:
    """Of the rows left out: all, or those for one reason."""
    if wish.side != "excluded" or len(found.parts.left_out) < 2:
        return []
    every = Tab(_("all reasons"), where.rows(side="excluded"), not wish.reason)
    return [every] + [
        Tab(
            f"{say(one.exclusion.reason)} {number(one.count)}",
            where.rows(side="excluded", reason=one.exclusion.name),
            one.exclusion.name == wish.reason,
        )
        for one in found.parts.left_out
    ]


def _names(viewer: Viewer, metric: Metric) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the rows can be narrowed to."""
    choices = questions.choices(viewer)
    absent = {name for table in metric.tables for name in ABSENT[table]}
    return [
        (filters.title(name), [(f"{name}:{value}", filters.name_words(name, value)) for value in choices[name]])
        for name in FILTERS
        if name not in absent and 1 < len(choices[name]) <= MOST_NAMES
    ]


def _chips(where: FigureAddress, wish: Wish) -> list[tuple[str, str]]:
    """The filters, each with the address without it."""
    return [(filters.words((pair,)), where.without(pair).rows(side=wish.side)) for pair in where.where]


def _table(request: ViewerRequest, viewer: Viewer, listed: Listed, *, personal: bool) -> Table:
    columns = [_column(part) for part in listing.parts(listed, viewer, personal=personal)]
    return Table.of(
        request, Listing(listed.count, listed.rows), columns or [Column(_("Began"), str)], caption=_("Detail rows"),
        empty=_none(), per_page=PER_PAGE, hidden_caption=True,
    )  # fmt: skip


def _none() -> Empty:
    return Empty(_("No rows in this list."))


def _column(part: Part) -> Column:
    links = part.name == "contact"
    return Column(
        part.head,
        part.shown,
        number=part.number,
        unit=part.unit,
        url=listing.contact_url if links else None,
        panel=links,
    )


def _sheet(taker: Viewer, viewer: Viewer, found: Evidence, wish: Wish, listed: Listed) -> Sheet:
    where = found.address
    columns = listing.parts(listed, viewer, personal=True)
    side = listing.side_words(found.metric, wish.side)
    about = travels(
        taker, scope=scope_words(viewer, where.where), period=where.span.text, data_version=found.data_version
    )
    about += [
        (_("Metric"), f"{where.reference} v{found.metric.version}"),
        (_("Formula"), say(found.metric.formula)),
        (_("Figure"), pages.equation(found)),
        (_("Detail rows"), " ".join(part for part in (side, wish.reason, number(listed.count)) if part)),
    ]
    if lost := unassigned.note(viewer, [where.reference], where.where, where.span):
        about.append((_("Not assigned"), lost))
    rows = ([part.cell(row) for part in columns] for row in listed.rows)
    return Sheet(begin(found.metric.title), about, listing.heads(columns), rows)
