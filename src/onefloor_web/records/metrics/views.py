"""Pages of metrics: the catalogue, one version, the four formulas of service level over the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onefloor.metrics import catalogue
from onefloor.metrics.breakdown import FORMULAS, Breakdown
from onefloor.metrics.definition import UnknownMetric
from onefloor.metrics.dimensions import BadFilterValue
from onefloor.metrics.prepared import UnknownName
from onefloor.metrics.reference import described
from onefloor.metrics.spoken import spoken
from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import number, say
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import filters, spans
from onefloor_web.records.figures.address import FigureAddress
from onefloor_web.records.figures.freshness import bar
from onefloor_web.records.figures.readings import with_unit
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.figures.viewers import seeing_as, vendors
from onefloor_web.records.figures.whose import audience_of, limit_words, scope_words
from onefloor_web.records.floor import questions
from onefloor_web.records.metrics import words
from onefloor_web.records.scorecards import frame, queries
from onefloor_web.records.scorecards.choosing import FAMILIES
from onefloor_web.records.scorecards.views import nothing


@dataclass(frozen=True, slots=True)
class Formula:
    """One of the four formulas: its value, what became of the rows, and the addresses of those rows."""

    name: str
    value: str
    equation: str
    counted: tuple[str, str]
    others: tuple[str, str]
    left_out: tuple[tuple[str, str, str], ...]
    rows: str
    agreed: str


@page("metrics.view")
@require_safe
def metrics(request: ViewerRequest) -> HttpResponse:
    """Which metrics are there?"""
    families = [
        (FAMILIES[family], [
            (one.name, words.title(one), say(one.formula), words.unit_words(one.unit), words.better_words(one.better),
             one.version)
            for one in listed
        ])
        for family, listed in catalogue.families().items()
    ]  # fmt: skip
    return render(request, "metrics/metrics.html", {"families": families, "count": len(catalogue.names())})


@page("metrics.view")
@require_safe
def metric(request: ViewerRequest, name: str, version: int) -> HttpResponse:
    """What does this metric mean?"""
    try:
        definition = catalogue.definition(name)
    except UnknownMetric:
        raise Http404 from None
    if version != definition.version:
        raise Http404
    told = described(name)
    context = {
        "name": name, "version": version, "title": words.title(definition), "metric": told.metric,
        "facts": words.facts(told), "code": words.code(told),
        "unit": words.unit_words(definition.unit), "better": words.better_words(definition.better),
        "parameters": words.parameters(definition), "dimensions": words.dimensions(told.metric),
        "exclusions": [(say(one.reason), say(spoken(one.where)), one.where) for one in told.metric.exclusions],
        "notes": say(definition.notes) if definition.notes else "",
        "users": words.users(name, list(queries.saved_views(request.viewer))),
    }  # fmt: skip
    return render(request, "metrics/metric.html", context)


@page("formulas.view")
@require_safe
def formulas(request: ViewerRequest) -> HttpResponse:
    """Why do two honest sides get two service levels?"""
    viewer = seeing_as(request.viewer, request.GET.get("as", ""))
    context: dict[str, Any] = {"vendors": vendors(request.viewer), "viewed": viewer, "problems": []}
    context["audience"] = audience_of(viewer)
    if not questions.months_for(viewer):
        return render(request, "metrics/formulas.html", context | {"nothing": nothing()})
    where, problems = filters.read([*request.GET.getlist("where"), *filter(None, request.GET.getlist("add"))])
    span = _span(request, viewer, problems)
    within, short = request.GET.get("within", "").strip() or "20s", request.GET.get("short", "").strip()
    context |= {
        "span": span, "within": within, "short": short, "chips": _chips(request, where),
        "where": filters.written(where),
        "names": frame.names(questions.choices(viewer)), "freshness": bar(viewer), "problems": problems,
        "seen_as": request.GET.get("as", ""), "scope": scope_words(viewer, where),
        "audience": audience_of(viewer, where),
    }  # fmt: skip
    try:
        parts = questions.formulas(viewer, filters.wanted(where), span.asked, within=within, short=short)
        context["formulas"] = [_formula(viewer, one, span, where, request) for one in parts]
        context["total"] = number(max(part.rows for part in parts))
        context["none"] = not any(part.rows for part in parts)
        context["newest"] = f"{reverse('formulas')}?period={questions.months(viewer)[-1]}"
        context["limited"] = limit_words(viewer)
        context["data_version"] = questions.data_version(viewer)
    except (UnknownName, BadFilterValue) as problem:
        problems.append(problem)
    except Problem as problem:
        problems.append(problem)
    return render(request, "metrics/formulas.html", context)


def _span(request: ViewerRequest, viewer: Viewer, problems: list[Problem]) -> Span:
    """The day or period asked for, else the last day with facts."""
    wished = request.GET.get("period", "").strip()
    if wished:
        try:
            return spans.read(wished)
        except Problem as problem:
            problems.append(problem)
    return _last_day(viewer)


def _last_day(viewer: Viewer) -> Span:
    reach = questions.freshness(viewer).reach
    days = [one.through for one in reach.companies.values()]
    months = questions.months(viewer)
    last = max(days, default=months[-1].days.end - 1)
    return spans.day(last)


def _formula(viewer: Viewer, parts: Breakdown, span: Span, where: filters.Filters, request: ViewerRequest) -> Formula:
    found, name = parts.metric, parts.metric.parameters["formula"]
    address = FigureAddress(found.reference, span, where, None, request.GET.get("as", ""))
    figure = questions.figures(viewer, [found.reference], (), filters.wanted(where), span.asked).rows[0]
    value = figure.figures[found.reference]
    return Formula(
        name,
        with_unit(found, found.value(value)),
        f"{number(value.numerator)} / {number(value.denominator)}",
        (number(parts.numerator), address.rows(side="numerator")),
        (number(parts.others), address.rows(side="others")),
        tuple(
            (say(one.exclusion.reason), number(one.count), address.rows(side="excluded", reason=one.exclusion.name))
            for one in parts.left_out
        ),
        number(parts.rows),
        WORDS[name](),
    )


def _chips(request: ViewerRequest, where: filters.Filters) -> list[tuple[str, str]]:
    """The filters, each with the address without it."""
    query = request.GET.copy()
    listed = []
    for pair in where:
        query.setlist("where", [f"{name}:{value}" for name, value in where if (name, value) != pair])
        query.pop("add", None)
        listed.append((filters.words((pair,)), f"{reverse('formulas')}?{query.urlencode()}"))
    return listed


WORDS = dict(
    zip(
        FORMULAS,
        (
            lambda: _("short abandons count as in time"),
            lambda: _("looks at the answered only"),
            lambda: _("every abandon counts against it"),
            lambda: _("short abandons are left out of both sides"),
        ),
        strict=True,
    )
)
