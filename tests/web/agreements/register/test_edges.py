"""Agreements on Today, in search, in calendars and over the API; and the reminder of a renewal, once a step."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from world import World
from worlds.agreements import source_of

from onefloor_web.agreements.register import jobs
from onefloor_web.agreements.register.actions import propose, sign_version, withdraw
from onefloor_web.agreements.register.dates import coming, dates_of
from onefloor_web.agreements.register.deadlines import of_agreements
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import standings
from onefloor_web.agreements.register.search import found
from onefloor_web.agreements.register.today import renewals, to_sign
from onefloor_web.agreements.signatures.actions import set_four_eyes, withdraw_key
from onefloor_web.agreements.signatures.queries import key_in_use
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.floor import now, today
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.search.matching import split
from onefloor_web.platform.tenancy.scopes import tenant


def ending(world: World, days: int) -> Agreement:
    """North's agreement signed by both, with a renewal that can be refused for some days still."""
    north, own = world["North"].viewer(Role.SIGNATORY), world["Own"].viewer(Role.SIGNATORY)
    end = (today() + timedelta(days=days + 35)).replace(day=1)  # terms end with a month
    begins = datetime.combine(end, time(), tzinfo=ZoneInfo("Asia/Shanghai"))
    hours = (begins - now()) // timedelta(hours=1) - days * 24
    text = source_of(world["North"], more=f"until: {end}\nrenewal: {{months: 12, notice: {hours} hours}}\n")
    with tenant(north):
        withdraw(north, world["North"].rows["version"], why="another text")
        version = propose(north, text)
        sign_version(north, version)
    with tenant(own):
        sign_version(own, version)
    return version.agreement


def test_who_may_sign_is_told_what_waits_and_until_when(world: World):
    viewer = world["Own"].viewer(Role.SIGNATORY)
    with tenant(viewer):
        rows = list(to_sign(viewer))
    assert sorted(row.url for row in rows) == [
        f"/agreements/{name}-agreement/versions/2/signatures/" for name in ("harbor", "north")
    ]
    assert all(row.due is not None and row.due > now() for row in rows)


@pytest.mark.parametrize(
    ("name", "role"), [("North", Role.SIGNATORY), ("Own", Role.VENDOR_MANAGER), ("Own", Role.AUDITOR)]
)
def test_who_has_signed_or_may_not_is_told_nothing(world: World, name: str, role: Role):
    viewer = world[name].viewer(role)
    with tenant(viewer):
        assert list(to_sign(viewer)) == []


def test_without_a_key_a_signatory_is_not_sent_to_a_page_where_nothing_can_be_signed(world: World):
    administrator, signatory = world["Own"].viewer(Role.ADMINISTRATOR), world["Own"].viewer(Role.SIGNATORY)
    with tenant(administrator):
        key = key_in_use(administrator)
        assert key is not None
        withdraw_key(administrator, key, why="lost")
        assert [row.url for row in to_sign(administrator)] == ["/keys/new/"]
    with tenant(signatory):
        assert list(to_sign(signatory)) == []


def test_the_first_of_two_is_not_asked_again(world: World):
    viewer = world["Own"].viewer(Role.SIGNATORY)
    with tenant(viewer):
        set_four_eyes(viewer, on=True)
        sign_version(viewer, world["North"].rows["version"])
        assert [row.url for row in to_sign(viewer)] == ["/agreements/harbor-agreement/versions/2/signatures/"]


def test_a_renewal_is_spoken_of_only_when_it_is_near(world: World):
    agreement = ending(world, days=40)
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(viewer):
        (row,) = renewals(viewer)
        assert (row.url, row.due is not None) == (f"/agreements/{agreement.code}/", True)
        (standing,) = standings([agreement])
        assert [one.kind for one in coming(dates_of(standing), now())] == ["notice", "end"]


def test_both_companies_are_reminded_once_a_step(world: World):
    agreement = ending(world, days=20)
    client, vendor = world["Own"].viewer(Role.VENDOR_MANAGER), world["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(client):
        assert jobs.remind(client, untold) == {"told": 1}
        assert jobs.remind(client, untold) == {"told": 0}
    with tenant(vendor):
        assert jobs.remind(vendor, untold) == {"told": 0}
        assert Event.objects.filter(name="agreements.renewal_near", number=agreement.pk).count() == 1


def untold(done: int, total: int | None = None, note: object = None) -> None:
    """Nobody waits for the progress."""


def test_calendars_hold_the_coming_dates_of_whoever_acts(world: World):
    ending(world, days=40)
    manager, auditor = world["North"].viewer(Role.PROJECT_MANAGER), world["North"].viewer(Role.AUDITOR)
    with tenant(manager):
        assert [one.key.split("-")[2] for one in of_agreements(manager)] == ["notice", "end"]
    with tenant(auditor):
        assert list(of_agreements(auditor)) == []


def test_search_finds_an_agreement_by_code_and_by_either_name(world: World):
    viewer = world["North"].viewer(Role.SIGNATORY)
    with tenant(viewer):
        for text in ("north-agre", "northmarker 协议", "NORTHMARKER agreement"):
            assert [hit.url for hit in found(viewer, split(text), 5)] == ["/agreements/north-agreement/"]
        assert found(viewer, split("harbor"), 5) == []


def asked(world: World, path: str, name: str = "North", **more: Any) -> Any:
    secret = world[name].rows["secret of manager"]
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    if more:
        return Client().post(f"/api/v1{path}", more, content_type="application/json", headers=headers)
    return Client().get(f"/api/v1{path}", headers=headers)


def test_a_program_reads_agreements_versions_and_their_differences(world: World):
    assert [one["code"] for one in asked(world, "/agreements").json()["items"]] == ["north-agreement"]
    versions = asked(world, "/agreements/north-agreement/versions").json()["items"]
    assert [(one["number"], one["state"]) for one in versions] == [(2, "proposed"), (1, "withdrawn")]
    one = asked(world, "/agreements/north-agreement/versions/2").json()
    assert one["source"] == source_of(world["North"])
    said = "NORTHMARKER costs %s a contact."
    (change,) = asked(world, "/agreements/north-agreement/versions/2/differences/1").json()["changes"]
    assert (change["since"], change["number"], change["terms"]) == (
        "2026-01-01", "1",
        [
            {"name": "Text", "before": said % "5.50", "after": said % "6.00"},
            {"name": "Rate", "before": "5.50", "after": "6.00"},
        ],
    )  # fmt: skip


def test_a_program_reads_signatures_and_keys_and_finds_no_way_to_sign(world: World):
    said = asked(world, "/agreements/north-agreement/versions/2/signatures").json()
    assert [one["company"] for one in said["signatures"]] == ["North"]
    assert '"payloadType":"application/vnd.in-toto+json"' in said["envelope"].replace(": ", ":")
    assert [one["company"] for one in asked(world, "/public-keys").json()["items"]] == ["North", "Own"]
    answer = asked(world, "/agreements/north-agreement/versions/2/signatures", sign="yes")
    assert answer.status_code == 405


def test_a_program_proposes_and_is_told_line_and_remedy(world: World):
    answer = asked(world, "/agreement-versions", source="agreement: [")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:onefloor:problem:cannot-do")
    answer = asked(world, "/agreement-versions", source=source_of(world["North"]))
    assert "Version 2 is waiting for signatures." in answer.json()["title"]


def test_a_vendors_program_finds_no_other_vendors_agreement(world: World):
    for path in ("", "/versions", "/versions/2", "/versions/2/signatures", "/versions/2/differences/1"):
        assert asked(world, f"/agreements/harbor-agreement{path}").status_code == 404
