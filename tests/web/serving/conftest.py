"""Floors to serve: copies of one whose database has been made already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from administered import Administered, prepared
from processes import copied, onefloor, serving


@pytest.fixture(scope="session")
def served_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A floor that was served and stopped again."""
    floor = tmp_path_factory.mktemp("served") / "floor"
    made = onefloor("init", floor, "--timezone", "Asia/Shanghai")
    assert made.returncode == 0, made.stderr
    with serving(floor) as site:
        assert site.get() == 200
    return floor


@pytest.fixture
def floor(served_once: Path, tmp_path: Path) -> Path:
    """A floor of the test's own, with a database."""
    return copied(served_once, tmp_path / "floor")


@pytest.fixture
def administered(tmp_path: Path) -> Iterator[Administered]:
    """A server's PostgreSQL with roles and an empty database."""
    with prepared(tmp_path) as made:
        yield made
