"""The language of predicates: what a metric, a filter or an exclusion may say about a row.

A predicate is text, so that it can be read in an agreement, hashed into a bundle and run by any engine::

    offered and answered and wait_ms <= within
    start_ms >= 1790812931000 and start_ms < 1790820000000 and queue in ('tax', 'water')

Allowed: column names, parameters, integers, ``True``/``False``, quoted names, comparisons, ``in``, ``is None``,
``and``/``or``/``not``, ``+`` and ``-``. Nothing else: these are the operations on which DuckDB, Spark, ClickHouse and
Polars agree bit for bit. A comparison with a missing value is neither true nor false; a row counts only if the
whole predicate is true. The same language says what a sum adds up: ``talk_ms + hold_ms``; a row in which a part is
missing adds nothing.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any, Literal

import polars as pl

from onefloor.language import Text
from onefloor.problems import Problem

Value = int | bool | str
Kind = Literal["flag", "number", "name"]
"""What a column holds for a predicate: a truth value, an integer, or one of the floor's names."""
INT64 = range(-(2**63), 2**63)
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


KINDS: dict[Kind, Text] = {
    "flag": Text("条件", "condition"),
    "number": Text("整数", "number"),
    "name": Text("名称", "name"),
}


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


def quoted_names(text: str) -> list[tuple[str, str]]:
    """The ``(dimension, name)`` pairs a predicate compares.

    >>> quoted_names("queue in ('tax', 'water') and company == ''")
    [('queue', 'tax'), ('queue', 'water'), ('company', '')]
    """
    found = []
    for node in ast.walk(parsed(text)) if text else ():
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name):
            constants = [part for part in ast.walk(node.comparators[0]) if isinstance(part, ast.Constant)]
            found += [(node.left.id, part.value) for part in constants if isinstance(part.value, str)]
    return found


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
    """A predicate that no row satisfying one of ``texts`` satisfies. A missing value in them lets the row stay.

    >>> neither("wait_ms < 5000")
    '(wait_ms < 5000) is None or not wait_ms < 5000'
    """
    # Without the first half a missing value would make the whole predicate missing, and the row would be lost.
    parts = [f"(({text}) is None or not ({text}))" for text in texts if text]
    return ast.unparse(parsed(both(*parts))) if parts else ""


def checked(text: str, columns: Mapping[str, Kind], wanted: Kind = "flag") -> str:
    """The text itself, if it can be run over rows with these columns.

    Raises:
        BadExpression: it names a column that is not there, or compares what cannot be compared.
    """
    if not text:
        return text
    found = _kind(parsed(text), columns, text)
    if found != wanted:
        why = Text(
            f"这是{KINDS[found].zh}，此处需要{KINDS[wanted].zh}。",
            f"It is a {KINDS[found].en}, where a {KINDS[wanted].en} is needed.",
        )
        raise BadExpression(text, why)
    return text


def to_ibis(text: str, table: Any, resolve: Resolve) -> Any:
    """The predicate, or the sum's integer, as an Ibis expression over ``table``."""
    return _compile(parsed(text), _IbisBuilder(table, resolve))


def to_polars(text: str, resolve: Resolve = name_as_is) -> pl.Expr:
    """The predicate, or the sum's integer, as a Polars expression."""
    return pl.lit(value=True) if not text else _compile(parsed(text), _PolarsBuilder(resolve))


class _PolarsBuilder:
    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def column(self, name: str) -> Any:
        return pl.col(name)

    def constant(self, value: Any) -> Any:
        return pl.lit(value, dtype=pl.Boolean if isinstance(value, bool) else pl.Int64)

    def wide(self, part: Any) -> Any:
        return part.cast(pl.Int64)

    def present(self, _name: str) -> bool:
        return False  # a frame does not say

    def missing(self, part: Any) -> Any:
        return part.is_null()

    def member(self, part: Any, values: list[Any]) -> Any:
        return part.is_in(values) if values else pl.when(part.is_not_null()).then(statement=False)


class _IbisBuilder:
    def __init__(self, table: Any, resolve: Resolve) -> None:
        self.table, self.resolve = table, resolve

    def column(self, name: str) -> Any:
        return self.table[name]

    def constant(self, value: Any) -> Any:
        import ibis  # here, so that reading and checking predicates does not wait for it

        return ibis.literal(value, type="boolean" if isinstance(value, bool) else "int64")

    def wide(self, part: Any) -> Any:
        return part.cast("int64")

    def present(self, name: str) -> bool:
        return name in self.table.columns and not self.table.schema()[name].nullable

    def missing(self, part: Any) -> Any:
        # Ibis writes (NOT x IS NULL) IS NULL without the parentheses, which says something else; a cast keeps them.
        return part.cast("int8").isnull() if part.type().is_boolean() else part.isnull()

    def member(self, part: Any, values: list[Any]) -> Any:
        # ClickHouse holds NULL IN (...) for false, the others for missing: the second half makes it missing there.
        return part.isin(values) | (part != part) if values else part != part


class _Binder(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.values[node.id]) if node.id in self.values else node


def _check(node: ast.AST, text: str) -> None:
    if isinstance(node, ast.Constant):
        fine = (
            isinstance(node.value, str)
            or node.value is None
            or (type(node.value) in (int, bool) and node.value in INT64)
        )
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
        return isinstance(right, ast.Tuple) and all(_is_constant(item) for item in right.elts)
    if isinstance(op, ast.Is | ast.IsNot):
        return isinstance(right, ast.Constant) and right.value is None
    return type(op) in COMPARISONS


def _is_constant(item: ast.expr) -> bool:
    negative = isinstance(item, ast.UnaryOp) and isinstance(item.op, ast.USub)
    inner = item.operand if negative and isinstance(item, ast.UnaryOp) else item
    return isinstance(inner, ast.Constant) and (type(inner.value) is int or (not negative and inner.value is not None))


def _compile(node: ast.expr, build: _PolarsBuilder | _IbisBuilder) -> Any:
    def compiled(part: ast.expr) -> Any:
        return _compile(part, build)

    match node:
        case ast.Name(id=name):
            return build.column(name)
        case ast.Constant(value=value):
            return build.constant(value)
        case ast.BoolOp(op=op, values=values):
            return reduce(operator.and_ if isinstance(op, ast.And) else operator.or_, map(compiled, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~compiled(operand)
        case ast.UnaryOp(operand=operand):
            return -build.wide(compiled(operand))
        case ast.BinOp(left=left, op=op, right=right):
            # int8 + int8 would wrap in one engine and fail in another.
            return SUMS[type(op)](build.wide(compiled(left)), build.wide(compiled(right)))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare(build, left, op, right)
    raise AssertionError(ast.dump(node))


def _compare(build: _PolarsBuilder | _IbisBuilder, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Any:
    subject = _compile(left, build)
    if isinstance(op, ast.Is | ast.IsNot):
        # Nothing that is made of columns which are never missing is missing: no engine needs to look.
        never = all(build.present(part.id) for part in ast.walk(left) if isinstance(part, ast.Name))
        missing = build.constant(value=False) if never else build.missing(subject)
        return missing if isinstance(op, ast.Is) else ~missing
    if isinstance(op, ast.In | ast.NotIn):
        assert isinstance(right, ast.Tuple)
        member = build.member(subject, [_held(build, left, item) for item in right.elts])
        return member if isinstance(op, ast.In) else ~member
    if isinstance(right, ast.Constant) and isinstance(right.value, str):
        return COMPARISONS[type(op)](subject, _held(build, left, right))
    return COMPARISONS[type(op)](subject, _compile(right, build))


def _held(build: _PolarsBuilder | _IbisBuilder, dimension: ast.expr, item: ast.expr) -> Any:
    """What the column holds for a constant: a quoted name becomes what its dimension stores."""
    value = _value(item)
    return build.resolve(dimension.id, value) if isinstance(value, str) and isinstance(dimension, ast.Name) else value


def _value(item: ast.expr) -> Any:
    return ast.literal_eval(item)


def _kind(node: ast.expr, columns: Mapping[str, Kind], text: str) -> Kind:
    """The kind of a part, having checked the parts below it."""
    match node:
        case ast.Name(id=name):
            if name not in columns:
                listed = sorted(columns)
                raise BadExpression(
                    text,
                    Text(
                        f"没有列“{name}”。可用：{'、'.join(listed)}。",
                        f'No column "{name}". There are: {", ".join(listed)}.',
                    ),
                )
            return columns[name]
        case ast.Constant(value=bool()):
            return "flag"
        case ast.Constant(value=int()):
            return "number"
        case ast.BoolOp(values=parts):
            return _all(parts, "flag", "flag", columns, text)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return _all([part], "flag", "flag", columns, text)
        case ast.UnaryOp(operand=part):
            return _all([part], "number", "number", columns, text)
        case ast.BinOp(left=left, right=right):
            return _all([left, right], "number", "number", columns, text)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(left, op, right, columns, text)
    raise BadExpression(text, Text(f"此处不能用 {ast.unparse(node)}。", f"{ast.unparse(node)} cannot stand here."))


def _all(parts: list[ast.expr], wanted: Kind, result: Kind, columns: Mapping[str, Kind], text: str) -> Kind:
    for part in parts:
        if _kind(part, columns, text) != wanted:
            raise BadExpression(
                text,
                Text(
                    f"“{ast.unparse(part)}”不是{KINDS[wanted].zh}。",
                    f'"{ast.unparse(part)}" is not a {KINDS[wanted].en}.',
                ),
            )
    return result


def _compared(
    left: ast.expr, op: ast.cmpop, right: ast.expr, columns: Mapping[str, Kind], text: str
) -> Literal["flag"]:
    kind = _kind(left, columns, text)
    if isinstance(op, ast.Is | ast.IsNot):
        return "flag"
    for item in right.elts if isinstance(right, ast.Tuple) else [right]:
        named = isinstance(item, ast.Constant) and isinstance(item.value, str)
        if named and kind == "name" and isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            continue
        if named or _kind(item, columns, text) != kind:
            shown = ast.unparse(item)
            raise BadExpression(
                text,
                Text(
                    f"“{ast.unparse(left)}”不能与 {shown} 比较。",
                    f'"{ast.unparse(left)}" cannot be compared with {shown}.',
                ),
            )
    return "flag"
