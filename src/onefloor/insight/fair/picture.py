"""Pictures of a comparison: dot and bar a question, and the funnel of teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.fair.comparison import Comparison, Line
from onefloor.insight.fair.people import One, People
from onefloor.insight.fair.sentences import ABOUT, sentence, unit_of
from onefloor.insight.finding import Verdict
from onefloor.insight.numbers import number
from onefloor.insight.pictures import ALARM, FAINT, INK, OURS, QUIET, THEIRS, Picture
from onefloor.language import Language, Text, joined, same

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_INCHES, FRAME_INCHES = 0.62, 2.3
RAW = Text("原始差距", "raw gap")
MARGIN = Text("小于有意义的差别", "inside the margin")
NAMED_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class _Row:
    comparison: Comparison
    line: Line


def picture(comparisons: Sequence[Comparison]) -> Picture | None:
    """Every company's lines as dot and bar around 0, the margin as a band, the raw gap as a hollow dot.

    None where nothing could be compared.
    """
    rows = [_Row(one, line) for one in comparisons for line in one.lines]
    if not any(row.line.estimate for row in rows):
        return None
    first = next(row for row in rows if row.line.estimate)

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _draw(panels[0], rows, language)

    return Picture(
        title=_title(rows) if len(comparisons) > 1 else sentence(first.comparison, first.line),
        draw=draw,
        note=_note(rows),
        size=(8.0, FRAME_INCHES + ROW_INCHES * len(rows)),
    )


def _title(rows: Sequence[_Row]) -> Text:
    head, ours = rows[0].comparison.metric.title, rows[0].comparison.ours
    return Text(f"{head.zh}：各公司对 {ours}，同类话务", f"{head.en}: each company against {ours} on the same work")


def _draw(panel: Axes, rows: Sequence[_Row], language: Language) -> None:
    places = np.arange(len(rows))[::-1]
    margin = rows[0].comparison.margin
    if margin:
        panel.axvspan(-margin, margin, color=FAINT, zorder=0, label=MARGIN.to(language))
    panel.axvline(0, color=QUIET, linewidth=1, zorder=1)
    for place, row in zip(places.tolist(), rows, strict=True):
        _draw_row(panel, place, row, language)
    panel.plot([], [], "o", markerfacecolor="none", markeredgecolor=QUIET, label=RAW.to(language))
    several = len(rows) > len(rows[0].comparison.lines)
    panel.set_yticks(places, [_label(row, several=several, language=language) for row in rows])
    panel.set_ylim(-0.7, len(rows) - 0.3)
    panel.tick_params(axis="y", length=0, labelcolor=INK)
    panel.spines["left"].set_visible(False)
    panel.set_xlabel(_axis(rows[0].comparison).to(language))
    panel.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False, fontsize=8)


def _draw_row(panel: Axes, place: int, row: _Row, language: Language) -> None:
    held = row.line.estimate
    panel.plot([row.comparison.raw_gap], [place], "o", markerfacecolor="white", markeredgecolor=QUIET, zorder=5)
    if held is None:
        words = Verdict.NOT_COMPARABLE.words.to(language)
        behind = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        panel.text(0, place, words, ha="center", va="center", color=QUIET, fontsize=8, bbox=behind, zorder=4)
        return
    colour = THEIRS if row.line.verdict in (Verdict.WORSE, Verdict.BETTER) else OURS
    panel.plot([held.low, held.high], [place, place], color=colour, linewidth=2.5, solid_capstyle="butt", zorder=3)
    panel.plot([held.value], [place], "o", color=colour, zorder=4)
    words = f"{number(held.value)} ({number(held.low)}, {number(held.high)})  {row.line.verdict.words.to(language)}"
    panel.annotate(
        words.replace("-", "−"), (held.value, place), (0, 9), textcoords="offset points",
        ha="center", va="bottom", fontsize=8, color=INK,
    )  # fmt: skip


def _label(row: _Row, *, several: bool, language: Language) -> str:
    kind = ABOUT[row.line.kind].to(language)
    return f"{row.comparison.theirs}\n{kind}" if several else kind


def _axis(comparison: Comparison) -> Text:
    unit, ours, title = unit_of(comparison), comparison.ours, comparison.metric.title
    return Text(f"{title.zh}：与 {ours} 之差（{unit.zh}）", f"{title.en}: difference from {ours} ({unit.en})")


def _note(rows: Sequence[_Row]) -> Text:
    """n of contacts and agents, and what the bars are."""
    first: dict[str, Comparison] = {}
    for row in rows:
        first.setdefault(row.comparison.theirs, row.comparison)
    some = next(iter(first.values()))
    sizes = [_size(some.ours, some.contacts[0], some.agents[0])]
    sizes += [_size(one.theirs, one.contacts[1], one.agents[1]) for one in first.values()]
    bars = _bars(rows)
    listed = joined(sizes, zh="；", en="; ")
    return Text(f"{listed.zh}。{bars.zh}", f"{listed.en}. {bars.en}")


def _bars(rows: Sequence[_Row]) -> Text:
    """The level of the bars; where Holm made them differ, whose it is."""
    named: dict[str, list[Text]] = {}
    for row in rows:
        if row.line.estimate:
            named.setdefault(_level(row), []).append(_whose(row, rows))
    if len(named) == 1:
        (shown,) = named
        return Text(
            f"横条为 {shown}% 区间，以坐席为抽样单位。", f"Bars: {shown} % intervals with agents as the sample."
        )
    lists = {shown: joined(dict.fromkeys(names), zh="、", en=" and ") for shown, names in named.items()}
    zh = "，".join(f"{names.zh} {shown}%" for shown, names in lists.items())
    en = ", ".join(f"{shown} % for {names.en}" for shown, names in lists.items())
    return Text(
        f"横条为区间（{zh}），合在一起成立（Holm），以坐席为抽样单位。",
        f"Bars: intervals ({en}) that hold together (Holm), with agents as the sample.",
    )


def _level(row: _Row) -> str:
    assert row.line.estimate is not None
    return f"{100 * row.line.estimate.level:.4g}"


def _whose(row: _Row, rows: Sequence[_Row]) -> Text:
    """The company; with the question where its bars differ among themselves."""
    name = row.comparison.theirs
    levels = {_level(one) for one in rows if one.line.estimate and one.comparison.theirs == name}
    kind = ABOUT[row.line.kind]
    return same(name) if len(levels) == 1 else Text(f"{name}（{kind.zh}）", f"{name} ({kind.en})")


def _size(name: str, contacts: int, agents: int) -> Text:
    return Text(f"{name} {contacts:,} 行、{agents:,} 名坐席", f"{name}: {contacts:,} rows, {agents:,} agents")


def funnel_picture(found: People, title: Text, unit: Text) -> Picture | None:
    """The funnel: each team by its size and distance from what its work leads to expect. None without teams."""
    if not found.ones:
        return None

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _funnel(panels[0], found, unit, language)

    note = Text(
        f"灰带：{found.limit:.2f} 倍误差，含正常差异；虚线：只有偶然时的界限。误报预算 {found.budget:g}。",
        f"Band: {found.limit:.2f} errors with ordinary differences in them; dashed: by chance alone. Budget of false "
        f"alarms: {found.budget:g}.",
    )
    return Picture(title=title, draw=draw, note=note, size=(8.0, 5.2))


def _funnel(panel: Axes, found: People, unit: Text, language: Language) -> None:
    rows = np.array([one.rows for one in found.ones], float)
    noise = np.array([one.error for one in found.ones]) * np.sqrt(rows)
    grid = np.linspace(max(rows.min() * 0.8, 1), rows.max() * 1.05, 200)
    error = np.median(noise) / np.sqrt(grid)
    wide, plain = found.limit * np.hypot(error, found.spread), found.limit * error
    panel.fill_between(grid, -wide, wide, color=FAINT, zorder=0)
    for sign in (-1, 1):
        panel.plot(grid, sign * plain, "--", color=QUIET, linewidth=0.8, zorder=1)
    panel.axhline(0, color=QUIET, linewidth=1, zorder=1)
    for mark, colour, company in zip("os^Dv", (OURS, THEIRS, INK, QUIET, ALARM), found.companies, strict=False):
        mine = [one for one in found.ones if one.company == company]
        panel.plot(
            [one.rows for one in mine], [one.difference for one in mine], mark, color=colour, markersize=5,
            alpha=0.75, label=company, linestyle="none", zorder=2,
        )  # fmt: skip
    _name_flagged(panel, found.ones)
    panel.set_xlabel(Text("行数", "rows").to(language))
    words = Text(f"与本公司同类话务之差（{unit.zh}）", f"difference from its company on such work ({unit.en})")
    panel.set_ylabel(words.to(language))
    panel.legend(loc="upper right", frameon=False, fontsize=8)


def _name_flagged(panel: Axes, ones: Sequence[One]) -> None:
    flagged = sorted((one for one in ones if one.flagged), key=lambda one: -abs(one.difference))
    for place, one in enumerate(flagged[:NAMED_AT_MOST]):
        panel.plot([one.rows], [one.difference], "o", markersize=11, markerfacecolor="none", markeredgecolor=ALARM)
        # Neighbours are named on either side, so that names do not lie on each other.
        aside, align = ((8, -3), "left") if place % 2 == 0 else ((-8, -3), "right")
        panel.annotate(
            one.name, (one.rows, one.difference), aside, textcoords="offset points", ha=align, fontsize=8, color=INK
        )
