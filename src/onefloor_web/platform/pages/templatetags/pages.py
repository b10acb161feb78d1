"""The components, for templates: ``{% load pages %}``. The gallery, /gallery/, shows each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from onefloor.problems import Problem, Problems
from onefloor_web.platform.pages import assets, formats, forms, marks, slots
from onefloor_web.platform.pages.blocks import (
    AUDIENCES,
    Audience,
    Empty,
    Event,
    Freshness,
    Heat,
    Need,
    Pair,
    Progress,
    Step,
    Tab,
)
from onefloor_web.platform.pages.charts import Chart
from onefloor_web.platform.pages.figures import Reading
from onefloor_web.platform.pages.tables import Table

register = template.Library()

for name in (
    "number", "signed", "percent", "points", "money", "quantity", "duration", "duration_words", "time_left",
    "moment", "exact", "clock", "day", "day_words", "month", "say", "begin",
):  # fmt: skip
    register.filter(name, getattr(formats, name))
register.filter("control", forms.control)
register.filter("is_check", forms.is_check)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: ``{% asset "app.css" %}``."""
    return assets.asset(name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite, silent to screen readers: ``{% icon "search" %}``. Names are Tabler's."""
    address = assets.asset("icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', address, name)


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str) -> SafeString | str:
    """What other parts put into the frame: ``bell``, ``freshness``, ``footer``; nothing where none did."""
    return slots.filled(name, context["request"]) if "request" in context else ""


@register.simple_tag
def state(value: str) -> SafeString:
    """Is the target met: ``{% state "missed" %}``; also unclear, not_assessed."""
    return marks.state_mark(value)


@register.simple_tag
def signal(*, rising: bool, good: bool | None = None) -> SafeString:
    """Did it change beyond chance: ``{% signal rising=True good=False %}``."""
    return marks.signal_mark(marks.Signal(rising, good))


@register.simple_tag
def company(name: str, slot: int) -> SafeString:
    """A company behind its marker: ``{% company company.name company.slot %}``."""
    return marks.company_mark(name, slot)


@register.simple_tag
def provisional(until: date | None = None, *, money: bool = False) -> SafeString:
    """``暂定，2026-11-07 定稿``; of money ``暂估``."""
    word = _("estimated") if money else _("provisional")
    text = _("%(word)s until %(day)s") % {"word": word, "day": formats.day(until)} if until else word
    return format_html('<span class="badge-box dashed">{}</span>', text)


@register.simple_tag
def final() -> SafeString:
    """``已定``: it will not change."""
    return format_html('<span class="badge-box">{}</span>', _("final"))


@register.simple_tag
def badge(text: object, *, strong: bool = False) -> SafeString:
    """A word in a box: ``{% badge "draft" %}``."""
    return format_html('<span class="badge-box{}">{}</span>', " strong" if strong else "", text)


@register.simple_tag
def audience(kind: str, name: str = "") -> SafeString:
    """Who sees this: ``{% audience "company" %}``, ``{% audience "shared" "North" %}``. Kinds: ``blocks.Audience``."""
    words = str(AUDIENCES[Audience(kind)])
    words = words % {"name": name} if kind == Audience.SHARED else words
    return format_html('<span class="badge-box">{}{}</span>', icon("eye"), words)


@register.inclusion_tag("pages/figure.html")
def figure(reading: Reading, *, card: bool = False) -> dict[str, Any]:
    """A figure with its evidence: ``{% figure reading %}``, on its own as ``{% figure reading card=True %}``."""
    return {"reading": reading, "card": card}


@register.inclusion_tag("pages/table.html")
def table(table: Table) -> dict[str, Any]:
    """A table of ``tables.Table``."""
    return {"table": table}


@register.inclusion_tag("pages/empty.html")
def empty(empty: Empty) -> dict[str, Any]:
    """An empty place and the one step that fills it."""
    return {"empty": empty}


@register.inclusion_tag("pages/freshness.html")
def freshness(freshness: Freshness) -> dict[str, Any]:
    """Facts through when, and whose file is missing."""
    return {"freshness": freshness}


@register.inclusion_tag("pages/history.html")
def history(events: Sequence[Event]) -> dict[str, Any]:
    """The line of time of an object."""
    return {"events": events}


@register.inclusion_tag("pages/pairs.html")
def pairs(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Names and values."""
    return {"pairs": pairs}


@register.inclusion_tag("pages/steps.html")
def steps(steps: Sequence[Step]) -> dict[str, Any]:
    """The steps of a wizard."""
    return {"steps": steps}


@register.inclusion_tag("pages/tabs.html")
def tabs(tabs: Sequence[Tab]) -> dict[str, Any]:
    """Several views of one object."""
    return {"tabs": tabs}


@register.inclusion_tag("pages/needs.html")
def needs(needs: Sequence[Need]) -> dict[str, Any]:
    """Rows that need the reader, soonest first."""
    return {"needs": needs}


@register.inclusion_tag("pages/progress.html", takes_context=True)
def progress(context: Context, progress: Progress) -> dict[str, Any]:
    """A job's row. While it moves it asks ``progress.url`` every two seconds; that view answers with this tag alone."""
    return {"progress": progress, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("pages/heat.html")
def heat(heat: Heat) -> dict[str, Any]:
    """A heat map, which is a table."""
    return {"heat": heat}


@register.inclusion_tag("pages/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A chart with its sentence above and its table one key (``t``) away."""
    return {"chart": chart}


@register.inclusion_tag("pages/problem.html")
def problem(found: Problem) -> dict[str, Any]:
    """A problem of the core: what, where, why, what to do. Several are a list."""
    return {"problems": found.problems if isinstance(found, Problems) else [found]}


@register.inclusion_tag("pages/form.html", takes_context=True)
def form(
    context: Context,
    form: Form,
    *,
    submit: str,
    action: str = "",
    consequence: str = "",
    cancel: str = "",
    danger: bool = False,
) -> dict[str, Any]:
    """A whole form: ``{% form form submit=_("Save") consequence=... cancel=url %}``. Works without JavaScript."""
    return {
        "form": form,
        "submit": submit,
        "action": action,
        "consequence": consequence,
        "cancel": cancel,
        "danger": danger,
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def optional(field: BoundField) -> bool:
    """Whether a field may be left empty: forms mark these, not the others."""
    return not field.field.required
