"""The result of a replay as tables: by clause and month, by clause over all months, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from onefloor.agreements.rendering.words import KINDS
from onefloor.language import Text
from onefloor_web.platform.pages.formats import month, say


@dataclass(frozen=True, slots=True)
class Row:
    """A clause: its amount in each month under the draft, and over all months under both."""

    title: str
    months: tuple[Decimal | None, ...]
    signed: Decimal
    new: Decimal
    changed: int

    @property
    def difference(self) -> Decimal:
        """New minus signed."""
        return self.new - self.signed


@dataclass(frozen=True, slots=True)
class Shown:
    """A replay ready to be shown; ``base`` is the version it is compared with, None where there is none."""

    months: tuple[str, ...]
    provisional: tuple[str, ...]
    rows: tuple[Row, ...]
    net: Row
    left_out: tuple[tuple[str, str], ...]
    base: int | None
    currency: str
    data_version: str


def shown_replay(made: Mapping[str, Any]) -> Shown:
    """What the job has kept, as ``Replay.as_json`` writes it."""
    months = [one["month"] for one in made["months"]]
    by_clause: dict[str, list[Mapping[str, Any]]] = {}
    for one in made["clauses"]:
        by_clause.setdefault(one["clause"], []).append(one)
    return Shown(
        months=tuple(months),
        provisional=tuple(made["provisional"]),
        rows=tuple(_row(_title(items[0]), items, months) for items in by_clause.values()),
        net=_row(say(KINDS["net"]), made["months"], months),
        left_out=tuple((month(one["month"]), say(_text(one["reason"]))) for one in made["left_out"]),
        base=made["base"],
        currency=made["currency"],
        data_version=made["data_version"],
    )


def _row(title: str, items: list[Mapping[str, Any]], months: list[str]) -> Row:
    new = {one["month"]: Decimal(one["new"]) for one in items}
    signed = sum((Decimal(one["signed"]) for one in items), Decimal())
    changed = sum(Decimal(one["difference"]) != 0 for one in items)
    return Row(title, tuple(new.get(one) for one in months), signed, sum(new.values(), Decimal()), changed)


def _title(item: Mapping[str, Any]) -> str:
    title = say(_text(item["title"]))
    return title if item["clause"] in KINDS else f"{item['clause']} {title}"


def _text(told: Mapping[str, str]) -> Text:
    return Text(told["zh"], told["en"])
