"""Companies, teams and people: who sees what, on which day, and what happens when two people edit at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from world import Side, World

from onefloor_web.platform.companies.models import Company, Employment, Form, PersonName, Team
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def settings_of(side: Side, client: Client, **changes: str):
    """Open the form of settings and send it with changes."""
    address = f"/companies/{side.company.pk}/settings/"
    page = client.get(address)
    entered = {"name": side.company.name, "second_factor": "managers", "stamp": page.context["stamp"], **changes}
    return lambda: client.post(address, entered, **ENGLISH)


def company_now(side: Side) -> Company:
    with working_for(side.viewer(Role.ADMINISTRATOR)):
        return Company.objects.get(pk=side.company.pk)


@pytest.mark.parametrize(("name", "seen"), [("Own", {"Own", "North", "Harbor"}), ("North", {"Own", "North"})])
def test_a_vendor_knows_itself_and_the_client_who_knows_all(world: World, name: str, seen: set[str]) -> None:
    page = world[name].client(Role.QA).get("/companies/")
    assert {one.code for one in page.context["table"].page.object_list} == seen


def test_a_vendor_sees_nothing_inside_the_client_and_another_vendor_not_at_all(world: World) -> None:
    client = world["North"].client(Role.PROJECT_MANAGER)
    assert client.get(f"/companies/{world['Own'].company.pk}/").context["tree"] == []
    assert client.get(f"/companies/{world['Harbor'].company.pk}/").status_code == 404


def test_the_tree_counts_the_people_of_the_day(world: World) -> None:
    side = world["North"]
    with working_for(side.viewer(Role.ADMINISTRATOR)):
        one = Employment.objects.get(person=side.people[0])
        one.days = DateRange(date(2025, 1, 1), date(2026, 3, 1))
        one.save()
    client, address = side.client(Role.QA), f"/companies/{side.company.pk}/"
    for on, people in (("2026-02-28", 2), ("2026-03-01", 1), ("2024-12-31", 0)):
        tree = client.get(address, {"on": on}).context["tree"]
        assert [(branch.site.name, branch.people) for branch in tree] == [(side.site.name, people)]


@pytest.mark.parametrize("part", ["teams/{team}/", "teams/{team}/change/", "sites/{site}/change/", "people/{code}/"])
def test_teams_sites_and_people_of_another_vendor_do_not_exist(world: World, part: str) -> None:
    other = world["Harbor"]
    address = "/" + part.format(team=other.team.pk, site=other.site.pk, code=other.people[0].code)
    client = world["North"].client(Role.ADMINISTRATOR)
    assert [client.get(address).status_code, client.post(address).status_code][0] == 404


def test_the_client_sees_a_vendors_team_and_changes_nothing_of_it(world: World) -> None:
    client, team = world["Own"].client(Role.ADMINISTRATOR), world["North"].team
    assert client.get(f"/teams/{team.pk}/").status_code == 200
    assert client.get(f"/teams/{team.pk}/change/").status_code == 404
    assert client.post(f"/teams/{team.pk}/change/", {"name": "taken"}).status_code == 404
    assert client.get(f"/companies/{world['North'].company.pk}/settings/").status_code == 404


def test_names_reach_the_client_only_once_the_company_shares_them(world: World) -> None:
    side, name = world["North"], f"{world['North'].secret} person 0"
    watching, address = world["Own"].client(Role.VENDOR_MANAGER), f"/people/{side.people[0].code}/"
    assert name not in watching.get(address).content.decode()
    assert name in side.client(Role.QA).get(address).content.decode()
    settings_of(side, side.client(Role.ADMINISTRATOR), shares_names="on")()
    assert name in watching.get(address).content.decode()
    assert world["Harbor"].client(Role.QA).get(address).status_code == 404
    settings_of(side, side.client(Role.ADMINISTRATOR))()
    assert name not in watching.get(address).content.decode()


@pytest.mark.parametrize("change", ["shares_names = true", "second_factor = 'everybody'", "name = 'x'"])
def test_the_client_does_not_say_for_a_vendor_what_it_shares(world: World, change: str) -> None:
    side, client = world["North"], world["Own"].viewer(Role.ADMINISTRATOR)
    refused = pytest.raises(DatabaseError, match="its own to say")
    with refused, working_for(client), connection.cursor() as cursor:
        cursor.execute(f"update companies_company set {change} where id = {side.company.pk}")
    with working_for(client):
        assert not PersonName.objects.filter(company=side.company).exists()


def test_a_search_for_a_name_that_is_not_shared_finds_nobody(world: World) -> None:
    client = world["Own"].client(Role.VENDOR_MANAGER)
    page = client.get("/people/", {"q": world["North"].secret})
    assert list(page.context["table"].page.object_list) == []


def test_two_people_edit_and_the_second_sees_both_versions_and_decides(world: World) -> None:
    side = world["North"]
    client = side.client(Role.ADMINISTRATOR)
    first = settings_of(side, client, name="North One")
    second = settings_of(side, client, name="North Two", second_factor="everybody")
    assert first().status_code == 302
    answer = second()
    assert answer.status_code == 409
    clash = answer.context["clash"]
    assert [(str(label), str(theirs), str(yours)) for label, theirs, yours in clash.fields] == [
        ("Name", "North One", "North Two"),
        ("Second factor at sign-in", "Administrators, managers and signatories", "Everybody"),
        ("The client may see the names of people", "False", "False"),
    ]
    assert clash.who == side.users[Role.ADMINISTRATOR].name
    assert company_now(side).name == "North One"
    kept = {"name": "North Two", "second_factor": "everybody", "stamp": clash.stamp}
    assert client.post(f"/companies/{side.company.pk}/settings/", kept).status_code == 302
    assert (company_now(side).name, company_now(side).second_factor) == ("North Two", "everybody")


def test_a_form_without_its_stamp_overwrites_nothing(world: World) -> None:
    side = world["North"]
    client, address = side.client(Role.ADMINISTRATOR), f"/teams/{side.team.pk}/change/"
    assert client.post(address, {"name": "taken over"}).status_code == 409
    with working_for(side.viewer(Role.ADMINISTRATOR)):
        assert Team.objects.get().name == side.team.name


def test_a_team_cannot_be_put_at_another_companys_site(world: World) -> None:
    side = world["North"]
    client, address = side.client(Role.ADMINISTRATOR), f"/teams/{side.team.pk}/change/"
    entered = {"name": "x", "site": world["Harbor"].site.pk, "stamp": client.get(address).context["stamp"]}
    assert list(client.post(address, entered).context["form"].errors) == ["site"]


def test_nobody_works_for_two_companies_on_a_day_whoever_writes_it(world: World) -> None:
    side = world["Harbor"]
    with (
        pytest.raises(IntegrityError, match="one_company_at_a_time"),
        transaction.atomic(),
        working_for(side.viewer(Role.ADMINISTRATOR)),
    ):
        Employment.objects.create(
            company=side.company, person=side.people[0], code=world["North"].people[0].code, form=Form.OUTSOURCED,
            days=DateRange(date(2026, 1, 1), None),
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEADER])
def test_agents_and_leaders_do_not_browse_people(world: World, role: Role) -> None:
    client = world["North"].client(role)
    assert [client.get(address).status_code for address in ("/people/", "/teams/", "/rosters/")] == [404, 404, 404]


@pytest.mark.parametrize("query", ["?on=nonsense", "?company=x", "?page=99", "?sort=password", "?q=%00"])
def test_an_address_with_nonsense_still_shows_a_page(world: World, query: str) -> None:
    assert world["Own"].client(Role.VENDOR_MANAGER).get(f"/people/{query}").status_code == 200


@pytest.mark.parametrize("address", ["/companies/", "/teams/", "/people/", "/accounts/", "/rosters/", "/roles/"])
def test_a_page_asks_no_more_than_25_questions_of_the_database(
    world: World, address: str, django_assert_max_num_queries
) -> None:
    client = world["Own"].client(Role.ADMINISTRATOR)
    with django_assert_max_num_queries(25):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "role", "shown"),
    [
        ("North", Role.ADMINISTRATOR, ["North"]),
        ("North", Role.AUDITOR, ["North"]),
        ("North", Role.QA, []),
        ("Own", Role.AUDITOR, ["Own"]),
    ],
)
def test_the_trail_of_a_companys_settings_is_one_click_away_for_those_who_may_read_it(
    world: World, name: str, role: Role, shown: list[str]
) -> None:
    client = world[name].client(role)
    numbers = {other: world[other].company.pk for other in ("Own", "North")}
    leads = {other: f"/audit/?table=companies.company&amp;number={number}" for other, number in numbers.items()}
    pages = {other: client.get(f"/companies/{number}/").content.decode() for other, number in numbers.items()}
    assert [other for other in leads if leads[other] in pages[other]] == shown
    for other in shown:
        assert client.get(leads[other].replace("&amp;", "&")).context["lines"]
