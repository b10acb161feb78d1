"""How the numbers of a sourcing file are written: ``38..40..43``, ``55%..65%..75%``, ``300s..320s..345s``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.reading import Kind, attempt, mapping, refuse, scalar, stop_at
from onefloor.agreements.terms.values import SHARE
from onefloor.insight.sourcing.spread import Spread
from onefloor.language import Text
from onefloor.problems import Problem

PART = re.compile(r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,9})?) ?(?P<unit>%|s|min|h|)")
WORTH: Mapping[str, Fraction] = {
    "": Fraction(1), "%": Fraction(1, 100), "s": Fraction(1), "min": Fraction(60), "h": Fraction(3600),
}  # fmt: skip
TIMES = ("s", "min", "h")


@dataclass(frozen=True, slots=True)
class Amount:
    """A cost: money, or a share of wages or of the price."""

    spread: Spread
    share: bool


@dataclass(frozen=True, slots=True)
class Margin:
    """What difference matters: money a resolved contact, or a share of what the reference costs."""

    value: Fraction
    share: bool


def _numbers(node: Node, example: str) -> tuple[list[Fraction], set[str]]:
    """One or three numbers and the units they are written in; a unit at the end counts for all."""
    parts = [PART.fullmatch(part.strip()) for part in scalar(node).split("..")]
    found = [part for part in parts if part is not None]
    if len(found) != len(parts) or len(found) not in (1, 3):
        raise refuse(node, write=_like(example))
    last = found[-1]["unit"]
    units = [part["unit"] or last for part in found]
    numbers = [Fraction(part["number"].replace(",", "")) * WORTH[unit] for part, unit in zip(found, units, strict=True)]
    return numbers, set(units)


def _like(example: str) -> Text:
    lowest = example.rpartition("..")[2]
    return Text(f"请写成 {example}（低..中..高）或 {lowest}。", f"Write {example} (low..mid..high), or {lowest}.")


def _spread(node: Node, numbers: list[Fraction]) -> Spread:
    low, mid, high = numbers if len(numbers) == 3 else numbers * 3
    if not low <= mid <= high:
        what = Text(f"“{node.value}”的三个数没有从小到大。", f'The three numbers of "{node.value}" do not rise.')
        remedy = Text("请按 低..中..高 的次序书写。", "Write them as low..mid..high.")
        raise BadTerm(what, remedy=remedy, where=node.place)
    return Spread(low, mid, high)


def _read(units: tuple[str, ...], least: Fraction, most: Fraction | None, example: str) -> Callable[[Node], Spread]:
    """A reader of numbers in one of these units, each from ``least`` to ``most``."""

    def read(node: Node) -> Spread:
        numbers, found = _numbers(node, example)
        if not found <= set(units):
            raise refuse(node, write=_like(example))
        return _within(node, _spread(node, numbers), least, most, "%" if units == ("%",) else "")

    return read


def _within(node: Node, spread: Spread, least: Fraction, most: Fraction | None, unit: str) -> Spread:
    if spread.low >= least and (most is None or spread.high <= most):
        return spread
    low, high = (f"{_shown(end, unit)}" for end in (least, most or Fraction(0)))
    what = Text(f"“{node.value}”超出范围。", f'"{node.value}" is out of range.')
    above = Text(f"请写 {low} 或更大的数。", f"Write {low} or more.")
    remedy = above if most is None else Text(f"请写 {low} 到 {high} 之间的数。", f"Write numbers from {low} to {high}.")
    raise BadTerm(what, remedy=remedy, where=node.place)


def _shown(value: Fraction, unit: str) -> str:
    number = value * 100 if unit else value
    return f"{float(number):g}{unit}"


def _amount(node: Node) -> Amount:
    numbers, units = _numbers(node, "38..40..43")
    if not units <= {"", "%"} or len(units) != 1:
        raise refuse(node, write=_either())
    return Amount(_within(node, _spread(node, numbers), Fraction(0), None, ""), units == {"%"})


def _either() -> Text:
    return Text("请写成 38..40..43，或占比 38%..42%..46%。", "Write 38..40..43, or a share 38%..42%..46%.")


def _margin(node: Node) -> Margin:
    numbers, units = _numbers(node, "0.30")
    if len(numbers) != 1 or not units <= {"", "%"} or numbers[0] < 0:
        write = Text("请写成金额 0.30，或占比 3%。", "Write an amount such as 0.30, or a share such as 3%.")
        raise refuse(node, write=write)
    return Margin(numbers[0], units == {"%"})


def _divided(node: Node) -> tuple[tuple[str, Fraction], ...]:
    """``{own: 60%, north: 40%}``: shares that make a whole."""
    problems: list[Problem] = []
    found = [(name, attempt(problems, partial(SHARE.read, part))) for name, part in mapping(node).items()]
    stop_at(problems)
    if sum(share for _, share in found) != 1:
        what = Text("各部分相加不是 100%。", "The shares do not add up to 100 %.")
        raise BadTerm(what, remedy=Text("请使合计为 100%。", "Make them 100 % together."), where=node.place)
    return tuple((name, share) for name, share in found if share)


def _kind(example: str, name: str, *units: str, least: Fraction = Fraction(0), most: Fraction | None = None) -> Kind:
    schema: dict[str, Any] = {"type": ["string", "number"]}
    return Kind(_read(units, least, most, example), schema, f"{name}, {example}")


TINY = Fraction(1, 100)
SHARES = _kind("55%..65%..75%", "share", "%", most=Fraction(1))
PARTS = _kind("78%..82%..86%", "share above 0", "%", least=TINY, most=Fraction(1))
RATES = _kind("30%..45%..70%", "rate a year", "%", most=Fraction(10))
CHANGES = _kind("-2%..0%..3%", "change a year", "%", least=Fraction(-1, 2), most=Fraction(2))
FACTORS = _kind("125%", "share of the settled value", "%", least=Fraction(1, 10), most=Fraction(10))
LASTING = _kind("300s..320s..345s", "time", *TIMES, least=Fraction(1))
COUNTS = _kind("18000..20000..23000", "number", "")
ISSUES = _kind("18000..20000..23000", "number above 0", "", least=TINY)
COUNTS_ABOVE_0 = _kind("1750..1800..1850", "number above 0", "", least=TINY)
PRICES = _kind("52..54..58", "money", "")
AMOUNT = Kind(_amount, {"type": ["string", "number"]}, "money or share, 38..40..43 or 38%..42%..46%")
DIVIDED = Kind(
    _divided, {"type": "object", "additionalProperties": {"type": "string"}}, "{option: share, option: share}"
)
MARGIN = Kind(_margin, {"type": ["string", "number"]}, "0.30 or 3%")
