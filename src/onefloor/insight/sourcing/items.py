"""The cost items of sourcing, by group, and what an amount may be paid for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from onefloor.language import Text

Behaviour = Literal["fixed", "step", "variable"]


@dataclass(frozen=True, slots=True)
class Group:
    """Items that belong together."""

    words: Text
    items: Mapping[str, Text]


GROUPS: Mapping[str, Group] = {
    "direct": Group(
        Text("直接成本", "direct"),
        {
            "wage": Text("工资", "wage"),
            "overtime": Text("加班费", "overtime"),
            "night_and_holiday": Text("夜班与节假日津贴", "night and holiday premium"),
            "bonus": Text("奖金", "bonus"),
            "social_insurance": Text("社会保险", "social insurance"),
            "housing_fund": Text("住房公积金", "housing fund"),
            "meals": Text("餐补", "meals"),
            "rewards": Text("激励", "rewards"),
            "credits": Text("扣罚", "credits"),
        },
    ),
    "indirect": Group(
        Text("间接成本", "indirect"),
        {
            "leaders": Text("班组长", "team leaders"),
            "quality_assurance": Text("质检", "quality assurance"),
            "trainers": Text("培训师", "trainers"),
            "planners": Text("排班师", "planners"),
            "hr": Text("人力资源", "HR"),
            "it": Text("信息技术", "IT"),
            "seat": Text("席位与设备", "seat and equipment"),
            "licences": Text("软件许可", "licences"),
            "telephony": Text("通信线路", "telephony"),
            "security": Text("信息安全", "security"),
            "absence_cover": Text("缺勤顶班", "absence cover"),
            "shrinkage": Text("损耗", "shrinkage"),
        },
    ),
    "people": Group(
        Text("人员成本", "people"),
        {
            "recruiting": Text("招聘", "recruiting"),
            "initial_training": Text("岗前培训", "initial training"),
            "product_training": Text("业务培训", "product training"),
            "training_by_client": Text("甲方投入的培训工时", "the client's hours of training"),
            "nesting": Text("带教上岗", "nesting"),
            "severance": Text("离职补偿", "severance"),
            "bench": Text("人才储备", "bench"),
        },
    ),
    "relation": Group(
        Text("合作管理成本", "relation"),
        {
            "vendor_managers": Text("外包管理人员", "vendor managers"),
            "contract_and_legal": Text("合同与法务", "contract and legal"),
            "audit": Text("审计", "audit"),
            "double_quality_assurance": Text("双重质检", "double quality assurance"),
            "travel": Text("差旅", "travel"),
            "forecasts_and_change_notices": Text("预测与业务变更通知", "forecasts and change notices"),
            "disputes": Text("争议处理", "disputes"),
            "impact_assessment": Text("个人信息保护影响评估", "data-protection assessment"),
            "tax": Text("税费", "tax"),
        },
    ),
    "quality": Group(
        Text("质量成本", "quality"),
        {
            "transfers": Text("转接", "transfers"),
            "complaints": Text("投诉处理", "complaints"),
            "redress": Text("差错与补偿", "errors and redress"),
            "cancellations": Text("误导销售退订", "mis-sell cancellations"),
            "churn": Text("客户流失", "customers lost"),
        },
    ),
    "one_off": Group(
        Text("一次性成本", "one-off"),
        {
            "transition": Text("转移交接", "transition"),
            "parallel_run": Text("并行运行", "parallel run"),
            "knowledge_capture": Text("知识整理", "knowledge capture"),
            "exit": Text("退出", "exit"),
            "return": Text("收回自营", "return"),
        },
    ),
    "risk": Group(
        Text("风险成本", "risk"),
        {
            "concentration": Text("集中度", "concentration"),
            "volume_commitment": Text("保底量", "volume commitment"),
            "exchange_rate": Text("汇率", "currency"),
            "dispatch_law": Text("派遣用工合规", "dispatch law"),
        },
    ),
}
"""Attrition, ramps, indexation, minimum volume and repeats are computed from terms of their own and are no items."""

ITEMS: Mapping[str, Text] = {name: words for group in GROUPS.values() for name, words in group.items.items()}
TAKEN_OFF = "credits"
ASIDE = "churn"
"""Shown as a range of its own and never part of a cost: nobody agrees what a lost customer is worth."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What an amount is paid for: its words, and the terms of an option that the quantity needs."""

    words: Text
    needs: tuple[str, ...] = ()


_CONTACT = ("resolved",)
_HANDLED = (*_CONTACT, "handling")
_PRODUCTIVE = (*_HANDLED, "occupancy")
_PAID = (*_PRODUCTIVE, "utilisation")
_PEOPLE = (*_PAID, "hours")

BASES: Mapping[str, Basis] = {
    "month": Basis(Text("每月", "month")),
    "once": Basis(Text("一次性", "once")),
    "exit": Basis(Text("退出时一次", "once, in the last month")),
    "contact": Basis(Text("每通话务", "contact"), _CONTACT),
    "resolved": Basis(Text("每件解决的诉求", "resolved contact"), _CONTACT),
    "lost": Basis(Text("每件未解决且不再来电的诉求", "issue lost for ever"), _CONTACT),
    "handled_minute": Basis(Text("每处理分钟", "handled minute"), _HANDLED),
    "productive_hour": Basis(Text("每计费工时", "productive hour"), _PRODUCTIVE),
    "paid_hour": Basis(Text("每计薪小时", "paid hour"), _PAID),
    "agent_month": Basis(Text("每坐席每月", "agent and month"), _PEOPLE),
    "seat_month": Basis(Text("每席位每月", "seat and month"), _PEOPLE),
    "overtime_hour": Basis(Text("每加班小时", "overtime hour"), (*_PEOPLE, "overtime")),
    "new_agent": Basis(Text("每名补员", "agent hired for one who left"), (*_PEOPLE, "attrition")),
    "first_agent": Basis(Text("启动时每名坐席", "agent of the first month, once"), _PEOPLE),
    "wage": Basis(Text("占工资", "of the wage")),
    "price": Basis(Text("占乙方价款", "of the vendor's price")),
}
SHARES_OF = ("wage", "price")
FIXED = ("month", "once", "exit")
ONE_OFF = ("once", "exit", "first_agent")
