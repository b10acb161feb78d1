"""Who may do what in the database, and the check that the application's role cannot look past its company.

``postgres``          the superuser: makes the others, and nothing else
``onefloor_owner``    owns the tables; only migrations connect as it
``onefloor_app``      reads and writes rows; can neither change a table nor switch its policies off
``onefloor_backup``   reads everything, past the policies, and writes nothing
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

import psycopg

from onefloor.language import Text, joined
from onefloor.problems import Problem

OWNER, APP, BACKUP = "onefloor_owner", "onefloor_app", "onefloor_backup"
DATABASE = "onefloor"
EXTENSIONS = ("btree_gist",)  # periods that must not overlap
_PLAIN = "login nosuperuser nocreatedb nocreaterole noreplication"
_ATTRIBUTES = {OWNER: "nobypassrls", APP: "nobypassrls", BACKUP: "bypassrls"}
_ONE_AT_A_TIME = "select pg_advisory_lock(60221023)"  # roles cannot be altered by two at once
_ROWS = "select, insert, update, delete"


class Cursor(Protocol):
    """What psycopg's cursors and Django's have in common."""

    def execute(self, query: Any, /) -> object: ...  # noqa: D102

    def fetchone(self) -> Sequence[Any] | None: ...  # noqa: D102


class RoleCanBypass(Problem):
    """The role that the application connects as is not bound by row-level security."""

    def __init__(self, role: str, reasons: Sequence[Text]) -> None:
        why = joined(reasons, zh="；", en="; ")
        super().__init__(
            Text(
                f"数据库角色“{role}”能绕过公司之间的隔离，因此不启动。",
                f'The database role "{role}" can look past the separation of companies: Onefloor does not start.',
            ),
            why=Text(f"{why.zh}。", f"It {why.en}."),
            remedy=Text(
                f"请让 DATABASE_URL 使用角色 {APP}；onefloor database-roles 给出建立角色的 SQL。",
                f"Let DATABASE_URL use the role {APP}; onefloor database-roles gives the SQL that makes it.",
            ),
        )


class BadName(Problem):
    """A name of a database that would need quoting everywhere."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"数据库名“{name}”不可用。", f'"{name}" cannot be the name of the database.'),
            remedy=Text("请用小写字母、数字和下划线，以字母开头。", "Use a-z, 0-9 and _, a letter first."),
        )


def make(url: str, server_url: str, database: str = DATABASE) -> None:
    """Make roles, database, rights and extensions where they are missing; as the superuser, any number of times.

    Args:
        url: the superuser's way to the database itself.
        server_url: the superuser's way to another database of the same server.
        database: its name.
    """
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(_ONE_AT_A_TIME)  # freed at the end of the connection
        for statement in _roles():
            server.execute(statement)
        make_database(server, database)
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in _rights():
                connection.execute(statement)


def make_database(connection: psycopg.Connection, database: str, *, template: str = "template1") -> None:
    """A database of the owner's, unless it is there, that only Onefloor's roles may enter."""
    row = connection.execute("select 1 from pg_database where datname = %s", [_checked(database)]).fetchone()
    if row is None:
        connection.execute(f"create database {database} owner {OWNER} template {template}".encode())
    for statement in _entrance(database):
        connection.execute(statement.encode())


def script(database: str = DATABASE) -> str:
    """The same as SQL that an administrator runs with psql as the superuser, any number of times.

    Raises:
        BadName: the database's name needs quoting.
    """
    made = f"create database {_checked(database)} owner {OWNER} template template0 encoding ''UTF8''"
    missing = f"where not exists (select from pg_database where datname = '{database}')"
    lines = [
        "-- Roles, database and rights of Onefloor. Run it as the superuser: psql -v ON_ERROR_STOP=1 -f FILE",
        f"-- Then give {OWNER}, {APP} and {BACKUP} their passwords with psql's \\password.",
        *(f"{statement.decode()};" for statement in _roles()),
        f"select '{made}' {missing} \\gexec",
        *(f"{statement};" for statement in _entrance(database)),
        f"\\connect {database}",
        *(f"{statement.decode()};" for statement in _rights()),
    ]
    return "\n".join(lines) + "\n"


def check(cursor: Cursor) -> None:
    """Refuse a role that row-level security does not bind.

    Raises:
        RoleCanBypass: it is a superuser, has BYPASSRLS, owns something, or may change tables.
    """
    cursor.execute(_POWERS)
    row = cursor.fetchone()
    assert row is not None
    role, *powers = row
    reasons = [text for has, text in zip(powers, _REASONS, strict=True) if has]
    if reasons:
        raise RoleCanBypass(role, reasons)


def _roles() -> list[bytes]:
    statements = []
    for role, bypass in _ATTRIBUTES.items():
        statements.append(
            f"do $$ begin create role {role}; exception when duplicate_object or unique_violation then null; end $$"
        )
        statements.append(f"alter role {role} {_PLAIN} {bypass}")
    statements.append(f"grant pg_read_all_data to {BACKUP}")
    return [statement.encode() for statement in statements]


def _entrance(database: str) -> list[str]:
    return [
        f"revoke all on database {database} from public",
        f"grant connect on database {database} to {APP}, {BACKUP}",
    ]


def _rights() -> list[bytes]:
    """Rights inside the database; the default ones cover tables that later migrations make."""
    later = f"alter default privileges for role {OWNER} in schema public grant"
    statements = [
        f"alter schema public owner to {OWNER}",
        "revoke all on schema public from public",
        f"grant usage on schema public to {APP}, {BACKUP}",
        f"grant {_ROWS} on all tables in schema public to {APP}",
        f"grant usage, select on all sequences in schema public to {APP}",
        f"{later} {_ROWS} on tables to {APP}",
        f"{later} usage, select on sequences to {APP}",
        *(f"create extension if not exists {name}" for name in EXTENSIONS),
    ]
    return [statement.encode() for statement in statements]


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise BadName(name)
    return name


# Of the role that opened the session, whatever role it plays at the moment; each power has its words below.
_POWERS = """
select r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
    exists (select from pg_class c where c.relowner = r.oid),
    exists (select from pg_roles o where o.oid <> r.oid and pg_has_role(r.oid, o.oid, 'MEMBER')
        and (o.rolsuper or o.rolbypassrls or exists (select from pg_class c where c.relowner = o.oid))),
    exists (select from pg_namespace n where n.nspname = 'public' and has_schema_privilege(r.oid, n.oid, 'CREATE')),
    exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and has_table_privilege(r.oid, c.oid, 'TRUNCATE'))
from pg_roles r where r.rolname = session_user
"""
_REASONS = (
    Text("它是超级用户", "is a superuser"),
    Text("它有 BYPASSRLS", "has BYPASSRLS"),
    Text("它能授予角色", "can hand out roles"),
    Text("它拥有表", "owns tables"),
    Text("它是此类角色的成员", "is a member of a role that can"),
    Text("它能建表", "can make tables"),
    Text("它能清空表", "can empty whole tables"),
)
