"""Own and vendors side by side: crude values with their ranges, never a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onefloor.findings import Figure
from onefloor.metrics.metric import Metric
from onefloor.metrics.unassigned import Unassigned
from onefloor.metrics.uncertainty import Range, enough, range_of
from onefloor.money import rounded
from onefloor_web.platform.pages.figures import Reading
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.records.figures import unassigned
from onefloor_web.records.figures.freshness import bar
from onefloor_web.records.figures.readings import Found, reading, with_unit
from onefloor_web.records.figures.viewers import seeing_as, vendors
from onefloor_web.records.figures.viewers import slots as slots_of
from onefloor_web.records.figures.whose import audience_of, limit
from onefloor_web.records.floor import questions
from onefloor_web.records.scorecards import board, frame
from onefloor_web.records.scorecards.board import Asked, Board, Key, Line
from onefloor_web.records.scorecards.definition import Definition, read
from onefloor_web.records.scorecards.table import plain_head
from onefloor_web.records.scorecards.views import nothing
from onefloor_web.records.scorecards.views_by_role import DELIVERY

WIDTH, HEIGHT, EDGE = 240, 20, 6


@dataclass(frozen=True, slots=True)
class Side:
    """One company in a comparison: its figure, and where it lies on the block's common scale."""

    name: str
    slot: int
    reading: Reading
    drawing: SafeString | str


@dataclass(frozen=True, slots=True)
class Block:
    """One metric of all companies: what may be said of it, in words, and the ends of the scale."""

    title: str
    sentence: str
    sides: tuple[Side, ...]
    scale: tuple[str, str] | None


@page("comparisons.view")
@require_safe
def comparisons(request: ViewerRequest) -> HttpResponse:
    """Do own staff and vendors differ, beyond chance?"""
    base = Definition(by="company", metrics=DELIVERY)
    definition, problems = read(dict(request.GET.lists()), base)
    definition = replace(definition, by="company")
    viewer = seeing_as(request.viewer, definition.seen_as)
    context = {"problems": problems, "definition": definition, "viewed": viewer, "vendors": vendors(request.viewer)}
    if not (months := questions.months_for(viewer)):
        return render(request, "scorecards/comparisons.html", context | {"nothing": nothing()})
    span = definition.span or frame.newest(months)
    asked = Asked(viewer, replace(definition, span=span), span)
    on = board.board(asked)
    slots, several = slots_of(request.viewer), viewer.client and not limit(viewer)
    lost = unassigned.counted(viewer, list(on.metrics), definition.where, span) if several and on.metrics else {}
    context |= {
        "unassigned": unassigned.note(viewer, list(on.metrics), definition.where, span, by=["company"]),
        "span": span, "audience": audience_of(viewer, definition.where),
        "periods": frame.periods(months, span), "freshness": bar(viewer), "refused": on.refused,
        "blocks": [_block(on, reference, slots, lost) for reference in on.metrics],
        "hidden": [pair for pair in definition.pairs if pair[0] in ("where", "metric", "as")],
        "board": on,
    }  # fmt: skip
    return render(request, "scorecards/comparisons.html", context)


def _block(on: Board, reference: str, slots: dict[str, int], lost: Mapping[str, Unassigned]) -> Block:
    metric = on.metrics[reference]
    lines = [line for line in sorted(on.lines, key=lambda line: line.order) if line.key["company"]]
    days = _days(on, reference)
    ranges = {line.id: _range(metric, line.figures[reference], days.get(line.id, ())) for line in lines}
    values = {
        line.id: metric.exact(line.figures[reference]) for line in lines if enough(metric, line.figures[reference])
    }
    low, high = _ends([*ranges.values()], [value for value in values.values() if value is not None])
    sides = tuple(
        Side(
            plain_head(on, line),
            slots.get(str(line.key["company"]), 1),
            _reading(on, line, reference, metric, days.get(line.id, ())),
            _drawing(values.get(line.id), ranges[line.id], low, high),
        )
        for line in lines
    )
    scale = (with_unit(metric, rounded(low, metric.places)), with_unit(metric, rounded(high, metric.places)))
    return Block(
        frame.named(reference),
        unassigned.refused(lost.get(reference)) or _sentence(on, lines, ranges),
        sides,
        scale if high > low else None,
    )


def _reading(on: Board, line: Line, reference: str, metric: Metric, days: Sequence[Figure]) -> Reading:
    where = board.address(on.asked, line, metric)
    aim = on.aim(line, reference)
    made = Found(metric, line.figures[reference], days=days, target=aim.target, no_target=aim.words)
    return reading(made, label=plain_head(on, line), end=where.span.end, url=where.url, panel=True)


def _days(on: Board, reference: str) -> dict[Key, list[Figure]]:
    """The figures of each company by day: what the range of a mean follows from."""
    asked = on.asked
    measured = questions.figures(asked.viewer, [reference], ("company", "day"), asked.where, asked.span.asked)
    found: dict[Key, list[Figure]] = {}
    for row in measured.rows:
        found.setdefault((row.key["company"],), []).append(row.figures[reference])
    return found


def _range(metric: Metric, figure: Figure, days: Sequence[Figure]) -> Range | None:
    return range_of(metric, figure, days) if enough(metric, figure) else None


def _sentence(on: Board, lines: Sequence[Line], ranges: dict[Key, Range | None]) -> str:
    """Which pairs of ranges do not touch; of the others nobody can tell."""
    known = [(line, found) for line in lines if (found := ranges[line.id])]
    if len(lines) < 2:
        return _("One company only: there is nothing to compare.")
    if len(known) < 2:
        return _("Cannot tell: there are no ranges to compare.")
    apart = [
        f"{plain_head(on, one)} – {plain_head(on, other)}"
        for (one, first), (other, second) in combinations(known, 2)
        if first.high < second.low or second.high < first.low
    ]
    if not apart:
        return _("Cannot tell them apart: the ranges overlap.")
    return _("Apart beyond chance: %(pairs)s. Who takes which contacts is not taken into account.") % {
        "pairs": _(", ").join(apart)
    }


def _ends(ranges: Sequence[Range | None], values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    ends = [end for found in ranges if found for end in (found.low, found.high)] + list(values)
    return (min(ends), max(ends)) if ends else (Fraction(0), Fraction(0))


def _drawing(value: Fraction | None, span: Range | None, low: Fraction, high: Fraction) -> SafeString | str:
    """The value as a hollow dot (crude, not adjusted), its range as a line."""
    if value is None or high == low:
        return ""

    def at(point: Fraction) -> str:
        return f"{EDGE + float((point - low) / (high - low)) * (WIDTH - 2 * EDGE):.1f}"

    middle = HEIGHT // 2
    line = f'<path class="course" d="M{at(span.low)} {middle}L{at(span.high)} {middle}"/>' if span else ""
    dot = f'<circle class="last provisional" cx="{at(value)}" cy="{middle}" r="4"/>'
    drawn = f'<svg class="spark spread" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{line}{dot}</svg>'
    return mark_safe(drawn)
