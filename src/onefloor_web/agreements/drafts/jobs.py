"""What a draft would have paid: the last twelve months once more, in the background."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from onefloor.agreements.terms.agreement import Agreement
from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import Problem, Problems
from onefloor_web.agreements.drafts.checking import check
from onefloor_web.agreements.drafts.models import Draft
from onefloor_web.agreements.register.queries import terms_of
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.registry import Progress, job
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import fitting, questions

KIND: Final = "drafts.replay"
MONTHS: Final = 12


class NoMonths(Problem):
    """No month has facts yet."""

    def __init__(self) -> None:
        super().__init__(
            Text("还没有话务数据，无法试算。", "There are no facts yet, so nothing can be replayed."),
            remedy=Text("请先导入至少一个月的数据。", "Load at least one month first."),
        )


def ask(viewer: Viewer, draft: Draft, page: str) -> Job:
    """Have it computed; the same text over the same facts is one job."""
    return enqueue(viewer, KIND, key=key_of(draft), subject=draft.name, page=page, draft=draft.pk)


def key_of(draft: Draft) -> str:
    """Which text of which draft."""
    return f"{draft.pk} {draft.digest}"


@job(KIND, label=_("What a draft would have paid"))
def replay(viewer: Viewer, progress: Progress, *, draft: int) -> dict[str, Any]:
    """The months of the replay as ``Replay.as_json``; ``base`` says whether there was something to compare with.

    Raises:
        Problems: the draft is no agreement.
        NoMonths: there are no facts.
    """
    row = Draft.objects.select_related("company", "base__agreement").get(pk=draft)
    found = check(viewer, row.company, row.text, row.base)
    if found.agreement is None or found.problems:
        raise Problems(list(found.problems))
    months = questions.months(viewer)[-MONTHS:]
    if not months:
        raise NoMonths
    wanted = as_if_always(found.agreement, months[0])
    signed = terms_of(row.base.source) if row.base else wanted
    made = fitting.replayed(viewer, signed, wanted, months)
    progress(len(months), len(months))
    return {**made.as_json(), "base": row.base.number if row.base else None, "digest": row.digest}


def as_if_always(agreement: Agreement, first: Month) -> Agreement:
    """The newest terms of a text as if they had held from a month on."""
    terms = replace(agreement.versions[-1], start=date(first.year, first.month, 1), until=None)
    return replace(agreement, versions=(terms,), nodes=agreement.nodes[-1:])
