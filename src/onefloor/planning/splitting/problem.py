"""What is asked: who works how many of the required hours, at least cost. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.problems import Problem

Floats = NDArray[np.float64]


class BadSplit(Problem):
    """A question that cannot be answered as it is put."""


def refused(zh: str, en: str, do_zh: str, do_en: str) -> BadSplit:
    """A problem with its remedy."""
    return BadSplit(Text(zh, en), remedy=Text(do_zh, do_en))


@dataclass(frozen=True, slots=True)
class Company:
    """What a company may work, and what that costs.

    Args:
        name: its name.
        prices: of an hour, by skill; it works no other skills.
        paid_at_least: hours that are paid whether worked or not (a committed volume): price of an hour by skill at
            ``idle_price``.
        paid_for: the skills whose hours count for that; all of its own without.
        idle_price: of a paid hour that is not worked; the lowest of its prices without.
        most_hours: of all skills and intervals together.
        seats: agents at once.
        guaranteed: agents that are there at least in each interval it is open (protected minimum): they cost too.
        least_share: of all required hours.
        most_share: of all required hours.
        unknown_volume: its agreement pays in any case for a part of a locked forecast that is not known here: that is
            not counted, and told.
    """

    name: str
    prices: Mapping[str, float]
    paid_at_least: float = 0.0
    paid_for: tuple[str, ...] = ()
    idle_price: float | None = None
    most_hours: float = inf
    seats: float = inf
    guaranteed: float = 0.0
    least_share: float = 0.0
    most_share: float = 1.0
    unknown_volume: bool = False

    @property
    def price_of_idle(self) -> float:
        """Of an hour that is paid and not worked."""
        return min(self.prices.values()) if self.idle_price is None else self.idle_price


@dataclass(frozen=True, slots=True)
class Split:
    """The problem: agents required by skill in each interval, and the companies.

    Args:
        required: agents by skill, one number for each interval; all of one length.
        companies: who may work.
        hours: length of an interval.
        whole: agents are whole people (an integer programme); without it parts are allowed, and limits have prices.
        open: intervals in which a company works at all, by company; all of them without.

    Raises:
        BadSplit: numbers that are not numbers, unequal lengths, unknown skills, a skill nobody works, shares that leave
            nothing possible, names used twice.
    """

    required: Mapping[str, tuple[float, ...]]
    companies: tuple[Company, ...]
    hours: float = 0.5
    whole: bool = False
    open: Mapping[str, tuple[bool, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_required(self)
        for company in self.companies:
            _check_company(self, company)
        _check_together(self)

    @property
    def skills(self) -> tuple[str, ...]:
        """In the order given."""
        return tuple(self.required)

    @property
    def intervals(self) -> int:
        """How many."""
        return len(next(iter(self.required.values())))

    @property
    def need(self) -> Floats:
        """Agents required, shape (K, P)."""
        return np.array([self.required[skill] for skill in self.skills], dtype=float)

    @property
    def total(self) -> float:
        """Required hours."""
        return float(self.need.sum() * self.hours)

    def opened(self, company: Company) -> NDArray[np.bool_]:
        """Whether a company works in an interval, shape (P,)."""
        return np.array(self.open.get(company.name, (True,) * self.intervals), dtype=bool)


def _check_required(asked: Split) -> None:
    lengths = {len(row) for row in asked.required.values()}
    numbers = [number for row in asked.required.values() for number in row]
    if len(lengths) != 1 or not numbers or not all(isfinite(n) and n >= 0 for n in numbers):
        raise refused(
            "需求须为每个技能各时段一个不小于0的数，长度相同。",
            "Requirements are one number, 0 or more, for each skill and interval, all of one length.",
            "请检查 required。", "Check required.",
        )  # fmt: skip
    if not (isfinite(asked.hours) and asked.hours > 0):
        raise refused("时段长度须大于0。", "An interval has to last.", "请例如写 0.5。", "Write 0.5, say.")


def _check_company(asked: Split, company: Company) -> None:
    for skill, price in company.prices.items():
        if skill not in asked.required:
            raise refused(
                f"“{company.name}”的技能“{skill}”没有需求。",
                f'Nobody requires the skill "{skill}" of "{company.name}".',
                f"可用：{', '.join(asked.skills)}。", f"There are: {', '.join(asked.skills)}.",
            )  # fmt: skip
        if not (isfinite(price) and price >= 0):
            raise refused(
                f"“{company.name}”的单价 {price:g} 无效。", f'The price {price:g} of "{company.name}" is no price.',
                "请写不小于0的数。", "Write a number, 0 or more.",
            )  # fmt: skip
    for skill in company.paid_for:
        if skill not in company.prices:
            raise refused(
                f"“{company.name}”不承接“{skill}”，其工时无法计入保底。",
                f'"{company.name}" does not work "{skill}": its hours cannot be paid in any case.',
                f"可用：{', '.join(company.prices)}。", f"There are: {', '.join(company.prices)}.",
            )  # fmt: skip
    numbers = (company.paid_at_least, company.most_hours, company.seats, company.guaranteed, company.price_of_idle)
    shares = 0 <= company.least_share <= company.most_share <= 1
    if not company.prices or not all(number >= 0 for number in numbers) or not shares:
        raise refused(
            f"“{company.name}”的限额不成立。", f'The limits of "{company.name}" cannot be kept.',
            "须有单价，各数不小于0，最低份额不大于最高份额。",
            "There has to be a price, no number below 0, and a least share up to the most.",
        )  # fmt: skip
    if len(asked.open.get(company.name, (True,) * asked.intervals)) != asked.intervals:
        raise refused(
            f"“{company.name}”的开放时段数不符。", f'"{company.name}" is open in another number of intervals.',
            "请为每个时段写一个值。", "Give one value for each interval.",
        )  # fmt: skip


def _check_together(asked: Split) -> None:
    names = [company.name for company in asked.companies]
    if len(set(names)) < len(names) or not names:
        raise refused("公司须有不同的名称，至少一家。", "Companies need names of their own, and one at least.",
                      "请检查 companies。", "Check companies.")  # fmt: skip
    for skill, row in asked.required.items():
        if any(row) and not any(skill in company.prices for company in asked.companies):
            raise refused(
                f"没有公司承接“{skill}”。", f'No company works "{skill}".',
                "请为某家公司写出单价。", "Give a company a price for it.",
            )  # fmt: skip
