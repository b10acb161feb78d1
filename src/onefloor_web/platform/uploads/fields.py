"""The field of a form for several files, and the content of one that is not kept."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.uploads.names import safe_name
from onefloor_web.platform.uploads.scanning import scan_content

ACCEPTED: Final = ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.txt,.csv"
"""Endings a browser offers first; what a file is, is found in its content."""


def scanned(upload: UploadedFile[Any]) -> bytes:
    """The content of a file that is read and not kept; the scanner's word about it is the field's.

    Raises:
        ValidationError: the scanner refuses it, or does not answer.
    """
    content = bytes(upload.read())
    try:
        scan_content(content, safe_name(upload.name or ""))
    except Problem as problem:
        raise forms.ValidationError(
            f"{say(problem.what)} {say(problem.remedy) if problem.remedy else ''}".strip()
        ) from None
    return content


class Several(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files; each is looked at where it is kept."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Each of them, empty ones too: whoever keeps them says what an empty file means."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(Files, self).clean(one, initial) for one in given]
