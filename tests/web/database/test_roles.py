"""Three roles and the check that the application's cannot look past its company."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import testbed

from onefloor.language import LANGUAGES
from onefloor_web.database import roles
from onefloor_web.database.embedded import SUPERUSER
from onefloor_web.database.roles import BadName, RoleCanBypass


@pytest.fixture
def database() -> Iterator[testbed.Database]:
    with testbed.copy() as made:
        yield made


def checked(url: str) -> None:
    with psycopg.connect(url) as connection:
        roles.check(connection.cursor())


def test_the_role_of_the_application_passes(database: testbed.Database) -> None:
    checked(database.url)


def test_the_superuser_is_refused_and_every_reason_is_told(database: testbed.Database) -> None:
    with pytest.raises(RoleCanBypass) as refused:
        checked(database.superuser_url)
    assert refused.value.why is not None
    assert refused.value.why.en.startswith("It is a superuser; has BYPASSRLS; can hand out roles; owns tables;")


def test_the_owner_of_the_tables_is_refused(database: testbed.Database) -> None:
    with pytest.raises(RoleCanBypass, match="owns tables"):
        checked(database.owner_url)


@pytest.mark.parametrize(
    ("grant", "revoke", "reason"),
    [
        ("alter role {app} bypassrls", "alter role {app} nobypassrls", "has BYPASSRLS"),
        ("grant {owner} to {app}", "revoke {owner} from {app}", "is a member of a role that can"),
        ("grant create on schema public to {app}", "revoke create on schema public from {app}", "can make tables"),
        (
            "grant truncate on django_session to {app}",
            "revoke truncate on django_session from {app}",
            "can empty whole",
        ),
    ],
)
def test_each_way_round_the_policies_is_noticed(
    database: testbed.Database, grant: str, revoke: str, reason: str
) -> None:
    # In a transaction that is rolled back, by the superuser playing the role: other tests use the same roles meanwhile.
    names = {"app": "checked_role", "owner": roles.OWNER}
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("create role checked_role login")
        connection.execute(f"grant {roles.APP} to checked_role".encode())
        connection.execute(grant.format(**names).encode())
        connection.execute("set session authorization checked_role")
        with pytest.raises(RoleCanBypass, match=reason):
            roles.check(connection.cursor())
        connection.execute("reset session authorization")
        connection.execute(revoke.format(**names).encode())
        connection.execute("set session authorization checked_role")
        roles.check(connection.cursor())
        connection.rollback()


def test_a_table_of_a_later_migration_can_be_used_by_the_application(database: testbed.Database) -> None:
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute("create table later (id bigserial primary key, n int)")
    with psycopg.connect(database.url, autocommit=True) as app:
        app.execute("insert into later (n) values (7)")
        app.execute("update later set n = 8")
        assert app.execute("select id, n from later").fetchall() == [(1, 8)]
        app.execute("delete from later")


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine ()",
        "create schema mine",
        "create role mine",
        "create database mine",
        "create temporary table mine ()",
        "truncate django_session",
        "drop table django_session",
        "alter table django_session disable row level security",
        "alter table django_session disable trigger all",
        "create trigger t after insert on django_session execute function now()",
        "set session_replication_role = replica",
        f"set role {roles.OWNER}",
        "set role postgres",
    ],
)
def test_the_application_can_do_nothing_but_read_and_write_rows(database: testbed.Database, statement: str) -> None:
    with psycopg.connect(database.url, autocommit=True) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())


def test_the_backup_role_reads_everything_and_writes_nothing(database: testbed.Database) -> None:
    with psycopg.connect(database.url.replace(roles.APP, roles.BACKUP), autocommit=True) as backup:
        assert backup.execute("select count(*) from accounts_user").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            backup.execute("delete from accounts_user")


def test_nobody_else_may_enter_the_database(database: testbed.Database) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        query = "select has_database_privilege('pg_monitor', current_database(), 'CONNECT')"
        assert connection.execute(query).fetchone() == (False,)


def test_making_roles_again_changes_nothing(database: testbed.Database) -> None:
    query = "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin from pg_roles order by 1"
    with psycopg.connect(database.superuser_url) as connection:
        before = connection.execute(query).fetchall()
        roles.make(database.superuser_url, database.superuser_url, database.name)
        assert connection.execute(query).fetchall() == before
    assert [row[1:] for row in before if row[0] == roles.APP] == [(False, False, False, False, True)]
    assert [row[0] for row in before if row[2]] == [roles.BACKUP, SUPERUSER]


@pytest.mark.parametrize("name", ["", "One", "1floor", "one floor", "a;drop", "x" * 64])
def test_a_name_that_needs_quoting_is_refused(name: str) -> None:
    with pytest.raises(BadName) as refused:
        roles.script(name)
    assert all(refused.value.to(language) for language in LANGUAGES)
