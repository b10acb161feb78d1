"""The rules a roster keeps, as dated data: each limit names a rule, a number and the days on which it holds.

``RULES`` says of each rule what its number means and where it comes from. The functions below turn the limits of one
contract into what the tour programme reads: shifts that may be worked on a day, the rest between shifts, and counters.
The checker (``checking``) reads the same limits and shares nothing of this.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.rostering import counters, windows
from onefloor.planning.rostering.counters import Categories, Counter
from onefloor.planning.rostering.problem import Agent, Contract, Limit, Problem, Shift
from onefloor.planning.rostering.windows import Window

NEVER = 1_000_000
Unit = Literal["hours", "days", "times", "none"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule says, the unit of its number, and a source that counsel must verify."""

    words: Text
    unit: Unit
    source: Text = field(default_factory=lambda: Text("", ""))


LABOUR_LAW = "《劳动法》"


def _law(zh: str, en: str) -> Text:
    return Text(f"{LABOUR_LAW}{zh}", f"Labour Law, {en}")


RULES: dict[str, Rule] = {
    "daily_hours": Rule(
        Text("每天计薪小时不超过", "paid hours of a day, at most"),
        "hours",
        _law("第三十六条、第四十一条", "articles 36 and 41"),
    ),
    "weekly_hours": Rule(
        Text("每周计薪小时不超过", "paid hours of a week from Monday, at most"),
        "hours",
        _law(
            "第三十六条；《国务院关于职工工作时间的规定》第三条", "article 36; State Council rules on working hours, 3"
        ),
    ),
    "average_hours": Rule(
        Text(
            "综合计算工时：规则生效各日平均每周计薪小时不超过",
            "comprehensive hours: paid hours a week on average of the days it holds, at most",
        ),
        "hours",
        Text(
            "《关于企业实行不定时工作制和综合计算工时工作制的审批办法》第五条",
            "Measures on comprehensive working hours, article 5",
        ),
    ),
    "weekly_rest": Rule(
        Text("每周至少休息天数", "days off in every week from Monday, at least"),
        "days",
        _law("第三十八条", "article 38"),
    ),
    "rest": Rule(Text("两班之间至少休息小时", "hours of rest between two shifts, at least"), "hours"),
    "consecutive_days": Rule(Text("连续工作天数不超过", "days worked in a row, at most"), "days"),
    "nights": Rule(Text("规则生效各日内夜班次数不超过", "nights on the days it holds, at most"), "times"),
    "consecutive_nights": Rule(Text("连续夜班次数不超过", "nights in a row, at most"), "times"),
    "off_after_nights": Rule(
        Text(
            "连续夜班之后至少整休天数（以夜班后第一天的规则为准）",
            "whole days off after a run of nights, at least; as the first day after it says",
        ),
        "days",
    ),
    "weekends": Rule(Text("规则生效各日内上班的周末不超过", "weekends worked on the days it holds, at most"), "times"),
    "no_nights_for_protected": Rule(
        Text("受保护人员不排夜班", "no nights for protected people"),
        "none",
        _law("第六十一条、第六十三条", "articles 61 and 63"),
    ),
    "work_without_break": Rule(
        Text(
            "不间断工作小时不超过（休息在其窗口内相应安排）",
            "hours of work without a break, at most; breaks are put so within their windows",
        ),
        "hours",
    ),
    "daily_overtime": Rule(
        Text("每天加班小时不超过（补班时）", "hours of overtime of a day, at most (repairs offer it)"),
        "hours",
        _law("第四十一条", "article 41"),
    ),
    "monthly_overtime": Rule(
        Text("每个自然月加班小时不超过（补班时）", "hours of overtime of a calendar month, at most (repairs offer it)"),
        "hours",
        _law("第四十一条", "article 41"),
    ),
}
SMALLEST = frozenset({"daily_hours", "weekly_hours", "average_hours", "consecutive_days", "nights",
                      "consecutive_nights", "weekends", "work_without_break", "daily_overtime",
                      "monthly_overtime"})  # fmt: skip


def in_force(problem: Problem, rule: str, contract: str) -> list[Limit]:
    """The limits of one rule that concern a contract."""
    return [one for one in problem.limits if one.rule == rule and (not one.contracts or contract in one.contracts)]


def amounts(limits: Iterable[Limit], days: Iterable[date]) -> list[float | None]:
    """The strictest number of each day; None where no limit holds."""
    held = list(limits)
    choose = min if held and held[0].rule in SMALLEST else max
    return [choose((one.amount for one in held if one.holds(day)), default=None) for day in days]


def of_days(problem: Problem, rule: str, contract: str) -> list[float | None]:
    """The numbers of a rule for each day of the horizon."""
    return amounts(in_force(problem, rule, contract), problem.grid.dates())


def spans(problem: Problem, rule: str, contract: str) -> list[tuple[float, tuple[bool, ...]]]:
    """Of a rule that counts over its own days: each number with the days of the horizon that it holds on."""
    found: dict[tuple[bool, ...], float] = {}
    for limit in in_force(problem, rule, contract):
        held = tuple(limit.holds(day) for day in problem.grid.dates())
        if any(held):
            found[held] = min(limit.amount, found.get(held, limit.amount))
    return [(amount, held) for held, amount in found.items()]


def short_enough(problem: Problem, contract: Contract, paid: Sequence[int]) -> list[list[bool]]:
    """daily_hours: of each day and shift (given by paid intervals) whether it is within the hours of a day."""
    most = of_days(problem, "daily_hours", contract.id)
    return [[limit is None or hours / problem.per_hour <= limit for hours in paid] for limit in most]


def windows_of(problem: Problem, contract: Contract, shifts: Sequence[Shift]) -> list[list[list[Window] | None]]:
    """work_without_break: of each day and shift the windows of its breaks, None where no placing of them keeps it."""
    most = of_days(problem, "work_without_break", contract.id)
    return [
        [windows.plain(one) if limit is None else windows.narrowed(one, _intervals(problem, limit)) for one in shifts]
        for limit in most
    ]


def left_by(problem: Problem, contract: Contract, shifts: Sequence[Shift]) -> dict[str, NDArray[np.bool_]]:
    """By each rule on a single shift: which shifts it leaves on which days, shape (days, shifts)."""
    return {
        "daily_hours": np.array(short_enough(problem, contract, [shift.paid for shift in shifts])),
        "work_without_break": np.array(
            [[one is not None for one in day] for day in windows_of(problem, contract, shifts)]
        ),
    }


def protected(problem: Problem, agent: Agent, day: date) -> bool:
    """no_nights_for_protected: whether this agent may not work a night that touches a day."""
    limits = in_force(problem, "no_nights_for_protected", agent.contract)
    return any(span.holds(day) for span in agent.protected) and any(limit.holds(day) for limit in limits)


def away(agent: Agent, day: date) -> bool:
    """Whether this agent may not work at any time of a day."""
    return any(span.holds(day) for span in agent.away)


def rest_intervals(problem: Problem, contract: str) -> list[int]:
    """rest: intervals that lie at least between the end of a shift and the beginning of one on the day."""
    return [int(-(-(hours or 0) * problem.per_hour // 1)) for hours in of_days(problem, "rest", contract)]


def rested(problem: Problem, agent: Agent) -> list[int]:
    """rest: of each day the interval before which nothing may begin after the last shift before the horizon."""
    ended = agent.history.ended
    return [-NEVER if ended is None else ended + rest for rest in rest_intervals(problem, agent.contract)]


def counters_of(problem: Problem, agent: Agent, contract: Contract, kinds: Categories) -> list[Counter]:
    """All counters of an agent: the rules of the contract from the history of the agent on."""
    days = problem.grid.days
    least = contract.least_days if agent.least_days is None else agent.least_days
    most = agent.most_days if agent.most_days is not None else contract.most_days
    found = [counters.worked_days(days, kinds, least, min(days, days if most is None else most))]
    found += _run_counters(problem, agent, contract, kinds)
    found += _week_counters(problem, agent, contract, kinds)
    return found + _period_counters(problem, contract, kinds)


def _most(values: list[float | None], without: int) -> list[int] | None:
    return None if all(v is None for v in values) else [without if v is None else math.floor(v) for v in values]


def _least(values: list[float | None]) -> list[int] | None:
    return [math.ceil(v or 0) for v in values] if any(values) else None


def _run_counters(problem: Problem, agent: Agent, contract: Contract, kinds: Categories) -> list[Counter]:
    days, nights, history = problem.grid.days, any(kinds.night), agent.history
    found = []
    if most := _most(of_days(problem, "consecutive_days", contract.id), days + history.days):
        found.append(counters.consecutive_days(kinds, most, history.days))
    if nights and (most := _most(of_days(problem, "consecutive_nights", contract.id), days + history.nights)):
        found.append(counters.consecutive_nights(kinds, most, history.nights))
    due = days_due(problem, agent)
    least = _least(of_days(problem, "off_after_nights", contract.id)) or [0] * days
    if due or (any(least) and (nights or due is None)):
        found.append(counters.off_after_nights(kinds, least, due))
    return found


def days_due(problem: Problem, agent: Agent) -> int | None:
    """off_after_nights: days off that nights before the horizon still ask for; None after a night on its eve."""
    off = agent.history.off_since_night
    if agent.history.nights or off == 0:
        return None
    if off is None:
        return 0
    asked = amounts(in_force(problem, "off_after_nights", agent.contract), [problem.grid.first - timedelta(off)])[0]
    return max(math.ceil(asked or 0) - off, 0)


def _week_counters(problem: Problem, agent: Agent, contract: Contract, kinds: Categories) -> list[Counter]:
    days = list(problem.grid.dates())
    monday = [day.weekday() == 0 for day in days]
    hours = of_days(problem, "weekly_hours", contract.id)
    found = []
    if any(value is not None for value in hours):
        used = [0.0 if any(monday[: number + 1]) else agent.history.week_hours for number in range(len(days))]
        left = [7 * 24 if v is None else v - before for v, before in zip(hours, used, strict=True)]
        found.append(counters.weekly_hours(kinds, [_intervals(problem, one) for one in left], monday))
    if least := _least(of_days(problem, "weekly_rest", contract.id)):
        found.append(counters.weekly_rest(kinds, least, monday, agent.history.week_days))
    return found


def _intervals(problem: Problem, hours: float) -> int:
    """Whole intervals in some hours."""
    return math.floor(hours * problem.per_hour + 1e-9)


def _period_counters(problem: Problem, contract: Contract, kinds: Categories) -> list[Counter]:
    found = []
    for amount, held in spans(problem, "average_hours", contract.id):
        found.append(counters.period_hours(kinds, _intervals(problem, amount * sum(held) / 7), held))
    for amount, held in spans(problem, "nights", contract.id) if any(kinds.night) else ():
        found.append(counters.nights(kinds, math.floor(amount), held))
    for amount, held in spans(problem, "weekends", contract.id):
        weekday = [day.weekday() if counts else 0 for day, counts in zip(problem.grid.dates(), held, strict=True)]
        found.append(counters.weekends(kinds, math.floor(amount), weekday))
    return found
