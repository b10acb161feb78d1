"""Names of events, and who wants to know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    from onefloor_web.platform.events.models import Event

Told = Callable[[Viewer, "Event"], None]
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Kind:
    """A name of events, what people call it, and the roles that are told of it in the companies that see it."""

    name: str
    label: str | Promise
    tell: frozenset[Role]


@dataclass(slots=True)
class _Wishes:
    """Who wants to know: at once, and afterwards by the name of the function."""

    now: dict[str, list[Told]] = field(default_factory=dict)
    later: dict[str, dict[str, Told]] = field(default_factory=dict)


class UnknownEvent(LookupError):
    """A name nobody has declared."""


_KINDS: dict[str, Kind] = {}
_WISHES = _Wishes()


def declare(name: str, label: str | Promise, *, tell: Iterable[Role] = ()) -> None:
    """Declare a name, in the feature's module ``events``: ``feature.happened``."""
    _KINDS[name] = Kind(name, label, frozenset(tell))


def kind(name: str) -> Kind:
    """A declared name."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownEvent(name) from None


def kinds() -> list[Kind]:
    """All declared names, in order."""
    return [_KINDS[name] for name in sorted(_KINDS)]


def label(name: str) -> str | Promise:
    """What people call it; the bare name where the version that declared it no longer runs."""
    return _KINDS[name].label if name in _KINDS else name


def on(name: str, *, later: bool = False) -> Callable[[Told], Told]:
    """Have a function called with each event of a name, or of every name (``EVERY``).

    Args:
        name: the event's name.
        later: as a job after the transaction is committed, instead of in it: for what takes time or may fail alone.
    """

    def wished(function: Told) -> Told:
        if later:
            _WISHES.later.setdefault(name, {})[f"{function.__module__}.{function.__qualname__}"] = function
        else:
            _WISHES.now.setdefault(name, []).append(function)
        return function

    return wished


def told_now(name: str) -> list[Told]:
    """Functions to call in the transaction."""
    return [*_WISHES.now.get(name, []), *_WISHES.now.get(EVERY, [])]


def told_later(name: str) -> dict[str, Told]:
    """Functions to call afterwards, by their names."""
    return {**_WISHES.later.get(name, {}), **_WISHES.later.get(EVERY, {})}
