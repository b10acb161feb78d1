"""Changes in words: the names of tables and fields, and values as pages write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.audit.queries import Change
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.pages.formats import NOTHING, day, exact, number

ACTS = {"insert": _("was added"), "update": _("was changed"), "delete": _("was removed")}
# Fields that have no words of their own in their models; below, what the account of a file counts.
WORDS = (
    gettext_noop("account"), gettext_noop("content"), gettext_noop("digest"), gettext_noop("joined at"),
    gettext_noop("made at"), gettext_noop("manifest"), gettext_noop("person"), gettext_noop("proof"),
    gettext_noop("saved at"), gettext_noop("user"),
)  # fmt: skip
ENTRIES = {
    "lines": pgettext_lazy("account of lines", "lines"),
    "changed": pgettext_lazy("account of lines", "added or changed"),
    "unchanged": pgettext_lazy("account of lines", "unchanged"),
    "ignored": pgettext_lazy("account of lines", "ignored"),
    "set_aside": pgettext_lazy("account of lines", "set aside"),
}
Names = Mapping[tuple[type[Model], int], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change as the page shows it."""

    at: datetime
    act: str
    table: str
    name: str
    number: int
    subject: str
    company: str
    who: str
    whose: str
    by: str
    differences: tuple[Difference, ...]


def lines(changes: Sequence[Change]) -> list[Line]:
    """All in words; the names of objects they refer to are read once for each table."""
    names = _names(changes)
    return [_line(change, names) for change in changes]


def _line(change: Change, names: Names) -> Line:
    context = change.context
    return Line(
        at=change.at,
        act=str(ACTS.get(change.act, change.act)),
        table=change.of.label,
        name=change.of.name,
        number=change.number,
        subject=_subject(change, names),
        company=names.get((Company, _company(change)), ""),
        who=context.get("name")
        or (gettext("the floor's clock") if context.get("job") else gettext("without a sign-in")),
        whose=str(context.get("code", "")),
        by=gettext("job %(number)s") % {"number": context["job"]}
        if context.get("job")
        else str(context.get("page", "")),
        differences=tuple(_difference(change, *one, names) for one in change.differences),
    )


def _difference(change: Change, column: str, before: Any, after: Any, names: Names) -> Difference:
    field = change.of.fields[column]
    return Difference(_label(field), value(field, before, names), value(field, after, names))


def value(field: Field[Any, Any], kept: Any, names: Names) -> str:
    """A value as pages write it."""
    if kept is None or kept == "":
        return NOTHING
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, kept), f"{field.related_model._meta.verbose_name} {kept}")
    if isinstance(kept, dict):
        return _entries(kept)
    if isinstance(kept, list):
        return gettext(", ").join(str(one) for one in kept) or NOTHING
    if field.choices:
        return str(dict(field.flatchoices).get(kept, kept))
    if isinstance(kept, bool):
        return str(_("yes") if kept else _("no"))
    if isinstance(field, DateTimeField) and (at := parse_datetime(str(kept))):
        return exact(at)
    if isinstance(field, DateField) and (on := parse_date(str(kept))):
        return day(on)
    return str(kept)


def _label(field: Field[Any, Any]) -> str:
    if field.column == "company_id":
        return gettext("Company")
    words = gettext(str(field.verbose_name))
    return words[:1].upper() + words[1:]


def _entries(kept: Mapping[str, Any]) -> str:
    """What was kept together, one after the other; what is no number is left to the page of the object."""
    return (
        gettext(", ").join(f"{ENTRIES.get(name, name)} {number(one)}" for name, one in kept.items() if _counts(one))
        or NOTHING
    )


def _counts(one: Any) -> bool:
    return isinstance(one, int) and not isinstance(one, bool)


def _subject(change: Change, names: Names) -> str:
    """How the object calls itself, from the values that were kept: the row may be gone.

    What has no name of its own, such as a role held, goes by whom or what it is of, and how.
    """
    kept = {column: change.after.get(column) for column in change.of.fields}
    for column in ("name", "code", "username", "title"):
        if kept.get(column):
            return str(kept[column])
    return gettext(", ").join(_owner(change, names)) or number(change.number)


def _owner(change: Change, names: Names) -> list[str]:
    """The user whom a nameless object belongs to, and its first choice, such as the role held."""
    fields = change.of.fields
    owners = [column for column in _owners(change) if (fields[column].related_model, change.after.get(column)) in names]
    chosen = [column for column, field in fields.items() if field.choices and change.after.get(column)]
    return [value(fields[column], change.after[column], names) for column in owners + chosen[:1]] if owners else []


def _owners(change: Change) -> list[str]:
    """The columns of whose an object is: the user it cannot be without."""
    fields = change.of.fields.items()
    return [
        column
        for column, field in fields
        if isinstance(field, ForeignKey) and not field.null and field.related_model is get_user_model()
    ]


def _company(change: Change) -> int:
    if change.of.model is Company:
        return change.number
    return int(change.after.get("company_id") or 0)


def _names(changes: Sequence[Change]) -> dict[tuple[type[Model], int], str]:
    """The names of the rows that changed fields refer to, and of the companies; what the walls hide has none."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for change in changes:
        wanted[Company].add(_company(change))
        for column in _owners(change):
            field = change.of.fields[column]
            if isinstance(field, ForeignKey) and (kept := change.after.get(column)):
                wanted[field.related_model].add(kept)
        for column, before, after in change.differences:
            field = change.of.fields[column]
            if isinstance(field, ForeignKey):
                wanted[field.related_model].update(one for one in (before, after) if one is not None)
    return {
        (model, row.pk): str(row)
        for model, numbers in wanted.items()
        for row in model._default_manager.filter(pk__in=numbers)
    }
