"""Writing duties among the facts, where every statement reads them, on the web and on the command line.

A duty is told once it is decided: delivered, or due and not delivered. Each later change is a new revision of the same
row, which replaces the one before when facts are read; the same revision again is a duplicate. What is not decided (a
clock that stands still, an answer that was sent back in time) leaves the earlier row as it was until it is.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from onefloor.facts.kinds import TABLE, Kind, kind
from onefloor.facts.load import load_files, load_id_of
from onefloor.facts.sources.reading_mappings import mapping_of
from onefloor.facts.store import Account
from onefloor_web.agreements.duties import events
from onefloor_web.agreements.duties.models import Duty, State, Telling
from onefloor_web.agreements.register.instants import ms_of
from onefloor_web.platform.floor import floor
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer

HEAD: Final = ("vendor", "duty", "reference", "due", "done", "revision")
MAPPING: Final = """\
name: onefloor-duties
target: duties
identity: [vendor, duty, reference]
revision: revision
columns:
  company: vendor
  duty: duty
  reference: reference
  started_ms: {column: due, format: epoch_ms}
  done_ms: {column: done, format: epoch_ms}
"""


def untold() -> QuerySet[Duty]:
    """The duties that are decided and that the facts do not have as they are."""
    decided = Q(state=State.DONE, due_at__isnull=False) | Q(state=State.OPEN, due_at__lte=timezone.now())
    return Duty.objects.filter(decided, told__lt=F("revision"))


def tell(viewer: Viewer) -> Account:
    """Write what is not told yet among the facts; the account of the lines, one a duty.

    Call it with duties that are committed: facts are not taken back with a transaction.
    """
    one_at_a_time("duties.tell")  # two would write the same rows
    total = Account(_kind().source)
    rows = untold().select_for_update(of=["self"]).select_related("company").order_by("company_id", "pk")
    for company, found in groupby(rows, key=lambda duty: duty.company_id):
        total.add(_told(viewer, company, list(found)))
    return total


def line_of(duty: Duty) -> tuple[str, ...]:
    """A duty as a line of the file: instants in epoch ms, ``done`` empty while it is not delivered."""
    assert duty.due_at is not None, "what stands still is not told"
    done = str(ms_of(duty.done_at)) if duty.done_at else ""
    return (duty.company.code, duty.duty, duty.reference, str(ms_of(duty.due_at)), done, str(duty.revision))


def _told(viewer: Viewer, company: int, found: Sequence[Duty]) -> Account:
    with tempfile.TemporaryDirectory(prefix="onefloor-duties-") as folder:
        path = Path(folder) / "duties.csv"
        _write(path, found)
        how = _kind()
        account = load_files(floor(), how.source, how.reader, [path], options=how.options)
        load = load_id_of(how.source, path, how.options)
    Telling.objects.create(company_id=company, load=load, account=account.as_json())
    for duty in found:
        if duty.state == State.OPEN and duty.told == 0:
            events.tell_missed(viewer, duty)
    Duty.objects.filter(pk__in=[duty.pk for duty in found]).update(told=F("revision"))
    return account


def _write(path: Path, found: Sequence[Duty]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(line_of(duty) for duty in found)


@cache
def _kind() -> Kind:
    return kind(TABLE, mapping_of(MAPPING, "duties"))
