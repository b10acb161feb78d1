"""A vendor leaves: hand-over, receipt, deletion and proof, by the pages and the jobs as they are used."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from job_runs import run_waiting
from world import World
from worlds.privacy import move

from onefloor.agreements.exit_proof import check_proof
from onefloor.facts import roster
from onefloor.facts.load import load_files
from onefloor.facts.sources import asterisk
from onefloor.facts.store import scan
from onefloor.floor import create_floor
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import Company, Person, PersonName
from onefloor_web.platform.events.queries import line_of
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy.models import Exit, Stage
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.uploads.models import Attachment
from onefloor_web.settlement.statements.models import State, Statement

RUN = Path(__file__).parents[4] / "examples" / "asterisk_run"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A floor with the log of a real telephone system, whose agents belong to Own and North."""
    made = create_floor(tmp_path / "floor", timezone="Europe/Berlin")
    load_files(made, roster.SOURCE, roster.read, [RUN / "roster.csv"])
    load_files(made, asterisk.SOURCE, asterisk.read, [RUN / "queue_log"])
    monkeypatch.setattr(settings, "FLOOR", made.root)
    monkeypatch.setattr(settings, "STATE", made.root / "web")
    monkeypatch.setattr(settings, "MEDIA_ROOT", made.root / "web" / "media")
    return made


@pytest.fixture
def leaving(world: World) -> World:
    """The world with its exits at their end."""
    for name in ("Own", "North", "Harbor"):
        administrator = world[name].viewer(Role.ADMINISTRATOR)
        with tenant(administrator):
            move(world[name].rows["exit"], Stage.RECEIVED, received_at=timezone.now(), received_by="x")
        with tenant(world["Own"].viewer(Role.ADMINISTRATOR)):
            move(world[name].rows["exit"], Stage.DELETED, deleted_at=timezone.now(), proof="x")
    return world


def started(world: World) -> Exit:
    """North's exit as the client's administrator starts it, with the hand-over made."""
    world["Own"].client(Role.ADMINISTRATOR).post("/privacy/exits/new/", {"company": world["North"].company.pk})
    run_waiting(world["Own"].company.pk)
    return exit_of(world)


def exit_of(world: World) -> Exit:
    with tenant(world["Own"].viewer(Role.ADMINISTRATOR)):
        return Exit.objects.latest("pk")


def test_the_whole_way(leaving: World, served) -> None:
    one = started(leaving)
    assert one.stage == Stage.HANDED_OVER
    north, own = leaving["North"].client(Role.ADMINISTRATOR), leaving["Own"].client(Role.ADMINISTRATOR)
    assert north.get(f"/privacy/exits/{one.pk}/package/")["Location"].startswith("/privacy/purpose/")
    north.post("/privacy/purpose/", {"purpose": "audit"})
    package = b"".join(north.get(f"/privacy/exits/{one.pk}/package/").streaming_content)
    archive = zipfile.ZipFile(io.BytesIO(package))
    rows = pl.read_parquet(archive.read("contacts.parquet"))
    assert rows.height == one.manifest["files"]["contacts.parquet"]["rows"] > 0
    assert json.loads(archive.read("manifest.json"))["company"] == "North"

    assert own.post(f"/privacy/exits/{one.pk}/deletion/", {"name": "North"}).status_code == 302
    assert exit_of(leaving).stage == Stage.HANDED_OVER, "the receipt is not confirmed yet"
    north.post(f"/privacy/exits/{one.pk}/receipt/")
    assert exit_of(leaving).received_by == str(leaving["North"].users[Role.ADMINISTRATOR])
    assert own.post(f"/privacy/exits/{one.pk}/deletion/", {"name": "Nort"}).status_code == 200
    own.post(f"/privacy/exits/{one.pk}/deletion/", {"name": "North"})
    run_waiting(leaving["Own"].company.pk)

    assert exit_of(leaving).stage == Stage.DELETED
    assert scan(served, "roster").collect()["company"].unique().to_list() == ["Own"]
    with tenant(leaving["Own"].viewer(Role.ADMINISTRATOR)):
        assert Company.objects.get(code="North").left_on is not None
        assert not PersonName.objects.filter(company__code="North").exists()
        assert not Person.objects.filter(company__code="North").exists()
        assert Person.objects.filter(company__code="Harbor").count() == 2
    assert north.get("/today/").status_code == 302, "signed out"
    assert leaving["North"].client(Role.AGENT).get("/today/").status_code == 302

    envelope = settings.STATE / "proof.dsse.json"
    envelope.write_bytes(own.get(f"/privacy/exits/{one.pk}/proof/").content)
    said, signatures = check_proof(envelope, [settings.STATE / "keys" / "floor.pub"])
    assert said["removed"]["contacts"]["rows"] == rows.height
    assert said["removed_elsewhere"]["companies.PersonName"] == 2
    assert [signature.state for signature in signatures] == ["valid"]
    page = own.get(f"/privacy/exits/{one.pk}/", headers={"accept-language": "en"})
    assert f"{rows.height:,}" in page.content.decode()
    assert [str(event.what) for event in page.context["events"]] == [
        "The exit was started", "The rows of North are ready to be taken out.",
        "North has confirmed the receipt of its rows.",
        "The rows of North were deleted, and the proof was signed.",
    ]  # fmt: skip


def test_statements_and_given_evidence_stay_and_everything_else_goes(leaving: World, served) -> None:
    one, own = started(leaving), leaving["Own"].client(Role.ADMINISTRATOR)
    company = leaving["North"].company
    with tenant(leaving["Own"].viewer(Role.ADMINISTRATOR)):
        statements = list(Statement.objects.filter(company=company))
    with tenant(leaving["North"].viewer(Role.ADMINISTRATOR)):
        files = list(Attachment.objects.filter(company=company))
    stays = {row.folder / "bundle" for row in statements if row.state in (State.ISSUED, State.LOCKED)}
    stays |= {file.path for file in files if file.given_at or file.author_id != company.pk}
    goes = {row.folder / "bundle" for row in statements} - stays
    goes |= {file.path for file in files} - stays | {settings.MEDIA_ROOT / str(company.pk) / "imports" / "1" / "log"}
    assert stays
    assert goes
    for path in stays | goes:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("evidence", encoding="ascii")
    asked = own.get(f"/privacy/exits/{one.pk}/deletion/", headers={"accept-language": "en"})
    leaving["North"].client(Role.ADMINISTRATOR).post(f"/privacy/exits/{one.pk}/receipt/")
    asked = own.get(f"/privacy/exits/{one.pk}/deletion/", headers={"accept-language": "en"}).content.decode()
    assert "is not signed by both; it cannot be settled again afterwards." in asked
    own.post(f"/privacy/exits/{one.pk}/deletion/", {"name": "North"})
    run_waiting(leaving["Own"].company.pk)
    assert exit_of(leaving).stage == Stage.DELETED
    assert ([path for path in stays if not path.exists()], [path for path in goes if path.exists()]) == ([], [])


def test_each_step_is_an_event_that_both_companies_see_and_no_other(leaving: World, served) -> None:
    one = started(leaving)
    leaving["North"].client(Role.ADMINISTRATOR).post(f"/privacy/exits/{one.pk}/receipt/")
    for name, seen in (("Own", 2), ("North", 2), ("Harbor", 0)):
        viewer = leaving[name].viewer(Role.ADMINISTRATOR)
        with tenant(viewer):
            assert len(line_of(viewer, one)) == seen, name


def test_after_two_weeks_the_client_may_delete_without_a_receipt(
    leaving: World, served, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, later = started(leaving), timezone.now() + timedelta(days=14, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    leaving["Own"].client(Role.ADMINISTRATOR).post(f"/privacy/exits/{one.pk}/deletion/", {"name": "North"})
    run_waiting(leaving["Own"].company.pk)
    assert exit_of(leaving).stage == Stage.DELETED


def test_a_deletion_that_died_before_the_proof_is_finished_by_the_next_attempt(
    leaving: World, served, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, own = started(leaving), leaving["Own"].client(Role.ADMINISTRATOR)
    leaving["North"].client(Role.ADMINISTRATOR).post(f"/privacy/exits/{one.pk}/receipt/")
    with monkeypatch.context() as broken:
        broken.setattr("onefloor_web.platform.privacy.exits._signed", lambda _proof: 1 / 0)
        own.post(f"/privacy/exits/{one.pk}/deletion/", {"name": "North"})
        run_waiting(leaving["Own"].company.pk)
    assert exit_of(leaving).stage == Stage.RECEIVED
    with tenant(leaving["Own"].viewer(Role.ADMINISTRATOR)):
        assert Person.objects.filter(company__code="North").count() == 2, "the database is as before"
    own.post(f"/privacy/exits/{one.pk}/deletion/", {"name": "North"})
    run_waiting(leaving["Own"].company.pk)
    assert exit_of(leaving).stage == Stage.DELETED


def test_a_vendor_leaves_once_at_a_time(leaving: World, served) -> None:
    started(leaving)
    own = leaving["Own"].client(Role.ADMINISTRATOR)
    assert own.post("/privacy/exits/new/", {"company": leaving["North"].company.pk}).status_code == 200
    assert own.post("/privacy/exits/new/", {"company": leaving["Own"].company.pk}).status_code == 200
    assert exit_of(leaving).company_id == leaving["North"].company.pk


@pytest.mark.parametrize("path", ["new/", "{}/deletion/"])
def test_a_vendor_can_neither_start_nor_delete(leaving: World, served, path: str) -> None:
    one = started(leaving)
    for name in ("North", "Harbor"):
        client = leaving[name].client(Role.ADMINISTRATOR)
        answer = client.post(f"/privacy/exits/{path.format(one.pk)}", {"name": "North", "company": one.company_id})
        assert answer.status_code == 404
    assert exit_of(leaving).stage == Stage.HANDED_OVER


def test_another_vendor_sees_nothing_of_an_exit(leaving: World, served) -> None:
    one = started(leaving)
    harbor = leaving["Harbor"].client(Role.ADMINISTRATOR)
    statuses = {part: harbor.get(f"/privacy/exits/{one.pk}/{part}").status_code for part in ("", "package/", "proof/")}
    assert set(statuses.values()) == {404}
    assert "North" not in harbor.get("/privacy/exits/").content.decode()


def test_names_of_people_are_not_kept_in_the_history(world: World) -> None:
    with tenant(world["North"].viewer(Role.ADMINISTRATOR)), connection.cursor() as cursor:
        cursor.execute("select e::text from companies_personnameevent e")
        rows = [text for (text,) in cursor.fetchall()]
    assert len(rows) == 2
    assert not any("person 0" in text for text in rows)


def test_the_job_is_the_clients_alone(leaving: World, served) -> None:
    started(leaving)
    with tenant(leaving["North"].viewer(Role.ADMINISTRATOR)):
        assert not Job.objects.filter(kind="privacy.hand_over").exists()
        assert User.objects.filter(company=leaving["North"].company, is_active=True).exists()


FORGED = [
    ("Own", "received", "stage = 'received', received_at = now(), received_by = 'Wang of North'", "vendor confirms"),
    (
        "North",
        "received",
        "stage = 'received', received_at = now() - interval '9 days', received_by = 'x'",
        "vendor conf",
    ),
    ("Own", "hand-over", "handed_over_at = now() - interval '90 days'", "what was handed over stays"),
    ("Own", "manifest", "manifest = '{}'", "what was handed over stays"),
    ("Own", "receipt", "received_by = 'x'", "the receipt stays"),
    ("North", "deleted", "stage = 'deleted', deleted_at = now(), proof = 'x'", "the client deletes"),
    ("Own", "too early", "stage = 'deleted', deleted_at = now(), proof = 'x'", "the client deletes"),
    ("Own", "back", "stage = 'preparing'", "Invalid transition"),
    ("Own", "who began", "started_by = 'x'", "Cannot update"),
]


def refused(world: World, name: str, statement: str) -> str:
    """The words with which the database refuses SQL of a company."""
    administrator = world[name].viewer(Role.ADMINISTRATOR)
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), tenant(administrator):
        connection.cursor().execute(statement)
    return str(caught.value)


@pytest.mark.parametrize(("name", "step", "change", "words"), FORGED, ids=[step for _, step, _, _ in FORGED])
def test_no_side_takes_a_step_of_the_other_or_dates_it(world: World, name: str, step: str, change: str, words: str):
    assert words in refused(
        world, name, f"update privacy_exit set {change} where id = {world['North'].rows['exit'].pk}"
    )


def test_an_exit_is_never_deleted_and_begins_at_its_beginning(world: World):
    one = world["North"].rows["past exit"]
    assert "Cannot delete" in refused(world, "Own", f"delete from privacy_exit where id = {one.pk}")
    assert "the proof stays" in refused(world, "Own", f"update privacy_exit set proof = 'x' where id = {one.pk}")
    row = (
        "insert into privacy_exit (company_id, stage, started_at, started_by, received_by, proof)"
        f" values ({one.company_id}, '{{}}', now(), 'x', '', '')"
    )
    for name, stage in (("North", "preparing"), ("Own", "received")):
        assert "the client begins an exit" in refused(world, name, row.format(stage))
