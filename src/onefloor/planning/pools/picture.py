"""A day of staff: the corrected agents beside Erlang A's, and the levels they reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.pictures import ALARM, OURS, QUIET, Picture
from onefloor.language import Language, Text
from onefloor.planning.pools.daily import Day
from onefloor.planning.pools.sentences import day_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def picture(found: Day) -> Picture:
    """Two panels over the intervals of a day: agents, and levels with 95 % intervals against the target."""

    def draw(panels: Sequence[Axes], language: Language) -> None:
        at = np.arange(1, len(found.staff) + 1)
        panels[0].step(at, found.began, where="mid", color=QUIET, linestyle="--", label="Erlang A")
        panels[0].step(at, found.staff, where="mid", color=OURS, label=Text("模拟修正", "simulated").to(language))
        panels[0].set_ylabel(Text("坐席（名）", "agents").to(language))
        panels[0].legend(frameon=False)
        half = 1.96 * found.checked.error[0] * 100
        panels[1].errorbar(at, 100 * found.checked.value[0], yerr=half, color=OURS, marker="o", markersize=3,
                           linestyle="none")  # fmt: skip
        panels[1].axhline(100 * float(found.asked.levels[0]), color=ALARM, linewidth=1)
        panels[1].set_ylabel(Text("服务水平（%）", "service level (%)").to(language))
        panels[1].set_xlabel(Text("时段", "interval").to(language))

    note = Text(f"新种子上的 95% 区间；种子 {found.seed}", f"95 % intervals on fresh seeds; seed {found.seed}")
    return Picture(day_words(found), draw, note, size=(8.0, 5.6), heights=(1.2, 1.0))
