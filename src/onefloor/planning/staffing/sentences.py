"""What requirements say in words, Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from onefloor.insight.numbers import number
from onefloor.language import Text
from onefloor.planning.staffing.patience import Patience
from onefloor.planning.staffing.requirements import Requirement
from onefloor.planning.staffing.targets import Target

HEADS = (
    Text("技能", "skill"), Text("话务量", "contacts"), Text("高峰坐席", "peak agents"), Text("坐席工时", "agent hours"),
    Text("服务水平", "service level"), Text("放弃率", "abandonment"), Text("平均等待", "mean wait"),
    Text("占用率", "occupancy"),
)  # fmt: skip


def headline(found: Sequence[Requirement], target: Target) -> Text:
    """How many hours it takes to meet the target."""
    first, last = found[0].demand.starts[0].date(), found[0].demand.starts[-1].date()
    hours = sum(one.hours for one in found)
    peak = int(np.sum([one.agents for one in found], axis=0).max()) if _alike(found) else 0
    top_zh = f"，合计高峰 {peak} 人" if peak else ""
    top_en = f", at most {peak} people at once" if peak else ""
    return Text(
        f"{first} 至 {last} 每个时段达到 {target.text}：{hours:,.0f} 坐席小时{top_zh}。",
        f"{target.text} in every interval from {first} to {last}: {hours:,.0f} agent hours{top_en}.",
    )


def _alike(found: Sequence[Requirement]) -> bool:
    return len({one.demand.starts for one in found}) == 1


def row(one: Requirement, formula: str) -> list[object]:
    """One line of the table."""
    calls = one.demand.calls
    busy = one.at_desks.sum()
    occupancy = float((one.expected.occupancy * one.at_desks).sum() / busy) if busy else float("nan")
    return [
        one.demand.skill, f"{calls.sum():,.0f}", int(one.agents.max(initial=0)), f"{one.hours:,.1f}",
        percent(one.over_all(one.expected.service_level(formula))), percent(one.over_all(one.expected.p_abandon)),
        f"{number(one.over_all(one.expected.mean_wait_s))} s" if calls.any() else "-", percent(occupancy),
    ]  # fmt: skip


def percent(share: float) -> str:
    """``81.2%``; a dash where there is none."""
    return "-" if np.isnan(share) else f"{number(100 * share)}%"


def patience_words(queue: str, found: Patience) -> Text:
    """How long callers wait before they leave."""
    if np.isinf(found.seconds):
        return Text(
            f"{queue}：只有 {found.left} 通放弃，不足以估计耐心，按无人放弃计算（Erlang C）。",
            f"{queue}: only {found.left} callers left, too few to say how long they wait: nobody leaves (Erlang C).",
        )
    return Text(
        f"{queue}：平均耐心 {found.seconds:,.0f} 秒"
        f"（95% 区间 {found.low:,.0f} 至 {found.high:,.0f}，{found.left:,} 通放弃）。",
        f"{queue}: mean patience {found.seconds:,.0f} s ({found.low:,.0f} to {found.high:,.0f} at 95 %, {found.left:,} "
        "callers left).",
    )


def volume_words(volume: str) -> Text:
    """What was staffed for where it was not the mean."""
    level = volume.removeprefix("high")
    return Text(
        f"按 {level}% 区间的上限配置；同一技能有几个队列或公司时上限相加，高于其合计的上限。",
        f"Staffed for the upper ends of {level} % intervals; those of several queues or companies of one skill are "
        "added up, which is more than the upper end of their sum.",
    )


def assumptions() -> Iterator[Text]:
    """What the numbers rest on."""
    yield Text(
        "前提：各时段互不影响，一项技能只由会该技能的坐席承接；"
        "人数为排班应到人数，已含 --shrinkage 所给的计划缺勤，未含班内休息。",
        "Assumes that intervals do not affect each other and that each skill has agents of its own; the numbers are "
        "people to roster: planned absence is in as far as --shrinkage says, breaks within shifts are not.",
    )
