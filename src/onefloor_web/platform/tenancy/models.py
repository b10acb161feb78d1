"""What a model of a company's data is derived from."""

from __future__ import annotations

from django.db import models

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.managers import OwnManager, VisibleManager


class OwnModel(models.Model):
    """Rows of one company, seen by nobody else: imports, saved views, tokens, jobs."""

    tenancy = Tenancy.OWN
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    objects = OwnManager()

    class Meta:
        abstract = True


class SharedModel(models.Model):
    """Rows of one company that the client sees too: people, sites, statements. Vendors never see each other's."""

    tenancy = Tenancy.SHARED
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    objects = VisibleManager()

    class Meta:
        abstract = True


class PersonModel(models.Model):
    """Rows of one user: notifications, settings. Work in the background sees those of the company it works for."""

    tenancy = Tenancy.PERSON
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    objects = OwnManager()

    class Meta:
        abstract = True
