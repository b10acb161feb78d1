"""Requirements: agents by skill and interval, so that a target is met in every one of them by Erlang A.

Each interval is taken as a queue in balance (the stationary, independent, period by period approach; Green, Kolesar and
Whitt 2007, Production and Operations Management 16): good where calls are short against intervals, late where not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.erlang.queues import Performance, performance
from onefloor.planning.erlang.sizing import least_agents_for, positions
from onefloor.planning.erlang.traffic import Floats, Ints, Traffic
from onefloor.planning.forecasting.files import Line
from onefloor.planning.rostering.needs import needs_text
from onefloor.planning.staffing.shrinkage import NONE, Shrinkage
from onefloor.planning.staffing.targets import Target
from onefloor.problems import MissingFile, Problem
from onefloor.writing import write_whole

CLOSED = 0.05  # calls: an interval that expects fewer, one in twenty such intervals, is not staffed; see ``closed``
VOLUMES: Mapping[str, Callable[[Line], float]] = {
    "mean": lambda line: line.mean,
    "high80": lambda line: float(line.high80),
    "high95": lambda line: float(line.high95),
}


class NoLines(Problem):
    """Nothing to staff."""

    def __init__(self) -> None:
        super().__init__(
            Text("预测中没有任何时段。", "The forecast has no intervals."),
            remedy=Text("请检查预测文件和 --queue。", "Check the forecast file and --queue."),
        )


@dataclass(frozen=True, slots=True)
class Demand:
    """The calls of one skill by interval: local starts, calls, handling seconds, patience seconds; one length each."""

    skill: str
    starts: tuple[datetime, ...]
    calls: Floats
    handling_s: Floats
    patience_s: Floats
    minutes: int

    @property
    def traffic(self) -> Traffic:
        """As Erlang's formulas take it: calls an hour."""
        return Traffic(self.calls * 60 / self.minutes, self.handling_s, self.patience_s)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one skill needs: agents at their desks, people to plan, and how the queue then runs, by interval."""

    demand: Demand
    at_desks: Ints
    agents: Ints
    expected: Performance

    @property
    def hours(self) -> float:
        """Hours of people to plan."""
        return float(self.agents.sum() * self.demand.minutes / 60)

    def over_all(self, figures: Floats) -> float:
        """A share of calls over all intervals, weighted by calls."""
        total = self.demand.calls.sum()
        return float((figures * self.demand.calls).sum() / total) if total else float("nan")


def demands(
    lines: Sequence[Line], patience_s: Mapping[str, float], skills: Mapping[str, str] | None = None,
    volume: str = "mean",
) -> list[Demand]:  # fmt: skip
    """Calls by skill; queues of one skill are pooled: calls add up, handling and patience are weighted by calls.

    Args:
        lines: of a forecast, of any queues and companies.
        patience_s: mean patience by queue; inf where it is missing.
        skills: skill by queue; the queue's own name where it is missing.
        volume: which calls: ``mean``, ``high80`` or ``high95``.

    Raises:
        NoLines.
    """
    if not lines:
        raise NoLines
    named = skills or {}
    sums: dict[str, dict[datetime, list[float]]] = {}
    take = VOLUMES[volume]
    for line in lines:
        held = sums.setdefault(named.get(line.queue, line.queue), {}).setdefault(line.interval, [0.0, 0.0, 0.0])
        calls = take(line)
        held[0] += calls
        held[1] += calls * line.handling_s
        held[2] += calls / patience_s.get(line.queue, np.inf)  # rates of leaving average, not their inverses
    return [_demand(skill, held) for skill, held in sorted(sums.items())]


def _demand(skill: str, held: Mapping[datetime, Sequence[float]]) -> Demand:
    starts = tuple(sorted(held))
    calls, work, leaving = np.array([held[start] for start in starts]).T
    calls = np.where(closed(starts, calls), 0.0, calls)
    some = calls > 0
    handling = np.divide(work, calls, out=np.full(len(calls), 1.0), where=some & (work > 0))
    rates = np.divide(leaving, calls, out=np.zeros(len(calls)), where=some)
    patience = np.divide(1.0, rates, out=np.full(len(calls), np.inf), where=rates > 0)
    return Demand(skill, starts, calls, handling, patience, _minutes(starts))


def closed(starts: Sequence[datetime], calls: Floats) -> NDArray[np.bool_]:
    """Which intervals are not staffed, shape (P,): they expect next to no calls and do not stand alone.

    Forecasts leave traces of calls in hours in which nobody works. A single faint interval between two that are staffed
    is none of those: the people are there before and after it, and who comes would find nobody. It needs one agent.

    Args:
        starts: rising, P of them.
        calls: expected, shape (P,).

    >>> begins = [datetime(2026, 12, 1, 8), datetime(2026, 12, 1, 8, 30), datetime(2026, 12, 1, 9)]
    >>> closed(begins, np.array([4.0, 0.03, 4.0])).tolist(), closed(begins, np.array([4.0, 0.03, 0.0])).tolist()
    ([False, False, False], [False, True, True])
    """
    faint = calls < CLOSED
    near = np.diff(np.array(starts, dtype="datetime64[s]")) == np.timedelta64(_minutes(starts), "m")
    before, after = np.append(False, near & ~faint[:-1]), np.append(near & ~faint[1:], False)
    return np.asarray(faint & ~(before & after & (calls > 0)))


def _minutes(starts: Sequence[datetime]) -> int:
    gaps = [int((later - earlier).total_seconds()) // 60 for earlier, later in pairwise(starts)]
    return min(gaps, default=30)


def requirement(demand: Demand, target: Target, shrinkage: Shrinkage = NONE, least: int = 0) -> Requirement:
    """Fewest agents with which a skill meets the target in every interval, and the people to plan for them.

    ``least`` agents are there in every interval in which somebody is expected to call.

    Raises:
        OutOfReach, TooManyAway.
    """
    needed = least_agents_for(demand.traffic, target.goals)
    at_desks = np.where(needed > 0, np.maximum(needed, least), 0)
    away = np.array([shrinkage.on(start.date(), demand.skill) for start in demand.starts])
    expected = performance(demand.traffic, np.maximum(1, at_desks), target.within_s)  # 0 where nobody calls
    return Requirement(demand, at_desks, positions(at_desks, away), expected)


def csv_text(found: Iterable[Requirement], zone_name: str) -> str:
    """``interval,skill,agents,minutes``: local start as ISO 8601 with offset, the people to plan, how long.

    What rosters are made for.
    """
    tz = zone(zone_name)
    return needs_text(
        (start.replace(tzinfo=tz), one.demand.skill, int(agents), one.demand.minutes)
        for one in found
        for start, agents in zip(one.demand.starts, one.agents, strict=True)
    )


def write_csv(path: Path, found: Iterable[Requirement], zone_name: str) -> None:
    """Write the requirements.

    Raises:
        MissingFile: the folder is not there.
    """
    if not path.parent.is_dir():
        raise MissingFile(path.parent)
    write_whole(path, csv_text(found, zone_name))
