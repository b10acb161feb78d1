"""Rows of Today that wait for somebody: files that have not come, lines set aside, failed jobs, open invitations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onefloor.facts.quarantine import set_aside
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.floor import floor
from onefloor_web.platform.jobs.queries import title
from onefloor_web.platform.pages.formats import number
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs
from onefloor_web.records.delivery.keeping import failed
from onefloor_web.records.delivery.reach import company_wide, days_words, may_import, owes
from onefloor_web.records.floor import questions
from onefloor_web.records.imports.models import Import, State

LATEST: Final = 50  # imports looked at for lines that are still set aside


def missing_files(viewer: Viewer) -> Iterator[Need]:
    """Days whose records have not come, for the company that owes them; the client's manager sees everybody's."""
    if not may_import(viewer) and not owes(viewer):
        return
    for code, reach in questions.freshness(company_wide(viewer)).reach.companies.items():
        if reach.missing and code == viewer.code and may_import(viewer):
            text = _("Records of %(days)s have not come") % {"days": days_words(reach.missing)}
            yield Need(text, reverse("import-new"), _("Import"))
        elif reach.missing and code != viewer.code and owes(viewer):
            words = {"company": code, "days": days_words(reach.missing)}
            yield Need(_("%(company)s: records of %(days)s have not come") % words, _days_of(code), _("View"))


def not_prepared(viewer: Viewer) -> Iterator[Need]:
    """Something was loaded of which the figures do not speak yet."""
    if may_import(viewer) and questions.freshness(company_wide(viewer)).behind:
        yield Need(_("Figures are those from before the last load"), reverse("imports"), _("View"))


def set_aside_lines(viewer: Viewer) -> Iterator[Need]:
    """Lines of the company's imports that could not be read and are still set aside."""
    if not may_import(viewer):
        return
    rows = only_visible(viewer, "imports.view", Import.objects.filter(state=State.LOADED))
    some = [one for one in rows.order_by("-pk")[:LATEST] if one.account().get("quarantined")]
    held = _open_lines(load for one in some for load in one.loads)
    for one in some:
        if count := sum(held[load] for load in one.loads):
            words = {"name": one.name, "n": number(count)}
            text = ngettext("%(name)s: %(n)s line is set aside", "%(name)s: %(n)s lines are set aside", count) % words
            yield Need(text, reverse("import-quarantine", args=[one.pk]), _("Fix"))


def failed_jobs(viewer: Viewer) -> Iterator[Need]:
    """Jobs that failed, for whoever asked for them."""
    for job in failed(viewer).filter(requested_by=viewer.user):
        yield Need(_("Failed: %(job)s") % {"job": title(job)}, reverse("job", args=[job.pk]), _("Open"))


def open_invitations(viewer: Viewer) -> Iterator[Need]:
    """Users who were invited and have never come."""
    if not can(viewer, "accounts.change"):
        return
    unused = Q(password="") | Q(password__startswith="!")
    invited = User.objects.filter(company=viewer.company, is_active=True, last_login=None).filter(unused)
    if count := invited.count():
        text = ngettext("%(n)s invitation is open", "%(n)s invitations are open", count) % {"n": number(count)}
        yield Need(text, reverse("accounts"), _("Open"))


def declare() -> None:
    """Put them on Today."""
    for provider in (missing_files, not_prepared, set_aside_lines, failed_jobs, open_invitations):
        needs(provider)


def _days_of(company: str) -> str:
    return reverse("scorecard", args=["days"]) + f"?where=company:{company}"


def _open_lines(loads: Iterator[str]) -> Counter[str]:
    """How many lines each load has set aside that nobody has mended."""
    wanted = list(loads)
    return Counter(set_aside(floor(), loads=wanted)["load"].to_list()) if wanted else Counter()
