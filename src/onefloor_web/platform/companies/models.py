"""One client and its vendors; sites, teams and people of each; employment with dates.

The roster among the facts decides what is measured; these rows are its image for people, workflows and permissions,
with what the database itself can guarantee: nobody works for two companies on one day.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.managers import KnownManager
from onefloor_web.platform.tenancy.models import SharedModel
from onefloor_web.platform.tenancy.rls import COMPANY

CODE_LENGTH, NAME_LENGTH = 64, 120


class Kind(models.TextChoices):
    """Whose customers call, and who supplies agents."""

    CLIENT = "client", _("Client")
    VENDOR = "vendor", _("Vendor")


class Form(models.TextChoices):
    """Employment form, as the roster writes it."""

    OWN = "own", _("Own staff")
    DISPATCHED = "dispatched", _("Dispatched")
    OUTSOURCED = "outsourced", _("Outsourced")


class SecondFactorFor(models.TextChoices):
    """Who of a company signs in with a second factor."""

    MANAGERS = "managers", _("Administrators, managers and signatories")
    EVERYBODY = "everybody", _("Everybody")


# The client keeps the list of vendors; what a company is called, whether the client sees names of its people and how
# they sign in is its own.
BY_ITSELF = f"""
    if old.id is distinct from {COMPANY} and (new.name, new.shares_names, new.second_factor)
       is distinct from (old.name, old.shares_names, old.second_factor) then
        raise exception 'what company % lets others see is its own to say', old.id
            using errcode = 'insufficient_privilege';
    end if;
    return new;
"""


@tracked()
class Company(models.Model):
    """A company on the floor. A vendor sees itself and the client, the client sees all."""

    tenancy = Tenancy.COMPANY
    code = models.CharField(_("Name in the records"), max_length=CODE_LENGTH, unique=True)
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    kind = models.CharField(_("Side"), max_length=10, choices=Kind)
    slot = models.PositiveSmallIntegerField(_("Colour"), unique=True)
    shares_names = models.BooleanField(_("The client may see the names of people"), default=False)
    second_factor = models.CharField(
        _("Second factor at sign-in"), max_length=10, choices=SecondFactorFor, default=SecondFactorFor.MANAGERS
    )
    joined_on = models.DateField(_("On the floor since"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    objects = KnownManager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["slot"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="company_kind_known"),
            models.CheckConstraint(
                condition=Q(second_factor__in=SecondFactorFor.values), name="company_second_factor_known"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind=Kind.CLIENT), name="company_one_client"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gt=models.F("joined_on")), name="company_leaves_after_joining"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="side_stays", fields=["kind"]),  # who has to sign follows from it
            pgtrigger.Trigger(name="by_itself", when=pgtrigger.Before, operation=pgtrigger.Update, func=BY_ITSELF),
        ]

    @property
    def is_client(self) -> bool:
        """Whether it is the floor's client."""
        return self.kind == Kind.CLIENT

    def __str__(self) -> str:
        return self.name


@tracked()
class Site(SharedModel):
    """A company's place of work."""

    name = models.CharField(_("Name"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["company_id", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="site_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Team(SharedModel):
    """The smallest unit with a leader."""

    site = models.ForeignKey(Site, verbose_name=_("Site"), on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["company_id", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Person(SharedModel):
    """Somebody who works for a company; outside it known by the code only, unless the company shares names."""

    code = models.CharField(_("Code"), max_length=CODE_LENGTH)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["company_id", "code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="person_code_once")]

    def __str__(self) -> str:
        return self.code


@tracked(without=["name"])
class PersonName(SharedModel):
    """A person's name, apart from the person: the database shows it to the client only if the company shares names."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="named")
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("name of a person")
        verbose_name_plural = _("names of people")

    def __str__(self) -> str:
        return self.name


@tracked()
class Employment(SharedModel):
    """Where a person worked, in which form, from when until when (the day after the last one)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="employments")
    code = models.CharField(_("Code"), max_length=CODE_LENGTH)
    form = models.CharField(_("Employment form"), max_length=12, choices=Form)
    site = models.ForeignKey(Site, verbose_name=_("Site"), on_delete=models.PROTECT, null=True, blank=True)
    team = models.ForeignKey(Team, verbose_name=_("Team"), on_delete=models.PROTECT, null=True, blank=True)
    days = DateRangeField(_("From, until"))

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        ordering = ["code", "days"]
        constraints = [
            models.CheckConstraint(condition=Q(form__in=Form.values), name="employment_form_known"),
            ExclusionConstraint(
                name="one_company_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.days}"
