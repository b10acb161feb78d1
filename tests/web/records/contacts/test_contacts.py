from __future__ import annotations

from typing import Any

import pytest
from crawl import signed_in
from django.db import transaction
from django.test import Client
from world import World

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy.access import KEY
from onefloor_web.platform.privacy.models import Access
from onefloor_web.platform.tenancy.scopes import tenant

DAY = {"since": "2026-11-05T00:00", "until": "2026-11-06T00:00"}


def opened_by(world: World, name: str, role: Role) -> Client:
    client = signed_in(world[name], role)
    client.post("/privacy/purpose/", {"purpose": "dispute"})
    return client


def without_purpose(client: Client) -> Client:
    """A session in which nothing was said of a purpose."""
    session = client.session
    session.pop(KEY, None)
    session.save()
    return client


def found(client: Client, **query: str) -> list[str]:
    return [row["contact"] for row in client.get("/contacts/", query).context["table"].page.object_list]


@pytest.fixture(scope="module")
def world(committed: World) -> World:
    """Committed once for all tests of this file; none of them changes what another one reads."""
    return committed


@pytest.fixture
def manager(world: World) -> Client:
    return opened_by(world, "North", Role.PROJECT_MANAGER)


def test_contacts_ask_for_a_purpose(world: World) -> None:
    client = without_purpose(signed_in(world["North"], Role.PROJECT_MANAGER))
    for path in ("/contacts/", "/contacts/NORTHMARKER-5-0-0/"):
        assert client.get(path)["Location"].startswith("/privacy/purpose/")


def test_a_day_has_the_contacts_of_ones_own_company_in_order_of_time(manager: Client) -> None:
    assert found(manager, **DAY) == [f"NORTHMARKER-5-{number}-{turn}" for number in (0, 1) for turn in range(3)]


def test_the_first_search_is_the_last_day_with_facts(manager: Client) -> None:
    assert {code.rpartition("-")[0].rpartition("-")[0] for code in found(manager)} == {"NORTHMARKER-19"}


def test_the_clock_that_is_chosen_decides(manager: Client) -> None:
    edge = {"since": "2026-11-05T08:59", "until": "2026-11-05T09:00", "code": "N2000-NORTHMARKER"}
    answers = {moment: found(manager, moment=moment, **edge) for moment in ("queued", "answered", "ended")}
    later = found(manager, moment="ended", since="2026-11-05T09:03", until="2026-11-05T09:04")
    assert (answers, later) == ({"queued": [], "answered": [], "ended": []}, ["NORTHMARKER-5-0-0"])


def test_a_code_finds_an_agent_or_a_contact(manager: Client) -> None:
    assert found(manager, code="NORTHMARKER-5-0-1") == ["NORTHMARKER-5-0-1"]
    assert manager.get("/contacts/", {"code": "N2001-NORTHMARKER"}).context["table"].total == "54"
    assert found(manager, code="HARBORMARKER-5-0-1") == found(manager, code="H2000-HARBORMARKER") == []


def test_all_hits_can_be_reached(manager: Client) -> None:
    pages = [found(manager, since="2026-11-01T00:00", page=str(number)) for number in (1, 2, 3)]
    assert ([len(codes) for codes in pages], len({code for codes in pages for code in codes})) == ([50, 50, 9], 109)


def test_a_page_beyond_the_end_is_the_last_one(manager: Client) -> None:
    last = found(manager, since="2026-11-01T00:00", page="3")
    assert (found(manager, since="2026-11-01T00:00", page="400"), len(last) > 0) == (last, True)


def test_what_cannot_be_read_is_said_and_kept(manager: Client) -> None:
    answer = manager.get("/contacts/", {"since": "soon", "code": "x"})
    assert (answer.status_code, 'value="soon"' in answer.content.decode()) == (200, True)
    assert list(answer.context["form"].errors) == ["since"]
    late = manager.get("/contacts/", {"since": "2026-11-06T00:00", "until": "2026-11-05T00:00"})
    assert list(late.context["form"].errors) == ["until"]


def test_a_contact_shows_its_legs_and_hides_those_of_others(world: World, manager: Client) -> None:
    answer = manager.get("/contacts/NORTHMARKER-passed/")
    own, other = answer.context["legs"]
    assert (own.shared, own.company, own.agent) == (True, "North", "N2000-NORTHMARKER")
    assert (other.shared, other.agent, other.pairs, other.stretches) == (False, "", (), ())
    page = answer.content.decode()
    assert [word for word in ("OWNMARKER", "HARBORMARKER", "O2000") if word in page] == []
    whole = opened_by(world, "Own", Role.VENDOR_MANAGER).get("/contacts/NORTHMARKER-passed/")
    assert [leg.agent for leg in whole.context["legs"]] == ["N2000-NORTHMARKER", "O2000-OWNMARKER"]


def test_later_contacts_of_the_customer_are_listed_within_the_scope(world: World, manager: Client) -> None:
    client = opened_by(world, "Own", Role.VENDOR_MANAGER)
    assert [url for _at, url, _topic, _same in client.get("/contacts/NORTHMARKER-passed/").context["later"]] == [
        "/contacts/HARBORMARKER-later/"
    ]
    assert manager.get("/contacts/NORTHMARKER-passed/").context["later"] == []


def test_a_customer_is_a_short_form_of_a_hash(manager: Client) -> None:
    assert manager.get("/contacts/NORTHMARKER-passed/").context["customer"] == "0000…"


@pytest.mark.parametrize("code", ["HARBORMARKER-5-0-0", "OWNMARKER-5-0-0", "HARBORMARKER-later", "none"])
def test_a_contact_of_others_does_not_exist(manager: Client, code: str) -> None:
    assert manager.get(f"/contacts/{code}/").status_code == 404


def test_an_agent_opens_its_own_contacts_only(world: World) -> None:
    client = opened_by(world, "North", Role.AGENT)
    codes = [client.get(f"/contacts/NORTHMARKER-5-{number}-0/").status_code for number in (0, 1)]
    assert codes == [200, 404]


def test_each_opening_is_written_down(world: World, manager: Client) -> None:
    manager.get("/contacts/NORTHMARKER-passed/")
    with transaction.atomic(), tenant(world["North"].viewer(Role.AUDITOR)):
        one = Access.objects.order_by("-pk").first()
    assert one is not None
    assert (one.kind, one.subject, one.rows, one.purpose) == ("contact", "NORTHMARKER-passed", 1, "dispute")


def test_the_bar_shows_the_parts_of_a_leg_one_after_the_other(manager: Client) -> None:
    (leg,) = manager.get("/contacts/NORTHMARKER-5-0-0/").context["legs"]
    parts: list[Any] = list(leg.stretches)
    assert [(part.name, part.length) for part in parts] == [
        ("wait", "0:03"), ("ring", "0:02"), ("talk", "3:00"), ("hold", "0:00"), ("wrap", "0:20"),
    ]  # fmt: skip
    assert parts[2].start == round(parts[0].share + parts[1].share, 2)
