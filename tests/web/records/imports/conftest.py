"""What tests of imports share: a floor of the test's own."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if importlib.util.find_spec("django") is None:
    collect_ignore_glob = ["*.py"]
else:
    from onefloor.facts.kinds import kind
    from onefloor.facts.load import load_files
    from onefloor.floor import Floor, create_floor, open_floor
    from onefloor_web.platform import floor as served


@pytest.fixture
def floor(tmp_path: Path, settings: Any) -> Iterator[Floor]:
    """A floor of the test's own with the roster of the examples."""
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    settings.FLOOR, settings.MEDIA_ROOT = tmp_path / "floor", tmp_path / "floor" / "web" / "media"
    served._opened.cache_clear()
    roster = kind("roster")
    (tmp_path / "r.csv").write_text(
        "agent,name,company,employment,site,team,hired,from,to\n1001,A,Own,own,,,,2026-01-01,\n"
        "2001,B,North,outsourced,,,,2026-01-01,\n"
    )
    load_files(open_floor(tmp_path / "floor"), roster.source, roster.reader, [tmp_path / "r.csv"])
    yield open_floor(tmp_path / "floor")
    served._opened.cache_clear()
