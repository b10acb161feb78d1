"""Whether terms fit the floor, and what they would have paid; no name of another company is in a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from onefloor.agreements.replay import Replay, what_if
from onefloor.agreements.settlement import questions as asked_of
from onefloor.agreements.settling import refuse_unfit as refuse
from onefloor.agreements.shared_rows import OtherQueues, refuse_foreign
from onefloor.agreements.terms.agreement import Agreement
from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.questions import as_known, tables


class QueuesOfOthers(Problem):
    """Terms count nobody's rows of queues of others, whose names the viewer does not learn."""

    def __init__(self, found: OtherQueues) -> None:
        super().__init__(
            Text(
                "无归属话务中有贵公司不参与的队列。",
                "Among nobody's rows there are some of queues in which your company does not work.",
            ),
            why=found.why,
            remedy=found.remedy,
        )


def knows_company(viewer: Viewer, company: str) -> bool:
    """Whether anybody of a company is in the records: before that no name of its rows can be checked."""
    return company in as_known(viewer).prepared.names.ids.get("company", {})


def refuse_unfit(viewer: Viewer, agreement: Agreement) -> None:
    """Refuse terms that name what the floor does not have, as far as the viewer knows it.

    Raises:
        OtherZone, Problems: as of ``onefloor.agreements.settling.refuse_unfit``.
    """
    on = as_known(viewer)
    names = on.prepared.names.ids.get("queue", {})
    known = {name: about for name, about in on.floor.queues.items() if viewer.client or name in names}
    refuse(replace(on.floor, queues=known), agreement, on.prepared)


def replayed(viewer: Viewer, signed: Agreement, amended: Agreement, months: Iterable[Month]) -> Replay:
    """Past months under both terms; as ``onefloor.agreements.replay.what_if``.

    Raises:
        NothingToSee: the terms are of a company whose rows this viewer may not see.
        ForeignScope, OtherQueues, QueuesOfOthers: they count rows of somebody else.
    """
    on, wanted = tables(viewer, signed.parties.company), list(months)
    tables(viewer, amended.parties.company)
    for terms in (signed, amended):
        for month in wanted:
            if terms.in_force(month):
                refuse_foreign(asked_of(terms, month), terms.parties.company)
    with naming_no_others(viewer):
        return what_if(on.prepared, signed, amended, wanted, engine=on.engine)


@contextmanager
def naming_no_others(viewer: Viewer) -> Iterator[None]:
    """A vendor is told that terms count other queues than its own, and not which.

    Raises:
        QueuesOfOthers: instead of ``OtherQueues``.
    """
    try:
        yield
    except OtherQueues as found:
        if viewer.client:
            raise
        raise QueuesOfOthers(found) from None
