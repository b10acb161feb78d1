"""Figures and rows over the API are the core's own, of the caller's scope; rows ask what for and are logged."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from world import Side, World
from worlds.facts import made

from onefloor.findings import Scope
from onefloor.metrics import catalogue
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from onefloor.periods import Month
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy.models import Access
from onefloor_web.platform.tenancy.scopes import working_for

METRICS = ["service_level", "aht", "abandonment"]
SCOPES = {
    name: Scope.of_viewer(company).predicate()
    for name, company in (("Own", None), ("North", "North"), ("Harbor", "Harbor"))
}
PEOPLE = {"metric": "service_level", "span": "2026-11", "purpose": "complaint"}


def asked(side: Side, path: str, query: dict[str, Any]) -> Any:
    """As the program of a manager, with a token."""
    headers = {"Authorization": f"Bearer {side.rows['secret of manager']}"}
    return Client().get(f"/api/v1{path}", query, headers=headers)


def opened(side: Side) -> list[Access]:
    """What the log says of openings of rows, latest first."""
    with transaction.atomic(), working_for(side.viewer(Role.ADMINISTRATOR)):
        return list(Access.objects.filter(company=side.company, kind="rows").order_by("-pk"))


@pytest.mark.parametrize("name", SCOPES)
def test_figures_over_the_api_are_those_of_the_core(world: World, name: str) -> None:
    answer = asked(world[name], "/figures", {"metric": METRICS, "by": ["company", "agent"], "month": "2026-11"})
    core = measure(prepare(made()), METRICS, ["company", "agent"], None, [Month.parse("2026-11")], scope=SCOPES[name])
    expected = [
        (dict(row.key), [(one.numerator, one.denominator) for one in row.figures.values()],
         [core.metrics[metric].value(one) for metric, one in row.figures.items()])
        for row in core.rows
    ]  # fmt: skip
    found = answer.json()["groups"]
    assert [(one["key"], [(each["numerator"], each["denominator"]) for each in one["figures"]]) for one in found] == [
        (key, pairs) for key, pairs, _values in expected
    ]
    assert [[each["value"] for each in one["figures"]] for one in found] == [
        [None if value is None else str(value) for value in values] for _key, _pairs, values in expected
    ]
    assert answer.json()["data_version"] == core.data_version
    assert len(found) == (6 if name == "Own" else 2)


@pytest.mark.parametrize("name", SCOPES)
def test_rows_over_the_api_add_up_to_the_figure_and_are_logged(world: World, name: str) -> None:
    side = world[name]
    whole = measure(prepare(made()), ["service_level"], (), None, [Month.parse("2026-11")], scope=SCOPES[name])
    figure = whole.rows[0].figures["service_level"]
    answer = asked(side, "/rows", {**PEOPLE, "limit": 5}).json()
    assert (answer["count"], answer["amount"], len(answer["items"])) == (figure.numerator, figure.numerator, 5)
    assert answer["next"] == 5
    assert {"agent", "contact", "start_ms"} <= set(answer["items"][0])
    assert "customer" not in answer["items"][0]
    latest = opened(side)[0]
    manager = side.users[Role.VENDOR_MANAGER if name == "Own" else Role.PROJECT_MANAGER]
    assert (latest.user_id, latest.purpose, latest.rows) == (manager.pk, "complaint", 5)
    assert "service_level" in latest.subject


def test_every_side_of_a_figure_has_its_rows(world: World) -> None:
    sides = {side: asked(world["North"], "/rows", {**PEOPLE, "side": side}).json() for side in ("numerator", "others")}
    figure = asked(world["North"], "/figures", {"metric": "service_level", "month": "2026-11"}).json()
    counted = figure["groups"][0]["figures"][0]
    assert sum(one["count"] for one in sides.values()) == counted["denominator"]
    assert catalogue.metric("service_level").exclusions


@pytest.mark.parametrize(
    "query",
    [
        {"metric": "service_level", "span": "2026-11"},
        {**PEOPLE, "purpose": "curiosity"},
        {**PEOPLE, "metric": "no_such_metric"},
        {**PEOPLE, "span": "2026-13"},
        {**PEOPLE, "span": "9998-01"},
        {**PEOPLE, "side": "sunny"},
        {**PEOPLE, "where": "nothing:x"},
    ],
    ids=["no purpose", "unknown purpose", "unknown metric", "no month", "the end of time", "no side", "no dimension"],
)
def test_rows_without_a_purpose_or_of_nothing_are_refused_and_not_logged(world: World, query: dict[str, str]) -> None:
    before = len(opened(world["North"]))
    answer = asked(world["North"], "/rows", query)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["title"]
    assert len(opened(world["North"])) == before


def test_an_agent_gets_rows_of_no_colleague(world: World) -> None:
    side = world["North"]
    found = side.client(Role.AGENT).get("/api/v1/rows", {**PEOPLE, "limit": 200}).json()
    assert {row["agent"] for row in found["items"]} == {side.people[0].code}


def test_somebody_without_rows_is_told_so(world: World) -> None:
    answer = world["North"].client(Role.ADMINISTRATOR).get("/api/v1/rows", PEOPLE)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:onefloor:problem:not-allowed")
