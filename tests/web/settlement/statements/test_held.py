"""What nobody can do, also not in SQL: change what was computed, lock what is not signed, write for the other side."""

from __future__ import annotations

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hand_made import load
from job_runs import InMemory, run_waiting
from world import World

from agreements import worked
from onefloor.agreements.bundle import STATEMENT, head_of
from onefloor.agreements.statement import canonical_json
from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.signatures.checking import WrongSignature
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import corrections, running
from onefloor_web.settlement.statements.issuing import accept_silently, sign_statement
from onefloor_web.settlement.statements.jobs import RUN, clocks
from onefloor_web.settlement.statements.models import Adjustment, Head, Line, Statement
from onefloor_web.settlement.statements.reading import bundle_of, settled_of
from onefloor_web.settlement.statements.running import keep, run_month
from web.settlement.conftest import signed
from web.settlement.hotline import SILENT, leg

SEPTEMBER = Month(2026, 9)


@pytest.fixture
def issued(own: Viewer, agreement: Any) -> Statement:
    with tenant(own):
        return run_month(own, agreement, SEPTEMBER)


@pytest.fixture
def locked(own: Viewer, north: Viewer, issued: Statement) -> Statement:
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, issued)
    with tenant(own):
        return Statement.objects.get(pk=issued.pk)


def refused(statement: str) -> str:
    """The words of the database's refusal."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


CONTENT = [
    "net = 1", "payable = 1", "digest = 'x'", "manifest_digest = 'x'", "payload = 'x'", "document = '{}'",
    "month = '2026-08'", "revision = 9", "terms_digest = 'x'", "previous_digest = 'x'", "provisional = true",
    "shadow = true", "data_version = 'x'",
]  # fmt: skip


def test_no_content_of_a_statement_changes_in_sql(own: Viewer, issued: Statement):
    with tenant(own):
        for change in CONTENT:
            assert refused(f"update statements_statement set {change} where id = {issued.pk}"), change
        for change in ("issued_at = now()", "dispute_by = now()"):
            assert "dates of statement" in refused(f"update statements_statement set {change} where id = {issued.pk}")
        assert refused(f"delete from statements_statement where id = {issued.pk}")
        assert refused(f"delete from statements_line where statement_id = {issued.pk}")
        assert refused(f"update statements_line set amount = 1 where statement_id = {issued.pk}")


def test_it_is_locked_only_where_both_signatures_are(own: Viewer, north: Viewer, issued: Statement):
    lock = f"update statements_statement set state = 'locked', locked_at = now() where id = {issued.pk}"
    with tenant(north):
        sign_statement(north, issued)
        assert "is not signed by both" in refused(lock)
    with tenant(own):
        assert "is not signed by both" in refused(lock)


SIGNED = """insert into signatures_signature (company_id, signer_id, about, number, payload, digest, key_id, signature,
    "user", user_name, confirmed_by, at) select s.company_id, s.company_id, 'statements.statement', s.id, {payload},
    encode(sha256({digest}), 'hex'), {key}, 'junk', 1, 'x', '', now() from statements_statement s where s.id = {pk}"""
KEY = "(select key_id from signatures_publickey where company_id = s.company_id and withdrawn_at is null)"


@pytest.mark.parametrize(
    ("payload", "digest", "key"),
    [("'junk'::bytea", "s.payload", KEY), ("s.payload", "s.payload", "'nokey'")],
    ids=["another document", "a key of nobody"],
)
def test_a_signature_is_over_what_it_says_with_a_key_of_its_signer(
    north: Viewer, issued: Statement, payload: str, digest: str, key: str
):
    with tenant(north):
        said = refused(SIGNED.format(payload=payload, digest=digest, key=key, pk=issued.pk))
    assert "a signature is over what it says" in said


def test_a_signature_that_no_key_has_made_locks_nothing(own: Viewer, north: Viewer, issued: Statement):
    with tenant(north), connection.cursor() as cursor:
        cursor.execute(SIGNED.format(payload="s.payload", digest="s.payload", key=KEY, pk=issued.pk))
    for viewer in (own, north):
        with tenant(viewer), pytest.raises(WrongSignature, match="North"), transaction.atomic():
            sign_statement(viewer, issued)
    with tenant(own):
        assert Statement.objects.get(pk=issued.pk).state == "issued"
        assert not Signature.objects.filter(number=issued.pk, signer=own.company, about="statements.statement").exists()


def test_the_client_alone_has_no_statement_accepted(own: Viewer, north: Viewer, agreement: Agreement, monkeypatch):
    """Its clocks set to nothing: under terms that take silence for nothing, not even by SQL."""
    monkeypatch.setattr(running, "issue", lambda *_: None)
    with tenant(own):
        made = run_month(own, agreement, SEPTEMBER)
        dates = "state = 'issued', issued_at = now(), dispute_by = now(), sign_by = now()"
        with connection.cursor() as cursor:
            cursor.execute(f"update statements_statement set {dates} where id = {made.pk}")
        accepted = f"update statements_statement set accepted_at = now() where id = {made.pk}"
        assert "is not accepted by silence" in refused(accepted)
        assert refused(f"update statements_statement set unsigned = 'accepted' where id = {made.pk}")
        assert not accept_silently(own, made)


def test_silence_accepts_nothing_whose_clocks_were_set_shorter_than_the_terms(
    world: World, own: Viewer, north: Viewer, hotline: Any, monkeypatch
):
    agreement = signed(world, own, north, "North", SILENT)
    monkeypatch.setattr(running, "issue", lambda *_: None)
    with tenant(own):
        made = run_month(own, agreement, SEPTEMBER)
        dates = "state = 'issued', issued_at = now(), dispute_by = now(), sign_by = now()"
        with connection.cursor() as cursor:
            cursor.execute(f"update statements_statement set {dates} where id = {made.pk}")
        assert not accept_silently(own, made)


def test_nothing_of_a_locked_statement_moves(own: Viewer, north: Viewer, locked: Statement):
    for viewer in (own, north):
        with tenant(viewer):
            for change in ("state = 'superseded'", "state = 'issued'", "locked_at = now()", "sign_by = now()"):
                assert "locked" in refused(f"update statements_statement set {change} where id = {locked.pk}").lower()


def test_a_line_joins_only_the_draft_that_is_being_made(own: Viewer, issued: Statement):
    columns = "company_id, statement_id, number, clause, kind, title, words, outcome, amount, document"
    line = f"{issued.company_id}, {issued.pk}, 99, '9', 'fee', '{{}}', '{{}}', 'met', 1, '{{}}'"
    with tenant(own):
        assert "a line comes with its draft" in refused(f"insert into statements_line ({columns}) values ({line})")


def test_a_vendor_neither_makes_issues_nor_supersedes(north: Viewer, issued: Statement, world: World):
    draft = world["North"].rows["statement"]
    with tenant(north):
        for pk, state in ((draft.pk, "superseded"), (issued.pk, "superseded")):
            said = refused(f"update statements_statement set state = '{state}' where id = {pk}")
            assert "the client issues and supersedes" in said
        columns = (
            "company_id, agreement_id, version_id, month, revision, state, shadow, terms_digest, digest, "
            "manifest_digest, payload, document, net, payable, currency, data_version, provisional, previous_digest, "
            "run_at, run_by"
        )
        copied = columns.replace("revision,", "9,").replace("state,", "'draft',")
        source = f"select {copied} from statements_statement where id = {draft.pk}"
        copy = f"insert into statements_statement ({columns}) {source}"
        assert "a statement begins as a draft of the client's work" in refused(copy)


@pytest.mark.parametrize(("name", "shadow"), [("North", "true"), ("Own", "false")])
def test_only_the_clients_own_agreement_has_shadow_statements(own: Viewer, world: World, name: str, shadow: str):
    """Else the client would lock a vendor's statement alone."""
    columns = (
        "company_id, agreement_id, version_id, state, terms_digest, digest, manifest_digest, payload, document, net,"
        " payable, currency, data_version, provisional, previous_digest, run_at, run_by, unsigned"
    )
    copied = columns.replace("state,", "'draft',") + f", '2026-08', 9, {shadow}"
    made = f"insert into statements_statement ({columns}, month, revision, shadow) select {copied}"
    with tenant(own):
        told = refused(f"{made} from statements_statement where id = {world[name].rows['statement'].pk}")
    assert "a shadow statement is of the client's own agreement" in told


def test_an_adjustment_is_its_authors_and_stays_where_it_is_locked(own: Viewer, north: Viewer, world: World):
    note = world["North"].rows["adjustment"]
    with tenant(north):
        assert refused(f"update statements_adjustment set amount = 900 where id = {note.pk}")
        assert refused(f"delete from statements_adjustment where id = {note.pk}")
        assert "booked into a draft of the client's work" in refused(
            f"update statements_adjustment set booked_in_id = line.statement_id from statements_line line"
            f" where line.id = line_id and statements_adjustment.id = {note.pk}"
        )
        columns = "company_id, agreement_id, line_id, kind, amount, reason, source, digest, made_at, made_by"
        forged = f"insert into statements_adjustment ({columns}, author_id) select {columns}, {own.company}"
        said = refused(f"{forged} from statements_adjustment where id = {note.pk}")
        assert "written by its author" in said


def test_what_is_booked_in_a_locked_month_stays_there(
    own: Viewer, north: Viewer, locked: Statement, hotline, agreement
):

    load(hotline, contacts=[leg(hotline, "late", "N1", "2026-09-10 19:30", wait=60_000)])
    with tenant(own):
        made = corrections.correct(own, locked)
        october = run_month(own, agreement, Month(2026, 10))
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, october)
    with tenant(own):
        assert [one.booked_in_id for one in Adjustment.objects.filter(pk__in=[m.pk for m in made])] == [october.pk] * 2
        for target in ("null", str(locked.pk)):
            assert refused(f"update statements_adjustment set booked_in_id = {target} where id = {made[0].pk}")


def test_a_kept_head_is_never_changed(own: Viewer, locked: Statement):
    with tenant(own):
        head = Head.objects.get(statement=locked.pk)
        assert refused(f"update statements_head set digest = 'x' where id = {head.pk}")
        assert refused(f"delete from statements_head where id = {head.pk}")


def test_a_cancelled_run_leaves_nothing(own: Viewer, agreement: Any):
    with tenant(own):
        job = enqueue(own, RUN, key="x", month="2026-10", agreement=agreement.pk)
    run_waiting(own.company, InMemory([True]))
    with tenant(own):
        assert Job.objects.get(pk=job.pk).state == "cancelled"
        assert not Statement.objects.filter(month="2026-10", agreement=agreement).exists()


def test_sql_neither_shortens_the_time_to_sign_nor_accepts_before_it_is_over(
    own: Viewer, north: Viewer, issued: Statement
):
    accept = f"update statements_statement set accepted_at = now(), state = state where id = {issued.pk}"
    for viewer in (own, north):
        with tenant(viewer):
            assert "is not accepted by silence" in refused(accept)
            for sooner in ("now() - interval '1 day'", "now()", "null"):
                told = refused(f"update statements_statement set sign_by = {sooner} where id = {issued.pk}")
                assert "dates of statement" in told
    with tenant(north):
        later = f"update statements_statement set sign_by = sign_by + interval '1 day' where id = {issued.pk}"
        assert "dates of statement" in refused(later)


def test_sql_does_not_issue_a_statement_whose_time_is_over(own: Viewer, world: World):
    draft = world["North"].rows["statement"]
    with tenant(own):
        for dates in (
            "issued_at = now() - interval '9 days'", "issued_at = null",
            "issued_at = now(), dispute_by = now() - interval '1 day'", "issued_at = now(), sign_by = '2020-01-01'",
        ):  # fmt: skip
            told = refused(f"update statements_statement set state = 'issued', {dates} where id = {draft.pk}")
            assert "begin when it is issued" in told or "final_if_issued" in told or "add up" in told


def test_silence_is_what_the_terms_say_once(own: Viewer, issued: Statement, monkeypatch: pytest.MonkeyPatch):
    assert issued.sign_by is not None
    later = issued.sign_by + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with tenant(own):
        assert [clocks(own, InMemory().report), clocks(own, InMemory().report)] == [{"late": 1}, {"late": 0}]
        assert Event.objects.filter(number=issued.pk, name="statements.overdue").count() == 1


@pytest.mark.parametrize("path", sorted(worked.FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_worked_settlement_is_kept_as_it_is(world: World, own: Viewer, path: Path):
    example = worked.read(path)
    terms = worked.agreement_of(example["terms"])
    company = world["North"].company
    with tenant(own):
        agreement = Agreement.objects.create(company=company, code="worked", title={"zh": "例", "en": "Worked"})
        version = Version.objects.create(
            company=company, agreement=agreement, number=1, starts=date(2026, 1, 1), proposer_id=own.company,
            signed_digest="0" * 64,
        )  # fmt: skip
        for revision, month in enumerate(example["expect"], 1):
            settled = worked.settled(terms, example["figures"], Month.parse(month))
            made = Statement(
                company_id=version.company_id, agreement=version.agreement, version=version, month=month,
                revision=revision, run_by="worked",
            )  # fmt: skip
            lay_down(made, settled)
            keep(made, settled, "", None, ())
            again = Statement.objects.get(pk=made.pk)
            assert settled_of(again).to_bytes() == settled.to_bytes()
            assert sum(line.amount for line in Line.objects.filter(statement=made)) == again.net == settled.net


def lay_down(made: Statement, settled: Any) -> None:
    """A bundle's manifest for a statement that was computed from figures and no facts."""
    bundle_of(made).mkdir(parents=True, exist_ok=True)
    files = {STATEMENT: sha256(settled.to_bytes()).hexdigest()}
    manifest = {**head_of(settled), "files": files, "previous_statement": ""}
    (bundle_of(made) / "manifest.json").write_bytes(canonical_json(manifest))
    assert json.loads((bundle_of(made) / "manifest.json").read_bytes())["files"] == files
