"""What is said of an effect, in both languages: the sentence, what it assumes, why it was not judged."""

from __future__ import annotations

import math
from collections.abc import Iterator

from onefloor.insight.effects.action import KINDS, Action, Low, Unrelated
from onefloor.insight.effects.answer import Answer
from onefloor.insight.effects.designs import ASSUMED, DESIGNS, WARNINGS
from onefloor.insight.effects.found import Draws, Mixture
from onefloor.insight.effects.refusals import refusal
from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.numbers import signed, size
from onefloor.insight.units import shown_in
from onefloor.language import Text, joined
from onefloor.metrics.metric import Metric

IN_UNIT = ("look_alikes", "rebound", "by_wave", "by_time_since")
INTENTION = Text(
    "按“拟帮扶”口径：被选中的都算，不论是否参加到底、是否离开。",
    "By intention to treat: whoever was picked counts, whether he took part to the end or left.",
)
UNIT_NAMES = {
    "agent": Text("名坐席", "agents"),
    "team": Text("个班组", "teams"),
    "site": Text("个职场", "sites"),
}
PERIODS = {"month": Text("个月", "months"), "week": Text("周", "weeks")}


def about(action: Action, metric: Metric) -> Text:
    """What the finding is about: the action with its kind, and the figure."""
    kind = KINDS[action.kind]
    named = Text(f"{action.title.zh}（{kind.zh}）", f"{action.title.en} ({kind.en})")
    return joined([named, metric.title], zh="：", en=": ")


def about_staying(action: Action) -> Text:
    """As ``about``, for who is still there."""
    return joined([action.title, Text("是否留下", "who stayed")], zh="：", en=": ")


def sampled(action: Action, design: str) -> Text:
    """What makes the chance: agents, teams, or periods of a series."""
    return PERIODS[action.measured.each] if design.startswith("series") else UNIT_NAMES[action.unit]


def _named(action: Action) -> Text:
    return Text(f"“{action.title.zh}”", f'"{action.title.en}"')


def sentence(
    action: Action,
    metric: Metric,
    verdict: Verdict,
    shown: Estimate,
    spreadsheet: float,
    margin: float,
    *,
    blocked: bool = False,
) -> Text:
    """One finding in one sentence, before/after beside it.

    Args:
        action: what was done.
        metric: the figure.
        verdict: of the interval.
        shown: the effect in the unit in which the figure is shown.
        spreadsheet: before/after in that unit; NaN if there is none.
        margin: what was agreed to matter.
        blocked: something else than the interval forbids a verdict.
    """
    sure = verdict is Verdict.CANNOT_TELL and not shown.low <= 0 <= shown.high
    held = _without_verdict(action, metric, shown, blocked) if sure else _effect(action, metric, verdict, shown, margin)
    beside = _beside(metric, shown.value, spreadsheet)
    return held if beside is None else Text(held.zh + beside.zh, f"{held.en} {beside.en}")


def _effect(action: Action, metric: Metric, verdict: Verdict, shown: Estimate, margin: float) -> Text:
    name, unit, title = _named(action), shown_in(metric)[1], metric.title
    zh_range, en_range = f"{signed(shown.low)} 至 {signed(shown.high)}", f"{signed(shown.low)} to {signed(shown.high)}"
    match verdict:
        case Verdict.BETTER | Verdict.WORSE:
            zh, en = ("提高", "raised") if shown.value > 0 else ("降低", "lowered")
            return Text(
                f"{name.zh}使{title.zh}{zh} {size(shown.value)} {unit.zh}（{zh_range}）：{verdict.words.zh}。",
                f"{name.en} {en} {title.en} by {size(shown.value)} {unit.en} ({en_range}): {verdict.words.en}.",
            )
        case Verdict.NO_DIFFERENCE:
            return Text(
                f"{name.zh}对{title.zh}没有带来值得在意的差别：{zh_range} {unit.zh}，约定 {size(margin)} "
                f"以内不算差别。",
                f"{name.en} made no difference that matters to {title.en}: {en_range} {unit.en}, "
                f"where less than {size(margin)} was agreed not to matter.",
            )
    return Text(
        f"{name.zh}是否改变了{title.zh}，无法判断：{zh_range} {unit.zh}。",
        f"Whether {name.en} changed {title.en} cannot be told: {en_range} {unit.en}.",
    )


def _without_verdict(action: Action, metric: Metric, shown: Estimate, blocked: bool) -> Text:  # noqa: FBT001
    """An interval without 0 and yet no verdict: it cannot be relied on, or the figure has no better side."""
    name, unit, title = _named(action), shown_in(metric)[1], metric.title
    zh_range, en_range = f"{signed(shown.low)} 至 {signed(shown.high)}", f"{signed(shown.low)} to {signed(shown.high)}"
    if blocked:
        return Text(
            f"{name.zh}对{title.zh}的作用，无法判断：算得 {zh_range} {unit.zh}，但这个数靠不住（见原因）。",
            f"What {name.en} did to {title.en} cannot be told: it comes to {en_range} {unit.en}, which cannot be "
            "relied on (see the reason).",
        )
    zh, en = ("提高", "raised") if shown.value > 0 else ("降低", "lowered")
    return Text(
        f"{name.zh}使{title.zh}{zh} {size(shown.value)} {unit.zh}（{zh_range}）；该指标没有好坏方向，不作好坏判断。",
        f"{name.en} {en} {title.en} by {size(shown.value)} {unit.en} ({en_range}); this figure has no better side, "
        "so that is no verdict.",
    )


def _beside(metric: Metric, value: float, spreadsheet: float) -> Text | None:
    """Before/after, and how much of it would have come by itself."""
    if math.isnan(spreadsheet):
        return None
    unit, itself = shown_in(metric)[1], spreadsheet - value
    shows = Text(f"前后对比显示 {signed(spreadsheet)}；", f"Before/after shows {signed(spreadsheet)};")
    if itself * spreadsheet > 0 and abs(itself) <= abs(spreadsheet):
        return Text(
            f"{shows.zh}其中约 {size(itself)} {unit.zh}没有它也会自行发生。",
            f"{shows.en} about {size(itself)} {unit.en} of it would have come by itself.",
        )
    return Text(
        f"{shows.zh}没有它，预计变化 {signed(itself)} {unit.zh}。",
        f"{shows.en} without it {signed(itself)} {unit.en} were to be expected.",
    )


def no_estimate(action: Action, metric: Metric, spreadsheet: float | None) -> Text:
    """The sentence where there is no honest estimate."""
    name, unit = _named(action), shown_in(metric)[1]
    held = Text(
        f"{name.zh}对{metric.title.zh}的作用没有可信的估计。",
        f"There is no honest estimate of what {name.en} did to {metric.title.en}.",
    )
    if spreadsheet is None:
        return held
    beside = Text(
        f"前后对比显示 {signed(spreadsheet)} {unit.zh}，但这不是作用的大小。",
        f"Before/after shows {signed(spreadsheet)} {unit.en}, which is not its effect.",
    )
    return Text(held.zh + beside.zh, f"{held.en} {beside.en}")


def staying(action: Action, verdict: Verdict, seen: tuple[int, int, int, int]) -> Text:
    """Who is still seen: helped and others."""
    a, n, b, m = seen
    name = _named(action)
    more = {
        Verdict.BETTER: Text("留下的更多", "more of the helped stayed"),
        Verdict.WORSE: Text("留下的更少", "fewer of the helped stayed"),
    }.get(verdict, Text("看不出差别", "no difference can be told"))
    return Text(
        f"{name.zh}的对象 {n} 名中 {a} 名期末仍在，其余 {m} 名中 {b} 名仍在：{more.zh}。",
        f"Of {n} who got {name.en} {a} are still seen at the end, of {m} others {b}: {more.en}.",
    )


def assumptions(action: Action, answer: Answer, factor: float, unit: Text) -> Iterator[Text]:
    """What has to be believed, the design first; then warnings and cross-checks."""
    yield DESIGNS[answer.design]
    yield ASSUMED[answer.design]
    if isinstance(action.picked, Unrelated):
        yield Text(f"登记的原因：{action.picked.reason.zh}。", f"The recorded reason: {action.picked.reason.en}.")
    if answer.stayed is not None:
        yield INTENTION
    if isinstance(answer.found.chance, Mixture):
        yield Text(
            "每次查看都成立的区间，比只看一次的宽。",
            "The interval holds at every look, and is wider than one for a single look.",
        )
    if isinstance(answer.found.chance, Draws) and "rank" in answer.found.details:
        rank, of = (int(answer.found.details[name]) for name in ("rank", "of"))
        yield Text(f"在 {of} 个班组的变化中排第 {rank}。", f"Its change is number {rank} of those of {of} units.")
    yield from (WARNINGS[code] for code, _ in answer.cautions)
    yield from _cross_checks(action, answer, factor, unit)


def _cross_checks(action: Action, answer: Answer, factor: float, unit: Text) -> Iterator[Text]:
    if "rebound" in answer.checks and isinstance(action.picked, Low):
        back = answer.checks["rebound"] * factor
        yield Text(
            f"仅因被选时偏低（高），预计自行回升（落）约 {signed(back)} {unit.zh}。",
            f"Only because they were picked in an unusual month, about {signed(back)} {unit.en} were to come back.",
        )
    if "by_wave" in answer.checks:
        wave, since = (answer.checks[name] * factor for name in ("by_wave", "by_time_since"))
        yield Text(
            f"另两种平均：各批按人数为 {signed(wave)}，各批开始后的时段等权为 {signed(since)} {unit.zh}。",
            f"Averaged otherwise: over waves by their sizes {signed(wave)}, over the time since the start "
            f"{signed(since)} {unit.en}.",
        )
    if "look_alikes" in answer.checks:
        gap = answer.checks["look_alikes"] * factor
        yield Text(
            f"另一算法：与历史最接近的坐席比较为 {signed(gap)} {unit.zh}。",
            f"Another way: against those nearest in history it is {signed(gap)} {unit.en}.",
        )


def reasons(answer: Answer, verdict: Verdict, shown: Estimate, margin: float, factor: float) -> Iterator[Text]:
    """Why it cannot be told."""
    for code, figures in answer.blocks:
        scaled = {
            name: value * factor if code == "moved_before" and not isinstance(value, str) else value
            for name, value in figures.items()
        }
        yield refusal(code, scaled)
    if verdict is Verdict.CANNOT_TELL and not answer.blocks:
        if shown.low <= 0 <= shown.high:
            yield Text(
                f"区间既含 0，又超出约定的 {size(margin)}：人数或时间不够。",
                f"The interval holds 0 and reaches beyond the agreed {size(margin)}: too few people, or too "
                f"short a time.",
            )
        else:
            yield Text("该指标没有好坏方向，只有区间。", "This figure has no better side, only a band.")
