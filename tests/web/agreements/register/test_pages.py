"""Pages of agreements: by role and company, what a version says in both languages, and what differs between two."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from world import World, confirmed
from worlds.agreements import source_of

from onefloor_web.agreements.register.actions import sign_version
from onefloor_web.agreements.register.models import State, Version
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant

PATH = "/agreements/north-agreement/"
VERSION = f"{PATH}versions/2/"
READERS = ("signatory", "executive", "auditor", "planner")
AMENDED = "amendments:\n  - {from: 2027-01-01, note: The fee rises., price: [{id: '1', rate: 7.00}]}\n"
FULL = """calendar: {holidays: [2026-10-01], hours: [08:30-12:00, 13:00-17:30]}
procedure: {rule: 3 working days, silence: accepted, escalation: [steering group]}
renewal: {months: 12, notice: 60 days}
until: 2027-07-01
at_risk: 10%
pools: [{id: quality, share: 100%}]
clauses:
  - {id: "2", kind: bands, title: {zh: 服务水平, en: Service level}, text: {zh: 快, en: Fast},
     metric: "service_level:within=20s", pool: quality, allocation: 100%, bands: [{from: 80%}, {to: 80%, credit: 50%}]}
"""


def text_of(response: Any) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def english(client: Client) -> Client:
    client.cookies["language"] = "en"
    return client


def signed(world: World, name: str = "North") -> Version:
    """The company's waiting version, signed by the client too."""
    version = world[name].rows["version"]
    with tenant(world["Own"].viewer(Role.SIGNATORY)):
        sign_version(world["Own"].viewer(Role.SIGNATORY), version)
        version.refresh_from_db()
    return version


def brought(client: Client, source: str) -> Any:
    return client.post("/agreements/uploads/", {"file": SimpleUploadedFile("a.yaml", source.encode())})


def test_an_agreement_in_force_leads_to_a_draft_of_its_amendment(world: World):
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    href = "/agreements/drafts/new/?how=amendment&amp;amends=north-agreement"
    signed(world)
    assert href in client.get(PATH).content.decode()
    begun = client.get(href.replace("&amp;", "&")).content.decode()
    assert re.search(r'value="amendment"[^>]*checked', begun)
    assert re.search(r'value="north-agreement"[^>]*selected', begun)
    assert href not in english(world["North"].client(Role.EXECUTIVE)).get(PATH).content.decode()


@pytest.mark.parametrize("role", [Role.LEADER, Role.QA, Role.AGENT, Role.TRAINER])
def test_who_has_no_right_finds_no_agreement(world: World, role: Role):
    client = world["North"].client(role)
    assert [client.get(path).status_code for path in ("/agreements/", PATH, VERSION)] == [404, 404, 404]


@pytest.mark.parametrize("role", READERS)
def test_who_may_read_sees_the_own_companys_and_nothing_to_change(world: World, role: str):
    client = english(world["North"].client(Role(role)))
    page = text_of(client.get("/agreements/"))
    assert "NORTHMARKER agreement" in page
    assert "Version 2 waits for Own" in page
    assert "HARBORMARKER" not in page
    assert client.get("/agreements/uploads/").status_code == 404
    assert client.get(f"{VERSION}withdrawal/").status_code == 404


def test_a_vendor_finds_no_other_vendors_agreement(world: World):
    client = world["North"].client(Role.PROJECT_MANAGER)
    for part in ("", "versions/2/", "versions/2/source/", "versions/2/differences/1/", "versions/2/signatures/",
                 "versions/2/signatures/envelope/", "versions/2/withdrawal/"):  # fmt: skip
        assert client.get(f"/agreements/harbor-agreement/{part}").status_code == 404


def test_the_client_sees_all_agreements(world: World):
    page = text_of(world["Own"].client(Role.VENDOR_MANAGER).get("/agreements/"))
    assert [name for name in ("OWNMARKER", "NORTHMARKER", "HARBORMARKER") if name not in page] == []


def test_a_version_says_everything_in_both_languages_the_pages_own_first(world: World):
    source = source_of(world["North"]).replace("price:\n", f"{FULL}price:\n")
    client = world["North"].client(Role.PROJECT_MANAGER)
    withdrawn(world)
    client.post("/agreements/uploads/proposal/", {"source": source})
    for language, first, second in (("en", "Fast", "快"), ("zh-hans", "快", "Fast")):
        client.cookies["language"] = language
        page = text_of(client.get(f"{PATH}versions/3/"))
        assert page.index(first) < page.index(second)
    assert [
        one for one in ("2026-10-01", "08:30-12:00", "3 个工作日", "steering group", "扣罚", "60 天") if one not in page
    ] == []


def withdrawn(world: World) -> None:
    """North's version makes room for another."""
    client = world["North"].client(Role.PROJECT_MANAGER)
    client.post(f"{VERSION}withdrawal/", {"why": "NORTHMARKER was a slip"})


def test_the_text_is_there_line_by_line_and_as_it_is_signed(world: World):
    client = world["North"].client(Role.PROJECT_MANAGER)
    page = client.get(VERSION).content.decode()
    assert 'id="L1"' in page
    answer = client.get(f"{VERSION}source/")
    assert answer.content.decode() == source_of(world["North"])
    assert answer["Content-Disposition"] == 'attachment; filename="north-agreement-2.yaml"'


def test_two_versions_differ_by_clause_then_by_line(world: World):
    page = text_of(english(world["North"].client(Role.PROJECT_MANAGER)).get(f"{VERSION}differences/1/"))
    assert [
        one for one in ("5.50", "6.00", "From 2026-01-01", "Line by line", "1 part differs.") if one not in page
    ] == []


def test_a_text_with_problems_names_line_and_remedy_and_is_kept_in_the_form(world: World):
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    bad = source_of(world["North"]).replace("rate: 6.00", "rate: six")
    page = brought(client, bad)
    assert page.status_code == 200
    said = text_of(page)
    assert [one for one in ("agreement.yaml:10", "six", "Write 6.00.") if one not in said] == []
    assert "rate: six" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xff\xfe\x00", "The file is not UTF-8."), (b"a: " + b"x" * 200_001, "larger than 200 kB")],
)
def test_a_file_that_is_no_text_is_refused(world: World, content: bytes, says: str):
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    page = client.post("/agreements/uploads/", {"file": SimpleUploadedFile("a.yaml", content)})
    assert says in text_of(page)


def test_nothing_brought_is_said(world: World):
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    assert "There is no text." in text_of(client.post("/agreements/uploads/", {}))


def test_a_dry_run_shows_the_difference_and_keeps_nothing(world: World):
    version = signed(world)
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    page = text_of(brought(client, source_of(world["North"], more=AMENDED)))
    assert [one for one in ("From 2027-01-01", "6.00", "7.00", "Propose for signature") if one not in page] == []
    assert "This changes terms of a time that has begun already." not in page
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        assert Version.objects.filter(agreement=version.agreement).count() == 2


def test_a_dry_run_warns_of_a_change_of_what_held_already(world: World):
    signed(world)
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    page = text_of(brought(client, source_of(world["North"]).replace("6.00", "9.00")))
    assert "This changes terms of a time that has begun already." in page


def test_the_same_text_again_cannot_be_proposed(world: World):
    signed(world)
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    page = text_of(brought(client, source_of(world["North"])))
    assert "there is nothing to propose" in page
    assert "Propose for signature" not in page


def test_proposing_twice_is_as_once(world: World):
    signed(world)
    client, source = world["North"].client(Role.PROJECT_MANAGER), source_of(world["North"], more=AMENDED)
    answers = [client.post("/agreements/uploads/proposal/", {"source": source}) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"{PATH}versions/3/"] * 2
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        made = Version.objects.get(number=3)
    assert (made.state, str(made.starts), made.note) == (
        State.PROPOSED, "2027-01-01", {"zh": "The fee rises.", "en": "The fee rises."}
    )  # fmt: skip


def test_a_second_text_has_to_wait_and_says_so(world: World):
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    page = text_of(brought(client, source_of(world["North"], more=AMENDED)))
    assert "Version 2 is waiting for signatures." in page


def test_a_code_of_another_vendor_is_refused_without_saying_whose_it_is(world: World):
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    source = source_of(world["North"]).replace("north-agreement", "harbor-agreement")
    answer = client.post("/agreements/uploads/proposal/", {"source": source})
    assert 'The code "harbor-agreement" cannot be used.' in text_of(answer).replace("&quot;", '"')
    assert "HARBORMARKER" not in answer.content.decode()


def test_withdrawing_needs_a_reason_and_tells_it(world: World):
    client = english(world["North"].client(Role.PROJECT_MANAGER))
    assert "There is no reason." in text_of(client.post(f"{VERSION}withdrawal/", {"why": ""}))
    client.post(f"{VERSION}withdrawal/", {"why": "NORTHMARKER was a slip"})
    page = text_of(english(world["Own"].client(Role.VENDOR_MANAGER)).get(VERSION))
    assert "This version was withdrawn and never held." in page
    assert "NORTHMARKER was a slip" in page


def test_the_other_company_declines_with_a_reason_and_tells_it(world: World):
    north, own = (english(world[name].client(role)) for name, role in (
        ("North", Role.PROJECT_MANAGER), ("Own", Role.VENDOR_MANAGER),
    ))  # fmt: skip
    assert [part for part in ("withdrawal", "refusal") if f"{VERSION}{part}/" in text_of(north.get(VERSION))] == []
    assert f'href="{VERSION}withdrawal/"' in north.get(VERSION).content.decode()
    page = own.get(VERSION).content.decode()
    assert (f'href="{VERSION}refusal/"' in page, f'href="{VERSION}withdrawal/"' in page) == (True, False)
    for client, part in ((own, "withdrawal"), (north, "refusal")):
        assert client.post(f"{VERSION}{part}/", {"why": "mine"})["Location"] == VERSION
    assert "There is no reason." in text_of(own.post(f"{VERSION}refusal/", {"why": ""}))
    own.post(f"{VERSION}refusal/", {"why": "NORTHMARKER is too dear"})
    said = text_of(north.get(VERSION))
    assert "The other company declined this version; it never held." in said
    assert "NORTHMARKER is too dear" in said


def test_nobody_withdraws_what_both_have_signed(world: World):
    signed(world)
    client = world["North"].client(Role.PROJECT_MANAGER)
    client.post(f"{VERSION}withdrawal/", {"why": "late"})
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        assert Version.objects.get(number=2).state == State.SIGNED


def test_pages_stay_within_their_number_of_queries(world: World, django_assert_max_num_queries: Any):
    signed(world)
    client = confirmed(world["Own"].client(Role.VENDOR_MANAGER))
    for path in ("/agreements/", PATH, VERSION, f"{VERSION}signatures/", f"{VERSION}differences/1/", "/keys/"):
        with django_assert_max_num_queries(25):
            assert client.get(path).status_code == 200
