"""What one version of the terms changes in another, part by part: in words, and term by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from onefloor.agreements.rendering.options import form_title
from onefloor.agreements.rendering.sentences import is_part, part_title, part_words
from onefloor.agreements.rendering.values import NOTHING, term_name, value_words
from onefloor.agreements.terms.reading import terms_of
from onefloor.agreements.terms.version import Terms
from onefloor.language import Text

Kind = Literal["added", "removed", "changed"]
KINDS: Final[dict[str, Text]] = {
    "added": Text("新增", "new"),
    "removed": Text("删除", "removed"),
    "changed": Text("变更", "changed"),
}


@dataclass(frozen=True, slots=True)
class TermChange:
    """One term: what it is called, its value before and after in words."""

    name: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is not as it was. ``section`` is where it stands, ``number`` its id ('' for terms of the whole).

    ``before`` and ``after`` are its sentences; None where it was not, or is no more.
    """

    kind: Kind
    section: str
    number: str
    title: Text
    before: Text | None
    after: Text | None
    terms: tuple[TermChange, ...] = ()


def changes(old: Terms, new: Terms) -> list[Change]:
    """Everything that differs between two versions, in the order of an agreement; empty where they say the same."""
    found = [change for name, field in terms_of(Terms).items() for change in _of(name, field, old, new)]
    plain = [change for change in found if isinstance(change, TermChange)]
    parts = [change for change in found if isinstance(change, Change)]
    head = (
        [Change("changed", "", "", Text("整体条款", "terms of the whole"), None, None, tuple(plain))] if plain else []
    )
    return head + parts


def _of(name: str, field: Any, old: Terms, new: Terms) -> Iterator[Change | TermChange]:
    before, after = getattr(old, field.name), getattr(new, field.name)
    if before == after or name == "note":
        return
    if _is_list_of_parts(before) or _is_list_of_parts(after):
        yield from _parts(name, before, after)
    elif is_part(before) or is_part(after):
        yield from _one(name, "", before, after)
    else:
        kind = field.metadata["kind"]
        yield TermChange(term_name(name, field), value_words(kind, before), value_words(kind, after))


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and is_part(value[0])


def _parts(section: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[Change]:
    was, now = {number(one): one for one in before}, {number(one): one for one in after}
    for key in {**was, **now}:
        yield from _one(section, key, was.get(key), now.get(key))


def number(part: Any) -> str:
    """What a part is told by: its id, or the duty a clock is of."""
    return str(getattr(part, "id", None) or getattr(part, "duty", ""))


def _one(section: str, key: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    kind: Kind = "added" if before is None else "removed" if after is None else "changed"
    said = [None if part is None else part_words(part) for part in (before, after)]
    yield Change(kind, section, key, part_title(after or before), said[0], said[1], tuple(_terms(before, after)))


def _terms(before: Any, after: Any) -> Iterator[TermChange]:
    """The terms that differ in a part that stays; one that became another kind says so first."""
    if before is None or after is None:
        return
    if type(before) is not type(after):
        yield TermChange(Text("种类", "kind"), form_title(type(before)), form_title(type(after)))
    for name, field in terms_of(type(after)).items():
        old, new = getattr(before, field.name, None), getattr(after, field.name)
        if old != new:
            kind = field.metadata["kind"]
            was = value_words(kind, old) if old is not None else NOTHING
            yield TermChange(term_name(name, field), was, value_words(kind, new))
