"""Signing a version: what is signed, who has, what it means, and afterwards the facts of each signature."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onefloor.problems import Problem
from onefloor_web.agreements.register import actions
from onefloor_web.agreements.register.actions import document_of
from onefloor_web.agreements.register.models import State, Version
from onefloor_web.agreements.register.overlapping import overlap_words
from onefloor_web.agreements.register.queries import signers, terms_of
from onefloor_web.agreements.register.views import found_version, head
from onefloor_web.agreements.signatures import queries as signed
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.agreements.signatures.showing import Facts, facts
from onefloor_web.platform.accounts.confirming import confirmed_in_every_way
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import day, say
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@page("agreements.view")
@require_safe
def signatures(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """What is signed, who has signed it, and how to check that without this server."""
    row = found_version(request, code, number)
    viewer, said = request.viewer, facts_of(request.viewer, row)
    own = next((side for side in said.sides if side.own), None)
    shown = {
        **head(row, terms_of(row.source)),
        "facts": said,
        "digest": document_of(row).digest,
        "key": signed.key_in_use(viewer),
        "four_eyes": signed.four_eyes(viewer),
        "open": row.state == State.PROPOSED and own is not None and own.signature is None,
        "may_sign": can(viewer, "documents.sign"),
        "mine": own.first is not None and own.first.user_id == viewer.user if own else False,
    }
    return render(request, "register/signatures.html", shown)


@page("documents.sign")
@get_or_post
def sign(request: ViewerRequest, code: str, number: int) -> HttpResponseBase:
    """Ask for the password again, and sign. A version of others is not found, confirmed or not."""
    return _sign(request, found_version(request, code, number))


@confirmed_in_every_way
def _sign(request: ViewerRequest, row: Version) -> HttpResponse:
    """The consequence in words, then the signature. Clicking twice signs once."""
    code, number = row.agreement.code, row.number
    there = redirect("version_signatures", code, number)
    said = facts_of(request.viewer, row)
    own = next((side for side in said.sides if side.own), None)
    if own is None or own.signature or row.state != State.PROPOSED:
        return there
    problem = None
    if request.method == "POST":
        try:
            made = actions.sign_version(request.viewer, row)
        except actions.Over:  # somebody was faster: the page says how it stands
            return there
        except Problem as found_problem:
            problem = found_problem
        else:
            messages.success(request, _done(row, made))
            return there
    shown = {
        "title": _("Sign version %(n)s of %(name)s?") % {"n": row.number, "name": say(row.agreement.name)},
        "pairs": [
            Pair(_("Agreement"), say(row.agreement.name)), Pair(_("In force from"), day(row.starts)),
            Pair(_("Digest of the text"), row.digest), Pair(_("Digest of what is signed"), document_of(row).digest),
            Pair(_("Key"), signed.key_in_use(request.viewer) or _("none")),
        ],
        "reasons": overlap_words(row.agreement, row.starts),
        "consequence": consequence(request.viewer, row, said),
        "submit": _("Confirm as the first of two") if _is_first(request.viewer, said) else _("Sign"),
        "cancel": reverse("version_signatures", args=[code, number]),
        "problem": problem,
    }  # fmt: skip
    return render(request, "register/confirm.html", shown)


@page("agreements.view")
@require_safe
def envelope(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """The signatures there are as a DSSE envelope, which any reader of that format checks."""
    row = found_version(request, code, number)
    made = signed.envelope_of(row)
    if made is None:
        raise Http404
    return attachment(made, f"{row.agreement.code}-{row.number}.dsse.json", "application/json")


def facts_of(viewer: Viewer, row: Version) -> Facts:
    """Who has signed a version, and who has still to."""
    address = reverse("version_envelope", args=[row.agreement.code, row.number])
    return facts(viewer, row, signers(row.agreement), address)


def consequence(viewer: Viewer, row: Version, said: Facts) -> str:
    """What the click means, before it."""
    words = {"n": row.number, "day": day(row.starts)}
    if _is_first(viewer, said):
        return _(
            "You confirm as the first of two. Nothing is signed yet: another signatory of your company has to sign."
        )
    others = [one.name for one in said.missing if one.pk != viewer.company]
    if others:
        words["other"] = others[0]
        return _("Your company is then bound, and the signature cannot be taken back. Version %(n)s holds from "
                  "%(day)s once %(other)s has signed too.") % words  # fmt: skip
    return _("Signing puts version %(n)s in force from %(day)s. Nobody can change it afterwards; another version "
              "needs both signatures again.") % words  # fmt: skip


def _is_first(viewer: Viewer, said: Facts) -> bool:
    """Whether the four-eyes rule holds and nobody has confirmed yet."""
    return signed.four_eyes(viewer) and not any(side.first for side in said.sides if side.own)


def _done(row: Version, made: object) -> str:
    if not isinstance(made, Signature):
        return _("Confirmed. Another signatory of your company has to sign.")
    row.refresh_from_db(fields=["state"])
    if row.state == State.SIGNED:
        return _("Signed. Version %(n)s is in force from %(day)s.") % {"n": row.number, "day": day(row.starts)}
    return _("Signed for your company. The other one has still to sign.")
