"""What is told of drafts: to the other company only what it may read."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor_web.agreements.drafts.models import Comment, Draft
from onefloor_web.platform.events.actions import about, record
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES
from onefloor_web.platform.tenancy.viewer import Viewer

BEGUN: Final = "drafts.begun"
SHARED: Final = "drafts.shared"
CHANGED: Final = "drafts.changed"
COMMENTED: Final = "drafts.commented"
RESOLVED: Final = "drafts.resolved"
DISCARDED: Final = "drafts.discarded"
PROPOSED: Final = "drafts.proposed"

declare(BEGUN, _("A draft was begun"))
declare(SHARED, _("A draft was shared with the other company"), tell=PARTIES)
declare(CHANGED, _("A shared draft was changed"))
declare(COMMENTED, _("Somebody commented on a draft"), tell=PARTIES)
declare(RESOLVED, _("A comment on a draft was resolved"))
declare(DISCARDED, _("A draft was discarded"), tell=PARTIES)
declare(PROPOSED, _("A draft was proposed for signature"))

DID: Final = {
    BEGUN: Text("起草了", "began the draft"),
    SHARED: Text("共享了草稿", "shared the draft"),
    CHANGED: Text("修改了草稿", "changed the draft"),
    COMMENTED: Text("对草稿提出意见：", "commented on the draft"),
    RESOLVED: Text("了结了草稿的一条意见：", "resolved a comment on the draft"),
    DISCARDED: Text("作废了草稿", "discarded the draft"),
    PROPOSED: Text("提请会签草稿", "proposed the draft for signature:"),
}


def tell_change(viewer: Viewer, draft: Draft) -> None:
    """A draft that both read was saved. Somebody who goes on saving is told of once, until something else happens."""
    last = Event.objects.filter(about=about(draft), number=draft.pk).order_by("-pk").first()
    if last is None or last.name != CHANGED or last.actor != viewer.user:
        tell(viewer, CHANGED, draft)


def tell(viewer: Viewer, name: str, draft: Draft, *, comment: Comment | None = None, why: str = "") -> None:
    """An event of a draft. It is between both companies once what it speaks of is given; else of one's own."""
    did = DID[name]
    what = Text(f"{viewer.name}{did.zh}“{draft.name}”。", f'{viewer.name} {did.en} "{draft.name}".')
    given = draft.given_at is not None and (comment is None or comment.given_at is not None)
    company = draft.company_id if given else viewer.company
    page = reverse("draft", args=[draft.pk])
    record(viewer, name, draft, what, why=why, page=page, company=company, shared=given)
