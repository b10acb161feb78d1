"""All options of a decision against the reference: figures, gap, what moves it, where it closes, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from onefloor.insight.finding import Estimate, Verdict, judged
from onefloor.insight.sourcing import stated
from onefloor.insight.sourcing.costs import Outcome, behaviours, item_of, outcome
from onefloor.insight.sourcing.gap import Bar, BreakEven, Pair, break_even_volumes, break_evens, tornado
from onefloor.insight.sourcing.inputs import at_mid, inputs_of
from onefloor.insight.sourcing.items import Behaviour
from onefloor.insight.sourcing.lawful import Notice, notices
from onefloor.insight.sourcing.mixing import best_mix
from onefloor.insight.sourcing.simulated import Draws, interval, payback, simulate
from onefloor.insight.sourcing.spread import Floats
from onefloor.insight.sourcing.terms import Mix, Sourcing
from onefloor.language import Text
from onefloor.metrics.metric import Better
from onefloor.problems import Problem


class TooShort(Problem):
    """A cost falls after the last month that is looked at."""

    def __init__(self, item: str, month: int, months: int) -> None:
        super().__init__(
            Text(
                f"{item} 发生在第 {month} 个月，晚于第 {months} 个月。",
                f"{item} falls in month {month}, after month {months}.",
            ),
            why=Text("否则该项成本会被漏掉。", "It would be left out without a word."),
            remedy=Text(f"请写 --months {month} 或更大的数。", f"Ask for --months {month} or more."),
        )


class CostsNothing(Problem):
    """The option all others are compared with costs nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"对照方案 {name} 的成本为 0。", f"The option {name}, with which all are compared, costs nothing."),
            remedy=Text("请写出其 costs 或 price，或改 against。", "Write its costs or price, or change against."),
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What an option comes to at the middle of all inputs, over all months.

    ``per_resolved`` has the interval of the draws, too; ``aside`` is the money shown apart, of a resolved contact.
    ``lines`` are costs of a resolved contact by key; ``behaviour`` adds them up by how they move with volume.
    """

    name: str
    title: Text
    per_contact: float
    per_resolved: float
    spread: Estimate
    contacts_an_issue: float
    lost: float
    total: float
    lines: Mapping[str, float]
    behaviour: Mapping[Behaviour, float]
    aside: Estimate | None
    missing: tuple[str, ...]
    """Items that any other option states and this one does not."""
    notices: tuple[Notice, ...]
    so_far: Floats
    """What a resolved contact has cost by each month, ``(months,)``."""
    band: Floats
    """Low and high of the same among the draws, ``(2, months)``."""
    resolved: Floats
    """Contacts resolved by each month, ``(months,)``."""

    @property
    def refused(self) -> tuple[Notice, ...]:
        """The limits that forbid it."""
        return tuple(notice for notice in self.notices if notice.refused)


@dataclass(frozen=True, slots=True)
class Compared:
    """An option against the reference. ``gap`` and ``relative`` are None where an honest one is not to be had.

    ``missing_here`` are items the option states and the reference does not, ``missing_there`` the other way round.
    ``gap`` is money of a resolved contact: its value at the middle of all inputs, its interval that of the draws.
    ``relative`` is the same as a share of what the reference costs at the middle; ``cheaper`` the share of draws in
    which the option costs less. ``payback`` is the month from which all it has cost is less, for as many
    resolved contacts, at the middle of all inputs; 0 for never.
    """

    here: Figures
    there: Figures
    verdict: Verdict
    margin: float
    missing_here: tuple[str, ...] = ()
    missing_there: tuple[str, ...] = ()
    gap: Estimate | None = None
    relative: Estimate | None = None
    cheaper: float = 0.0
    bars: tuple[Bar, ...] = ()
    closing: tuple[BreakEven, ...] = ()
    volumes: tuple[BreakEven, ...] = ()
    payback: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole answer. ``best`` is the cheapest division within law and bounds; None where there is none."""

    sourcing: Sourcing
    months: int
    draws: int
    reference: Figures
    compared: tuple[Compared, ...]
    best: Mix | None
    best_figures: Figures | None
    nowhere: tuple[str, ...]


def decide(sourcing: Sourcing, months: int, rng: np.random.Generator, draws: int) -> Decision:
    """Compare every option and mix with the reference over some months.

    Args:
        sourcing: the options and their costs.
        months: how many months are looked at, from the file's first.
        rng: where chance comes from.
        draws: how many states of the world are drawn.

    Raises:
        TooShort: a one-off cost falls after the last month.
        CostsNothing: the reference has no costs.
    """
    _check_months(sourcing, months)
    best = _best(sourcing, months)
    whole = replace(sourcing, mixes=(*sourcing.mixes, *([best] if best and len(best.shares) > 1 else [])))
    names = [*(option.id for option in whole.options), *(mix.id for mix in whole.mixes)]
    drawn = simulate(whole, names, months, rng, draws)
    figures = {name: _figures(whole, name, months, drawn[name]) for name in names}
    here = figures[sourcing.reference]
    if here.per_resolved <= 0:
        raise CostsNothing(here.name)
    others = [name for name in names if name != here.name and (best is None or name != best.id)]
    compared = tuple(_compared(whole, here, figures[name], months, drawn) for name in others)
    best_figures = figures.get(best.id if len(best.shares) > 1 else best.shares[0][0]) if best else None
    nowhere = tuple(stated.nowhere(sourcing))
    return Decision(sourcing, months, draws, here, compared, best, best_figures, nowhere)


def _check_months(sourcing: Sourcing, months: int) -> None:
    for option in sourcing.options:
        for cost in option.costs:
            if (cost.month or 1) > months:
                raise TooShort(f"{option.id}: {cost.item}", cost.month or 1, months)


def _best(sourcing: Sourcing, months: int) -> Mix | None:
    """The best division of options whose items are all stated; what misses an item would look cheap."""
    return best_mix(
        sourcing, months, frozenset(option.id for option in sourcing.options if _missing(sourcing, option.id))
    )


def _missing(sourcing: Sourcing, name: str) -> tuple[str, ...]:
    """Items any option states and this one, or a part of this mix, does not."""
    return stated.missing_in(sourcing, name, [option.id for option in sourcing.options])


def title_of(sourcing: Sourcing, name: str) -> Text:
    """The title of an option or mix."""
    mixed = next((mix.title for mix in sourcing.mixes if mix.id == name), None)
    return mixed or sourcing.option(name).title


def shares_of(sourcing: Sourcing, name: str) -> dict[str, Fraction]:
    """The share each option has in a name: all of it, or a mix's."""
    mixed = next((mix for mix in sourcing.mixes if mix.id == name), None)
    return dict(mixed.shares) if mixed else {name: Fraction(1)}


def _figures(sourcing: Sourcing, name: str, months: int, drawn: Draws) -> Figures:
    done = outcome(sourcing, name, at_mid(inputs_of(sourcing)), months)
    resolved, level = float(done.resolved.sum()), float(sourcing.level)
    lines = {key: float(amount.sum()) / resolved for key, amount in done.lines.items()}
    return Figures(
        name=name,
        title=title_of(sourcing, name),
        per_contact=float(done.per_contact()[0]),
        per_resolved=float(done.per_resolved()[0]),
        spread=interval(drawn.per_resolved, level),
        contacts_an_issue=float(done.contacts.sum() / done.issues.sum()),
        lost=float(done.lost.sum() / done.issues.sum()),
        total=float(done.cost.sum()),
        lines=lines,
        behaviour=_behaviour(sourcing, name, done, resolved),
        aside=interval(drawn.aside, level) if done.aside else None,
        missing=_missing(sourcing, name),
        notices=tuple(notices(sourcing, shares_of(sourcing, name), months)),
        so_far=done.so_far()[0],
        band=np.quantile(drawn.so_far, [(1 - level) / 2, (1 + level) / 2], axis=0),
        resolved=np.cumsum(done.resolved[0]),
    )


def _behaviour(sourcing: Sourcing, name: str, done: Outcome, resolved: float) -> dict[Behaviour, float]:
    """Costs of a resolved contact by how they move with volume. A line that moves differently in parts of a mix counts
    as the part with most of the issues has it."""
    ordered = sorted(shares_of(sourcing, name).items(), key=lambda pair: pair[1])
    held = {key: how for part, _ in ordered for key, how in behaviours(sourcing.option(part)).items()}
    found: dict[Behaviour, float] = {"fixed": 0.0, "step": 0.0, "variable": 0.0}
    for key, amount in done.lines.items():
        found[held[key]] += float(amount.sum()) / resolved
    return found


def _compared(sourcing: Sourcing, here: Figures, there: Figures, months: int, drawn: Mapping[str, Draws]) -> Compared:
    margin = sourcing.margin
    amount = float(margin.value) * (here.per_resolved if margin.share else 1.0)
    ours_miss = stated.missing_in(sourcing, here.name, [there.name])
    theirs_miss = stated.missing_in(sourcing, there.name, [here.name])
    if ours_miss or theirs_miss or there.refused:
        return Compared(here, there, Verdict.NOT_COMPARABLE, amount, ours_miss, theirs_miss)
    ours, theirs, level = drawn[here.name], drawn[there.name], float(sourcing.level)
    gaps = theirs.per_resolved - ours.per_resolved
    gap = _around(there.per_resolved - here.per_resolved, interval(gaps, level))
    pair = Pair(sourcing, there.name, here.name, months)
    return Compared(
        here,
        there,
        judged(gap, amount, Better.LOWER),
        amount,
        gap=gap,
        relative=gap.times(1 / here.per_resolved),
        cheaper=float(np.mean(gaps < 0)),
        bars=tuple(tornado(pair)),
        closing=tuple(break_evens(pair)),
        volumes=tuple(break_even_volumes(pair)),
        payback=int(payback(there.so_far[None, :], here.so_far[None, :])[0]),
    )


def _around(middle: float, found: Estimate) -> Estimate:
    """The middle with the draws' interval; where inputs lean so far that it lies outside, their median."""
    return replace(found, value=middle) if found.low <= middle <= found.high else found


def by_item(figures: Figures) -> dict[str, float]:
    """Costs of a resolved contact by item."""
    found: dict[str, float] = {}
    for key, amount in figures.lines.items():
        found[item_of(key)] = found.get(item_of(key), 0.0) + amount
    return found
