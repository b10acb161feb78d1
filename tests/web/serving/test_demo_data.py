"""What fills a demonstration: another state of it fills an existing one anew, and an old one gets what it lacks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import onefloor_web
from onefloor.floor import create_floor, open_floor
from onefloor_web.serving import demo

SOURCES = Path(onefloor_web.__file__).parent


def test_a_changed_moved_or_new_file_of_what_fills_it_is_another_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "fills_a_demonstration"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(demo, "FILLED_BY", (*demo.FILLED_BY, package.name))
    states = [demo.data_digest()]
    (package / "work.py").write_text("WORK = 1")
    states.append(demo.data_digest())
    (package / "work.py").write_text("WORK = 2")
    states.append(demo.data_digest())
    (package / "work.py").rename(package / "more.py")
    states.append(demo.data_digest())
    assert len(set(states)) == 4
    assert demo.data_digest() == states[-1]
    assert package.name not in sys.modules


def test_every_package_that_begins_something_is_among_what_fills_it() -> None:
    """Whoever declares a beginning is looked at, and the packages are there."""
    declaring = {
        "onefloor_web." + ".".join(file.relative_to(SOURCES).parent.parts)
        for file in SOURCES.rglob("*.py")
        if "demo.beginnings import" in file.read_text(encoding="utf-8")
    }
    filled = {name for name in declaring if any(f"{name}.".startswith(f"{one}.") for one in demo.FILLED_BY)}
    assert (filled, len(declaring) > 1) == (declaring, True)
    assert [name for name in demo.FILLED_BY if not demo.folders(name)] == []


def test_a_demonstration_of_before_gets_the_folder_to_import_from(tmp_path: Path) -> None:
    old = create_floor(tmp_path / "year", timezone="Asia/Shanghai", name="Hotline")
    assert old.import_roots == ()
    served = demo.year(tmp_path)
    assert served.import_roots == (str((tmp_path / "incoming").resolve()),)
    assert sorted(file.name for file in (tmp_path / "incoming").iterdir()) == ["queue_log", "roster.csv"]
    text = (old.root / "floor.toml").read_text(encoding="utf-8")
    assert demo.year(tmp_path) == open_floor(old.root)
    assert (old.root / "floor.toml").read_text(encoding="utf-8") == text
