"""Reads of users and roles, within the viewer's company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.functional import Promise

from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.permissions.policy import every_rule, only_visible
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer


def users(viewer: Viewer, today: date, *, wanted: str = "") -> QuerySet[User]:
    """Users of the viewer's company with ``held`` (roles that have not ended), ``has_factor`` and ``person``."""
    held = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today)).select_related("team")
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    found = only_visible(viewer, "accounts.view", User.objects.all())
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(username__icontains=wanted) | Q(email__icontains=wanted))
    return (
        found.select_related("person")
        .annotate(has_factor=Exists(factors))
        .prefetch_related(Prefetch("assignments", queryset=held, to_attr="held"))
    )


def roles_of(user: User) -> QuerySet[Assignment]:
    """Every role this user holds or held, the latest first."""
    return Assignment.objects.filter(user=user).select_related("team").order_by("-starts_on", "role")


@dataclass(frozen=True, slots=True)
class Permission:
    """A line of the table "may see, may do": an action, what its rules say in words, and the roles it is given to."""

    action: str
    words: tuple[str | Promise, ...]
    roles: tuple[tuple[Role, bool], ...]


def permissions(roles: Sequence[Role] = tuple(Role)) -> list[Permission]:
    """Every action with the words of its rules, in the order of the actions."""
    by_action: dict[str, list[tuple[str | Promise, frozenset[Role]]]] = {}
    for rule in every_rule():
        by_action.setdefault(rule.action, []).append((rule.words, rule.roles))
    return [_permission(action, rules, roles) for action, rules in by_action.items()]


def _permission(
    action: str, rules: Sequence[tuple[str | Promise, frozenset[Role]]], roles: Sequence[Role]
) -> Permission:
    given = frozenset().union(*(held for _words, held in rules))
    words = tuple(dict.fromkeys(words for words, _held in rules))
    return Permission(action, words, tuple((role, role in given) for role in roles))
