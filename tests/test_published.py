"""Figures that others have published or counted, through the whole program: load, prepare, measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onefloor.facts.load import load_files
from onefloor.facts.sources import amazon_connect, asterisk, table
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.findings import Figure
from onefloor.floor import create_floor
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month

ROOT = Path(__file__).parents[1]
SHARED = ROOT / "../shared/data"
BANK = SHARED / "anonymous_bank_1999"
MONTHS = {"1999_01": Month(1999, 1), "1999_02": Month(1999, 2)}
LEVELS = {
    "F1": "sl20_short_abandons_counted_as_good",
    "F2": "sl20_answered_over_answered",
    "F3": "sl20_answered_over_offered",
    "F4": "sl20_short_abandons_excluded",
}
ASKED = (
    "offered_contacts", "handled_legs", "abandonment", "asa", "talk_time", "handled_time",
    *(f"service_level:formula={formula},within=20s" for formula in LEVELS),
)  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    if not BANK.exists():
        pytest.skip("the Anonymous Bank files are not beside the checkout")
    floor = create_floor(tmp_path_factory.mktemp("bank") / "floor", timezone="Asia/Jerusalem")
    mapping = read_mapping(ROOT / "examples/mappings/anonymous-bank.yaml")
    files = [BANK / f"{name}.tsv.gz" for name in MONTHS]
    load_files(floor, table.SOURCE, table.reader(mapping), files, options=mapping.digest)
    return prepare(floor)


def expected(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((BANK / "expected.json").read_text())[name]
    return content


def groups(prepared: Prepared, by: str, month: Month, *asked: str) -> dict[Any, dict[str, Figure]]:
    found = measure(prepared, asked, [by], months=[month])
    return {row.key[by]: dict(row.figures) for row in found.rows}


def mean(figure: Figure, unit: int = 1) -> float | None:
    """To the six places in which the figures are published."""
    return None if figure.denominator == 0 else round(figure.numerator / figure.denominator / unit, 6)


def as_published(figures: dict[str, Figure]) -> dict[str, int | float | None]:
    four = {formula: figures[f"service_level:formula={formula},within=20s"] for formula in LEVELS}
    return {
        "offered": figures["offered_contacts"].numerator,
        "answered": figures["handled_legs"].numerator,
        "abandoned_in_queue": figures["abandonment"].numerator,
        "abandon_rate": mean(figures["abandonment"]),
        "asa_s": mean(figures["asa"], 1000),
        "mean_service_s": mean(figures["talk_time"], 1000),
        "service_hours": round(figures["handled_time"].numerator / 3_600_000, 6),
        "answered_within_20s": four["F3"].numerator,
        "abandoned_within_20s": four["F1"].numerator - four["F3"].numerator,
        **{name: mean(four[formula]) for formula, name in LEVELS.items()},
    }


def published(row: dict[str, Any]) -> dict[str, int | float | None]:
    names = (
        "offered", "answered", "abandoned_in_queue", "abandon_rate", "asa_s", "mean_service_s", "service_hours",
        "answered_within_20s", "abandoned_within_20s", *LEVELS.values(),
    )  # fmt: skip
    return {name: row[name] for name in names}


@pytest.mark.parametrize("name", MONTHS)
def test_the_bank_s_month_has_the_published_figures(bank: Prepared, name: str) -> None:
    (figures,) = groups(bank, "month", MONTHS[name], *ASKED).values()
    assert as_published(figures) == published(expected(name)["all"])


@pytest.mark.parametrize("name", MONTHS)
def test_every_type_of_call_has_the_published_figures(bank: Prepared, name: str) -> None:
    found = groups(bank, "topic", MONTHS[name], *ASKED)
    wanted = expected(name)["by_type"]
    assert {topic: as_published(figures) for topic, figures in found.items()} == {
        topic: published(row) for topic, row in wanted.items()
    }


@pytest.mark.parametrize("name", MONTHS)
def test_every_agent_has_the_published_figures(bank: Prepared, name: str) -> None:
    found = groups(bank, "agent", MONTHS[name], "talk_time")
    assert {
        agent or "NO_SERVER": (figures["talk_time"].denominator, figures["talk_time"].numerator // 1000)
        for agent, figures in found.items()
    } == {agent: (row["answered"], row["service_s"]) for agent, row in expected(name)["by_agent"].items()}


def test_the_pbx_run_has_the_counts_of_its_log(tmp_path: Path, examples: Path) -> None:
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    load_files(floor, asterisk.SOURCE, asterisk.read, [examples / "asterisk_run/queue_log"])
    asked = ("offered_contacts", "handled_legs", "abandonment", "asa", "talk_time", "transfers", "service_level")
    found = groups(prepare(floor), "queue", Month(2026, 11), *asked, "ring_no_answer")
    rings = [figures.pop("ring_no_answer") for figures in found.values()]
    # offered, answered, abandoned, waits of the answered, talk, transfers, answered within 20 s and its denominator
    assert {queue: [(f.numerator, f.denominator) for f in figures.values()] for queue, figures in found.items()} == {
        "english": [
            (47, 1), (37, 1), (4, 47), (342_000, 37), (453_000, 37), (2, 37), (34, 37),
        ],
        "tax": [
            (138, 1), (123, 1), (6, 138), (838_000, 123), (1_602_000, 123), (5, 123), (122, 123),
        ],
        "water": [
            (247, 1), (187, 1), (43, 247), (2_109_000, 187), (2_495_000, 187), (9, 187), (173, 190),
        ],
    }  # fmt: skip
    assert (sum(ring.numerator for ring in rings), sum(ring.denominator for ring in rings)) == (42, 42 + 347)


def test_the_amazon_connect_records_have_the_figures_worked_out_by_hand(tmp_path: Path) -> None:
    folder = SHARED / "acd_formats"
    if not folder.exists():
        pytest.skip("the Amazon Connect records are not beside the checkout")
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    load_files(floor, amazon_connect.SOURCE, amazon_connect.read, [folder / "amazon_connect/contact_records.jsonl"])
    voice = json.loads((folder / "expected.json").read_text())["amazon_connect"]["voice"]
    asked = ("offered_contacts", "handled_legs", "abandonment", "asa", "aht", "service_level:formula=F3")
    figures = groups(prepare(floor), "channel", Month(2026, 3), *asked)["voice"]
    assert {
        "offered": figures["offered_contacts"].numerator,
        "answered": figures["handled_legs"].numerator,
        "abandoned_in_queue": figures["abandonment"].numerator,
        "asa_s": mean(figures["asa"], 1000),
        "aht_s": mean(figures["aht"], 1000),
        "answered_within_20s": figures["service_level:formula=F3"].numerator,
    } == {name: value for name, value in voice.items() if name != "ended_before_queue"}
