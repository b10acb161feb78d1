"""What is done on the pages of statements: run, sign, verify, take out. Each asks once more where money feels it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.periods import day_of
from onefloor.problems import Problem
from onefloor_web.agreements.register.overlapping import overlap_words
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.agreements.signatures.queries import four_eyes, intents_of
from onefloor_web.platform.accounts.confirming import confirmed_in_every_way
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import language, money, month
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.privacy.access import asks_purpose, opened
from onefloor_web.platform.privacy.models import Kind
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import downloads, events
from onefloor_web.settlement.statements.forms import RunMonth
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.jobs import RUN, VERIFY, signed_agreements
from onefloor_web.settlement.statements.models import State, Statement
from onefloor_web.settlement.statements.objections import objections_to
from onefloor_web.settlement.statements.reading import out_of, shown
from onefloor_web.settlement.statements.skipped import skipped_before
from onefloor_web.settlement.statements.views import wanted


@page("statements.run")
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: ViewerRequest) -> HttpResponse:
    """Settle a month, of one agreement or all, in the background."""
    first = {"month": today().strftime("%Y-%m"), "agreement": request.GET.get("agreement", "")}
    begun = {**first, **{name: request.GET[name] for name in ("month",) if name in request.GET}}
    form = RunMonth(request.POST or None, initial=begun, rows=signed_agreements())
    if request.method == "POST" and form.is_valid():
        one, period = form.cleaned_data["agreement"], form.cleaned_data["month"]
        subject = f"{one.code if one else gettext('All agreements')} {period}"
        params: dict[str, Any] = {"month": str(period), **({"agreement": one.pk} if one else {})}
        key = f"{one.pk if one else 'all'} {period}"
        enqueue(request.viewer, RUN, key=key, subject=subject, page=reverse("statements"), **params)
        return redirect("statements")
    told = {
        "title": gettext("Settle a month"),
        "form": form,
        "consequence": gettext(
            "Lines are computed from the facts of now and the terms both signed. With all facts in, the "
            "statement is issued and its clocks begin. A statement that is not locked gives way to the "
            "new revision, and signatures on it count no more; a locked one stays."
        ),
        "submit": gettext("Settle"),
        "cancel": reverse("statements"),
    }  # fmt: skip
    return render(request, "pages/confirm.html", told)


@page("documents.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: ViewerRequest, period: str, code: str) -> HttpResponseBase:
    """Sign for one's company. A statement that is not the viewer's is not found, confirmed or not."""
    return _signature(request, wanted(request, period, code, "documents.sign"))


@confirmed_in_every_way
def _signature(request: ViewerRequest, row: Statement) -> HttpResponse:
    """What is signed stands there, with what it means."""
    here = events.page_of(row)
    if request.method == "POST":
        if request.POST.get("digest") != row.manifest_digest:
            messages.error(request, gettext("There is a newer revision now. Look at it before you sign."))
            return redirect(here)
        try:
            made = sign_statement(request.viewer, row)
        except Problem as problem:
            return render(
                request, "statements/refused.html", {"problem": problem, "row": row, "back": here}, status=409
            )
        done = (
            gettext("Signed.")
            if isinstance(made, Signature)
            else gettext("Confirmed. A second person has to confirm as well.")
        )
        messages.success(request, done)
        return redirect(here)
    if row.state != State.ISSUED:
        return redirect(here)
    first = four_eyes(request.viewer) and not intents_of(row)
    payable, named = money(shown(row.payable), row.currency), {"name": row.company.name, "month": month(row.month)}
    told = {
        "row": row,
        "title": gettext("Sign the statement of %(name)s for %(month)s?") % named,
        "pairs": [
            Pair(gettext("Payable"), payable), Pair(gettext("Net of the lines"), money(shown(row.net), row.currency)),
            Pair(gettext("Revision"), row.revision), Pair(gettext("Digest of the bundle"), row.manifest_digest),
        ],
        "reasons": overlap_words(row.agreement, day_of(row.period.days.start)),
        "consequence": _consequence(request.viewer, row, payable, first=first),
        "submit": gettext("Confirm as the first of two") if first else gettext("Sign"),
        "cancel": here,
    }  # fmt: skip
    return render(request, "statements/sign.html", told)


def _consequence(viewer: Viewer, row: Statement, payable: str, *, first: bool) -> str:
    """What the signature means, before it is given."""
    if first:
        return gettext(
            "You confirm as the first of two. Nothing is signed yet: another signatory of your company has to sign."
        )
    said = gettext(
        "With both signatures %(month)s is locked at %(payable)s. Facts that arrive later become a "
        "correction in a later month."
    ) % {"month": month(row.month), "payable": payable}  # fmt: skip
    warning = gettext("%(month)s has not been settled, and cannot be settled afterwards.")
    reserved = gettext("Line %(n)s stays disputed: %(amount)s is reserved, and what both agree on is credited later.")
    return " ".join(
        [
            said,
            *(warning % {"month": month(str(one))} for one in skipped_before(viewer, row)),
            *(
                reserved % {"n": one.line, "amount": money(shown(abs(one.amount)), row.currency)}
                for one in objections_to(viewer, row)
                if one.reserved
            ),
        ]
    )


@page("statements.view")
@require_POST
def verification(request: ViewerRequest, period: str, code: str) -> HttpResponse:
    """Have the bundle verified in the background."""
    row = wanted(request, period, code, "statements.view")
    page_ = events.page_of(row)
    enqueue(request.viewer, VERIFY, key=str(row.pk), subject=str(row.month), page=page_, statement=row.pk)
    return redirect(f"{page_}?revision={row.revision}#evidence")


@page("statements.view")
@require_safe
def file(request: ViewerRequest, period: str, code: str, kind: str) -> HttpResponseBase:
    """The statement as JSON, PDF, XLSX, or its bundle with the signatures there are."""
    row = wanted(request, period, code, "statements.view")
    if not out_of(row).exists():
        raise Http404
    if kind == "zip":
        return _bundle(request, row)
    content = downloads.content_of(row, kind, language())
    return attachment(content, downloads.name_of(row, kind), downloads.TYPES[kind])


@asks_purpose
def _bundle(request: ViewerRequest, row: Statement) -> HttpResponseBase:
    """The rows themselves: whoever takes them out says what for, and it is written down."""
    name = downloads.name_of(row, "zip")
    opened(request, Kind.EXPORT, name, rows=downloads.rows_in(row))
    return _stored(FileResponse(downloads.bundle_zip(row), as_attachment=True, filename=name))


def _stored(response: FileResponse) -> FileResponse:
    response["Cache-Control"] = "no-store"
    return response
