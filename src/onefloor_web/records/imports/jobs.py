"""The work behind the pages: fetch, dry run, load, mend; and tidying up what was left lying."""

from __future__ import annotations

import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor.facts.load import load_files
from onefloor.facts.mending import mend
from onefloor.facts.quarantine import set_aside
from onefloor.facts.remedies import groups
from onefloor.facts.remote import Remote, fetched, note_loaded
from onefloor.facts.store import Account, load_report, scan
from onefloor.facts.trial import dry_run
from onefloor.language import Text
from onefloor_web.platform.floor import floor
from onefloor_web.platform.jobs.models import MOVING, Job
from onefloor_web.platform.jobs.registry import Progress, Result, job, periodic
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.imports import events, files
from onefloor_web.records.imports.actions import seen_by
from onefloor_web.records.imports.models import Import, State
from onefloor_web.records.imports.reading import as_json, group_json, reader_of, without_folders

FORGOTTEN = timedelta(days=14)
NOT_LOADED = Text(
    "导入被中断：未完成的文件没有导入任何数据，请重新运行；不会重复计数。",
    "The load was interrupted: nothing of the file under way was loaded. Run it again; nothing is counted twice.",
)


@job("imports.fetch", label=_("Fetch files"))
def fetch(viewer: Viewer, progress: Progress, *, number: int) -> Result:
    """Copy the files of a place."""
    made = Import.objects.select_for_update().get(pk=number)
    files.remove(made)
    with without_folders(), fetched(floor(), _remotes(made), progress=progress) as copies:
        for copy, path in zip(copies, made.paths, strict=True):
            path.parent.mkdir(parents=True)
            shutil.move(copy, path)
    made.files = [{**file, "bytes": path.stat().st_size} for file, path in zip(made.files, made.paths, strict=True)]
    made.state = State.BEGUN
    made.save(update_fields=["files", "state"])
    return {"files": len(made.files)}


@job("imports.try", label=_("Dry run"))
def attempt(viewer: Viewer, progress: Progress, *, number: int) -> Result:
    """What the load would do, without doing it."""
    made = Import.objects.select_for_update().get(pk=number)
    with without_folders():
        tried = dry_run(floor(), reader_of(viewer, made), made.paths, progress=progress)
    made.tried, made.state = as_json(tried), State.TRIED
    made.save(update_fields=["tried", "state"])
    return {"lines": tried.account.lines}


@job("imports.load", label=_("Load"), interrupted=NOT_LOADED)
def load(viewer: Viewer, progress: Progress, *, number: int) -> Result:
    """Load the files, each all or nothing."""
    made = Import.objects.select_for_update().get(pk=number)
    if made.state == State.LOADED:
        return {"lines": made.account().get("lines", 0)}
    reader, total, by_file = reader_of(viewer, made), Account(""), []
    with without_folders():
        for load_id, path in zip(made.loads, reader.in_order(made.paths), strict=True):
            account = load_files(
                floor(), reader.source, reader.reader, [path], options=reader.options, progress=progress
            )
            account = _as_it_happened(made, load_id, account)
            by_file.append({"name": path.name, **account.as_json()})
            total.add(account)
    made.report = {"account": {**total.as_json(), "source": reader.source}, "files": by_file}
    made.state, made.loaded_at = State.LOADED, timezone.now()
    made.save(update_fields=["report", "state", "loaded_at"])
    events.loaded(viewer, made, total)
    if made.place:
        note_loaded(floor(), _remotes(made), seen_by(viewer))
    transaction.on_commit(partial(files.remove, made))
    return {"lines": total.lines, "loaded": total.loaded}


@job("imports.mend", label=_("Retry lines that were set aside"))
def retry(viewer: Viewer, progress: Progress, *, number: int, corrected: str = "") -> Result:
    """Read the open lines of an import again, as the mapping or somebody now has them: ``corrected`` names a file."""
    made = Import.objects.select_for_update().get(pk=number)
    lines = files.corrected(made, corrected) if corrected else []
    new = {(load_id, file, line): text for load_id, file, line, text in lines} or None
    account = mend(floor(), reader_of(viewer, made), loads=made.loads, corrected=new, progress=progress)
    made.report = {**(made.report or {}), "mended": account.as_json()}
    made.save(update_fields=["report"])
    events.mended(viewer, made, account)
    if corrected:
        transaction.on_commit(partial(files.forget_corrected, made, corrected))
    return {"lines": account.lines, "loaded": account.loaded}


@periodic("imports.tidy", cron="40 3 * * *", label=_("Remove files of imports that nobody finished"))
def tidy(viewer: Viewer, progress: Progress) -> Result:
    """Discard imports that nobody touched for two weeks, and delete copies that belong to none."""
    stale = Import.objects.filter(
        state__in=(State.BEGUN, State.TRIED, State.FETCHING), begun_at__lt=timezone.now() - FORGOTTEN
    )
    for made in stale:
        files.remove(made)
    discarded = stale.update(state=State.DISCARDED)
    moving = Job.objects.filter(state__in=MOVING).values("pk")
    open_ = Import.objects.exclude(state__in=(State.LOADED, State.DISCARDED)) | Import.objects.filter(job__in=moving)
    live = {str(pk) for pk in open_.values_list("pk", flat=True)}
    for folder in _folders(viewer):
        if folder.name not in live:
            shutil.rmtree(folder, ignore_errors=True)
    return {"discarded": discarded}


def open_problems(made: Import, viewer: Viewer) -> list[dict[str, Any]]:
    """What is still set aside of an import, by what helps."""
    aside = set_aside(floor(), loads=made.loads)
    layouts = scan(floor(), "layouts").collect()
    return [group_json(group) for group in groups(aside, layouts, reader_of(viewer, made).mapping)]


def _as_it_happened(made: Import, load_id: str, account: Account) -> Account:
    """A load that this import made in an attempt that was interrupted afterwards counts as what it did."""
    if load_id not in made.known and account.lines == account.duplicates:
        return load_report(floor(), load_id) or account
    return account


def _remotes(made: Import) -> list[Remote]:
    return [Remote(made.place, file["name"], file["bytes"], file["stamp"], file["path"]) for file in made.files]


def _folders(viewer: Viewer) -> list[Path]:
    place = Import(company_id=viewer.company, pk=0).folder.parent
    return [path for path in place.iterdir() if path.is_dir()] if place.exists() else []
