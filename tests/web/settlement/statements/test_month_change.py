"""A month ends, terms of another date begin, an agreement ends and is renewed: statements follow, day by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hand_made import load
from job_runs import InMemory, run_waiting
from world import World

from onefloor.agreements.terms.agreement import NotInForce
from onefloor.floor import Floor
from onefloor.periods import Month
from onefloor_web.agreements.register.dates import END, dates_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import in_force, standings
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.jobs import monthly, open_months
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.statements.running import run_month
from web.settlement.conftest import signed
from web.settlement.hotline import CLAUSES, leg

HERE = ZoneInfo("Asia/Shanghai")
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
DEARER = """amendments:
  - {from: 2026-12-01, note: dearer, price: [{id: "1", text: dearer, rate: 7.00}]}
"""
ENDS = "until: {}\n"
RENEWED = "renewal: {months: 12, notice: 10 days}\n"

Set = Callable[[int, int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set the clock: six in the morning of a day of 2026."""

    def moved(month: int, day: int) -> None:
        now = datetime(2026, month, day, 6, tzinfo=HERE)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return moved


def morning(own: Viewer) -> None:
    """What the client's work does of itself before people come."""
    with tenant(own):
        monthly(own, InMemory().report)
    run_waiting(own.company)


def states(own: Viewer, agreement: Agreement) -> dict[str, tuple[str, int]]:
    with tenant(own):
        rows = Statement.objects.filter(agreement=agreement, month__range=("2026-10", "2026-12"))
        return {one.month: (one.state, one.revision) for one in rows.exclude(state="superseded")}


def december_comes(hotline: Floor) -> None:
    """Contacts of the first two days of December: November is whole."""
    load(hotline, contacts=[leg(hotline, f"dec-{day}", "N1", f"2026-12-0{day} 09:00", wait=5_000) for day in (1, 2)])


def test_the_morning_after_a_month_settles_the_new_one_and_issues_the_old_one_whose_facts_are_in(
    own: Viewer, agreement: Agreement, hotline: Floor, at: Set
):
    at(11, 21)
    morning(own)
    before = {"2026-10": ("issued", 1), "2026-11": ("draft", 2)}  # one of November was there
    assert states(own, agreement) == before
    with tenant(own):
        assert open_months(agreement) == [NOVEMBER]
    december_comes(hotline)
    at(12, 2)
    morning(own)
    assert states(own, agreement) == {
        "2026-10": ("issued", 1), "2026-11": ("issued", 3), "2026-12": ("draft", 1)
    }  # fmt: skip
    morning(own)
    assert states(own, agreement)["2026-11"] == ("issued", 3)


def test_terms_of_another_date_are_settled_from_their_month_on(
    world: World, own: Viewer, north: Viewer, hotline: Floor, at: Set
):
    at(11, 21)
    agreement = signed(world, own, north, "North", f"{CLAUSES}{DEARER}")
    december_comes(hotline)
    at(12, 2)
    with tenant(own):
        fees = [run_month(own, agreement, month).lines.get(clause="1").amount for month in (NOVEMBER, DECEMBER)]
    assert fees == [Decimal("6.00"), Decimal("14.00")]


def test_after_its_end_nothing_is_settled_until_both_have_signed_a_later_one(
    world: World, own: Viewer, north: Viewer, hotline: Floor, at: Set
):
    at(11, 10)
    agreement = signed(world, own, north, "North", f"{ENDS.format('2026-12-01')}{CLAUSES}")
    assert ends(own, agreement) == [date(2026, 12, 1)]
    december_comes(hotline)
    at(12, 2)
    with tenant(own):
        held = [in_force(agreement, day) is not None for day in (date(2026, 11, 30), date(2026, 12, 1))]
        assert held == [True, False]
        assert run_month(own, agreement, NOVEMBER).state == "issued"
        with pytest.raises(NotInForce):
            run_month(own, agreement, DECEMBER)
        assert open_months(agreement) == []
    morning(own)
    assert "2026-12" not in states(own, agreement)
    signed(world, own, north, "North", f"{ENDS.format('2027-12-01')}{CLAUSES}")
    assert ends(own, agreement) == [date(2027, 12, 1)]
    morning(own)
    assert states(own, agreement)["2026-12"] == ("draft", 1)


def test_terms_that_are_renewed_are_settled_beyond_their_end(
    world: World, own: Viewer, north: Viewer, hotline: Floor, at: Set
):
    at(11, 10)
    agreement = signed(world, own, north, "North", f"{ENDS.format('2026-12-01')}{RENEWED}{CLAUSES}")
    december_comes(hotline)
    at(12, 2)
    morning(own)
    assert {month: state for month, (state, _revision) in states(own, agreement).items()} == {
        "2026-11": "issued", "2026-12": "draft"
    }  # fmt: skip


def ends(own: Viewer, agreement: Agreement) -> list[date]:
    """The first day after the end."""
    with tenant(own):
        (standing,) = standings([agreement])
        return [one.at.astimezone(HERE).date() for one in dates_of(standing) if one.kind == END]
