"""What to train first: urgent or not, important or not (the four classes)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from onefloor.language import Text
from onefloor.planning.bench.problem import Plan

IMPORTANT_SHARE = 0.2


class Urgency(StrEnum):
    """The four classes."""

    NOW = "urgent_important"
    PLAN = "important"
    TRANSFER = "urgent"
    SELF_STUDY = "neither"

    @property
    def words(self) -> Text:
        """As people read it."""
        return {
            Urgency.NOW: Text("重要且紧急", "urgent and important"),
            Urgency.PLAN: Text("重要不紧急", "important, not urgent"),
            Urgency.TRANSFER: Text("紧急不重要", "urgent, not important"),
            Urgency.SELF_STUDY: Text("不紧急不重要", "neither"),
        }[self]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A skill with its class; ``soon`` is the highest chance of a shortage before a class begun on the second date is
    ready: what waiting would risk. ``share`` is its part of all people needed."""

    skill: str
    urgency: Urgency
    soon: float
    share: float
    key: bool
    plan: Plan


def soon(plan: Plan) -> float:
    """The highest chance of a shortage, without any class, until the second class could be ready."""
    ready = [one.ready for one in plan.classes]
    end = ready[1] if len(ready) > 1 else int(plan.problem.days[-1]) + 1
    held = plan.without.value[plan.problem.days < end]
    return float(held.max()) if len(held) else 0.0


def ranked(plans: dict[str, Plan], keys: frozenset[str], important: float = IMPORTANT_SHARE) -> list[Ranked]:
    """Skills by class and, inside it, by the chance of a shortage.

    Urgent: waiting for the second class date would exceed the risk. Important: a key post, or at least the share
    ``important`` of all people needed.

    Args:
        plans: by skill.
        keys: skills of key posts.
        important: share of the need.
    """
    needs = {skill: float(np.max(plan.problem.need)) for skill, plan in plans.items()}
    total = sum(needs.values()) or 1.0
    found = []
    for skill, plan in plans.items():
        share, chance = needs[skill] / total, soon(plan)
        urgent = chance > plan.parameters.risk
        matters = skill in keys or share >= important
        kind = (
            (Urgency.NOW if urgent else Urgency.PLAN) if matters else Urgency.TRANSFER if urgent else Urgency.SELF_STUDY
        )
        found.append(Ranked(skill, kind, chance, share, skill in keys, plan))
    order = list(Urgency)
    return sorted(found, key=lambda one: (order.index(one.urgency), -one.soon, -one.share, one.skill))
