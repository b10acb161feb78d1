"""Estimates made from the facts alone must find what is true, within their standard errors."""

import json
from dataclasses import replace

import numpy as np
import polars as pl

from onefloor.demo.chance import logistic
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import Plan, year

SIGMAS = 4.0


def close(found: float, true: float, error: float) -> bool:
    return abs(found - true) < SIGMAS * error


def hired(roster: pl.DataFrame) -> pl.DataFrame:
    return roster.group_by("agent").agg(pl.first("hired_day"), pl.first("company"))


def test_handling_time_shows_company_and_learning(facts, wide_month):
    legs = facts(wide_month, "contacts").filter(pl.col("outcome") == "answered")
    talk_s = {queue.name: queue.talk_s for queue in TRUTH.queues}
    agents = (
        legs.join(hired(facts(wide_month, "roster")), on="agent")
        .with_columns(
            day=(pl.col("started_ms") + 28_800_000) // 86_400_000,
            residual=(pl.col("talk_ms") / 1000 / pl.col("queue").replace_strict(talk_s)).log(),
        )
        .with_columns(learning=(-(pl.col("day") - pl.col("hired_day")) / TRUTH.learning_days).exp())
        .group_by("agent", "company")
        .agg(pl.mean("residual", "learning"), skills=pl.col("queue").n_unique())
    )
    columns = [
        np.ones(len(agents)), agents["company"] == "North", agents["company"] == "Harbor", agents["learning"],
        np.maximum(agents["skills"].to_numpy() - 2, 0),
    ]  # fmt: skip
    design = np.column_stack([np.asarray(column, float) for column in columns])
    found, *_ = np.linalg.lstsq(design, agents["residual"].to_numpy(), rcond=None)
    left = agents["residual"].to_numpy() - design @ found
    variance = left @ left / (len(agents) - design.shape[1])
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * variance)
    assert close(found[1], TRUTH.companies[1].log_handle, errors[1])
    assert close(found[2], TRUTH.companies[2].log_handle, errors[2])
    assert close(found[3], TRUTH.learning_log_handle, errors[3])
    assert found[3] > 2 * errors[3]
    assert abs(variance**0.5 - TRUTH.agent_log_handle) < 0.02


def test_unresolved_contacts_come_with_their_chance(facts, wide_month):
    groups = facts(wide_month, "hidden").group_by("company", "queue").agg(
        found=pl.mean("unresolved"), true=pl.mean("unresolved_chance"),
        error=(pl.col("unresolved_chance") * (1 - pl.col("unresolved_chance"))).sum().sqrt() / pl.len(),
    )  # fmt: skip
    assert len(groups) >= sum(len(company.queues) for company in TRUTH.companies)
    assert all(close(*row) for row in groups.select("found", "true", "error").iter_rows())


def test_agents_differ_in_resolution_by_company_and_learning_as_stated(facts, wide_month):
    hidden = facts(wide_month, "hidden")
    logit = (pl.col("unresolved_chance") / (1 - pl.col("unresolved_chance"))).log()
    base = {queue.name: queue.unresolved for queue in TRUTH.queues}
    agents = (
        hidden.filter(pl.col("unresolved_chance") < 0.94)
        .with_columns(
            rest=logit
            - pl.col("queue").replace_strict(base)
            - TRUTH.learning_unresolved * (-pl.col("tenure_days") / TRUTH.learning_days).exp()
        )
        .group_by("agent", "company")
        .agg(pl.median("rest"))
        .group_by("company")
        .agg(pl.mean("rest"), error=pl.std("rest") / pl.len().sqrt())
    )
    for company, found, error in agents.iter_rows():
        (true,) = (of.unresolved for of in TRUTH.companies if of.name == company)
        assert close(found, true, error)


def test_first_contact_resolution_is_what_unresolved_contacts_and_lags_make_it(facts, quiet_year):
    legs = facts(quiet_year, "contacts").filter(pl.col("leg") == 1).sort("customer", "topic", "started_ms")
    gap_days = (pl.col("started_ms").shift(-1).over("customer", "topic") - pl.col("started_ms")) / 86_400_000
    answered = legs.with_columns(gap=gap_days).filter(pl.col("answered_ms").is_not_null() & (pl.col("month") < 202612))
    again = (answered["gap"].fill_null(999) < 7).mean()
    unresolved = facts(quiet_year, "hidden")["unresolved"].mean()
    low, high = TRUTH.share_back_within(6), TRUTH.share_back_within(7)
    assert unresolved * TRUTH.repeat * low - 0.006 < again < unresolved * TRUTH.repeat * high + 0.006
    assert 0.70 < 1 - again < 0.77


def test_transfers_happen_as_often_as_stated(facts, wide_month):
    legs = facts(wide_month, "contacts").filter(pl.col("outcome") == "answered")
    people = legs.join(hired(facts(wide_month, "roster")), on="agent").with_columns(
        day=(pl.col("started_ms") + 28_800_000) // 86_400_000
    )
    learning = np.exp(-(people["day"] - people["hired_day"]).to_numpy() / TRUTH.learning_days)
    base = np.log(TRUTH.transfer / (1 - TRUTH.transfer))
    true = logistic(base + TRUTH.transfer_learning * learning).mean()
    found = people["transferred_to"].is_not_null().mean()
    assert close(found, true, (true * (1 - true) / len(people)) ** 0.5)


def test_critical_errors_and_sales_differ_between_companies_in_the_stated_direction(facts, wide_month):
    evaluations = facts(wide_month, "evaluations").join(hired(facts(wide_month, "roster")), on="agent")
    errors = dict(evaluations.group_by("company").agg(pl.mean("customer_critical_failed")).iter_rows())
    assert errors["North"] > errors["Own"]
    sales = facts(wide_month, "sales").join(hired(facts(wide_month, "roster")), on="agent")
    sold = dict(sales.group_by("company").agg(pl.mean("accepted")).iter_rows())
    assert sold["Harbor"] > sold["Own"]


def test_who_pushes_sales_resolves_less(facts, wide_month):
    hidden = facts(wide_month, "hidden").filter(pl.col("unresolved_chance") < 0.94)
    resolution = (
        hidden.filter(pl.col("queue") == "plans").group_by("agent", "company").agg(pl.mean("unresolved_chance"))
    )
    sold = facts(wide_month, "sales").group_by("agent").agg(pl.mean("accepted"), pl.len()).filter(pl.col("len") > 60)
    pairs = resolution.join(sold, on="agent").filter(pl.col("company") == "Own")
    assert len(pairs) > 20
    assert pairs.select(pl.corr("unresolved_chance", "accepted")).item() > 0


def test_surveys_are_answered_more_by_the_unhappy(facts, quiet_year):
    surveys = facts(quiet_year, "surveys")
    said = surveys.filter(pl.col("score").is_not_null())
    assert len(said) / len(surveys) < TRUTH.survey_answers[0]
    assert said.filter(pl.col("answered_ms") <= pl.col("invited_ms")).is_empty()


def test_a_change_in_the_year_moves_exactly_those_it_concerns(drawn, quiet_year):
    plan = replace(quiet_year, months=7)
    without = replace(plan, truth=replace(TRUTH, changes=()))
    (*_, changed), (*_, plain) = drawn(plan), drawn(without)
    roster = pl.concat([pl.DataFrame(pl.from_arrow(month.tables["roster"])) for month in drawn(plan)])
    helped = set(roster.filter((pl.col("team") == "North 2") & pl.col("until_day").is_null())["agent"])
    chances = [
        pl.DataFrame(pl.from_arrow(month.hidden)).group_by("agent").agg(pl.mean("unresolved_chance"))
        for month in (changed, plain)
    ]
    pairs = chances[0].join(chances[1], on="agent", suffix="_plain")
    moved = pairs.filter((pl.col("unresolved_chance") - pl.col("unresolved_chance_plain")) < -0.02)
    assert set(moved["agent"]) <= helped
    assert len(moved) >= 3


def test_the_truth_is_data():
    data = json.loads(json.dumps(TRUTH.as_json()))
    assert [company["name"] for company in data["companies"]] == ["Own", "North", "Harbor"]
    assert data["repeat"] == TRUTH.repeat


def test_lags_have_the_stated_distribution():
    assert TRUTH.share_back_within(TRUTH.longest_lag_days) == 1.0
    assert round(TRUTH.share_back_within(1), 3) == 0.34


def test_a_year_of_other_parameters_has_other_rows():
    plan = Plan(seed=3, contacts=240_000, months=1)
    other = replace(plan, truth=replace(TRUTH, repeat=0.1))
    assert plan.key != other.key
    (first,), (second,) = (year(replace(each, tables=frozenset({"duties"}))) for each in (plan, other))
    assert set(first.tables["duties"]["row_id"].to_pylist()).isdisjoint(second.tables["duties"]["row_id"].to_pylist())
