"""Contacts that come from other lines: how many, and that somebody is there for them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_pools import line, pool, steady

from onefloor.cli import main
from onefloor.planning.pools.levels import levels
from onefloor.planning.pools.problem import BadPools, Pools, Target
from onefloor.planning.pools.steady import busiest, steady_pools
from onefloor.planning.pools.transfers import Holders, holders, onward, with_transfers
from onefloor.planning.simulation.model import Agent
from onefloor.planning.simulation.simulating import Parameters as Runs
from onefloor.planning.simulation.simulating import simulate

MODEL = """
model: floor
types:
  - {id: calls, arrivals: 20, service: exponential 240s, patience: exponential 120s, transfers: {expert: 10%}}
  - {id: expert, arrivals: 0, service: exponential 300s, patience: exponential 200s}
groups:
  - {id: all, company: A, types: [{type: calls}], staff: 1}
"""


def test_a_line_that_only_transfers_feed_is_staffed_or_refused_and_never_dropped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(MODEL)
    asked = ["pools", str(path), "--no-picture", "--replications", "20"]
    assert main(asked) == 3
    assert 'No group serves "expert": its target is out of reach.' in capsys.readouterr().err
    path.write_text(MODEL + "  - {id: ex, company: B, types: [{type: expert}], staff: 1}\n")
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "all 4, ex 2" in said
    assert "expert: " in said


def test_who_serves_the_other_line_passes_nobody_on_and_agents_differ() -> None:
    first = replace(line("a", 1.0), transfers=(("b", 0.2),))
    types = (first, replace(line("b", 1.0), transfers=(("a", 0.1),)))
    only, both = Holders(frozenset("a"), 3.0, 2.0), Holders(frozenset("ab"), 1.0)
    assert onward(types, [only, both]).tolist() == [[0.0, pytest.approx(0.2 * 2.0 * 3 / 4)], [0.0, 0.0]]
    people = (Agent(id="1", transfers=1.0), Agent(id="2", transfers=3.0))
    named = replace(pool("own", "a"), staff=(), agents=people)
    assert list(holders([named])) == [Holders(frozenset("a"), 2, 2.0)]
    floor = steady(*types, groups=(named, pool("other", "b")))
    assert steady_pools(floor, 0.8, 0, {}, {}).model.types[0].transfers == (("b", pytest.approx(0.4)),)


def test_contacts_with_transfers_solve_the_traffic_equations() -> None:
    shares = np.array([[0.0, 0.5], [0.2, 0.0]])
    total = with_transfers(np.array([[9.0], [0.0]]), shares)
    assert total.ravel() == pytest.approx([10.0, 5.0])


def test_as_many_contacts_are_expected_as_a_simulation_passes_on() -> None:
    kinds = (replace(line("a", 6.0, patience=50.0), transfers=(("b", 0.3),)), line("b", 0.0, patience=50.0))
    floor = steady(*kinds, groups=(pool("own", "a", staff=12), pool("experts", "b", staff=6)), units=400.0)
    found = simulate(floor, Runs(20), 1)
    came = found.counts[..., 0].sum(axis=(0, 2))
    assert came[1] / came[0] == pytest.approx(float(onward(kinds, holders(floor.groups))[0, 1]), rel=0.03)


def test_levels_of_lines_with_transfers_are_not_bent_by_contacts_that_were_not_expected() -> None:
    kinds = (replace(line("a", 6.0), transfers=(("b", 0.3),)), line("b", 2.0))
    floor = steady(*kinds, groups=(pool("own", "a", staff=7), pool("experts", "b", staff=5)), units=110.0)
    asked = Pools(floor, (Target(0.8, "a"), Target(0.8, "b")))
    found = simulate(floor, Runs(200, batch=200), 1)
    counts = found.counts[:, 1, floor.warm_intervals :].astype(float)
    in_time, answered, left = (counts[..., place].sum() for place in (2, 1, 3))
    assert levels(asked, found).value[1, 0] == pytest.approx(in_time / (answered + left), abs=0.01)


def test_the_busiest_interval_counts_what_other_lines_pass_on() -> None:
    nobody = (0.0,) * 8
    kinds = (
        replace(line("a", 1.0), arrivals=(10.0, 4.0, *nobody), transfers=(("b", 0.5),)),
        replace(line("b", 1.0), arrivals=(0.0, 8.0, *nobody)),
    )
    assert busiest(steady(*kinds, groups=(pool("own", "a"), pool("experts", "b")))) == 0  # 15 against 14
    assert busiest(steady(*kinds, groups=(pool("own", "a", "b"),))) == 1  # 10 against 12


def test_a_target_of_a_line_that_only_transfers_feed_and_nobody_serves_is_refused() -> None:
    kinds = (replace(line("a", 1.0), transfers=(("b", 0.5),)), line("b", 0.0))
    with pytest.raises(BadPools, match="b"):
        Pools(steady(*kinds, groups=(pool("own", "a"),)), (Target(0.8, "a"), Target(0.8, "b")))
