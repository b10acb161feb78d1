"""Why there is no estimate, or no verdict, and what would be needed, in words."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.insight.numbers import signed
from onefloor.language import Text

REFUSALS: Mapping[str, Text] = {
    "no_rule": Text(
        "没有记录选人规则，因此不知道该与谁比较。下次请抽签决定先后，或写下规则。",
        "No rule of picking was recorded, so nobody knows with whom to compare. Next time draw lots for who "
        "starts first, "
        "or write the rule down.",
    ),
    "not_begun": Text(
        "行动开始后还没有完整且不再变化的周期；现有数据到 {last}。",
        "There is no whole and final period since it began; the figures reach to {last}.",
    ),
    "nobody_seen": Text(
        "被选中的人在比较范围内没有数据。请检查 among 和 where。",
        "Those who got it have no rows within the comparison. Check among and where.",
    ),
    "too_few_others": Text(
        "被选中 {helped}，可比的其余对象 {others}，至少需要 5。请扩大 among，或下次分批开始。",
        "{helped} got it and {others} others can be compared with; 5 are needed. Widen among, or start in waves "
        "next time.",
    ),
    "no_overlap": Text(
        "被选中的与其余的没有可比之处：选与不选完全由过去的指标决定。请下次抽签，或按界线登记（kind: threshold）。",
        "Picked and not picked cannot be told apart from their figures before: the pick follows from them "
        "alone. Draw lots "
        "next time, or register it as a threshold rule (kind: threshold).",
    ),
    "no_history": Text(
        "选人所看的账期早于现有数据（{first} 起）。请导入更早的账期，或改正 months。",
        "The months that picked them lie before the figures, which begin with {first}. Load earlier months, or "
        "mend months.",
    ),
    "few_at_cut": Text(
        "界线附近的人太少：线下 {below}、线上 {above}，两边各需 {least}。",
        "Too few people lie near the cut: {below} below, {above} above, and {least} are needed on each side.",
    ),
    "rule_not_kept": Text(
        "规则没有照办：被选中的线下 {helped_below}、线上 {helped_above}，未选中的线下 {others_below}、线上 "
        "{others_above}。"
        "请改按 kind: low 登记，或说明例外。",
        "The rule was not kept: of those picked {helped_below} lie below the cut and {helped_above} above, of "
        "the others "
        "{others_below} and {others_above}. Register it as kind: low, or take the exceptions out.",
    ),
    "too_few_placebos": Text(
        "只有 {others} 个班组或职场可比，排位需要 {least} 个。请扩大 among，或以整个公司对照登记（kind: "
        "whole_floor）。",
        "Only {others} other teams or sites can be compared with; ranks need {least}. Widen among, or register "
        "it with a "
        "control company (kind: whole_floor).",
    ),
    "short_history": Text(
        "之前只有 {before} 个周期，至少需要 {least} 个。", "There are {before} periods before; {least} are needed."
    ),
    "short_series": Text(
        "之前 {before} 个、之后 {after} 个周期；至少需要 {least_before} 个和 {least_after} 个。可改用 each: week。",
        "There are {before} periods before and {after} after; {least_before} and {least_after} are needed. "
        "Try each: week.",
    ),
    "no_events": Text("之前或之后没有任何计数。", "Nothing was counted before, or nothing after."),
    "gaps": Text("有 {missing} 个周期没有数据。", "{missing} periods have no rows."),
    "several_starts": Text(
        "全员行动只能有一个起始日。请各立一份行动。", "A whole floor has one first day. Register one action for each."
    ),
    "few_helped": Text(
        "被选中的只有 {helped}，不足 {least}：给出所有可能选法下的区间，不下结论。",
        "Only {helped} got it, fewer than {least}: the interval over possible picks is shown, and no verdict.",
    ),
    "few_for_looks": Text(
        "还在进行，随时查看需要两边各 {least}；现有 {helped} 和 {others}。请约定结束时间（after），到时只看一次。",
        "It is still going on, and looking at any time needs {least} on each side; there are {helped} and "
        "{others}. Agree on "
        "an end (after) and look once.",
    ),
    "still_running": Text(
        "约定的窗口还没有走完，而这种设计不能随时查看。请约定结束时间（after），到时再看。",
        "The agreed window is not over, and this design may not be looked at early. Agree on an end (after), and wait.",
    ),
    "no_plan": Text(
        "全员、公司或队列的行动没有可比人数；请分批开始，或登记对照。",
        "An action for a floor, a company or a queue has nobody to count. Start in waves, or record a control.",
    ),
    "few_to_plan": Text(
        "参加 {helped}、其余 {others}：至少要 1 和 2。",
        "{helped} would get it and {others} not; at least 1 and 2 are needed.",
    ),
    "moved_before": Text(
        "开始之前两边就已变化不同（{value}，{low} 至 {high}）：无法把差别归于这项行动。",
        "The two sides moved apart already before it began ({value}, {low} to {high}): the difference cannot be "
        "put down "
        "to it.",
    ),
}


def refusal(code: str, figures: Mapping[str, float | str]) -> Text:
    """Why there is no estimate, or no verdict, and what would be needed."""
    held = {name: value if isinstance(value, str) else _figure(value) for name, value in figures.items()}
    text = REFUSALS[code]
    return Text(text.zh.format(**held), text.en.format(**held))


def _figure(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else signed(value)
