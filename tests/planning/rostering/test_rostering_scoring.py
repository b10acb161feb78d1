"""What a roster leaves uncovered, against a count over all subsets of skills (Ford and Fulkerson 1962, II.1.1)."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from rostering_cases import problem

from onefloor.planning.rostering.problem import Agent, Problem, Qualification, Skill
from onefloor.planning.rostering.scoring import missing


def floor(rng: np.random.Generator, skills: int, people: int) -> tuple[Problem, np.ndarray]:
    """A day of random needs, and random people who are there or not."""
    names = [f"s{number}" for number in range(skills)]
    agents = tuple(
        Agent(str(number), "own", "full",
              tuple(Qualification(skill=str(name)) for name in rng.permutation(names)[: rng.integers(0, 4)]))
        for number in range(people)
    )  # fmt: skip
    weights = rng.choice([1.0, 1.5, 3.0], skills)
    made = problem(
        1, 1, skills=tuple(Skill(name, float(weight)) for name, weight in zip(names, weights, strict=True)),
        agents=agents, needs=rng.integers(0, 2 * people // skills + 2, (48, skills)).astype(np.int32),
    )  # fmt: skip
    return made, rng.random((people, 48)) < 0.6


def open_weight(made: Problem, there: np.ndarray, t: int) -> float:
    """The least weight of needs left open in an interval: skills in order of weight, each set's Hall count."""
    held = [{one.skill for one in agent.qualifications} for agent, now in zip(made.agents, there[:, t], strict=True)
            if now]  # fmt: skip
    needs = dict(zip((skill.id for skill in made.skills), made.needs[t].tolist(), strict=True))

    def served(names: list[str]) -> int:
        subsets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
        return int(min(sum(needs[name] for name in names if name not in part) + sum(bool(own & set(part))
                       for own in held) for part in subsets))  # fmt: skip

    levels = sorted({skill.weight for skill in made.skills}, reverse=True)
    total = sum(skill.weight * needs[skill.id] for skill in made.skills)
    for level, below in zip(levels, [*levels[1:], 0.0], strict=True):
        total -= (level - below) * served([skill.id for skill in made.skills if skill.weight >= level])
    return float(total)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_missing_is_what_no_way_of_serving_avoids(seed: int) -> None:
    made, there = floor(np.random.default_rng(seed), 2 + seed % 4, 9)
    weight, _ = missing(made, there)
    assert weight == pytest.approx([open_weight(made, there, t) for t in range(48)])


def test_thirty_skills_are_counted_too() -> None:
    """Over all subsets there would be a thousand million of them."""
    names = [f"s{number}" for number in range(30)]
    agents = tuple(Agent(str(n), "own", "full", (Qualification(skill=names[n % 30]), Qualification(skill=names[0])))
                   for n in range(60))  # fmt: skip
    needs = np.ones((48, 30), dtype=np.int32)
    needs[:, 0] = 50  # two people know this skill alone, the other 58 serve it or one of their own
    made = problem(1, 1, skills=tuple(Skill(name) for name in names), agents=agents, needs=needs)
    weight, units = missing(made, np.ones((60, 48), dtype=bool))
    assert weight.tolist() == units.tolist() == [50 + 29 - 60] * 48
