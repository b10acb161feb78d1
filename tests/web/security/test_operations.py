"""Every operation of the API, every role, all companies: answered where the policy allows its action, else refused."""

from __future__ import annotations

import json
import re

import crawl
import pytest
from world import NAMES, World, roles_of

from onefloor_web.platform.api.description import the_api
from onefloor_web.platform.permissions.page import SIGNED_IN
from onefloor_web.platform.permissions.policy import can

REFUSED = (403, "application/problem+json", "urn:onefloor:problem:not-allowed")
SENT = {"metric": "service_level", "span": "2026-11", "purpose": "audit"}


def operations() -> list[tuple[str, str, str]]:
    """Method, path and action of all operations."""
    paths = the_api().get_openapi_schema()["paths"]
    return [(method, path, one["x-action"]) for path, methods in paths.items() for method, one in methods.items()]


def answered(answer) -> tuple[int, str, str]:
    """Status, media type and kind of problem."""
    problem = answer.headers["Content-Type"] == "application/problem+json"
    kind = json.loads(answer.content)["type"] if problem else ""
    return answer.status_code, answer.headers.get("Content-Type", ""), kind


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_is_refused_exactly_to_those_whom_the_policy_refuses(committed: World, name: str) -> None:
    side, wrong = committed[name], []
    for role in roles_of(side):
        client, viewer = crawl.signed_in(side, role), crawl.viewer(side, role)
        for method, path, action in operations():
            address = re.sub(r"{\w+}", str(side.company.pk), path)
            answer = getattr(client, method)(f"/api/v1{address.removeprefix('/api/v1')}", SENT)
            found = answered(answer)
            allowed = action == SIGNED_IN or can(viewer, action)
            if allowed is (found == REFUSED) or found[0] in (401, 500):
                wrong.append((role, method, path, *found))
    assert wrong == []


def test_the_policy_refuses_some_and_allows_some(committed: World) -> None:
    """The test above can fail either way."""
    side = committed["North"]
    viewers = [crawl.viewer(side, role) for role in roles_of(side)]
    actions = [action for _method, _path, action in operations() if action != SIGNED_IN]
    verdicts = [can(viewer, action) for viewer in viewers for action in actions]
    assert 0.1 < sum(verdicts) / len(verdicts) < 0.9
