"""What can be seen, and how many contacts a lot needs, hold on simulated floors."""

from __future__ import annotations

import numpy as np
import pytest

from onefloor.insight.fair.gap import gap
from onefloor.insight.fair.planning import detectable, fair_slice
from onefloor.insight.fair.several import holm_levels
from onefloor.insight.fair.simulated import World, simulate
from onefloor.insight.fair.work import Family, Work


def slice_of(rng: np.random.Generator, contacts: int, agents: int, difference: float, between: float) -> Work:
    """A shared queue whose contacts a lot sends to one of two companies."""
    side = np.repeat([0, 1], agents)
    rate = np.clip(0.7 + rng.normal(0, between, 2 * agents) + difference * side, 0.01, 0.99)
    n = np.concatenate([rng.multinomial(contacts, np.full(agents, 1 / agents)) for _ in range(2)])
    zero = np.zeros(2 * agents, np.intp)
    return Work(
        Family.SHARE, side.astype(np.intp), np.arange(2 * agents), zero, (), zero, n.astype(float),
        rng.binomial(n, rate).astype(float),
    )  # fmt: skip


def test_a_fair_slice_of_the_planned_size_finds_the_difference_four_times_out_of_five() -> None:
    between, agents, difference = 0.03, 30, -0.04
    plan = fair_slice(abs(difference), 0.7 * 0.3, between, (agents, agents))
    assert plan.contacts is not None
    rng, found = np.random.default_rng(5), []
    for _ in range(150):
        told = gap(slice_of(rng, plan.contacts, agents, difference, between), tenure=False)
        assert told is not None
        found.append(told.interval().high < 0)
    assert 0.70 <= np.mean(found) <= 0.92


def test_a_difference_below_what_the_people_allow_has_no_slice() -> None:
    plan = fair_slice(0.01, 0.21, 0.05, (10, 10))
    assert plan.contacts is None
    assert plan.smallest > 0.01
    assert fair_slice(plan.smallest * 1.01, 0.21, 0.05, (10, 10)).contacts is not None


def test_the_detectable_difference_is_found_four_times_out_of_five() -> None:
    rng = np.random.default_rng(7)
    errors = [gap(simulate(rng, World()).work, tenure=True) for _ in range(15)]
    size = np.mean([detectable(one.error, one.freedom) for one in errors if one])
    world = World(effect=-0.21 * size / 0.0468)  # -0.21 on the logit is -4.68 points here
    found = [gap(simulate(rng, world).work, tenure=True) for _ in range(60)]
    assert 0.62 <= np.mean([one.interval().high < 0 for one in found if one]) <= 0.95


@pytest.mark.parametrize(
    ("p_values", "rejected"),
    [([0.01, 0.04, 0.03, 0.005], [True, False, False, True]), ([0.02, 0.02], [True, True]), ([0.2], [False]), ([], [])],
)
def test_an_interval_leaves_nought_out_when_holm_rejects(p_values: list[float], rejected: list[bool]) -> None:
    levels = holm_levels(p_values)
    assert [p < 1 - level + 1e-12 for p, level in zip(p_values, levels, strict=True)] == rejected
