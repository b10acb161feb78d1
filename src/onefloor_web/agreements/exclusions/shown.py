"""An exclusion as pages show it: its window, what it would do, whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from onefloor.language import Text
from onefloor_web.agreements.exclusions.forms import LABELS
from onefloor_web.agreements.exclusions.models import Exclusion, State
from onefloor_web.agreements.exclusions.queries import answer_of, state_of
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.formats import NOTHING, moment, money, month, number, quantity, say, signed


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement without and with the exclusion, as written."""

    title: str
    figures: tuple[str, str]
    counts: tuple[str, str]
    amounts: tuple[str, str]
    difference: str


@dataclass(frozen=True, slots=True)
class Effect:
    """A month without and with the exclusion; ``rows`` are those left out."""

    month: str
    facts: bool
    provisional: bool
    rows: str
    net: tuple[str, str]
    difference: str
    lines: tuple[Line, ...]


def effects(found: Mapping[str, Any] | None) -> list[Effect]:
    """What was computed, month by month; nothing if nothing was."""
    if not found:
        return []
    return [_month(one, found["currency"]) for one in found["months"]]


def window(one: Exclusion) -> str:
    """``2026-10-14 09:58 – 2026-10-14 11:30``."""
    return f"{moment(one.starts)} – {moment(one.ends)}"


def pairs(one: Exclusion) -> list[Pair]:
    """Its properties."""
    where = [f"{LABELS[name]}: {', '.join(names)}" for name, names in sorted(one.where.items()) if name in LABELS]
    found = [
        Pair(_("Reason"), one.get_reason_display()),
        Pair(_("What happened"), say(one.text)),
        Pair(_("Time window"), window(one)),
        Pair(_("Whose rows"), " · ".join(where) or _("all rows of the company in this time")),
        Pair(_("Clauses"), ", ".join(one.clauses) or _("every clause")),
        Pair(_("Evidence for it"), one.note or NOTHING),
        Pair(_("Proposed by"), f"{one.user_name} · {one.author.name}"),
    ]
    answer = answer_of(one)
    return found if answer is None else [*found, Pair(_("Answered by"), f"{answer.user_name} · {answer.author.name}")]


def turn(one: Exclusion) -> str:
    """Whose turn it is, until when, and what then."""
    state = state_of(one)
    if state == State.WAITING:
        who = answered_by(one)
        words = _("Waiting for %(who)s: approve or refuse by %(when)s. Without an answer it expires, without effect.")
        return words % {"who": who, "when": moment(one.answer_by)}
    if state == State.EXPIRED:
        return _("Nobody answered by %(when)s: it has no effect.") % {"when": moment(one.answer_by)}
    return ""


def corrections(one: Exclusion) -> str:
    """Which locked months an approval corrects, in words; '' for none."""
    answer = answer_of(one)
    if answer is None or not answer.corrects:
        return ""
    return locked_words([month(one) for one in answer.months])


def locked_words(months: list[str]) -> str:
    """What an approval means for months that both have signed."""
    words = _(
        "%(months)s is signed by both and stays as it is; the approval leads to a correction in the next open month."
    )
    return words % {"months": ", ".join(months)} if months else ""


def answered_by(one: Exclusion) -> str:
    """Who has to answer it, in words."""
    if one.author_id != one.company_id:
        return one.agreement.company.name
    return str(_("a second person") if one.agreement.shadow else _("the client"))


def _month(one: Mapping[str, Any], currency: str) -> Effect:
    if not one["facts"]:
        return Effect(month(one["month"]), facts=False, provisional=False, rows=NOTHING, net=("", ""), difference="", lines=())  # fmt: skip # noqa: E501
    before, after = (Decimal(value) for value in one["net"])
    return Effect(
        month(one["month"]), facts=True, provisional=one["provisional"], rows=number(one["rows"]),
        net=(money(before, currency), money(after, currency)), difference=signed(after - before),
        lines=tuple(_line(line) for line in one["lines"]),
    )  # fmt: skip


def _line(line: Mapping[str, Any]) -> Line:
    before, after = line["without"], line["with"]
    title = say(Text(line["title"]["zh"], line["title"]["en"]))
    difference = Decimal(after["amount"]) - Decimal(before["amount"])
    return Line(
        f"{line['clause']} {title}", (_value(before, line["unit"]), _value(after, line["unit"])),
        (_counts(before), _counts(after)), (number(Decimal(before["amount"])), number(Decimal(after["amount"]))),
        signed(difference),
    )  # fmt: skip


def _value(said: Mapping[str, Any], unit: str) -> str:
    return NOTHING if said["value"] is None else quantity(Decimal(said["value"]), unit)


def _counts(said: Mapping[str, Any]) -> str:
    if said["numerator"] is None:
        return NOTHING
    return f"{number(said['numerator'])} / {number(said['denominator'])}"
