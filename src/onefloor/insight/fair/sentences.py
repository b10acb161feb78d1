"""The words of a comparison, Chinese and English side by side, true of its numbers."""

from __future__ import annotations

from onefloor.insight.fair.comparison import Comparison, Kind, Line
from onefloor.insight.fair.loading import CALENDAR
from onefloor.insight.finding import Verdict
from onefloor.insight.numbers import number, signed
from onefloor.insight.units import shown_in
from onefloor.language import Text, joined
from onefloor.metrics.metric import Better
from onefloor.metrics.tables import TITLES

PLAIN = Text("", "")
HELD = {
    Kind.AS_DELIVERED: Text("同类话务下", "On the same kind of contacts"),
    Kind.SAME_EXPERIENCE: Text("同类话务且同等司龄下", "On the same kind of contacts and with the same experience"),
    Kind.SAME_HALF_HOUR: Text("同一队列的同一半小时内", "In the same queue and half hour"),
}
LIKE_FOR_LIKE = {
    Kind.AS_DELIVERED: Text("同等条件下", "Like for like"),
    Kind.SAME_EXPERIENCE: Text("同等条件且同等司龄下", "Like for like and with the same experience"),
}
WORK = frozenset(("queue", "skill", "topic", "channel"))
ABOUT = {
    Kind.AS_DELIVERED: Text("按交付", "as delivered"),
    Kind.SAME_EXPERIENCE: Text("同等司龄", "same experience"),
    Kind.SAME_HALF_HOUR: Text("同一半小时", "same half hour"),
}


def unit_of(comparison: Comparison) -> Text:
    """The words after a difference of the metric."""
    return shown_in(comparison.metric)[1]


def about(comparison: Comparison, line: Line) -> Text:
    """What the line compares."""
    title, kind = comparison.metric.title, ABOUT[line.kind]
    return Text(
        f"{title.zh}，{comparison.theirs} 对 {comparison.ours}，{kind.zh}",
        f"{title.en}, {comparison.theirs} against {comparison.ours}, {kind.en}",
    )


def sentence(comparison: Comparison, line: Line) -> Text:
    """The line in one sentence, and the raw figures in another where there is a difference to explain."""
    match line.verdict:
        case Verdict.NOT_COMPARABLE:
            return _not_comparable(comparison, line)
        case Verdict.NO_DIFFERENCE:
            return _no_difference(comparison, line)
        case Verdict.CANNOT_TELL:
            return _cannot_tell(comparison, line)
    return _worse_or_better(comparison, line) + _raw(comparison)


def _held(comparison: Comparison, line: Line) -> Text:
    """What is alike; a metric that knows no kinds of contacts has only times."""
    known = line.kind is Kind.SAME_HALF_HOUR or WORK.intersection(comparison.adjusted)
    return HELD[line.kind] if known else LIKE_FOR_LIKE[line.kind]


def _not_comparable(comparison: Comparison, line: Line) -> Text:
    title, why = comparison.metric.title, line.refusals[0].reason
    return Text(
        f"{ABOUT[line.kind].zh}：{comparison.theirs} 与 {comparison.ours} 的{title.zh}不可比。{why.zh}",
        f"{comparison.theirs} and {comparison.ours} are not comparable on {title.en}, {ABOUT[line.kind].en}. {why.en}",
    )


def _worse_or_better(comparison: Comparison, line: Line) -> Text:
    assert line.estimate is not None
    estimate, lower, held = line.estimate, line.estimate.value < 0, _held(comparison, line)
    near, far = sorted((abs(estimate.low), abs(estimate.high)))
    unit, title, verdict = unit_of(comparison), comparison.metric.title, line.verdict.words
    size, span = (
        number(abs(estimate.value)),
        Text(f"{number(near)} 至 {number(far)}", f"{number(near)} to {number(far)}"),
    )
    people = _people(line, comparison)
    direction = Text("低", "lower") if lower else Text("高", "higher")
    who = _our_would(comparison)
    return Text(
        f"{held.zh}，{comparison.theirs} 的{title.zh}比 {comparison.ours} {direction.zh} {size} {unit.zh}"
        f"（{direction.zh} {span.zh}；{people.zh}）：{verdict.zh}。",
        f"{held.en}, {comparison.theirs}'s {title.en} is {size} {unit.en} {direction.en} than {who} "
        f"({span.en} {direction.en}; {people.en}): {verdict.en}.",
    )


def _no_difference(comparison: Comparison, line: Line) -> Text:
    unit, title, people = unit_of(comparison), comparison.metric.title, _people(line, comparison)
    margin, span = number(comparison.margin), _span(line)
    held = _held(comparison, line)
    return Text(
        f"{held.zh}，{comparison.theirs} 与 {comparison.ours} 的{title.zh}没有值得在意的差别："
        f"{span.zh} {unit.zh}，在约定的 ±{margin} 之内（{people.zh}）。",
        f"{held.en}, {comparison.theirs}'s {title.en} shows no difference that matters from "
        f"{comparison.ours}'s: {span.en} {unit.en}, inside the margin of ±{margin} ({people.en}).",
    )


def _cannot_tell(comparison: Comparison, line: Line) -> Text:
    unit, title, people = unit_of(comparison), comparison.metric.title, _people(line, comparison)
    assert line.estimate is not None
    span, value = _span(line), signed(line.estimate.value)
    why = _why_untold(comparison, line)
    held = _held(comparison, line)
    return Text(
        f"{held.zh}，无法判断 {comparison.theirs} 与 {comparison.ours} 的{title.zh}谁好谁差："
        f"估计 {value}，区间 {span.zh} {unit.zh}（{people.zh}）。{why.zh}",
        f"{held.en}, it cannot be told who of {comparison.theirs} and {comparison.ours} does better on "
        f"{title.en}: {value}, {span.en} {unit.en} ({people.en}). {why.en}",
    )


def _why_untold(comparison: Comparison, line: Line) -> Text:
    """Why an interval gives no verdict: too few people, no better side, or it holds 0."""
    assert line.estimate is not None
    if line.refusals:
        return line.refusals[0].reason
    if line.estimate.low > 0 or line.estimate.high < 0:
        assert comparison.metric.better is Better.WITHIN
        direction = Text("更高", "higher") if line.estimate.low > 0 else Text("更低", "lower")
        return Text(
            f"{comparison.theirs} 确实{direction.zh}，但该指标没有“越高越好”或“越低越好”之分。",
            f"{comparison.theirs}'s is {direction.en} for sure, but this figure has no better side.",
        )
    return Text("区间包含 0，且超出有意义的差别。", "The interval holds 0 and reaches beyond the margin.")


def _span(line: Line) -> Text:
    assert line.estimate is not None
    low, high = signed(line.estimate.low), signed(line.estimate.high)
    return Text(f"{low} 至 {high}", f"between {low} and {high}")


def _people(line: Line, comparison: Comparison) -> Text:
    assert line.gap is not None
    ours, theirs = line.gap.agents
    return Text(
        f"{comparison.theirs} {theirs} 名、{comparison.ours} {ours} 名坐席",
        f"{theirs} agents of {comparison.theirs}, {ours} of {comparison.ours}",
    )


def _our_would(comparison: Comparison) -> str:
    return f"{comparison.ours}'s would be"


def _raw(comparison: Comparison) -> Text:
    """What a spreadsheet says of the same months."""
    gap, unit = comparison.raw_gap, unit_of(comparison)
    direction = Text("低", "lower") if gap < 0 else Text("高", "higher")
    size = number(abs(gap))
    if float(size.replace(",", "")) == 0:
        return Text("原始数字相同。", "The raw figures are the same.")
    return Text(f"原始数字{direction.zh} {size} {unit.zh}。", f"The raw figure is {size} {unit.en} {direction.en}.")


def detectable_words(comparison: Comparison) -> Text:
    """What could be seen at all, to be read before anything else."""
    line = comparison.lines[0]
    if line.detectable is None:
        return Text(
            f"{comparison.theirs} 对 {comparison.ours}：没有可比的数据，看不出任何差别。",
            f"{comparison.theirs} against {comparison.ours}: nothing comparable, no difference could be seen.",
        )
    unit, people, size = unit_of(comparison), _people(line, comparison), number(line.detectable)
    return Text(
        f"比较之前：{people.zh}，{size} {unit.zh}及以上的差别，五次中能看出四次。",
        f"Before comparing: with {people.en}, a difference of {size} {unit.en} or more is seen four times out of five.",
    )


def slice_words(comparison: Comparison) -> Text | None:
    """How many contacts a lot would have to send to both; None if nobody asked."""
    found = comparison.slice
    if found is None:
        return None
    unit, size = unit_of(comparison), number(found.difference)
    people = Text(
        f"{comparison.theirs} {found.agents[1]} 名、{comparison.ours} {found.agents[0]} 名坐席",
        f"{found.agents[1]} agents of {comparison.theirs} and {found.agents[0]} of {comparison.ours}",
    )
    if found.contacts is None:
        least = number(found.smallest)
        return Text(
            f"公平样本：{people.zh}时，再多话务也看不出 {size} {unit.zh}，最少能看出 {least}。请增加坐席人数。",
            f"A fair slice: with {people.en} no number of contacts shows {size} {unit.en}; {least} is the least "
            "that can be seen. Let more agents answer.",
        )
    return Text(
        f"公平样本：要看出 {size} {unit.zh}，请用抽签给双方各分 {found.contacts:,} 件话务（{people.zh}接听）。",
        f"A fair slice: to see {size} {unit.en}, let a lot send {found.contacts:,} contacts to each "
        f"(answered by {people.en}).",
    )


def assumptions(comparison: Comparison, line: Line) -> tuple[Text, ...]:
    """What the estimate rests on, in words."""
    if line.estimate is None:
        return ()
    found = [_adjusted_words(comparison, line), _compared_words(comparison, line), _chance_words()]
    if comparison.companies > 2:
        found.append(_holm_words(line.estimate.level))
    if not comparison.agreed:
        margin, unit = number(comparison.margin), unit_of(comparison)
        found.append(
            Text(
                f"未约定多大的差别才有意义，按 ±{margin} {unit.zh}（--margin）。",
                f"No margin was agreed: ±{margin} {unit.en} are taken (--margin).",
            )
        )
    found.append(_hidden_words(line))
    return tuple(found)


def _adjusted_words(comparison: Comparison, line: Line) -> Text:
    names = [TITLES[name] for name in comparison.adjusted]
    if line.kind is Kind.SAME_EXPERIENCE:
        names.append(TITLES["tenure"])
    if line.kind is Kind.SAME_HALF_HOUR:
        kept = [n for n in comparison.adjusted if n not in (*CALENDAR, "hour", "interval", "queue")]
        names = [Text("队列 × 半小时", "queue x half hour"), *(TITLES[name] for name in kept)]
    held = joined(names)
    experience = (
        Text("；司龄是所购服务的一部分，未调整", "; tenure is part of what is bought and is not held alike")
        if line.kind is Kind.AS_DELIVERED
        else PLAIN
    )
    return Text(f"已调整：{held.zh}{experience.zh}。", f"Held alike: {held.en or 'nothing'}{experience.en}.")


def _compared_words(comparison: Comparison, line: Line) -> Text:
    ours, theirs = comparison.ours, comparison.theirs
    share = f"{line.overlap:.0%}"
    return Text(
        f"比较 {theirs} 的 {share} 话务（{ours} 也处理的）；“{theirs}”指其现有职场与班组。",
        f"{share} of {theirs}'s contacts are compared, those of a kind that {ours} handles too; "
        f"{theirs} at its sites: site and company are not told apart.",
    )


def _chance_words() -> Text:
    return Text(
        "坐席是抽样单位：同一坐席的话务彼此相似（逐一剔除坐席求误差）。",
        "Agents are the sample, not contacts: an agent's contacts resemble each other (jackknife).",
    )


def _holm_words(level: float) -> Text:
    shown = f"{level * 100:.4g}"
    return Text(
        f"同时比较多家公司，按 Holm 法取 {shown}% 区间。",
        f"Several companies at once: an interval of {shown} % by Holm's procedure.",
    )


def _hidden_words(line: Line) -> Text:
    """How strong what is not recorded would have to be."""
    assert line.hidden is not None
    share = f"{line.hidden.robustness:.0%}"
    text = Text(
        f"未记录的原因须能解释坐席间差异的 {share}（公司与结果两方面），才会使估计归零",
        f"A hidden cause would have to explain {share} of what is left between agents, of company and outcome alike, "
        "to bring the estimate to 0",
    )
    if line.hidden.e_value is None:
        return Text(f"{text.zh}。", f"{text.en}.")
    value = f"{line.hidden.e_value:.2f}"
    return Text(f"{text.zh}（E 值 {value}）。", f"{text.en} (E-value {value}).")
