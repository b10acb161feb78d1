"""What the core says of a scorecard: its rows, and of the rows of one page the course, the days, the time before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from onefloor.findings import Figure
from onefloor.metrics.breakdown import LeftOut as Reason
from onefloor.metrics.dimensions import NotGroupable, Shown, sort_key
from onefloor.metrics.measure import Measurement, Row
from onefloor.metrics.metric import Metric
from onefloor.metrics.removed import Removal, RowsRemoved
from onefloor.metrics.uncertainty import enough, is_proportion
from onefloor.problems import Problem
from onefloor_web.platform.pages.figures import Drift
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import agreed, filters, spans
from onefloor_web.records.figures import days as daily
from onefloor_web.records.figures.address import PERSONAL, FigureAddress
from onefloor_web.records.figures.agreed import Aim, Terms
from onefloor_web.records.figures.readings import Found, reasons
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.floor import questions
from onefloor_web.records.scorecards.definition import Compare, Definition

INSIDE_COMPANY = ("site", "team", "agent")
FEW_KEYS = 60  # rows of a page beyond which names are not listed in a question again

Key = tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A scorecard with its period decided: who asks what. ``keys`` are what rows are told apart by."""

    viewer: Viewer
    definition: Definition
    span: Span

    @property
    def keys(self) -> tuple[str, ...]:
        """Two companies may have a team of the same name, so the client tells them apart."""
        by = self.definition.by
        return ("company", by) if by in INSIDE_COMPANY and self.viewer.client else (by,)

    @property
    def where(self) -> dict[str, list[str]]:
        """The filters as the core takes them."""
        return filters.wanted(self.definition.where)

    @property
    def earlier(self) -> Span | None:
        """The period compared with."""
        return compared(self.span, self.definition.compare)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its key, a place in the order of names, and the figure of every metric."""

    key: Mapping[str, Shown]
    figures: Mapping[str, Figure]

    @property
    def id(self) -> Key:
        """The key's values."""
        return tuple(self.key.values())

    @property
    def nobodys(self) -> bool:
        """Whether its rows belong to nobody: no company, team, agent or form of employment is known of them."""
        return any(name in PERSONAL and value is None for name, value in self.key.items())

    @property
    def order(self) -> tuple[tuple[bool, int, str], ...]:
        """Where it stands by name."""
        return tuple(sort_key(name, value) for name, value in self.key.items())


@dataclass(frozen=True, slots=True)
class Board:
    """All rows of a scorecard, the metrics they have, why others are absent, and which months have sums alone."""

    asked: Asked
    metrics: Mapping[str, Metric]
    lines: list[Line]
    refused: list[Problem]
    data_version: str
    removed: Removal | None = None
    terms: Terms = None

    def aim(self, line: Line, reference: str) -> Aim:
        """What a cell is judged by: the reader's own target, else what is agreed with the company it is of."""
        asked, metric = self.asked, self.metrics[reference]
        if own := asked.definition.target_of(metric):
            return Aim(own)
        if line.key and set(line.key) != {"company"}:
            return agreed.NONE
        named = line.key.get("company") if line.key else agreed.company_of(asked.viewer, asked.definition.where)
        company = None if named is None else str(named)
        return agreed.aim(self.terms, metric, asked.span, company, asked.definition.where)

    @property
    def sources(self) -> list[str]:
        """The clauses whose targets stand in the rows."""
        aims = (self.aim(line, reference) for line in self.lines for reference in self.metrics)
        return sorted({aim.source for aim in aims if aim.target and aim.source})

    def value(self, line: Line, reference: str) -> Fraction | None:
        """What a row is sorted by; None where there is too little to say anything."""
        metric, figure = self.metrics[reference], line.figures[reference]
        return metric.exact(figure) if enough(metric, figure) else None


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known of some rows, by their keys and the reference of the metric."""

    courses: Mapping[tuple[Key, str], Sequence[Figure | None]] = field(default_factory=dict)
    days: Mapping[tuple[Key, str], Sequence[Figure]] = field(default_factory=dict)
    before: Mapping[tuple[Key, str], Figure] = field(default_factory=dict)
    left_out: Mapping[Key, Mapping[str, Sequence[Reason]]] = field(default_factory=dict)
    drifts: Mapping[str, Mapping[Key, Drift]] = field(default_factory=dict)
    removed: Removal | None = None
    refused: Sequence[Problem] = ()


def board(asked: Asked) -> Board:
    """All rows.

    Raises:
        UnknownName: a filter names what occurs in no row of the viewer.
    """
    found, refused = _measured(asked, asked.definition.metrics)
    lines = [Line(row.key, row.figures) for row in (found.rows if found else [])]
    metrics = found.metrics if found else {}
    removed = found.removed if found else None
    known = agreed.terms(asked.viewer, asked.span)
    return Board(asked, metrics, lines, refused, questions.data_version(asked.viewer), removed, known)


def around(on: Board, lines: Sequence[Line]) -> Around:
    """The courses, days and earlier figures of these rows, each in one question."""
    if not lines or not on.metrics:
        return Around()
    where = _narrowed(on.asked, lines, len(on.lines))
    asked = on.asked
    left_out = questions.left_out(asked.viewer, list(on.metrics), asked.keys, where, asked.span.asked)
    courses, removed = _courses(on, where)
    before, refused = _before(on, where)
    return Around(courses, _days(on, where), before, left_out, _drifts(on, where), removed, refused)


def found(on: Board, line: Line, reference: str, known: Around) -> Found:
    """One cell: a figure with what is known of it."""
    metric, place, aim = on.metrics[reference], (line.id, reference), on.aim(line, reference)
    return Found(
        metric,
        line.figures[reference],
        known.courses.get(place, ()),
        known.days.get(place, ()),
        aim.target,
        known.before.get(place),
        reasons(known.left_out.get(line.id, {}).get(reference, ())),
        line.nobodys,
        aim.words,
        known.drifts.get(reference, {}).get(line.id),
    )


def address(asked: Asked, line: Line, metric: Metric) -> FigureAddress:
    """Where the evidence of a cell is; a row that is a period of its own is asked for by that period."""
    definition, span, pairs = asked.definition, asked.span, []
    for name, value in line.key.items():
        if name in ("day", "week", "month") and value is not None:
            span = spans.read(str(value))
        else:
            pairs.append((name, "" if value is None else str(value)))
    where = tuple(dict.fromkeys((*(pair for pair in definition.where if pair[0] not in line.key), *pairs)))
    return FigureAddress(metric.reference, span, where, definition.target_of(metric), definition.seen_as)


def whole(on: Board) -> Line | None:
    """All rows of the scope as one."""
    if not on.metrics:
        return None
    asked = on.asked
    measured = questions.figures(asked.viewer, list(on.metrics), (), asked.where, asked.span.asked)
    return Line({}, measured.rows[0].figures)


def compared(span: Span, compare: Compare) -> Span | None:
    """The earlier period of a comparison."""
    return {"before": span.before, "year": span.year_before}[compare]() if compare else None


def _measured(asked: Asked, references: Sequence[str]) -> tuple[Measurement | None, list[Problem]]:
    """What can be measured together, and why the other metrics cannot be split like this, or not any more."""
    try:
        return _figures(asked, references), []
    except (NotGroupable, RowsRemoved):
        pass
    possible: list[str] = []
    refused: list[Problem] = []
    for reference in references:
        try:
            _figures(asked, [reference])
            possible.append(reference)
        except (NotGroupable, RowsRemoved) as problem:
            refused.append(problem)
    return (_figures(asked, possible) if possible else None), refused


def _figures(asked: Asked, references: Sequence[str]) -> Measurement:
    return questions.figures(asked.viewer, list(references), asked.keys, asked.where, asked.span.asked)


def _narrowed(asked: Asked, lines: Sequence[Line], total: int) -> dict[str, list[str]]:
    """The filters, narrowed to the rows of a page where it has only some of all."""
    where, by = asked.where, asked.definition.by
    if len(lines) == total or len(lines) > FEW_KEYS or asked.definition.timed:
        return where
    return where | {by: ["" if line.key[by] is None else str(line.key[by]) for line in lines]}


def _courses(
    on: Board, where: Mapping[str, Any]
) -> tuple[dict[tuple[Key, str], Sequence[Figure | None]], Removal | None]:
    asked = on.asked
    if asked.definition.timed:
        return {}, on.removed
    trend = questions.trend(asked.viewer, list(on.metrics), asked.span.end - 1, asked.keys, where, unit=asked.span.unit)
    found: dict[tuple[Key, str], Sequence[Figure | None]] = {
        (tuple(line.key.values()), reference): line.figures[reference]
        for line in trend.lines
        for reference in on.metrics
    }
    return found, trend.removed


def _days(on: Board, where: Mapping[str, Any]) -> dict[tuple[Key, str], Sequence[Figure]]:
    """Of metrics with a target that are no share of rows: their range comes from how days differ."""
    asked, definition = on.asked, on.asked.definition
    aimed = {name for name in on.metrics if any(on.aim(line, name).target for line in on.lines)}
    wanted = [
        reference
        for reference, metric in on.metrics.items()
        if reference in aimed and not is_proportion(metric) and metric.denominator and metric.additive
    ]
    if not wanted or definition.timed:
        return {}
    measured = questions.figures(asked.viewer, wanted, (*asked.keys, "day"), where, asked.span.asked)
    found: dict[tuple[Key, str], list[Figure]] = {}
    for row in measured.rows:
        for reference in wanted:
            found.setdefault((_key(row, asked.keys), reference), []).append(row.figures[reference])
    return dict(found)


def _drifts(on: Board, where: Mapping[str, Any]) -> dict[str, Mapping[Key, Drift]]:
    """What moved on the days of a row. People have too few contacts a day, and quantities move with rosters."""
    asked = on.asked
    if asked.definition.timed or "agent" in asked.keys:
        return {}
    return {
        reference: daily.drifts(
            daily.watched(asked.viewer, reference, asked.keys, where, asked.span, metrics_on_page=len(on.metrics))
        )
        for reference, metric in on.metrics.items()
        if metric.denominator
    }


def _before(on: Board, where: Mapping[str, Any]) -> tuple[dict[tuple[Key, str], Figure], list[Problem]]:
    """The figures of the period compared with, or why there are none any more."""
    asked = on.asked
    if asked.earlier is None or asked.definition.timed:
        return {}, []
    try:
        measured = questions.figures(asked.viewer, list(on.metrics), asked.keys, where, asked.earlier.asked)
    except RowsRemoved as problem:
        return {}, [problem]
    return {
        (_key(row, asked.keys), reference): row.figures[reference] for row in measured.rows for reference in on.metrics
    }, []


def _key(row: Row, keys: Sequence[str]) -> Key:
    return tuple(row.key[name] for name in keys)
