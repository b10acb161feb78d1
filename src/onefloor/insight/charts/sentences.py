"""What a chart says, in words: what changed, since when, how sure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from onefloor.insight.charts.chart import LEAST_BASE, Change, Chart, Refusal, Unit, band
from onefloor.insight.charts.limits import COUNTED
from onefloor.insight.charts.unowned import unowned_words as words_of_unowned
from onefloor.insight.charts.watching import Watched
from onefloor.insight.charts.words import (
    NOBODY,
    WEEKDAYS,
    amount,
    clock_words,
    counted,
    day_words,
    span_words,
)
from onefloor.insight.finding import Finding, Verdict
from onefloor.insight.units import level, shown_in
from onefloor.language import Text, joined, same
from onefloor.metrics.metric import Better

SAMPLED = {
    Unit.DAY: Text("天", "days"),
    Unit.WEEK: Text("周", "weeks"),
    Unit.GAP: Text("个事件间隔", "gaps between events"),
}
REFUSALS: Mapping[Refusal, Text] = {
    Refusal.SHORT_BASE: Text(
        f"基准期内可用的点不足 {LEAST_BASE} 个；请用 --base 指定更长的基准期，或把分组放粗。",
        f"The base period has fewer than {LEAST_BASE} usable points: state a longer one with --base, or split less.",
    ),
    Refusal.NOTHING_JUDGED: Text(
        "所评判的时段内没有样本足够且已确定的日子；请等数据齐备，或换一个时段。",
        "No final day with enough rows lies in what is to be judged: wait for the data, or take other months.",
    ),
    Refusal.NEVER: Text(
        "基准期内从未发生，无从比较。", "It never happened in the base period, so nothing can be compared."
    ),
    Refusal.FEW_ROWS: Text(
        "每个点的样本不足 30 行，均值起落太大，设不出可靠的界限；请把分组放粗，或用 --base 指定更长的基准期，"
        "以便按周评判。",
        "A point has fewer than 30 rows, too few for a mean to have limits: take larger groups, or a longer base "
        "period with --base, so that weeks can be judged.",
    ),
    Refusal.TOO_WILD: Text(
        "各天差别太大，任何取值都落在控制界限之内；请换更稳的分组或更长的周期。",
        "Days differ so much that no value there is would be out of limits: take larger groups.",
    ),
    Refusal.NO_SPREAD: Text(
        "基准期内每天完全相同，无法得知正常波动有多大。",
        "All points of the base period are the same, so nobody knows what a normal wobble is.",
    ),
}


def title(one: Chart) -> Text:
    """``abandonment rate (North, billing)``."""
    keys = [NOBODY if name is None else same(str(name)) for name in one.series.key.values()]
    names = joined([*map(same, one.series.within), *keys])
    what = one.series.metric.title
    return Text(f"{what.zh}（{names.zh}）", f"{what.en} ({names.en})") if names.en else what


def changed(one: Chart, change: Change, hours: tuple[int, int] | None = None) -> Text:
    """What changed, since when, by how much; and that all else only wobbled, where that is so."""
    rest = Text("。", ".")
    if len(one.changes) == 1:
        rest = Text("；此前只是正常波动。", "; before that it only wobbled.")
        if not change.going_on:
            rest = Text("；其余时间只是正常波动。", "; otherwise it only wobbled.")
    return _glued(_moved(one, change, hours), rest)


def again(one: Chart, change: Change, hours: tuple[int, int] | None = None) -> Text:
    """One more change of a chart that is spoken of already."""
    return _glued(_moved(one, change, hours), Text("。", "."))


def _moved(one: Chart, change: Change, hours: tuple[int, int] | None) -> Text:
    metric = one.series.metric
    factor, unit = shown_in(metric)
    size, when, than = amount(change.size.value * factor), _when(change), _usual(one, change)
    up = change.size.value > 0
    better = _better(metric.better, up=up)
    most = clock_words(hours) if hours else same("")
    zh_hours, en_hours = (f"，主要在 {most.zh}", f", most of all {most.en}") if hours else ("", "")
    subject = title(one)
    verb = "has been" if change.going_on else "was"
    return Text(
        f"{when.zh}，{subject.zh}比{than.zh}{'高' if up else '低'}约 {size} {unit.zh}{better.zh}{zh_hours}",
        f"{when.en} {subject.en} {verb} about {size} {unit.en} {'higher' if up else 'lower'} "
        f"than {than.en}{better.en}{en_hours}",
    )


def _when(change: Change) -> Text:
    if change.going_on:
        since = day_words(change.first)
        return Text(f"自{since.zh}起", f"Since {since.en}")
    if change.first == change.last:
        day = day_words(change.first)
        return Text(day.zh, f"On {day.en}")
    span = span_words(change.first, change.last)
    return Text(span.zh, f"From {span.en}")


def _usual(one: Chart, change: Change) -> Text:
    if not one.by_weekday:
        return Text("通常水平", "usual")
    if change.first == change.last:
        name = WEEKDAYS[(change.first - 4) % 7]
        return Text(f"{name.zh}的通常水平", f"usual for {name.en}")
    return Text("同类星期的通常水平", "usual for these weekdays")


def _better(better: Better, *, up: bool) -> Text:
    if better is Better.WITHIN:
        return same("")
    good = up == (better is Better.HIGHER)
    return Text("（变好）", " (better)") if good else Text("（变差）", " (worse)")


def usual_range(one: Chart) -> Text | None:
    """The control limits of the judged days, by their medians; None where points have none of their own."""
    low, high = band(one)
    held = one.judged & np.isfinite(low) & np.isfinite(high)
    if not held.any():
        return None
    factor, _ = shown_in(one.series.metric)
    ends = [f"{float(np.median(end[held])) * factor:,.1f}" for end in (low, high)]
    unit = level(one.series.metric)
    return Text(f"{ends[0]} 至 {ends[1]}{unit.zh}", f"{ends[0]} to {ends[1]}{unit.en}")


def steady(watched: Watched, one: Chart) -> Text:
    """Nothing stood out."""
    when = span_words(watched.asked.judged.start, watched.asked.judged.end - 1)
    what = title(one)
    return Text(
        f"{when.zh}，{what.zh}只是正常波动：没有超出偶然的变化。",
        f"From {when.en} {what.en} only wobbled: nothing beyond chance.",
    )


def refused(watched: Watched, one: Chart) -> Text:
    """Nothing can be said."""
    when, what = span_words(watched.asked.judged.start, watched.asked.judged.end - 1), title(one)
    return Text(f"{when.zh}，{what.zh}无法评判。", f"From {when.en} {what.en} cannot be judged.")


def alike(one: Chart) -> Text:
    """Figures that are more alike than counting allows: copied, smoothed or touched up, or wrongly defined."""
    what, size = title(one), f"{one.sigma:.2f}"
    return Text(
        f"{what.zh}各期彼此过于接近：波动只有计数偶然性的 {size} 倍，数字可能是抄录、平滑或人为修饰的。",
        f"{what.en}: the points are too much alike, varying only {size} times as much as counting alone makes them; "
        "the figures may be copied, smoothed or touched up.",
    )


def assumptions(watched: Watched, one: Chart) -> tuple[Text, ...]:
    """What the chart takes for granted."""
    base = one.eras[-1].base
    span, points = span_words(base.start, base.end - 1), int(one.base.sum())
    said = [
        Text(
            f"界限取自基准期 {span.zh}（{points} 个点），此后不变。",
            f"Limits are those of the base period {span.en} ({points} points), frozen since.",
        )
    ]
    if limits := usual_range(one):
        said.append(
            Text(f"控制界限（各天的中位数）：{limits.zh}。", f"Control limits (the middle of the days): {limits.en}.")
        )
    if reason := one.eras[-1].reason:
        said.append(Text(f"重设基准的原因：{reason}。", f"Limits were set anew because: {reason}."))
    if one.series.kind in COUNTED and one.unit is not Unit.GAP:
        said.append(_sigma(one))
    if one.rho:
        said.append(
            Text(
                f"相邻各点彼此相似（自相关 {one.rho:.2f}），界限已相应放宽。",
                f"Neighbouring points resemble each other (autocorrelation {one.rho:.2f}); limits are wider for it.",
            )
        )
    if one.unit is Unit.GAP:
        said.append(
            Text(
                "事件稀少，按两次事件之间的业务量评判；同一天的事件视为均匀分布。",
                "Events are rare: contacts between them are judged; events of one day count as evenly spread.",
            )
        )
    if one.changes:
        said.append(
            Text(
                "偏离的大小取自报警的那些日子，多少偏大。",
                "How far it lies off is measured on the days that raised the alarm, so it is somewhat overstated.",
            )
        )
    if not watched.asked.holidays:
        said.append(Text("未提供节假日（--holidays）。", "No holidays were given (--holidays)."))
    return (*said, *unowned_words(watched), budget_words(watched))


def _sigma(one: Chart) -> Text:
    if one.sigma < 1:
        return Text("各期的波动不超过单纯计数的偶然性。", "Points vary no more than counting alone makes them.")
    return Text(
        f"各期的波动是单纯计数偶然性的 {one.sigma:.1f} 倍，界限已按此设定（Laney）。",
        f"Points vary {one.sigma:.1f} times as much as counting alone makes them; the limits allow for it (Laney).",
    )


def budget_words(watched: Watched) -> Text:
    """How many false alarms are to be expected."""
    charts, looks, most = len(watched.charts), watched.looks, f"{watched.asked.budget:g}"
    return Text(
        f"{charts} 张图共 {looks:,} 个点，平安无事时预计误报不超过 {most} 次。",
        f"{counted(charts)} with {looks:,} points: when nothing happens, no more than {most} false alarms are to be "
        "expected.",
    )


def unowned_words(watched: Watched) -> tuple[Text, ...]:
    """Why charts are not by company, where that was asked for; else nothing."""
    return () if watched.unowned is None else (words_of_unowned(watched.unowned),)


def _glued(first: Text, second: Text) -> Text:
    return Text(first.zh + second.zh, first.en + second.en)


def screen_words(watched: Watched, found: list[Finding]) -> Text:
    """``2 of 12 charts have a signal; 9 are steady; 1 cannot be judged.``"""
    counts = [sum(1 for one in found if one.verdict is verdict) for verdict in (Verdict.SIGNAL, Verdict.STEADY)]
    signals, quiet = counts
    charts = len(watched.charts)
    rest = charts - signals - quiet
    return Text(
        f"{charts} 张图：{signals} 张有信号，{quiet} 张平稳，{rest} 张无法评判。",
        f"{counted(charts)}: {signals} with a signal, {quiet} steady, {rest} that cannot be judged.",
    )
