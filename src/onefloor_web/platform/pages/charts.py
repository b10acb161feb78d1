"""Charts: a sentence above, axes with names and units, a table one key away. Colour means company and nothing else.

    Chart(
        name="service-level", sentence="North is below 80% for the third month.", title="服务水平",
        x=Axis("月"), y=Axis("服务水平", unit="percent", places=1), labels=("2026-08", "2026-09", "2026-10"),
        series=(Series("North", slot=2, values=(81.0, 79.2, 78.9), provisional=2),), levels=(Level(80, "目标 80%"),),
    )

The browser draws it (``frontend/src/charts.js``); without JavaScript the table stands open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from onefloor.language import Text
from onefloor_web.platform.pages.formats import NOTHING, duration, number, say

Value = float | Decimal | None
MOST_SERIES = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its name with the unit, such as ``服务水平，%``; ``zero``: from 0 on (bars always are)."""

    name: str
    unit: str = ""
    places: int = 0
    zero: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def drawn_name(self) -> str:
        """The name beside the axis, which says where its scale does not begin at 0."""
        return self.name + say(Text("（不从 0 起）", " (not from 0)")) if self.low else self.name


@dataclass(frozen=True, slots=True)
class Series:
    """A company's values. From the index ``provisional`` on they may still change; ``signals`` are beyond chance."""

    name: str
    slot: int
    values: Sequence[Value]
    provisional: int | None = None
    signals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A thin horizontal line: target, centre, limit (dashed)."""

    value: float
    label: str
    dash: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """A vertical line at a label of the x axis: a new version, an amendment."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A line chart over periods, or bars from 0."""

    name: str
    title: str
    sentence: str
    x: Axis
    y: Axis
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    levels: tuple[Level, ...] = ()
    events: tuple[Happening, ...] = ()
    kind: Literal["line", "bars"] = "line"

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"{len(self.series)} lines in one chart; beyond {MOST_SERIES} draw small multiples")

    @property
    def id(self) -> str:
        """The element's id."""
        return f"chart-{self.name}"

    @property
    def empty(self) -> bool:
        """Whether no period has a value: axes alone would show a scale of nothing."""
        return all(value is None for one in self.series for value in one.values)

    @property
    def props_id(self) -> str:
        """The id of what the browser draws."""
        return f"{self.id}-props"

    @property
    def props(self) -> dict[str, Any]:
        """What the browser draws."""
        return {
            "kind": self.kind,
            "x": {"name": self.x.name, "labels": self.labels},
            "y": {
                "name": self.y.drawn_name,
                "unit": self.y.unit,
                "places": self.y.places,
                "zero": self.y.zero or self.kind == "bars",
                "min": self.y.low,
                "max": self.y.high,
            },
            "series": [_drawn(series) for series in self.series],
            "levels": [{"value": one.value, "label": one.label, "dash": one.dash} for one in self.levels],
            "events": [{"at": one.at, "label": one.label} for one in self.events],
        }

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The same values as text, a row a label."""
        return [
            (label, [self._written(series.values[at]) for series in self.series])
            for at, label in enumerate(self.labels)
        ]

    def _written(self, value: Value) -> str:
        if value is None:
            return NOTHING
        if self.y.unit == "ms":
            return duration(Decimal(str(value)))
        return number(round(Decimal(str(value)), self.y.places))


def _drawn(series: Series) -> dict[str, Any]:
    values = [None if value is None else float(value) for value in series.values]
    drawn = {"name": series.name, "slot": series.slot, "values": values, "signals": series.signals}
    return drawn if series.provisional is None else drawn | {"provisional": series.provisional}
