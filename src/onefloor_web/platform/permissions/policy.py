"""The rules: which roles may do an action, and with which rows.

    allow("imports.view", MANAGERS, own_company, _("the files of one's own company"))

One declaration gives ``visible`` (what a list shows), ``can`` (whether this object may be acted on), the menu and the
table in the documentation. What no rule allows is refused. Row-level security stands below and never depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer

Rows = Callable[[Viewer], Q]
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True, slots=True)
class Rule:
    """Some roles may do an action with some rows; ``words`` say which, for people."""

    action: str
    roles: frozenset[Role]
    rows: Rows
    words: str | Promise


class UnknownAction(LookupError):
    """An action that no rule speaks of: a slip of the pen must not look like a refusal."""


_RULES: dict[str, list[Rule]] = {}


def allow(action: str, roles: Iterable[Role], rows: Rows, words: str | Promise) -> None:
    """Declare a rule, in the feature's module ``permissions``. Several rules of one action add up."""
    _RULES.setdefault(action, []).append(Rule(action, frozenset(roles), rows, words))


def every_rule() -> list[Rule]:
    """All rules in order of their actions, for the documentation and the tests."""
    return [rule for action in sorted(_RULES) for rule in _RULES[action]]


def rules_for(viewer: Viewer, action: str) -> list[Rule]:
    """The rules that let this viewer do this action with some rows; none means no."""
    if action not in _RULES:
        raise UnknownAction(action)
    if viewer.actions is not None and action not in viewer.actions:
        return []
    return [rule for rule in _RULES[action] if rule.roles & viewer.roles]


def visible(viewer: Viewer, action: str) -> Q:
    """The rows this viewer may do this action with, as a filter; no rows without a rule."""
    filters = [rule.rows(viewer) for rule in rules_for(viewer, action)]
    if not filters:
        return Q(pk__in=[])
    if not all(filters):  # an empty filter is all rows, and "all rows, or these" would be taken for "these"
        return Q()
    return reduce(or_, filters)


def only_visible(viewer: Viewer, action: str, rows: QuerySet[Found]) -> QuerySet[Found]:
    """Rows narrowed to those this viewer may do this action with.

    A rule reaches other tables by ``Exists``, never by a join, which would double rows.
    """
    return rows.filter(visible(viewer, action))


def can(viewer: Viewer, action: str, row: Model | None = None) -> bool:
    """Whether this viewer may do this action: at all, or with this row. The same rule as the list's, by one query."""
    if row is None or not rules_for(viewer, action):
        return bool(rules_for(viewer, action))
    return type(row)._default_manager.filter(visible(viewer, action), pk=row.pk).exists()


def every_row(_viewer: Viewer) -> Q:
    """All rows that the two walls let through."""
    return Q()


def own_company(viewer: Viewer) -> Q:
    """The rows of the viewer's own company."""
    return Q(company=viewer.company)


def oneself(viewer: Viewer) -> Q:
    """The viewer's own rows."""
    return Q(user=viewer.user) if viewer.user else Q(pk__in=[])
