"""Service and after-call work of each type, agents' own pace taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.facts.schemas import OUTCOMES
from onefloor.language import Text
from onefloor.planning.fitting import sentences as say
from onefloor.planning.fitting.basis import Basis
from onefloor.planning.fitting.paces import Paces, paces
from onefloor.planning.fitting.rows import Contacts
from onefloor.planning.fitting.times import FEWEST, LOOSE, Fitted, fitted
from onefloor.planning.simulation.laws import Law

Floats = NDArray[np.float64]
SHORT_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Handling:
    """Laws by type (None: there is no such time), agents' paces, and what all rests on."""

    service: tuple[Law | None, ...]
    wrap: tuple[Law | None, ...]
    paces: Paces
    bases: tuple[Basis, ...]


def handling(contacts: Contacts, names: tuple[str, ...]) -> Handling:
    """Laws of talk and hold, and of after-call work with ringing: while it rings an agent is as busy as after a call.

    Only contacts that were answered and did not break off count.
    """
    held = spoken(contacts)
    talk, after = held.talk + held.hold, held.wrap + held.ring
    found = paces(held.agent, held.kind, talk + after) if len(held) else paces(*_nobody())
    factor = found.of(held.agent)
    service, about_service = _by_type(say.SERVICE, names, held.kind, talk / factor)
    if float(after.sum()) <= 0:
        wrap: list[Law | None] = [None] * len(names)
        about_wrap = [Basis(say.WRAP, "", "", 0, refused=say.NO_WRAP)]
    else:
        wrap, about_wrap = _by_type(say.WRAP, names, held.kind, after / factor)
    about = [*about_service, *about_wrap, _about_pace(found, held)]
    return Handling(tuple(service), tuple(wrap), found, tuple(about))


def spoken(contacts: Contacts) -> Contacts:
    """Those that were answered and did not break off."""
    return contacts.only((contacts.outcome == OUTCOMES["answered"]) & (contacts.talk + contacts.hold > 0))


def _nobody() -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)


def _by_type(
    parameter: Text, names: tuple[str, ...], kind: NDArray[np.int64], seconds: Floats
) -> tuple[list[Law | None], list[Basis]]:
    together = fitted(seconds) if len(seconds) >= FEWEST else None
    laws: list[Law | None] = []
    about = []
    for place, name in enumerate(names):
        own = seconds[kind == place]
        enough = len(own) >= FEWEST
        found = fitted(own) if enough else together
        laws.append(found.law if found and found.law.mean > 0 else None)
        about.append(_about(parameter, name, found, len(own), pooled=not enough))
    return laws, about


def _about(parameter: Text, name: str, found: Fitted | None, n: int, *, pooled: bool) -> Basis:
    if found is None:
        return Basis(parameter, name, "", n, refused=say.too_few(n, FEWEST))
    warnings = [say.pooled(n, FEWEST)] if pooled else []
    if found.law.kind == "empirical":
        best = min(found.criteria, key=lambda pair: pair[1])[0]
        warnings.append(say.law_is_a_table(best))
    elif found.distance > LOOSE:
        warnings.append(say.misfits(found.distance))
    if parameter is say.SERVICE and found.short > SHORT_SHARE:
        warnings.append(say.many_short(found.short))
    return Basis(
        parameter, name, str(found.law), found.n, found.mean, say.SECONDS, found.distance, tuple(warnings),
        details={"criteria": dict(found.criteria), "cv": found.law.cv, "kind": found.law.kind},
    )  # fmt: skip


def _about_pace(found: Paces, spoken: Contacts) -> Basis:
    shown = {
        "spread_of_logarithm": found.spread,
        "agents": len(found.agents),
        "mean_ring_s": float(spoken.ring.mean()) if len(spoken) else 0.0,
    }
    low, high = (float(found.factors.min()), float(found.factors.max())) if len(found.factors) else (1.0, 1.0)
    return Basis(say.PACE, "", f"{low:.2f}..{high:.2f}", len(spoken), details=shown)
