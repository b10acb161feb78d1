"""The simulated time as a picture: service level with its band, contacts and those who wait, occupancy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.finding import Estimate
from onefloor.insight.pictures import ALARM, FAINT, INK, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text
from onefloor.planning.simulation.report import lines
from onefloor.planning.simulation.result import Result
from onefloor.planning.simulation.sentences import summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
FEWEST = 2  # intervals that make a curve
COLOURS = (OURS, THEIRS, INK, ALARM, QUIET)
STYLES = ("-", "--", ":", "-.")
MARKERS = ("", "o", "s", "^", "D", "v", "x")  # colours, lines and markers repeat together only after many companies


def picture(found: Result) -> Picture | None:
    """The picture of a result; None where there are too few intervals for a curve."""
    if found.model.intervals - found.model.warm_intervals < FEWEST:
        return None
    whole = lines(found, ())[0]
    note = Text(
        "色带：95%区间（多次模拟的平均）；灰带：八成的日子落在其中。",
        "Coloured bands: 95 % interval of the mean; grey band: eight days of ten lie in it.",
    )
    return Picture(summary(found, whole), partial(_draw, found), note, size=(9.0, 8.0), heights=(3.0, 2.5, 2.0))


def _draw(found: Result, panels: Sequence[Axes], language: Language) -> None:
    intervals = range(found.model.warm_intervals, found.model.intervals)
    hours = np.array([i * found.model.interval / 3600 for i in (*intervals, intervals.stop)])
    _level(panels[0], found, intervals, hours, language)
    _contacts(panels[1], found, intervals, hours, language)
    _occupancy(panels[2], found, intervals, hours, language)
    for panel in panels:
        panel.set_xlim(hours[0], hours[-1])
        panel.grid(axis="y", color=FAINT, linewidth=0.6)
        panel.set_axisbelow(True)
    panels[-1].set_xlabel(Text("自起点的小时数", "hours from the start").to(language))


def _level(panel: Axes, found: Result, intervals: range, hours: Floats, language: Language) -> None:
    low, high = _usual(found, intervals)
    _band(panel, hours, low, high, color=FAINT, label=Text("八成的日子", "eight days of ten").to(language))
    estimates = [found.service_level(interval=i) for i in intervals]
    _curve(panel, hours, estimates, Text("平均", "mean").to(language), color=OURS)
    panel.set_ylabel(Text("服务水平 %", "service level, %").to(language))
    panel.set_ylim(0, 102)
    _legend_above(panel)


def _usual(found: Result, intervals: range) -> tuple[Floats, Floats]:
    """Between which values eight replications of ten lie, percent; nothing where no contact counts."""
    ends = np.full((2, len(intervals)), np.nan)
    for place, interval in enumerate(intervals):
        above, below = found.sides(None, interval)
        if (below > 0).any():
            ends[:, place] = np.quantile(100 * above[below > 0] / below[below > 0], (0.1, 0.9))
    return ends[0], ends[1]


def _curve(
    panel: Axes, hours: Floats, estimates: Sequence[Estimate | None], name: str, *, color: str, **line: Any
) -> None:
    values, low, high = (
        100 * np.array([np.nan if one is None else getattr(one, end) for one in estimates])
        for end in ("value", "low", "high")
    )
    panel.step(hours, _to_the_end(values), where="post", color=color, linewidth=1.3, label=name, **line)
    if np.isfinite(low[~np.isnan(low)]).all():
        _band(panel, hours, np.maximum(low, 0), np.minimum(high, 100), color=color, alpha=0.25)


def _band(panel: Axes, hours: Floats, low: Floats, high: Floats, **style: Any) -> None:
    """A band over each interval, from edge to edge also where the next interval has none."""
    edges = np.repeat(hours, 2)[1:-1]
    panel.fill_between(edges, np.repeat(low, 2), np.repeat(high, 2), linewidth=0, **style)


def _to_the_end(values: Floats) -> Floats:
    """A value for each edge of the intervals: the last one holds to the end."""
    return np.append(values, values[-1])


def _contacts(panel: Axes, found: Result, intervals: range, hours: Floats, language: Language) -> None:
    width = found.model.interval
    offered, lost = (np.array([found.count(n, None, i).mean() for i in intervals]) for n in ("offered", "abandoned"))
    waiting = np.array([found.waits[:, :, i].sum(axis=(1, 2)).mean() / width for i in intervals])
    panel.bar(hours[:-1], offered, width / 3600, align="edge", color=FAINT, edgecolor=QUIET, linewidth=0.4,
              label=Text("到达", "offered").to(language))  # fmt: skip
    panel.bar(hours[:-1], lost, width / 3600, align="edge", color=THEIRS, label=Text("放弃", "abandoned").to(language))
    panel.set_ylabel(Text("每时段通数", "contacts in an interval").to(language))
    beside: Any = panel.twinx()
    beside.step(
        hours,
        _to_the_end(waiting),
        where="post",
        color=ALARM,
        linewidth=1.1,
        label=Text("排队人数", "waiting").to(language),
    )
    beside.set_ylabel(Text("平均排队人数", "mean number waiting").to(language))
    beside.set_ylim(bottom=0)
    _legend_above(panel, beside)
    panel.set_ylim(0, 1.05 * max(float(offered.max()), 1.0))


def _occupancy(panel: Axes, found: Result, intervals: range, hours: Floats, language: Language) -> None:
    for place, company in enumerate(found.model.companies):
        groups = found.of_company(company)
        estimates = [found.occupancy(groups, i) for i in intervals]
        name = company or Text("全部坐席", "all agents").to(language)
        marked = {"marker": MARKERS[place % len(MARKERS)], "markersize": 4, "markevery": max(1, len(hours) // 16)}
        _curve(panel, hours, estimates, name, color=COLOURS[place % len(COLOURS)],
               linestyle=STYLES[place % len(STYLES)], **marked)  # fmt: skip
    panel.set_ylabel(Text("占用率 %", "occupancy, %").to(language))
    panel.set_ylim(bottom=0)
    _legend_above(panel)


def _legend_above(panel: Axes, *beside: Axes) -> None:
    """A legend over the panel, where no line runs."""
    handles = [handle for one in (panel, *beside) for handle in one.get_legend_handles_labels()[0]]
    panel.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, fontsize=8,
                 frameon=False, ncols=5)  # fmt: skip
