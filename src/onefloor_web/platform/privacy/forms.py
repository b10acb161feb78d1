"""What is asked on the pages of privacy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.privacy.models import Kind, Purpose


class PurposeForm(forms.Form):
    """One of the purposes, and where to go on."""

    next = forms.CharField(required=False, widget=forms.HiddenInput)
    purpose = forms.TypedChoiceField(
        label=_("Purpose"),
        choices=Purpose.choices,
        coerce=Purpose,
        widget=forms.RadioSelect,
        error_messages={"required": _("No purpose is chosen. Choose the one this opening serves.")},
    )


class AccessFilter(forms.Form):
    """Which accesses to list; an empty field means all."""

    who = forms.CharField(label=_("Who"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("All")), *Kind.choices])
    purpose = forms.ChoiceField(label=_("What for"), required=False, choices=[("", _("All")), *Purpose.choices])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def chosen(self) -> dict[str, Any]:
        """The fields that were filled in and could be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class NewExit(forms.Form):
    """Which vendor leaves."""

    company = forms.ModelChoiceField(
        label=_("Vendor"),
        queryset=Company.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("No vendor is chosen. Choose the one that leaves."),
            "invalid_choice": _("This vendor cannot leave: it is not on the floor, or its exit runs already."),
        },
    )


class ConfirmExit(forms.Form):
    """The vendor's name, written by hand."""

    name = forms.CharField(label=_("The vendor's name"), max_length=200)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = name
        self.fields["name"].help_text = _("Write %(name)s to confirm.") % {"name": name}

    def clean_name(self) -> str:
        """Exactly the name."""
        if self.cleaned_data["name"].strip() != self.wanted:
            raise forms.ValidationError(_("This is not the vendor's name. Write %(name)s.") % {"name": self.wanted})
        return self.wanted
