"""Pages of statements: the grid of months, one month's statement, the chain, what is booked beside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from onefloor.agreements.adjustments import Adjustment as Booked
from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.queries import signed_versions
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.agreements.signatures.queries import intents_of, signatures_of
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.events.queries import seen_by, shown
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.queries import problem_of, progress_of
from onefloor_web.platform.pages import blocks
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import moment, money, month, number, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import events, queries, showing
from onefloor_web.settlement.statements.corrections import open_corrections
from onefloor_web.settlement.statements.jobs import RUN, VERIFY
from onefloor_web.settlement.statements.models import Adjustment, Head, State, Statement
from onefloor_web.settlement.statements.objections import at_issue, objections_to, open_lines, signing_until, undisputed
from onefloor_web.settlement.statements.reading import booked_of, settled_of
from onefloor_web.settlement.statements.reading import shown as two_places

BOOKED_COLUMNS = (
    Column(_("Line"), lambda row: f"{row.line.statement.month} · {row.line.number}", url=lambda row: _line_url(row)),
    Column(_("Company"), lambda row: row.line.statement.company.name),
    Column(_("Kind"), lambda row: row.get_kind_display(), sort="kind"),
    Column(pgettext_lazy("correction", "Before"), lambda row: number(_written(row.before)), number=True),
    Column(pgettext_lazy("correction", "After"), lambda row: number(_written(row.after)), number=True),
    Column(_("Amount"), lambda row: number(two_places(row.amount)), sort="amount", number=True),
    Column(_("Reason"), lambda row: say(row.why)),
    Column(_("Made"), lambda row: moment(row.made_at), sort="made_at"),
    Column(_("Booked in"), lambda row: _booked_in(row)),
)
NOTHING_BOOKED = Empty(
    _("No correction and no credit note. Facts that come after a month is locked become corrections here; "
      "a dispute that is accepted becomes a credit note.")
)  # fmt: skip
CHAIN_COLUMNS = (
    Column(_("Month"), lambda row: row["month"], url=lambda row: row["url"]),
    Column(_("Agreement"), lambda row: row["agreement"]),
    Column(_("Digest"), lambda row: row["digest"]),
    Column(_("Digest of the month before"), lambda row: row["previous"]),
    Column(_("Signed by"), lambda row: row["signers"]),
    Column(_("Kept since"), lambda row: row["at"]),
    Column(_("Comparison"), lambda row: row["agrees"]),
)
NO_HEADS = Empty(_("No month is locked yet. Once both have signed one, its head is kept here and mailed."))


@page("statements.view")
@require_safe
def statements(request: ViewerRequest) -> HttpResponse:
    """Vendor by month: what is owed, and whose turn it is."""
    viewer = request.viewer
    agreements = list(queries.agreements(viewer))
    rows = list(queries.current(viewer))
    kept = {(one.agreement_id, one.month): one for one in rows}
    waiting, until = queries.waiting_for(rows), signing_until(rows)
    months = _months(rows)
    jobs = Job.objects.filter(company=viewer.company, kind=RUN, state__in=("waiting", "running")).order_by("-pk")[:5]
    grid = [
        (month(one), [_cell(kept.get((agreement.pk, one)), waiting, until) for agreement in agreements])
        for one in months
    ]
    told = {
        "agreements": agreements,
        "grid": grid if rows else [],
        "empty": Empty(_("No month is settled yet. A run computes the lines of a month from facts and signed terms.")),
        "may_run": can(viewer, "statements.run"),
        "jobs": [progress_of(viewer, job) for job in jobs],
    }
    return render(request, "statements/statements.html", told)


@page("statements.view")
@require_safe
def statement(request: ViewerRequest, period: str, code: str) -> HttpResponse:
    """One month: what is owed and why."""
    viewer, row = request.viewer, wanted(request, period, code, "statements.view")
    settled, objections = settled_of(row), objections_to(request.viewer, row)
    disputed, booked = open_lines(objections), booked_of(row)
    revisions = list(_revisions(request, row))
    duties, targets = showing.scorecard_of(settled)
    contested, signatures = at_issue(objections), signatures_of(row)
    told = {
        "row": row,
        "name": row.company.name,
        "month": month(row.month),
        "state": showing.state_words(row, disputed),
        "waiting": _waiting(row, disputed),
        "until": signing_until([row])[row.pk],
        "objections": [one for one in objections if one.open or one.reserved],
        "net": number(settled.net),
        "payable": money(two_places(row.payable), row.currency),
        "now": money(two_places(undisputed(row.payable, objections)), row.currency),
        "at_issue": money(two_places(contested), row.currency) if contested else "",
        "drawing": showing.drawing_of(settled),
        "lines": showing.lines_of(viewer, row, settled, objections),
        "totals": showing.totals_of(settled),
        "booked": showing.booked_rows(booked, _credit_notes(booked)),
        "left_out": showing.left_out_of(settled),
        "duties": duties,
        "targets": targets,
        "versions": showing.versions_of(settled),
        "signatures": signatures,
        "intents": [] if signed_for(viewer, signatures) else intents_of(row),
        "chain": queries.chain(viewer, row.agreement),
        "revisions": revisions,
        "events": _story(request, revisions),
        "not_booked": _not_booked(viewer, row),
        "may_sign": row.state == State.ISSUED and not disputed and _may_sign(request, row, signatures),
        "may_run": _open(row) and can(viewer, "statements.run"),
        "verification": _verification(request, row),
    }
    return render(request, "statements/statement.html", told)


@page("statements.view")
@require_safe
def adjustments(request: ViewerRequest) -> HttpResponse:
    """Corrections and credit notes: what is booked where, and what waits."""
    rows = Adjustment.objects.select_related("line__statement__company", "line__statement__agreement", "booked_in")
    rows = only_visible(request.viewer, "statements.view", rows)
    caption = _("Corrections and credit notes")
    table = Table.of(request, rows, BOOKED_COLUMNS, caption=caption, empty=NOTHING_BOOKED, order="-made_at")
    return render(request, "statements/adjustments.html", {"table": table})


@page("statements.view")
@require_safe
def chain(request: ViewerRequest) -> HttpResponse:
    """The heads this company keeps, beside what the floor holds now."""
    viewer = request.viewer
    there, before = queries.chains(viewer)
    heads = Head.objects.order_by("-month", "agreement")
    rows = [head_row(head, there.get(head.statement), before.get(head.statement)) for head in heads]
    table = Table.of(request, rows, CHAIN_COLUMNS, caption=_("Chain"), empty=NO_HEADS, hidden_caption=True)
    return render(request, "statements/chain.html", {"table": table})


def wanted(request: ViewerRequest, period: str, code: str, action: str) -> Statement:
    """The statement an address means: the revision asked for, else the newest; 404 without one."""
    try:
        asked = Month.parse(period)
    except (Problem, ValueError):
        raise Http404 from None
    revision = request.GET.get("revision", "")
    rows = Statement.objects.select_related("agreement", "company", "version").order_by("-revision")
    rows = rows.prefetch_related(signed_versions("agreement"))  # once, not for each line
    rows = rows.filter(month=str(asked), agreement__code=code)
    if revision:
        if not revision.isascii() or not revision.isdigit() or len(revision) > 6:
            raise Http404
        return found(request.viewer, action, rows, revision=int(revision))
    return found(request.viewer, action, rows)


def _cell(one: Statement | None, waiting: dict[int, list[Any]], until: dict[int, datetime | None]) -> dict[str, Any]:
    """A month of an agreement: its state, what is payable, whose turn it is."""
    if one is None:
        return {}
    return {
        "url": events.page_of(one),
        "state": one.get_state_display(),
        "net": money(two_places(one.payable), one.currency),
        "provisional": one.provisional,
        "waiting": showing.waiting_words([company.name for company in waiting.get(one.pk, [])]),
        "due": until[one.pk] if one.state == State.ISSUED else None,
    }


def _months(rows: list[Statement]) -> list[str]:
    """Every month that is settled or could be, newest first."""
    now = Month(today().year, today().month)
    months = {str(one) for one in queries.months_back(now)} | {row.month for row in rows}
    first = min((row.month for row in rows), default=str(now))
    return sorted((one for one in months if one >= first), reverse=True)


def _open(row: Statement) -> bool:
    """Whether a new revision could take its place."""
    return row.state in (State.DRAFT, State.ISSUED) and row.accepted_at is None


def _waiting(row: Statement, disputed: list[int]) -> str:
    if row.state != State.ISSUED or disputed:
        return ""
    return showing.waiting_words([company.name for company in queries.waiting_for([row])[row.pk]])


def _credit_notes(booked: Iterable[Booked]) -> dict[str, int]:
    """The numbers of the credit notes among what is booked, by their digests."""
    rows = Adjustment.objects.filter(kind=Adjustment.Kind.CREDIT_NOTE, digest__in=[one.digest for one in booked])
    return dict(rows.values_list("digest", "pk"))


def _not_booked(viewer: Viewer, row: Statement) -> str:
    """What waits to be booked, while this statement could still take it."""
    if row.state != State.ISSUED:
        return ""
    waits = [one.amount for one in open_corrections(viewer) if one.agreement_id == row.agreement_id]
    return money(two_places(sum(waits, Decimal(0))), row.currency) if waits else ""


def _may_sign(request: ViewerRequest, row: Statement, signatures: list[Signature]) -> bool:
    """Whether the viewer's signature is missing; the first of two has to leave it to the second."""
    viewer = request.viewer
    involved = viewer.company == row.company_id or viewer.client
    first = any(one.user_id == viewer.user for one in intents_of(row))
    return involved and not first and not signed_for(viewer, signatures) and can(viewer, "documents.sign", row)


def signed_for(viewer: Viewer, signatures: list[Signature]) -> bool:
    """Whether the viewer's company has signed."""
    return viewer.company in {one.signer_id for one in signatures}


def _revisions(request: ViewerRequest, row: Statement) -> QuerySet[Statement]:
    return queries.statements(request.viewer).filter(agreement=row.agreement, month=row.month).order_by("-revision")


def _story(request: ViewerRequest, revisions: list[Statement]) -> list[blocks.Event]:
    """What happened to the month, over all its revisions."""
    rows = Event.objects.filter(
        seen_by(request.viewer), about=queries.ABOUT, number__in=[one.pk for one in revisions]
    ).select_related("actor_company")
    return [shown(event) for event in rows.order_by("pk")[:200]]


def _verification(request: ViewerRequest, row: Statement) -> dict[str, Any] | None:
    """The newest verification of this revision that the viewer's company asked for."""
    job = Job.objects.filter(company=request.viewer.company, kind=VERIFY, key=str(row.pk)).order_by("-pk").first()
    if job is None:
        return None
    result: dict[str, Any] = job.result or {}
    problem = problem_of(job.problem)
    return {
        "progress": progress_of(request.viewer, job) if not job.result else None,
        "ok": result.get("ok"),
        "steps": [_say(step) for step in result.get("steps", [])],
        "differences": [_say(one) for one in result.get("differences", [])],
        "at": job.ended_at,
        "problem": problem,
    }


def _say(text: dict[str, str]) -> str:
    return say(Text(text["zh"], text["en"]))


def head_row(head: Head, there: Statement | None, before: Statement | None) -> dict[str, str]:
    """A kept head: whether the floor still holds the same, and whether it goes on from the closed month before."""
    same = there is not None and (there.digest, there.manifest_digest) == (head.digest, head.manifest_digest)
    return {
        "month": head.month,
        "agreement": head.agreement,
        "url": events.page_of(there) if there else "",
        "digest": head.digest,
        "previous": head.previous_digest or "—",
        "signers": ", ".join(sorted(one["signer"] for one in head.signatures)) or "—",
        "at": moment(head.at),
        "agrees": _comparison(same=same, goes_on=head.previous_digest == (before.digest if before else "")),
    }


def _written(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else two_places(amount)


def _comparison(*, same: bool, goes_on: bool) -> str:
    if not same:
        return gettext("differs from what was signed")
    return gettext("as signed") if goes_on else gettext("does not go on from the month before")


def _booked_in(row: Adjustment) -> str:
    if row.booked_in is None:
        return gettext("waits for the next run")
    return f"{row.booked_in.month} · {row.booked_in.get_state_display()}"


def _line_url(row: Adjustment) -> str:
    return f"{events.page_of(row.line.statement)}?revision={row.line.statement.revision}#line-{row.line.number}"
