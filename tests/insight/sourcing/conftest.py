"""Decisions made of a few words: two options whose terms a test gives, and what they cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import Floor, create_floor
from onefloor.insight.sourcing.comparing import Decision, decide
from onefloor.insight.sourcing.reading import parse_sourcing, read_sourcing
from onefloor.insight.sourcing.terms import Sourcing

PLAN = Plan(
    seed=4,
    contacts=150_000,
    months=1,
    staff=60,
    tables=frozenset({"contacts", "roster", "shifts", "agent_states", "surveys"}),
)
Make = Callable[..., Sourcing]
WORK = {
    "handling": "300s",
    "resolved": "80%",
    "occupancy": "75%",
    "utilisation": "80%",
    "hours": "1800",
    "attrition": "20%",
}


def data(one: Mapping[str, Any], other: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A file as plain data: options ``own`` and ``north`` with the same work unless said otherwise."""
    options = [
        {"id": "own", "title": "Own", "form": "own", **WORK, **one},
        {"id": "north", "title": "North", "form": "outsourced", "instructed_by": "vendor", **WORK, **other},
    ]
    head = {
        "sourcing": "made",
        "title": "Made",
        "currency": "CNY",
        "from": "2027-01",
        "volume": "10000",
        "again": "50%",
        "margin": "0.10",
        "law": "none",
    }
    return {**head, "options": options, **more}


def made(one: Mapping[str, Any], other: Mapping[str, Any], **more: Any) -> Sourcing:
    """The same, read; JSON is YAML."""
    return parse_sourcing(json.dumps(data(one, other, **more)))


def decided(sourcing: Sourcing, months: int = 12, draws: int = 400) -> Decision:
    """What comes out, from one seed."""
    return decide(sourcing, months, np.random.default_rng(1), draws)


@pytest.fixture(scope="session")
def make() -> Make:
    """Reads ``make({...}, {...}, margin="1")``."""
    return made


@pytest.fixture(scope="session")
def as_data() -> Callable[..., dict[str, Any]]:
    """The file of ``make`` as plain data."""
    return data


@pytest.fixture(scope="session")
def run() -> Callable[..., Decision]:
    """Compares all options of a decision."""
    return decided


@pytest.fixture(scope="session")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """A month of the generated year, small."""
    made = create_floor(tmp_path_factory.mktemp("year") / "floor", timezone=ZONE)
    fill(with_queues(made, TRUTH), PLAN)
    return made


@pytest.fixture(scope="session")
def section7() -> Sourcing:
    """The invented example whose figures are known."""
    return read_sourcing(Path(__file__).with_name("section7.yaml"))
