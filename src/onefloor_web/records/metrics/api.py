"""Operations of metrics and figures: every number is asked of the core, within what the caller may see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.metrics.tables import DIMENSIONS
from onefloor.periods import Month
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.page import ViewerRequest
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.problems import Refused
from onefloor_web.records.figures import whose
from onefloor_web.records.figures.whose import ScopeOut
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee

routes = router("Metrics and figures")
MOST_METRICS, MOST_MONTHS = 20, 60


class MetricOut(Schema):
    """A metric of the catalogue."""

    name: str = Field(examples=["service_level"])
    version: int
    title: str
    formula: str
    unit: str
    source: str = Field(description="Where the formula comes from")


class MetricsOut(Schema):
    """The catalogue."""

    items: list[MetricOut]


class FigureOut(Schema):
    """One value of a group: two integers, and their quotient rounded once."""

    metric: str = Field(description="The reference as it was asked", examples=["service_level:within=20s"])
    version: int
    unit: str
    numerator: int
    denominator: int = Field(description="The sample; 1 for a quantity")
    value: str | None = Field(description="As a decimal; null without a denominator or with too small a sample")
    provisional: bool = Field(description="Whether later facts may still change it")


class GroupOut(Schema):
    """The figures of one group."""

    key: dict[str, str | int | None] = Field(
        description="The group's names by dimension", examples=[{"company": "North"}]
    )
    figures: list[FigureOut]


class RemovedOut(Schema):
    """Months whose rows are gone, and the day on which the last of them went."""

    months: list[str] = Field(examples=[["2024-10"]])
    day: str = Field(examples=["2026-11-22"])


class FiguresOut(Schema):
    """What was measured, of which facts, and whose."""

    scope: ScopeOut
    groups: list[GroupOut]
    data_version: str = Field(description="Equal questions of equal versions have equal answers")
    removed: RemovedOut | None = Field(None, description="Months of which a retention rule left the sums alone")


class CellOut(Schema):
    """One half hour of one weekday."""

    interval: str = Field(examples=["09:30"])
    weekday: int = Field(description="1 is Monday")
    figure: FigureOut


class HeatOut(Schema):
    """A metric by half hour and weekday; a cell without rows is absent."""

    scope: ScopeOut
    cells: list[CellOut]
    data_version: str


class Asked(Schema):
    """What is asked of the figures."""

    metric: list[str] = Field(min_length=1, max_length=MOST_METRICS, description="References of metrics")
    by: list[str] = Field([], max_length=3, description=f"Group by: {', '.join(DIMENSIONS)}")
    month: list[str] = Field([], max_length=MOST_MONTHS, description="Months such as 2026-11; all if left out")


class AskedHeat(Schema):
    """What is asked of a heat map."""

    metric: str = Field(min_length=1, max_length=200, description="Reference of a metric")
    month: list[str] = Field([], max_length=MOST_MONTHS, description="Months such as 2026-11; all if left out")


@operation(routes, "GET", "/metrics", action="metrics.view", gives=MetricsOut)
def metrics(request: ViewerRequest) -> dict[str, Any]:
    """All metrics with their formulas in words."""
    return {"items": [_metric(catalogue.metric(name)) for name in catalogue.names()]}


@operation(routes, "GET", "/figures", action="figures.view", gives=FiguresOut)
def figures(request: ViewerRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Figures of some metrics, by group, of one's own scope."""
    try:
        found = questions.figures(request.viewer, asked.metric, asked.by, None, _months(asked.month))
    except NothingToSee as error:
        raise _nothing() from error
    groups = [
        {
            "key": dict(row.key),
            "figures": [_figure(name, found.metrics[name], one) for name, one in row.figures.items()],
        }
        for row in found.rows
    ]
    removed = found.removed.as_json() if found.removed else None
    scope = whose.scope_out(request.viewer)
    return {"scope": scope, "groups": groups, "data_version": found.data_version, "removed": removed}


@operation(routes, "GET", "/heat-map", action="figures.view", gives=HeatOut)
def heat_map(request: ViewerRequest, asked: Query[AskedHeat]) -> dict[str, Any]:
    """A metric by half hour and weekday, of one's own scope."""
    try:
        found = questions.heat_map(request.viewer, asked.metric, None, _months(asked.month))
    except NothingToSee as error:
        raise _nothing() from error
    cells = [
        {"interval": interval, "weekday": day, "figure": _figure(asked.metric, found.metric, one)}
        for (interval, day), one in sorted(found.cells.items())
    ]
    return {"scope": whose.scope_out(request.viewer), "cells": cells, "data_version": found.data_version}


def _months(texts: list[str]) -> tuple[Month, ...] | None:
    return tuple(Month.parse(text) for text in texts) or None


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name, "version": metric.version, "title": say(metric.title), "formula": say(metric.formula),
        "unit": str(metric.unit), "source": metric.source,
    }  # fmt: skip


def _figure(reference: str, metric: Metric, figure: Figure) -> dict[str, Any]:
    value = metric.value(figure)
    return {
        "metric": reference, "version": metric.version, "unit": str(metric.unit), "numerator": figure.numerator,
        "denominator": figure.denominator, "value": None if value is None else str(value),
        "provisional": figure.provisional,
    }  # fmt: skip


def _nothing() -> Refused:
    return Refused(
        403, "nothing-to-see", _("The roles of this token's owner see no rows of figures."),
        remedy=_("Ask the administrator of your company for a role that does."),
    )  # fmt: skip
