"""A file of each company that the other one has, and one that it has not sent yet."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from world import Side

from onefloor_web.agreements.register.models import Version
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.actions import attach
from onefloor_web.platform.uploads.permissions import seen_with

seen_with("register.version", "agreements.view")  # of the tests: no feature attaches files to versions


def fill(side: Side, viewer: Viewer) -> None:
    """What is given carries the mark that the client sees too, what is not given the secret."""
    row: Version = side.rows["version"]
    row.author_id, row.given_at = viewer.company, timezone.now()
    side.rows["attachment"] = attach(viewer, row, [text(f"{side.marker} notice.txt", f"{side.marker} outage")])[0]
    row.given_at = None
    side.rows["own attachment"] = attach(viewer, row, [text(f"{side.secret} draft.txt", f"{side.secret} thoughts")])[0]


def text(name: str, content: str) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content.encode())


CASES = {"attachment": lambda side: {"number": side.rows["attachment"].pk}}
SHARED = {"attachment"}
