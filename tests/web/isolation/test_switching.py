"""Pooled connections never carry one company into the next request, whatever went wrong before it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from random import Random

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django_scopes import ScopeError, get_scope
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from world import NAMES, World

from onefloor_web.platform.companies.models import Site
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import CLIENT, COMPANY, SIGNING_IN, TOKEN, USER, bound, tenant
from onefloor_web.platform.tenancy.viewer import Viewer

SETTINGS = (COMPANY, CLIENT, USER, SIGNING_IN, TOKEN)  # what policies look at
UNBOUND = ("",) * len(SETTINGS)


def settings_now() -> tuple[str, ...]:
    """What the database itself says is bound."""
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join("coalesce(current_setting(%s, true), '')" for _ in SETTINGS), SETTINGS)
        return tuple(cursor.fetchone())


def viewers(floor: World) -> list[Viewer]:
    with transaction.atomic():
        return [floor[name].viewer(role) for name in NAMES for role in (Role.ADMINISTRATOR, Role.AUDITOR)]


def expected(viewer: Viewer) -> tuple[str, ...]:
    return (str(viewer.company), "on" if viewer.client else "", str(viewer.user), "", "")


class Requests(RuleBasedStateMachine):
    """A connection that many requests use in turn; each opens transactions, binds, nests, fails, goes on."""

    viewers: list[Viewer]

    @initialize()
    def start(self) -> None:
        self.frames: list[tuple[ExitStack, tuple[str, ...], bool]] = []
        self.broken = False

    @property
    def bound_now(self) -> tuple[str, ...]:
        return self.frames[-1][1] if self.frames else UNBOUND

    def _enter(self, context, values: tuple[str, ...], *, savepoint: bool) -> None:
        stack = ExitStack()
        stack.enter_context(context)
        self.frames.append((stack, values, savepoint))

    @precondition(lambda self: len(self.frames) < 8 and not self.broken)
    @rule()
    def open_transaction_or_savepoint(self) -> None:
        self._enter(transaction.atomic(), self.bound_now, savepoint=True)

    @precondition(lambda self: self.frames and len(self.frames) < 8 and not self.broken)
    @rule(number=st.integers(0, 5))
    def bind_viewer(self, number: int) -> None:
        viewer = self.viewers[number]
        self._enter(tenant(viewer), expected(viewer), savepoint=False)

    @precondition(lambda self: self.frames and len(self.frames) < 8 and not self.broken)
    @rule(number=st.integers(0, 5), signing_in=st.booleans())
    def bind_settings(self, number: int, signing_in: bool) -> None:
        company = self.viewers[number].company
        values = (str(company), "", "", "on" if signing_in else "", "")
        self._enter(bound(company=company, signing_in=signing_in), values, savepoint=False)

    @precondition(lambda self: self.frames and not self.broken)
    @rule()
    def leave(self) -> None:
        self.frames.pop()[0].close()

    @precondition(lambda self: self.frames)
    @rule()
    def fail(self) -> None:
        """An exception goes through everything up to and with the innermost transaction."""
        error = RuntimeError("a view failed")
        while self.frames:
            stack, _, savepoint = self.frames.pop()
            with suppress(RuntimeError):
                stack.__exit__(RuntimeError, error, None)
            if savepoint:
                break
        self.broken = False

    @precondition(lambda self: self.frames and not self.broken)
    @rule()
    def break_the_transaction(self) -> None:
        """An error of the database that nobody undoes: nothing more can be asked until the transaction is left."""
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("select 1 / 0")
        self.broken = True

    @precondition(lambda self: not self.broken)
    @invariant()
    def the_database_knows_exactly_whom_it_works_for(self) -> None:
        assert settings_now() == self.bound_now

    @precondition(lambda self: not self.broken and not self.frames)
    @invariant()
    def between_requests_nothing_is_bound(self) -> None:
        assert get_scope() == {}
        with pytest.raises(ScopeError):
            Site.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from companies_site")
            assert cursor.fetchone() == (0,)

    def teardown(self) -> None:
        while self.frames:
            self.fail()


def test_no_order_of_binding_nesting_and_failing_leaves_anything_behind(floor: World) -> None:
    class Machine(Requests):
        pass

    Machine.viewers = viewers(floor)
    run_state_machine_as_test(Machine, settings=profile(max_examples=40, stateful_step_count=20, deadline=None))


def test_threads_that_share_connections_never_see_each_others_company(floor: World) -> None:
    """Sixteen threads, one after another and at once, on few connections, a third of the requests fail."""
    sites = {viewer.company: floor_side.site.name for viewer, floor_side in _sides(floor)}
    chosen = viewers(floor)

    def request(seed: int) -> list[str]:
        chance, wrong = Random(seed), []
        try:
            for _ in range(20):
                viewer = chance.choice(chosen)
                with suppress(RuntimeError), transaction.atomic(), tenant(viewer):
                    own = {sites[viewer.company]} | (set(sites.values()) if viewer.client else set())
                    with connection.cursor() as cursor:
                        cursor.execute("select name from companies_site")
                        wrong += [name for (name,) in cursor.fetchall() if name not in own]
                    wrong += [one.name for one in Site.objects.all() if one.name not in own]
                    if chance.random() < 0.3:
                        raise RuntimeError("a view failed")
                if settings_now() != UNBOUND:
                    wrong.append(str(settings_now()))
        finally:
            connections.close_all()
        return wrong

    with ThreadPoolExecutor(16) as pool:
        assert [wrong for found in pool.map(request, range(32)) for wrong in found] == []


def test_requests_in_many_threads_answer_each_with_its_own_company(floor: World) -> None:
    """As the server does it: one application, many threads, each request of another user than the one before."""
    import crawl

    browsers = [(name, crawl.signed_in(floor[name], Role.ADMINISTRATOR)) for name in NAMES for _ in range(2)]

    def ask(number: int) -> list[str]:
        name, browser = browsers[number % len(browsers)]
        try:
            found = []
            for path in ("/companies/", "/tokens/", "/api/v1/people", "/accounts/"):
                response = browser.get(path)
                marks = crawl.foreign(crawl.text_of(response), floor[name], Role.ADMINISTRATOR)
                found += [f"{name} {path} {mark}" for mark in marks]
                found += [f"{name} {path} {response.status_code}"] if response.status_code != 200 else []
            return found
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:  # a browser is used by one thread at a time: as many threads as browsers
        for _ in range(4):
            assert [one for found in pool.map(ask, range(len(browsers))) for one in found] == []


def _sides(floor: World):
    by_company = {side.company.pk: side for side in floor.sides.values()}
    return [(viewer, by_company[viewer.company]) for viewer in viewers(floor)]
