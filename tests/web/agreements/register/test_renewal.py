"""Terms that are renewed go on until a company gives notice; who gave it, until when, and what it ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override
from world import World, confirmed
from worlds.agreements import source_of

from onefloor.agreements.terms.agreement import NotInForce
from onefloor.periods import Month
from onefloor_web.agreements.register import jobs, notices, queries
from onefloor_web.agreements.register.actions import propose, sign_version, withdraw
from onefloor_web.agreements.register.dates import dates_of
from onefloor_web.agreements.register.models import Agreement, Notice
from onefloor_web.agreements.register.notices import NothingRenewed, give_notice
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.terms import refuse_ended

PAGE = "/agreements/north-agreement/notice/"


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.SIGNATORY)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.SIGNATORY)


def ending(world: World, north: Viewer, own: Viewer, months: int, notice: str = "10 working days") -> Agreement:
    """North's agreement that ends so many months after this one, and is renewed for a year."""
    end = Month(today().year, today().month).shifted(months)
    text = source_of(world["North"], more=f"until: {end}-01\nrenewal: {{months: 12, notice: {notice}}}\n")
    with tenant(north):
        withdraw(north, world["North"].rows["version"], why="another text")
        version = propose(north, text.replace("from: 2026-01-01", "from: 2025-01-01"))
        sign_version(north, version)
    with tenant(own):
        sign_version(own, version)
        return Agreement.objects.get(pk=version.agreement_id)


def first_of(months: int) -> date:
    month = Month(today().year, today().month).shifted(months)
    return date(month.year, month.month, 1)


def test_without_notice_the_terms_and_their_clocks_go_on(world: World, north: Viewer, own: Viewer):
    agreement = ending(world, north, own, -2)
    with tenant(own):
        assert queries.in_force(agreement, today()) is not None
        assert queries.in_force(agreement, first_of(30)) is not None
        (standing,) = queries.standings([agreement])
        kinds = {one.kind: one.at.date() for one in dates_of(standing)}
        assert kinds["end"] == first_of(10)


def test_notice_in_time_ends_the_period_that_runs_and_is_told_once(world: World, north: Viewer, own: Viewer):
    agreement = ending(world, north, own, 3)
    with tenant(north):
        made = give_notice(north, agreement, why="the hotline moves")
        assert give_notice(north, agreement) == made
        assert (made.ends, made.author_id) == (first_of(3), north.company)
    with tenant(own):
        assert give_notice(own, agreement) == made
        assert Event.objects.filter(name="agreements.noticed", why="the hotline moves", shared=True).count() == 1
        assert queries.in_force(agreement, first_of(2)) is not None
        assert queries.in_force(agreement, first_of(3)) is None
        refuse_ended(agreement, Month(first_of(2).year, first_of(2).month))
        with pytest.raises(NotInForce):
            refuse_ended(agreement, Month(first_of(3).year, first_of(3).month))
        (standing,) = queries.standings([agreement])
        assert [one.at.date() for one in dates_of(standing) if one.kind in ("end", "notice")] == [first_of(3)]


def test_a_late_notice_ends_the_next_period(world: World, north: Viewer, own: Viewer):
    agreement = ending(world, north, own, 1, notice="90 days")
    with tenant(own):
        made = give_notice(own, agreement)
        assert made.ends == first_of(13)
        assert queries.in_force(agreement, first_of(5)) is not None
        assert queries.in_force(agreement, first_of(13)) is None


def test_terms_that_are_not_renewed_need_none(world: World, north: Viewer, own: Viewer):
    with tenant(own):
        sign_version(own, world["North"].rows["version"])
        with pytest.raises(NothingRenewed):
            give_notice(own, world["North"].rows["agreement"])


def test_a_notice_written_with_another_time_or_end_has_no_effect(world: World, north: Viewer, own: Viewer):
    agreement = ending(world, north, own, 3)
    insert = (
        "insert into register_notice (company_id, author_id, given_at, agreement_id, ends, why, user_number, user_name)"
        " values (%s, %s, {at}, %s, %s, '', 1, 'x')"
    )
    values = [north.company, north.company, agreement.pk, first_of(-1)]
    with tenant(north):
        with pytest.raises(DatabaseError, match="at the moment"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert.format(at="now() - interval '90 days'"), values)
        with connection.cursor() as cursor:
            cursor.execute(insert.format(at="now()"), values)
        assert queries.notice_of(agreement) is None
        assert queries.in_force(agreement, first_of(4)) is not None
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.filter(agreement=agreement).update(why="other")


def test_an_amendment_with_another_end_makes_it_void(world: World, north: Viewer, own: Viewer):
    agreement = ending(world, north, own, 3)
    with tenant(north):
        give_notice(north, agreement)
        signed = queries.signed_version(agreement)
        assert signed is not None
        text = f"{signed.source}amendments:\n  - {{from: {first_of(1)}, until: {first_of(7)}}}\n"
        version = propose(north, text)
        sign_version(north, version)
    with tenant(own):
        sign_version(own, version)
        assert queries.notice_of(agreement) is None
        assert queries.in_force(agreement, first_of(4)) is not None


def test_a_signatory_gives_notice_on_the_page_after_a_confirmation(world: World, north: Viewer, own: Viewer):
    ending(world, north, own, 3)
    manager, signatory = world["North"].client(Role.PROJECT_MANAGER), confirmed(world["North"].client(Role.SIGNATORY))
    assert manager.get(PAGE).status_code in (403, 404)
    assert text_of(signatory, "/agreements/north-agreement/").count(PAGE) == 1
    page = text_of(signatory, PAGE)
    assert f"{first_of(3):%Y-%m-%d}" in page
    assert signatory.post(PAGE, {"why": "moved"}).status_code == 302
    assert "North gave notice" in text_of(signatory, "/agreements/north-agreement/")
    assert signatory.get(PAGE).status_code == 302
    with tenant(own):
        assert Notice.objects.filter(why="moved").count() == 1


def test_the_reminder_names_the_moment_of_the_agreements_zone(world: World, north: Viewer, own: Viewer, monkeypatch):
    agreement = ending(world, north, own, 3)
    with tenant(own):
        by = notices.last_moment(agreement, first_of(3))
    monkeypatch.setattr(jobs, "now", lambda: by - timedelta(days=5))
    monkeypatch.setattr("onefloor_web.agreements.register.today.now", lambda: by - timedelta(days=5))
    client = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(client), override("zh-hans"):
        assert jobs.remind(client, lambda *_: None) == {"told": 1}
        said = Event.objects.get(name="agreements.renewal_near").what["zh"]
    assert "18:00 之前" in said
    assert "UTC" not in said


def text_of(client: Any, path: str) -> str:
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200, path
    return str(answer.content.decode())
