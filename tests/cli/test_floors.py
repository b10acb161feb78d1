"""What ``status`` says that somebody should look into; what ``prepare`` leaves behind."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from onefloor.cli import main


def begun_at(time: str) -> str:
    """A contact record of a call that ended in the voice menu."""
    times = dict.fromkeys(("InitiationTimestamp", "DisconnectTimestamp", "LastUpdateTimestamp"), time)
    return json.dumps({"ContactId": time, "Channel": "VOICE", "InitiationMethod": "INBOUND"} | times)


@pytest.mark.parametrize(("second", "told"), [("2026-12-01T10:00:00Z", False), ("2059-03-02T10:00:00Z", True)])
def test_status_tells_of_a_leap_in_time_that_makes_figures_final_too_early(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], second: str, told: bool
) -> None:
    floor, file = str(tmp_path / "f"), tmp_path / "contacts.json"
    file.write_text(begun_at("2026-11-02T10:00:00Z") + "\n" + begun_at(second))
    main(["init", floor, "--timezone", "UTC"])
    main(["load", floor, "amazon-connect", str(file)])
    capsys.readouterr()
    assert main(["status", floor, "--lang", "en"]) == 0
    assert ("No contacts between 2026-11 and 2059-03." in capsys.readouterr().out) == told


def test_prepared_cubes_answer_as_the_rows_did(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floor = str(tmp_path / "floor")
    asked = ["measure", floor, "--by", "queue,day", "--metric", "service_level", "--metric", "aht", "--json"]
    assert main(["init", floor, "--timezone", "Asia/Shanghai", "--quiet"]) == 0
    assert main(["load", floor, "asterisk-queue-log", str(examples / "asterisk_run/queue_log"), "--quiet"]) == 0
    capsys.readouterr()
    assert main(asked) == 0
    from_rows = json.loads(capsys.readouterr().out)
    assert main(["prepare", floor, "--json"]) == 0
    prepared = json.loads(capsys.readouterr().out)
    assert (prepared["data_version"], prepared["months"]) == (from_rows["data_version"], 1)
    assert prepared["cubes"] == len(list((tmp_path / "floor/derived/cubes").rglob("*.parquet"))) > 0
    # Wherever the figures come from now, the rows of legs are not it.
    for file in (tmp_path / "floor/derived/legs").rglob("*.parquet"):
        size, times = file.stat().st_size, (file.stat().st_atime_ns, file.stat().st_mtime_ns)
        file.write_bytes(b"\0" * size)
        os.utime(file, ns=times)
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out) == from_rows
