"""What is already derived, in one file that is replaced in one rename: ``derived/state.json``.

It holds the names of all ids, and of every derived month the signature of what it was derived from. Ids and the files
that use them therefore always belong together, whenever the process dies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from onefloor.writing import write_whole

STATE = "state.json"

Ids = npt.NDArray[np.int32]


@dataclass(slots=True)
class Built:
    """One month of one family of tables: derived from what, into which files, and what it had to say."""

    signature: str
    files: dict[str, str] = field(default_factory=dict)  # table -> path below derived/; no rows, no file
    watermark_ms: int = 0
    unknown_agents: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Revised:
    """Which files of a fact table were searched for superseded groups, and where the finds are listed."""

    seen: list[str] = field(default_factory=list)
    file: str = ""


@dataclass(slots=True)
class State:
    """The whole of ``state.json``. ``settled`` is the glance at the floor at which everything was up to date."""

    settled: str = ""
    data_version: str = ""
    names: dict[str, dict[str, int]] = field(default_factory=dict)
    built: dict[str, dict[int, Built]] = field(default_factory=dict)
    revised: dict[str, Revised] = field(default_factory=dict)

    def ids(self, dimension: str, values: pl.Series) -> Ids:
        """The ids of names, int32; a name not met before gets the next id, null and ``''`` are 0."""
        distinct = sorted(name for name in values.unique().to_list() if name)
        if not distinct:
            return np.zeros(len(values), dtype=np.int32)
        numbers = [self.id(dimension, name) for name in distinct]
        mapped = values.replace_strict(distinct, numbers, default=0, return_dtype=pl.Int32)
        return mapped.fill_null(0).to_numpy()

    def id(self, dimension: str, name: str | None) -> int:
        """The id of one name; 0 for none."""
        if not name:
            return 0
        known = self.names.setdefault(dimension, {})
        return known.setdefault(name, len(known) + 1)

    def save(self, folder: Path) -> None:
        """Replace the file in one rename, after its bytes have reached the disk."""
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / STATE, json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")))


def read_state(folder: Path) -> State:
    """The state of a floor's derived folder; an empty one if there is none or it cannot be read: all is rebuilt."""
    try:
        content = json.loads((folder / STATE).read_text(encoding="utf-8"))
        return State(
            settled=content["settled"],
            data_version=content["data_version"],
            names=content["names"],
            built={family: _months(months) for family, months in content["built"].items()},
            revised={table: Revised(**found) for table, found in content["revised"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State()


def _months(months: Mapping[str, Mapping[str, object]]) -> dict[int, Built]:
    return {int(month): Built(**built) for month, built in months.items()}  # type: ignore[arg-type]


def files_in_use(state: State) -> set[str]:
    """The paths below ``derived/`` that the state speaks of."""
    used = {path for months in state.built.values() for built in months.values() for path in built.files.values()}
    return used | {found.file for found in state.revised.values() if found.file}


def write_rows(folder: Path, path: str, rows: pl.DataFrame, *, sort_by: Sequence[str] = ()) -> None:
    """Write one Parquet file below ``folder`` so that it is either whole or not there."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    ordered = rows.sort(sort_by) if sort_by else rows
    pending = target.with_suffix(".pending")  # no fsync: hundreds of files, and all can be built again
    ordered.write_parquet(pending, compression="zstd", compression_level=1, row_group_size=122_880)
    pending.rename(target)
