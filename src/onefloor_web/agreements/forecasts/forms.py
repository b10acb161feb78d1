"""What is asked on the pages of locked forecasts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onefloor.periods import Month
from onefloor.problems import Problem


class FileForm(forms.Form):
    """A forecast's file and its month."""

    month = forms.CharField(label=_("Month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}))
    file = forms.FileField(
        label=_("Forecast file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX with the columns of the template: interval, queue, company, contacts."),
    )  # fmt: skip

    def clean_month(self) -> Month:
        """A month such as 2026-12."""
        try:
            return Month.parse(self.cleaned_data["month"].strip())
        except Problem:
            raise forms.ValidationError(gettext("This is no month. Write it as 2026-12.")) from None


def initial_month(today: Any) -> str:
    """The month after this one."""
    return str(Month(today.year, today.month).following())
