"""The curve of a skill design: agents needed, and training hours, against skills per agent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from onefloor.insight.pictures import ALARM, INK, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text
from onefloor.planning.skilling.result import Curve, Point
from onefloor.planning.skilling.sentences import headline, name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = {"blocks": (OURS, "s", "-"), "chain": (THEIRS, "o", "--")}
LEGEND = {"blocks": Text("合并成块", "blocks"), "chain": Text("成链", "chains")}
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}  # behind words that lie on lines


def picture(found: Curve) -> Picture:
    """Two panels: agents with their intervals, training hours; the recommended design is ringed."""

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _agents(panels[0], found, language)
        _training(panels[1], found, language)

    note = Text(
        f"95% 区间；模拟 {found.contacts:,} 通；第 {found.asked.at + 1} 个时段；种子 {found.seed}",
        f"95 % intervals; {found.contacts:,} contacts simulated; interval {found.asked.at + 1}; seed {found.seed}",
    )
    return Picture(headline(found), draw, note, size=(8.0, 6.4), heights=(1.4, 1.0))


def _families(found: Curve) -> list[tuple[str, list[Point]]]:
    ends = (found.single, found.everything)
    families = [(form, [p for p in found.points if p.design.form == form or p in ends]) for form in LOOKS]
    return [(form, sorted(points, key=lambda p: p.skills)) for form, points in families if len(points) > len(ends)]


def _agents(panel: Axes, found: Curve, language: Language) -> None:
    for form, points in _families(found):
        colour, marker, line = LOOKS[form]
        panel.errorbar(
            [p.skills for p in points], [p.needed.value for p in points],
            yerr=[p.needed.high - p.needed.value for p in points], color=colour, marker=marker, linestyle=line,
            capsize=2, markersize=5, linewidth=1.3, label=LEGEND[form].to(language),
        )  # fmt: skip
    if not _families(found):
        points = list(found.points)
        panel.errorbar([p.skills for p in points], [p.needed.value for p in points],
                       yerr=[p.needed.high - p.needed.value for p in points], color=OURS, marker="o")  # fmt: skip
    for bound in found.bounds:
        panel.axhline(bound, color=QUIET, linewidth=0.8, linestyle=":")
        text = Text(f"Erlang A：{bound}", f"Erlang A: {bound}").to(language)
        panel.text(0.62, bound, text, ha="right", va="center", color=QUIET, fontsize=8,
                   transform=panel.get_yaxis_transform(), bbox=PAPER)  # fmt: skip
    _ring(panel, found.best.skills, found.best.needed.value, name(found.best.design).to(language))
    panel.set_ylabel(Text("所需坐席（名）", "agents needed").to(language))
    panel.set_xlabel(Text("人均技能数（项）", "skills per agent").to(language))
    panel.margins(y=0.2)
    if _families(found):
        panel.legend(frameon=False, loc="upper right", bbox_to_anchor=(1.0, 0.9))


def _training(panel: Axes, found: Curve, language: Language) -> None:
    for form, points in _families(found) or [("blocks", list(found.points))]:
        colour, marker, line = LOOKS[form]
        panel.plot([p.skills for p in points], [p.training for p in points], color=colour, marker=marker,
                   linestyle=line, markersize=5, linewidth=1.3)  # fmt: skip
    _ring(panel, found.best.skills, found.best.training, "")
    panel.margins(y=0.2)  # room for the ring
    panel.set_ylim(0, panel.get_ylim()[1])
    panel.set_ylabel(Text("年培训工时（小时）", "training, hours a year").to(language))
    panel.set_xlabel(Text("人均技能数（项）", "skills per agent").to(language))


def _ring(panel: Axes, x: float, y: float, text: str) -> None:
    panel.plot([x], [y], marker="o", markersize=13, markerfacecolor="none", markeredgecolor=ALARM, linestyle="none",
               markeredgewidth=1.5, zorder=5)  # fmt: skip
    if text:
        side = 1 if x < sum(panel.get_xlim()) / 2 else -1  # away from the edge, and from the interval over the point
        panel.annotate(text, (x, y), textcoords="offset points", xytext=(12 * side, -14), zorder=6, color=INK,
                       ha="left" if side > 0 else "right", fontsize=9, bbox=PAPER)  # fmt: skip
