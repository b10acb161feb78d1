"""Giving notice that an agreement is not renewed: what it means stands first; confirmed as a signature is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onefloor.problems import Problem
from onefloor_web.agreements.register import notices, queries
from onefloor_web.agreements.register.forms import NoticeForm
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.views import page_of_agreement
from onefloor_web.platform.accounts.confirming import confirmed_in_every_way
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.formats import day, moment, say
from onefloor_web.platform.permissions.page import ViewerRequest, found, page


@page("documents.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: ViewerRequest, code: str) -> HttpResponseBase:
    """Ask for the password again, then for the notice. An agreement of others is not found, confirmed or not."""
    return _notice(request, found(request.viewer, "documents.sign", queries.agreements(request.viewer), code=code))


@confirmed_in_every_way
def _notice(request: ViewerRequest, agreement: Agreement) -> HttpResponse:
    """The consequence in words, then the act. Clicking twice gives notice once."""
    there = redirect(page_of_agreement(agreement))
    ends = notices.ends_with_notice(agreement, timezone.now())
    if ends is None or queries.notice_of(agreement) is not None:
        return there
    form, problem = NoticeForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = notices.give_notice(request.viewer, agreement, why=form.cleaned_data["why"])
        except Problem as found_problem:
            problem = found_problem
        else:
            messages.success(request, _("Notice is given. The agreement ends on %(day)s.") % {"day": day(made.ends)})
            return there
    by = notices.last_moment(agreement, ends)
    shown = {
        "title": _("Give notice on %(name)s?") % {"name": say(agreement.name)}, "form": form, "problem": problem,
        "pairs": [
            Pair(_("Agreement"), say(agreement.name)), Pair(_("It ends"), day(ends)),
            Pair(_("Last moment to give notice for that end"), moment(by)),
        ],
        "consequence": _("The agreement is then not renewed: its terms hold no more from that day. Both companies are "
                          "told, and notice cannot be taken back; to go on, both sign an amendment."),
        "submit": _("Give notice"), "cancel": page_of_agreement(agreement), "danger": True,
    }  # fmt: skip
    return render(request, "register/confirm.html", shown)
