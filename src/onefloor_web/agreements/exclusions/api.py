"""Operations of exclusions: draft, effect, proposal, withdrawal, and the answer. Files are attached on the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema, Status
from pydantic import StringConstraints

from onefloor_web.agreements.exclusions import actions
from onefloor_web.agreements.exclusions.forms import DraftForm
from onefloor_web.agreements.exclusions.models import NOTE_LENGTH, WHY_LENGTH, WORDS_LENGTH, Exclusion
from onefloor_web.agreements.exclusions.queries import answer_of, state_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_version, terms_of
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.forms import CODE, as_sent, fitting
from onefloor_web.platform.rest.operations import Answered, operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.problems import Fault, invalid
from onefloor_web.platform.rest.tags import shown, unchanged
from onefloor_web.records.floor.questions import choices

routes = router("Exclusions")
NO_FILES: MultiValueDict[str, Any] = MultiValueDict()


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


class ExclusionIn(Schema):
    """Rows to take out; a draft of one's own company until it is proposed."""

    agreement: str = Field(pattern=CODE, examples=["own-north"])
    reason: str = Field(description="client_outage, force_majeure, wrong_knowledge or waiver")
    zh: str = Field(max_length=WORDS_LENGTH, description="What happened, in Chinese")
    en: str = Field(max_length=WORDS_LENGTH, description="What happened, in English")
    starts: str = Field(description="First minute, local time", examples=["2026-10-14T09:58"])
    ends: str = Field(description="Minute after the last, local time", examples=["2026-10-14T11:30"])
    where: dict[Literal["queue", "skill", "topic", "site", "team"], list[str]] = Field(
        default_factory=dict, description="Names by dimension; empty for all rows"
    )
    clauses: list[str] = Field(default_factory=list, description="Numbers of clauses; empty for all")
    note: str = Field("", max_length=NOTE_LENGTH, description="Where the evidence can be seen")


class ExclusionReasonIn(Schema):
    """Why; the other company reads it."""

    why: str = Field(min_length=1, max_length=WHY_LENGTH)


class WeighingOut(Schema):
    """The job that was asked for: its state is that of ``/jobs/{number}``."""

    job: int


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


@operation(routes, "POST", "/exclusions", action="exclusions.propose", gives=ExclusionOut, status=201, also=(404,))
def exclusion_draft(request: ViewerRequest, said: ExclusionIn, response: HttpResponse) -> Status[ExclusionOut]:
    """Draft an exclusion and have its effect computed; only one's own company sees it until it is proposed."""
    agreement = found(request.viewer, "exclusions.propose", _agreements(), code=said.agreement)
    version = signed_version(agreement)
    if version is None:
        raise actions.NotSigned(agreement)
    where = {str(name): found_ for name, found_ in said.where.items()}
    values = as_sent({**said.model_dump(exclude={"agreement", "where"}), **where})
    form = DraftForm(terms_of(version.source), choices(viewer_for(agreement.company_id, name="")), values, NO_FILES)
    if unknown := sorted(set(where) - set(form.fields)):
        raise Answered(invalid([Fault(where=f"body.where.{name}", what=_("No such names here.")) for name in unknown]))
    fitting(form)
    made = actions.draft(request.viewer, agreement, form.said())
    actions.weigh(request.viewer, made)
    return Status(201, shown(response, ExclusionOut.from_orm(_rows().get(pk=made.pk))))


@operation(
    routes, "POST", "/exclusions/{int:number}/weighings", action="exclusions.view", gives=WeighingOut, status=202
)
def exclusion_weighing(request: ViewerRequest, number: int) -> Status[Any]:
    """Have the months it touches settled with and without it; the job's result says what differs."""
    one = found(request.viewer, "exclusions.view", _rows(), pk=number)
    return Status(202, {"job": actions.weigh(request.viewer, one).pk})


@operation(
    routes, "POST", "/exclusions/{int:number}/proposal", action="exclusions.propose", gives=ExclusionOut,
    also=(412, 428),
)  # fmt: skip
def exclusion_proposal(request: ViewerRequest, number: int, response: HttpResponse) -> ExclusionOut:
    """Give a draft to the other company, which answers; its effect has to be computed by then."""
    one = _own(request, number)
    unchanged(request, ExclusionOut.from_orm(one))
    actions.propose(request.viewer, one)
    return shown(response, ExclusionOut.from_orm(_rows().get(pk=number)))


@operation(
    routes, "POST", "/exclusions/{int:number}/withdrawal", action="exclusions.propose", gives=ExclusionOut,
    also=(412, 428),
)  # fmt: skip
def exclusion_withdrawal(
    request: ViewerRequest, number: int, said: ExclusionReasonIn, response: HttpResponse
) -> ExclusionOut:
    """Take back what nobody has answered yet."""
    one = _own(request, number)
    unchanged(request, ExclusionOut.from_orm(one))
    actions.withdraw(request.viewer, one, why=said.why)
    return shown(response, ExclusionOut.from_orm(_rows().get(pk=number)))


@operation(
    routes, "DELETE", "/exclusions/{int:number}", action="exclusions.propose", gives=None, status=204,
    also=(412, 428),
)  # fmt: skip
def exclusion_removal(request: ViewerRequest, number: int) -> Status[None]:
    """Forget a draft and its files; what was proposed stays."""
    one = _own(request, number)
    unchanged(request, ExclusionOut.from_orm(one))
    actions.discard(request.viewer, one)
    return Status(204, None)


def _own(request: ViewerRequest, number: int) -> Exclusion:
    """One of one's own company; the other's is not found here."""
    rows: QuerySet[Exclusion] = _rows().filter(author=request.viewer.company)
    return found(request.viewer, "exclusions.propose", rows, pk=number)


def _agreements() -> Any:
    return Agreement.objects.select_related("company")


def _rows() -> Any:
    return Exclusion.objects.select_related("agreement", "answer")
