"""Signing in: what works, what is refused, and how often."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client
from django.utils.crypto import get_random_string
from world import PASSWORD, World
from worlds.accounts import SECRET

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound

SIGN_IN = "/sign-in/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def sign_in(client: Client, name: str, password: str = PASSWORD, **query: str):
    return client.post(SIGN_IN, {"login": name, "password": password}, query_params=query, **ENGLISH)


def code() -> str:
    """What the app with the known secret shows now."""
    return totp.format_hotp_value(totp.hotp_value(SECRET, totp.yield_hotp_counters_from_time().__next__()))


def test_a_user_name_and_its_password_lead_to_today(world: World, client: Client) -> None:
    answer = sign_in(client, "north-qa")
    assert (answer.status_code, answer["Location"]) == (302, "/today/")
    assert client.get("/today/").status_code == 200


def test_the_e_mail_address_serves_as_well_as_the_name(world: World, client: Client) -> None:
    answer = sign_in(client, world["North"].users[Role.QA].email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/today/")


@pytest.mark.parametrize(("name", "password"), [("north-qa", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    world: World, client: Client, name: str, password: str
) -> None:
    answer = sign_in(client, name, password)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [
        "Name and password do not belong together. Check both; a forgotten password can be set anew."
    ]


def test_after_five_failures_the_right_password_waits_too_and_is_told_until_when(world: World, client: Client) -> None:
    name = f"north-qa-{get_random_string(6)}".lower()
    with bound(company=world["North"].company.pk):
        User.objects.filter(pk=world["North"].users[Role.QA].pk).update(username=name)
    for _attempt in range(5):
        sign_in(client, name, "wrong")
    answer = sign_in(Client(), name)
    said = answer.context["form"].non_field_errors()[0]
    assert re.fullmatch(
        r"Too many attempts failed\. Signing in is possible again at \d\d:\d\d:\d\d\. "
        r"The administrator of your company can help\.",
        said,
    )


def test_other_names_are_not_locked_with_it(world: World, client: Client) -> None:
    for _attempt in range(6):
        sign_in(client, "north-trainer", "wrong")
    assert sign_in(client, "north-planner").status_code == 302


def test_the_session_is_another_one_after_signing_in(world: World, client: Client) -> None:
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key
    sign_in(client, "north-qa")
    assert before != client.session.session_key


def test_a_tampered_session_is_nobodys(world: World, client: Client) -> None:
    sign_in(client, "north-qa")
    key = client.cookies["session"].value
    client.cookies["session"] = key[:-1] + ("a" if key[-1] != "a" else "b")
    answer = client.get("/today/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/today/")


def test_a_session_that_names_another_user_is_refused_for_want_of_that_users_hash(world: World, client: Client) -> None:
    sign_in(client, "north-qa")
    session = client.session
    other = world["Own"].users[Role.QA]
    with bound(company=other.company_id):
        User.objects.filter(pk=other.pk).update(password=make_password("another pass phrase"))
    session["_auth_user_id"] = str(other.pk)
    session.save()
    assert client.get("/today/").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(world: World, client: Client, target: str) -> None:
    assert sign_in(client, "north-qa", next=target)["Location"] == "/today/"


def test_signing_in_leads_on_to_the_page_that_was_wanted(world: World, client: Client) -> None:
    assert sign_in(client, "north-qa", next="/companies/")["Location"] == "/companies/"


def test_an_administrator_gives_the_second_factor_before_anything_opens(world: World, client: Client) -> None:
    answer = sign_in(client, "north-administrator")
    assert answer["Location"] == "/sign-in/second-factor/code/"
    assert client.get("/accounts/")["Location"] == "/sign-in/?next=/accounts/"
    assert client.post("/sign-in/second-factor/code/", {"code": "000000"}).status_code == 200
    assert client.get("/accounts/").status_code == 302
    answer = client.post("/sign-in/second-factor/code/", {"code": code()})
    assert answer["Location"] == "/today/"
    assert client.get("/accounts/").status_code == 200


def test_a_code_works_once(world: World, client: Client) -> None:
    shown = code()
    sign_in(client, "own-administrator")
    assert client.post("/sign-in/second-factor/code/", {"code": shown}).status_code == 302
    again = Client()
    sign_in(again, "own-administrator")
    assert again.post("/sign-in/second-factor/code/", {"code": shown}).status_code == 200


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROJECT_MANAGER])
def test_without_a_second_factor_these_roles_open_nothing_but_its_page(world: World, role: Role) -> None:
    side = world["North"]
    with bound(company=side.company.pk):
        Authenticator.objects.filter(user=side.users[role]).delete()
    client = side.client(role)
    for address in ("/today/", "/accounts/", "/companies/", "/profile/"):
        assert client.get(address)["Location"] == "/sign-in/second-factor/app/add/"


def test_recovery_codes_alone_are_no_second_factor(world: World) -> None:
    side = world["North"]
    with bound(company=side.company.pk):
        Authenticator.objects.filter(user=side.users[Role.ADMINISTRATOR]).update(type=Authenticator.Type.RECOVERY_CODES)
    assert side.client(Role.ADMINISTRATOR).get("/today/")["Location"] == "/sign-in/second-factor/app/add/"


def test_a_company_can_ask_everybody_for_a_second_factor(world: World) -> None:
    side = world["North"]
    with bound(client=True, company=side.company.pk):
        type(side.company)._base_manager.filter(pk=side.company.pk).update(second_factor="everybody")
    assert side.client(Role.AGENT).get("/today/")["Location"] == "/sign-in/second-factor/app/add/"
    assert world["Harbor"].client(Role.AGENT).get("/today/").status_code == 200


def test_secrets_of_second_factors_are_not_readable_in_the_database(world: World) -> None:
    side = world["North"]
    with bound(company=side.company.pk):
        kept = Authenticator.objects.get(user=side.users[Role.ADMINISTRATOR]).data["secret"]
    assert SECRET not in kept


def test_the_factor_that_a_role_needs_cannot_be_removed(world: World, client: Client) -> None:
    sign_in(client, "harbor-administrator")
    client.post("/sign-in/second-factor/code/", {"code": code()})
    client.post("/sign-in/confirm/", {"password": PASSWORD})
    client.cookies["language"] = "en"
    answer = client.post("/sign-in/second-factor/app/remove/")
    assert answer.context["form"].non_field_errors() == [
        "Your roles ask for a second factor. Set up another app instead."
    ]


def test_a_forgotten_password_is_set_by_a_link_that_works_once(world: World, client: Client) -> None:
    user = world["North"].users[Role.QA]
    assert client.post("/sign-in/reset/", {"email": user.email})["Location"] == "/sign-in/reset/sent/"
    assert [message.to for message in mail.outbox] == [[user.email]]
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    entered = {"password1": "a new long pass phrase", "password2": "a new long pass phrase"}
    assert client.post(page.request["PATH_INFO"], entered)["Location"] == "/sign-in/reset/done/"
    assert sign_in(Client(), "north-qa", "a new long pass phrase").status_code == 302
    assert sign_in(Client(), "north-qa").status_code == 200
    assert "token_fail" in Client().get(link, follow=True).context


def test_nobody_learns_whether_an_address_has_an_account(world: World, client: Client) -> None:
    answer = client.post("/sign-in/reset/", {"email": "nobody@nowhere.example"})
    assert (answer.status_code, answer["Location"], mail.outbox) == (302, "/sign-in/reset/sent/", [])


def test_a_new_password_ends_the_other_sessions(world: World, client: Client) -> None:
    other = Client()
    sign_in(client, "north-qa")
    sign_in(other, "north-qa")
    new = "a new long pass phrase"
    answer = client.post("/sign-in/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer["Location"] == "/profile/"
    assert client.get("/today/").status_code == 200
    assert other.get("/today/").status_code == 302


def test_signing_out_everywhere_else_leaves_this_session(world: World, client: Client) -> None:
    other = Client()
    sign_in(other, "north-qa")
    sign_in(client, "north-qa")
    assert client.get("/sign-in/sessions/").context["session_count"] == 2
    client.post("/sign-in/sessions/")
    assert client.get("/today/").status_code == 200
    assert other.get("/today/").status_code == 302


def test_somebody_whose_account_was_closed_is_out_at_once(world: World, client: Client) -> None:
    sign_in(client, "north-qa")
    with bound(company=world["North"].company.pk):
        User.objects.filter(username="north-qa").update(is_active=False)
    assert client.get("/today/").status_code == 302
    assert sign_in(client, "north-qa")["Location"] == "/sign-in/inactive/"


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/accounts/social/signup/", "/sign-in/signup/", "/sign-in/absent/0/"],
)
def test_what_is_not_offered_is_not_there(world: World, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_signing_in_without_the_token_of_the_form_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(SIGN_IN, {"login": "north-qa", "password": PASSWORD}).status_code == 403


def test_passwords_are_kept_as_scrypt(world: World) -> None:
    with bound(company=world["North"].company.pk):
        assert User.objects.get(username="north-qa").password.startswith("scrypt$")
