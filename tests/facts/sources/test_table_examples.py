"""Every example mapping with its table: what is loaded, what is set aside and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from onefloor.facts.load import load_files
from onefloor.facts.sources import table
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.facts.store import Account, scan
from onefloor.floor import create_floor
from onefloor.periods import MS_PER_HOUR

# By mapping: its file, then lines, loaded, duplicates, ignored, quarantined and the reasons.
EXAMPLES: dict[str, tuple[Any, ...]] = {
    "calls": (
        "calls.csv", 8, 3, 1, 1, 3,
        {"test_calls": 1, "bad_time:queued_ms": 1, "wrong_field_count": 1, "negative:talk_ms": 1,
         "note:waited_more_than_a_minute": 1},
    ),
    "agent-states": ("agent_states.csv", 4, 4, 0, 0, 0, {}),
    "surveys": ("surveys.gb18030.csv", 4, 2, 1, 0, 1, {"unknown_word:score": 1, "older_revision": 1}),
    "sales": ("sales.csv", 4, 3, 0, 0, 1, {"bad_number:amount_minor": 1}),
    "complaints": ("complaints.csv", 3, 2, 0, 0, 1, {"received_before_started": 1}),
    "evaluations": ("evaluations.csv", 3, 3, 0, 0, 0, {}),
    "shifts": ("shifts.csv", 4, 4, 0, 0, 0, {}),
    "forecasts": ("forecasts.csv", 3, 2, 0, 0, 1, {"out_of_range:contacts": 1}),
    "duties": ("duties.csv", 3, 3, 0, 0, 0, {}),
}  # fmt: skip


def loaded(name: str, examples: Path, tmp_path: Path) -> tuple[Account, pl.DataFrame]:
    mapping = read_mapping(examples / f"mappings/{name}.yaml")
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    file = examples / "tables" / EXAMPLES[name][0]
    account = load_files(floor, table.SOURCE, table.reader(mapping), [file], options=mapping.digest)
    return account, scan(floor, mapping.target).collect().sort("line", "started_ms")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_loads_as_it_says(name: str, examples: Path, tmp_path: Path) -> None:
    _file, lines, rows, duplicates, ignored, quarantined, reasons = EXAMPLES[name]
    account, _facts = loaded(name, examples, tmp_path)
    assert account.as_json() == {
        "source": "table", "lines": lines, "loaded": rows, "duplicates": duplicates, "ignored": ignored,
        "quarantined": quarantined, "reasons": dict(sorted(reasons.items())),
    }  # fmt: skip


def test_every_mapping_of_the_examples_is_tested(examples: Path) -> None:
    elsewhere = {"anonymous-bank", "roster"}  # tested in test_published.py and with the rosters
    assert {path.stem for path in (examples / "mappings").glob("*.yaml")} == {*EXAMPLES} | elsewhere


def test_the_call_list_becomes_legs(examples: Path, tmp_path: Path) -> None:
    _account, facts = loaded("calls", examples, tmp_path)
    columns = ("contact", "outcome", "wait_ms", "talk_ms", "topic", "agent", "channel", "leg", "month")
    assert facts.select(columns).rows() == [
        ("K-1", "answered", 12_000, 190_000, "bill too high", "1001", "voice", 1, 202611),
        ("K-2", "abandoned", 95_000, None, "new bill", None, "voice", 1, 202611),
        ("K-3", "answered", 4_000, 721_000, "deadline", "2001", "voice", 1, 202611),
    ]
    assert (facts["ended_ms"] - facts["started_ms"]).to_list() == [202_000, 95_000, 725_000]


def test_states_over_midnight_are_cut_there(examples: Path, tmp_path: Path) -> None:
    _account, facts = loaded("agent-states", examples, tmp_path)
    hours = ((facts["ended_ms"] - facts["started_ms"]) * 60 // MS_PER_HOUR).to_list()
    assert list(zip(facts["line"], hours, strict=True)) == [(2, 90), (3, 10), (4, 20), (4, 360), (5, 960)]
    assert facts["row_id"].n_unique() == 5
    assert facts["group_id"].n_unique() == 4


def test_the_newest_revision_of_a_survey_counts(examples: Path, tmp_path: Path) -> None:
    _account, facts = loaded("surveys", examples, tmp_path)
    assert facts.select("contact", "score", "resolved", "queue").rows() == [
        ("A2", 4, True, "水费"),
        ("A1", 5, True, "水费"),
    ]


def test_a_night_shift_ends_on_the_next_day(examples: Path, tmp_path: Path) -> None:
    _account, facts = loaded("shifts", examples, tmp_path)
    minutes = ((facts["ended_ms"] - facts["started_ms"]) // 60_000).to_list()
    rows = list(zip(facts["activity"], facts["paid"], minutes, strict=True))
    assert rows == [("work", True, 240), ("break", False, 30), ("work", True, 210), ("leave", True, 480)]
