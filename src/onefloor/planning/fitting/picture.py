"""The day by half hours: what was seen as a line, what the model lets happen as a band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.finding import Verdict
from onefloor.insight.pictures import ALARM, FAINT, OURS, QUIET, Picture
from onefloor.language import Language, Text
from onefloor.planning.fitting import report_sentences as say
from onefloor.planning.fitting.comparing import Compared, Figure, cells
from onefloor.planning.fitting.observed import OFFERED
from onefloor.planning.fitting.report import findings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HOURS = Text("时刻", "time of day")
PANEL = 1.7  # inches


def picture(of: Compared) -> Picture:
    """A panel for each figure; half hours outside the band are marked."""
    figures = of.figures
    missed = sum(one.verdict is Verdict.WORTH_A_LOOK for one in findings(of))

    def draw(panels: Sequence[Axes], language: Language) -> None:
        for panel, figure in zip(panels, figures, strict=True):
            _panel(panel, of, figure, language)
        panels[-1].set_xlabel(HOURS.to(language))

    title = say.title(len(figures), missed, len(of.observed.days))
    size = (8.0, 1.2 + PANEL * len(figures))
    return Picture(title, draw, say.note(of.replications), size, (1.0,) * len(figures))


def _panel(panel: Axes, of: Compared, figure: Figure, language: Language) -> None:
    found = cells(of, figure, ("day", "type"))
    days = len(of.observed.days) if figure.a_day else 1
    seen, middle, low, high = (one.ravel() / days for one in (found.seen, found.middle, found.low, found.high))
    hours = np.arange(len(seen)) / 2 + 0.25
    open_hours = of.observed.sums[..., OFFERED].sum(axis=(0, 1)) > 0
    known = found.known.ravel() & open_hours
    panel.fill_between(hours, low, high, where=known, color=FAINT, step="mid", linewidth=0)
    gaps = np.where(known, 0.0, np.nan)  # no line across hours in which nobody came
    panel.step(hours, middle + gaps, where="mid", color=QUIET, linestyle="--", linewidth=1.0)
    panel.plot(hours, seen + gaps, color=OURS, linewidth=1.4, marker=".", markersize=3)
    outside = known & ((seen < low) | (seen > high))
    panel.plot(hours[outside], seen[outside], "x", color=ALARM, markersize=6)
    unit = Text("%", "%") if figure.scale == 100 else figure.unit
    panel.set_ylabel(Text(f"{figure.title.zh}（{unit.zh}）", f"{figure.title.en}\n({unit.en})").to(language))
    panel.set_ylim(bottom=0)
    if open_hours.any():
        panel.set_xlim(np.floor(hours[open_hours].min()), np.ceil(hours[open_hours].max()))
