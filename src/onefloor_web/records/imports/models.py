"""An import on its way, and the mappings a company keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.models import OwnModel

FILE_LENGTH, PLACE_LENGTH, KIND_LENGTH = 200, 500, 40


class State(models.TextChoices):
    """How far an import has come."""

    FETCHING = "fetching", _("being fetched")
    BEGUN = "begun", _("not tried yet")
    TRIED = "tried", _("tried, not loaded")
    LOADED = "loaded", _("loaded")
    DISCARDED = "discarded", _("discarded")


class Mapping(OwnModel):
    """What the columns of one source mean, kept for its next file; ``header`` are the columns of its tables."""

    name = models.CharField(_("Name"), max_length=KIND_LENGTH)
    text = models.TextField(_("Mapping"))
    header = models.JSONField(default=list)
    changed_at = models.DateTimeField(_("Changed at"), auto_now=True)
    changed_by = models.CharField(_("Changed by"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="mapping_name_once")]

    def __str__(self) -> str:
        return self.name


class Import(OwnModel):
    """One or more files of one kind on their way in.

    ``files`` are ``{"name", "bytes"}`` and, of a place, ``{"path", "stamp"}``: their copies lie in ``folder`` until
    they are loaded or discarded. ``tried`` and ``report`` are what the dry run and the load said; ``loads`` are the
    loads of the facts that this import makes, ``known`` those that were there before. ``job`` is the job that works
    on it or did so last.
    """

    name = models.CharField(_("File"), max_length=FILE_LENGTH)
    place = models.CharField(pgettext_lazy("source", "From"), max_length=PLACE_LENGTH, blank=True)
    files = models.JSONField(default=list)
    kind = models.CharField(_("Kind"), max_length=KIND_LENGTH, blank=True)
    mapping = models.TextField(_("Mapping"), blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.BEGUN)
    tried = models.JSONField(null=True, blank=True)
    report = models.JSONField(null=True, blank=True)
    loads = models.JSONField(default=list)
    known = models.JSONField(default=list)
    job = models.BigIntegerField(null=True, blank=True)
    begun_at = models.DateTimeField(_("Begun at"), auto_now_add=True)
    begun_by = models.ForeignKey(User, verbose_name=_("Begun by"), on_delete=models.PROTECT, related_name="+")
    begun_name = models.CharField(_("Begun by"), max_length=NAME_LENGTH)
    loaded_at = models.DateTimeField(_("Loaded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["company", "-id"], name="import_latest")]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="import_state_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where the copies of its files lie: the company's own folder."""
        return Path(settings.MEDIA_ROOT) / str(self.company_id) / "imports" / str(self.pk)

    @property
    def paths(self) -> list[Path]:
        """The copies of its files, each in a folder of its own, so that two of one name do not meet."""
        return [self.folder / str(number) / str(file["name"]) for number, file in enumerate(self.files)]

    @property
    def open(self) -> bool:
        """Whether something can still be changed."""
        return self.state in (State.BEGUN, State.TRIED)

    @property
    def bytes(self) -> int:
        """The size of its files."""
        return sum(file["bytes"] for file in self.files)

    def account(self) -> dict[str, Any]:
        """What became of every line, of the load or else of the dry run."""
        found: dict[str, Any] = (self.report or self.tried or {}).get("account", {})
        return found
