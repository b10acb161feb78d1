"""Findings of sourcing in words, Chinese and English."""

from __future__ import annotations

from onefloor.insight.finding import Finding, Verdict
from onefloor.insight.sourcing.comparing import Compared, Decision, Figures
from onefloor.insight.sourcing.gap import BreakEven
from onefloor.insight.sourcing.items import ITEMS
from onefloor.insight.sourcing.limits import COUNSEL
from onefloor.insight.sourcing.plain import details
from onefloor.insight.sourcing.wording import ends, less_or_more, money, percent, value
from onefloor.language import Text, joined, same


def finding(decision: Decision, found: Compared) -> Finding:
    """One option against the reference as a finding."""
    return Finding(
        about=Text(
            f"{found.there.title.zh} 对 {found.here.title.zh}", f"{found.there.title.en} against {found.here.title.en}"
        ),
        verdict=found.verdict,
        sentence=sentence(decision, found),
        estimate=found.gap,
        unit=per_resolved(decision),
        agents=decision.draws,
        sampled=Text("次模拟", "draws"),
        assumptions=assumptions(decision),
        reasons=reasons(found),
        behind=decision.sourcing.behind,
        details=details(decision, found),
    )


def per_resolved(decision: Decision) -> Text:
    """The unit of the figures."""
    currency = decision.sourcing.currency
    return Text(f"{currency}/件已解决诉求", f"{currency} per resolved contact")


def sentence(decision: Decision, found: Compared) -> Text:
    """The finding in one sentence, and where it would turn."""
    lead = _lead(decision, found)
    turn = turning(found)
    return lead + turn if turn else lead


def _lead(decision: Decision, found: Compared) -> Text:
    there, here, relative = found.there.title, found.here.title, found.relative
    if relative is None:
        return _not_comparable(found)
    range_ = ends(relative)
    if found.verdict is Verdict.NO_DIFFERENCE:
        least = f"{money(found.margin)} {decision.sourcing.currency}"
        return Text(
            f"每件已解决诉求的成本，{there.zh}与{here.zh}相差不到 {least}（{range_.zh}）。",
            f"A resolved contact costs nearly the same with {there.en} as with {here.en}: less than {least} apart "
            f"({range_.en}).",
        )
    if found.verdict is Verdict.CANNOT_TELL:
        return Text(
            f"无法判断{there.zh}与{here.zh}哪个更省：每件已解决诉求的成本{range_.zh}。",
            f"It cannot be told whether a resolved contact costs less with {there.en} or with {here.en}: {range_.en}.",
        )
    much = less_or_more(relative.value)
    return Text(
        f"每件已解决诉求的成本，{there.zh}比{here.zh}{much.zh}（{range_.zh}）。",
        f"A resolved contact costs {much.en} with {there.en} than with {here.en} ({range_.en}).",
    )


def _not_comparable(found: Compared) -> Text:
    there, here = found.there.title, found.here.title
    sides = ((found.there, found.missing_there), (found.here, found.missing_here))
    why = [_missing(side, names) for side, names in sides if names]
    why += [Text(notice.what.zh, notice.what.en) for notice in found.there.refused]
    said = joined(why, zh="；", en="; ")
    return Text(
        f"{there.zh}与{here.zh}不可比：{said.zh}。", f"{there.en} cannot be compared with {here.en}: {said.en}."
    )


def _missing(side: Figures, names: tuple[str, ...]) -> Text:
    told = items(names)
    return Text(f"{side.title.zh}未写明{told.zh}", f"{side.title.en} does not state {told.en}")


def items(names: tuple[str, ...]) -> Text:
    """Cost items as a list."""
    return joined(ITEMS[name] for name in names)


def turning(found: Compared) -> Text | None:
    """At which resolution and which price the gap closes; None for a mix, or where neither can close it."""
    chosen = [one for one in (_closing(found, _RESOLUTION), _closing(found, _MONEY)) if one is not None]
    if not chosen or found.gap is None:
        return None
    if found.gap.value >= 0:
        at = joined([_at(one) for one in chosen], zh="，或", en=" or ")
        return Text(f"{at.zh} 时两者持平。", f"Both would cost the same with {at.en}.")
    beyond = joined([_beyond(one) for one in chosen], zh="，或", en=", or ")
    return Text(f"{beyond.zh} 时不再划算。", f"It stops paying when {beyond.en}.")


_RESOLUTION, _MONEY = ("resolved", "without_repeat"), ("price.", "wage.")


def _closing(found: Compared, starts: tuple[str, ...]) -> BreakEven | None:
    """The first input of the option itself with such a name."""
    own = [one for one in found.closing if one.input.whose == found.there.name]
    return next((one for one in own if one.input.name.startswith(starts) and not one.input.name.endswith("rise")), None)


def closing_value(one: BreakEven) -> Text:
    """Where the gap closes, with a decimal more where it would read like the value of today."""
    unit, now = one.input.kind.unit, float(one.input.spread.mid)
    short = value(one.value, unit)
    return value(one.value, unit, finer=True) if short == value(now, unit) else short


def _at(one: BreakEven) -> Text:
    number, words = closing_value(one), one.input.kind.words
    return Text(f"{words.zh}为 {number.zh}", f"{words.en} at {number.en}")


def _beyond(one: BreakEven) -> Text:
    number, words = closing_value(one), one.input.kind.words
    zh, en = ("高于", "passes") if one.dearer_above else ("低于", "falls below")
    return Text(f"{words.zh}{zh} {number.zh}", f"its {words.en} {en} {number.en}")


_STATE = Text(
    "未写明的成本项不按 0 计：请写出金额，或列入 none（不发生）、included（已含在其他项内）。",
    "An item that is not stated is not taken as 0: write its amount, or list it under none or included.",
)


def reasons(found: Compared) -> tuple[Text, ...]:
    """What belongs beside the finding: issues lost, money shown apart, limits of law, payback."""
    told = [_STATE] if found.missing_there or found.missing_here else []
    told.append(_lost(found.there, found.here))
    told += [_aside(side) for side in (found.there, found.here) if side.aside is not None]
    told += [notice.words for side in (found.there, found.here) for notice in side.notices]
    if found.gap is not None:
        told.append(_paid_back(found))
    return tuple(told)


def _lost(there: Figures, here: Figures) -> Text:
    theirs, ours = percent(there.lost), percent(here.lost)
    return Text(
        f"未解决且不再来电的诉求：{there.title.zh} {theirs.zh}，{here.title.zh} {ours.zh}。",
        f"Issues lost for ever: {theirs.en} with {there.title.en}, {ours.en} with {here.title.en}.",
    )


def _aside(side: Figures) -> Text:
    assert side.aside is not None
    low, high = money(side.aside.low), money(side.aside.high)
    return Text(
        f"客户流失另计，未含在成本内：{side.title.zh}每件已解决诉求 {low} 至 {high}。",
        f"Customers lost are no part of the cost: {low} to {high} a resolved contact with {side.title.en}.",
    )


def _paid_back(found: Compared) -> Text:
    name, chance = found.there.title, percent(found.cheaper)
    if not found.payback:
        return Text(
            f"解决同样多的诉求，按各项中间值，到期末{name.zh}的累计成本并不更低（模拟中有 {chance.zh} 更低）。",
            f"For as many resolved contacts, at the middle of all inputs, {name.en} has not cost less by the last "
            f"month (it has in {chance.en} of draws).",
        )
    return Text(
        f"解决同样多的诉求，按各项中间值，{name.zh}从第 {found.payback} 个月起累计成本更低"
        f"（到期末，模拟中有 {chance.zh} 更低）。",
        f"For as many resolved contacts, at the middle of all inputs, {name.en} has cost less in all from month "
        f"{found.payback} on (by the last month in {chance.en} of draws).",
    )


_INTERVAL = Text(
    "区间来自文件中的低、中、高值，不是抽样误差；不计利息。",
    "The interval comes from the file's low, mid and high, not from sampling; no interest is counted.",
)
_INTERVAL_MEASURED = Text(
    "区间来自文件中的低、中、高值，以及现场数据的抽样误差；不计利息。",
    "The interval comes from the file's low, mid and high and from the sampling of the floor's figures; no interest is "
    "counted.",
)


def assumptions(decision: Decision) -> tuple[Text, ...]:
    """On what every comparison of this file rests."""
    sourcing = decision.sourcing
    volume = f"{float(sourcing.volume.mid):,.0f}"
    told = [
        Text(
            f"各方案面对相同的诉求：自 {sourcing.start} 起 {decision.months} 个月，每月新增约 {volume} 件。",
            f"The same issues for every option: about {volume} new ones a month for {decision.months} months from "
            f"{sourcing.start}.",
        ),
        Text(
            "未解决的来电人按所写比例再次来电，仍由同一方案处理并再次付费。",
            "Of callers who were not helped the stated share calls again, meets the same option and is paid for again.",
        ),
        _INTERVAL_MEASURED if sourcing.measured else _INTERVAL,
    ]
    if sourcing.shared:
        names = joined(same(name) for name in sourcing.shared)
        told.append(Text(f"各方案同高同低：{names.zh}。", f"High or low for all options at once: {names.en}."))
    if decision.nowhere:
        left = items(decision.nowhere)
        told.append(Text(f"任何方案都未写明：{left.zh}。", f"No option states: {left.en}."))
    return (*told, *sourcing.measured, *([COUNSEL] if sourcing.law == "cn" else []))
