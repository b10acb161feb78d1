"""Two panels: what moves the gap, with the value at which it closes; and what each option has cost by each month."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.pictures import ALARM, FAINT, INK, OURS, QUIET, THEIRS, Picture
from onefloor.insight.sourcing.comparing import Compared, Decision, Figures
from onefloor.insight.sourcing.gap import Bar
from onefloor.insight.sourcing.sentences import closing_value, sentence
from onefloor.insight.sourcing.spread import Floats
from onefloor.insight.sourcing.tables import SHOWN_BARS, closing_of, label
from onefloor.insight.sourcing.wording import percent, value
from onefloor.language import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS, DASHES = (OURS, THEIRS), ("-", "--")
TEN_THOUSAND = 10_000


def picture(decision: Decision, found: Compared) -> Picture | None:
    """The picture of one comparison; None where nothing honest can be drawn."""
    if found.gap is None or not found.bars:
        return None
    level = percent(float(decision.sourcing.level))
    note = Text(
        f"每次只变动一项，其余取中间值；色带为 {level.zh} 区间，{decision.draws:,} 次模拟。",
        f"One input at a time from low to high, the others in the middle; bands hold {level.en} of "
        f"{decision.draws:,} draws.",
    )
    return Picture(
        title=sentence(decision, found),
        draw=partial(_draw, decision, found),
        note=note,
        size=(9.0, 8.0),
        heights=(6.0, 5.0),
    )


def _draw(decision: Decision, found: Compared, panels: Sequence[Axes], language: Language) -> None:
    _tornado(decision, found, panels[0], language)
    _cumulative(decision, found, panels[1], language)


def _tornado(decision: Decision, found: Compared, axes: Axes, language: Language) -> None:
    assert found.gap is not None
    shown, middle = found.bars[:SHOWN_BARS], found.gap.value
    for place, bar in enumerate(shown):
        _bar(axes, place, bar, middle, language)
        _mark(axes, place, bar, found, language)
    axes.axvline(middle, color=INK, linewidth=1)
    axes.axvline(0, color=ALARM, linewidth=1, linestyle="--")
    axes.set_yticks(range(len(shown)), [_label(bar, decision, language) for bar in shown])
    axes.invert_yaxis()
    axes.margins(x=0.16)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    there, here = found.there.title.to(language), found.here.title.to(language)
    unit = decision.sourcing.currency
    words = Text(
        f"每件已解决诉求的差额（{unit}）：{there} 减 {here}；虚线处两者持平",
        f"{there} minus {here}, {unit} per resolved contact; same cost at the dashed line",
    )
    axes.set_xlabel(words.to(language))


def _bar(axes: Axes, place: int, bar: Bar, middle: float, language: Language) -> None:
    """Both halves of a bar with the value of the input at each end."""
    unit = bar.inputs[0].kind.unit
    low, _, high = bar.inputs[0].spread.ends()
    for gap, colour in ((bar.at_low, "#93c5fd"), (bar.at_high, OURS)):
        axes.barh(place, gap - middle, left=middle, height=0.55, color=colour, edgecolor=INK, linewidth=0.4)
    ends = sorted([(bar.at_low, low), (bar.at_high, high)])
    for (gap, number), side, shift in zip(ends, ("right", "left"), (-3, 3), strict=True):
        axes.annotate(
            value(number, unit).to(language), (gap, place), xytext=(shift, 0), textcoords="offset points",
            ha=side, va="center", fontsize=8, color=QUIET,
        )  # fmt: skip


def _mark(axes: Axes, place: int, bar: Bar, found: Compared, language: Language) -> None:
    """At the dashed line, the value of the input at which both cost the same."""
    closing = closing_of(bar, found)
    if closing is None:
        return
    axes.plot([0], [place], marker="D", color=ALARM, markersize=5, zorder=5)
    number = closing_value(closing)
    axes.annotate(
        Text(f"持平 {number.zh}", f"same at {number.en}").to(language), (0, place), xytext=(0, 11),
        textcoords="offset points", ha="center", va="bottom", fontsize=8, color=ALARM,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )  # fmt: skip


def _label(bar: Bar, decision: Decision, language: Language) -> str:
    return label(bar, decision).to(language)


def _cumulative(decision: Decision, found: Compared, axes: Axes, language: Language) -> None:
    """Cost up to each month for as many resolved contacts as the reference has, with the band of the draws."""
    sides = [found.here, found.there]
    issues = found.here.resolved
    scale = _scale(sides, issues)
    months = np.arange(1, decision.months + 1)
    for side, colour, dash in zip(sides, COLOURS, DASHES, strict=False):
        axes.fill_between(months, *(side.band * issues / scale), color=colour, alpha=0.12, linewidth=0)
        axes.plot(months, side.so_far * issues / scale, color=colour, linestyle=dash, label=side.title.to(language))
    if found.payback > 1:
        _payback(axes, found, scale, language)
    axes.set_xlim(1, max(2, decision.months))
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, color=FAINT)
    axes.legend(frameon=False, loc="upper left")
    unit = decision.sourcing.currency
    by = Text(
        f"累计成本（{'万 ' if scale > 1 else ''}{unit}）", f"cost so far ({'10,000 ' if scale > 1 else ''}{unit})"
    )
    axes.set_ylabel(by.to(language))
    here, start = found.here.title, decision.sourcing.start
    first = Text(
        f"第几个月（第 1 个月为 {start}）；按与{here.zh}解决同样多的诉求计",
        f"month (1 is {start}); for as many resolved contacts as {here.en} has",
    )
    axes.set_xlabel(first.to(language))


def _scale(sides: Sequence[Figures], issues: Floats) -> float:
    return TEN_THOUSAND if max(float((side.band * issues).max()) for side in sides) >= 10 * TEN_THOUSAND else 1.0


def _payback(axes: Axes, found: Compared, scale: float, language: Language) -> None:
    place = found.payback - 1
    at = float(found.there.so_far[place] * found.here.resolved[place]) / scale
    axes.plot([found.payback], [at], marker="D", color=ALARM, markersize=6, zorder=5)
    words = Text(f"第 {found.payback} 个月起更省", f"cheaper in all from month {found.payback}")
    axes.annotate(
        words.to(language), (found.payback, at), xytext=(8, -12), textcoords="offset points", fontsize=8, color=ALARM
    )
