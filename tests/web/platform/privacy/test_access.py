"""Opening personal data: the purpose is asked, holds for a while, and every opening is written down for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from world import World

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy import access
from onefloor_web.platform.privacy.models import Access, Kind, Purpose
from onefloor_web.platform.tenancy.scopes import tenant


@access.asks_purpose
def view(request):
    return HttpResponse("rows")


def request(session=None, **headers):
    made = RequestFactory().get("/contacts/?q=1", headers=headers)
    made.session = {} if session is None else session
    return made


def stated(seconds_ago=0):
    return {access.KEY: {"purpose": "audit", "since": int(timezone.now().timestamp()) - seconds_ago}}


def test_without_a_purpose_the_view_is_not_run_and_the_asking_page_leads_back():
    assert view(request())["Location"] == "/privacy/purpose/?next=%2Fcontacts%2F%3Fq%3D1"
    assert view(request(**{"HX-Request": "true"}))["HX-Redirect"] == "/privacy/purpose/?next=%2Fcontacts%2F%3Fq%3D1"


def test_a_stated_purpose_holds_for_half_an_hour():
    assert view(request(stated(access.HOLDS_SECONDS - 60))).content == b"rows"
    assert view(request(stated(access.HOLDS_SECONDS + 60))).status_code == 302


def test_the_page_keeps_the_purpose_and_returns_only_to_this_site(world: World):
    client = world["North"].client(Role.PROJECT_MANAGER)
    assert client.post("/privacy/purpose/", {"purpose": "quality", "next": "/today/"})["Location"] == "/today/"
    assert client.session[access.KEY]["purpose"] == "quality"
    elsewhere = client.post("/privacy/purpose/", {"purpose": "quality", "next": "https://elsewhere.example/"})
    assert elsewhere["Location"] == "/privacy/purpose/"


def test_the_asking_page_leads_to_pages_beside_that_ask_for_none(world: World):
    page = world["North"].client(Role.PROJECT_MANAGER).get("/privacy/purpose/?next=/contacts/").content.decode()
    assert 'href="/imports/"' in page.split("</nav>")[0]


def test_no_purpose_is_an_error_that_says_what_to_do(world: World):
    page = world["North"].client(Role.AGENT).post("/privacy/purpose/", {"next": "/today/"}, HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 200
    assert "Choose the one this opening serves" in page.content.decode()


def test_showing_rows_without_a_purpose_fails_instead_of_going_unlogged():
    with pytest.raises(access.NoPurpose):
        access.opened(request(), Kind.CONTACT, "contact 1", rows=1)


def test_the_client_sees_all_accesses_a_vendor_those_of_its_people_and_others_their_own(world: World):
    for name in ("Own", "North", "Harbor"):
        for role in (Role.AUDITOR, Role.QA):
            viewer = world[name].viewer(role)
            with tenant(viewer):
                access.log(viewer, Purpose.AUDIT, Kind.CONTACT, "opened here", rows=1)

    def seen(name: str, role: Role) -> list[str]:
        rows = world[name].client(role).get("/privacy/access/").context["table"].page
        return sorted(f"{one.company.code} {one.name.split()[1]}" for one in rows if one.subject == "opened here")

    assert seen("Own", Role.AUDITOR) == [f"{c} {r}" for c in ("Harbor", "North", "Own") for r in ("auditor", "qa")]
    assert seen("North", Role.AUDITOR) == ["North auditor", "North qa"]
    assert seen("North", Role.QA) == ["North qa"]


def test_the_list_can_be_narrowed_and_ignores_what_it_cannot_read(world: World):
    viewer = world["North"].viewer(Role.AUDITOR)
    with tenant(viewer):
        access.log(viewer, Purpose.AUDIT, Kind.CONTACT, "one", rows=1)
        access.log(viewer, Purpose.FAULT, Kind.EXPORT, "two", rows=9)
    client = world["North"].client(Role.AUDITOR)

    def subjects(query: str) -> list[str]:
        rows = client.get(f"/privacy/access/?{query}").context["table"].page
        return [one.subject for one in rows if one.subject in ("one", "two")]

    assert subjects("purpose=fault") == ["two"]
    assert subjects("kind=contact&since=2020-01-01") == ["one"]
    assert subjects("until=2020-01-01") == []
    assert subjects("since=tomorrow&purpose=nonsense&page=99") == ["two", "one"]


@pytest.mark.parametrize("statement", ["update privacy_access set purpose = 'audit'", "delete from privacy_access"])
def test_what_is_written_down_stays(world: World, statement: str):
    viewer = world["Own"].viewer(Role.AUDITOR)
    with tenant(viewer):
        access.log(viewer, Purpose.FAULT, Kind.CONTACT, "one", rows=1)
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert Access.objects.get(subject="one").purpose == "fault"


OPENING = """insert into privacy_access (company_id, user_id, name, kind, subject, rows, purpose, at)
    values (%s, null, 'somebody of North', 'export', 'all', 99, 'audit', now() - interval '40 days')"""


def test_the_client_writes_down_no_opening_of_a_vendor(world: World):
    client = world["Own"].viewer(Role.ADMINISTRATOR)
    refused = pytest.raises(DatabaseError, match="the company that opens")
    with refused, transaction.atomic(), tenant(client), connection.cursor() as cursor:
        cursor.execute(OPENING, [world["North"].company.pk])


def test_no_opening_is_dated_back(world: World):
    with tenant(world["North"].viewer(Role.ADMINISTRATOR)), connection.cursor() as cursor:
        cursor.execute(OPENING, [world["North"].company.pk])
        written = Access.objects.get(subject="all").at
    assert abs(timezone.now() - written) < timedelta(minutes=10)
