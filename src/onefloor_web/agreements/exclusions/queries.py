"""Reads of exclusions: what state each is in, and the agreement's text with them in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from onefloor.periods import Month
from onefloor_web.agreements.exclusions.composing import Entry, composed_text
from onefloor_web.agreements.exclusions.models import Answer, Exclusion, State
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_version, terms_of
from onefloor_web.platform.tenancy.viewer import Viewer

MINUTE = "%Y-%m-%d %H:%M"


def composed(agreement: Agreement) -> str:
    """The newest signed version's YAML with the exclusions of the web in it; '' without a signed version.

    Equal rows give equal bytes. All that were given and not withdrawn are there: what both approved takes effect, what
    only one side did is listed without. A viewer of either side gets the same text.
    """
    version = signed_version(agreement)
    if version is None:
        return ""
    zone = ZoneInfo(terms_of(version.source).parties.timezone)
    return composed_text(version.source, [entry_of(one, zone) for one in given(agreement)])


def given(agreement: Agreement) -> QuerySet[Exclusion]:
    """The exclusions that were given and not withdrawn, with their answers, in order of their numbers."""
    rows = Exclusion.objects.filter(agreement=agreement, given_at__isnull=False, withdrawn_at=None)
    return rows.select_related("agreement", "answer").order_by("number")


def entry_of(one: Exclusion, zone: ZoneInfo, *, approved: bool = False) -> Entry:
    """An exclusion as the terms write it; ``approved``: as if both had agreed to it, to see what it would do."""
    return Entry(
        id=one.code or "X-new", reason=one.reason, zh=one.text.zh, en=one.text.en,
        start=one.starts.astimezone(zone).strftime(MINUTE), end=one.ends.astimezone(zone).strftime(MINUTE),
        where=tuple((name, tuple(names)) for name, names in sorted(one.where.items())), clauses=tuple(one.clauses),
        approvals=_both(one) if approved else _approvals(one),
    )  # fmt: skip


def answer_of(one: Exclusion) -> Answer | None:
    """The answer to it, if there is one."""
    return getattr(one, "answer", None)


def state_of(one: Exclusion, at: datetime | None = None) -> State:
    """How far it has come."""
    answer = answer_of(one)
    if one.given_at is None:
        return State.DRAFT
    if one.withdrawn_at is not None:
        return State.WITHDRAWN
    if answer is not None:
        return State.APPROVED if answer.approved else State.REFUSED
    return State.EXPIRED if one.answer_by and one.answer_by < (at or timezone.now()) else State.WAITING


def months_of(one: Exclusion, zone: ZoneInfo) -> list[Month]:
    """The months that its window touches, oldest first."""
    first, last = one.starts.astimezone(zone), (one.ends - timedelta(microseconds=1)).astimezone(zone)
    months = [Month(first.year, first.month)]
    while months[-1].id < Month(last.year, last.month).id:
        months.append(months[-1].following())
    return months


def _approvals(one: Exclusion) -> tuple[tuple[str, str, str], ...]:
    """Who of which party agreed: proposing is agreeing."""
    answer = answer_of(one)
    proposed = _party(one, one.author_id)
    found = [(proposed, one.user_name, str(one.given_on))]
    if answer is not None and answer.approved:
        found.append((_other(proposed), answer.user_name, str(answer.answered_on)))
    return tuple(found)


def _both(one: Exclusion) -> tuple[tuple[str, str, str], ...]:
    day = one.starts.date().isoformat()
    return (("client", one.user_name, day), ("company", one.user_name, day))


def _party(one: Exclusion, author: int) -> str:
    """The core's name of a side. On own staff's agreement the client speaks first, a second person for the company."""
    return "company" if author == one.company_id and not one.agreement.shadow else "client"


def _other(party: str) -> str:
    return "company" if party == "client" else "client"


def unanswered() -> QuerySet[Exclusion]:
    """What was proposed, and can still be answered."""
    return Exclusion.objects.filter(
        given_at__isnull=False, withdrawn_at=None, answer=None, answer_by__gte=timezone.now()
    )


def waiting_for(viewer: Viewer) -> QuerySet[Exclusion]:
    """What the viewer's company has to answer, soonest first; on own staff's agreement a second person does."""
    other = ~Q(author=viewer.company) | Q(agreement__shadow=True) & ~Q(user_number=viewer.user or 0)
    return unanswered().filter(other).select_related("agreement").order_by("answer_by", "pk")
