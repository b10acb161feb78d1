"""A forecast as two files: the lines an agreement can lock, and beside them how they were made.

``NAME.csv`` has one line an interval and queue, in the columns that the page of locked forecasts reads (interval,
queue, company, contacts) and more. ``NAME.json`` holds the version, the SHA-256 of the lines, and of each month and
queue the digest that a lock shows. Equal forecasts are equal bytes; another forecast under the same name is the next
version, and the one before stays beside it as ``NAME.v1.csv``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.forecasting.forecasting import Forecast
from onefloor.planning.forecasting.handling import Handling
from onefloor.planning.forecasting.history import Floats, Ints
from onefloor.problems import MissingFile, Place, Problem
from onefloor.writing import replacing

FORMAT = "onefloor.forecast/1"
COLUMNS = (
    "interval", "queue", "company", "contacts", "mean", "handling_s", "low80", "high80", "low95", "high95",
    "handling_low80", "handling_high80", "handling_low95", "handling_high95",
)  # fmt: skip
AT = "%Y-%m-%d %H:%M"


class BadForecastFile(Problem):
    """A line of a forecast file that cannot be read."""

    def __init__(self, path: Path, line: int, what: Text) -> None:
        super().__init__(
            what,
            remedy=Text(
                "请使用 onefloor forecast --out 写出的文件。", "Use a file that onefloor forecast --out has written."
            ),
            where=Place(str(path), line),
        )


class NotCsv(Problem):
    """A name for a forecast that its account beside it could not have."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"预测文件“{path.name}”须以 .csv 结尾。",
                f'The name of a forecast file ends in .csv, and "{path.name}" does not.',
            ),
            remedy=Text("请换一个 --out。", "Give another --out."),
        )


class NotItsDigest(Problem):
    """Lines that are not those the file beside them was made for."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"“{path.name}”与其 .json 中的 SHA-256 不符。",
                f'"{path.name}" is not what its .json has the SHA-256 of.',
            ),
            why=Text("其中有内容被改动。", "Something in it was changed."),
            remedy=Text("请重新预测，或删去 .json。", "Forecast again, or remove the .json."),
            where=Place(str(path)),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One interval of one queue: local time, whole and mean contacts, handling seconds, limits of both."""

    interval: datetime
    queue: str
    company: str
    contacts: int
    mean: float
    handling_s: float
    low80: int
    high80: int
    low95: int
    high95: int
    handling_low80: float
    handling_high80: float
    handling_low95: float
    handling_high95: float


def lines_of(found: Forecast, handling: Handling, queue: str, company: str = "") -> list[Line]:
    """The lines of a forecast; contacts are whole and add up to the day's rounded total."""
    whole = np.stack([apportioned(day) for day in found.mean])
    limits = [end for level in (0.8, 0.95) for end in whole_limits(found.low[level], found.high[level], found.mean)]
    seconds = [handling.seconds, *(side[level] for level in (0.8, 0.95) for side in (handling.low, handling.high))]
    lines = []
    for n in range(found.horizon):
        midnight = datetime.combine(found.day(n), datetime.min.time())
        for slot in range(found.mean.shape[1]):
            at = midnight + timedelta(minutes=slot * found.minutes)
            ends = [int(limit[n, slot]) for limit in limits]
            lasting, *lasting_ends = (round(float(part[n, slot]), 1) for part in seconds)
            lines.append(Line(at, queue, company, int(whole[n, slot]), round(float(found.mean[n, slot]), 3), lasting,
                              *ends, *lasting_ends))  # fmt: skip
    return lines


def apportioned(parts: Floats) -> Ints:
    """Whole numbers that add up to the rounded sum, by largest remainders (Hamilton's method).

    >>> apportioned(np.array([0.4, 0.4, 0.4, 1.6])).tolist()
    [1, 0, 0, 2]
    """
    found: Ints = np.floor(parts).astype(np.int64)
    missing = round(float(parts.sum())) - int(found.sum())
    largest = np.argsort(-(parts - found), kind="stable")[: max(0, missing)]
    found[largest] += 1
    return found


def whole_limits(low: Floats, high: Floats, mean: Floats) -> tuple[Ints, Ints]:
    """The whole numbers between two limits: the same counts lie inside, so that as many are held as before.

    Where no whole number is between them both are the one nearest to the mean.

    >>> [ends.tolist() for ends in whole_limits(np.array([0.0, 1.2]), np.array([0.7, 1.9]), np.array([0.03, 1.6]))]
    [[0, 2], [0, 2]]
    """
    least, most = np.ceil(low - 1e-9), np.floor(high + 1e-9)
    nothing, nearest = least > most, np.rint(mean)
    ends = np.where(nothing, nearest, least), np.where(nothing, nearest, most)
    return ends[0].astype(np.int64), ends[1].astype(np.int64)


def text_of(lines: Iterable[Line]) -> str:
    """The canonical lines: by interval, queue and company, numbers as plain decimals."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in sorted(lines, key=lambda one: (one.interval, one.queue, one.company)):
        lasting = (line.handling_low80, line.handling_high80, line.handling_low95, line.handling_high95)
        writer.writerow([line.interval.strftime(AT), line.queue, line.company, line.contacts, f"{line.mean:.3f}",
                         f"{line.handling_s:.1f}", line.low80, line.high80, line.low95, line.high95,
                         *(f"{end:.1f}" for end in lasting)])  # fmt: skip
    return text.getvalue()


def lock_digests(lines: Iterable[Line], zone_name: str) -> dict[str, dict[str, Any]]:
    """By month: contacts, and the SHA-256 that a lock of these lines shows (``epoch ms,queue,contacts`` in order).

    The lines have to be of one company; intervals that the zone's clocks skip or repeat are in no lock.
    """
    tz = zone(zone_name)
    months: dict[str, dict[tuple[int, str], int]] = {}
    for line in lines:
        at = line.interval.replace(tzinfo=tz)
        key = (int(at.timestamp() * 1000), line.queue)
        months.setdefault(line.interval.strftime("%Y-%m"), {})[key] = line.contacts
    return {month: {"contacts": sum(held.values()), "digest": _digest(held)} for month, held in sorted(months.items())}


def _digest(held: Mapping[tuple[int, str], int]) -> str:
    content = "".join(f"{at},{queue},{held[at, queue]}\n" for at, queue in sorted(held))
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """Where a forecast went, which version it is, its SHA-256, and whether these bytes were there already."""

    path: Path
    version: int
    sha256: str
    unchanged: bool


def writable(path: Path) -> None:
    """Whether a forecast can be written there, before it is made.

    Raises:
        MissingFile: the folder is not there; NotCsv.
    """
    if not path.parent.is_dir():
        raise MissingFile(path.parent)
    if path.suffix.lower() != ".csv":
        raise NotCsv(path)


def write(path: Path, lines: Sequence[Line], made: Mapping[str, Any], zone_name: str) -> Written:
    """Write a forecast; the same lines again change nothing, others are the next version.

    Args:
        path: of the lines; the rest stands beside it with the ending .json.
        lines: of one company (or of none: whole queues).
        made: how the forecast was made, plain data.
        zone_name: of the intervals.

    Raises:
        MissingFile, NotCsv: as ``writable``.
    """
    writable(path)
    text = text_of(lines).encode()
    digest, beside = hashlib.sha256(text).hexdigest(), path.with_suffix(".json")
    before = _before(path, beside)
    if before is not None and before["sha256"] == digest and path.read_bytes() == text:
        return Written(path, int(before["version"]), digest, unchanged=True)
    version = _set_aside(path, beside, before)
    told = {
        "format": FORMAT, "version": version, "sha256": digest, "replaces": before["sha256"] if before else None,
        "zone": zone_name, "months": lock_digests(lines, zone_name), **made,
    }  # fmt: skip
    with replacing(beside) as account, replacing(path) as contacts:
        contacts.write_bytes(text)
        account.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return Written(path, version, digest, unchanged=False)


def _before(path: Path, beside: Path) -> dict[str, Any] | None:
    """What stands there already; None if it is no forecast with its own account."""
    if not (path.is_file() and beside.is_file()):
        return None
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError:
        return None
    good = isinstance(found, dict) and found.get("format") == FORMAT and isinstance(found.get("version"), int)
    return found if good and isinstance(found.get("sha256"), str) else None


def _set_aside(path: Path, beside: Path, before: Mapping[str, Any] | None) -> int:
    """Keep a copy of the version before under its number; the number of the new one."""
    if before is None:
        return 1
    old = int(before["version"])
    kept = path.with_name(f"{path.stem}.v{old}{path.suffix}")
    if kept.is_file() and hashlib.sha256(kept.read_bytes()).hexdigest() == before["sha256"]:
        return old + 1  # a write was killed after this, and the lines may be the new ones already
    with replacing(kept) as lines, replacing(kept.with_suffix(beside.suffix)) as account:
        shutil.copyfile(path, lines)
        shutil.copyfile(beside, account)
    return old + 1


def read(path: Path) -> list[Line]:
    """The lines of a forecast file, held to the SHA-256 beside it if that is there.

    Raises:
        MissingFile, BadForecastFile, NotItsDigest.
    """
    if not path.is_file():
        raise MissingFile(path)
    content, before = path.read_bytes(), _before(path, path.with_suffix(".json"))
    if before is not None and before["sha256"] != hashlib.sha256(content).hexdigest():
        raise NotItsDigest(path)
    try:
        rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    except UnicodeDecodeError:
        raise BadForecastFile(path, 1, Text("文件不是 UTF-8。", "The file is not UTF-8.")) from None
    if not rows or tuple(rows[0]) != COLUMNS:
        said = ",".join(COLUMNS)
        raise BadForecastFile(path, 1, Text(f"首行应为 {said}。", f"The first line has to be {said}."))
    return [_line(path, number, row) for number, row in enumerate(rows[1:], 2)]


def _line(path: Path, number: int, row: Sequence[str]) -> Line:
    try:
        at, queue, company, contacts, mean, handling, *limits = row
        low80, high80, low95, high95 = (int(one) for one in limits[:4])
        lasting = [float(one) for one in limits[4:]]
        found = Line(datetime.strptime(at, AT), queue, company, int(contacts), float(mean), float(handling),
                     low80, high80, low95, high95, *lasting)  # fmt: skip
    except (ValueError, TypeError):
        raise BadForecastFile(path, number, Text("无法读取该行。", "The line cannot be read.")) from None
    if found.contacts < 0 or not all(0 <= one < np.inf for one in (found.mean, found.handling_s, *lasting)):
        raise BadForecastFile(
            path, number, Text("话务量和处理时长须不小于 0。", "Contacts and handling time are 0 or more.")
        )
    return found
