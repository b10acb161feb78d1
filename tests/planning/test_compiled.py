"""Machine code that is kept on disk: for the very sources it was made of."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onefloor.planning import compiled
from onefloor.planning.compiled import digest, sources
from onefloor.planning.erlang.kernel import log_epsilon
from onefloor.planning.repairing import moves
from onefloor.planning.simulation.kernel import run

PLANNING = Path(compiled.__file__).parent


def test_a_kernel_is_made_of_all_that_it_imports() -> None:
    parts = {"chance", "memory", "tables", "heap", "arriving", "serving", "agents", "queues", "kernel"}
    found = set(sources("simulation.kernel"))
    assert {f"simulation.{part}" for part in parts} | {"compiled"} <= found
    assert not {name for name in found if name.startswith("rostering")}
    assert "rostering.cover" in sources("repairing.moves")


@pytest.mark.parametrize("function", [run, moves.evaluate, log_epsilon])
def test_machine_code_is_stamped_with_the_sources_it_was_made_of(function: object) -> None:
    stamp = function._cache._cache_file._source_stamp  # type: ignore[attr-defined]
    module = function.__module__.removeprefix("onefloor.planning.")
    assert stamp[1] == digest(module)


def test_a_changed_neighbour_changes_the_stamp_of_those_who_use_it_alone(tmp_path: Path) -> None:
    copied = shutil.copytree(PLANNING, tmp_path / "planning", ignore=shutil.ignore_patterns("__pycache__"))
    users, others = ("simulation.kernel", "simulation.single"), ("erlang.kernel", "rostering.tours")
    before = {name: digest(name, copied) for name in (*users, *others)}
    assert before == {name: digest(name) for name in before}
    memory = copied / "simulation" / "memory.py"
    memory.write_text(memory.read_text(encoding="utf-8") + "\n# another layout\n", encoding="utf-8")
    changed = {name for name in before if digest.__wrapped__(name, copied) != before[name]}
    assert changed == set(users)


def test_a_process_after_a_neighbour_has_changed_compiles_anew(tmp_path: Path) -> None:
    """The same mechanism in a package of its own, whose layout is a constant of another module."""
    package = tmp_path / "small"
    package.mkdir()
    shutil.copy(PLANNING / "compiled.py", package)
    (package / "__init__.py").touch()
    (package / "kernel.py").write_text(
        "from small.compiled import compiled\nfrom small.layout import PLACE\n\n\n"
        "@compiled\ndef place():\n    return PLACE\n"
    )
    told = []
    for place in (1, 2):
        (package / "layout.py").write_text(f"PLACE = {place}\n")
        ran = subprocess.run([sys.executable, "-B", "-c", "from small.kernel import place; print(place())"],
                             cwd=tmp_path, check=True, capture_output=True, text=True)  # fmt: skip
        told.append(int(ran.stdout))
    assert told == [1, 2]
