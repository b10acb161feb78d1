"""What imports tell: programs and people that wait for new facts hear of them here."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.facts.store import Account
from onefloor.language import Text
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import MANAGERS
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.imports.models import Import

LOADED: Final = "imports.loaded"
MENDED: Final = "imports.mended"

declare(LOADED, _("Files were loaded"), tell=MANAGERS)
declare(MENDED, _("Lines that were set aside were loaded"))


def loaded(viewer: Viewer, made: Import, account: Account) -> None:
    """An import was loaded; its account in one sentence."""
    what = Text(
        f"已导入 {account.loaded:,} 行，重复 {account.duplicates:,} 行，忽略 {account.ignored:,} 行，"
        f"待修复 {account.quarantined:,} 行。",
        f"Lines loaded: {account.loaded:,}; here already: {account.duplicates:,}; "
        f"ignored: {account.ignored:,}; set aside: {account.quarantined:,}.",
    )
    record(viewer, LOADED, made, what, page=reverse("import-report", args=[made.pk]))


def mended(viewer: Viewer, made: Import, account: Account) -> None:
    """Lines that were set aside could be read."""
    if account.loaded:
        what = Text(
            f"待修复的 {account.loaded:,} 行已导入。",
            f"Lines that were set aside and are loaded now: {account.loaded:,}.",
        )
        record(viewer, MENDED, made, what, page=reverse("import-report", args=[made.pk]))
