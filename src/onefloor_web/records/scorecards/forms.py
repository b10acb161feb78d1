"""Saving a view."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from onefloor_web.records.scorecards.models import NAME_LENGTH

LONGEST_QUERY = 4000


class SaveForm(forms.Form):
    """A name, and whether the company may use it."""

    name = forms.CharField(
        label=_("Name of the view"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("A view needs a name. Write what it shows.")},
    )
    shared = forms.BooleanField(label=_("Share within the company"), required=False)
    keep_period = forms.BooleanField(
        label=_("Keep the period"),
        required=False,
        help_text=_("Otherwise the view opens with the newest month."),
    )
    query = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_QUERY)
