"""Users of roles that need a second factor have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from onefloor_web.platform.accounts.second_factors import ALWAYS
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    from world import Side

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def fill(side: Side, viewer: Viewer) -> None:
    """One app for each of them, with a known secret."""
    for role, user in side.users.items():
        if role in ALWAYS:
            Authenticator.objects.create(
                user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
            )
