"""The people of the generated floor: who is there, since when, where, with which gifts; joiners, leavers, moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from onefloor.demo.chance import Floats, generator, word_of
from onefloor.demo.truth import Company, Truth
from onefloor.periods import Month

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚红玲燕雪婷浩宇欣怡涵轩雯琪远桐博梅龙丹伟曦晨"
TEAM_SIZE = 12
FAR = 10**6
OF_PERSONS = int(word_of("person") >> np.uint64(1))
TALENTS = ("log_handle", "unresolved", "error", "dissatisfied", "sale")


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch in which a person's roster row stays the same; ``until`` is exclusive, ``FAR`` while open."""

    employment: str
    site: str
    team: str
    start: int
    until: int = FAR


@dataclass(frozen=True, slots=True)
class Person:
    """One agent. ``talents`` are deviations from the company, in the order of ``TALENTS``, on ``Truth``'s scales."""

    number: int
    code: str
    name: str
    company: int
    hired: int
    skills: tuple[int, ...]
    talents: tuple[float, ...]
    stints: tuple[Stint, ...]

    @property
    def until(self) -> int:
        """The day after the last one."""
        return self.stints[-1].until

    def left_on(self, day: int) -> Person:
        """The same person, gone from that day on."""
        return replace(self, stints=(*self.stints[:-1], replace(self.stints[-1], until=day)))

    def moved_on(self, day: int, *, team: str = "", employment: str = "") -> Person:
        """The same person with another team or employment from that day on."""
        last = self.stints[-1]
        moved = replace(last, start=day, team=team or last.team, employment=employment or last.employment)
        return replace(self, stints=(*self.stints[:-1], replace(last, until=day), moved))


@dataclass(slots=True)
class Staff:
    """Everybody so far, and whose roster rows are new or changed in the latest month."""

    people: list[Person] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    owed: dict[int, int] = field(default_factory=dict)  # joiners due next month, by company


def first_staff(truth: Truth, seed: int, first: Month, agents: int) -> Staff:
    """Who is there when the year begins."""
    staff = Staff()
    rng = generator(seed, 0, "people")
    for index, company in enumerate(truth.companies):
        heads = max(4, round(agents * company.share))
        teams = max(2, round(heads / TEAM_SIZE))
        for place in range(heads):
            tenure = 30 + int(rng.exponential(company.mean_tenure_days))
            _join(staff, truth, seed, index, first.days.start - tenure, place % teams)
    return staff


def next_month(staff: Staff, truth: Truth, seed: int, first: Month, index: int) -> Staff:
    """The staff one month on: joiners for those who left last month, this month's leavers, and two planned moves."""
    days, rng = first.shifted(index).days, generator(seed, index, "turnover")
    staff = Staff(list(staff.people), [], dict(staff.owed))
    for company, joiners in sorted(staff.owed.items()):
        for _ in range(joiners):
            _join(staff, truth, seed, company, days.start + int(rng.integers(0, 8)), _smallest_team(staff, company))
    staff.owed = {}
    for person in list(staff.people):
        if person.until == FAR and rng.random() < _hazard(truth, person, days.start):
            _change(staff, person.left_on(max(days.start + int(rng.integers(1, len(days))), person.hired + 1)))
            staff.owed[person.company] = staff.owed.get(person.company, 0) + 1
    _planned_moves(staff, index, days.start)
    return staff


def _hazard(truth: Truth, person: Person, day: int) -> float:
    early = truth.early_leave_factor if day - person.hired < 90 else 1.0
    return truth.companies[person.company].leave_per_month * early


def _planned_moves(staff: Staff, index: int, day: int) -> None:
    """In the sixth month a dispatched agent becomes an own employee, in the fourth somebody changes team."""
    there = [person for person in staff.people if person.until == FAR and person.hired < day]
    if index == 5 and (dispatched := [p for p in there if p.stints[-1].employment == "dispatched"]):
        _change(staff, dispatched[0].moved_on(day, employment="own"))
    if index == 3 and (north := [p for p in there if p.stints[-1].team == "North 2"]):
        _change(staff, north[0].moved_on(day + 7, team="North 1"))


def _change(staff: Staff, person: Person) -> None:
    staff.people[person.number] = person
    if person.number not in staff.changed:
        staff.changed.append(person.number)


def _join(staff: Staff, truth: Truth, seed: int, company: int, day: int, team: int) -> None:
    """Add one person; who it is depends on the seed and the number alone."""
    number = len(staff.people)
    rng = np.random.default_rng([seed, number, OF_PERSONS])
    of = truth.companies[company]
    dispatched = rng.random() < of.dispatched
    employment = "outsourced" if company else "dispatched" if dispatched else "own"
    last = next((int(person.code[1:]) for person in reversed(staff.people) if person.company == company), 0)
    person = Person(
        number=number,
        code=f"{company + 1}{last + 1:04d}",
        name=_name(rng),
        company=company,
        hired=day,
        skills=_skills(truth, of, rng),
        talents=_talents(truth, rng),
        stints=(Stint(employment, of.sites[team % len(of.sites)], f"{of.name} {team + 1}", day),),
    )
    staff.people.append(person)
    staff.changed.append(number)


def _name(rng: np.random.Generator) -> str:
    given = rng.choice(len(GIVEN), int(rng.integers(1, 3)), replace=False)
    return SURNAMES[int(rng.integers(len(SURNAMES)))] + "".join(GIVEN[place] for place in given)


def _smallest_team(staff: Staff, company: int) -> int:
    """A joiner fills the team with the fewest people."""
    sizes: dict[int, int] = {}
    for person in staff.people:
        if person.company == company:
            team = int(person.stints[-1].team.rsplit(" ", 1)[1]) - 1
            sizes[team] = sizes.get(team, 0) + (person.until == FAR)
    return min(sizes, key=lambda team: (sizes[team], team))


def _skills(truth: Truth, company: Company, rng: np.random.Generator) -> tuple[int, ...]:
    """Two to four of the company's queues."""
    names = [queue.name for queue in truth.queues]
    able = [names.index(name) for name, _ in company.queues]
    count = min(len(able), int(rng.integers(2, 5)))
    return tuple(sorted(int(queue) for queue in rng.choice(able, count, replace=False)))


def _talents(truth: Truth, rng: np.random.Generator) -> tuple[float, ...]:
    """Independent deviations, except that pushing sales costs resolution."""
    handle, unresolved, error, dissatisfied, sale = (float(value) for value in rng.normal(size=5))
    unresolved = truth.selling_unresolved * sale + (1 - truth.selling_unresolved**2) ** 0.5 * unresolved
    spreads = (
        truth.agent_log_handle, truth.agent_unresolved, truth.agent_error, truth.agent_dissatisfied, truth.agent_sale,
    )  # fmt: skip
    values = (handle, unresolved, error, dissatisfied, sale)
    return tuple(value * spread for value, spread in zip(values, spreads, strict=True))


def queue_weights(truth: Truth, people: Sequence[Person]) -> Floats:
    """How the contacts of each person spread over the queues, shape (people, queues)."""
    weights = np.zeros((len(people), len(truth.queues)))
    names = [queue.name for queue in truth.queues]
    for row, person in enumerate(people):
        for name, weight in truth.companies[person.company].queues:
            if names.index(name) in person.skills:
                weights[row, names.index(name)] = weight
    return weights
