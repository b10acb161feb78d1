"""What ``status`` says that somebody should look into."""

from __future__ import annotations

import json
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
