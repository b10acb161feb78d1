"""The work behind the pages: what an exclusion would do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.exclusions.actions import WEIGH, NotSigned
from onefloor_web.agreements.exclusions.composing import composed_text
from onefloor_web.agreements.exclusions.effects import effect_of
from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.agreements.exclusions.queries import entry_of, given, months_of
from onefloor_web.agreements.register.queries import signed_version, zone_of
from onefloor_web.platform.jobs.registry import Progress, Result, job
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.fitting import naming_no_others
from onefloor_web.records.floor.questions import tables


@job(WEIGH, label=_("Compute the effect of an exclusion"))
def weigh(viewer: Viewer, progress: Progress, *, number: int) -> Result:
    """Settle its months with and without it; of a draft of the viewer's company the result is kept with it."""
    one = Exclusion.objects.select_for_update(of=["self"]).select_related("agreement", "company").get(pk=number)
    version = signed_version(one.agreement)
    if version is None:
        raise NotSigned(one.agreement)
    zone = zone_of(one.agreement)
    others = [entry_of(other, zone) for other in given(one.agreement).exclude(pk=one.pk)]
    tried = entry_of(one, zone, approved=True)
    without, with_it = composed_text(version.source, others), composed_text(version.source, [*others, tried])
    with naming_no_others(viewer):
        found = effect_of(tables(viewer, one.company.code), without, with_it, tried.id, months_of(one, zone), progress)
    if one.given_at is None and one.author_id == viewer.company:
        one.effect = found
        one.save(update_fields=["effect"])
    return found
