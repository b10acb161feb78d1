"""What fits some words: every word has to be in one of the texts, anywhere in it, so Chinese needs no word boundaries.

Full-width and half-width forms and capital and small letters are the same: ``ＡＢＣ　１２`` finds ``abc12``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, TypeVar, cast

from django.db.models import Case, CharField, IntegerField, Model, Q, QuerySet, TextField, Transform, Value, When

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
LONGEST: Final = 100
MOST_WORDS: Final = 6
UNSEEN: Final = ("Cc", "Cs")  # control signs, and halves of signs that no text can hold
EXACT, BEGINS, WITHIN, PARTLY = range(4)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody typed, and its words, each once, folded."""

    text: str
    parts: tuple[str, ...]


@CharField.register_lookup
@TextField.register_lookup
class Folded(Transform):
    """``name__folded__contains``: both sides as ``folded`` makes them, by the database."""

    lookup_name = "folded"
    function = "NORMALIZE"
    template = "LOWER(NORMALIZE(%(expressions)s, NFKC))"
    bilateral = True


def folded(text: str) -> str:
    """A text of which neither width nor capitals matter any more."""
    return unicodedata.normalize("NFKC", text).lower()


def split(text: str) -> Words:
    """The words of a text: ``N2031　张伟`` has two. What is beyond the longest text or the most words is cut off."""
    plain = "".join(" " if unicodedata.category(sign) in UNSEEN else sign for sign in text[:LONGEST]).strip()
    return Words(plain, tuple(dict.fromkeys(folded(plain).split()))[:MOST_WORDS])


def matching(
    rows: QuerySet[Row], words: Words, *fields: str, also: Callable[[str], Q] = lambda _word: Q(pk__in=[])
) -> QuerySet[Row]:
    """Rows of which every word is in one of the fields; those whose first field is or begins with the words first.

    Args:
        rows: in the order that holds among equals.
        words: from ``split``.
        fields: texts of the row or of rows joined to it one to one.
        also: what fits a word beside the fields.

    Returns:
        Them with ``fit``, smaller being better.
    """
    for word in words.parts:
        rows = rows.filter(reduce(or_, (Q(**{f"{field}__folded__contains": word}) for field in fields), also(word)))
    whole, first = " ".join(words.parts), f"{fields[0]}__folded"
    rank = Case(
        When(**{f"{first}__exact": whole}, then=Value(EXACT)),
        When(**{f"{first}__startswith": whole}, then=Value(BEGINS)),
        default=Value(WITHIN), output_field=IntegerField(),
    )  # fmt: skip
    order = rows.query.order_by or rows.model._meta.ordering or ("pk",)
    ranked: Any = rows.annotate(fit=rank).order_by("fit", *order)
    return cast("QuerySet[Row]", ranked)


def fitting(things: Iterable[tuple[Item, Sequence[str]]], words: Words) -> list[Item]:
    """The same for what no table holds: things with their texts, the most telling ones first."""
    ranked = [(_rank(words, [folded(text) for text in texts]), thing) for thing, texts in things]
    return [thing for rank, thing in sorted(ranked, key=lambda one: one[0] or (0, 0)) if rank is not None]


def _rank(words: Words, texts: Sequence[str]) -> tuple[int, int] | None:
    """How well the best text fits and its place; None where a word is nowhere."""
    if not all(any(word in text for text in texts) for word in words.parts):
        return None
    whole = " ".join(words.parts)
    return min((_closeness(whole, words, text), place) for place, text in enumerate(texts))


def _closeness(whole: str, words: Words, text: str) -> int:
    if text == whole:
        return EXACT
    if text.startswith(whole):
        return BEGINS
    return WITHIN if any(word in text for word in words.parts) else PARTLY
