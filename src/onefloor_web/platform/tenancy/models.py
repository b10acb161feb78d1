"""What a model of a company's data is derived from."""

from __future__ import annotations

from django.db import models

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.managers import AuthoredManager, OwnManager, VisibleManager


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


class AuthoredModel(models.Model):
    """What one of two companies has to say to the other: drafts, comments, claims, rulings, evidence.

    ``company`` is the vendor it is between the client and (for own staff the client itself), ``author`` the company
    whose word it is. Until ``given_at`` nobody else sees it; afterwards the other reads it. Only the author's company
    changes or deletes it, which the database holds against everybody.
    """

    tenancy = Tenancy.AUTHORED
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True)
    objects = AuthoredManager()

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
