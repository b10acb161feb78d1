"""Asking for the password once more before what concerns accounts, and for everything one has before a signature."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpResponseBase
from django.shortcuts import redirect

from onefloor_web.platform.permissions.page import ViewerRequest

View = Callable[..., HttpResponseBase]
METHODS: Final = {"reauthenticate": "password", "mfa_reauthenticate": "mfa"}
"""What a way of asking again writes into the session."""


def confirmed(view: View) -> View:
    """Only for somebody who gave the password or a code within the last 15 minutes; others are asked, then led back.

    What was entered is not kept over the question: the form opens with the question already answered, so that this
    happens only to somebody who took more than 15 minutes for it. Users of the demonstration have no password.
    """

    @wraps(view)
    def asked(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ways = get_adapter().get_reauthentication_methods(request.user)
        if not ways or did_recently_reauthenticate(request):
            return view(request, *args, **kwargs)
        return redirect(f"{ways[0]['url']}?{urlencode({'next': request.path})}")

    return asked


def confirmed_in_every_way(view: View) -> View:
    """As ``confirmed``, but by every way the user has: the password, and the second factor where there is one."""

    @wraps(view)
    def asked(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        for way in get_adapter().get_reauthentication_methods(request.user):
            if not _given_lately(request, METHODS.get(way["id"], "")):
                return redirect(f"{way['url']}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return asked


def _given_lately(request: ViewerRequest, method: str) -> bool:
    """Whether this way was asked for again, and answered, within the last 15 minutes."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(one["method"] == method and one.get("reauthenticated") and one["at"] > since for one in records)
