"""The terms of a split file: the companies that share required hours, and what each may work at what price."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from onefloor.agreements.terms.reading import formed, listed, term
from onefloor.agreements.terms.values import MONEY, NAME, NUMBER_KIND, POSITIVE, SHARE
from onefloor.language import Text
from onefloor.planning.rostering.terms import HOURS


@dataclass(frozen=True, kw_only=True)
class CompanyTerm:
    """A company: prices and commitments of its agreement where one is named, and what is written beside it."""

    id: str = term(NAME, Text("公司", "its name"))
    agreement: str = term(NAME, Text("协议文件", "its agreement, beside this file: prices, seats, volume"), default="")
    price: Fraction | None = term(MONEY, Text("每小时单价", "price of an hour; the agreement's without"), default=None)
    skills: tuple[str, ...] = term(listed(NAME), Text("承接技能", "skills it works; all without"), default=())
    seats: Fraction | None = term(NUMBER_KIND, Text("席位", "agents at once, at most"), default=None)
    guaranteed: Fraction = term(
        NUMBER_KIND, Text("保障人数", "agents that are there in every interval it is open"), default=Fraction(0)
    )
    hours: tuple[int, int] = term(HOURS, Text("开放时段", "when it works, every day"), default=(0, 24 * 60))
    paid_at_least: Fraction | None = term(
        NUMBER_KIND, Text("保底工时", "hours that are paid in any case; the agreement's without"), default=None
    )
    most_hours: Fraction | None = term(NUMBER_KIND, Text("工时上限", "hours at most"), default=None)
    least_share: Fraction = term(SHARE, Text("最低份额", "share of all hours, at least"), default=Fraction(0))
    most_share: Fraction = term(SHARE, Text("最高份额", "share of all hours, at most"), default=Fraction(1))


@dataclass(frozen=True, kw_only=True)
class SplitFile:
    """A split file."""

    code: str = term(NAME, Text("代码", "code of this split"), key="split")
    handling: Fraction | None = term(
        POSITIVE, Text("每次处理秒数", "seconds a contact takes, for prices by the contact"), default=None
    )
    occupancy: Fraction = term(
        SHARE, Text("占用率", "share of time at work spent on contacts, for prices by contact or minute"),
        default=Fraction(85, 100),
    )  # fmt: skip
    companies: tuple[CompanyTerm, ...] = term(listed(formed(CompanyTerm, "company")), Text("公司", "the companies"))
