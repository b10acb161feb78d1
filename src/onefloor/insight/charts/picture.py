"""Charts as pictures: points, the grey band of what is usual, one coloured run, the date of the change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from onefloor.insight.charts.chart import Change, Chart, Unit, band
from onefloor.insight.charts.findings import main_change
from onefloor.insight.charts.limits import Floats
from onefloor.insight.charts.sentences import budget_words, changed, steady, title
from onefloor.insight.charts.watching import Watched
from onefloor.insight.charts.words import day_words
from onefloor.insight.pictures import ALARM, FAINT, INK, OURS, QUIET, Picture
from onefloor.insight.units import axis, shown_in
from onefloor.language import Language, Text
from onefloor.periods import day_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 4  # charts in one picture
USUAL = Text("通常的范围", "usual range")
BASE = Text("基准期", "base period")
GAP_AXIS = Text("两次事件之间的业务量", "contacts between events")


def picture(watched: Watched) -> Picture | None:
    """The charts with a signal, the clearest first; the first chart if none has one; None if there is no chart."""
    shown = chosen(watched)
    if not shown:
        return None
    first, place = shown[0], main_change(shown[0])
    hours = watched.hours.get((watched.charts.index(first), place)) if place is not None else None
    said = steady(watched, first) if place is None else changed(first, first.changes[place], hours)

    def draw(panels: Sequence[Axes], language: Language) -> None:
        for panel, one in zip(panels, shown, strict=True):
            _panel(panel, one, language)

    height = 1.2 + 2.9 * len(shown)
    return Picture(said, draw, note=budget_words(watched), size=(9.0, height), heights=(1.0,) * len(shown))


def chosen(watched: Watched) -> list[Chart]:
    """The charts to draw, at most four; none that could not be judged."""
    usable = [one for one in watched.charts if one.changes or (one.refused is None and one.judged.any())]
    signals = [one for one in usable if one.changes]
    signals.sort(key=_clearest, reverse=True)
    return signals[:MOST] or usable[:1]


def _clearest(one: Chart) -> float:
    beyond = np.abs(one.scored[one.judged])
    lasting = sum(change.points for change in one.changes if change.run.lasting)
    return float(np.nanmax(beyond)) * (1 + float(np.sqrt(lasting)))


def _panel(panel: Axes, one: Chart, language: Language) -> None:
    if one.unit is Unit.GAP:
        _gap_panel(panel, one, language)
    else:
        _day_panel(panel, one, language)
    panel.set_title(title(one).to(language), fontsize=10, loc="left", color=INK)
    panel.grid(axis="y", color=FAINT, linewidth=0.6)
    panel.set_axisbelow(True)
    _dates(panel)


def _day_panel(panel: Axes, one: Chart, language: Language) -> None:
    factor, _ = shown_in(one.series.metric)
    shown = (one.base | one.judged) & np.isfinite(one.expected)
    days, values = _instants(one)[shown], one.values[shown] * factor
    low, high = band(one)
    panel.fill_between(
        days, low[shown] * factor, high[shown] * factor, color=FAINT, linewidth=0, label=USUAL.to(language), step="mid"
    )
    panel.plot(days, one.expected[shown] * factor, color=QUIET, linewidth=0.7, drawstyle="steps-mid")
    panel.plot(days, values, color=OURS, linewidth=0.7, marker="o", markersize=2.8)
    panel.set_ylabel(axis(one.series.metric).to(language))
    _base_end(panel, one, language)
    _runs(panel, one, one.values * factor, language)


def _gap_panel(panel: Axes, one: Chart, language: Language) -> None:
    shown = one.base | one.judged
    panel.plot(_instants(one)[shown], one.values[shown], color=OURS, linewidth=0.7, marker="o", markersize=2.8)
    panel.axhline(float(one.expected[0]), color=QUIET, linewidth=0.7, label=USUAL.to(language))
    panel.set_ylabel(GAP_AXIS.to(language))
    _base_end(panel, one, language)
    _runs(panel, one, one.values, language)


def _base_end(panel: Axes, one: Chart, language: Language) -> None:
    """Where the base period ends, and where limits were set anew and why."""
    _mark(panel, one.eras[0].base.end, BASE.to(language), "right")
    for era in one.eras:
        if era.reason:
            _mark(panel, era.base.start, era.reason, "left")


def _mark(panel: Axes, day: int, said: str, side: Literal["left", "right"]) -> None:
    at = _instant(day)
    panel.axvline(at, color=QUIET, linewidth=0.8, linestyle=(0, (2, 2)))
    panel.annotate(
        said, (at, 1), xycoords=("data", "axes fraction"), xytext=(-4 if side == "right" else 4, -3),
        textcoords="offset points", ha=side, va="top", fontsize=8, color=QUIET,
    )  # fmt: skip


def _runs(panel: Axes, one: Chart, values: Floats, language: Language) -> None:
    """Every run in the colour of an alarm; the main one with its date."""
    main = main_change(one)
    for place, change in enumerate(one.changes):
        here = one.judged & (one.days >= change.first) & (one.days <= change.last)
        panel.plot(_instants(one)[here], values[here], color=ALARM, marker="D", markersize=4.5, linewidth=1.2, zorder=3)
        if place == main:
            _date_mark(panel, change, language)


def _date_mark(panel: Axes, change: Change, language: Language) -> None:
    at = _instant(change.first)
    panel.axvline(at, color=ALARM, linewidth=0.9)
    panel.annotate(
        day_words(change.first).to(language), (at, 0), xycoords=("data", "axes fraction"), xytext=(4, 4),
        textcoords="offset points", fontsize=8, color=ALARM,
    )  # fmt: skip


def _dates(panel: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, DateFormatter

    panel.xaxis.set_major_locator(AutoDateLocator(maxticks=8))  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))  # type: ignore[no-untyped-call]
    panel.tick_params(axis="x", labelsize=8)


def _instants(one: Chart) -> Any:
    return np.array([np.datetime64(day_of(int(day))) for day in one.days])


def _instant(day: int) -> Any:
    held = day_of(day)
    return np.datetime64(datetime(held.year, held.month, held.day))
