"""A credit that was given back is not earned back as well, and a miss that was ruled away is none."""

from __future__ import annotations

from typing import Any

import pytest
from hand_made import load
from world import World

from onefloor.agreements.history import read_chain
from onefloor.agreements.verify import verify
from onefloor.floor import Floor
from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.actions import save_answer, send_answer
from onefloor_web.settlement.disputes.models import Answering
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.statements import corrections
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.statements.reading import bundle_of
from onefloor_web.settlement.statements.running import run_month
from web.settlement.conftest import signed
from web.settlement.disputes.conftest import disputed, line_of, money
from web.settlement.hotline import CLAUSES, leg

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
EARN_BACK = """earn_back:
  - {id: "7.1", title: {zh: 返还, en: Earn-back}, text: {zh: 返还, en: back}, clauses: ["4.2"], good_months: 1,
     within: 3}
"""
TWICE = "credit: 30%, consecutive: [{misses: 2, times: 2}]}"
CREDIT = "16.20"  # what clause 4.2 takes in a month that misses


@pytest.fixture
def agreement(world: World, own: Viewer, north: Viewer) -> Agreement:
    return signed(world, own, north, "North", EARN_BACK + CLAUSES)


def good(hotline: Floor, month: str) -> list[dict[str, Any]]:
    """Contacts that bring a month back to its target."""
    days = [f"{month}-{day:02d}" for day in range(1, 29)]
    return [
        leg(hotline, f"f-{day}-{hour}-{minute}", "N1", f"{day} {hour:02d}:{minute:02d}", wait=1_000)
        for day in days
        for hour in range(8, 20)
        for minute in (5, 25, 45)
    ]


def run(own: Viewer, agreement: Agreement, month: Month) -> Statement:
    with tenant(own):
        return run_month(own, agreement, month)


def lock(own: Viewer, north: Viewer, statement: Statement) -> None:
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, statement)


def rule(own: Viewer, north: Viewer, statement: Statement, amount: str) -> None:
    dispute = disputed(north, line_of(north, statement), money(amount))
    with tenant(own):
        send_answer(own, save_answer(own, dispute, Answering.ALL, "the CRM was down", Wish()))


def returned(own: Viewer, statement: Statement) -> list[str]:
    with tenant(own):
        return [f"{line.amount:.2f}" for line in statement.lines.filter(kind="earn_back")]


@pytest.mark.parametrize(("amount", "back"), [(CREDIT, []), ("6.20", ["10.00"])])
def test_a_credit_that_a_ruling_gave_back_is_not_earned_back(
    agreement: Agreement, own: Viewer, north: Viewer, hotline: Floor, amount: str, back: list[str]
) -> None:
    load(hotline, contacts=good(hotline, "2026-10"))
    rule(own, north, run(own, agreement, SEPTEMBER), amount)
    lock(own, north, run(own, agreement, SEPTEMBER))
    october = run(own, agreement, OCTOBER)
    assert returned(own, october) == back
    with tenant(own):
        found = verify(bundle_of(october))
        since = read_chain(bundle_of(october) / "history.json")[SEPTEMBER].since
    assert found.differences == []
    assert [(one.clause, one.outcome) for one in since] == [("4.2", "missed" if back else "met")]


def test_a_correction_takes_back_what_was_earned_back(
    agreement: Agreement, own: Viewer, north: Viewer, hotline: Floor
) -> None:
    load(hotline, contacts=good(hotline, "2026-10"))
    for month in (SEPTEMBER, OCTOBER):
        lock(own, north, run(own, agreement, month))
    load(hotline, contacts=[*good(hotline, "2026-09"), leg(hotline, "n", "N1", "2026-12-01 09:00", wait=5_000)])
    with tenant(own):
        months = list(
            Statement.objects.filter(agreement=agreement, state="locked", month__gte="2026-09").order_by("month")
        )
        made = [[one for one in corrections.correct(own, month) if one.line.clause] for month in months]
        again = [corrections.correct(own, month) for month in months]
    moved = [{(one.line.clause, f"{one.amount:.2f}") for one in some} for some in made]
    assert ("4.2", CREDIT) in moved[0]
    assert moved[1] == {("7.1", f"-{CREDIT}")}
    assert again == [[], []]
    november = run(own, agreement, NOVEMBER)
    with tenant(own):
        assert verify(bundle_of(november)).differences == []
        chain = read_chain(bundle_of(november) / "history.json")
    assert [(one.clause, one.outcome, one.credit) for one in chain[SEPTEMBER].since] == [("4.2", "met", 0)]
    assert chain[OCTOBER].since == ()


def test_a_miss_that_was_ruled_away_does_not_count_as_one_in_a_row(
    world: World, own: Viewer, north: Viewer, hotline: Floor
) -> None:
    agreement = signed(world, own, north, "North", CLAUSES.replace("credit: 30%}", TWICE))
    rule(own, north, run(own, agreement, SEPTEMBER), CREDIT)
    lock(own, north, run(own, agreement, SEPTEMBER))
    october = run(own, agreement, OCTOBER)
    assert f"{line_of(own, october).amount:.2f}" == f"-{CREDIT}"
