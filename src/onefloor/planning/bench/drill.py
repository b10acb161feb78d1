"""The sudden-leave drill: who leaves tomorrow, which skill breaks, and who is trained quickest in his place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.bench.cover import Counts, Sets, lacking, sets_of, spare, supply
from onefloor.planning.bench.transfer import Curriculum

MOST_TRAINED = 12  # people that one leave may set training for
RANKED = 3  # alternatives shown


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody with skills; ``leaves`` is the chance that he himself goes within the look-ahead."""

    id: str
    company: str
    skills: frozenset[str]
    leaves: float = 0.0


@dataclass(frozen=True, slots=True)
class DrillProblem:
    """Agents, the skills they are needed for, and how many of each.

    Without ``there`` the need is how many hold a skill, shape (skills, 1): somebody counts for each of his skills. With
    it, who is on duty when (agents, intervals), the need is of each interval (skills, intervals), and one person serves
    one skill at a time.
    """

    agents: tuple[Agent, ...]
    skills: tuple[str, ...]
    need: Counts
    curriculum: Curriculum
    there: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """Skills that together lack ``lack`` more people than before, in these intervals."""

    skills: tuple[str, ...]
    lack: int
    intervals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody who could be trained: what is missing and how long it takes. ``mends``: the lack that goes with it."""

    agent: Agent
    skill: str
    modules: tuple[str, ...]
    hours: float
    mends: int


@dataclass(frozen=True, slots=True)
class Leave:
    """What happens if these leave at once; ``trained`` are those who mend it quickest, ``others`` the next best first
    steps. ``open``: what no training of one's own company mends (people times intervals)."""

    agents: tuple[Agent, ...]
    broken: tuple[Broken, ...]
    lost: int
    trained: tuple[Trainee, ...] = ()
    others: tuple[Trainee, ...] = ()
    open: int = 0

    @property
    def hours(self) -> float:
        """Hours of training until it is mended."""
        return sum(one.hours for one in self.trained)


@dataclass(frozen=True, slots=True)
class Drill:
    """The state of today and every leave that breaks something, worst first.

    ``spare``: how many people of each skill may go at once before something lacks. ``lacks`` is what is uncovered
    today. ``at_once`` is the joint leave of the most skilled.
    """

    problem: DrillProblem
    holders: tuple[int, ...]
    spare: tuple[int, ...]
    lacks: int
    leaves: tuple[Leave, ...]
    at_once: Leave | None


@dataclass(frozen=True, slots=True)
class _State:
    problem: DrillProblem
    sets: Sets
    masks: tuple[int, ...]
    there: Counts
    needed: Counts
    supplied: Counts

    def without(self, agents: Sequence[int]) -> Counts:
        """What is supplied if some are gone, shape (sets, intervals)."""
        found = self.supplied.copy()
        for place in agents:
            found -= self.sets.met_by(self.masks[place])[:, None] * self.there[place][None, :]
        return found

    def lack(self, supplied: Counts) -> int:
        """People times intervals that are uncovered."""
        return int(lacking(self.sets, self.needed, supplied)[0].sum())


def drill(problem: DrillProblem, at_once: int = 3) -> Drill:
    """Every single leave, and that of the ``at_once`` most skilled together.

    Args:
        problem: agents and needs.
        at_once: how many of the most skilled leave together; 0 for none.

    Raises:
        BadBench: too many skills.
    """
    state = _state(problem)
    leaves = _singles(state)
    most = sorted(range(len(problem.agents)), key=lambda place: (-len(_held(state, place)), problem.agents[place].id))
    together = most[: min(at_once, len(most))]
    tightest = (state.supplied - state.needed).min(axis=1)
    return Drill(
        problem,
        tuple(sum(skill in one.skills for one in problem.agents) for skill in problem.skills),
        tuple(spare(state.sets, tightest).tolist()),
        state.lack(state.supplied),
        tuple(sorted(leaves, key=lambda one: (-one.lost, -one.open, one.agents[0].id))),
        _leave(state, together) if together else None,
    )


def _state(problem: DrillProblem) -> _State:
    sets = sets_of(len(problem.skills), joint=problem.there is not None)
    place = {skill: 1 << bit for bit, skill in enumerate(problem.skills)}
    masks = tuple(sum(place.get(skill, 0) for skill in one.skills) for one in problem.agents)
    width = problem.need.shape[1]
    there = np.ones((len(masks), width), np.int64) if problem.there is None else problem.there.astype(np.int64)
    return _State(problem, sets, masks, there, sets.needed(problem.need), supply(sets, masks, there))


def _held(state: _State, place: int) -> list[str]:
    return [skill for skill in state.problem.skills if skill in state.problem.agents[place].skills]


def _singles(state: _State) -> list[Leave]:
    """The single leaves that break something; people alike in company, skills and duty are worked out once."""
    kept: dict[tuple[str, int, bytes], Leave] = {}
    found = []
    for place, agent in enumerate(state.problem.agents):
        key = (agent.company, state.masks[place], state.there[place].tobytes())
        if key not in kept:
            kept[key] = _leave(state, [place])
        like = kept[key]
        if like.lost:
            found.append(like if like.agents == (agent,) else _same(state, like, place))
    return found


def _same(state: _State, like: Leave, place: int) -> Leave:
    """The leave of somebody alike; trained anew, as he cannot be his own replacement's colleague."""
    agent = state.problem.agents[place]
    if any(one.agent == agent for one in (*like.trained, *like.others)):
        return _leave(state, [place])
    return Leave((agent,), like.broken, like.lost, like.trained, like.others, like.open)


def _leave(state: _State, places: Sequence[int]) -> Leave:
    after = state.without(places)
    agents = tuple(state.problem.agents[place] for place in places)
    broken = _broken(state, after)
    lost = state.lack(after) - state.lack(state.supplied)
    if not lost:
        return Leave(agents, broken, lost)
    first = _ranked(state, after, places)
    trained, still = _trained(state, after, places)
    return Leave(agents, broken, lost, trained, tuple(first[1 : 1 + RANKED]), max(0, still))


def _broken(state: _State, after: Counts) -> tuple[Broken, ...]:
    """The smallest lacking sets of skills, each with the intervals in which more lacks than before."""
    lack, where = lacking(state.sets, state.needed, after)
    more = lack - lacking(state.sets, state.needed, state.supplied)[0]
    found = []
    for place in np.unique(where[more > 0]).tolist():
        worse = (where == place) & (more > 0)
        intervals = np.flatnonzero(worse.any(axis=0))
        inside = np.flatnonzero(state.sets.members[place]).tolist()
        skills = tuple(state.problem.skills[bit] for bit in inside)
        found.append(Broken(skills, int(more[worse].max()), tuple(intervals.tolist())))
    return tuple(sorted(found, key=lambda one: (-len(one.intervals), one.skills)))


def _trained(state: _State, after: Counts, gone: Sequence[int]) -> tuple[tuple[Trainee, ...], int]:
    """The quickest training step by step until what the leave cost is mended, and what stays open."""
    goal, held, supplied = state.lack(state.supplied), state, after
    steps: list[Trainee] = []
    while state.lack(supplied) > goal and len(steps) < MOST_TRAINED:
        ranked = _ranked(held, supplied, gone)
        if not ranked:
            break
        best = ranked[0]
        place = held.problem.agents.index(best.agent)
        held, supplied = _learned(held, supplied, place, best.skill)
        steps.append(best)
    return tuple(steps), state.lack(supplied) - goal


def _learned(state: _State, supplied: Counts, place: int, skill: str) -> tuple[_State, Counts]:
    """The state once somebody has learned a skill, and what is then supplied."""
    mask = state.masks[place] | 1 << state.problem.skills.index(skill)
    agent = state.problem.agents[place]
    new = Agent(agent.id, agent.company, agent.skills | {skill}, agent.leaves)
    agents = (*state.problem.agents[:place], new, *state.problem.agents[place + 1 :])
    gained = state.sets.met_by(mask) & ~state.sets.met_by(state.masks[place])
    masks = (*state.masks[:place], mask, *state.masks[place + 1 :])
    problem = replace(state.problem, agents=agents)
    held = _State(problem, state.sets, masks, state.there, state.needed, state.supplied)
    return held, supplied + gained[:, None] * state.there[place][None, :]


def _ranked(state: _State, supplied: Counts, gone: Sequence[int]) -> list[Trainee]:
    """Who of the leavers' own companies could learn a lacking skill and thereby mend something, quickest first.

    Among people who miss the same hours he comes first who mends more, then who is less likely to leave himself.
    """
    lack = state.lack(supplied)
    companies = {state.problem.agents[place].company for place in gone}
    lacking_skills = _skills_lacking(state, supplied)
    kept: dict[tuple[int, bytes, str], int] = {}
    found = []
    for place, agent in enumerate(state.problem.agents):
        if place in gone or agent.company not in companies:
            continue
        for skill in lacking_skills - agent.skills:
            key = (state.masks[place], state.there[place].tobytes(), skill)
            if key not in kept:
                kept[key] = lack - state.lack(_learned(state, supplied, place, skill)[1])
            if kept[key] > 0:
                curriculum = state.problem.curriculum
                hours, modules = curriculum.hours_missing(skill, agent.skills), curriculum.missing(skill, agent.skills)
                found.append(Trainee(agent, skill, modules, hours, kept[key]))
    return sorted(found, key=lambda one: (one.hours, -one.mends, one.agent.leaves, one.agent.id, one.skill))


def _skills_lacking(state: _State, supplied: Counts) -> set[str]:
    """The skills that lack more than today."""
    lack, where = lacking(state.sets, state.needed, supplied)
    places = np.unique(where[lack > lacking(state.sets, state.needed, state.supplied)[0]])
    bits = np.flatnonzero(state.sets.members[places].sum(axis=0)).tolist()
    return {state.problem.skills[bit] for bit in bits}
