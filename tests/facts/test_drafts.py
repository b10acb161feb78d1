"""A first mapping from a table's columns and cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefloor.facts.detecting import detect
from onefloor.facts.drafts import duration_form, guessed, time_format, with_words
from onefloor.facts.kinds import kind
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.facts.sources.records import cells_of
from onefloor.facts.trial import preview
from onefloor.floor import create_floor


def cells(path: Path, delimiter: str, encoding: str) -> list[dict[str, str | None]]:
    header, *rows = [cells_of(line, delimiter, '"') for line in path.read_text(encoding=encoding).splitlines()]
    return [dict(zip(header, row, strict=False)) for row in rows]


def test_a_guessed_mapping_of_the_example_loads_its_good_rows(examples: Path, tmp_path: Path) -> None:
    path = examples / "tables" / "calls.csv"
    look = detect(path)[0].look
    assert look is not None
    draft = guessed(look.header, cells(path, ";", "utf-8"), name="calls")
    assert draft.content == {
        "name": "calls",
        "target": "contacts",
        "identity": ["id"],
        "columns": {
            "queued_ms": {"column": "begin", "format": "%d.%m.%Y %H:%M:%S"},
            "wait_ms": {"column": "wait", "format": "s"},
            "talk_ms": {"column": "talk", "format": "m:ss"},
            "outcome": {"column": "result", "words": {"answered": "answered", "hung up": "abandoned"}},
            "queue": "queue",
            "agent": "agent",
            "customer": "caller",
        },
    }
    (tmp_path / "m.yaml").write_text(draft.text, encoding="utf-8")
    floor = create_floor(tmp_path / "floor", timezone="Europe/Berlin")
    assert preview(floor, kind("table", read_mapping(tmp_path / "m.yaml")), path).account.loaded == 4


def test_chinese_columns_are_guessed_too(examples: Path) -> None:
    path = examples / "tables" / "surveys.gb18030.csv"
    rows = cells(path, ",", "gb18030")
    columns = guessed(list(rows[0]), rows, name="s", target="surveys").content["columns"]
    assert {"started_ms", "invited_ms", "queue", "agent", "score", "resolved"} <= set(columns)


@pytest.mark.parametrize(
    ("header", "time"), [(["时间", "队列"], "时间"), (["Date", "Queue"], "Date"), (["日期", "开始时间"], "开始时间")]
)
def test_the_only_time_of_a_table_may_be_called_time(header: list[str], time: str) -> None:
    rows = [dict.fromkeys(header, "2026-11-21 09:00:05")]
    assert guessed(header, rows, name="c").content["columns"]["queued_ms"]["column"] == time


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-11-21 09:00:05"], "%Y-%m-%d %H:%M:%S"),
        (["1795294475"], "epoch_s"),
        (["1795294475000"], "epoch_ms"),
        (["13/02/2026 10:00:00"], "%d/%m/%Y %H:%M:%S"),
        (["yesterday"], None),
        (["", " "], None),
    ],
)
def test_the_form_of_times_is_told_from_all_of_them(values: list[str], form: str | None) -> None:
    assert time_format(values) == form


def test_the_form_of_durations_is_told_from_their_colons() -> None:
    assert [duration_form([one]) for one in ("12", "3:10", "0:03:10", "")] == ["s", "m:ss", "h:mm:ss", "s"]


def test_words_are_added_and_the_rest_stays() -> None:
    text = "# ours\ncolumns:\n  queue: q     # the queue\n  outcome: {column: r, words: {a: answered}}\n"
    assert with_words(text, "queue", {"tech2": "tech"}).startswith("# ours\ncolumns:\n")
    assert "words: {a: answered, b: abandoned}" in with_words(text, "outcome", {"b": "abandoned"})
