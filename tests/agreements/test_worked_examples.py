"""The acceptance tests of money: every worked example comes out as written, line by line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agreements import worked
from onefloor.agreements.statement import Line, Statement
from onefloor.agreements.terms.clauses import CLAUSES
from onefloor.agreements.terms.prices import PRICES
from onefloor.money import total
from onefloor.periods import Month

EXAMPLES = sorted(worked.FOLDER.glob("*.yaml"))


def amounts(statement: Statement, wanted: dict[str, Any]) -> dict[str, Any]:
    """The statement's lines in the shape the example uses: an amount, or an amount and an outcome."""
    found = {}
    for line in statement.lines:
        key = line.clause or line.kind
        if key in wanted:
            found[key] = [line.amount, line.outcome] if isinstance(wanted[key], list) else line.amount
    return found


def exact(expected: Any) -> Any:
    if isinstance(expected, list):
        return [Decimal(str(expected[0])).quantize(Decimal("0.01")), expected[1]]
    return Decimal(str(expected)).quantize(Decimal("0.01"))


def of_clause(statement: Statement, number: str) -> Line:
    return next(line for line in statement.lines if line.clause == number)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_comes_out_as_its_story_says(path: Any) -> None:
    example = worked.read(path)
    agreement = worked.agreement_of(example["terms"])
    nets = []
    for month, expected in example["expect"].items():
        statement = worked.settled(agreement, example["figures"], Month.parse(month))
        assert amounts(statement, expected["lines"]) == {key: exact(v) for key, v in expected["lines"].items()}
        assert {line.clause or line.kind for line in statement.lines if line.amount} <= set(expected["lines"])
        assert statement.net == exact(expected["total"]) == total([line.amount for line in statement.lines])
        for number, formulas in expected.get("steps", {}).items():
            assert [step.formula for step in of_clause(statement, number).steps] == formulas
        for number, words in expected.get("words", {}).items():
            assert words in of_clause(statement, number).words.en
        assert {entry.name: entry.rows for entry in statement.left_out} == expected.get("left_out", {})
        nets.append(statement.net)
    assert total(nets) == exact(example["sum"]) if "sum" in example else True


def kinds_used(section: str) -> set[str]:
    return {part["kind"] for path in EXAMPLES for part in worked.read(path)["terms"].get(section, [])}


def test_every_clause_and_every_price_basis_has_an_example() -> None:
    assert (kinds_used("clauses"), kinds_used("price")) == (set(CLAUSES), set(PRICES))


def test_every_example_tells_its_story() -> None:
    assert len(EXAMPLES) >= 20
    assert [path.stem for path in EXAMPLES if not (worked.read(path)["title"] and worked.read(path)["story"])] == []
