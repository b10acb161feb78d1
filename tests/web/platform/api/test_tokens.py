"""Tokens: shown once, kept as a hash, limited to what their maker may do, and ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from world import World, confirmed

from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.api import actions
from onefloor_web.platform.api.models import Token
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound, tenant


@pytest.fixture
def secret(world: World) -> str:
    return str(world["North"].rows["secret of token"])


def asked(path: str, secret: str, **headers: str):
    return Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}", **headers})


def changed(world: World, **values: object) -> None:
    """Change North's token as the application does."""
    with tenant(world["North"].viewer(Role.ADMINISTRATOR)):
        Token.objects.filter(pk=world["North"].rows["token"].pk).update(**values)


def test_a_token_acts_for_its_user(world: World, secret: str) -> None:
    answer = asked("/me", secret)
    assert answer.status_code == 200
    assert (answer.json()["company"], answer.json()["roles"]) == ("North", ["administrator"])


def test_a_token_sees_only_its_company(world: World, secret: str) -> None:
    assert [one["code"] for one in asked("/companies", secret).json()["items"]] == ["Own", "North"]
    assert {one["company"] for one in asked("/people", secret).json()["items"]} == {world["North"].company.pk}


def test_the_secret_is_kept_nowhere(world: World, secret: str) -> None:
    with connection.cursor() as cursor, bound(company=world["North"].company.pk):
        for table in ("api_token", "api_tokenevent"):
            cursor.execute(f"select t::text from {table} t")
            assert [
                row for (row,) in cursor.fetchall() if secret in row or secret.removeprefix(actions.MARK) in row
            ] == []


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer x", "Basic eA==", "Bearer onefloor_wrong", "bearer \x00", "Bearer ü"]
)
def test_a_wrong_token_is_refused(world: World, sent: str) -> None:
    answer = Client().get("/api/v1/me", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:onefloor:problem:not-signed-in"
    assert answer["WWW-Authenticate"] == 'Bearer realm="onefloor"'


def test_a_revoked_token_is_refused(world: World, secret: str) -> None:
    client = world["North"].client(Role.ADMINISTRATOR)
    page = client.post(f"/tokens/{world['North'].rows['token'].pk}/revocation/")
    assert page.status_code == 302
    assert asked("/me", secret).status_code == 401


def test_an_expired_token_is_refused(world: World, secret: str) -> None:
    changed(world, expires_at=timezone.now() - timedelta(seconds=1))
    assert asked("/me", secret).status_code == 401


def test_a_token_of_a_closed_account_is_refused(world: World, secret: str) -> None:
    with bound(company=world["North"].company.pk):
        User.objects.filter(pk=world["North"].users[Role.ADMINISTRATOR].pk).update(is_active=False)
    assert asked("/me", secret).status_code == 401


def test_a_token_loses_what_its_user_loses(world: World, secret: str) -> None:
    assert asked("/people", secret).status_code == 200
    with tenant(world["North"].viewer(Role.ADMINISTRATOR)):
        Assignment.objects.filter(user=world["North"].users[Role.ADMINISTRATOR]).update(role="agent")
    assert asked("/people", secret).status_code == 403


def test_a_token_does_only_what_was_chosen(world: World, secret: str) -> None:
    changed(world, actions=["companies.view"])
    assert asked("/companies", secret).status_code == 200
    answer = asked("/people", secret)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:onefloor:problem:not-allowed"


def test_no_token_can_do_more_than_its_maker(world: World) -> None:
    viewer = world["North"].viewer(Role.PLANNER)
    with tenant(viewer), pytest.raises(actions.BeyondRights):
        actions.make(viewer, name="x", actions=["companies.change"], days=1)


def test_a_token_makes_no_tokens(world: World) -> None:
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer), pytest.raises(actions.BeyondRights):
        actions.make(viewer, name="x", actions=["tokens.change"], days=1)


def test_a_token_is_valid_for_a_year_at_most(world: World) -> None:
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer), pytest.raises(ValueError, match="366"):
        actions.make(viewer, name="x", actions=[], days=366)


def test_a_page_of_the_site_does_not_take_a_token(world: World, secret: str) -> None:
    answer = Client().get("/companies/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 302


def test_the_hash_of_a_token_opens_that_one_row_and_nothing_else(world: World) -> None:
    token = world["North"].rows["token"]
    with bound(token=token.digest), connection.cursor() as cursor:
        cursor.execute("select id from api_token")
        assert cursor.fetchall() == [(token.pk,)]
        cursor.execute("select count(*) from companies_site")
        assert cursor.fetchone() == (0,)
        cursor.execute("select count(*) from accounts_user")
        assert cursor.fetchone() == (0,)


def test_the_last_use_is_remembered(world: World, secret: str) -> None:
    asked("/me", secret)
    with tenant(world["North"].viewer(Role.ADMINISTRATOR)):
        used = Token.objects.get(pk=world["North"].rows["token"].pk).used_at
    assert used is not None
    assert timezone.now() - used < timedelta(minutes=1)


def test_a_token_that_asks_too_often_waits(world: World, secret: str, settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    assert [asked("/me", secret).status_code for _ in range(3)] == [200, 200, 429]
    assert 1 <= int(asked("/me", secret)["Retry-After"]) <= 61
    assert asked("/me", str(world["Harbor"].rows["secret of token"])).status_code == 200


def test_an_address_that_guesses_tokens_waits_even_with_a_good_one(world: World, secret: str, settings) -> None:
    settings.API_FAILURES_IN_FIVE_MINUTES = 3
    assert [asked("/me", "onefloor_wrong").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert asked("/me", secret).status_code == 429


def test_the_page_shows_the_secret_once(world: World) -> None:
    client = confirmed(world["North"].client(Role.PROJECT_MANAGER))
    page = client.post("/tokens/new/", {"name": "nightly", "days": "30", "actions": ["companies.view"]})
    shown = str(page.context["secret"])
    assert shown in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert asked("/companies", shown).status_code == 200
    assert shown not in client.get("/tokens/").content.decode()


def test_the_form_offers_and_takes_only_what_the_maker_may_do(world: World) -> None:
    client = confirmed(world["North"].client(Role.PROJECT_MANAGER))
    page = client.post("/tokens/new/", {"name": "nightly", "days": "30", "actions": ["companies.change"]})
    assert page.status_code == 200
    assert "actions" in page.context["form"].errors


def test_a_manager_sees_own_tokens_an_administrator_those_of_the_company(world: World) -> None:
    confirmed(world["North"].client(Role.PROJECT_MANAGER)).post(
        "/tokens/new/", {"name": "nightly", "days": "30", "actions": ["companies.view"]}
    )

    confirmed(world["North"].client(Role.ADMINISTRATOR)).post(
        "/tokens/new/", {"name": "weekly", "days": "30", "actions": ["companies.view"]}
    )

    def names(role: Role) -> set[str]:
        shown = {one.name for one in world["North"].client(role).get("/tokens/").context["table"].page}
        return shown & {"nightly", "weekly"}

    assert names(Role.PROJECT_MANAGER) == {"nightly"}
    assert names(Role.ADMINISTRATOR) == {"nightly", "weekly"}
