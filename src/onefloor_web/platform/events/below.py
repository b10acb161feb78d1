"""Events of the parts that the events rest on: users, roles, what a company says of itself. Told to administrators."""

from __future__ import annotations

from typing import Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.happenings import keeper
from onefloor_web.platform.tenancy.viewer import Viewer

KINDS: Final = {
    "accounts.invited": _("A user was invited"),
    "accounts.changed": _("A user was changed"),
    "accounts.closed": _("An account was closed"),
    "accounts.reopened": _("An account was opened again"),
    "accounts.role_given": _("A role was given"),
    "accounts.role_ended": _("A role was ended"),
    "accounts.factor_removed": _("A second factor was removed"),
    "companies.settings": _("Settings of the company were changed"),
    "companies.site": _("A site was changed"),
    "companies.team": _("A team was changed"),
}

for name, label in KINDS.items():
    declare(name, label, tell=[Role.ADMINISTRATOR])


@keeper
def keep(viewer: Viewer, name: str, subject: Model, what: Text, page: str) -> None:
    """Each is an event of the viewer's company alone."""
    record(viewer, name, subject, what, page=page)
