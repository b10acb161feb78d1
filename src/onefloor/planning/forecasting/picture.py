"""The forecast as a picture: days with their bands after the weeks before; the first week's intervals, and how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from onefloor.insight.pictures import INK, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text
from onefloor.planning.forecasting.handling import Handling
from onefloor.planning.forecasting.history import Floats
from onefloor.planning.forecasting.queues import Answer
from onefloor.planning.forecasting.sentences import accuracy_words, headline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DAYS_BEFORE = 42
DAYS_IN_DETAIL = 7
LEAST_CONTACTS = 0.05  # expected in an interval whose handling time is shown
Sides = tuple[Mapping[float, Floats], Mapping[float, Floats]]
WORDS = {
    "days": Text("每天话务量（通）", "contacts a day"),
    "intervals": Text("每时段话务量（通）", "contacts an interval"),
    "handling": Text("每时段平均处理时长（秒）", "handling time of an interval, s"),
    "came": Text("实际", "came"),
    "said": Text("预测", "forecast"),
    "wide": Text("95% 区间", "95 % interval"),
    "narrow": Text("80% 区间", "80 % interval"),
    "special": Text("特殊日", "special day"),
}


def picture(answer: Answer) -> Picture:
    """Three panels for one queue."""
    found, lasting = answer.volume, answer.handling

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _days(panels[0], answer, language)
        _intervals(panels[1], answer, found.mean, (found.low, found.high), "intervals", language)
        _intervals(panels[2], answer, *_while_open(answer, lasting), "handling", language)

    return Picture(headline(answer), draw, accuracy_words(answer.volume), size=(9.0, 8.5), heights=(1.0, 1.0, 0.8))


def _while_open(answer: Answer, lasting: Handling) -> tuple[Floats, Sides]:
    """Handling time where contacts are expected at all."""
    open_ = answer.volume.mean > LEAST_CONTACTS

    def shown(values: Floats) -> Floats:
        return np.where(open_, values, np.nan)

    low, high = ({level: shown(ends) for level, ends in side.items()} for side in (lasting.low, lasting.high))
    return shown(lasting.seconds), (low, high)


def _days(panel: Any, answer: Answer, language: Language) -> None:
    found = answer.volume
    past = answer.observed.history.before(found.first)
    since = max(0, len(past) - DAYS_BEFORE)
    before = [past.day(n) for n in range(since, len(past))]
    ahead = [found.day(n) for n in range(found.horizon)]
    totals = found.mean.sum(axis=1)
    panel.plot(before, past.values[since:].sum(axis=1), color=INK, lw=1, marker=".", ms=3,
               label=WORDS["came"].to(language))  # fmt: skip
    for level, alpha, name in ((0.95, 0.15, "wide"), (0.8, 0.3, "narrow")):
        ends = found.day_limits[level]
        panel.fill_between(ahead, ends[:, 0], np.minimum(ends[:, 1], 10 * totals.max() + 1), color=OURS, alpha=alpha,
                           lw=0, label=WORDS[name].to(language))  # fmt: skip
    panel.plot(ahead, totals, color=OURS, lw=1.4, ls="--", marker=".", ms=3, label=WORDS["said"].to(language))
    special = sorted(found.special)
    if special:
        panel.plot([ahead[n] for n in special], [totals[n] for n in special], ls="", marker="D", ms=5, mfc="none",
                   color=THEIRS, label=WORDS["special"].to(language))  # fmt: skip
    marks = [*before, *ahead][:: max(7, (len(before) + len(ahead)) // 70 * 7)]
    panel.set_xticks(marks, [day.strftime("%m-%d") for day in marks])
    _finish(panel, WORDS["days"].to(language))


def _intervals(panel: Any, answer: Answer, said: Floats, limits: Sides, unit: str, language: Language) -> None:
    """What is said of the first days' intervals, within its bands."""
    found = answer.volume
    days = min(DAYS_IN_DETAIL, found.horizon)
    hours = np.arange(days * said.shape[1]) * found.minutes / 60
    low, high = limits
    for level, alpha, name in ((0.95, 0.15, "wide"), (0.8, 0.3, "narrow")):
        panel.fill_between(hours, low[level][:days].ravel(), high[level][:days].ravel(), color=OURS,
                           alpha=alpha, lw=0, step="mid", label=WORDS[name].to(language))  # fmt: skip
    panel.step(hours, said[:days].ravel(), where="mid", color=OURS, lw=1.2, label=WORDS["said"].to(language))
    panel.set_xticks([24 * n for n in range(days + 1)],
                     [(found.first + timedelta(n)).strftime("%m-%d") for n in range(days + 1)])  # fmt: skip
    panel.set_xlim(0, 24 * days)
    _finish(panel, WORDS[unit].to(language))


def _finish(panel: Any, unit: str) -> None:
    panel.set_ylabel(unit)
    panel.set_ylim(0, 1.18 * panel.get_ylim()[1])  # room for the legend over the bands
    panel.grid(visible=True, axis="y")
    panel.tick_params(axis="x", colors=QUIET)
    panel.legend(loc="upper left", ncols=5, frameon=False, fontsize=8)
