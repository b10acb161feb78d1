"""What a repair says: changes with their reasons, what else would do, whether a swap is allowed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from onefloor.language import Text
from onefloor.planning.repairing.changes import Change
from onefloor.planning.repairing.repair import Repair
from onefloor.planning.repairing.swapping import Swap
from onefloor.planning.rostering.problem import Problem
from onefloor.planning.rostering.rules import RULES

OTHER_RULES = {
    "shift": Text("不属于其合同的班次", "a shift that is not of the contract"),
    "pause": Text("休息不在窗口内", "a break outside its window"),
    "away": Text("当天不在岗", "away on that day"),
    "least_days": Text("工作天数过少", "too few days"),
    "most_days": Text("工作天数过多", "too many days"),
}


def outcome(repair: Repair) -> Text:
    """One sentence: how many changes, how much is back."""
    if repair.lost <= 0:
        return Text("不缺人，无需改动。", "Nobody is missing; nothing has to change.")
    if not repair.changes:
        return Text(
            "没有既合规又划算的改动：凡能补上的，工资与打扰都大于所补的缺口。",
            "No lawful change saves more than its pay and its disturbance cost.",
        )
    share, number = f"{repair.recovered * 100:.0f}", len(repair.changes)
    brings = "1 change brings" if number == 1 else f"{number} changes bring"
    return Text(f"{number} 处改动，补回损失在岗的 {share}%。", f"{brings} back {share} % of the lost cover.")


def outcome_of(repair: Repair) -> Text:
    """The same for some companies, whose changes alone the repair has: nothing of the whole floor."""
    number = len(repair.changes)
    return Text(
        f"所列公司的人有 {number} 处改动。",
        f"{number} {'change' if number == 1 else 'changes'} for people of the companies asked for.",
    )


def change_words(problem: Problem, change: Change) -> Text:
    """What one agent does instead, when, and why."""
    shift = next(one for one in problem.shifts if one.id == change.after)
    day = problem.grid.first + timedelta(change.day)
    begin = datetime(day.year, day.month, day.day) + timedelta(minutes=shift.start)
    end = begin + timedelta(minutes=shift.length * problem.grid.minutes)
    span = f"{begin:%m-%d %H:%M}–{end:%H:%M}"
    moments = [begin + timedelta(minutes=at * problem.grid.minutes) for at in change.pauses]
    breaks = Text("、".join(f"{at:%H:%M}" for at in moments), ", ".join(f"{at:%H:%M}" for at in moments))
    before, after = (timedelta(minutes=intervals * problem.grid.minutes) for intervals in change.overtime)
    told = _told(change, span, begin - before, end + after)
    if change.kind not in ("earlier", "longer"):
        at_en = f"breaks at {breaks.en}" if moments else "no break"
        told = Text(f"{told.zh}，休息 {breaks.zh or '无'}", f"{told.en}, {at_en}")
    saved = f"{change.saved:.1f}"
    return Text(
        f"{change.agent}：{told.zh}；扣除工资与打扰后净省 {saved}，各项规则均满足。",
        f"{change.agent}: {told.en}; saves {saved} after pay and disturbance, within all rules.",
    )


def _told(change: Change, span: str, since: datetime, until: datetime) -> Text:
    """What somebody is asked to do; ``since`` is where overtime before a shift begins, ``until`` where that after it
    ends."""
    match change.kind:
        case "earlier":
            return Text(
                f"{since:%H:%M} 提前到岗加班，接上 {change.after} 班（{span}）",
                f"come at {since:%H:%M}, before shift {change.after} ({span}), as overtime",
            )
        case "called":
            return Text(f"请临时来上 {change.after} 班（{span}）", f"come in for shift {change.after} ({span})")
        case "moved" if change.before != change.after:
            return Text(
                f"由 {change.before} 班改上 {change.after} 班（{span}）",
                f"work shift {change.after} ({span}) instead of {change.before}",
            )
        case "longer":
            return Text(
                f"{change.after} 班（{span}）下班后加班至 {until:%H:%M}",
                f"stay after shift {change.after} ({span}) until {until:%H:%M}, as overtime",
            )
        case _:
            return Text(f"{change.after} 班（{span}）只改休息时间", f"keep shift {change.after} ({span})")


def shown(repair: Repair, companies: Collection[str]) -> Repair:
    """The repair with the changes and alternatives of some companies' people only."""
    held = [
        (change, tuple(one for one in others if one.company in companies))
        for change, others in zip(repair.changes, repair.alternatives, strict=True)
        if change.company in companies
    ]
    return Repair(tuple(one for one, _ in held), tuple(others for _, others in held), repair.lost, repair.left)


def swap_words(found: Swap) -> list[Text]:
    """Whether a swap is allowed, and if not, which rules stand against it."""
    if found.allowed:
        return [
            Text(f"可以换班；成本变化 {found.cost:+.1f}。", f"The swap is allowed; cost changes by {found.cost:+.1f}.")
        ]
    told = [Text("不能换班：", "The swap is not allowed:")]
    for one in found.breaches:
        words = RULES[one.rule].words if one.rule in RULES else OTHER_RULES[one.rule]
        amount = f" {one.limit:g}" if one.limit else ""
        told.append(Text(f"{one.agent} {one.day}：{words.zh}{amount}", f"{one.agent} on {one.day}: {words.en}{amount}"))
    return told


def as_json(problem: Problem, repair: Repair) -> dict[str, object]:
    """A repair as plain data."""

    def told(change: Change) -> dict[str, object]:
        return {
            "agent": change.agent,
            "company": change.company,
            "date": (problem.grid.first + timedelta(change.day)).isoformat(),
            "kind": change.kind,
            "before": change.before,
            "after": change.after,
            "breaks": list(change.pauses),
            "overtime_minutes": [intervals * problem.grid.minutes for intervals in change.overtime],
            "saved": round(change.saved, 6),
            "reason": change_words(problem, change).as_json(),
        }

    return {
        "changes": [
            {**told(change), "alternatives": [told(one) for one in others]}
            for change, others in zip(repair.changes, repair.alternatives, strict=True)
        ],
        "lost": round(repair.lost, 6),
        "left": round(repair.left, 6),
        "recovered": round(repair.recovered, 6),
    }
