"""What is asked on the pages of requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.agreements.terms.procedure import RequestClass
from onefloor.language import Text
from onefloor.working_time import Span
from onefloor_web.agreements.duties.shown import amount_words
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.uploads.fields import Files
from onefloor_web.trust.requests.models import LINK_LENGTH, SUBJECT_LENGTH, TEXT_LENGTH
from onefloor_web.trust.requests.permissions import TAKING

STATES = (
    ("moving", _("Not over")),
    ("mine", _("Waiting for your company")),
    ("late", _("Overdue")),
    ("over", _("Over")),
    ("all", pgettext_lazy("all states", "All")),
)


class Filter(forms.Form):
    """Which requests."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    q = forms.CharField(label=_("Subject or number"), required=False, max_length=SUBJECT_LENGTH)


class RaiseForm(forms.Form):
    """A new request."""

    agreement = forms.ModelChoiceField(label=_("Agreement"), queryset=Agreement.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Class"), widget=forms.RadioSelect)
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH)
    text = forms.CharField(
        label=_("What is needed, and why"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("No names or numbers of customers."),
    )  # fmt: skip
    attached = Files(label=_("Files"), required=False)

    def __init__(self, agreements: Sequence[Agreement], classes: Sequence[RequestClass], *args: Any) -> None:
        super().__init__(*args)
        self.fields["kind"].choices = [(one.id, class_words(one)) for one in classes]  # type: ignore[attr-defined]
        if len(agreements) < 2:
            del self.fields["agreement"]
        else:
            rows = Agreement.objects.filter(pk__in=[one.pk for one in agreements])
            self.fields["agreement"].queryset = rows  # type: ignore[attr-defined]


class SayForm(forms.Form):
    """Words about a request, with files; ``turn`` is how it stood when the page was opened."""

    turn = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(label=_("Text"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 6}))
    attached = Files(label=_("Files"), required=False)


class AnswerForm(SayForm):
    """An answer, and where it is to be found from now on."""

    link = forms.CharField(
        label=_("Knowledge"), required=False, max_length=LINK_LENGTH,
        help_text=_("Where the answer is to be found from now on: an address, or the name of an article."),
    )  # fmt: skip
    field_order = ("turn", "text", "link", "attached")


class WordsForm(forms.Form):
    """Words that end something."""

    turn = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(label=_("Text"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4}))


class AcceptForm(WordsForm):
    """Words are welcome, not needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False


class HandlerForm(forms.Form):
    """Who looks after it: one of the company's people."""

    user = forms.ModelChoiceField(
        label=pgettext_lazy("who looks after requests", "Person"), queryset=User.objects.none(), empty_label=None
    )

    def __init__(self, users: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]


class RouteForm(forms.Form):
    """Who of one's own company looks after requests of a class."""

    kind = forms.ChoiceField(label=_("Class"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), required=False,
        choices=[("", _("a person, below")), *((one.value, one.label) for one in Role if one in TAKING)],
    )  # fmt: skip
    user = forms.ModelChoiceField(
        label=pgettext_lazy("who looks after requests", "Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("the role, above"),
    )

    def __init__(self, kinds: Sequence[tuple[str, str]], users: Any, *args: Any) -> None:
        super().__init__(*args)
        self.fields["kind"].choices = [("", _("all other classes")), *kinds]  # type: ignore[attr-defined]
        self.fields["user"].queryset = users  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A role or a person, not both."""
        said = super().clean() or {}
        if bool(said.get("role")) == bool(said.get("user")):
            self.add_error("role", _("Choose either a role or a person."))
        return said


def class_words(one: RequestClass) -> str:
    """``Need (5 working days)``."""
    title, span = say(one.title), span_words(one.within)
    return say(Text(f"{title}（{span}）", f"{title} ({span})"))


def span_words(span: Span) -> str:
    """``5 working days``."""
    return amount_words(span)
