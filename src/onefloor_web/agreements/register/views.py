"""Pages of agreements: which are in force, what each version says, and what differs between two."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.version import Terms as Dated
from onefloor.language import Text
from onefloor.periods import Month
from onefloor_web.agreements.register import differences as differing
from onefloor_web.agreements.register import queries, telling
from onefloor_web.agreements.register.actions import page_of
from onefloor_web.agreements.register.beside import links
from onefloor_web.agreements.register.dates import Date, coming, dates_of
from onefloor_web.agreements.register.models import OVER, Agreement, State, Version
from onefloor_web.agreements.register.queries import Standing, standings, terms_of
from onefloor_web.platform.floor import now, today
from onefloor_web.platform.pages.blocks import Empty, Pair, Tab
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import day, language, moment, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can

AGREEMENTS = (
    Column(
        gettext_lazy("Agreement"), lambda one: say(one.agreement.name), url=lambda one: page_of_agreement(one.agreement)
    ),
    Column(gettext_lazy("Company"), lambda one: one.agreement.company.name),
    Column(gettext_lazy("Version in force"), lambda one: in_force_words(one)),
    Column(gettext_lazy("Waiting for signature"), lambda one: waiting_words(one)),
    Column(gettext_lazy("Next dates"), lambda one: next_words(one)),
)
VERSIONS = (
    Column(gettext_lazy("Version"), lambda one: _("Version %(n)s") % {"n": one.number}, sort="number", url=page_of),
    Column(gettext_lazy("State"), lambda one: one.get_state_display(), sort="state"),
    Column(gettext_lazy("In force from"), lambda one: day(one.starts), sort="starts"),
    Column(gettext_lazy("What it changes"), lambda one: say(note_of(one)) or "–"),
    Column(
        gettext_lazy("Proposed"), lambda one: f"{moment(one.proposed_at)} · {one.proposer.name}", sort="proposed_at"
    ),
    Column(gettext_lazy("Signed"), lambda one: moment(one.signed_at), sort="signed_at"),
)
NEXT = 2


def page_of_agreement(agreement: Agreement) -> str:
    """The address of an agreement."""
    return reverse("agreement", args=[agreement.code])


def note_of(version: Version) -> Text:
    """What a version changes, in its proposer's words."""
    return Text(version.note.get("zh", ""), version.note.get("en", ""))


def in_force_words(one: Standing) -> str:
    """The version that holds today, or will hold."""
    if one.signed is None:
        return _("none yet")
    dated = dated_on(terms_of(one.signed.source))
    since = dated.start if dated else one.signed.starts
    words = {"n": one.signed.number, "day": day(since)}
    return (_("Version %(n)s, from %(day)s") if dated else _("Version %(n)s, not in force today")) % words


def waiting_words(one: Standing) -> str:
    """Which version waits for whom."""
    if one.waiting is None:
        return "–"
    names = pgettext("between names", ", ").join(company.name for company in one.missing)
    return _("Version %(n)s waits for %(names)s") % {"n": one.waiting.number, "names": names}


def next_words(one: Standing) -> str:
    """The next dates of an agreement."""
    dates = coming(dates_of(one), now())[:NEXT]
    return _("; ").join(f"{date_words(date)} {date.text}" for date in dates) or "–"


def date_words(date: Date) -> str:
    """The day, and the hour where a clock runs out."""
    return day(date.at) if date.whole_day else moment(date.at)


def renews(one: Standing) -> bool:
    """Whether it is renewed by itself, and nobody has given notice yet."""
    last = terms_of(one.signed.source).versions[-1] if one.signed else None
    return one.notice is None and last is not None and last.until is not None and last.renewal is not None


def dated_on(terms: Terms) -> Dated | None:
    """The terms that hold today."""
    month = Month(today().year, today().month)
    return terms.terms_for(month) if terms.in_force(month) else None


@page("agreements.view")
@require_safe
def agreements(request: ViewerRequest) -> HttpResponse:
    """Which agreements hold, and what comes next?"""
    may_propose = can(request.viewer, "agreements.propose")
    empty = Empty(
        _("No agreement yet. One text says who pays whom what for which figures; both companies sign it."),
        _("Bring an agreement") if may_propose else "", reverse("agreement_upload") if may_propose else "",
    )  # fmt: skip
    listed = standings(queries.agreements(request.viewer))
    table = Table.of(request, listed, AGREEMENTS, caption=_("Agreements"), empty=empty, hidden_caption=True)
    return render(request, "register/agreements.html", {"table": table, "may_propose": may_propose})


@page("agreements.view")
@require_safe
def agreement(request: ViewerRequest, code: str) -> HttpResponse:
    """One agreement: the version in force, what waits, its next dates, its versions and what happened."""
    row = found(request.viewer, "agreements.view", queries.agreements(request.viewer), code=code)
    (standing,) = standings([row])
    versions = row.versions.select_related("proposer", "agreement").defer("source").order_by("-number")
    table = Table.of(request, versions, VERSIONS, caption=_("Versions"), empty=Empty(_("No version.")), order="-number")
    dated = dated_on(terms_of(standing.signed.source)) if standing.signed else None
    shown = {
        "agreement": row,
        "standing": standing,
        "in_force": in_force_words(standing),
        "dates": [(date_words(one), one) for one in coming(dates_of(standing), now())],
        "missing": pgettext("between names", ", ").join(one.name for one in standing.missing),
        "grids": telling.grids(dated) if dated else [],
        "pairs": telling.general(dated) if dated else [],
        "table": table,
        "events": queries.story(request.viewer, versions, row),
        "links": links(request.viewer, row),
        "may_draft": can(request.viewer, "drafts.change"),
        "may_propose": can(request.viewer, "agreements.propose"),
        "may_sign": can(request.viewer, "documents.sign"),
        "notice": standing.notice,
        "may_notice": can(request.viewer, "documents.sign") and renews(standing),
    }
    return render(request, "register/agreement.html", shown)


@page("agreements.view")
@require_safe
def version(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """The whole of a version: the terms of one of its dates in words, the parties, deadlines, and the text itself."""
    row = found_version(request, code, number)
    terms = terms_of(row.source)
    dated = chosen(request, terms)
    before = others(row).filter(number__lt=row.number).exclude(state__in=OVER).order_by("-number").first()
    (standing,) = standings([row.agreement])
    waiting, mine = row.state == State.PROPOSED, row.proposer_id == request.viewer.company
    shown = {
        **head(row, terms),
        "tabs": tabs_of(row, terms, dated),
        "dated": dated,
        "general": telling.general(dated),
        "grids": telling.grids(dated),
        "sections": telling.sections(dated),
        "calendar": telling.calendar(dated),
        "procedure": telling.procedure(dated),
        "renewal": telling.renewal(dated),
        "lines": list(enumerate(row.source.splitlines(), 1)),
        "others": others(row).defer("source").order_by("-number"),
        "before": before,
        "missing": pgettext("between names", ", ").join(one.name for one in standing.missing) if waiting else "",
        "events": queries.story(request.viewer, [row]),
        "may_sign": waiting and can(request.viewer, "documents.sign"),
        "may_withdraw": waiting and mine and can(request.viewer, "agreements.propose"),
        "may_decline": waiting and not mine and can(request.viewer, "agreements.propose"),
    }
    return render(request, "register/version.html", shown)


@page("agreements.view")
@require_safe
def source(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """The text, byte for byte what is signed."""
    row = found_version(request, code, number)
    return attachment(row.source.encode(), f"{row.agreement.code}-{row.number}.yaml", "application/yaml")


@page("agreements.view")
@require_safe
def differences(request: ViewerRequest, code: str, number: int, other: int) -> HttpResponse:
    """What a version changes in another: clause by clause in words, then line by line."""
    new = found_version(request, code, number)
    old = found_version(request, code, other)
    parts = differing.by_clause(terms_of(old.source), terms_of(new.source), today())
    shown = {
        "new": new, "old": old, "agreement": new.agreement, "dated": parts,
        "groups": differing.by_line(old.source, new.source), "summary": summary(parts),
    }  # fmt: skip
    return render(request, "register/differences.html", shown)


def summary(parts: list[differing.From]) -> str:
    """How much differs."""
    count = sum(len(one.parts) for one in parts)
    if not count:
        return _("Both say the same.")
    return ngettext("%(n)s part differs.", "%(n)s parts differ.", count) % {"n": count}


def found_version(request: ViewerRequest, code: str, number: int) -> Version:
    """A version the viewer may see; else 404."""
    rows = Version.objects.select_related("agreement", "company", "proposer")
    return found(request.viewer, "agreements.view", rows, agreement__code=code, number=number)


def others(row: Version) -> QuerySet[Version]:
    """The other versions of its agreement."""
    return Version.objects.filter(agreement=row.agreement_id).exclude(pk=row.pk)


def head(row: Version, terms: Terms) -> dict[str, Any]:
    """What every page of a version shows of it: its names, the parties, the digest."""
    parties = [
        Pair(_("Client"), terms.parties.client), Pair(_("Company"), terms.parties.company),
        Pair(_("Time zone"), terms.parties.timezone), Pair(_("Currency"), terms.parties.currency),
        Pair(_("In force from"), day(row.starts)), Pair(_("Digest of the text"), row.digest),
    ]  # fmt: skip
    if terms.parties.shadow:
        parts = _("Shadow agreement of own staff: nothing is payable")
        parties.append(Pair(_("Kind"), parts))
    return {"version": row, "agreement": row.agreement, "title": say(row.agreement.name), "parties": parties,
            "note": telling.said(note_of(row)) if say(note_of(row)) else None, "language": language()}  # fmt: skip


def chosen(request: ViewerRequest, terms: Terms) -> Dated:
    """The terms of the date asked for; else those in force today, the first or last where none are."""
    wished = request.GET.get("from", "")
    by_day = {str(one.start): one for one in terms.versions}
    newest = terms.versions[-1]
    return by_day.get(wished) or (newest if newest.start > today() else dated_on(terms) or newest)


def tabs_of(row: Version, terms: Terms, dated: Dated) -> list[Tab]:
    """A tab for each date of the text, if it has several."""
    if len(terms.versions) < 2:
        return []
    return [
        Tab(_("From %(day)s") % {"day": one.start}, f"{page_of(row)}?from={one.start}", one is dated)
        for one in terms.versions
    ]
