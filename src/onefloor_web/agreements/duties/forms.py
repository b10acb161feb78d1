"""What is asked on the pages of duties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.agreements.terms.procedure import DutyClock
from onefloor.language import Text
from onefloor_web.agreements.duties.models import DUTY_LENGTH, TEXT_LENGTH, Kind, Objected
from onefloor_web.agreements.duties.queries import WORDS
from onefloor_web.agreements.duties.shown import span_words
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.pages.formats import say

MINUTES = "%Y-%m-%dT%H:%M"
MOST_SEATS = 100_000


def moment_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateTimeField:
    """A day and a time of the floor's clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES)
    return forms.DateTimeField(
        label=label, help_text=help_text, required=required, widget=widget,
        input_formats=[MINUTES, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )  # fmt: skip


def words_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class Filter(forms.Form):
    """Which duties."""

    month = forms.CharField(
        label=_("Month"), required=False, max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", pgettext_lazy("all states", "All")), *WORDS.items()]
    )


class OpenForm(forms.Form):
    """An occasion: what asks the client for a duty, and since when."""

    duty = forms.ChoiceField(label=_("Duty"))
    kind = forms.ChoiceField(
        label=_("What is delivered"), choices=[one for one in Kind.choices if one[0] != Kind.ANSWER]
    )
    asked = words_field(
        _("What asks for it"), _("Such as: new tariff from 1 December; customer system down; training for 20 people.")
    )
    begins_at = moment_field(
        _("Since when, or from when"),
        _("When it was asked for or the system went down; for a notice, when the change takes effect."),
    )
    seats = forms.IntegerField(
        label=_("Seats asked for"), required=False, min_value=1, max_value=MOST_SEATS,
        help_text=_("For training only."),
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Your reference"), required=False, max_length=DUTY_LENGTH,
        help_text=_("Stands on the statement's rows; numbered without."),
    )  # fmt: skip

    def __init__(self, clocks: Sequence[DutyClock], *args: Any) -> None:
        super().__init__(*args)
        self.fields["duty"].choices = [(one.duty, _said(one)) for one in clocks]  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """When it was delivered, by whom, and where that can be seen."""

    at = moment_field(_("Delivered"), _("For a system: when it worked again."))
    by = forms.CharField(label=_("Delivered by"), required=False, max_length=NAME_LENGTH)
    seats = forms.IntegerField(label=_("Seats delivered"), min_value=0, max_value=MOST_SEATS)
    note = words_field(pgettext_lazy("a delivery", "Evidence"), _("Where it can be seen: a mail, a notice, a log."))

    def __init__(self, seats: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not seats:
            del self.fields["seats"]


class ObjectionForm(forms.Form):
    """What the vendor holds against the record."""

    says = forms.ChoiceField(label=_("Objection"), choices=Objected.choices, widget=forms.RadioSelect)
    done_at = moment_field(_("Delivered, as you have it"), _("If it was delivered later."), required=False)
    text = words_field(_("Reason"))

    def clean(self) -> dict[str, Any]:
        """A later delivery has its time."""
        said = super().clean() or {}
        if said.get("says") == Objected.LATER and not said.get("done_at") and "done_at" not in self.errors:
            self.add_error("done_at", _("Say when it was delivered, or choose that it was not."))
        return said


class AnswerForm(forms.Form):
    """Yes or no, with a reason where it is no."""

    accepted = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("Accept")), ("no", _("Do not accept"))], widget=forms.RadioSelect
    )
    text = words_field(_("Reason"), _("Needed where it is not accepted."), required=False)

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        said = super().clean() or {}
        if said.get("accepted") == "no" and not said.get("text"):
            self.add_error("text", _("Say why: the other company reads it."))
        return said


class ReasonForm(forms.Form):
    """Why."""

    text = words_field(_("Reason"))


def _said(clock: DutyClock) -> str:
    """``Notice of changes (10 working days before)``."""
    title, span = say(clock.title), span_words(clock)
    return say(Text(f"{title}（{span}）", f"{title} ({span})"))
