"""For all tests: Django set up for the examples in docstrings of the web, and oracles that may not be missing."""

from __future__ import annotations

import importlib.util
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
WEB = ROOT / "src" / "onefloor_web"
ORACLES_MUST_BE = "ONEFLOOR_ORACLES"  # "required": where the packages that results are compared with may not be missing


def pytest_configure(config: pytest.Config) -> None:  # noqa: ARG001  a hook of pytest
    """Without its oracle a test skips and says so; where they are required, nothing runs without them."""
    if os.environ.get(ORACLES_MUST_BE) == "required" and (missing := missing_oracles()):
        message = (
            f"{', '.join(missing)}: not installed, and {ORACLES_MUST_BE} says they are required. "
            "Run python3 run.py setup --dev --oracles."
        )
        raise pytest.UsageError(message)


def missing_oracles(find: Callable[[str], object] = importlib.util.find_spec) -> list[str]:
    """Which packages of the group ``oracles`` of pyproject.toml cannot be imported."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    names = [re.split(r"[^\w.-]", one)[0] for one in groups["oracles"]]
    return [name for name in names if find(name) is None]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Called before a path is collected: the moment to set Django up, or to pass by if it is not installed."""
    if WEB not in (collection_path, *collection_path.parents):
        return None
    if importlib.util.find_spec("django") is None:
        return True
    import environment

    environment.prepare()
    return None
