"""Keys and signatures. A signature is never changed; a key is only ever withdrawn."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import NAME_LENGTH, Company
from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.managers import OfKnownManager
from onefloor_web.platform.tenancy.models import OwnModel, SharedModel

ID_LENGTH, LABEL_LENGTH = 64, 80

# What the database can see of a signature: the digest is that of what is signed, the key one of the signer's, the time
# now. Whether the key has made it is checked where it counts (``checking``).
FITS = """
    if new.digest is distinct from encode(sha256(new.payload), 'hex') or not exists (
        select 1 from signatures_publickey k
        where k.key_id = new.key_id and k.company_id = new.signer_id and k.withdrawn_at is null) then
        raise exception 'a signature is over what it says, with a key of its signer' using errcode = 'check_violation';
    end if;
    new.at := wall_clock();
    return new;
"""


@tracked()
class PublicKey(models.Model):
    """The half of a key with which anybody on the floor checks a signature.

    ``withdrawn_at`` ends its use; what it signed before stays signed.
    """

    tenancy = Tenancy.COMPANY
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(_("Key"), max_length=ID_LENGTH, unique=True)
    pem = models.TextField(_("Public key"))
    made_by = models.CharField(_("Made by"), max_length=NAME_LENGTH)
    made_at = models.DateTimeField(_("Made"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True)
    withdrawn_why = models.CharField(_("Why"), max_length=300, blank=True)
    objects = OfKnownManager()

    class Meta:
        verbose_name = _("public key")
        verbose_name_plural = _("public keys")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["company"], condition=Q(withdrawn_at=None), name="public_key_one_in_use"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_withdrawn", exclude=["withdrawn_at", "withdrawn_why"]),
        ]

    def __str__(self) -> str:
        return self.key_id[:12]


class PrivateKey(OwnModel):
    """The half with which a company signs, encrypted with the floor's own secret."""

    key_id = models.CharField(max_length=ID_LENGTH, unique=True)
    sealed = models.TextField()

    class Meta:
        verbose_name = _("private key")
        verbose_name_plural = _("private keys")
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.key_id[:12]


@tracked()
class SigningRule(OwnModel):
    """How a company signs: whether a second person has to confirm, the four-eyes rule."""

    four_eyes = models.BooleanField(_("A second person confirms each signature"), default=False)

    class Meta:
        verbose_name = _("signing rule")
        verbose_name_plural = _("signing rules")
        constraints = [models.UniqueConstraint(fields=["company"], name="signing_rule_one_a_company")]

    def __str__(self) -> str:
        return str(self.four_eyes)


@tracked()
class Intent(OwnModel):
    """Under the four-eyes rule: a first person has signed for, and a second one has still to."""

    about = models.CharField(max_length=LABEL_LENGTH)
    number = models.BigIntegerField()
    digest = models.CharField(max_length=ID_LENGTH)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(_("Who"), max_length=NAME_LENGTH)
    at = models.DateTimeField(_("When"), auto_now_add=True)

    class Meta:
        verbose_name = _("intent to sign")
        verbose_name_plural = _("intents to sign")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["company", "about", "number", "digest"], name="intent_once_a_document"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.number}"


class Signature(SharedModel):
    """One company's signature over the bytes of one document. Append-only; the database lets nobody sign for others.

    ``about`` and ``number`` name the document's row (``register.version`` 7), ``payload`` is what was signed.
    """

    signer = models.ForeignKey(Company, verbose_name=_("Signing company"), on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=LABEL_LENGTH)
    number = models.BigIntegerField()
    payload = models.BinaryField()
    digest = models.CharField(_("Digest"), max_length=ID_LENGTH)
    key_id = models.CharField(_("Key"), max_length=ID_LENGTH)
    signature = models.TextField(_("Signature"))
    user = models.BigIntegerField()  # of whichever company, so no foreign key
    user_name = models.CharField(_("Who"), max_length=NAME_LENGTH)
    confirmed_by = models.CharField(_("Confirmed by"), max_length=NAME_LENGTH, blank=True)
    at = models.DateTimeField(_("When"), auto_now_add=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["signer", "about", "number"], name="signature_one_a_company"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="fits", when=pgtrigger.Before, operation=pgtrigger.Insert, func=FITS),
        ]

    def __str__(self) -> str:
        return f"{self.user_name} {self.about} {self.number}"
