"""Requirements as a picture: people by interval over the first days, skill on skill, and the hours of each day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from onefloor.insight.pictures import INK, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text
from onefloor.planning.erlang.traffic import Floats
from onefloor.planning.staffing.requirements import Requirement
from onefloor.planning.staffing.sentences import headline
from onefloor.planning.staffing.targets import Target

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DAYS = 7
COLOURS = (OURS, THEIRS, QUIET, INK, OURS, THEIRS)
HATCHES = ("", "//", "..", "xx", "--", "oo")
WORDS = {
    "people": Text("应到人数", "people"),
    "hours": Text("每天坐席小时", "agent hours a day"),
    "load": Text("话务强度（Erlang）", "load (Erlang)"),
}


def picture(found: Sequence[Requirement], target: Target) -> Picture:
    """Two panels; all skills have the same intervals, as ``demands`` makes them of one forecast."""

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _people(panels[0], found, language)
        _hours(panels[1], found, language)

    return Picture(headline(found, target), draw, size=(9.0, 6.0), heights=(1.4, 1.0))


def _people(panel: Any, found: Sequence[Requirement], language: Language) -> None:
    first = found[0].demand.starts[0]
    for one, bottom, look in _stacked(found):
        hours = np.array([(start - first).total_seconds() / 3600 for start in one.demand.starts])
        shown = hours < 24 * DAYS
        panel.fill_between(hours[shown], bottom[shown], (bottom + one.agents)[shown], step="post", **look)
    if len(found) == 1:
        panel.step(hours[shown], found[0].demand.traffic.load[shown], where="post", color=INK, lw=1,
                   label=WORDS["load"].to(language))  # fmt: skip
    days = sorted({start.date() for start in found[0].demand.starts})[:DAYS]
    panel.set_xticks([24 * n for n in range(len(days))], [day.strftime("%m-%d") for day in days])
    panel.set_xlim(0, 24 * len(days))
    _finish(panel, WORDS["people"].to(language))


def _stacked(found: Sequence[Requirement]) -> Iterator[tuple[Requirement, Floats, dict[str, Any]]]:
    """Each skill on top of those before it, told apart by colour and hatch."""
    bottom = np.zeros(len(found[0].agents))
    for place, one in enumerate(found):
        look = {
            "facecolor": COLOURS[place % len(COLOURS)],
            "hatch": HATCHES[place % len(HATCHES)],
            "alpha": 1.0 if place < 2 else 0.6,
            "edgecolor": "white",
            "lw": 0.3,
            "label": one.demand.skill,
        }
        yield one, bottom, look
        bottom = bottom + one.agents


def _hours(panel: Any, found: Sequence[Requirement], language: Language) -> None:
    days = sorted({start.date() for start in found[0].demand.starts})
    bottom = np.zeros(len(days))
    for one, _, look in _stacked(found):
        hours = _by_day(one, days)
        panel.bar(range(len(days)), hours, bottom=bottom, **look)
        bottom += hours
    marks = range(0, len(days), max(1, len(days) // 14))
    panel.set_xticks(list(marks), [days[n].strftime("%m-%d") for n in marks])
    _finish(panel, WORDS["hours"].to(language))


def _by_day(one: Requirement, days: Sequence[date]) -> Floats:
    place = {day: n for n, day in enumerate(days)}
    rows = [place[start.date()] for start in one.demand.starts]
    return np.asarray(np.bincount(rows, weights=one.agents * one.demand.minutes / 60, minlength=len(days)))


def _finish(panel: Any, unit: str) -> None:
    panel.set_ylabel(unit)
    panel.set_ylim(0, panel.get_ylim()[1] * 1.15)
    panel.grid(visible=True, axis="y")
    panel.legend(loc="upper left", ncols=7, frameon=False, fontsize=8)
