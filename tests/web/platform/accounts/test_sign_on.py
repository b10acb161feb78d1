"""Signing in at a company's own OpenID provider: a real one over loopback, the whole way round."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from openid_provider import CLIENT, SECRET, Provider, provider
from world import World

from onefloor.problems import Problem
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.sign_on import SignOn, origins, read, settings_of
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
START, CALLBACK = "/sign-in/company/north/", "/sign-in/company/north/callback/"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture
def north(running: Provider, settings) -> Provider:
    """North's provider, which knows its quality checker; Harbor has another connection to the same server."""
    running.token, running.asked = {}, []
    running.person = {"sub": "1", "email": "north-qa@northsecret.example", "email_verified": True}
    sides = (("north", "North"), ("harbor", "Harbor"))
    sign_ons = tuple(SignOn(name, code, f"{code} sign-on", running.address, CLIENT, SECRET) for name, code in sides)
    settings.SOCIALACCOUNT_PROVIDERS = settings_of(sign_ons)
    return running


def begin(client: Client, start: str = START) -> str:
    """From the button to the provider and back: the address the provider leads to."""
    there = urlsplit(client.post(start)["Location"])
    asked = http.client.HTTPConnection(there.netloc, timeout=120)
    asked.request("GET", f"{there.path}?{there.query}")
    answer = asked.getresponse()
    asked.close()
    back = urlsplit(answer.headers["Location"])
    assert (answer.status, back.netloc) == (302, "testserver")
    return f"{back.path}?{back.query}"


def signed_in(client: Client) -> str | None:
    """Who is signed in."""
    answer = client.get("/profile/")
    return answer.context["request"].user.username if answer.status_code == 200 else None


def refused(client: Client, address: str, status: int, words: str) -> None:
    answer = client.get(address, **ENGLISH)
    assert (answer.status_code, signed_in(client)) == (status, None)
    assert words in answer.content.decode()


NOT_INVITED = "There is no account for this sign-in"
NOT_CONFIRMED = "The company's sign-on did not confirm this"


def test_an_invited_user_signs_in_and_sees_that_company_only(north: Provider, world: World, client: Client) -> None:
    assert "North sign-on" in client.get("/sign-in/").content.decode()
    answer = client.get(begin(client))
    assert (answer.status_code, answer["Location"]) == (302, "/today/")
    assert north.asked[-3:] == ["/.well-known/openid-configuration", "/token", "/userinfo"]
    assert signed_in(client) == "north-qa"
    viewer = client.get("/today/").context["request"].viewer
    assert (viewer.company, viewer.visible) == (world["North"].company.pk, (world["North"].company.pk,))
    assert world["Harbor"].marker not in client.get("/companies/").content.decode()


def test_the_second_time_the_providers_own_number_counts_whatever_the_address(
    north: Provider, world: World, client: Client
) -> None:
    client.get(begin(client))
    north.person = {"sub": "1", "email": "married@northsecret.example", "email_verified": True}
    again = Client()
    assert again.get(begin(again))["Location"] == "/today/"
    assert signed_in(again) == "north-qa"
    with bound(company=world["North"].company.pk, signing_in=True):
        assert SocialAccount.objects.count() == 1


def test_whoever_needs_a_second_factor_is_asked_for_it(north: Provider, world: World, client: Client) -> None:
    north.person["email"] = world["North"].users[Role.ADMINISTRATOR].email
    assert client.get(begin(client))["Location"] == "/sign-in/second-factor/code/"
    assert signed_in(client) is None


@pytest.mark.parametrize("verified", [False, "false", "no", None, 0, 1])
def test_an_address_the_provider_does_not_vouch_for_is_refused(
    north: Provider, world: World, client: Client, verified: object
) -> None:
    north.person["email_verified"] = verified
    refused(client, begin(client), 403, NOT_INVITED)


def test_an_address_that_nothing_is_said_of_is_refused(north: Provider, world: World, client: Client) -> None:
    del north.person["email_verified"]
    refused(client, begin(client), 403, NOT_INVITED)


@pytest.mark.parametrize("address", ["nobody@northsecret.example", "harbor-qa@harborsecret.example", "", "north-qa"])
def test_who_is_not_invited_by_that_company_is_refused(
    north: Provider, world: World, client: Client, address: str
) -> None:
    north.person["email"] = address
    refused(client, begin(client), 403, NOT_INVITED)


def test_another_companys_connection_leads_nowhere(north: Provider, world: World, client: Client) -> None:
    refused(client, begin(client, "/sign-in/company/harbor/"), 403, NOT_INVITED)
    with bound(company=world["Harbor"].company.pk):
        SocialAccount.objects.create(user=world["Harbor"].users[Role.QA], provider="north", uid="1")
    refused(client, begin(client), 403, NOT_INVITED)


def test_an_answer_for_one_connection_is_not_taken_by_another(north: Provider, world: World, client: Client) -> None:
    refused(client, begin(client).replace("/north/", "/harbor/"), 401, NOT_CONFIRMED)


@pytest.mark.parametrize("state", ["", "made-up", "\x00", "9" * 5000])
def test_a_state_that_this_browser_did_not_begin_is_refused(
    north: Provider, world: World, client: Client, state: str
) -> None:
    code = parse_qs(urlsplit(begin(client)).query)["code"][0]
    refused(client, f"{CALLBACK}?{urlencode({'code': code, 'state': state})}", 401, NOT_CONFIRMED)


def test_somebody_elses_answer_is_refused_and_one_answer_serves_once(north: Provider, world: World) -> None:
    thief, owner = Client(), Client()
    address = begin(owner)
    refused(thief, address, 401, NOT_CONFIRMED)
    assert owner.get(address)["Location"] == "/today/"
    refused(Client(), address, 401, NOT_CONFIRMED)


def test_a_code_put_into_another_browsers_answer_does_not_fit_its_proof(north: Provider, world: World) -> None:
    victim, thief = Client(), Client()
    stolen = parse_qs(urlsplit(begin(victim)).query)["code"][0]
    own = parse_qs(urlsplit(begin(thief)).query)["state"][0]
    refused(thief, f"{CALLBACK}?{urlencode({'code': stolen, 'state': own})}", 401, NOT_CONFIRMED)


@pytest.mark.parametrize("says", [{"aud": "another"}, {"iss": "https://another.example"}, {"exp": 1}])
def test_a_token_for_somebody_else_or_of_long_ago_is_refused(
    north: Provider, world: World, client: Client, says: dict[str, object]
) -> None:
    north.token = says
    refused(client, begin(client), 401, NOT_CONFIRMED)


def test_a_closed_account_stays_closed_before_and_after_the_first_time(
    north: Provider, world: World, client: Client
) -> None:
    def open_account(*, active: bool) -> None:
        with bound(company=world["North"].company.pk):
            User.objects.filter(username="north-qa").update(is_active=active)

    open_account(active=False)
    refused(client, begin(client), 403, NOT_INVITED)
    open_account(active=True)
    client.get(begin(client))
    open_account(active=False)
    again = Client()
    assert again.get(begin(again))["Location"] == "/sign-in/inactive/"
    assert signed_in(again) is None


def test_a_user_of_another_company_cannot_connect_it_while_signed_in(north: Provider, world: World) -> None:
    north.person["email"] = world["North"].users[Role.QA].email
    harbor = world["Harbor"].client(Role.QA)
    answer = harbor.get(begin(harbor, f"{START}?process=connect"))
    assert (answer.status_code, signed_in(harbor)) == (403, "harbor-qa")
    with bound(signing_in=True):
        assert not SocialAccount.objects.exists()


def test_breaking_off_is_told(north: Provider, world: World, client: Client) -> None:
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    gone = client.get(f"{CALLBACK}?{urlencode({'error': 'access_denied', 'state': state})}", follow=True, **ENGLISH)
    assert "Signing in was broken off" in gone.content.decode()
    assert signed_in(client) is None


@pytest.mark.parametrize("path", [":9", "/nothing-here"])
def test_a_provider_that_is_away_or_is_none_is_told(
    north: Provider, world: World, client: Client, settings, path: str
) -> None:
    address = f"http://127.0.0.1{path}" if path.startswith(":") else f"{north.address}{path}"
    settings.SOCIALACCOUNT_PROVIDERS = settings_of((SignOn("north", "North", "Away", address, CLIENT, SECRET),))
    answer = client.post(START, **ENGLISH)
    assert answer.status_code == 401
    assert NOT_CONFIRMED in answer.content.decode()


@pytest.mark.parametrize("person", [{}, {"sub": None}, {"sub": "1", "email": 7}])
def test_a_provider_that_does_not_say_who_it_is_is_told(
    north: Provider, world: World, client: Client, person: dict[str, object]
) -> None:
    north.person = person
    answer = client.get(begin(client), **ENGLISH)
    assert (answer.status_code in (401, 403), signed_in(client)) == (True, None)


def test_a_connection_that_is_not_set_up_is_not_there(north: Provider, world: World, client: Client) -> None:
    assert client.post("/sign-in/company/own/").status_code == 404
    assert client.get("/sign-in/company/own/callback/").status_code == 404


GOOD = {
    "id": "north", "company": "North", "name": "North sign-on", "server": "https://id.north.example/floor",
    "client_id": "onefloor", "secret_file": "north.secret",
}  # fmt: skip


def written(folder: Path, **changes: str | None) -> str:
    entries = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    (folder / "north.secret").write_text("kept apart\n", encoding="utf-8")
    lines = "".join(f'{name} = "{value}"\n' for name, value in entries.items())
    (folder / "sign_on.toml").write_text(f"[[sign_on]]\n{lines}", encoding="utf-8")
    return str(folder / "sign_on.toml")


def test_the_file_of_sign_ons_is_read(tmp_path: Path) -> None:
    (one,) = read(written(tmp_path))
    assert (one.company, one.server, one.secret) == ("North", "https://id.north.example/floor", "kept apart")
    assert origins((one,)) == ["https://id.north.example"]
    assert read(None) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"server": "http://id.north.example"}, "does not use TLS"),
        ({"id": "North!"}, "cannot stand in an address"),
        ({"client_id": None}, 'has no "client_id"'),
        ({"secret_file": "nowhere"}, "nowhere"),
        ({"kind": "ldap"}, 'There is no kind "ldap"'),
        ({"kind": "saml"}, 'has no "entity"'),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, changes: dict[str, str | None], words: str) -> None:
    with pytest.raises(Problem, match=words):
        read(written(tmp_path, **changes))


def test_two_sign_ons_have_two_names(tmp_path: Path) -> None:
    file = Path(written(tmp_path))
    file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
    with pytest.raises(Problem, match="more than once"):
        read(str(file))
