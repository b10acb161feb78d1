"""The pages of statements: what both see, who may do what, files that are those of the core."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.utils.translation import override
from job_runs import run_waiting
from world import World, confirmed

from onefloor.agreements.verify import verify
from onefloor.periods import Month
from onefloor_web.agreements.signatures.actions import set_four_eyes
from onefloor_web.agreements.signatures.models import PublicKey
from onefloor_web.platform.calendars.providers import deadlines_of
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy.models import Access
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.settlement.statements import queries
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import State, Statement
from onefloor_web.settlement.statements.reading import out_of
from onefloor_web.settlement.statements.running import run_month

PAGE = "/statements/2026-09/north-agreement/"


@pytest.fixture
def issued(own: Any, agreement: Any) -> Statement:
    """September of North, issued."""
    with tenant(own):
        return run_month(own, agreement, Month(2026, 9))


def text_of(client: Any, path: str) -> str:
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_a_statement_says_what_is_owed_and_why(world: World, issued):
    page = text_of(world["North"].client(Role.PROJECT_MANAGER), PAGE)
    for said in ("523.80 yuan", "90 contacts at 6.00 each.", "540.00 x 10%".replace("x", "×"), "66.67% (90)",
                 "Waiting for North and Own: sign", "/figures/service_level:", issued.digest):  # fmt: skip
        assert said in page, said


def test_the_grid_has_every_month_and_whose_turn_it_is(world: World, issued):
    page = text_of(world["Own"].client(Role.VENDOR_MANAGER), "/statements/")
    assert "523.80 yuan" in page
    assert "Waiting for North and Own: sign" in page


def test_a_provisional_statement_cannot_be_signed_and_says_so(world: World):
    page = text_of(world["Own"].client(Role.SIGNATORY), "/statements/2026-11/north-agreement/")
    assert "estimated" in page
    assert "signature/" not in page


def test_both_sign_in_the_browser_and_the_downloaded_bundle_verifies(world: World, issued, tmp_path: Path):
    for name in ("North", "Own"):
        client = confirmed(world[name].client(Role.SIGNATORY))
        assert "523.80" in text_of(client, f"{PAGE}signature/")
        answer = client.post(f"{PAGE}signature/", {"digest": issued.manifest_digest})
        assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    client = world["North"].client(Role.PROJECT_MANAGER)
    assert "Chain of locked months" in text_of(client, PAGE)
    assert client.get(f"{PAGE}file.zip")["Location"].startswith("/privacy/purpose/")
    client.post("/privacy/purpose/", {"purpose": "settlement"})
    answer = client.get(f"{PAGE}file.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        archive.extractall(tmp_path)
    keys = []
    with tenant(world["Own"].viewer(Role.SIGNATORY)):
        opening = Access.objects.latest("pk")
        rows = sum(pl.read_parquet(file).height for file in (tmp_path / "bundle" / "rows").glob("*.parquet"))
        assert (opening.kind, opening.purpose, opening.rows) == ("export", "settlement", rows)
        for key in PublicKey.objects.filter(company__code__in=["North", "Own"], withdrawn_at=None):
            keys.append(tmp_path / f"{key.company.code}.pub")
            keys[-1].write_text(key.pem, encoding="ascii")
    found = verify(tmp_path / "bundle", keys)
    assert (found.differences, sorted(one.state for one in found.signatures)) == ([], ["valid", "valid"])


def test_what_is_not_the_newest_revision_is_not_signed(world: World, issued):
    client = confirmed(world["North"].client(Role.SIGNATORY))
    client.post(f"{PAGE}signature/", {"digest": "0" * 64})
    with tenant(world["North"].viewer(Role.SIGNATORY)):
        assert Statement.objects.get(pk=issued.pk).state == State.ISSUED
    assert "Nobody has signed." in text_of(client, PAGE)


def test_who_signs_gives_the_second_factor_too(world: World, issued):
    client = confirmed(world["North"].client(Role.SIGNATORY), code=False)
    asked = client.get(f"{PAGE}signature/").headers["Location"]
    assert asked.partition("?")[0] == "/sign-in/second-factor/confirm/"


def test_the_first_of_two_is_told_so_and_leaves_it_to_the_second(world: World, issued, own):
    with tenant(own):
        set_four_eyes(own, on=True)
    client = confirmed(world["Own"].client(Role.SIGNATORY))
    assert f"{PAGE}signature/" in text_of(client, PAGE)
    assert "You confirm as the first of two." in text_of(client, f"{PAGE}signature/")
    client.post(f"{PAGE}signature/", {"digest": issued.manifest_digest})
    page = text_of(client, PAGE)
    assert (f"{PAGE}signature/" in page, "another signatory of your company has to sign" in page) == (False, True)


def test_json_is_byte_for_byte_that_of_the_core(world: World, issued):
    client = world["North"].client(Role.PROJECT_MANAGER)
    assert client.get(f"{PAGE}file.json").content == (out_of(issued) / "statement.json").read_bytes()
    assert client.get(f"{PAGE}file.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{PAGE}file.xlsx").content[:2] == b"PK"


def test_verify_runs_as_a_job_and_its_result_stands_on_the_page(world: World, issued, north):
    client = world["North"].client(Role.PROJECT_MANAGER)
    assert client.post(f"{PAGE}verification/").status_code == 302
    run_waiting(north.company)
    assert "Verified: the statement follows from its rows, byte for byte." in text_of(client, PAGE)


def test_a_run_from_the_page_settles_every_signed_agreement(world: World, agreement, shadow, own):
    client = world["Own"].client(Role.VENDOR_MANAGER)
    assert client.post("/statements/run/", {"month": "2026-10", "agreement": ""}).status_code == 302
    run_waiting(own.company)
    with tenant(own):
        rows = queries.current(own).filter(month="2026-10").order_by("agreement__code")
        assert [(one.agreement.code, one.state) for one in rows] == [
            ("north-agreement", State.ISSUED), ("own-shadow", State.ISSUED),
        ]  # fmt: skip


@pytest.mark.parametrize("month", ["", "2026-13", "October"])
def test_a_month_that_is_none_is_said(world: World, month: str):
    client = world["Own"].client(Role.VENDOR_MANAGER)
    answer = client.post("/statements/run/", {"month": month, "agreement": ""})
    assert (answer.status_code, b"<form" in answer.content) == (200, True)


@pytest.mark.parametrize("role", [Role.LEADER, Role.AGENT, Role.QA, Role.PLANNER])
def test_who_settles_nothing_sees_nothing(world: World, role: Role):
    assert world["North"].client(role).get("/statements/").status_code == 404


@pytest.mark.parametrize("path", ["2026-13/north-agreement/", "2026-09/nobody/", "2026-09/north-agreement/?revision=x"])
def test_what_is_not_there_is_not_found(world: World, issued, path: str):
    assert world["North"].client(Role.PROJECT_MANAGER).get(f"/statements/{path}").status_code == 404


def test_today_names_what_is_to_be_signed_and_by_when(world: World, issued):
    page = text_of(world["North"].client(Role.SIGNATORY), "/today/")
    assert "to be signed" in page
    assert PAGE in page


def test_the_api_gives_the_statement_and_its_document(world: World, issued):
    client = world["North"].client(Role.PROJECT_MANAGER)
    listed = client.get("/api/v1/statements?month=2026-09").json()["items"]
    assert [(one["agreement"], one["net"], one["state"]) for one in listed] == [("north-agreement", "523.80", "issued")]
    told = client.get(f"/api/v1/statements/{issued.pk}/document").json()
    assert told == json.loads((out_of(issued) / "statement.json").read_bytes())


def test_dates_of_statements_stand_in_calendars_until_they_are_signed(world: World, own, north, issued):
    def of_it(name: str) -> list[tuple[str, str]]:
        viewer = world[name].viewer(Role.SIGNATORY)
        with tenant(viewer), override("en"):
            return [(one.title, one.key) for one in deadlines_of(viewer) if one.url == PAGE]

    title = "the statement of North for September 2026"
    sign = (f"North: sign {title}", f"statement-{issued.pk}-sign-{north.company}")
    dispute = (f"North: last moment to dispute {title}", f"statement-{issued.pk}-dispute")
    assert sorted(of_it("North")) == sorted([sign, dispute])
    assert sorted(of_it("Own"))[2:] == [(f"Own: sign {title}", f"statement-{issued.pk}-sign-{own.company}")]
    assert of_it("Harbor") == []
    with tenant(north):
        sign_statement(north, issued)
    assert of_it("North") == [dispute]


def test_the_chain_page_compares_what_is_kept_with_what_is_there(world: World, own, north, issued):
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, issued)
    page = text_of(world["North"].client(Role.PROJECT_MANAGER), "/statements/chain/")
    assert "as signed" in page
    assert issued.digest in page


def test_signatories_have_the_head_by_mail(world: World, own, north, issued, mailoutbox: Any):
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, issued)
    for viewer in (north, own):
        run_waiting(viewer.company)
    witness = [mail for mail in mailoutbox if issued.digest in mail.body]
    assert sorted(mail.to[0].split("@")[0] for mail in witness) == ["north-signatory", "own-signatory"]


def test_a_page_asks_the_database_few_questions(world: World, issued, django_assert_max_num_queries: Any):
    client = world["Own"].client(Role.VENDOR_MANAGER)
    client.get(PAGE)
    for path in (PAGE, "/statements/", "/statements/adjustments/", "/statements/chain/"):
        with django_assert_max_num_queries(40):
            assert client.get(path).status_code == 200
