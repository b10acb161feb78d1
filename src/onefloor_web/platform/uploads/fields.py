"""The field of a form for several files."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

ACCEPTED: Final = ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.txt,.csv"
"""Endings a browser offers first; what a file is, is found in its content."""


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
