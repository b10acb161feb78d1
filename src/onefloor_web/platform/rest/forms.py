"""A body that the same form checks as on the page, so that both refuse the same values in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.datastructures import MultiValueDict

from onefloor_web.platform.rest.operations import Answered
from onefloor_web.platform.rest.problems import Fault, invalid

CODE: Final = r"^[-a-zA-Z0-9_]{1,64}$"
"""What the code of an agreement looks like."""


def as_sent(values: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    """Values as a browser would send them: lists as several, nothing for None."""
    listed = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return MultiValueDict({name: value for name, value in listed.items() if value not in ([None], [])})


def fitting(form: forms.Form) -> dict[str, Any]:
    """What a form made of the values.

    Raises:
        Answered: 422 with each value that cannot be used.
    """
    if form.is_valid():
        return form.cleaned_data
    faults = [Fault(where=f"body.{name}", what=str(one)) for name, found in form.errors.items() for one in found]
    raise Answered(invalid(faults))
