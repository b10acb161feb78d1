"""Patience from the facts of a floor with rings and keys comes out as it was drawn, by both ways that estimate it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from onefloor.cli import main
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
  ring_ms: {column: ring, format: s}
  talk_ms: {column: talk, format: s}
  outcome: {column: result, words: {answered: answered, left: abandoned, key: exit_key}}
  queue: queue
  agent: agent
"""
FIRST = datetime(2026, 3, 2)
DAYS, A_DAY, RING_S, PATIENCE_S, KEY = 63, 120, 6, 90.0, 0.3


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An agent's line rings six seconds; three in ten of those who leave press the key."""
    folder = tmp_path_factory.mktemp("patience")
    create_floor(folder / "floor", timezone="Asia/Shanghai")
    calls = folder / "calls.csv"
    calls.write_text("id,queue,begin,wait,ring,talk,result,agent\n" + "\n".join(_calls()) + "\n", encoding="utf-8")
    mapping = mapping_of(MAPPING, "drawn")
    load_files(open_floor(folder / "floor"), table.SOURCE, table.reader(mapping), [calls], options=mapping.digest)
    return folder / "floor"


def _calls() -> list[str]:
    rng = np.random.default_rng(3)
    rows = []
    for number in range(DAYS * A_DAY):
        offered, patience = rng.exponential(45.0), rng.exponential(PATIENCE_S)
        begin = FIRST + timedelta(days=number // A_DAY, seconds=int(rng.integers(8 * 3600, 20 * 3600)))
        if patience < offered:
            end = f"{patience:.3f},,,{'key' if rng.random() < KEY else 'left'},"
        else:
            end = f"{offered + RING_S:.3f},{RING_S},{int(rng.gamma(4, 60)) + 1},answered,1001"
        rows.append(f"{number},tax,{begin},{end}")
    return rows


def test_neither_rings_nor_keys_make_customers_look_more_patient(
    floor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "staff",
        str(floor),
        "--target",
        "service_level >= 80% in 20s",
        "--horizon",
        "1d",
        "--no-picture",
        "--json",
    ]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["patience_s"]["tax"] == pytest.approx(PATIENCE_S, rel=0.06)
    assert main([*asked, "--method", "simulate"]) == 0
    told = json.loads(capsys.readouterr().out)["laws"]["tax"]["patience"]
    assert (told["law"], told["not_fitted"]) == ("exponential", None)
    assert told["mean_s"] == pytest.approx(PATIENCE_S, rel=0.06)
