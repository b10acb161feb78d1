"""What a metric is: two integer atoms, one division, and everything a contract has to pin down about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from onefloor.findings import Figure
from onefloor.language import Text
from onefloor.metrics.expressions import both
from onefloor.money import Rounding, rounded


class Unit(StrEnum):
    """What the value is counted in."""

    PERCENT = "percent"
    MS = "ms"
    PER_TEN_THOUSAND = "per_ten_thousand"
    PER_HOUR = "per_hour"
    COUNT = "count"  # a quantity: contacts, legs, sales
    DAYS = "days"  # a quantity: a person on the roster for a day


class Better(StrEnum):
    """In which direction a value improves."""

    HIGHER = "higher"
    LOWER = "lower"
    WITHIN = "within"  # a band: too low is as suspicious as too high


@dataclass(frozen=True, slots=True)
class Atom:
    """A count of rows, or an integer sum over rows, of one measuring table.

    ``where`` is a predicate (see ``expressions``); ``sum`` is the summed integer in the same language, a column or
    ``talk_ms + hold_ms``; None counts rows; ``times`` multiplies the result (an annualised count, say).
    """

    table: str
    where: str
    sum: str | None = None
    times: int = 1

    def narrowed(self, *predicates: str) -> Atom:
        """The same atom over fewer rows."""
        return replace(self, where=both(self.where, *predicates))

    def as_json(self) -> dict[str, Any]:
        """The atom as data, for bundles and documentation."""
        return {"table": self.table, "where": self.where, "sum": self.sum or "", "times": self.times}


@dataclass(frozen=True, slots=True)
class Quantile:
    """The exact nearest-rank quantile of an integer column: the smallest value that ``percent`` % do not exceed.

    Of n values in order it is the one of rank ceil(percent * n / 100), for 1 <= percent <= 100. Not additive: it is
    always computed from rows. Its figure is ``Figure(value, 1)``, without rows ``Figure(0, 0)``.
    """

    table: str
    where: str
    column: str
    percent: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows that numerator and denominator leave out, and why; they can be listed. No atom's predicate reaches them."""

    name: str
    where: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Metric:
    """One version of a metric with its parameters bound.

    ``reference`` is its canonical spelling, such as ``service_level:formula=F4,within=20s``; equal references mean
    equal definitions. ``final_after_ms`` > 0: a row counts as final only when the facts reach that far beyond it.
    ``denominator`` None means 1: the metric is a quantity (or a quantile), and zero is a value.
    """

    reference: str
    name: str
    version: int
    title: Text
    formula: Text
    unit: Unit
    better: Better
    numerator: Atom | Quantile
    denominator: Atom | None
    scale: int
    places: int
    source: str
    exclusions: tuple[Exclusion, ...] = ()
    rounding: Rounding = "half_up"
    minimum_sample: int = 1
    final_after_ms: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def additive(self) -> bool:
        """Whether figures of parts add up to the figure of the whole."""
        return isinstance(self.numerator, Atom)

    @property
    def tables(self) -> tuple[str, ...]:
        """The measuring tables its atoms read."""
        return tuple(sorted({side.table for side in (self.numerator, self.denominator) if side is not None}))

    @property
    def population(self) -> Atom | Quantile:
        """The rows whose number is the sample: the denominator's, of a quantity or quantile its own."""
        return self.denominator or self.numerator

    def exact(self, figure: Figure) -> Fraction | None:
        """The unrounded value in the metric's unit; None without a denominator."""
        ratio = figure.ratio
        return None if ratio is None else ratio * self.scale

    def value(self, figure: Figure) -> Decimal | None:
        """The value, rounded once; None without a denominator, or with one below the minimum sample."""
        exact = self.exact(figure)
        too_few = self.denominator is not None and figure.denominator < self.minimum_sample
        return None if exact is None or too_few else rounded(exact, self.places, self.rounding)

    def narrowed(self, *predicates: str) -> Metric:
        """The same metric over fewer rows, both sides alike."""
        numerator = self.numerator
        return replace(
            self,
            numerator=replace(numerator, where=both(numerator.where, *predicates)),
            denominator=self.denominator and self.denominator.narrowed(*predicates),
        )
