"""The figures of a decision as tables for people: heads and rows, in words."""

from __future__ import annotations

from collections.abc import Sequence

from onefloor.insight.sourcing.comparing import Compared, Decision, Figures, by_item
from onefloor.insight.sourcing.gap import Bar, BreakEven
from onefloor.insight.sourcing.inputs import EVERYBODY, Input
from onefloor.insight.sourcing.items import ITEMS
from onefloor.insight.sourcing.sentences import closing_value
from onefloor.insight.sourcing.wording import money, percent, value
from onefloor.language import Text, joined

Heads = Sequence[Text | str]
Rows = list[list[Text | str]]
SHOWN_BARS = 6
PRICE = Text("乙方价款", "vendor's price")


def all_figures(decision: Decision) -> list[Figures]:
    """The reference first, then the others, then the best mix where it is none of them."""
    found = [decision.reference, *(one.there for one in decision.compared)]
    best = decision.best_figures
    return found if best is None or best.name in {one.name for one in found} else [*found, best]


def options(decision: Decision) -> tuple[Heads, Rows]:
    """What each option comes to."""
    level = percent(float(decision.sourcing.level))
    heads = (
        Text("方案", "option"),
        Text("每通成本", "per contact"),
        Text("每件已解决成本", "per resolved"),
        Text(f"{level.zh} 区间", f"{level.en} interval"),
        Text("每件诉求话务量", "contacts an issue"),
        Text("未解决不再来电", "lost for ever"),
        Text("固定", "fixed"),
        Text("阶梯", "step"),
        Text("变动", "variable"),
        Text(f"{decision.months} 个月合计", f"{decision.months} months in all"),
    )
    return heads, [_option(side) for side in all_figures(decision)]


def _option(side: Figures) -> list[Text | str]:
    incomplete = Text("（不完整）", "(incomplete)") if side.missing else Text("", "")
    return [
        side.title + incomplete,
        money(side.per_contact),
        money(side.per_resolved),
        f"{money(side.spread.low)} – {money(side.spread.high)}",
        f"{side.contacts_an_issue:.2f}",
        percent(side.lost),
        *(money(amount) for amount in side.behaviour.values()),
        money(side.total, 0),
    ]


def costs(decision: Decision) -> tuple[Heads, Rows]:
    """Cost of a resolved contact by item, one column an option; what an option does not state is a question mark."""
    sides = all_figures(decision)
    held = [by_item(side) for side in sides]
    names = [name for name in ("price", *ITEMS) if any(name in one for one in held)]
    heads = (Text("每件已解决诉求", "of a resolved contact"), *(side.title for side in sides))
    rows: Rows = [
        [ITEMS.get(name, PRICE), *(_cell(s, c, name) for s, c in zip(sides, held, strict=True))] for name in names
    ]
    return heads, rows


def _cell(side: Figures, held: dict[str, float], name: str) -> str:
    return money(held[name]) if name in held else "?" if name in side.missing else "–"


def bars(found: Compared, decision: Decision) -> tuple[Heads, Rows]:
    """The inputs that move the gap most."""
    heads = (
        Text("影响最大的因素", "what moves the gap most"),
        Text("低", "low"),
        Text("高", "high"),
        Text("差额（低值时）", "gap at low"),
        Text("差额（高值时）", "gap at high"),
        Text("持平时", "same cost at"),
    )
    return heads, [_bar(bar, found, decision) for bar in found.bars[:SHOWN_BARS]]


def _bar(bar: Bar, found: Compared, decision: Decision) -> list[Text | str]:
    one = bar.inputs[0]
    low, _, high = one.spread.ends()
    closing = closing_of(bar, found)
    return [
        label(bar, decision),
        value(low, one.kind.unit),
        value(high, one.kind.unit),
        money(bar.at_low),
        money(bar.at_high),
        closing_value(closing) if closing else "–",
    ]


def closing_of(bar: Bar, found: Compared) -> BreakEven | None:
    """Where the input of a bar closes the gap; None for inputs that move together."""
    if len(bar.inputs) > 1:
        return None
    return next((one for one in found.closing if one.input.key == bar.inputs[0].key), None)


def label(bar: Bar, decision: Decision) -> Text:
    """``North: handling time``; ``all: wage``."""
    one = bar.inputs[0]
    return joined([_whose(bar.inputs, decision), one.kind.words], zh="：", en=": ")


def _whose(inputs: Sequence[Input], decision: Decision) -> Text:
    if len(inputs) > 1 or inputs[0].whose == EVERYBODY:
        return Text("各方案", "all")
    return decision.sourcing.option(inputs[0].whose).title


def closings(found: Compared) -> tuple[Heads, Rows]:
    """Where the gap closes: each input of the option and the volume."""
    heads = (Text("持平点", "same cost at"), Text("现值", "now"), Text("持平时", "then"), Text("更贵的一侧", "dearer"))
    named = {found.there.name, EVERYBODY}
    held = [one for one in found.closing if one.input.whose in named and one.input.name != "volume"]
    return heads, [_closing(one) for one in [*held, *found.volumes]]


def _closing(one: BreakEven) -> list[Text | str]:
    unit = one.input.kind.unit
    side = Text("高于", "above") if one.dearer_above else Text("低于", "below")
    return [one.input.kind.words, value(float(one.input.spread.mid), unit), closing_value(one), side]


def best(decision: Decision) -> Text:
    """The cheapest division in one sentence."""
    if decision.best is None or decision.best_figures is None:
        return Text(
            "成本项写全的方案中，没有在法律与上下限之内的组合。",
            "No division of options whose items are all stated keeps within the law and the bounds.",
        )
    shares = [(decision.sourcing.option(name).title, percent(float(share))) for name, share in decision.best.shares]
    parts = joined(Text(f"{title.zh} {part.zh}", f"{part.en} {title.en}") for title, part in shares)
    cost = f"{money(decision.best_figures.per_resolved)} {decision.sourcing.currency}"
    return Text(
        f"在法律与上下限之内最省的组合：{parts.zh}，每件已解决诉求 {cost}。",
        f"The cheapest division within the law and the bounds: {parts.en}, {cost} a resolved contact.",
    )
