"""Programs do what people do on the pages of agreements, settlement and requests: the same rules, the same words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from job_runs import run_waiting
from world import World
from worlds.agreements import source_of

from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant

TERMS = """clauses:
  - {id: "2", kind: level, title: SL, text: t, metric: "service_level:within=20s", target: ">= 80%", credit: 10% of fee}
duties:
  - {id: "4", title: Notice, text: t, metric: "duty_late:duty=notice", bands: [{from: 1, relief: 50%}]}
clocks:
  - {duty: notice, title: Notice of changes, before: 5 working days}
"""
EXCLUSION = {
    "agreement": "north-agreement", "reason": "force_majeure", "zh": "停电", "en": "Power cut",
    "starts": "2026-11-03T00:00", "ends": "2026-11-05T00:00", "note": "notice 7",
}  # fmt: skip
CHANGE = "amends: north-agreement\nprice: [{id: '1', rate: 7.00}]\n"


@pytest.fixture
def signed(world: World) -> World:
    """North's agreement is in force."""
    own, north = (world[name].viewer(Role.SIGNATORY) for name in ("Own", "North"))
    with tenant(own):
        sign_version(own, world["North"].rows["version"])
        version = propose(own, source_of(world["North"], more=TERMS))
        sign_version(own, version)
    with tenant(north):
        sign_version(north, version)
    return world


def both(world: World) -> tuple[Client, Client]:
    return world["North"].client(Role.PROJECT_MANAGER), world["Own"].client(Role.VENDOR_MANAGER)


def sent(client: Client, path: str, body: Any = None, method: str = "post") -> tuple[int, Any]:
    """The status and what was answered; a change from the row as it is now."""
    answer = getattr(client, method)(
        f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers={"If-Match": "*"}
    )
    return answer.status_code, json.loads(answer.content) if answer.content else None


def test_an_exclusion_from_draft_to_withdrawal(signed: World):
    north, own = both(signed)
    status, made = sent(north, "exclusions", EXCLUSION)
    assert (status, made["state"], made["code"]) == (201, "draft", "")
    one = f"exclusions/{made['number']}"
    assert sent(own, f"{one}/proposal")[0] == 404
    assert sent(north, f"{one}/proposal")[1]["title"]  # its effect is not computed yet
    assert sent(north, f"{one}/weighings")[0] == 202
    run_waiting(signed["North"].company.pk)
    assert sent(north, f"{one}/proposal")[1]["state"] == "waiting"
    assert sent(own, f"{one}/withdrawal", {"why": "x"})[0] == 404
    assert sent(north, one, method="delete")[0] == 422
    assert sent(north, f"{one}/withdrawal", {"why": "a slip"})[1]["state"] == "withdrawn"
    second = sent(north, "exclusions", EXCLUSION)[1]["number"]
    assert sent(north, f"exclusions/{second}", method="delete") == (204, None)
    with tenant(signed["North"].viewer(Role.PROJECT_MANAGER)):
        assert not Exclusion.objects.filter(pk=second).exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"ends": "2026-11-02T00:00"}, "body.ends"), ({"reason": "mood"}, "body.reason"),
        ({"starts": "2025-11-03T00:00"}, "body.starts"), ({"clauses": ["9"]}, "body.clauses"),
        ({"where": {"topic": ["no such topic"]}}, "body.topic"),
    ],
)  # fmt: skip
def test_what_the_page_refuses_is_refused_with_its_place(signed: World, change: dict[str, Any], where: str):
    status, said = sent(both(signed)[0], "exclusions", {**EXCLUSION, **change})
    assert (status, where in [one["where"] for one in said["errors"]]) == (422, True)


def test_a_what_if_is_tried_shared_copied_and_drafted(signed: World):
    north, own = both(signed)
    wanted = {"agreement": "north-agreement", "name": "7 yuan", "first": "2026-11", "last": "2026-11", "change": CHANGE}
    one = f"what-ifs/{sent(north, 'what-ifs', wanted)[1]['number']}"
    assert sent(north, f"{one}/sharing")[0] == 422  # no result yet
    run_waiting(signed["North"].company.pk)
    assert sent(own, f"{one}/copies")[0] == 404
    assert sent(north, f"{one}/sharing")[1]["shared_at"] is not None
    assert sent(own, f"{one}/copies")[0] == 201
    assert sent(north, f"{one}/drafts", {"starts": "2027-01-15"})[0] == 422
    drafts = [sent(north, f"{one}/drafts", {"starts": "2027-01-01"})[1]["draft"] for _ in range(2)]
    assert drafts[0] == drafts[1]
    assert sent(north, one, method="delete")[0] == 422


def test_a_draft_is_saved_commented_shared_and_discarded(signed: World):
    north, own = both(signed)
    text = source_of(signed["North"], more=TERMS)
    made = sent(north, "drafts", {"company": "North", "name": "next", "text": text})[1]["number"]
    one = f"drafts/{made}"
    assert sent(north, f"{one}/texts", {"text": f"{text}# more\n"})[1]["text"].endswith("# more\n")
    assert sent(own, f"{one}/comments", {"words": "why?"})[0] == 404
    assert sent(north, f"{one}/sharing")[1]["shared_at"] is not None
    assert sent(own, f"{one}/comments", {"words": "why?"})[0] == 201
    assert [said["words"] for said in north.get(f"/api/v1/{one}/comments").json()["items"]] == ["why?"]
    assert sent(own, f"{one}/texts", {"text": "x"})[0] == 404
    assert sent(north, f"{one}/discarding")[1]["state"] == "discarded"
    assert sent(north, f"{one}/proposal")[0] == 422


def test_a_forecast_is_brought_locked_and_acknowledged(signed: World):
    north, own = both(signed)
    queues = own.get("/agreements/north-agreement/forecast-locks/template.csv").content.decode("utf-8-sig")
    content = "interval,queue,company,contacts\n" + "\n".join(
        ",".join([*line.split(",")[:3], "7"]) for line in queues.split("\n")[1:] if line.strip()
    ).replace("2026-11", "2026-12")
    wanted = {"agreement": "north-agreement", "month": "2026-12", "content": content}
    assert sent(north, "forecast-locks", wanted)[0] == 403
    status, made = sent(own, "forecast-locks", wanted)
    assert (status, made["state"]) == (201, "draft")
    one = f"forecast-locks/{made['number']}"
    assert sent(own, f"{one}/locking")[1]["state"] == "waiting"
    assert sent(own, f"{one}/removal")[0] == 404
    assert sent(north, f"{one}/acknowledgement")[1]["state"] == "acknowledged"
    second = sent(own, "forecast-locks", wanted)[1]["number"]
    assert sent(own, f"forecast-locks/{second}/removal")[0] == 204


def test_a_duty_is_named_confirmed_delivered_objected_to_and_answered(signed: World):
    north, own = both(signed)
    wanted = {
        "agreement": "north-agreement", "duty": "notice", "kind": "change", "asked": "new tariff",
        "begins_at": "2027-03-01T09:00",
    }  # fmt: skip
    status, made = sent(north, "duties", wanted)
    assert (status, made["state"]) == (201, "claimed")
    one = f"duties/{made['number']}"
    assert sent(north, f"{one}/confirmation", {"accepted": True})[0] == 403
    assert sent(own, f"{one}/confirmation", {"accepted": False})[0] == 422  # a refusal says why
    assert sent(own, f"{one}/confirmation", {"accepted": True})[1]["state"] == "open"
    delivered = {"at": "2026-11-20T10:00:00+08:00", "note": "a mail"}
    assert sent(own, f"{one}/delivery", delivered)[1]["state"] == "done"
    assert sent(north, f"{one}/objections", {"says": "never", "text": "x"})[0] == 422  # no such word
    assert sent(north, f"{one}/objections", {"says": "not_done", "text": "no mail came"})[0] == 200
    assert sent(own, f"{one}/resolution", {"accepted": True, "text": ""})[1]["state"] == "open"
    assert sent(own, f"{one}/resolution", {"accepted": True, "text": ""})[0] == 404
    assert sent(own, f"{one}/withdrawal", {"text": "x"})[0] == 404  # the vendor has named it
    assert sent(north, f"{one}/withdrawal", {"text": "x"})[0] == 422  # and the client has confirmed it
    second = f"duties/{sent(north, 'duties', wanted)[1]['number']}"
    assert sent(north, f"{second}/withdrawal", {"text": "a slip"})[1]["state"] == "withdrawn"


def test_a_dispute_is_raised_spoken_of_ruled_on_and_not_twice(signed: World):
    north, own = both(signed)
    statement, line = signed["North"].rows["disputed line"].statement_id, signed["North"].rows["disputed line"].number
    one = f"disputes/{signed['North'].rows['dispute'].pk}"
    claim = {"statement": statement, "line": line, "amount": "5.00", "reason": "CRM down"}
    assert sent(north, "disputes", claim)[0] == 422  # one is under way
    assert sent(own, f"{one}/messages", {"words": "when?", "question": True})[0] == 200
    assert sent(own, f"{one}/withdrawal")[0] == 422
    assert sent(north, f"{one}/answers", {"kind": "all"})[0] == 422
    assert sent(own, f"{one}/answers", {"kind": "part"})[0] == 422  # which part?
    ruled = sent(own, f"{one}/answers", {"kind": "reject", "reason": "no outage on record"})
    assert (ruled[0], ruled[1]["state"], ruled[1]["how"]) == (200, "rejected", "ruling")
    assert sent(own, f"{one}/answers", {"kind": "all"})[0] == 422
    assert sent(north, f"{one}/escalation", {"why": "it was down"})[1]["state"] == "escalated"
    assert sent(own, f"{one}/agreements", {"step": 1})[0] == 404  # nothing is proposed
    proposed = sent(north, f"{one}/answers", {"kind": "part", "amount": "0.75", "reason": "half"})
    assert (proposed[0], proposed[1]["state"]) == (200, "escalated")
    assert sent(north, f"{one}/agreements", {"step": 1})[0] == 404  # its own
    agreed = sent(own, f"{one}/agreements", {"step": 1})
    assert (agreed[0], agreed[1]["state"], agreed[1]["how"]) == (200, "partly", "agreement")


def test_a_version_is_withdrawn_and_a_request_closed(world: World):
    north, own = both(world)
    number = world["North"].rows["version"].number
    said = sent(north, f"agreements/north-agreement/versions/{number}/withdrawal", {"why": "written anew"})
    assert (said[0], said[1]["state"]) == (200, "withdrawn")
    one = f"requests/{world['North'].rows['request'].pk}"
    assert sent(own, f"{one}/messages", {"text": "we look"})[0] == 201
    assert sent(north, f"{one}/closing", {"text": "x"})[0] == 422  # not answered yet
    assert sent(own, f"{one}/answers", {"text": "per day"})[0] == 200
    assert sent(own, f"{one}/closing", {"text": "x"})[0] == 404
    assert sent(north, f"{one}/closing", {"text": "no help"})[1]["state"] == "unsolved"
