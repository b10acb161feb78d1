"""A comparison as plain data, for ``--json``."""

from __future__ import annotations

from typing import Any

from onefloor.insight.sourcing.comparing import Compared, Decision, Figures, by_item
from onefloor.insight.sourcing.gap import Bar, BreakEven


def details(decision: Decision, found: Compared) -> dict[str, Any]:
    """Everything behind the finding, for scripts."""
    return {
        "currency": decision.sourcing.currency,
        "months": decision.months,
        "draws": decision.draws,
        "margin": found.margin,
        "cheaper": found.cheaper,
        "relative": found.relative and found.relative.as_json(),
        "options": {side.name: figures_json(side) for side in (found.here, found.there)},
        "tornado": [_bar_json(bar) for bar in found.bars],
        "break_even": [_closing_json(one) for one in found.closing],
        "break_even_volume": [_closing_json(one) for one in found.volumes],
        "payback_month": found.payback or None,
        "best_mix": best_json(decision),
        "nowhere": list(decision.nowhere),
    }


def figures_json(side: Figures) -> dict[str, Any]:
    """An option's figures as plain data; money of a resolved contact but for ``per_contact`` and the totals."""
    return {
        "title": side.title.as_json(),
        "per_contact": side.per_contact,
        "per_resolved": side.per_resolved,
        "interval": side.spread.as_json(),
        "contacts_an_issue": side.contacts_an_issue,
        "lost": side.lost,
        "total": side.total,
        "items": by_item(side),
        "behaviour": dict(side.behaviour),
        "aside": side.aside and side.aside.as_json(),
        "missing": list(side.missing),
        "limits": [notice.as_json() for notice in side.notices],
        "so_far": [float(amount) for amount in side.so_far],
    }


def _bar_json(bar: Bar) -> dict[str, Any]:
    first = bar.inputs[0]
    return {
        "input": first.name,
        "whose": [one.whose for one in bar.inputs],
        "words": first.kind.words.as_json(),
        "gap_at_low": bar.at_low,
        "gap_at_high": bar.at_high,
    }


def _closing_json(one: BreakEven) -> dict[str, Any]:
    return {
        "input": one.input.name,
        "whose": one.input.whose,
        "words": one.input.kind.words.as_json(),
        "value": one.value,
        "dearer": "above" if one.dearer_above else "below",
    }


def best_json(decision: Decision) -> dict[str, Any] | None:
    """The cheapest division as plain data."""
    if decision.best is None or decision.best_figures is None:
        return None
    shares = {name: float(share) for name, share in decision.best.shares}
    return {"shares": shares, "per_resolved": decision.best_figures.per_resolved}
