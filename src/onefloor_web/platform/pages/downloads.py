"""Answers that are files to be kept."""

from __future__ import annotations

from django.http import HttpResponse


def attachment(made: bytes | str, name: str, content_type: str) -> HttpResponse:
    """A file under this name (ASCII letters, digits, ``-``, ``.``), which no cache on the way keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type=content_type, headers=headers)
