"""What differs between two versions of an agreement: from which day on, clause by clause; then line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from onefloor.agreements.rendering.amended import KINDS, Change, changes
from onefloor.agreements.rendering.values import term_name, value_words
from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import Parties
from onefloor.agreements.terms.reading import terms_of
from onefloor.agreements.terms.version import Terms as Dated
from onefloor_web.agreements.register.telling import HEADINGS, Said, said, title_of
from onefloor_web.platform.pages.formats import begin, say

CONTEXT: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is new, gone or changed: where it stands, what became of it, its words before and after."""

    section: str
    number: str
    title: str
    what: str
    before: Said | None
    after: Said | None
    terms: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class From:
    """What changes from a day on; ``past`` if terms both have signed held on that day otherwise."""

    start: date
    past: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text: its numbers before and after, and whether it went, came or stayed."""

    before: int | None
    after: int | None
    mark: str
    text: str


def by_clause(old: Terms | None, new: Terms, today: date) -> list[From]:
    """The difference in words. What goes on is told once, with its first day; without an old text all is new."""
    if old is None:
        return []
    days = sorted({terms.start for one in (old, new) for terms in one.versions})
    found, told = [], list[Change]()
    head = _parties(old.parties, new.parties)
    for day in days:
        now = _changes(_on(old, day), _on(new, day))
        fresh = tuple(_part(change) for change in now if change not in told)
        if head or fresh:
            found.append(From(day, _on(old, day) is not None and day <= today, (*head, *fresh)))
        head, told = (), now
    return found


def _on(terms: Terms, day: date) -> Dated | None:
    held = [one for one in terms.versions if one.start <= day]
    return held[-1] if held else None


def _changes(old: Dated | None, new: Dated | None) -> list[Change]:
    """Part by part; the day itself is no difference, it stands above."""
    if old is None or new is None:
        return []
    start = say(value_words(terms_of(Dated)["from"].metadata["kind"], new.start))
    return [one for change in changes(old, new) if (one := _undated(change, start)) is not None]


def _undated(change: Change, start: str) -> Change | None:
    """Without the term that says from when on."""
    if change.section:
        return change
    name = term_name("from", terms_of(Dated)["from"])
    kept = tuple(term for term in change.terms if term.name != name)
    return Change(change.kind, "", "", change.title, None, None, kept) if kept else None


def _parties(old: Parties, new: Parties) -> tuple[Part, ...]:
    """What differs in the head."""
    found = tuple(
        (begin(field.metadata["meaning"]), say(value_words(kind, before)), say(value_words(kind, after)))
        for field in terms_of(Parties).values()
        for kind in [field.metadata["kind"]]
        for before, after in [(getattr(old, field.name), getattr(new, field.name))]
        if before != after
    )
    return (Part(_("Head"), "", _("The parties"), say(KINDS["changed"]), None, None, found),) if found else ()


def _part(change: Change) -> Part:
    heading = str(HEADINGS.get(change.section, "")) or _("General terms")
    terms = tuple((begin(term.name), say(term.before), say(term.after)) for term in change.terms)
    return Part(
        heading, change.number, title_of(change.title), say(KINDS[change.kind]),
        said(change.before) if change.before else None, said(change.after) if change.after else None, terms,
    )  # fmt: skip


def by_line(old: str, new: str) -> list[list[Line]]:
    """The lines that differ, in groups with some lines around them."""
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [list(_lines(group, before, after)) for group in matcher.get_grouped_opcodes(CONTEXT)]


def _lines(group: list[tuple[str, int, int, int, int]], before: list[str], after: list[str]) -> Iterator[Line]:
    for kind, i1, i2, j1, j2 in group:
        if kind == "equal":
            yield from (Line(i1 + n + 1, j1 + n + 1, "", before[i1 + n]) for n in range(i2 - i1))
            continue
        yield from (Line(at + 1, None, "del", before[at]) for at in range(i1, i2))
        yield from (Line(None, at + 1, "ins", after[at]) for at in range(j1, j2))
