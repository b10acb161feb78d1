"""What holds for every operation: an action, nobody without one, problems, tags, pages; also those added tomorrow."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from world import World

from onefloor_web.platform.api.description import the_api
from onefloor_web.platform.permissions.page import SIGNED_IN
from onefloor_web.platform.permissions.policy import every_rule
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.rest.operations import Session, Token

PACKAGE = Path(__file__).parents[4] / "src" / "onefloor_web"


def operations() -> list[tuple[str, str, dict]]:
    """Method, path and description of all operations."""
    paths = the_api().get_openapi_schema()["paths"]
    return [(method.upper(), path, one) for path, methods in paths.items() for method, one in methods.items()]


def sent(world: World, path: str, *, name: str = "North", method: str = "GET", **headers: str):
    secret = world[name].rows["secret of token"]
    return Client().generic(method, f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}", **headers})


def test_every_operation_names_an_action_of_the_policy() -> None:
    known = {SIGNED_IN} | {rule.action for rule in every_rule()}
    assert [(method, path) for method, path, one in operations() if one.get("x-action") not in known] == []


def test_every_operation_asks_who_calls_and_nothing_else_lets_anybody_in() -> None:
    found = [
        operation
        for name, value in vars(the_api()).items()
        if name == "_bound_routers_cache"
        for router in value
        for path in router.path_operations.values()
        for operation in path.operations
    ]
    assert len(found) == len(operations())
    guards = [{type(guard) for guard in operation.auth_callbacks} for operation in found]
    assert [one for one in guards if one != {Token, Session}] == []


def test_every_operation_is_refused_to_nobody_with_a_problem(db: None) -> None:
    wrong = []
    for method, path, _ in operations():
        answer = Client().generic(method, re.sub(r"{(number|other)}", "1", path).replace("{", "").replace("}", ""))
        if (answer.status_code, answer["Content-Type"]) != (401, "application/problem+json"):
            wrong.append((method, path, answer.status_code))
    assert wrong == []


def test_every_form_of_an_answer_has_a_name_of_its_own() -> None:
    """Of two schemas with one name the description would show one, and the other's operation would contradict it."""
    named = re.compile(r"^class (\w+)\((?:Model)?Schema\)", re.MULTILINE)
    found = Counter(name for file in PACKAGE.rglob("*.py") for name in named.findall(file.read_text(encoding="utf-8")))
    assert [name for name, times in found.items() if times > 1] == []


def test_every_operation_documents_what_it_may_answer() -> None:
    needed = {"401", "403", "422", "429", "500"}
    thin = [
        (method, path)
        for method, path, one in operations()
        if not needed <= {str(status) for status in one["responses"]} or not one.get("description")
    ]
    assert thin == []


@pytest.mark.parametrize(
    ("path", "method", "status", "kind"),
    [
        ("/nothing", "GET", 404, "not-found"),
        ("/companies/999999", "GET", 404, "not-found"),
        ("/companies/99999999999999999999999999", "GET", 404, "not-found"),
        ("/companies", "DELETE", 405, "wrong-method"),
        ("/companies?limit=0", "GET", 422, "invalid"),
        ("/companies?limit=x", "GET", 422, "invalid"),
        ("/companies?cursor=x", "GET", 422, "bad-cursor"),
        ("/companies?cursor=WyJhIl0", "GET", 422, "bad-cursor"),
        ("/companies?cursor=W10", "GET", 422, "bad-cursor"),
        ("/people?cursor=WyJcdTAwMDAiLDFd", "GET", 422, "bad-cursor"),
    ],
)
def test_every_error_is_a_problem_that_says_what_to_do(
    world: World, path: str, method: str, status: int, kind: str
) -> None:
    answer = sent(world, path, method=method)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body = json.loads(answer.content)
    assert (body["type"], body["status"]) == (f"urn:onefloor:problem:{kind}", status)
    assert body["title"]
    assert body["remedy"]


def test_a_row_of_another_company_is_as_if_it_were_not_there(world: World) -> None:
    foreign, nothing = sent(world, f"/people/{world['Harbor'].people[0].pk}"), sent(world, "/people/999999")
    assert (foreign.status_code, foreign.content) == (404, nothing.content)


def test_pages_join_to_the_whole_list(world: World) -> None:
    whole = sent(world, "/people", name="Own").json()["items"]
    parts, cursor = [], ""
    while cursor is not None:
        page = sent(world, f"/people?limit=2&cursor={cursor}" if cursor else "/people?limit=2", name="Own").json()
        parts += page["items"]
        cursor = page["next"]
    assert parts == whole
    assert len(whole) == 6


def test_an_answer_that_is_known_already_is_not_sent_again(world: World) -> None:
    first = sent(world, "/companies")
    again = sent(world, "/companies", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert sent(world, "/companies", **{"If-None-Match": '"other"'}).status_code == 200


def test_nothing_is_kept_by_caches(world: World) -> None:
    assert sent(world, "/companies")["Cache-Control"] == "no-store"


def test_somebody_signed_in_may_read_without_a_token(world: World) -> None:
    assert world["North"].client(Role.PLANNER).get("/api/v1/me").json()["roles"] == ["planner"]


def test_the_description_is_served_to_programs_and_to_people(world: World) -> None:
    assert Client().get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    page = world["North"].client(Role.PLANNER).get("/api/").content.decode()
    assert [path for _, path, _ in operations() if path not in page] == []


def test_a_fault_says_nothing_of_the_inside(world: World, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    from onefloor_web.platform.companies import queries

    def fails(viewer: object) -> None:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(queries, "companies", fails)
    answer = sent(world, "/companies")
    assert answer.status_code == 500
    assert "secret inside" not in answer.content.decode()
    assert answer.json()["reference"] in caplog.text
