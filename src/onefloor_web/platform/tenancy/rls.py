"""Row-level security as operations of migrations.

Each migration that makes a guarded table is followed by ``protect`` for it: the policy, forced also on the table's
owner, and foreign keys that include the company, because the database checks foreign keys without looking at policies.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.migrations.operations import RunSQL

from onefloor_web.platform.tenancy.classes import Tenancy

# A sub-select is evaluated once for a query; the bare function would be called for every row.
COMPANY = "(select nullif(current_setting('app.company', true), '')::bigint)"
USER = "(select nullif(current_setting('app.user', true), '')::bigint)"
CLIENT = "(select current_setting('app.client', true) = 'on')"
SIGNING_IN = "(select current_setting('app.signing_in', true) = 'on')"

RULES = {
    Tenancy.OWN: f"company_id = {COMPANY}",
    Tenancy.SHARED: f"(company_id = {COMPANY} or {CLIENT})",
    Tenancy.AUTHORED: (f"(company_id = {COMPANY} or {CLIENT}) and (author_id = {COMPANY} or given_at is not null)"),
    Tenancy.PERSON: f"company_id = {COMPANY} and ({USER} is null or user_id = {USER})",
    Tenancy.IDENTITY: (
        f"({SIGNING_IN} or user_id = {USER}"
        f" or exists (select 1 from accounts_user u where u.id = user_id and u.company_id = {COMPANY}))"
    ),
}


AUTHORS = f"(company_id = {COMPANY} or {CLIENT}) and author_id = {COMPANY}"

# Reading what was given does not give the right to change it: policies cannot tell the two apart, a trigger can.
_ONLY_AUTHOR = f"""
create or replace function tenancy_only_author() returns trigger language plpgsql as $$
begin
    if old.author_id is distinct from {COMPANY} then
        raise exception 'only its author may change a row of %', tg_table_name using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if new.author_id is distinct from old.author_id or new.company_id is distinct from old.company_id then
        raise exception 'a row of % keeps its author and its company', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$
"""

_REFERENCE = "foreign key (company_id, {column}) references {parent} (company_id, id) deferrable initially deferred"


def protect(table: str, tenancy: Tenancy, *, safe: Mapping[str, str] | None = None) -> RunSQL:
    """The policy of one table, and its company-safe foreign keys.

    Args:
        table: name of the table.
        tenancy: its class; its rule is that of the class.
        safe: columns that refer to rows of guarded tables, with the table each refers to: they must be rows of the
            same company.
    """
    check = AUTHORS if tenancy is Tenancy.AUTHORED else None
    made = protect_by(table, RULES[tenancy], check=check, safe=safe)
    return _with_author(made, table) if tenancy is Tenancy.AUTHORED and not table.endswith("event") else made


def protect_by(table: str, rule: str, *, check: str | None = None, safe: Mapping[str, str] | None = None) -> RunSQL:
    """As ``protect``, with a rule of the table's own; ``check`` if less may be written than read."""
    forward = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy tenant on {table} using ({rule}) with check ({check or rule})",
        *(statement for column, parent in (safe or {}).items() for statement in _safe(table, column, parent)),
    ]
    backward = [
        *(f"alter table {table} drop constraint {_name(table, column)}" for column in (safe or {})),
        f"drop policy tenant on {table}",
        f"alter table {table} no force row level security",
        f"alter table {table} disable row level security",
    ]
    return RunSQL(";\n".join(forward), ";\n".join(backward))


def _with_author(made: RunSQL, table: str) -> RunSQL:
    """The same, and the trigger that lets only the author change a row."""
    trigger = f"create trigger only_author before update or delete on {table} for each row execute function"
    return RunSQL(
        f"{made.sql};\n{_ONLY_AUTHOR};\n{trigger} tenancy_only_author()",
        f"drop trigger only_author on {table};\n{made.reverse_sql}",
    )


def _safe(table: str, column: str, parent: str) -> list[str]:
    """A key over company and row; the parent needs the pair to be unique, which it is by its first key."""
    return [
        f"create unique index if not exists {parent}_company_row on {parent} (company_id, id)",
        f"alter table {table} add constraint {_name(table, column)} {_REFERENCE.format(column=column, parent=parent)}",
    ]


def _name(table: str, column: str) -> str:
    return f"{table}_{column}_same_company"[:63]
