"""The picture of an effect: helped and look-alikes side by side, and the gap with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.effects.action import Action
from onefloor.insight.effects.answer import Lines
from onefloor.insight.effects.designs import DESIGNS
from onefloor.insight.effects.effect import Told
from onefloor.insight.finding import Estimate
from onefloor.insight.pictures import INK, OURS, QUIET, THEIRS, Picture
from onefloor.insight.units import axis, shown_in
from onefloor.language import Language, Text
from onefloor.metrics.metric import Metric

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS = 80
"""So many letters fit side by side on the axis of time."""
SIDES = {
    "lot": Text("未抽中", "not drawn"),
    "wedge": Text("尚未轮到", "not yet started"),
    "history": Text("历史相近、未被选", "look-alikes, not picked"),
    "staggered": Text("未参加", "never started"),
    "threshold": Text("界线另一边", "other side of the cut"),
    "synthetic": Text("其他班组的组合", "mixture of other teams"),
    "series_control": Text("没有它时的预计（按对照）", "expected without it, from the control"),
    "series_alone": Text("没有它时的预计", "expected without it"),
    "series_counts": Text("没有它时的预计", "expected without it"),
}
WITH = Text("参加的", "with the action")
START = Text("开始", "begins")
SINCE = {
    "month": Text("自开始起的月数", "months since it began"),
    "week": Text("自开始起的周数", "weeks since it began"),
}
EFFECT = Text("作用", "effect")
SPREADSHEET = Text("前后对比", "before/after")
NO_MATTER = Text("约定不算差别", "agreed not to matter")


def picture(action: Action, told: Told) -> Picture | None:
    """The picture of a figure; None where there is no estimate."""
    answer, held, finding = told.answer, told.case, told.finding
    if answer is None or held is None or finding.estimate is None:
        return None
    factor, unit = shown_in(held.metric)
    estimate, margin, spreadsheet = finding.estimate, held.margin, answer.spreadsheet * factor

    def draw(panels: Sequence[Axes], language: Language) -> None:
        over_time(panels[0], answer.lines, held.metric, SIDES[answer.design], language)
        if answer.lines.labels and answer.lines.labels[0][:1] in "+-":
            panels[0].set_xlabel(SINCE[action.measured.each].to(language))
        gap(panels[1], estimate, (margin, spreadsheet), unit, language)

    note = Text(
        f"{DESIGNS[answer.design].zh} {finding.contacts:,} 行，{finding.agents:,} {finding.sampled.zh}。",
        f"{DESIGNS[answer.design].en} {finding.contacts:,} rows, {finding.agents:,} {finding.sampled.en}.",
    )
    return Picture(finding.sentence, draw, note, (8.0, 5.2), (3.0, 1.0))


def over_time(panel: Axes, lines: Lines, metric: Metric, others: Text, language: Language) -> None:
    """Both sides by period; where the action begins."""
    factor, _ = shown_in(metric)
    places = np.arange(len(lines.labels))
    panel.plot(places, lines.helped * factor, color=OURS, marker="o", markersize=4, label=WITH.to(language))
    panel.plot(
        places, lines.others * factor, color=THEIRS, marker="s", markersize=4, linestyle="--", label=others.to(language)
    )
    panel.axvline(lines.step - 0.5, color=QUIET, linewidth=1)
    panel.annotate(
        START.to(language), (lines.step - 0.5, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -2),
        textcoords="offset points", va="top", color=QUIET, fontsize=8,
    )  # fmt: skip
    every = max(1, -(-sum(len(label) for label in lines.labels) // LETTERS))
    panel.set_xticks(
        places[::every], [label.replace("-", "−") if label[:1] == "-" else label for label in lines.labels[::every]]
    )
    panel.set_ylabel(axis(metric).to(language))
    panel.grid(axis="y")
    panel.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=2, frameon=False, fontsize=8)


def gap(panel: Axes, shown: Estimate, beside: tuple[float, float], unit: Text, language: Language) -> None:
    """The effect as a dot and bar, before/after as a hollow dot, the agreed margin as a band around 0."""
    margin, spreadsheet = beside
    finite = [one for one in (shown.low, shown.high, shown.value, spreadsheet, margin, -margin) if np.isfinite(one)]
    low, high = min(*finite, 0.0), max(*finite, 0.0)
    low, high = low - 0.08 * (high - low), high + 0.08 * (high - low)
    panel.axvspan(-margin, margin, color=QUIET, alpha=0.15, linewidth=0, label=NO_MATTER.to(language))
    panel.axvline(0, color=QUIET, linewidth=1)
    panel.plot(
        [max(shown.low, low), min(shown.high, high)], [1, 1], color=OURS, linewidth=5, alpha=0.45, solid_capstyle="butt"
    )
    panel.plot([shown.value], [1], color=OURS, marker="o", markersize=7)
    panel.plot([spreadsheet], [0], color=INK, marker="o", markersize=7, fillstyle="none", linestyle="none")
    panel.set_yticks([1, 0], [EFFECT.to(language), SPREADSHEET.to(language)])
    panel.set_ylim(-0.7, 1.7)
    panel.set_xlim(low, high)
    panel.set_xlabel(unit.to(language))
    panel.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), frameon=False, fontsize=7)
