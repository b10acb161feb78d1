"""A metric in words: what the core says of it, as a page has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from onefloor.language import Text
from onefloor.metrics.definition import Definition
from onefloor.metrics.metric import Better, Metric, Unit
from onefloor.metrics.reference import Described
from onefloor.metrics.spoken import counted, source_words
from onefloor.metrics.tables import ABSENT, DIMENSIONS, TITLES
from onefloor_web.platform.pages.formats import begin, say
from onefloor_web.records.figures.parameters import parameter_words
from onefloor_web.records.scorecards.models import SavedView
from onefloor_web.records.scorecards.views_by_role import GIVEN

# Said of as code only, and said of in words and as code.
CODE = ("reference",)
AS_CODE = (*CODE, "numerator", "denominator", "unit")


@dataclass(frozen=True, slots=True)
class User:
    """Something that uses a metric, and its address."""

    name: str
    view: str


def unit_words(unit: Unit) -> str:
    """The unit in words."""
    return {
        Unit.PERCENT: _("percent"),
        Unit.MS: _("length of time"),
        Unit.PER_TEN_THOUSAND: _("per 10,000"),
        Unit.PER_HOUR: _("per hour"),
        Unit.COUNT: _("count"),
        Unit.DAYS: _("days"),
    }[unit]


def better_words(better: Better) -> str:
    """In which direction a value improves."""
    return {
        Better.HIGHER: _("higher is better"),
        Better.LOWER: _("lower is better"),
        Better.WITHIN: _("should stay within a band"),
    }[better]


def with_code(text: str) -> SafeString:
    """A text in which what stands between ` is code."""
    parts = re.split(r"`([^`]*)`", text)
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(parts))
    )


def facts(told: Described) -> list[tuple[str, SafeString]]:
    """What the core says of a metric, with counts, units and sources in words instead of code."""
    metric = told.metric
    spoken_of = {
        "numerator": counted(metric.numerator),
        "denominator": counted(metric.denominator) if metric.denominator else Text("无", "none"),
        "source": source_words(metric.source),
    }
    said = {what: say(how) for what, how in spoken_of.items()}
    places = _("%(unit)s, %(places)s decimal places, rounded half up")
    said["unit"] = places % {"unit": unit_words(metric.unit), "places": metric.places}
    said["better"] = better_words(metric.better)
    return [
        (begin(what), with_code(said.get(what.en, "") or say(how))) for what, how in told.facts if what.en not in CODE
    ]


def code(told: Described) -> list[tuple[str, SafeString]]:
    """The same as programs and agreements write it."""
    return [(begin(what), with_code(say(how))) for what, how in told.facts if what.en in AS_CODE]


def dimensions(metric: Metric) -> str:
    """By what it can be split."""
    absent = {name for table in metric.tables for name in ABSENT[table]}
    return say(Text("、", ", ")).join(say(TITLES[name]) for name in DIMENSIONS if name not in absent)


def parameters(definition: Definition) -> list[tuple[str, str, str, str]]:
    """Name, default, meaning, what is possible."""
    return [
        (name, _default(parameter.default.removeprefix("=")), say(parameter.meaning), say(parameter.possible))
        for name, parameter in definition.parameters.items()
    ]


def _default(value: str) -> str:
    """A default as it is written, and in words where it is a name: ``same (相同)``."""
    words = parameter_words(value)
    return value if words == value else f"{value} ({words})"


def users(name: str, saved: Sequence[SavedView]) -> list[User]:
    """The views that show a metric: those that come with the floor, and the saved ones the viewer may open."""
    given = [User(str(view.title), view.name) for view in GIVEN.values() if _has(view.definition.metrics, name)]
    # A saved view keeps its references as its address writes them.
    own = [User(view.name, str(view.pk)) for view in saved if re.search(rf"metric={name}(?![a-z0-9_])", view.query)]
    return [*given, *own]


def title(definition: Definition) -> str:
    """Its name at the beginning of a line."""
    return begin(definition.title)


def _has(references: Sequence[str], name: str) -> bool:
    return any(reference.partition(":")[0] == name for reference in references)
