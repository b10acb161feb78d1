"""What an agreement says of prices and committed volume: counted by hand, and against what settlement would pay."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import inf
from pathlib import Path

import pytest
from hand_made import at, load, new_floor

from onefloor.agreements.terms.around import Forecast
from onefloor.agreements.terms.prices import Contact, FteMonth, HandledMinute, SeatMonth
from onefloor.agreements.terms.values import ScopeTerm
from onefloor.agreements.terms.version import Terms
from onefloor.floor import Floor
from onefloor.language import Text, same
from onefloor.periods import Month
from onefloor.planning.splitting.agreed import company_of
from onefloor.planning.splitting.locked import Locked, locked_of
from onefloor.planning.splitting.problem import BadSplit

SAID = {"title": same("x"), "text": Text("x", "x")}
DECEMBER = Month(2026, 12)
BY_CONTACT = (Contact(id="1", rate=Fraction(6), **SAID),)
BAND = Forecast(id="4", band=Fraction(1, 10), rate=Fraction(6), **SAID)
TAX = ScopeTerm((("queue", ("tax",)),))
HANDLING = {"tax": 360.0, "water": 180.0}
WEEK = [date(2026, 12, 7) + timedelta(n) for n in range(7)]


def terms(forecast: Forecast | None = None, *price: object) -> Terms:
    return Terms(start=date(2026, 1, 1), price=price or BY_CONTACT, forecast=forecast)  # type: ignore[arg-type]


def test_an_agreement_gives_its_prices_seats_and_committed_hours() -> None:
    held = terms(
        replace(BAND, locked=((DECEMBER, 10_000),)), *BY_CONTACT, HandledMinute(id="2", rate=Fraction(1), **SAID),
        SeatMonth(id="3", seats=Fraction(12), rate=Fraction(100), **SAID),
    )  # fmt: skip
    found = company_of("north", held, DECEMBER, {"tech": 360.0}, occupancy=0.8)
    assert found.prices == pytest.approx({"tech": 6 * 8 + 60 * 0.8})
    assert (found.seats, found.paid_at_least) == (12.0, pytest.approx(9_000 * 0.1 / 0.8))
    assert not found.unknown_volume
    assert company_of("north", held, Month(2027, 1), {"tech": 360.0}).unknown_volume
    with pytest.raises(BadSplit):
        company_of("x", terms(None, held.price[2]), DECEMBER, {"tech": 360.0})


def test_a_month_of_a_full_time_equivalent_is_a_price_of_an_hour_and_an_end_of_hours() -> None:
    month = FteMonth(id="1", rate=Fraction(8_000), hours=Fraction(160), **SAID)
    found = company_of("x", terms(None, month), DECEMBER, HANDLING)
    assert (dict(found.prices), found.most_hours) == ({"tax": 50.0, "water": 50.0}, inf)
    most = replace(month, most=Fraction(5))
    assert company_of("x", terms(None, most), DECEMBER, HANDLING, share_of_month=0.25).most_hours == 200.0
    assert company_of("x", terms(None, most), DECEMBER, HANDLING, prices={"tax": 9.0}).most_hours == inf
    with pytest.raises(BadSplit, match='so many FTE at most for "tax" alone'):
        company_of("x", terms(None, *BY_CONTACT, replace(most, scope=TAX)), DECEMBER, HANDLING)


def test_a_clause_that_names_queues_commits_hours_of_these_alone() -> None:
    clause = replace(BAND, scope=TAX, locked=((DECEMBER, 1_000),), rate=Fraction(5))
    found = company_of("x", terms(clause), DECEMBER, HANDLING, occupancy=1.0, share_of_month=0.5)
    # 900 contacts of 360 s are 90 hours, half of them in these days; a missing contact costs 5: 50 an hour.
    assert (found.paid_at_least, found.paid_for, found.idle_price) == (45.0, ("tax",), 50.0)
    other = replace(clause, scope=ScopeTerm((("queue", ("gas",)),)))
    assert company_of("x", terms(other), DECEMBER, HANDLING).paid_at_least == 0.0
    unpaid = replace(clause, shortfall="not_paid")
    assert company_of("x", terms(unpaid), DECEMBER, HANDLING).paid_at_least == 0.0
    every = company_of("x", terms(replace(clause, scope=ScopeTerm())), DECEMBER, HANDLING, occupancy=1.0)
    assert (every.paid_at_least, every.paid_for) == (pytest.approx(900 * 270 / 3600), ())


def test_a_locked_forecast_of_the_floor_commits_as_much_as_lies_in_the_days_and_skills_that_are_split() -> None:
    locked = Locked(month=10_000, here={"tax": 1_500, "water": 500, "gas": 400})
    found = company_of("x", terms(BAND), DECEMBER, HANDLING, occupancy=1.0, share_of_month=0.1, locked=locked)
    # The lower edge of the month is 9,000; 2,000 of 10,000 lie here: 1,800 contacts of (3 x 360 + 180) / 4 = 315 s.
    assert (found.paid_at_least, found.unknown_volume) == (pytest.approx(1_800 * 315 / 3600), False)
    # A number in the terms goes before the floor's; the terms have numbers of other months only: settlement has none.
    written = replace(BAND, locked=((DECEMBER, 100),))
    held = company_of("x", terms(written), DECEMBER, HANDLING, occupancy=1.0, locked=locked)
    assert held.paid_at_least == pytest.approx(90 * 270 / 3600)
    assert company_of("x", terms(written), Month(2027, 1), HANDLING, locked=locked).unknown_volume
    # A minimum volume above the band's edge holds, in the proportions of the forecast.
    least = replace(BAND, minimum=9_500)
    more = company_of("x", terms(least), DECEMBER, HANDLING, occupancy=1.0, locked=locked)
    assert more.paid_at_least == pytest.approx(9_500 * 0.2 * 315 / 3600)


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    """Locked forecasts of two companies, of a whole queue, of November; one interval locked again."""
    held = new_floor(tmp_path, "Asia/Shanghai")
    north = {"company": "North", "queue": "tax"}
    load(held, forecasts=[
        {"started_ms": at(held, "2026-12-01 00:00"), "contacts": 40, **north},
        {"started_ms": at(held, "2026-11-30 23:30"), "contacts": 900, **north},
        {"started_ms": at(held, "2026-12-07 09:00"), "contacts": 999, "locked_ms": 1, "key": "old", **north},
        {"started_ms": at(held, "2026-12-07 09:00"), "contacts": 10, "locked_ms": 2, "key": "new", **north},
        {"started_ms": at(held, "2026-12-13 23:30"), "contacts": 6, "company": "North", "queue": "water"},
        {"started_ms": at(held, "2026-12-08 09:00"), "contacts": 70, "company": "Own", "queue": "tax"},
        {"started_ms": at(held, "2026-12-08 09:30"), "contacts": 80, "queue": "tax"},
        {"started_ms": at(held, "2026-12-08 09:30"), "contacts": 5, "queue": "water"},
    ])  # fmt: skip
    return held


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (ScopeTerm(), Locked(56, {"tax": 10, "water": 6})),
        (TAX, Locked(50, {"tax": 10})),
        (replace(TAX, unassigned=True), Locked(130, {"tax": 90})),
        (ScopeTerm(unassigned=("water",)), Locked(61, {"tax": 10, "water": 11})),
        (ScopeTerm((("topic", ("fees",)),)), None),
        (ScopeTerm((("queue", ("gas",)),)), None),
    ],
)
def test_the_newest_lock_of_a_companys_own_intervals_counts(
    floor: Floor, scope: ScopeTerm, expected: Locked | None
) -> None:
    assert locked_of(floor, replace(BAND, scope=scope), "North", DECEMBER, WEEK) == expected


def test_days_without_a_lock_are_not_known(floor: Floor) -> None:
    assert locked_of(floor, BAND, "North", DECEMBER, [date(2026, 12, 20)]) is None
    assert locked_of(floor, BAND, "Harbor", DECEMBER, WEEK) is None
    assert locked_of(floor, replace(BAND, forecast="offered_contacts"), "North", DECEMBER, WEEK) is None


def test_what_is_locked_is_what_settlement_counts(floor: Floor) -> None:
    """The month's locked contacts as the metric counts them once all intervals have passed."""
    from onefloor.metrics.measure import measure
    from onefloor.metrics.prepare import prepare

    load(floor, contacts=[{"started_ms": at(floor, "2027-01-01 09:00"), "queued_ms": at(floor, "2027-01-01 09:00"),
                            "ended_ms": at(floor, "2027-01-01 09:01"), "queue": "tax", "contact": "last"}])  # fmt: skip
    ready = prepare(floor)
    counted = measure(ready, ["forecast_contacts"], [], {"company": "North"}, [DECEMBER])
    found = locked_of(floor, BAND, "North", DECEMBER, WEEK)
    assert found is not None
    assert counted.rows[0].figures["forecast_contacts"].numerator == found.month
