"""What a model of a company's data is derived from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django_scopes import ScopedManager

from onefloor_web.platform.tenancy.classes import Tenancy


class OwnModel(models.Model):
    """Rows of one company, seen by nobody else: imports, saved views, tokens, jobs."""

    tenancy = Tenancy.OWN
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    objects: ClassVar[models.Manager[Any]] = ScopedManager(company="company")

    class Meta:
        abstract = True


class SharedModel(models.Model):
    """Rows of one company that the client sees too: people, sites, statements. Vendors never see each other's."""

    tenancy = Tenancy.SHARED
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    objects: ClassVar[models.Manager[Any]] = ScopedManager(visible="company")

    class Meta:
        abstract = True


class PersonModel(models.Model):
    """Rows of one user: notifications, settings. Work in the background sees those of the company it works for."""

    tenancy = Tenancy.PERSON
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    objects: ClassVar[models.Manager[Any]] = ScopedManager(company="company")

    class Meta:
        abstract = True
