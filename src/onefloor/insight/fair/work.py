"""The work of two or more companies as cells: who did how much of which kind, and how it came out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.intp]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

OURS, THEIRS = 0, 1


class Family(StrEnum):
    """How an outcome is modelled."""

    SHARE = "share"  # of n rows, k: logistic
    COUNT = "count"  # k events in n of exposure, or a quotient of times: Poisson mean, logarithmic link
    DURATION = "duration"  # k milliseconds in n rows: normal on the log scale, brought back by smearing


@dataclass(frozen=True, slots=True)
class Work:
    """One entry a cell; all arrays have the same length.

    ``company`` is a place in a list of companies, ours first; ``agent`` a person at one company (somebody who changed
    company is two); ``tenure`` a band; ``mix`` one array of codes for each dimension that is adjusted for.
    ``stratum`` is the kind of work whose overlap is looked at, ``calendar`` dimensions whose levels both companies
    must have for themselves. ``n`` is rows or exposure, ``unit`` how much of it counts as one contact, ``k`` the
    outcome, ``logs`` the sum of the natural logarithms of a duration in milliseconds.
    """

    family: Family
    company: Codes
    agent: Codes
    tenure: Codes
    mix: tuple[Codes, ...]
    stratum: Codes
    n: Floats
    k: Floats
    logs: Floats | None = None
    calendar: tuple[Codes, ...] = ()
    team: Codes | None = None
    unit: float = 1.0

    def __len__(self) -> int:
        return len(self.n)

    @property
    def rows(self) -> Floats:
        """Contacts of every cell (half hours where the exposure is time)."""
        return self.n / self.unit

    def chosen(self, mask: Mask) -> Work:
        """Some of the cells."""
        return replace(
            self,
            company=self.company[mask],
            agent=self.agent[mask],
            tenure=self.tenure[mask],
            mix=tuple(codes[mask] for codes in self.mix),
            stratum=self.stratum[mask],
            n=self.n[mask],
            k=self.k[mask],
            logs=None if self.logs is None else self.logs[mask],
            calendar=tuple(codes[mask] for codes in self.calendar),
            team=None if self.team is None else self.team[mask],
        )

    def pair(self, theirs: int) -> Work:
        """Our work and that of one other company, which becomes company 1."""
        found = self.chosen((self.company == OURS) | (self.company == theirs))
        return replace(found, company=np.where(found.company == theirs, THEIRS, OURS).astype(np.intp))

    def agents(self, company: int) -> int:
        """How many people of a company have work here."""
        return len(np.unique(self.agent[(self.company == company) & (self.n > 0)]))

    def rate(self, company: int) -> float:
        """The raw figure of a company: outcome by exposure; NaN without any."""
        mine = self.company == company
        below = self.n[mine].sum()
        return float(self.k[mine].sum() / below) if below else float("nan")


def added(codes: Codes, values: Floats, size: int = 0) -> Floats:
    """Sums of values by code; at least ``size`` of them."""
    return np.bincount(codes, values, size).astype(np.float64)


def combined(codes: tuple[Codes, ...], length: int) -> Codes:
    """Several codes as one, counted from 0 without holes."""
    if not codes:
        return np.zeros(length, np.intp)
    flat = np.ravel_multi_index(codes, [int(one.max(initial=0)) + 1 for one in codes])
    return np.unique(flat, return_inverse=True)[1].astype(np.intp)
