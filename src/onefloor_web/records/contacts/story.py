"""One contact as a page shows it: its legs as lines of time, each part with its length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor.metrics.contacts import Contact
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.formats import duration, exact
from onefloor_web.records.figures import filters
from onefloor_web.records.figures.listing import outcome_words, source_words

PARTS: Final = ("wait_ms", "talk_ms", "hold_ms", "wrap_ms")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a leg: what it was, how long, where it begins and its share, both in percent of the longest leg."""

    name: str
    words: str
    length: str
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class LegLine:
    """A leg; one outside the viewer's scope says only that it was."""

    number: int
    company: str
    slot: int
    agent: str
    pairs: tuple[Pair, ...]
    stretches: tuple[Stretch, ...]
    shared: bool


def legs(contact: Contact, slots: Mapping[str, int]) -> list[LegLine]:
    """The legs in order."""
    longest = max((sum(leg[part] for part in PARTS) for leg in contact.legs), default=0) or 1
    return [_leg(leg, leg["row_id"] in contact.in_scope, longest, slots) for leg in contact.legs]


def customer(contact: Contact) -> str:
    """The first four signs of the customer's keyed hash; empty if the customer is not known."""
    return "" if contact.customer is None else f"{contact.customer & (2**64 - 1):016x}"[:4] + "…"


def later(contact: Contact) -> list[tuple[str, str, str, bool]]:
    """The customer's later contacts: when, address, topic, and whether the topic is the same."""
    topic = next((leg["topic"] for leg in contact.legs if leg["topic"]), None)
    return [
        (
            exact(start),
            reverse("contact", args=[code]),
            filters.name_words("topic", about) if about else "",
            about == topic,
        )
        for code, start, about in contact.later
        if code != contact.code
    ]


def _leg(leg: Mapping[str, Any], shared: bool, longest: int, slots: Mapping[str, int]) -> LegLine:  # noqa: FBT001
    company = leg["company"] or ""
    if not shared:
        return LegLine(leg["leg"], company or _("another company"), slots.get(company, 0), "", (), (), shared=False)
    return LegLine(
        leg["leg"],
        company or filters.name_words("company", None),
        slots.get(company, 0),
        leg["agent"] or "",
        tuple(_pairs(leg)),
        tuple(_stretches(leg, longest)),
        shared=True,
    )


def _pairs(leg: Mapping[str, Any]) -> list[Pair]:
    listed = [
        Pair(_("Entered the queue") if leg["offered"] else _("Began"), exact(leg["start_ms"])),
        Pair(_("Outcome"), outcome_words(leg["outcome"])),
    ]
    named = [name for name in ("queue", "topic", "team", "site", "tenure") if leg[name]]
    listed += [Pair(filters.title(name), filters.name_words(name, leg[name])) for name in named]
    listed += [Pair(_("Rings nobody took"), str(leg["rings_unanswered"]))] if leg["rings_unanswered"] else []
    listed += [Pair(_("Passed on to"), leg["transferred_to"])] if leg["transferred_to"] else []
    listed.append(Pair(_("Source"), source_words(leg)))
    return listed


def _stretches(leg: Mapping[str, Any], longest: int) -> list[Stretch]:
    """Wait (without ringing), ring, talk, hold, wrap; what the source does not know is absent, not 0."""
    ring = min(leg["ring_ms"], leg["wait_ms"])
    parts = [("wait", _("wait"), leg["wait_ms"] - ring, leg["offered"]), ("ring", _("ring"), ring, ring > 0)]
    parts += [
        ("talk", _("talk"), leg["talk_ms"], leg["answered"]),
        ("hold", _("hold"), leg["hold_ms"], leg["answered"] and leg["hold_known"]),
        ("wrap", _("wrap"), leg["wrap_ms"], leg["answered"] and leg["wrap_known"]),
    ]
    known = [(name, words, ms) for name, words, ms, told in parts if told]
    starts = accumulate((ms for _name, _words, ms in known), initial=0)
    return [
        Stretch(name, words, duration(ms // 1000 * 1000), round(100 * at / longest, 2), round(100 * ms / longest, 2))
        for (name, words, ms), at in zip(known, starts, strict=False)
    ]
