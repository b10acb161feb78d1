"""A condition on rows in words: which time, which names, which values. The exact predicate is in ``statement.json``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from onefloor.agreements.rendering.formats import duration, moment
from onefloor.agreements.rendering.words import COLUMNS
from onefloor.language import Text, joined, same
from onefloor.metrics.expressions import BadExpression, parsed
from onefloor.metrics.tables import NAMED, TITLES

SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥",
}  # fmt: skip


def condition_words(predicate: str, timezone: str) -> Text:
    """A predicate in words, its instants as local times.

    >>> outage = "start_ms >= 1791943080000 and start_ms < 1791950280000 and queue == 'tax'"
    >>> condition_words(outage, "Asia/Shanghai").en
    'time from 2026-10-14 09:58 to 2026-10-14 11:58, and queue tax'
    >>> condition_words("wait_ms < 5000", "UTC").zh
    '等待 < 0:05'
    """
    try:
        return _words(parsed(predicate), timezone)
    except BadExpression:
        return same(predicate)  # a bundle may hold anything; what nobody can run is shown as it is


def _words(node: ast.expr, timezone: str) -> Text:
    match node:
        case ast.BoolOp(op=op, values=parts):
            said = _with_window(parts, timezone) if isinstance(op, ast.And) else [_inner(p, timezone) for p in parts]
            return _linked(said, Text("，且", ", and ") if isinstance(op, ast.And) else Text("，或", ", or "))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _words(operand, timezone)
            return Text(f"不满足“{inner.zh}”", f'not "{inner.en}"')
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[right]):
            return _compared(name, op, right, timezone)
        case ast.Name(id=name):
            return title(name)
    return same(ast.unparse(node))


def _inner(node: ast.expr, timezone: str) -> Text:
    words = _words(node, timezone)
    return Text(f"（{words.zh}）", f"({words.en})") if isinstance(node, ast.BoolOp) else words


def _with_window(parts: list[ast.expr], timezone: str) -> list[Text]:
    """The parts of a conjunction; one that says from when and one that says until when become one."""
    parts = list(_flat(parts))
    edges = {type(op): value for part in parts if (edge := _edge(part)) for op, value in [edge]}
    if set(edges) != {ast.GtE, ast.Lt}:
        return [_inner(part, timezone) for part in parts]
    start, end = _minute(edges[ast.GtE], timezone), _minute(edges[ast.Lt], timezone)
    window = Text(f"时间自 {start} 至 {end}", f"time from {start} to {end}")
    return [window, *(_inner(part, timezone) for part in parts if not _edge(part))]


def _flat(parts: list[ast.expr]) -> Iterator[ast.expr]:
    for part in parts:
        if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And):
            yield from _flat(part.values)
        else:
            yield part


def _edge(part: ast.expr) -> tuple[ast.cmpop, int] | None:
    match part:
        case ast.Compare(left=ast.Name(id="start_ms"), ops=[op], comparators=[ast.Constant(value=int(value))]):
            return op, value
    return None


def _compared(name: str, op: ast.cmpop, right: ast.expr, timezone: str) -> Text:
    subject = title(name)
    match op, right:
        case ast.Is(), _:
            return Text(f"{subject.zh}缺失", f"{subject.en} missing")
        case ast.IsNot(), _:
            return Text(f"{subject.zh}已知", f"{subject.en} known")
        case ((ast.In() | ast.NotIn()), ast.Tuple(elts=items)):
            names = joined(_value(name, item, timezone) for item in items)
            if isinstance(op, ast.NotIn):
                return Text(f"{subject.zh}不是：{names.zh}", f"{subject.en} not {names.en}")
            return Text(f"{subject.zh}：{names.zh}", f"{subject.en} {names.en}")
        case ast.Eq(), ast.Constant(value=str()):
            value = _value(name, right, timezone)
            return Text(f"{subject.zh}：{value.zh}", f"{subject.en} {value.en}")
    value, sign = _value(name, right, timezone), SIGNS.get(type(op), "")
    return Text(f"{subject.zh} {sign} {value.zh}", f"{subject.en} {sign} {value.en}")


def _value(name: str, item: ast.expr, timezone: str) -> Text:
    """A constant as the column's values are written: instants, durations, shares of a million, names."""
    value: Any = item.value if isinstance(item, ast.Constant) else None
    if isinstance(value, str):
        return same(value or "-")
    if type(value) is not int:
        return _words(item, timezone)
    if name == "start_ms":
        return same(_minute(value, timezone))
    if name.endswith("_ms"):
        return same(duration(value))
    if name.endswith("_ppm"):
        return same(f"{value / 10_000:g}%")
    return same(f"{value:,}")


def _minute(instant_ms: int, timezone: str) -> str:
    """A local time, its seconds only where there are any."""
    return moment(instant_ms, timezone).removesuffix(":00")


def title(name: str) -> Text:
    """What a column is called within a sentence."""
    found = TITLES[name] if name in NAMED else COLUMNS.get(name) or TITLES.get(name) or same(name.replace("_", " "))
    return Text(found.zh, found.en[:1].lower() + found.en[1:])


def _linked(parts: list[Text], link: Text) -> Text:
    return Text(link.zh.join(part.zh for part in parts), link.en.join(part.en for part in parts))
