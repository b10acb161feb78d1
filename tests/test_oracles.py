"""Where oracles are required a run without one of them ends before its first test."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def rules() -> ModuleType:
    """The project's own conftest.py, which holds for all tests."""
    spec = importlib.util.spec_from_file_location("conftest_of_all", Path(__file__).parents[1] / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def all_but(hidden: str) -> Any:
    return lambda name: None if name == hidden else name


def test_every_package_of_the_group_is_looked_for(rules: ModuleType) -> None:
    assert {"krippendorff", "pyfixest", "statsmodels"} <= set(rules.missing_oracles(lambda _: None))
    assert rules.missing_oracles(all_but("statsmodels")) == ["statsmodels"]


def test_a_missing_oracle_is_an_error_where_oracles_are_required(
    rules: ModuleType, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.setattr(rules, "missing_oracles", lambda: ["krippendorff"])
    monkeypatch.setenv("ONEFLOOR_ORACLES", "required")
    with pytest.raises(pytest.UsageError, match=r"krippendorff: not installed, .* setup --dev --oracles"):
        rules.pytest_configure(pytestconfig)
    monkeypatch.delenv("ONEFLOOR_ORACLES")
    rules.pytest_configure(pytestconfig)
