"""The second wall alone: no scope of the application, no filter, raw SQL. What is forgotten touches own rows only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import catalogue
import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from world import NAMES, World

from onefloor_web.platform.tenancy.classes import Tenancy, every_model, tenancy_of
from onefloor_web.platform.tenancy.scopes import NotBound, bound

# Rows that only the day's work makes and no person or page: a table here is empty in the world, with the reason.
EMPTY: dict[str, str] = {
    "account_emailaddress": "allauth writes one when an address is confirmed",
    "account_emailconfirmation": "allauth signs confirmations instead",
    "mfa_authenticator": "made when a user switches a second factor on",
    "socialaccount_socialaccount": "made at the first company sign-on",
    "socialaccount_socialtoken": "tokens of company sign-on are not kept",
}


@pytest.fixture
def floor(committed: World) -> Iterator[World]:
    """The world, as it was before each test."""
    with transaction.atomic():
        yield committed
        transaction.set_rollback(True)


@contextmanager
def as_company(world: World, name: str) -> Iterator[None]:
    """Bound as the transaction of a request of this company is, and nothing more."""
    company = world[name].company
    with bound(company=company.pk, client=name == "Own"):
        yield


def counts(table: str) -> dict[int, int]:
    """How many rows of each company the bound one sees."""
    return dict(catalogue.asked(f"select company_id, count(*) from {table} group by 1"))


def every_count(world: World, name: str) -> dict[str, int]:
    """How many of its own rows a company has in each table."""
    with as_company(world, name):
        number = world[name].company.pk
        return {table: counts(table).get(number, 0) for table in catalogue.with_company()}


def done(*statements: str) -> None:
    """Run them together, as one savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def attempted(statement: str) -> None:
    """Run it; an error of the database, also of a check at the end, undoes it alone."""
    with suppress(DatabaseError):
        done(statement, "set constraints all immediate", "set constraints all deferred")


def test_every_guarded_table_has_rows_of_every_company_else_the_tests_prove_nothing(floor: World) -> None:
    empty = {
        table
        for name in NAMES
        for table, count in every_count(floor, name).items()
        if count == 0 and not table.endswith("event") and table not in EMPTY
    }
    assert empty == set(), "fill these tables in tests/web/worlds/<feature>.py"


def test_nothing_is_seen_while_nobody_is_bound(floor: World) -> None:
    seen = {table: catalogue.asked(f"select count(*) from {table}")[0][0] for table in catalogue.guarded()}
    assert {table: count for table, count in seen.items() if count} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_query_without_any_filter_returns_rows_of_the_bound_company_only(floor: World, name: str) -> None:
    number = floor[name].company.pk
    both = (Tenancy.SHARED, Tenancy.AUTHORED)
    shared = {model._meta.db_table for model in every_model() if tenancy_of(model) in both}
    known = {model._meta.db_table for model in every_model() if tenancy_of(model) == Tenancy.COMPANY}
    client = floor["Own"].company.pk
    with as_company(floor, name):
        foreign = {
            table: set(counts(table)) - {number} - ({client} if table in known else set())
            for table in catalogue.with_company()
            if not (name == "Own" and table in shared | known)  # the client sees what vendors share
        }
    assert {table: companies for table, companies in foreign.items() if companies} == {}


@pytest.mark.parametrize("name", ["North", "Harbor"])
def test_a_vendor_knows_of_itself_and_the_client(floor: World, name: str) -> None:
    with as_company(floor, name):
        known = catalogue.asked("select code from companies_company order by slot")
    assert [code for (code,) in known] == ["Own", name]


@pytest.mark.parametrize("name", NAMES)
def test_a_deletion_without_any_filter_leaves_the_others_alone(floor: World, name: str) -> None:
    others = [other for other in NAMES if other != name]
    before = {other: every_count(floor, other) for other in others}
    with as_company(floor, name):
        for table in catalogue.guarded():
            if name != "Own":  # the client may write what vendors share with it; the application refuses it, by policy
                attempted(f"delete from {table}")
    assert {other: every_count(floor, other) for other in others} == before


@pytest.mark.parametrize("name", ["North", "Harbor"])
def test_no_row_can_be_given_to_another_company(floor: World, name: str) -> None:
    others = [other for other in NAMES if other != name]
    before = {other: every_count(floor, other) for other in others}
    with as_company(floor, name):
        for table in catalogue.with_company():
            for other in others:
                attempted(f"update {table} set company_id = {floor[other].company.pk}")
    assert {other: every_count(floor, other) for other in others} == before


@pytest.mark.parametrize("name", ["North", "Harbor"])
def test_no_row_can_be_written_for_another_company(floor: World, name: str) -> None:
    foreign = floor["Own"].company.pk
    with as_company(floor, name), pytest.raises(DatabaseError, match="row-level security"):
        done(f"insert into companies_site (company_id, name) values ({foreign}, 'x')")


def test_a_row_of_another_company_cannot_be_referred_to(floor: World) -> None:
    """The site is of Harbor, the team of North: the key that includes the company refuses it."""
    company, site = floor["North"].company.pk, floor["Harbor"].site.pk
    insertion = f"insert into companies_team (company_id, site_id, name) values ({company}, {site}, 'x')"
    with as_company(floor, "North"), pytest.raises(DatabaseError, match="team_site_id_same_company"):
        done(insertion, "set constraints all immediate")


def test_a_user_of_the_company_does_not_see_what_belongs_to_another_user(floor: World) -> None:
    personal = {
        model._meta.db_table for model in every_model()
        if tenancy_of(model) == Tenancy.PERSON and any(field.column == "user_id" for field in model._meta.fields)
    }  # fmt: skip
    for side in floor.sides.values():
        for user in side.users.values():
            with bound(company=side.company.pk, client=side.company.code == "Own", user=user.pk):
                foreign = {
                    table: catalogue.asked(f"select count(*) from {table} where user_id <> %s", user.pk)[0][0]
                    for table in personal
                }
            assert {table: count for table, count in foreign.items() if count} == {}


def test_history_can_neither_be_changed_nor_deleted(floor: World) -> None:
    for table in catalogue.guarded():
        if not table.endswith("event") or not every_count(floor, "North").get(table):
            continue
        for statement in (f"delete from {table}", f"update {table} set pgh_label = 'x'"):
            with as_company(floor, "North"), pytest.raises(DatabaseError):
                done(statement)


def test_no_history_is_written_that_was_no_change(floor: World) -> None:
    """A row that is there, once more: only the trigger of the table that is tracked may write it."""
    written = {}
    for table in (name for name in catalogue.guarded() if name.endswith("event") and name != "events_event"):
        columns = ", ".join(
            f'"{name}"' for (name,) in catalogue.asked(
                "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
                " and attname <> 'pgh_id'",
                table,
            )
        )  # fmt: skip
        with as_company(floor, "North"):
            if not catalogue.asked(f"select 1 from {table} limit 1"):
                continue
            with pytest.raises(DatabaseError) as caught:
                done(f"insert into {table} ({columns}) select {columns} from {table} limit 1")
        written[table] = str(caught.value)
    assert len(written) > 20
    assert {table: said for table, said in written.items() if "only changes write history" not in said} == {}


def test_the_application_cannot_play_another_role(floor: World) -> None:
    for statement in ("set role onefloor_owner", "set session authorization postgres"):
        with pytest.raises(DatabaseError):
            done(statement)


def test_row_level_security_cannot_be_switched_off(floor: World) -> None:
    """``row_security = off`` makes a query fail that a policy would narrow; it never widens one."""
    with as_company(floor, "North"), pytest.raises(DatabaseError) as caught:
        done("set local row_security = off", "select * from companies_site")
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_company_cannot_be_bound_outside_a_transaction(own_database: object) -> None:
    with pytest.raises(NotBound), bound(company=1):
        pass
