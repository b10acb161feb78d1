"""Forms of notifications and webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from onefloor.problems import Problem
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.events.registry import kinds
from onefloor_web.platform.notifications import addresses
from onefloor_web.platform.notifications.models import Format, Mail, Preference, Webhook
from onefloor_web.platform.pages.formats import say

URL_LENGTH = 500


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the checker
    """How a user wants to be told."""

    mail = forms.ChoiceField(label=_("Mail"), choices=Mail.choices, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("On the floor's clock. A mail that would come in the quiet hours comes when they end."),
    )  # fmt: skip
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    class Meta:
        model = Preference
        fields = ["mail", "quiet_from", "quiet_until"]

    def clean(self) -> dict[str, Any]:
        """Quiet hours have two ends that differ."""
        found = super().clean() or {}
        begin, end = found.get("quiet_from"), found.get("quiet_until")
        if (begin is None) != (end is None):
            self.add_error("quiet_until", _("Quiet hours need both ends. Fill in the other one, or empty both."))
        elif begin is not None and begin == end:
            self.add_error("quiet_until", _("Both ends are the same time. Choose a later or an earlier one."))
        return found


class WebhookForm(forms.Form):
    """A new webhook."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    form = forms.ChoiceField(label=_("Format"), choices=Format.choices)
    url = forms.CharField(
        label=_("Address"), max_length=URL_LENGTH,
        help_text=_("Begins with https://. For a group robot, the address the group shows, with its key."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Secret of a DingTalk robot"), required=False, max_length=NAME_LENGTH,
        help_text=_("If the robot asks for signatures. Other formats get a secret of their own."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("Events"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all, also those of later versions."),
    )  # fmt: skip

    def __init__(self, *args: Any, company: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company = company
        _offer_events(self.fields["events"])

    def clean_name(self) -> str:
        """A name is used once."""
        return _free_name(str(self.cleaned_data["name"]), Webhook.objects.filter(company=self.company))

    def clean_url(self) -> str:
        """Messages may be sent there."""
        return _usable(str(self.cleaned_data["url"]).strip())


class WebhookChangeForm(forms.Form):
    """A webhook that exists: its fields are named as the row's, so that two versions can stand side by side."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    address = forms.CharField(
        label=_("Address"), max_length=URL_LENGTH,
        help_text=_("A key after the question mark is not shown; it stays as long as the address is not changed."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("New secret of the DingTalk robot"), required=False, max_length=NAME_LENGTH,
        help_text=_("Empty keeps the present one."),
    )  # fmt: skip
    chosen = forms.MultipleChoiceField(
        label=_("Events"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all, also those of later versions."),
    )  # fmt: skip

    def __init__(self, *args: Any, webhook: Webhook, **options: Any) -> None:
        initial = {"name": webhook.name, "address": webhook.address, "chosen": webhook.chosen}
        super().__init__(*args, **{"initial": initial} | options)
        self.webhook = webhook
        _offer_events(self.fields["chosen"], webhook.chosen)
        if webhook.format != Format.DINGTALK:
            del self.fields["secret"]

    def clean_name(self) -> str:
        """A name is used once."""
        others = Webhook.objects.filter(company=self.webhook.company_id).exclude(pk=self.webhook.pk)
        return _free_name(str(self.cleaned_data["name"]), others)

    def clean_address(self) -> str:
        """Messages may be sent there."""
        address = str(self.cleaned_data["address"]).strip()
        return address if address == self.webhook.address else _usable(address)


def _offer_events(field: forms.Field, also: Sequence[str] = ()) -> None:
    """The events of this version, and those chosen before that it no longer has: leaving them out is a choice."""
    if isinstance(field, forms.MultipleChoiceField):
        known = [(one.name, str(one.label)) for one in kinds()]
        field.choices = [*known, *((name, name) for name in also if name not in dict(known))]


def _free_name(name: str, others: QuerySet[Webhook]) -> str:
    if others.filter(name=name).exists():
        raise forms.ValidationError(_("There is a webhook of this name already. Choose another name."))
    return name


def _usable(url: str) -> str:
    try:
        addresses.target(url)
    except Problem as problem:
        parts = [problem.what, problem.why, problem.remedy]
        raise forms.ValidationError(" ".join(say(part) for part in parts if part)) from None
    return url
