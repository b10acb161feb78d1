"""The reference of the agreement file: its tables are those of the code, its examples read and settle."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agreements import worked
from onefloor.agreements.references import check_metrics
from onefloor.agreements.settlement import ORDER, questions, settle
from onefloor.agreements.terms import parse_agreement, parse_amendment
from onefloor.agreements.terms.reference import reference_tables
from onefloor.findings import Figure
from onefloor.periods import Month

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "agreement.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(agreement:.*?)^```", REFERENCE, re.MULTILINE | re.DOTALL)


def test_the_tables_are_those_of_the_code() -> None:
    assert REFERENCE.endswith(reference_tables())


@pytest.mark.parametrize("text", BLOCKS, ids=["smallest", "with a clause"])
def test_an_agreement_of_the_reference_reads_and_settles(text: str) -> None:
    agreement = parse_agreement(text)
    check_metrics(agreement)
    month = Month(2026, 8)
    answers = {question: Figure(7, 10) for question in questions(agreement, month)}
    statement = settle(agreement, month, answers, facts_through_ms=worked.FAR)
    assert (len(statement.lines) > 0, statement.order) == (True, ORDER)


def test_the_exclusion_of_the_how_to_fits_an_agreement() -> None:
    page = (DOCS / "how-to" / "write-an-agreement.md").read_text(encoding="utf-8")
    (exclusion,) = re.findall(r"^```yaml\n(exclusions:.*?)^```", page, re.MULTILINE | re.DOTALL)
    agreement = parse_agreement(BLOCKS[0])
    changed = parse_amendment(f"amends: own-north\n{exclusion}", agreement)
    assert [found.approved for found in changed.versions[0].exclusions] == [True]
