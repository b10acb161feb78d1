"""Choosing the metrics of a view, with parameters and targets: a form without JavaScript; its answer is an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from onefloor.metrics import catalogue
from onefloor.metrics.definition import Definition as MetricDefinition
from onefloor.metrics.definition import split
from onefloor.metrics.metric import Metric
from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import begin, duration, say
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.records.figures import targets
from onefloor_web.records.figures.targets import Target
from onefloor_web.records.scorecards import frame
from onefloor_web.records.scorecards.definition import MOST_METRICS, Definition, TooManyMetrics, read
from onefloor_web.records.scorecards.views import base_of

FAMILIES = {
    "access": _("Getting through"),
    "handling": _("Handling"),
    "resolution": _("Resolution"),
    "quality": _("Quality"),
    "selling": _("Selling"),
    "people": _("People"),
    "forecast": _("Forecast"),
    "quantities": _("Quantities"),
    "duties": _("Duties of the client"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a metric as the form has it."""

    name: str
    value: str
    meaning: str
    possible: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A metric in the form."""

    name: str
    title: str
    formula: str
    chosen: bool
    fields: tuple[Field, ...]
    target: str
    error: Problem | None = None


@page("scorecards.view")
@require_safe
def metrics(request: ViewerRequest, view: str) -> HttpResponse:
    """Which metrics, with which parameters, against which targets?"""
    _title, base = base_of(request, view)
    query = {name: [str(value) for value in values] for name, values in request.GET.lists()}
    definition, problems = read(query, base)
    errors: dict[str, Problem] = {}
    if "done" in request.GET:
        chosen, errors = _chosen(query)
        if len(chosen) > MOST_METRICS:
            errors[""] = TooManyMetrics(len(chosen))
        if not errors and chosen:
            aims = {reference: aim for reference, aim in chosen.items() if aim is not None}
            return redirect(frame.address(view, replace(definition, metrics=tuple(chosen), targets=aims, chart="")))
    families = [
        (FAMILIES[family], [_offer(one, definition, query, errors) for one in listed])
        for family, listed in catalogue.families().items()
    ]
    kept = [pair for pair in definition.pairs if pair[0] not in ("metric", "target", "chart")]
    context = {
        "view": view, "families": families, "kept": kept, "problems": [*problems, *errors.values()],
        "most": MOST_METRICS, "back": frame.address(view, definition),
        "none": "done" in request.GET and not query.get("choose"),
    }  # fmt: skip
    return render(request, "scorecards/metrics.html", context)


def _chosen(query: Mapping[str, Sequence[str]]) -> tuple[dict[str, Target | None], dict[str, Problem]]:
    """The canonical references chosen with their targets, and by metric what is wrong."""
    found: dict[str, Target | None] = {}
    errors: dict[str, Problem] = {}
    for name in dict.fromkeys(query.get("choose", ())):
        try:
            definition = catalogue.definition(name)
            given = [(key, query[f"p.{name}.{key}"][-1]) for key in definition.parameters if f"p.{name}.{key}" in query]
            typed = [(key, text.strip()) for key, text in given if text.strip()]
            aim = query.get(f"t.{name}", [""])[-1].strip()
            found[definition.metric(typed).reference] = targets.read(aim) if aim else None
        except Problem as problem:
            errors[name] = problem
    return found, errors


def _offer(
    one: MetricDefinition, definition: Definition, query: Mapping[str, Sequence[str]], errors: Mapping[str, Problem]
) -> Offer:
    """A metric as it was sent, else as the view has it, else with its defaults."""
    held = next((reference for reference in definition.metrics if split(reference)[0] == one.name), "")
    metric = catalogue.metric(held or one.name)
    sent = "done" in query
    fields = tuple(
        Field(
            name,
            query.get(f"p.{one.name}.{name}", [metric.parameters[name]])[-1],
            say(parameter.meaning),
            say(parameter.possible),
        )
        for name, parameter in one.parameters.items()
    )
    chosen = one.name in query.get("choose", ()) if sent else bool(held)
    aim = query.get(f"t.{one.name}", [_target(metric, definition)])[-1]
    return Offer(one.name, begin(one.title), say(one.formula), chosen, fields, aim, errors.get(one.name))


def _target(metric: Metric, definition: Definition) -> str:
    """A target as a person types it."""
    aim = definition.target_of(metric)
    if aim is None:
        return ""
    if metric.unit != "ms":
        return aim.text
    if aim.low is not None and aim.high is not None:
        return f"{duration(int(aim.low))}..{duration(int(aim.high))}"
    return f">={duration(int(aim.low))}" if aim.low is not None else f"<={duration(int(aim.high or 0))}"
