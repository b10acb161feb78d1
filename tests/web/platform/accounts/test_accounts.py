"""Users and roles of one's own company; other companies' users do not exist."""

from __future__ import annotations

import re
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from world import PASSWORD, Side, World

from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound, working_for

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
INVITED = {
    "name": "Zhou Min", "username": "zhou.min", "email": "zhou@north.example", "language": "en", "role": "qa",
    "starts_on": "2026-11-21",
}  # fmt: skip


def confirmed(side: Side, role: Role = Role.ADMINISTRATOR) -> Client:
    """A browser whose user gave the password just now."""
    client = side.client(role)
    client.post("/sign-in/confirm/", {"password": PASSWORD})
    return client


def user_of(side: Side, name: str) -> User:
    with bound(company=side.company.pk):
        return User.objects.get(username=name)


def held(side: Side, user: User) -> list[tuple[str, date, date | None]]:
    with working_for(side.viewer(Role.ADMINISTRATOR)):
        return list(Assignment.objects.filter(user=user).values_list("role", "starts_on", "ends_on"))


def test_the_list_shows_the_users_of_ones_own_company_only(world: World) -> None:
    side = world["North"]
    page = side.client(Role.ADMINISTRATOR).get("/accounts/")
    shown = {user.username for user in page.context["table"].page.object_list}
    assert shown == {user.username for user in side.users.values()}


def test_the_client_does_not_see_a_vendors_users_either(world: World) -> None:
    page = world["Own"].client(Role.ADMINISTRATOR).get("/accounts/")
    assert {user.company_id for user in page.context["table"].page.object_list} == {world["Own"].company.pk}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.AUDITOR)])
def test_only_administrators_and_auditors_see_users(world: World, role: Role) -> None:
    side = world["Own"] if role == Role.VENDOR_MANAGER else world["North"]
    assert side.client(role).get("/accounts/").status_code == 404


def test_an_auditor_changes_nothing(world: World) -> None:
    side = world["North"]
    client, number = confirmed(side, Role.AUDITOR), side.users[Role.QA].pk
    assert client.get(f"/accounts/{number}/").status_code == 200
    assert client.post(f"/accounts/{number}/closing/").status_code == 404


@pytest.mark.parametrize("part", ["", "change/", "links/", "closing/", "opening/", "second-factor/removal/", "roles/"])
def test_users_of_another_company_do_not_exist(world: World, part: str) -> None:
    client, number = confirmed(world["Own"]), world["North"].users[Role.QA].pk
    assert client.get(f"/accounts/{number}/{part}").status_code == 404
    assert client.post(f"/accounts/{number}/{part}").status_code in (404, 405)


def test_a_role_of_another_companys_user_cannot_be_ended(world: World) -> None:
    north, own = world["North"], world["Own"]
    with working_for(north.viewer(Role.ADMINISTRATOR)):
        role = Assignment.objects.get(user=north.users[Role.QA])
    mine = own.users[Role.QA].pk
    address = f"/accounts/{mine}/roles/{role.pk}/end/"
    assert confirmed(own).post(address, {"last_day": "2026-11-20"}).status_code == 404


def test_the_password_is_asked_again_before_accounts_are_changed(world: World) -> None:
    client = world["North"].client(Role.ADMINISTRATOR)
    assert client.get("/accounts/invitations/")["Location"] == "/sign-in/confirm/?next=%2Faccounts%2Finvitations%2F"
    assert client.post("/accounts/invitations/", INVITED).status_code == 302
    with bound(company=world["North"].company.pk):
        assert not User.objects.filter(username="zhou.min").exists()


def test_somebody_invited_sets_a_password_by_the_link_and_holds_the_role(world: World) -> None:
    side = world["North"]
    client = confirmed(side)
    answer = client.post("/accounts/invitations/", INVITED)
    user = user_of(side, "zhou.min")
    assert answer["Location"] == f"/accounts/{user.pk}/"
    assert held(side, user) == [("qa", date(2026, 11, 21), None)]
    assert user.has_usable_password() is False
    message = mail.outbox[-1]
    assert (message.to, message.subject) == (["zhou@north.example"], "Riverside hotline: you are invited")
    guest = Client()
    page = guest.get(re.search(r"http://testserver(/\S+)", message.body)[1], follow=True)
    new = "a new long pass phrase"
    guest.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert guest.post("/sign-in/", {"login": "zhou.min", "password": new})["Location"] == "/today/"


def test_without_an_address_the_link_is_shown_once(world: World) -> None:
    client = confirmed(world["North"])
    answer = client.post("/accounts/invitations/", {**INVITED, "email": ""})
    first, second = client.get(answer["Location"]), client.get(answer["Location"])
    assert first.context["link"].startswith("http://testserver/sign-in/reset/key/")
    assert (second.context["link"], mail.outbox) == ("", [])


def test_a_name_another_company_has_is_taken_and_nothing_more_is_told(world: World) -> None:
    answer = confirmed(world["North"]).post("/accounts/invitations/", {**INVITED, "username": "HARBOR-qa"}, **ENGLISH)
    assert answer.context["form"].errors == {
        "username": ["This user name is taken on this floor. Add the company's name to it, for instance."]
    }


def test_an_address_is_taken_within_the_company_only(world: World) -> None:
    north = world["North"]
    mine = {**INVITED, "email": north.users[Role.QA].email}
    answer = confirmed(north).post("/accounts/invitations/", mine, **ENGLISH)
    assert answer.context["form"].errors == {"email": ["Another user of this company has this address."]}
    theirs = {**INVITED, "email": world["Harbor"].users[Role.QA].email}
    assert confirmed(north).post("/accounts/invitations/", theirs).status_code == 302


def test_a_vendor_cannot_have_a_vendor_manager(world: World) -> None:
    answer = confirmed(world["North"]).post("/accounts/invitations/", {**INVITED, "role": "vendor_manager"})
    assert list(answer.context["form"].errors) == ["role"]


def test_a_leader_leads_a_team_of_the_company(world: World) -> None:
    side = world["North"]
    client, user = confirmed(side), side.users[Role.QA]
    wanted = {"role": "leader", "starts_on": "2026-12-01", "ends_on": "2027-01-31"}
    address = f"/accounts/{user.pk}/roles/"
    assert list(client.post(address, wanted).context["form"].errors) == ["team"]
    foreign = {**wanted, "team": world["Harbor"].team.pk}
    assert list(client.post(address, foreign).context["form"].errors) == ["team"]
    assert client.post(address, {**wanted, "team": side.team.pk}).status_code == 302
    assert ("leader", date(2026, 12, 1), date(2027, 1, 31)) in held(side, user)


def test_a_role_ends_with_a_day_and_its_page_is_gone_the_day_after(world: World) -> None:
    side = world["North"]
    user = side.users[Role.AUDITOR]
    with working_for(side.viewer(Role.ADMINISTRATOR)):
        role = Assignment.objects.get(user=user)
    auditor = side.client(Role.AUDITOR)
    assert auditor.get("/accounts/").status_code == 200
    confirmed(side).post(f"/accounts/{user.pk}/roles/{role.pk}/end/", {"last_day": "2026-10-31"})
    assert held(side, user) == [("auditor", date(2025, 1, 1), date(2026, 10, 31))]
    assert auditor.get("/accounts/").status_code == 404


def test_the_last_administrator_stays(world: World) -> None:
    side = world["North"]
    client, user = confirmed(side), side.users[Role.ADMINISTRATOR]
    with working_for(side.viewer(Role.ADMINISTRATOR)):
        role = Assignment.objects.get(user=user)
    for address, entered in (
        (f"/accounts/{user.pk}/closing/", {}),
        (f"/accounts/{user.pk}/roles/{role.pk}/end/", {"last_day": "2026-11-01"}),
    ):
        page = client.post(address, entered, follow=True, **ENGLISH)
        assert [str(message) for message in page.context["messages"]] == [
            f"{user.name} is the last administrator of this company. Make somebody else administrator first."
        ]
    assert user_of(side, user.username).is_active
    assert held(side, user) == [("administrator", date(2025, 1, 1), None)]


def test_with_a_second_administrator_the_first_can_go(world: World) -> None:
    side = world["North"]
    client, first, second = confirmed(side), side.users[Role.ADMINISTRATOR], side.users[Role.QA]
    client.post(f"/accounts/{second.pk}/roles/", {"role": "administrator", "starts_on": "2026-11-01"})
    client.post(f"/accounts/{first.pk}/closing/")
    assert user_of(side, first.username).is_active is False
    assert client.get("/today/").status_code == 302


def test_a_lost_phone_is_taken_off_and_the_user_is_signed_out(world: World) -> None:
    side = world["North"]
    user = side.users[Role.PROJECT_MANAGER]
    confirmed(side).post(f"/accounts/{user.pk}/second-factor/removal/")
    with bound(company=side.company.pk):
        assert Authenticator.objects.filter(user=user).count() == 0


def test_name_and_language_are_ones_own_to_set(world: World) -> None:
    side = world["North"]
    client = side.client(Role.AGENT)
    answer = client.post("/profile/", {"name": "Li Na", "language": "en", "company": world["Own"].company.pk})
    assert (answer.status_code, answer.cookies["language"].value) == (302, "en")
    user = user_of(side, side.users[Role.AGENT].username)
    assert (user.name, user.language, user.company_id) == ("Li Na", "en", side.company.pk)


def test_an_agent_code_is_one_of_the_companys_own_people(world: World) -> None:
    side = world["North"]
    client, user = confirmed(side), side.users[Role.QA]
    entered = {"name": user.name, "email": user.email, "agent": world["Harbor"].people[0].code}
    assert list(client.post(f"/accounts/{user.pk}/change/", entered).context["form"].errors) == ["agent"]
    assert client.post(f"/accounts/{user.pk}/change/", {**entered, "agent": side.people[1].code}).status_code == 302
    assert user_of(side, user.username).person_id == side.people[1].pk


def test_two_users_of_a_company_cannot_have_the_same_address_whatever_is_written(world: World) -> None:
    side = world["North"]
    with pytest.raises(IntegrityError), transaction.atomic(), bound(company=side.company.pk):
        User.objects.filter(username="north-trainer").update(email=side.users[Role.QA].email.upper())


def test_the_table_of_roles_says_what_the_policy_says(world: World) -> None:
    page = world["North"].client(Role.AGENT).get("/roles/", **ENGLISH)
    lines = {line.action: dict(line.roles) for line in page.context["lines"]}
    assert [role for role, allowed in lines["accounts.change"].items() if allowed] == [Role.ADMINISTRATOR]
