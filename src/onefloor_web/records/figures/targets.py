"""Targets a view sets for its metrics: ``service_level>=80``, ``abandonment<=5``, ``aht=4:00..5:30``.

They are a reader's aims. What an agreement demands is assessed by the agreement, never here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from onefloor.language import Text
from onefloor.metrics.definition import milliseconds
from onefloor.metrics.metric import Metric
from onefloor.metrics.uncertainty import Range
from onefloor.money import rounded
from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import duration, number
from onefloor_web.platform.pages.marks import State


class BadTarget(Problem):
    """A target that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"无法识别目标值“{text}”。", f'"{text}" is not a target.'),
            remedy=Text(
                "请写成 >=80、<=5 或 4:00..5:30。",
                "Write >=80, <=5 or 4:00..5:30.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Target:
    """At least ``low``, at most ``high``, in the metric's unit; one of them may be left out."""

    low: Fraction | None
    high: Fraction | None

    @property
    def text(self) -> str:
        """As an address writes it."""
        if self.low is not None and self.high is not None:
            return f"{_plain(self.low)}..{_plain(self.high)}"
        return f">={_plain(self.low)}" if self.low is not None else f"<={_plain(self.high or Fraction(0))}"

    def shown(self, metric: Metric) -> str:
        """As a person reads it: ``≥ 80``, ``4:00–5:30``."""
        if self.low is not None and self.high is not None:
            return f"{_written(metric, self.low)}–{_written(metric, self.high)}"
        if self.low is not None:
            return f"≥ {_written(metric, self.low)}"
        return f"≤ {_written(metric, self.high or Fraction(0))}"

    def holds(self, value: Fraction) -> bool:
        """Whether a value meets it."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def judged(self, value: Fraction, span: Range | None) -> State:
        """Met or missed; nobody can tell while the range of the true value reaches across an edge."""
        if span and any(edge is not None and span.holds(edge) for edge in (self.low, self.high)):
            return State.UNCLEAR
        return State.MET if self.holds(value) else State.MISSED

    def gap(self, value: Fraction) -> Fraction:
        """How far a value is from the edge it is measured by: the nearer one of two; 0 within a band."""
        if self.low is not None and (self.high is None or value < self.low):
            return value - self.low
        if self.high is not None and (self.low is None or value > self.high):
            return value - self.high
        return Fraction(0)

    @property
    def edges(self) -> list[Fraction]:
        """The edges there are."""
        return [edge for edge in (self.low, self.high) if edge is not None]


def read(text: str) -> Target:
    """The target of a text; lengths of time as ``4:30`` or ``270s``.

    Raises:
        BadTarget: the text is not one.
    """
    clean = text.strip().replace("≥", ">=").replace("≤", "<=").replace("–", "..").replace("%", "")
    try:
        if found := re.fullmatch(r"(>=|<=)\s*(\S+)", clean):
            edge = _value(found[2])
            return Target(edge, None) if found[1] == ">=" else Target(None, edge)
        if found := re.fullmatch(r"(\S+?)\s*\.\.\s*(\S+)", clean):
            low, high = _value(found[1]), _value(found[2])
            if low <= high:
                return Target(low, high)
    except ValueError:
        pass
    raise BadTarget(text)


def split(text: str) -> tuple[str, str]:
    """The metric's name or reference, and its target: ``service_level>=80``, ``aht=4:00..5:30``.

    >>> split("service_level:formula=F4,within=20s>=80")
    ('service_level:formula=F4,within=20s', '>=80')
    """
    for sign in (">=", "<="):
        name, found, rest = text.rpartition(sign)
        if found:
            return name.strip(), sign + rest
    name, _, rest = text.rpartition("=")
    return name.strip(), rest


def joined(name: str, target: Target) -> str:
    """What ``split`` takes apart."""
    return f"{name}{target.text}" if target.text[0] in "<>" else f"{name}={target.text}"


def _value(text: str) -> Fraction:
    if found := re.fullmatch(r"([0-9]{1,4}):([0-5][0-9])", text):
        return Fraction((int(found[1]) * 60 + int(found[2])) * 1000)
    if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", text):
        return Fraction(text)
    found_ms = milliseconds(text)
    if found_ms is None:
        raise ValueError(text)
    return Fraction(found_ms)


def _plain(value: Fraction) -> str:
    places = next(p for p in range(7) if (value * 10**p).denominator == 1 or p == 6)
    return format(rounded(value, places), "f")


def _written(metric: Metric, value: Fraction) -> str:
    exact: Decimal = rounded(value, 0) if value.denominator == 1 else rounded(value, metric.places or 2)
    return duration(exact) if metric.unit == "ms" else number(exact)
