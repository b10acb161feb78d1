"""What a scorecard shows, as its address says it: the address is the view.

    /scorecards/delivery/?by=team&period=2026-10&where=queue:tech&metric=aht&target=aht=4:00..5:30&sort=-aht

What the address leaves out is taken from the view it begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast
from urllib.parse import urlencode

from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.dimensions import UnknownDimension
from onefloor.metrics.metric import Metric
from onefloor.metrics.tables import DIMENSIONS
from onefloor.problems import Problem
from onefloor_web.records.figures import filters, spans, targets
from onefloor_web.records.figures.filters import Filters
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.figures.targets import Target

Tab = Literal["table", "charts", "week"]
Compare = Literal["", "before", "year"]
TABS: tuple[Tab, ...] = ("table", "charts", "week")
COMPARES: tuple[Compare, ...] = ("", "before", "year")
MOST_METRICS = 8
TIMES = ("month", "week", "day", "weekday", "hour", "interval")

Query = Mapping[str, Sequence[str]]


class TooManyMetrics(Problem):
    """More columns than a person can read."""

    def __init__(self, count: int) -> None:
        super().__init__(
            Text(f"选了 {count} 个指标。", f"{count} metrics were chosen."),
            why=Text(f"一张表最多显示 {MOST_METRICS} 个。", f"A table shows at most {MOST_METRICS}."),
            remedy=Text("请分成两个视图。", "Make two views of them."),
        )


class BadChoice(Problem):
    """A part of the address with a value that does not exist."""

    def __init__(self, name: str, value: str, known: Sequence[str]) -> None:
        listed = [one for one in known if one]
        super().__init__(
            Text(f"{name} 不能是“{value}”。", f'{name} cannot be "{value}".'),
            remedy=Text(f"可用：{'、'.join(listed)}。", f"There are: {', '.join(listed)}."),
        )


@dataclass(frozen=True, slots=True)
class Definition:
    """A scorecard. ``span`` None means the newest month with facts; ``chart`` the metric drawn, empty for the first."""

    by: str = "company"
    span: Span | None = None
    where: Filters = ()
    metrics: tuple[str, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    compare: Compare = ""
    sort: str = ""
    tab: Tab = "table"
    chart: str = ""
    seen_as: str = ""

    @property
    def timed(self) -> bool:
        """Whether its rows are times: then the column itself is the course."""
        return self.by in TIMES

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Its address, whole."""
        pairs = [("by", self.by)]
        pairs += [("period", self.span.text)] if self.span else []
        pairs += filters.written(self.where)
        pairs += [("metric", reference) for reference in self.metrics]
        pairs += [("target", targets.joined(name, target)) for name, target in self.targets.items()]
        plain = (("compare", self.compare), ("sort", self.sort), ("tab", self.tab), ("chart", self.chart))
        pairs += [(name, value) for name, value in plain if value and value != "table"]
        return pairs + ([("as", self.seen_as)] if self.seen_as else [])

    @property
    def query(self) -> str:
        """As the end of an address."""
        return "?" + urlencode(self.pairs, safe=":/,")

    def target_of(self, metric: Metric) -> Target | None:
        """The target of a metric: of just this reference, else of its name."""
        return self.targets.get(metric.reference) or self.targets.get(metric.name)

    def without(self, dimension: str, name: str) -> Definition:
        """Without one filter."""
        return replace(self, where=tuple(pair for pair in self.where if pair != (dimension, name)))


def read(query: Query, base: Definition) -> tuple[Definition, list[Problem]]:
    """The scorecard of an address, and what in it could not be read; that is left out."""
    problems: list[Problem] = []
    found = replace(
        base,
        by=_by(query, base, problems),
        span=_span(query, base, problems),
        where=_where(query, base, problems),
        metrics=_metrics(query, base, problems),
        targets=_targets(query, base, problems),
        compare=cast("Compare", _choice(query, "compare", base.compare, COMPARES, problems)),
        sort=_last(query, "sort", base.sort),
        tab=cast("Tab", _choice(query, "tab", base.tab, TABS, problems)),
        chart=_last(query, "chart", base.chart),
        seen_as=_last(query, "as", ""),
    )
    return found, problems


def _last(query: Query, name: str, default: str) -> str:
    values = query.get(name)
    return values[-1].strip() if values else default


def _choice(query: Query, name: str, default: str, known: Sequence[str], problems: list[Problem]) -> str:
    wished = _last(query, name, default)
    if wished in known:
        return wished
    problems.append(BadChoice(name, wished, known))
    return default


def _by(query: Query, base: Definition, problems: list[Problem]) -> str:
    wished = _last(query, "by", base.by)
    if wished in DIMENSIONS:
        return wished
    problems.append(UnknownDimension(wished))
    return base.by


def _span(query: Query, base: Definition, problems: list[Problem]) -> Span | None:
    """Of the two days a form sends, or of the text of an address."""
    first, last, text = (_last(query, name, "") for name in ("first", "last", "period"))
    wished = f"{first or last}..{last or first}" if first or last else text
    try:
        return spans.read(wished) if wished else base.span
    except Problem as problem:
        problems.append(problem)
        return base.span


def _where(query: Query, base: Definition, problems: list[Problem]) -> Filters:
    """Filters of the address, and those a form adds: ``add=queue:tech`` from the list, ``agent=2031`` as typed."""
    texts = [*query.get("where", ()), *(text for text in query.get("add", ()) if text)]
    texts += [f"agent:{code.strip()}" for code in query.get("agent", ()) if code.strip()]
    found, wrong = filters.read(texts)
    problems += wrong
    return found if texts or "by" in query else base.where


def _metrics(query: Query, base: Definition, problems: list[Problem]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for reference in query.get("metric", ()):
        try:
            found[catalogue.metric(reference).reference] = None
        except Problem as problem:
            problems.append(problem)
    if len(found) > MOST_METRICS:
        problems.append(TooManyMetrics(len(found)))
    return tuple(found)[:MOST_METRICS] or base.metrics


def _targets(query: Query, base: Definition, problems: list[Problem]) -> dict[str, Target]:
    found = {} if "by" in query else dict(base.targets)
    for text in query.get("target", ()):
        name, rest = targets.split(text)
        try:
            known = catalogue.metric(name)
            found[known.reference if ":" in name else known.name] = targets.read(rest)
        except Problem as problem:
            problems.append(problem)
    return found
