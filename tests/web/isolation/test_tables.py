"""Every table has its wall: declared by its model, built in the database, and nothing reaches around it."""

from __future__ import annotations

import catalogue
import pytest
from catalogue import Key
from django.db import connection

from onefloor_web.database import roles
from onefloor_web.platform.tenancy.classes import FOREIGN, every_model, tenancy_of

pytestmark = pytest.mark.django_db

# Tables that no model knows, each with what it holds.
NO_MODEL = {
    "cache": "Django's cache; whoever writes to it puts the company in the key",
    "django_migrations": "which migrations ran",
    "procrastinate_periodic_defers": "when work was last started by the clock",
}
# Foreign keys between guarded tables that may cross companies, each with the reason.
MAY_CROSS: dict[tuple[str, str], str] = {}


def test_every_model_declares_its_tenancy() -> None:
    assert [model._meta.label for model in every_model() if tenancy_of(model) is None] == []


def test_no_declaration_speaks_of_a_model_that_is_gone() -> None:
    assert set(FOREIGN) - {model._meta.label for model in every_model()} == set()


def test_every_table_is_known_to_a_model_or_listed() -> None:
    models = {model._meta.db_table for model in every_model()}
    assert catalogue.tables() - models - set(NO_MODEL) == set()


@pytest.mark.parametrize("part", [0, 1], ids=["enabled", "forced"])
def test_every_guarded_table_has_row_level_security(part: int) -> None:
    secured = catalogue.secured()
    assert [table for table in catalogue.guarded() if not secured[table][part]] == []


def test_every_guarded_table_has_one_policy_for_all_commands_that_reads_and_writes() -> None:
    policies = catalogue.policies()
    good = [("*", True, True, True)]
    shapes = {
        table: [(one.command, one.permissive, bool(one.using), bool(one.check)) for one in policies.get(table, [])]
        for table in catalogue.guarded()
    }
    assert {table: shape for table, shape in shapes.items() if shape != good} == {}


def test_every_policy_looks_at_who_is_bound_or_at_rows_that_do() -> None:
    """A policy must not be ``true``."""
    blind = [
        one.table
        for table in catalogue.guarded()
        for one in catalogue.policies()[table]
        for rule in (one.using, one.check)
        if "current_setting('app." not in str(rule) and "EXISTS" not in str(rule)
    ]
    assert blind == []


def test_no_view_looks_past_the_policies() -> None:
    assert catalogue.views() == set()


def test_every_function_runs_with_the_rights_of_its_caller() -> None:
    found = catalogue.asked(
        "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace order by 1"
    )
    assert found == []


def test_every_foreign_key_between_guarded_tables_includes_the_company() -> None:
    """The database checks foreign keys without looking at policies, so the company has to be part of the key."""
    guarded, keys = set(catalogue.with_company()), catalogue.foreign_keys()
    safe = {(key.table, column) for key in keys if "company_id" in key.columns for column in key.columns}
    crossing = [
        key
        for key in keys
        if key.table in guarded and key.parent in guarded and "company_id" not in key.columns
        if (key.table, key.columns[0]) not in safe and (key.table, key.columns[0]) not in MAY_CROSS
    ]
    assert crossing == []


def test_every_key_that_includes_the_company_says_so_on_both_sides() -> None:
    found = [
        key
        for key in catalogue.foreign_keys()
        if "company_id" in key.columns and key.parent != "companies_company"
        if key.referred[key.columns.index("company_id")] != "company_id"
    ]
    assert found == []


def test_the_list_of_keys_that_may_cross_has_no_stale_entry() -> None:
    assert set(MAY_CROSS) - {(key.table, key.columns[0]) for key in catalogue.foreign_keys()} == set()


def test_a_key_without_the_company_would_be_found() -> None:
    """The test above can fail: a table of which only a part of the key is known."""
    key = Key("companies_team", ("site_id",), "companies_site", ("id",))
    assert key in catalogue.foreign_keys()


def test_the_role_of_the_application_is_bound_by_the_policies() -> None:
    with connection.cursor() as cursor:
        roles.check(cursor)


def test_the_role_of_the_application_owns_nothing_and_can_change_no_table() -> None:
    powers = catalogue.asked("""
        select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and (pg_has_role(session_user, c.relowner, 'member') or has_table_privilege(session_user, c.oid, 'truncate')
            or has_table_privilege(session_user, c.oid, 'trigger')
            or has_table_privilege(session_user, c.oid, 'references'))
    """)
    assert powers == []


def test_the_role_of_the_application_may_not_make_anything() -> None:
    assert catalogue.asked("""
        select has_schema_privilege(session_user, 'public', 'create'),
            has_database_privilege(session_user, current_database(), 'create'),
            has_database_privilege(session_user, current_database(), 'temporary')
    """) == [(False, False, False)]
