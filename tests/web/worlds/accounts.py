"""Users of roles that need a second factor have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from onefloor_web.platform.accounts.models import Assignment
from onefloor_web.platform.accounts.second_factors import ALWAYS
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    from world import Side

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def fill(side: Side, viewer: Viewer) -> None:
    """One app for each of them, with a known secret."""
    side.rows["role"] = Assignment.objects.get(user=side.users["qa"]).pk
    for role, user in side.users.items():
        if role in ALWAYS:
            Authenticator.objects.create(
                user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
            )


def _user(side: Side) -> dict[str, int]:
    return {"number": side.users["qa"].pk}


CASES = {
    "account": _user,
    "account_add_role": _user,
    "account_change": _user,
    "account_close": _user,
    "account_end_role": lambda side: {**_user(side), "role": side.rows["role"]},
    "account_link": _user,
    "account_remove_factor": _user,
    "account_reopen": _user,
}
