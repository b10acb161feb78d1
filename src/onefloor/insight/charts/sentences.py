"""What a chart says, in words: what changed, since when, how sure."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.insight.charts.chart import LEAST_BASE, Change, Chart, Refusal, Unit
from onefloor.insight.charts.limits import COUNTED
from onefloor.insight.charts.watching import Watched
from onefloor.insight.finding import Finding, Verdict
from onefloor.language import Text, joined, same
from onefloor.metrics import metric as metrics
from onefloor.metrics.metric import Better, Metric
from onefloor.periods import day_of

NOBODY = Text("未归属", "nobody's")
WEEKDAYS = (
    Text("星期一", "a Monday"), Text("星期二", "a Tuesday"), Text("星期三", "a Wednesday"),
    Text("星期四", "a Thursday"), Text("星期五", "a Friday"), Text("星期六", "a Saturday"), Text("星期日", "a Sunday"),
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
POINTS = Text("个百分点", "points")
SECONDS = Text("秒", "s")
AXES = {
    metrics.Unit.PERCENT: same("%"),
    metrics.Unit.MS: SECONDS,
    metrics.Unit.PER_TEN_THOUSAND: Text("每万次", "per 10,000"),
    metrics.Unit.PER_HOUR: Text("每小时", "per hour"),
}
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
    Refusal.NO_SPREAD: Text(
        "基准期内每天完全相同，无法得知正常波动有多大。",
        "All points of the base period are the same, so nobody knows what a normal wobble is.",
    ),
}


def title(one: Chart) -> Text:
    """``abandonment rate (North, billing)``."""
    names = joined(NOBODY if name is None else same(str(name)) for name in one.series.key.values())
    what = one.series.metric.title
    return Text(f"{what.zh}（{names.zh}）", f"{what.en} ({names.en})") if names.en else what


def shown_in(metric: Metric) -> tuple[float, Text]:
    """What a quotient is multiplied by to be shown, and the unit of a difference of it."""
    factor = float(metric.scale)
    match metric.unit:
        case metrics.Unit.PERCENT:
            return factor, POINTS
        case metrics.Unit.MS:
            return factor / 1000, SECONDS
        case metrics.Unit.PER_TEN_THOUSAND:
            return factor, Text("（每万次）", "per 10,000")
        case metrics.Unit.PER_HOUR:
            return factor, Text("（每小时）", "per hour")
        case metrics.Unit.DAYS:
            return factor, Text("人日", "agent days")
    return factor, Text("次", "a day")


def amount(value: float) -> str:
    """A size without its sign, with as many places as it needs.

    >>> amount(-3.14159), amount(1234.5), amount(0.0123)
    ('3.1', '1,234', '0.012')
    """
    size = abs(value)
    if size and size < 0.1:
        return f"{size:.2g}"
    return f"{size:,.0f}" if size >= 100 else f"{size:.1f}"


def day_words(day: int) -> Text:
    """``17 November 2026``.

    >>> day_words(20774).en, day_words(20774).zh
    ('17 November 2026', '2026年11月17日')
    """
    held = day_of(day)
    return Text(f"{held.year}年{held.month}月{held.day}日", f"{held.day} {MONTHS[held.month - 1]} {held.year}")


def span_words(first: int, last: int) -> Text:
    """``3 to 19 November 2026``; whole months by their names."""
    one, other = day_of(first), day_of(last)
    begin, end = day_words(first), day_words(last)
    short = f"{one.day}" if one.month == other.month else f"{one.day} {MONTHS[one.month - 1]}"
    en = f"{short} to {end.en}" if one.year == other.year else f"{begin.en} to {end.en}"
    same_year = f"{other.day}日" if one.month == other.month else f"{other.month}月{other.day}日"
    return Text(f"{begin.zh}至{same_year if one.year == other.year else end.zh}", en)


def clock_words(hours: tuple[int, int]) -> Text:
    """``10:00-14:00`` of the first and last half hour."""
    first, last = hours[0], hours[1] + 1
    return same(f"{first // 2:02d}:{first % 2 * 30:02d}-{last // 2:02d}:{last % 2 * 30:02d}")


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
    return (*said, budget_words(watched))


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


def counted(charts: int) -> str:
    """English knows one chart and many."""
    return "1 chart" if charts == 1 else f"{charts:,} charts"


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


def axis_words(metric: Metric) -> Text:
    """The vertical axis: the metric and its unit."""
    unit = AXES.get(metric.unit, Text("每天", "a day"))
    return Text(f"{metric.title.zh}（{unit.zh}）", f"{metric.title.en} ({unit.en})")
