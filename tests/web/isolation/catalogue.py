"""What PostgreSQL itself says of tables, policies and foreign keys: the declarations of models are not asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from onefloor_web.platform.tenancy.classes import GUARDED, every_model, tenancy_of


@dataclass(frozen=True, slots=True)
class Key:
    """A foreign key: ``table`` (``columns``) refers to ``parent`` (``referred``)."""

    table: str
    columns: tuple[str, ...]
    parent: str
    referred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of row-level security; ``command`` is ``*`` for all."""

    table: str
    name: str
    command: str
    permissive: bool
    using: str | None
    check: str | None


def asked(query: str, *parameters: object) -> list[tuple]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def tables() -> set[str]:
    """All tables of the schema, with those no model knows."""
    return {name for (name,) in asked(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )}  # fmt: skip


def views() -> set[str]:
    """Views, which look past policies unless they are those of their caller."""
    return {name for (name,) in asked(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')"
    )}  # fmt: skip


def guarded() -> list[str]:
    """The tables of models of a guarded class."""
    return sorted({
        model._meta.db_table for model in every_model()
        if model._meta.managed and not model._meta.proxy and tenancy_of(model) in GUARDED
    })  # fmt: skip


def with_company() -> list[str]:
    """The guarded tables whose rows say themselves which company they belong to."""
    has = {name for (name,) in asked(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'company_id'"
    )}  # fmt: skip
    return [table for table in guarded() if table in has]


def secured() -> dict[str, tuple[bool, bool]]:
    """Whether row-level security is on, and forced upon the owner too, by table."""
    return {table: (on, forced) for table, on, forced in asked(
        "select relname, relrowsecurity, relforcerowsecurity from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )}  # fmt: skip


def policies() -> dict[str, list[Policy]]:
    """All policies by table."""
    found: dict[str, list[Policy]] = {}
    for row in asked(
        "select c.relname, p.polname, p.polcmd::text, p.polpermissive, pg_get_expr(p.polqual, p.polrelid),"
        " pg_get_expr(p.polwithcheck, p.polrelid) from pg_policy p join pg_class c on c.oid = p.polrelid"
    ):
        found.setdefault(row[0], []).append(Policy(*row))
    return found


def foreign_keys() -> list[Key]:
    """All foreign keys."""
    rows = asked("""
        select c.conrelid::regclass::text, c.confrelid::regclass::text,
            (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k(num, n)
                join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num),
            (select array_agg(a.attname::text order by k.n) from unnest(c.confkey) with ordinality k(num, n)
                join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num)
        from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace order by 1, 3
    """)
    return [Key(table, tuple(columns), parent, tuple(referred)) for table, parent, columns, referred in rows]
