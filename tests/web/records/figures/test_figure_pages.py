from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from urllib.parse import quote

import pytest
from crawl import signed_in
from django.db import transaction
from django.test import Client
from world import World

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy.access import KEY
from onefloor_web.platform.privacy.models import Access
from onefloor_web.platform.tenancy.scopes import tenant

MONTH = "2026-11"
SERVICE = f"/figures/service_level/{MONTH}/"


def with_purpose(client: Client) -> Client:
    """A session in which a purpose was stated."""
    client.post("/privacy/purpose/", {"purpose": "settlement"})
    assert KEY in client.session
    return client


def without_purpose(client: Client) -> Client:
    """A session in which nothing was said of a purpose."""
    session = client.session
    session.pop(KEY, None)
    session.save()
    return client


def numbers(text: str) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(r"[\d,]+", text)]


@pytest.fixture(scope="module")
def world(committed: World) -> World:
    """Committed once for all tests of this file; none of them changes what another one reads."""
    return committed


@pytest.fixture
def manager(world: World) -> Client:
    return signed_in(world["North"], Role.PROJECT_MANAGER)


def test_a_figure_shows_its_arithmetic_its_range_and_its_definition(manager: Client) -> None:
    page = manager.get(SERVICE, headers={"accept-language": "en"}).content.decode()
    numerator, denominator = numbers(re.search(r'class="equation">([\d,]+ / [\d,]+)', page)[1])
    listed = manager.get(SERVICE + "rows/").context["table"].total
    assert (denominator, numerator, listed) == (109, 72, "72")
    assert "service_level:formula=F4,within=20s,short=20s v1" in page


def test_the_lists_of_rows_add_up_to_all_rows(manager: Client) -> None:
    context = manager.get(SERVICE + "rows/").context
    counts = [numbers(count)[0] for _name, count, _url in context["counts"]]
    assert (sum(counts), counts) == (numbers(context["sum"])[0], [72, 37, 0])


def test_a_page_beyond_the_end_is_the_last_one(manager: Client) -> None:
    last, beyond = (with_purpose(manager).get(SERVICE + "rows/", {"page": number}) for number in ("2", "400"))
    shown = [[row["row_id"] for row in one.context["table"].page.object_list] for one in (last, beyond)]
    assert (shown[1], len(shown[1]), beyond.context["table"].page.number) == (shown[0], 22, 2)


def test_every_page_of_rows_holds_other_rows_and_together_they_are_all(manager: Client) -> None:
    client = with_purpose(manager)
    codes = [
        row["contact"]
        for number in (1, 2)
        for row in client.get(SERVICE + "rows/", {"page": number}).context["table"].page.object_list
    ]
    assert (len(codes), len(set(codes))) == (72, 72)


def test_without_a_purpose_rows_lead_to_nobody(manager: Client) -> None:
    page = without_purpose(manager).get(SERVICE + "rows/").content.decode()
    assert "N2000-NORTHMARKER" not in page.replace('value="agent:N2000-NORTHMARKER"', "").replace(
        ">N2000-NORTHMARKER</option>", ""
    )
    assert "/contacts/NORTHMARKER" not in page


def test_rows_opened_with_a_purpose_are_logged_with_their_number(world: World, manager: Client) -> None:
    client = with_purpose(manager)
    page = client.get(SERVICE + "rows/", {"where": "agent:N2000-NORTHMARKER"}).content.decode()
    assert "/contacts/NORTHMARKER-2-0-0/" in page
    with transaction.atomic(), tenant(world["North"].viewer(Role.AUDITOR)):
        opening = Access.objects.order_by("-pk").first()
    assert (opening.kind, opening.purpose, opening.rows) == ("rows", "settlement", 36)


@pytest.mark.parametrize(
    "where", ["company:Harbor", "team:HARBORMARKER team", "agent:H2000-HARBORMARKER", "queue:nowhere"]
)
@pytest.mark.parametrize("end", ["", "rows/", "rows.csv", "rows.xlsx"])
@pytest.mark.parametrize("session", [without_purpose, with_purpose])
def test_a_scope_that_is_not_ones_own_does_not_exist(
    manager: Client, session: Callable[[Client], Client], where: str, end: str
) -> None:
    assert session(manager).get(f"{SERVICE}{end}?where={quote(where)}").status_code == 404


@pytest.mark.parametrize(
    "path", ["no_such_metric/2026-11/", "aht/november/", "aht:x=1/2026-11/", "adherence/2026-11/?where=queue:x"]
)
def test_an_address_of_no_figure_does_not_exist(manager: Client, path: str) -> None:
    assert manager.get(f"/figures/{path}").status_code == 404


def test_a_vendor_cannot_look_as_another_company_and_the_client_can(world: World, manager: Client) -> None:
    client = signed_in(world["Own"], Role.VENDOR_MANAGER)
    as_north = client.get(SERVICE, {"as": "North"}).context["equation"]
    assert as_north == manager.get(SERVICE).context["equation"]
    assert [manager.get(SERVICE, {"as": name}).status_code for name in ("Harbor", "Own", "North")] == [404, 404, 404]
    assert client.get(SERVICE, {"as": "Own"}).status_code == 404


def test_a_leader_and_an_agent_see_the_figure_of_their_own_rows(world: World) -> None:
    side = world["North"]
    team, agent = (signed_in(side, role).get(SERVICE).context["found"].figure for role in (Role.LEADER, Role.AGENT))
    assert (team.denominator, agent.denominator) == (109, 55)


def test_a_csv_holds_all_rows_with_what_they_are_of(manager: Client) -> None:
    answer = with_purpose(manager).get(SERVICE + "rows.csv", {"side": "others"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head = lines.index([])
    told = dict(pair for pair in lines[1:head] if len(pair) == 2)
    assert len(lines) - head - 2 == 37
    assert "service_level:formula=F4,within=20s,short=20s v1" in told.values()
    assert {MONTH, "Asia/Shanghai", "NORTHMARKER project_manager，North"} <= set(told.values())


def test_a_workbook_has_numbers_as_numbers_and_no_formula(manager: Client) -> None:
    answer = with_purpose(manager).get(SERVICE + "rows.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        rows = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in rows
    assert rows.count("<v>180</v>") == 72  # talk, in seconds


def test_a_file_asks_for_a_purpose_first(manager: Client) -> None:
    answer = without_purpose(manager).get(SERVICE + "rows.csv")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/privacy/purpose/")


def test_agents_and_leaders_take_no_files_out(world: World) -> None:
    codes = [
        signed_in(world["North"], role).get(SERVICE + "rows.csv").status_code for role in (Role.AGENT, Role.LEADER)
    ]
    assert codes == [404, 404]


def test_the_chart_has_thirteen_periods_with_gaps_where_there_are_no_rows(manager: Client) -> None:
    chart = manager.get(SERVICE).context["chart"]
    assert (len(chart.labels), chart.series[0].values[:-1], chart.y.unit) == (13, (None,) * 12, "percent")


def test_where_no_period_has_enough_rows_for_a_value_no_scale_is_drawn(manager: Client) -> None:
    few, enough = (manager.get(f"/figures/service_level/{span}/").content.decode() for span in ("2026-11-05", MONTH))
    assert ["data-island" in few, "data-island" in enough] == [False, True]
