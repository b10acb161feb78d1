"""Operations of exclusions: what was proposed, and the answer to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from onefloor_web.agreements.exclusions import actions
from onefloor_web.agreements.exclusions.models import WHY_LENGTH, Exclusion
from onefloor_web.agreements.exclusions.queries import answer_of, state_of
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged

routes = router("Exclusions")


class ExclusionOut(Schema):
    """Rows that one side proposes to take out of the figures."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[7])
    agreement: str = Field(examples=["own-north"])
    code: str = Field(description="Its id in the terms; empty while it is a draft", examples=["X-3"])
    state: str = Field(description="draft, waiting, approved, refused, expired or withdrawn", examples=["waiting"])
    author: int = Field(alias="author_id", serialization_alias="author", description="The company that proposes it")
    reason: str = Field(examples=["client_outage"])
    words: dict[str, str] = Field(description="What happened, in both languages")
    starts: datetime
    ends: datetime
    where: dict[str, list[str]] = Field(description="Names by dimension; empty for all rows of the company")
    clauses: list[str] = Field(description="Numbers of clauses; empty for all")
    note: str = Field(description="The evidence")
    proposed_by: str = Field(alias="user_name", serialization_alias="proposed_by")
    given_on: date | None = None
    answer_by: datetime | None = None
    answered_by: str | None = None
    answered_on: date | None = None
    why: str = Field("", description="The reason of the answer")

    @staticmethod
    def resolve_agreement(one: Exclusion) -> str:
        """The agreement's code."""
        return one.agreement.code

    @staticmethod
    def resolve_state(one: Exclusion) -> str:
        """How far it has come."""
        return str(state_of(one))

    @staticmethod
    def resolve_answered_by(one: Exclusion) -> str | None:
        """Who answered."""
        said = answer_of(one)
        return said.user_name if said else None

    @staticmethod
    def resolve_answered_on(one: Exclusion) -> date | None:
        """When."""
        said = answer_of(one)
        return said.answered_on if said else None

    @staticmethod
    def resolve_why(one: Exclusion) -> str:
        """And why."""
        said = answer_of(one)
        return said.why if said else ""


class AnswerIn(Schema):
    """The other side's answer; a refusal needs a reason."""

    verdict: Literal["approve", "refuse"]
    why: Annotated[str, StringConstraints(max_length=WHY_LENGTH)] = ""


@operation(routes, "GET", "/exclusions", action="exclusions.view", gives=Many[ExclusionOut])
def exclusions(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Exclusions of one's own company's agreements; drafts are one's own."""
    return paged(only_visible(request.viewer, "exclusions.view", _rows()), page, order=["pk"])


@operation(routes, "GET", "/exclusions/{int:number}", action="exclusions.view", gives=ExclusionOut)
def exclusion(request: ViewerRequest, number: int, response: HttpResponse) -> ExclusionOut:
    """One exclusion."""
    return shown(response, ExclusionOut.from_orm(found(request.viewer, "exclusions.view", _rows(), pk=number)))


@operation(
    routes, "POST", "/exclusions/{int:number}/answer", action="exclusions.answer", gives=ExclusionOut,
    also=(412, 428),
)  # fmt: skip
def exclusion_answer(request: ViewerRequest, number: int, said: AnswerIn, response: HttpResponse) -> ExclusionOut:
    """Approve or refuse what the other company proposed."""
    held = found(request.viewer, "exclusions.answer", _rows(), pk=number)
    unchanged(request, ExclusionOut.from_orm(held))
    actions.answer(request.viewer, held, approved=said.verdict == "approve", why=said.why)
    return shown(response, ExclusionOut.from_orm(_rows().get(pk=number)))


def _rows() -> Any:
    return Exclusion.objects.select_related("agreement", "answer")
