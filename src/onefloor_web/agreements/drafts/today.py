"""What waits for somebody on Today: drafts the other company has shared, and its open comments on one's own."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor_web.agreements.drafts.models import Comment, Draft, State
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs


@needs
def drafts(viewer: Viewer) -> Iterator[Need]:
    """Shared drafts nobody here has commented on yet, and comments of the other company that wait for an answer."""
    if not can(viewer, "drafts.change"):
        return
    rows = only_visible(viewer, "drafts.view", Draft.objects.filter(state=State.OPEN).defer("text"))
    said = Comment.objects.filter(draft=OuterRef("pk"))
    theirs = rows.exclude(author=viewer.company).exclude(Exists(said.filter(author=viewer.company)))
    for draft in theirs.order_by("pk")[:5]:
        yield Need(
            _("Read the shared draft %(name)s") % {"name": draft.name}, reverse("draft", args=[draft.pk]), _("Read it")
        )
    later = Comment.objects.filter(draft=OuterRef("draft"), part=OuterRef("part"), pk__gt=OuterRef("pk"))
    answered = Exists(later.filter(author=viewer.company, private=False))
    waiting = said.exclude(author=viewer.company).exclude(answered).filter(resolved_at=None)
    for draft in rows.filter(author=viewer.company).filter(Exists(waiting)).order_by("pk")[:5]:
        text = _("The other company comments on %(name)s") % {"name": draft.name}
        yield Need(text, reverse("draft", args=[draft.pk]), _("Answer"))
