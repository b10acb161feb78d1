"""Pages of scorecards and saved views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.dimensions import NotGroupable
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import UnknownName
from onefloor.metrics.removed import Removal, RowsRemoved
from onefloor.metrics.tables import TITLES
from onefloor_web.platform.pages.addresses import page_number, whole
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.figures import Reading
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.spreadsheets.files import KINDS, response
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import unassigned
from onefloor_web.records.figures.address import FigureAddress
from onefloor_web.records.figures.freshness import bar
from onefloor_web.records.figures.readings import Found, reading, reasons
from onefloor_web.records.figures.viewers import seeing_as, vendors
from onefloor_web.records.figures.viewers import slots as slots_of
from onefloor_web.records.figures.whose import audience_of, limit, scope_words
from onefloor_web.records.floor import questions
from onefloor_web.records.scorecards import actions, board, charts, exports, frame, queries, table
from onefloor_web.records.scorecards.board import Asked, Board
from onefloor_web.records.scorecards.definition import Definition, read
from onefloor_web.records.scorecards.forms import SaveForm
from onefloor_web.records.scorecards.models import SavedView
from onefloor_web.records.scorecards.views_by_role import GIVEN, first_view

SENT_BY_FORM = ("add", "agent", "first", "last")


@page("scorecards.view")
@require_safe
def first(request: ViewerRequest) -> HttpResponse:
    """The view the viewer's role begins with."""
    return redirect("scorecard", first_view(request.viewer))


@page("scorecards.view")
@require_safe
def scorecard(request: ViewerRequest, view: str) -> HttpResponse:
    """Is each company delivering?"""
    title, base = base_of(request, view)
    definition, problems = read(dict(request.GET.lists()), base)
    if not problems and any(name in request.GET for name in SENT_BY_FORM):
        return redirect(frame.address(view, definition))
    title = titled(view, title, base, definition)
    viewer = seeing_as(request.viewer, definition.seen_as)
    context = {
        "view": view, "title": title, "definition": definition, "problems": problems, "viewed": viewer,
        "vendors": vendors(request.viewer), "saved": queries.saved_views(request.viewer), "given": GIVEN.values(),
        "audience": audience_of(viewer, definition.where), "limited": (limit(viewer) or ("",))[0],
    }  # fmt: skip
    context |= _content(request, view, viewer, definition)
    answer = render(request, "scorecards/scorecard.html", context)
    if request.headers.get("HX-Request"):
        answer["HX-Push-Url"] = frame.address(view, definition) + _page_of(request)
    return answer


@page("scorecards.view")
@require_safe
def export(request: ViewerRequest, view: str, kind: str) -> HttpResponse:
    """All rows of the scorecard as a file."""
    if kind not in KINDS:
        raise Http404
    title, base = base_of(request, view)
    definition, problems = read(dict(request.GET.lists()), base)
    viewer = seeing_as(request.viewer, definition.seen_as)
    try:
        months = questions.months_for(viewer)
        if problems or not months:
            raise Http404
        on = board.board(Asked(viewer, definition, definition.span or frame.newest(months)))
    except UnknownName:
        raise Http404 from None
    title = titled(view, title, base, definition)
    return response(exports.sheet(on, title, request.viewer), kind, f"onefloor-{view}-{on.asked.span.text}")


@page("views.change")
@require_POST
def save(request: ViewerRequest) -> HttpResponse:
    """Keep what is shown under a name."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        query = request.POST.get("query", "")[:4000]
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect(reverse("scorecard", args=[first_view(request.viewer)]) + (f"?{query}" if query else ""))
    definition, _problems = read(_lists(form.cleaned_data["query"]), Definition())
    kept = definition if form.cleaned_data["keep_period"] else replace(definition, span=None)
    view = actions.save_view(
        request.viewer, name=form.cleaned_data["name"], query=kept.query[1:], shared=form.cleaned_data["shared"]
    )
    messages.success(request, _("Saved. The view is in the list of views."))
    return redirect("scorecard", str(view.pk))


@page("views.change")
@require_POST
def share(request: ViewerRequest, number: int) -> HttpResponse:
    """Let the company use a view, or no longer."""
    view = found(request.viewer, "views.change", SavedView.objects.all(), pk=number)
    actions.share_view(view, shared="shared" in request.POST)
    return redirect("scorecard", str(view.pk))


@page("views.change")
@require_POST
def delete(request: ViewerRequest, number: int) -> HttpResponse:
    """Remove a saved view."""
    view = found(request.viewer, "views.change", SavedView.objects.all(), pk=number)
    actions.delete_view(view)
    messages.success(request, _("Removed: %(name)s.") % {"name": view.name})
    return redirect("scorecards")


def base_of(request: ViewerRequest, view: str) -> tuple[str, Definition]:
    """The name and the definition a view begins with.

    Raises:
        Http404: no such view, or somebody else's.
    """
    if view in GIVEN:
        return str(GIVEN[view].title), GIVEN[view].definition
    if (number := whole(view)) is None:
        raise Http404
    saved = found(request.viewer, "views.open", SavedView.objects.all(), pk=number)
    definition, _problems = read(_lists(saved.query), Definition(metrics=GIVEN["delivery"].definition.metrics))
    return saved.name, definition


def titled(view: str, title: str, base: Definition, definition: Definition) -> str:
    """The title of what is shown: where it is grouped by something else than its view, that is said."""
    if view in GIVEN:
        return GIVEN[view].titled(definition.by)
    if definition.by == base.by:
        return title
    return _("%(view)s, by %(dimension)s") % {"view": title, "dimension": say(TITLES[definition.by])}


def _lists(query: str) -> dict[str, Any]:
    return dict(QueryDict(query).lists())


def _page_of(request: HttpRequest) -> str:
    return f"&page={page_number(request)}" if "page" in request.GET else ""


def _content(request: ViewerRequest, view: str, viewer: Viewer, definition: Definition) -> dict[str, Any]:
    """What the core says, or why there is nothing to say."""
    if not (months := questions.months_for(viewer)):
        return {"nothing": nothing()}
    span = definition.span or frame.newest(months)
    shown = replace(definition, span=span)
    context: dict[str, Any] = {
        "definition": shown,
        "span": span,
        "by": frame.groupings(shown),
        "periods": frame.periods(months, span),
        "comparisons": frame.comparisons(shown),
        "names": frame.names(questions.choices(viewer)),
        "chips": frame.chips(view, shown),
        "tabs": frame.tabs(view, shown),
        "form": SaveForm(initial={"query": shown.query[1:]}),
        "scope": scope_words(viewer, shown.where),
        "hidden": [
            pair for pair in shown.pairs if pair[0] in ("where", "metric", "target", "sort", "tab", "chart", "as")
        ],
        "share_link": request.build_absolute_uri(frame.address("delivery", shown)),
    }
    try:
        return context | _board(request, view, Asked(viewer, shown, span))
    except UnknownName as problem:
        return context | {"freshness": bar(viewer), "unknown": problem}


def nothing() -> Empty:
    """A floor without facts, or a viewer without rows."""
    return Empty(_("No contacts yet. Import one file and figures by company, team and skill appear here."))


def _board(request: ViewerRequest, view: str, asked: Asked) -> dict[str, Any]:
    on = board.board(asked)
    provisional = any(figure.provisional for line in on.lines for figure in line.figures.values())
    context: dict[str, Any] = {
        "board": on,
        "refused": on.refused,
        "freshness": bar(asked.viewer, final=bool(on.lines) and not provisional),
        "versions": [(frame.named(reference), metric.version, reference) for reference, metric in on.metrics.items()],
        "unassigned": unassigned.note(
            asked.viewer, list(on.metrics), asked.definition.where, asked.span, by=asked.keys
        ),
        "agreed": on.sources,
        "by_value": asked.definition.sort.removeprefix("-") in on.metrics,
    }
    if asked.definition.tab == "table":
        shown, around = table.table(request, on, slots_of(request.viewer), empty=_no_hits(asked))
        refused = [*on.refused, *around.refused]
        marked = _mark(around.removed or on.removed)
        return context | {"table": shown, "totals": _totals(on), "refused": refused, "removed": marked}
    return context | {"removed": _mark(on.removed)} | _drawn(request, view, on)


def _mark(removed: Removal | None) -> str:
    """Which of the months shown rest on sums alone."""
    return say(removed.words) if removed else ""


def _no_hits(asked: Asked) -> Empty:
    if asked.definition.where:
        return Empty(_("No rows have all of these filters in this period. Take one off, or choose another period."))
    return Empty(_("No rows in this period. Choose another period."))


def _totals(on: Board) -> list[Reading]:
    """All rows together, with what the metrics leave out; not where a single row says the same."""
    line = board.whole(on)
    if line is None or not on.lines:
        return []
    return [_total(on, reference, metric, line) for reference, metric in on.metrics.items()]


def _total(on: Board, reference: str, metric: Metric, line: board.Line) -> Reading:
    asked = on.asked
    parts = questions.breakdown(asked.viewer, reference, asked.where, asked.span.asked)
    course = questions.trend(asked.viewer, list(on.metrics), asked.span.end - 1, (), asked.where, unit=asked.span.unit)
    where = FigureAddress(
        metric.reference,
        asked.span,
        asked.definition.where,
        asked.definition.target_of(metric),
        asked.definition.seen_as,
    )
    aim = on.aim(line, reference)
    made = Found(
        metric,
        line.figures[reference],
        course.lines[0].figures[reference] if course.lines else (),
        _days_of(asked, reference) if aim.target else (),
        aim.target,
        left_out=reasons(parts.left_out),
        no_target=aim.words,
    )
    return reading(made, label=frame.named(reference), end=asked.span.end, url=where.url, panel=True, labelled=True)


def _drawn(request: ViewerRequest, view: str, on: Board) -> dict[str, Any]:
    """The charts, or the week, of one metric."""
    definition = on.asked.definition
    known = [reference for reference in definition.metrics if reference in on.metrics]
    if not known:
        return {}
    chosen = definition.chart if definition.chart in known else known[0]
    context: dict[str, Any] = {"drawn_metrics": frame.drawn_metrics(view, definition, chosen)}
    if definition.tab == "week":
        return context | _week(on.asked, catalogue.metric(chosen))
    slots = slots_of(request.viewer)
    own = slots.get(request.viewer.code, 1)
    lines = sorted(on.lines, key=lambda line: line.order)
    made = charts.drawn(on, lines, catalogue.metric(chosen), slots, own) if lines else charts.Drawn((), 0)
    return context | {"charts": made.charts, "left": charts.left_words(made.left) if made.left else ""}


def _week(asked: Asked, metric: Metric) -> dict[str, Any]:
    try:
        return {"heat": charts.week(asked, metric)}
    except (NotGroupable, RowsRemoved) as problem:
        return {"refused": [problem]}


def _days_of(asked: Asked, reference: str) -> list[Figure]:
    """The figures by day of all rows together: what the range of a mean follows from."""
    measured = questions.figures(asked.viewer, [reference], ("day",), asked.where, asked.span.asked)
    return [row.figures[reference] for row in measured.rows]
