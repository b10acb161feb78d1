"""Two people edit the same row: nothing is overwritten, both versions stand side by side.

    form = SiteForm(request.POST or None, instance=site)             # before: stamp = stamp_of(site, FIELDS)
    if form.is_valid():
        if clash := changed_meanwhile(request, form, before):
            return render(request, "pages/conflict.html", {"clash": clash, ...})
        form.save()

The stamp travels in the form as a hidden field: ``{% stamp before %}`` or ``form.stamp``. It is a digest of what the
form showed, so a table needs no column for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.forms import BaseForm
from django.utils.functional import Promise

from onefloor.language import Text
from onefloor_web.platform.pages.formats import say

STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class Before:
    """A row as the database has it now: its values by field, and their stamp."""

    row: Model
    values: Mapping[str, Any]

    @property
    def stamp(self) -> str:
        """A digest of the values."""
        written = json.dumps({name: str(value) for name, value in self.values.items()}, sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Clash:
    """What somebody else saved meanwhile, beside what was entered: ``(label, theirs, yours)`` of each field."""

    who: str
    at: datetime | None
    fields: tuple[tuple[str | Promise, Any, Any], ...]
    stamp: str


def before(row: Model, names: Iterable[str]) -> Before:
    """The row's values, taken before a form is bound to it (a form writes into its instance)."""
    return Before(row, {name: getattr(row, str(getattr(row._meta.get_field(name), "attname", name))) for name in names})


def changed_meanwhile(given: str, now: Before, form: BaseForm) -> Clash | None:
    """None if the row is still as the form showed it; else both versions.

    Args:
        given: the stamp that came with the form.
        now: the row, read and locked in this transaction.
        form: what was entered, valid.
    """
    if given == now.stamp:
        return None
    fields = tuple(
        (field.label or name, _shown(form, name, now.values[name]), _shown(form, name, form.cleaned_data[name]))
        for name, field in form.fields.items()
        if name in now.values
    )
    who, at = last_change(now.row)
    return Clash(who, at, fields, now.stamp)


def last_change(row: Model) -> tuple[str, datetime | None]:
    """Who changed a row last, and when, from its history."""
    history = apps.get_model(row._meta.app_label, f"{type(row).__name__}Event")
    event = history._base_manager.filter(pgh_obj_id=row.pk).order_by("-pgh_id").first()
    if event is None:
        return "", None
    context = event.pgh_context or {}
    return str(context.get("name") or context.get("user") or ""), event.pgh_created_at


def _shown(form: BaseForm, name: str, value: Any) -> Any:
    """A value in the words of its field: the label of a choice, the name of a row."""
    choices = getattr(form.fields[name], "choices", None)
    if choices is None:
        return value
    labels = {str(choice): label for choice, label in choices}
    if isinstance(value, list):
        return say(Text("、", ", ")).join(str(labels.get(str(one), one)) for one in value) or None
    return labels.get(str(getattr(value, "pk", value)), value)
