"""The laws of handling and patience that a skill is simulated with: fitted to its contacts, or assumed, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from onefloor.language import Text
from onefloor.metrics.measure import span_of
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.removed import RowsRemoved
from onefloor.periods import Period
from onefloor.planning.fitting import patience, times
from onefloor.planning.fitting.handling import spoken
from onefloor.planning.fitting.rows import Contacts, NoContacts, Source, read
from onefloor.planning.fitting.sentences import unseen
from onefloor.planning.fitting.willingness import had_to_wait
from onefloor.planning.simulation.laws import Law, exponential, lognormal

SPREAD = 1.0  # coefficient of variation of handling times, where nothing is known of it
NO_FACTS = Text("没有话务数据", "no contacts to fit it to")
GIVEN = Text("由 --patience 给定", "given by --patience")
REMOVED = Text("明细已按保留期限删除", "the rows were removed under the retention rule")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A law with the ``n`` contacts that it is fitted to and what is doubtful in it; or none, and why not."""

    law: Law | None
    n: int = 0
    not_fitted: Text | None = None
    doubt: Text | None = None

    def as_json(self, used: Law | None) -> dict[str, Any]:
        """The law that is used as data; its mean where one is known."""
        return {
            **(used.as_json() if used else {"law": None, "mean_s": None, "cv": None, "quantiles_s": []}),
            "contacts": self.n,
            "not_fitted": self.not_fitted and self.not_fitted.as_json(),
            "doubt": self.doubt and self.doubt.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Laws:
    """How long an agent is busy with a contact of a skill, and how long its customers are willing to wait.

    Of ``handling`` the shape counts, the mean is the forecast's. ``patience`` is of those who wait at all,
    ``never_waits`` the share of the others. ``queues`` are the skill's.
    """

    handling: Chosen
    patience: Chosen
    never_waits: float = 0.0
    queues: tuple[str, ...] = ()

    def service(self, mean: float) -> Law:
        """The law of handling with another mean; where none was fitted lognormal with a spread as large as the mean.

        >>> ASSUMED.service(300.0)
        Law(kind='lognormal', mean=300.0, cv=1.0, values=())
        """
        law = self.handling.law or lognormal(mean, SPREAD)
        return replace(law, mean=mean, values=tuple(value * mean / law.mean for value in law.values))

    def waiting(self, mean: float) -> Law | None:
        """The law of patience; where none was fitted the exponential one with a mean, None if that is infinite."""
        return self.patience.law or (exponential(mean) if np.isfinite(mean) else None)

    def as_json(self, handling: float, patience: float) -> dict[str, Any]:
        """As data; the means are those that the demand has."""
        return {
            "queues": list(self.queues),
            "handling": self.handling.as_json(self.service(handling)),
            "patience": {**self.patience.as_json(self.waiting(patience)), "never_waits": self.never_waits},
        }


def assumed(why: Text, queues: Sequence[str] = ()) -> Laws:
    """Nothing is fitted: lognormal handling and exponential patience."""
    return Laws(Chosen(None, 0, why), Chosen(None, 0, why), queues=tuple(queues))


ASSUMED = assumed(NO_FACTS)


def laws_of_skills(
    prepared: Prepared, queues: Mapping[str, Sequence[str]], days: Period, *, scope: str = "", patience_given: bool
) -> dict[str, Laws]:
    """The laws of each skill, fitted to the contacts of all its queues together; assumed where those are too few.

    Args:
        prepared: measuring tables of a floor.
        queues: of each skill; those the floor does not have count for nothing.
        days: whose contacts are looked at.
        scope: a predicate of the rows that may be looked at.
        patience_given: the mean is, and patience is not fitted.
    """
    found = {skill: _laws(prepared, tuple(names), days, scope) for skill, names in queues.items()}
    given = Chosen(None, 0, GIVEN)
    return {
        skill: replace(laws, patience=given, never_waits=0.0) if patience_given else laws
        for skill, laws in found.items()
    }


def _laws(prepared: Prepared, queues: tuple[str, ...], days: Period, scope: str) -> Laws:
    known = tuple(name for name in queues if name in prepared.names.ids.get("queue", {}))
    try:
        if not known:
            return assumed(NO_FACTS, queues)
        contacts = read(Source(prepared, tuple(span_of(prepared, days)[0]), queues=known, scope=scope))[1]
    except NoContacts:
        return assumed(NO_FACTS, queues)
    except RowsRemoved:
        return assumed(REMOVED, queues)
    of_days = contacts.only((contacts.day >= days.start) & (contacts.day < days.end))
    return replace(fitted(of_days), queues=queues)


def fitted(contacts: Contacts) -> Laws:
    """The laws of some contacts: handling as it is, whoever answered; patience with the answered as censored.

    Agents have no names here, so that how they differ stays in the law, other than in the model that ``fit`` makes.
    """
    waits, never = _patience(had_to_wait(contacts))
    return Laws(_handling(spoken(contacts)), waits, never)


def _handling(answered: Contacts) -> Chosen:
    if len(answered) < times.FEWEST:
        why = Text(
            f"只有 {len(answered)} 通已接通，至少需要 {times.FEWEST} 通",
            f"only {len(answered)} were answered, it takes {times.FEWEST}",
        )
        return Chosen(None, len(answered), why)
    return Chosen(times.fitted(answered.talk + answered.hold + answered.wrap).law, len(answered))


def _patience(waited: Contacts) -> tuple[Chosen, float]:
    found = patience.willing(waited.wait, waited.abandoned) if waited.abandoned.any() else None
    if found is None:
        why = Text(
            f"等待后放弃的不足 {patience.FEWEST} 通，或都在同一时刻放弃",
            f"fewer than {patience.FEWEST} left after a wait, or all at one moment",
        )
        return Chosen(None, len(waited), why), 0.0
    never = found.never_waits
    doubt = unseen(found.seen, found.until) if found.seen < patience.UNSEEN else None
    return Chosen(found.law, len(waited), doubt=doubt), never.value if never.low > 0 else 0.0
