"""Writing acknowledged forecasts among the facts, where every statement reads them, on the web and in commands.

A row is the same row by queue, company, interval and the moment both had acknowledged it: writing it again adds
nothing, and a later version stands beside the earlier one. The core takes the newest for measuring.
"""

from __future__ import annotations

import csv
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from onefloor.facts.kinds import TABLE, Kind, kind
from onefloor.facts.load import load_files
from onefloor.facts.sources.reading_mappings import mapping_of
from onefloor.facts.store import Account
from onefloor_web.agreements.forecasts.models import Acknowledgement, Lock
from onefloor_web.agreements.register.instants import ms_of
from onefloor_web.platform.floor import floor
from onefloor_web.platform.tenancy.turns import one_at_a_time

HEAD: Final = ("queue", "company", "interval", "contacts", "locked")
MAPPING: Final = """\
name: onefloor-forecasts
target: forecasts
identity: [queue, company, interval, locked]
columns:
  queue: queue
  company: company
  started_ms: {column: interval, format: epoch_ms}
  minutes: {constant: 30}
  contacts: contacts
  locked_ms: {column: locked, format: epoch_ms}
"""


def write(said: Acknowledgement) -> Account:
    """Write the rows of what was acknowledged; the account of the lines, one a row.

    Call it with an acknowledgement that is committed: facts are not taken back with a transaction.
    """
    one_at_a_time("forecasts.write")  # two would write the same rows
    assert said.given_at is not None, "what is not given binds nobody"
    with tempfile.TemporaryDirectory(prefix="onefloor-forecast-") as folder:
        path = Path(folder) / "forecast.csv"
        _write(path, said.lock, ms_of(said.given_at))
        how = _kind()
        return load_files(floor(), how.source, how.reader, [path], options=how.options)


def _write(path: Path, lock: Lock, locked_ms: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for line in lock.content.splitlines():
            at, rest = line.split(",", 1)
            queue, contacts = rest.rsplit(",", 1)
            writer.writerow((queue, lock.company.code, at, contacts, locked_ms))


@cache
def _kind() -> Kind:
    return kind(TABLE, mapping_of(MAPPING, "forecasts"))
