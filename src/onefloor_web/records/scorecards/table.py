"""The table of a scorecard: a figure with its evidence in each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from onefloor.language import Language
from onefloor.metrics.metric import Metric
from onefloor.metrics.uncertainty import enough
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.figures import Reading
from onefloor_web.platform.pages.formats import begin, language, number
from onefloor_web.platform.pages.marks import company_mark
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.records.figures import filters
from onefloor_web.records.figures.readings import HEADS, Found, difference, reading, with_unit
from onefloor_web.records.figures.whose import row_words
from onefloor_web.records.scorecards import board as boards
from onefloor_web.records.scorecards.board import Around, Board, Line

PER_PAGE: Final = 25
Slots = Mapping[str, int]


def table(request: HttpRequest, on: Board, slots: Slots, *, empty: Empty) -> tuple[Table, Around]:
    """The page of rows the address asks for, and what is known around them."""
    known: dict[str, Around] = {}
    lines = sorted(on.lines, key=lambda line: line.order)
    rows = [{"line": line, "name": place} | _values(on, line) for place, line in enumerate(lines)]

    def cell(reference: str) -> Any:
        return lambda row: drawn(cell_reading(on, row["line"], reference, known["around"]))

    columns = (
        Column(filters.title(on.asked.definition.by), lambda row: head(on, row["line"], slots), sort="name"),
        *(
            Column(title(metric), cell(reference), sort=reference, number=True, unit=unit(metric))
            for reference, metric in on.metrics.items()
        ),
    )
    shown = Table.of(
        request, rows, columns, caption=_("Figures"), empty=empty, order=_order(on),
        per_page=PER_PAGE, hidden_caption=True,
    )  # fmt: skip
    known["around"] = boards.around(on, [row["line"] for row in shown.page.object_list])
    return shown, known["around"]


def _order(on: Board) -> str:
    """The order of the view, if it is one by a column that stands here."""
    wished = on.asked.definition.sort
    return wished if wished.removeprefix("-") in ("name", *on.metrics) else "name"


def cell_reading(on: Board, line: Line, reference: str, known: Around) -> Reading:
    """One cell, with the time before beneath where one is compared with."""
    found = boards.found(on, line, reference, known)
    where = boards.address(on.asked, line, found.metric)
    label = f"{plain_head(on, line)} {title(found.metric)}"
    made = reading(found, label=label, end=where.span.end, url=where.url, panel=True)
    return replace(made, note=made.note or before(on, found)) if found.before else made


def before(on: Board, found: Found) -> str:
    """``2026-09：81.20%，样本 1,234，相差 −1.10 个百分点``."""
    metric, earlier, span = found.metric, found.before, on.asked.earlier
    if earlier is None or span is None:
        return ""
    was, now = metric.exact(earlier), metric.exact(found.figure)
    if was is None or now is None or not enough(metric, earlier):
        return _("%(period)s: too few to compare") % {"period": span.words}
    words = {
        "period": span.words,
        "value": with_unit(metric, metric.value(earlier)),
        "n": number(earlier.denominator),
        "difference": difference(metric, now - was),
    }
    if metric.denominator is None:
        return _("%(period)s: %(value)s, difference %(difference)s") % words
    return _("%(period)s: %(value)s, n %(n)s, difference %(difference)s") % words


def drawn(made: Reading) -> SafeString:
    """The figure component. A table holds a hundred of them, mostly the same as when it was last asked for."""
    return _drawn(made, language())


@lru_cache(maxsize=8192)
def _drawn(made: Reading, _written_in: Language) -> SafeString:
    """All that decides it is in the arguments; the cache is the process's own and of a few megabytes."""
    return render_to_string("pages/figure.html", {"reading": made, "card": False})


def title(metric: Metric) -> str:
    """A metric's name at the beginning of a line."""
    return begin(metric.title)


def unit(metric: Metric) -> str:
    """What stands below a column's name: the unit, and the parameters by which it differs from its kin."""
    parts = [HEADS[metric.unit], *(value for name, value in metric.parameters.items() if telling(metric, name))]
    return " · ".join(part for part in parts if part)


def telling(metric: Metric, parameter: str) -> bool:
    """Whether a parameter says something to a reader: one that is ``all`` or ``any``, or repeats another, does not."""
    value = metric.parameters[parameter]
    earlier = list(metric.parameters.values())[: list(metric.parameters).index(parameter)]
    return value not in ("all", "any", "none", "same") and value not in earlier


def head(on: Board, line: Line, slots: Slots) -> SafeString | str:
    """A row's name; companies behind their marks."""
    parts = []
    for name, value in line.key.items():
        words = row_words(on.asked.viewer, name, value)
        known = name == "company" and value in slots
        parts.append(company_mark(words, slots[str(value)]) if known else words)
    return parts[0] if len(parts) == 1 else render_to_string("scorecards/row_head.html", {"parts": parts})


def plain_head(on: Board, line: Line) -> str:
    """A row's name as text."""
    return " · ".join(row_words(on.asked.viewer, name, value) for name, value in line.key.items())


def _values(on: Board, line: Line) -> dict[str, Any]:
    return {reference: on.value(line, reference) for reference in on.metrics}
