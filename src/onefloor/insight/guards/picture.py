"""The quadrant: selling across, quality up, agents as 80 % ellipses of which only the flagged are coloured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.guards.judging import Judged
from onefloor.insight.guards.peers import Floats
from onefloor.insight.guards.quadrants import WORDS, Quadrant
from onefloor.insight.pictures import ALARM, FAINT, INK, QUIET, Picture
from onefloor.language import Language, Text, same

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RADIUS = float(np.sqrt(-2 * np.log(1 - 0.8)))  # of the ellipse that holds 80 % of a normal distribution in the plane
MOST_ELLIPSES = 100  # unflagged units; of more only the middles are drawn, or all would be a grey sheet
MOST_NAMED = 6
CORNERS = {
    Quadrant.SELLS_AND_SERVES: (0.99, 0.98, "right", "top"),
    Quadrant.SELLS_NOT_SERVES: (0.99, 0.02, "right", "bottom"),
    Quadrant.SERVES_NOT_SELLS: (0.01, 0.98, "left", "top"),
    Quadrant.NEITHER: (0.01, 0.02, "left", "bottom"),
}


def quadrant_picture(of: Judged) -> Picture | None:
    """None where too few units could be judged."""
    if of.found is None:
        return None
    selling, quality = of.pair.selling.title, of.pair.quality.title

    def draw(panels: Sequence[Axes], language: Language) -> None:
        panel = panels[0]
        _ellipses(panel, of)
        panel.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
        panel.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        for name, (x, y, across, up) in CORNERS.items():
            panel.text(x, y, WORDS[name].to(language), transform=panel.transAxes, ha=across, va=up, color=QUIET)
        unit = Text("实际减预期，个百分点", "observed minus expected, points")
        panel.set_xlabel(Text(f"{selling.zh}（{unit.zh}）", f"{selling.en} ({unit.en})").to(language))
        panel.set_ylabel(Text(f"{quality.zh}（{unit.zh}）", f"{quality.en} ({unit.en})").to(language))

    rows = int(of.pair.rows.sum())
    ellipses = of.flagged.any() or len(of.flagged) <= MOST_ELLIPSES
    holds = (
        Text("每个椭圆有八成把握包含真实位置；", "An ellipse holds the true place with 80 %; ")
        if ellipses
        else same("")
    )
    talk = (
        Text("；有颜色者值得谈话，不作处罚依据。", "; coloured: worth a talk, no sanction.")
        if of.flagged.any()
        else Text("。", ".")
    )
    level = same("") if of.pair.group is None else Text("，以本公司水平为 0", ", own company at 0")
    note = Text(
        f"{holds.zh}共 {rows:,} 行；同队列同时段相比{level.zh}{talk.zh}",
        f"{holds.en}{rows:,} rows; against peers, same queue and hour{level.en}{talk.en}",
    )
    return Picture(of.sentence, draw, note, (8.0, 6.0))


def _ellipses(panel: Axes, of: Judged) -> None:
    assert of.found is not None
    plain, marked = np.flatnonzero(~of.flagged), np.flatnonzero(of.flagged)
    for place in plain.tolist() if len(plain) <= MOST_ELLIPSES else ():
        panel.plot(*_outline(of.found.mean[place], of.found.covariance[place]), color=FAINT, linewidth=0.7, zorder=0)
    panel.plot(*(100 * of.found.mean[plain]).T, ".", color=QUIET, markersize=3, zorder=2)
    named = set(marked[np.argsort(-of.chance[marked])][:MOST_NAMED].tolist())
    for place in marked.tolist():
        mean = 100 * of.found.mean[place]
        panel.plot(*_outline(of.found.mean[place], of.found.covariance[place]), color=ALARM, linewidth=1.2, zorder=3)
        panel.plot(*mean, "o", color=ALARM, markersize=4, zorder=4)
        if place in named:
            panel.annotate(
                str(of.pair.names[place]), mean, xytext=(5, -9), textcoords="offset points", color=INK, fontsize=8
            )


def _outline(mean: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """The 80 % ellipse of a unit, in points."""
    turn = np.linspace(0, 2 * np.pi, 60)
    root = np.linalg.cholesky(covariance + 1e-14 * np.eye(2))
    x, y = 100 * (mean[:, None] + RADIUS * root @ np.array([np.cos(turn), np.sin(turn)]))
    return x, y
