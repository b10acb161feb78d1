"""Reads of keys and signatures."""

from __future__ import annotations

from django.db.models import Model

from onefloor.agreements.signing import envelope_bytes
from onefloor_web.agreements.signatures.models import Intent, PublicKey, Signature, SigningRule
from onefloor_web.platform.events.actions import about
from onefloor_web.platform.tenancy.viewer import Viewer


def signatures_of(row: Model) -> list[Signature]:
    """Who has signed a document, first signature first."""
    return list(Signature.objects.filter(about=about(row), number=row.pk).select_related("signer"))


def intents_of(row: Model) -> list[Intent]:
    """Who of the viewer's company has confirmed and waits for a second person."""
    return list(Intent.objects.filter(about=about(row), number=row.pk))


def envelope_of(row: Model) -> bytes | None:
    """The DSSE envelope with the signatures there are; None without one."""
    found = signatures_of(row)
    if not found:
        return None
    return envelope_bytes(bytes(found[0].payload), {one.key_id: one.signature for one in found})


def keys_of(row: Model) -> dict[str, PublicKey]:
    """The public keys with which a document's signatures are checked, by their id."""
    signed = [signature.key_id for signature in signatures_of(row)]
    return {key.key_id: key for key in PublicKey.objects.filter(key_id__in=signed)}


def four_eyes(viewer: Viewer) -> bool:
    """Whether a second person of the viewer's company has to confirm each signature."""
    return SigningRule.objects.filter(company=viewer.company, four_eyes=True).exists()


def key_in_use(viewer: Viewer) -> PublicKey | None:
    """The key the viewer's company signs with."""
    return PublicKey.objects.filter(company=viewer.company, withdrawn_at=None).first()
