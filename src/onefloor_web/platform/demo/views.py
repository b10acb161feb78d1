"""Signing in to the demonstration with one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scopes_disabled

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.demo.people import SEES, roles_in, username
from onefloor_web.platform.pages.addresses import whole
from onefloor_web.platform.permissions.page import PUBLIC, page
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class Card:
    """One user to sign in as: the role, the name, and what it sees."""

    user: int
    role: Role
    name: str
    sees: str | Promise


@page(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A card for each role and company; a click signs in. Without the demonstration there is no such page."""
    if not settings.DEMO:
        raise Http404
    with bound(client=True, signing_in=True), scopes_disabled():
        cards = _cards()
        if request.method == "POST":
            return _signed_in(request, {card.user for _company, held in cards for card in held})
        return render(request, "demo/sign_in.html", {"companies": cards})


@page(PUBLIC)
@csrf_exempt
@require_POST
def received(request: HttpRequest) -> HttpResponse:
    """The other end of the demonstration's webhook: takes a message and keeps nothing of it."""
    if not settings.DEMO:
        raise Http404
    return HttpResponse(status=204)


def _signed_in(request: HttpRequest, offered: set[int]) -> HttpResponse:
    wanted = whole(request.POST.get("user", ""))
    if wanted not in offered:
        raise Http404
    login(request, User.objects.get(pk=wanted), backend=BACKEND)
    return redirect("today")


def _cards() -> list[tuple[Company, list[Card]]]:
    """Users of the demonstration only: nobody who has a password can be entered without it."""
    users = {user.username: user for user in User.objects.filter(is_active=True) if not user.has_usable_password()}
    companies = Company.objects.order_by("slot")
    return [(company, _offered(company, users)) for company in companies]


def _offered(company: Company, users: dict[str, User]) -> list[Card]:
    roles = roles_in(company.code, client=company.kind == Kind.CLIENT)
    return [
        Card(user.pk, role, user.name, SEES[role])
        for role, _name in roles
        if (user := users.get(username(company.code, role))) is not None
    ]
