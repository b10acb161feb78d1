"""Signing in with SAML: requests as they leave, answers signed with a provider's key, and what is refused."""

from __future__ import annotations

import base64
import importlib
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import include, path
from world import World

from onefloor_web.platform.accounts.sign_on import apps_of, read, settings_of
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound

pytest.importorskip("onelogin", reason="the extra saml is not installed")
pytestmark = pytest.mark.filterwarnings("default")  # of xmlsec and its users
ENTITY, SSO, HERE = "https://id.north.example/saml", "https://id.north.example/sso", "http://floor.example"
START, ACS = "/sign-in/saml/north/login/", "/sign-in/saml/north/acs/"
OURS = "onefloor_web.platform.accounts.sign_in_urls"
EMAIL = "urn:oid:0.9.2342.19200300.100.1.3"


class Key:
    """A provider's key and certificate."""

    def __init__(self) -> None:
        key, name = rsa.generate_private_key(65537, 2048), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id")])
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.private = key.private_bytes(serialization.Encoding.PEM, *plain).decode()
        self.public = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def key() -> Key:
    return Key()


@pytest.fixture
def saml(tmp_path: Path, settings, key: Key) -> Iterator[None]:
    """North's provider in the file of sign-ons, its addresses in place."""
    (tmp_path / "north.pem").write_text(key.public, encoding="ascii")
    (tmp_path / "sign_on.toml").write_text(
        f'[[sign_on]]\nkind = "saml"\nid = "north"\ncompany = "North"\nname = "North sign-on"\nentity = "{ENTITY}"\n'
        f'server = "{SSO}"\ncertificate_file = "north.pem"\n',
        encoding="utf-8",
    )
    settings.SIGN_ON = read(str(tmp_path / "sign_on.toml"))
    settings.SOCIALACCOUNT_PROVIDERS = settings_of(settings.SIGN_ON)
    settings.ALLOWED_HOSTS = ["floor.example"]
    from allauth.socialaccount.providers import registry
    from allauth.socialaccount.providers.saml.provider import SAMLProvider

    assert apps_of(settings.SIGN_ON) == ["allauth.socialaccount.providers.saml"]  # all that app does is this:
    registry.register(SAMLProvider)
    settings.ROOT_URLCONF = with_addresses()
    yield
    settings.SIGN_ON = ()
    registry.provider_map.pop("saml")
    importlib.reload(importlib.import_module(OURS))


def with_addresses() -> str:
    """The name of addresses that are made as a start with these settings makes them, before all others."""
    ours = importlib.reload(importlib.import_module(OURS))
    made = ModuleType("addresses_with_saml")
    made.urlpatterns = [path("sign-in/", include(ours)), *importlib.import_module("onefloor_web.urls").urlpatterns]
    sys.modules[made.__name__] = made
    return made.__name__


@pytest.fixture
def visitor(saml: None, world: World) -> Client:
    return Client(headers={"host": "floor.example", "accept-language": "en"})


def begin(visitor: Client) -> str:
    """The number of the request that the button sends."""
    there = urlsplit(visitor.post(START)["Location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == SSO
    asked = zlib.decompress(base64.b64decode(parse_qs(there.query)["SAMLRequest"][0]), -15).decode()
    return asked.partition('ID="')[2].partition('"')[0]


def answer(key: Key, request: str, email: str, *, signed: bool = True, audience: str = "", minutes: int = 5) -> str:
    """What the provider has the browser send."""
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    now, end = (f"{datetime.now(UTC) + timedelta(minutes=plus):%Y-%m-%dT%H:%M:%SZ}" for plus in (-10, minutes))
    audience = audience or f"{HERE}/sign-in/saml/north/metadata/"
    said = (
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a1" Version="2.0"'
        f' IssueInstant="{now}">'
        f"<saml:Issuer>{ENTITY}</saml:Issuer><saml:Subject><saml:NameID>person-1</saml:NameID>"
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData'
        f' InResponseTo="{request}" NotOnOrAfter="{end}" Recipient="{HERE}{ACS}"/></saml:SubjectConfirmation>'
        f'</saml:Subject><saml:Conditions NotBefore="{now}" NotOnOrAfter="{end}"><saml:AudienceRestriction>'
        f"<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="s1"><saml:AuthnContext><saml:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
        f'</saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="{EMAIL}"><saml:AttributeValue>{email}'
        "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    )
    if signed:
        said = OneLogin_Saml2_Utils.add_sign(said, key.private, key.public).decode()
        said = said[said.index("<saml:Assertion") :]
    whole = (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="r1" Version="2.0"'
        f' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" IssueInstant="{now}" Destination="{HERE}{ACS}"'
        f' InResponseTo="{request}"><saml:Issuer>{ENTITY}</saml:Issuer><samlp:Status><samlp:StatusCode'
        f' Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{said}</samlp:Response>'
    )
    return base64.b64encode(whole.encode()).decode()


def come_back(visitor: Client, sent: str, expected: int) -> str:
    """What the browser sees after the provider's answer; with the token of forms checked nowhere, as it is foreign."""
    visitor.handler.enforce_csrf_checks = True
    finish = visitor.post(ACS, {"SAMLResponse": sent})
    visitor.handler.enforce_csrf_checks = False
    assert (finish.status_code, finish["Location"]) == (302, f"{ACS}finish/")
    seen = visitor.get(finish["Location"])
    assert seen.status_code == expected, seen.content.decode()
    return seen.headers.get("Location") or seen.content.decode()


def signed_in(visitor: Client) -> str | None:
    seen = visitor.get("/profile/")
    return seen.context["request"].user.username if seen.status_code == 200 else None


def test_an_invited_user_signs_in(visitor: Client, key: Key) -> None:
    assert come_back(visitor, answer(key, begin(visitor), "north-qa@northsecret.example"), 302) == "/today/"
    assert signed_in(visitor) == "north-qa"


@pytest.mark.parametrize("email", ["harbor-qa@harborsecret.example", "nobody@northsecret.example", ""])
def test_who_is_not_invited_by_that_company_is_refused(visitor: Client, key: Key, email: str) -> None:
    assert "There is no account for this sign-in" in come_back(visitor, answer(key, begin(visitor), email), 403)
    assert signed_in(visitor) is None


@pytest.mark.parametrize("fault", [{"signed": False}, {"audience": "https://another.example"}, {"minutes": -5}])
def test_an_answer_that_is_not_signed_or_for_another_or_late_is_refused(
    visitor: Client, key: Key, fault: dict[str, object]
) -> None:
    sent = answer(key, begin(visitor), "north-qa@northsecret.example", **fault)
    assert "did not confirm this" in come_back(visitor, sent, 401)
    assert signed_in(visitor) is None


def test_an_answer_signed_by_another_or_changed_on_the_way_is_refused(visitor: Client, key: Key) -> None:
    come_back(visitor, answer(Key(), begin(visitor), "north-qa@northsecret.example"), 401)
    sent = base64.b64decode(answer(key, begin(visitor), "north-qa@northsecret.example"))
    changed = sent.replace(b"north-qa@", b"north-trainer@")
    come_back(visitor, base64.b64encode(changed).decode(), 401)
    assert signed_in(visitor) is None


def test_an_answer_to_no_request_of_this_browser_is_refused(visitor: Client, key: Key) -> None:
    other = Client(headers={"host": "floor.example"})
    sent = answer(key, begin(other), "north-qa@northsecret.example")
    visitor.post(ACS, {"SAMLResponse": sent})
    seen = visitor.get(f"{ACS}finish/")
    assert (seen.status_code in (401, 403), signed_in(visitor)) == (True, None)


def test_nonsense_is_refused(visitor: Client) -> None:
    for sent in ("", "%%%", base64.b64encode(b"<a/>").decode()):
        come_back(visitor, sent, 401)


def test_the_metadata_for_the_provider_names_where_answers_go(visitor: Client) -> None:
    seen = visitor.get("/sign-in/saml/north/metadata/")
    assert (seen.status_code, f"{HERE}{ACS}" in seen.content.decode()) == (200, True)
    assert visitor.get("/sign-in/saml/own/metadata/").status_code == 404


def test_who_needs_a_second_factor_is_asked_for_it(visitor: Client, key: Key, world: World) -> None:
    with bound(company=world["North"].company.pk):
        email = world["North"].users[Role.ADMINISTRATOR].email
    assert come_back(visitor, answer(key, begin(visitor), email), 302) == "/sign-in/second-factor/code/"
