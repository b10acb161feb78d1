"""What stands around a scorecard: filters, tabs, views, exports, whose eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor.metrics import catalogue
from onefloor.metrics.tables import NAMED, TITLES
from onefloor.periods import Month
from onefloor_web.platform.pages.blocks import Tab
from onefloor_web.platform.pages.formats import begin, month
from onefloor_web.records.figures import filters, spans
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.scorecards.definition import Definition
from onefloor_web.records.scorecards.definition import Tab as TabName
from onefloor_web.records.scorecards.table import telling, title

GROUPINGS = (
    "company", "employment", "site", "team", "agent", "tenure", "queue", "skill", "topic", "channel",
    "month", "week", "day", "weekday", "interval",
)  # fmt: skip
MOST_NAMES = 80  # names of a dimension in the list; agents are typed


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list."""

    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the view that can be taken off."""

    words: str
    url: str


def address(view: str, definition: Definition) -> str:
    """The page that shows a definition."""
    return reverse("scorecard", args=[view]) + definition.query


def groupings(definition: Definition) -> list[Choice]:
    """By what rows can be told apart."""
    return [Choice(name, begin(TITLES[name]), name == definition.by) for name in GROUPINGS]


def periods(months: Sequence[Month], span: Span) -> list[Choice]:
    """The months with facts, newest first, the last three together, and whatever is looked at now."""
    listed = [(str(one), month(one)) for one in reversed(months)]
    if len(months) > 2:
        listed.append((f"{months[-3]}..{months[-1]}", _("the last 3 months")))
    if span.text not in dict(listed):
        listed.insert(0, (span.text, span.text))
    return [Choice(value, words, value == span.text) for value, words in listed]


def comparisons(definition: Definition) -> list[Choice]:
    """With which earlier period."""
    words = {"": _("nothing"), "before": _("the period before"), "year": _("a year before")}
    return [Choice(value, text, value == definition.compare) for value, text in words.items()]


def names(choices: Mapping[str, Sequence[str]]) -> list[tuple[str, list[Choice]]]:
    """What a filter can be added for, by dimension; long lists are left to typing."""
    return [
        (begin(TITLES[name]), [Choice(f"{name}:{value}", filters.name_words(name, value)) for value in choices[name]])
        for name in NAMED
        if name != "agent" and 0 < len(choices[name]) <= MOST_NAMES
    ]


def chips(view: str, definition: Definition) -> list[Chip]:
    """The filters, each with the address without it."""
    return [
        Chip(filters.words(((dimension, name),)), address(view, definition.without(dimension, name)))
        for dimension, name in definition.where
    ]


def tabs(view: str, definition: Definition) -> list[Tab]:
    """Table, charts, the week."""
    words: dict[TabName, str] = {"table": _("Table"), "charts": _("Course"), "week": _("Week")}
    return [
        Tab(text, address(view, replace(definition, tab=name)), name == definition.tab) for name, text in words.items()
    ]


def drawn_metrics(view: str, definition: Definition, chosen: str) -> list[Tab]:
    """The metrics of the view, one of which is drawn."""
    return [
        Tab(named(reference), address(view, replace(definition, chart=reference)), reference == chosen)
        for reference in definition.metrics
    ]


def named(reference: str) -> str:
    """A metric's name with the parameters that tell it from its kin."""
    metric = catalogue.metric(reference)
    told = [value for name, value in metric.parameters.items() if telling(metric, name)]
    return " · ".join([title(metric), *told])


def newest(months: Sequence[Month]) -> Span:
    """The newest month with facts."""
    return spans.of_months(months[-1], months[-1])
