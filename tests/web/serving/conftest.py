"""Floors to serve: copies of one whose database has been made already."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from processes import onefloor, serving


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
    copy = tmp_path / "floor"
    shutil.copytree(served_once, copy, symlinks=True)
    _same_owners(served_once, copy)
    return copy


def _same_owners(original: Path, copy: Path) -> None:
    """The database belongs to another user when root runs it."""
    import os

    for path in [original, *original.rglob("*")]:
        held = path.lstat()
        os.chown(copy / path.relative_to(original), held.st_uid, held.st_gid, follow_symlinks=False)
