"""Files whose row never came: a request that failed after the file was written leaves one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.jobs.registry import Progress, periodic
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.models import Attachment, folder_of

A_DAY: Final = 24 * 3600


@periodic("attachments.tidy", cron="10 3 * * *", label=_("Remove files that were never attached"))
def tidy(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """Remove files of the own company that are older than a day and that no row names."""
    named = set(Attachment.objects.filter(author=viewer.company).values_list("company_id", "digest"))
    gone = 0
    for company in viewer.visible:
        for path in _files(company, viewer.company):
            if (company, path.name) not in named and time.time() - path.stat().st_mtime > A_DAY:
                path.unlink(missing_ok=True)
                gone += 1
    return {"removed": gone}


def _files(company: int, author: int) -> list[Path]:
    folder = folder_of(company, author)
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
