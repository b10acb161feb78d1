"""What is asked on the pages of what-ifs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import begin
from onefloor_web.settlement.what_ifs.models import LONGEST, TITLE_LENGTH
from onefloor_web.settlement.what_ifs.terms import Field

NAMES = {
    "rate": _("rate"), "target": _("target"), "credit": _("credit"), "reward": _("reward"), "bands": _("bands"),
}  # fmt: skip


class WhatIfForm(forms.Form):
    """Other terms and the months: one field a term, or an amendment as YAML, which then counts alone."""

    name = forms.CharField(label=_("Name"), max_length=TITLE_LENGTH)
    first = forms.CharField(label=_("First month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}))
    last = forms.CharField(label=_("Last month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}))

    def __init__(self, fields: list[Field], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields:
            wide = forms.Textarea(attrs={"rows": 2}) if field.name == "bands" else forms.TextInput()
            self.fields[field.key] = forms.CharField(
                label=label_of(field), required=False, max_length=2_000, widget=wide, initial=field.written
            )
        self.fields["change"] = forms.CharField(
            label=_("Amendment as YAML"), required=False, max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
            help_text=_("If something is written here it counts alone, and the fields above do not."),
        )  # fmt: skip

    def clean_first(self) -> Month:
        """A month such as 2026-05."""
        return _month(self.cleaned_data["first"])

    def clean_last(self) -> Month:
        """A month such as 2026-05."""
        return _month(self.cleaned_data["last"])


class DraftForm(forms.Form):
    """From when the terms shall hold."""

    starts = forms.DateField(
        label=_("In force from"), input_formats=["%Y-%m-%d"], help_text=_("The first day of a month."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean_starts(self) -> date:
        """The first day of a month."""
        day: date = self.cleaned_data["starts"]
        if day.day != 1:
            raise forms.ValidationError(gettext("Settlement is monthly: choose the first day of a month."))
        return day


def label_of(field: Field) -> str:
    """``4.1 Service level: target``."""
    if not field.id:
        return begin(field.title)
    return f"{field.id} {begin(field.title)}: {NAMES[field.name]}"


def _month(text: str) -> Month:
    try:
        return Month.parse(text.strip())
    except Problem:
        raise forms.ValidationError(gettext("This is no month. Write it as 2026-12.")) from None
