"""The words of simulated against observed days."""

from __future__ import annotations

from onefloor.insight.finding import Estimate
from onefloor.insight.numbers import number
from onefloor.language import Text
from onefloor.planning.fitting.comparing import Cells, Figure

DAYS = Text("天", "days")
RINGING = Text(
    "等待算到坐席振铃为止：模拟中没有振铃，振铃时长计入坐席的话后时间。",
    "Waits end where an agent's line begins to ring: the model has no ringing; that time is in after-call work.",
)
SAME_DAYS = Text(
    "比较的日子也用于拟合：对新的日子可能差一些。", "The model was fitted to these days too: others may come out worse."
)
OTHER_DAYS = Text("比较的日子没有用于拟合。", "The model has not seen these days.")
SOME_TYPES = Text(
    "只有所选的类型：坐席做其他类型的时间在模型中是空闲的。",
    "Only types that were asked for: while agents serve others, the model has them idle.",
)
PRESENT = {
    "shifts": Text("坐席按班表在岗。", "Agents are there by their shifts."),
    "states": Text("坐席按实际状态在岗。", "Agents are there when they were."),
    "contacts": Text("坐席自首次通话至末次通话在岗。", "Agents are there from their first contact to the last."),
}
LOWER, HIGHER = Text("低于", "below"), Text("高于", "above")


def sentence(figure: Figure, seen: float, model: Estimate, half_hours: Cells, days: int) -> Text:
    """What was, what the model has, and how often its bands hold."""
    mark = "%" if figure.scale == 100 else ""
    unit_zh, unit_en = ("", "") if mark else (f" {figure.unit.zh}", f" {figure.unit.en}")
    a_day = Text("每天", " a day") if figure.a_day else Text("", "")
    values = [f"{number(value)}{mark}" for value in (seen, model.value, model.low, model.high)]
    held = f"{100 * half_hours.inside:.0f}%" if half_hours.n else "-"
    return Text(
        f"{figure.title.zh}：{days} 天实际{a_day.zh} {values[0]}{unit_zh}，模型为 {values[1]}{unit_zh}"
        f"（95% 范围 {values[2]} 至 {values[3]}）；{half_hours.n:,} 个半小时中 {held} 落在 95% 范围内。",
        f"{capital(figure.title.en)}: {values[0]}{unit_en}{a_day.en} on {of_days(days)}; the model has "
        f"{values[1]}{unit_en} ({values[2]} to {values[3]} in 95 of 100); {held} of {half_hours.n:,} half hours lie in "
        "their 95% bands.",
    )


def of_days(days: int) -> str:
    """``1 day``, ``14 days``."""
    return "1 day" if days == 1 else f"{days} days"


def capital(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]


def type_misses(figure: Figure, name: str, seen: float, model: Estimate) -> Text:
    """A contact type outside the band."""
    side = HIGHER if seen > model.high else LOWER
    values = [number(value) for value in (seen, model.low, model.high)]
    mark = "%" if figure.scale == 100 else ""
    return Text(
        f"“{name}”的实际值 {values[0]}{mark} {side.zh}模型的范围（{values[1]} 至 {values[2]}）。",
        f'"{name}" had {values[0]}{mark}, {side.en} what the model has ({values[1]} to {values[2]}).',
    )


def hours_miss(start: int, end: int, share: float, *, above: bool) -> Text:
    """Half hours of the day outside the bands."""
    side = HIGHER if above else LOWER
    hours = f"{start // 2:02d}:{start % 2 * 30:02d}–{end // 2:02d}:{end % 2 * 30:02d}"
    return Text(
        f"{hours} 的实际值有 {100 * share:.0f}% {side.zh}范围。",
        f"From {hours} {100 * share:.0f}% lie {side.en} the bands.",
    )


def title(figures: int, missed: int, days: int) -> Text:
    """Of the picture."""
    if missed:
        return Text(
            f"模拟与实际（{days} 天）：{figures} 个指标中 {missed} 个有出入",
            f"Simulated against observed, {of_days(days)}: {missed} of {figures} figures are off",
        )
    return Text(
        f"模拟与实际（{days} 天）：{figures} 个指标都在范围内",
        f"Simulated against observed, {of_days(days)}: all {figures} figures are in their bands",
    )


def note(replications: int) -> Text:
    """Below the picture."""
    return Text(
        f"线：实际；灰带：{replications} 次模拟的 95%；虚线：模拟的中位数。各天同一时段合计。",
        f"Line: observed. Band: 95% of {replications} simulations; dashed: their median. Half hours of all days.",
    )
