"""Selling 营销: what was sold, and what of it lasted."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.metrics.definition import Definition, duration
from onefloor.metrics.metric import Atom, Better, Exclusion, Unit

ACCEPTED = Atom("sales", "accepted")
SOLD = Text("按成交时间归期", "dated by the sale")
REFUSED = Exclusion("refused", "not accepted", Text("客户未接受", "the customer did not accept"))

DEFINITIONS = (
    Definition(
        name="conversion",
        title=Text("营销成功率", "conversion"),
        formula=Text("成交÷可推荐的接通通话段", "accepted sales / handled legs that allow an offer"),
        population=Text(
            "成交；有坐席接通且来源未禁止推荐的通话段",
            "accepted sales; answered legs to which the source does not forbid an offer",
        ),
        clock=SOLD,
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda _: (ACCEPTED, Atom("legs", "sale_eligible")),
        source="own definition",
        scale=100,
        places=2,
        notes=Text(
            "一次话务成交多件时各计一次，因此可能超过 100%。",
            "Each of several sales of one contact counts, so more than 100 % is possible.",
        ),
    ),
    Definition(
        name="sales_per_hour",
        title=Text("每小时成交", "sales per hour"),
        formula=Text("成交÷有效工时", "accepted sales / productive hours"),
        population=Text("成交；坐席的有效时间", "accepted sales; productive time of agents"),
        clock=Text("有效工时含空闲、振铃、通话、保持与话后处理", "productive: available, ringing, talk, hold and wrap"),
        unit=Unit.PER_HOUR,
        better=Better.HIGHER,
        sides=lambda _: (ACCEPTED, Atom("agent_time", "", "productive_ms")),
        source="own definition",
        scale=3_600_000,
        places=3,
    ),
    Definition(
        name="sale_quality",
        title=Text("营销质量", "sale quality"),
        formula=Text(
            "N 天内未取消且未被投诉的成交÷成交",
            "sales neither cancelled nor complained about within N days / accepted sales",
        ),
        population=Text("成交", "accepted sales"),
        clock=Text("从成交起，到取消或投诉为止", "from the sale to the cancellation or complaint"),
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda _: (
            Atom(
                "sales",
                "accepted and (cancelled_after_ms is None or cancelled_after_ms > within)"
                " and (complained_after_ms is None or complained_after_ms > within)",
            ),
            ACCEPTED,
        ),
        source="own definition",
        scale=100,
        places=2,
        parameters={
            "within": duration("30d", Text("观察期，含该时长本身", "N days, including their last millisecond"))
        },
        exclusions=(REFUSED,),
        final_after="within",
    ),
)
