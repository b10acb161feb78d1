"""What a metric is: two integer atoms, one division, and everything a contract has to pin down about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from onefloor.findings import Figure
from onefloor.language import Text
from onefloor.metrics.expressions import both, bound, neither
from onefloor.money import Rounding, rounded


class Unit(StrEnum):
    """What the value is counted in."""

    PERCENT = "percent"
    MS = "ms"
    PER_TEN_THOUSAND = "per_ten_thousand"
    PER_HOUR = "per_hour"


class Better(StrEnum):
    """In which direction a value improves."""

    HIGHER = "higher"
    LOWER = "lower"
    WITHIN = "within"  # a band: too low is as suspicious as too high


@dataclass(frozen=True, slots=True)
class Atom:
    """A count of rows, or an integer sum over rows, of one measuring table.

    ``where`` is a predicate (see ``expressions``); ``sum`` names the summed integer column, None counts rows;
    ``times`` multiplies the result (an annualised count, say).
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
    """The exact nearest-rank quantile of an integer column: the smallest value that at least ``percent`` % reach.

    Not additive: it is always computed from rows.
    """

    table: str
    where: str
    column: str
    percent: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows a metric leaves out of numerator and denominator, and why; they can be listed."""

    name: str
    where: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Metric:
    """One version of a metric with its parameters bound.

    ``reference`` is its canonical spelling, such as ``service_level:formula=F4,within=20s``; equal references mean
    equal definitions. ``final_after_ms`` > 0: a row counts as final only when the facts reach that far beyond it.
    """

    reference: str
    name: str
    version: int
    title: Text
    formula: Text
    unit: Unit
    better: Better
    numerator: Atom | Quantile
    denominator: Atom
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
        return tuple(sorted({self.numerator.table, self.denominator.table}))

    def exact(self, figure: Figure) -> Fraction | None:
        """The unrounded value in the metric's unit; None without a denominator."""
        ratio = figure.ratio
        return None if ratio is None else ratio * self.scale

    def value(self, figure: Figure) -> Decimal | None:
        """The value, rounded once; None without a denominator."""
        exact = self.exact(figure)
        return None if exact is None else rounded(exact, self.places, self.rounding)

    def narrowed(self, *predicates: str) -> Metric:
        """The same metric over fewer rows, both sides alike."""
        numerator = self.numerator
        return replace(
            self,
            numerator=replace(numerator, where=both(numerator.where, *predicates)),
            denominator=self.denominator.narrowed(*predicates),
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a metric family: how its text is read, its default, and what it means."""

    default: str
    read: Callable[[str], int | str]
    meaning: Text


def settled_atom(atom: Atom, parameters: Mapping[str, int | str], exclusions: tuple[Exclusion, ...]) -> Atom:
    """The atom with parameters bound and excluded rows taken out."""
    wheres = [bound(exclusion.where, parameters) for exclusion in exclusions]
    return replace(atom, where=both(bound(atom.where, parameters), neither(*wheres)))
