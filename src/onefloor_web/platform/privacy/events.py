"""What an exit tells: to the vendor that leaves and to the client, at each step."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import MANAGERS, Role
from onefloor_web.platform.privacy.models import Exit
from onefloor_web.platform.tenancy.viewer import Viewer

HANDED_OVER: Final = "exits.handed_over"
RECEIVED: Final = "exits.received"
DELETED: Final = "exits.deleted"
TOLD: Final = MANAGERS | {Role.ADMINISTRATOR}

declare(HANDED_OVER, _("A vendor's rows were handed over"), tell=TOLD)
declare(RECEIVED, _("A vendor confirmed the receipt of its rows"), tell=TOLD)
declare(DELETED, _("A vendor's rows were deleted"), tell=TOLD)

WORDS: Final = {
    HANDED_OVER: ("的数据已整理完毕，可以下载。", "The rows of {} are ready to be taken out."),
    RECEIVED: ("已确认收到移交数据。", "{} has confirmed the receipt of its rows."),
    DELETED: ("的数据已删除，证明已签署。", "The rows of {} were deleted, and the proof was signed."),
}


def tell(viewer: Viewer, name: str, one: Exit) -> None:
    """A step of an exit was taken; both companies see it."""
    zh, en = WORDS[name]
    company = one.company.name
    what = Text(f"{company} {zh}", en.format(company))
    record(viewer, name, one, what, page=reverse("exit", args=[one.pk]), company=one.company_id, shared=True)
