"""What contacts are looked for by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onefloor.facts.schemas import OUTCOMES
from onefloor.metrics.contacts import Wish
from onefloor_web.platform.floor import zone
from onefloor_web.records.figures import filters
from onefloor_web.records.figures.listing import outcome_words

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MOMENTS = [("queued", _("entered the queue")), ("answered", _("was answered")), ("ended", _("ended"))]
FORMS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
NAMED = ("queue", "topic", "company")
WRONG = _("This is not a time. Write it like 2026-10-14 10:02.")


class LocalInput(forms.DateTimeInput):
    """A field for a time of the floor's clock."""

    input_type = "datetime-local"


def _time(label: _StrOrPromise) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=False, input_formats=FORMS, widget=LocalInput(format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": WRONG},
    )  # fmt: skip


class SearchForm(forms.Form):
    """An empty field means all."""

    moment = forms.ChoiceField(label=_("When it"), choices=MOMENTS, required=False)
    since = _time(_("From"))
    until = _time(_("Until"))
    queue = forms.ChoiceField(required=False)
    topic = forms.ChoiceField(required=False)
    company = forms.ChoiceField(required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    code = forms.CharField(label=_("Code of agent or contact"), required=False, max_length=100)

    def __init__(self, data: Mapping[str, Any], names: Mapping[str, Sequence[str]], *, client: bool) -> None:
        super().__init__(data)
        for name in NAMED:
            field = self.fields[name]
            field.label = filters.title(name)
            field.choices = [("", _("all")), *((value, filters.name_words(name, value)) for value in names[name])]  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [("", _("all")), *((name, outcome_words(name)) for name in OUTCOMES)]  # type: ignore[attr-defined]
        if not client:
            del self.fields["company"]

    def clean(self) -> dict[str, Any]:
        """The end has to come after the beginning."""
        found: dict[str, Any] = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end is not after the beginning. Choose a later end."))
        return found

    @property
    def wish(self) -> Wish:
        """What the core is asked for; valid forms only."""
        found = self.cleaned_data
        where = {name: [found[name]] for name in NAMED if found.get(name)}
        return Wish(
            where, _ms(found["since"]), _ms(found["until"]), found["moment"] or "queued", found["outcome"],
            found["code"].strip(),
        )  # fmt: skip


def month_of(last: datetime) -> dict[str, str]:
    """The first search: the day the facts end with."""
    day = last.astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return {"since": day.strftime("%Y-%m-%dT%H:%M"), "until": (day + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")}


def _ms(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)
