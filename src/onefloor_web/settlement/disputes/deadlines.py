"""Deadlines of disputes in people's calendars."""

from __future__ import annotations

from collections.abc import Iterator

from onefloor_web.platform.calendars.providers import Deadline, deadlines
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.events import page_of, title
from onefloor_web.settlement.disputes.queries import under_way, waiting_words

MOST = 200


@deadlines
def disputes(viewer: Viewer) -> Iterator[Deadline]:
    """Each dispute that goes on, with who has to act."""
    if not can(viewer, "disputes.view"):
        return
    for one in under_way(viewer).filter(due__isnull=False)[:MOST]:
        assert one.due is not None
        text = f"{say(waiting_words(one))}: {say(title(one.line))}"
        yield Deadline(f"dispute-{one.pk}", text, one.due, page_of(one.line), one.step)
