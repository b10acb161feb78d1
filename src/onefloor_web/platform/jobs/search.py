"""Jobs, as search finds them: those the list of jobs shows."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from onefloor_web.platform.jobs import queries, registry
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.search.matching import Words, folded, matching
from onefloor_web.platform.search.providers import Hit, finds
from onefloor_web.platform.tenancy.viewer import Viewer


@finds("jobs", _("Jobs"), order=140, action="jobs.view")
def jobs(viewer: Viewer, words: Words, most: int) -> list[Hit]:
    """By what they are about and by their kind, the latest first."""
    rows = queries.jobs(viewer, queries.Wanted())
    found = matching(rows, words, "subject", also=lambda word: Q(kind__in=_kinds(word)))[:most]
    return [Hit(queries.title(job), reverse("job", args=[job.pk]), _state(job)) for job in found]


def _state(job: Job) -> str:
    return f"{job.get_state_display()} · {moment(job.asked_at)}"


def _kinds(word: str) -> list[str]:
    """Kinds whose name in either language holds a word."""
    found = set()
    for language in ("zh-hans", "en"):
        with override(language):
            found |= {one.name for one in registry.kinds() if word in folded(str(one.label))}
    return sorted(found)
