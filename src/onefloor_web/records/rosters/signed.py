"""Which months are signed: what a later roster no longer moves. Whoever keeps statements tells it here.

signed.told_by(months)      # in the ready() of the part's AppConfig; months(company code) gives a set of months
"""

from __future__ import annotations

from collections.abc import Callable

from onefloor.periods import Month

_TELLERS: list[Callable[[str], set[Month]]] = []


def told_by(months: Callable[[str], set[Month]]) -> None:
    """Ask this function too."""
    _TELLERS.append(months)


def signed_months(company: str) -> set[Month]:
    """The months that are signed for a company's agreement."""
    return set().union(*(tell(company) for tell in _TELLERS))
