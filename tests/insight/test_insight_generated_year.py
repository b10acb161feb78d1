"""Watch and explain find what is true of the generated year: the day of the outage, the dispute nobody trained for."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onefloor.cli import main
from onefloor.demo.calendar import holiday_days
from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import create_floor
from onefloor.periods import day_of

# A threshold near 3 misses some outages of smaller floors; this is a year in which both can be seen.
PLAN = Plan(seed=1, contacts=1_000_000, months=11, tables=frozenset({"contacts", "legs", "roster"}))


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = create_floor(tmp_path_factory.mktemp("year") / "floor", timezone=ZONE)
    fill(with_queues(made, TRUTH), PLAN)
    return made.root


def findings(capsys: pytest.CaptureFixture[str], *asked: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main([*asked, "--no-picture", "--json"]) == 0
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return told


def test_watch_finds_the_day_of_the_outage_and_no_other(
    floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    holidays = tmp_path / "holidays.txt"
    holidays.write_text("".join(f"{day_of(day)}\n" for day in sorted(holiday_days())), encoding="utf-8")
    asked = ("--metric", "aht", "--from", "2026-11", "--to", "2026-11", "--holidays", str(holidays))
    (found,) = findings(capsys, "watch", str(floor), *asked)
    assert found["verdict"] == "signal"
    outage = date(2026, TRUTH.outage.month + 1, TRUTH.outage.day).isoformat()
    assert [(one["first"], one["last"]) for one in found["details"]["changes"]] == [(outage, outage)]
    hours = re.search(r"most of all (\d\d):\d\d-(\d\d):\d\d", found["sentence"]["en"])
    assert hours is not None
    assert abs(int(hours[1]) - TRUTH.outage.from_hour) <= 1
    assert abs(int(hours[2]) - TRUTH.outage.until_hour) <= 1


def test_explain_names_the_dispute_that_nobody_was_trained_for(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--metric", "fcr:within=7d", "--month", "2026-10", "--against", "2026-08")
    (found,) = findings(capsys, "explain", str(floor), *asked)
    named = [one["conditions"] for one in found["details"]["segments"]]
    assert {"company": "North", "topic": "bill_dispute"} in named
