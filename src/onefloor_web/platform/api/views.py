"""Pages of tokens, and the description of the API for people."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from onefloor_web.platform.accounts.confirming import confirmed
from onefloor_web.platform.api import actions, queries
from onefloor_web.platform.api.description import in_words
from onefloor_web.platform.api.forms import TokenForm, words_of_rules
from onefloor_web.platform.api.models import Token
from onefloor_web.platform.pages.blocks import Empty, Pair
from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def state_of(token: Token) -> str:
    """A token's state in a word."""
    if token.revoked_at:
        return _("revoked")
    return _("expired") if token.expires_at <= timezone.now() else _("valid")


def may_do(token: Token) -> str:
    """Its actions in the words of the rules."""
    words = words_of_rules()
    return _("; ").join(words.get(action, action) for action in token.actions)


TOKENS = (
    Column(gettext_lazy("Name"), str, sort="name", url=lambda token: reverse("token_revocation", args=[token.pk])),
    Column(gettext_lazy("Owner"), lambda token: str(token.user), sort="user__name"),
    Column(gettext_lazy("Begins with"), lambda token: f"{actions.MARK}{token.prefix}…"),
    Column(gettext_lazy("May do"), lambda token: may_do(token)),
    Column(gettext_lazy("State"), state_of),
    Column(gettext_lazy("Valid until"), lambda token: moment(token.expires_at), sort="expires_at"),
    Column(gettext_lazy("Last used"), lambda token: moment(token.used_at) if token.used_at else "–", sort="used_at"),
)


@page("tokens.view")
@require_safe
def tokens(request: ViewerRequest) -> HttpResponse:
    """Which programs may use the API."""
    change = can(request.viewer, "tokens.change")
    empty = Empty(
        _("No tokens yet. A program that reads figures over the API shows one instead of a password."),
        _("Make a token") if change else "", reverse("token_new") if change else "",
    )  # fmt: skip
    rows = queries.tokens(request.viewer)
    table = Table.of(request, rows, TOKENS, caption=_("Tokens"), empty=empty, order="-made_at", hidden_caption=True)
    return render(request, "api/tokens.html", {"table": table, "change": change})


@page("tokens.change")
@never_cache
@get_or_post
@confirmed
def token_new(request: ViewerRequest) -> HttpResponse:
    """Make a token; its secret is on the answer's page and nowhere else."""
    form = TokenForm(request.viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        token, secret = actions.make(request.viewer, name=said["name"], actions=said["actions"], days=said["days"])
        return render(request, "api/made.html", {"token": token, "secret": secret})
    return render(request, "api/new.html", {"form": form})


@page("tokens.view")
@get_or_post
def token_revocation(request: ViewerRequest, number: int) -> HttpResponse:
    """What a token is, and the end of it."""
    action = "tokens.change" if request.method == "POST" else "tokens.view"
    token = found(request.viewer, action, queries.tokens(request.viewer), pk=number)
    if request.method == "POST":
        actions.revoke(request.viewer, token)
        return redirect("tokens")
    pairs = [
        Pair(_("Name"), token.name), Pair(_("Owner"), str(token.user)), Pair(_("State"), state_of(token)),
        Pair(_("Begins with"), f"{actions.MARK}{token.prefix}…"), Pair(_("May do"), may_do(token)),
        Pair(_("Valid until"), moment(token.expires_at)),
    ]  # fmt: skip
    usable = token.revoked_at is None and can(request.viewer, "tokens.change", token)
    return render(request, "api/revocation.html", {"token": token, "pairs": pairs, "usable": usable})


@page(SIGNED_IN)
@require_safe
def documentation(request: ViewerRequest) -> HttpResponse:
    """Every operation of the API, what it needs and what it answers."""
    return render(request, "api/documentation.html", {"groups": in_words()})
