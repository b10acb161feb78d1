"""The answer: who works how much, what it costs, which limits bind and what each of them costs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from onefloor.planning.splitting.problem import Floats, Split
from onefloor.planning.splitting.program import LEAST_SHARE, MOST_SHARE

OF_THE_WHOLE = (LEAST_SHARE, MOST_SHARE)


@dataclass(frozen=True, slots=True)
class Binding:
    """A limit that binds: of a company, how many intervals it binds in, and its price.

    ``price`` is how much the whole cost changes by when the limit grows by one: an agent in one interval (the mean over
    the intervals where it binds), an hour, or a point of share. Below 0: a wider limit saves.
    """

    kind: str
    company: str
    intervals: int
    price: float


@dataclass(frozen=True, slots=True)
class Shares:
    """The cheapest split.

    ``work`` (C, K, P) agents by company, skill and interval; ``over`` (C, P) there by guarantee and not needed;
    ``idle`` (C,) hours paid and not worked, theirs among them; ``costs`` (C,); ``marginal`` (K, P) what one more
    required agent would cost.
    """

    asked: Split
    work: Floats
    over: Floats
    idle: Floats
    costs: Floats
    marginal: Floats
    binding: tuple[Binding, ...]

    @property
    def cost(self) -> float:
        """Of all companies."""
        return float(self.costs.sum())

    @property
    def hours(self) -> Floats:
        """Worked hours by company, shape (C,)."""
        return np.asarray(self.work.sum(axis=(1, 2)) * self.asked.hours)

    @property
    def spare(self) -> Floats:
        """Hours of guaranteed agents who are not needed, by company, shape (C,)."""
        return np.asarray(self.over.sum(axis=1) * self.asked.hours)

    @property
    def shares(self) -> Floats:
        """Share of the worked hours, shape (C,)."""
        return self.hours / max(float(self.hours.sum()), 1e-12)

    def as_json(self, companies: tuple[str, ...] | None = None) -> dict[str, Any]:
        """Plain data; of some companies alone if asked for: then nothing of the others, no total, no price of a limit
        (it is what the others cost more or less), no share of the whole and not whether a limit of the share binds:
        hours and a share together say how many hours the others work.

        >>> from onefloor.planning.splitting.problem import Company, Split
        >>> from onefloor.planning.splitting.solving import solve
        >>> north, own = Company("north", {"tech": 60.0}, seats=3), Company("own", {"tech": 80.0})
        >>> found = solve(Split({"tech": (4.0,)}, (north, own)))
        >>> found.as_json(("north",))["companies"]["north"]["hours"]
        1.5
        """
        shown = [c for c, one in enumerate(self.asked.companies) if companies is None or one.name in companies]
        told: dict[str, Any] = {
            "companies": {
                self.asked.companies[c].name: self._company(c, whole=companies is None) for c in shown
            },
            "binding": [
                {"kind": b.kind, "company": b.company, "intervals": b.intervals}
                | ({"price": round(b.price, 9)} if companies is None else {})
                for b in self.bound(companies)
            ],
        }  # fmt: skip
        if companies is None:
            told["cost"] = round(self.cost, 6)
            told["marginal"] = dict(zip(self.asked.skills, self.marginal.round(9).tolist(), strict=True))
        return told

    def bound(self, companies: Collection[str] | None = None) -> list[Binding]:
        """The limits that bind; for some companies those of their own that say nothing of the whole."""
        return [
            one for one in self.binding
            if companies is None or (one.company in companies and one.kind not in OF_THE_WHOLE)
        ]  # fmt: skip

    def _company(self, c: int, *, whole: bool) -> dict[str, Any]:
        return {
            "cost": round(float(self.costs[c]), 6),
            "hours": round(float(self.hours[c]), 6),
            **({"share": round(float(self.shares[c]), 6)} if whole else {}),
            "idle_hours": round(float(self.idle[c]), 6),
            "agents": {
                skill: row.round(6).tolist()
                for skill, row in zip(self.asked.skills, self.work[c], strict=True)
                if whole or skill in self.asked.companies[c].prices
            },
            "over": self.over[c].round(6).tolist(),
            **({"committed_volume": "unknown"} if self.asked.companies[c].unknown_volume else {}),
        }
