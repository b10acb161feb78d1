"""An independent checker: every rule and the whole cost of a roster, without anything of the engine.

It reads the same declared limits, places every shift on the clock by itself, and counts what is missing by Hall's
condition instead of a flow. What it says a roster costs and breaks is what is reported.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.rostering.clock import HOUR, Duty, duties_of
from onefloor.planning.rostering.problem import Agent, Limit, Problem, Roster


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that an agent's days break; ``day`` is the first on which it shows."""

    rule: str
    agent: str
    day: date
    found: float = 0.0
    limit: float = 0.0


def breaches(problem: Problem, roster: Roster) -> list[Breach]:
    """Everything a roster breaks; nothing is what a roster should answer."""
    found: list[Breach] = []
    for row, agent in enumerate(problem.agents):
        duties = duties_of(problem, roster, row)
        for rule in CHECKS:
            found += rule(problem, agent, duties)
    return found


def _limits(problem: Problem, agent: Agent, rule: str) -> list[Limit]:
    return [
        limit for limit in problem.limits
        if limit.rule == rule and (limit.contracts == () or agent.contract in limit.contracts)
    ]  # fmt: skip


def shift_of_contract(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Only shifts of the contract are worked."""
    allowed = next(contract.shifts for contract in problem.contracts if contract.id == agent.contract)
    for duty in duties:
        if duty.shift.id not in allowed:
            yield Breach("shift", agent.id, duty.day)


def pauses_in_windows(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Every break lies in its window, breaks do not overlap."""
    step = problem.grid.minutes * 60
    for duty in duties:
        windows = {(p.length, p.earliest, p.latest) for p in duty.shift.pauses}
        gap = {duty.shift.gap} if duty.shift.gap else set()
        planned = duty.begin + duty.overtime[0] * HOUR
        for start, end in duty.breaks:
            at, length = (start - planned) / step, (end - start) / step
            fits = any(length == long and low <= at <= high for long, low, high in windows) or (at, at + length) in gap
            if not fits:
                yield Breach("pause", agent.id, duty.day, at)
        for (_, first_end), (second_start, _) in pairwise(duty.breaks):
            if second_start < first_end:
                yield Breach("pause", agent.id, duty.day)


def _touched(problem: Problem, duty: Duty) -> list[date]:
    """The day of a duty, and all others that it touches."""
    tz, found = ZoneInfo(problem.grid.zone_name), [duty.day]
    while datetime.combine(found[0], datetime.min.time(), tz).timestamp() > duty.begin:
        found.insert(0, found[0] - timedelta(1))
    while datetime.combine(found[-1] + timedelta(1), datetime.min.time(), tz).timestamp() < duty.end:
        found.append(found[-1] + timedelta(1))
    return found


def away(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Nobody works on a day away, nor the end of a night that began on its eve."""
    for duty in duties if agent.away else ():
        if any(span.holds(day) for day in _touched(problem, duty) for span in agent.away):
            yield Breach("away", agent.id, duty.day)


def days_of_contract(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """As many days as the contract, or the agent's own numbers, say."""
    contract = next(contract for contract in problem.contracts if contract.id == agent.contract)
    least = contract.least_days if agent.least_days is None else agent.least_days
    most = contract.most_days if agent.most_days is None else agent.most_days
    if len(duties) < least:
        yield Breach("least_days", agent.id, problem.grid.first, len(duties), least)
    if most is not None and len(duties) > most:
        yield Breach("most_days", agent.id, duties[most].day, len(duties), most)


def daily_hours(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Paid hours of each day."""
    for limit in _limits(problem, agent, "daily_hours"):
        for duty in duties:
            if limit.holds(duty.day) and duty.paid_hours > limit.amount + 1e-9:
                yield Breach("daily_hours", agent.id, duty.day, duty.paid_hours, limit.amount)


def rest(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Hours between the end of a shift and the beginning of the next; the first may be before the horizon."""
    start = datetime.combine(problem.grid.first, datetime.min.time(), ZoneInfo(problem.grid.zone_name)).timestamp()
    ended = -math.inf if agent.history.ended is None else start + agent.history.ended * problem.grid.minutes * 60
    for before, duty in zip([ended, *(one.end for one in duties)], duties, strict=False):
        hours = (duty.begin - before) / HOUR
        for limit in [Limit(rule="rest", amount=0.0), *_limits(problem, agent, "rest")]:
            if limit.holds(duty.day) and hours < limit.amount:
                yield Breach("rest", agent.id, duty.day, hours, limit.amount)


def _worked(problem: Problem, duties: Sequence[Duty]) -> list[Duty | None]:
    by_number = {duty.number: duty for duty in duties}
    return [by_number.get(number) for number in range(problem.grid.days)]


def _runs(problem: Problem, agent: Agent, rule: str, held: Sequence[bool], before: int) -> Iterator[Breach]:
    """Runs of days that hold, with those before the horizon."""
    limits, run = _limits(problem, agent, rule), before
    for number, holds in enumerate(held):
        day = problem.grid.first + timedelta(number)
        run = run + 1 if holds else 0
        for limit in limits:
            if run > limit.amount and limit.holds(day):
                yield Breach(rule, agent.id, day, run, limit.amount)


def consecutive_days(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Days in a row."""
    held = [duty is not None for duty in _worked(problem, duties)]
    yield from _runs(problem, agent, "consecutive_days", held, agent.history.days)


def consecutive_nights(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Nights in a row."""
    held = [duty is not None and duty.night for duty in _worked(problem, duties)]
    yield from _runs(problem, agent, "consecutive_nights", held, agent.history.nights)


def _by_week(problem: Problem, duties: Sequence[Duty]) -> dict[date, list[Duty]]:
    """The duties of each week, by its Monday."""
    first = problem.grid.first
    found: dict[date, list[Duty]] = {}
    for number in range(problem.grid.days):
        day = first + timedelta(number)
        found.setdefault(day - timedelta(day.weekday()), [])
    for duty in duties:
        found[duty.day - timedelta(duty.day.weekday())].append(duty)
    return found


def weekly_hours(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Paid hours of each week; the first one has used some before the horizon."""
    for monday, held in _by_week(problem, duties).items():
        used = agent.history.week_hours if monday < problem.grid.first else 0.0
        for number, duty in enumerate(held):
            hours = used + sum(one.paid_hours for one in held[: number + 1])
            for limit in _limits(problem, agent, "weekly_hours"):
                if limit.holds(duty.day) and hours > limit.amount + 1e-9:
                    yield Breach("weekly_hours", agent.id, duty.day, hours, limit.amount)


def weekly_rest(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Days off in each week."""
    for monday, held in _by_week(problem, duties).items():
        used = agent.history.week_days if monday < problem.grid.first else 0
        for number, duty in enumerate(held, 1):
            for limit in _limits(problem, agent, "weekly_rest"):
                if limit.holds(duty.day) and used + number > 7 - limit.amount:
                    yield Breach("weekly_rest", agent.id, duty.day, 7 - used - number, limit.amount)


def average_hours(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Paid hours of the days a limit holds, on average of so many weeks."""
    for limit in _limits(problem, agent, "average_hours"):
        days = [day for day in problem.grid.dates() if limit.holds(day)]
        hours = sum(duty.paid_hours for duty in duties if limit.holds(duty.day))
        if days and hours / (len(days) / 7) > limit.amount + 1e-9:
            yield Breach("average_hours", agent.id, days[0], hours / (len(days) / 7), limit.amount)


def nights(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Nights on the days a limit holds."""
    for limit in _limits(problem, agent, "nights"):
        dark = [duty for duty in duties if duty.night and limit.holds(duty.day)]
        if len(dark) > limit.amount:
            yield Breach("nights", agent.id, dark[-1].day, len(dark), limit.amount)


def off_after_nights(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Whole days off between the last night of a run, maybe before the horizon, and the next run or shift by day."""
    since = 0 if agent.history.nights else agent.history.off_since_night
    nightly = [(-1 - (since or 0), since is not None)] + [(duty.number, duty.night) for duty in duties]
    days = {duty.number: duty.day for duty in duties}
    for (before, was_night), (number, is_night) in pairwise(nightly):
        off = number - before - 1
        if not was_night or (off == 0 and is_night):
            continue
        for limit in _limits(problem, agent, "off_after_nights"):
            held = limit.holds(problem.grid.first + timedelta(before + 1))
            if held and off < limit.amount:
                yield Breach("off_after_nights", agent.id, days[number], off, limit.amount)


def weekends(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Weekends with a worked day on which a limit holds."""
    for limit in _limits(problem, agent, "weekends"):
        worked = [duty.day for duty in duties if duty.day.weekday() >= 5 and limit.holds(duty.day)]
        saturdays = sorted({day - timedelta(day.weekday() - 5) for day in worked})
        if len(saturdays) > limit.amount:
            yield Breach("weekends", agent.id, saturdays[int(limit.amount)], len(saturdays), limit.amount)


def no_nights_for_protected(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Protected people work no night on a day of their protection, nor one that runs into it."""
    for limit in _limits(problem, agent, "no_nights_for_protected"):
        for duty in duties if agent.protected else ():
            days = _touched(problem, duty) if duty.night else []
            if any(limit.holds(day) and span.holds(day) for day in days for span in agent.protected):
                yield Breach("no_nights_for_protected", agent.id, duty.day)


def work_without_break(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """The longest stretch between the shift's ends, its breaks, and times at which the agent was gone."""
    for limit in _limits(problem, agent, "work_without_break"):
        for duty in duties:
            longest, since = 0.0, duty.begin
            for until, back in sorted([*duty.breaks, *duty.gone, (duty.end, duty.end)]):
                longest, since = max(longest, (min(until, duty.end) - since) / HOUR), max(since, back)
            if limit.holds(duty.day) and longest > limit.amount + 1e-9:
                yield Breach("work_without_break", agent.id, duty.day, longest, limit.amount)


def daily_overtime(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Hours before and after the shift of each day."""
    for limit in _limits(problem, agent, "daily_overtime"):
        for duty in duties:
            if limit.holds(duty.day) and sum(duty.overtime) > limit.amount + 1e-9:
                yield Breach("daily_overtime", agent.id, duty.day, sum(duty.overtime), limit.amount)


def monthly_overtime(problem: Problem, agent: Agent, duties: Sequence[Duty]) -> Iterator[Breach]:
    """Overtime of each calendar month; the first one has had some before the horizon."""
    first = problem.grid.first
    spent = {(first.year, first.month): agent.history.month_overtime}
    for duty in (one for one in duties if any(one.overtime)):
        month = duty.day.year, duty.day.month
        spent[month] = spent.get(month, 0.0) + sum(duty.overtime)
        for limit in _limits(problem, agent, "monthly_overtime"):
            if limit.holds(duty.day) and spent[month] > limit.amount + 1e-9:
                yield Breach("monthly_overtime", agent.id, duty.day, spent[month], limit.amount)


Check = Callable[[Problem, Agent, Sequence[Duty]], Iterator[Breach]]
CHECKS: tuple[Check, ...] = (
    shift_of_contract, pauses_in_windows, away, days_of_contract, daily_hours, rest, consecutive_days,
    consecutive_nights, weekly_hours, weekly_rest, average_hours, nights, off_after_nights, weekends,
    no_nights_for_protected, work_without_break, daily_overtime, monthly_overtime,
)  # fmt: skip


def at_desk(problem: Problem, roster: Roster) -> NDArray[np.bool_]:
    """Of each agent and interval of the grid whether the agent is at the desk; what lies after the grid is left out."""
    starts = problem.grid.starts / 1000.0
    found = np.zeros((len(problem.agents), len(starts)), dtype=bool)
    for row in range(len(problem.agents)):
        for duty in duties_of(problem, roster, row):
            first, last = np.searchsorted(starts, [duty.begin, duty.end])
            inside = starts[first:last]
            there = np.ones(len(inside), dtype=bool)
            for since, until in (*duty.breaks, *duty.gone):
                there &= ~((inside >= since) & (inside < until))
            found[row, first:last] |= there
    return found
