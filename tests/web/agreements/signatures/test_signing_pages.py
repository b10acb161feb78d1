"""Signing on a page: asked again for everything one has, by role, by two people, and once however often one clicks."""

from __future__ import annotations

import json
import re
import time
from base64 import b64decode
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client
from world import Role, World, confirmed
from worlds.accounts import SECRET
from worlds.agreements import source_of

from onefloor_web.agreements.register.actions import propose, withdraw
from onefloor_web.agreements.register.models import State, Version
from onefloor_web.agreements.signatures.actions import set_four_eyes
from onefloor_web.agreements.signatures.models import PrivateKey, PublicKey, Signature
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.tenancy.scopes import bound, tenant

VERSION = "/agreements/north-agreement/versions/2/"
SIGN = f"{VERSION}signatures/new/"


def page_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def signatory(world: World, name: str = "Own") -> Client:
    client = confirmed(world[name].client(Role.SIGNATORY))
    client.cookies["language"] = "en"
    return client


def state(world: World) -> str:
    with tenant(world["North"].viewer(Role.SIGNATORY)):
        return str(Version.objects.get(agreement__code="north-agreement", number=2).state)


def administrator(world: World, name: str = "North", *, factor: bool = True) -> Client:
    """Who makes keys: confirmed by the password, and by the code of the app too."""
    client = confirmed(world[name].client(Role.ADMINISTRATOR), code=factor)
    client.cookies["language"] = "en"
    return client


def with_code(client: Client) -> None:
    session = client.session
    given = {"method": "mfa", "type": "totp", "id": 1, "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [*session["account_authentication_methods"], given]
    session.save()


def second_signatory(world: World, name: str = "Own") -> Client:
    """Another person of the company who may sign."""
    side = world[name]
    with bound(company=side.company.pk):
        user = User.objects.create_user(
            f"{name}-second".lower(), None, company=side.company, name=f"{side.marker} second"
        )
        user.password = side.users[Role.SIGNATORY].password
        user.save(update_fields=["password"])
        Assignment.objects.create(company=side.company, user=user, role=Role.SIGNATORY, starts_on="2025-01-01")
        secret = get_adapter().encrypt(SECRET)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    side.users["second"] = user
    client = confirmed(side.client("second"))  # type: ignore[arg-type]
    client.cookies["language"] = "en"
    return client


def test_the_page_says_what_is_signed_and_who_has_signed(world: World):
    page = page_of(signatory(world).get(f"{VERSION}signatures/"))
    version = world["North"].rows["version"]
    assert [
        one for one in (version.digest, "NORTHMARKER administrator", "not signed yet", "Sign") if one not in page
    ] == []


def test_the_password_is_asked_again_before_signing(world: World):
    client = world["Own"].client(Role.SIGNATORY)
    for answer in (client.get(SIGN), client.post(SIGN)):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/confirm/")
    assert state(world) == State.PROPOSED


def test_who_has_a_second_factor_is_asked_for_it_too(world: World):
    client = administrator(world, factor=False)
    answer = client.post("/keys/new/")
    assert answer["Location"].partition("?")[0] == "/sign-in/second-factor/confirm/"
    with_code(client)
    assert client.post("/keys/new/")["Location"] == "/keys/"


def test_who_signs_has_a_second_factor(world: World):
    signer = world["Own"].users[Role.SIGNATORY]
    with bound(user=signer.pk):
        Authenticator.objects.filter(user=signer).delete()
    for path in ("/today/", SIGN):
        assert signatory(world).get(path)["Location"] == "/sign-in/second-factor/app/add/"
    assert state(world) == State.PROPOSED


def test_the_code_of_the_app_is_asked_again_before_signing(world: World):
    client = confirmed(world["Own"].client(Role.SIGNATORY), code=False)
    for answer in (client.get(SIGN), client.post(SIGN)):
        assert answer["Location"].partition("?")[0] == "/sign-in/second-factor/confirm/"
    assert state(world) == State.PROPOSED


@pytest.mark.parametrize("role", [Role.VENDOR_MANAGER, Role.EXECUTIVE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_signatories_sign(world: World, role: Role):
    client = confirmed(world["Own"].client(role))
    assert [client.get(SIGN).status_code, client.post(SIGN).status_code] == [404, 404]
    assert state(world) == State.PROPOSED


def test_the_consequence_stands_before_the_click_and_the_facts_after_it(world: World):
    client = signatory(world)
    assert "Signing puts version 2 in force from 2026-01-01." in page_of(client.get(SIGN))
    answer = client.post(SIGN, follow=True)
    assert "Signed. Version 2 is in force from 2026-01-01." in page_of(answer)
    assert state(world) == State.SIGNED
    with tenant(world["Own"].viewer(Role.SIGNATORY)):
        made = Signature.objects.get(signer=world["Own"].company, number=world["North"].rows["version"].pk)
    page = page_of(answer)
    assert [one for one in (made.key_id, made.digest, "OWNMARKER signatory", "onefloor check") if one not in page] == []


def test_who_signs_first_reads_that_the_other_has_still_to(world: World):
    with tenant(world["North"].viewer(Role.SIGNATORY)):
        viewer = world["North"].viewer(Role.PROJECT_MANAGER)
        withdraw(viewer, world["North"].rows["version"], why="again")
        propose(viewer, source_of(world["North"]))
    client, path = signatory(world), SIGN.replace("/2/", "/3/")
    assert "once North has signed too" in page_of(client.get(path))
    assert "The other one has still to sign." in page_of(client.post(path, follow=True))


def test_clicking_twice_signs_once(world: World):
    client = signatory(world)
    answers = [client.post(SIGN) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    with tenant(world["Own"].viewer(Role.SIGNATORY)):
        assert Signature.objects.filter(number=world["North"].rows["version"].pk).count() == 2


def test_under_the_four_eyes_rule_a_second_person_signs_and_the_first_cannot(world: World):
    first, second = signatory(world), second_signatory(world)
    viewer = world["Own"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer):
        set_four_eyes(viewer, on=True)
    assert "You confirm as the first of two." in page_of(first.get(SIGN))
    assert "Confirmed. Another signatory of your company has to sign." in page_of(first.post(SIGN, follow=True))
    assert "a second person has to" in page_of(first.post(SIGN))
    assert state(world) == State.PROPOSED
    assert "OWNMARKER signatory confirmed at" in page_of(second.get(f"{VERSION}signatures/"))
    second.post(SIGN)
    assert state(world) == State.SIGNED
    with tenant(viewer):
        made = Signature.objects.get(signer=world["Own"].company, number=world["North"].rows["version"].pk)
    assert (made.user_name, made.confirmed_by) == ("OWNMARKER signatory", "OWNMARKER second")


def test_the_other_company_does_not_see_who_confirmed_first(world: World):
    viewer = world["Own"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer):
        set_four_eyes(viewer, on=True)
    signatory(world).post(SIGN)
    assert "OWNMARKER" not in page_of(signatory(world, "North").get(f"{VERSION}signatures/"))


def test_without_a_key_nobody_signs_and_the_page_says_who_makes_one(world: World):
    client = administrator(world, "Own")
    client.post(f"/keys/{world['Own'].rows['key'].pk}/withdrawal/", {"why": "OWNMARKER lost it"})
    signer = signatory(world)
    assert "Your company has no signing key yet." in page_of(signer.get(f"{VERSION}signatures/"))
    assert "This company has no signing key yet." in page_of(signer.post(SIGN))
    assert state(world) == State.PROPOSED


def test_a_withdrawn_version_is_not_signed(world: World):
    manager = world["North"].client(Role.PROJECT_MANAGER)
    manager.post(f"{VERSION}withdrawal/", {"why": "a slip"})
    assert signatory(world).post(SIGN).status_code == 302
    assert state(world) == State.WITHDRAWN


def test_the_envelope_and_both_keys_can_be_taken_away(world: World):
    client = signatory(world)
    client.post(SIGN)
    made = json.loads(client.get(f"{VERSION}signatures/envelope/").content)
    payload = json.loads(b64decode(made["payload"]))
    assert payload["subject"][0]["digest"]["sha256"] == world["North"].rows["version"].digest
    keys = [client.get(f"/keys/{one['keyid']}.pub") for one in made["signatures"]]
    assert [key.content.startswith(b"-----BEGIN PUBLIC KEY-----") for key in keys] == [True, True]


def test_a_vendor_finds_the_clients_public_key_and_no_other_vendors(world: World):
    client = signatory(world, "North")
    found = {name: client.get(f"/keys/{world[name].rows['key'].key_id}.pub").status_code for name in world.sides}
    assert found == {"Own": 200, "North": 200, "Harbor": 404}
    page = client.get("/keys/").content.decode()
    assert [name for name in world.sides if world[name].rows["key"].key_id in page] == ["Own", "North"]


def test_a_new_key_withdraws_the_one_before_and_destroys_its_private_half(world: World):
    before = world["North"].rows["key"]
    client = administrator(world)
    assert "is withdrawn; what it signed stays signed" in page_of(client.get("/keys/new/"))
    client.post("/keys/new/")
    with tenant(world["North"].viewer(Role.ADMINISTRATOR)):
        before.refresh_from_db()
        (private,) = PrivateKey.objects.all()
        assert before.withdrawn_at is not None
        assert PublicKey.objects.get(company=world["North"].company, withdrawn_at=None).key_id == private.key_id
        assert private.key_id != before.key_id


def test_a_key_is_withdrawn_once_with_a_reason_the_other_company_reads(world: World):
    client, path = administrator(world), f"/keys/{world['North'].rows['key'].pk}/withdrawal/"
    assert "There is no reason." in page_of(client.post(path, {"why": ""}))
    client.post(path, {"why": "NORTHMARKER laptop stolen"})
    assert client.post(path, {"why": "another story"})["Location"] == "/keys/"
    assert "NORTHMARKER laptop stolen" in page_of(signatory(world).get("/keys/"))
    assert client.post(f"/keys/{world['Own'].rows['key'].pk}/withdrawal/", {"why": "x"}).status_code == 404


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.PROJECT_MANAGER, Role.AUDITOR])
def test_only_administrators_change_keys_and_the_rule(world: World, role: Role):
    client = confirmed(world["North"].client(role))
    for path in ("/keys/new/", "/keys/rule/", f"/keys/{world['North'].rows['key'].pk}/withdrawal/"):
        assert client.post(path).status_code == 404


def test_the_rule_is_switched_and_told(world: World):
    client = administrator(world)
    assert "A signature then needs two signatories" in page_of(client.get("/keys/rule/"))
    client.post("/keys/rule/", {"on": "1"})
    assert "Two signatories" in page_of(client.get("/keys/"))
    client.post("/keys/rule/", {"on": "0"})
    assert "One signatory signs for the company." in page_of(client.get("/keys/"))


def test_rows_of_others_are_not_found_before_anything_is_asked(world: World):
    signer, keeper = world["North"].client(Role.SIGNATORY), world["North"].client(Role.ADMINISTRATOR)
    assert signer.get(SIGN.replace("north-", "harbor-")).status_code == 404
    assert keeper.get(f"/keys/{world['Own'].rows['key'].pk}/withdrawal/").status_code == 404
