"""The replay itself, month by month."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor.agreements.replay import Replay
from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import parse_amendment
from onefloor.periods import Month
from onefloor_web.platform.jobs.registry import Progress, Result, job
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import fitting
from onefloor_web.settlement.what_ifs.actions import RUN, signed_terms
from onefloor_web.settlement.what_ifs.models import WhatIf


@job(RUN, label=_("Try other terms on past months"))
def run(viewer: Viewer, progress: Progress, *, number: int) -> Result:
    """Settle each month under both and keep the comparison; what was shared meanwhile stays."""
    one = WhatIf.objects.select_for_update(of=["self"]).select_related("agreement__company").get(
        pk=number, author=viewer.company
    )  # fmt: skip
    if one.given_at is not None:
        return None
    source, signed = signed_terms(one.agreement)
    amended = parse_amendment(one.change, signed)
    fitting.refuse_unfit(viewer, signed)
    fitting.refuse_unfit(viewer, amended)
    one.found = replayed(viewer, signed, amended, one.months, progress)
    one.terms_digest, one.ran_at = sha256(source.encode()).hexdigest(), timezone.now()
    one.save(update_fields=["found", "terms_digest", "ran_at"])
    return {"months": len(one.found["months"])}


def replayed(viewer: Viewer, signed: Terms, amended: Terms, months: list[Month], progress: Progress) -> dict[str, Any]:
    """The core's replay as JSON; each month is asked for on its own, so that it can be told and cancelled."""
    found: list[Replay] = []
    for at, month in enumerate(months):
        progress(at, len(months))
        found.append(fitting.replayed(viewer, signed, amended, [month]))
    return joined(found).as_json()


def joined(replays: list[Replay]) -> Replay:
    """Replays of single months as one, in their order."""
    first = replays[0]
    return Replay(
        first.agreement, first.company, first.currency, first.data_version,
        clauses=tuple(item for one in replays for item in one.clauses),
        nets=tuple(item for one in replays for item in one.nets),
        left_out=tuple(item for one in replays for item in one.left_out),
        provisional=tuple(item for one in replays for item in one.provisional),
    )  # fmt: skip
