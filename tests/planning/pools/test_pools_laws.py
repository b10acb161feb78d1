from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from simulated_floor import FIRST, floor_of, truth

from onefloor.metrics.prepared import Gone, Prepared
from onefloor.periods import Period, day_id
from onefloor.planning.pools.laws import ASSUMED, GIVEN, REMOVED, Chosen, Laws, laws_of_skills
from onefloor.planning.pools.sentences import skill_laws
from onefloor.planning.simulation.laws import empirical, gamma

DAYS = 12
SPAN = Period(FIRST.days.start, FIRST.days.start + DAYS)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return floor_of(tmp_path_factory.mktemp("laws"), truth(), DAYS).prepared


def laws_of(
    prepared: Prepared, *queues: str, days: Period = SPAN, scope: str = "", patience_given: bool = False
) -> Laws:
    return laws_of_skills(prepared, {"s": queues}, days, scope=scope, patience_given=patience_given)["s"]


def test_handling_and_patience_are_those_of_the_queue(prepared: Prepared) -> None:
    found = laws_of(prepared, "bills")
    spread = np.hypot(180 * 0.6, 30 * 0.7) / 210
    assert found.handling.law is not None
    assert found.handling.law.kind == "gamma"
    assert found.handling.law.cv == pytest.approx(spread, rel=0.1)  # and a little from agents' paces
    assert found.patience.law is not None
    assert found.patience.law.kind == "lognormal"
    assert found.handling.not_fitted is found.patience.not_fitted is None


def test_who_never_waits_is_told_apart(prepared: Prepared) -> None:
    assert laws_of(prepared, "tech").never_waits == pytest.approx(0.06, abs=0.02)


def test_queues_of_one_skill_are_fitted_together(prepared: Prepared) -> None:
    tech, bills, both = (laws_of(prepared, *names) for names in (["tech"], ["bills"], ["tech", "bills"]))
    assert both.handling.n == tech.handling.n + bills.handling.n
    assert both.queues == ("tech", "bills")


def test_only_days_asked_for_and_rows_of_the_scope_count(prepared: Prepared) -> None:
    legs = pl.read_parquet(prepared.files["legs"][FIRST.id][0])
    company = prepared.names.ids["company"]["North"]
    held = legs.filter("answered", pl.col("company") == company, pl.col("day") < SPAN.start + 5)
    days = Period(SPAN.start, SPAN.start + 5)
    found = laws_of(prepared, "tech", "bills", days=days, scope="company in ('North',)")
    assert found.handling.n == held.height
    assert found.patience.law is None  # whoever left a shared queue is nobody's
    assert found.patience.not_fitted is not None


def test_the_law_takes_the_mean_of_the_forecast_and_keeps_its_shape() -> None:
    for law in (gamma(200.0, 0.5), empirical((100.0, 150.0, 400.0))):
        found = Laws(Chosen(law, 100), ASSUMED.patience).service(300.0)
        assert (found.kind, found.mean, found.cv) == (law.kind, 300.0, law.cv)
        assert [value / 300.0 for value in found.values] == pytest.approx([value / law.mean for value in law.values])


def test_with_too_few_facts_the_assumptions_stay_and_say_why(prepared: Prepared) -> None:
    one_day = Period(SPAN.start, SPAN.start)
    few = laws_of(prepared, "tech", days=one_day)
    unknown = laws_of(prepared, "new")
    empty = laws_of(prepared, "tech", days=Period(day_id(date(2020, 1, 1)), day_id(date(2020, 1, 3))))
    for found in (few, unknown, empty):
        assert found.service(300.0) == ASSUMED.service(300.0)
        assert found.waiting(120.0) == ASSUMED.waiting(120.0)
        assert found.handling.not_fitted is not None
    assert skill_laws("s", few, 120.0)[0].en == (
        "s (tech): handling lognormal cv 1.00, of the forecast's mean (not fitted: only 0 were answered, it takes 30)."
    )
    assert ASSUMED.waiting(np.inf) is None


def test_removed_rows_are_named_as_the_reason(prepared: Prepared) -> None:
    gone = replace(prepared, gone={"legs": {FIRST.id: Gone(date(2026, 12, 1), None)}})
    found = laws_of(gone, "tech")
    assert found.handling.not_fitted == found.patience.not_fitted == REMOVED


def test_a_given_mean_of_patience_is_exponential(prepared: Prepared) -> None:
    found = laws_of(prepared, "tech", patience_given=True)
    assert found.patience.not_fitted == GIVEN
    assert found.never_waits == 0.0
    assert str(found.waiting(90.0)) == "exponential 90"
    assert found.handling.law is not None


def test_words_and_data_say_which_law_rests_on_what(prepared: Prepared) -> None:
    found = laws_of(prepared, "bills")
    handling, patience = skill_laws("bills", replace(found, queues=("bills",)), np.inf)
    assert handling.en.startswith("bills: handling gamma cv 0.5")
    assert f"{found.handling.n:,}" in handling.zh
    assert patience.en.startswith("bills: patience lognormal ")
    assert patience.en.endswith("and the mean is a guess.")  # few of them ever wait so long
    assert "均值不可靠" in patience.zh
    told = found.as_json(300.0, np.inf)
    assert told["handling"]["law"] == "gamma"
    assert told["handling"]["mean_s"] == 300.0
    assert told["patience"]["contacts"] == found.patience.n
