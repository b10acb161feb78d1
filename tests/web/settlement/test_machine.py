"""Whatever both companies do, in whatever order: money is conserved, nothing signed moves, no step happens twice.

A state machine over statements of three months (one locked, one issued, one that goes on), claims, rulings,
withdrawals, escalations, silence, signatures, late facts, corrections and SQL of both companies, against the real
database; each example is rolled back. ``ONEFLOOR_MACHINE=200`` tries as many examples of as many steps.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hand_made import load
from hypothesis import HealthCheck
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from world import World

from onefloor.agreements.bundle import MANIFEST
from onefloor.floor import Floor, open_floor
from onefloor.metrics.prepare import prepare
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.agreements.signatures.queries import signatures_of
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes import actions
from onefloor_web.settlement.disputes.jobs import deadlines
from onefloor_web.settlement.disputes.models import RULED, Answer, Answering, Dispute, How, State
from onefloor_web.settlement.disputes.money import claimed, direction_of
from onefloor_web.settlement.statements.corrections import correct, recomputed
from onefloor_web.settlement.statements.issuing import accept_silently, sign_statement
from onefloor_web.settlement.statements.models import Adjustment, Head, Line, Statement
from onefloor_web.settlement.statements.reading import bundle_of
from onefloor_web.settlement.statements.running import run_month
from web.settlement.conftest import signed
from web.settlement.disputes.conftest import MONTH, PROCEDURE, money
from web.settlement.hotline import CLAUSES, leg

SEPTEMBER, OCTOBER, NOVEMBER = MONTHS = (Month(2026, 9), Month(2026, 10), Month(2026, 11))
EXAMPLES = int(os.environ.get("ONEFLOOR_MACHINE", "0"))
LATE = ("2026-09-10 19:30", "2026-10-10 19:30", "2026-10-11 20:30")
"""Contacts that come one by one after the months were settled, each answered late."""

RULES = "procedure: {sign: 5 working days, dispute: 16 working hours, rule: 8 working hours, rounds: 2, silence: %s, "
RULES += "escalation: [managers, directors], unsigned: accepted}\n"
RULES += "earn_back:\n  - {id: '7.1', title: {zh: 返还, en: Earn-back}, text: {zh: 返还, en: back}, clauses: ['4.2'], "
RULES += "good_months: 1, within: 3}"
COPIED = "company_id, agreement_id, line_id, kind, amount, before, after, reason, source, digest, made_at, made_by"
MINE = "nullif(current_setting('app.company', true), '')::bigint"
WRITTEN = (
    f"insert into statements_adjustment ({COPIED}, author_id) select l.company_id, s.agreement_id, l.id, {{}},"
    f" '{{{{}}}}', '{{{{}}}}', 'x', now(), 'x', {MINE}"
    " from statements_line l join statements_statement s on s.id = l.statement_id"
)
COMPANIES = st.sampled_from(["own", "north"])
AMOUNTS = st.sampled_from(["1.00", "4.00", "16.20", "30.00"])
SQL = st.sampled_from(
    [
        "update disputes_dispute set state = 'accepted', how = 'silence', closed_at = now() - interval '9 years'",
        "update disputes_dispute set state = 'rejected', how = 'ruling', closed_at = now()",
        "update disputes_dispute set due = now() + interval '9 years'",
        "update disputes_claim set amount = 1000000 where given_at is not null",
        "update disputes_answer set kind = 'all' where given_at is not null",
        "update statements_line set amount = 0",
        "update statements_statement set net = 0, payable = 0",
        "update statements_adjustment set amount = 1000000",
        "update statements_statement set state = 'locked', locked_at = now() where state = 'issued'",
        "delete from disputes_dispute",
        "delete from statements_adjustment",
        f"insert into statements_adjustment ({COPIED}, author_id) select {COPIED}, {MINE} from statements_adjustment",
        WRITTEN.format("'credit_note', 6, null, null"),
        WRITTEN.format("'correction', 6, l.amount, l.amount + 6"),
        "update statements_adjustment set booked_in_id = null",
        "update statements_adjustment a set booked_in_id = statement_id from statements_line l where l.id = line_id",
        "update statements_statement set state = 'superseded', superseded_at = now() where state = 'locked'",
        "update signatures_signature set signature = 'x'",
        "update signatures_signature set signer_id = company_id",
        "delete from signatures_signature",
        "update statements_head set digest = 'x'",
    ]
)


class Companies(RuleBasedStateMachine):
    """Two companies, and an agreement with September locked, October issued and November going on."""

    viewers: dict[str, Viewer]
    agreement: Agreement
    begins: Any
    clock: Callable[[Any], None]
    serve: Callable[[int], Floor]
    counted: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.clock(self.begins)
        self.facts = 0
        self.serve(0)
        self.lines: dict[int, Decimal] = {}
        self.nets: dict[int, tuple[Decimal, Decimal]] = {}
        self.ended: dict[tuple[int, int], tuple[Any, ...]] = {}
        self.locked: dict[int, tuple[Any, ...]] = {}
        self.credited: set[tuple[int, int]] = set()  # rulings whose credit was looked at, before a run sets it off

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def act(self, who: str, do: Callable[[Viewer], object]) -> bool:
        """An act that is done whole, or refused in words and then leaves nothing behind."""
        viewer = self.viewers[who]
        with tenant(viewer):
            try:
                with transaction.atomic():
                    do(viewer)
            except (Problem, DatabaseError) as problem:
                self.counted["database" if isinstance(problem, DatabaseError) else type(problem).__name__] += 1
                return False
        self.counted["done"] += 1
        return True

    def current(self, month: Month = OCTOBER) -> Statement:
        rows = Statement.objects.select_related("agreement", "company", "version")
        return rows.filter(agreement=self.agreement, month=str(month)).exclude(state="superseded").get()

    def currents(self) -> list[Statement]:
        return list(Statement.objects.filter(agreement=self.agreement).exclude(state="superseded").order_by("month"))

    def line(self, clause: str) -> Line:
        rows = Line.objects.select_related("statement__agreement", "statement__company", "statement__version")
        return rows.get(statement=self.current(), clause=clause)

    def disputes(self) -> list[Dispute]:
        with tenant(self.viewers["own"]):
            rows = Dispute.objects.filter(statement__agreement=self.agreement)
            return list(
                rows.select_related("statement__agreement", "statement__version", "line", "claim").order_by("pk")
            )

    def one(self, place: int) -> Dispute:
        found = self.disputes()
        return found[place % len(found)]

    @rule(who=COMPANIES, clause=st.sampled_from(["1", "4.2"]), amount=AMOUNTS)
    def claim_an_amount(self, who: str, clause: str, amount: str) -> None:
        self.act(who, lambda viewer: actions.raise_dispute(
            viewer, actions.save_claim(viewer, self.line(clause), "a reason", money(amount))
        ))  # fmt: skip

    @rule()
    def claim_rows(self) -> None:
        self.act("north", lambda viewer: actions.raise_dispute(
            viewer, actions.save_claim(viewer, self.line("4.2"), "a reason", MONTH)
        ))  # fmt: skip

    @precondition(lambda self: self.disputes())
    @rule(who=COMPANIES, kind=st.sampled_from(list(Answering)), amount=AMOUNTS, place=st.integers(0, 9))
    def answer(self, who: str, kind: Answering, amount: str, place: int) -> None:
        self.act(who, lambda viewer: actions.send_answer(
            viewer, actions.save_answer(viewer, self.one(place), kind, "a reason", money(amount))
        ))  # fmt: skip

    @precondition(lambda self: self.disputes())
    @rule(who=COMPANIES, place=st.integers(0, 9))
    def agree(self, who: str, place: int) -> None:
        one = self.one(place)

        def agreed(viewer: Viewer) -> None:
            if proposed := Answer.objects.filter(dispute=one, given_at__isnull=False).last():
                actions.agree(viewer, one, proposed)

        self.act(who, agreed)

    @precondition(lambda self: self.disputes())
    @rule(who=COMPANIES, place=st.integers(0, 9))
    def withdraw(self, who: str, place: int) -> None:
        self.act(who, lambda viewer: actions.withdraw(viewer, self.one(place)))

    @precondition(lambda self: self.disputes())
    @rule(who=COMPANIES, place=st.integers(0, 9))
    def escalate(self, who: str, place: int) -> None:
        self.act(who, lambda viewer: actions.escalate(viewer, self.one(place)))

    @rule(who=COMPANIES, month=st.sampled_from(MONTHS))
    def sign(self, who: str, month: Month) -> None:
        self.act(who, lambda viewer: sign_statement(viewer, self.current(month)))

    @rule()
    def both_sign(self) -> None:
        for who in ("north", "own"):
            self.sign(who, OCTOBER)

    @rule(month=st.sampled_from(MONTHS))
    def silence_accepts(self, month: Month) -> None:
        """Never what is disputed, nor past a month that is open."""
        with tenant(self.viewers["own"]):
            now = self.current(month)
            held = [one for one in self.disputes() if one.under_way and one.statement_id == now.pk]
        if not held:
            self.act("own", lambda viewer: accept_silently(viewer, now))

    @rule(hours=st.sampled_from([1, 20, 70]))
    def wait(self, hours: int) -> None:
        self.clock(timedelta(hours=hours))

    @rule(who=COMPANIES)
    def keep_time(self, who: str) -> None:
        self.act(who, lambda viewer: deadlines(viewer, lambda *_: None))

    @rule(who=st.sampled_from(["own", "own", "own", "north"]), month=st.sampled_from(MONTHS))
    def run(self, who: str, month: Month) -> None:
        """Only the client's work makes a revision, and none over what is locked or disputed."""
        with tenant(self.viewers["own"]):
            before = self.current(month)
        self.act(who, lambda viewer: run_month(viewer, self.agreement, month))
        with tenant(self.viewers["own"]):
            assert who == "own" or self.current(month) == before

    @precondition(lambda self: self.facts < len(LATE))
    @rule()
    def facts_come_late(self) -> None:
        self.facts += 1
        self.serve(self.facts)

    @rule(who=st.sampled_from(["own", "own", "north"]))
    def compare_locked_months(self, who: str) -> None:
        """What differs is proposed once; then the line and its corrections are what the facts of now give."""
        prepared = prepare(self.serve(self.facts))
        with tenant(self.viewers["own"]):
            locked = [one for one in self.currents() if one.state == "locked"]
        for one in locked:
            done = self.act(who, lambda viewer, one=one: correct(viewer, one, prepared))
            if who == "own":
                assert done
                self.corrected(one, prepared)

    def corrected(self, one: Statement, prepared: Any) -> None:
        with tenant(self.viewers["own"]):
            assert correct(self.viewers["own"], one, prepared) == []
            rows = Adjustment.objects.filter(line__statement=one, kind="correction")
            moved = sum((note.amount for note in rows), Decimal(0))
            again = recomputed(prepared, one)
            given, owed = self.credits(one, {line.clause: line.amount for line in again.lines})
            assert one.net + given + moved == again.net + owed
            self.counted["corrected"] += bool(moved)

    def credits(self, one: Statement, now: dict[str, Decimal]) -> tuple[Decimal, Decimal]:
        """What was credited of a month's lines, and what of it is owed beside the lines of now: no row twice."""
        rows = Adjustment.objects.filter(agreement=self.agreement, kind="credit_note", line__statement__month=one.month)
        of_line: defaultdict[str, list[Adjustment]] = defaultdict(list)
        for note in rows.select_related("line").order_by("pk"):
            of_line[note.line.clause].append(note)
        owed = Decimal(0)
        for clause, notes in of_line.items():
            newest = [note for note in notes if "set_off" not in note.source][-1]
            ruled = sum((note.amount for note in notes if note.pk <= newest.pk), Decimal(0))
            best, far = newest.line.amount + ruled, max if ruled > 0 else min
            same_way = (now[clause] - newest.line.amount) * ruled > 0
            owed += far(best, now[clause]) - now[clause] if same_way else ruled
            self.counted["covered"] += same_way
        return sum((note.amount for notes in of_line.values() for note in notes), Decimal(0)), owed

    @rule(who=COMPANIES, statement=SQL)
    def try_sql(self, who: str, statement: str) -> None:
        """Refused, or it touches no row that was there."""
        with tenant(self.viewers[who]):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount == 0, statement
            except DatabaseError:
                self.counted["sql refused"] += 1

    @invariant()
    def nothing_that_was_issued_moves(self) -> None:
        with tenant(self.viewers["own"]):
            lines = dict(Line.objects.filter(company=self.agreement.company_id).values_list("pk", "amount"))
            rows = Statement.objects.filter(company=self.agreement.company_id, agreement=self.agreement)
            nets = {row.pk: (row.net, row.payable) for row in rows}
        assert {pk: lines[pk] for pk in self.lines} == self.lines
        assert {pk: nets[pk] for pk in self.nets} == self.nets
        self.lines, self.nets = lines, nets

    @invariant()
    def nothing_that_was_signed_moves(self) -> None:
        """Figures, booking, signatures, kept heads and the bundle on disk."""
        with tenant(self.viewers["own"]):
            now = {one.pk: self.told(one) for one in self.currents() if one.state == "locked"}
        assert {pk: now.get(pk) for pk in self.locked} == self.locked
        self.locked = now

    def told(self, one: Statement) -> tuple[Any, ...]:
        notes = Adjustment.objects.filter(booked_in=one).order_by("pk").values_list("pk", "amount", "digest")
        signs = Signature.objects.filter(about="statements.statement", number=one.pk).order_by("pk")
        heads = Head.objects.filter(statement=one.pk).count()
        manifest = sha256((bundle_of(one) / MANIFEST).read_bytes()).hexdigest()
        assert manifest == one.manifest_digest
        told = [(sign.signer_id, sign.digest, sign.signature) for sign in signs]
        return one.digest, one.net, one.payable, one.locked_at, tuple(notes), tuple(told), heads

    @invariant()
    def money_is_conserved(self) -> None:
        """What is payable is the lines and what is booked; a line is credited what was granted, no more."""
        with tenant(self.viewers["own"]):
            notes = list(Adjustment.objects.filter(agreement=self.agreement).select_related("line__statement"))
            for now in self.currents():
                booked = [note for note in notes if note.booked_in_id == now.pk]
                assert now.payable == now.net + sum((note.amount for note in booked), Decimal(0))
                assert now.net == sum((line.amount for line in now.lines.all()), Decimal(0))
                assert all(note.line.statement.month <= now.month for note in booked)
            self.in_their_order([note for note in notes if note.kind == "correction"])
            sums: Counter[tuple[str, str]] = Counter()
            for note in notes:
                if note.kind == "credit_note":
                    sums[note.line.statement.month, note.line.clause] += note.amount
            for one in self.disputes():
                if one.state in RULED and one == self.latest(one) and (one.pk, one.step) not in self.credited:
                    self.credited.add((one.pk, one.step))
                    self.granted(one, sums[one.statement.month, one.line.clause])

    @invariant()
    def nothing_comes_back_twice(self) -> None:
        """Earn-back returns no more of a closed month's credit than what stands of it in the chain."""
        with tenant(self.viewers["own"]):
            for now in self.currents():
                chain = list(self.chain_of(now))
                for line in now.lines.filter(kind="earn_back"):
                    clause, month = line.key.rpartition("|")[2].split(" ")
                    for then in (one for one in chain if one.month == month):
                        took = then.lines.get(clause=clause).amount
                        booked = Adjustment.objects.filter(
                            line__statement__month=month, line__statement__agreement=self.agreement,
                            line__clause=clause, booked_in__in=[now, *chain],
                        )  # fmt: skip
                        left = took + sum((note.amount for note in booked), Decimal(0))
                        assert line.amount == -left
                        self.counted["came back"] += 1

    def chain_of(self, now: Statement) -> Iterator[Statement]:
        while now.previous is not None:
            now = now.previous
            yield now

    def in_their_order(self, corrections: list[Adjustment]) -> None:
        """Each correction of a line begins where the one before ended, the first at what was signed."""
        came_to: dict[int, tuple[Decimal, int]] = {}
        for note in sorted(corrections, key=lambda note: note.pk):
            before, since = came_to.get(note.line_id, (note.line.amount, 0))
            assert note.before == before + self.credit_of(note.line, since, note.pk)  # both may agree in between
            assert note.line.statement.state == "locked"
            came_to[note.line_id] = note.after, note.pk

    def credit_of(self, line: Line, since: int, before: int) -> Decimal:
        rows = Adjustment.objects.filter(
            agreement=self.agreement, kind="credit_note", line__statement__month=line.statement.month,
            line__clause=line.clause, pk__gt=since, pk__lt=before,
        )  # fmt: skip
        return sum((note.amount for note in rows), Decimal(0))

    def latest(self, one: Dispute) -> Dispute:
        key = (one.statement.month, one.line.clause)
        return [other for other in self.disputes() if (other.statement.month, other.line.clause) == key][-1]

    def granted(self, one: Dispute, credited: Decimal) -> None:
        """The newest ruling about a line leaves it credited with just what it says."""
        way = direction_of(one.statement, one.claimant_id)
        if one.state == State.ACCEPTED:
            assert credited == one.claim.moves
        if one.state == State.PARTLY:
            answer = Answer.objects.get(pk=one.answer_id)
            assert credited == answer.moves
            assert way * (one.claim.moves - credited) >= 0

    @invariant()
    def a_disputed_statement_is_not_signed_by_both(self) -> None:
        with tenant(self.viewers["own"]):
            going = [one for one in self.disputes() if one.under_way]
            for now in self.currents():
                assert not any(one.statement_id == now.pk for one in going) or now.state == "issued"
                assert now.state != "locked" or len(signatures_of(now)) == 2
            assert all(way_of(one) * claimed(one) > 0 for one in going)

    @invariant()
    def no_step_happens_twice_and_nobody_acts_for_the_other(self) -> None:
        found = self.disputes()
        rounds = Counter((one.statement.month, one.line.clause, one.round) for one in found)
        assert max(rounds.values(), default=1) == 1
        anew = any(one.state == State.RESERVED and not one.at_issue for one in found)  # a revision later
        assert anew or max((one.round for one in found), default=0) <= 2
        for one in found:
            key, end = (one.pk, one.step), (one.state, one.how, one.closed_at, one.answer_id)
            self.counted["reserved"] += one.reserved
            if not one.under_way and one.state != State.RESERVED:
                assert self.ended.setdefault(key, end) == end
            self.by_whom(one)

    def by_whom(self, one: Dispute) -> None:
        with tenant(self.viewers["own"]):
            claim = one.claim
            assert claim.author_id == one.claimant_id
            if one.how == How.RULING:
                assert Answer.objects.get(pk=one.answer_id).author_id != one.claimant_id
            if one.state in RULED and one.how == How.SILENCE:
                assert one.answer_id is None


def way_of(one: Dispute) -> int:
    return direction_of(one.statement, one.claimant_id)


@pytest.fixture
def floors(hotline: Floor, tmp_path: Path) -> list[Path]:
    """The hotline's floor, and how it is after each late contact."""
    made = [hotline.root]
    for nth, moment in enumerate(LATE):
        made.append(tmp_path / f"late-{nth}")
        shutil.copytree(made[-2], made[-1])
        floor = open_floor(made[-1])
        load(floor, contacts=[leg(floor, f"late-{nth}", "N1", moment, wait=60_000)])
        prepare(floor)
    return made


@pytest.mark.parametrize("silence", ["accepted", "escalated"])
def test_whatever_both_companies_do(world: World, own, north, floors: list[Path], monkeypatch, settings, silence: str):
    agreement, counted = signed(world, own, north, "North", CLAUSES.replace(PROCEDURE, RULES % silence)), Counter()
    with tenant(own):
        first = run_month(own, agreement, SEPTEMBER)
    for viewer in (own, north):
        with tenant(viewer):
            sign_statement(viewer, first)
    with tenant(own):
        second, _third = (run_month(own, agreement, month) for month in (OCTOBER, NOVEMBER))

    def clock(to: Any) -> None:
        at = timezone.now() + to if isinstance(to, timedelta) else to
        monkeypatch.setattr(timezone, "now", lambda: at)

    def serve(nth: int) -> Floor:
        settings.FLOOR = floors[nth]
        return open_floor(floors[nth])

    class Machine(Companies):
        pass

    Machine.viewers, Machine.agreement, Machine.counted = {"own": own, "north": north}, agreement, counted
    Machine.clock, Machine.serve, Machine.begins = staticmethod(clock), staticmethod(serve), second.issued_at
    run_state_machine_as_test(
        Machine,
        settings=profile(
            max_examples=EXAMPLES or 8, stateful_step_count=max(EXAMPLES, 20), deadline=None, database=None,
            derandomize=not EXAMPLES, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert counted["done"] > 30
    assert {"Locked", "corrected", "sql refused", "came back"} <= set(counted), counted
