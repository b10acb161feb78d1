"""The catalogue: every metric the project knows, by family, and how a reference finds one."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from onefloor.metrics.catalogue import (
    access,
    duties,
    forecast,
    handling,
    people,
    quality,
    quantities,
    resolution,
    selling,
)
from onefloor.metrics.definition import Definition, UnknownMetric, split
from onefloor.metrics.metric import Metric

FAMILIES: Final = {
    "access": access.DEFINITIONS,
    "handling": handling.DEFINITIONS,
    "resolution": resolution.DEFINITIONS,
    "quality": quality.DEFINITIONS,
    "selling": selling.DEFINITIONS,
    "people": people.DEFINITIONS,
    "forecast": forecast.DEFINITIONS,
    "quantities": quantities.DEFINITIONS,
    "duties": duties.DEFINITIONS,
}
_BY_NAME: Final = {definition.name: definition for family in FAMILIES.values() for definition in family}


def families() -> dict[str, tuple[Definition, ...]]:
    """The definitions of every family, in the order of the documentation."""
    return dict(FAMILIES)


def names() -> list[str]:
    """The name of every metric, sorted."""
    return sorted(_BY_NAME)


def definition(name: str) -> Definition:
    """The definition of that name.

    Raises:
        UnknownMetric: there is none; names the nearest and all.
    """
    if name not in _BY_NAME:
        raise UnknownMetric(name, _BY_NAME)
    return _BY_NAME[name]


@lru_cache(maxsize=1024)
def metric(reference: str) -> Metric:
    """The metric a reference names, parameters left out at their defaults.

    Its own ``reference`` is the canonical one: every parameter in declared order, durations in their largest unit.

    Raises:
        UnknownMetric, UnknownParameter, BadParameter: says what is possible.

    >>> metric("service_level:within=60s").reference
    'service_level:formula=F4,within=1min,short=1min'
    """
    name, given = split(reference)
    return definition(name).metric(given)
