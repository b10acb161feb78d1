"""Figures of a floor take the place of guesses: own ones with intervals over agents, differences on the same work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from onefloor.floor import Floor
from onefloor.insight.cells import cells
from onefloor.insight.finding import Estimate
from onefloor.insight.sourcing.comparing import decide
from onefloor.insight.sourcing.from_floor import Answer, NotResolution, Source, over_agents, with_floor
from onefloor.insight.sourcing.inputs import OVER, at_mid, drawn, inputs_of
from onefloor.insight.sourcing.terms import Option, Sourcing
from onefloor.insight.sourcing.work import issues, of, work
from onefloor.language import Text
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared

Make = Callable[..., Sourcing]
GAPS = {"aht": Estimate(20, 12, 28), "fcr:within=7d": Estimate(-0.04, -0.07, -0.01)}


def difference(metric: str, ours: str, theirs: str) -> Answer:
    assert (ours, theirs) == ("Own", "North")
    return Answer(GAPS[metric])


@pytest.fixture(scope="module")
def prepared(floor: Floor) -> Prepared:
    return prepare(floor)


def source(prepared: Prepared, answer: Callable[[str, str, str], Answer] = difference, **more: Any) -> Source:
    return Source(prepared, prepared.months, "fcr:within=7d", answer, **more)


@pytest.fixture(scope="module")
def stated(make: Make) -> Sourcing:
    costs = [{"item": "telephony", "per": "handled_minute", "amount": "1"}]
    return make({"company": "Own", "costs": costs}, {"company": "North", "costs": costs})


def spread(option: Option, name: str) -> tuple[float, float, float]:
    held = getattr(option, name)
    return tuple(round(end, 6) for end in held.ends())  # type: ignore[return-value]


def test_the_references_figures_are_those_of_the_floor(prepared: Prepared, stated: Sourcing) -> None:
    own = with_floor(stated, source(prepared)).option("own")
    for name, metric, scale in (
        ("handling", "aht", 0.001),
        ("without_repeat", "fcr:within=7d", 1),
        ("occupancy", "occupancy", 1),
    ):
        figure = measure(prepared, [metric], (), {"company": ["Own"]}).rows[0].figures[metric]
        held = cells(prepared, metric, ("agent",), {"company": ["Own"]})
        estimate = over_agents(held)
        assert estimate is not None
        assert spread(own, name)[1] == pytest.approx(figure.numerator / figure.denominator * scale, rel=1e-6)
        assert spread(own, name)[0] == pytest.approx(estimate.low * scale, rel=1e-5)
    assert own.resolved is None


def test_the_interval_over_agents_is_that_of_leaving_each_out(prepared: Prepared) -> None:
    held = cells(prepared, "aht", ("agent",), {"company": ["Own"]})
    found = over_agents(held)
    k, n = held.numerator.astype(float), held.denominator.astype(float)
    left_out = (k.sum() - k) / (n.sum() - n)
    agents = len(k)
    error = np.sqrt((agents - 1) / agents * np.sum((left_out - left_out.mean()) ** 2))
    assert found is not None
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(error, rel=0.15)  # the linear one, and Student's t


def test_with_equal_sizes_the_interval_is_students_of_the_agents_means(prepared: Prepared) -> None:
    held = cells(prepared, "aht", ("agent",), {"company": ["Own"]})
    held = replace(held, denominator=np.full(len(held), 1000))
    means = held.numerator / 1000
    found, agents = over_agents(held), len(means)
    reach = stats.t.ppf(0.975, agents - 1) * means.std(ddof=1) / np.sqrt(agents)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((means.mean() - reach, means.mean() + reach), rel=1e-9)


def test_one_agent_has_no_interval(prepared: Prepared) -> None:
    held = cells(prepared, "aht", ("agent",), {"company": ["Own"]})
    assert over_agents(held.chosen(np.arange(len(held)) < 1)) is None


def test_the_other_option_is_the_reference_and_the_fair_difference(prepared: Prepared, stated: Sourcing) -> None:
    taken = with_floor(stated, source(prepared))
    values = at_mid(inputs_of(taken))
    own, north = taken.option("own"), taken.option("north")
    assert of(north, values, "handling") == pytest.approx(of(own, values, "handling") + 20)
    assert of(north, values, "without_repeat") == pytest.approx(of(own, values, "without_repeat") - 0.04)
    assert ("north", "handling") not in values
    assert {name for whose, name in values if whose == "north"} >= {"handling" + OVER, "without_repeat" + OVER}


def test_what_is_common_to_both_does_not_widen_the_gap(prepared: Prepared, stated: Sourcing) -> None:
    taken = with_floor(stated, source(prepared))
    values = drawn(inputs_of(taken), (), np.random.default_rng(1), 4000)
    gap = of(taken.option("north"), values, "handling") - of(taken.option("own"), values, "handling")
    low, high = np.quantile(gap, [0.025, 0.975])
    assert (low, high) == (pytest.approx(12, abs=0.6), pytest.approx(28, abs=0.6))


def test_contacts_without_a_repeat_are_not_all_resolved(prepared: Prepared, stated: Sourcing) -> None:
    taken = with_floor(stated, source(prepared))
    values = at_mid(inputs_of(taken))
    own = taken.option("own")
    done = work(own, values, issues(values, 1))
    without = float(of(own, values, "without_repeat")[0, 0])
    assert float(done.rate[0, 0]) == pytest.approx(max(0.01, 1 - (1 - without) / 0.5), rel=1e-12)


def test_a_term_that_cannot_be_compared_stays_as_in_the_file_for_everybody(
    prepared: Prepared, stated: Sourcing
) -> None:
    refusal = Text("可比部分太少。", "Too little can be compared.")

    def answer(metric: str, ours: str, theirs: str) -> Answer:
        return Answer(None, (refusal,)) if metric == "aht" else difference(metric, ours, theirs)

    taken = with_floor(stated, source(prepared, answer))
    assert [spread(option, "handling") for option in taken.options] == [(300, 300, 300)] * 2
    assert [name for name, _ in taken.option("north").over] == ["without_repeat"]
    assert "The handling time of every option stays as in the file (North): Too little can be compared." in [
        text.en for text in taken.measured
    ]


def test_an_endless_interval_is_no_figure(prepared: Prepared, stated: Sourcing) -> None:
    def answer(metric: str, ours: str, theirs: str) -> Answer:
        return Answer(Estimate(1, -np.inf, np.inf)) if metric == "aht" else difference(metric, ours, theirs)

    taken = with_floor(stated, source(prepared, answer))
    assert spread(taken.option("own"), "handling") == (300, 300, 300)


def test_options_without_a_company_stay_as_they_are(prepared: Prepared, make: Make) -> None:
    costs = [{"item": "telephony", "per": "contact", "amount": "1"}]
    sourcing = make({"company": "Own", "costs": costs}, {"costs": costs})
    taken = with_floor(sourcing, source(prepared))
    assert taken.option("north") == sourcing.option("north")
    assert taken.option("own") != sourcing.option("own")
    assert taken.measured[-1].en == (
        "North names no company: what the file guesses of it is compared with what was measured."
    )


def test_a_survey_says_what_was_resolved(prepared: Prepared, stated: Sourcing) -> None:
    asked = Source(prepared, prepared.months, "fcr_by_survey", lambda *_: Answer(Estimate(-0.02, -0.05, 0.01)))
    taken = with_floor(stated, asked)
    figure = measure(prepared, ["fcr_by_survey"], (), {"company": ["Own"]}).rows[0].figures["fcr_by_survey"]
    assert figure.denominator > 100
    assert spread(taken.option("own"), "resolved")[1] == pytest.approx(figure.numerator / figure.denominator, rel=1e-5)
    assert taken.option("north").over_whom == "own"


def test_a_metric_that_says_nothing_of_resolution_is_refused(prepared: Prepared, stated: Sourcing) -> None:
    asked = Source(prepared, prepared.months, "aht", difference)
    with pytest.raises(
        NotResolution, match=r'"aht" does not say what was resolved\. Use fcr:within=7d or fcr_by_survey'
    ):
        with_floor(stated, asked)


def test_a_measured_decision_is_decided_and_says_what_it_took(prepared: Prepared, stated: Sourcing) -> None:
    decision = decide(with_floor(stated, source(prepared)), 6, np.random.default_rng(1), 300)
    assert decision.compared[0].gap is not None
    said = [text.en for text in decision.sourcing.measured]
    assert said[0].startswith("Own, taken from the floor: ")
    assert (
        "North, differences from the reference on the same work: handling time 20 s (12 s to 28 s), share of contacts "
        in (said[-1] + " ")
    )
    assert said[-1].endswith("without a repeat -4.0 points (-7.0 points to -1.0 points).")


def test_figures_of_an_option_outside_the_scope_are_not_read(prepared: Prepared, stated: Sourcing) -> None:
    own = with_floor(stated, source(prepared)).option("own")
    hidden = with_floor(stated, source(prepared, scope="company == 'North'")).option("own")
    assert own.handling is not None
    assert hidden.handling == stated.option("own").handling
    assert hidden.handling != own.handling
