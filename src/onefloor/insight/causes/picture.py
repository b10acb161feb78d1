"""An explanation as a waterfall: from the earlier figure to the later one in at most five steps."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from onefloor.insight.causes.explaining import Explained
from onefloor.insight.causes.sentences import conditions, period_words, shown, signed, told
from onefloor.insight.pictures import FAINT, INK, OURS, QUIET, THEIRS, Picture
from onefloor.insight.units import axis
from onefloor.language import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MIX = Text("业务构成", "mix of contacts")
REST = Text("其余（普遍的变化）", "the rest, general")
RATE_KEY = Text("各部分自身的变化", "within segments")
MIX_KEY = Text("构成的变化", "mix")
NOTE = Text("各步之和恰为全部变化。", "The steps add up to the change exactly.")


class Step(NamedTuple):
    """One bar: what it is, how far it goes, in which colour."""

    name: Text
    size: float
    colour: str


def steps(answer: Explained) -> list[Step]:
    """The bars between the two totals, in the unit that is shown: segments, mix, rest."""
    found = [
        Step(conditions(one), shown(answer, part), OURS)
        for one, part in zip(answer.found.segments, answer.segments, strict=True)
    ]
    found.append(Step(MIX, shown(answer, answer.mix), THEIRS))
    return [*found, Step(REST, shown(answer, answer.rest), QUIET)]


def picture(answer: Explained) -> Picture:
    """The waterfall; bars from top to bottom."""
    bars = steps(answer)

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _draw(panels[0], answer, bars, language)

    return Picture(told(answer), draw, note=NOTE, size=(9.0, 1.9 + 0.5 * (len(bars) + 2)))


def _draw(panel: Axes, answer: Explained, bars: Sequence[Step], language: Language) -> None:
    start, end = (shown(answer, Fraction(*side)) for side in (answer.before, answer.after))
    at = _bars(panel, start, bars)
    rows = len(bars) + 2
    panel.plot([start, start], [0, 1], color=QUIET, linewidth=0.8)
    _total(panel, 0, start)
    _total(panel, rows - 1, end)
    names = [period_words(answer.asked.before), *(bar.name for bar in bars), period_words(answer.asked.after)]
    panel.set_yticks(range(rows), [name.to(language) for name in names])
    panel.set_ylim(rows - 0.5, -0.5)
    reach = max((max(at) - min(at)) * 0.18, abs(start) * 0.002, 1e-9)
    panel.set_xlim(min(at) - reach, max(at) + reach)
    panel.set_xlabel(axis(answer.metric).to(language))
    panel.grid(axis="x", color=FAINT, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(axis="y", length=0)
    _key(panel, language)


def _bars(panel: Axes, start: float, bars: Sequence[Step]) -> list[float]:
    """Draw the steps; where they begin and end, from the first total to the last."""
    at, ends = start, [start]
    for row, bar in enumerate(bars, 1):
        panel.barh(row, bar.size, left=at, height=0.6, color=bar.colour)
        panel.plot([at + bar.size] * 2, [row, row + 1], color=QUIET, linewidth=0.8)
        right = max(at, at + bar.size)
        panel.annotate(
            signed(bar.size),
            (right, row),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=INK,
        )
        at += bar.size
        ends.append(at)
    return ends


def _total(panel: Axes, row: int, value: float) -> None:
    panel.plot([value], [row], marker="D", color=INK, markersize=6)
    _label(panel, f"{value:,.1f}", value, row, 7)


def _label(panel: Axes, text: str, right: float, row: int, away: int) -> None:
    panel.annotate(
        text, (right, row), xytext=(away, 0), textcoords="offset points", va="center", fontsize=9, color=INK
    )  # fmt: skip


def _key(panel: Axes, language: Language) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=OURS, label=RATE_KEY.to(language)), Patch(color=THEIRS, label=MIX_KEY.to(language))]
    panel.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=8)
