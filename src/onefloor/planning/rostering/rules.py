"""The rules a roster keeps, as dated data: each limit names a rule, a number and the days on which it holds.

``RULES`` says of each rule what its number means and where it comes from. The functions below turn the limits of one
contract into what the tour programme reads: shifts that may be worked on a day, the rest between shifts, and counters.
The checker (``checking``) reads the same limits and shares nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from onefloor.language import Text
from onefloor.planning.rostering import counters
from onefloor.planning.rostering.counters import NO_LIMIT, Categories, Counter
from onefloor.planning.rostering.problem import Agent, Contract, Limit, Problem, Shift

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
            "综合计算工时：整个周期平均每周计薪小时不超过",
            "comprehensive hours: paid hours a week on average over the horizon, at most",
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
    "nights": Rule(Text("周期内夜班次数不超过", "nights in the horizon, at most"), "times"),
    "consecutive_nights": Rule(Text("连续夜班次数不超过", "nights in a row, at most"), "times"),
    "off_after_nights": Rule(
        Text("连续夜班之后至少整休天数", "whole days off after a run of nights, at least"), "days"
    ),
    "weekends": Rule(Text("周期内上班的周末不超过", "weekends worked in the horizon, at most"), "times"),
    "no_nights_for_protected": Rule(
        Text("受保护人员不排夜班", "no nights for protected people"),
        "none",
        _law("第六十一条、第六十三条", "articles 61 and 63"),
    ),
    "work_without_break": Rule(Text("不间断工作小时不超过", "hours of work without a break, at most"), "hours"),
}
SMALLEST = frozenset({"daily_hours", "weekly_hours", "average_hours", "consecutive_days", "nights",
                      "consecutive_nights", "weekends", "work_without_break"})  # fmt: skip


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


def short_enough(problem: Problem, contract: Contract, paid: Sequence[int]) -> list[list[bool]]:
    """daily_hours: of each day and shift (given by paid intervals) whether it is within the hours of a day."""
    most = of_days(problem, "daily_hours", contract.id)
    return [[limit is None or hours / problem.per_hour <= limit for hours in paid] for limit in most]


def breaks_close_enough(problem: Problem, contract: Contract, shifts: Sequence[Shift]) -> list[list[bool]]:
    """work_without_break: of each day and shift whether no placing of its breaks leaves too long a stretch."""
    most = of_days(problem, "work_without_break", contract.id)
    longest = [longest_stretch(shift) / problem.per_hour for shift in shifts]
    return [[limit is None or hours <= limit for hours in longest] for limit in most]


def longest_stretch(shift: Shift) -> int:
    """Intervals of work without a break where the breaks lie at their worst.

    >>> from onefloor.planning.rostering.problem import Pause
    >>> longest_stretch(Shift("day", 480, 18, (Pause(2, 6, 9),)))
    10
    """
    windows = [(pause.earliest, pause.latest, pause.length) for pause in shift.pauses]
    windows += [(shift.gap[0], shift.gap[0], shift.gap[1] - shift.gap[0])] if shift.gap else []
    windows.sort()
    begins = [0, *(earliest + length for earliest, _, length in windows)]
    ends = [*(latest for _, latest, _ in windows), shift.length]
    return max(end - begin for begin, end in zip(begins, ends, strict=True))


def protected_days(problem: Problem, agent: Agent) -> list[bool]:
    """no_nights_for_protected: of each day whether this agent may not work a night."""
    ruled = of_days(problem, "no_nights_for_protected", agent.contract)
    days = list(problem.grid.dates())
    return [
        limit is not None and any(span.holds(day) for span in agent.protected)
        for limit, day in zip(ruled, days, strict=True)
    ]


def rest_intervals(problem: Problem, contract: str) -> list[int]:
    """rest: intervals that lie at least between the end of a shift and the beginning of one on the day."""
    return [int(-(-(hours or 0) * problem.per_hour // 1)) for hours in of_days(problem, "rest", contract)]


def counters_of(problem: Problem, agent: Agent, contract: Contract, kinds: Categories) -> list[Counter]:
    """All counters of an agent: the rules of the contract from the history of the agent on."""
    days = problem.grid.days
    least = contract.least_days if agent.least_days is None else agent.least_days
    most = agent.most_days if agent.most_days is not None else contract.most_days
    found = [counters.worked_days(days, kinds, least, min(days, days if most is None else most))]
    found += _run_counters(problem, agent, contract, kinds)
    found += _week_counters(problem, agent, contract, kinds)
    return found + _period_counters(problem, contract, kinds)


def _whole(values: list[float | None], without: int) -> list[int] | None:
    return None if all(value is None for value in values) else [without if v is None else int(v) for v in values]


def _run_counters(problem: Problem, agent: Agent, contract: Contract, kinds: Categories) -> list[Counter]:
    days, nights = problem.grid.days, any(kinds.night)
    found = []
    if most := _whole(of_days(problem, "consecutive_days", contract.id), days):
        found.append(counters.consecutive_days(kinds, most, agent.history.days))
    if nights and (most := _whole(of_days(problem, "consecutive_nights", contract.id), days)):
        found.append(counters.consecutive_nights(kinds, most, agent.history.nights))
    if nights and (least := _whole(of_days(problem, "off_after_nights", contract.id), 0)):
        found.append(counters.off_after_nights(kinds, least, agent.history.nights))
    return found


def _week_counters(problem: Problem, agent: Agent, contract: Contract, kinds: Categories) -> list[Counter]:
    monday = [day.weekday() == 0 for day in problem.grid.dates()]
    hours = of_days(problem, "weekly_hours", contract.id)
    found = []
    if any(value is not None for value in hours):
        most = [7 * 24 * problem.per_hour if v is None else int(v * problem.per_hour) for v in hours]
        used = round(agent.history.week_hours * problem.per_hour)
        found.append(counters.weekly_hours(kinds, most, monday, used))
    if least := _whole(of_days(problem, "weekly_rest", contract.id), 0):
        found.append(counters.weekly_rest(kinds, least, monday, agent.history.week_days))
    return found


def _period_counters(problem: Problem, contract: Contract, kinds: Categories) -> list[Counter]:
    days = list(problem.grid.dates())
    found = []
    averages = [v for v in of_days(problem, "average_hours", contract.id) if v is not None]
    if averages:
        most = min(averages) * len(days) / 7 * problem.per_hour
        found.append(counters.period_hours(len(days), kinds, int(most + 1e-9)))
    if any(kinds.night) and (limits := _whole(of_days(problem, "nights", contract.id), NO_LIMIT)):
        found.append(counters.nights(kinds, limits))
    ends = [v for v in of_days(problem, "weekends", contract.id) if v is not None]
    if ends:
        found.append(counters.weekends(kinds, int(min(ends)), [day.weekday() for day in days]))
    return found
