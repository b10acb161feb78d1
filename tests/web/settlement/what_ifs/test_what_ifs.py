"""Past months under other terms: one's own company's until shared; the other copies it and never edits it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from job_runs import run_waiting
from world import World
from worlds.agreements import source_of

from onefloor.agreements.replay import what_if
from onefloor.agreements.terms.agreement import parse_agreement, parse_amendment
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.drafts.checking import check
from onefloor_web.agreements.drafts.models import Draft
from onefloor_web.agreements.exclusions.queries import composed
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.questions import tables
from onefloor_web.settlement.what_ifs import actions, shown
from onefloor_web.settlement.what_ifs.actions import BadMonths, NotComputed, NothingChanged, NotSigned, Shared
from onefloor_web.settlement.what_ifs.models import WhatIf
from onefloor_web.settlement.what_ifs.terms import BadBands, amendment, fields_of

TERMS = """at_risk: 10%
clauses:
  - id: "2"
    kind: bands
    title: Service level
    text: t
    metric: "service_level:within=20s"
    target: ">= 80%"
    bands: [{from: 80%}, {to: 80%, credit: 50%}]
"""
MONTHS = {"first": Month(2026, 10), "last": Month(2026, 11)}
CHANGE = "amends: north-agreement\nprice: [{id: '1', rate: 7.00}]\n"


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.VENDOR_MANAGER)


@pytest.fixture
def agreement(world: World) -> Agreement:
    """North's, in force with a clause in bands."""
    own, north = (world[name].viewer(Role.SIGNATORY) for name in ("Own", "North"))
    with tenant(own):
        sign_version(own, world["North"].rows["version"])
        version = propose(own, source_of(world["North"], more=TERMS))
        sign_version(own, version)
    with tenant(north):
        sign_version(north, version)
    return world["North"].rows["agreement"]


def tried(viewer: Viewer, agreement: Agreement, change: str = CHANGE) -> WhatIf:
    with tenant(viewer):
        one = actions.try_terms(viewer, agreement, name="SL 82", change=change, **MONTHS)
    run_waiting(viewer.company)
    with tenant(viewer):
        return WhatIf.objects.select_related("agreement").get(pk=one.pk)


def test_it_says_what_the_core_says(north: Viewer, agreement: Agreement):
    one = tried(north, agreement)
    with tenant(north):
        signed = parse_agreement(composed(agreement))
        on = tables(north, "North")
        expected = what_if(on.prepared, signed, parse_amendment(CHANGE, signed), one.months, engine=on.engine)
    assert one.found == expected.as_json()
    assert [row["month"] for row in one.found["months"]] == ["2026-11"]
    assert [row["month"] for row in one.found["left_out"]] == ["2026-10"]
    assert float(one.found["months"][0]["difference"]) > 0


def test_a_field_that_differs_becomes_an_amendment(north: Viewer, agreement: Agreement):
    with tenant(north):
        terms = actions.signed_terms(agreement)[1]
    fields = fields_of(terms)
    written = {field.key: field.written for field in fields}
    assert written == {
        "term:::at_risk": "10%", "term:price:1:rate": "6.00", "term:clauses:2:target": ">= 80%",
        "term:clauses:2:bands": "[{from: 80%}, {to: 80%, credit: 50%}]",
    }  # fmt: skip
    change = amendment("north-agreement", fields, {
        **written, "term:::at_risk": "12%", "term:clauses:2:target": ">= 82%",
        "term:clauses:2:bands": "[{from: 82%}, {to: 82%, credit: 60%}]",
    })  # fmt: skip
    amended = parse_amendment(change, terms).nodes[-1].as_data()
    assert (amended["at_risk"], amended["clauses"][0]["target"]) == ("12%", ">= 82%")
    assert amended["clauses"][0]["bands"] == [{"from": "82%"}, {"to": "82%", "credit": "60%"}]
    assert amended["price"][0]["rate"] == "6.00"
    with pytest.raises(BadBands):
        amendment("north-agreement", fields, {"term:clauses:2:bands": "[{from"})


@pytest.mark.parametrize(
    ("change", "months", "problem"),
    [
        ("amends: north-agreement\n", MONTHS, NothingChanged),
        ("amends: north-agreement\nprice: [{id: '1', rate: 6.00}]\n", MONTHS, NothingChanged),
        ("amends: other\nat_risk: 1%\n", MONTHS, Problem),
        ("amends: north-agreement\nat_risk: much\n", MONTHS, Problem),
        ("{", MONTHS, Problem),
        (CHANGE, {"first": Month(2026, 11), "last": Month(2026, 10)}, BadMonths),
        (CHANGE, {"first": Month(2020, 1), "last": Month(2026, 10)}, BadMonths),
    ],
)
def test_what_cannot_be_tried_is_refused(north: Viewer, agreement: Agreement, change: str, months: Any, problem: type):
    with tenant(north), pytest.raises(problem):
        actions.try_terms(north, agreement, name="x", change=change, **months)


def test_without_a_signed_agreement_there_is_nothing_to_compare_with(world: World, north: Viewer):
    with tenant(north), pytest.raises(NotSigned):
        actions.try_terms(north, world["North"].rows["agreement"], name="x", change=CHANGE, **MONTHS)


def test_it_is_ones_own_until_shared_then_it_stays_and_the_other_copies_it(
    north: Viewer, own: Viewer, agreement: Agreement
):
    one = tried(north, agreement)
    with tenant(own):
        assert not WhatIf.objects.filter(pk=one.pk).exists()
        assert not Event.objects.filter(name="what_ifs.tried", number=one.pk).exists()
    with tenant(north):
        actions.share(north, one)
        actions.share(north, one)
        with pytest.raises(Shared):
            actions.try_terms(north, agreement, name="y", change=CHANGE, **MONTHS, one=one)
        with pytest.raises(Shared):
            actions.discard(north, one)
    with tenant(own):
        read = WhatIf.objects.select_related("agreement").get(pk=one.pk)
        mine = actions.copy(own, read)
        assert (mine.author_id, mine.given_at, mine.change) == (own.company, None, read.change)
    run_waiting(own.company)
    with tenant(own):
        assert WhatIf.objects.get(pk=mine.pk).found == one.found
    with tenant(north):
        assert not WhatIf.objects.filter(pk=mine.pk).exists()


def refused(statement: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(caught.value)


def test_sql_changes_nothing_that_was_shared_nor_the_others(north: Viewer, own: Viewer, world: World):
    one = world["North"].rows["shared what-if"]
    with tenant(north):
        assert "Cannot update" in refused("update what_ifs_whatif set name = 'x' where id = %s", one.pk)
        assert "Cannot delete" in refused("delete from what_ifs_whatif where id = %s", one.pk)
    with tenant(own):
        said = refused("update what_ifs_whatif set name = 'x' where id = %s", one.pk)
        assert "only its author" in said or "Cannot update" in said


def test_bars_stand_on_zero_and_those_that_may_change_are_marked():
    rows = [("2026-09", "-10.00"), ("2026-10", "0.00"), ("2026-11", "30.00")]
    months = [{"month": month, "difference": value} for month, value in rows]
    drawn = shown.drawing({"months": months, "provisional": ["2026-11"]})
    below, flat, above = drawn.bars
    assert (below.y, flat.height, round(above.y + above.height, 1)) == (round(drawn.zero, 1), 0.0, round(drawn.zero, 1))
    assert above.height == pytest.approx(3 * below.height, abs=0.2)
    assert [bar.provisional for bar in drawn.bars] == [False, False, True]


def test_a_signed_amount_that_todays_facts_no_longer_give_is_told():
    found = {
        "currency": "CNY",
        "months": [
            {"month": "2026-09", "signed": "950.00", "new": "960.00", "difference": "10.00"},
            {"month": "2026-10", "signed": "900.00", "new": "900.00", "difference": "0.00"},
            {"month": "2026-11", "signed": "800.00", "new": "800.00", "difference": "0.00"},
        ],
    }
    told = shown.otherwise(found, {"2026-09": Decimal("960.00"), "2026-10": Decimal("900.00")})
    assert [(signed, replayed) for _name, signed, replayed in told] == [("960.00 元", "950.00 元")]


def test_from_fields_to_the_page_and_the_file(world: World, agreement: Agreement):
    north = world["North"].client(Role.PROJECT_MANAGER)
    form = north.get("/what-ifs/new/north-agreement/").context["form"]
    said = {name: form[name].value() or "" for name in form.fields}
    wrong = north.post("/what-ifs/new/north-agreement/", {**said, "name": "same"})
    assert isinstance(wrong.context["problem"], NothingChanged)
    said |= {"name": "7 yuan", "first": "2026-10", "last": "2026-11", "term:price:1:rate": "7.00"}
    page = north.post("/what-ifs/new/north-agreement/", said)["Location"]
    assert north.get(page).status_code == 200
    run_waiting(world["North"].company.pk)
    seen = north.get(f"{page}?month=2026-11")
    assert ([row.key for row in seen.context["why"]], seen.context["left_out"][0][0]) == (["1", "2"], "2026 年 10 月")
    assert "2026-11,1," in north.get(f"{page}rows.csv").content.decode()
    north.post(f"{page}sharing/")
    own = world["Own"].client(Role.VENDOR_MANAGER)
    assert own.get(page).context["may_copy"]
    assert own.post(f"{page}copy/")["Location"] != page
    assert own.get(f"{page}edit/")["Location"] == page
    assert own.get("/what-ifs/").status_code == 200
    assert "7 yuan" in own.get("/api/v1/what-ifs").content.decode()


def test_what_was_tried_becomes_a_draft_of_the_next_version_once(north: Viewer, own: Viewer, agreement: Agreement):
    one = tried(north, agreement, f"{CHANGE}note: dearer\nfrom: 2026-12-01\n")
    with tenant(north):
        made, again = (actions.draft(north, one, date(2027, 1, 1)) for _ in range(2))
        assert made == again
        assert (made.author_id, made.given_at, made.base.agreement_id) == (north.company, None, agreement.pk)
        amended = parse_agreement(made.text)
        assert amended.versions[-1].start == date(2027, 1, 1)
        assert amended.nodes[-1].as_data()["price"][0]["rate"] == "7.00"
        assert check(north, made.company, made.text, made.base).problems == ()
        assert Event.objects.filter(name="drafts.begun", number=made.pk).count() == 1
    with tenant(own):
        assert not Draft.objects.filter(pk=made.pk).exists()


def test_terms_nobody_has_computed_are_no_draft(north: Viewer, agreement: Agreement):
    with tenant(north):
        one = actions.try_terms(north, agreement, name="x", change=CHANGE, **MONTHS)
        with pytest.raises(NotComputed):
            actions.draft(north, one, date(2027, 1, 1))


def test_the_page_asks_from_when_and_leads_to_the_draft_of_each_company(world: World, north, agreement: Agreement):
    page = f"/what-ifs/{tried(north, agreement).pk}/"
    client = world["North"].client(Role.PROJECT_MANAGER)
    client.post(f"{page}sharing/")
    for name, role in (("North", Role.PROJECT_MANAGER), ("Own", Role.VENDOR_MANAGER)):
        client = world[name].client(role)
        assert f'href="{page}drafting/"' in client.get(page).content.decode()
        assert client.get(f"{page}drafting/").context["form"].initial == {"starts": date(2026, 12, 1)}
        wrong = client.post(f"{page}drafting/", {"starts": "2027-01-15"})
        assert list(wrong.context["form"].errors) == ["starts"]
        made = client.post(f"{page}drafting/", {"starts": "2027-01-01"})["Location"]
        assert "2027-01-01" in client.get(made).content.decode()
    agent = world["North"].client(Role.SIGNATORY)
    assert f'href="{page}drafting/"' not in agent.get(page).content.decode()
