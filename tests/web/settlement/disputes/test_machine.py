"""Whatever both companies do, in whatever order: money is conserved, nothing signed moves, no step happens twice.

A state machine over claims, rulings, withdrawals, escalations, silence, signatures, new revisions and raw SQL, against
the real database; each example is rolled back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from onefloor.problems import Problem
from onefloor_web.agreements.signatures.queries import signed_by
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes import actions
from onefloor_web.settlement.disputes.jobs import deadlines
from onefloor_web.settlement.disputes.models import RULED, Answer, Answering, Dispute, How, State
from onefloor_web.settlement.disputes.money import claimed, direction_of
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Adjustment, Line, Statement
from onefloor_web.settlement.statements.running import run_month
from web.settlement.disputes.conftest import MONTH, OCTOBER, money

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
    ]
)
PROCEDURE = (
    "dispute: 16 working hours, rule: 8 working hours, rounds: 2, silence: {}, escalation: [managers, directors]"
)


class Companies(RuleBasedStateMachine):
    """Two companies and one issued statement."""

    viewers: dict[str, Viewer]
    issued: Statement
    clock: Callable[[Any], None]
    counted: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.clock(self.issued.issued_at)
        self.lines: dict[int, Decimal] = {}
        self.nets: dict[int, tuple[Decimal, Decimal]] = {}
        self.ended: dict[tuple[int, int], tuple[Any, ...]] = {}

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
            except Problem as problem:
                self.counted[type(problem).__name__] += 1
                return False
        self.counted["done"] += 1
        return True

    def current(self) -> Statement:
        rows = Statement.objects.select_related("agreement", "company", "version")
        return rows.filter(agreement=self.issued.agreement, month=str(OCTOBER)).exclude(state="superseded").get()

    def line(self, clause: str) -> Line:
        rows = Line.objects.select_related("statement__agreement", "statement__company", "statement__version")
        return rows.get(statement=self.current(), clause=clause)

    def disputes(self) -> list[Dispute]:
        with tenant(self.viewers["own"]):
            month = str(OCTOBER)
            rows = Dispute.objects.filter(statement__agreement=self.issued.agreement, statement__month=month)
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

    @rule(who=COMPANIES)
    def sign(self, who: str) -> None:
        self.act(who, lambda viewer: sign_statement(viewer, self.current()))

    @rule(hours=st.sampled_from([1, 20, 70]))
    def wait(self, hours: int) -> None:
        self.clock(timedelta(hours=hours))

    @rule(who=COMPANIES)
    def keep_time(self, who: str) -> None:
        self.act(who, lambda viewer: deadlines(viewer, lambda *_: None))

    @precondition(lambda self: any(one.state in RULED for one in self.disputes()))
    @rule()
    def run_again(self) -> None:
        if not any(one.under_way for one in self.disputes()):
            self.act("own", lambda viewer: run_month(viewer, self.issued.agreement, OCTOBER))

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
            lines = dict(Line.objects.filter(company=self.issued.company_id).values_list("pk", "amount"))
            rows = Statement.objects.filter(company=self.issued.company_id, agreement=self.issued.agreement)
            nets = {row.pk: (row.net, row.payable) for row in rows}
        assert {pk: lines[pk] for pk in self.lines} == self.lines
        assert {pk: nets[pk] for pk in self.nets} == self.nets
        self.lines, self.nets = lines, nets

    @invariant()
    def money_is_conserved(self) -> None:
        """What is payable is the net and what is booked; what was credited of a line is what was granted, no more."""
        with tenant(self.viewers["own"]):
            now = self.current()
            notes = list(Adjustment.objects.filter(agreement=now.agreement, line__statement__month=now.month))
            booked = sum((note.amount for note in notes if note.booked_in_id == now.pk), Decimal(0))
            assert now.payable == now.net + booked
            sums: Counter[str] = Counter()
            for note in notes:
                sums[note.source["line"]] += note.amount
            for one in self.disputes():
                if one.state in RULED and one == self.latest(one):
                    self.granted(one, sums[one.line.number])

    def latest(self, one: Dispute) -> Dispute:
        return [other for other in self.disputes() if other.line.clause == one.line.clause][-1]

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
            now = self.current()
            going = [one for one in self.disputes() if one.under_way]
            assert not (going and now.state != "issued")
            assert now.state != "locked" or len(signed_by(now)) == 2
            assert all(way_of(one) * claimed(one) > 0 for one in going)

    @invariant()
    def no_step_happens_twice_and_nobody_acts_for_the_other(self) -> None:
        found = self.disputes()
        assert max(Counter((one.line.clause, one.round) for one in found).values(), default=1) == 1
        assert max((one.round for one in found), default=0) <= 2
        for one in found:
            key, end = (one.pk, one.step), (one.state, one.how, one.closed_at, one.answer_id)
            if not one.under_way:
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


@pytest.mark.parametrize("silence", ["accepted", "escalated"])
def test_whatever_both_companies_do(own: Viewer, north: Viewer, issue, move, monkeypatch, silence: str):
    statement, counted = issue(PROCEDURE.format(silence)), Counter()

    def clock(to: Any) -> None:
        at = timezone.now() + to if isinstance(to, timedelta) else to
        monkeypatch.setattr(timezone, "now", lambda: at)

    class Machine(Companies):
        pass

    Machine.viewers, Machine.issued, Machine.counted = {"own": own, "north": north}, statement, counted
    Machine.clock = staticmethod(clock)
    run_state_machine_as_test(
        Machine,
        settings=profile(
            max_examples=15, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert counted["done"] > 50
    assert {"Over", "NotYourTurn", "UnderWay", "StillDisputed", "sql refused"} <= set(counted)
