"""Schemathesis over the whole API with tokens of two companies: no fault, nothing undocumented, nothing foreign."""

from __future__ import annotations

import crawl
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from world import World

from onefloor_web.platform.api.description import the_api
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.wsgi import application

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
OPERATIONS = sorted(
    (method.upper(), path) for path, methods in the_api().get_openapi_schema()["paths"].items() for method in methods
)
SOME = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture(scope="module")
def described(committed: World) -> schemathesis.BaseSchema:
    """The API as its own description has it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers={"Host": "localhost"})


@pytest.mark.parametrize("whose", ["secret of token", "secret of manager"])
@pytest.mark.parametrize("name", ["Own", "North"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=str)
def test_the_operation_answers_as_it_says(
    committed: World, described: schemathesis.BaseSchema, settings, method: str, path: str, name: str, whose: str
) -> None:
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    side, operation = committed[name], described[path][method]
    headers = {"Authorization": f"Bearer {side.rows[whose]}", "Host": "localhost"}

    @SOME
    @given(
        case=st.one_of(*(operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))
    )
    def asked(case: schemathesis.Case) -> None:
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        assert crawl.foreign(f"{response.headers}{response.text}", side, Role.ADMINISTRATOR) == set()

    asked()
