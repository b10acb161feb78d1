from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from measuring_tables import NAMES, prepared_of

from onefloor.metrics import catalogue
from onefloor.metrics.definition import BadParameter, UnknownMetric, UnknownParameter, milliseconds, written
from onefloor.metrics.engines.queries import kinds
from onefloor.metrics.expressions import checked
from onefloor.metrics.measure import measure
from onefloor.metrics.metric import Atom
from onefloor.metrics.reference import reference_page
from onefloor.metrics.rows import _atom
from onefloor.metrics.tables import MEASURING

ROOT = Path(__file__).parents[2]
HOUR, DAY = 3_600_000, 86_400_000
ONCE = "Its parameters, each once: within, topic."
POSSIBLE = "Possible: a duration from 0s to {}, such as 20s or 7d."


def test_the_reference_page_is_current() -> None:
    assert (ROOT / "docs/reference/metrics.md").read_text("utf-8") == reference_page()


def test_every_metric_says_where_its_definition_was_read_and_not_in_a_paper_nobody_has() -> None:
    sources = {name: catalogue.metric(name).source for name in catalogue.names()}
    assert {name: source for name, source in sources.items() if not source or "reference" in source} == {}


def test_every_predicate_can_be_run_over_its_table_at_any_choice_of_parameters() -> None:
    choices = {"formula": ["F1", "F2", "F3", "F4"], "topic": ["same", "any"], "count": ["all", "justified"],
               "population": ["answered", "abandoned", "all"], "direction": ["all", "in"], "short": ["1s", "5s"],
               "share": ["all", "queue", "company"], "duty": ["any", "forecast"]}  # fmt: skip
    for name in catalogue.names():
        for parameter in catalogue.definition(name).parameters:
            for value in choices.get(parameter, []):
                metric = catalogue.metric(f"{name}:{parameter}={value}")
                for side in (metric.numerator, metric.denominator):
                    columns = kinds(MEASURING[side.table]) if side else {}
                    assert side is None or checked(side.where, columns) == side.where
                    if isinstance(side, Atom) and side.sum:
                        assert checked(side.sum, columns, "number") == side.sum
                for exclusion in metric.exclusions:
                    checked(exclusion.where, kinds(MEASURING[metric.numerator.table]))


def test_a_canonical_reference_has_every_parameter_and_names_itself() -> None:
    for name in catalogue.names():
        metric = catalogue.metric(name)
        assert catalogue.metric(metric.reference) == metric
    assert (
        catalogue.metric("service_level:within=60000ms").reference == "service_level:formula=F4,within=1min,short=1min"
    )
    assert catalogue.metric("fcr: within=24h").reference == "fcr:within=1d,topic=same"
    assert catalogue.metric("abandonment").reference == "abandonment:short=none"


def test_an_unknown_metric_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UnknownMetric) as caught:
        catalogue.metric("service_levels")
    assert caught.value.to("en").startswith(
        'There is no metric "service_levels". Is service_level meant? There are: abandonment, absence,'
    )


@pytest.mark.parametrize(
    ("reference", "problem", "says"),
    [
        ("asa:within=20s", UnknownParameter, 'asa has no parameter "within" here. It has no parameters.'),
        ("fcr:in=7d", UnknownParameter, 'fcr has no parameter "in" here. ' + ONCE),
        ("fcr:within=7d,within=8d", UnknownParameter, 'fcr has no parameter "within" here. ' + ONCE),
        ("service_level:formula=F5", BadParameter, 'formula cannot be "F5". Possible: F1, F2, F3, F4.'),
        ("service_level:within=20", BadParameter, 'within cannot be "20". ' + POSSIBLE.format("365d")),
        ("fcr:within=32d", BadParameter, 'within cannot be "32d". ' + POSSIBLE.format("31d")),
        ("wait_percentile:p=0", BadParameter, 'p cannot be "0". Possible: a whole number from 1 to 100.'),
        ("duty_late:duty=it's", BadParameter, 'duty cannot be "it\'s". Possible: any, or a name without commas.'),
        ("asa:", UnknownParameter, 'asa has no parameter "" here. It has no parameters.'),
    ],
)  # fmt: skip
def test_a_wrong_parameter_says_what_is_possible(reference: str, problem: type[Exception], says: str) -> None:
    with pytest.raises(problem) as caught:
        catalogue.metric(reference)
    assert str(caught.value) == says


def test_durations_are_written_in_the_largest_unit_that_keeps_them_whole() -> None:
    texts = ["0s", "1ms", "1500ms", "90s", "1min", "1h", "7d"]
    assert [written(milliseconds(text) or 0) for text in texts] == texts
    assert written(86_400_000) == "1d"


def day(queued: int, answered: int, abandoned: int, early: int) -> list[dict[str, Any]]:
    """The day of the reference: so many in time, answered late, abandoned early, abandoned late."""
    leg = {"offered": True, "inbound": True}
    return [
        *({**leg, "answered": True, "wait_ms": 20_000} for _ in range(queued)),
        *({**leg, "answered": True, "wait_ms": 20_001} for _ in range(answered - queued)),
        *({**leg, "abandoned": True, "wait_ms": 20_000} for _ in range(early)),
        *({**leg, "abandoned": True, "wait_ms": 20_001} for _ in range(abandoned - early)),
        *({**leg, "outcome": 4, "wait_ms": 90_000} for _ in range(7)),
        {"outcome": 8},
    ]


def test_the_four_service_levels_of_the_reference_day(tmp_path: Path) -> None:
    prepared = prepared_of(tmp_path, {"legs": day(700, 880, 120, 50)})
    formulas = [f"service_level:formula=F{number},within=20s" for number in (1, 2, 3, 4)]
    found = measure(prepared, formulas)
    figures = [(figure.numerator, figure.denominator) for figure in found.rows[0].figures.values()]
    assert figures == [(750, 1000), (700, 880), (700, 1000), (700, 950)]
    values = [str(found.metrics[name].value(found.rows[0].figures[name])) for name in formulas]
    assert values == ["75.00", "79.55", "70.00", "73.68"]


def test_a_short_abandon_limit_of_its_own(tmp_path: Path) -> None:
    prepared = prepared_of(tmp_path, {"legs": day(7, 9, 3, 2)})
    asked = [
        "service_level:formula=F4,short=none",
        "service_level:formula=F1,short=5s",
        "abandonment:short=20s",
        "connect_rate:short=20s",
        "abandonment",
        "short_abandonment:short=20s",
    ]
    found = measure(prepared, asked)
    figures = [(figure.numerator, figure.denominator) for figure in found.rows[0].figures.values()]
    assert figures == [(7, 12), (7, 12), (1, 17), (9, 17), (3, 19), (2, 19)]


ANSWERED = {"offered": True, "answered": True, "inbound": True}
WORLD: dict[str, list[dict[str, Any]]] = {
    "legs": [
        {**ANSWERED, "wait_ms": 10_000, "ring_ms": 3_000, "talk_ms": 100_000, "hold_ms": 10_000, "wrap_ms": 5_000,
         "handle_ms": 115_000, "transferred": True, "sale_eligible": True},
        {**ANSWERED, "wait_ms": 30_000, "ring_ms": 4_000, "talk_ms": 50_000, "hold_ms": 0, "wrap_ms": 15_000,
         "handle_ms": 65_000, "sale_eligible": True},
        {"answered": True, "talk_ms": 20_000, "handle_ms": 20_000},
        {"offered": True, "abandoned": True, "wait_ms": 4_000},
        {"offered": True, "abandoned": True, "wait_ms": 70_000},
        {"offered": True, "wait_ms": 99_000},
        {},
    ],
    "contacts": [
        {"identified": True},
        {"identified": True, "gap_topic_ms": 7 * DAY, "gap_any_ms": DAY},
        {"identified": True, "gap_topic_ms": 7 * DAY + 1, "gap_any_ms": 2 * DAY},
        {"identified": False},
    ],
    "agent_time": [
        {"logged_ms": 1_700, "available_ms": 300, "ringing_ms": 100, "talk_ms": 800, "hold_ms": 100, "wrap_ms": 200,
         "paused_ms": 200, "productive_ms": 1_500, "paid_ms": 1_800, "scheduled_ms": 1_800, "required_ms": 1_600,
         "adherent_ms": 1_500, "worked_ms": 1_700, "absent_ms": 100, "productive_adherent_ms": 1_400},
        {"paid_ms": 200, "scheduled_ms": 200, "required_ms": 100, "absent_ms": 50},
    ],
    "rings": [{"taken": True}, {"taken": True}, {}, {"canceled": True}],
    "surveys": [
        {"responded": True, "score": 5, "resolved": True}, {"responded": True, "score": 3, "resolved": False},
        {"responded": True, "score": 1, "resolved": None}, {"responded": True, "score": None}, {"score": None},
    ],
    "sales": [
        {"accepted": True}, {"accepted": True, "cancelled_after_ms": 30 * DAY},
        {"accepted": True, "cancelled_after_ms": 30 * DAY + 1}, {"accepted": True, "complained_after_ms": DAY}, {},
    ],
    "complaints": [{"justified": True}, {"justified": None}],
    "evaluations": [
        {"customer_applies": True, "customer_failed": True, "business_applies": True},
        {"customer_applies": True, "compliance_applies": True}, {},
    ],
    "people": [{}] * 73 + [{"left": True, "left_early": True}, {"hired": True}, {"hired": True}],
    "forecasts": [
        {"forecast": 110, "actual": 100, "missed_by": 10, "within_tenth": True, "company": "North"},
        {"forecast": 50, "actual": 100, "missed_by": 50},
    ],
    "duties": [
        {"duty": "forecast", "done": True, "late_ms": 0}, {"duty": "forecast", "done": True, "late_ms": 5 * HOUR},
        {"duty": "answer"},
    ],
}  # fmt: skip
EXPECTED = {
    "connect_rate": (2, 5, "40.00"),
    "abandonment": (2, 5, "40.00"),
    "short_abandonment": (1, 5, "20.00"),
    "asa": (40_000, 2, "20000"),
    "wait_percentile:p=50": (10_000, 1, "10000"),
    "wait_percentile:p=51": (30_000, 1, "30000"),
    "wait_percentile:population=all,p=80": (70_000, 1, "70000"),
    "longest_wait:population=abandoned": (70_000, 1, "70000"),
    "aht": (200_000, 3, "66667"),
    "aht:direction=in": (180_000, 2, "90000"),
    "talk_time": (170_000, 3, "56667"),
    "hold_time": (10_000, 3, "3333"),
    "wrap_time": (20_000, 3, "6667"),
    "ring_time": (7_000, 3, "2333"),
    "transfers": (1, 3, "33.33"),
    "ring_no_answer": (1, 3, "33.33"),
    "occupancy": (1_100, 1_400, "78.57"),
    "utilisation": (1_500, 2_000, "75.00"),
    "shrinkage": (600, 2_000, "30.00"),
    "adherence": (1_500, 2_000, "75.00"),
    "conformance": (1_700, 2_000, "85.00"),
    "absence": (150, 1_700, "8.82"),
    "fcr": (2, 3, "66.67"),
    "fcr:topic=any": (1, 3, "33.33"),
    "repeat_rate": (1, 3, "33.33"),
    "repeat_rate:within=1d,topic=any": (1, 3, "33.33"),
    "fcr_by_survey": (1, 3, "33.33"),
    "csat": (1, 3, "33.33"),
    "dsat": (1, 3, "33.33"),
    "response_rate": (4, 5, "80.00"),
    "complaints_per_10000": (2, 4, "5000.00"),
    "complaints_per_10000:count=justified": (1, 4, "2500.00"),
    "customer_critical_accuracy": (1, 2, "50.00"),
    "business_critical_accuracy": (1, 1, "100.00"),
    "compliance_critical_accuracy": (1, 1, "100.00"),
    "conversion": (4, 2, "200.00"),
    "sales_per_hour": (4, 1_500, "9600.000"),
    "sale_quality": (2, 4, "50.00"),
    "attrition": (365, 76, "480.26"),
    "early_attrition": (1, 2, "50.00"),
    "forecast_wape": (60, 200, "30.00"),
    "forecast_wape:share=company": (10, 100, "10.00"),
    "forecast_bias": (-40, 200, "-20.00"),
    "forecast_hit_rate": (1, 2, "50.00"),
    "forecast_hit_rate:share=queue": (0, 1, "0.00"),
    "forecast_contacts": (160, 1, "160"),
    "offered_contacts": (5, 1, "5"),
    "handled_contacts": (4, 1, "4"),
    "handled_legs": (3, 1, "3"),
    "handled_time": (200_000, 1, "200000"),
    "logged_time": (1_700, 1, "1700"),
    "paid_time": (2_000, 1, "2000"),
    "productive_time": (1_500, 1, "1500"),
    "productive_adherent_time": (1_400, 1, "1400"),
    "sales_net": (3, 1, "3"),
    "agent_days": (76, 1, "76"),
    "duty_kept": (1, 3, "33.33"),
    "duty_kept:duty=forecast,grace=5h": (2, 2, "100.00"),
    "duty_late": (2, 1, "2"),
    "duty_late:duty=answer": (1, 1, "1"),
    "service_level": (1, 3, "33.33"),
}


def test_every_metric_of_a_small_world_counted_by_hand(tmp_path: Path) -> None:
    found = measure(prepared_of(tmp_path, WORLD), list(EXPECTED))
    figures = found.rows[0].figures
    assert {
        name: (figure.numerator, figure.denominator, str(found.metrics[name].value(figure)))
        for name, figure in figures.items()
    } == EXPECTED


def test_every_metric_of_the_catalogue_is_counted_by_hand_above() -> None:
    assert sorted({name.partition(":")[0] for name in EXPECTED}) == catalogue.names()


def test_what_a_metric_excludes_is_in_no_atom(tmp_path: Path) -> None:
    from onefloor.metrics.engines import Aggregate, DuckDB, Sum
    from onefloor.metrics.expressions import both

    prepared = prepared_of(tmp_path, WORLD)
    for name in (*catalogue.names(), "service_level:formula=F2", "abandonment:short=5s"):
        metric = catalogue.metric(name)
        excluded = _atom(metric, "excluded")
        for side in (metric.numerator, metric.denominator):
            if excluded is not None and side is not None and side.table == excluded.table:
                files = tuple(prepared.paths(side.table))
                overlap = Sum(both(side.where, excluded.where))
                query = Aggregate(side.table, MEASURING[side.table], files, (), "", (overlap,))
                assert (name, DuckDB().aggregate(query, NAMES.id).item()) == (name, 0)
