"""Files that come by the web: kept, judged, loaded into the facts, and mirrored into rows."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

from django.utils import timezone

from onefloor.facts import roster
from onefloor.facts.load import load_files
from onefloor.facts.store import months_of_table, table_version
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.platform.companies.mirroring import mirror
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.rosters.changes import Plan, Side, months_touched, plan
from onefloor_web.records.rosters.lines import Line, as_csv, current, read
from onefloor_web.records.rosters.models import LONGEST_NAME, RosterFile, State
from onefloor_web.records.rosters.signed import signed_months

LARGEST = 5 << 20


class TooLarge(Problem):
    """A file beyond any roster."""

    def __init__(self, size: int) -> None:
        super().__init__(
            Text(
                f"文件有 {size / (1 << 20):.1f} MB，最多 5 MB。", f"The file has {size / (1 << 20):.1f} MB; at most 5."
            ),
            remedy=Text("请只导出名册，或分成几个文件。", "Export the roster only, or split it."),
        )


def side_of(viewer: Viewer) -> Side:
    """For which companies a viewer may speak, and whose names the viewer sees."""
    companies = Company.objects.filter(pk__in=viewer.visible)
    names = frozenset(one.code for one in companies if one.pk == viewer.company or one.shares_names)
    return Side(viewer.code, frozenset(one.code for one in companies), names, viewer.client)


def seen(floor: Floor, side: Side) -> list[Line]:
    """The lines a viewer may see, with the names the viewer may see."""
    return [shown(side, line) for line in current(floor) if line.company in side.may]


def shown(side: Side, line: Line) -> Line:
    """A line without its name where names are not shared."""
    return line if line.company in side.names else replace(line, name=None)


def keep(viewer: Viewer, name: str, content: bytes) -> RosterFile:
    """Keep a file; it can be read, else it is not kept. Sent again before it is loaded, it is the one that is there.

    Raises:
        Problem: it is too large or cannot be read; says why.
    """
    if len(content) > LARGEST:
        raise TooLarge(len(content))
    file = RosterFile(
        company_id=viewer.company, user_id=viewer.user, name=name[:LONGEST_NAME], content=content,
        digest=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    with as_path(file) as path:
        read(path)
    one_at_a_time(f"rosters.keep {viewer.company} {file.digest}")
    mine = RosterFile.objects.filter(company_id=viewer.company, user_id=viewer.user or 0, state=State.CHECKED)
    if there := mine.filter(name=file.name, digest=file.digest).first():
        return there
    file.save()
    return file


class as_path:  # noqa: N801
    """A kept file on disk for a moment, under its own name's ending: the core reads files."""

    def __init__(self, file: RosterFile) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="onefloor-roster-")
        self._path = Path(self._folder.name) / f"roster{Path(file.name).suffix[:8]}"
        self._path.write_bytes(bytes(file.content))

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def planned(viewer: Viewer, floor: Floor, file: RosterFile) -> Plan:
    """What loading the file would change now."""
    with as_path(file) as path:
        return plan(side_of(viewer), read(path), current(floor))


def months(viewer: Viewer, floor: Floor, change: Plan) -> tuple[list[Month], list[Month]]:
    """The measured months a change reaches: those that move, and those that are signed and stay."""
    measured = [Month.from_id(number) for number in months_of_table(floor, "contacts") if number]
    touched = months_touched(change.differences, measured)
    companies = {line.company for one in change.differences for line in (*one.gone, *one.come)}
    signed = set().union(*(signed_months(company) for company in companies))
    return [month for month in touched if month not in signed], [month for month in touched if month in signed]


def ask_to_load(viewer: Viewer, file: RosterFile, page: str) -> Job:
    """Have a checked file loaded in the background; asked twice, it is loaded once."""
    file.state = State.LOADING
    file.save(update_fields=["state"])
    return enqueue(viewer, "rosters.load", key=str(file.pk), subject=file.name, page=page, file=file.pk)


def load(viewer: Viewer, floor: Floor, file: RosterFile) -> Plan:
    """Load a file, in the transaction that is open. What is loaded already changes nothing again.

    The core gets the whole history of each person who changes, so that nobody else's stretch of it is lost.
    """
    one_at_a_time("rosters.load")  # two must not both build on the roster that was there before
    change = planned(viewer, floor, file)
    if change.load:
        with tempfile.TemporaryDirectory(prefix="onefloor-roster-") as folder:
            path = Path(folder) / f"roster-{file.pk}.csv"
            path.write_bytes(as_csv(change.load, "en", guard=False))
            # the same bytes may come again after others: they are another change then
            load_files(floor, roster.SOURCE, roster.read, [path], options=f"after {table_version(floor, 'roster')}")
    mirror(floor)
    file.state, file.loaded_at, file.account = State.LOADED, timezone.now(), change.account
    file.save(update_fields=["state", "loaded_at", "account"])
    return change


def discard(file: RosterFile) -> None:
    """A checked file that nobody wants; its name and who brought it stay."""
    file.state, file.content = State.DISCARDED, b""
    file.save(update_fields=["state", "content"])
