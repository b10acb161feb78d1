"""Terms as pages tell them: part by part, the parties' own words in both languages beside what the terms say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onefloor.agreements.clauses.verdict import band_words
from onefloor.agreements.rendering.sentences import is_part, kind_of, part_title, part_words
from onefloor.agreements.rendering.values import metric_words, portion_words, term_name, value_words
from onefloor.agreements.terms.clauses import Band, Bands, Clause
from onefloor.agreements.terms.prices import Metered, Priced
from onefloor.agreements.terms.procedure import Calendar, Procedure, Renewal
from onefloor.agreements.terms.reading import terms_of
from onefloor.agreements.terms.version import Terms
from onefloor.agreements.wording import money, number, sentence
from onefloor.language import Language, Text, joined, same
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.problems import Problem
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.formats import begin, language, say

HEADINGS: Final[Mapping[str, Promise]] = {
    "price": _("Prices"),
    "pools": _("Weight pools"),
    "forecast": _("Forecast band"),
    "clauses": _("Assessed clauses"),
    "duties": _("Duties of the client"),
    "earn_back": _("Earn-back"),
    "incidents": _("Incidents"),
    "exclusions": _("Exclusions"),
    "requests": _("Kinds of requests"),
    "clocks": _("Clocks of the client's duties"),
}
OTHER: Final[Mapping[Language, Language]] = {"zh": "en", "en": "zh"}
TAGS: Final[Mapping[Language, str]] = {"zh": "zh-Hans", "en": "en"}
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the language of the page, and in the other one where that says something else."""

    here: str
    other: str
    tag: str


@dataclass(frozen=True, slots=True)
class Told:
    """One part: its number, title and kind, the parties' own text, and what its terms say."""

    number: str
    title: str
    kind: str
    text: Said | None
    words: Said | None


@dataclass(frozen=True, slots=True)
class Section:
    """Parts of one kind under their heading; ``name`` is that of the term."""

    name: str
    heading: str
    parts: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of key terms."""

    name: str
    heading: str | Promise
    heads: tuple[str | Promise, ...]
    rows: tuple[tuple[str, ...], ...]


def sections(terms: Terms) -> list[Section]:
    """Every part of the terms, in the order of an agreement."""
    return [
        Section(name, str(heading), tuple(_told(part) for part in parts))
        for name, heading in HEADINGS.items()
        if (parts := _parts(terms, name))
    ]


def _parts(terms: Terms, name: str) -> Sequence[Any]:
    held = getattr(terms, name)
    return held if isinstance(held, tuple) else (held,) if held else ()


def _told(part: Any) -> Told:
    kind = kind_of(part)
    number_ = getattr(part, "id", None) or getattr(part, "duty", "")
    text = getattr(part, "text", None)
    return Told(
        str(number_), say(part_title(part)), begin(kind) if kind else "", said(text) if text else None,
        said(part_words(part)),
    )  # fmt: skip


def said(text: Text) -> Said:
    """A text of the core for a page."""
    here = language()
    other = OTHER[here]
    differs = text.to(other) != text.to(here)
    return Said(text.to(here), text.to(other) if differs else "", TAGS[other])


def general(terms: Terms) -> list[Pair]:
    """What is no part of its own: dates, amounts at risk, how figures are compared and money is rounded."""
    return [
        Pair(begin(term_name(name, field)), say(value_words(field.metadata["kind"], value)))
        for name, field in terms_of(Terms).items()
        if (value := getattr(terms, field.name)) is not None and name != "note" and not _of_parts(value)
    ]


def _of_parts(value: Any) -> bool:
    return value == () or is_part(value[0] if isinstance(value, tuple) else value)


def procedure(terms: Terms) -> list[Pair]:
    """Until when each side has to act, and what holds otherwise; the defaults hold where nothing was written."""
    return list(_all(terms.procedure or Procedure()))


def calendar(terms: Terms) -> list[Pair]:
    """In which hours clocks run."""
    return list(_all(terms.calendar or Calendar()))


def renewal(terms: Terms) -> list[Pair]:
    """Whether it goes on after its end."""
    return list(_all(terms.renewal)) if terms.renewal else []


def _all(part: Calendar | Procedure | Renewal) -> Iterator[Pair]:
    """Each term of a part, written or not: what it means, and its value."""
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if value is not None and value != ():
            yield Pair(begin(field.metadata["meaning"]), say(value_words(field.metadata["kind"], value)))


def grids(terms: Terms) -> list[Grid]:
    """The key terms as tables: prices, pools, what is assessed band by band, relief for the client's duties."""
    return [grid for grid in (_prices(terms), _pools(terms), _clauses(terms), _duties(terms)) if grid.rows]


def _prices(terms: Terms) -> Grid:
    heads = (_("No."), _("Price"), _("Basis"), _("Rate"), _("Tiers"))
    return Grid("prices", _("Prices"), heads, tuple(_price(one) for one in terms.price))


def _price(part: Priced) -> tuple[str, ...]:
    kind = kind_of(part)
    rate = getattr(part, "rate", None)
    shown = money(rate) if rate is not None else say(part_words(part))
    return part.id, say(part.title), begin(kind) if kind else "", shown, say(_tiers(part))


def _tiers(part: Priced) -> Text:
    if not isinstance(part, Metered) or not part.tiers:
        return same(NOTHING)
    return joined(
        (Text(f"自 {number(one.start)} 起 {money(one.rate)}", f"{money(one.rate)} from {number(one.start)} on")
         for one in part.tiers), zh="；", en="; ",
    )  # fmt: skip


def _pools(terms: Terms) -> Grid:
    kinds = terms_of(type(terms.pools[0])) if terms.pools else {}
    rows = tuple((pool.id, say(value_words(kinds["share"].metadata["kind"], pool.share))) for pool in terms.pools)
    return Grid("pools", _("Weight pools"), (_("Pool"), _("Share of the at-risk amount")), rows)


def _clauses(terms: Terms) -> Grid:
    heads = (_("No."), _("Clause"), _("Metric"), _("Target or range"), _("Credit"), _("Reward"))
    rows = tuple(row for clause in terms.clauses for row in _clause(clause))
    return Grid("assessed", _("What is assessed"), heads, rows)


def _clause(clause: Clause) -> Iterator[tuple[str, ...]]:
    """A row for each band; the clause is named in the first."""
    reference = getattr(clause, "metric", "")
    first = (clause.id, say(clause.title), begin(metric_words(reference)) if reference else NOTHING)
    if not isinstance(clause, Bands):
        target = getattr(clause, "target", None)
        yield *first, str(target) if target else NOTHING, *_follows(clause)
        return
    for band in clause.bands:
        yield *first, say(band_words(band, metric_of(reference)) or same(NOTHING)), *_follows(band)
        first = ("", "", "")


def _follows(thing: Clause | Band) -> tuple[str, str]:
    credit, reward = getattr(thing, "credit", None), getattr(thing, "reward", None)
    return say(portion_words(credit)) if credit else NOTHING, say(portion_words(reward)) if reward else NOTHING


def metric_of(reference: str) -> Metric | None:
    """The metric a clause names; None where this catalogue does not have it."""
    try:
        return catalogue.metric(reference)
    except Problem:
        return None


def _duties(terms: Terms) -> Grid:
    heads = (_("No."), _("Duty"), _("Range"), _("Relief"))
    rows = tuple(
        (duty.id if first else "", say(duty.title) if first else "", _range(duty.metric, band), _share(band))
        for duty in terms.duties
        for first, band in _marked(duty.bands)
    )
    return Grid("relief", _("Relief for the client's duties"), heads, rows)


def _marked(things: Sequence[Any]) -> Iterator[tuple[bool, Any]]:
    return ((at == 0, thing) for at, thing in enumerate(things))


def _range(reference: str, band: Any) -> str:
    return say(band_words(Band(start=band.start, end=band.end), metric_of(reference)) or same(NOTHING))


def _share(band: Any) -> str:
    return say(value_words(terms_of(type(band))["relief"].metadata["kind"], band.relief))


def title_of(text: Text) -> str:
    """A title at the beginning of a line."""
    return say(sentence(text))
