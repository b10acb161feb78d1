"""What is asked before a key is withdrawn."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawKey(forms.Form):
    """Why the key is not used any more."""

    why = forms.CharField(
        label=_("Reason"), max_length=300,
        help_text=_("The other company reads it beside the key."),
        error_messages={"required": _("There is no reason. Say why the key is withdrawn; the other company reads it.")},
    )  # fmt: skip
