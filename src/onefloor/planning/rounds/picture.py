"""Rounds as a picture: the lowest simulated level of each interval before and after, and who is needed and there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.pictures import ALARM, INK, OURS, QUIET, Picture
from onefloor.language import Language, Text
from onefloor.planning.pools.levels import Levels
from onefloor.planning.rounds.problem import Floats
from onefloor.planning.rounds.result import Answer
from onefloor.planning.rounds.sentences import headline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BEFORE, AFTER = Text("最初", "at first"), Text("之后", "after the rounds")
THERE, NEEDED, FIRST = Text("在岗", "at the desk"), Text("需求", "needed"), Text("最初需求", "needed at first")
LEVEL, PEOPLE = Text("服务水平（%）", "service level (%)"), Text("人数", "agents")


def picture(found: Answer) -> Picture:
    """Two panels over the horizon: levels before and after against the target, and the cover."""
    problem, asked = found.plan.problem, found.asked
    size, needed, present = len(problem.grid), problem.needs.sum(axis=1), found.plan.present
    first = found.states[0].plan.problem.needs.sum(axis=1)
    days = np.arange(size) * problem.grid.days / size
    before, after = lowest(found, found.before), lowest(found, found.after.seen)

    def draw(panels: Sequence[Axes], language: Language) -> None:
        above, below = panels
        mark = 3.0 if problem.grid.days <= 7 else 1.6
        above.plot(days, 100 * before, "x", color=QUIET, markersize=mark, label=BEFORE.to(language))
        above.plot(days, 100 * after, "o", color=OURS, markersize=mark, label=AFTER.to(language))
        above.axhline(100 * asked.level, color=ALARM, linewidth=1)
        above.set_ylabel(LEVEL.to(language))
        above.set_ylim(max(0.0, 100 * float(np.nanmin([before, after])) - 5), 102)
        above.legend(loc="lower right", frameon=False, ncols=2)
        below.fill_between(days, present, color=OURS, alpha=0.35, step="post", linewidth=0, label=THERE.to(language))
        below.step(days, first, color=QUIET, linewidth=0.8, linestyle=":", where="post", label=FIRST.to(language))
        below.step(days, needed, color=INK, linewidth=0.9, where="post", label=NEEDED.to(language))
        below.set_ylabel(PEOPLE.to(language))
        below.set_ylim(0, max(needed.max(), present.max(), first.max()) * 1.3 + 1)
        below.legend(loc="upper right", frameon=False, ncols=3)
        marks = list(range(0, problem.grid.days, max(1, problem.grid.days // 7)))
        dates = list(problem.grid.dates())
        for panel in panels:
            panel.set_xlim(0, problem.grid.days)
            panel.set_xticks(marks, [f"{dates[mark]:%m-%d}" for mark in marks])

    note = Text(
        f"每个时段取水平最低的技能；{found.fresh} 次未参与求解的模拟，种子 {found.seed}",
        f"of each interval the skill with the lowest level; {found.fresh} fresh replications, seed {found.seed}",
    )
    return Picture(headline(found), draw, note, size=(9.0, 6.0), heights=(1.4, 1.0))


def lowest(found: Answer, seen: Levels) -> Floats:
    """The lowest level of the judged skills in each interval, nan where none is judged, shape (P,)."""
    inside = found.asked.judged
    low = np.where(inside, seen.value, np.inf).min(axis=0)
    return np.where(inside.any(axis=0), low, np.nan)
