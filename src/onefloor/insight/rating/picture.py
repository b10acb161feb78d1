"""Pictures of raters and of penalty plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.pictures import ALARM, INK, OURS, QUIET, THEIRS, Picture
from onefloor.insight.rating import sentences as say
from onefloor.insight.rating.judging import Rated
from onefloor.insight.rating.marks import Marks
from onefloor.insight.rating.penalty import chance
from onefloor.language import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 30  # raters that are drawn: those farthest from the mean
ROW_INCHES = 0.28


def raters_picture(marks: Marks, found: Rated, own: str | None = None) -> Picture:
    """Raters as dots with their intervals around the mean of all of them, one colour a company; ``own`` first."""
    order = sorted(range(len(marks.raters)), key=lambda place: -abs(found.raters[place].value))[:MOST]
    order.sort(key=lambda place: found.raters[place].value)
    finding = next(one for one in found.findings if one.about == say.ABOUT_RATERS)
    unit = finding.unit

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _dots(panels[0], marks, found, order, own)
        if len(set(marks.companies)) > 1:
            title = Text("质检员所属公司", "raters of").to(language)
            panels[0].legend(title=title, loc="lower right", frameon=False)
        panels[0].set_xlabel(
            Text(
                f"← 偏严　与全体平均之差（{unit.zh}）　偏松 →",
                f"← stricter    against the mean of all ({unit.en})    milder →",
            ).to(language)
        )

    note = Text(
        f"{len(marks.contacts):,} 条话务、{len(marks):,} 次评分；横线为 95% 区间；实心：计入多次比较后仍与平均不同。",
        f"{len(marks.contacts):,} contacts, {len(marks):,} marks; bars: 95 %; filled: differs, all looks counted.",
    )
    return Picture(say.raters_title(finding.verdict), draw, note, (8.0, 1.8 + ROW_INCHES * len(order)))


def _dots(panel: Axes, marks: Marks, found: Rated, order: Sequence[int], own: str | None) -> None:
    companies = sorted({name for name in marks.companies if name}, key=lambda name: (name != own, name))
    colours = dict(zip(companies, (OURS, THEIRS, *[QUIET] * len(companies)), strict=False))
    named: set[str | None] = {None}
    for row, place in enumerate(order):
        one, company = found.raters[place], marks.companies[place]
        colour = colours.get(company or "", INK)
        label = None if company in named else company
        named.add(company)
        panel.plot([one.low, one.high], [row, row], color=colour, linewidth=1.5, zorder=2, label=label)
        panel.plot(one.value, row, "o", color=colour, mfc=colour if found.flagged[place] else "white", zorder=3)
    panel.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
    panel.set_yticks(range(len(order)), [marks.raters[place] for place in order])
    panel.set_ylim(-0.7, len(order) - 0.3)
    panel.grid(axis="x")


def penalty_picture(target: float, rows: int, level: float) -> Picture:
    """How often a penalty falls, by the true rate: the point rule and the bound."""
    reach = max(0.05, min(0.12, 4 * float(np.sqrt(target * (1 - target) / rows))))
    true = np.linspace(max(target - reach, 0.001), min(target + reach / 2, 0.999), 200)

    def draw(panels: Sequence[Axes], language: Language) -> None:
        panel = panels[0]
        words = {
            "point": Text("抽检值低于目标即罚", "observed rate below the target"),
            "bound": Text(f"{level:.0%} 上限低于目标才罚", f"{level:.0%} bound below the target"),
        }
        for rule, colour, style in (("point", ALARM, "--"), ("bound", OURS, "-")):
            drawn = chance(true, target, rows, rule, level) * 100  # type: ignore[arg-type]
            panel.plot(true * 100, drawn, style, color=colour, label=words[rule].to(language))
        panel.axvline(target * 100, color=QUIET, linewidth=0.8)
        panel.annotate(
            Text("目标", "target").to(language),
            (target * 100, 60),
            xytext=(4, 0),
            textcoords="offset points",
            color=QUIET,
        )
        panel.axhline((1 - level) * 100, color=QUIET, linewidth=0.8, linestyle=":")
        panel.set_xlabel(Text("真实合格率（%）", "true pass rate (%)").to(language))
        panel.set_ylabel(Text("被扣罚的月份（每 100 个月）", "months with a penalty (of 100)").to(language))
        panel.set_ylim(0, 102)
        panel.legend(facecolor="white", edgecolor="none", framealpha=1, loc="upper right")

    note = Text(
        f"目标右侧的每一次扣罚都是错罚；点线为 {1 - level:.0%}。",
        f"Every penalty to the right of the target is a wrong one; the dotted line is {1 - level:.0%}.",
    )
    return Picture(say.penalty_title(target, rows), draw, note)
