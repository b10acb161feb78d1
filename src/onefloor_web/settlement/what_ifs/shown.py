"""What came of a what-if, as pages show it: the months as bars, the clauses, one month explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from onefloor.agreements.rendering.words import CURRENCIES, KINDS, word
from onefloor.language import Text
from onefloor.money import rounded
from onefloor_web.platform.pages.formats import begin, money, month, number, say, signed

STEP, WIDE, HEIGHT, EDGE = 56, 30, 150, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """A month's difference; all numbers are pixels of the drawing but ``text``."""

    label: str
    text: str
    provisional: bool
    x: int
    middle: int
    y: float
    height: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars from zero, up where the company is owed more."""

    width: int
    height: int
    zero: float
    label_y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A month or clause: amounts as signed and under the other terms, as written."""

    name: str
    key: str
    changed: str
    signed: str
    new: str
    difference: str
    provisional: bool = False


DRAWN: Final = 36


def drawing(found: Mapping[str, Any]) -> Drawing:
    """The net of each month, new minus signed."""
    nets = found["months"][-DRAWN:]
    values = [float(one["difference"]) for one in nets]
    high, low = max([0.0, *values]), min([0.0, *values])
    scale = HEIGHT / ((high - low) or 1.0)
    zero = EDGE + high * scale
    bars = tuple(
        _bar(one, at, value, zero, scale, found) for at, (one, value) in enumerate(zip(nets, values, strict=True))
    )
    height = HEIGHT + 3 * EDGE
    return Drawing(max(1, len(nets)) * STEP, height, zero, height - 4, bars)


def sentence(found: Mapping[str, Any]) -> str:
    """What the chart says, in words."""
    changed = sum(1 for one in found["months"] if Decimal(one["difference"]))
    total = sum((Decimal(one["difference"]) for one in found["months"]), Decimal(0))
    words = _("Net of %(months)s months together: %(difference)s; it differs in %(changed)s of them.")
    values = {"months": number(len(found["months"])), "changed": number(changed)}
    return words % {**values, "difference": f"{signed(total)} {say(word(CURRENCIES, found['currency']))}"}


def months(found: Mapping[str, Any]) -> list[Row]:
    """The nets by month, the sum last."""
    marked = set(found["provisional"])
    rows = [_row(month(one["month"]), one["month"], [one], one["month"] in marked) for one in found["months"]]
    return [*rows, _row(_("All months"), "", found["months"])] if rows else []


def otherwise(found: Mapping[str, Any], locked: Mapping[str, Decimal]) -> list[tuple[str, str, str]]:
    """The months whose signed statement says another net than today's facts under the same terms: both amounts."""
    unit = found["currency"]
    return [
        (month(one["month"]), money(rounded(locked[one["month"]], 2), unit), money(replayed, unit))
        for one in found["months"]
        if one["month"] in locked and locked[one["month"]] != (replayed := Decimal(one["signed"]))
    ]


def clauses(found: Mapping[str, Any]) -> list[Row]:
    """The amounts by clause over all months, and in how many of them it changed."""
    by_clause: dict[str, list[Mapping[str, Any]]] = {}
    for one in found["clauses"]:
        by_clause.setdefault(one["clause"], []).append(one)
    return [_clause(items) for items in by_clause.values()]


def of_month(found: Mapping[str, Any], wanted: str) -> list[Row]:
    """Why a month differs: its amounts by clause."""
    return [_clause([one]) for one in found["clauses"] if one["month"] == wanted]


def left_out(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The months that could not be compared, and why."""
    return [(month(one["month"]), begin(Text(one["reason"]["zh"], one["reason"]["en"]))) for one in found["left_out"]]


def _clause(items: Sequence[Mapping[str, Any]]) -> Row:
    last = items[-1]
    title = begin(Text(last["title"]["zh"], last["title"]["en"]))
    name = title if last["clause"] in KINDS else f"{last['clause']} {title}"
    return _row(name, last["clause"], items)


def _row(name: str, key: str, items: Sequence[Mapping[str, Any]], provisional: bool = False) -> Row:  # noqa: FBT001, FBT002
    old, new = (sum((Decimal(one[side]) for one in items), Decimal("0.00")) for side in ("signed", "new"))
    changed = sum(1 for one in items if Decimal(one["difference"]))
    words = _("%(changed)s of %(months)s") % {"changed": number(changed), "months": number(len(items))}
    return Row(name, key, words, number(old), number(new), signed(new - old), provisional)


def _bar(one: Mapping[str, Any], at: int, value: float, zero: float, scale: float, found: Mapping[str, Any]) -> Bar:
    height = abs(value) * scale
    top = zero - height if value > 0 else zero
    text_y = top - 4 if value >= 0 else top + height + 12
    label = one["month"][2:].replace("-", "/")
    written = signed(Decimal(one["difference"]).quantize(Decimal(1)))
    x = at * STEP + (STEP - WIDE) // 2
    return Bar(
        label, written, one["month"] in found["provisional"], x, at * STEP + STEP // 2, round(top, 1), round(height, 1),
        round(text_y, 1),
    )  # fmt: skip


def total(found: Mapping[str, Any]) -> str:
    """The whole difference with its currency."""
    return money(sum((Decimal(one["difference"]) for one in found["months"]), Decimal("0.00")), found["currency"])
