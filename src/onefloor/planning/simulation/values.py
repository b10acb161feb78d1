"""How the numbers of a model file are written: ``20s``, ``lognormal 300s cv 0.9``, ``08:00-16:00``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.reading import Kind, attempt, mapping, refuse, scalar, stop_at
from onefloor.language import Text
from onefloor.planning.simulation.laws import KINDS, Law, constant, empirical, exponential, gamma, lognormal
from onefloor.problems import Problem

WORTH = {"": 1.0, "s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0, "d": 86400.0}
TIME = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?(ms|s|min|h|d|)")
CV = r"cv +(\d{1,3}(?:\.\d{1,9})?)"
LAW = re.compile(rf"({'|'.join(KINDS[:4])}) +{TIME.pattern}(?: +{CV})?")
SPAN = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))? ?- ?(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,12})?(?:e[+-]?\d{1,2})?")
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,9})?) ?%")
A_TIME = Text("请写成 20s、5min 或 1h。", "Write 20s, 5min or 1h.")
A_LAW = Text(
    "请写成 exponential 180s、lognormal 300s cv 0.9、gamma 300s cv 0.5、constant 30s，或一列时长。",
    "Write exponential 180s, lognormal 300s cv 0.9, gamma 300s cv 0.5, constant 30s, or a list of times.",
)
A_FACTOR = Text("请写成 gamma cv 0.1 或 lognormal cv 0.1。", "Write gamma cv 0.1 or lognormal cv 0.1.")
A_SPAN = Text(
    "请写成 08:00-16:00（小时自模型起点算起，可大于24）。",
    "Write 08:00-16:00; hours count from the model's start and may pass 24.",
)
OVERNIGHT = Text("开始须早于结束；跨零点请写 22:00-30:00。", "Over midnight write 22:00-30:00.")
HIGHEST_CV = 20.0


def _time(node: Node) -> float:
    found = TIME.fullmatch(scalar(node))
    if found is None:
        raise refuse(node, write=A_TIME)
    return float(found[1]) * WORTH[found[2]]


def _above_0(node: Node) -> float:
    found = _time(node)
    if not found:
        raise refuse(node, write=Text("请写大于 0 的时长。", "Write a time above 0."))
    return found


def _law(node: Node) -> Law:
    """A law in one line; a plain time is constant, a list of times empirical."""
    if isinstance(node.value, list):
        return _empirical(node)
    text = scalar(node)
    if TIME.fullmatch(text):
        return constant(_time(node))
    found = LAW.fullmatch(text)
    if found is None:
        raise refuse(node, write=A_LAW)
    mean, cv = float(found[2]) * WORTH[found[3]], float(found[4]) if found[4] else None
    return _of_kind(node, found[1], mean, cv)


def _of_kind(node: Node, kind: str, mean: float, cv: float | None) -> Law:
    wants_cv = kind in ("lognormal", "gamma")
    if (
        wants_cv != (cv is not None)
        or (cv is not None and not 0 < cv <= HIGHEST_CV)
        or (mean <= 0 and kind != "constant")
    ):
        raise refuse(node, write=A_LAW)
    if kind == "lognormal":
        return lognormal(mean, cv or 1.0)
    if kind == "gamma":
        return gamma(mean, cv or 1.0)
    return exponential(mean) if kind == "exponential" else constant(mean)


def _empirical(node: Node) -> Law:
    problems: list[Problem] = []
    found = [attempt(problems, partial(_time, item)) for item in node.items]
    stop_at(problems)
    if not found or sum(found) <= 0:
        raise BadTerm(
            Text("经验分布没有大于 0 的时长。", "An empirical law needs a time above 0."),
            remedy=A_LAW,
            where=node.place,
        )
    return empirical(tuple(found))


def _factor(node: Node) -> Law:
    """A factor with mean 1."""
    found = re.fullmatch(rf"(gamma|lognormal) +{CV}", scalar(node))
    if found is None or not 0 < float(found[2]) <= HIGHEST_CV:
        raise refuse(node, write=A_FACTOR)
    return _of_kind(node, found[1], 1.0, float(found[2]))


def _span(node: Node) -> tuple[float, float]:
    found = SPAN.fullmatch(scalar(node))
    if found is None:
        raise refuse(node, write=A_SPAN)
    parts = [float(part or 0) for part in found.groups()]
    start, end = (60 * (60 * parts[i] + parts[i + 1]) + parts[i + 2] for i in (0, 3))
    if start >= end:
        raise refuse(node, write=OVERNIGHT)
    return start, end


def _amount(node: Node) -> float:
    if not AMOUNT.fullmatch(scalar(node)):
        raise refuse(node, write=Text("请写不小于 0 的数字。", "Write a number, 0 or more."))
    return float(scalar(node))


def _factor_of_time(node: Node) -> float:
    found = _amount(node)
    if not found:
        raise refuse(node, write=Text("请写大于 0 的数字，例如 1.15。", "Write a number above 0, such as 1.15."))
    return found


def _percent(node: Node) -> float:
    found = PERCENT.fullmatch(scalar(node))
    if found is None or float(found[1]) > 100:
        raise refuse(node, write=Text("请写 0% 到 100%。", "Write 0% to 100%."))
    return float(found[1]) / 100


def _shares(node: Node) -> tuple[tuple[str, float], ...]:
    problems: list[Problem] = []
    found = [(name, attempt(problems, partial(_percent, part))) for name, part in mapping(node).items()]
    stop_at(problems)
    if abs(sum(share for _, share in found) - 1) > 1e-9:
        what = Text("各部分相加不是 100%。", "The shares do not add up to 100 %.")
        raise BadTerm(what, remedy=Text("请使合计为 100%。", "Make them 100 % together."), where=node.place)
    return tuple((name, share) for name, share in found if share)


def _onward(node: Node) -> tuple[tuple[str, float], ...]:
    problems: list[Problem] = []
    found = [(name, attempt(problems, partial(_percent, part))) for name, part in mapping(node).items()]
    stop_at(problems)
    if sum(share for _, share in found) >= 1:
        what = Text("所有人都会被转走，永不停止。", "Everybody is passed on, for ever.")
        raise BadTerm(what, remedy=Text("请使合计小于 100%。", "Make them less than 100 % together."), where=node.place)
    return tuple((name, share) for name, share in found if share)


def _several(read: Callable[[Node], Any]) -> Callable[[Node], tuple[Any, ...]]:
    def values(node: Node) -> tuple[Any, ...]:
        problems: list[Problem] = []
        found = tuple(attempt(problems, partial(read, item)) for item in node.items)
        stop_at(problems)
        return found

    return values


def _whole(node: Node) -> int:
    if not re.fullmatch(r"\d{1,6}", scalar(node)):
        raise refuse(node, write=Text("请写整数，例如 12。", "Write a whole number such as 12."))
    return int(scalar(node))


_TEXT = {"type": ["string", "number"]}


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": item}, item]}


DURATION = Kind(_time, _TEXT, "time, 20s, 5min or 1h")
LASTING = Kind(_above_0, _TEXT, "time above 0")
A_LAW_OF_TIME = Kind(_law, _list_of(_TEXT), "law of a time")
FACTOR = Kind(_factor, {"type": "string"}, "gamma cv 0.1 or lognormal cv 0.1")
SPANS = Kind(_several(_span), _list_of({"type": "string"}), "list of 08:00-16:00")
AMOUNTS = Kind(_several(_amount), _list_of({"type": ["number", "string"]}), "number, or one for each interval")
SIZES = Kind(_several(_whole), _list_of({"type": "integer", "minimum": 0}), "whole number, or one for each interval")
PACE = Kind(_factor_of_time, {"type": ["number", "string"]}, "number above 0, 1.15")
PART = Kind(_percent, {"type": "string"}, "share, 30%")
SHARED = Kind(
    _shares, {"type": "object", "additionalProperties": {"type": "string"}}, "{company: share, company: share}"
)
ONWARD = Kind(_onward, {"type": "object", "additionalProperties": {"type": "string"}}, "{type: share, type: share}")
