"""Who is looking: what a query, a policy and the core need to know of the person or program behind a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """One user, or a program with a token, of one company.

    Attributes:
        company: number of the company's row.
        code: the company's name in the records, as the roster has it: what figures are limited to.
        client: whether the company is the floor's client.
        visible: numbers of the companies whose shared rows may be seen.
        known: numbers of the companies whose names may be seen: those, and the client.
        user: number of the user; None for work in the background and for tokens that belong to a company.
        name: how the user is called in the audit trail and in the business events.
        roles: names of the roles held today.
        teams: names of the teams led today; what a leader is limited to.
        agent: agent code of the user, if the user takes contacts.
        second_factor: whether this user may only sign in with a second factor.
        actions: for a token, the actions it may do at most; None for no such limit.
    """

    company: int
    code: str
    client: bool
    visible: tuple[int, ...]
    known: tuple[int, ...]
    user: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    teams: tuple[str, ...] = ()
    agent: str | None = None
    second_factor: bool = False
    actions: frozenset[str] | None = None
