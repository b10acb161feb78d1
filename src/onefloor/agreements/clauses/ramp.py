"""Ramp: in the first months of an agreement other targets or bands hold."""

from __future__ import annotations

from collections.abc import Iterable

from onefloor.agreements.terms.clauses import Ramp


def step_of(ramp: Iterable[Ramp], age: int) -> Ramp | None:
    """The step that holds in the ``age``-th month (the first is 1); None once the ramp is over."""
    return next((step for step in sorted(ramp, key=lambda step: step.through) if age <= step.through), None)
