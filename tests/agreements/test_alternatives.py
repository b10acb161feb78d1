"""What a statement would say without some rows is what settling the floor with that exclusion says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from generated_floor import EVERY_TABLE, FEBRUARY

from onefloor.agreements.alternatives import (
    Alternative,
    alternative,
    by_amount,
    judges_rows,
    settled_without,
    window_of,
)
from onefloor.agreements.history import read_json
from onefloor.agreements.reading_statements import statement_from
from onefloor.agreements.settling import settle_month
from onefloor.agreements.statement import Line, Statement
from onefloor.floor import Floor

START, END = datetime(2026, 2, 1), datetime(2026, 2, 15)
SAME = """\
  - id: disputed
    reason: waiver
    text: {zh: 争议中的话务, en: disputed rows}
    from: 2026-02-01 00:00
    to: 2026-02-15 00:00
    scope: {queue: [billing, service]}
    clauses: ["4.1"]
    approvals:
      - {party: client, person: Li, date: 2026-02-20}
      - {party: company, person: Chen, date: 2026-02-21}
"""


@pytest.fixture(scope="session")
def issued(settled: Path) -> Statement:
    return statement_from(read_json(settled / "statement.json"))


def line_of(statement: Statement, clause: str) -> Line:
    return next(line for line in statement.lines if line.clause == clause)


def test_it_is_what_the_floor_says_with_that_exclusion(generated: Floor, settled: Path, tmp_path: Path):
    found = settled_without(settled / "bundle", window_of("4.1", START, END, ("billing", "service")))
    (tmp_path / "agreement.yaml").write_text(EVERY_TABLE + SAME, encoding="utf-8")
    again = settle_month(generated, tmp_path / "agreement.yaml", FEBRUARY, tmp_path / "out")
    assert found.lines == again.lines
    assert found.totals == again.totals
    rows = {entry.name: entry.rows for entry in found.left_out}
    assert rows["disputed"] == {entry.name: entry.rows for entry in again.left_out}["disputed"] > 0


def test_a_window_beside_the_month_changes_nothing(settled: Path, issued: Statement):
    found = settled_without(settled / "bundle", window_of("4.1", datetime(2026, 3, 1), datetime(2026, 3, 2)))
    number = line_of(issued, "4.1").number
    seen = alternative(issued, number, found)
    assert (seen.rows, seen.moves, seen.others) == (0, Decimal(0), ())


def test_without_its_rows_a_credit_falls_away_and_what_follows_from_it_too(settled: Path, issued: Statement):
    line = line_of(issued, "4.1")
    found = settled_without(settled / "bundle", window_of("4.1", datetime(2026, 2, 1), datetime(2026, 3, 1)))
    seen = alternative(issued, line.number, found)
    assert line.amount < 0
    assert seen.line == (line.amount, Decimal(0))
    assert seen.net == (issued.net, found.net)
    assert seen.moves == found.net - issued.net == -line.amount + sum(moves for _title, moves in seen.others)
    before, after = seen.figures
    assert before is not None
    assert after is not None
    assert (after.figure.numerator, after.figure.denominator) == (0, 0)
    assert seen.rows == before.figure.denominator
    assert seen.as_json()["figures"][0]["numerator"] == before.figure.numerator


def test_an_amount_moves_the_line_and_the_net_by_itself(issued: Statement):
    line = line_of(issued, "4.1")
    seen = by_amount(issued, line.number, Decimal("12.00"))
    assert (seen.line[1] - seen.line[0], seen.moves, seen.figures[0]) == (
        Decimal("12.00"), Decimal("12.00"), seen.figures[1],
    )  # fmt: skip


def test_only_a_clause_that_judges_rows_can_lose_some(settled: Path, issued: Statement):
    judged = {line.clause for line in issued.lines if judges_rows(settled / "bundle", line)}
    assert judged == {"4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9"}


def test_what_else_moves_is_named_with_its_amount(issued: Statement):
    credit, fee = line_of(issued, "4.1"), line_of(issued, "3.1")
    other = replace(fee, amount=fee.amount - Decimal("5.00"))
    lines = tuple(other if line is fee else line for line in issued.lines)
    seen: Alternative = alternative(issued, credit.number, replace(issued, lines=lines))
    assert seen.others == ((fee.title, Decimal("-5.00")),)
