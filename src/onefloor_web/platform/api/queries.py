"""Reads of tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.api.models import Token
from onefloor_web.platform.permissions.policy import can, every_rule, only_visible
from onefloor_web.platform.tenancy.scopes import bound
from onefloor_web.platform.tenancy.viewer import Viewer

NOT_FOR_TOKENS = ("tokens.", "accounts.")  # a token makes neither tokens nor users


def tokens(viewer: Viewer) -> QuerySet[Token]:
    """The tokens this viewer may see, the latest first."""
    return only_visible(viewer, "tokens.view", Token.objects.select_related("user"))


def offered(viewer: Viewer) -> list[str]:
    """The actions a token of this viewer can have: no more than the viewer's own."""
    actions = dict.fromkeys(rule.action for rule in every_rule())
    return [action for action in actions if not action.startswith(NOT_FOR_TOKENS) and can(viewer, action)]


def held_by(digest: str) -> Token | None:
    """The token with this hash if it is good today; the only row that can be seen before the company is known."""
    with bound(token=digest), scopes_disabled():
        return Token.objects.filter(digest=digest, revoked_at=None, expires_at__gt=timezone.now()).first()


def viewer_behind(token: Token, today: date) -> Viewer | None:
    """The viewer a token acts for: its user as the roles are held today, limited to the token's actions.

    None if the user may not sign in any more.
    """
    with bound(company=token.company_id, user=token.user_id):
        user = User.objects.filter(pk=token.user_id, is_active=True).first()
        viewer = viewer_of(user, today) if user else None
    return replace(viewer, actions=frozenset(token.actions)) if viewer else None
