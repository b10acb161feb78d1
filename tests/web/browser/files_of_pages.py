"""Files that pages give, opened as their readers open them."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl


def downloaded(page: Any, link: Any, folder: Path) -> Path:
    """Click, and keep the file under the name it comes with."""
    with page.expect_download() as loading:
        link.click()
    file = folder / loading.value.suggested_filename
    loading.value.save_as(file)
    return file


def csv_of(file: Path) -> tuple[dict[str, str], list[list[str]]]:
    """What a CSV says of itself by name, and its rows with the heads first."""
    lines = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    empty = lines.index([])
    return dict(line for line in lines[:empty] if len(line) == 2), lines[empty + 1 :]


def xlsx_of(file: Path) -> tuple[dict[str, str], list[list[object]]]:
    """As ``csv_of``, with numbers and moments as such."""
    rows, about = openpyxl.load_workbook(file).worksheets
    told = {str(name): str(value) for name, value in about.values if value is not None}
    return told, [list(row) for row in rows.values]


def both_files(page: Any, folder: Path) -> tuple[dict[str, str], list[list[str]]]:
    """The CSV of a page, once its XLSX was found to say the same, cell by cell."""
    (told, rows), (also_told, cells) = (
        read(downloaded(page, page.get_by_role("link", name=name), folder))
        for name, read in (("CSV", csv_of), ("XLSX", xlsx_of))
    )
    moment = set(told) - {name for name in told if told[name] == also_told.get(name)}
    assert set(told) == set(also_told)
    assert len(moment) <= 1, moment  # when it was taken out
    assert [[as_cell(one, like) for one, like in zip(row, other, strict=True)]
            for row, other in zip(rows, cells, strict=True)] == cells  # fmt: skip
    return told, rows


def as_cell(text: str, like: object) -> object:
    """The text of a CSV as the kind of value that a workbook has there."""
    if isinstance(like, datetime):
        return datetime.fromisoformat(text)
    if isinstance(like, int | float):
        return float(text)
    return text or None if like is None else text


def number_of(text: str) -> Decimal | None:
    """The number in a cell of a page or file: a length ``m:ss`` in whole seconds, nothing for a dash."""
    text = text.strip().removesuffix("%").replace(",", "").replace("−", "-")
    if text in ("", "—", "–"):
        return None
    minutes, colon, seconds = text.partition(":")
    return Decimal(int(minutes) * 60 + int(seconds)) if colon else Decimal(text)
