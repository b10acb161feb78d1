"""Floors for a moment: a copy of the facts made of links, or an empty one; nothing of them stays.

A trial works on such a floor with the same code as the real thing. What a killed process leaves in ``scratch/`` is
removed by whoever needs a scratch floor next: its lock is free then.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from onefloor.facts import exchange
from onefloor.facts.store import JOURNAL, writing
from onefloor.floor import Floor

FOLDER: Final = "scratch"
LOCK: Final = ".lock"


@contextmanager
def scratch(floor: Floor) -> Iterator[Path]:
    """A folder in the floor that is gone afterwards, whatever happens."""
    place = floor.root / FOLDER
    place.mkdir(exist_ok=True)
    sweep(floor)
    name = secrets.token_hex(8)
    lock = FileLock(str(place / f"{name}{LOCK}"))
    with lock:
        folder = place / name
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
            Path(lock.lock_file).unlink()


def sweep(floor: Floor) -> None:
    """Remove the scratch folders of processes that are gone."""
    for path in (floor.root / FOLDER).glob(f"*{LOCK}"):
        try:
            with FileLock(str(path), timeout=0):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink(missing_ok=True)
        except Timeout:
            continue  # somebody works there


@contextmanager
def blank_floor(floor: Floor) -> Iterator[Floor]:
    """An empty floor with the settings and the key of this one."""
    with scratch(floor) as root:
        (root / "facts").mkdir()
        (root / "secrets").symlink_to((floor.root / "secrets").resolve())
        yield replace(floor, root=root)


@contextmanager
def copied_floor(floor: Floor) -> Iterator[Floor]:
    """A floor with the facts of this one, as links: loading into it changes nothing here."""
    with blank_floor(floor) as copy:
        with writing(floor):
            for path in floor.facts.iterdir():
                if path.name not in (JOURNAL, exchange.FOLDER):
                    _link(path, copy.facts / path.name)
        yield copy


def _link(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir()
        with os.scandir(source) as entries:
            for entry in entries:
                _link(Path(entry.path), target / entry.name)
    elif source.name.startswith("_"):
        shutil.copyfile(source, target)  # such as _last_checkpoint, which is written anew
    else:
        try:
            os.link(source, target)
        except OSError:  # a file system without links
            shutil.copyfile(source, target)
