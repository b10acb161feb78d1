"""Every part of an agreement as a sentence made from its terms, in both languages.

The sentence is made from what the engine will do, not from the clause's own text: who reads both sees where they
differ. Terms that the sentence of a kind does not speak of follow as ``name: value``, so that none is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from onefloor.agreements.clauses.verdict import band_words
from onefloor.agreements.rendering.options import form_title, option
from onefloor.agreements.rendering.values import (
    metric_words,
    portion_words,
    scope_words,
    span_words,
    value_words,
    written_terms,
)
from onefloor.agreements.terms.around import Duty, EarnBack, Exclusion, Forecast, Incident, Pool
from onefloor.agreements.terms.clauses import Band, Bands, Clause, Event, Level, Presumptive, Score, ScoreItem
from onefloor.agreements.terms.prices import BaseFee, FteMonth, Metered, Priced, SeatMonth, TwoTier
from onefloor.agreements.terms.procedure import DutyClock, RequestClass
from onefloor.agreements.terms.reading import terms_of
from onefloor.agreements.terms.values import Portion, ScopeTerm
from onefloor.agreements.wording import money, number, percent, sentence
from onefloor.language import Text, joined
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.problems import Problem

Said = tuple[Text, frozenset[str]]
HEAD: Final = frozenset({"id", "title", "text"})


def part_words(part: Any) -> Text:
    """A part of the terms as one paragraph; ``part`` is a dataclass of ``terms``, such as a clause or a price."""
    found = next((say for form, say in SENTENCES if isinstance(part, form)), None)
    text, said = found(part) if found else (Text("", ""), frozenset())
    rest = list(written_terms(part, without=said | HEAD))
    more = joined((Text(f"{name.zh}：{value.zh}", f"{name.en}: {value.en}") for name, value in rest), zh="；", en="; ")
    return _paragraph(text, sentence(more)) if rest else text


def _paragraph(first: Text, second: Text) -> Text:
    return Text(f"{first.zh}{second.zh}。", f"{first.en} {second.en}.".strip())


def _measured(part: Any) -> Text:
    """The metric over the rows it counts."""
    what, rows = metric_words(part.metric), scope_words(part.scope)
    if part.scope == ScopeTerm():
        return what
    return Text(f"{what.zh}（{rows.zh}）", f"{what.en} ({rows.en})")


def _metric(part: Any) -> Metric | None:
    try:
        return catalogue.metric(part.metric)
    except Problem:
        return None


def _follows(credit: Portion, reward: Portion) -> Text:
    """What follows; nothing is said to follow where nothing does."""
    if credit:
        return Text(f"扣罚{portion_words(credit).zh}", f"a credit of {portion_words(credit).en}")
    if reward:
        return Text(f"奖励{portion_words(reward).zh}", f"a reward of {portion_words(reward).en}")
    return Text("不扣不奖", "no credit and no reward")


def _level(part: Level) -> Said:
    what, target = _measured(part), str(part.target)
    missed, met = _follows(part.credit, Portion()), _follows(Portion(), part.reward)
    zh = f"{what.zh}目标 {target}：未达标，{missed.zh}" + (f"；达标，{met.zh}" if part.reward else "") + "。"
    en = f"{what.en}, target {target}: if missed, {missed.en}" + (f"; if reached, {met.en}" if part.reward else "")
    return sentence(Text(zh, f"{en}.")), frozenset({"metric", "scope", "target", "credit", "reward"})


def _ranges(bands: Iterable[Band], metric: Metric | None) -> Text:
    said = [(band_words(band, metric) or Text("", ""), _follows(band.credit, band.reward)) for band in bands]
    return joined((Text(f"{at.zh}：{what.zh}", f"{at.en}: {what.en}") for at, what in said), zh="；", en="; ")


def _bands(part: Bands) -> Said:
    what, ranges = _measured(part), _ranges(part.bands, _metric(part))
    text = Text(f"{what.zh}按档位：{ranges.zh}。", f"{what.en} by bands: {ranges.en}.")
    return sentence(text), frozenset({"metric", "scope", "bands"})


def _presumptive(part: Presumptive) -> Said:
    what, until = _measured(part), option(part.until_then)
    missed = _follows(part.credit, part.reward)
    measured = f"，实测 {part.measured.written}" if part.measured else ""
    found = f", measured {part.measured.written}" if part.measured else ""
    months = part.months
    zh = f"{what.zh}预设 {part.presumed.written}{measured}，实测 {months} 个月后取两者的中值为目标（此前{until.zh}）"
    en = f"{what.en}: presumed {part.presumed.written}{found}; after {months} measured months the middle of both"
    then = "达标" if part.reward and not part.credit else "未达标"
    text = Text(f"{zh}；{then}，{missed.zh}。", f"{en} is the target ({until.en} until then); then {missed.en}.")
    said = {"metric", "scope", "presumed", "measured", "months", "until_then"}
    return sentence(text), frozenset(said | ({"credit", "reward"} if not (part.credit and part.reward) else {"credit"}))


def _event(part: Event) -> Said:
    what, each = _measured(part), portion_words(part.credit)
    most = Text(f"，最多计 {part.most} 件", f", at most {part.most} of them") if part.most else Text("", "")
    text = Text(
        f"{what.zh}：免扣 {part.free} 件，此后每件扣罚{each.zh}{most.zh}。",
        f"{what.en}: {part.free} are free, each further one costs {each.en}{most.en}.",
    )
    return sentence(text), frozenset({"metric", "scope", "free", "credit", "most"})


def _score(part: Score) -> Said:
    items = joined((_item(one) for one in part.items), zh="；", en="; ")
    ranges = _ranges(part.bands, None)
    text = Text(f"评分表：{items.zh}。总分 {ranges.zh}。", f"Scoring table: {items.en}. Total score {ranges.en}.")
    return text, frozenset({"items", "bands"})


def _item(item: ScoreItem) -> Text:
    name, what = item.title, _measured(item)
    points = [
        (band_words(Band(start=one.start, end=one.end), _metric(item)) or Text("", ""), number(one.points))
        for one in item.points
    ]
    told = joined((Text(f"{at.zh} 得 {n} 分", f"{at.en} gives {n}") for at, n in points))
    head = what if name is None else Text(f"{name.zh}，{what.zh}", f"{name.en}, {what.en}")
    return Text(f"{head.zh}（{told.zh}）", f"{head.en} ({told.en})")


def _metered(part: Metered) -> Said:
    unit = form_title(type(part))
    steps = joined(
        Text(f"自 {number(one.start)} 起 {money(one.rate)}", f"{money(one.rate)} from {number(one.start)} on")
        for one in part.tiers
    )
    rule = option(part.tier_rule)
    tiers = Text(f"；{steps.zh}（{rule.zh}）", f"; {steps.en} ({rule.en})") if part.tiers else Text("", "")
    text = Text(
        f"{unit.zh}计价，每单位 {money(part.rate)}{tiers.zh}。",
        f"Priced by {unit.en}: {money(part.rate)} each{tiers.en}.",
    )
    return text, frozenset({"rate", "tiers", "tier_rule"})


def _seats(part: SeatMonth) -> Said:
    rule = option(part.paid)
    text = Text(
        f"{number(part.seats)} 个席位，每席 {money(part.rate)}，价格含 {part.months} 个月（{rule.zh}）。",
        f"{number(part.seats)} seats at {money(part.rate)} each, the price of {part.months} month(s) ({rule.en}).",
    )
    return text, frozenset({"seats", "rate", "months", "paid"})


def _people(part: FteMonth) -> Said:
    text = Text(
        f"每个全职人月（{number(part.hours)} 小时）{money(part.rate)}。",
        f"{money(part.rate)} for each FTE-month of {number(part.hours)} hours.",
    )
    return text, frozenset({"rate", "hours"})


def _two_tier(part: TwoTier) -> Said:
    what, by = metric_words(part.quality), option(part.by)
    goal = f" {part.target}" if part.target else ""
    text = Text(
        f"{by.zh}判定质量：{what.zh}{goal} 达标每单位 {money(part.good)}，否则 {money(part.otherwise)}。",
        f"Quality decides {by.en}: {what.en}{goal} reached, {money(part.good)} each, else {money(part.otherwise)}.",
    )
    return text, frozenset({"good", "otherwise", "by", "quality", "target"})


def _base_fee(part: BaseFee) -> Said:
    said = frozenset({"fee", "baseline", "extra", "missing"})
    if part.baseline is None:
        return Text(f"每月 {money(part.fee)}。", f"{money(part.fee)} a month."), said
    text = Text(
        f"每月 {money(part.fee)}，含 {number(part.baseline)}；"
        f"每超出一个加 {money(part.extra)}，每不足一个减 {money(part.missing)}。",
        f"{money(part.fee)} a month for {number(part.baseline)}; {money(part.extra)} more for each beyond, "
        f"{money(part.missing)} less for each missing.",
    )
    return text, said


def _forecast(part: Forecast) -> Said:
    rule, missing = option(part.surplus_rule), option(part.shortfall)
    band = percent(part.band) if part.band is not None else "–"
    text = Text(
        f"锁定预测上下浮动 {band}：低于下限的部分{missing.zh}；高于上限的为超量话务（{rule.zh}）。",
        f"Band of {band} around the locked forecast: what is missing below is {missing.en}; contacts above are the "
        f"surplus ({rule.en}).",
    )
    return text, frozenset({"band", "shortfall", "surplus"})


def _duty(part: Duty) -> Said:
    what, metric = _measured(part), _metric(part)
    ranges = [(band_words(Band(start=one.start, end=one.end), metric), percent(one.relief)) for one in part.bands]
    told = joined((Text(f"{at.zh} 减免 {n}", f"{at.en}: relief {n}") for at, n in ranges if at), zh="；", en="; ")
    whose = joined(Text(f"第 {one} 条", f"clause {one}") for one in part.clauses) if part.clauses else None
    zh, en = (whose.zh, whose.en) if whose else ("全部条款", "all clauses")
    text = Text(f"{what.zh}：{told.zh}（{zh}的扣罚）。", f"{what.en}: {told.en} of the credits of {en}.")
    return sentence(text), frozenset({"metric", "scope", "bands", "clauses"})


def _earn_back(part: EarnBack) -> Said:
    whose = joined(Text(f"第 {one} 条", f"clause {one}") for one in part.clauses)
    text = Text(
        f"{whose.zh}扣罚后 {part.within} 个月内，连续 {part.good_months} 个月达标，返还 {percent(part.share)}。",
        f"If {whose.en} is met {part.good_months} months in a row within {part.within} months of a credit, "
        f"{percent(part.share)} of it comes back.",
    )
    return text, frozenset({"clauses", "good_months", "within", "share"})


def _exclusion(part: Exclusion) -> Said:
    why, rows = option(part.reason), scope_words(part.scope)
    start, end = part.start.strftime("%Y-%m-%d %H:%M"), part.end.strftime("%Y-%m-%d %H:%M")
    state = (
        Text("双方已确认", "approved by both") if part.approved else Text("未经双方确认，不生效", "without effect yet")
    )
    text = Text(
        f"{start} 至 {end}，{rows.zh}：{why.zh}，{part.text.zh}（{state.zh}）。",
        f"{start} to {end}, {rows.en}: {why.en}, {part.text.en} ({state.en}).",
    )
    return text, frozenset({"reason", "from", "to", "scope", "text"})


def _incident(part: Incident) -> Said:
    whose = joined(Text(f"第 {one} 条", f"clause {one}") for one in part.clauses)
    text = Text(
        f"{part.month}，{part.text.zh}：同一事件影响{whose.zh}，不重复扣罚。",
        f"{part.month}, {part.text.en}: one incident behind {whose.en}; only one of their credits counts.",
    )
    return text, frozenset({"month", "text", "clauses"})


def _pool(part: Pool) -> Said:
    share = percent(part.share)
    return Text(
        f"考核金额的 {share}，按池内权重分给各条款。", f"{share} of the at-risk amount, shared by its clauses."
    ), HEAD | {"share"}


def _request(part: RequestClass) -> Said:
    within, asks = span_words(part.within), option(part.questions)
    text = Text(
        f"甲方须在 {within.zh}内答复；追问期间{asks.zh}。",
        f"The client answers within {within.en}; while a question back is open, {asks.en}.",
    )
    return text, frozenset({"within", "questions"})


def _clock(part: DutyClock) -> Said:
    if part.within:
        span = span_words(part.within)
        return Text(f"提出后 {span.zh}内。", f"Within {span.en} of being asked for."), HEAD | {"within", "duty"}
    span = span_words(part.before) if part.before else Text("", "")
    return Text(f"至少提前 {span.zh}。", f"At least {span.en} ahead."), HEAD | {"before", "duty"}


SENTENCES: Final[tuple[tuple[type, Callable[[Any], Said]], ...]] = (
    (Level, _level), (Bands, _bands), (Presumptive, _presumptive), (Event, _event), (Score, _score),
    (Metered, _metered), (SeatMonth, _seats), (FteMonth, _people), (TwoTier, _two_tier), (BaseFee, _base_fee),
    (Forecast, _forecast), (Duty, _duty), (EarnBack, _earn_back), (Exclusion, _exclusion), (Incident, _incident),
    (Pool, _pool), (RequestClass, _request), (DutyClock, _clock),
)  # fmt: skip


def part_title(part: Any) -> Text:
    """What a part is called: its own title, else its number or what kind of part it is."""
    title = getattr(part, "title", None) or getattr(part, "text", None)
    return title if isinstance(title, Text) else form_title(type(part))


def kind_of(part: Any) -> Text | None:
    """Which kind of clause or price it is; None where there is only one."""
    return form_title(type(part)) if isinstance(part, Clause | Priced) else None


def is_part(value: Any) -> bool:
    """Whether a value of the terms is made of terms itself."""
    return hasattr(type(value), "__dataclass_fields__") and bool(terms_of(type(value)))


__all__ = ["is_part", "kind_of", "part_title", "part_words", "value_words"]
