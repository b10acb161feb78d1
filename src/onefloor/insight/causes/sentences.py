"""What an explanation says, in words: how far it moved, where, and what is only mix."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from onefloor.insight.causes.events import Event
from onefloor.insight.causes.explaining import Explained
from onefloor.insight.causes.search import Segment
from onefloor.insight.causes.staffing import FACTORS, Load
from onefloor.insight.charts.series import filter_names
from onefloor.insight.charts.words import NOBODY, amount, day_words
from onefloor.insight.units import level, shown_in
from onefloor.language import Text, joined, same
from onefloor.metrics import catalogue
from onefloor.metrics.dimensions import Shown
from onefloor.metrics.tables import TITLES
from onefloor.periods import Period, day_of, month_of_day

MATTERS = 0.1  # of the change: below, a part is not spoken of
TELLABLE = 1.5  # shares of a change beyond it say nothing
FACTOR_WORDS: Mapping[str, Text] = {
    "contacts": Text("话务量", "contacts"),
    "handling": Text("平均处理时长", "handling time"),
    "rostered": Text("排班工时", "rostered hours"),
    "presence": Text("到岗率", "presence"),
}


def conditions(segment: Segment) -> Text:
    """``company North, topic bill_dispute``."""
    return joined(_condition(name, value) for name, value in segment.conditions)


def _condition(dimension: str, value: Shown) -> Text:
    said = NOBODY if value is None else same(f"{value:02d}:00" if dimension == "hour" else str(value))
    return Text(f"{TITLES[dimension].zh}{said.zh}", f"{TITLES[dimension].en} {said.en}")


def signed(value: float) -> str:
    """A number with its sign.

    >>> signed(-0.41), signed(2.0), signed(0.0)
    ('−0.4', '+2.0', '±0')
    """
    if not value:
        return "±0"
    return ("−" if value < 0 else "+") + amount(value)


def period_words(period: Period) -> Text:
    """``2026-08``, or the days where they are no whole months."""
    first, last = month_of_day(period.start), month_of_day(period.end - 1)
    if (period.start, period.end) == (first.days.start, last.days.end):
        return same(str(first) if first == last else f"{first} to {last}")
    return same(f"{day_of(period.start)} to {day_of(period.end - 1)}")


def shown(answer: Explained, value: Fraction | float) -> float:
    """A part in the unit that is shown."""
    return float(value) * shown_in(answer.metric)[0]


def told(answer: Explained) -> Text:
    """The whole answer in one sentence."""
    start = opening(answer)
    if not answer.enough:
        return _with(start, Text("；样本太少，说明不了原因。", "; too few rows to say why."))
    if not answer.found.segments and not answer.moved:
        return _with(
            start, Text("；未超出偶然波动，也没有突出的部分。", ": nothing beyond chance, and nothing stands out.")
        )
    whole = same("") if answer.moved else Text("，就整体而言未超出偶然波动", ", by itself no more than chance")
    return _with(start, whole, Text("；", "; "), _where(answer), Text("。", "."))


def subject(answer: Explained) -> Text:
    """The metric, and what it was narrowed to: ``service level (North)``."""
    names, title = joined(map(same, filter_names(answer.asked.where))), answer.metric.title
    return Text(f"{title.zh}（{names.zh}）", f"{title.en} ({names.en})") if names.en else title


def opening(answer: Explained) -> Text:
    """How far it moved, from what to what."""
    exact, unit = answer.exact, shown_in(answer.metric)[1]
    size = amount(shown(answer, exact))
    old, new = (shown(answer, Fraction(*side)) for side in (answer.before, answer.after))
    before, after = period_words(answer.asked.before), period_words(answer.asked.after)
    title, after_it = subject(answer), level(answer.metric)
    values = f"{old:,.1f}", f"{new:,.1f}"
    if not exact:
        return Text(
            f"{after.zh} 与 {before.zh} 相比，{title.zh}没有变化（{values[1]}{after_it.zh}）",
            f"From {before.en} to {after.en} {title.en} did not change ({values[1]}{after_it.en})",
        )
    return Text(
        f"{after.zh} 与 {before.zh} 相比，{title.zh}{'上升' if exact > 0 else '下降'} {size} {unit.zh}"
        f"（{values[0]} → {values[1]}{after_it.zh}）",
        f"From {before.en} to {after.en} {title.en} {'rose' if exact > 0 else 'fell'} {size} {unit.en} "
        f"({values[0]} to {values[1]}{after_it.en})",
    )


def _where(answer: Explained) -> Text:
    """The segments, the mix where it matters, and what the rest is."""
    said = [_segment(answer, number) for number in range(len(answer.segments))]
    mix = _mix(answer)
    if mix is not None:
        said.append(mix)
    rest = _rest(answer, spoken=bool(said))
    return joined([*said, rest], zh="；", en="; ")


def _segment(answer: Explained, number: int) -> Text:
    segment, part = answer.found.segments[number], answer.segments[number]
    name, size, own = conditions(segment), signed(shown(answer, part)), _own(answer, segment)
    share = float(part / answer.exact) if answer.exact else 0.0
    if number == 0 and 0 < share <= TELLABLE and answer.moved:
        percent = f"{share:.0%}"
        return Text(
            f"其中 {percent} 来自{name.zh}，其自身{own.zh}（{size}）",
            f"{percent} of it is {name.en}, which {own.en} ({size})",
        )
    return Text(f"{name.zh}{own.zh}（{size}）", f"{name.en} {own.en} ({size})")


def _own(answer: Explained, segment: Segment) -> Text:
    """How the segment's own figure went."""
    before, after = (Fraction(*side) for side in (segment.before, segment.after))
    old, new = (f"{shown(answer, one):,.1f}" for one in (before, after))
    after_it = level(answer.metric)
    up = after > before
    return Text(
        f"由 {old} {'升' if up else '降'}至 {new}{after_it.zh}",
        f"{'rose' if up else 'fell'} from {old} to {new}{after_it.en}",
    )


def _mix(answer: Explained) -> Text | None:
    """The mix, where it is a tenth of the change or more, with the group that shifted most."""
    if not answer.exact or abs(answer.mix) < Fraction(1, 10) * abs(answer.exact):
        return None
    size = signed(shown(answer, answer.mix))
    group = max(answer.mixes, key=lambda key: abs(answer.mixes[key].mix))
    old, new = answer.shares[group]
    names = joined((NOBODY if name is None else same(str(name)) for name in group), zh=" · ", en=" · ")
    shares = f"{float(old):.0%}", f"{float(new):.0%}"
    if not names.en or shares[0] == shares[1]:
        return Text(f"业务构成的变化（{size}）", f"the mix of contacts ({size})")
    return Text(
        f"业务构成的变化（{size}），主要是{names.zh}的占比由 {shares[0]} 变为 {shares[1]}",
        f"the mix of contacts ({size}), most of all {names.en} going from {shares[0]} to {shares[1]} of them",
    )


def _rest(answer: Explained, *, spoken: bool) -> Text:
    """What is left: general, or nothing to speak of."""
    if not answer.exact or abs(answer.rest) < Fraction(1, 10) * abs(answer.exact):
        if spoken:
            return Text("其余部分基本没变", "the rest hardly moved")
        return Text("没有哪个部分突出", "nothing stands out")
    size = signed(shown(answer, answer.rest))
    if not spoken:
        return Text(f"没有哪个部分突出，是普遍的变化（{size}）", f"no segment stands out, the move is general ({size})")
    return Text(f"其余是普遍的变化（{size}）", f"the rest is general ({size})")


def load_words(found: Load) -> Text:
    """What lies on the hours present, and what each factor adds to it."""
    old, new = found.before, found.after
    parts = [
        Text(f"{FACTOR_WORDS[name].zh} {_change_of(found, name)}", f"{FACTOR_WORDS[name].en} {_change_of(found, name)}")
        for name in FACTORS
    ]
    up = new > old
    said = joined(parts)
    return Text(
        f"每个到岗工时的话务负荷由 {float(old):.0%} {'升' if up else '降'}至 {float(new):.0%}，其中：{said.zh}。",
        f"Handling time for each hour present went {'up' if up else 'down'} from {float(old):.0%} to "
        f"{float(new):.0%}: {said.en}.",
    )


def _change_of(found: Load, name: str) -> str:
    """``+8.1 % (+5.9)``: how the factor changed, and what that adds to the load, in points."""
    before, after = found.factors
    return f"{_percent(before[name], after[name])} ({signed(round(float(found.parts[name]) * 100, 3))})"


def _percent(old: Fraction, new: Fraction) -> str:
    return f"{signed(round(float(new / old - 1) * 100, 3))} %"


def component_words(answer: Explained) -> Text:
    """What talk, hold and after-call work add to the handling time."""
    parts = [(catalogue.metric(name).title, signed(shown(answer, part))) for name, part in answer.components.items()]
    said = joined(Text(f"{title.zh} {size}", f"{title.en} {size}") for title, size in parts)
    return Text(f"由各段时长看（秒）：{said.zh}。", f"By its parts, in seconds: {said.en}.")


def event_words(event: Event) -> Text:
    """An event at the same time."""
    day = day_words(event.day)
    return Text(f"同一时期：{day.zh}，{event.what}", f"At the same time: {day.en}, {event.what}")


def _with(*texts: Text) -> Text:
    return Text("".join(text.zh for text in texts), "".join(text.en for text in texts))
