"""The small expression language of table mappings, compiled to Polars.

A formula is one Python expression of a fixed grammar, never executed as Python. Names::

    outcome               a column of the file, as text; nothing there = missing
    column('vru+line')    a column whose name is not a plain word
    value.waited          a value that the mapping defined before
    fact.queued_ms        a column of the fact that the mapping defined before

Comparisons (``== != < <= > >= in``), ``and or not``, ``+ -`` (numbers; ``+`` also joins texts), ``a if test else b``,
and the functions of ``FUNCTIONS``. A missing value equals only ``''`` and ``None``; every other comparison with it is
false.
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from onefloor.language import Text

LONGEST = 2_000
COLUMN, VALUE, FACT = "c:", "v:", "f:"


class BadFormula(Exception):
    """A formula that is not of the grammar; ``what`` says which part."""

    def __init__(self, what: Text) -> None:
        self.what = what
        super().__init__(what.en)


@dataclass(frozen=True, slots=True)
class Formula:
    """A compiled formula: its text, the prefixed names it reads, and its Polars expression."""

    text: str
    names: frozenset[str]
    expr: pl.Expr


def _text(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String)


def _number(value: pl.Expr) -> pl.Expr:
    """Whole numbers; anything else is missing."""
    return value.cast(pl.Int64, strict=False)


FUNCTIONS: dict[str, Callable[..., pl.Expr]] = {
    "contains": lambda text, part: text.str.contains(part, literal=True).fill_null(value=False),
    "starts_with": lambda text, part: text.str.starts_with(part).fill_null(value=False),
    "ends_with": lambda text, part: text.str.ends_with(part).fill_null(value=False),
    "empty": lambda value: value.is_null(),
    "first": lambda *values: pl.coalesce(*values),
    "length": lambda text: text.str.len_chars().cast(pl.Int64).fill_null(0),
    "lower": lambda text: text.str.to_lowercase(),
    "upper": lambda text: text.str.to_uppercase(),
    "number": _number,
    "text": _text,
}
_ARGUMENTS = {"contains": 2, "starts_with": 2, "ends_with": 2}
_ORDER: dict[type[ast.cmpop], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def compiled(text: str) -> Formula:
    """Compile a formula.

    Raises:
        BadFormula: it is not of the grammar.

    >>> sorted(compiled("outcome == 'HANG' and not empty(value.waited)").names)
    ['c:outcome', 'v:waited']
    """
    if len(text) > LONGEST:
        raise BadFormula(Text(f"表达式超过 {LONGEST} 个字符。", f"The formula is longer than {LONGEST} characters."))
    try:
        tree = ast.parse(text.strip(), mode="eval")
        names: set[str] = set()
        expr = _expr(tree.body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadFormula(Text(f"无法识别表达式“{text}”。", f'"{text}" is not a formula.')) from None
    return Formula(text, frozenset(names), expr)


def checked(formula: Formula, types: Mapping[str, pl.DataType]) -> pl.DataType:
    """The type a formula yields, given the types of the prefixed names it reads.

    Raises:
        BadFormula: its parts do not fit together, such as a text compared with a number.
    """
    empty = pl.DataFrame(schema={name: types[name] for name in sorted(formula.names)} | {"": pl.Int8})
    try:
        return empty.lazy().select(formula.expr.alias("formula")).collect().schema["formula"]
    except (pl.exceptions.PolarsError, TypeError):
        raise BadFormula(
            Text(
                f"“{formula.text}”的各部分类型不符。文件的列是文本，比较数字请用 number(列)。",
                f'The parts of "{formula.text}" do not fit together. '
                "Columns of the file are text; compare numbers with number(column).",
            )
        ) from None


def _expr(node: ast.expr, names: set[str]) -> pl.Expr:
    compile_node = _NODES.get(type(node))
    if compile_node is None:
        raise _refused(node)
    return compile_node(node, names)


def _refused(node: ast.AST) -> BadFormula:
    part = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
    return BadFormula(Text(f"表达式中不能使用“{part}”。", f'"{part}" cannot be used in a formula.'))


def _constant(node: ast.Constant, _names: set[str]) -> pl.Expr:
    if isinstance(node.value, bool | str | None) or (isinstance(node.value, int) and abs(node.value) < 2**63):
        return pl.lit(None) if node.value == "" else pl.lit(node.value)
    raise _refused(node)


def _name(node: ast.Name, names: set[str]) -> pl.Expr:
    names.add(COLUMN + node.id)
    return pl.col(COLUMN + node.id)


def _attribute(node: ast.Attribute, names: set[str]) -> pl.Expr:
    if not (isinstance(node.value, ast.Name) and node.value.id in ("value", "fact")):
        raise _refused(node)
    name = (VALUE if node.value.id == "value" else FACT) + node.attr
    names.add(name)
    return pl.col(name)


def _call(node: ast.Call, names: set[str]) -> pl.Expr:
    if not isinstance(node.func, ast.Name) or node.keywords or not node.args:
        raise _refused(node)
    called = node.func.id
    if called == "column":
        if len(node.args) != 1 or not (isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)):
            raise _refused(node)
        names.add(COLUMN + node.args[0].value)
        return pl.col(COLUMN + node.args[0].value)
    if called not in FUNCTIONS or (called != "first" and len(node.args) != _ARGUMENTS.get(called, 1)):
        raise _refused(node)
    return FUNCTIONS[called](*(_expr(argument, names) for argument in node.args))


def _compare(node: ast.Compare, names: set[str]) -> pl.Expr:
    sides = [node.left, *node.comparators]
    tests = [_test(sides[i], how, sides[i + 1], names) for i, how in enumerate(node.ops)]
    return functools.reduce(operator.and_, tests)


def _test(left: ast.expr, how: ast.cmpop, right: ast.expr, names: set[str]) -> pl.Expr:
    if isinstance(how, ast.In | ast.NotIn):
        if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
            raise _refused(right)
        any_of = functools.reduce(operator.or_, (_test(left, ast.Eq(), one, names) for one in right.elts))
        return ~any_of if isinstance(how, ast.NotIn) else any_of
    one, other = _expr(left, names), _expr(right, names)
    if isinstance(how, ast.Eq):
        return one.eq_missing(other)
    if isinstance(how, ast.NotEq):
        return one.ne_missing(other)
    if type(how) not in _ORDER:
        raise _refused(left)
    return _ORDER[type(how)](one, other).fill_null(value=False)


def _logical(node: ast.BoolOp, names: set[str]) -> pl.Expr:
    join = operator.and_ if isinstance(node.op, ast.And) else operator.or_
    return functools.reduce(join, (_expr(part, names) for part in node.values))


def _unary(node: ast.UnaryOp, names: set[str]) -> pl.Expr:
    if isinstance(node.op, ast.Not):
        return ~_expr(node.operand, names)
    if isinstance(node.op, ast.USub):
        return -_expr(node.operand, names)
    raise _refused(node)


def _arithmetic(node: ast.BinOp, names: set[str]) -> pl.Expr:
    one, other = _expr(node.left, names), _expr(node.right, names)
    if isinstance(node.op, ast.Add):
        return one + other
    if isinstance(node.op, ast.Sub):
        return one - other
    raise _refused(node)


def _choice(node: ast.IfExp, names: set[str]) -> pl.Expr:
    test, yes, no = (_expr(part, names) for part in (node.test, node.body, node.orelse))
    return pl.when(test).then(yes).otherwise(no)


_NODES: dict[type[ast.expr], Callable[..., pl.Expr]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.BoolOp: _logical,
    ast.UnaryOp: _unary,
    ast.BinOp: _arithmetic,
    ast.IfExp: _choice,
}
