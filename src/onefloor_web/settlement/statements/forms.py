"""Forms of statements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.pages.formats import say


class RunMonth(forms.Form):
    """Which month of which agreement."""

    month = forms.CharField(label=_("Month"), max_length=7, help_text=_("Such as 2026-10"))
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), label=_("Agreement"), required=False, empty_label=_("All agreements")
    )

    def __init__(self, *args: Any, rows: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agreement"].queryset = rows  # type: ignore[attr-defined]
        self.fields["agreement"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.company.name} · {say(one.name)} ({one.code})"
        )

    def clean_month(self) -> Month:
        """The month, as the core reads it."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except (Problem, ValueError):
            raise forms.ValidationError(_("Write a month such as 2026-10.")) from None
