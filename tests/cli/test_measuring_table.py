"""How figures stand in the table that people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefloor.cli import main


def test_a_wait_is_told_in_seconds_and_a_quantity_of_time_in_hours(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floor = str(tmp_path / "f")
    main(["init", floor, "--timezone", "Asia/Shanghai"])
    main(["load", floor, "asterisk-queue-log", str(examples / "asterisk_run/queue_log")])
    capsys.readouterr()
    asked = [part for name in ("wait_percentile", "longest_wait", "asa", "handled_time") for part in ("--metric", name)]
    assert main(["measure", floor, *asked, "--lang", "en", "--quiet"]) == 0
    figures = capsys.readouterr().out.splitlines()[-1].split()
    assert figures == ["19.0", "s*", "-", "41.0", "s*", "-", "9.5", "s*", "347", "1.26", "h*", "-"]
