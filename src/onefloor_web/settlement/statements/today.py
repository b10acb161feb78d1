"""Rows of Today: statements to sign, months to settle, corrections that wait for a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onefloor.periods import Month
from onefloor_web.platform.floor import today
from onefloor_web.platform.pages.formats import month
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.permissions.roles import PARTIES
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs
from onefloor_web.settlement.statements import corrections, events, queries
from onefloor_web.settlement.statements.jobs import signed_agreements
from onefloor_web.settlement.statements.left_out_since import approved_since
from onefloor_web.settlement.statements.models import State
from onefloor_web.settlement.statements.objections import lines_at_issue, signing_until
from onefloor_web.settlement.statements.skipped import skipped


@needs
def to_sign(viewer: Viewer) -> Iterator[Need]:
    """Issued statements that the viewer's company has still to sign, and nobody disputes."""
    if not viewer.roles & PARTIES or not can(viewer, "statements.view"):
        return
    issued = list(queries.current(viewer).filter(state=State.ISSUED))
    waiting, disputed, until = queries.waiting_for(issued), lines_at_issue(issued), signing_until(issued)
    for one in issued:
        if viewer.company in {company.pk for company in waiting[one.pk]} and not disputed[one.pk]:
            words = {"name": one.company.name, "month": month(one.month)}
            act = _("Sign") if can(viewer, "documents.sign") else _("Open")
            yield Need(
                _("Statement of %(name)s, %(month)s: to be signed") % words, events.page_of(one), act, until[one.pk]
            )


@needs
def to_run(viewer: Viewer) -> Iterator[Need]:
    """Every month before this one that an agreement held in and that is not settled; the oldest has to be first."""
    if not can(viewer, "statements.run"):
        return
    found = skipped(viewer, signed_agreements(), Month(today().year, today().month))
    missing = Counter(one for months in found.values() for one in months)
    for one in sorted(missing, key=lambda one: one.id):
        text = ngettext(
            "%(month)s: %(n)s agreement is not settled", "%(month)s: %(n)s agreements are not settled", missing[one]
        )
        url = f"{reverse('statements_run')}?month={one}"
        yield Need(text % {"month": month(str(one)), "n": missing[one]}, url, _("Settle"))


@needs
def to_settle_again(viewer: Viewer) -> Iterator[Need]:
    """Issued statements that do not hold the exclusions both approved since, once nothing of them is at issue."""
    if not can(viewer, "statements.run"):
        return
    issued = list(queries.current(viewer).filter(state=State.ISSUED))
    since = approved_since(issued)
    for one in issued:
        if since[one.pk]:
            words = {"name": one.company.name, "month": month(one.month), "codes": ", ".join(since[one.pk])}
            text = _("Statement of %(name)s, %(month)s: settle again, %(codes)s are approved since") % words
            yield Need(text, events.page_of(one), _("Open"), one.sign_by)


@needs
def to_book(viewer: Viewer) -> Iterator[Need]:
    """Corrections and credit notes that the next run books."""
    if not can(viewer, "statements.run"):
        return
    waiting = corrections.open_corrections(viewer)
    if waiting:
        text = ngettext(
            "%(n)s correction or credit note waits for the next run",
            "%(n)s corrections or credit notes wait for the next run",
            len(waiting),
        )
        yield Need(text % {"n": len(waiting)}, reverse("statements_adjustments"), _("View"))
