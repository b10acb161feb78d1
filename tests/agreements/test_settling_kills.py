"""A settlement that is killed at any moment leaves the old result, the new one, or what the next run puts right."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from generated_floor import FEBRUARY

from kills import KILLS, survive
from onefloor.agreements.settling import settle_month
from onefloor.agreements.verify import verify

PROGRAM = """
import sys
from pathlib import Path
from onefloor.agreements.settling import settle_month
from onefloor.floor import open_floor
from onefloor.periods import Month
floor, agreement, out = open_floor(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3])
print("begin", flush=True)
settle_month(floor, agreement, Month(2026, 2), out)
"""


@pytest.mark.parametrize("before", ["nothing", "an older result"])
def test_a_killed_settlement_loses_nothing(generated, agreement_file, settled, tmp_path, before):
    out = tmp_path / "place" / "out"
    command = [sys.executable, "-c", PROGRAM, str(generated.root), str(agreement_file), str(out)]

    def reset() -> None:
        shutil.rmtree(out.parent, ignore_errors=True)
        out.parent.mkdir()
        if before != "nothing":
            shutil.copytree(settled, out)

    def check() -> None:
        if out.exists():
            assert verify(out / "bundle").differences == []
        settle_month(generated, agreement_file, FEBRUARY, out)
        assert [path.name for path in out.parent.iterdir()] == ["out"]
        assert json.loads((out / "statement.json").read_bytes()) == json.loads(
            (settled / "statement.json").read_bytes()
        )

    survive(command, max(2, KILLS // 4), check, reset)
    assert Path(out).is_dir()
