"""Which cost items each side states. What one side states and another does not is missing there, never 0."""

from __future__ import annotations

from collections.abc import Sequence

from onefloor.insight.sourcing.items import GROUPS, ITEMS
from onefloor.insight.sourcing.terms import Option, Sourcing


def with_amounts(option: Option) -> set[str]:
    """Items with an amount."""
    return {cost.item for cost in option.costs}


def spelled_out(names: Sequence[str]) -> set[str]:
    """Items, with those of a group in place of the group."""
    return {item for name in names for item in (GROUPS[name].items if name in GROUPS else (name,))}


def stated(option: Option) -> set[str]:
    """Items with an amount, inside another item, or said not to arise."""
    return with_amounts(option) | spelled_out(option.none) | spelled_out(option.included)


def named(option: Option) -> set[str]:
    """Items somebody thought of one by one: those with an amount, and those named alone."""
    return with_amounts(option) | {name for name in (*option.none, *option.included) if name in ITEMS}


def missing(option: Option, others: Sequence[Option]) -> list[str]:
    """Items that another option states by name and this one does not state at all, in the catalogue's order."""
    asked = set[str]().union(*(named(other) for other in others))
    return [item for item in ITEMS if item in asked - stated(option)]


def missing_in(sourcing: Sourcing, name: str, others: Sequence[str]) -> tuple[str, ...]:
    """Items that an option behind one of these names states and one behind ``name`` does not."""
    against = [option for other in (name, *others) for option in parts(sourcing, other)]
    held = [item for part in parts(sourcing, name) for item in missing(part, against)]
    return tuple(item for item in ITEMS if item in held)


def nowhere(sourcing: Sourcing) -> list[str]:
    """Items that no option states: what the whole decision leaves out."""
    held = set[str]().union(*(stated(option) for option in sourcing.options))
    return [item for item in ITEMS if item not in held]


def parts(sourcing: Sourcing, name: str) -> list[Option]:
    """The options behind a name: the option itself, or those of a mix."""
    mixed = next((mix for mix in sourcing.mixes if mix.id == name), None)
    return [sourcing.option(part) for part, _ in mixed.shares] if mixed else [sourcing.option(name)]
