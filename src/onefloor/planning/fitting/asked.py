"""What is asked of a fit beside the floor and its months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from onefloor.language import Text
from onefloor.planning.fitting.presence import Kind
from onefloor.planning.simulation.model import Rule


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """How a model is fitted.

    ``day`` is the day whose agents and weekday the model has; the last one that counts without. ``without`` are days
    that do not count (day ids) and why. ``presence`` is where agents' hours come from; the best there is without.
    ``redial`` and ``repeat`` are the windows in which somebody who comes back is taken to do so because of the contact.
    """

    name: str = "floor"
    day: date | None = None
    without: Mapping[int, Text] = field(default_factory=dict)
    presence: Kind | None = None
    rule: Rule = field(default_factory=Rule)
    redial: float = 3_600.0
    repeat: float = 14_400.0
