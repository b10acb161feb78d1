"""What the tests of rosters share: the rules and tables of the shipped example, to be changed at will."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def rules(tmp_path: Path, examples: Path) -> Path:
    """The rules file in a folder of the test's own."""
    shutil.copytree(examples / "rosters", tmp_path / "rules")
    return tmp_path / "rules" / "rules.yaml"
