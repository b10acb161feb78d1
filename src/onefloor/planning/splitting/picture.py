"""A split as a picture: who works how many of the required agents in each interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from onefloor.insight.pictures import ALARM, INK, NO_NOTE, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text
from onefloor.planning.splitting.reading import Needed
from onefloor.planning.splitting.result import Shares
from onefloor.planning.splitting.sentences import headline, own_headline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (OURS, THEIRS, QUIET, ALARM)
HATCHES = ("", "//", "..", "xx", "\\\\", "++")  # told apart without colour, too


def picture(found: Shares, needed: Needed, companies: tuple[str, ...] | None = None) -> Picture:
    """Agents of all skills by company, one on the other, over the days; the need as a line.

    Of some companies alone if asked for: then neither the need nor anybody else.
    """
    shown = [c for c, one in enumerate(found.asked.companies) if companies is None or one.name in companies]
    work, need = found.work.sum(axis=1)[shown], found.asked.need.sum(axis=0)
    days = np.array([(start - needed.starts[0]).total_seconds() / 86_400 for start in needed.starts])
    day = needed.starts[0].hour / 24 + needed.starts[0].minute / 1440
    names = [found.asked.companies[c].name for c in shown]

    def draw(panels: Sequence[Axes], language: Language) -> None:
        base = np.zeros(len(days))
        for number, (name, row) in enumerate(zip(names, work, strict=True)):
            look: dict[str, Any] = {
                "color": COLOURS[number % len(COLOURS)],
                "hatch": HATCHES[number % len(HATCHES)],
                "alpha": 0.55,
            }
            panels[0].fill_between(days + day, base, base + row, step="post", linewidth=0, label=name, **look)
            base = base + row
        if companies is None:
            panels[0].step(days + day, need, color=INK, linewidth=0.8, where="post",
                           label=Text("需求", "required").to(language))  # fmt: skip
        panels[0].set_ylabel(Text("坐席（名）", "agents").to(language))
        panels[0].set_ylim(0, max(float(base.max()), 1.0) * 1.25)
        last = int(np.ceil(float(days[-1] + day)))
        marks = range(0, last + 1, max(1, last // 7))
        dates = [np.datetime64(needed.starts[0].date()) + mark for mark in marks]
        panels[0].set_xticks(list(marks), [str(one)[5:] for one in dates])
        named = len(panels[0].get_legend_handles_labels()[1])
        if named > 1:
            panels[0].legend(loc="upper right", frameon=False, ncols=named)

    title = headline(found) if companies is None else own_headline(found, companies)
    note = Text("各公司叠加", "companies, one on the other") if len(names) > 1 else NO_NOTE
    return Picture(title, draw, note, size=(9.0, 4.0))
