"""Keeping, removing and giving attached files. A file is on disk before its row, so no row is ever without one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from onefloor_web.platform.tenancy.models import AuthoredModel
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads import problems
from onefloor_web.platform.uploads.content import MOST_BYTES, Kind, kind_of
from onefloor_web.platform.uploads.disk import write
from onefloor_web.platform.uploads.models import Attachment, folder_of
from onefloor_web.platform.uploads.names import named_as, safe_name
from onefloor_web.platform.uploads.queries import about, attachments_of
from onefloor_web.platform.uploads.scanning import scan

MOST_FILES: Final = 10


def attach(viewer: Viewer, row: AuthoredModel, uploads: Iterable[UploadedFile[Any]]) -> list[Attachment]:
    """Keep files with a row of the viewer's company; the same content again is the file that is there.

    They are seen by the other company once ``give`` is called for the row, or at once if the row was given already.

    Raises:
        TooManyFiles, TooLarge, Nothing, NotAllowed, Runs, Unreadable, Malware, NotScanned, DiskFull: none is kept.
    """
    uploads = list(uploads)
    if not uploads:
        return []
    one_at_a_time(f"attachments {about(row)} {row.pk}")  # two at once are counted one after the other
    _refuse_counts(row, uploads)
    folder = folder_of(row.company_id, row.author_id)
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic(), tempfile.TemporaryDirectory(dir=folder) as aside:
        looked_at = [_looked_at(upload, Path(aside) / str(nth)) for nth, upload in enumerate(uploads)]
        return [_kept(viewer, row, *one) for one in looked_at]


def remove(attachment: Attachment) -> None:
    """Take a file back that nobody but its author has seen.

    Raises:
        Given: the other company has it.
    """
    if attachment.given_at is not None:
        raise problems.Given
    path, author, digest = attachment.path, attachment.author_id, attachment.digest
    attachment.delete()
    if not Attachment.objects.filter(company=attachment.company_id, author=author, digest=digest).exists():
        transaction.on_commit(partial(path.unlink, missing_ok=True))


def give(row: AuthoredModel) -> int:
    """Show the files of a row to the other company; how many there were."""
    return Attachment.objects.filter(about=about(row), number=row.pk, author=row.author_id, given_at=None).update(
        given_at=row.given_at or timezone.now()
    )


def _refuse_counts(row: AuthoredModel, uploads: list[UploadedFile[Any]]) -> None:
    total = attachments_of(row).count() + len(uploads)
    if total > MOST_FILES:
        raise problems.TooManyFiles(total, MOST_FILES)
    for upload in uploads:
        if (upload.size or 0) > MOST_BYTES:
            raise problems.TooLarge(safe_name(upload.name or ""), MOST_BYTES)


def _looked_at(upload: UploadedFile[Any], aside: Path) -> tuple[Path, str, Kind, str]:
    """The file put aside, its name, kind and digest."""
    name = safe_name(upload.name or "")
    write(upload, aside)
    kind = kind_of(aside, name)
    scan(aside, name)
    with aside.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return aside, named_as(name, kind.ending), kind, digest


def _kept(viewer: Viewer, row: AuthoredModel, aside: Path, name: str, kind: Kind, digest: str) -> Attachment:
    known = attachments_of(row).filter(digest=digest, author=row.author_id).first()
    if known is not None:
        return known
    made = Attachment(
        company_id=row.company_id, author_id=row.author_id, given_at=row.given_at, about=about(row), number=row.pk,
        name=name, kind=kind.name, size=aside.stat().st_size, digest=digest, added_by=viewer.name,
    )  # fmt: skip
    aside.rename(made.path)
    made.save(force_insert=True)
    return made
