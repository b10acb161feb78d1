"""What a roster is planned for: days, skills, companies, shifts, contracts, people, needs and limits.

Costs are per hour: the price of a paid hour of a company, of an agent-hour missing for a skill (``Problem.missing``
times the skill's weight), of a seat too many, of a person too few. Positions in time are intervals of the grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.grid import Grid

Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill and what an hour of it missing weighs."""

    id: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Company:
    """Who employs people: price of a paid hour, seats it may fill, people it must have there, hours it is promised.

    ``seats`` and ``guaranteed_hours`` of None are no limit. ``present`` people are due in the intervals of a day that
    begin from ``present_from`` until before ``present_until`` (minutes of the clock; over midnight where the end is
    not later).
    """

    id: str
    price: float = 2.0
    seats: int | None = None
    present: int = 0
    present_from: int = 0
    present_until: int = 24 * 60
    guaranteed_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Pause:
    """A break inside a shift, ``length`` intervals, beginning ``earliest`` to ``latest`` intervals after it."""

    length: int
    earliest: int
    latest: int
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift: begins at ``start`` minutes of the local day and lasts ``length`` intervals, breaks and gap included.

    ``pauses`` are in order, and neither their windows nor the gap can overlap. ``gap`` is the time off in the middle of
    a split shift, in intervals after the start, half-open and unpaid.
    """

    id: str
    start: int
    length: int
    pauses: tuple[Pause, ...] = ()
    gap: tuple[int, int] | None = None

    @property
    def paid(self) -> int:
        """Paid intervals."""
        gap = self.gap[1] - self.gap[0] if self.gap else 0
        return self.length - gap - sum(pause.length for pause in self.pauses if not pause.paid)


@dataclass(frozen=True, slots=True)
class Contract:
    """The shifts a kind of contract works, and how many days of the horizon."""

    id: str
    shifts: tuple[str, ...]
    least_days: int = 0
    most_days: int | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that holds on some days, both included; an end that is None is open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Qualification(Dated):
    """A skill an agent may serve, and on which days."""

    skill: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent wishes on a day: ``shift`` None is the day off; ``wanted`` False is anything but that."""

    day: date
    cost: float
    shift: str | None = None
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """What was worked just before the horizon: it decides what its first days allow.

    ``ended`` is the interval at which the last shift ended (may be below 0); ``days`` and ``nights`` the runs of worked
    days and nights that end the day before; ``off_since_night`` the days off after a night that was the last shift;
    ``week_hours`` and ``week_days`` what the first day's week has used already, ``month_overtime`` the hours of
    overtime that its month has had.
    """

    ended: int | None = None
    days: int = 0
    nights: int = 0
    off_since_night: int | None = None
    week_hours: float = 0.0
    week_days: int = 0
    month_overtime: float = 0.0


@dataclass(frozen=True, slots=True)
class Agent:
    """A person: who employs them, under which contract, and what is known about their days."""

    id: str
    company: str
    contract: str
    qualifications: tuple[Qualification, ...]
    away: tuple[Dated, ...] = ()
    protected: tuple[Dated, ...] = ()
    wishes: tuple[Wish, ...] = ()
    history: History = History()
    least_days: int | None = None
    most_days: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A key post: of its people at least so many are to be present from ``start`` until ``end`` every day.

    Minutes of the clock; over midnight where the end is not later.
    """

    id: str
    agents: tuple[str, ...]
    present: int = 1
    start: int = 0
    end: int = 24 * 60


@dataclass(frozen=True, slots=True)
class Limit(Dated):
    """A rule with its number, for some contracts or (empty) all, on the days it holds; see ``rules``."""

    rule: str = ""
    amount: float = 0.0
    contracts: tuple[str, ...] = ()
    line: int | None = None  # where it was written


@dataclass(frozen=True, slots=True)
class Night:
    """Which shifts are nights: those with at least ``least`` minutes inside ``start``..``end`` of the clock."""

    start: int = 22 * 60
    end: int = 6 * 60
    least: int = 120


@dataclass(frozen=True, slots=True)
class Costs:
    """Prices of an hour: of an agent missing for a skill of weight 1, a seat too many, a person too few, a guaranteed
    hour not given; and how much unequal nights and weekends cost (times the square of each agent's number)."""

    missing: float = 8.0
    seat: float = 16.0
    absent: float = 16.0
    guaranteed: float = 4.0
    fairness: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A roster to be planned. ``needs`` has a row for each interval of ``grid`` and a column for each skill.

    ``unplanned`` are the lines of the table of needs that reach no interval of ``grid``: how many, by their day.
    """

    grid: Grid
    skills: tuple[Skill, ...]
    companies: tuple[Company, ...]
    shifts: tuple[Shift, ...]
    contracts: tuple[Contract, ...]
    agents: tuple[Agent, ...]
    needs: Counts
    limits: tuple[Limit, ...] = ()
    posts: tuple[Post, ...] = ()
    costs: Costs = field(default_factory=Costs)
    night: Night = field(default_factory=Night)
    unplanned: Mapping[date, int] = field(default_factory=dict)

    @property
    def per_hour(self) -> int:
        """Intervals in an hour."""
        return 60 // self.grid.minutes


@dataclass(frozen=True, slots=True)
class Roster:
    """Who works what: for each agent and day the place of the shift in ``Problem.shifts``, -1 for a day off.

    ``pauses`` has for each agent, day and pause of the shift the intervals from its start to the break. A plan has none
    of the rest: ``overtime`` are intervals worked before the shift and after it, ``gone`` when an agent was not there
    on a day (agent, day), half-open intervals from the start of its shift in order.
    """

    shifts: NDArray[np.int16]
    pauses: NDArray[np.int16]
    overtime: NDArray[np.int16] | None = None  # agent, day, (before, after)
    gone: Mapping[tuple[int, int], Sequence[tuple[int, int]]] = field(default_factory=dict)
