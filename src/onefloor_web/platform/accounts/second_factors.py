"""Who needs a second factor, and whether they have one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.floor import today
from onefloor_web.platform.permissions.roles import MANAGERS, Role
from onefloor_web.platform.tenancy.viewer import Viewer

ALWAYS = MANAGERS | {Role.ADMINISTRATOR, Role.SIGNATORY}


def has_one(user: int) -> bool:
    """Whether this user signs in with a second factor; recovery codes alone are none."""
    factors = Authenticator.objects.filter(user_id=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(factors.exists())


def required(user: User) -> bool:
    """Whether the roles this user holds today, or the company, ask for one."""
    return needed_by(viewer_of(user, today()))


def needed_by(viewer: Viewer) -> bool:
    """Administrators, managers, signatories; everybody if the company says so; nobody in the demonstration."""
    return not settings.DEMO and (viewer.second_factor or bool(viewer.roles & ALWAYS))
