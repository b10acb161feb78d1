"""What each parameter of a fitted model rests on, and the fitted model as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onefloor.insight.finding import Estimate
from onefloor.language import Text
from onefloor.periods import Month, day_of
from onefloor.planning.fitting.days import Days
from onefloor.planning.fitting.presence import Present
from onefloor.planning.simulation.model import Model

NO_UNIT = Text("", "")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a parameter rests on.

    ``of`` is the contact type, empty for what all share. ``value`` is how the model has it, empty where it is
    left out; then ``refused`` says why. ``misfit`` is the largest distance to what was seen, 0 to 1, if there is one.
    """

    parameter: Text
    of: str
    value: str
    n: int
    estimate: Estimate | None = None
    unit: Text = NO_UNIT
    misfit: float | None = None
    warnings: tuple[Text, ...] = ()
    refused: Text | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The basis as data."""
        return {
            "parameter": self.parameter.as_json(),
            "of": self.of,
            "value": self.value,
            "n": self.n,
            "estimate": self.estimate and self.estimate.as_json(),
            "unit": self.unit.as_json(),
            "misfit": self.misfit,
            "warnings": [text.as_json() for text in self.warnings],
            "refused": self.refused and self.refused.as_json(),
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model of one day of a floor, and what it was fitted to.

    ``fresh`` are the shares of contacts by type that are not redials or repeats of the model itself. ``present`` are
    the hours of agents on every day that was read, ``agents`` their names by id.
    """

    model: Model
    bases: tuple[Basis, ...]
    months: tuple[Month, ...]
    types: tuple[str, ...]
    days: Days
    fresh: tuple[float, ...]
    present: Present
    agents: Mapping[int, str]
    data_version: str

    @property
    def warnings(self) -> list[tuple[Basis, Text]]:
        """All that is doubtful, with what it is about."""
        return [(basis, text) for basis in self.bases for text in (*basis.warnings, *_refused(basis))]

    def as_json(self) -> dict[str, Any]:
        """What the model rests on, as data; the model itself is a file."""
        return {
            "model": self.model.id,
            "day": self.model.day and self.model.day.isoformat(),
            "months": f"{self.months[0]}..{self.months[-1]}",
            "types": list(self.types),
            "days": [day_of(int(day)).isoformat() for day in self.days.days],
            "left_out": {day_of(day).isoformat(): why.as_json() for day, why in sorted(self.days.out.items())},
            "presence": self.present.kind,
            "bases": [basis.as_json() for basis in self.bases],
            "data_version": self.data_version,
        }


def _refused(basis: Basis) -> tuple[Text, ...]:
    return (basis.refused,) if basis.refused else ()
