"""What the gallery shows: invented, but it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor.problems import Place, Problem
from onefloor_web.platform.pages import formats
from onefloor_web.platform.pages.blocks import (
    Empty,
    Event,
    Freshness,
    Heat,
    Missing,
    Need,
    Pair,
    Progress,
    Stage,
    Step,
    Tab,
    heat_map,
)
from onefloor_web.platform.pages.charts import Axis, Chart, Happening, Level, Series
from onefloor_web.platform.pages.figures import LeftOut, Reading
from onefloor_web.platform.pages.formats import number, say
from onefloor_web.platform.pages.marks import Signal, State, company_mark, state_mark
from onefloor_web.platform.pages.tables import Column, Table

SERVICE_LEVEL = Text("服务水平", "Service level")
SATISFACTION = Text("满意度", "Satisfaction")
HANDLE_TIME = Text("平均处理时长", "AHT")
FCR = Text("一次性解决率（7 天）", "FCR (7 days)")
COMPLAINTS = Text("万次投诉率", "Complaints per 10,000")
TREND = (82.4, 81.9, 82.6, 81.2, None, 80.9, 81.7, 80.4, 81.1, 80.2, 79.9, 79.4, 78.9)


def everything(request: HttpRequest) -> dict[str, Any]:
    """The context of the gallery's template."""
    return {
        "readings": readings(),
        "table": agents(request),
        "nothing": Table.of(request, [], AGENT_COLUMNS, caption=_("Roster"), empty=NO_AGENTS, name="none"),
        "freshness": FRESHNESS,
        "jobs": JOBS,
        "events": EVENTS,
        "pairs": pairs(),
        "steps": STEPS,
        "tabs": TABS,
        "needs": NEEDS,
        "heat": heat(),
        "chart": chart(),
        "bars": bars(),
        "problem": UNKNOWN_QUEUE,
        "states": list(State),
        "companies": [("自有 Own", 1), ("北方 North", 2), ("港湾 Harbor", 3), ("山海 Hill", 4), ("云桥 Bridge", 5)],
        "until": date(2026, 11, 7),
        "at": datetime(2026, 11, 21, 6, 2, 11, tzinfo=UTC),
        "on": date(2026, 11, 21),
        "amount": Decimal("-8312.40"),
        "difference": Decimal("-2.1"),
        "handle_ms": 259_000,
    }


def readings() -> list[Reading]:
    """One figure of each state."""
    return [
        Reading(
            say(SERVICE_LEVEL),
            "78.9",
            "%",
            43_986,
            state=State.MISSED,
            target="≥ 80%",
            gap=formats.points(Decimal("-1.1")),
            low="78.5",
            high="79.3",
            signal=Signal(rising=False, good=False),
            trend=TREND,
            trend_target=80.0,
            url="#rows",
            left_out=(
                LeftOut(1_180, say(Text("10 月 14 日系统故障，双方已认可", "outage of 14 October, approved by both"))),
            ),
        ),
        Reading(
            say(FCR),
            "71.2",
            "%",
            39_015,
            state=State.MET,
            target="≥ 70%",
            gap=formats.points(Decimal("1.2")),
            low="70.7",
            high="71.7",
            trend=TREND[::-1],
            trend_open=2,
            trend_target=80.0,
            provisional=date(2026, 11, 7),
            url="#rows",
        ),
        Reading(
            say(SATISFACTION),
            "84.1",
            "%",
            2_114,
            state=State.UNCLEAR,
            target="≥ 85%",
            low="82.5",
            high="85.6",
            trend=(84, 85, 84.5, 83.9, 84.8, 85.1, 84.2, 84.4, 84.9, 84.1, 83.8, 84.5, 84.1),
            url="#rows",
            note=say(
                Text(
                    "可能范围包含目标 85%：不扣罚，也不奖励。",
                    "The range contains the target of 85%: no penalty, no bonus.",
                )
            ),
        ),
        Reading(
            say(HANDLE_TIME),
            "5:11",
            "",
            46_180,
            state=State.MET,
            target="4:00–5:30",
            signal=Signal(rising=True),
            trend=(290, 291, 288, 295, 299, 301, 300, 305, 307, 309, 308, 310, 311),
            url="#rows",
        ),
        Reading(
            say(COMPLAINTS),
            "4.9",
            "",
            46_180,
            state=State.MET,
            target="≤ 5",
            signal=Signal(rising=True, good=False),
            trend=(2.1, 2.0, 2.4, 2.2, 2.1, 2.6, 2.4, 2.3, 2.9, 3.1, 3.9, 4.4, 4.9),
            trend_open=1,
            url="#rows",
        ),
        Reading(
            say(SERVICE_LEVEL),
            "",
            "",
            14,
            state=State.NOT_ASSESSED,
            target="≥ 80%",
            note=say(
                Text("样本量 14，少于约定的 200，不作考核。", "14 contacts, fewer than the agreed 200: not assessed.")
            ),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Agent:
    """A row of the example table."""

    code: str
    company: str
    slot: int
    contacts: int
    handle_ms: int
    level: Decimal | None
    state: State


AGENTS = [
    Agent(
        f"N{2000 + at}",
        ("Own", "North", "Harbor")[at % 3],
        at % 3 + 1,
        1_200 - 7 * at,
        259_000 + 1_000 * at,
        None if at == 4 else Decimal(830 - 3 * at).scaleb(-1),
        State.NOT_ASSESSED if at == 4 else (State.MET, State.MISSED)[at % 2],
    )
    for at in range(54)
]
AGENT_COLUMNS = (
    Column(_("Agent"), lambda row: row.code, sort="code", url=lambda row: f"?agent={row.code}", panel=True),
    Column(_("Company"), lambda row: company_mark(row.company, row.slot), sort="company"),
    Column(_("Contacts"), lambda row: number(row.contacts), sort="contacts", number=True),
    Column(_("AHT"), lambda row: formats.duration(row.handle_ms), sort="handle_ms", number=True, unit="m:ss"),
    Column(_("Service level"), lambda row: number(row.level), sort="level", number=True, unit="%"),
    Column(_("Target"), lambda row: state_mark(row.state)),
)
NO_AGENTS = Empty(
    _("No people yet. One roster file brings agents with their company, team and skill; they appear here."),
    _("Import a roster"),
    "#import",
    ("N2031", "North", "1,043", "4:52", "83.4", "–"),
)


def agents(request: HttpRequest) -> Table:
    """A table of 54 rows on pages of 12."""
    return Table.of(request, AGENTS, AGENT_COLUMNS, caption=_("Agents"), empty=NO_AGENTS, order="code", per_page=12)


FRESHNESS = Freshness(
    datetime(2026, 11, 20, 15, 59, tzinfo=UTC), (Missing("North", "queue_log 2026-11-20"),), url="#imports"
)
JOBS = (
    Progress(
        "41",
        _("Load queue_log-2026-10"),
        Stage.RUNNING,
        "/gallery/jobs/41/",
        804_000,
        1_198_020,
        _("lines"),
        cancel_url="#",
    ),
    Progress("42", _("Export contacts"), Stage.WAITING, "/gallery/jobs/42/", cancel_url="#"),
    Progress("43", _("Load roster.csv"), Stage.DONE, done=120, total=120, result_url="#", result=_("Report")),
    Progress(
        "44",
        _("Load queue_log-2026-09"),
        Stage.FAILED,
        done=12_000,
        total=900_000,
        retry_url="#",
        why=_("The file ended in the middle of a line. Nothing was loaded; send it again."),
    ),
)


def ended(number: int) -> Progress:
    """A job of the gallery a while later."""
    return Progress(
        str(number), _("Load queue_log-2026-10"), Stage.DONE, done=1_198_020, total=1_198_020, unit=_("lines")
    )


EVENTS = (
    Event(datetime(2026, 11, 2, 1, 4, tzinfo=UTC), _("Statement issued"), "系统 system"),
    Event(
        datetime(2026, 11, 16, 7, 30, tzinfo=UTC),
        _("Line 2 disputed"),
        "陈敏 Chen Min",
        "North",
        _("CRM was down on 14 October, 09:58–11:30."),
        "#dispute",
    ),
    Event(None, _("Ruling on line 2, until Tue 24 Nov 18:00"), "李伟 Li Wei", "Own"),
)
STEPS = (
    Step(_("File"), "#", done=True),
    Step(_("Kind"), "#", done=True),
    Step(_("Map"), current=True),
    Step(_("Dry run")),
    Step(_("Load")),
    Step(_("Report")),
)
TABS = (Tab(_("Terms"), "#", current=True), Tab(_("Changes"), "#changes"), Tab(_("Signatures"), "#signatures"))
NEEDS = (
    Need(_("1 d late"), _('Answer request R-88 "refund rule"'), _("Answer"), "#", late=True),
    Need(_("16 h left"), _("Rule on dispute: North, October, line 2"), _("Rule"), "#"),
    Need(_("4 d left"), _("Approve exclusion: 14 October, 1,180 rows"), _("Open"), "#"),
)
UNKNOWN_QUEUE = Problem(
    Text("31 行的队列“tech2”不在本现场。", '31 lines name the queue "tech2", which this floor does not have.'),
    remedy=Text("指定对应队列后，这 31 行可一并导入。", "Map it once and all 31 load."),
    where=Place("queue_log-2026-10", 47),
)


def pairs() -> list[Pair]:
    """Properties of a statement."""
    return [
        Pair(_("Period"), formats.month("2026-10")),
        Pair(_("Net"), formats.money(Decimal("272611.80"), "CNY")),
        Pair(_("Service level"), state_mark(State.MISSED)),
        Pair(_("Data version"), "418", "#"),
    ]


def heat() -> Heat:
    """Contacts in time by half hour and weekday."""
    columns = [say(day) for day in formats.WEEKDAYS]
    rows = [
        (
            f"{8 + half // 2:02d}:{half % 2 * 30:02d}",
            [_half_hour(half, day) for day in range(7)],
        )
        for half in range(12)
    ]
    scale = ["< 70", "70–75", "75–80", "80–85", "≥ 85"]
    return heat_map(
        _("Service level, %, by half hour and weekday"),
        columns,
        rows,
        written=scale,
        edges=(70, 75, 80, 85),
        minimum=30,
    )


def _half_hour(half: int, day: int) -> tuple[float | None, str, int]:
    if day == 6 and half < 2:
        return None, "", 0
    value = 66 + (half * 7 + day * 11) % 24
    return value, number(Decimal(value * 10) / 10), 12 if (half + day) % 9 == 0 else 140


MONTHS = tuple(f"2025-{month:02d}" for month in (10, 11, 12)) + tuple(f"2026-{month:02d}" for month in range(1, 11))


def chart() -> Chart:
    """Three companies over thirteen months."""
    own = (83.1, 83.0, 82.8, 83.5, 83.9, 83.2, 83.0, 83.6, 83.1, 83.3, 83.2, 83.5, 83.4)
    harbor = (None, None, None, 79.0, 79.8, 80.4, 80.9, 80.6, 81.2, None, 81.1, 80.8, 81.0)
    return Chart(
        "service-level",
        say(SERVICE_LEVEL),
        say(Text("北方连续 2 个月低于 80%，超出偶然波动。", "North has been below 80% for 2 months, beyond chance.")),
        Axis(say(Text("月", "month"))),
        Axis(say(Text("服务水平，%", "Service level, %")), "percent", 1, low=76, high=86),
        MONTHS,
        (
            Series("Own", 1, own, provisional=12),
            Series("North", 2, TREND, provisional=12, signals=(11, 12)),
            Series("Harbor", 3, harbor, provisional=12),
        ),
        (Level(80, say(Text("目标 80%", "target 80%")), dash=True),),
        (Happening("2026-04", say(Text("第 2 版协议", "agreement v2"))),),
    )


def bars() -> Chart:
    """Contacts by hour."""
    counts = (310, 820, 1_410, 1_600, 1_120, 640, 980, 1_530, 1_480, 1_020, 560, 240)
    return Chart(
        "contacts",
        say(Text("各小时话务量", "Contacts by hour")),
        say(Text("高峰在 11 时和 15 时，与时区设置相符。", "Peaks at 11 and 15: the time zone fits.")),
        Axis(say(Text("时", "hour"))),
        Axis(say(Text("话务量", "contacts"))),
        tuple(f"{hour:02d}" for hour in range(8, 20)),
        (Series("Own", 1, counts),),
        kind="bars",
    )
