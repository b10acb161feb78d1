from __future__ import annotations

from django.http import QueryDict

from onefloor_web.records.scorecards.definition import Definition, read
from onefloor_web.records.scorecards.views_by_role import GIVEN

DELIVERY = GIVEN["delivery"].definition


def of(query: str, base: Definition = DELIVERY) -> tuple[Definition, list[str]]:
    found, problems = read(dict(QueryDict(query).lists()), base)
    return found, [type(problem).__name__ for problem in problems]


def test_the_address_is_the_view() -> None:
    text = "by=team&period=2026-10&where=queue:tech&metric=aht&target=aht=4:00..5:30&sort=-aht&compare=before"
    found, problems = of(text)
    assert problems == []
    assert of(found.query[1:], Definition()) == (found, [])


def test_what_the_address_leaves_out_comes_from_the_view() -> None:
    assert of("")[0] == DELIVERY


def test_taking_off_the_last_filter_of_a_view_takes_it_off() -> None:
    base, _ = of("where=queue:tech")
    assert of(base.without("queue", "tech").query[1:], base)[0].where == ()


def test_each_part_that_cannot_be_read_is_named_and_the_rest_is_shown() -> None:
    found, problems = of("by=colour&period=soon&where=x&metric=nothing&metric=aht&target=aht=soon&compare=war&tab=pie")
    assert (found.by, found.span, found.metrics, found.compare, found.tab) == (
        "company", None, ("aht:direction=all",), "", "table",
    )  # fmt: skip
    assert problems == [
        "UnknownDimension", "BadSpan", "BadFilter", "UnknownMetric", "BadTarget", "BadChoice", "BadChoice",
    ]  # fmt: skip


def test_a_table_has_at_most_eight_metrics() -> None:
    names = ["aht", "fcr", "csat", "asa", "occupancy", "transfers", "hold_time", "wrap_time", "talk_time"]
    found, problems = of("&".join(f"metric={name}" for name in names))
    assert (len(found.metrics), problems) == (8, ["TooManyMetrics"])


def test_days_of_a_form_become_the_period() -> None:
    assert of("first=2026-10-01&last=2026-10-15")[0].span.text == "2026-10-01..2026-10-15"  # type: ignore[union-attr]
    assert of("first=2026-10-01&last=")[0].span.text == "2026-10-01"  # type: ignore[union-attr]


def test_a_target_of_a_name_holds_for_all_its_references_and_one_of_a_reference_for_that_alone() -> None:
    from onefloor.metrics import catalogue

    found, _ = of(
        "metric=service_level&metric=service_level:within=60s&target=service_level>=80&target=service_level:within=60s>=90"
    )
    aims = [found.target_of(catalogue.metric(name)) for name in ("service_level", "service_level:within=60s")]
    assert [aim.text for aim in aims if aim] == [">=80", ">=90"]
