"""Operations of business events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Query, Schema

from onefloor_web.platform.events.models import Event
from onefloor_web.platform.events.queries import seen_by, words
from onefloor_web.platform.permissions.page import ViewerRequest
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged

routes = router("Events")


class EventOut(Schema):
    """Something that happened on the floor; the list only grows."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[301])
    company: int = Field(alias="company_id", serialization_alias="company", examples=[2])
    name: str = Field(examples=["exits.deleted"])
    subject: str = Field(description="What it is about")
    what: str = Field(description="What happened, in the language asked for")
    why: str = Field(description="The reason its author gave")
    actor: str = Field(alias="actor_name", serialization_alias="actor", description="Who did it")
    at: datetime

    @staticmethod
    def resolve_what(event: Event) -> str:
        """The core's text in the reader's language."""
        return words(event)


@operation(routes, "GET", "/events", action="audit.view", gives=Many[EventOut])
def events(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Events of one's own company, oldest first; the client sees those that vendors share with it as well."""
    return paged(Event.objects.filter(seen_by(request.viewer)), page, order=["pk"])
