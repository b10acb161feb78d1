"""Transfer training: what somebody still has to learn for a skill, beyond what he knows already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Modules with their hours, and the modules that each skill asks for."""

    hours: Mapping[str, float]
    modules: Mapping[str, tuple[str, ...]]

    def missing(self, skill: str, skills: Iterable[str]) -> tuple[str, ...]:
        """The modules of a skill that none of the skills held has taught.

        >>> Curriculum({"basics": 40, "net": 16}, {"a": ("basics",), "b": ("basics", "net")}).missing("b", ["a"])
        ('net',)
        """
        taught = {module for one in skills for module in self.modules.get(one, ())}
        return tuple(module for module in self.modules.get(skill, ()) if module not in taught)

    def hours_missing(self, skill: str, skills: Iterable[str]) -> float:
        """Their hours; infinite for a skill without a curriculum, as nobody knows."""
        if skill not in self.modules:
            return float("inf")
        return float(sum(self.hours[module] for module in self.missing(skill, skills)))
