"""What the page of a dispute shows, as plain records; every number is the core's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext

from onefloor.agreements.rendering.words import CURRENCIES, word
from onefloor.language import Text
from onefloor_web.platform.pages.formats import number, quantity, say, signed
from onefloor_web.platform.uploads.models import Attachment
from onefloor_web.settlement.disputes.clocks import rules_of
from onefloor_web.settlement.disputes.models import Answer, Answering, Asking, Claim, Dispute, State
from onefloor_web.settlement.disputes.money import granted
from onefloor_web.settlement.disputes.queries import hours_left, waiting_words, what_then
from onefloor_web.settlement.statements.models import Line
from onefloor_web.settlement.statements.reading import shown as two_places

SHARE: Final = "percent"  # the unit of what counts rows above and below one line


@dataclass(frozen=True, slots=True)
class Clock:
    """Whose turn, until when, what then; ``late`` past the deadline."""

    waiting: str
    due: datetime | None
    hours: str
    then: str
    late: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the money: what it is called, the figure, the line, the net, and what else moves."""

    name: str
    figure: str
    line: str
    net: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A claim or an answer as it stands beside the other."""

    who: str
    at: datetime | None
    kind: str
    reason: str
    about: str
    rows: str
    files: tuple[Attachment, ...]
    row: Asking


def clock_of(dispute: Dispute) -> Clock | None:
    """The clock of a dispute that goes on."""
    if not dispute.at_issue:
        return None
    late = dispute.due is not None and timezone.now() > dispute.due
    return Clock(say(waiting_words(dispute)), dispute.due, number(hours_left(dispute)), say(what_then(dispute)), late)


def said(asking: Asking, currency: str, files: Sequence[Attachment]) -> Said:
    """A claim or an answer in words."""
    kind = str(Answering(asking.kind).label) if isinstance(asking, Answer) else ""
    rows = _rows(asking) if asking.by_rows else ""
    return Said(
        asking.author.name, asking.given_at or asking.saved_at, kind, asking.reason, about(asking, currency), rows,
        tuple(files), asking,
    )  # fmt: skip


def about(asking: Asking, currency: str) -> str:
    """``2026-10-14 09:58 – 11:30, all queues``, or an amount."""
    if isinstance(asking, Answer) and asking.kind != Answering.PART:
        return ""
    if not asking.by_rows:
        return f"{signed(two_places(asking.amount or Decimal(0)))} {say(word(CURRENCIES, currency))}"
    start, end = (moment.strftime("%Y-%m-%d %H:%M") for moment in asking.window)
    queues = say(Text("、", ", ")).join(asking.named_queues) or gettext("all queues")
    return f"{start} – {end}{say(Text('，', ', '))}{queues}"


def choices(line: Line, claim: Claim | None, answers: Sequence[Answer]) -> list[Choice]:
    """The money under each choice: as issued, all accepted, and each part that the reader sees."""
    effect = claim.effect if claim else next((one.effect for one in answers if one.effect), None)
    if not effect:
        return []
    found = [_choice(gettext("as issued"), effect, 0)]
    if claim:
        found.append(_choice(gettext("all accepted"), claim.effect, 1))
    parts = [one for one in answers if one.kind == Answering.PART and one.effect]
    return found + [
        _choice(gettext("part accepted (%(who)s)") % {"who": one.author.name}, one.effect, 1) for one in parts
    ]


def consequence(dispute: Dispute, answer: Answer) -> Text:
    """What sending an answer means, before it is sent."""
    begins = (
        Text("发送后本轮不能修改。", "Sending ends this round.")
        if dispute.state == State.OPEN
        else Text("发送后，对方同意即生效。", "Once sent, it holds as soon as the other side agrees.")
    )
    if answer.kind == Answering.REJECT:
        return begins + Text("主张不予认可，本行金额不变。", " The claim is rejected; the line does not change.")
    effect = dispute.claim.effect if answer.kind == Answering.ALL else answer.effect
    moves, rows = granted(dispute, answer), effect["rows"]
    counted = Text(f"认可 {number(rows)} 条话务，", f" {number(rows)} contacts are accepted;") if rows else Text("", "")
    return begins + counted + _moved(moves, effect, dispute)


def rounds_words(dispute: Dispute) -> str:
    """``Round 1 of 2``."""
    return gettext("Round %(n)s of %(most)s") % {"n": dispute.round, "most": rules_of(dispute.statement).rounds}


def _moved(moves: Decimal, effect: dict[str, Any], dispute: Dispute) -> Text:
    before = Decimal(effect["net"][1]) - Decimal(effect["net"][0]) - moves
    credited = _credited(before)
    if not moves:
        return Text(f"本行金额不变{credited.zh}。", f" the line does not change{credited.en}.")
    line, unit = Decimal(effect["line"][1]), word(CURRENCIES, dispute.statement.currency)
    moved = signed(two_places(moves))
    return Text(
        f"本行变为 {signed(line)}，净额变动 {moved} {unit.zh}{credited.zh}，并开具冲减单。",
        f" the line becomes {signed(line)}, the net moves by {moved} {unit.en}{credited.en}, "
        "and a credit note is made.",
    )


def _credited(before: Decimal) -> Text:
    """What earlier rounds have credited of the line already, and is not credited once more."""
    if not before:
        return Text("", "")
    amount = signed(two_places(before))
    return Text(f"（此前已冲减 {amount}）", f" ({amount} was credited before)")


def _choice(name: str, effect: dict[str, Any], place: int) -> Choice:
    figure = effect["figures"][place]
    written = ""
    if figure:
        written = f"{number(int(figure['numerator']))} / {number(int(figure['denominator']))} = {_value(figure)}"
    others = [
        f"{say(Text(one['title']['zh'], one['title']['en']))} {signed(Decimal(one['moves']))}"
        for one in (effect["others"] if place else [])
    ]
    line, net = (Decimal(effect[part][place]) for part in ("line", "net"))
    return Choice(name, written, signed(line), number(net), tuple(others))


def _rows(asking: Asking) -> str:
    """``1,180 contacts, 402 of them counted``: what the window takes out; of a mean the mean with and without them."""
    before, after = asking.effect["figures"]
    rows = number(asking.effect["rows"])
    if not before or not after:
        return gettext("%(rows)s contacts") % {"rows": rows}
    if before["unit"] != SHARE:
        return gettext("%(rows)s contacts: %(before)s with them, %(after)s without") % {
            "rows": rows, "before": _value(before), "after": _value(after),
        }  # fmt: skip
    out = number(int(before["numerator"]) - int(after["numerator"]))
    return gettext("%(rows)s contacts, %(counted)s of them counted") % {"rows": rows, "counted": out}


def _value(figure: dict[str, Any]) -> str:
    return quantity(None if figure["value"] is None else Decimal(figure["value"]), figure["unit"])
