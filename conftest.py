"""Examples in docstrings of the web part need Django set up before their module is read; the core does without."""

from __future__ import annotations

import importlib.util
from pathlib import Path

WEB = Path(__file__).parent / "src" / "onefloor_web"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Called before a path is collected: the moment to set Django up, or to pass by if it is not installed."""
    if WEB not in (collection_path, *collection_path.parents):
        return None
    if importlib.util.find_spec("django") is None:
        return True
    import environment

    environment.prepare()
    return None
