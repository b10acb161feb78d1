"""``onefloor demo`` from nothing to the first page, with real processes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from processes import alive, descendants, free_port, onefloor, running

from onefloor_web.database.embedded import Server

pytestmark = pytest.mark.processes
SMALL = ("--contacts", 1_000, "--agents", 24)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test builds; the one after it finds everything there but the web's own."""
    return tmp_path_factory.mktemp("demonstration") / "demo"


def test_the_demonstration_is_built_served_stopped_and_served_again_from_what_there_is(
    folder: Path, tmp_path: Path
) -> None:
    command = ("demo", folder, *SMALL)
    with running(tmp_path / "first.out", *command) as site:
        assert site.get("/demo/sign-in/") == 200
        assert f"http://127.0.0.1:{site.port}/demo/sign-in/" in site.said()
        second = onefloor("demo", folder, "--port", free_port())
        assert second.returncode == 3
        assert second.stderr.splitlines()[1] == f"This floor is being served already at {site.url}."
        started = descendants(site.process.pid)
        assert site.stop() == 0
        assert [pid for pid in started if alive(pid)] == []
    assert (folder / "statements" / "north" / "statement.html").is_file()

    built = (folder / "built.json").stat().st_mtime_ns
    with running(tmp_path / "later.out", *command) as site:
        assert site.get("/demo/sign-in/") == 200
    assert (folder / "built.json").stat().st_mtime_ns == built


def test_a_demonstration_that_cannot_be_built_ends_everything_it_began(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "pbx").write_text("in the way", encoding="ascii")
    failed = onefloor("demo", folder, *SMALL, "--port", free_port())
    assert failed.returncode == 3
    assert "The demonstration was not finished (3); see above." in failed.stderr
    assert not Server(folder / "year" / "web" / "postgres").alive()


def test_built_only_it_serves_nothing_and_answers_scripts(folder: Path) -> None:
    shutil.rmtree(folder / "year" / "web", ignore_errors=True)
    shutil.rmtree(folder / "statements", ignore_errors=True)
    made = onefloor("demo", folder, *SMALL, "--build-only", "--json")
    assert made.returncode == 0, made.stderr
    paths = [Path(one["path"]) for one in json.loads(made.stdout)]
    assert folder / "statements" / "north" / "statement.html" in paths
    assert all(path.exists() for path in paths)
    assert not (folder / "year" / "web").exists()
