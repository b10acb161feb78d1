"""What can be found: each feature declares, in its module ``search``, a kind of things and how they are looked for.

    @finds("teams", _("Teams"), order=30, action="people.view")
    def teams(viewer, words, most):
        rows = only_visible(viewer, "people.view", Team.objects.all())
        return [Hit(team.name, url, context) for team in matching(rows, words, "name")[:most]]

A kind whose action the viewer may not do is not looked for, and its name is not told either. Which rows may be found is
the provider's to narrow, by the same policy as the list of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from onefloor_web.platform.permissions.page import SIGNED_IN
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.search.matching import Words
from onefloor_web.platform.tenancy.viewer import Viewer

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, the address of its page, and one line that tells it from others of that name."""

    title: Text
    url: str
    context: Text = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, the best first; ``more`` is whether there are others beyond them."""

    kind: str
    label: Text
    hits: tuple[Hit, ...]
    more: bool


Finding = Callable[[Viewer, Words, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of things: its name in addresses, its name on pages, what one must be allowed, who looks for it."""

    kind: str
    label: Text
    order: int
    action: str
    find: Finding


_SOURCES: dict[str, Source] = {}


def finds(kind: str, label: Text, *, order: int, action: str) -> Callable[[Finding], Finding]:
    """Declare a kind; smaller orders stand higher. The function gives at most as many hits as it is asked for."""

    def declared(find: Finding) -> Finding:
        _SOURCES[kind] = Source(kind, label, order, action, find)
        return find

    return declared


def sources_of(viewer: Viewer) -> list[Source]:
    """The kinds this viewer may find something of, in the order in which they stand."""
    held = (one for one in _SOURCES.values() if one.action == SIGNED_IN or can(viewer, one.action))
    return sorted(held, key=lambda one: one.order)


def search(viewer: Viewer, words: Words, most: int, *, kind: str = "") -> list[Group]:
    """Everything that holds all the words, by kind; kinds without a hit are absent, and so is all without words.

    Args:
        viewer: who is looking.
        words: as ``matching.split`` gives them.
        most: hits of a kind at most.
        kind: only this one.
    """
    if not words.parts:
        return []
    groups = [_group(viewer, one, words, most) for one in sources_of(viewer) if kind in ("", one.kind)]
    return [group for group in groups if group.hits]


def _group(viewer: Viewer, source: Source, words: Words, most: int) -> Group:
    """One more hit is asked for than is shown: whether there are others costs no counting."""
    found = list(source.find(viewer, words, most + 1))
    return Group(source.kind, str(source.label), tuple(_plain(hit) for hit in found[:most]), len(found) > most)


def _plain(hit: Hit) -> Hit:
    """Its texts in the language of this request."""
    return replace(hit, title=str(hit.title), context=str(hit.context))
