"""A simulated day as facts: the metrics measure it as the kernel counted it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from onefloor.facts.schemas import OUTCOMES as KNOWN
from onefloor.facts.schemas import TABLES
from onefloor.facts.store import Account, loading, writing
from onefloor.floor import create_floor
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared
from onefloor.planning.simulation.chance import bases_of
from onefloor.planning.simulation.laws import constant, exponential, gamma, lognormal
from onefloor.planning.simulation.legs import NoDay, facts_of, write_facts
from onefloor.planning.simulation.memory import COUNTS
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer, Return, Rule, Skill
from onefloor.planning.simulation.result import Result, room_for
from onefloor.planning.simulation.simulating import runner
from onefloor.planning.simulation.tables import compiled_model

BREAKS = Agent(id="early", shift=((0.0, 28_800.0),), breaks=((10_800.0, 12_000.0),))
LATE = Agent(id="late", pace=1.2, shift=((54_000.0, 86_400.0),), breaks=((70_000.0, 71_000.0),))
DAY = Model(
    id="day", day=date(2026, 3, 31), horizon=86_400.0, interval=1_800.0,
    rule=Rule(within=20.0, formula="F4", short=5.0),
    types=(
        ContactType(
            id="tech", arrivals=(12.0,), service=lognormal(200, 0.9), wrap_up=exponential(20), patience=exponential(60),
            redial=Return(share=0.3, after=exponential(300)), never_waits=0.1, longest_wait=240.0,
            groups=(Offer(group="own"), Offer(group="north", after=20.0)),
        ),
        ContactType(
            id="water", arrivals=(6.0,), service=gamma(150, 0.8), patience=constant(20.0),
            repeat=Return(share=0.2, after=exponential(1_800)),
        ),
    ),
    groups=(
        Group(id="own", company="Own", types=(Skill(type="tech"),), agents=(BREAKS, LATE, Agent(id="always"))),
        Group(id="north", company="North", types=(Skill(type="tech"), Skill(type="water")), staff=(2,)),
    ),
)  # fmt: skip


def counted(model: Model, seed: int) -> Result:
    """The kernel's counts of the same replication: agents one by one, as the legs have them."""
    source = runner(compiled_model(model, named=True))
    found = room_for(source.compiled, seed, 1)
    found.note(0, source.compiled, *source.run(bases_of(seed, 1)[0]))
    return found


@pytest.fixture(scope="module")
def facts() -> dict[str, pa.Table]:
    return facts_of(DAY, seed=5)


@pytest.fixture(scope="module")
def measured(facts: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    floor = create_floor(tmp_path_factory.mktemp("simulated") / "floor", timezone="Asia/Shanghai")
    rows = sum(table.num_rows for table in facts.values())
    with writing(floor), loading(floor, "simulated") as stage:
        for name, table in facts.items():
            stage.add(name, table)
            stage.count_content(table["digest"].to_numpy())
        stage.commit(Account("simulated", lines=rows, loaded=rows), ["simulated"])
    return prepare(floor)


METRICS = (
    "service_level:formula=F4,within=20s,short=5s", "service_level:formula=F1,within=20s,short=5s",
    "service_level:formula=F2,within=20s", "abandonment", "short_abandonment:short=5s", "connect_rate", "asa",
)  # fmt: skip


@pytest.mark.parametrize("queue", [0, 1])
def test_the_metrics_count_what_the_kernel_counted(measured: Prepared, queue: int) -> None:
    found = measure(measured, METRICS, where={"queue": [DAY.types[queue].id]}).rows[0].figures
    result = counted(DAY, 5)
    kernel = {name: int(result.count(name, queue)[0]) for name in COUNTS}
    reached = kernel["offered"] - kernel["blocked"]
    decided = kernel["answered"] + kernel["abandoned"]
    sides = {name: (figure.numerator, figure.denominator) for name, figure in found.items()}
    assert sides[METRICS[0]] == (kernel["in_time"], decided - kernel["short"])
    assert sides[METRICS[1]] == (kernel["in_time"] + kernel["short"], decided)
    assert sides[METRICS[2]] == (kernel["in_time"], kernel["answered"])
    assert sides[METRICS[3]] == (kernel["abandoned"], reached)
    assert sides[METRICS[4]] == (kernel["short"], reached)
    assert sides[METRICS[5]] == (kernel["answered"], reached)
    waits = float(result.waits[0, queue, :, 0].sum())
    assert abs(found["asa"].numerator / 1000 - waits) <= kernel["answered"] / 1000


def test_each_interval_is_measured_as_it_was_counted(measured: Prepared) -> None:
    rows = measure(measured, ["offered_contacts"], ["interval"]).rows
    counts = counted(DAY, 5).counts[0].sum(axis=0)[:, COUNTS.index("offered")]
    assert [row.figures["offered_contacts"].numerator for row in rows] == counts[counts > 0].tolist()


def test_handling_and_companies_are_measured_as_they_were_counted(measured: Prepared) -> None:
    result = counted(DAY, 5)
    rows = measure(measured, ["aht"], ["company"], where={"company": ["Own", "North"]}).rows
    for row in rows:
        groups = result.of_company(str(row.key["company"]))
        assert row.figures["aht"].denominator == int(result.answered_by(groups)[0])
        work = float(result.work[0, groups].sum())
        assert abs(row.figures["aht"].numerator / 1000 - work) <= row.figures["aht"].denominator * 0.003


def test_the_tables_have_the_schemas_of_the_facts(facts: dict[str, pa.Table]) -> None:
    for name, table in facts.items():
        assert table.schema == TABLES[name]
        assert len(set(table["row_id"].to_pylist())) == table.num_rows
        nullable = {field.name for field in TABLES[name] if field.nullable}
        assert all(not table[n].null_count for n in table.column_names if n not in nullable)
    assert set(facts["contacts"]["outcome"].to_pylist()) <= set(KNOWN)


def test_an_agent_is_in_one_state_at_a_time_and_never_across_midnight(facts: dict[str, pa.Table]) -> None:
    states = pl.from_arrow(facts["agent_states"])
    assert isinstance(states, pl.DataFrame)
    ordered = states.sort("agent", "started_ms")
    later = ordered.with_columns(pl.col("started_ms").shift(-1).over("agent").alias("next"))
    assert later.filter(pl.col("next") < pl.col("ended_ms")).height == 0
    assert set(states["state"]) == {"available", "talk", "wrap", "paused"}
    day = (states["started_ms"] + 8 * 3_600_000) // 86_400_000
    assert (day == (states["ended_ms"] - 1 + 8 * 3_600_000) // 86_400_000).all()


def test_legs_of_an_agent_do_not_overlap(facts: dict[str, pa.Table]) -> None:
    legs = pl.from_arrow(facts["contacts"])
    assert isinstance(legs, pl.DataFrame)
    served = legs.filter(pl.col("agent").is_not_null()).sort("agent", "answered_ms")
    free = served["ended_ms"] + served["wrap_ms"]
    later = served.with_columns(free.alias("free")).with_columns(
        pl.col("answered_ms").shift(-1).over("agent").alias("n")
    )
    assert later.filter(pl.col("n") < pl.col("free")).height == 0


def test_rows_of_one_company_hold_nothing_of_another() -> None:
    alone, whole = facts_of(DAY, seed=5, companies=["North"]), facts_of(DAY, seed=5)
    agents = {"north-001", "north-002"}
    for name, table in alone.items():
        assert set(table["agent"].to_pylist()) == agents
        assert b"early" not in b"".join(str(row).encode() for row in table.to_pylist())
        assert table.num_rows == sum(agent in agents for agent in whole[name]["agent"].to_pylist())


def test_the_numbers_of_one_companys_contacts_do_not_tell_how_many_others_there_were() -> None:
    alone = facts_of(DAY, seed=5, companies=["North"])["contacts"]
    numbers = [int(name.rsplit("-", 1)[1]) for name in alone["contact"].to_pylist()]
    assert numbers == list(range(1, alone.num_rows + 1))


def test_breaks_are_not_paid_as_in_rosters(facts: dict[str, pa.Table]) -> None:
    shifts = zip(facts["shifts"]["activity"].to_pylist(), facts["shifts"]["paid"].to_pylist(), strict=True)
    assert set(shifts) == {("work", True), ("break", False)}


def test_a_redial_is_a_contact_of_its_own_of_the_same_customer(facts: dict[str, pa.Table]) -> None:
    legs = facts["contacts"]
    assert len(set(legs["contact"].to_pylist())) == legs.num_rows
    assert 0 < len(set(legs["customer"].to_pylist())) < legs.num_rows


def test_a_transfer_is_the_next_leg_of_its_contact() -> None:
    passing = tuple(replace(kind, wrap_up=exponential(20)) for kind in DAY.types)
    passing = (replace(passing[0], transfers=(("water", 0.2),)), passing[1])
    table = pl.from_arrow(facts_of(replace(DAY, types=passing), seed=5)["contacts"])
    assert isinstance(table, pl.DataFrame)
    first = table.filter(pl.col("transferred_to").is_not_null())
    pairs = first.join(table.filter(pl.col("leg") == 2), on="contact", suffix="_next")
    assert len(first) == len(pairs) == (table["leg"] > 1).sum() > 10
    assert set(first["agent"]) == {"early", "late", "always"}  # of north everybody serves water
    assert set(first["ended_by"]) == {"transfer"}
    for one, other in (("transferred_to", "queue_next"), ("ended_ms", "queued_ms_next"), ("customer", "customer_next")):
        assert pairs[one].to_list() == pairs[other].to_list()


def test_equal_seeds_give_equal_files(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        write_facts(facts_of(DAY, seed=5), folder)
    names = ["contacts", "agent_states", "shifts", "roster"]
    assert [
        (folders[0] / f"{n}.parquet").read_bytes() == (folders[1] / f"{n}.parquet").read_bytes() for n in names
    ] == [True] * 4


def test_legs_are_dated_from_midnight_in_the_models_own_zone() -> None:
    here, there = (facts_of(replace(DAY, zone=zone), seed=5) for zone in ("Asia/Shanghai", "Europe/Berlin"))
    apart = [np.array(facts["contacts"]["started_ms"]) for facts in (here, there)]
    assert set(apart[1] - apart[0]) == {6 * 3_600_000}  # in summer
    assert set(there["contacts"]["month"].to_pylist()) == {202603}
    assert there["roster"]["from_day"].to_pylist() == here["roster"]["from_day"].to_pylist()


def test_without_a_day_there_are_no_facts() -> None:
    with pytest.raises(NoDay):
        facts_of(replace(DAY, day=None))


def test_who_never_reached_the_queue_and_who_still_waits_are_told_as_the_facts_tell_them() -> None:
    few = replace(DAY, lines=2, groups=tuple(replace(g, agents=(), staff=(0,) * 48) for g in DAY.groups))
    forever = replace(few, types=(replace(DAY.types[1], patience=None),))
    legs = facts_of(forever, seed=5)["contacts"]
    outcomes = np.array(legs["outcome"].to_pylist())
    assert set(outcomes) == {"open", "before_queue"}
    assert [value is None for value in legs["queued_ms"].to_pylist()] == (outcomes == "before_queue").tolist()
    assert [value is None for value in legs["ended_ms"].to_pylist()] == (outcomes == "open").tolist()
