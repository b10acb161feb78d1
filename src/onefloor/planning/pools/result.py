"""The answer: a staff, its cost, and how well it does on chance that the search has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from onefloor.language import Text
from onefloor.planning.pools.levels import Levels
from onefloor.planning.pools.problem import Ints, Limit, Pools
from onefloor.problems import Problem


class Standing(StrEnum):
    """Whether a target is met, by the interval of its level on fresh chance."""

    MET = "met"
    NEAR = "near"  # the interval holds the target: so close that the check cannot tell
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Staffing:
    """The cheapest staff that was found.

    ``staff`` (G, P); ``cost``; ``seen`` the levels it had in the search, ``checked`` on fresh seeds. ``bound`` is the
    cost of the integer programme with all cuts: what it says no staff can beat as far as the cuts are tangents of
    concave levels. ``binding`` are the limits that are used up. ``rounds`` of cuts, ``cuts`` in all, ``staffs`` tried,
    ``contacts`` simulated.
    """

    asked: Pools
    staff: Ints
    cost: float
    bound: float
    seen: Levels
    checked: Levels
    binding: tuple[Limit, ...]
    rounds: int
    cuts: int
    staffs: int
    contacts: int
    seed: int

    def standing(self, target: int, interval: int = 0) -> Standing:
        """Whether a target is met on fresh chance."""
        found, wanted = self.checked.estimate(target, interval), self.asked.targets[target].level
        if found.low >= wanted:
            return Standing.MET
        return Standing.NEAR if found.high >= wanted else Standing.MISSED

    def held_by(self, target: int, interval: int = 0) -> tuple[Limit, ...]:
        """The limits that keep every group that serves a target from growing in an interval; none if one may grow."""
        asked = self.asked
        serving = asked.serves[asked.counted[target]].any(axis=0)
        full = [x for x in asked.limits if asked.filled(x, self.staff)[interval]]
        full = [x for x in full if (asked.members(x) & serving).any()]
        kept = np.any([asked.members(x) for x in full], axis=0) if full else np.zeros_like(serving)
        return tuple(full) if bool(kept[serving].all()) else ()

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "staff": {name: row.tolist() for name, row in zip(self.asked.names, self.staff, strict=True)},
            "cost": round(self.cost, 9),
            "bound": round(self.bound, 9),
            "targets": [
                {
                    "type": target.type, "target": target.level,
                    "levels": [
                        {**self.checked.estimate(j, p).as_json(), "standing": self.standing(j, p).value}
                        for p in range(self.asked.intervals)
                    ],
                }
                for j, target in enumerate(self.asked.targets)
            ],
            "binding": [limit.name for limit in self.binding],
            "rounds": self.rounds, "cuts": self.cuts, "staffs": self.staffs, "contacts": self.contacts,
            "seed": self.seed,
        }  # fmt: skip


class OutOfReach(Problem):
    """Limits leave no staff that reaches the targets; ``missed`` says which, ``reached`` how far, ``limits`` why."""

    def __init__(self, missed: tuple[Text, ...], limits: tuple[str, ...]) -> None:
        self.missed, self.limits = missed, limits
        zh, en = "；".join(text.zh for text in missed), "; ".join(text.en for text in missed)
        names = "、".join(limits), ", ".join(limits)
        super().__init__(
            Text(f"限额内达不到目标：{zh}。", f"The limits leave no staff that reaches the targets: {en}."),
            why=Text(f"已用满的限额：{names[0]}。", f"Limits that are used up: {names[1]}.") if limits else None,
            remedy=Text(
                "请放宽限额、降低目标，或让别的组具备该技能。",
                "Widen a limit, lower the target, or give another group the skill.",
            ),
        )
