"""The picture of a bench: the fan of heads against the need, without and with classes, and the chance of a shortage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from onefloor.insight.pictures import ALARM, INK, OURS, QUIET, Picture
from onefloor.language import Language, Text
from onefloor.planning.bench.asking import Held
from onefloor.planning.bench.problem import Floats, Plan
from onefloor.planning.bench.sentences import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def picture(skill: str, held: Held, plan: Plan) -> Picture:
    """Two panels: heads with their fan, and the chance of too few beside the risk.

    What the classes do is drawn in pieces, from class to class: heads jump on the day a class is ready.
    """
    dates = [held.date_of(int(day)) for day in plan.problem.days]

    def draw(panels: Sequence[Axes], language: Language) -> None:
        _heads(panels[0], dates, held, plan, language)
        _chances(panels[1], dates, plan, language)

    return Picture(_title(skill, plan), draw, _note(plan), (8.0, 6.0), (2.2, 1.0))


def _heads(panel: Axes, dates: list[date], held: Held, plan: Plan, language: Language) -> None:
    x = _numbers(dates)
    outer = Text("95% 区间", "95 % interval").to(language)
    panel.plot(x, plan.alone[2], color=QUIET, linestyle="--", label=Text("不培训", "no training").to(language))
    panel.fill_between(x, plan.alone[0], plan.alone[4], color=QUIET, alpha=0.12, linewidth=0)
    at, heads = broken(plan, x, plan.heads)
    panel.fill_between(at, heads[0], heads[4], color=OURS, alpha=0.15, linewidth=0, label=outer)
    panel.fill_between(at, heads[1], heads[3], color=OURS, alpha=0.25, linewidth=0)
    panel.plot(at, heads[2], color=OURS, label=Text("按计划开班", "with the classes").to(language))
    panel.step(x, plan.problem.need, where="post", color=ALARM, linewidth=1.6, label=Text("需要", "need").to(language))
    for one in plan.classes:
        if one.size:
            at = _numbers([held.date_of(one.ready)])[0]
            panel.axvline(at, color=INK, linewidth=0.7, linestyle=":")
            panel.annotate(
                f"+{one.size}", (at, 1.0), xycoords=("data", "axes fraction"), xytext=(2, -9), fontsize=8,
                textcoords="offset points", color=INK,
            )  # fmt: skip
    panel.set_ylabel(Text("合格人数", "qualified people").to(language))
    panel.grid(axis="y")
    panel.legend(loc="lower left", ncols=4, fontsize=8, framealpha=1.0, edgecolor="none")
    low = min(float(plan.alone[0].min()), float(plan.problem.need.min()))
    high = max(float(plan.heads[4].max()), float(plan.problem.need.max()))
    panel.set_ylim(max(0.0, low - 0.28 * (high - low) - 1), high + 0.1 * (high - low) + 1)
    _axis(panel)


def _chances(panel: Axes, dates: list[date], plan: Plan, language: Language) -> None:
    x = _numbers(dates)
    panel.plot(
        x, 100 * plan.without.value, color=QUIET, linestyle="--", label=Text("不培训", "no training").to(language)
    )
    at, chances = broken(plan, x, 100 * plan.with_classes.value)
    panel.plot(at, chances, color=OURS, label=Text("按计划开班", "with the classes").to(language))
    panel.axhline(100 * plan.parameters.risk, color=ALARM, linewidth=1.2)
    panel.annotate(
        Text("可接受的风险", "accepted risk").to(language), (1.0, 100 * plan.parameters.risk),
        xycoords=("axes fraction", "data"), xytext=(-2, 3), textcoords="offset points", ha="right", fontsize=8,
        color=ALARM,
    )  # fmt: skip
    panel.set_ylim(-2, 102)
    panel.set_ylabel(Text("缺人概率（%）", "chance of too few (%)").to(language))
    panel.grid(axis="y")
    _axis(panel)


def broken(plan: Plan, x: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Points of the days, shape (days,), and values (..., days), parted by a gap where a class is ready.

    Up to that day the value before it is drawn, from that day on the one after it: less than a week apart from either.
    """
    days = plan.problem.days
    ready = sorted({one.ready for one in plan.classes if one.size and days[0] < one.ready <= days[-1]})
    places = np.searchsorted(days, ready)
    at = x[0] + (np.array(ready, dtype=float) - days[0])
    gaps = np.full(values[..., places].shape, np.nan)
    between = np.stack([values[..., places - 1], gaps, values[..., places]], axis=-1)
    flat = between.reshape(*values.shape[:-1], 3 * len(ready))
    threes = np.repeat(places, 3)
    return np.insert(x, threes, np.repeat(at, 3)), np.insert(values, threes, flat, axis=-1)


def _numbers(dates: Sequence[date]) -> Floats:
    from matplotlib.dates import date2num

    return np.asarray([float(date2num(one)) for one in dates])  # type: ignore[no-untyped-call]


def _axis(panel: Axes) -> None:
    from matplotlib.dates import DateFormatter
    from matplotlib.ticker import MaxNLocator

    panel.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_locator(MaxNLocator(6, integer=True))


def _title(skill: str, plan: Plan) -> Text:
    total, risk = plan.size, percent(plan.parameters.risk)
    if plan.unmet:
        return Text(
            f"{skill}：开满 {total} 人仍超过 {risk} 的风险", f"{skill}: {total} trainees do not keep the risk of {risk}"
        )
    if not total:
        return Text(f"{skill}：人才储备足够，不必开班", f"{skill}: the bench is enough, no class needed")
    return Text(
        f"{skill}：培训 {total} 人，缺人概率不超过 {risk}", f"{skill}: {total} trainees keep the risk below {risk}"
    )


def _note(plan: Plan) -> Text:
    ready = plan.problem.training
    return Text(
        f"现有 {len(plan.problem.people)} 人；培训 {ready.lead} 天，合格率 {percent(ready.share)}；"
        f"{plan.parameters.futures:,} 种未来；竖线：结业日与开班人数",
        f"{len(plan.problem.people)} people now; training {ready.lead} days, {percent(ready.share)} qualify; "
        f"{plan.parameters.futures:,} futures; dotted: a class is ready, with its size",
    )
