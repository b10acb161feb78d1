"""Proposing, withdrawing and signing versions. Each is one transaction, and safe to ask for twice."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from onefloor.agreements.references import check_metrics
from onefloor.agreements.statement import canonical_json
from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement, State, Version
from onefloor_web.agreements.register.past import refuse_lost
from onefloor_web.agreements.register.queries import signers
from onefloor_web.agreements.signatures.actions import Document, sign
from onefloor_web.agreements.signatures.checking import signed_by
from onefloor_web.agreements.signatures.models import Intent, Signature
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.tenancy.viewer import Viewer

CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class OtherParties(Problem):
    """An agreement that is not between the client of this floor and the company it is proposed to."""

    def __init__(self, terms: Terms) -> None:
        client, company = terms.parties.client, terms.parties.company
        super().__init__(
            Text(
                f"协议的双方是“{client}”和“{company}”，与本现场不符。",
                f'The agreement is between "{client}" and "{company}", which does not fit this floor.',
            ),
            remedy=Text(
                "请写本现场的甲方，以及所选的公司；自有员工须写 shadow: true。",
                "Name this floor's client and the company chosen; own staff need shadow: true.",
            ),
        )


class BadCode(Problem):
    """A code that cannot stand in an address."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Text(f"协议代码“{code}”不能用于网址。", f'The code "{code}" cannot stand in an address.'),
            remedy=Text(
                "请只用字母、数字、- 和 _，例如 own-north。", "Use letters, digits, - and _, such as own-north."
            ),
        )


class CodeTaken(Problem):
    """A code that cannot be used a second time."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Text(f"协议代码“{code}”不可用。", f'The code "{code}" cannot be used.'),
            remedy=Text("请换一个代码，例如加上公司名。", "Choose another one, for example with the company's name."),
        )


class OneIsWaiting(Problem):
    """A version of the agreement waits for signatures already."""

    def __init__(self, version: Version) -> None:
        super().__init__(
            Text(f"第 {version.number} 版正在待签。", f"Version {version.number} is waiting for signatures."),
            remedy=Text("请先签署或撤回该版。", "Sign or withdraw that one first."),
        )


class OtherSide(Problem):
    """An act that is the other company's: who has proposed withdraws, who was asked declines."""

    def __init__(self, version: Version) -> None:
        super().__init__(
            Text(
                f"第 {version.number} 版由 {version.proposer} 提出。",
                f"Version {version.number} was proposed by {version.proposer}.",
            ),
            why=Text(
                "提出的一方可以撤回，另一方可以拒签。", "Who proposed it withdraws it, the other company declines it."
            ),
            remedy=Text("请使用本方可用的操作。", "Use the act that is your company's."),
        )


class NoReason(Problem):
    """A version is declined without a word."""

    def __init__(self) -> None:
        super().__init__(
            Text("没有写明理由。", "There is no reason."),
            remedy=Text("请写明拒签的理由，对方会看到。", "Say why it is declined; the other company reads it."),
        )


class Over(Problem):
    """A version that is signed, withdrawn or declined already."""

    def __init__(self, version: Version) -> None:
        states = {
            State.SIGNED: Text("双方已签署", "signed by both"), State.WITHDRAWN: Text("已撤回", "withdrawn"),
            State.DECLINED: Text("已被拒签", "declined"),
        }  # fmt: skip
        state = states.get(State(version.state), Text("待签", "waiting"))
        super().__init__(
            Text(f"第 {version.number} 版{state.zh}。", f"Version {version.number} is {state.en}."),
            remedy=Text("如需改动，请起草补充协议。", "To change something, draft an amendment."),
        )


def propose(viewer: Viewer, source: str, *, note: Text | None = None) -> Version:
    """A version for both companies to sign; the agreement is registered with its first one.

    Args:
        viewer: who proposes it.
        source: the whole agreement as YAML, amendments included.
        note: what it changes; that of its newest amendment without.

    Raises:
        Problems: the text is no agreement, or no statement could be computed from it.
        BadCode: its code cannot stand in an address.
        OtherParties, OneIsWaiting: it does not fit here, or not now.
        LosesAmendments: it drops or changes what both have signed.
    """
    terms = parse_agreement(source)
    company = check(viewer, terms)
    agreement = _registered(terms, company)
    waiting = agreement.versions.filter(state=State.PROPOSED).first()
    if waiting:
        raise OneIsWaiting(waiting)
    last = agreement.versions.order_by("-number").first()
    newest = terms.versions[-1]
    version = Version(
        company=company, agreement=agreement, number=last.number + 1 if last else 1, starts=newest.start,
        source=source, digest=sha256(source.encode()).hexdigest(), note=(note or newest.note or Text("", "")).as_json(),
        proposed_by=viewer.name, proposer_id=viewer.company,
    )  # fmt: skip
    version.signed_digest = sha256(_payload(version)).hexdigest()
    version.save()
    _tell(viewer, "agreements.proposed", version, Text("提出了", "proposed"))
    return version


def check(viewer: Viewer, terms: Terms) -> Company:
    """Whether a text fits this floor now, before it is proposed; gives the company it is with.

    Raises:
        Problems: what a clause measures does not exist, or not as it is written.
        BadCode, OtherParties, OneIsWaiting, LosesAmendments: as ``propose``.
    """
    check_metrics(terms)
    company = _company_of(viewer, terms)
    if not CODE.fullmatch(terms.code):
        raise BadCode(terms.code)
    waiting = Version.objects.filter(agreement__code=terms.code, company=company, state=State.PROPOSED).first()
    if waiting:
        raise OneIsWaiting(waiting)
    if known := Agreement.objects.filter(code=terms.code, company=company).first():
        refuse_lost(known, terms)
    return company


def withdraw(viewer: Viewer, version: Version, *, why: str) -> None:
    """Take back a version that one's own company has proposed; the signatures it has stay with it.

    Raises:
        Over: it is signed by both, withdrawn or declined already.
        OtherSide: the other company has proposed it.
    """
    version = _locked(version)
    if version.proposer_id != viewer.company:
        raise OtherSide(version)
    version.state, version.ended_why = State.WITHDRAWN, why
    version.save(update_fields=["state", "ended_why"])
    _tell(viewer, "agreements.withdrawn", version, Text("撤回了", "withdrew"), why=why)


def decline(viewer: Viewer, version: Version, *, why: str) -> None:
    """Refuse to sign a version that the other company has proposed; a signature it has stays with it.

    Raises:
        Over: it is signed by both, withdrawn or declined already.
        OtherSide: one's own company has proposed it.
        NoReason: nothing is said.
    """
    version = _locked(version)
    if version.proposer_id == viewer.company:
        raise OtherSide(version)
    if not why.strip():
        raise NoReason
    version.state, version.ended_why = State.DECLINED, why
    version.save(update_fields=["state", "ended_why"])
    _tell(viewer, "agreements.declined", version, Text("拒签了", "declined"), why=why)


def sign_version(viewer: Viewer, version: Version) -> Signature | Intent:
    """Sign a proposed version; with the second company's signature it is in force from its date on.

    Raises:
        Over: it is signed by both, or withdrawn.
        NoKey, SamePerson, WrongSignature: see ``signatures.actions.sign``.
    """
    version = _locked(version)
    document = document_of(version)
    made = sign(viewer, document)
    needed = {company.pk for company in signers(version.agreement)}
    if isinstance(made, Signature) and signed_by(version, document.payload) >= needed:
        version.state, version.signed_at = State.SIGNED, timezone.now()
        version.save(update_fields=["state", "signed_at"])
        _tell(viewer, "agreements.in_force", version, Text("使其生效：", "completed"))
    return made


def document_of(version: Version) -> Document:
    """What is signed of a version: who with whom, which one, and the digest of its text."""
    return Document(version, version.company_id, _payload(version), _title(version), page_of(version))


def _payload(version: Version) -> bytes:
    return canonical_json(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "agreement.yaml", "digest": {"sha256": version.digest}}],
            "predicateType": "urn:onefloor:agreement:v1",
            "predicate": {
                "agreement": version.agreement.code, "version": version.number, "starts": str(version.starts),
                "company": version.company.code,
            },
        }
    )  # fmt: skip


def page_of(version: Version) -> str:
    """The address of a version."""
    return f"/agreements/{version.agreement.code}/versions/{version.number}/"


def _title(version: Version) -> Text:
    name = version.agreement.name
    return Text(f"{name.zh}第 {version.number} 版", f"{name.en}, version {version.number}")


def _tell(viewer: Viewer, name: str, version: Version, did: Text, *, why: str = "") -> None:
    title = _title(version)
    what = Text(f"{viewer.name} {did.zh}{title.zh}。", f"{viewer.name} {did.en} {title.en}.")
    record(viewer, name, version, what, why=why, page=page_of(version), company=version.company_id, shared=True)


def _locked(version: Version) -> Version:
    """The version as it is now, held until this transaction ends."""
    version = (
        Version.objects.select_for_update(of=["self"])
        .select_related("agreement", "company", "proposer")
        .get(pk=version.pk)
    )
    if version.state != State.PROPOSED:
        raise Over(version)
    return version


def _registered(terms: Terms, company: Company) -> Agreement:
    """The agreement's row, made with its first version, and held until this transaction ends.

    Raises:
        CodeTaken: another company's agreement, which the proposer may not see, has the code.
    """
    defaults = {"title": terms.parties.title.as_json(), "shadow": company.is_client}
    try:
        with transaction.atomic():
            agreement, _made = Agreement.objects.get_or_create(code=terms.code, company=company, defaults=defaults)
    except IntegrityError:
        raise CodeTaken(terms.code) from None
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def _company_of(viewer: Viewer, terms: Terms) -> Company:
    """The company the agreement is with."""
    client = the_client()
    company = Company.objects.filter(code=terms.parties.company).first()
    fits = company is not None and terms.parties.client == client.code
    if company is None or not fits or company.is_client != terms.parties.shadow:
        raise OtherParties(terms)
    if not viewer.client and company.pk != viewer.company:
        raise OtherParties(terms)
    return company
