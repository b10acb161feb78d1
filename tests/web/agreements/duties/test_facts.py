"""A missed clock becomes a fact, and the fact the relief line of the statement that the core computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from agreed import agreed, local, wall_clock
from hand_made import MINUTE, at, load, stay
from world import World

from onefloor.agreements.settling import settle_month
from onefloor.agreements.statement import Line
from onefloor.facts.store import scan
from onefloor.floor import Floor, create_floor, open_floor
from onefloor.metrics.prepare import prepare
from onefloor.periods import Month
from onefloor_web.agreements.duties import actions as duties
from onefloor_web.agreements.duties.models import Duty, Kind, Telling
from onefloor_web.agreements.duties.relief import reliefs
from onefloor_web.agreements.duties.telling import tell
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_version
from onefloor_web.platform import floor as served
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import actions as requests
from onefloor_web.trust.requests.models import Request

NOVEMBER = Month(2026, 11)


@pytest.fixture
def hotline(tmp_path: Path, settings) -> Iterator[Floor]:
    """A floor of its own: North answers a contact a day, each after 40 seconds."""
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai", name="Hotline")
    load(floor, contacts=[contact(floor, day) for day in range(1, 31)], roster=[stay("N1", "North")])
    settings.FLOOR = floor.root
    served._opened.cache_clear()
    yield open_floor(floor.root)
    served._opened.cache_clear()


def contact(floor: Floor, day: int) -> dict[str, object]:
    start = at(floor, f"2026-11-{day:02} 10:00")
    return {
        "contact": f"K{day}", "started_ms": start, "queued_ms": start, "answered_ms": start + 40_000, "wait_ms": 40_000,
        "ring_ms": 0, "talk_ms": MINUTE, "hold_ms": 0, "wrap_ms": 0, "ended_ms": start + 40_000 + MINUTE,
        "outcome": "answered", "agent": "N1", "queue": "tech",
    }  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    return wall_clock(monkeypatch)


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.VENDOR_MANAGER)


@pytest.fixture
def agreement(world: World, hotline: Floor) -> Agreement:
    return agreed(world)


@pytest.fixture
def late(north: Viewer, agreement: Agreement, clock: Callable[[str], datetime]) -> Request:
    """Due on Tuesday 17 November at 14:00; it is Wednesday now and nobody has answered."""
    clock("2026-11-13 16:00")
    with tenant(north):
        made = requests.raise_request(north, agreement, "problem", subject="Refund rule", text="Who refunds?")
    clock("2026-11-18 09:00")
    return made


def relief_line(floor: Floor, agreement: Agreement, viewer: Viewer, out: Path) -> Line:
    """The line as ``onefloor settle`` computes it from the agreement's file and the floor's facts."""
    with tenant(viewer):
        version = signed_version(agreement)
    assert version is not None
    path = out / "agreement.yaml"
    path.write_text(version.source, encoding="utf-8")
    statement = settle_month(floor, path, NOVEMBER, out / "statement")
    return next(line for line in statement.lines if line.clause == "6.1")


def facts_of(floor: Floor) -> list[tuple[object, ...]]:
    columns = ("company", "duty", "reference", "started_ms", "done_ms", "revision")
    return scan(floor, "duties").select(columns).sort("revision").collect().rows()


def ms(text: str) -> int:
    return int(local(text).timestamp() * 1000)


def test_a_missed_answer_gives_relief_on_the_statement(
    hotline: Floor, agreement: Agreement, own: Viewer, late: Request, tmp_path: Path
):
    with tenant(own):
        account = tell(own)
    assert (account.lines, account.loaded, account.quarantined) == (1, 1, 0)
    assert facts_of(hotline) == [("North", "answer", late.code, ms("2026-11-17 14:00"), None, 1)]
    line = relief_line(hotline, agreement, own, tmp_path)
    # 30 contacts x 6.00, 10 % at risk, 30 % of that credited: 5.40, of which half falls away
    assert (line.outcome, str(line.amount)) == ("relieved", "2.70")


def test_the_page_says_the_clause_in_the_words_of_the_statement(
    hotline: Floor, agreement: Agreement, own: Viewer, north: Viewer, late: Request, tmp_path: Path
):
    with tenant(own):
        tell(own)
    line = relief_line(hotline, agreement, own, tmp_path)
    for viewer in (own, north):
        with tenant(viewer):
            said = reliefs(viewer, agreement, NOVEMBER)
        assert [(one.clause, one.words.en.lower(), one.given) for one in said] == [("6.1", line.words.en.lower(), True)]


def test_telling_again_changes_nothing_and_a_late_answer_is_the_next_revision(
    hotline: Floor, agreement: Agreement, own: Viewer, late: Request, clock: Callable[[str], datetime], tmp_path: Path
):
    with tenant(own):
        tell(own)
        assert tell(own).lines == 0
        at_ = clock("2026-11-18 11:00")
        requests.answer(own, late, 1, "North does.")
        tell(own)
        accounts = [one.account["loaded"] for one in Telling.objects.order_by("pk") if one.account["lines"]]
    assert accounts == [1, 1]
    assert [row[4:] for row in facts_of(hotline)] == [(None, 1), (int(at_.timestamp() * 1000), 2)]
    assert relief_line(hotline, agreement, own, tmp_path).outcome == "relieved"


def test_an_answer_in_time_gives_no_relief(
    hotline: Floor, agreement: Agreement, own: Viewer, north: Viewer, clock: Callable[[str], datetime], tmp_path: Path
):
    clock("2026-11-13 16:00")
    with tenant(north):
        made = requests.raise_request(north, agreement, "problem", subject="x", text="x")
    clock("2026-11-17 13:59")
    with tenant(own):
        requests.answer(own, made, 1, "y")
        assert tell(own).loaded == 1
    assert relief_line(hotline, agreement, own, tmp_path).outcome == "met"


def test_while_the_clock_stands_still_nothing_is_told(
    hotline: Floor, agreement: Agreement, own: Viewer, north: Viewer, clock: Callable[[str], datetime]
):
    clock("2026-11-13 16:00")
    with tenant(north):
        made = requests.raise_request(north, agreement, "problem", subject="x", text="x")
    with tenant(own):
        requests.ask_back(own, made, 1, "?")
    clock("2026-12-13 16:00")
    with tenant(own):
        assert tell(own).lines == 0
    assert facts_of(hotline) == []


def test_a_missed_duty_is_told_to_both_companies_once(own: Viewer, late: Request):
    with tenant(own):
        tell(own)
        tell(own)
        rows = Event.objects.filter(name="duties.missed")
        assert [(row.company_id, row.shared) for row in rows] == [(late.company_id, True)]


def test_a_vendors_own_run_tells_its_own_duties_only(
    world: World, hotline: Floor, agreement: Agreement, own: Viewer, north: Viewer, clock: Callable[[str], datetime]
):
    harbor = agreed(world, "Harbor")
    clock("2026-11-14 09:00")
    for one in (agreement, harbor):
        with tenant(own):
            duties.open_duty(own, one, "uptime", kind=Kind.UPTIME, asked="CRM", begins_at=local("2026-11-13 16:00"))
    with tenant(north):
        tell(north)
    assert [row[0] for row in facts_of(hotline)] == ["North"]
    with tenant(own):
        tell(own)
        assert not Duty.objects.filter(duty="uptime", told=0).exists()
    assert sorted(str(row[0]) for row in facts_of(hotline)) == ["Harbor", "North"]


def test_a_corrected_duty_replaces_its_earlier_fact_in_every_figure(
    hotline: Floor, agreement: Agreement, own: Viewer, north: Viewer, clock: Callable[[str], datetime]
):
    clock("2026-11-16 09:00")
    with tenant(own):
        duty = duties.open_duty(
            own, agreement, "uptime", kind=Kind.UPTIME, asked="CRM", begins_at=local("2026-11-13 16:00")
        )
        duties.record_done(own, duty, at=local("2026-11-13 17:00"))
        tell(own)
    with tenant(north):
        objection = duties.object_to(north, duty, says="later", text="21:00", done_at=local("2026-11-13 21:00"))
    with tenant(own):
        duties.resolve(own, objection, accepted=True)
        tell(own)
    rows = prepare(hotline)
    from hand_made import columns

    assert columns(rows, "duties", "duty", "late_ms") == [("uptime", 3_600_000)]
