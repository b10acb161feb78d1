"""What is asked at the beginning of an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.uploads.fields import Files
from onefloor_web.records.imports.models import PLACE_LENGTH


class FileForm(forms.Form):
    """Files from this computer."""

    files = Files(  # type: ignore[assignment]  # a form of its own name for what it was sent
        label=_("Files"), allow_empty_file=True,
        help_text=_("Logs, CSV, XLSX or Parquet; gzip, zstandard and ZIP are fine. Several files must be of one kind."),
    )  # fmt: skip

    def clean_files(self) -> list[UploadedFile[Any]]:
        """At least one."""
        files: list[UploadedFile[Any]] = self.cleaned_data["files"]
        if not files:
            raise forms.ValidationError(_("No file is chosen. Choose one or several."), code="required")
        return files


class PlaceForm(forms.Form):
    """A folder or a path of an object store."""

    place = forms.CharField(
        label=_("Folder or object store"), max_length=PLACE_LENGTH,
        help_text=_(
            "For example /srv/drop/queue_log* or s3://bucket/folder/*.csv. Files that were loaded from there and have"
            " not changed since are left out."
        ),
    )  # fmt: skip


class WordsForm(forms.Form):
    """What one unknown word means: one of the column's words where only some are allowed, else any."""

    column = forms.CharField(widget=forms.HiddenInput, max_length=60)
    word = forms.CharField(widget=forms.HiddenInput, max_length=500, required=False, strip=False)
    meaning = forms.CharField(label=_("means"), max_length=200, required=False)
    nothing = forms.BooleanField(required=False)


class LineForm(forms.Form):
    """One line as it should have been."""

    text = forms.CharField(
        label=_("The line, corrected"), max_length=70_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip
