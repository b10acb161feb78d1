"""Operations of keys: the public halves with which signatures are checked. Signing is for people, not for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Query, Schema

from onefloor_web.agreements.signatures.models import PublicKey
from onefloor_web.platform.permissions.page import ViewerRequest
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged

routes = router("Agreements")


class PublicKeyOut(Schema):
    """The half of a key with which anybody on the floor checks a signature."""

    number: int = Field(alias="pk", serialization_alias="number")
    company: str = Field(alias="company.code", serialization_alias="company", examples=["North"])
    key_id: str = Field(description="As it stands in envelopes")
    pem: str = Field(description="Ed25519, PEM")
    made_at: datetime
    withdrawn_at: datetime | None = Field(None, description="What it signed before stays signed")


@operation(routes, "GET", "/public-keys", action="keys.view", gives=Many[PublicKeyOut])
def public_keys(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The public keys of one's own company and of those it has agreements with, the latest first."""
    rows = only_visible(request.viewer, "keys.view", PublicKey.objects.select_related("company"))
    return paged(rows, page, order=["-pk"])
