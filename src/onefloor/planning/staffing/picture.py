"""Requirements as a picture: people by interval over the first days, skill by skill, and the hours of each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from onefloor.insight.pictures import INK, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text
from onefloor.planning.staffing.requirements import Requirement
from onefloor.planning.staffing.sentences import headline
from onefloor.planning.staffing.targets import Target

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DAYS = 7
LINES = ((OURS, "-"), (THEIRS, "--"), (INK, ":"), (QUIET, "-."), (OURS, ":"), (THEIRS, "-"))
WORDS = {
    "people": Text("应到人数", "people"),
    "hours": Text("每天坐席小时", "agent hours a day"),
    "load": Text("话务强度（Erlang）", "load (Erlang)"),
}


def picture(found: Sequence[Requirement], target: Target) -> Picture:
    """Two panels."""

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _people(panels[0], found, language)
        _hours(panels[1], found, language)

    return Picture(headline(found, target), draw, size=(9.0, 6.0), heights=(1.4, 1.0))


def _people(panel: Any, found: Sequence[Requirement], language: Language) -> None:
    starts = found[0].demand.starts
    first = starts[0]
    for place, one in enumerate(found):
        hours = np.array([(start - first).total_seconds() / 3600 for start in one.demand.starts])
        shown = hours < 24 * DAYS
        colour, style = LINES[place % len(LINES)]
        panel.step(
            hours[shown], one.agents[shown], where="post", color=colour, ls=style, lw=1.2, label=one.demand.skill
        )
        if len(found) == 1:
            load = one.demand.traffic.load
            panel.fill_between(hours[shown], load[shown], step="post", color=QUIET, alpha=0.3, lw=0,
                               label=WORDS["load"].to(language))  # fmt: skip
    days = sorted({start.date() for start in starts})[:DAYS]
    panel.set_xticks([24 * n for n in range(len(days))], [day.strftime("%m-%d") for day in days])
    panel.set_xlim(0, 24 * len(days))
    _finish(panel, WORDS["people"].to(language))


def _hours(panel: Any, found: Sequence[Requirement], language: Language) -> None:
    days = sorted({start.date() for one in found for start in one.demand.starts})
    bottom = np.zeros(len(days))
    for place, one in enumerate(found):
        hours = _by_day(one, days)
        panel.bar(range(len(days)), hours, bottom=bottom, color=LINES[place % len(LINES)][0], label=one.demand.skill,
                  alpha=1.0 if place < 2 else 0.6, hatch=("", "//", "..", "xx", "--", "oo")[place % 6],
                  edgecolor="white", lw=0.5)  # fmt: skip
        bottom += hours
    marks = range(0, len(days), max(1, len(days) // 14))
    panel.set_xticks(list(marks), [days[n].strftime("%m-%d") for n in marks])
    _finish(panel, WORDS["hours"].to(language))


def _by_day(one: Requirement, days: Sequence[date]) -> np.ndarray[Any, Any]:
    place = {day: n for n, day in enumerate(days)}
    rows = [place[start.date()] for start in one.demand.starts]
    return np.bincount(rows, weights=one.agents * one.demand.minutes / 60, minlength=len(days))


def _finish(panel: Any, unit: str) -> None:
    panel.set_ylabel(unit)
    panel.set_ylim(0, panel.get_ylim()[1] * 1.15)
    panel.grid(visible=True, axis="y")
    panel.legend(loc="upper left", ncols=7, frameon=False, fontsize=8)
