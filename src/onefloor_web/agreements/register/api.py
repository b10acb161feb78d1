"""Operations of agreements: what holds, what waits, what a version says and changes. Signing is for people only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from ninja import Field, Query, Schema

from onefloor.language import Text
from onefloor_web.agreements.register import actions
from onefloor_web.agreements.register import differences as differing
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.register.queries import agreements as seen
from onefloor_web.agreements.register.queries import terms_of
from onefloor_web.agreements.signatures.queries import envelope_of, signatures_of
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged

routes = router("Agreements")
LARGEST = 200_000


class Words(Schema):
    """A text in both languages."""

    zh: str = ""
    en: str = ""


class AgreementOut(Schema):
    """A contract between the client and a company."""

    code: str = Field(examples=["own-north"])
    company: str = Field(alias="company.code", serialization_alias="company", examples=["North"])
    title: Words
    shadow: bool = Field(description="Of own staff: computed, never paid")


class VersionOut(Schema):
    """One version of an agreement; its text is asked for by itself."""

    agreement: str = Field(alias="agreement.code", serialization_alias="agreement", examples=["own-north"])
    number: int = Field(examples=[2])
    state: str = Field(description="proposed, signed, withdrawn or declined", examples=["signed"])
    starts: date = Field(description="First day of its newest terms")
    digest: str = Field(description="SHA-256 of its text")
    note: Words = Field(description="What it changes")
    proposed_at: datetime
    proposer: str = Field(alias="proposer.code", serialization_alias="proposer", examples=["Own"])
    signed_at: datetime | None = Field(None, description="When the second company signed")


class SourceOut(VersionOut):
    """A version with its text."""

    source: str = Field(description="YAML, byte for byte what is signed")


class SignatureOut(Schema):
    """One company's signature."""

    company: str = Field(alias="signer.code", serialization_alias="company", examples=["North"])
    at: datetime
    key_id: str
    digest: str = Field(description="SHA-256 of what was signed: the payload of the envelope")


class SignaturesOut(Schema):
    """The signatures of a version, and the envelope to check them with."""

    signatures: list[SignatureOut]
    envelope: str | None = Field(None, description="DSSE envelope as JSON text; null while nobody has signed")


class NoticeOut(Schema):
    """One company's word that an agreement is not renewed."""

    company: str = Field(alias="author.code", serialization_alias="company", examples=["North"])
    at: datetime = Field(alias="given_at", serialization_alias="at")
    by: str = Field(alias="user_name", serialization_alias="by")
    ends: date = Field(description="First day on which the agreement no longer holds")
    why: str


class TermOut(Schema):
    """One term: what it said and what it says, in the language of the request."""

    name: str
    before: str
    after: str


class ChangeOut(Schema):
    """A part that differs, in the language of the request."""

    since: date = Field(description="From when on it differs")
    section: str
    number: str = Field(description="Of the clause", examples=["4.2"])
    title: str
    what: str = Field(description="new, removed or changed, in the language of the request")
    before: str = ""
    after: str = ""
    terms: list[TermOut]


class ChangesOut(Schema):
    """What a version changes in another."""

    changes: list[ChangeOut]


class ProposedIn(Schema):
    """A text to be signed."""

    source: str = Field(max_length=LARGEST, description="YAML: the whole agreement, amendments included")
    note: Words | None = Field(None, description="What it changes; without it the note of its newest amendment")


class VersionWithdrawalIn(Schema):
    """Why; both companies read it."""

    why: str = Field(min_length=1, max_length=2000)


class VersionRefusalIn(Schema):
    """Why; both companies read it."""

    why: str = Field(min_length=1, max_length=2000)


@operation(routes, "GET", "/agreements", action="agreements.view", gives=Many[AgreementOut])
def agreements(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The agreements of one's own company with the client; the client sees all."""
    return paged(seen(request.viewer), page, order=["code"])


@operation(routes, "GET", "/agreements/{str:code}", action="agreements.view", gives=AgreementOut)
def one_agreement(request: ViewerRequest, code: str) -> Agreement:
    """One agreement."""
    return found(request.viewer, "agreements.view", seen(request.viewer), code=code)


@operation(routes, "GET", "/agreements/{str:code}/notices", action="agreements.view", gives=Many[NoticeOut])
def notices(request: ViewerRequest, code: str, page: Query[Wanted]) -> dict[str, Any]:
    """Notices that an agreement is not renewed. People give them, confirmed like a signature."""
    agreement = found(request.viewer, "agreements.view", seen(request.viewer), code=code)
    return paged(agreement.notices.select_related("author"), page, order=["pk"])


@operation(routes, "GET", "/agreements/{str:code}/versions", action="agreements.view", gives=Many[VersionOut])
def versions(request: ViewerRequest, code: str, page: Query[Wanted]) -> dict[str, Any]:
    """The versions of an agreement, the latest first."""
    agreement = found(request.viewer, "agreements.view", seen(request.viewer), code=code)
    rows = _versions(request).filter(agreement=agreement).defer("source")
    return paged(rows, page, order=["-number"])


@operation(routes, "GET", "/agreements/{str:code}/versions/{int:number}", action="agreements.view", gives=SourceOut)
def one_version(request: ViewerRequest, code: str, number: int) -> Version:
    """One version with its text."""
    return _version(request, code, number)


@operation(
    routes, "GET", "/agreements/{str:code}/versions/{int:number}/differences/{int:other}", action="agreements.view",
    gives=ChangesOut,
)  # fmt: skip
def version_differences(request: ViewerRequest, code: str, number: int, other: int) -> dict[str, Any]:
    """What a version changes in another, part by part, from which day on."""
    new, old = _version(request, code, number), _version(request, code, other)
    dated = differing.by_clause(terms_of(old.source), terms_of(new.source), today())
    return {"changes": [_change(day, part) for day in dated for part in day.parts]}


@operation(
    routes, "GET", "/agreements/{str:code}/versions/{int:number}/signatures", action="agreements.view",
    gives=SignaturesOut,
)  # fmt: skip
def version_signatures(request: ViewerRequest, code: str, number: int) -> dict[str, Any]:
    """Who has signed a version, and the envelope with which that is checked. Programs cannot sign."""
    row = _version(request, code, number)
    made = envelope_of(row)
    return {"signatures": signatures_of(row), "envelope": made.decode() if made else None}


@operation(routes, "POST", "/agreement-versions", action="agreements.propose", gives=SourceOut, status=201)
def propose_version(request: ViewerRequest, said: ProposedIn) -> Version:
    """Propose a version for both companies to sign. Its problems come with line and remedy (422)."""
    note = Text(said.note.zh or said.note.en, said.note.en or said.note.zh) if said.note else None
    made = actions.propose(request.viewer, said.source, note=note)
    return _versions(request).get(pk=made.pk)


@operation(
    routes, "POST", "/agreements/{str:code}/versions/{int:number}/withdrawal", action="agreements.propose",
    gives=SourceOut, also=(409,),
)  # fmt: skip
def version_withdrawal(request: ViewerRequest, code: str, number: int, said: VersionWithdrawalIn) -> Version:
    """Take back a version of one's own company that waits for signatures; those it has stay with it."""
    row = found(request.viewer, "agreements.propose", _versions(request), agreement__code=code, number=number)
    actions.withdraw(request.viewer, row, why=said.why)
    return _version(request, code, number)


@operation(
    routes, "POST", "/agreements/{str:code}/versions/{int:number}/refusal", action="agreements.propose",
    gives=SourceOut, also=(409,),
)  # fmt: skip
def version_refusal(request: ViewerRequest, code: str, number: int, said: VersionRefusalIn) -> Version:
    """Decline a version that the other company has proposed; a signature it has stays with it."""
    row = found(request.viewer, "agreements.propose", _versions(request), agreement__code=code, number=number)
    actions.decline(request.viewer, row, why=said.why)
    return _version(request, code, number)


def _versions(request: ViewerRequest) -> QuerySet[Version]:
    rows = Version.objects.select_related("agreement", "company", "proposer")
    return only_visible(request.viewer, "agreements.view", rows)


def _version(request: ViewerRequest, code: str, number: int) -> Version:
    return found(request.viewer, "agreements.view", _versions(request), agreement__code=code, number=number)


def _change(day: differing.From, part: differing.Part) -> dict[str, Any]:
    terms = [{"name": name, "before": before, "after": after} for name, before, after in part.terms]
    return {
        "since": day.start, "section": part.section, "number": part.number, "title": part.title, "what": part.what,
        "before": part.before.here if part.before else "", "after": part.after.here if part.after else "",
        "terms": terms,
    }  # fmt: skip
