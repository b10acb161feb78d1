"""What is asked of a claim, an answer, a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.uploads.fields import ACCEPTED, Files, Several
from onefloor_web.settlement.disputes.models import (
    MESSAGE_LENGTH,
    QUEUES_LENGTH,
    REASON_LENGTH,
    Answering,
    Asking,
)
from onefloor_web.settlement.disputes.money import MINUTE, Wish
from onefloor_web.settlement.statements.models import DIGITS, PLACES

ROWS, AMOUNT = "rows", "amount"


class LocalMoment(forms.DateTimeField):
    """A local time of the agreement's zone, which is the floor's; naive, as terms write it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)

    def clean(self, value: Any) -> datetime | None:
        """Without a zone."""
        found: datetime | None = super().clean(value)
        return None if found is None else timezone.make_naive(found)


def _files() -> Files:
    return Files(
        label=_("Files"), required=False, widget=Several(attrs={"accept": ACCEPTED}),
        help_text=_("PDF, PNG, JPEG, XLSX, DOCX, text or CSV; 20 MiB each, 10 at most. Sent with the text."),
    )  # fmt: skip


class AskingForm(forms.Form):
    """Rows of a window, or an amount; reason and files."""

    by = forms.ChoiceField(
        label=_("What it is about"), widget=forms.RadioSelect, required=False,
        choices=[(ROWS, _("contacts of a time window")), (AMOUNT, _("an amount"))],
    )  # fmt: skip
    starts = LocalMoment(label=_("From"), required=False)
    ends = LocalMoment(label=_("Until (not included)"), required=False)
    queues = forms.CharField(
        label=_("Only these queues"), required=False, max_length=QUEUES_LENGTH,
        help_text=_("Names, separated by commas; all queues without."),
    )  # fmt: skip
    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=0, max_digits=DIGITS, decimal_places=PLACES,
        help_text=_("In favour of the side that disputes, measured from the line as issued."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happened, when, and what shows it."),
    )  # fmt: skip
    files = _files()  # type: ignore[assignment]  # a form of its own name for what it was sent

    def __init__(self, *args: Any, rows: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        if not rows:
            for name in ("by", "starts", "ends", "queues"):
                del self.fields[name]

    @property
    def wish(self) -> Wish:
        """What was entered, valid."""
        data = self.cleaned_data
        if data.get("by", AMOUNT) == ROWS:
            names = (data.get("queues") or "").replace("，", ",").replace("、", ",").split(",")
            return Wish(data["starts"], data["ends"], tuple(name.strip() for name in names if name.strip()))
        return Wish(amount=data["amount"])

    def clean(self) -> dict[str, Any]:
        """What it is about has to be said whole."""
        data = super().clean() or self.cleaned_data
        if self.needs_more(data):
            self.complete(data)
        return data

    def needs_more(self, data: Mapping[str, Any]) -> bool:
        """Whether rows or an amount have to be named."""
        return True

    def complete(self, data: Mapping[str, Any]) -> None:
        """Say at each field what is missing."""
        if self.rows and not data.get("by"):
            self.add_error("by", _("Choose whether it is about contacts or about an amount."))
        elif data.get("by", AMOUNT) == ROWS:
            for name in ("starts", "ends"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Write a date and a time."))
        elif data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Write an amount."))


class ClaimForm(AskingForm):
    """A claim."""


class AnswerForm(AskingForm):
    """An answer: all, part, or nothing of what is claimed."""

    kind = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect, choices=Answering.choices)
    field_order = ("kind", "by", "starts", "ends", "queues", "amount", "reason", "files")

    def needs_more(self, data: Mapping[str, Any]) -> bool:
        """Only a part has to be named."""
        return data.get("kind") == Answering.PART


class MessageForm(forms.Form):
    """A message, or a question back."""

    words = forms.CharField(
        label=_("Message"), max_length=MESSAGE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both companies read it at once. The deadline does not move."),
    )  # fmt: skip
    question = forms.BooleanField(label=_("This is a question"), required=False)
    attached = _files()


class WhyForm(forms.Form):
    """Why something is done."""

    why = forms.CharField(
        label=_("Reason"), required=False, max_length=MESSAGE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


def initial_of(asking: Asking | None, direction: int) -> dict[str, Any]:
    """The fields of a draft."""
    if asking is None:
        return {}
    return {
        "by": ROWS if asking.by_rows else AMOUNT, "starts": asking.starts, "ends": asking.ends,
        "queues": ", ".join(asking.named_queues), "reason": asking.reason,
        "amount": None if asking.amount is None else direction * asking.amount,
        "kind": getattr(asking, "kind", None),
    }  # fmt: skip
