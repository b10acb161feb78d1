"""The answer: the curve from one skill to all, and the groups that are recommended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onefloor.insight.finding import Estimate
from onefloor.planning.pools.result import Staffing
from onefloor.planning.skilling.designs import Design
from onefloor.planning.skilling.problem import Lines


@dataclass(frozen=True, slots=True)
class Point:
    """What a design needs to hold the level: ``agents`` by group, and all of them with the interval chance leaves."""

    design: Design
    agents: tuple[int, ...]
    needed: Estimate
    training: float
    staffing: Staffing

    @property
    def skills(self) -> float:
        """Lines an agent has learnt, on the mean."""
        learnt = sum(n * len(lines) for n, lines in zip(self.agents, self.design.groups, strict=True))
        return learnt / max(1, sum(self.agents))

    def hours(self, working: float) -> float:
        """Hours of a year: those of the agents, and their training on top."""
        return sum(self.agents) * working + self.training


@dataclass(frozen=True, slots=True)
class Curve:
    """All designs, the recommended one (least hours of agents and training together), and Erlang A's bounds.

    ``bounds``: what Erlang A says of one pool of all lines and of separate lines; where handling or patience is not
    exponential the simulation may end an agent or two beside them. ``rivals`` are the designs whose intervals leave
    open whether they cost less than the recommended.
    """

    asked: Lines
    points: tuple[Point, ...]
    best: Point
    bounds: tuple[int, int]
    rivals: tuple[Point, ...]
    contacts: int
    seed: int

    @property
    def single(self) -> Point:
        """Everybody one line."""
        return self.points[0]

    @property
    def everything(self) -> Point:
        """Everybody all lines."""
        return self.points[-1]

    @property
    def gained(self) -> float | None:
        """The share of what pooling saves at most that the recommended design saves; None where it saves nothing."""
        most = sum(self.single.agents) - sum(self.everything.agents)
        return (sum(self.single.agents) - sum(self.best.agents)) / most if most > 0 else None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "target": self.asked.target,
            "interval": self.asked.at,
            "bounds": {"all_in_one": self.bounds[0], "apart": self.bounds[1]},
            "points": [self._point(point) for point in self.points],
            "recommended": self.points.index(self.best),
            "rivals": [self.points.index(point) for point in self.rivals],
            "gained": None if self.gained is None else round(self.gained, 6),
            "contacts": self.contacts,
            "seed": self.seed,
        }

    def _point(self, point: Point) -> dict[str, Any]:
        return {
            "form": point.design.form,
            "width": point.design.width,
            "groups": [
                {"lines": list(lines), "agents": n} for lines, n in zip(point.design.groups, point.agents, strict=True)
            ],
            "agents": point.needed.as_json(),
            "skills_per_agent": round(point.skills, 6),
            "training_hours": round(point.training, 6),
            "hours_in_all": round(point.hours(self.asked.working), 6),
            "levels": [
                {"line": target.type, **point.staffing.checked.estimate(j).as_json()}
                for j, target in enumerate(point.staffing.asked.targets)
            ],
        }
