"""A small generated floor, and one month of it settled under an agreement that reads every measuring table."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from generated_floor import EVERY_TABLE, FEBRUARY, PLAN, new_floor

from onefloor.agreements.settling import settle_month
from onefloor.agreements.signing import create_keys
from onefloor.demo.filling import fill
from onefloor.floor import Floor


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """A floor with January and February 2026."""
    floor = new_floor(tmp_path_factory.mktemp("generated") / "floor")
    fill(floor, PLAN)
    return floor


@pytest.fixture(scope="session")
def agreement_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agreement that reads every measuring table."""
    path = tmp_path_factory.mktemp("agreement") / "agreement.yaml"
    path.write_text(EVERY_TABLE, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def settled(generated: Floor, agreement_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """February's output folder. Tests that change something take a copy (``bundle``)."""
    out = tmp_path_factory.mktemp("settled") / "out"
    settle_month(generated, agreement_file, FEBRUARY, out)
    return out


@pytest.fixture
def bundle(settled: Path, tmp_path: Path) -> Path:
    """A copy of February's bundle to change."""
    return Path(shutil.copytree(settled / "bundle", tmp_path / "bundle"))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys ``client``, ``north`` and ``stranger``."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("client", "north", "stranger"):
        create_keys(folder, name)
    return folder
