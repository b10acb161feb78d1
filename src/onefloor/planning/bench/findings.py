"""The bench as findings: judged from chances, refused where too few have left to know the rates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefloor.insight.attrition import sentences as attrition
from onefloor.insight.attrition.staying import FEWEST_LEAVERS
from onefloor.insight.finding import Behind, Estimate, Finding, Verdict
from onefloor.language import Text, same
from onefloor.planning.bench import sentences
from onefloor.planning.bench.asking import Asked, Held
from onefloor.planning.bench.drill import Drill, Leave, Trainee
from onefloor.planning.bench.problem import Plan
from onefloor.planning.bench.urgency import Ranked, Urgency
from onefloor.planning.grid import Grid

HEADS = Text("人", "people")
PERCENT = same("%")


def plan_finding(found: Held, asked: Asked, skill: str, plan: Plan, *, said: bool) -> Finding:
    """The classes of a skill: worth a look if there is anything to do, nothing seen if the bench is enough.

    Args:
        found: the people.
        asked: what was asked.
        skill: whose bench.
        plan: its classes.
        said: whether somebody said how many are needed.
    """
    about = sentences.about_plan(skill, found, plan)
    leavers = found.watched.spells.leavers
    heads = len(plan.problem.people)
    if leavers < FEWEST_LEAVERS:
        return _unknown(about, skill, heads, leavers)
    held, helped = plan.with_classes, plan.problem.days >= (plan.from_day or 0)
    worst = int(np.where(helped, held.value, -1.0).argmax())
    quiet = not plan.size and not plan.unmet and not plan.too_late
    newcomers = attrition.name(found.known.cohorts[plan.problem.newcomers], asked.by)
    return Finding(
        about,
        Verdict.NOTHING_SEEN if quiet else Verdict.WORTH_A_LOOK,
        sentences.plan_sentence(skill, found, plan),
        estimate=Estimate(
            float(held.value[worst]), float(held.low[worst]), float(held.high[worst]), plan.parameters.level
        ).times(100),
        unit=PERCENT,
        agents=heads,
        sampled=HEADS,
        assumptions=(*sentences.plan_assumptions(plan, said=said, newcomers=newcomers), attrition.DELAYED),
        behind=(Behind("attrition", {"company": asked.companies} if asked.companies else {}),),
        details=_details(found, skill, plan),
    )


def _unknown(about: Text, skill: str, heads: int, leavers: int) -> Finding:
    sentence = Text(
        f"{skill}：现有 {heads} 人；要培训多少人还说不出。",
        f"{skill}: {heads} people now; how many to train cannot be told yet.",
    )
    reason = Text(
        f"记录期内一共只有 {leavers} 人离开，少于 {FEWEST_LEAVERS} 人，离职快慢不明。",
        f"Only {leavers} people left within the records, fewer than {FEWEST_LEAVERS}: their rates are not known.",
    )
    return Finding(about, Verdict.CANNOT_TELL, sentence, agents=heads, sampled=HEADS, reasons=(reason,))


def _details(found: Held, skill: str, plan: Plan) -> dict[str, object]:
    return {
        "skill": skill,
        "risk": plan.parameters.risk,
        "ever": plan.ever,
        "classes": [
            {"begins": str(found.date_of(one.begins)), "ready": str(found.date_of(one.ready)), "size": one.size}
            for one in plan.classes
        ],
        "days": [
            {
                "day": str(found.date_of(int(day))),
                "need": float(plan.problem.need[place]),
                "without": float(plan.without.value[place]),
                "with": float(plan.with_classes.value[place]),
                "heads": [float(part) for part in plan.heads[:, place]],
                "heads_without": [float(part) for part in plan.alone[:, place]],
            }
            for place, day in enumerate(plan.problem.days.tolist())
        ],
        "unmet": [str(found.date_of(day)) for day in plan.unmet],
        "too_late": [str(found.date_of(day)) for day in plan.too_late],
    }


def drill_findings(found: Drill, grid: Grid | None, most: int = 10) -> list[Finding]:
    """The drill in one finding, the joint leave of the most skilled, and up to ``most`` kinds of single leaves, worst
    first."""
    about = Text("突然离职演练", "sudden-leave drill")
    verdict = Verdict.WORTH_A_LOOK if found.leaves or found.lacks else Verdict.NOTHING_SEEN
    table = {
        skill: {"holders": holders, "need": int(found.problem.need[place].max()), "spare": found.spare[place]}
        for place, (skill, holders) in enumerate(zip(found.problem.skills, found.holders, strict=True))
    }
    details = {"skills": table, "breaking": len(found.leaves), "lacks": found.lacks}
    people = len(found.problem.agents)
    first = Finding(about, verdict, sentences.drill_summary(found), agents=people, sampled=HEADS, details=details)
    singles = [_leave(one, grid, count) for one, count in _alike(found.leaves)[:most]]
    return [first, *([_leave(found.at_once, grid)] if found.at_once else []), *singles]


def _alike(leaves: Sequence[Leave]) -> list[tuple[Leave, int]]:
    """People of one company with the same skills whose leaving breaks the same, once with their number."""
    groups: dict[object, list[Leave]] = {}
    for one in leaves:
        agent = one.agents[0]
        groups.setdefault((agent.company, agent.skills, one.broken, one.open), []).append(one)
    return [(group[0], len(group)) for group in groups.values()]


def _leave(leave: Leave, grid: Grid | None, alike: int = 1) -> Finding:
    return Finding(
        sentences.about_leave(leave, alike),
        Verdict.WORTH_A_LOOK if leave.lost else Verdict.NOTHING_SEEN,
        sentences.leave_sentence(leave, grid, alike),
        agents=(people := len(leave.agents) if len(leave.agents) > 1 else alike),
        sampled=HEADS if people > 1 else Text("人", "person"),
        reasons=tuple(
            Text(f"其次：{words.zh}", f"next best: {words.en}")
            for words in (sentences.trainee_words(one) for one in leave.others)
        ),
        details={
            "agents": [one.id for one in leave.agents],
            "alike": alike,
            "lost": leave.lost,
            "broken": [
                {
                    "skills": list(one.skills),
                    "lack": one.lack,
                    "when": sentences.spans_of(one.intervals, grid) if grid else [],
                }
                for one in leave.broken
            ],
            "trained": [_trainee(one) for one in leave.trained],
            "others": [_trainee(one) for one in leave.others],
            "open": leave.open,
        },
    )


def _trainee(one: Trainee) -> dict[str, object]:
    hours = one.hours if one.hours < float("inf") else None
    return {"agent": one.agent.id, "skill": one.skill, "hours": hours, "modules": list(one.modules), "mends": one.mends}


def triage_findings(found: Held, ranks: list[Ranked]) -> list[Finding]:
    """Every skill with its class, the most urgent first."""
    leavers = found.watched.spells.leavers
    return [_ranked(found, one, leavers) for one in ranks]


def _ranked(found: Held, one: Ranked, leavers: int) -> Finding:
    about = Text(f"{one.skill}：培训的轻重缓急", f"{one.skill}: what to train first")
    heads = len(one.plan.problem.people)
    if leavers < FEWEST_LEAVERS:
        return _unknown(about, one.skill, heads, leavers)
    urgent = one.urgency in (Urgency.NOW, Urgency.TRANSFER)
    return Finding(
        about,
        Verdict.WORTH_A_LOOK if urgent else Verdict.NOTHING_SEEN,
        sentences.ranked_sentence(one, found),
        agents=heads,
        sampled=HEADS,
        details={"skill": one.skill, "class": one.urgency.value, "soon": one.soon, "share": one.share, "key": one.key},
    )
