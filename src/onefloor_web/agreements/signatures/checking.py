"""Whether the signatures of a document are what they say: a row alone proves nothing."""

from __future__ import annotations

from django.db.models import Model

from onefloor.agreements.signing import has_signed
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.signatures.models import PublicKey, Signature
from onefloor_web.agreements.signatures.queries import keys_of, signatures_of


class WrongSignature(Problem):
    """A signature that its company's key has not made over this document."""

    def __init__(self, company: str) -> None:
        super().__init__(
            Text(f"{company} 的签名与文件不符，不能作数。", f"The signature of {company} does not fit the document."),
            why=Text(
                "用该公司的公钥核验未通过。", "It was checked with the company's public key, over what is signed here."
            ),
            remedy=Text(
                "请勿签署；请双方管理员核对审计记录，重新出具文件后再签。",
                "Do not sign. Administrators of both look at the audit trail; the document is then made anew.",
            ),
        )


def signed_by(row: Model, payload: bytes) -> set[int]:
    """The numbers of the companies that have signed a document, each signature verified.

    Raises:
        WrongSignature: one of them is not over these bytes by a key of its signer.
    """
    keys = keys_of(row)
    signatures = signatures_of(row)
    for one in signatures:
        if not _fits(one, payload, keys.get(one.key_id)):
            raise WrongSignature(str(one.signer))
    return {one.signer_id for one in signatures}


def _fits(one: Signature, payload: bytes, key: PublicKey | None) -> bool:
    if key is None or key.company_id != one.signer_id or bytes(one.payload) != payload:
        return False
    return has_signed(payload, one.key_id, one.signature, key.pem.encode())
