"""Every address, every role, all companies: no answer holds what is of another company, and nothing of it is found."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import crawl
import psycopg
import pytest
import world
from crawl import signed_in
from django.conf import settings
from django.test import Client
from django.urls import reverse
from world import NAMES, Side, World, roles_of

from onefloor_web.platform.accounts.second_factors import ALWAYS
from onefloor_web.platform.permissions.middleware import action_of
from onefloor_web.platform.permissions.page import PUBLIC, SIGNED_IN
from onefloor_web.platform.permissions.policy import every_rule
from onefloor_web.platform.permissions.roles import Role

ACCOUNT = ("account_", "mfa_", "usersessions_", "socialaccount_")
BROKEN, NOT_FOUND, NOT_ALLOWED, REDIRECT = 500, 404, 405, 302
WRITERS = (Role.ADMINISTRATOR, Role.VENDOR_MANAGER, Role.PROJECT_MANAGER, Role.PLANNER, Role.AGENT)
# What a link leads to is looked at by these; the addresses themselves by every role.
FOLLOWERS = (Role.ADMINISTRATOR, Role.VENDOR_MANAGER, Role.PROJECT_MANAGER, Role.AUDITOR)


def test_every_address_with_arguments_has_a_case() -> None:
    """Add it to ``CASES`` in tests/web/worlds/<feature>.py, with rows of each company that carry its markers."""
    assert crawl.without_case() == []


def test_every_view_says_which_action_it_is() -> None:
    known = {PUBLIC, SIGNED_IN} | {rule.action for rule in every_rule()}
    assert [one.name for one in crawl.addresses() if action_of(one.view) not in known] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_to_any_role_shows_another_company(floor: World, name: str) -> None:
    """Links with a question part are followed once for equal rights.

    Pages of sign-in, which know no roles, are opened once with and once without a second factor.
    """
    side, found, answered = floor[name], [], defaultdict(set)
    alike: set[object] = set()
    followed: set[object] = set()
    for role in roles_of(side):
        client, viewer = signed_in(side, role), crawl.viewer(side, role)
        for one, path in crawl.paths(side):
            same = (path, role in ALWAYS)
            if not crawl.may_open(viewer, one) or (crawl.of_another_package(one) and same in alike):
                continue
            alike.add(same)
            response = client.get(path)
            found += problems(f"{role} {path}", response, crawl.foreign(crawl.text_of(response), side, role))
            answered[one.name].add(response.status_code)
            if role in FOLLOWERS and response.status_code == 200 and not response.streaming:
                for link in crawl.links(response.content):
                    names = sorted(part.partition("=")[0] for part in link.partition("?")[2].split("&"))
                    key = (crawl.rights(viewer, role, one), *names)
                    if key not in followed:
                        followed.add(key)
                        target = link if link.startswith("/") else f"{path}{link}"
                        there = client.get(target)
                        found += problems(f"{role} {target}", there, crawl.foreign(crawl.text_of(there), side, role))
    assert found == []
    none_there = {address for address, case in world.cases().items() if not crawl.several(case(side))}
    hidden = none_there if name == crawl.CLIENT else world.client_only()
    unseen = [address for address in world.cases() if answered[address] <= {NOT_FOUND} and address not in hidden]
    assert unseen == [], "nobody may see these rows: their case names a wrong one"


@pytest.mark.parametrize("name", NAMES)
def test_no_role_opens_an_address_that_the_policy_does_not_give_it(floor: World, name: str) -> None:
    """The middleware keeps it out of every one before the view runs; one of each role is asked for as a browser does.

    Operations of the API refuse by themselves: ``tests/web/security/test_operations.py``.
    """
    side, found = floor[name], []
    for role in roles_of(side):
        client, viewer = signed_in(side, role), crawl.viewer(side, role)
        shut = [
            (one, path) for one, path in crawl.paths(side)
            if not one.name.startswith(crawl.API) and not crawl.may_open(viewer, one)
        ]  # fmt: skip
        found += [f"{role} {path}" for one, path in shut if not crawl.refused(viewer, one, path)]
        found += [f"{role} {path}: not 404" for _one, path in shut[:1] if client.get(path).status_code != NOT_FOUND]
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_rows_of_another_company_are_not_found_by_any_role(floor: World, name: str) -> None:
    found = []
    for client, role, _one, path in openers(floor, name, roles_of(floor[name])):
        response = client.get(path)
        if response.status_code not in (NOT_FOUND, NOT_ALLOWED):
            found.append(f"{role} {path}: {response.status_code}")
        found += problems(f"{role} {path}", response, crawl.foreign(crawl.text_of(response), floor[name], role, path))
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_rows_of_another_company_are_not_found_before_a_purpose_or_the_password_is_asked_for(floor: World, name: str):
    """A question asked of foreign rows, and not of numbers that nobody has, would say that they are there.

    By ``FOLLOWERS``, and each address that none of them may open by the first role that may.
    """
    found, tried = [], set()
    roles = sorted(roles_of(floor[name]), key=lambda role: role not in FOLLOWERS)
    for client, role, one, path in openers(floor, name, roles, crawl.just_signed_in):
        if role in FOLLOWERS or one.name not in tried:
            status = client.get(path).status_code
            found += [f"{role} {one.name}: {status}"] if status not in (NOT_FOUND, NOT_ALLOWED) else []
        tried.add(one.name)
    assert sorted(set(found)) == []


def openers(
    floor: World, name: str, roles: Iterable[Role], opened: Callable[[Side, Role], Client] = signed_in
) -> Iterator[tuple[Client, Role, crawl.Address, str]]:
    """Every row of another company with every role whose policy opens such addresses, once for equal rights."""
    side, foreign, asked = floor[name], list(crawl.foreign_paths(floor, name)), set()
    for role in roles:
        client, viewer = opened(side, role), crawl.viewer(side, role)
        for one, path in foreign:
            equal = (path, crawl.rights(viewer, role, one))
            if crawl.may_open(viewer, one) and equal not in asked:
                asked.add(equal)
                yield client, role, one, path


@pytest.mark.parametrize("name", NAMES)
def test_a_search_or_a_filter_finds_nothing_of_another_company(floor: World, name: str) -> None:
    """The words searched for are the beginning of a mark, so that a page that repeats them is not taken for a find."""
    side, found = floor[name], []
    role = Role.VENDOR_MANAGER if name == crawl.CLIENT else Role.PROJECT_MANAGER
    client, viewer = signed_in(side, role), crawl.viewer(side, role)
    for other in (floor[one] for one in NAMES if one != name):
        query = {"q": other.secret[:-1], "company": other.company.code, "team": other.team.pk, "order": "company_id"}
        for one, path in crawl.paths(side):
            if not crawl.may_open(viewer, one) or crawl.of_another_package(one):
                continue
            response = client.get(path, query)
            found += problems(
                path, response, crawl.foreign(crawl.text_of(response), side, None) - {side.marker, side.secret}
            )
    harmless = set() if name != crawl.CLIENT else {"NORTHMARKER", "HARBORMARKER"}
    assert [one for one in found if not any(mark in one for mark in harmless)] == []


def test_nobody_signed_in_sees_no_row_and_is_sent_to_sign_in(floor: World) -> None:
    client, found, sign_in = Client(raise_request_exception=False), [], reverse(settings.LOGIN_URL)
    for side in floor.sides.values():
        for one, path in crawl.paths(side):
            response = client.get(path)
            found += problems(path, response, crawl.foreign(crawl.text_of(response), side, None, path))
            away = response.status_code == REDIRECT and response["Location"].startswith(sign_in)
            if action_of(one.view) != PUBLIC and not away:
                found.append(f"{path}: {response.status_code}")
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_no_request_that_writes_changes_a_row_of_another_company(floor: World, name: str) -> None:
    """POST by every role of ``WRITERS`` that may open the address, the methods no form has once an address."""
    found, tried = [], set()
    before = rows_of_others(floor, name)
    writers = [role for role in WRITERS if role in floor[name].users]
    for client, role, one, path in openers(floor, name, writers):
        for method in (client.post, *(() if one.name in tried else (client.put, client.patch, client.delete))):
            response = method(path, *sent(floor, name, one)) if method == client.post else method(path, b"{}")
            if response.status_code not in (NOT_FOUND, NOT_ALLOWED):
                found.append(f"{role} {method.__name__} {path}: {response.status_code}")
        tried.add(one.name)
    assert found == []
    assert rows_of_others(floor, name) == before


@pytest.mark.parametrize("name", ["North", "Harbor"])
def test_a_form_filled_with_the_numbers_of_another_company_changes_none_of_its_rows(floor: World, name: str) -> None:
    """Every address that takes a form, with one's own row in the address and foreign numbers in the fields.

    No row of the client or of the other vendor goes or changes, and none comes but what the client is told.
    """
    side, found = floor[name], []
    before = rows_of_others(floor, name)
    for role in (Role.ADMINISTRATOR, Role.PROJECT_MANAGER):
        client, viewer = signed_in(side, role), crawl.viewer(side, role)
        for one, path in crawl.paths(side):
            if one.name.startswith(ACCOUNT) or not crawl.may_open(viewer, one):
                continue  # the first act on whoever is signed in, and sign out
            response = client.post(path, foreign_values(floor, name))
            found += problems(f"{role} {path}", response, crawl.foreign(crawl.text_of(response), side, role))
    assert found == []
    after = rows_of_others(floor, name)
    assert before - after == set()
    # The receipt of one's own hand-over is told to the client's managers.
    told = {("notifications_notification", floor[crawl.CLIENT].company.pk)}
    assert {(table, company) for table, company, _row in after - before} <= told


def problems(where: str, response: object, marks: set[str]) -> list[str]:
    """What is wrong with an answer."""
    broken = [f"{where}: {response.status_code}"] if response.status_code >= BROKEN else []
    return broken + [f"{where} shows {mark}" for mark in sorted(marks)]


def sent(floor: World, name: str, one: crawl.Address) -> tuple[object, ...]:
    """What is posted: a form, or the same as JSON with what operations of the API ask for."""
    values = foreign_values(floor, name)
    if not one.name.startswith(crawl.API):
        return (values,)
    wanted = {
        "text": "x", "note": "x", "at": "2026-11-20T10:00:00Z", "verdict": "refuse", "why": "x", "words": "x",
        "kind": "all", "step": 1, "starts": "2027-01-01", "accepted": True, "says": "never",
    }  # fmt: skip
    return json.dumps({**values, **wanted}), "application/json"


def foreign_values(floor: World, name: str) -> dict[str, object]:
    """A form whose fields all name rows of another company."""
    other = floor["Harbor" if name == "North" else "North"]
    user = other.users[Role.ADMINISTRATOR]
    return {
        "company": other.company.pk, "company_id": other.company.pk, "user": user.pk, "user_id": user.pk,
        "person": other.people[0].pk, "team": other.team.pk, "site": other.site.pk, "id": user.pk, "pk": user.pk,
        "number": other.company.pk, "code": other.people[0].code, "name": "renamed", "next": "/today/",
        "role": "administrator", "username": "north-administrator", "is_active": "", "email": "x@x.example",
        "starts_on": "2026-01-01", "rows": [str(row.pk) for row in other.rows.values() if hasattr(row, "pk")],
    }  # fmt: skip


def rows_of_others(floor: World, name: str) -> set[tuple[str, int, str]]:
    """Every row of all other companies as a superuser sees it: its table, its company, its text."""
    number, found = floor[name].company.pk, set()
    with psycopg.connect(floor.database.superuser_url) as connection:
        tables = [table for (table,) in connection.execute(
            "select table_name from information_schema.columns where table_schema = 'public'"
            " and column_name = 'company_id' order by 1"
        )]  # fmt: skip
        for table, company in [*((one, "company_id") for one in tables), ("companies_company", "id")]:
            query = f"select {company}, t::text from {table} t where {company} <> {number}"
            found |= {(table, owner, row) for owner, row in connection.execute(query.encode())}
    return found
