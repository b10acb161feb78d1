"""The uncertain inputs of a decision, and the rows of values at which its costs are computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from onefloor.insight.sourcing.items import BASES, ITEMS
from onefloor.insight.sourcing.spread import Floats, Spread
from onefloor.insight.sourcing.terms import AS_SETTLED, Cost, Option, Price, Ramp, Sourcing
from onefloor.language import Text

EVERYBODY = ""
"""Whose inputs those of the file itself are."""
Key = tuple[str, str]  # whose (an option's id, or EVERYBODY), and its name
Values = Mapping[Key, Floats]
"""A column of values for every input, ``(rows, 1)`` each: one row is one state of the world."""
LARGE = 1e12


@dataclass(frozen=True, slots=True)
class Kind:
    """What an input is called, the range it can have at all, and its unit: %, points, s, money or none."""

    words: Text
    least: float
    most: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain number."""

    whose: str
    name: str
    kind: Kind
    spread: Spread

    @property
    def key(self) -> Key:
        """Where it stands among the values."""
        return self.whose, self.name


TERMS: Mapping[str, Kind] = {
    "volume": Kind(Text("每月新增诉求", "issues a month"), 0.01, LARGE),
    "growth": Kind(Text("话务年增长", "growth a year"), -0.99, 10, "%"),
    "again": Kind(Text("未解决再次来电占比", "share of unresolved that call again"), 0, 1, "%"),
    "resolved": Kind(Text("一次性解决率", "resolution at first contact"), 0.01, 1, "%"),
    "without_repeat": Kind(Text("无重复来电占比", "share of contacts without a repeat"), 0.01, 1, "%"),
    "handling": Kind(Text("平均处理时长", "handling time"), 1, 36_000, "s"),
    "occupancy": Kind(Text("占用率", "occupancy"), 0.01, 1, "%"),
    "utilisation": Kind(Text("工时利用率", "utilisation"), 0.01, 1, "%"),
    "hours": Kind(Text("每人年计薪小时", "paid hours of an agent-year"), 1, 8_784),
    "attrition": Kind(Text("流失率", "attrition a year"), 0, 10, "%"),
    "overtime": Kind(Text("每人每月加班小时", "overtime hours of an agent and month"), 0, 300),
    "seats_each": Kind(Text("每席人数", "people who share a seat"), 0.1, 100),
}
PRICE_TERMS: Mapping[str, Kind] = {
    "rate": Kind(Text("单价", "price"), 0, LARGE, "money"),
    "good": Kind(Text("达标单价", "rate where the quality is reached"), 0, LARGE, "money"),
    "otherwise": Kind(Text("未达标单价", "rate where it is not"), 0, LARGE, "money"),
    "good_share": Kind(Text("达标话务占比", "share of contacts that are good"), 0, 1, "%"),
    "minimum": Kind(Text("保底量", "minimum volume"), 0, LARGE),
    "rise": Kind(Text("年度调价", "indexation a year"), -0.99, 10, "%"),
    "seats": Kind(Text("约定席位数", "agreed seats"), 0, LARGE),
}
_OPTION_TERMS = tuple(name for name in TERMS if name not in ("volume", "growth", "again"))
OVER = ".over"
"""Ends the name of an input that is a difference from the same input of the reference."""


def inputs_of(sourcing: Sourcing) -> tuple[Input, ...]:
    """Every input that matters: those of the file, then each option's; changes that are 0 for sure are left out."""
    common = [_plain(EVERYBODY, name, getattr(sourcing, name)) for name in ("volume", "growth", "again")]
    found = [*common, *(one for option in sourcing.options for one in _of_option(option))]
    return tuple(one for one in found if not _idle(one))


def _idle(one: Input) -> bool:
    """Whether it is a change or a minimum that nobody asked for."""
    return one.name.endswith(("growth", ".rise", ".minimum")) and one.spread.certain and not one.spread.mid


def _plain(whose: str, name: str, spread: Spread) -> Input:
    return Input(whose, name, TERMS[name], spread)


def _of_option(option: Option) -> Iterator[Input]:
    measured = {name for name, _ in option.over}
    for name in _OPTION_TERMS:
        spread = getattr(option, name)
        if spread is not None and name not in measured and not (name == "seats_each" and spread == AS_SETTLED):
            yield _plain(option.id, name, spread)
    for name, spread in option.over:
        kind = TERMS[name]
        words = Text(f"{kind.words.zh}（较对照方案）", f"{kind.words.en} against the reference")
        unit = "points" if kind.unit == "%" else kind.unit
        yield Input(option.id, name + OVER, Kind(words, -kind.most, kind.most, unit), spread)
    yield from (one for cost in option.costs for one in _of_cost(option.id, cost))
    yield from (one for price in option.price for one in _of_price(option.id, price))
    yield from (one for place, ramp in enumerate(option.ramp) for one in _of_ramp(option.id, place, ramp))


def cost_words(cost: Cost) -> Text:
    """``wage, per paid hour``; ``social insurance, of the wage``."""
    item, basis = ITEMS[cost.item], BASES[cost.per].words
    between = "" if cost.per in ("wage", "once", "exit", "price") else "per "
    return Text(f"{item.zh}（{basis.zh}）", f"{item.en}, {between}{basis.en}")


def price_words(price: Price) -> Text:
    """``price per paid hour``."""
    if price.kind == "two_tier":
        return Text("分两档单价", "two-tier price")
    if price.kind == "fte_month":
        return Text("单价（每全职人月）", "price per FTE-month")
    basis = BASES[price.kind].words
    return Text(f"单价（{basis.zh}）", f"price per {basis.en}")


def _of_cost(whose: str, cost: Cost) -> Iterator[Input]:
    words, share = cost_words(cost), cost.amount.share
    yield Input(whose, cost.key, Kind(words, 0, LARGE, "%" if share else "money"), cost.amount.spread)
    rising = Text(f"{words.zh}年涨幅", f"yearly rise of {words.en}")
    yield Input(whose, f"{cost.key}.rise", Kind(rising, -0.99, 10, "%"), cost.rise)


def _of_price(whose: str, price: Price) -> Iterator[Input]:
    for name, kind in {**PRICE_TERMS, "rate": replace(PRICE_TERMS["rate"], words=price_words(price))}.items():
        spread: Spread | None = getattr(price, name, None)
        if spread is not None:
            yield Input(whose, f"{price_key(price)}.{name}", kind, spread)


def price_key(price: Price) -> str:
    """The start of its inputs' names: ``price.paid_hour``."""
    return f"price.{price.kind}"


def ramp_key(place: int, name: str) -> str:
    """``ramp.0.handling``."""
    return f"ramp.{place}.{name}"


def _of_ramp(whose: str, place: int, ramp: Ramp) -> Iterator[Input]:
    until = Text(f"（至第 {ramp.through} 个月）", f" through month {ramp.through}")
    for name in ("handling", "resolved"):
        of = TERMS[name].words
        words = Text(f"爬坡期{of.zh}倍数{until.zh}", f"ramp of {of.en}{until.en}")
        yield Input(whose, ramp_key(place, name), Kind(words, 0.05, 20, "%"), getattr(ramp, name))


def at_mid(inputs: Iterable[Input], rows: int = 1) -> dict[Key, Floats]:
    """Every input at its middle, ``rows`` times."""
    return {one.key: np.full((rows, 1), float(one.spread.mid)) for one in inputs}


def drawn(inputs: Sequence[Input], shared: Iterable[str], rng: np.random.Generator, draws: int) -> dict[Key, Floats]:
    """Every input at random, ``draws`` times; a shared one has the same chance for all options."""
    together = {name: rng.random((draws, 1)) for name in sorted(set(shared))}
    found: dict[Key, Floats] = {}
    for one in inputs:
        chance = together.get(shared_name(one.name))
        values = one.spread.at(rng.random((draws, 1)) if chance is None else chance)
        found[one.key] = np.clip(values, one.kind.least, one.kind.most)
    return found


def shared_name(name: str) -> str:
    """The name under which an input is shared: the item of a cost, the term of everything else.

    >>> shared_name("wage.paid_hour"), shared_name("wage.paid_hour.rise"), shared_name("handling")
    ('wage', 'wage.rise', 'handling')
    """
    item, _, rest = name.partition(".")
    if item not in ITEMS or not rest:
        return name
    return f"{item}.rise" if rest.endswith(".rise") else item
