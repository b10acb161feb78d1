"""What is asked: a roster with which every skill reaches a service level in every interval. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.pools.transfers import Holders, onward, with_transfers
from onefloor.planning.rostering.problem import Problem as RosterProblem
from onefloor.planning.simulation.model import ContactType, Model, Rule
from onefloor.problems import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
POINT = 0.01
CLOSED = 0.05  # contacts: intervals that expect fewer are not judged


class BadRounds(Problem):
    """A question that cannot be answered as it is put."""


def refused(zh: str, en: str, do_zh: str, do_en: str) -> BadRounds:
    """A problem with its remedy."""
    return BadRounds(Text(zh, en), remedy=Text(do_zh, do_en))


@dataclass(frozen=True, slots=True)
class Rounds:
    """The problem; T contact types, K skills, P intervals of the roster's grid, D days.

    Args:
        roster: people, rules and costs; its needs are where the search begins. An interval that needs nobody of a
            skill is closed for it and stays so.
        model: the customers. Of its groups only what companies do counts: paces, classes, delays; who is there
            comes from the roster.
        arrivals: mean contacts that come by themselves, shape (T, P); redials and repeats come on top.
        level: the service level to be reached (share), as the model's rule counts it.
        skill_of: the skill of a contact type; its own name where it is missing.
        away: share of the people rostered that will not come, shape (D, K); nobody without.

    Raises:
        BadRounds: shapes that do not fit, a level outside 0 to 1, types whose skill nobody has or nobody asks for.
    """

    roster: RosterProblem
    model: Model
    arrivals: Floats
    level: float
    skill_of: Mapping[str, str] = field(default_factory=dict)
    away: Floats | None = None

    def __post_init__(self) -> None:
        shape = (len(self.model.types), len(self.roster.grid))
        if self.arrivals.shape != shape or not (np.isfinite(self.arrivals) & (self.arrivals >= 0)).all():
            raise refused(
                f"到达量须为 {shape[0]}×{shape[1]} 个不小于 0 的数。",
                f"Arrivals are {shape[0]} x {shape[1]} numbers, 0 or more: a row for each type of the model.",
                "请为每个类型、每个时段给出一个数。", "Give one for each type and interval.",
            )  # fmt: skip
        if not 0 < self.level < 1:
            raise refused(
                f"目标 {self.level:g} 不在 0 与 1 之间。", f"The target {self.level:g} is not between 0 and 1.",
                "请例如写 80%。", "Write 80%, say.",
            )  # fmt: skip
        _check_skills(self)
        _check_companies(self)

    @property
    def skills(self) -> tuple[str, ...]:
        """The roster's skills that contacts of the model ask for, in the roster's order."""
        asked = {self.skill(kind) for kind in self.model.types}
        return tuple(skill.id for skill in self.roster.skills if skill.id in asked)

    @property
    def columns(self) -> Ints:
        """Where these skills stand among the roster's, shape (K,)."""
        names = [skill.id for skill in self.roster.skills]
        return np.array([names.index(skill) for skill in self.skills], dtype=np.int64)

    @property
    def members(self) -> Bools:
        """Whether a type asks for a skill, shape (K, T)."""
        return np.array([[self.skill(kind) == skill for kind in self.model.types] for skill in self.skills])

    @property
    def calls(self) -> Floats:
        """The arrivals with those whom people of other skills pass on, shape (T, P)."""
        factors = {agent.id: agent.transfers for group in self.model.groups for agent in group.agents}
        held = [
            Holders(self._served({one.skill for one in agent.qualifications}), 1.0, factors.get(agent.id, 1.0))
            for agent in self.roster.agents
        ]
        return with_transfers(self.arrivals, onward(self.model.types, held))

    def _served(self, skills: set[str | None]) -> frozenset[str]:
        return frozenset(kind.id for kind in self.model.types if self.skill(kind) in skills)

    @property
    def judged(self) -> Bools:
        """Whether an interval counts for a skill: contacts are expected and somebody is needed, shape (K, P)."""
        expected = self.members.astype(float) @ self.calls
        return (expected >= CLOSED) & (self.roster.needs.T[self.columns] > 0)

    def skill(self, kind: ContactType) -> str:
        """The skill that a type asks for."""
        return self.skill_of.get(kind.id, kind.id)


def judged_by(model: Model, within_s: float, formula: str) -> Model:
    """The model with one rule of service level for all its types."""
    rule = Rule(within=within_s, formula=formula)  # type: ignore[arg-type]  # F1 to F4
    return replace(model, rule=rule, types=tuple(replace(kind, rule=None) for kind in model.types))


def _check_skills(asked: Rounds) -> None:
    held = {one.skill for agent in asked.roster.agents for one in agent.qualifications}
    for kind in asked.model.types:
        skill = asked.skill(kind)
        if skill not in {one.id for one in asked.roster.skills}:
            raise refused(
                f"规则中没有技能“{skill}”（话务类型 {kind.id}）。",
                f'The rules have no skill "{skill}", which contacts of "{kind.id}" ask for.',
                f"规则中的技能：{'、'.join(one.id for one in asked.roster.skills)}。请改规则或模型。",
                f"Their skills are {', '.join(one.id for one in asked.roster.skills)}: mend the rules or the model.",
            )  # fmt: skip
        if skill not in held:
            raise refused(
                f"无人具备技能“{skill}”。", f'Nobody has the skill "{skill}".',
                "请在人员表中加上。", "Give it to somebody in the table of agents.",
            )  # fmt: skip


def _check_companies(asked: Rounds) -> None:
    known = {company.id for company in asked.roster.companies}
    for kind in asked.model.types:
        for company, _ in kind.shares:
            if company not in known:
                raise refused(
                    f"模型中“{kind.id}”的份额写了“{company}”，而规则中没有该公司。",
                    f'The model gives a share of "{kind.id}" to "{company}", which the rules do not have.',
                    "请改模型的 shares，或在规则中加上该公司。", "Mend shares in the model, or add the company.",
                )  # fmt: skip
