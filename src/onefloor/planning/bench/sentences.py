"""What is said of the bench, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import isfinite

from onefloor.insight.numbers import number
from onefloor.language import Text, joined, same
from onefloor.periods import zone
from onefloor.planning.bench.asking import Held
from onefloor.planning.bench.drill import Agent, Broken, Drill, Leave, Trainee
from onefloor.planning.bench.problem import Plan, TrainingClass
from onefloor.planning.bench.urgency import Ranked, Urgency
from onefloor.planning.grid import Grid

SHOWN_SPANS = 3


def percent(share: float) -> str:
    """A chance: never a bare 0 or 100 that nobody can promise.

    >>> percent(0.0432), percent(0.0), percent(0.99996)
    ('4.3 %', '< 0.1 %', '> 99.9 %')
    """
    if share < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if share > 0.999 else f"{100 * share:.1f} %"


def at_most(share: float) -> Text:
    """A chance as an upper end."""
    if share < 0.001:
        return Text("低于 0.1 %", "below 0.1 %")
    return Text(f"不超过 {percent(share)}", f"{percent(share)} or less")


def about_plan(skill: str, held: Held, plan: Plan) -> Text:
    """What a plan is about."""
    last = held.date_of(int(plan.problem.days[-1]))
    return Text(f"{skill}：到 {last} 的人才储备", f"{skill}: the bench until {last}")


def plan_sentence(skill: str, held: Held, plan: Plan) -> Text:
    """Who there is, what threatens, which classes, and what they leave."""
    told = [_state(skill, plan), _threat(held, plan), _classes(held, plan), _too_late(held, plan)]
    parts = [one for one in told if one is not None]
    return Text("".join(one.zh for one in parts), " ".join(one.en for one in parts))


def _state(skill: str, plan: Plan) -> Text:
    have, need = len(plan.problem.people), f"{plan.problem.need.max():,.0f}"
    return Text(f"{skill}：现有 {have} 人，需要 {need} 人。", f"{skill}: {have} people now, {need} needed.")


def _threat(held: Held, plan: Plan) -> Text:
    worst = int(plan.without.value.argmax())
    day, chance = held.date_of(int(plan.problem.days[worst])), percent(plan.without.value[worst])
    return Text(
        f"若不培训，缺人的概率最高为 {chance}（{day}）。",
        f"Without training the chance of too few is {chance} at worst ({day}).",
    )


def _classes(held: Held, plan: Plan) -> Text:
    open_days = plan.problem.days >= (plan.from_day if plan.from_day is not None else 10**9)
    used = [one for one in plan.classes if one.size]
    if not plan.classes:
        return Text("期内没有班能按时结业。", "No class is ready within these days.")
    worst = float(plan.with_classes.value[open_days].max())
    left = at_most(worst)
    if not used:
        return Text(
            f"不必开班：从 {held.date_of(plan.from_day or 0)} 起概率{left.zh}。",
            f"No class is needed: from {held.date_of(plan.from_day or 0)} on the chance is {left.en}.",
        )
    listed = _listed(held, used)
    if plan.unmet:
        until = held.date_of(plan.unmet[-1])
        return Text(
            f"即使开满 {listed.zh}，概率仍达 {percent(worst)}（至 {until} 仍有超限的日子）："
            "请提高开班上限、加开班次或借调。",
            f"Even with full classes ({listed.en}) it stays at {percent(worst)} (days above the risk until {until}): "
            "larger or more classes, or people lent.",
        )
    return Text(
        f"开班 {listed.zh}，从 {held.date_of(plan.from_day or 0)} 起概率{left.zh}。",
        f"Classes of {listed.en} keep it at {left.en} from {held.date_of(plan.from_day or 0)} on.",
    )


def _listed(held: Held, classes: Sequence[TrainingClass]) -> Text:
    return Text(
        "、".join(f"{held.date_of(one.begins)} {one.size} 人" for one in classes),
        ", ".join(f"{one.size} on {held.date_of(one.begins)}" for one in classes),
    )


def _too_late(held: Held, plan: Plan) -> Text | None:
    late = plan.too_late
    if not late:
        return None
    chance = percent(float(plan.without.value[plan.problem.days < (plan.from_day or 10**9)].max()))
    return Text(
        f"从 {held.date_of(late[0])} 到首班结业前，任何班都来不及（缺人概率最高 {chance}）：请用转岗培训或借调。",
        f"From {held.date_of(late[0])} until the first class is ready none can help (up to {chance}): transfer "
        "training, or people lent.",
    )


def plan_assumptions(plan: Plan, *, said: bool, newcomers: Text) -> tuple[Text, ...]:
    """What a plan takes for granted."""
    ready = plan.problem.training
    share, shown = percent(ready.share), f"{plan.parameters.level * 100:g}"
    found = [
        Text(
            f"培训 {ready.lead} 天，{share} 合格；新人离职速度按{newcomers.zh}估计。",
            f"Training takes {ready.lead} days, {share} qualify; newcomers leave at the pace of {newcomers.en}.",
        ),
        Text(
            f"离职率的不确定和逐月波动已计入；概率由 {plan.parameters.futures:,} 种未来算出，"
            f"其 {shown}% 区间上限也不超过风险。",
            f"Rates are uncertain and swing from month to month: both are in. Chances are from "
            f"{plan.parameters.futures:,} futures; the upper end of their {shown} % interval keeps the risk, too.",
        ),
    ]
    if not said:
        found.append(
            Text(
                "没有给需求人数：按今天持有该技能的人数计。",
                "Nobody said how many are needed: as many as hold it today.",
            )
        )
    if ready.ramp and ready.ramp_share < 1:
        found.append(
            Text(
                f"新人头 {ready.ramp} 天按 {percent(ready.ramp_share)} 计。",
                f"In the first {ready.ramp} days a newcomer counts as {percent(ready.ramp_share)}.",
            )
        )
    return tuple(found)


# the drill


def about_leave(leave: Leave, alike: int = 1) -> Text:
    """What a leave is about."""
    who = joined(same(one.id) for one in leave.agents)
    if alike > 1:
        return Text(f"演练：{who.zh} 等 {alike} 人之一离开", f"drill: {who.en} or {_others(alike)} like them leaves")
    return Text(f"演练：{who.zh} 离开", f"drill: {who.en} {'leaves' if len(leave.agents) == 1 else 'leave at once'}")


def leave_sentence(leave: Leave, grid: Grid | None, alike: int = 1) -> Text:
    """Who leaves, what breaks, who mends it.

    Args:
        leave: what happens.
        grid: the intervals of a day.
        alike: people of one company and the same skills whose leaving breaks the same, this one included.
    """
    who, several = joined(_who(one) for one in leave.agents), len(leave.agents) > 1
    if alike > 1:
        who = Text(
            f"{who.zh}（或技能相同的另外 {alike - 1} 人之一）", f"{who.en} or {_others(alike)} with the same skills"
        )
    go = Text("同时离开" if several else "明天离开", "leave together" if several else "leaves tomorrow")
    if not leave.lost:
        return Text(f"{who.zh} {go.zh}：没有技能因此缺人。", f"If {who.en} {go.en} no skill falls below its need.")
    broken = joined([_broken(one, grid) for one in leave.broken], zh="；", en="; ")
    mended = _mended(leave, grid)
    return Text(f"{who.zh} {go.zh}：{broken.zh}。{mended.zh}", f"If {who.en} {go.en}, {broken.en}. {mended.en}")


def _others(alike: int) -> str:
    """The people like one of ``alike``, in English."""
    return "one other" if alike == 2 else f"one of {alike - 1} others"


def _who(one: Agent) -> Text:
    skills = _skills(one.skills)
    return Text(f"{one.id}（{one.company}，{skills.zh}）", f"{one.id} ({one.company}, {skills.en})")


def _skills(skills: frozenset[str]) -> Text:
    names = sorted(skills)
    return Text("、".join(names) or "无技能", ", ".join(names) or "no skill")


def _broken(one: Broken, grid: Grid | None) -> Text:
    several = len(one.skills) > 1
    zh, en = "、".join(one.skills), " and ".join(one.skills)
    told = Text(
        f"{zh}{'合计' if several else ''}少 {one.lack} 人",
        f"{en}{' together lack' if several else ' lacks'} {one.lack}",
    )
    if grid is None:
        return told
    spans = spans_of(one.intervals, grid)
    shown = spans[:SHOWN_SPANS]
    more = (
        Text(f"等 {len(spans)} 段", f" and {len(spans) - SHOWN_SPANS} more") if len(spans) > SHOWN_SPANS else same("")
    )
    return Text(f"{told.zh}（{'、'.join(shown)}{more.zh}）", f"{told.en} ({', '.join(shown)}{more.en})")


def spans_of(intervals: Sequence[int], grid: Grid) -> list[str]:
    """Intervals as stretches of the local clock: ``09:00-10:30``."""
    starts, step, held = grid.starts, grid.minutes * 60_000, zone(grid.zone_name)
    runs: list[list[int]] = []
    for place in intervals:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    ends = [(int(starts[run[0]]), int(starts[run[-1]]) + step) for run in runs]
    return ["-".join(f"{datetime.fromtimestamp(end / 1000, held):%H:%M}" for end in pair) for pair in ends]


def _mended(leave: Leave, grid: Grid | None) -> Text:
    if not leave.trained:
        who = (
            Text("同公司", "the same company") if grid is None else Text("同公司当天在岗者", "the same company on duty")
        )
        return Text(f"{who.zh}中没有人能通过培训补上。", f"Nobody of {who.en} could be trained to mend it.")
    listed = joined([trainee_words(one) for one in leave.trained], zh="；", en="; ")
    told = Text(f"最快的转岗培训：{listed.zh}。", f"Quickest transfer training: {listed.en}.")
    if leave.open:
        return told + Text(f"仍缺 {leave.open}。", f"{leave.open} {'stays' if leave.open == 1 else 'stay'} open.")
    return told


def trainee_words(one: Trainee) -> Text:
    """Who learns what, and how long it takes."""
    if not isfinite(one.hours):
        return Text(
            f"{one.agent.id} 学 {one.skill}（学时不详）", f"{one.agent.id} learns {one.skill} (hours not known)"
        )
    if not one.hours:
        return Text(
            f"{one.agent.id} 可直接接 {one.skill}（模块都已学过）",
            f"{one.agent.id} can take {one.skill} at once (knows all its modules)",
        )
    modules = Text(f"，{'、'.join(one.modules)}", f": {', '.join(one.modules)}") if one.modules else same("")
    return Text(
        f"{one.agent.id} 学 {one.skill}（{number(one.hours)} 学时{modules.zh}）",
        f"{one.agent.id} learns {one.skill} ({number(one.hours)} hours{modules.en})",
    )


def drill_summary(found: Drill) -> Text:
    """All leaves in one sentence."""
    total, breaking = len(found.problem.agents), len(found.leaves)
    told = Text(
        f"{total} 人中有 {breaking} 人，任何一人明天离开就有技能缺人。",
        f"Of {total} people there are {breaking} any one of whom leaves a skill short by going tomorrow.",
    )
    if not breaking:
        told = Text(
            f"{total} 人中，任何一人明天离开都不会有技能缺人。",
            f"Whoever of the {total} people leaves tomorrow, no skill falls below its need.",
        )
    if found.lacks:
        unit = Text("人", "people") if found.problem.need.shape[1] == 1 else Text("人·时段", "people times intervals")
        told += Text(f"今天已缺 {found.lacks} {unit.zh}。", f"Today {found.lacks} {unit.en} lack already.")
    return told


# what to train first


def ranked_sentence(one: Ranked, held: Held) -> Text:
    """The class of a skill, why, and what to do."""
    chance = percent(one.soon)
    why = Text(f"若等下一班，缺人概率最高 {chance}", f"waiting for the next class risks {chance}")
    weight = (
        Text("关键岗位", "a key post")
        if one.key
        else Text(f"占全部需求的 {100 * one.share:.0f}%", f"{100 * one.share:.0f} % of all people needed")
    )
    action = _action(one, held)
    return Text(
        f"{one.skill}：{one.urgency.words.zh}（{why.zh}；{weight.zh}）。{action.zh}",
        f"{one.skill}: {one.urgency.words.en} ({why.en}; {weight.en}). {action.en}",
    )


def _action(one: Ranked, held: Held) -> Text:
    used = [part for part in one.plan.classes if part.size]
    first = _listed(held, used[:1]) if used else None
    match one.urgency:
        case Urgency.NOW if first is not None:
            return Text(
                f"立即开班：{first.zh}；结业前用转岗培训补位。",
                f"Begin a class now ({first.en}); until it is ready, transfer training.",
            )
        case Urgency.NOW:
            return Text("立即补位：转岗培训或借调。", "Fill in now: transfer training, or people lent.")
        case Urgency.PLAN if first is not None:
            return Text(f"列入计划：{first.zh}。", f"Into the plan: {first.en}.")
        case Urgency.PLAN:
            return Text("列入计划，每月复核。", "Into the plan; look again every month.")
        case Urgency.TRANSFER:
            return Text("用最快的转岗培训。", "The quickest transfer training.")
    return Text("自学即可。", "Self-study is enough.")  # fmt: skip
