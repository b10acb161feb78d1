"""What is asked on the pages of exclusions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.periods import Month
from onefloor_web.agreements.exclusions.models import NOTE_LENGTH, WHY_LENGTH, WORDS_LENGTH, Exclusion, Reason
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.uploads.fields import ACCEPTED, Files, Several

SCOPES: Final = ("queue", "skill", "topic", "site", "team")
LABELS: Final = {
    "queue": _("Queues"), "skill": _("Skills"), "topic": _("Topics"), "site": _("Sites"), "team": _("Teams"),
}  # fmt: skip
MINUTE: Final = "%Y-%m-%dT%H:%M"


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, help_text=help_text, input_formats=[MINUTE, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
    )  # fmt: skip


class DraftForm(forms.Form):
    """An exclusion: what, when, whose rows, for which clauses.

    Args:
        terms: the agreement in force.
        names: by dimension, the names that both companies may know.
    """

    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices, widget=forms.RadioSelect)
    zh = forms.CharField(
        label=_("What happened, in Chinese"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    en = forms.CharField(
        label=_("What happened, in English"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    starts = _moment(_("First minute"))
    ends = _moment(_("Minute after the last"))
    note = forms.CharField(
        label=_("Evidence for it"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where it can be seen: ticket, notice, log. The other company reads it."),
    )  # fmt: skip
    files = Files(  # type: ignore[assignment]  # a form of its own name for what it was sent
        label=_("Files"), required=False, widget=Several(attrs={"accept": ACCEPTED}),
        help_text=_("PDF, PNG, JPEG, XLSX, DOCX, text or CSV; 20 MiB each, 10 at most. Sent with the text."),
    )  # fmt: skip

    def __init__(self, terms: Terms, names: Mapping[str, Iterable[str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        for name in SCOPES:
            if found := sorted(names.get(name, ())):
                self.fields[name] = _some(LABELS[name], [(one, one) for one in found], _("None chosen: all."))
        clauses = {clause.id: clause for version in terms.versions for clause in version.clauses}
        listed = [(one.id, f"{one.id} {say(one.title)}") for one in clauses.values()]
        self.fields["clauses"] = _some(_("Clauses"), listed, _("None chosen: every clause."))

    def clean(self) -> dict[str, Any]:
        """The window lies in the agreement, and its clauses are those of that month."""
        said = super().clean() or {}
        starts, ends = said.get("starts"), said.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", gettext("It ends before it begins. Check both moments."))
        if starts:
            self._of_that_month(Month(starts.year, starts.month), said.get("clauses") or [])
        return said

    def _of_that_month(self, month: Month, clauses: list[str]) -> None:
        if not self.terms.in_force(month):
            words = gettext("No terms are in force in %(month)s. Choose a time within the agreement.")
            self.add_error("starts", words % {"month": month})
            return
        known = {clause.id for clause in self.terms.terms_for(month).clauses}
        if gone := [one for one in clauses if one not in known]:
            words = gettext("The terms of %(month)s have no clause %(clause)s. Choose others.")
            self.add_error("clauses", words % {"month": month, "clause": ", ".join(gone)})

    def said(self) -> dict[str, Any]:
        """The fields as the action wants them."""
        found = self.cleaned_data
        where = {name: found[name] for name in SCOPES if found.get(name)}
        words = {"zh": _one_line(found["zh"]), "en": _one_line(found["en"])}
        plain = {name: found[name] for name in ("reason", "starts", "ends", "note", "clauses")}
        return {**plain, "where": where, "words": words}


def initial_of(one: Exclusion) -> dict[str, Any]:
    """A draft as the form shows it."""
    plain = {name: getattr(one, name) for name in ("reason", "starts", "ends", "note", "clauses")}
    return {**plain, **one.words, **one.where}


def _some(label: Any, choices: list[tuple[str, str]], help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def _one_line(words: str) -> str:
    """The words as the terms hold them: one line."""
    return " ".join(words.split())


class WhyForm(forms.Form):
    """A reason that the other company reads."""

    why = forms.CharField(label=_("Why"), max_length=WHY_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """Approve or refuse; a refusal has a reason."""

    verdict = forms.ChoiceField(
        label=_("Answer"), widget=forms.RadioSelect,
        choices=[("approve", _("Approve: these rows count in no figure")), ("refuse", _("Refuse: nothing changes"))],
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why"), required=False, max_length=WHY_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A refusal needs a reason; the other company reads it."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        said = super().clean() or {}
        if said.get("verdict") == "refuse" and not said.get("why", "").strip():
            self.add_error("why", gettext("A refusal needs a reason. Write it here."))
        return said
