from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from onefloor_web.platform.spreadsheets.files import Sheet, as_csv, as_xlsx, harmless

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]
SHEET = Sheet("=title", [("Scope", "=scope")], ["=head", "n"], [["=1+1", 5], ["tech", Decimal("78.90")]])


@pytest.mark.parametrize("text", EVIL)
def test_text_that_would_be_run_as_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_numbers_and_dates_stay_what_they_are() -> None:
    at = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)
    cells = [-5, Decimal("-1.10"), None, date(2026, 11, 5), "tech"]
    assert [harmless(cell) for cell in cells] == ["-5", "-1.10", "", "2026-11-05", "tech"]
    assert harmless(at).startswith("2026-11-05 ")


def test_a_csv_begins_with_what_it_is_of() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(SHEET).decode("utf-8-sig"))))
    assert rows == [["'=title"], ["Scope", "'=scope"], [], ["'=head", "n"], ["'=1+1", "5"], ["tech", "78.90"]]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(SHEET))) as book:
        rows, about = (book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    assert ("<f>" in rows + about, "<v>5</v>" in rows, "<v>78.90</v>" in rows) == (False, True, True)
