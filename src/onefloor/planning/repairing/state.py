"""A roster held ready for repairs: its cover as it stands, and who must not be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.rostering.arrays import Cover, Prices, Scratch, Tours, empty_cover, scratch
from onefloor.planning.rostering.layout import Layout, laid_out
from onefloor.planning.rostering.passes import put_all
from onefloor.planning.rostering.prices import no_prices
from onefloor.planning.rostering.problem import Problem, Roster
from onefloor.problems import Problem as Mistake


class UnknownAgent(Mistake):
    """Somebody the roster does not have."""

    def __init__(self, agent: str) -> None:
        super().__init__(
            Text(f"班表中没有坐席“{agent}”。", f'The roster has no agent "{agent}".'),
            remedy=Text("请核对工号。", "Check the agent's number."),
        )


class OutsideHorizon(Mistake):
    """A moment that the roster does not reach."""

    def __init__(self, at: datetime) -> None:
        super().__init__(
            Text(f"班表不包含 {at:%Y-%m-%d %H:%M}。", f"The roster does not reach {at:%Y-%m-%d %H:%M}."),
            remedy=Text("请给出计划期内的时间。", "Give a moment within its days."),
        )


@dataclass(slots=True)
class State:
    """Kept between repairs, changed by each; ``locked`` agents are not asked (they are absent, or were moved)."""

    layout: Layout
    cover: Cover
    tours: Tours
    room: Scratch
    prices: Prices
    locked: NDArray[np.bool_]  # agent, day

    @property
    def problem(self) -> Problem:
        """What the roster was planned for."""
        return self.layout.problem

    def row(self, agent: str) -> int:
        """The place of an agent.

        Raises:
            UnknownAgent: there is none of that name.
        """
        for number, one in enumerate(self.problem.agents):
            if one.id == agent:
                return number
        raise UnknownAgent(agent)

    def interval(self, at: datetime) -> int:
        """The interval that begins at or after a moment (of the roster's zone where it has none).

        Raises:
            OutsideHorizon: it is before the first day or after the last.
        """
        grid = self.problem.grid
        zoned = at if at.tzinfo else at.replace(tzinfo=zone(grid.zone_name))
        since = (zoned.timestamp() * 1000 - grid.midnights[0]) / (grid.minutes * 60_000)
        found = int(-(-since // 1))
        if not 0 <= found < len(grid):
            raise OutsideHorizon(at)
        return found

    def roster(self) -> Roster:
        """The roster as it stands."""
        return self.layout.roster(self.tours)


def held_ready(problem: Problem, roster: Roster) -> State:
    """A roster with its cover; needs are copied, so that spikes leave the problem alone."""
    layout = laid_out(problem)
    task = layout.task
    cover, tours = empty_cover(task), layout.tours(roster)
    put_all(task, cover, tours)
    return State(layout, cover, tours, scratch(task), no_prices(task), np.zeros(tours.choice.shape, dtype=bool))
