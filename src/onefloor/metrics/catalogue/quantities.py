"""Quantities 计量: what price bases and volume clauses count. Their denominator is 1, and zero is a value."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text
from onefloor.metrics.definition import Definition, Parameter, Value, duration
from onefloor.metrics.metric import Atom, Better, Unit
from onefloor.metrics.spoken import spoken

STARTED = Text("按开始时间归期", "dated by its beginning")
HALF_HOURS = Text("坐席登录或有班的半小时", "half hours in which an agent was logged in or scheduled")


def _quantity(
    name: str,
    title: Text,
    population: Text,
    atom: Atom,
    unit: Unit,
    *,
    clock: Text = STARTED,
    parameters: Mapping[str, Parameter] | None = None,
    final_after: str = "",
    notes: Text | None = None,
    source: str = "own definition",
) -> Definition:
    def sides(_: Mapping[str, Value]) -> tuple[Atom, None]:
        return atom, None

    return Definition(
        name=name,
        title=title,
        formula=_formula(atom),
        population=population,
        clock=clock,
        unit=unit,
        better=Better.WITHIN,
        sides=sides,
        source=source,
        parameters=parameters or {},
        final_after=final_after,
        notes=notes,
    )


def _formula(atom: Atom) -> Text:
    if atom.sum is None:
        return Text("行数", "number of rows")
    what = spoken(atom.sum)
    return Text(f"{what.zh}之和", f"sum of {what.en}")


DEFINITIONS = (
    _quantity(
        "offered_contacts",
        Text("人工请求量", "offered contacts"),
        Text("进入队列的通话段", "legs that entered a queue"),
        Atom("legs", "offered"),
        Unit.COUNT,
    ),
    _quantity(
        "forecast_contacts",
        Text("锁定预测量", "locked forecast contacts"),
        Text("已过去的锁定预测时段", "locked forecast intervals that have passed"),
        Atom("forecasts", "", "forecast"),
        Unit.COUNT,
        clock=Text("按时段开始归期", "dated by the interval's beginning"),
    ),
    _quantity(
        "handled_contacts",
        Text("接通话务量", "handled contacts"),
        Text("有坐席接通的话务", "contacts that an agent answered"),
        Atom("contacts", ""),
        Unit.COUNT,
        clock=Text("按最后接通的通话段归期和归属", "dated and owned by the leg that was answered last"),
        notes=Text(
            "转接的话务计一次；按段计见 handled_legs。",
            "A transferred contact counts once; see handled_legs for its legs.",
        ),
    ),
    _quantity(
        "handled_legs",
        Text("接通的通话段", "handled legs"),
        Text("有坐席接通的通话段", "legs that an agent answered"),
        Atom("legs", "answered"),
        Unit.COUNT,
    ),
    _quantity(
        "handled_time",
        Text("处理时长", "handled time"),
        Text("有坐席接通的通话段", "legs that an agent answered"),
        Atom("legs", "answered", "handle_ms"),
        Unit.MS,
        clock=Text("通话、保持与话后处理", "talk, hold and after-call work"),
    ),
    _quantity(
        "logged_time",
        Text("登录时长", "logged-in time"),
        HALF_HOURS,
        Atom("agent_time", "", "logged_ms"),
        Unit.MS,
        clock=Text("登录的全部时间", "all time logged in"),
    ),
    _quantity(
        "paid_time",
        Text("计薪时长", "paid time"),
        HALF_HOURS,
        Atom("agent_time", "", "paid_ms"),
        Unit.MS,
        clock=Text(
            "带薪班次时间；没有班表的日子以登录时间代替", "paid shift time; logged-in time on days without a shift"
        ),
    ),
    _quantity(
        "productive_time",
        Text("有效时长", "productive time"),
        HALF_HOURS,
        Atom("agent_time", "", "productive_ms"),
        Unit.MS,
        source="support.assembled.com (Billing Report)",
        clock=Text("空闲、振铃、通话、保持与话后处理", "available, ringing, talk, hold and wrap"),
    ),
    _quantity(
        "productive_adherent_time",
        Text("班内有效时长", "productive time in adherence"),
        HALF_HOURS,
        Atom("agent_time", "", "productive_adherent_ms"),
        Unit.MS,
        source="support.assembled.com (Billing Report)",
        clock=Text("班表要求上岗期间的有效时间", "productive while the shift asks for work"),
    ),
    _quantity(
        "sales_net",
        Text("净成交", "net sales"),
        Text("N 天内未取消的成交", "accepted sales not cancelled within N days"),
        Atom("sales", "accepted and (cancelled_after_ms is None or cancelled_after_ms > within)"),
        Unit.COUNT,
        clock=Text("从成交起，到取消为止", "from the sale to the cancellation"),
        parameters={
            "within": duration("30d", Text("观察期，含该时长本身", "N days, including their last millisecond"))
        },
        final_after="within",
    ),
    _quantity(
        "agent_days",
        Text("在册人日", "agent days"),
        Text("人员名册上的人日", "days of people on the roster"),
        Atom("people", ""),
        Unit.DAYS,
        clock=Text("每人每天一行", "one row per person and day"),
        notes=Text("除以当月天数即平均人数（FTE）。", "Divided by the month's days it is the mean headcount (FTE)."),
    ),
)
