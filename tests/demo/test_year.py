from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from onefloor.demo.truth import TRUTH
from onefloor.demo.year import Plan, year
from onefloor.facts.schemas import CHANNELS, DIRECTIONS, EMPLOYMENT, ENDED_BY, OUTCOMES, STATES, TABLES
from onefloor.periods import Month, clock, day_id, instant_of

ALL_TABLES = {
    "contacts", "rings", "agent_states", "shifts", "surveys", "sales", "complaints", "evaluations", "forecasts",
    "duties", "roster",
}  # fmt: skip
MONTH = Plan(seed=3, contacts=240_000, months=1)


def only(plan: Plan, *tables: str) -> dict[str, pa.Table]:
    (month,) = year(replace(plan, tables=frozenset(tables) or None))
    return month.tables


def test_the_same_seed_gives_the_same_rows_and_another_seed_does_not():
    first, again, other = only(MONTH), only(MONTH), only(replace(MONTH, seed=4))
    assert set(first) == ALL_TABLES
    assert all(first[name].equals(again[name]) for name in ALL_TABLES)
    assert not any(first[name].equals(other[name]) for name in ALL_TABLES)


def test_a_longer_year_begins_with_the_months_of_a_shorter_one(drawn, quiet_year):
    shorter = list(year(replace(quiet_year, months=2)))
    for short, long in zip(shorter, drawn(quiet_year), strict=False):
        assert short.load == long.load
        assert all(short.tables[name].equals(long.tables[name]) for name in ALL_TABLES)
        assert short.hidden.equals(long.hidden)


def test_leaving_out_tables_changes_nothing_in_the_others():
    assert only(MONTH, "surveys")["surveys"].drop("load").equals(only(MONTH)["surveys"].drop("load"))


def test_every_table_has_exactly_the_schema_of_the_facts(drawn, quiet_year):
    for month in drawn(quiet_year):
        assert {name: rows.schema for name, rows in month.tables.items()} == {name: TABLES[name] for name in ALL_TABLES}
        for rows in month.tables.values():
            rows.validate(full=True)


def test_words_are_those_the_facts_know(facts, quiet_year):
    contacts, states = facts(quiet_year, "contacts"), facts(quiet_year, "agent_states")
    assert set(contacts["outcome"]) <= set(OUTCOMES)
    assert set(contacts["channel"]) <= set(CHANNELS)
    assert set(contacts["direction"]) <= set(DIRECTIONS)
    assert set(contacts["ended_by"].drop_nulls()) <= set(ENDED_BY)
    assert set(states["state"]) <= set(STATES)
    assert set(facts(quiet_year, "roster")["employment"]) == set(EMPLOYMENT)


def test_identities_are_unique(facts, quiet_year):
    for name in sorted(ALL_TABLES):
        rows = facts(quiet_year, name)
        assert rows["row_id"].n_unique() == len(rows)
        assert rows["row_id"].min() >= 0


@pytest.mark.parametrize("name", sorted(ALL_TABLES - {"duties", "roster", "shifts", "forecasts"}))
def test_every_row_lies_in_its_month_of_the_zone(facts, quiet_year, name):
    rows = facts(quiet_year, name).select(
        "month", local=pl.from_epoch("started_ms", time_unit="ms") + pl.duration(hours=8)
    )
    assert rows.filter(pl.col("month") != pl.col("local").dt.year() * 100 + pl.col("local").dt.month()).is_empty()


def test_the_year_follows_the_zone_it_is_given():
    plan = replace(MONTH, zone="Europe/Berlin")
    started = pl.Series(only(plan, "contacts")["contacts"].column("started_ms"))
    first = clock("Europe/Berlin").start_of_day_ms(Month(2026, 1).days.start)
    assert first + 8 * 3_600_000 <= started.min() < first + 8 * 3_600_000 + 600_000


def test_legs_add_up(facts, quiet_year):
    legs = facts(quiet_year, "contacts")
    answered = legs.filter(pl.col("answered_ms").is_not_null())
    assert legs.filter(pl.col("queued_ms") != pl.col("started_ms")).is_empty()
    assert answered.filter(pl.col("wait_ms") != pl.col("answered_ms") - pl.col("queued_ms")).is_empty()
    assert answered.filter(
        pl.col("ended_ms") != pl.col("answered_ms") + pl.col("talk_ms") + pl.col("hold_ms")
    ).is_empty()
    lost = legs.filter(pl.col("answered_ms").is_null())
    assert lost.filter(pl.col("wait_ms") != pl.col("ended_ms") - pl.col("queued_ms")).is_empty()
    assert lost["agent"].null_count() == len(lost)
    assert legs.select((pl.col("wait_ms") >= pl.col("ring_ms").fill_null(0)).all()).item()


def test_a_transferred_contact_has_another_leg_in_another_queue_with_another_agent(facts, quiet_year):
    legs = facts(quiet_year, "contacts")
    first = legs.filter(pl.col("transferred_to").is_not_null())
    second = legs.filter(pl.col("leg") > 1).with_columns(passed_on=pl.col("leg") - 1)
    pairs = first.join(second, left_on=["contact", "leg"], right_on=["contact", "passed_on"], suffix="_second")
    assert len(pairs) == len(first) == len(second) > 1_000
    assert pairs.filter(pl.col("queued_ms_second") != pl.col("ended_ms")).is_empty()
    assert pairs.filter(pl.col("transferred_to") != pl.col("queue_second")).is_empty()
    assert pairs.filter(pl.col("queue") == pl.col("queue_second")).is_empty()
    assert pairs.filter(pl.col("agent") == pl.col("agent_second")).is_empty()
    assert pairs.filter(pl.col("customer") != pl.col("customer_second")).is_empty()


def test_agents_do_one_thing_at_a_time(facts, quiet_year):
    states = facts(quiet_year, "agent_states").sort("agent", "started_ms")
    next_start = pl.col("started_ms").shift(-1).over("agent")
    assert states.filter(pl.col("ended_ms") <= pl.col("started_ms")).is_empty()
    assert states.filter(next_start < pl.col("ended_ms")).is_empty()


def test_states_say_the_same_as_the_contact_legs(facts, quiet_year):
    legs = facts(quiet_year, "contacts").group_by("agent").agg(pl.sum("talk_ms", "hold_ms", "wrap_ms")).drop_nulls()
    states = (
        facts(quiet_year, "agent_states")
        .with_columns(ms=pl.col("ended_ms") - pl.col("started_ms"))
        .pivot("state", index="agent", values="ms", aggregate_function="sum")
        .select("agent", talk_ms="talk", hold_ms="hold", wrap_ms="wrap")
    )
    assert legs.sort("agent").equals(states.filter(pl.col("talk_ms") > 0).sort("agent"))


def test_a_shorter_week_of_rest_is_never_planned(facts, quiet_year):
    days = (
        facts(quiet_year, "shifts")
        .select("agent", local=pl.from_epoch("started_ms", time_unit="ms") + pl.duration(hours=8))
        .select("agent", week=pl.col("local").dt.truncate("1w"), day=pl.col("local").dt.date())
        .unique()
        .group_by("agent", "week")
        .len()
    )
    assert days["len"].max() == 5


def test_the_floor_is_plausible_to_its_manager(facts, drawn, quiet_year):
    plan = replace(quiet_year, seed=5, contacts=1_200_000, months=3)
    legs, states = facts(plan, "contacts"), facts(plan, "agent_states")
    answered = legs.filter(pl.col("outcome") == "answered")
    in_time = answered.filter(pl.col("wait_ms") <= 20_000)
    spent = dict(states.group_by("state").agg((pl.col("ended_ms") - pl.col("started_ms")).sum()).iter_rows())
    busy = spent["talk"] + spent["hold"] + spent["wrap"]
    surveys = facts(plan, "surveys")
    said = surveys.filter(pl.col("score").is_not_null())
    assert 0.92 < len(legs) / (1_200_000 * 90 / 365.25) < 1.08
    assert TRUTH.occupancy - 0.08 < busy / (busy + spent["available"]) < TRUTH.occupancy + 0.03
    assert 0.74 < len(in_time) / len(answered) < 0.90
    assert 0.02 < (legs["outcome"] == "abandoned").mean() < 0.06
    assert 180_000 < answered["talk_ms"].mean() < 300_000
    assert 0.82 < (said["score"] >= 4).mean() < 0.88
    assert 0.10 < len(said) / len(surveys) < 0.25


def test_the_outage_day_stands_out(facts, quiet_year):
    legs = facts(quiet_year, "contacts").filter(pl.col("month") == 202611)
    local = legs.with_columns(local=pl.from_epoch("started_ms", time_unit="ms") + pl.duration(hours=8))
    failed = local.filter(pl.col("outcome") == "failed")
    assert len(failed) > 5
    assert set(failed["local"].dt.day()) == {TRUTH.outage.day}


def test_customers_of_a_queue_are_answered_in_the_order_in_which_they_came(facts, quiet_year):
    legs = facts(quiet_year, "contacts").filter(pl.col("answered_ms").is_not_null())
    came, rung = pl.col("queued_ms") + 15_000 * pl.col("rings_unanswered"), pl.col("answered_ms") - pl.col("ring_ms")
    usual = legs.filter(pl.col("month") != 202611, pl.col("rings_unanswered") == 0)  # the others stand in line later
    lines = usual.select("queue", came=came, rung=rung).sort("queue", "came", "rung")
    overtaken = lines.filter(pl.col("rung") < pl.col("rung").shift(1).over("queue"))
    assert len(lines) > 100_000
    assert overtaken.is_empty()


def test_the_outage_makes_customers_wait_and_leave(facts, drawn):
    plan = Plan(seed=5, contacts=900_000, first_month=Month(2026, 1), months=11)
    legs = facts(replace(plan, tables=frozenset({"contacts"})), "contacts").filter(pl.col("month") == 202611)
    local = pl.from_epoch("started_ms", time_unit="ms") + pl.duration(hours=8)
    hours = legs.filter(local.dt.hour().is_between(TRUTH.outage.from_hour, TRUTH.outage.until_hour - 1))
    down = local.dt.day() == TRUTH.outage.day
    for figure in (pl.col("wait_ms").mean(), (pl.col("outcome") == "abandoned").mean()):
        assert hours.filter(down).select(figure).item() > 2 * hours.filter(~down).select(figure).item()


def test_forecasts_are_locked_before_the_month_and_close_to_what_comes(facts, quiet_year):
    forecasts, legs = facts(quiet_year, "forecasts"), facts(quiet_year, "contacts")
    assert forecasts.filter(pl.col("locked_ms") >= pl.col("started_ms")).is_empty()
    whole = forecasts.filter(pl.col("company").is_null())["contacts"].sum()
    assert 0.95 < whole / len(legs) < 1.12


def test_some_duties_of_the_client_are_late(facts, quiet_year):
    duties = facts(quiet_year, "duties")
    late = duties.filter(pl.col("done_ms").is_null() | (pl.col("done_ms") > pl.col("started_ms")))
    assert set(duties["company"]) == {"North", "Harbor"}
    assert 0.05 < len(late) / len(duties) < 0.25


def test_a_year_looked_at_on_a_day_knows_nothing_of_later(drawn, quiet_year):
    plan = replace(quiet_year, until=date(2026, 3, 11), months=12)
    months = list(year(plan))
    assert [str(month.month) for month in months] == ["2026-01", "2026-02", "2026-03"]
    whole = drawn(quiet_year)
    end = instant_of(datetime(2026, 3, 11), plan.zone)
    assert months[0].tables["contacts"].num_rows > whole[0].tables["contacts"].num_rows * 0.99
    cut, full = months[2].tables, whole[2].tables
    assert 0.2 < cut["contacts"].num_rows / full["contacts"].num_rows < 0.5
    for name in ("contacts", "agent_states", "complaints", "evaluations", "sales", "surveys", "duties"):
        for column in (column for column in cut[name].column_names if column.endswith("_ms")):
            assert (pc.max(cut[name][column]).as_py() or 0) < end, (name, column)
    assert cut["shifts"].equals(full["shifts"])  # what is planned is known before
    assert cut["forecasts"].equals(full["forecasts"])
    assert pc.max(cut["roster"]["from_day"]).as_py() < day_id(date(2026, 3, 11))


@pytest.mark.parametrize(
    ("until", "begun"), [((2026, 1, 1), 0), ((2026, 2, 1), 1), ((2026, 2, 2), 2), ((2028, 1, 1), 12)]
)
def test_a_month_has_begun_once_a_day_of_it_is_known(until: tuple[int, int, int], begun: int):
    assert Plan(until=date(*until)).begun == begun
