"""A small floor for the commands of planning: two queues, two companies, fifteen weeks of calls that are drawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from onefloor.facts import roster
from onefloor.facts.load import load_files
from onefloor.facts.sources import table
from onefloor.facts.sources.reading_mappings import mapping_of
from onefloor.floor import create_floor, open_floor

MAPPING = """
name: drawn
target: contacts
identity: [id]
columns:
  contact: id
  queued_ms: {column: begin, format: "%Y-%m-%d %H:%M:%S"}
  wait_ms: {column: wait, format: s}
  talk_ms: {column: talk, format: s}
  outcome: {column: result, words: {answered: answered, left: abandoned}}
  queue: queue
  agent: agent
"""
QUEUES = """
[queues.tax]
skill = "money"
company = "Own"
[queues.water]
company = "North"
"""
HEADER = "agent,name,company,employment,site,team,hired,from,to"
FIRST = datetime(2026, 3, 2)
LAST_HOUR = datetime(2026, 6, 15, 12)  # the last day is half known
WEEK = (40, 36, 34, 34, 36, 20, 12)


@pytest.fixture(scope="session")
def planning_floor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The floor's folder; every caller waits half a minute, one in five leaves then."""
    folder = tmp_path_factory.mktemp("planning")
    root = folder / "floor"
    create_floor(root, timezone="Asia/Shanghai")
    with (root / "floor.toml").open("a", encoding="utf-8") as file:
        file.write(QUEUES)
    calls = folder / "calls.csv"
    calls.write_text("id,queue,begin,wait,talk,result,agent\n" + "\n".join(_calls()) + "\n", encoding="utf-8")
    people = folder / "roster.csv"
    people.write_text("\n".join([HEADER, *_people()]) + "\n", encoding="utf-8")
    mapping = mapping_of(MAPPING, "drawn")
    load_files(open_floor(root), roster.SOURCE, roster.read, [people])
    load_files(open_floor(root), table.SOURCE, table.reader(mapping), [calls], options=mapping.digest)
    return root


def _people() -> list[str]:
    """Five agents of the client's own, four of North."""
    whose = ["Own,own"] * 5 + ["North,outsourced"] * 4
    return [f"100{n},Agent {n},{company},Here,A,2024-01-01,2024-01-01," for n, company in enumerate(whose)]


def _calls() -> list[str]:
    rng, rows, day = np.random.default_rng(7), [], FIRST
    while day < LAST_HOUR:
        for queue, scale in (("tax", 1.0), ("water", 0.6)):
            for _ in range(rng.poisson(scale * WEEK[day.weekday()])):
                at = day + timedelta(minutes=int(rng.integers(8 * 60, 20 * 60)), seconds=int(rng.integers(60)))
                if at < LAST_HOUR:
                    rows.append(_call(len(rows), queue, at, left=rng.random() < 0.2, talk=int(rng.gamma(4, 60)) + 1))
        day += timedelta(days=1)
    return rows


def _call(number: int, queue: str, at: datetime, *, left: bool, talk: int) -> str:
    end = ",left," if left else f"{talk},answered,100{number % 9}"
    return f"{number},{queue},{at},30,{end}"
