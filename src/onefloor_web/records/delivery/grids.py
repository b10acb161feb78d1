"""Figures of Today: a few metrics of a few rows, each with its evidence, as the scorecards have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.removed import RowsRemoved
from onefloor_web.platform.pages.figures import Reading
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import unassigned
from onefloor_web.records.figures.filters import Filters
from onefloor_web.records.figures.readings import Found, reading
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.figures.viewers import slots as slots_of
from onefloor_web.records.floor import questions
from onefloor_web.records.scorecards import board, frame, table
from onefloor_web.records.scorecards.board import Asked, Board
from onefloor_web.records.scorecards.definition import Definition


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of figures; ``url`` is the scorecard that shows the same.

    ``unassigned``: whether some rows are nobody's; ``note``: what is said of figures of access that lack such rows.
    """

    heads: Sequence[tuple[str, str]]
    rows: Sequence[tuple[SafeString | str, Sequence[Reading]]]
    url: str
    unassigned: bool = False
    note: str = ""

    @property
    def readings(self) -> Iterable[Reading]:
        """All figures, row by row."""
        return (reading for _head, readings in self.rows for reading in readings)


def grid(viewer: Viewer, by: str, metrics: Sequence[str], span: Span, where: Filters = ()) -> Grid | None:
    """The figures by a dimension; rows that belong to nobody are left out. None without any row."""
    definition = Definition(by=by, span=span, where=where, metrics=_references(metrics))
    on = board.board(Asked(viewer, definition, span))
    lines = sorted((line for line in on.lines if None not in line.id), key=lambda line: line.order)
    if not lines:
        return None
    note = unassigned.note(viewer, list(on.metrics), where, span, by=on.asked.keys)
    known, slots = board.around(on, lines), slots_of(viewer)
    rows = [
        (table.head(on, line, slots), [table.cell_reading(on, line, reference, known) for reference in on.metrics])
        for line in lines
    ]
    return Grid(
        _heads(on), rows, frame.address("delivery", definition), unassigned=len(lines) < len(on.lines), note=note
    )


def own_course(viewer: Viewer, metrics: Sequence[str], span: Span) -> list[Reading]:
    """The viewer's own figures of a span, the one before beneath, and thirteen weeks of them as a line."""
    definition = Definition(by="company", span=span, metrics=_references(metrics), compare="before")
    on = board.board(Asked(viewer, definition, span))
    line = board.whole(on)
    if line is None or not on.lines:
        return []
    trend = questions.trend(viewer, list(on.metrics), span.end - 1, unit="week")
    courses = trend.lines[0].figures if trend.lines else {}
    before = _before(viewer, on, span)
    return [
        _own(on, Found(metric, line.figures[name], courses.get(name, ()), before=before.get(name)), span)
        for name, metric in on.metrics.items()
    ]


def _before(viewer: Viewer, on: Board, span: Span) -> Mapping[str, Figure]:
    """The figures of the span before; none where a retention rule took what they need."""
    try:
        return questions.figures(viewer, list(on.metrics), months=span.before().asked).rows[0].figures
    except RowsRemoved:
        return {}


def _own(on: Board, found: Found, span: Span) -> Reading:
    where = board.address(on.asked, board.Line({}, {}), found.metric)
    label = table.title(found.metric)
    made = reading(found, label=label, end=span.end, url=where.url, labelled=True)
    return replace(made, note=made.note or table.before(on, found))


def moved(found: Grid) -> list[Reading]:
    """The figures that changed beyond chance."""
    return [reading for reading in found.readings if reading.signal]


def worse(found: Grid) -> list[Reading]:
    """Those of them that changed for the worse."""
    return [reading for reading in moved(found) if reading.signal and reading.signal.good is False]


def _heads(on: Board) -> list[tuple[str, str]]:
    return [(table.title(metric), table.unit(metric)) for metric in on.metrics.values()]


def _references(metrics: Sequence[str]) -> tuple[str, ...]:
    return tuple(catalogue.metric(name).reference for name in metrics)
