"""The run of a month: what the command line would write, kept as rows; chained, booked, never over what is locked."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from hand_made import load
from world import World

from onefloor.agreements.settling import settle_month
from onefloor.agreements.verify import verify
from onefloor.facts.exits import depart
from onefloor.floor import Floor
from onefloor.metrics.prepare import prepare
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.signatures.queries import signatures_of
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import corrections
from onefloor_web.settlement.statements.issuing import accept_silently, sign_statement
from onefloor_web.settlement.statements.jobs import copy_of, keys_of
from onefloor_web.settlement.statements.models import Adjustment, Head, State, Statement
from onefloor_web.settlement.statements.problems import Locked, NothingSigned, NotIssued
from onefloor_web.settlement.statements.reading import booked_of, bundle_of, out_of, settled_of
from onefloor_web.settlement.statements.running import run_month
from onefloor_web.settlement.statements.terms import terms_source
from web.settlement.conftest import signed
from web.settlement.hotline import SILENT, leg

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)


def run(own: Viewer, agreement: Agreement, month: Month) -> Statement:
    with tenant(own):
        return run_month(own, agreement, month)


def signed_by_both(own: Viewer, north: Viewer, statement: Statement) -> Statement:
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, Statement.objects.get(pk=statement.pk))
    with tenant(own):
        return Statement.objects.select_related("agreement", "company").get(pk=statement.pk)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def late(hotline: Floor, count: int = 3) -> None:
    """Contacts of September that come when it is over, all answered late."""
    rows = [leg(hotline, f"late-{n}", "N1", f"2026-09-10 {16 + n:02d}:30", wait=60_000) for n in range(count)]
    load(hotline, contacts=rows)


def test_a_run_writes_byte_for_byte_what_the_command_line_writes(own, agreement, hotline, tmp_path):
    made = run(own, agreement, SEPTEMBER)
    with tenant(own):
        (tmp_path / "agreement.yaml").write_bytes(terms_source(agreement).encode())
    settle_month(hotline, tmp_path / "agreement.yaml", SEPTEMBER, tmp_path / "out")
    assert contents(out_of(made)) == contents(tmp_path / "out")
    assert verify(bundle_of(made)).differences == []


def test_the_rows_are_the_statement_word_for_word(own, agreement):
    made = run(own, agreement, SEPTEMBER)
    with tenant(own):
        assert settled_of(made).to_bytes() == (out_of(made) / "statement.json").read_bytes()
        assert [(line.clause, line.amount) for line in made.lines.all()] == [
            ("1", Decimal("540.00")), ("4.2", Decimal("-16.20")), ("4.3", Decimal("0.00")),
        ]  # fmt: skip
    assert (made.net, made.payable, made.state, made.revision) == (
        Decimal("523.80"), Decimal("523.80"), State.ISSUED, 1,
    )  # fmt: skip


def test_a_month_that_goes_on_is_provisional_and_nobody_signs_it(own, north, agreement):
    made = run(own, agreement, NOVEMBER)
    assert (made.state, made.provisional, made.issued_at) == (State.DRAFT, True, None)
    with tenant(north), pytest.raises(NotIssued):
        sign_statement(north, made)


def test_clocks_begin_when_it_is_issued_and_run_in_the_agreements_working_time(own, agreement):
    made = run(own, agreement, SEPTEMBER)
    assert made.issued_at is not None
    assert made.dispute_by is not None
    assert made.sign_by is not None
    assert made.issued_at < made.dispute_by < made.sign_by
    assert made.sign_by.astimezone(tz=None).minute == 0  # a working day ends when work ends


def test_running_again_with_the_same_facts_changes_nothing(own, agreement):
    first = run(own, agreement, SEPTEMBER)
    again = run(own, agreement, SEPTEMBER)
    assert (again.pk, again.revision) == (first.pk, 1)
    assert not first.folder.with_name("2").exists()


def test_a_new_run_takes_the_place_of_what_is_not_signed_by_both(own, north, agreement, hotline):
    first = run(own, agreement, SEPTEMBER)
    with tenant(north):
        sign_statement(north, first)
    late(hotline)
    second = run(own, agreement, SEPTEMBER)
    with tenant(own):
        first.refresh_from_db()
        assert (first.state, second.state, second.revision) == (State.SUPERSEDED, State.ISSUED, 2)
        assert signatures_of(second) == []
    assert second.digest != first.digest


def test_with_the_second_signature_it_is_locked_and_the_bundle_carries_both(own, north, agreement, tmp_path):
    made = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    assert made.state == State.LOCKED
    with tenant(north):
        found = verify(copy_of(made, tmp_path / "bundle"), keys_of(made, tmp_path))
    assert found.differences == []
    assert sorted((one.name, one.state) for one in found.signatures) == [("North", "valid"), ("Own", "valid")]


def test_each_company_keeps_the_head_of_the_chain(own, north, agreement):
    made = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    for viewer in (own, north):
        with tenant(viewer):
            head = Head.objects.get(statement=made.pk)
            assert (head.digest, head.manifest_digest, head.month) == (made.digest, made.manifest_digest, "2026-09")
            assert sorted(one["signer"] for one in head.signatures) == ["North", "Own"]


def test_nothing_runs_over_a_locked_month(own, north, agreement, hotline):
    signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    late(hotline)
    with pytest.raises(Locked):
        run(own, agreement, SEPTEMBER)


def test_a_month_goes_on_from_the_locked_one_before(own, north, agreement, hotline, tmp_path):
    first = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    second = run(own, agreement, OCTOBER)
    assert (second.previous, second.previous_digest) == (first, first.digest)
    manifest = json.loads((bundle_of(second) / "manifest.json").read_bytes())
    assert manifest["previous_statement"] == first.digest
    with tenant(own):
        (tmp_path / "agreement.yaml").write_bytes(terms_source(agreement).encode())
    settle_month(hotline, tmp_path / "agreement.yaml", OCTOBER, tmp_path / "out", previous=out_of(first))
    assert contents(out_of(second)) == contents(tmp_path / "out")


def test_after_a_vendors_exit_nothing_corrects_its_signed_months(own, north, agreement, hotline):
    """Whether the deletion came to the files or died before them."""
    first = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    assert depart(hotline, "North", date(2026, 12, 1)).complete
    with tenant(own):
        assert corrections.correct(own, first) == []
        shutil.rmtree(first.folder)
        assert corrections.correct(own, first) == []


def test_late_facts_become_a_correction_that_the_next_open_month_books(own, north, agreement, hotline):
    first = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    late(hotline)
    with tenant(own):
        made = corrections.correct(own, first)
        told = [(one.line.clause, one.before, one.after, one.amount) for one in made]
        assert told == [("1", Decimal("540.00"), Decimal("558.00"), Decimal("18.00")),
                        ("4.2", Decimal("-16.20"), Decimal("-16.74"), Decimal("-0.54"))]  # fmt: skip
        assert corrections.correct(own, first) == []
    second = run(own, agreement, OCTOBER)
    assert second.payable == second.net + Decimal("17.46")
    assert [one.amount for one in booked_of(second)] == [Decimal("18.00"), Decimal("-0.54")]
    assert verify(bundle_of(second)).differences == []
    with tenant(own):
        assert [one.booked_in for one in Adjustment.objects.filter(line__statement=first)] == [second, second]
        told = Event.objects.get(name="statements.booked", number=second.pk)
        assert told.what["en"].startswith("2 corrections or credit notes went into the statement of North for October")


def test_corrections_follow_the_revision_that_books_them(own, north, agreement, hotline):
    first = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    late(hotline)
    with tenant(own):
        corrections.correct(own, first)
    second = run(own, agreement, OCTOBER)
    load(hotline, contacts=[leg(hotline, "more", "N1", "2026-10-10 19:30", wait=5_000)])
    third = run(own, agreement, OCTOBER)
    assert (third.revision, third.payable - third.net) == (2, Decimal("17.46"))
    assert booked_of(second) == booked_of(third)
    with tenant(own):
        assert Event.objects.filter(name="statements.booked").count() == 1
    locked = signed_by_both(own, north, third)
    with tenant(own):
        kept = list(Adjustment.objects.filter(line__statement=first).values_list("booked_in", flat=True))
    assert kept == [locked.pk, locked.pk]


def test_a_second_late_load_books_only_what_it_adds(own, north, agreement, hotline):
    first = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    late(hotline)
    with tenant(own):
        corrections.correct(own, first)
    load(hotline, contacts=[leg(hotline, "later", "N1", "2026-09-11 19:30", wait=5_000)])
    with tenant(own):
        again = corrections.correct(own, first)
        recomputed = corrections.recomputed(prepare(hotline), first)
        booked = sum(one.amount for one in Adjustment.objects.filter(line__statement=first))
    assert [(one.before, one.after) for one in again if one.line.clause == "1"] == [
        (Decimal("558.0000"), Decimal("564.00"))
    ]
    assert first.net + booked == recomputed.net


def test_facts_of_another_company_correct_nothing(own, north, agreement, hotline):
    first = signed_by_both(own, north, run(own, agreement, SEPTEMBER))
    load(hotline, contacts=[leg(hotline, "own", "O1", "2026-09-10 19:30", wait=60_000)])
    with tenant(own):
        assert corrections.correct(own, first) == []


def test_a_shadow_statement_needs_the_clients_signature_alone(own, shadow):
    made = run(own, shadow, SEPTEMBER)
    with tenant(own):
        sign_statement(own, made)
        made.refresh_from_db()
        assert (made.state, made.shadow) == (State.LOCKED, True)


def test_an_agreement_that_nobody_signed_is_not_settled(own, world: World, hotline):
    with pytest.raises(NothingSigned):
        run(own, world["Harbor"].rows["agreement"], SEPTEMBER)


def test_a_month_without_facts_leaves_nothing_behind(own, agreement, settings):
    with pytest.raises(Problem):
        run(own, agreement, Month(2026, 1))
    with tenant(own):
        assert not Statement.objects.filter(agreement=agreement, month="2026-01").exists()


def test_what_a_killed_run_left_is_written_over(own, agreement):
    made = run(own, agreement, SEPTEMBER)
    left = made.folder.with_name("2") / "out"
    shutil.copytree(out_of(made), left)
    (left / "statement.json").write_bytes(b"half")
    with tenant(own):
        made.state = State.SUPERSEDED
        made.save(update_fields=["state"])
    again = run(own, agreement, SEPTEMBER)
    assert again.revision == 2
    assert verify(bundle_of(again)).differences == []


def test_silence_is_written_down_once_and_not_while_it_can_be_disputed(world, own, north, hotline, monkeypatch):
    agreement = signed(world, own, north, "North", SILENT)
    made = run(own, agreement, SEPTEMBER)
    with tenant(own):
        assert not accept_silently(own, made)
        monkeypatch.setattr(timezone, "now", lambda: max(made.dispute_by, made.sign_by))
        assert accept_silently(own, made)
        assert not accept_silently(own, made)
        made.refresh_from_db()
        assert made.accepted_at is not None
        assert made.state == State.ISSUED
