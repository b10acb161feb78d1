"""A file that somebody has attached to what they say: it is seen by whoever sees that."""

from __future__ import annotations

from pathlib import Path

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel
from onefloor_web.platform.uploads.content import KINDS, Kind
from onefloor_web.platform.uploads.names import FILE_LENGTH

ABOUT_LENGTH, DIGEST_LENGTH, KIND_LENGTH = 80, 64, 10


@tracked()
class Attachment(AuthoredModel):
    """One file of its author, about one row of the author's: ``disputes.claim`` 7. ``digest`` is its SHA-256.

    Until it is given it can be removed; afterwards it stays as it is.
    """

    about = models.CharField(max_length=ABOUT_LENGTH)
    number = models.BigIntegerField()
    name = models.CharField(_("File"), max_length=FILE_LENGTH)
    kind = models.CharField(_("Kind"), max_length=KIND_LENGTH, choices=[(name, name) for name in KINDS])
    size = models.PositiveIntegerField(_("Size"))
    digest = models.CharField(_("Digest"), max_length=DIGEST_LENGTH)
    added_at = models.DateTimeField(_("Attached"), auto_now_add=True)
    added_by = models.CharField(_("Attached by"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        ordering = ["pk"]
        indexes = [models.Index(fields=["company", "about", "number"], name="attachment_by_row")]
        constraints = [
            models.UniqueConstraint(fields=["author", "about", "number", "digest"], name="attachment_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="attachment_kind_known"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_given", exclude=["given_at"]),
            pgtrigger.Protect(
                name="given_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__given_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where its content lies: in the company's folder, apart by author."""
        return folder_of(self.company_id, self.author_id) / self.digest

    @property
    def content(self) -> Kind:
        """What it is, as it was found when it came."""
        return KINDS[self.kind]


def folder_of(company: int, author: int) -> Path:
    """The folder of the files an author attached to what concerns a company."""
    return Path(settings.MEDIA_ROOT) / str(company) / "attachments" / str(author)
