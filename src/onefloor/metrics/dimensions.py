"""Dimensions as people write and read them: filters become predicates, ids become names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from onefloor.language import Text
from onefloor.metrics.expressions import both, columns_of, quoted_names
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Names, UnknownName
from onefloor.metrics.tables import ABSENT, DIMENSIONS, NAMED, TENURE_BANDS, TITLES
from onefloor.periods import EPOCH, BadPeriod, Month, day_of
from onefloor.problems import Problem

Shown = str | int | None
Wanted = Mapping[str, str | int | Iterable[str | int]]
HALF_HOURS_A_DAY = 48
TENURES: Mapping[Shown, int] = {name: rank for rank, (_, name) in enumerate(TENURE_BANDS)}


class UnknownDimension(Problem):
    """Grouping or filtering by something that is no dimension."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"没有名为“{name}”的维度。", f'There is no dimension "{name}".'),
            remedy=Text(f"可用：{'、'.join(DIMENSIONS)}。", f"There are: {', '.join(DIMENSIONS)}."),
        )


class NotGroupable(Problem):
    """A metric whose table knows nothing of a dimension."""

    def __init__(self, metric: str, dimension: str, possible: Iterable[str]) -> None:
        listed = list(possible)
        title = TITLES[dimension]
        super().__init__(
            Text(
                f"指标 {metric} 不能按{title.zh}（{dimension}）分组或筛选。",
                f"{metric} cannot be split by {dimension}.",
            ),
            why=Text(f"它的数据不含{title.zh}。", f"What it counts has no {title.en}."),
            remedy=Text(f"可用：{'、'.join(listed)}。", f"It can be split by {', '.join(listed)}."),
        )


class BadFilterValue(Problem):
    """A day, week, hour and so on that cannot be read."""

    def __init__(self, dimension: str, value: object, example: str) -> None:
        super().__init__(
            Text(f"{dimension} 不能是“{value}”。", f'{dimension} cannot be "{value}".'),
            remedy=Text(f"请写成 {example}。", f"Write it like {example}."),
        )


def check_dimensions(metrics: Iterable[Metric], by: Iterable[str], predicates: Iterable[str]) -> None:
    """Refuse dimensions that do not exist or mean nothing for one of the metrics.

    Raises:
        UnknownDimension, NotGroupable: says by what the metric can be grouped.
    """
    asked = list(by)
    for name in asked:
        if name not in DIMENSIONS:
            raise UnknownDimension(name)
    mentioned = [name for text in predicates if text for name in sorted(columns_of(text)) if name in DIMENSIONS]
    for metric in metrics:
        absent = {name for table in metric.tables for name in ABSENT[table]}
        for name in (*asked, *mentioned):
            if name in absent:
                raise NotGroupable(metric.name, name, [other for other in DIMENSIONS if other not in absent])


def filter_predicate(where: Wanted, names: Names) -> str:
    """Filters as a predicate; several values of one dimension mean any of them.

    Raises:
        UnknownDimension, UnknownName, BadFilterValue.
    """
    return both(*(_one_of(dimension, _listed(values), names) for dimension, values in where.items()))


def unknown_names(predicate: str, names: Names) -> list[UnknownName]:
    """The names in a predicate that the floor has never seen, as problems; they equal no row."""
    return [
        UnknownName(dimension, name, names.ids.get(dimension, ()))
        for dimension, name in quoted_names(predicate)
        if dimension in NAMED and names.id(dimension, name) < 0
    ]


def shown(dimension: str, held: int | str, names: Mapping[int, str]) -> Shown:
    """What a person reads for the value of a column; None for "none"."""
    if isinstance(held, str):
        return held or None
    match dimension:
        case "month":
            return str(Month.from_id(held))
        case "day":
            return day_of(held).isoformat()
        case "week":
            return f"{held // 100:04d}-W{held % 100:02d}"
        case "interval":
            return f"{held // 2:02d}:{held % 2 * 30:02d}"
        case "hour" | "weekday":
            return held
    return names.get(held) if held else None


def sort_key(dimension: str, value: Shown) -> tuple[bool, int, str]:
    """Rows are ordered by what is shown, "none" last, tenure by its bands."""
    rank = TENURES.get(value, 0) if dimension == "tenure" else 0
    return value is None, value if isinstance(value, int) else rank, "" if isinstance(value, int) else value or ""


def _listed(values: str | int | Iterable[str | int]) -> list[str | int]:
    return [values] if isinstance(values, str | int) else list(values)


def _one_of(dimension: str, values: list[str | int], names: Names) -> str:
    if dimension not in DIMENSIONS:
        raise UnknownDimension(dimension)
    held = [repr(_held(dimension, value, names)) for value in values]
    return f"{dimension} in ({', '.join(held)}{',' if held else ''})"


def _held(dimension: str, value: str | int, names: Names) -> str | int:
    if dimension not in NAMED:
        return _timed(dimension, value)
    name = str(value)
    if names.id(dimension, name) < 0:
        raise UnknownName(dimension, name, names.ids.get(dimension, ()))
    return name


def _timed(dimension: str, value: str | int) -> int:
    """The integer a time column holds for a value as it is shown."""
    example, pattern = {
        "day": ("2026-11-21", r"(\d{4})-(\d\d)-(\d\d)"),
        "month": ("2026-11", r"(\d{4})-(\d\d)"),
        "week": ("2026-W47", r"(\d{4})-W(\d\d)"),
        "weekday": ("1", r"([1-7])"),
        "hour": ("13", r"(\d\d?)"),
        "interval": ("09:30", r"(\d\d):([03]0)"),
    }[dimension]
    found = re.fullmatch(pattern, str(value))
    try:
        return _timed_id(dimension, [int(part) for part in found.groups()]) if found else _refuse()
    except (ValueError, BadPeriod):
        raise BadFilterValue(dimension, value, example) from None


def _timed_id(dimension: str, parts: list[int]) -> int:
    match dimension:
        case "day":
            return (date(*parts) - EPOCH).days
        case "month":
            return Month.parse(f"{parts[0]}-{parts[1]}").id
        case "week":
            return parts[0] * 100 + parts[1]
        case "interval":
            return _within(parts[0] * 2 + parts[1] // 30, HALF_HOURS_A_DAY)
        case "hour":
            return _within(parts[0], 24)
    return parts[0]


def _within(number: int, end: int) -> int:
    return number if number < end else _refuse()


def _refuse() -> int:
    raise ValueError
