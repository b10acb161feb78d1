"""Legal limits as dated data: what each says, its source, and from when it holds. Counsel must verify every one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onefloor.language import Text

COUNSEL = Text("以上法律限制须由律师核实。", "Have counsel verify every legal limit named here.")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of law. ``strict``: an option beyond it is refused; others are a warning.

    ``says`` is the source's own text as we know it, not checked against the gazette; ``until`` is the first day it no
    longer holds.
    """

    code: str
    source: Text
    says: str
    since: date
    strict: bool
    value: Fraction = Fraction(0)
    until: date | None = None
    note: Text = COUNSEL


LIMITS = (
    Limit(
        code="dispatch_share",
        source=Text("《劳务派遣暂行规定》第四条", "Interim Provisions on Labour Dispatch, article 4"),
        says="用工单位应当严格控制劳务派遣用工数量，使用的被派遣劳动者数量不得超过其用工总量的10%。"
        "前款所称用工总量是指用工单位订立劳动合同人数与使用的被派遣劳动者人数之和。",
        since=date(2014, 3, 1),
        strict=True,
        value=Fraction(10, 100),
    ),
    Limit(
        code="dispatch_posts",
        source=Text("《劳务派遣暂行规定》第三条", "Interim Provisions on Labour Dispatch, article 3"),
        says="用工单位只能在临时性、辅助性或者替代性的工作岗位上使用被派遣劳动者。"
        "前款规定的临时性工作岗位是指存续时间不超过6个月的岗位。",
        since=date(2014, 3, 1),
        strict=True,
        value=Fraction(6),
    ),
    Limit(
        code="overtime",
        source=Text("《劳动法》第四十一条", "Labour Law, article 41"),
        says="在保障劳动者身体健康的条件下延长工作时间每日不得超过三小时，但是每月不得超过三十六小时。",
        since=date(1995, 1, 1),
        strict=True,
        value=Fraction(36),
    ),
    Limit(
        code="equal_pay",
        source=Text("《劳动合同法》第六十三条", "Labour Contract Law, article 63"),
        says="被派遣劳动者享有与用工单位的劳动者同工同酬的权利。",
        since=date(2008, 1, 1),
        strict=False,
    ),
    Limit(
        code="dispatch_contract",
        source=Text("《劳动合同法》第五十八条", "Labour Contract Law, article 58"),
        says="劳务派遣单位应当与被派遣劳动者订立二年以上的固定期限劳动合同。",
        since=date(2008, 1, 1),
        strict=False,
        value=Fraction(24),
    ),
    Limit(
        code="deemed_dispatch",
        source=Text("《劳务派遣暂行规定》第二十七条", "Interim Provisions on Labour Dispatch, article 27"),
        says="用人单位以承揽、外包等名义，按劳务派遣用工形式使用劳动者的，按照本规定处理。",
        since=date(2014, 3, 1),
        strict=False,
    ),
    Limit(
        code="impact_assessment",
        source=Text("《个人信息保护法》第五十五条", "Personal Information Protection Law, article 55"),
        says="有下列情形之一的，个人信息处理者应当事前进行个人信息保护影响评估，并对处理情况进行记录：……委托处理个人信息……",
        since=date(2021, 11, 1),
        strict=False,
    ),
)


def in_force(day: date) -> dict[str, Limit]:
    """The limits that hold on a day, by code.

    >>> sorted(in_force(date(2010, 1, 1)))
    ['dispatch_contract', 'equal_pay', 'overtime']
    """
    return {one.code: one for one in LIMITS if one.since <= day and (one.until is None or day < one.until)}
