"""What features put on Today: rows that need somebody, and blocks a role reads after them.

A feature writes a module ``today`` and declares there what it has to say:

    @needs
    def failed_jobs(viewer): ...            # rows with an owner, a clock and an act

    @block({Role.VENDOR_MANAGER}, order=10)
    def delivery(viewer): ...               # a heading, a template and what it shows; None says nothing
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer

ROWS = 7
BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for the viewer: what it is, the page of it, what to do there, until when."""

    text: str | Promise
    url: str
    act: str | Promise
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page: a heading, the template of its content, and what that shows."""

    title: str | Promise
    template: str
    shows: dict[str, Any] = field(default_factory=dict)


Needing = Callable[[Viewer], Iterable[Need]]
Blocking = Callable[[Viewer], Block | None]

_NEEDS: list[Needing] = []
_BLOCKS: list[tuple[int, frozenset[Role], Blocking]] = []


def needs(provider: Needing) -> Needing:
    """Declare rows."""
    _NEEDS.append(provider)
    return provider


def block(roles: Iterable[Role], *, order: int) -> Callable[[Blocking], Blocking]:
    """Declare a block for some roles; smaller orders stand higher."""

    def declared(provider: Blocking) -> Blocking:
        _BLOCKS.append((order, frozenset(roles), provider))
        return provider

    return declared


def needs_of(viewer: Viewer) -> list[Need]:
    """All rows that wait for the viewer: those with a clock first, soonest first, then the others."""
    rows = [need for provider in _NEEDS for need in provider(viewer)]
    return sorted(rows, key=lambda need: (need.due is None, need.due.timestamp() if need.due else 0, str(need.text)))


def blocks_of(viewer: Viewer) -> list[Block]:
    """The blocks for the viewer's roles that have something to say, at most three."""
    chosen = sorted((one for one in _BLOCKS if one[1] & viewer.roles), key=lambda one: one[0])
    found: list[Block] = []
    for _order, _roles, provider in chosen:
        if len(found) < BLOCKS and (shown := provider(viewer)):
            found.append(shown)
    return found
