"""A staff of several groups as a picture: agents by group, and the levels of the targets with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from onefloor.insight.pictures import ALARM, OURS, Picture
from onefloor.language import Language, Text
from onefloor.planning.pools.result import Staffing
from onefloor.planning.pools.sentences import headline, missed

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def picture(found: Staffing) -> Picture:
    """Two panels: bars of agents, and levels on fresh chance against their targets."""
    staff, names = found.staff.sum(axis=1), found.asked.names
    seen = [found.checked.estimate(j) for j in range(len(found.asked.targets))]

    def draw(panels: Sequence[Axes], language: Language) -> None:
        above, below = panels
        above.barh(range(len(names)), staff, color=OURS, alpha=0.6)
        above.set_yticks(range(len(names)), names)
        above.invert_yaxis()
        above.locator_params(axis="x", integer=True)
        above.set_xlabel(Text("坐席（名）", "agents").to(language))
        for j, (target, level) in enumerate(zip(found.asked.targets, seen, strict=True)):
            half = 100 * (level.high - level.value)
            below.errorbar(100 * level.value, j, xerr=half, color=OURS, marker="o", capsize=3)
            below.plot([100 * target.level] * 2, [j - 0.35, j + 0.35], color=ALARM, linewidth=1.5)
        below.set_yticks(range(len(seen)), [target.name.to(language) for target in found.asked.targets])
        below.invert_yaxis()
        below.set_xlabel(Text("服务水平（%），竖线为目标", "service level (%), target as a bar").to(language))

    note = Text(f"新种子上的 95% 区间；种子 {found.seed}", f"95 % intervals on fresh seeds; seed {found.seed}")
    short = missed(found)
    title = headline(found) if len(names) <= 4 else Text(
        f"共需 {int(staff.sum())} 名坐席。{short.zh}", f"{int(staff.sum())} agents.{short.en}"
    )  # fmt: skip
    size = (8.0, 2.4 + 0.35 * (len(names) + len(seen)))
    return Picture(title, draw, note, size=size, heights=(len(names) + 1.0, len(seen) + 1.0))
