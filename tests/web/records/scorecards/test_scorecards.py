from __future__ import annotations

import csv
import html
import io
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from crawl import signed_in, text_of
from django.db import transaction
from django.test import Client
from world import NAMES, World

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.periods import day_id
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.records.figures.readings import Found, reading
from onefloor_web.records.scorecards import board as boards
from onefloor_web.records.scorecards.models import SavedView

FOREIGN = {"Own": (), "North": ("HARBOR", "OWNMARKER", "OWNSECRET"), "Harbor": ("NORTH", "OWNMARKER", "OWNSECRET")}
ROLES = {"Own": Role.VENDOR_MANAGER, "North": Role.PROJECT_MANAGER, "Harbor": Role.PROJECT_MANAGER}


def rows_of(answer: Any) -> list[str]:
    table = answer.context["table"]
    return [" · ".join(str(value) for value in row["line"].id) for row in table.page.object_list]


@pytest.fixture(scope="module")
def world(committed: World) -> World:
    """Committed once for all tests of this file; none of them changes what another one reads."""
    return committed


@pytest.fixture
def manager(world: World) -> Client:
    return signed_in(world["North"], Role.PROJECT_MANAGER)


@pytest.fixture
def client_side(world: World) -> Client:
    return signed_in(world["Own"], Role.VENDOR_MANAGER)


def test_the_client_sees_all_companies_a_vendor_its_own_row(manager: Client, client_side: Client) -> None:
    assert rows_of(client_side.get("/scorecards/delivery/")) == ["Harbor", "North", "Own"]
    assert rows_of(manager.get("/scorecards/delivery/")) == ["North"]


@pytest.mark.parametrize("name", ["North", "Harbor"])
@pytest.mark.parametrize("tab", ["table", "charts", "week"])
@pytest.mark.parametrize("by", ["company", "site", "team", "agent", "queue", "topic", "day", "employment"])
def test_no_view_of_a_vendor_names_another_company(world: World, name: str, by: str, tab: str) -> None:
    page = (
        signed_in(world[name], Role.PROJECT_MANAGER)
        .get("/scorecards/delivery/", {"by": by, "tab": tab})
        .content.decode()
    )
    assert [word for word in FOREIGN[name] if word in page] == []


def test_each_role_begins_with_its_own_view(world: World) -> None:
    side = world["North"]
    begun = {
        role: signed_in(side, role).get("/scorecards/")["Location"] for role in (Role.LEADER, Role.AGENT, Role.PLANNER)
    }
    assert begun == {
        Role.LEADER: "/scorecards/agents/",
        Role.AGENT: "/scorecards/own-course/",
        Role.PLANNER: "/scorecards/half-hours/",
    }


def test_an_agent_sees_only_itself(world: World) -> None:
    answer = signed_in(world["North"], Role.AGENT).get("/scorecards/agents/")
    assert rows_of(answer) == ["N2000-NORTHMARKER"]


def test_the_client_looking_as_a_vendor_sees_what_the_vendor_sees(manager: Client, client_side: Client) -> None:
    wish = {"by": "agent"}
    as_north = client_side.get("/scorecards/delivery/", wish | {"as": "North"})
    assert rows_of(as_north) == rows_of(manager.get("/scorecards/delivery/", wish))
    assert manager.get("/scorecards/delivery/", {"as": "Harbor"}).status_code == 404


def test_a_form_leads_to_the_address_that_is_the_view(manager: Client) -> None:
    answer = manager.get(
        "/scorecards/delivery/", {"by": "team", "add": "queue:NORTHMARKER queue", "first": "2026-11-05"}
    )
    assert answer.status_code == 302
    shown = manager.get(answer["Location"]).context["definition"]
    assert (shown.by, shown.where, shown.span.text) == ("team", (("queue", "NORTHMARKER queue"),), "2026-11-05")


def test_htmx_gets_the_address_to_push(manager: Client) -> None:
    answer = manager.get("/scorecards/delivery/", {"by": "team"}, headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"].startswith("/scorecards/delivery/?by=team&metric=service_level")


def test_a_filter_that_names_another_company_is_refused_with_ones_own_names(manager: Client) -> None:
    answer = manager.get("/scorecards/delivery/?where=" + quote("team:HARBORMARKER team"))
    told = answer.context["unknown"]
    assert answer.status_code == 200
    assert "NORTHMARKER team" in told.to("en")
    assert [chip.words for chip in answer.context["chips"]] != []


def test_a_filter_without_hits_and_a_month_without_facts_say_so(manager: Client) -> None:
    for query in ({"where": "weekday:1", "period": "2026-11-03"}, {"period": "2024-01"}):
        answer = manager.get("/scorecards/agents/", query)
        assert (answer.status_code, rows_of(answer)) == (200, [])
        assert answer.context["table"].empty.text != ""


def test_a_floor_without_facts_says_what_will_be_here(manager: Client, tmp_path: Any, settings: Any) -> None:
    from onefloor.floor import create_floor

    settings.FLOOR = create_floor(tmp_path / "empty", timezone="Asia/Shanghai").root
    for path in ("/scorecards/delivery/", "/comparisons/", "/formulas/"):
        answer = manager.get(path)
        assert (answer.status_code, "nothing" in answer.context) == (200, True)


def test_a_metric_that_cannot_be_split_is_named_and_the_others_are_shown(manager: Client) -> None:
    answer = manager.get("/scorecards/queues/?metric=aht&metric=adherence")
    assert list(answer.context["board"].metrics) == ["aht:direction=all"]
    assert [type(problem).__name__ for problem in answer.context["refused"]] == ["NotGroupable"]


def test_sorted_by_value_is_said_to_be_no_rank(manager: Client) -> None:
    reference = "service_level:formula=F4,within=20s,short=20s"
    by_value, by_name = (
        manager.get("/scorecards/agents/", {"sort": sort, "metric": reference}) for sort in (reference, "")
    )
    assert (by_value.context["by_value"], by_name.context["by_value"]) == (True, False)


def test_a_target_that_the_range_reaches_across_cannot_be_told(manager: Client) -> None:
    page = manager.get(
        "/scorecards/delivery/", {"metric": "service_level", "target": "service_level>=67"}
    ).content.decode()
    assert "无法判断" in page


def test_too_few_rows_show_no_value(manager: Client) -> None:
    answer = manager.get("/scorecards/days/?metric=service_level")
    from onefloor_web.records.scorecards.board import Around
    from onefloor_web.records.scorecards.table import cell_reading

    board = answer.context["board"]
    reading = cell_reading(board, board.lines[0], next(iter(board.metrics)), Around())
    assert (reading.value, reading.n, "30" in reading.note) == ("", "6", True)


@pytest.mark.parametrize("by", ["company", "site", "agent"])
def test_each_cell_says_what_it_leaves_out_and_why(client_side: Client, by: str) -> None:
    answer = client_side.get("/scorecards/delivery/", {"by": by, "metric": "early_attrition"})
    board = answer.context["board"]
    known = boards.around(board, board.lines)
    cells = [boards.found(board, line, next(iter(board.metrics)), known).left_out for line in board.lines]
    assert len(board.lines) > 2
    (total,) = answer.context["totals"]
    assert total.out
    assert sum(part.count for cell in cells for part in cell) == total.out
    assert {part.reason for cell in cells for part in cell} == {part.reason for part in total.left_out}
    assert text_of(answer).count(html.escape(total.left_out[0].reason)) == 1 + sum(map(bool, cells))


def test_an_earlier_period_is_compared_with_in_each_cell(manager: Client) -> None:
    page = manager.get("/scorecards/delivery/?metric=aht&period=2026-W46&compare=before").content.decode()
    assert "2026-W45" in page


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_holds_versions_and_scope_and_nothing_of_others(world: World, name: str, kind: str) -> None:

    answer = signed_in(world[name], ROLES[name]).get(f"/scorecards/agents/export.{kind}")
    text = text_of(answer)
    assert "aht:direction=all" in text
    assert f"{name.upper()}MARKER" in text
    assert [word for word in FOREIGN[name] if word in text] == []


def test_a_csv_of_a_scorecard_has_the_numbers_of_the_page(manager: Client) -> None:
    answer = manager.get("/scorecards/delivery/export.csv", {"metric": "service_level"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[-1][:4] == ["North", "66.06", "72", "109"]


def test_a_view_is_saved_without_its_period_and_opens_for_the_company(world: World) -> None:
    side = world["North"]
    client = signed_in(side, Role.PROJECT_MANAGER)
    form = {"name": "my teams", "shared": "on", "query": "by=team&period=2026-11&metric=aht"}
    made = client.post("/saved-views/", form)
    assert made["Location"].startswith("/scorecards/")
    assert signed_in(side, Role.QA).get(made["Location"]).context["title"] == "my teams"
    assert signed_in(world["Harbor"], Role.PROJECT_MANAGER).get(made["Location"]).status_code == 404
    with transaction.atomic(), tenant(side.viewer(Role.PROJECT_MANAGER)):
        kept = SavedView.objects.get(name="my teams")
    assert kept.query == "by=team&metric=aht:direction%3Dall"


def test_a_view_that_is_not_shared_is_ones_own(world: World) -> None:
    side = world["North"]
    made = signed_in(side, Role.QA).post("/saved-views/", {"name": "mine", "query": "by=team&metric=aht"})["Location"]
    number = made.strip("/").rpartition("/")[2]
    other = signed_in(side, Role.PLANNER)
    assert other.get(made).status_code == 404
    assert other.post(f"/saved-views/{number}/sharing/", {"shared": "1"}).status_code == 404
    assert other.post(f"/saved-views/{number}/removal/").status_code == 404
    own = signed_in(side, Role.QA)
    own.post(f"/saved-views/{number}/sharing/", {"shared": "1"})
    assert other.get(made).status_code == 200
    own.post(f"/saved-views/{number}/removal/")
    assert own.get(made).status_code == 404


def test_a_view_without_a_name_is_not_saved_and_what_was_shown_is_kept(manager: Client) -> None:
    answer = manager.post("/saved-views/", {"name": "", "query": "by=team&metric=aht"}, follow=True)
    assert answer.context["definition"].by == "team"


def test_the_form_of_metrics_answers_with_the_address(manager: Client) -> None:
    answer = manager.get(
        "/scorecards/delivery/metrics/",
        {
            "done": "1",
            "choose": ["service_level"],
            "p.service_level.within": "30s",
            "t.service_level": ">=80",
            "by": "team",
        },
    )
    assert answer.status_code == 302
    shown = manager.get(answer["Location"]).context["definition"]
    assert shown.metrics == ("service_level:formula=F4,within=30s,short=20s",) or shown.metrics == (
        "service_level:formula=F4,within=30s,short=30s",
    )
    assert [target.text for target in shown.targets.values()] == [">=80"]


def test_a_wrong_parameter_in_the_form_is_named_and_nothing_is_lost(manager: Client) -> None:
    answer = manager.get(
        "/scorecards/delivery/metrics/", {"done": "1", "choose": ["service_level"], "p.service_level.within": "soon"}
    )
    assert (answer.status_code, 'value="soon"' in answer.content.decode()) == (200, True)
    assert [type(problem).__name__ for problem in answer.context["problems"]] == ["BadParameter"]


def test_companies_are_compared_by_ranges_and_never_ranked(client_side: Client, manager: Client) -> None:
    blocks = client_side.get("/comparisons/").context["blocks"]
    assert [side.name for side in blocks[0].sides] == ["Harbor", "North", "Own"]
    own = manager.get("/comparisons/").context["blocks"]
    assert [side.name for side in own[0].sides] == ["North"]


def test_a_page_needs_few_queries(manager: Client, django_assert_max_num_queries: Any) -> None:
    manager.get("/scorecards/agents/")
    with django_assert_max_num_queries(25):
        manager.get("/scorecards/agents/")


def test_a_view_grouped_by_something_else_is_called_by_what_it_shows(manager: Client) -> None:
    english = {"accept-language": "en"}
    titles = [
        manager.get(f"/scorecards/{path}", headers=english).context["title"]
        for path in ("delivery/", "delivery/?by=agent", "teams/?by=queue")
    ]
    assert titles == ["Delivery by company", "Delivery by agent", "Figures by queue"]
    file = manager.get("/scorecards/delivery/export.csv?by=agent", headers=english).content.decode("utf-8-sig")
    assert file.splitlines()[0] == "Delivery by agent"


def test_no_change_of_what_belongs_to_nobody_is_judged() -> None:
    metric = catalogue.metric("abandonment")
    course = [Figure(90 + place % 2, 100) for place in range(12)] + [Figure(20, 100)]
    made = Found(metric, course[-1], course)
    assert reading(made, label="", end=day_id(date(2026, 12, 1))).signal is not None
    assert reading(replace(made, nobodys=True), label="", end=day_id(date(2026, 12, 1))).signal is None
    figures = {metric.reference: course[-1]}
    assert [
        boards.Line({name: value}, figures).nobodys
        for name, value in (("company", None), ("team", None), ("topic", None), ("company", "North"))
    ] == [True, True, False, False]
