"""The picture of staying: one curve with its band for each cohort, as far as enough people were watched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from onefloor.insight.attrition.sentences import name
from onefloor.insight.attrition.staying import FEWEST_LEAVERS, Cohort, Staying
from onefloor.insight.pictures import ALARM, INK, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (OURS, THEIRS, INK, ALARM, QUIET)
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (1, 3)))
MOST = 5  # curves that can be told apart


def picture(found: Staying) -> Picture | None:
    """The curves of up to five cohorts with ten leavers or more, largest first; None where there are none."""
    drawn = sorted(
        (one for one in found.cohorts if one.curve is not None and one.leavers >= FEWEST_LEAVERS),
        key=lambda one: -one.people,
    )[:MOST]
    if not drawn:
        return None

    def draw(panels: Sequence[Axes], language: Language) -> None:
        panel = panels[0]
        for place, cohort in enumerate(drawn):
            _curve(panel, cohort, _label(cohort, found).to(language), place, found)
        panel.axvline(found.horizon, color=QUIET, linewidth=0.8, linestyle=":")
        panel.set_ylim(0, 102)
        panel.set_xlabel(Text("司龄（天）", "tenure (days)").to(language))
        panel.set_ylabel(Text("还在的比例（%）", "still there (%)").to(language))
        panel.grid(axis="y")
        panel.legend(loc="lower left", framealpha=1.0, edgecolor="none")

    return Picture(_title(found), draw, _note(found))


def _curve(panel: Axes, cohort: Cohort, label: str, place: int, found: Staying) -> None:
    curve, stretch = cohort.curve, cohort.stretch
    assert curve is not None
    assert stretch is not None
    begin, end = cohort.since, max(cohort.since, min(stretch[1], 3.0 * found.horizon))
    inside = (curve.table.time > begin) & (curve.table.time <= end)
    x = np.concatenate([[begin], curve.table.time[inside], [end]])
    held = [np.concatenate([[1.0], part[inside]]) for part in (curve.value, curve.low, curve.high)]
    y, low, high = (100 * np.append(part, part[-1]) for part in held)
    lines = panel.step(x, y, where="post", label=label, color=COLOURS[place])
    lines[0].set_linestyle(DASHES[place])
    known = ~np.isnan(low)
    if cohort.stays is not None and cohort.stays.value == 1:  # nobody has left by then: the band begins later
        panel.vlines(found.horizon, 100 * cohort.stays.low, 100, color=COLOURS[place], linewidth=2.0)
    panel.fill_between(x[known], low[known], high[known], step="post", color=COLOURS[place], alpha=0.13, linewidth=0)


def _label(cohort: Cohort, found: Staying) -> Text:
    who, size = name(cohort.key, found.by), f"n = {cohort.people:,}"
    if not cohort.since:
        return Text(f"{who.zh}（{size}）", f"{who.en} ({size})")
    return Text(
        f"{who.zh}（{size}，自第 {cohort.since:.0f} 天起）",
        f"{who.en} ({size}, of those who reached day {cohort.since:.0f})",
    )


def _title(found: Staying) -> Text:
    shares = sorted((one.stays.value, one.key) for one in found.cohorts if one.stays is not None)
    if not shares:
        return Text("谁会留下", "Who stays")
    (least, lowest), (most, highest) = shares[0], shares[-1]
    low, high = name(lowest, found.by), name(highest, found.by)
    if len(shares) == 1:
        return Text(
            f"{low.zh}：{found.horizon} 天后还在的约 {100 * least:.0f}%",
            f"{low.en}: about {100 * least:.0f} % are there after {found.horizon} days",
        )
    return Text(
        f"{found.horizon} 天后还在的：{low.zh}约 {100 * least:.0f}%，至{high.zh}约 {100 * most:.0f}%",
        f"There after {found.horizon} days: about {100 * least:.0f} % ({low.en}) to {100 * most:.0f} % ({high.en})",
    )


def _note(found: Staying) -> Text:
    p = f"{found.test.p:.2g}" if found.test else "–"
    return Text(
        f"Kaplan-Meier，延迟进入；色带（无人离开时为竖线）为 95% 区间，不足 10 人在险处不画；对数秩检验 p = {p}",
        "Kaplan-Meier with delayed entry; bands (a bar where nobody has left): 95 % intervals; from 10 people at risk; "
        f"log-rank p = {p}",
    )
