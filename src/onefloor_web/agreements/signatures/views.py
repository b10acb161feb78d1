"""Pages of keys: one's own key, the rule for signing, and the public keys with which others' signatures are checked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from onefloor_web.agreements.signatures import actions, queries
from onefloor_web.agreements.signatures.forms import WithdrawKey
from onefloor_web.agreements.signatures.models import PublicKey
from onefloor_web.platform.accounts.confirming import confirmed, confirmed_in_every_way
from onefloor_web.platform.pages.blocks import Empty, Pair
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def state_of(key: PublicKey) -> str:
    """Whether a key is used, and why not."""
    if key.withdrawn_at is None:
        return _("in use")
    return _("withdrawn %(at)s: %(why)s") % {"at": moment(key.withdrawn_at), "why": key.withdrawn_why}


KEYS = (
    Column(gettext_lazy("Company"), lambda key: key.company.name, sort="company__slot"),
    Column(gettext_lazy("Key"), lambda key: key.key_id, url=lambda key: reverse("key_file", args=[key.key_id])),
    Column(gettext_lazy("Made"), lambda key: moment(key.made_at), sort="made_at"),
    Column(gettext_lazy("State"), state_of),
)
NO_KEYS = Empty(gettext_lazy("No company has a key yet. With its key a company signs agreements and statements."))


@page("keys.view")
@require_safe
def keys(request: ViewerRequest) -> HttpResponse:
    """With what does the company sign, and with what are the others' signatures checked?"""
    viewer = request.viewer
    rows = only_visible(viewer, "keys.view", PublicKey.objects.select_related("company"))
    table = Table.of(request, rows, KEYS, caption=_("Public keys"), empty=NO_KEYS, order="-made_at")
    own = queries.key_in_use(viewer)
    shown = {
        "table": table,
        "own": own,
        "pairs": [Pair(_("Key"), own.key_id), Pair(_("Made"), moment(own.made_at)), Pair(_("Made by"), own.made_by)]
        if own
        else [],
        "four_eyes": queries.four_eyes(viewer),
        "may_change": can(viewer, "keys.change"),
    }
    return render(request, "signatures/keys.html", shown)


@page("keys.change")
@get_or_post
@confirmed_in_every_way
def new(request: ViewerRequest) -> HttpResponse:
    """Make a key; the one before is withdrawn."""
    before = queries.key_in_use(request.viewer)
    if request.method == "POST":
        made = actions.make_key(request.viewer)
        messages.success(request, _("The key %(key)s is made. From now on the company signs with it.") % {"key": made})
        return redirect("keys")
    replaced = _("The key %(key)s is withdrawn; what it signed stays signed and can be checked. ") % {"key": before}
    shown = {
        "title": _("Make a new signing key?") if before else _("Make the signing key?"),
        "consequence": (replaced if before else "")
        + _("The company signs with the new key. Its private half stays encrypted on this server and is never shown; "
             "its public half can be seen by the companies this one has agreements with."),
        "submit": _("Make the key"),
        "cancel": reverse("keys"),
    }  # fmt: skip
    return render(request, "pages/confirm.html", shown)


@page("keys.change")
@get_or_post
def withdrawal(request: ViewerRequest, number: int) -> HttpResponseBase:
    """End the use of the company's key, with a reason. A key of another company is not found, confirmed or not."""
    return _withdrawal(request, found(request.viewer, "keys.change", PublicKey.objects.all(), pk=number))


@confirmed_in_every_way
def _withdrawal(request: ViewerRequest, key: PublicKey) -> HttpResponse:
    form = WithdrawKey(request.POST or None)
    if key.withdrawn_at:
        return redirect("keys")
    if request.method == "POST" and form.is_valid():
        actions.withdraw_key(request.viewer, key, why=form.cleaned_data["why"])
        messages.success(request, _("The key %(key)s is withdrawn.") % {"key": key})
        return redirect("keys")
    shown = {
        "title": _("Withdraw the key %(key)s?") % {"key": key},
        "form": form,
        "consequence": _("Its private half is destroyed at once and nothing can be signed with it again. What it "
                          "signed stays signed. Until a new key is made, nobody can sign for the company."),
        "submit": _("Withdraw the key"),
        "cancel": reverse("keys"),
        "danger": True,
    }  # fmt: skip
    return render(request, "pages/confirm.html", shown)


@page("keys.change")
@get_or_post
@confirmed
def rule(request: ViewerRequest) -> HttpResponse:
    """Whether a second person confirms each signature: asked once more, then switched."""
    now = queries.four_eyes(request.viewer)
    if request.method == "POST":
        actions.set_four_eyes(request.viewer, on=request.POST.get("on") == "1")
        return redirect("keys")
    shown = {
        "title": _("Have one person sign?") if now else _("Have two people confirm each signature?"),
        "consequence": _("One signatory alone then signs for the company.")
        if now
        else _("A signature then needs two signatories: the first confirms, another one signs. Nobody can be both."),
        "submit": _("One person signs") if now else _("Two people confirm"),
        "cancel": reverse("keys"),
        "on": "0" if now else "1",
    }
    return render(request, "signatures/rule.html", shown)


@page("keys.view")
@require_safe
def public_key(request: ViewerRequest, key: str) -> HttpResponse:
    """A public key as a PEM file, with which anybody can check signatures offline."""
    row = found(request.viewer, "keys.view", PublicKey.objects.select_related("company"), key_id=key)
    return attachment(row.pem, f"{row.key_id[:12]}.pub", "application/x-pem-file")
