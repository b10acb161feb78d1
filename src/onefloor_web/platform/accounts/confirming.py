"""Asking for the password once more before what concerns accounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpResponseBase
from django.shortcuts import redirect

from onefloor_web.platform.permissions.page import ViewerRequest

View = Callable[..., HttpResponseBase]


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
