"""Reads of keys and signatures."""

from __future__ import annotations

from django.db.models import Model

from onefloor.agreements.signing import envelope_bytes
from onefloor_web.agreements.signatures.models import Intent, PublicKey, Signature
from onefloor_web.platform.events.actions import about
from onefloor_web.platform.tenancy.viewer import Viewer


def signatures_of(row: Model) -> list[Signature]:
    """Who has signed a document, first signature first."""
    return list(Signature.objects.filter(about=about(row), number=row.pk).select_related("signer"))


def signed_by(row: Model) -> set[int]:
    """The numbers of the companies that have signed a document."""
    return {signature.signer_id for signature in signatures_of(row)}


def intents_of(row: Model) -> list[Intent]:
    """Who of the viewer's company has confirmed and waits for a second person."""
    return list(Intent.objects.filter(about=about(row), number=row.pk))


def envelope_of(row: Model) -> bytes | None:
    """The DSSE envelope with the signatures there are; None without one."""
    found = signatures_of(row)
    if not found:
        return None
    return envelope_bytes(bytes(found[0].payload), {one.key_id: one.signature for one in found})


def key_in_use(viewer: Viewer) -> PublicKey | None:
    """The key the viewer's company signs with."""
    return PublicKey.objects.filter(company=viewer.company, withdrawn_at=None).first()
