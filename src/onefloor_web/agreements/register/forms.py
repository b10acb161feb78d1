"""What is asked when a version is proposed or withdrawn."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.uploads.fields import scanned

LARGEST: Final = 200_000
"""Bytes of an agreement. Forty clauses with their words in both languages take a sixth of it."""


class UploadForm(forms.Form):
    """The whole text of an agreement, as a file or pasted."""

    file = forms.FileField(
        label=_("File"), required=False,
        help_text=_("A YAML file with the whole agreement, amendments included."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.txt"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or the text itself"), required=False, max_length=LARGEST, strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The text of the file, else what was pasted."""
        said = super().clean() or {}
        brought = said.get("file")
        if brought is not None:
            said["source"] = self._read(brought)
        elif said.get("text", "").strip():
            said["source"] = said["text"].replace("\r\n", "\n")
        elif not self.errors:
            raise forms.ValidationError(_("There is no text. Choose a file, or paste the agreement."))
        return said

    def _read(self, brought: Any) -> str:
        if (brought.size or 0) > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 200 kB. An agreement is a text; leave out the rest.")
            )
        try:
            return scanned(brought).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not UTF-8. Save it as UTF-8.")) from None


class ProposeForm(forms.Form):
    """The text that was looked at, and what it changes in the proposer's words."""

    source = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST, strip=False)
    note = forms.CharField(
        label=_("What it changes"), required=False, max_length=500,
        help_text=_("One sentence for the other company; without it the note of the newest amendment."),
    )  # fmt: skip

    def clean_source(self) -> str:
        """As it was looked at: browsers send line ends of their own."""
        return str(self.cleaned_data["source"]).replace("\r\n", "\n")


class NoticeForm(forms.Form):
    """Why an agreement is not renewed."""

    why = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other company reads it; it can stay empty."),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why a version is withdrawn."""

    why = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("There is no reason. Say why it is withdrawn; the other company reads it.")},
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Why a version is declined."""

    why = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("There is no reason. Say why it is declined; the other company reads it.")},
    )  # fmt: skip
