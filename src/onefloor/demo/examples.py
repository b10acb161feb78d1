"""Where the example files lie: beside the package when it is installed, in the repository when it runs from there."""

from __future__ import annotations

from pathlib import Path

from onefloor.problems import MissingFile

HERE = Path(__file__).parent


def example(name: str) -> Path:
    """An example file or folder, such as ``asterisk_run/queue_log``.

    Raises:
        MissingFile: the package came without it.
    """
    for folder in (HERE / "examples", HERE.parents[2] / "examples"):
        if (folder / name).exists():
            return folder / name
    raise MissingFile(HERE / "examples" / name)
