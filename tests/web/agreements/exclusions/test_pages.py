"""The whole way through the pages: draft, effect from the floor's own rows, proposal, answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from job_runs import run_waiting
from world import World
from worlds.agreements import source_of
from worlds.uploads import text

from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant

LIST = "/agreements/north-agreement/exclusions/"
DRAFT = {
    "reason": "force_majeure", "zh": "停电\n两小时", "en": "Power cut", "starts": "2026-11-03T00:00",
    "ends": "2026-11-05T00:00", "note": "notice 7",
}  # fmt: skip

CLAUSE = """clauses:
  - {id: "2", kind: level, title: SL, text: t, metric: "service_level:within=20s", target: ">= 80%", credit: 10% of fee}
"""


@pytest.fixture
def signed(world: World) -> World:
    """The agreement of North is in force, with a clause that an exclusion reaches."""
    own, north = (world[name].viewer(Role.SIGNATORY) for name in ("Own", "North"))
    with tenant(own):
        sign_version(own, world["North"].rows["version"])
        version = propose(own, source_of(world["North"], more=CLAUSE))
        sign_version(own, version)
    with tenant(north):
        sign_version(north, version)
    return world


def newest(world: World) -> Exclusion:
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        return Exclusion.objects.order_by("-pk")[0]


def confirm(client: Any, address: str) -> Any:
    """What is asked once more is read, and sent."""
    return client.post(address, {"stamp": client.get(address).context["stamp"]})


def test_a_proposal_that_a_colleague_changed_meanwhile_is_not_given(signed: World):
    north = signed["North"].client(Role.PROJECT_MANAGER)
    north.post(f"{LIST}new/", DRAFT)
    page = f"{LIST}{newest(signed).pk}/"
    run_waiting(signed["North"].company.pk)
    stamp = north.get(f"{page}proposal/").context["stamp"]
    north.post(f"{page}edit/", {**DRAFT, "en": "Something else"})
    run_waiting(signed["North"].company.pk)
    for read in ({"stamp": stamp}, {}):
        assert north.post(f"{page}proposal/", read).context["problem"] is not None
        assert newest(signed).given_at is None
    confirm(north, f"{page}proposal/")
    assert newest(signed).words["en"] == "Something else"
    assert newest(signed).given_at is not None


def test_from_draft_to_approval(signed: World):
    north, own = signed["North"].client(Role.PROJECT_MANAGER), signed["Own"].client(Role.VENDOR_MANAGER)
    answer = north.post(f"{LIST}new/", DRAFT)
    one = newest(signed)
    page = f"{LIST}{one.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert one.words == {"zh": "停电 两小时", "en": "Power cut"}
    assert own.get(page).status_code == 404
    run_waiting(signed["North"].company.pk)
    (month,) = newest(signed).effect["months"]
    assert (month["month"], month["facts"], month["rows"]) == ("2026-11", True, 12)
    assert [line["clause"] for line in month["lines"]] == ["2"]
    assert north.get(f"{page}proposal/").status_code == 200
    confirm(north, f"{page}proposal/")
    assert newest(signed).code == "X-3"
    assert own.get(page).status_code == 200
    refused = own.post(f"{page}answer/", {"verdict": "refuse", "why": ""})
    assert refused.status_code == 200
    assert own.post(f"{page}answer/", {"verdict": "approve"})["Location"] == page
    shown = north.get(page).content.decode()
    assert "OWNMARKER vendor_manager" in shown
    assert north.get(f"{page}withdrawal/")["Location"] == page


def test_evidence_is_attached_on_the_form_taken_away_and_read_by_the_other_company_once_proposed(signed: World):
    north, own = signed["North"].client(Role.PROJECT_MANAGER), signed["Own"].client(Role.VENDOR_MANAGER)
    north.post(f"{LIST}new/", {**DRAFT, "files": [text("notice.txt", "power cut"), text("wrong.txt", "other")]})
    one = newest(signed)
    page = f"{LIST}{one.pk}/"
    kept, wrong = north.get(page).context["files"]
    assert own.get(f"/attachments/{kept.pk}/").status_code == 404
    assert own.post(f"{page}files/{wrong.pk}/removal/").status_code == 404
    assert north.post(f"{page}files/{wrong.pk}/removal/")["Location"] == page
    refused = north.post(f"{page}edit/", {**DRAFT, "files": [text("run.txt", "\x7fELF\x00")]})
    assert (refused.status_code, refused.context["problem"] is None) == (422, False)
    run_waiting(signed["North"].company.pk)
    confirm(north, f"{page}proposal/")
    assert [file.name for file in own.get(page).context["files"]] == ["notice.txt"]
    assert b"".join(own.get(f"/attachments/{kept.pk}/").streaming_content) == b"power cut"
    north.post(f"{page}files/{kept.pk}/removal/")
    assert [file.name for file in north.get(page).context["files"]] == ["notice.txt"]


def test_the_agreement_leads_to_its_exclusions_and_locked_forecasts(signed: World):
    for name, role in (("North", Role.PROJECT_MANAGER), ("Own", Role.VENDOR_MANAGER)):
        links = signed[name].client(role).get("/agreements/north-agreement/").context["links"]
        assert {link.page for link in links} >= {LIST, "/agreements/north-agreement/forecast-locks/"}
        (exclusions,) = (link for link in links if link.page == LIST)
        assert exclusions.words == ("共 3 项，其中 1 项待答复" if name == "North" else "共 2 项，其中 1 项待答复")


def test_a_draft_that_does_not_fit_says_what_and_where(signed: World):
    north = signed["North"].client(Role.PROJECT_MANAGER)
    for change, field in (
        ({"ends": "2026-11-02T00:00"}, "ends"),
        ({"starts": "2025-11-03T00:00"}, "starts"),
        ({"starts": "yesterday"}, "starts"),
        ({"reason": "mood"}, "reason"),
        ({"clauses": ["9.9"]}, "clauses"),
        ({"en": ""}, "en"),
    ):
        answer = north.post(f"{LIST}new/", {**DRAFT, **change})
        assert (answer.status_code, field in answer.context["form"].errors) == (200, True)


def test_names_to_choose_from_are_those_both_companies_may_know(signed: World):
    page = signed["Own"].client(Role.VENDOR_MANAGER).get(f"{LIST}new/").content.decode()
    assert "HARBORMARKER" not in page


def test_the_api_answers_once_and_only_for_the_other_side(world: World):
    one = world["North"].rows["exclusion"]
    address = f"/api/v1/exclusions/{one.pk}"
    own, north = world["Own"].client(Role.VENDOR_MANAGER), world["North"].client(Role.PROJECT_MANAGER)
    read = own.get(address)
    assert (read.json()["code"], read.json()["state"]) == ("X-1", "waiting")
    send = {"content_type": "application/json", "headers": {"If-Match": "*"}}
    said = json.dumps({"verdict": "refuse", "why": ""})
    assert own.post(f"{address}/answer", said, **send).status_code == 422
    assert north.post(f"{address}/answer", json.dumps({"verdict": "approve"}), **send).status_code == 422
    made = own.post(f"{address}/answer", json.dumps({"verdict": "approve"}), **send)
    assert (made.status_code, made.json()["state"]) == (200, "approved")
