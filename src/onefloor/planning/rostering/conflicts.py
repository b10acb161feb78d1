"""Why there is no roster: the smallest set of demands on one agent that cannot all be kept.

Every hard rule concerns one agent alone, so one agent is enough to show it. A deletion filter (Chinneck and Dravnieks
1991, algorithm 1) drops demand after demand; what cannot be dropped is a smallest conflicting set: without any one of
them there would be a tour.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from onefloor.language import Text, joined
from onefloor.planning.rostering.arrays import scratch
from onefloor.planning.rostering.layout import laid_out
from onefloor.planning.rostering.problem import Agent, Dated, History, Limit, Problem
from onefloor.planning.rostering.rules import RULES
from onefloor.planning.rostering.tours import FORBIDDEN, best_tour, value_shifts
from onefloor.problems import Place
from onefloor.problems import Problem as Mistake


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand on an agent: what it says, where it was written, and the problem without it."""

    words: Text
    line: int | None
    without: Callable[[Problem], Problem]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands that cannot all be kept, and the agents they concern."""

    agents: tuple[str, ...]
    demands: tuple[Demand, ...]


class NoRoster(Mistake):
    """The rules leave some agents no tour at all."""

    def __init__(self, conflict: Conflict, file: str | None = None) -> None:
        self.conflict = conflict
        names, more = "、".join(conflict.agents[:5]), len(conflict.agents) - 5
        also = Text(f"等{len(conflict.agents)}人" if more > 0 else "", f" and {more} more" if more > 0 else "")
        demands = joined([_placed(demand) for demand in conflict.demands], zh="；", en="; ")
        lines = [demand.line for demand in conflict.demands if demand.line is not None]
        super().__init__(
            Text(
                f"坐席 {names}{also.zh} 无班可排。", f"No roster is possible for {names.replace('、', ', ')}{also.en}."
            ),
            why=Text(f"以下要求不能同时满足：{demands.zh}。", f"These cannot all be kept: {demands.en}."),
            remedy=Text("请放宽其中任意一项。", "Relax any one of them."),
            where=Place(file, lines[0] if lines else None) if file else None,
        )


class NobodyElse(Mistake):
    """There is no roster, for reasons that lie with companies that were not asked for."""

    def __init__(self, file: str) -> None:
        super().__init__(
            Text("无班表：所列公司之外有人无班可排。",
                 "No roster is possible: somebody of a company that was not asked for has none."),
            remedy=Text("请不加 --company 运行以查看原因。", "Run it without --company to see why."),
            where=Place(file),
        )  # fmt: skip


def unrosterable(problem: Problem, companies: Collection[str], none: NoRoster, file: str) -> Mistake:
    """Why there is no roster, told of the people of these companies alone."""
    own = tuple(agent for agent in problem.agents if agent.company in companies)
    if len(own) == len(problem.agents):
        return NoRoster(none.conflict, file)
    found = impossible(replace(problem, agents=own, posts=())) if own else None
    return NoRoster(found, file) if found else NobodyElse(file)


def _placed(demand: Demand) -> Text:
    if demand.line is None:
        return demand.words
    return Text(f"{demand.words.zh}（第{demand.line}行）", f"{demand.words.en} (line {demand.line})")


def impossible(problem: Problem) -> Conflict | None:
    """The first agent without any tour, with the smallest conflicting set; those with the same demands too."""
    stuck = [agent for agent, possible in zip(problem.agents, possible_tours(problem), strict=True) if not possible]
    if not stuck:
        return None
    alone = replace(problem, agents=(stuck[0],), posts=())
    kept = _smallest(alone, demands_on(alone))
    same = [one.id for one in stuck if _alike(one, stuck[0])]
    return Conflict(tuple(same), tuple(kept))


def _alike(one: Agent, other: Agent) -> bool:
    return replace(one, id="", wishes=(), qualifications=(), company="") == replace(
        other, id="", wishes=(), qualifications=(), company=""
    )


def possible_tours(problem: Problem) -> list[bool]:
    """Of each agent whether any tour keeps the rules."""
    task = laid_out(problem).task
    room = scratch(task)
    found = []
    for agent, pattern in enumerate(task.people.pattern.tolist()):
        value_shifts(task, room, agent, 0.0, 0.0, 0.0)
        found.append(best_tour(task.patterns, pattern, room) > FORBIDDEN)
    return found


def _smallest(problem: Problem, demands: Sequence[Demand]) -> list[Demand]:
    kept = []
    for demand in demands:
        relaxed = demand.without(problem)
        if possible_tours(relaxed)[0]:
            kept.append(demand)
        else:
            problem = relaxed
    return kept


def demands_on(problem: Problem) -> list[Demand]:
    """All demands on the only agent of a problem."""
    agent = problem.agents[0]
    contract = next(one for one in problem.contracts if one.id == agent.contract)
    limits = [one for one in problem.limits if not one.contracts or agent.contract in one.contracts]
    found = [_of_limit(limit) for limit in limits]
    found += [_of_away(span) for span in agent.away]
    if agent.history != History():
        words = Text("计划期之前的班", "what was worked before the horizon")
        found.append(Demand(words, None, lambda held: _changed(held, history=History())))
    most = contract.most_days if agent.most_days is None else agent.most_days
    if most is not None:
        words = Text(f"周期内最多{most}天", f"at most {_days(most)} in the horizon")
        found.append(Demand(words, None, lambda held: _changed(held, most_days=held.grid.days)))
    least = contract.least_days if agent.least_days is None else agent.least_days
    if least:
        words = Text(f"周期内至少{least}天", f"at least {_days(least)} in the horizon")
        found.append(Demand(words, None, lambda held: _changed(held, least_days=0)))
    return found


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _of_limit(limit: Limit) -> Demand:
    rule = RULES[limit.rule].words
    amount = "" if RULES[limit.rule].unit == "none" else f" {limit.amount:g}"
    words = Text(f"{rule.zh}{amount}", f"{rule.en}{amount}")
    return Demand(words, limit.line, lambda held: replace(held, limits=tuple(x for x in held.limits if x is not limit)))


def _of_away(span: Dated) -> Demand:
    words = Text(f"{span.first}至{span.last}不在岗", f"away from {span.first} to {span.last}")

    def without(held: Problem) -> Problem:
        return _changed(held, away=tuple(one for one in held.agents[0].away if one is not span))

    return Demand(words, None, without)


def _changed(problem: Problem, **changes: object) -> Problem:
    return replace(problem, agents=(replace(problem.agents[0], **changes),))  # type: ignore[arg-type]
