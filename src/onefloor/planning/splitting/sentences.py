"""A split in words."""

from __future__ import annotations

from onefloor.insight.numbers import number
from onefloor.language import Text
from onefloor.planning.splitting.program import LEAST_SHARE, MOST_SHARE
from onefloor.planning.splitting.result import Binding, Shares
from onefloor.planning.splitting.solving import NOTHING, WORDS


def sentences(found: Shares, companies: tuple[str, ...] | None = None) -> list[Text]:
    """Who works how much and what binds; of some companies alone if asked for."""
    told = []
    for c, company in enumerate(found.asked.companies):
        if companies is not None and company.name not in companies:
            continue
        hours, cost = number(found.hours[c]), number(found.costs[c])
        share = f"{found.shares[c]:.1%}" if companies is None else ""
        part = Text(f"（{share}）", f" ({share})") if share else Text("", "")
        told.append(Text(
            f"{company.name}：{hours} 小时{part.zh}，费用 {cost}。",
            f"{company.name}: {hours} hours{part.en}, cost {cost}.",
        ))  # fmt: skip
        if found.idle[c] > NOTHING:
            told.append(_idle_words(found, c))
        if company.unknown_volume:
            told.append(Text(
                f"{company.name}的协议对锁定预测有保底，而协议文件和现场都没有这些日子的锁定预测：未计入。"
                "可写 paid_at_least。",
                f"The agreement of {company.name} pays for a part of the locked forecast in any case. Neither its file "
                "nor the floor has that of these days: it is not counted. Write paid_at_least to have it counted.",
            ))  # fmt: skip
    if companies is None:
        return told + [binding_words(one) for one in found.binding]
    return told + [bound_words(one) for one in found.bound(companies)]


def own_headline(found: Shares, companies: tuple[str, ...]) -> Text:
    """How many hours each of some companies works."""
    hours = [(one.name, number(float(found.hours[c]))) for c, one in enumerate(found.asked.companies)
             if one.name in companies]  # fmt: skip
    return Text("；".join(f"{name}：{count} 小时" for name, count in hours) + "。",
                "; ".join(f"{name}: {count} hours" for name, count in hours) + ".")  # fmt: skip


def _idle_words(found: Shares, c: int) -> Text:
    idle, spare = number(found.idle[c]), number(found.spare[c])
    if found.spare[c] <= NOTHING:
        return Text(f"另有 {idle} 小时付费而未用。", f"Besides, {idle} hours are paid and not worked.")
    return Text(
        f"另有 {idle} 小时付费而未用，其中 {spare} 小时是保障而不需要的人。",
        f"Besides, {idle} hours are paid and not worked, {spare} of them of guaranteed agents whom nobody needs.",
    )


def headline(found: Shares) -> Text:
    """How many hours are split, and what they cost."""
    hours, cost = number(float(found.hours.sum())), number(found.cost)
    names = len(found.asked.companies)
    return Text(f"{hours} 小时由 {names} 家公司承接，费用 {cost}。", f"{hours} hours by {names} companies cost {cost}.")


def bound_words(one: Binding) -> Text:
    """That a limit of a company's own work binds, without what it costs: that would tell what others are paid."""
    name = WORDS[one.kind]
    if one.intervals == 1:
        return Text(f"{one.company}的{name.zh}起约束作用。", f"The {name.en} of {one.company} bind.")
    return Text(
        f"{one.company}的{name.zh}在 {one.intervals} 个时段起约束作用。",
        f"The {name.en} of {one.company} bind in {one.intervals} intervals.",
    )


def binding_words(one: Binding) -> Text:
    """What a limit costs.

    >>> binding_words(Binding("seats", "north", 3, -20.0)).en
    'The seats of north bind in 3 intervals: one more saves 20.0 each.'
    """
    name, amount = WORDS[one.kind], number(abs(one.price))
    zh, en = ("省", "saves") if one.price < 0 else ("多花", "costs")
    if one.kind in (LEAST_SHARE, MOST_SHARE):
        return Text(
            f"{one.company}的{name.zh}起约束作用：每增加1个百分点{zh} {amount}。",
            f"The {name.en} of {one.company} binds: one more point {en} {amount}.",
        )
    if one.intervals == 1:
        return Text(
            f"{one.company}的{name.zh}起约束作用：每增加1{zh} {amount}。",
            f"The {name.en} of {one.company} bind: one more {en} {amount}.",
        )
    return Text(
        f"{one.company}的{name.zh}在 {one.intervals} 个时段起约束作用：每增加1，各{zh} {amount}。",
        f"The {name.en} of {one.company} bind in {one.intervals} intervals: one more {en} {amount} each.",
    )
