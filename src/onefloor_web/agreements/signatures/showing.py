"""What a page shows of a document's signatures, the same for agreements and statements.

{% include "signatures/facts.html" with facts=facts %}      # facts(viewer, row, needed, envelope)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model

from onefloor_web.agreements.signatures import queries
from onefloor_web.agreements.signatures.models import Intent, Signature
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Side:
    """One company that has to sign: its signature, or who of the viewer's own has confirmed as the first of two."""

    company: Company
    signature: Signature | None
    first: Intent | None
    own: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Who has signed a document and who has still to; ``envelope`` is the address of the file to check offline."""

    sides: tuple[Side, ...]
    envelope: str

    @property
    def signed(self) -> bool:
        """Whether anybody has."""
        return any(side.signature for side in self.sides)

    @property
    def missing(self) -> list[Company]:
        """Who has still to sign."""
        return [side.company for side in self.sides if side.signature is None]


def facts(viewer: Viewer, row: Model, needed: Sequence[Company], envelope: str = "") -> Facts:
    """The signatures of a document by the companies that have to sign it."""
    signed = {signature.signer_id: signature for signature in queries.signatures_of(row)}
    intents = queries.intents_of(row)
    first = intents[0] if intents else None
    sides = [
        Side(one, signed.get(one.pk), first if one.pk == viewer.company else None, one.pk == viewer.company)
        for one in needed
    ]
    return Facts(tuple(sides), envelope)
