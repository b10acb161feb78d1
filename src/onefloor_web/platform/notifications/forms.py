"""Forms of notifications and webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
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
        events = self.fields["events"]
        if isinstance(events, forms.MultipleChoiceField):
            events.choices = [(one.name, str(one.label)) for one in kinds()]

    def clean_name(self) -> str:
        """A name is used once."""
        name = str(self.cleaned_data["name"])
        if Webhook.objects.filter(company=self.company, name=name).exists():
            raise forms.ValidationError(_("There is a webhook of this name already. Choose another name."))
        return name

    def clean_url(self) -> str:
        """Messages may be sent there."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            addresses.target(url)
        except Problem as problem:
            parts = [problem.what, problem.why, problem.remedy]
            raise forms.ValidationError(" ".join(say(part) for part in parts if part)) from None
        return url
