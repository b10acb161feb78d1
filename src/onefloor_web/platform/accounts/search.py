"""Accounts and roles, as search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.search.matching import Words, fitting, matching
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer


@finds("accounts", _("Accounts"), order=130, action="accounts.view")
def accounts(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By name, user name and e-mail address."""
    rows = only_visible(viewer, "accounts.view", User.objects.all())
    found = matching(rows, words, "name", "username", "email")[:most]
    return [Hit(str(user), reverse("account", args=[user.pk]), _names(user)) for user in found]


def _names(user: User) -> str:
    return " · ".join(filter(None, (user.username, user.email)))


@finds("roles", _("Roles"), order=150, action="roles.view")
def roles(_viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By their names in both languages; the page says what each may do."""
    found = fitting([(role, (*_in_all(role), role.value)) for role in Role], words)[:most]
    return [Hit(role.label, reverse("roles"), _("what each role may see and do")) for role in found]


def _in_all(role: Role) -> tuple[str, ...]:
    found = []
    for language in ("zh-hans", "en"):
        with override(language):
            found.append(str(role.label))
    return tuple(found)
