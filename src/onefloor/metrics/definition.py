"""How a metric is declared: a family of metrics with parameters, of which a reference picks one.

``service_level`` is a definition; ``service_level:formula=F4,within=20s,short=20s`` is a ``Metric``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from onefloor.language import Text, joined, same
from onefloor.metrics.expressions import bound
from onefloor.metrics.metric import Atom, Better, Exclusion, Metric, Quantile, Unit
from onefloor.metrics.tables import MEASURING
from onefloor.problems import Problem

Value = int | str
Sides = tuple[Atom | Quantile, Atom | None]
NONE_MS = -1  # what "none" stands for: no wait is that short
DURATIONS: Mapping[str, int] = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1_000, "ms": 1}


class UnknownMetric(Problem):
    """A name that is not in the catalogue."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = Text(f"是否指 {near[0]}？", f"Is {near[0]} meant?") if near else Text("", "")
        super().__init__(
            Text(f"没有名为“{name}”的指标。", f'There is no metric "{name}".'),
            remedy=hint + Text(f"可用：{'、'.join(names)}。", f"There are: {', '.join(names)}."),
        )


class UnknownParameter(Problem):
    """A parameter that the metric does not have, or has twice."""

    def __init__(self, metric: str, parameter: str, known: Iterable[str]) -> None:
        names = list(known)
        super().__init__(
            Text(f"指标 {metric} 没有参数“{parameter}”。", f'{metric} has no parameter "{parameter}" here.'),
            remedy=Text(
                f"可用参数：{'、'.join(names)}；每个写一次。" if names else "该指标没有参数。",
                f"Its parameters, each once: {', '.join(names)}." if names else "It has no parameters.",
            ),
        )


class BadParameter(Problem):
    """A value that a parameter does not take."""

    def __init__(self, parameter: str, text: str, possible: Text) -> None:
        super().__init__(
            Text(f"参数 {parameter} 不能是“{text}”。", f'{parameter} cannot be "{text}".'),
            remedy=Text(f"可用：{possible.zh}。", f"Possible: {possible.en}."),
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its default, how its text is read and written again, what is possible, what it means.

    ``read`` returns None for a text it does not take. A default ``=other`` is the value of the parameter ``other``.
    """

    default: str
    meaning: Text
    possible: Text
    read: Callable[[str], Value | None]
    shown: Callable[[Value], str]


def duration(default: str, meaning: Text, *, highest: str = "365d", none: bool = False) -> Parameter:
    """A parameter such as ``20s``, ``500ms``, ``7d``; with ``none`` also the word ``none``."""
    limit = milliseconds(highest)
    assert limit is not None
    possible = Text(f"0s 至 {highest} 的时长，例如 20s、7d", f"a duration from 0s to {highest}, such as 20s or 7d")

    def read(text: str) -> int | None:
        if none and text == "none":
            return NONE_MS
        found = milliseconds(text)
        return found if found is not None and found <= limit else None

    or_none = Text(possible.zh + "，或 none", possible.en + ", or none") if none else possible
    return Parameter(default, meaning, or_none, read, lambda value: written(int(value)))


def choice(default: str, meaning: Text, *options: str) -> Parameter:
    """A parameter that takes one of a few words."""
    return Parameter(default, meaning, joined(map(same, options)), lambda text: text if text in options else None, str)


def number(default: str, meaning: Text, low: int, high: int) -> Parameter:
    """A parameter that takes a whole number."""

    def read(text: str) -> int | None:
        return int(text) if re.fullmatch("[0-9]{1,9}", text) and low <= int(text) <= high else None

    return Parameter(
        default, meaning, Text(f"{low} 至 {high} 的整数", f"a whole number from {low} to {high}"), read, str
    )


def name_or_any(meaning: Text) -> Parameter:
    """A parameter that takes one of the floor's names, or ``any``."""

    def read(text: str) -> str | None:
        return text if re.fullmatch(r"[^,:='\"\\\s]{1,100}", text) else None

    return Parameter(
        "any", meaning, Text("any 或一个名称（不含逗号和引号）", "any, or a name without commas"), read, str
    )


def milliseconds(text: str) -> int | None:
    """A duration in ms; None if the text is not one.

    >>> milliseconds("20s"), milliseconds("1min"), milliseconds("soon")
    (20000, 60000, None)
    """
    found = re.fullmatch(r"([0-9]{1,12})(ms|s|min|h|d)", text)
    return int(found[1]) * DURATIONS[found[2]] if found else None


def written(value_ms: int) -> str:
    """A duration in the largest unit that keeps it whole.

    >>> written(60_000), written(90_000), written(0)
    ('1min', '90s', '0s')
    """
    if value_ms == NONE_MS:
        return "none"
    unit = next(unit for unit, size in DURATIONS.items() if value_ms % size == 0) if value_ms else "s"
    return f"{value_ms // DURATIONS[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a metric before its parameters are bound, with all that a contract has to pin down.

    ``sides`` gives the atoms for bound parameters; their predicates may still name parameters. ``final_after`` names
    the parameter after whose time a row is final. ``exclusions`` say what the atoms leave out; they may depend on the
    parameters.
    """

    name: str
    title: Text
    formula: Text
    population: Text
    clock: Text
    unit: Unit
    better: Better
    sides: Callable[[Mapping[str, Value]], Sides]
    source: str
    scale: int = 1
    places: int = 0
    version: int = 1
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] | Callable[[Mapping[str, Value]], tuple[Exclusion, ...]] = ()
    minimum_sample: int = 1
    final_after: str = ""
    notes: Text | None = None

    def metric(self, given: Sequence[tuple[str, str]] = ()) -> Metric:
        """The metric with these ``(parameter, text)`` pairs, the other parameters at their defaults.

        Raises:
            UnknownParameter, BadParameter: says what is possible.
        """
        values = self._values(given)
        texts = {name: self.parameters[name].shown(value) for name, value in values.items()}
        numerator, denominator = self.sides(values)
        listed = ",".join(f"{name}={text}" for name, text in texts.items())
        exclusions = self.exclusions(values) if callable(self.exclusions) else self.exclusions
        return Metric(
            reference=f"{self.name}:{listed}" if listed else self.name,
            name=self.name,
            version=self.version,
            title=self.title,
            formula=self.formula,
            unit=self.unit,
            better=self.better,
            numerator=_bound_side(numerator, values),
            denominator=_bound_atom(denominator, values) if denominator else None,
            scale=self.scale,
            places=self.places,
            source=self.source,
            exclusions=tuple(Exclusion(e.name, bound(e.where, values), e.reason) for e in exclusions),
            minimum_sample=self.minimum_sample,
            final_after_ms=int(values[self.final_after]) if self.final_after else 0,
            parameters=texts,
        )

    def _values(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Value]:
        given = dict(pairs)
        for name, _ in pairs:
            if name not in self.parameters or sum(name == other for other, _ in pairs) > 1:
                raise UnknownParameter(self.name, name, self.parameters)
        values: dict[str, Value] = {}
        for name, parameter in self.parameters.items():
            text = given.get(name, parameter.default)
            found = values[text[1:]] if text == parameter.default and text.startswith("=") else parameter.read(text)
            if found is None:
                raise BadParameter(name, text, parameter.possible)
            values[name] = found
        return values


def split(reference: str) -> tuple[str, list[tuple[str, str]]]:
    """A reference as its name and its parameters.

    >>> split("fcr:within=7d,topic=any")
    ('fcr', [('within', '7d'), ('topic', 'any')])
    """
    name, colon, rest = reference.partition(":")
    parts = [part.partition("=") for part in rest.split(",")] if colon else []
    return name.strip(), [(key.strip(), value.strip()) for key, _, value in parts]


def _bound_atom(atom: Atom, values: Mapping[str, Value]) -> Atom:
    where = bound(atom.where, _bindable(atom.table, values)) if atom.where else ""
    return Atom(atom.table, where, atom.sum, atom.times)


def _bound_side(side: Atom | Quantile, values: Mapping[str, Value]) -> Atom | Quantile:
    if isinstance(side, Atom):
        return _bound_atom(side, values)
    return Quantile(side.table, bound(side.where, _bindable(side.table, values)), side.column, side.percent)


def _bindable(table: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """The parameters a predicate can mean: a column of the same name comes first."""
    return {name: value for name, value in values.items() if name not in MEASURING[table].names}
