"""A user belongs to one company and holds roles with dates."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.models import NAME_LENGTH, Company, Person, Team
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import OwnModel


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, username: str, password: str | None = None, *, email: str = "", **fields: object) -> User:
        """A user; without a password nobody can sign in until one is set. Addresses are kept in small letters."""
        user = self.model(username=self.model.normalize_username(username), email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@tracked(without=["password", "last_login"])
class User(AbstractBaseUser):
    """Somebody who signs in. Agents are users whose ``person`` says which code is theirs."""

    tenancy = Tenancy.IDENTITY
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    username = models.CharField(_("User name"), max_length=NAME_LENGTH, unique=True)
    email = models.EmailField(_("E-mail address"), blank=True)
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(_("May sign in"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["company_id", "username"]
        constraints = [
            # within a company only: a name clash with another company's user would tell of them
            models.UniqueConstraint(
                "company", Lower("email"), condition=~Q(email=""), name="user_email_once_in_a_company"
            ),
            models.UniqueConstraint(Lower("username"), name="user_username_once_whatever_the_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.username


@tracked()
class Assignment(OwnModel):
    """A role a user holds, from a day on and until a day; for a leader the team led."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(_("Role"), max_length=20, choices=Role)
    team = models.ForeignKey(Team, verbose_name=_("Team"), on_delete=models.PROTECT, null=True, blank=True)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        ordering = ["user_id", "role", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="assignment_role_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="assignment_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
