"""The address of a figure: metric, period, scope. Readable, and good for nobody who may not see its rows.

/figures/service_level:formula=F4,within=20s,short=20s/2026-10/?where=company:North&where=queue:tech
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor_web.records.figures import filters, spans, targets
from onefloor_web.records.figures.filters import Filters
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.figures.targets import Target

PERSONAL = ("company", "employment", "site", "team", "agent", "tenure")  # what somebody's rows have and nobody's lack
READABLE = ":=,."


@dataclass(frozen=True, slots=True)
class FigureAddress:
    """Which figure: ``seen_as`` names the company as which the client looks, empty for oneself."""

    reference: str
    span: Span
    where: Filters = ()
    target: Target | None = None
    seen_as: str = ""

    @property
    def metric(self) -> Metric:
        """Its metric."""
        return catalogue.metric(self.reference)

    @property
    def nobodys(self) -> bool:
        """Whether its rows are those that belong to nobody."""
        return any(dimension in PERSONAL and not name for dimension, name in self.where)

    @property
    def path(self) -> str:
        """The path of the figure."""
        return f"/figures/{quote(self.reference, safe=READABLE)}/{self.span.text}/"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The rest of its address."""
        pairs = filters.written(self.where)
        pairs += [("target", self.target.text)] if self.target else []
        return pairs + ([("as", self.seen_as)] if self.seen_as else [])

    @property
    def url(self) -> str:
        """The page of the figure."""
        return self.path + self._query()

    def rows(self, kind: str = "", **more: str) -> str:
        """The page of its rows, or with ``kind`` ``csv`` or ``xlsx`` the file."""
        end = f"rows.{kind}" if kind else "rows/"
        return self.path + end + self._query(*more.items())

    def narrowed(self, dimension: str, name: str) -> FigureAddress:
        """The same figure of only this name of a dimension, in place of the names it had."""
        others = tuple(pair for pair in self.where if pair[0] != dimension)
        return replace(self, where=(*others, (dimension, name)))

    def without(self, pair: tuple[str, str]) -> FigureAddress:
        """The same figure without one filter."""
        return replace(self, where=tuple(one for one in self.where if one != pair))

    def _query(self, *more: tuple[str, str]) -> str:
        pairs = [*self.pairs, *(pair for pair in more if pair[1])]
        return "?" + urlencode(pairs, safe=":/") if pairs else ""


def read(reference: str, span: str, query: dict[str, list[str]]) -> FigureAddress:
    """The figure an address speaks of, with its metric spelled canonically.

    Raises:
        UnknownMetric, UnknownParameter, BadParameter, BadSpan, BadFilter, BadTarget.
    """
    where, problems = filters.read(query.get("where", []))
    if problems:
        raise problems[0]
    aim = query.get("target", [""])[0]
    return FigureAddress(
        catalogue.metric(reference).reference,
        spans.read(span),
        where,
        targets.read(aim) if aim else None,
        query.get("as", [""])[0],
    )
