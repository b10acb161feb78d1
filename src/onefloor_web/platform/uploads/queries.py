"""Reads of attached files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Model, QuerySet

from onefloor_web.platform.uploads.models import Attachment


def about(row: Model) -> str:
    """What kind of row it is, as attachments keep it."""
    return row._meta.label_lower


def attachments_of(row: Model) -> QuerySet[Attachment]:
    """The files of one row that the viewer may see."""
    return Attachment.objects.filter(about=about(row), number=row.pk)


def attachments_by_row(rows: Iterable[Model]) -> dict[Model, list[Attachment]]:
    """The files of several rows of one kind, by one query."""
    rows = list(rows)
    found: dict[int, list[Attachment]] = defaultdict(list)
    if rows:
        numbers = [row.pk for row in rows]
        for one in Attachment.objects.filter(about=about(rows[0]), number__in=numbers):
            found[one.number].append(one)
    return {row: found[row.pk] for row in rows}
