"""What a token can ask about itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from onefloor_web.platform.api.queries import offered
from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest
from onefloor_web.platform.rest.operations import operation, router

routes = router("Token")


class MeOut(Schema):
    """Who the API takes the caller for."""

    company: str = Field(description="Name of the company in the records", examples=["North"])
    name: str = Field(description="The user the token acts for")
    roles: list[str] = Field(description="Roles held today", examples=[["planner"]])
    actions: list[str] = Field(description="Actions the caller may do", examples=[["people.view"]])
    expires_at: datetime | None = Field(description="Until when the token is valid; null for a session")


@operation(routes, "GET", "/me", action=SIGNED_IN, gives=MeOut)
def me(request: ViewerRequest) -> dict[str, Any]:
    """Who am I."""
    viewer, token = request.viewer, getattr(request, "token", None)
    return {
        "company": viewer.code, "name": viewer.name, "roles": sorted(viewer.roles), "actions": offered(viewer),
        "expires_at": token.expires_at if token else None,
    }  # fmt: skip
