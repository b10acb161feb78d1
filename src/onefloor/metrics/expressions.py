"""The language of predicates: what a metric, a filter or an exclusion may say about a row.

A predicate is text, so that it can be read in an agreement, hashed into a bundle and run by any engine::

    offered and answered and wait_ms <= within
    start_ms >= 1790812931000 and start_ms < 1790820000000 and queue in ('tax', 'water')

Allowed: column names, parameters, integers, ``True``/``False``, quoted names, comparisons, ``in``, ``is None``,
``and``/``or``/``not``, ``+`` and ``-``. Nothing else: these are the operations on which DuckDB, Spark, ClickHouse and
Polars agree bit for bit. A comparison with a missing value is neither true nor false; a row counts only if the
whole predicate is true.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any

import polars as pl

from onefloor.language import Text
from onefloor.problems import Problem

Value = int | bool | str
Resolve = Callable[[str, str], int | str]
"""Turns a name of a dimension into what its column holds: an id, or the name itself."""

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
SUMS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub}


class BadExpression(Problem):
    """A predicate outside the language."""

    def __init__(self, text: str, why: Text) -> None:
        super().__init__(
            Text(f"无法识别条件“{text}”。", f'The condition "{text}" cannot be read.'),
            why=why,
            remedy=Text(
                "只能使用列名、整数、引号中的名称、比较、in、is None、and、or、not、+、-。",
                "Use column names, integers, quoted names, comparisons, in, is None, and, or, not, + and -.",
            ),
        )


def name_as_is(_dimension: str, name: str) -> str:
    """The ``Resolve`` of tables that hold names themselves."""
    return name


@lru_cache(maxsize=4096)
def parsed(text: str) -> ast.expr:
    """The checked syntax tree of a predicate.

    Raises:
        BadExpression: the text is outside the language.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadExpression(text, Text("语法错误。", f"It is not well formed: {error}.")) from None
    for node in ast.walk(tree):
        _check(node, text)
    return tree


def columns_of(text: str) -> frozenset[str]:
    """The column and parameter names a predicate mentions."""
    return frozenset(node.id for node in ast.walk(parsed(text)) if isinstance(node, ast.Name))


def bound(text: str, values: Mapping[str, Value]) -> str:
    """The predicate with parameters replaced by their values, in canonical spelling.

    >>> bound("answered and wait_ms<=within", {"within": 20000})
    'answered and wait_ms <= 20000'
    """
    # A fresh tree: ``parsed`` is shared between callers and must not change.
    return ast.unparse(_Binder(values).visit(ast.parse(ast.unparse(parsed(text)), mode="eval").body))


def both(*texts: str) -> str:
    """Predicates joined with ``and``; the empty one is always true.

    >>> both("answered", "", "a or b")
    'answered and (a or b)'
    """
    parts = [text for text in texts if text]
    return ast.unparse(ast.BoolOp(ast.And(), [parsed(text) for text in parts])) if len(parts) > 1 else "".join(parts)


def neither(*texts: str) -> str:
    """A predicate that no row satisfying one of ``texts`` satisfies. A missing value in them lets the row stay."""
    return both(*(f"not ({text})" for text in texts))


def to_ibis(text: str, table: Any, resolve: Resolve) -> Any:
    """The predicate as an Ibis boolean over ``table``."""
    return _compile(parsed(text), lambda name: table[name], resolve)


def to_polars(text: str, resolve: Resolve = name_as_is) -> pl.Expr:
    """The predicate as a Polars expression."""
    return pl.lit(value=True) if not text else _compile(parsed(text), pl.col, resolve)


class _Binder(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.values[node.id]) if node.id in self.values else node


def _check(node: ast.AST, text: str) -> None:
    if isinstance(node, ast.Constant):
        fine = isinstance(node.value, int | str) or node.value is None
    elif isinstance(node, ast.Compare):
        fine = len(node.ops) == 1 and _comparison_is_fine(node)
    elif isinstance(node, ast.BinOp):
        fine = type(node.op) in SUMS
    else:
        fine = isinstance(
            node,
            ast.Name | ast.BoolOp | ast.UnaryOp | ast.Tuple | ast.Load | ast.boolop | ast.operator | ast.cmpop
            | ast.Not | ast.USub,
        )  # fmt: skip
    if not fine:
        raise BadExpression(text, Text(f"不允许 {ast.unparse(node)}。", f'"{ast.unparse(node)}" is not allowed.'))


def _comparison_is_fine(node: ast.Compare) -> bool:
    op, right = node.ops[0], node.comparators[0]
    if isinstance(op, ast.In | ast.NotIn):
        return isinstance(right, ast.Tuple) and all(isinstance(item, ast.Constant) for item in right.elts)
    if isinstance(op, ast.Is | ast.IsNot):
        return isinstance(right, ast.Constant) and right.value is None
    return type(op) in COMPARISONS


def _compile(node: ast.expr, column: Callable[[str], Any], resolve: Resolve) -> Any:
    def compiled(part: ast.expr) -> Any:
        return _compile(part, column, resolve)

    match node:
        case ast.Name(id=name):
            return column(name)
        case ast.Constant(value=value):
            return value
        case ast.BoolOp(op=op, values=values):
            return reduce(operator.and_ if isinstance(op, ast.And) else operator.or_, map(compiled, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~compiled(operand)
        case ast.UnaryOp(operand=operand):
            return -compiled(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return SUMS[type(op)](compiled(left), compiled(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare(compiled, left, op, right, resolve)
    raise AssertionError(ast.dump(node))


def _compare(
    compiled: Callable[[ast.expr], Any], left: ast.expr, op: ast.cmpop, right: ast.expr, resolve: Resolve
) -> Any:
    def constant(part: ast.expr, dimension: ast.expr) -> Any:
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and isinstance(dimension, ast.Name):
            return resolve(dimension.id, part.value)
        return compiled(part)

    subject = compiled(left)
    is_polars = isinstance(subject, pl.Expr)
    if isinstance(op, ast.Is | ast.IsNot):
        missing = subject.is_null() if is_polars else subject.isnull()
        return missing if isinstance(op, ast.Is) else ~missing
    if isinstance(op, ast.In | ast.NotIn):
        assert isinstance(right, ast.Tuple)
        values = [constant(item, left) for item in right.elts]
        member = subject.is_in(values) if is_polars else subject.isin(values)
        return member if isinstance(op, ast.In) else ~member
    return COMPARISONS[type(op)](subject, constant(right, left))
