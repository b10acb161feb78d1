"""Handling and use of time 效率: how long contacts take and what logged-in and paid time goes into."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text
from onefloor.metrics.definition import Definition, Value, choice
from onefloor.metrics.metric import Atom, Better, Exclusion, Unit

HANDLED = {"all": "answered", "in": "answered and inbound"}
BUSY = "talk_ms + hold_ms + wrap_ms"
HANDLED_LEGS = Text("有坐席接通的通话段", "legs that an agent answered")
AGENT_TIME = Text("坐席登录或有班的半小时", "half hours in which an agent was logged in or scheduled")
MERGED = Text(
    "重叠的状态已合并：同一时刻只算最忙的一个（通话、保持、话后、振铃、小休、空闲）",
    "overlapping states are merged, the busiest wins: talk, hold, wrap, ringing, paused, available",
)


def _handled(values: Mapping[str, Value]) -> str:
    return HANDLED[str(values["direction"])]


def _mean(name: str, column: str, title: Text, part: Text, clock: Text, better: Better = Better.WITHIN) -> Definition:
    """A mean duration over handled legs."""
    return Definition(
        name=name,
        title=title,
        formula=Text(f"{part.zh}之和÷接通的通话段", f"sum of {part.en} / handled legs"),
        population=HANDLED_LEGS,
        clock=clock,
        unit=Unit.MS,
        better=better,
        sides=lambda values: (Atom("legs", _handled(values), column), Atom("legs", _handled(values))),
        source="usage of the field",
        parameters={
            "direction": choice("all", Text("所有通话段，或仅呼入", "all legs, or inbound ones only"), *HANDLED),
        },
        notes=Text(
            "按通话段而非话务计：转接的话务有两段。来源不提供的部分不计入。",
            "Per leg, not per contact: a transferred contact has two. What the source does not record adds nothing.",
        ),
    )


def _share(
    name: str, title: Text, formula: Text, numerator: str, denominator: str, source: str, **more: object
) -> Definition:
    """A share of agent time."""
    return Definition(
        name=name,
        title=title,
        formula=formula,
        population=AGENT_TIME,
        clock=MERGED,
        unit=Unit.PERCENT,
        better=Better.WITHIN,
        sides=lambda _: (Atom("agent_time", "", numerator), Atom("agent_time", "", denominator)),
        source=source,
        scale=100,
        places=2,
        **more,  # type: ignore[arg-type]
    )


DEFINITIONS = (
    _mean(
        "aht",
        "handle_ms",
        Text("平均处理时长", "average handling time"),
        Text("通话、保持与话后处理时长", "talk, hold and after-call work"),
        Text("从坐席接通起，到话后处理结束为止", "from the agent's answer to the end of after-call work"),
    ),
    _mean(
        "talk_time",
        "talk_ms",
        Text("平均通话时长", "average talk time"),
        Text("通话时长", "talk"),
        Text("从接通到挂断，不含保持", "from answer to hang-up, without hold"),
    ),
    _mean(
        "hold_time",
        "hold_ms",
        Text("平均保持时长", "average hold time"),
        Text("保持时长", "hold"),
        Text("客户被保持的时间", "time the customer was on hold"),
        Better.LOWER,
    ),
    _mean(
        "wrap_time",
        "wrap_ms",
        Text("平均话后处理时长", "average after-call work"),
        Text("话后处理时长", "after-call work"),
        Text("从挂断到话后处理结束", "from hang-up to the end of after-call work"),
    ),
    _mean(
        "ring_time",
        "ring_ms",
        Text("平均振铃时长", "average ring time"),
        Text("接通坐席的振铃时长", "ringing of the agent who answered"),
        Text(
            "接通坐席处的振铃时间；无人接的振铃不计",
            "ringing at the agent who answered; rings nobody took are not in it",
        ),
        Better.LOWER,
    ),
    _share(
        "occupancy",
        Text("占用率", "occupancy"),
        Text(
            "（通话＋保持＋话后）÷（通话＋保持＋话后＋空闲）", "(talk + hold + wrap) / (talk + hold + wrap + available)"
        ),
        BUSY,
        f"{BUSY} + available_ms",
        "wfmclubs.com/terminology/wfm-metrics",
        notes=Text("振铃与小休两边都不计。", "Ringing and paused time are on neither side."),
    ),
    _share(
        "utilisation",
        Text("工时利用率", "utilisation"),
        Text("（通话＋保持＋话后＋振铃＋空闲）÷计薪时间", "(talk + hold + wrap + ringing + available) / paid time"),
        "productive_ms",
        "paid_ms",
        "callcentrehelper.com/forum/utilization-calculation-6767 (second-hand)",
        notes=Text(
            "计薪时间含培训等所有带薪班次；没有班表的日子以登录时间代替。",
            "Paid time is all paid shift time, training included; on days without a shift it is the logged-in time.",
        ),
    ),
    _share(
        "shrinkage",
        Text("损耗率", "shrinkage"),
        Text("（排班时间－要求在岗且实际有效的时间）÷排班时间", "(scheduled - productive while required) / scheduled"),
        "scheduled_ms - productive_adherent_ms",
        "scheduled_ms",
        "globalwfm.com/capacity-planning-basics-part-2-of-2; turnella.com/glossary",
        notes=Text(
            "计划内（休息、培训、会议）与计划外的合计；经批准的假不在排班时间内。人力需求＝所需÷（1－损耗率）。",
            "Planned (breaks, training, meetings) and unplanned together; approved leave is not scheduled time. "
            "A requirement is need / (1 - shrinkage), not need x (1 + shrinkage).",
        ),
    ),
    Definition(
        name="transfers",
        title=Text("转接率", "transfer rate"),
        formula=Text("转出的通话段÷接通的通话段", "legs passed on / handled legs"),
        population=HANDLED_LEGS,
        clock=Text("按通话段开始时间归期", "a leg belongs to the time at which it began"),
        unit=Unit.PERCENT,
        better=Better.LOWER,
        sides=lambda _: (Atom("legs", "answered and transferred"), Atom("legs", "answered")),
        source="usage of the field",
        scale=100,
        places=2,
        notes=Text("盲转与咨询转都算；转给另一公司的也算。", "Blind and attended, inside and to the other company."),
    ),
    Definition(
        name="ring_no_answer",
        title=Text("振铃未接率", "ring no answer rate"),
        formula=Text(
            "无人接的振铃÷（接起的振铃＋无人接的振铃）", "rings nobody took / (rings taken + rings nobody took)"
        ),
        population=Text("在坐席处的振铃", "rings at an agent"),
        clock=Text("每次振铃一行；一个通话段可能振铃多次", "one row a ring; a leg may ring several times"),
        unit=Unit.PERCENT,
        better=Better.LOWER,
        sides=lambda _: (Atom("rings", "not taken and not canceled"), Atom("rings", "not canceled")),
        source="own definition over RINGNOANSWER and RINGCANCELED of the Asterisk queue log",
        scale=100,
        places=2,
        exclusions=(
            Exclusion("canceled", "canceled", Text("振铃中客户离开，坐席无从接起", "the customer left while it rang")),
        ),
    ),
)
