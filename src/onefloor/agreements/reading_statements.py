"""A statement read back from its JSON, so that it can be shown in any form without its rows."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from onefloor.agreements.statement import Carried, LeftOut, Line, LineFigure, Statement, Step
from onefloor.findings import Figure, Question, Scope
from onefloor.language import Text
from onefloor.periods import Month

Data = Mapping[str, Any]


def statement_from(data: Data) -> Statement:
    """The statement whose ``as_json`` this is.

    Raises:
        KeyError, TypeError, ValueError, ArithmeticError: it is none.
    """
    plain = (
        "agreement", "terms_from", "terms_digest", "client", "company", "month", "timezone", "currency",
        "data_version", "provisional", "shadow",
    )  # fmt: skip
    return Statement(
        **{name: data[name] for name in plain},
        facts_through_ms=int(data["facts_through_ms"]),
        title=_text(data["title"]),
        lines=tuple(_line(line) for line in data["lines"]),
        left_out=tuple(_left_out(item) for item in data["left_out"]),
        order=tuple(_text(step) for step in data["order"]),
        totals=tuple((name, Decimal(amount)) for name, amount in data["totals"]),
        carried=tuple(Carried(one["clause"], one["outcome"], Decimal(one["credit"])) for one in data["carried"]),
    )


def scope_from(predicate: str) -> Scope:
    """The scope that is written so.

    >>> written = "(company == 'North' or (company == '' and queue in ('tax',))) and team in ('a', 'b')"
    >>> scope_from(written).predicate() == written
    True

    Raises:
        ValueError: no scope is written so.
    """
    try:
        parts = _among(ast.And, ast.parse(predicate, mode="eval").body) if predicate else []
    except (SyntaxError, RecursionError):
        raise ValueError(predicate) from None
    company, unassigned, shared, where = None, False, (), []
    for part in parts:
        owners = _among(ast.Or, part)
        if len(owners) == 2:  # its own rows, or nobody's
            unassigned, shared = True, tuple(name for one in _among(ast.And, owners[1])[1:] for name in _names(one)[1])
        dimension, names = _names(owners[0])
        if dimension == "company" and isinstance(names, str):
            company = names
        else:
            where.append((dimension, tuple(names)))
    return Scope(company, tuple(where), unassigned, shared)


def _among(kind: type[ast.boolop], node: ast.expr) -> list[ast.expr]:
    """What a chain of one connective connects."""
    return node.values if isinstance(node, ast.BoolOp) and isinstance(node.op, kind) else [node]


def _names(node: ast.expr) -> tuple[str, Any]:
    """``company == 'North'`` as the pair it says."""
    if not isinstance(node, ast.Compare) or not isinstance(node.left, ast.Name):
        raise ValueError(ast.unparse(node))
    return node.left.id, ast.literal_eval(node.comparators[0])


def _line(data: Data) -> Line:
    return Line(
        number=data["number"],
        clause=data["clause"],
        kind=data["kind"],
        title=_text(data["title"]),
        clause_text=_text(data["clause_text"]),
        words=_text(data["words"]),
        outcome=data["outcome"],
        amount=Decimal(data["amount"]),
        band=_text(data["band"]) if data["band"] else None,
        steps=tuple(_step(step) for step in data["steps"]),
        figures=tuple(_figure(figure) for figure in data["figures"]),
    )


def _step(data: Data) -> Step:
    return Step(_text(data["text"]), data["formula"], _amount(data["amount"]))


def _figure(data: Data) -> LineFigure:
    asked, found = data["question"], data["figure"]
    first, last = Month.parse(asked["first"]), Month.parse(asked["last"])
    return LineFigure(
        _text(data["title"]),
        Question(asked["metric"], scope_from(asked["scope"]), first, last, tuple(asked["without"])),
        Figure(int(found["numerator"]), int(found["denominator"]), found["provisional"]),
        _amount(data["value"]),
        data["unit"],
        data["version"],
        data["role"],
    )


def _left_out(data: Data) -> LeftOut:
    return LeftOut(
        data["name"],
        _text(data["reason"]),
        data["predicate"],
        int(data["rows"]),
        tuple(data["clauses"]),
        tuple((party, date) for party, date in data["approvals"]),
        data["applied"],
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(data: Data) -> Text:
    return Text(data["zh"], data["en"])
