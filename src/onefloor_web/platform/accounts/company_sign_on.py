"""The way to a company's own provider and back; a provider that is away or answers nonsense is told, not a fault."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect import views as openid
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from onefloor_web.platform.permissions.page import PUBLIC, page

LOG = logging.getLogger(__name__)
NONSENSE = (RequestException, KeyError, TypeError, ValueError, AttributeError, SyntaxError)
"""What allauth raises when a provider cannot be asked, or leaves out or misspells what the standard wants."""


@page(PUBLIC)
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider."""
    return _told(openid.login, request, provider_id, provider_id=provider_id)


@page(PUBLIC)
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it."""
    return _told(openid.callback, request, provider_id, provider_id=provider_id)


@page(PUBLIC)
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Back from a SAML provider: what it had the browser send is read here."""
    from allauth.socialaccount.providers.saml import views as saml  # needs packages that are there for it only

    return _told(saml.finish_acs, request, organization_slug, organization_slug=organization_slug)


def _told(view: Callable[..., HttpResponse], request: HttpRequest, name: str, **place: str) -> HttpResponse:
    try:
        return view(request, **place)
    except NONSENSE as wrong:
        LOG.exception("the sign-on %s did not answer as it should", name)
        provider = get_adapter(request).get_provider(request, name)
        return cast("HttpResponse", render_authentication_error(request, provider, exception=wrong))
