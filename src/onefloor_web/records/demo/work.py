"""What each company's manager has begun: imports, a roster file, a saved view. No fact and no figure changes by it.

The complaints name a verdict that their mapping does not know, so all of them wait to be mended: the page on which one
word is mapped once has something to try. Jobs are asked for and run by the worker, as for anybody else.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from onefloor.demo.examples import example
from onefloor.facts.kinds import ASTERISK, TABLE
from onefloor_web.platform.demo.beginnings import beginning
from onefloor_web.platform.floor import floor
from onefloor_web.platform.privacy import access
from onefloor_web.platform.privacy.models import Kind, Purpose
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.imports import actions, jobs
from onefloor_web.records.imports.models import Import
from onefloor_web.records.imports.reading import prefix
from onefloor_web.records.rosters import loading
from onefloor_web.records.rosters.lines import Line, as_csv, current
from onefloor_web.records.rosters.models import RosterFile
from onefloor_web.records.scorecards.actions import save_view
from onefloor_web.records.scorecards.models import SavedView

LOG: Final = "queue_log"
COMPLAINTS: Final = "complaints-2026-10.csv"
ROSTER: Final = "roster-2026-10.csv"
HEADER: Final = ("number", "contact", "called", "received", "verdict", "topic", "agent")
TOPICS: Final = ("bill_dispute", "power_cut", "refund", "repair_status")
COMPLAINED: Final = 12
UNKNOWN: Final = "partly justified"
PREVIEWED: Final = 8  # lines of each that the manager has seen before it went on
TEAM: Final = 12
MAPPING: Final = """\
name: {name}
target: complaints
identity: [number]
columns:
  contact: contact
  started_ms: called
  received_ms: received
  justified: {{column: verdict, words: {{justified: true, rejected: false}}}}
  topic: topic
  agent: agent
"""
VIEW: Final = ("AHT / FCR", "by=team&metric=aht&metric=fcr&compare=before&target=fcr%3D%3E%3D70")


def declare() -> None:
    """Have the demonstration begin with these."""
    for function in (log, complaints, roster_file, view):
        beginning(function)


def log(viewer: Viewer) -> None:
    """The client's log of a PBX, of which a dry run is asked for; loading it is left to whoever tries it."""
    if not viewer.client or Import.objects.filter(name=LOG).exists():
        return
    made = actions.begin_with_files(viewer, [_upload(LOG, example("asterisk_run/queue_log").read_bytes())])
    actions.describe(viewer, made, ASTERISK, None)
    access.log(viewer, Purpose.IMPORT, Kind.PREVIEW, made.name, rows=PREVIEWED)
    actions.try_it(viewer, made)


def complaints(viewer: Viewer) -> None:
    """Complaints about the company's own people, tried, and a load asked for that sets them all aside."""
    people = _own_people(viewer)
    if not people or Import.objects.filter(company_id=viewer.company, name=COMPLAINTS).exists():
        return
    made = actions.begin_with_files(viewer, [_upload(COMPLAINTS, _complaints(people))])
    actions.describe(viewer, made, TABLE, None)
    actions.map_columns(made, MAPPING.format(name=f"{prefix(viewer)}complaints"))
    made.refresh_from_db()
    access.log(viewer, Purpose.IMPORT, Kind.PREVIEW, made.name, rows=PREVIEWED)
    actions.keep_mapping(viewer, made, HEADER)
    jobs.attempt(viewer, _untold, number=made.pk)
    actions.load_it(viewer, made)


def roster_file(viewer: Viewer) -> None:
    """A team's lines of the roster as they are, sent again: nothing new."""
    people = _own_people(viewer)[:TEAM]
    if not people or RosterFile.objects.filter(company_id=viewer.company, name=ROSTER).exists():
        return
    file = loading.keep(viewer, ROSTER, as_csv(people, "en"))
    loading.ask_to_load(viewer, file, f"/rosters/{file.pk}/")


def view(viewer: Viewer) -> None:
    """Teams beside the month before, shared within the company."""
    name, query = VIEW
    if SavedView.objects.filter(company_id=viewer.company, user_id=viewer.user or 0, name=name).exists():
        return  # kept as whoever tried it left it, and nobody is said to have changed it
    save_view(viewer, name=name, query=query, shared=True)


def _own_people(viewer: Viewer) -> list[Line]:
    """Those of the viewer's company who have been in one place since they came, and are there still."""
    lines = current(floor())
    stretches = Counter(line.agent for line in lines)
    return [
        line for line in lines if line.company == viewer.code and line.until_day is None and stretches[line.agent] == 1
    ]


def _complaints(people: Sequence[Line]) -> bytes:
    """A complaint about each of some people, a day apart; the verdict is one that the mapping does not know."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for place, line in enumerate(islice(people, COMPLAINED)):
        day, topic = f"2026-10-{place + 1:02}", TOPICS[place % len(TOPICS)]
        called, received = f"{day} 10:00", f"{day} 16:00"
        writer.writerow((f"C-{place + 1}", f"K-{place + 1}", called, received, UNKNOWN, topic, line.agent))
    return out.getvalue().encode()


def _upload(name: str, content: bytes) -> UploadedFile[bytes]:
    return SimpleUploadedFile(name, content)


def _untold(done: int, total: int | None = None, note: object = None) -> None:
    """Nobody waits for the progress."""
