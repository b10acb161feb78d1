"""The mapping as a form: for each column of the fact the column of the file that it is read from.

What the form cannot say (formulas, rules) stays in the mapping as it is; such a column shows that the text decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ruamel.yaml import YAML

from onefloor.facts.drafts import FORMATS, as_text
from onefloor.facts.schemas import TABLES
from onefloor.facts.sources.mapping import DEFAULTS, DERIVED, fact_columns, kind_of

EXAMPLE: Final = datetime(2026, 11, 30, 14, 5, 9)
AS_WRITTEN: Final = "\0written"
TARGETS: Final = {
    "contacts": _("contacts"),
    "agent_states": _("agent states"),
    "surveys": _("survey answers"),
    "sales": _("sales"),
    "complaints": _("complaints"),
    "evaluations": _("evaluations"),
    "shifts": _("shifts"),
    "forecasts": _("forecasts"),
    "duties": _("duties of the client"),
}
WORDS: Final = {
    "contact": _("contact"), "leg": _("leg"), "channel": _("channel"), "direction": _("direction"),
    "started_ms": _("begins"), "queued_ms": _("enters the queue"), "answered_ms": _("answered at"),
    "ended_ms": _("ends"), "wait_ms": _("wait"), "ring_ms": _("ring"), "talk_ms": _("talk"), "hold_ms": _("hold"),
    "wrap_ms": _("after-call work"), "outcome": _("outcome"), "ended_by": _("ended by"),
    "transferred_to": _("transferred to"), "rings_unanswered": _("rings not answered"), "queue": _("queue"),
    "skill": _("skill"), "topic": _("topic"), "agent": _("agent"), "customer": _("customer (kept as a hash)"),
    "sale_eligible": _("eligible for a sale"), "recording": _("recording"), "state": _("state"),
    "reason": _("reason"), "invited_ms": _("invited at"), "score": _("score"), "resolved": _("resolved"),
    "product": _("product"), "accepted": _("accepted"), "cancelled_ms": _("cancelled at"),
    "complained_ms": _("complained at"), "amount_minor": _("amount"), "received_ms": _("received at"),
    "justified": _("justified"), "scored_ms": _("scored at"),
    "customer_critical_failed": _("failed for the customer"), "business_critical_failed": _("failed for the business"),
    "compliance_critical_failed": _("failed for compliance"), "score_hundredths": _("points"), "rater": _("rater"),
    "activity": _("activity"), "paid": _("paid"), "minutes": _("minutes of the interval"),
    "company": _("company"), "contacts": _("forecast contacts"), "locked_ms": _("locked at"), "duty": _("duty"),
    "reference": _("reference"), "done_ms": _("done at"), "at_ms": _("time of the line"), "call": _("call of the log"),
    "event": _("event of the log"), "parameters": _("details of the event"),
}  # fmt: skip
_SIMPLE: Final = {"column", "format", "words", "otherwise", "missing", "zone", "places"}
_TIME_FORMATS: Final = ("", "iso", "epoch_s", "epoch_ms", *FORMATS)
_DURATION_FORMATS: Final = ("s", "ms", "min", "m:ss", "h:mm:ss")


def format_words(form: str) -> str:
    """How a moment is written, by an example; other forms as they are named.

    >>> format_words("%d.%m.%Y %H:%M")
    '30.11.2026 14:05'
    """
    if not form:
        return gettext("as told by the file")
    return EXAMPLE.strftime(form) if "%" in form else form


def needed(target: str) -> frozenset[str]:
    """The columns of a fact that a mapping has to fill."""
    left = {*DERIVED.get(target, ()), *DEFAULTS.get(target, {})}
    return frozenset(
        name for name in fact_columns(target) if name not in left and not TABLES[target].field(name).nullable
    )


def plain_words(name: str) -> str:
    """A column of the fact in words."""
    return str(WORDS.get(name, name))


class MappingForm(forms.Form):
    """Made for one table: ``header`` are its columns, ``content`` the mapping as it stands."""

    def __init__(self, *args: Any, header: Sequence[str], content: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content, self.header = content, [name for name in header if name]
        target = content["target"]
        columns = content.get("columns") or {}
        self.fields["target"] = forms.ChoiceField(
            label=_("The rows are"), choices=list(TARGETS.items()), initial=target
        )
        self.fields["zone"] = forms.CharField(
            label=_("Time zone of the file"), required=False, initial=content.get("zone", ""), max_length=60,
            help_text=_("Empty: the zone of this floor."),
        )  # fmt: skip
        self.fields["identity"] = forms.MultipleChoiceField(
            label=_("What tells a row from others"), required=False, choices=[(name, name) for name in self.header],
            initial=content.get("identity", []), widget=forms.CheckboxSelectMultiple,
            help_text=_("A row sent again is then known, and a corrected one replaces it."),
        )  # fmt: skip
        for name in fact_columns(target):
            self._add(target, name, columns.get(name))

    def _add(self, target: str, name: str, entry: Any) -> None:
        simple = is_simple(entry)
        choices = [("", "—"), *((column, column) for column in self.header)]
        if not simple:
            choices.append((AS_WRITTEN, gettext("as the text of the mapping says")))
        column = entry.get("column") if isinstance(entry, dict) else entry
        self.fields[f"c-{name}"] = forms.ChoiceField(
            label=plain_words(name), required=False, choices=choices, initial=(column or "") if simple else AS_WRITTEN
        )
        known = {"time": _TIME_FORMATS, "duration": _DURATION_FORMATS}.get(kind_of(target, name))
        if known and simple:
            now = entry.get("format", "") if isinstance(entry, dict) else ""
            now = now if isinstance(now, str) else ""
            said = gettext("How %(name)s is written") % {"name": plain_words(name)}
            options = [*known, *([now] if now and now not in known else [])]
            self.fields[f"f-{name}"] = forms.ChoiceField(
                label=said, required=False,
                choices=[(one, format_words(one)) for one in options], initial=now or known[0],
                widget=forms.Select(attrs={"aria-label": said}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What the fact cannot be without is said at its field."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("target") != self.content["target"]:
            return data  # the columns of another fact are guessed anew
        for name in needed(data["target"]):
            if not data.get(f"c-{name}") and f"c-{name}" not in self.errors:
                self.add_error(f"c-{name}", gettext("Choose the column of the file that says this."))
        if data["target"] == "contacts" and not (data.get("c-queued_ms") or data.get("c-started_ms")):
            self.add_error("c-queued_ms", gettext("Choose a column for this, or for when the contact begins."))
        return data

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField | None, bool]]:
        """Each column of the fact, those it needs first: name, where it is read from, how it is written, whether."""
        must = needed(self.content["target"])
        names = sorted((name[2:] for name in self.fields if name.startswith("c-")), key=lambda name: name not in must)
        return [
            (name, self[f"c-{name}"], self[f"f-{name}"] if f"f-{name}" in self.fields else None, name in must)
            for name in names
        ]

    def made(self) -> dict[str, Any]:
        """The mapping that the form says, what it cannot say kept."""
        data = self.cleaned_data
        content = {key: value for key, value in self.content.items() if key not in ("columns", "zone", "identity")}
        if data["target"] != self.content["target"]:
            return {**content, "target": data["target"], "columns": {}}
        columns = {}
        for name in fact_columns(data["target"]):
            entry = self._entry(name, data)
            if entry is not None:
                columns[name] = entry
        if data["zone"]:
            content["zone"] = data["zone"].strip()
        if data["identity"]:
            content["identity"] = data["identity"]
        return {**content, "columns": columns}

    def _entry(self, name: str, data: Mapping[str, Any]) -> Any:
        before = (self.content.get("columns") or {}).get(name)
        column, form = data[f"c-{name}"], data.get(f"f-{name}") or ""
        if column == AS_WRITTEN:
            return before
        if not column:
            return None
        kept = (
            {key: value for key, value in before.items() if key not in ("column", "format")}
            if isinstance(before, dict)
            else {}
        )
        if isinstance(before, dict) and not is_simple(before):
            kept = {}
        entry = {"column": column, **({"format": form} if form else {}), **kept}
        return entry if len(entry) > 1 else column


class TextForm(forms.Form):
    """The mapping as text."""

    text = forms.CharField(
        label=_("Mapping"), max_length=100_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "autocomplete": "off", "class": "code"}),
    )  # fmt: skip


def is_simple(entry: Any) -> bool:
    """Whether the form can say all of how a column is read."""
    return entry is None or isinstance(entry, str) or (isinstance(entry, dict) and set(entry) <= _SIMPLE)


def content_of(text: str) -> dict[str, Any]:
    """The content of a mapping that was read before without a problem."""
    content: dict[str, Any] = YAML(typ="safe").load(text)
    return content


def text_of(content: Mapping[str, Any]) -> str:
    """A mapping as text."""
    return as_text(content)
