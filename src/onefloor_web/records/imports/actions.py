"""Writes: an import begins, is described, tried, loaded, mended, discarded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from onefloor.facts.detecting import Fit
from onefloor.facts.drafts import Draft, guessed, with_words
from onefloor.facts.kinds import TABLE
from onefloor.facts.load import load_id_of
from onefloor.facts.remote import listed, new_ones
from onefloor.facts.sources.reading_mappings import mapping_of
from onefloor.facts.store import load_report
from onefloor.facts.trial import first_cells
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.platform.floor import floor
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import MOVING, Job
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.names import safe_name
from onefloor_web.records.imports import files
from onefloor_web.records.imports.masking import is_number
from onefloor_web.records.imports.models import FILE_LENGTH, KIND_LENGTH, Import, Mapping, State
from onefloor_web.records.imports.reading import prefix, reader_of, without_folders


class NothingNew(Problem):
    """All files of a place are loaded already."""

    def __init__(self, place: str, files: int) -> None:
        super().__init__(
            Text(
                f"“{place}”的 {files:,} 个文件均已导入，没有新增。",
                f'All {files:,} files of "{place}" are loaded already; none is new.',
            ),
            remedy=Text("有新文件时再导入。", "Import again when there is a new file."),
        )


class NumberAsWord(Problem):
    """A word that could be a telephone number, which a mapping would keep in the database."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "这个词像是电话号码，不能写入字段映射。",
                "This word looks like a telephone number and is kept in no mapping.",
            ),
            why=Text("客户号码的原文不进入数据库。", "Customers' numbers do not enter the database as they are."),
            remedy=Text("请检查该列是否对应了号码列。", "See whether the column is mapped to one of numbers."),
        )


class NotNow(Problem):
    """The import is no longer in a state in which this can be done."""

    def __init__(self) -> None:
        super().__init__(
            Text("该导入已有进展，此操作不再适用。", "This import has moved on, and this can no longer be done."),
            remedy=Text("请查看它现在的状态。", "See where it stands now."),
        )


def begin_with_files(viewer: Viewer, uploads: Sequence[UploadedFile[Any]]) -> Import:
    """Keep uploads as a new import; sent again before anything is said about them, they are the one that is there.

    Raises:
        TooManyFiles, TooLarge, DiskFull: nothing is kept.
    """
    files.check(uploads)
    kept = [{"name": safe_name(upload.name or ""), "bytes": upload.size or 0} for upload in uploads]
    one_at_a_time(f"imports.begin {viewer.company} {viewer.user}")
    if there := _same(viewer, kept, uploads):
        return there
    made = _begun(viewer, _title([str(file["name"]) for file in kept]), kept)
    files.keep(made, uploads)
    return made


def begin_with_place(viewer: Viewer, place: str) -> Import:
    """Have the new files of a place fetched as a new import.

    Raises:
        NotAllowed, NoSuchPlace, NothingNew: nothing begins.
    """
    found = listed(floor(), place)
    new = new_ones(floor(), found, seen_by(viewer))
    if not new:
        raise NothingNew(place, len(found))
    if len(new) > files.MOST_FILES:
        new = new[: files.MOST_FILES]  # the others are new the next time
    kept = [{"name": safe_name(one.name), "bytes": one.bytes, "path": one.path, "stamp": one.stamp} for one in new]
    made = _begun(viewer, _title([str(file["name"]) for file in kept]), kept, place=place, state=State.FETCHING)
    _ask(viewer, made, "imports.fetch", page="import-kind")
    return made


def seen_by(viewer: Viewer) -> str:
    """Under what name it is remembered that a company has loaded a file of a place."""
    return f"web:{viewer.company}"


def describe(viewer: Viewer, made: Import, kind: str, look: Fit | None) -> None:
    """Say what kind of files these are; a table gets the mapping that was kept for its columns, or a guess."""
    made = _locked(made)
    if made.kind != kind or (kind == TABLE and not made.mapping):
        made.mapping = _first_mapping(viewer, made, look) if kind == TABLE else ""
    made.kind = kind
    _untried(made)


def map_columns(made: Import, text: str) -> None:
    """Say what the columns of a table mean."""
    made = _locked(made)
    made.mapping = text
    _untried(made)


def keep_mapping(viewer: Viewer, made: Import, header: Sequence[str]) -> Mapping | None:
    """Keep the mapping for the next file of its source; None if it cannot be used yet."""
    try:
        name = mapping_of(made.mapping).name
    except Problem:
        return None
    values = {"text": made.mapping, "header": list(header), "changed_by": viewer.name}
    kept, _new = Mapping.objects.update_or_create(company_id=viewer.company, name=name, defaults=values)
    return kept


def guess(viewer: Viewer, made: Import, header: Sequence[str], target: str = "contacts") -> Draft:
    """A first mapping from the columns and the first rows."""
    name = (prefix(viewer) + _source_name(made.name))[:KIND_LENGTH]
    return guessed(header, first_cells(made.paths[0]), name=name, target=target)


def know_word(viewer: Viewer, made: Import, column: str, word: str, meaning: str | None) -> None:
    """Say once what a word of a column means; the mapping keeps it.

    Raises:
        NumberAsWord: it could be a customer's number.
    """
    if is_number(word):
        raise NumberAsWord
    made.mapping = with_words(made.mapping, column, {word: meaning})
    made.save(update_fields=["mapping"])
    found = mapping_of(made.mapping)
    Mapping.objects.filter(company_id=viewer.company, name=found.name).update(
        text=made.mapping, changed_at=timezone.now(), changed_by=viewer.name
    )


def try_it(viewer: Viewer, made: Import) -> Job:
    """Ask for the dry run.

    Raises:
        Problem: the mapping cannot be used.
        NotNow: it is loaded or discarded already.
    """
    made = _locked(made)
    reader_of(viewer, made)
    _untried(made)
    return _ask(viewer, made, "imports.try", page="import-dry-run")


def load_it(viewer: Viewer, made: Import) -> Job:
    """Ask for the load; only after a dry run of just these files with just this mapping.

    Raises:
        NotNow: it was not tried, or is loaded already.
    """
    made = _locked(made)
    if made.state != State.TRIED:
        raise NotNow
    reader = reader_of(viewer, made)
    made.loads = [load_id_of(reader.source, path, reader.options) for path in reader.in_order(made.paths)]
    made.known = [load for load in made.loads if load_report(floor(), load)]
    made.save(update_fields=["loads", "known"])
    return _ask(viewer, made, "imports.load", page="import-report")


def mend_it(viewer: Viewer, made: Import, corrected: Sequence[files.Corrected] = ()) -> Job:
    """Ask for another try at the lines that were set aside; ``corrected``: ``(load, file, line, text)``."""
    made = _free(made)
    if made.state != State.LOADED:
        raise NotNow
    reader_of(viewer, made)
    params = {"corrected": files.keep_corrected(made, corrected)} if corrected else {}
    return _ask(viewer, made, "imports.mend", page="import-quarantine", **params)


def discard(made: Import) -> None:
    """Give it up: its files are deleted, nothing was loaded."""
    made = _locked(made, fetching=True)
    transaction.on_commit(partial(files.remove, made))
    made.state = State.DISCARDED
    made.save(update_fields=["state"])


def _locked(made: Import, *, fetching: bool = False) -> Import:
    """The import as it is now, which nobody else can change meanwhile; no job of it is under way."""
    now = _free(made)
    if not (now.open or (fetching and now.state == State.FETCHING)):
        raise NotNow
    return now


def _free(made: Import) -> Import:
    """The import, locked, while no job of it waits or runs; a running one holds the lock."""
    now = Import.objects.select_for_update(skip_locked=True).filter(pk=made.pk).first()
    if now is None or (now.job is not None and Job.objects.filter(pk=now.job, state__in=MOVING).exists()):
        raise NotNow
    return now


def _same(viewer: Viewer, kept: list[dict[str, Any]], uploads: Sequence[UploadedFile[Any]]) -> Import | None:
    """The viewer's import of just these files that nobody has gone on with: an answer was lost, or a click doubled."""
    mine = Import.objects.filter(
        company_id=viewer.company, begun_by_id=viewer.user or 0, state=State.BEGUN, kind="", place="", files=kept
    )
    return next((made for made in mine if files.holds(made, uploads)), None)


def _begun(
    viewer: Viewer, name: str, kept: list[dict[str, Any]], *, place: str = "", state: str = State.BEGUN
) -> Import:
    return Import.objects.create(
        company_id=viewer.company, name=name, place=place, files=kept, state=state, begun_by_id=viewer.user or 0,
        begun_name=viewer.name,
    )  # fmt: skip


def _untried(made: Import) -> None:
    made.state, made.tried = State.BEGUN, None
    made.save(update_fields=["kind", "mapping", "state", "tried"])


def _ask(viewer: Viewer, made: Import, kind: str, *, page: str, **params: Any) -> Job:
    address = reverse(page, args=[made.pk])
    job = enqueue(viewer, kind, key=f"import-{made.pk}", subject=made.name, page=address, number=made.pk, **params)
    made.job = job.pk
    made.save(update_fields=["job"])
    return job


def _first_mapping(viewer: Viewer, made: Import, fit: Fit | None) -> str:
    """The mapping kept for just these columns, the latest first; else a guess."""
    header = list(fit.look.header) if fit and fit.look else []
    kept = Mapping.objects.filter(header=header).order_by("-changed_at").first() if header else None
    with without_folders():
        return kept.text if kept else guess(viewer, made, header).text


def _title(names: Sequence[str]) -> str:
    title = names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"
    return title[:FILE_LENGTH]


def _source_name(name: str) -> str:
    """A mapping's name from a file's: letters and digits, without the date that changes from file to file."""
    stem = name.split(".")[0].lower()
    words = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in stem).split("-")
    return "-".join(word for word in words if word and not word.isdigit()) or "table"
