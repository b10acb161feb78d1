"""The picture of a roster: who is needed and who is there, and what is missing, hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.pictures import ALARM, INK, OURS, Picture
from onefloor.language import Language, Text
from onefloor.planning.rostering.checking import at_desk
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.scoring import missing
from onefloor.planning.rostering.sentences import outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THERE, NEEDED = Text("在岗", "at the desk"), Text("需求", "needed")
PEOPLE, LACKING = Text("人数", "agents"), Text("缺员（人）", "agents missing")


def picture(result: Result) -> Picture:
    """Two panels over the horizon: needed and present, and below what is missing."""
    problem = result.problem
    there = at_desk(problem, result.roster)
    needed, present, lost = problem.needs.sum(axis=1), there.sum(axis=0), missing(problem, there)[1]
    days = np.arange(len(needed)) * problem.grid.days / len(needed)

    def draw(panels: Sequence[Axes], language: Language) -> None:
        above, below = panels
        above.fill_between(days, present, color=OURS, alpha=0.35, step="post", linewidth=0, label=THERE.to(language))
        above.step(days, needed, color=INK, linewidth=0.9, where="post", label=NEEDED.to(language))
        above.set_ylabel(PEOPLE.to(language))
        above.legend(loc="upper right", frameon=False, ncols=2)
        above.set_ylim(0, max(needed.max(), present.max()) * 1.2 + 1)
        below.fill_between(days, lost, color=ALARM, step="post", linewidth=0)
        below.set_ylabel(LACKING.to(language))
        below.set_ylim(0, max(lost.max() * 1.2, 1))
        marks = list(range(0, problem.grid.days, max(1, problem.grid.days // 7)))
        dates = list(problem.grid.dates())
        for panel in panels:
            panel.set_xlim(0, problem.grid.days)
            panel.set_xticks(marks, [f"{dates[mark]:%m-%d}" for mark in marks])

    note = Text(
        "缺员按技能逐时段复算（霍尔条件），与求解器无关。",
        "What is missing is counted anew by skill and interval, apart from the solver.",
    )
    return Picture(outcome(result), draw, note, size=(9.0, 5.0), heights=(3.0, 1.0))
