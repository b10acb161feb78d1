"""A floor kept open for many questions: what is ready to be measured, its cubes, and one engine for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from onefloor.floor import SETTINGS, Floor, open_floor
from onefloor.metrics.cubes import Cubes, current_cubes
from onefloor.metrics.engines import DuckDB, Engine, engine_of
from onefloor.metrics.prepare import as_prepared
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.preparing.state import STATE

# One thread a question: whoever asks many at once fills the cores by that, and a page needs few milliseconds.
BOUNDED: Final[Mapping[str, Any]] = {"threads": 1, "memory_limit": "1GB"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A floor at one moment, ready for ``measure`` and ``rows``.

    ``prepared.data_version`` says of which facts; equal questions of equal versions have equal answers.
    """

    floor: Floor
    prepared: Prepared
    cubes: Cubes
    engine: Engine


class Reader:
    """Keeps the latest reading of a floor; any number of threads may ask for it.

    A look at two files tells whether there is a newer one; nothing is brought up to date here. A reading stays good
    while the measuring tables are prepared anew, and once more after that.

    Args:
        root: the floor's folder.
        options: settings of the engine, for DuckDB one thread and 1 GB unless floor.toml says otherwise.
    """

    def __init__(self, root: Path, options: Mapping[str, Any] | None = None) -> None:
        self._root, self._options = root, BOUNDED if options is None else options
        self._lock = Lock()
        self._seen: object = None
        self._reading: Reading | None = None

    def reading(self) -> Reading:
        """The floor as it is ready to be measured now.

        Raises:
            NoFloor, BadSetting, OtherZone: the folder is not a floor that can be opened.
        """
        seen = [_look(self._root / SETTINGS), _look(self._root / "derived" / STATE)]
        with self._lock:
            if self._reading is None or self._seen != seen:
                self._reading, self._seen = self._opened(), seen
            elif not _covered(self._reading):
                self._reading = self._with_cubes(self._reading)
            return self._reading

    def _opened(self) -> Reading:
        floor = open_floor(self._root)
        before = self._reading
        same = before is not None and before.floor.engine == floor.engine
        engine = before.engine if before is not None and same else self._engine(floor)
        prepared = as_prepared(floor)
        return Reading(floor, prepared, current_cubes(floor, prepared), engine)

    def _engine(self, floor: Floor) -> Engine:
        if floor.engine.name != DuckDB.name:
            return engine_of(floor)
        return DuckDB({**self._options, **floor.engine.options})

    def _with_cubes(self, reading: Reading) -> Reading:
        cubes = current_cubes(reading.floor, reading.prepared)
        return Reading(reading.floor, reading.prepared, cubes, reading.engine)


def _look(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file is replaced; None without it."""
    try:
        state = file.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


def _covered(reading: Reading) -> bool:
    """Whether all cubes are there; they may be built after the tables were prepared."""
    tables = reading.cubes.columns
    files = {file for table in tables for month in reading.prepared.files.get(table, {}).values() for file in month}
    return files <= set(reading.cubes.cube_of)
