"""The demonstration's people, and that nobody signs in with one click anywhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django_scopes import scopes_disabled
from world import World

from onefloor.demo.filling import fill as fill_facts
from onefloor.demo.year import ZONE, Plan
from onefloor.facts import roster
from onefloor.floor import Floor, create_floor
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.companies.models import Company, Employment, Person
from onefloor_web.platform.demo.data import Filled, fill
from onefloor_web.platform.tenancy.scopes import bound

TODAY = date(2026, 2, 20)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    """The roster of the generated year's first two months."""
    floor = create_floor(Path(tmp_path_factory.mktemp("demo")) / "floor", timezone=ZONE, name="Hotline")
    fill_facts(floor, Plan(contacts=20_000, staff=300, months=2, tables=frozenset({"roster"})))
    return floor


@pytest.fixture
def demo(db: None, settings, year: Floor) -> Filled:
    settings.DEMO = True
    return fill(year, TODAY)


def counted() -> list[int]:
    with bound(client=True), scopes_disabled():
        return [model._base_manager.count() for model in (Company, Person, Employment)]


def number_of(name: str) -> int:
    with bound(signing_in=True):
        return User.objects.get(username=name).pk


def test_people_and_employments_are_those_of_the_roster(demo: Filled, year: Floor) -> None:
    rows = roster.current(year)
    assert counted() == [3, rows["agent"].n_unique(), rows.height]
    assert demo == Filled(3, rows["agent"].n_unique(), 30, ("Own", "North", "Harbor"))


def test_a_second_time_changes_nothing(demo: Filled, year: Floor) -> None:
    before = counted()
    assert fill(year, TODAY) == demo
    assert counted() == before


def test_leader_and_agent_are_of_a_real_team(demo: Filled) -> None:
    with bound(client=True, signing_in=True), scopes_disabled():
        for company in Company.objects.all():
            with bound(company=company.pk, signing_in=True):
                team = Assignment.objects.get(role="leader").team
                agent = User.objects.get(username=f"{company.code.lower()}-agent").person
                here = Employment.objects.get(person=agent, days__contains=TODAY)
                assert (here.company_id, here.team_id) == (company.pk, team.pk)


def test_one_click_signs_in_and_another_changes_sides(demo: Filled, client: Client) -> None:
    page = client.get("/demo/sign-in/")
    assert [(company.code, len(cards)) for company, cards in page.context["companies"]] == [
        ("Own", 10), ("North", 10), ("Harbor", 10),
    ]  # fmt: skip
    for name in ("north-administrator", "own-vendor_manager", "harbor-agent"):
        answer = client.post("/demo/sign-in/", {"user": number_of(name)})
        assert (answer.status_code, answer["Location"]) == (302, "/today/")
        assert client.get("/today/").status_code == 200
        assert client.get("/profile/").context["request"].user.username == name


def test_somebody_with_a_password_is_not_offered_and_cannot_be_entered(demo: Filled, client: Client) -> None:
    number = number_of("north-administrator")
    with bound(signing_in=True):
        user = User.objects.get(pk=number)
        user.set_password("a real pass phrase")
        user.save()
    assert client.post("/demo/sign-in/", {"user": number}).status_code == 404


@pytest.mark.parametrize("user", ["", "0", "x", "999999", "-1"])
def test_a_user_that_is_not_offered_is_not_found(demo: Filled, client: Client, user: str) -> None:
    assert client.post("/demo/sign-in/", {"user": user}).status_code == 404


def test_the_click_needs_the_token_of_the_form(demo: Filled) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/demo/sign-in/", {"user": number_of("own-qa")}).status_code == 403


def test_without_the_demonstration_there_is_no_such_page(world: World, client: Client) -> None:
    with bound(signing_in=True):
        number = User.objects.get(username="north-qa").pk
    assert client.get("/demo/sign-in/").status_code == 404
    assert client.post("/demo/sign-in/", {"user": number}).status_code == 404
    assert client.get("/today/").status_code == 302


def test_even_the_demonstrations_own_users_stay_outside_once_it_is_off(demo: Filled, settings, client: Client) -> None:
    settings.DEMO = False
    assert client.post("/demo/sign-in/", {"user": number_of("own-qa")}).status_code == 404
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("demo_data")
