"""What a forecast says in words, Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from onefloor.insight.numbers import number
from onefloor.language import Text, joined, same
from onefloor.planning.forecasting.accuracy import Accuracy
from onefloor.planning.forecasting.calendars import MOVED
from onefloor.planning.forecasting.forecasting import Forecast
from onefloor.planning.forecasting.intraday import Revised
from onefloor.planning.forecasting.queues import Answer

CANDIDATES = {
    "mean of 8": Text("近8个同类星期均值", "mean of 8 same weekdays"),
    "mean of 4": Text("近4个同类星期均值", "mean of 4 same weekdays"),
    "median of 6": Text("近6个同类星期中位数", "median of 6 same weekdays"),
    "fading mean": Text("渐弱加权均值", "fading mean"),
    "top-down": Text("自上而下平滑", "top-down smoothing"),
    "mean of 8, no effects": Text("近8个同类星期均值（不计日期效应）", "mean of 8 same weekdays, no effects of days"),
    "boosting": Text("梯度提升", "gradient boosting"),
}
HOLIDAYS = {
    MOVED: Text("调休上班", "moved workday"),
    "New Year's Day": Text("元旦", "New Year's Day"),
    "Spring Festival": Text("春节", "Spring Festival"),
    "Tomb-sweeping Day": Text("清明节", "Tomb-sweeping Day"),
    "Labour Day": Text("劳动节", "Labour Day"),
    "Dragon Boat Festival": Text("端午节", "Dragon Boat Festival"),
    "National Day": Text("国庆节", "National Day"),
    "Mid-autumn Festival": Text("中秋节", "Mid-autumn Festival"),
}
LEAST_SHOWN = 0.01


def headline(answer: Answer) -> Text:
    """How many contacts come, between what, and how long they take."""
    found, lasting = answer.volume, answer.handling
    last = found.day(found.horizon - 1)
    contacts = _between(*found.total_limits[0.8])
    seconds = _between(*lasting.mean_limits(found.mean, 0.8))
    total, mean = float(found.mean.sum()), lasting.mean(found.mean)
    return Text(
        f"{answer.queue}：{found.first} 至 {last} 预计 {total:,.0f} 通{contacts.zh}，"
        f"平均处理时长 {mean:.0f} 秒{seconds.zh}。",
        f"{answer.queue}: {total:,.0f} contacts from {found.first} to {last}{contacts.en}, handled in {mean:.0f} s on "
        f"average{seconds.en}.",
    )


def _between(low: float, high: float) -> Text:
    """The interval of a total; nothing where past origins say too little."""
    if not np.isfinite(high):
        return same("")
    return Text(f"（80% 区间 {low:,.0f} 至 {high:,.0f}）", f" (80 % interval {low:,.0f} to {high:,.0f})")


def accuracy_words(found: Forecast) -> Text:
    """How far off the past was."""
    best = found.overall
    if best is None:
        return Text("没有可用于检验的历史起点。", "There is no past origin to judge it by.")
    return Text(
        f"以往 {len(found.rolled.origins) if found.rolled else 0} 个起点：时段 WAPE {percent(best.wape)}"
        f"（纯随机下限 {percent(best.floor)}），偏差 {percent(best.bias)}，"
        f"{percent(best.within_tenth)} 的时段误差在 10% 以内，按天 WAPE {percent(best.day_wape)}。",
        f"At {len(found.rolled.origins) if found.rolled else 0} past origins: WAPE of intervals {percent(best.wape)} "
        f"(chance alone {percent(best.floor)}), bias {percent(best.bias)}, {percent(best.within_tenth)} of intervals "
        f"within 10 %, WAPE of days {percent(best.day_wape)}.",
    )


def weights_words(found: Forecast) -> Text:
    """Which candidates it is made of."""
    ranked = sorted(found.weights.items(), key=lambda item: -item[1])
    parts = [
        Text(f"{CANDIDATES[name].zh} {weight:.0%}", f"{CANDIDATES[name].en} {weight:.0%}")
        for name, weight in ranked
        if weight >= LEAST_SHOWN
    ]
    told = joined(parts)
    return Text(f"组合：{told.zh}。", f"Combined from: {told.en}.")


def remarks(found: Forecast, revised: Revised | None = None) -> Iterator[Text]:
    """What a reader has to know."""
    if found.changed is not None:
        moved = f"{(found.changed.factor - 1) * 100:+.0f}%"
        yield Text(
            f"自 {found.changed_on} 起水平变化 {moved}：此前数据按新水平折算，"
            f"区间加宽至 {found.changed.widening:.1f} 倍。",
            f"The level changed by {moved} on {found.changed_on}: earlier days count at the new level, intervals are "
            f"{found.changed.widening:.1f} times as wide.",
        )
    if found.unknown_years:
        years = joined(same(str(year)) for year in found.unknown_years)
        yield Text(
            f"{years.zh} 年的放假安排尚不知道：请用 --calendar 写入，否则按普通日预测。",
            f"The public holidays of {years.en} are not known: write them into a --calendar, or they count as ordinary "
            "days.",
        )
    if found.special:
        days = joined(_spans(found))
        yield Text(f"特殊日：{days.zh}。", f"Special days: {days.en}.")
    if revised is not None:
        yield Text(
            f"已按当日前 {revised.passed} 个时段修正其余时段：×{revised.factor:.3f}（斜率 {revised.slope:.2f}）。",
            f"The rest of the first day is revised by its first {revised.passed} intervals: x {revised.factor:.3f} "
            f"(slope {revised.slope:.2f}).",
        )


def _spans(found: Forecast) -> Iterator[Text]:
    """Special days by name, those that follow each other as one."""
    runs: list[list[int]] = []
    for n, name in sorted(found.special.items()):
        if runs and runs[-1][-1] == n - 1 and found.special[n - 1] == name:
            runs[-1].append(n)
        else:
            runs.append([n])
    for run in runs:
        days = str(found.day(run[0])) + (f"..{found.day(run[-1])}" if len(run) > 1 else "")
        words = HOLIDAYS.get(found.special[run[0]], same(found.special[run[0]]))
        yield Text(f"{days} {words.zh}", f"{days} {words.en}")


HEADS = (
    Text("提前天数", "days ahead"), Text("时段数", "intervals"), Text("WAPE", "WAPE"),
    Text("随机下限", "chance alone"), Text("偏差", "bias"), Text("±10%以内", "within 10 %"),
    Text("按天WAPE", "WAPE of days"),
)  # fmt: skip


def accuracy_row(one: Accuracy) -> list[object]:
    """One line of the table of accuracy."""
    ahead = str(one.first) if one.first == one.last else f"{one.first}-{one.last}"
    shares = (one.wape, one.floor, one.bias, one.within_tenth, one.day_wape)
    return [ahead, f"{one.intervals:,}", *(percent(share) for share in shares)]


def percent(share: float) -> str:
    """``12.3%``."""
    return f"{number(share * 100)}%"
