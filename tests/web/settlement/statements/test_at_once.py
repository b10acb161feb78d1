"""Two people at once: both sign, both run. What comes of it is what one after the other gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from hand_made import load
from world import World

from onefloor.periods import Month
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.platform.tenancy.scopes import tenant, working_for
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Head, State, Statement
from onefloor_web.settlement.statements.problems import Locked
from onefloor_web.settlement.statements.running import run_month
from web.settlement.conftest import signed
from web.settlement.hotline import leg


@pytest.fixture
def world(own_world: World) -> World:
    """The world, committed."""
    return own_world


@pytest.fixture
def own(world: World, hotline: Any) -> Any:
    with transaction.atomic():
        viewer = world["Own"].viewer("signatory")
    return replace(viewer, roles=viewer.roles | {"vendor_manager"})


@pytest.fixture
def north(world: World, hotline: Any) -> Any:
    with transaction.atomic():
        return world["North"].viewer("signatory")


@pytest.fixture
def agreement(world: World, own: Any, north: Any) -> Any:
    with transaction.atomic():
        return signed(world, own, north, "North")


def at_once(*acts: Any) -> list[Any]:
    """Each act in a thread and transaction of its own, begun together."""
    gate = Barrier(len(acts))

    def act(viewer: Any, function: Any) -> Any:
        try:
            gate.wait(30)
            with working_for(viewer):
                return function(viewer)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(120) for one in [pool.submit(act, *each) for each in acts]]


def test_both_companies_sign_and_run_at_once(own: Any, north: Any, agreement: Any):
    def run(viewer: Any) -> int:
        return run_month(viewer, agreement, Month(2026, 9)).pk

    first, second = at_once((own, run), (own, run))
    assert first == second

    def sign(viewer: Any) -> Any:
        return sign_statement(viewer, Statement.objects.get(pk=first))

    at_once((own, sign), (north, sign))
    with transaction.atomic(), tenant(own):
        kept = Statement.objects.get(pk=first)
        assert (kept.state, Signature.objects.filter(number=first, about="statements.statement").count()) == (
            State.LOCKED, 2,
        )  # fmt: skip
        assert Head.objects.filter(statement=first).count() == 1


def test_nobody_who_signs_waits_for_a_run(own: Any, north: Any, agreement: Any, hotline: Any):
    """While the month is measured both sign; the run then finds it locked, and changes nothing."""
    with transaction.atomic(), tenant(own):
        issued = run_month(own, agreement, Month(2026, 9)).pk

    def sign(viewer: Any) -> Any:
        return sign_statement(viewer, Statement.objects.get(pk=issued))

    signed_meanwhile: list[Any] = []

    def progress(_done: int, _total: int) -> None:
        if not signed_meanwhile:
            signed_meanwhile.extend([*at_once((own, sign)), *at_once((north, sign))])

    load(hotline, contacts=[leg(hotline, "late", "N1", "2026-09-10 16:30", wait=60_000)])
    with pytest.raises(Locked), working_for(own):
        run_month(own, agreement, Month(2026, 9), progress)
    with transaction.atomic(), tenant(own):
        kept = Statement.objects.get(agreement=agreement, month="2026-09")
        assert (kept.pk, kept.state, len(signed_meanwhile)) == (issued, State.LOCKED, 2)
        assert not kept.folder.with_name("2").exists()
