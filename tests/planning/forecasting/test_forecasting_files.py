"""Forecast files: canonical bytes, versions, digests as a lock shows them, and the command that writes them."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from disks import full_beyond
from onefloor.cli import main
from onefloor.facts.kinds import TABLE, kind
from onefloor.facts.load import load_files
from onefloor.facts.sources.reading_mappings import mapping_of
from onefloor.floor import create_floor
from onefloor.periods import Month
from onefloor.planning.forecasting.calendars import Calendar
from onefloor.planning.forecasting.files import (
    COLUMNS,
    BadForecastFile,
    Line,
    NotItsDigest,
    apportioned,
    lines_of,
    read,
    write,
)
from onefloor.planning.forecasting.forecasting import Parameters, forecast
from onefloor.planning.forecasting.handling import handling
from onefloor.planning.forecasting.history import History

ZONE = "Asia/Shanghai"
WEEKS = np.tile(np.array([[3.0] * 48] * 5 + [[1.3] * 48] * 2), (8, 1))


def lines(queue: str = "tax", company: str = "North", factor: float = 1.0) -> list[Line]:
    found = forecast(History(date(2026, 10, 5), factor * WEEKS), Calendar(), 7, Parameters(boost=False))
    calls = np.full((70, 48), 2.0)
    return lines_of(found, handling(251.26 * calls, calls), queue, company)


def test_whole_contacts_of_a_day_add_up_to_its_rounded_total() -> None:
    found = lines()
    days = {line.interval.date() for line in found}
    by_day = {day: sum(line.contacts for line in found if line.interval.date() == day) for day in days}
    means = {day: sum(line.mean for line in found if line.interval.date() == day) for day in by_day}
    assert {day: round(mean) for day, mean in means.items()} == by_day
    assert apportioned(np.array([0.5, 0.5, 2.0])).sum() == 3


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    written = write(tmp_path / "a.csv", lines(), {"seed": 0}, ZONE)
    assert (written.version, written.unchanged) == (1, False)
    assert read(tmp_path / "a.csv") == sorted(lines(), key=lambda line: line.interval)


def test_the_same_again_changes_nothing_and_another_is_the_next_version(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    first = write(path, lines(), {}, ZONE)
    before = path.with_suffix(".json").read_bytes()
    again = write(path, list(reversed(lines())), {}, ZONE)
    assert (again.version, again.sha256, again.unchanged) == (1, first.sha256, True)
    assert path.with_suffix(".json").read_bytes() == before
    second = write(path, lines(factor=1.1), {}, ZONE)
    told = json.loads(path.with_suffix(".json").read_text())
    assert (second.version, told["version"], told["replaces"]) == (2, 2, first.sha256)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "a.json", "a.v1.csv", "a.v1.json"]


def test_a_full_disk_leaves_the_forecast_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write(path, lines(), {}, ZONE)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    with full_beyond(len(before["a.csv"]) // 2), pytest.raises(OSError, match="large"):
        write(path, lines(factor=1.1), {}, ZONE)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_a_write_that_ended_between_its_files_is_noticed_and_the_version_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    first = write(path, lines(), {}, ZONE)
    told, text = path.with_suffix(".json").read_bytes(), path.read_bytes()
    second = write(path, lines(factor=1.1), {}, ZONE)
    path.with_suffix(".json").write_bytes(told)  # the lines were replaced, what tells of them was not
    with pytest.raises(NotItsDigest):
        read(path)
    again = write(path, lines(factor=1.1), {}, ZONE)
    assert (again.version, again.sha256) == (2, second.sha256)
    assert (tmp_path / "a.v1.csv").read_bytes() == text
    assert first.sha256 == json.loads((tmp_path / "a.v1.json").read_text())["sha256"]
    assert len(read(path)) == len(read(tmp_path / "a.v1.csv"))


def test_a_changed_line_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write(path, lines(), {}, ZONE)
    path.write_text(path.read_text().replace(",3,", ",4,", 1))
    with pytest.raises(NotItsDigest):
        read(path)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("interval,queue\n", "a.csv:1"),
        ("", "a.csv:1"),
        ("HEAD2026-10-05,tax,,1,1,1,0,1,0,1,1,1,1,1\n", "a.csv:2"),
        ("HEAD2026-10-05 08:00,tax,,-1,1,1,0,1,0,1,1,1,1,1\n", "a.csv:2"),
        ("HEAD2026-10-05 08:00,tax,,1,nan,1,0,1,0,1,1,1,1,1\n", "a.csv:2"),
        ("HEAD2026-10-05 08:00,tax,,1,1,1,0,1,0,1,1,nan,1,1\n", "a.csv:2"),
        ("HEAD2026-10-05 08:00,tax,,1,1,1,0,1,0,1\n", "a.csv:2"),
        ("HEAD2026-10-05 08:00,tax\n", "a.csv:2"),
    ],
)
def test_lines_that_cannot_be_read_are_named(content: str, place: str, tmp_path: Path) -> None:
    head = ",".join(COLUMNS) + "\n"
    (tmp_path / "a.csv").write_text(content.replace("HEAD", head))
    with pytest.raises(BadForecastFile) as refused:
        read(tmp_path / "a.csv")
    assert str(refused.value.where).endswith(place)


def test_the_page_of_locks_reads_the_file_and_shows_the_digest_beside_it(tmp_path: Path) -> None:
    reading = pytest.importorskip("onefloor_web.agreements.forecasts.reading")
    path = tmp_path / "a.csv"
    write(path, [*lines("tax"), *lines("water")], {}, ZONE)
    found = reading.read(path, month=Month(2026, 12), company="North", zone=ZoneInfo(ZONE), queues=["tax", "water"])
    told = json.loads(path.with_suffix(".json").read_text())["months"]
    assert (found.bad, found.lines) == ([], 2 * 7 * 48)
    assert told["2026-12"] == {"contacts": sum(found.rows.values()), "digest": found.digest}


def test_the_file_loads_as_a_locked_forecast_of_the_floor(tmp_path: Path) -> None:
    mapping = """
name: ours
target: forecasts
identity: [queue, company, interval]
columns:
  queue: queue
  company: company
  started_ms: {column: interval, format: "%Y-%m-%d %H:%M"}
  minutes: {constant: 30}
  contacts: contacts
  locked_ms: {constant: 1790000000000, format: epoch_ms}
"""
    write(tmp_path / "a.csv", lines(), {}, ZONE)
    how = kind(TABLE, mapping_of(mapping, "ours"))
    account = load_files(create_floor(tmp_path / "floor", timezone=ZONE), how.source, how.reader, [tmp_path / "a.csv"],
                         options=how.options)  # fmt: skip
    assert (account.loaded, account.quarantined) == (7 * 48, 0)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json", "--no-picture", "--lang", "en"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_forecasts_every_queue_of_a_floor(
    planning_floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "june.csv"
    answer = told(capsys, "forecast", str(planning_floor), "--horizon", "1w", "--out", str(out))
    assert answer["first"] == "2026-06-15"
    assert [queue["queue"] for queue in answer["queues"]] == ["tax", "water"]
    assert sum(day["contacts"] for day in answer["queues"][0]["days"]) == pytest.approx(212, rel=0.15)
    assert (answer["file"]["version"], answer["file"]["unchanged"]) == (1, False)
    assert {line.interval for line in read(out)} == {
        datetime(2026, 6, 15 + n, hour, minute) for n in range(7) for hour in range(24) for minute in (0, 30)
    }
    again = told(capsys, "forecast", str(planning_floor), "--horizon", "7d", "--out", str(out))
    assert again["file"] == {**answer["file"], "unchanged": True}


def test_one_company_is_told_nothing_of_the_other(planning_floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = told(capsys, "forecast", str(planning_floor), "--queue", "water", "--horizon", "7d")
    theirs = told(capsys, "forecast", str(planning_floor), "--queue", "water", "--horizon", "7d", "--company", "north")
    share = theirs["queues"][0]["contacts"] / both["queues"][0]["contacts"]
    assert share == pytest.approx(0.2 + 0.8 * 4 / 9, abs=0.05)  # the abandoned, and what its four agents answered


def test_the_day_is_revised_by_its_morning(planning_floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "forecast", str(planning_floor), "--queue", "tax", "--horizon", "1d", "--intraday")
    assert answer["first"] == "2026-06-15"
    assert 20 <= answer["queues"][0]["revised"]["passed"] <= 24


def test_where_nothing_can_be_written_nothing_is_computed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The floor is not even opened: it is not there."""
    for option, path in (("--out", "nowhere/x.csv"), ("--out", "x.json"), ("--picture", "nowhere/x")):
        assert main(["forecast", str(tmp_path / "floor"), option, path, "--lang", "en"]) == 3
        assert "floor" not in capsys.readouterr().err.splitlines()[0]


def test_people_read_it_in_both_languages(
    planning_floor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["forecast", str(planning_floor), "--queue", "tax", "--horizon", "14d", "--picture", str(tmp_path / "p")]
    for language, words in (("zh", ("通（80% 区间", "提前天数")), ("en", ("80 % interval", "days ahead"))):
        assert main([*asked, "--lang", language]) == 0
        said = capsys.readouterr().out
        assert all(word in said for word in words)
    assert {one.suffix for one in tmp_path.iterdir()} == {".svg", ".png"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--horizon", "soon"], 2, "--horizon soon cannot be read."),
        (["--horizon", "0d"], 3, "0 days cannot be forecast."),
        (["--interval", "15m"], 2, "--interval cannot be 15m."),
        (["--from", "tomorrow"], 2, "--from tomorrow is no date."),
        (["--from", "2026-06-17"], 2, "Facts end before 2026-06-15: no forecast begins on 2026-06-17."),
        (["--from", "2026-06-01", "--intraday"], 2, "--intraday begins with the facts' last day: no --from."),
        (["--seed", "-1"], 2, None),
        (["--out", "x.json", "--horizon", "7d"], 3, 'The name of a forecast file ends in .csv, and "x.json" does not.'),
        (["--from", "2026-03-20"], 3, "18 days of usable history are too few for a forecast."),
        (["--from", "2025-03-20"], 3, 'The queue "tax" has no contacts before 2025-03-20.'),
        (["--queue", "gas"], 3, 'There is no queue "gas" on this floor.'),
        (["--company", "Nobody"], 3, 'There is no company "Nobody" on this floor.'),
        (["--calendar", "none.yaml"], 3, '"none.yaml" was not found.'),
        (["--out", "nowhere/x.csv"], 3, '"nowhere" was not found.'),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_its_reason(
    arguments: list[str], code: int, said: str | None, planning_floor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = [] if "--queue" in arguments else ["--queue", "tax"]
    assert main(["forecast", str(planning_floor), *queue, *arguments, "--no-picture", "--lang", "en"]) == code
    assert capsys.readouterr().err.splitlines()[0] == said or said is None
