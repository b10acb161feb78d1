"""Load on the people who were there: more contacts, longer ones, fewer hours rostered, fewer of those present."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from onefloor.insight.causes.parts import shapley
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import ABSENT
from onefloor.periods import Period

CONTACTS, HANDLING, PRESENCE = "handled_legs", "aht", "conformance"
WAITS = (
    "service_level", "abandonment", "short_abandonment", "connect_rate", "asa", "wait_percentile", "longest_wait",
)  # fmt: skip
DEPENDS = (*(name for name in WAITS if name != "longest_wait"), "occupancy")
FACTORS = ("contacts", "handling", "rostered", "presence")


@dataclass(frozen=True, slots=True)
class Load:
    """Handling time for each hour present, before and after, and what each of four factors adds to the change.

    ``factors`` are contacts (a number), handling (ms), rostered (ms) and presence (a share) of both periods, contacts
    and rostered hours by day, so that months of different length compare.
    """

    before: Fraction
    after: Fraction
    parts: Mapping[str, Fraction]
    factors: tuple[Mapping[str, Fraction], Mapping[str, Fraction]]


def made_by_waits(metric: str) -> bool:
    """Whether a metric is what callers in a line get: the floor's doing, whoever answers them."""
    return metric in WAITS


def depends_on_staffing(metric: str) -> bool:
    """Whether a metric is one that waits make, and so the hours present."""
    return metric in DEPENDS


def load(
    prepared: Prepared, before: Period, after: Period, where: Wanted | None = None, *,
    engine: Engine | None = None, scope: str = "", cubes: Cubes | None = None,
) -> Load | None:  # fmt: skip
    """The load of two periods; None without shifts in both, or for a part of the work that has no shifts (a queue)."""
    if any(name in ABSENT["agent_time"] for name in where or {}):
        return None
    found = [_factors(prepared, period, where, engine=engine, scope=scope, cubes=cubes) for period in (before, after)]
    one, other = found
    if one is None or other is None:
        return None
    return Load(_load(one), _load(other), shapley(one, other, _load), (one, other))


def _load(factors: Mapping[str, Fraction]) -> Fraction:
    return factors["contacts"] * factors["handling"] / (factors["rostered"] * factors["presence"])


def _factors(
    prepared: Prepared, period: Period, where: Wanted | None, *, engine: Engine | None, scope: str, cubes: Cubes | None
) -> dict[str, Fraction] | None:
    asked = (CONTACTS, HANDLING, PRESENCE)
    (row,) = measure(prepared, asked, (), where, period, engine=engine, scope=scope, cubes=cubes).rows
    contacts, handling, presence = (row.figures[name] for name in asked)
    if not all(
        (contacts.numerator, handling.denominator, handling.numerator, presence.denominator, presence.numerator)
    ):
        return None
    return {
        "contacts": Fraction(contacts.numerator, len(period)),
        "handling": Fraction(handling.numerator, handling.denominator),
        "rostered": Fraction(presence.denominator, len(period)),
        "presence": Fraction(presence.numerator, presence.denominator),
    }
