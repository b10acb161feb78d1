"""Operations of drafts: list, read, begin, save, check, share, discard, propose, comment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema, Status

from onefloor.problems import Problem
from onefloor_web.agreements.drafts import actions
from onefloor_web.agreements.drafts.checking import Checked, check, line_of
from onefloor_web.agreements.drafts.models import COMMENT, LONGEST, NAME, PART, Comment, Draft
from onefloor_web.agreements.drafts.views import rows
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import Refused, operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown, unchanged

routes = router("Drafts")
CHANGES = (409, 412, 428)


class DraftOut(Schema):
    """A draft without its text."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[5])
    name: str = Field(examples=["North 2027"])
    code: str = Field(description="The agreement's code as the text has it", examples=["own-north"])
    company: str = Field(description="The vendor it is with; own staff's are with the client", examples=["North"])
    author: str = Field(description="The company that writes it", examples=["Own"])
    state: str = Field(description="open, proposed or discarded", examples=["open"])
    shared_at: datetime | None = Field(None, description="Since when the other company reads it")
    saved_at: datetime
    saved_by: str
    digest: str = Field(description="SHA-256 of the text")

    @staticmethod
    def resolve_company(one: Any) -> str:
        """The company's code."""
        return str(one.company.code)

    @staticmethod
    def resolve_author(one: Any) -> str:
        """The author's code."""
        return str(one.author.code)

    @staticmethod
    def resolve_shared_at(one: Any) -> datetime | None:
        """When it was given."""
        given: datetime | None = one.given_at
        return given


class DraftTextOut(DraftOut):
    """A draft with its text."""

    text: str = Field(description="The agreement as YAML")


class DraftIn(Schema):
    """A draft to begin."""

    company: str = Field(max_length=120, description="Code of the vendor, or of the client for own staff")
    name: str = Field(min_length=1, max_length=NAME)
    text: str = Field(max_length=LONGEST, description="The agreement as YAML; it may have problems")


class DraftSavedIn(Schema):
    """Other text for a draft."""

    text: str = Field(max_length=LONGEST, description="The agreement as YAML; it may have problems")


class CommentIn(Schema):
    """What is said to a part; a note stays in one's own company."""

    part: str = Field("", max_length=PART, description="The part it is about; empty for the whole")
    words: str = Field(min_length=1, max_length=COMMENT)
    private: bool = Field(default=False, description="A note that stays in one's own company")


class CommentOut(Schema):
    """A comment."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[9])
    author: int = Field(alias="author_id", serialization_alias="author", description="The company that says it")
    part: str
    words: str
    private: bool
    made_at: datetime
    made_by: str
    resolved_at: datetime | None = None


class TextIn(Schema):
    """A text to check."""

    company: str = Field(max_length=120, description="Code of the vendor, or of the client for own staff")
    text: str = Field(max_length=LONGEST, description="The agreement as YAML")


class ProblemRow(Schema):
    """One problem of a text."""

    line: int = Field(description="0 for the whole text")
    what: str
    why: str = ""
    remedy: str


class CheckedOut(Schema):
    """What is wrong with a text; without problems it can be proposed for signature."""

    problems: list[ProblemRow]
    notes: list[str]


@operation(routes, "GET", "/drafts", action="drafts.view", gives=Many[DraftOut])
def drafts(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The drafts of one's own company and those the other one has shared, the latest first."""
    return paged(only_visible(request.viewer, "drafts.view", rows().defer("text")), page, order=["-pk"])


@operation(routes, "GET", "/drafts/{int:number}", action="drafts.view", gives=DraftTextOut)
def draft(request: ViewerRequest, number: int, response: HttpResponse) -> DraftTextOut:
    """One draft with its text."""
    return shown(response, DraftTextOut.from_orm(found(request.viewer, "drafts.view", rows(), pk=number)))


@operation(routes, "POST", "/drafts", action="drafts.change", gives=DraftTextOut, status=201)
def draft_begun(request: ViewerRequest, sent: DraftIn) -> Status[Draft]:
    """Begin a draft; only one's own company sees it until it is shared."""
    company = _company(request, sent.company)
    made = actions.begin(request.viewer, company, sent.name, sent.text)
    return Status(201, rows().get(pk=made.pk))


@operation(routes, "POST", "/drafts/checks", action="drafts.view", gives=CheckedOut)
def text_checks(request: ViewerRequest, sent: TextIn) -> dict[str, Any]:
    """What is wrong with a text, with line and remedy; nothing is kept."""
    return _told(check(request.viewer, _company(request, sent.company), actions.plain(sent.text)))


@operation(routes, "GET", "/drafts/{int:number}/checks", action="drafts.view", gives=CheckedOut)
def draft_checks(request: ViewerRequest, number: int) -> dict[str, Any]:
    """What is wrong with a draft as it is saved."""
    one = found(request.viewer, "drafts.view", rows(), pk=number)
    return _told(check(request.viewer, one.company, one.text, one.base))


@operation(routes, "POST", "/drafts/{int:number}/texts", action="drafts.change", gives=DraftTextOut, also=CHANGES)
def draft_saving(request: ViewerRequest, number: int, sent: DraftSavedIn, response: HttpResponse) -> DraftTextOut:
    """Save other text for a draft of one's own company."""
    one = _own(request, number)
    actions.save(request.viewer, one, sent.text, one.digest)
    return _now(response, number)


@operation(routes, "POST", "/drafts/{int:number}/sharing", action="drafts.change", gives=DraftTextOut, also=CHANGES)
def draft_sharing(request: ViewerRequest, number: int, response: HttpResponse) -> DraftTextOut:
    """Let the other company read it, for good."""
    actions.share(request.viewer, _own(request, number))
    return _now(response, number)


@operation(routes, "POST", "/drafts/{int:number}/discarding", action="drafts.change", gives=DraftTextOut, also=CHANGES)
def draft_discarding(request: ViewerRequest, number: int, response: HttpResponse) -> DraftTextOut:
    """Give it up; it stays readable."""
    actions.discard(request.viewer, _own(request, number))
    return _now(response, number)


@operation(
    routes, "POST", "/drafts/{int:number}/proposal", action="agreements.propose", gives=DraftTextOut, also=CHANGES
)
def draft_proposal(request: ViewerRequest, number: int, response: HttpResponse) -> DraftTextOut:
    """Propose what is written now as a version for both companies to sign."""
    one = _own(request, number)
    actions.propose(request.viewer, one, one.digest)
    return _now(response, number)


@operation(routes, "GET", "/drafts/{int:number}/comments", action="drafts.view", gives=Many[CommentOut])
def draft_comments(request: ViewerRequest, number: int, page: Query[Wanted]) -> dict[str, Any]:
    """What was said about it, oldest first."""
    one = found(request.viewer, "drafts.view", rows(), pk=number)
    return paged(Comment.objects.filter(draft=one), page, order=["pk"])


@operation(routes, "POST", "/drafts/{int:number}/comments", action="drafts.comment", gives=CommentOut, status=201)
def draft_comment(request: ViewerRequest, number: int, sent: CommentIn) -> Status[Comment]:
    """Say something to a part of it."""
    one = found(request.viewer, "drafts.comment", rows(), pk=number)
    return Status(201, actions.comment(request.viewer, one, sent.part, sent.words, private=sent.private))


def _own(request: ViewerRequest, number: int) -> Draft:
    """The draft, held, as the caller has seen it (``If-Match``)."""
    held = actions.locked(found(request.viewer, "drafts.change", rows(), pk=number))
    unchanged(request, DraftTextOut.from_orm(rows().get(pk=held.pk)))
    return held


def _now(response: HttpResponse, number: int) -> DraftTextOut:
    return shown(response, DraftTextOut.from_orm(rows().get(pk=number)))


def _company(request: ViewerRequest, code: str) -> Company:
    """The other side of a draft: for a vendor itself, for the client any company of the floor."""
    among = Company.objects.all() if request.viewer.client else Company.objects.filter(pk=request.viewer.company)
    company = among.filter(code=code).first() if "\0" not in code else None
    if company is None:
        raise Refused(
            422, "unknown-company", _("No agreement can be drafted with this company."),
            remedy=_("Name a company of this floor; a vendor names itself."),
        )  # fmt: skip
    return company


def _told(found_: Checked) -> dict[str, Any]:
    return {"problems": [_row(one) for one in found_.problems], "notes": [say(note) for note in found_.notes]}


def _row(one: Problem) -> dict[str, Any]:
    why = say(one.why) if one.why else ""
    return {"line": line_of(one), "what": say(one.what), "why": why, "remedy": say(one.remedy)}
