"""A statement as in the design's wireframe: its figures are invented, and add up."""

from __future__ import annotations

from decimal import Decimal

from onefloor.agreements.statement import LeftOut, Line, LineFigure, Statement, Step
from onefloor.findings import Figure, Question, Scope
from onefloor.language import Text
from onefloor.periods import Month

OCTOBER = Month(2026, 10)
D = Decimal


def _figure(title: Text, metric: str, figure: Figure, value: str, unit: str, role: str = "assessed") -> LineFigure:
    scope = Scope("North", (("queue", ("tech",)),), unassigned=metric.startswith("service"))
    without = ("start_ms >= 1791943080000 and start_ms < 1791948600000",)
    return LineFigure(title, Question(metric, scope, OCTOBER, OCTOBER, without), figure, D(value), unit, 2, role)


CONTACTS = _figure(Text("接通话务", "handled contacts"), "handled", Figure(46_180, 1), "46180", "count", "volume")
LEVEL = _figure(
    Text("服务水平", "service level"), "service_level:formula=F4,within=20s", Figure(34_705, 43_986), "78.9", "percent"
)
SATISFACTION = _figure(Text("满意度", "satisfaction"), "csat:top=2", Figure(1_778, 2_114), "84.1", "percent")
AHT = _figure(Text("平均处理时长", "AHT"), "aht", Figure(311_000 * 46_180, 46_180), "311000", "ms")

LINES = (
    Line(
        1, "3.1", "fee", Text("话务费", "Fee"), Text("每通接通话务 6.00 元。", "6.00 yuan for each handled contact."),
        Text("46,180 通，每通 6.00 元。", "46,180 contacts at 6.00 each."), "information", D("277080.00"),
        steps=(Step(Text("话务费", "Fee"), "46,180 x 6.00", D("277080.00")),), figures=(CONTACTS,),
    ),
    Line(
        2, "4.2", "credit", Text("服务水平不低于 80%", "Service level of at least 80%"),
        Text("20 秒内接通的比例低于 80% 时，扣减考核金额的 30%；低于 78% 时，扣减 60%。",
             "If fewer than 80% are answered within 20 seconds, 30% of the at-risk amount; below 78%, 60%."),
        Text("78.9%，低于 80%：扣减考核金额的 30%。", "78.9% is below 80%: 30% of the at-risk amount."), "missed",
        D("-8312.40"), band=Text("78% ≤ 指标值 < 80%", "78% ≤ value < 80%"),
        steps=(
            Step(Text("考核金额：费用的 10%", "At-risk amount: 10% of the fee"), "277,080.00 x 10%", D("27708.00")),
            Step(Text("档位比例 30%", "Band: 30%"), "27,708.00 x 30% = -8,312.40", D("-8312.40")),
        ), figures=(LEVEL, AHT),
    ),
    Line(
        3, "4.3", "credit", Text("满意度，按可能范围判定", "Satisfaction, by its range"),
        Text("可能范围的上限低于 85% 时扣罚。", "A credit is due only if the upper bound is below 85%."),
        Text("84.1%（82.5%–85.6%）包含目标 85%：不扣罚，也不奖励。", "84.1% (82.5-85.6) contains 85%: neither."),
        "cannot_tell", D("0.00"), figures=(SATISFACTION,),
    ),
    Line(
        4, "6.3", "relief", Text("甲方：预测晚到 3 天", "Client: forecast 3 days late"),
        Text("预测每晚到一天，扣罚减免……", "For a late forecast credits are relieved."),
        Text("减免 50%。", "50% relief."), "relieved", D("4156.20"),
        steps=(Step(Text("减免", "Relief"), "8,312.40 x 50%", D("4156.20")),),
    ),
    Line(
        5, "9.1", "correction", Text("更正 9 月第 2 行", "Correction of September"), Text("见第 9.1 条。", "See 9.1."),
        Text("更正。", "Correction."), "information", D("-312.00"),
    ),
)  # fmt: skip

LEFT_OUT = (
    LeftOut(
        "crm-down", Text("10 月 14 日 09:58–11:30 CRM 故障", "CRM down on 14 October, 09:58-11:30"),
        "start_ms >= 1791943080000 and start_ms < 1791948600000", 1_180, ("4.2", "4.3"),
        (("client", "2026-11-03"), ("company", "2026-11-04")), applied=True,
    ),
    LeftOut(
        "training", Text("新知识迟到", "Knowledge came late"), "queue == 'tech' and day == 20740", 12, ("4.2",),
        (("company", "2026-11-04"),), applied=False,
    ),
)  # fmt: skip


def statement(*, provisional: bool = False, shadow: bool = False, lines: tuple[Line, ...] = LINES) -> Statement:
    """October for North: 272,611.80 net."""
    net = sum((line.amount for line in lines), start=D("0.00"))
    return Statement(
        agreement="own-north", terms_from="2026-01-01", terms_digest="b71c" * 16, client="Own", company="North",
        month="2026-10", timezone="Asia/Shanghai", currency="CNY", data_version="41852b8e0f1a77c3",
        facts_through_ms=1_794_153_599_000, provisional=provisional,
        title=Text("客服热线外包协议", "Hotline agreement"),
        lines=lines, left_out=LEFT_OUT,
        order=(Text("剔除", "exclusions"), Text("指标", "metric"), Text("档位", "band"), Text("取整", "rounding")),
        totals=(("fee", D("277080.00")), ("credit", D("-8312.40")), ("relief", D("4156.20")), ("net", net)),
        shadow=shadow,
    )  # fmt: skip
