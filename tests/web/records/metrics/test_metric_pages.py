from __future__ import annotations

import re

import pytest
from crawl import signed_in
from django.test import Client
from world import World

from onefloor.metrics import catalogue
from onefloor_web.platform.permissions.roles import Role


@pytest.fixture(scope="module")
def world(committed: World) -> World:
    """Committed once for all tests of this file; none of them changes what another one reads."""
    return committed


@pytest.fixture
def manager(world: World) -> Client:
    return signed_in(world["North"], Role.PROJECT_MANAGER)


def test_the_catalogue_leads_to_every_metric_and_each_says_what_it_is(manager: Client) -> None:
    page = manager.get("/metrics/").content.decode()
    links = sorted(set(re.findall(r'href="(/metrics/[a-z_0-9]+/versions/\d+/)"', page)))
    assert len(links) == len(catalogue.names())
    for link in links:
        answer = manager.get(link)
        assert (answer.status_code, answer.context["metric"].name in answer.content.decode()) == (200, True)


def test_a_version_that_never_was_does_not_exist(manager: Client) -> None:
    assert [manager.get(path).status_code for path in ("/metrics/aht/versions/2/", "/metrics/none/versions/1/")] == [
        404,
        404,
    ]


def test_a_metric_names_the_views_that_show_it(manager: Client) -> None:
    users = [user.name for user in manager.get("/metrics/service_level/versions/1/").context["users"]]
    assert "NORTHSECRET view" in users
    assert "HARBORSECRET view" not in users


def test_four_formulas_count_the_same_rows(manager: Client) -> None:
    context = manager.get("/formulas/?period=2026-11-05").context
    assert [one.rows for one in context["formulas"]] == ["6"] * 4
    whole = {numbers(one) for one in context["formulas"]}
    assert whole == {6}


def numbers(one: object) -> int:
    counts = [one.counted[0], one.others[0], *(count for _reason, count, _url in one.left_out)]  # type: ignore[attr-defined]
    return sum(int(count) for count in counts)


def test_the_last_day_with_facts_is_shown_first(manager: Client) -> None:
    assert manager.get("/formulas/").context["span"].text == "2026-11-19"


@pytest.mark.parametrize("query", ["within=soon", "period=soon", "where=queue:HARBORMARKER+queue", "where=x"])
def test_what_cannot_be_read_is_said(manager: Client, query: str) -> None:
    answer = manager.get(f"/formulas/?{query}")
    assert (answer.status_code, len(answer.context["problems"])) == (200, 1)


def test_a_vendor_cannot_count_as_another(manager: Client) -> None:
    assert manager.get("/formulas/?as=Harbor").status_code == 404
