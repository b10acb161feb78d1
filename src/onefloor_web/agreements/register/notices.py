"""Notice that an agreement is not renewed: one side's word, for good. In time, it ends the period that runs."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from onefloor.agreements.terms.renewing import end_of, notice_by
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.register.instants import moment_of, ms_of
from onefloor_web.agreements.register.models import Agreement, Notice
from onefloor_web.agreements.register.queries import notice_of, signed_version, terms_of
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.tenancy.viewer import Viewer


class NothingRenewed(Problem):
    """Terms that nobody has signed, that have no end, or that are not renewed."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(
            Text(f"协议 {agreement.code} 没有自动续约。", f"The agreement {agreement.code} is not renewed by itself."),
            remedy=Text("如需提前终止，请起草补充协议。", "To end it at another time, draft an amendment."),
        )


def give_notice(viewer: Viewer, agreement: Agreement, *, why: str = "") -> Notice:
    """Say for the viewer's company that the agreement is not renewed; once that is said, nothing changes.

    It counts for the period that runs while the terms' last moment has not passed, else for the next one.

    Raises:
        NothingRenewed: the terms both have signed are not renewed.
    """
    held = Agreement.objects.select_for_update().get(pk=agreement.pk)
    now = timezone.now()
    ends = ends_with_notice(held, now)
    if ends is None:
        raise NothingRenewed(held)
    if (known := notice_of(held)) is not None:
        return known
    made = Notice.objects.create(
        company_id=held.company_id, author_id=viewer.company, given_at=now, agreement=held, ends=ends,
        why=why.strip(), user_number=viewer.user or 0, user_name=viewer.name,
    )  # fmt: skip
    what = Text(
        f"{viewer.name} 通知不再续约：{held.name.zh} 于 {ends} 终止。",
        f"{viewer.name} gave notice: {held.name.en} ends on {ends}.",
    )
    page = reverse("agreement", args=[held.code])
    record(viewer, "agreements.noticed", held, what, why=made.why, page=page, company=held.company_id, shared=True)
    return made


def ends_with_notice(agreement: Agreement, at: datetime) -> date | None:
    """The end of the agreement if notice is given at a moment; None where nothing is renewed."""
    version = signed_version(agreement)
    terms = terms_of(version.source) if version else None
    if terms is None or terms.versions[-1].renewal is None:
        return None
    return end_of(terms.versions[-1], terms.parties.timezone, ms_of(at))


def last_moment(agreement: Agreement, ends: date) -> datetime:
    """Until when notice can be given for an end."""
    version = signed_version(agreement)
    assert version is not None, "asked only where something is renewed"
    terms = terms_of(version.source)
    return moment_of(notice_by(terms.versions[-1], terms.parties.timezone, ends))
