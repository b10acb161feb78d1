"""People 人员: were they there as planned, and did they stay."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.metrics.definition import Definition
from onefloor.metrics.metric import Atom, Better, Exclusion, Unit

DAYS_A_YEAR = 365
SCHEDULED = Text(
    "坐席有班的半小时（经批准的假除外）", "half hours in which an agent had a shift (approved leave is none)"
)
ROSTER_DAYS = Text("人员名册上的人日", "days of people on the roster")


def _of_schedule(
    name: str, title: Text, formula: Text, clock: Text, numerator: str, denominator: str, better: Better, source: str
) -> Definition:
    return Definition(
        name=name,
        title=title,
        formula=formula,
        population=SCHEDULED,
        clock=clock,
        unit=Unit.PERCENT,
        better=better,
        sides=lambda _: (Atom("agent_time", "", numerator), Atom("agent_time", "", denominator)),
        source=source,
        scale=100,
        places=2,
    )


DEFINITIONS = (
    _of_schedule(
        "adherence",
        Text("排班遵守率", "schedule adherence"),
        Text("在正确时间处于正确状态的时间÷排班时间", "time in the right state at the right time / scheduled time"),
        Text(
            "逐毫秒比较班表与坐席状态，无宽限", "shift and state are compared millisecond by millisecond, without grace"
        ),
        "adherent_ms",
        "scheduled_ms",
        Better.HIGHER,
        "ServiceNow documentation, view-schedule-adherence",
    ),
    _of_schedule(
        "conformance",
        Text("工时达成率", "conformance"),
        Text("登录时间÷排班时间，不论何时", "time logged in / scheduled time, whenever it was"),
        Text(
            "登录即计，不看时点：遵守率 50% 时也可能为 100%",
            "logged in at any time: it can be 100 % with an adherence of 50 %",
        ),
        "worked_ms",
        "scheduled_ms",
        Better.WITHIN,
        "ServiceNow documentation, view-schedule-adherence",
    ),
    _of_schedule(
        "absence",
        Text("缺勤率", "absence"),
        Text("应在岗而未登录的时间÷应在岗时间", "time required but not logged in / time required"),
        Text("班表要求上岗的时间；经批准的假不在内", "shift time that asks for work; approved leave is not in it"),
        "absent_ms",
        "required_ms",
        Better.LOWER,
        "COPC R4.1 glossary in a public copy (second-hand)",
    ),
    Definition(
        name="attrition",
        title=Text("流失率（年化）", "attrition (annualised)"),
        formula=Text("离开人数×365÷人日", "leavers x 365 / headcount days"),
        population=ROSTER_DAYS,
        clock=Text("名册上最后一天为离开日", "the last day on the roster is the day of leaving"),
        unit=Unit.PERCENT,
        better=Better.LOWER,
        sides=lambda _: (Atom("people", "left", times=DAYS_A_YEAR), Atom("people", "")),
        source="COPC R4.1 glossary in a public copy (second-hand); by headcount days: own definition",
        scale=100,
        places=2,
        notes=Text(
            "自愿与非自愿合计。人日之和是人数乘以天数，因此任何期间都是年化值；闰年也按 365 天。",
            "Voluntary and involuntary together. Headcount days are people times days, so any period is annualised; "
            "365 days also in a leap year.",
        ),
    ),
    Definition(
        name="early_attrition",
        title=Text("新人流失率", "early attrition"),
        formula=Text(
            "期内入职 90 天内离开的人数÷期内入职人数",
            "people who left within 90 days of hiring / people hired, both in the period",
        ),
        population=Text(
            "期内入职者；期内离开且入职不足 90 天者",
            "people hired in the period; people who left in it within 90 days of hiring",
        ),
        clock=Text("从入职日起 90 天", "90 days from the day of hiring"),
        unit=Unit.PERCENT,
        better=Better.LOWER,
        sides=lambda _: (Atom("people", "left_early"), Atom("people", "hired")),
        source="wiki.wfmlabs.org, Agent Onboarding and Nesting Period Management; not by class: own definition",
        scale=100,
        places=2,
        exclusions=(
            Exclusion(
                "others",
                "not hired and not left_early",
                Text("既非入职日，也非新人离开日", "neither a first day nor an early leaver's last"),
            ),
        ),
        notes=Text(
            "不是同一批人：离开者可能在上一期入职，因此可能超过 100%。",
            "Not a cohort: a leaver may have been hired before the period, so more than 100 % is possible.",
        ),
    ),
)
