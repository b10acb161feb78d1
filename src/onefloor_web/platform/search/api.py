"""The operation of search: what the page of hits shows, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Query, Schema

from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.search.matching import LONGEST, split
from onefloor_web.platform.search.providers import search as found
from onefloor_web.platform.search.views import EACH, WHOLE

routes = router("Search")


class SearchedFor(Schema):
    """What is looked for."""

    q: Annotated[str, Field(max_length=LONGEST, description="Words, all of which a hit holds; parts of words do")] = ""
    kind: Annotated[str, Field(max_length=40, description="Only hits of this kind")] = ""
    limit: int = Field(EACH, ge=1, le=WHOLE, description="Hits of a kind at most")


class HitOut(Schema):
    """Something found."""

    title: str = Field(examples=["N2031"])
    context: str = Field(description="One line that tells it from others", examples=["North · North 2"])
    url: str = Field(description="The address of its page on this site", examples=["/people/N2031/"])


class HitsOut(Schema):
    """The hits of one kind, the best first."""

    kind: str = Field(examples=["people"])
    label: str = Field(description="The kind in the language of the request", examples=["People"])
    hits: list[HitOut]
    more: bool = Field(description="Whether there are others beyond the limit")


class FoundOut(Schema):
    """Everything found, by kind; a kind without a hit is absent."""

    groups: list[HitsOut]


@operation(routes, "GET", "/search", action=SIGNED_IN, gives=FoundOut)
def search(request: ViewerRequest, asked: Query[SearchedFor]) -> dict[str, Any]:
    """What you may open that holds all the words: pages, people, teams, metrics, files and more."""
    return {"groups": found(request.viewer, split(asked.q), asked.limit, kind=asked.kind)}
