"""Operations of requests: a ticket system of either company can raise, ask back, answer and accept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Field, Query, Schema, Status

from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged
from onefloor_web.trust.requests import actions, queries
from onefloor_web.trust.requests.classes import classes_of
from onefloor_web.trust.requests.models import CLASS_LENGTH, LINK_LENGTH, SUBJECT_LENGTH, TEXT_LENGTH, Message, Request

routes = router("Requests")
ONE = "/requests/{int:number}"
CHANGES = (409, 412, 428)


class RequestOut(Schema):
    """A request of a vendor, and whose turn it is."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[88])
    code: str = Field(description="Its reference among the client's duties", examples=["R-88"])
    company: int = Field(alias="company_id", serialization_alias="company", examples=[2])
    kind: str = Field(description="The class of the agreement's terms", examples=["problem"])
    subject: str
    state: str = Field(description="open, asked, answered, accepted, unsolved or withdrawn", examples=["open"])
    turn: int = Field(description="Grows with every act")
    raised_at: datetime
    raised_by: str
    due_at: datetime | None = Field(None, description="Null while the clock stands still")
    rest_ms: int | None = Field(None, description="What is left of a clock that stands still, in ms")
    stopped_at: datetime | None = None
    stopped_by: str = ""
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    handler: str = Field("", alias="handler_name", serialization_alias="handler")


class MessageOut(Schema):
    """Something said about a request."""

    number: int = Field(alias="pk", serialization_alias="number")
    kind: str = Field(description="request, note, question, reply, answer, back, reopened or closed")
    author: int = Field(alias="author_id", serialization_alias="author", description="Number of the company")
    by: str
    text: str
    link: str = Field("", description="Where the answer is to be found from now on")
    given_at: datetime


class ClassOut(Schema):
    """A class of requests and the client's clock."""

    kind: str = Field(examples=["problem"])
    title_zh: str
    title_en: str
    within: str = Field(examples=["16 working hours"])
    duty: str = Field(examples=["answer"])
    pauses: bool = Field(description="Whether a question back stops the clock")


class RequestIn(Schema):
    """A new request."""

    kind: str = Field(max_length=CLASS_LENGTH)
    subject: str = Field(min_length=1, max_length=SUBJECT_LENGTH)
    text: str = Field(min_length=1, max_length=TEXT_LENGTH)
    agreement: str | None = Field(None, description="Its code; needed where a company has several")


class WordsIn(Schema):
    """Words about a request."""

    text: str = Field(min_length=1, max_length=TEXT_LENGTH)


class AnswerIn(WordsIn):
    """An answer."""

    link: str = Field("", max_length=LINK_LENGTH)


@operation(routes, "GET", "/requests", action="requests.view", gives=Many[RequestOut])
def requests(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """Requests one may see, the latest first."""
    return paged(queries.requests(request.viewer), page, order=["-pk"])


@operation(routes, "GET", "/request-classes", action="requests.view", gives=list[ClassOut], also=(404,))
def request_classes(request: ViewerRequest, agreement: str | None = None) -> list[dict[str, Any]]:
    """The classes one's own company can choose from today, with their clocks."""
    return [
        {
            "kind": one.id, "title_zh": one.title.zh, "title_en": one.title.en, "within": str(one.within),
            "duty": one.duty, "pauses": one.questions == "pause",
        }
        for one in classes_of(_agreement(request, agreement), today())
    ]  # fmt: skip


@operation(routes, "POST", "/requests", action="requests.raise", gives=RequestOut, status=201, also=(404, 409))
def request_raising(request: ViewerRequest, said: RequestIn, response: HttpResponse) -> Status[RequestOut]:
    """Raise a request; the client's clock runs from now."""
    made = actions.raise_request(
        request.viewer, _agreement(request, said.agreement), said.kind, subject=said.subject, text=said.text
    )
    return Status(201, shown(response, RequestOut.from_orm(made)))


@operation(routes, "GET", ONE, action="requests.view", gives=RequestOut)
def request(request: ViewerRequest, number: int, response: HttpResponse) -> RequestOut:
    """One request."""
    return shown(
        response, RequestOut.from_orm(found(request.viewer, "requests.view", Request.objects.all(), pk=number))
    )


@operation(routes, "GET", f"{ONE}/messages", action="requests.view", gives=Many[MessageOut])
def request_messages(request: ViewerRequest, number: int, page: Query[Wanted]) -> dict[str, Any]:
    """What was said about it, oldest first."""
    one = found(request.viewer, "requests.view", Request.objects.all(), pk=number)
    return paged(Message.objects.filter(request=one), page, order=["pk"])


@operation(routes, "POST", f"{ONE}/questions", action="requests.answer", gives=RequestOut, also=CHANGES)
def request_question(request: ViewerRequest, number: int, said: WordsIn, response: HttpResponse) -> RequestOut:
    """Ask back; where the class says so, the clock stands still until the reply."""
    held = _held(request, "requests.answer", number)
    return shown(response, RequestOut.from_orm(actions.ask_back(request.viewer, held, held.turn, said.text)))


@operation(routes, "POST", f"{ONE}/replies", action="requests.raise", gives=RequestOut, also=CHANGES)
def request_reply(request: ViewerRequest, number: int, said: WordsIn, response: HttpResponse) -> RequestOut:
    """Reply to a question back; the clock runs on."""
    held = _held(request, "requests.raise", number)
    return shown(response, RequestOut.from_orm(actions.reply(request.viewer, held, held.turn, said.text)))


@operation(routes, "POST", f"{ONE}/answers", action="requests.answer", gives=RequestOut, also=CHANGES)
def request_answer(request: ViewerRequest, number: int, said: AnswerIn, response: HttpResponse) -> RequestOut:
    """Answer; the clock ends."""
    held = _held(request, "requests.answer", number)
    made = actions.answer(request.viewer, held, held.turn, said.text, link=said.link)
    return shown(response, RequestOut.from_orm(made))


@operation(routes, "POST", f"{ONE}/acceptance", action="requests.raise", gives=RequestOut, also=CHANGES)
def request_acceptance(request: ViewerRequest, number: int, response: HttpResponse) -> RequestOut:
    """Accept the answer."""
    held = _held(request, "requests.raise", number)
    return shown(response, RequestOut.from_orm(actions.accept(request.viewer, held, held.turn)))


@operation(routes, "POST", f"{ONE}/return", action="requests.raise", gives=RequestOut, also=CHANGES)
def request_return(request: ViewerRequest, number: int, said: WordsIn, response: HttpResponse) -> RequestOut:
    """Send the answer back, or reopen what was accepted: once."""
    held = _held(request, "requests.raise", number)
    return shown(response, RequestOut.from_orm(actions.send_back(request.viewer, held, held.turn, said.text)))


@operation(routes, "POST", f"{ONE}/withdrawal", action="requests.raise", gives=RequestOut, also=CHANGES)
def request_withdrawal(request: ViewerRequest, number: int, said: WordsIn, response: HttpResponse) -> RequestOut:
    """Withdraw it."""
    held = _held(request, "requests.raise", number)
    return shown(response, RequestOut.from_orm(actions.withdraw(request.viewer, held, held.turn, said.text)))


@operation(routes, "POST", f"{ONE}/closing", action="requests.raise", gives=RequestOut, also=CHANGES)
def request_closing(request: ViewerRequest, number: int, said: WordsIn, response: HttpResponse) -> RequestOut:
    """Close it though the answer did not help."""
    held = _held(request, "requests.raise", number)
    return shown(response, RequestOut.from_orm(actions.close_unsolved(request.viewer, held, held.turn, said.text)))


@operation(routes, "POST", f"{ONE}/messages", action="requests.view", gives=MessageOut, status=201)
def request_note(request: ViewerRequest, number: int, said: WordsIn) -> Status[Message]:
    """Add something; nothing else moves."""
    action = "requests.answer" if request.viewer.client else "requests.raise"
    one = found(request.viewer, action, Request.objects.all(), pk=number)
    return Status(201, actions.note(request.viewer, one, said.text))


def _held(request: ViewerRequest, action: str, number: int) -> Request:
    """The request, held, as the caller has seen it (``If-Match``)."""
    held = found(request.viewer, action, Request.objects.select_for_update(of=("self",)), pk=number)
    unchanged(request, RequestOut.from_orm(held))
    return held


def _agreement(request: ViewerRequest, code: str | None) -> Any:
    """The agreement named, or the only one; None where the company has none."""
    known = {one.code: one for one in queries.agreements(request.viewer)}
    if code is not None and code not in known:
        raise Http404
    return known[code] if code is not None else next(iter(known.values()), None)
