"""What a planned roster says of itself, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from onefloor.language import Text, joined
from onefloor.planning.rostering.needs import days_without
from onefloor.planning.rostering.promises import as_json_of_unkept, unkept
from onefloor.planning.rostering.result import Result, fairness
from onefloor.planning.rostering.unusable import Barred, barred, unheld

ONE = timedelta(1)
NAMED = 3


def outcome(result: Result) -> Text:
    """One sentence: people, days, cost, bound, gap, rules."""
    agents, days = len(result.problem.agents), result.problem.grid.days
    broken = len(result.breaches)
    rules = "rule" if broken == 1 else "rules"
    gap = f"{result.gap * 100:.2f}"
    return Text(
        f"{agents}人{days}天：成本 {result.cost:,.0f}，任何班表都不低于 {result.bound:,.0f}（差距至多 {gap}%）；"
        f"违反规则 {broken} 处。",
        f"{_people_days(agents, days)}: cost {result.cost:,.0f}; no roster costs less than {result.bound:,.0f} "
        f"(gap at most {gap} %); {broken} {rules} broken.",
    )


def _people_days(people: int, days: int) -> str:
    return f"{people} {'person' if people == 1 else 'people'}, {days} {'day' if days == 1 else 'days'}"


def outcome_of(result: Result, companies: Collection[str]) -> Text:
    """The same of some companies' people: nothing of the whole floor, nor what it costs."""
    told = as_json_of(result, companies)
    names, agents, days, hours, broken = (
        told[key] for key in ("companies", "agents", "days", "paid_hours", "breaches")
    )
    listed, rules = ", ".join(names), "rule" if broken == 1 else "rules"
    return Text(
        f"{listed}：{agents}人{days}天，计薪 {hours:,.1f} 小时；违反规则 {broken} 处。",
        f"{listed}: {_people_days(agents, days)}, {hours:,.1f} paid hours; {broken} {rules} broken.",
    )


def as_json_of(result: Result, companies: Collection[str]) -> dict[str, Any]:
    """What ``outcome_of`` says, as plain data for scripts."""
    problem = result.problem
    rows = {agent.id: row for row, agent in enumerate(problem.agents) if agent.company in companies}
    return {
        "companies": [company.id for company in problem.companies if company.id in companies],
        "agents": len(rows),
        "from": problem.grid.first.isoformat(),
        "days": problem.grid.days,
        "paid_hours": sum(duty.paid_hours for row in rows.values() for duty in result.duties(row)),
        "breaches": sum(breach.agent in rows for breach in result.breaches),
        "seed": result.seed,
        **as_json_of_unkept(result, companies),
    }


def remarks(result: Result) -> list[Text]:
    """Lines of needs that do not count; days on which they ask for nobody; needed skills that nobody may serve; shifts
    that a limit bars; seats, presence, key posts and guaranteed hours that are not kept."""
    told, days = _of_unplanned(result.problem.unplanned), days_without(result.problem)
    if days:
        spans = _spans(days)
        told.append(Text(f"{result.problem.grid.days} 天中有 {len(days)} 天需求表没有人数：{'、'.join(spans)}。",
                         f"The table of needs asks for nobody on {len(days)} of {result.problem.grid.days} days: "
                         f"{', '.join(spans)}."))  # fmt: skip
    for skill, lacking in unheld(result.problem).items():
        spans = _spans(lacking)
        zh = f"{'、'.join(spans)} 需要 {skill}，但没有在岗且有资质的人。"
        told.append(Text(zh, f"{skill} is needed on {', '.join(spans)}, and nobody who is there may serve it."))
    return [*told, *map(_of_barred, barred(result.problem)), *unkept(result, _all(result))]


def _of_unplanned(lines: Mapping[date, int]) -> list[Text]:
    """That lines of the needs do not count, and of which days they are."""
    if not lines:
        return []
    number, held = sum(lines.values()), _spans(list(lines))
    some, more = held[:NAMED], len(held) - NAMED
    rest = Text(f"，另有 {more} 段", f" and {more} more") if more > 0 else Text("", "")
    en = "1 line of the table of needs is" if number == 1 else f"{number:,} lines of the table of needs are"
    return [Text(f"需求表有 {number:,} 行不在计划的日子里，不计入：{'、'.join(some)}{rest.zh}。",
                 f"{en} outside the planned days and not counted: {', '.join(some)}{rest.en}.")]  # fmt: skip


def _all(result: Result) -> list[str]:
    return [company.id for company in result.problem.companies]


def _of_barred(one: Barred) -> Text:
    limits = [f"{limit.rule} {limit.amount:g}" for limit in one.limits]
    lines = [limit.line for limit in one.limits if limit.line is not None]
    zh = f"（第 {'、'.join(map(str, lines))} 行）" if lines else ""
    en = f" (line {', '.join(map(str, lines))})" if lines else ""
    which_zh = "的所有班次" if one.all_shifts else f"的班次 {'、'.join(one.shifts)} "
    which_en = "every shift" if one.all_shifts else f"the shifts {', '.join(one.shifts)}"
    return Text(f"规则 {'、'.join(limits)}{zh}在任何一天都不允许合同 {one.contract} {which_zh}。",
                f"{', '.join(limits)}{en} bars {which_en} of contract {one.contract} on all days.")  # fmt: skip


def _spans(days: Sequence[date]) -> list[str]:
    return [f"{first}..{last}" if last > first else str(first) for first, last in _runs(days)]


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """First and last of days in a row."""
    firsts = [day for day in days if day - ONE not in days]
    lasts = [day for day in days if day + ONE not in days]
    return list(zip(firsts, lasts, strict=True))


def parts(result: Result) -> list[tuple[Text, str]]:
    """The parts of the cost, and what they stand for."""
    told = result.score
    needed = float(result.problem.needs.sum()) / result.problem.per_hour
    missing = f"{told.missing:,.0f} ({told.missing_hours:,.1f} h / {needed:,.1f} h)"
    return [
        (Text("计薪工时", "paid hours"), f"{told.paid:,.0f} ({told.paid_hours:,.1f} h)"),
        (Text("缺员", "missing agents"), missing),
        (Text("未满足的意愿", "wishes not granted"), f"{told.wishes:,.0f}"),
        (Text("席位与在岗", "seats and presence"), f"{told.presence:,.0f}"),
        (Text("保底工时不足", "guaranteed hours not given"), f"{told.guaranteed:,.0f}"),
        (Text("夜班与周末不均", "unequal nights and weekends"), f"{told.fairness:,.0f}"),
    ]


def fair(result: Result) -> list[Text]:
    """How nights and weekends are divided."""
    words = {"nights": Text("夜班", "nights"), "weekends": Text("周末工作日", "weekend days")}
    return [
        joined(
            [
                words[name],
                Text(
                    f"每人 {one.least} 至 {one.most} 次，平均 {one.mean:.1f}，基尼系数 {one.gini:.2f}。",
                    f"{one.least} to {one.most} a person, mean {one.mean:.1f}, Gini {one.gini:.2f}.",
                ),
            ],
            zh="：",
            en=": ",
        )
        for name, one in fairness(result).items()
    ]


def as_json(result: Result) -> dict[str, object]:
    """The result as plain data for scripts."""
    told = result.score
    return {
        "agents": len(result.problem.agents),
        "from": result.problem.grid.first.isoformat(),
        "days": result.problem.grid.days,
        "cost": result.cost,
        "bound": result.bound,
        "gap": result.gap,
        "breaches": len(result.breaches),
        "unplanned_needs": {day.isoformat(): lines for day, lines in result.problem.unplanned.items()},
        "days_without_needs": [day.isoformat() for day in days_without(result.problem)],
        "nobody_for": {skill: [day.isoformat() for day in days] for skill, days in unheld(result.problem).items()},
        "barred_shifts": [
            {"contract": one.contract, "shifts": list(one.shifts),
             "limits": [{"rule": limit.rule, "amount": limit.amount, "line": limit.line} for limit in one.limits]}
            for one in barred(result.problem)
        ],
        **as_json_of_unkept(result, _all(result)),
        "seconds": round(result.seconds, 2),
        "seed": result.seed,
        "parts": {
            name: getattr(told, name)
            for name in (
                "paid", "missing", "wishes", "presence", "guaranteed", "fairness", "paid_hours", "missing_hours",
            )
        },
        "fairness": {
            name: {"least": one.least, "most": one.most, "mean": one.mean, "gini": one.gini}
            for name, one in fairness(result).items()
        },
    }  # fmt: skip
