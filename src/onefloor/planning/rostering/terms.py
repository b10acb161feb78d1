"""The terms of a rules file: days, shifts, contracts, companies, limits and prices, and the tables beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from onefloor.agreements.terms.places import Node
from onefloor.agreements.terms.reading import Kind, formed, listed, one_of, refuse, scalar, term
from onefloor.agreements.terms.values import DATE, FLAG, NAME, NATURAL, NUMBER_KIND, WHOLE
from onefloor.language import Text
from onefloor.planning.rostering.rules import RULES

CLOCK_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
LASTING = re.compile(r"(\d{1,4}(?:\.\d{1,2})?) ?(h|min)")


def _clock(node: Node) -> int:
    """Minutes from midnight."""
    found = CLOCK_TIME.fullmatch(scalar(node))
    if found is None or int(found[1]) * 60 + int(found[2]) > 24 * 60:
        raise refuse(node, write=Text('请写成 "07:30"。', 'Write "07:30".'))
    return int(found[1]) * 60 + int(found[2])


def _lasting(node: Node) -> int:
    """Minutes."""
    found = LASTING.fullmatch(scalar(node))
    minutes = Fraction(found[1]) * (60 if found[2] == "h" else 1) if found else Fraction(1, 2)
    if minutes.denominator != 1:
        raise refuse(node, write=Text("请写成 9h 或 30min。", "Write 9h or 30min."))
    return int(minutes)


def _hours(node: Node) -> tuple[int, int]:
    """From and until in minutes of the clock; until may lie on the next day."""
    first, _, last = scalar(node).partition("-")
    try:
        return _clock(Node(first.strip(), node.place)), _clock(Node(last.strip(), node.place))
    except Exception:
        raise refuse(node, write=Text('请写成 "08:00-20:00"。', 'Write "08:00-20:00".')) from None


def _days(node: Node) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,3})(?:\.\.(\d{1,3}))?", scalar(node))
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise refuse(node, write=Text("请写成 18..22 或 20。", "Write 18..22, or 20."))
    return int(found[1]), int(found[2] or found[1])


_TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number"]}
CLOCK = Kind(_clock, _TEXT_SCHEMA, "clock time, 07:30")
DURATION = Kind(_lasting, _TEXT_SCHEMA, "time, 9h or 30min")
HOURS = Kind(_hours, _TEXT_SCHEMA, "08:00-20:00")
DAYS = Kind(_days, _TEXT_SCHEMA, "18..22")
LINE = "line"


@dataclass(frozen=True, kw_only=True)
class SkillTerm:
    """A skill."""

    id: str = term(NAME, Text("技能代码", "short name of the skill"))
    weight: Fraction = term(
        NUMBER_KIND, Text("缺员权重", "what an hour of it missing weighs, above 0"), default=Fraction(1)
    )


@dataclass(frozen=True, kw_only=True)
class CompanyTerm:
    """A company whose people are planned."""

    id: str = term(NAME, Text("公司", "its name as the floor's roster has it"))
    price: Fraction = term(NUMBER_KIND, Text("每计薪小时单价", "price of a paid hour"), default=Fraction(2))
    seats: int | None = term(WHOLE, Text("席位上限", "seats it may fill; no limit without"), default=None)
    present: int = term(WHOLE, Text("同时在岗人数下限", "people it must have at the desk"), default=0)
    present_hours: tuple[int, int] = term(
        HOURS, Text("在岗下限的时段", "when that holds, every day"), default=(0, 24 * 60)
    )
    guaranteed_hours: Fraction = term(
        NUMBER_KIND, Text("保底计薪小时", "paid hours it is promised in the horizon"), default=Fraction(0)
    )


@dataclass(frozen=True, kw_only=True)
class BreakTerm:
    """A break inside a shift; where exactly, the plan decides."""

    length: int = term(DURATION, Text("时长", "how long"))
    earliest: int = term(DURATION, Text("最早（上班后）", "earliest beginning, after the shift's"), key="from")
    latest: int = term(DURATION, Text("最晚（上班后）", "latest beginning, after the shift's"), key="to")
    paid: bool = term(FLAG, Text("计薪", "whether it is paid"), default=False)


@dataclass(frozen=True, kw_only=True)
class ShiftTerm:
    """A shift."""

    id: str = term(NAME, Text("班次代码", "short name of the shift"))
    start: int = term(CLOCK, Text("上班时间", "when it begins"))
    length: int = term(DURATION, Text("总时长（含休息）", "how long it lasts, breaks included"))
    breaks: tuple[BreakTerm, ...] = term(
        listed(formed(BreakTerm, "break")), Text("班内休息", "breaks inside it"), default=()
    )
    off_from: int | None = term(DURATION, Text("两头班间隔起", "split shift: time off begins after"), default=None)
    off_to: int | None = term(DURATION, Text("两头班间隔止", "split shift: time off ends after"), default=None)


@dataclass(frozen=True, kw_only=True)
class ContractTerm:
    """A kind of contract."""

    id: str = term(NAME, Text("合同类别", "short name of the contract"))
    shifts: tuple[str, ...] = term(listed(NAME), Text("可排班次", "shifts it works"))
    days: tuple[int, int] | None = term(
        DAYS, Text("周期内工作天数", "days worked in the horizon, least..most"), default=None
    )


@dataclass(frozen=True, kw_only=True)
class LimitTerm:
    """A rule with its number."""

    rule: str = term(one_of(*RULES), Text("规则", "which rule"))
    amount: Fraction | None = term(NUMBER_KIND, Text("数值", "its number, in the rule's unit"), default=None)
    first: date | None = term(DATE, Text("生效日", "first day it holds"), key="from", default=None)
    last: date | None = term(DATE, Text("末日", "last day it holds"), key="to", default=None)
    contracts: tuple[str, ...] = term(listed(NAME), Text("适用合同", "contracts it concerns; all without"), default=())


@dataclass(frozen=True, kw_only=True)
class PostTerm:
    """A key post that must not stand empty."""

    id: str = term(NAME, Text("关键岗位", "short name of the post"))
    agents: tuple[str, ...] = term(listed(NAME), Text("可顶岗人员", "who can fill it"))
    present: int = term(NATURAL, Text("至少在岗人数", "how many must be at the desk"), default=1)
    hours: tuple[int, int] = term(HOURS, Text("时段", "when, every day"), default=(0, 24 * 60))


@dataclass(frozen=True, kw_only=True)
class NightTerm:
    """What counts as a night."""

    hours: tuple[int, int] = term(HOURS, Text("夜间时段", "the night by the clock"), default=(22 * 60, 6 * 60))
    least: int = term(DURATION, Text("至少", "a shift with at least so much of it is a night"), default=120)


@dataclass(frozen=True, kw_only=True)
class CostTerm:
    """What is paid for what is not kept, in the unit of the companies' prices."""

    missing: Fraction = term(
        NUMBER_KIND, Text("缺员每小时", "an hour missing of a skill of weight 1"), default=Fraction(8)
    )
    seat: Fraction = term(NUMBER_KIND, Text("超席位每小时", "an hour of a seat too many"), default=Fraction(16))
    absent: Fraction = term(NUMBER_KIND, Text("在岗不足每人时", "an hour of a person too few"), default=Fraction(16))
    guaranteed: Fraction = term(
        NUMBER_KIND, Text("保底不足每小时", "a guaranteed hour that is not given"), default=Fraction(4)
    )
    fairness: Fraction = term(
        NUMBER_KIND,
        Text("夜班与周末不均", "times the square of each agent's nights and of their weekend days"),
        default=Fraction(0),
    )


@dataclass(frozen=True, kw_only=True)
class RulesFile:
    """A rules file: what a roster is planned by."""

    code: str = term(NAME, Text("代码", "code of these rules"), key="rules")
    zone: str = term(NAME, Text("时区", "time zone; the floor's without"), default="")
    interval: int = term(NATURAL, Text("时段分钟数", "minutes of an interval"), default=30)
    skills: tuple[SkillTerm, ...] = term(listed(formed(SkillTerm, "skill")), Text("技能", "skills that are needed"))
    companies: tuple[CompanyTerm, ...] = term(
        listed(formed(CompanyTerm, "company")), Text("公司", "companies whose people are planned")
    )
    shifts: tuple[ShiftTerm, ...] = term(listed(formed(ShiftTerm, "shift")), Text("班次", "shifts"))
    contracts: tuple[ContractTerm, ...] = term(
        listed(formed(ContractTerm, "contract")), Text("合同", "kinds of contract")
    )
    limits: tuple[LimitTerm, ...] = term(listed(formed(LimitTerm, "limit")), Text("规则", "rules"), default=())
    posts: tuple[PostTerm, ...] = term(listed(formed(PostTerm, "post")), Text("关键岗位", "key posts"), default=())
    costs: CostTerm = term(formed(CostTerm, "costs"), Text("代价", "what is paid for"), default=CostTerm())
    night: NightTerm = term(formed(NightTerm, "night"), Text("夜班定义", "what a night is"), default=NightTerm())
    agents: str = term(NAME, Text("人员表", "table of the agents, beside this file"))
    needs: str = term(NAME, Text("需求表", "table of the needs"))
    qualifications: str = term(NAME, Text("资质表", "table of dated qualifications"), default="")
    absences: str = term(NAME, Text("缺勤表", "table of absences and protected times"), default="")
    wishes: str = term(NAME, Text("意愿表", "table of wishes"), default="")
    before: str = term(NAME, Text("前期班表", "the roster of the days before, as plan writes it"), default="")
