"""What the floor's own roster says about the people of a plan: which company employs whom on which days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from onefloor.language import Text, joined
from onefloor.planning.rostering.problem import Agent, Contract, Dated, Problem
from onefloor.problems import Problem as Mistake
from onefloor.problems import Problems

NAMED = 5


@dataclass(frozen=True, slots=True)
class Employed:
    """A dated line of the floor's roster; ``last`` of None is open."""

    agent: str
    company: str
    first: date
    last: date | None


class UnknownPeople(Mistake):
    """Agents whom the floor's roster does not know at all."""

    def __init__(self, agents: Sequence[Agent]) -> None:
        named = [agent.id for agent in agents[:NAMED]]
        more = len(agents) - len(named)
        zh = f"名册中没有坐席 {'、'.join(named)}" + (f" 等 {len(agents)} 人" if more else "")
        en = f"The floor's roster does not have {', '.join(named)}" + (f" and {more} more" if more else "")
        super().__init__(
            Text(f"{zh}。", f"{en}."),
            remedy=Text(
                "请确认人员表属于此话务中心；改正人员表，或导入新的名册。",
                "Check that the table of agents is of this floor; mend it, or load a newer roster.",
            ),
        )


class NotOfThisFloor(Mistake):
    """An agent whom the floor's roster does not have in that company on any of the days."""

    def __init__(self, agent: Agent, lines: Iterable[Employed]) -> None:
        spans = joined([_span(line) for line in sorted(lines, key=lambda line: line.first)])
        said = Text(f"名册中只有 {spans.zh}", f"the floor's roster has them only as {spans.en}")
        super().__init__(
            Text(f"坐席 {agent.id}（{agent.company}）：{said.zh}。", f"Agent {agent.id} ({agent.company}): {said.en}."),
            remedy=Text("请改正人员表，或导入新的名册。", "Mend the table of agents, or load a newer roster."),
        )


def with_employment(problem: Problem, lines: Iterable[Employed]) -> Problem:
    """The problem in which nobody works on a day on which their company does not employ them.

    Who is employed on a part of the days owes that part of the contract's days; a number of days of their own stays. A
    floor without any roster leaves the problem as it is.

    Raises:
        Problems: agents whom the roster does not have in their company on any day of the horizon.
    """
    held: Mapping[str, list[Employed]] = defaultdict(list)
    for line in lines:
        held[line.agent].append(line)
    if not held:
        return problem
    contracts = {contract.id: contract for contract in problem.contracts}
    days, agents = list(problem.grid.dates()), []
    unknown = [agent for agent in problem.agents if agent.id not in held]
    wrong: list[Mistake] = [UnknownPeople(unknown)] if unknown else []
    for agent in problem.agents:
        there = {day for day in days if any(_employs(line, agent, day) for line in held.get(agent.id, ()))}
        if not there and agent.id in held:
            wrong.append(NotOfThisFloor(agent, held[agent.id]))
        found = replace(agent, away=(*agent.away, *_gaps(days, there)))
        agents.append(_in_part(found, contracts[agent.contract], Fraction(len(there), len(days))))
    if wrong:
        raise Problems(wrong)
    return replace(problem, agents=tuple(agents))


def _in_part(agent: Agent, contract: Contract, share: Fraction) -> Agent:
    """The contract's days in proportion, rounded in the agent's favour: fewer at least, more at most."""
    if share == 1:
        return agent
    least, most = agent.least_days, agent.most_days
    if least is None:
        least = floor(contract.least_days * share)
    if most is None and contract.most_days is not None:
        most = ceil(contract.most_days * share)
    return replace(agent, least_days=least, most_days=most)


def _span(line: Employed) -> Text:
    """``Own, 2026-01-05 to 2026-06-21``."""
    if line.last is None:
        return Text(f"{line.company}（{line.first} 起）", f"{line.company} since {line.first}")
    return Text(f"{line.company}（{line.first} 至 {line.last}）", f"{line.company}, {line.first} to {line.last}")


def _employs(line: Employed, agent: Agent, day: date) -> bool:
    return line.company == agent.company and line.first <= day and (line.last is None or day <= line.last)


def _gaps(days: list[date], there: set[date]) -> list[Dated]:
    """The spans of days that are not there."""
    spans: list[Dated] = []
    for day in days:
        if day in there:
            continue
        if spans and spans[-1].last == day - timedelta(1):
            spans[-1] = Dated(spans[-1].first, day)
        else:
            spans.append(Dated(day, day))
    return spans
