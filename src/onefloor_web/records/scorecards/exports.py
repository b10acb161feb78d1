"""A scorecard as a file: values, counts and ranges as numbers, versions and scope beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from onefloor.metrics.metric import Metric, Unit
from onefloor.metrics.uncertainty import enough, range_of
from onefloor.money import rounded
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.spreadsheets.files import Cell, Sheet, travels
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import filters, unassigned
from onefloor_web.records.figures.readings import HEADS, settles_on
from onefloor_web.records.figures.whose import row_words, scope_words
from onefloor_web.records.scorecards import board, frame
from onefloor_web.records.scorecards.board import Board, Line

SECONDS = Fraction(1, 1000)


def sheet(on: Board, title: str, viewer: Viewer) -> Sheet:
    """All rows in the order of names."""
    asked = on.asked
    about = travels(
        viewer,
        scope=scope_words(asked.viewer, asked.definition.where),
        period=asked.span.text,
        data_version=on.data_version,
    )
    for reference, metric in on.metrics.items():
        about.append((f"{frame.named(reference)} v{metric.version}", f"{reference}{_(': ')}{say(metric.formula)}"))
    if lost := unassigned.note(asked.viewer, list(on.metrics), asked.definition.where, asked.span, by=asked.keys):
        about.append((_("Not assigned"), lost))
    about += [(_("Target"), source) for source in on.sources]
    if on.removed:
        about.append((_("Retention"), say(on.removed.words)))
    lines = sorted(on.lines, key=lambda line: line.order)
    return Sheet(title, about, _heads(on), _rows(on, lines))


def unit_words(metric: Metric) -> str:
    """The unit of the numbers: lengths of time are in seconds, so that they can be calculated with."""
    return "s" if metric.unit is Unit.MS else HEADS[metric.unit]


def plain(metric: Metric, value: Decimal | None) -> Decimal | None:
    """A value as a file has it."""
    return value if value is None or metric.unit is not Unit.MS else rounded(Fraction(value) * SECONDS, 3)


def _heads(on: Board) -> list[str]:
    heads = [filters.title(name) for name in on.asked.keys]
    for reference, metric in on.metrics.items():
        name, unit = frame.named(reference), unit_words(metric)
        heads += [f"{name}{f' ({unit})' if unit else ''}", f"{name} {_('numerator')}", f"{name} {_('denominator')}"]
        heads += [f"{name} {_('range from')}", f"{name} {_('range to')}", f"{name} {_('settles on')}"]
    return heads


def _rows(on: Board, lines: list[Line]) -> Iterator[list[Cell]]:
    for line in lines:
        cells: list[Cell] = [row_words(on.asked.viewer, name, value) for name, value in line.key.items()]
        for reference, metric in on.metrics.items():
            cells += _cells(on, line, reference, metric)
        yield cells


def _cells(on: Board, line: Line, reference: str, metric: Metric) -> list[Cell]:
    figure = line.figures[reference]
    judged = enough(metric, figure)
    span = range_of(metric, figure) if judged else None
    ends = [plain(metric, rounded(end, metric.places)) for end in (span.low, span.high)] if span else [None, None]
    end = board.address(on.asked, line, metric).span.end
    until: date | None = settles_on(metric, end) if figure.provisional else None
    value = plain(metric, metric.value(figure)) if judged else None
    return [value, figure.numerator, figure.denominator if metric.denominator else None, *ends, until]
