"""Making and withdrawing keys, and signing."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Model
from django.utils import timezone

from onefloor.agreements import signing
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.signatures.checking import signed_by
from onefloor_web.agreements.signatures.models import Intent, PrivateKey, PublicKey, Signature, SigningRule
from onefloor_web.platform.events.actions import about, record
from onefloor_web.platform.notifications.sealing import opened, seal
from onefloor_web.platform.tenancy.turns import one_at_a_time
from onefloor_web.platform.tenancy.viewer import Viewer


class NoKey(Problem):
    """The company has nothing to sign with."""

    def __init__(self) -> None:
        super().__init__(
            Text("本公司还没有签署密钥。", "This company has no signing key yet."),
            remedy=Text("请由管理员在“签署密钥”页生成。", "An administrator makes one on the page of signing keys."),
        )


class SamePerson(Problem):
    """The four-eyes rule wants somebody else."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"{name} 已确认，须由另一人再次确认。", f"{name} has confirmed already; a second person has to."),
            why=Text("本公司规定签署须两人确认。", "This company's rule is that two people confirm each signature."),
            remedy=Text("请另一位签署人登录后确认。", "Ask another signatory to sign in and confirm."),
        )


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be signed: its row, its bytes, how people call it, and the address of its page."""

    row: Model
    company: int  # the vendor it is between the client and
    payload: bytes
    title: Text
    page: str

    @property
    def about(self) -> str:
        """What kind of row it is."""
        return about(self.row)

    @property
    def number(self) -> int:
        """The row's number."""
        return int(self.row.pk)

    @property
    def digest(self) -> str:
        """SHA-256 of what is signed."""
        return sha256(self.payload).hexdigest()


def make_key(viewer: Viewer) -> PublicKey:
    """A new key for the viewer's company; the one before is withdrawn."""
    one_at_a_time(f"keys of {viewer.company}")
    pair = signing.new_key()
    for before in PublicKey.objects.filter(company=viewer.company, withdrawn_at=None):
        withdraw_key(viewer, before, why="replaced by a new key")
    made = PublicKey.objects.create(
        company_id=viewer.company, key_id=pair.key_id, pem=pair.public.decode(), made_by=viewer.name
    )
    PrivateKey.objects.create(company_id=viewer.company, key_id=pair.key_id, sealed=seal(pair.private.decode()))
    what = Text(f"{viewer.name} 生成了签署密钥 {made}。", f"{viewer.name} made the signing key {made}.")
    record(viewer, "keys.made", made, what, page="/keys/")
    return made


def withdraw_key(viewer: Viewer, key: PublicKey, *, why: str) -> None:
    """End the use of a key; its private half is destroyed, what it signed stays signed. Twice is as once."""
    key = PublicKey.objects.select_for_update().get(pk=key.pk)
    if key.withdrawn_at:
        return
    key.withdrawn_at, key.withdrawn_why = timezone.now(), why
    key.save(update_fields=["withdrawn_at", "withdrawn_why"])
    PrivateKey.objects.filter(company=viewer.company, key_id=key.key_id).delete()
    what = Text(f"{viewer.name} 停用了签署密钥 {key}。", f"{viewer.name} withdrew the signing key {key}.")
    record(viewer, "keys.withdrawn", key, what, why=why, page="/keys/")


def set_four_eyes(viewer: Viewer, *, on: bool) -> None:
    """Whether a second person has to confirm each signature of the viewer's company."""
    one_at_a_time(f"keys of {viewer.company}")
    rule, _made = SigningRule.objects.get_or_create(company_id=viewer.company)
    if rule.four_eyes == on:
        return
    rule.four_eyes = on
    rule.save(update_fields=["four_eyes"])
    now = (
        Text("签署须两人确认", "two people confirm each signature")
        if on
        else Text("签署由一人完成", "one person signs")
    )
    what = Text(f"{viewer.name} 修改了签署规则：{now.zh}。", f"{viewer.name} changed the signing rule: {now.en}.")
    record(viewer, "keys.rule", rule, what, page="/keys/")


def sign(viewer: Viewer, document: Document) -> Signature | Intent:
    """Sign for the viewer's company, or, under the four-eyes rule, confirm as the first of two.

    Signing twice gives the signature that is there. Two people who sign at once are put in a row.

    Raises:
        NoKey: the company has no key.
        SamePerson: the first of two cannot be the second.
        WrongSignature: one that is there is not what it says.
    """
    one_at_a_time(f"{document.about} {document.number}")
    signed_by(document.row, document.payload)
    known = Signature.objects.filter(signer=viewer.company, about=document.about, number=document.number).first()
    if known:
        return known
    if not SigningRule.objects.filter(company=viewer.company, four_eyes=True).exists():
        return _sign(viewer, document, first="")
    first = Intent.objects.filter(
        company=viewer.company, about=document.about, number=document.number, digest=document.digest
    ).first()
    if first is None:
        return _intend(viewer, document)
    if first.user_id == viewer.user:
        raise SamePerson(first.user_name)
    return _sign(viewer, document, first=first.user_name)


def _intend(viewer: Viewer, document: Document) -> Intent:
    intent = Intent.objects.create(
        company_id=viewer.company, about=document.about, number=document.number, digest=document.digest,
        user_id=viewer.user or 0, user_name=viewer.name,
    )  # fmt: skip
    title = document.title
    what = Text(f"{viewer.name} 已确认签署{title.zh}，待另一人确认。", f"{viewer.name} confirmed signing {title.en}; a second person has to.")  # fmt: skip # noqa: E501
    record(viewer, "documents.intended", document.row, what, page=document.page)
    return intent


def _sign(viewer: Viewer, document: Document, *, first: str) -> Signature:
    key = PublicKey.objects.filter(company=viewer.company, withdrawn_at=None).first()
    if key is None:
        raise NoKey
    private = PrivateKey.objects.get(company=viewer.company, key_id=key.key_id)
    signature = Signature.objects.create(
        company_id=document.company, signer_id=viewer.company, about=document.about, number=document.number,
        payload=document.payload, digest=document.digest, key_id=key.key_id,
        signature=signing.sign(document.payload, opened(private.sealed).encode()),
        user=viewer.user or 0, user_name=first or viewer.name, confirmed_by=viewer.name if first else "",
    )  # fmt: skip
    title = document.title
    what = Text(f"{viewer.name} 签署了{title.zh}。", f"{viewer.name} signed {title.en}.")
    record(viewer, "documents.signed", document.row, what, page=document.page, company=document.company, shared=True)
    return signature
