"""Benchmarks of the insight core fail where a goal is missed, and none is left out of the quick run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
CPU = {"comparison": 2.0, "group_by": 1.0, "rows": 30.0}


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(FOLDER))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("insight_", "run_all")):
            del sys.modules[name]


def never(*_: object, **__: object) -> Any:
    return (1.0, 1.0, 1.0)


def effects(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    script = import_module("insight_effects")
    for name in ("looked_at", "looked_at_by_month", "looked_at_weeks", "steps", "jumps", "placebos"):
        monkeypatch.setattr(script, name, never)
    monkeypatch.setattr(script, "picked_few", lambda *_: (1.0, 1.0))
    monkeypatch.setattr(script, "LOW", ())
    monkeypatch.setattr(script, "RANDOM", ())
    return script


def of_worlds(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    script = import_module(name)
    monkeypatch.setattr(script, "WORLDS", {})
    monkeypatch.setattr(script, "missed", lambda _: ["a goal"])
    return script


def speed(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    script = import_module("insight_speed")
    monkeypatch.setattr(script, "made", lambda folder, _: folder)
    told = {name: {"cpu": cpu, "peak_mb": 1, "answer": 1} for name, cpu in CPU.items()}
    monkeypatch.setattr(script, "in_a_process", lambda *asked: told[asked[2]])
    return script


@pytest.mark.parametrize("name", ["effects", "fair", "sourcing", "speed"])
def test_a_missed_goal_is_a_failure_unless_the_run_was_quick(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"effects": effects, "speed": speed}.get(name)
    script = made(monkeypatch) if made else of_worlds(f"insight_{name}", monkeypatch)
    monkeypatch.setattr(sys, "argv", ["benchmark"])
    assert script.main() == 1
    monkeypatch.setattr(sys, "argv", ["benchmark", "--quick"])
    assert script.main() == 0


def test_the_goals_of_effects_are_of_the_estimators_that_are_used() -> None:
    script = import_module("insight_effects")
    world, name = script.World("truth 0"), script.HONEST[0]
    assert list(script.missed(script.Row(world, name, 0.1, 0.1, 1.0, 0.95, 0.03, 2.0))) == []
    assert len(list(script.missed(script.Row(world, name, 0.4, 0.4, 1.0, 0.90, 0.06, 2.0)))) == 3
    assert list(script.missed(script.Row(world, "before/after", 5.0, 5.0, 1.0, 0.0, 1.0, 2.0))) == []


def test_every_benchmark_has_a_quick_run() -> None:
    arguments = import_module("run_all").arguments
    scripts = sorted(path.name for path in FOLDER.glob("insight_*.py"))
    assert {name: arguments(name, FOLDER, quick=True) for name in scripts} == {name: ["--quick"] for name in scripts}
