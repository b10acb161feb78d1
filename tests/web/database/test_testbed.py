"""What the tests of the web stand on: the role they use, and that they cannot disturb each other."""

from __future__ import annotations

import psycopg
import pytest

from onefloor_web.database import roles


def test_tests_connect_as_the_role_that_policies_bind(db: None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        roles.check(cursor)
        cursor.execute("select session_user")
        assert cursor.fetchone() == (roles.APP,)


def test_a_database_of_ones_own_has_all_tables_and_keeps_what_is_committed(own_database) -> None:
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.create(app_label="testbed", model="kept")
    with psycopg.connect(own_database.url) as other:
        row = other.execute("select count(*) from django_content_type where app_label = 'testbed'").fetchone()
    assert row == (1,)


def test_another_database_of_ones_own_does_not_have_it(own_database) -> None:
    from django.contrib.contenttypes.models import ContentType

    assert ContentType.objects.filter(app_label="testbed").count() == 0


def test_the_role_of_the_application_can_neither_make_nor_empty_a_table(own_database) -> None:
    with psycopg.connect(own_database.url, autocommit=True) as connection:
        for statement in (
            "create table mine ()",
            "truncate django_session",
            "alter table django_session disable trigger all",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
