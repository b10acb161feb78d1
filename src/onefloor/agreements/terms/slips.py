"""Slips: terms that would do nothing, or that nobody can have meant. An agreement never has a word without effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from onefloor.agreements.terms.clauses import Band, Bands, Clause, Event, Gate, Measuring, Score
from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.prices import TwoTier
from onefloor.agreements.terms.version import Terms
from onefloor.language import Text

IDLE = {
    "event": ("error", "minimum_sample", "too_few", "compare"),  # events are counted, not compared
    "item": ("error", "too_few"),  # full_marks_if_few of the table says what holds with few rows
    "duty": ("error", "too_few"),  # with few rows there is no relief
}
"""Terms that every measured part may carry and that do nothing in some."""


def slips(terms: Terms, node: Node) -> Iterator[BadTerm]:
    """Every slip in one version of the terms, at its place."""
    yield from _surplus(terms, node)
    yield from _earn_back(terms, node)
    yield from _tiers_upside_down(terms, node)
    yield from _names_used_twice(node)
    # By their places: a number may be used twice, which is a slip of its own.
    for clause, at in zip(terms.clauses, node.each("clauses"), strict=True):
        yield from _clause(clause, at)
    for duty, at in zip(terms.duties, node.each("duties"), strict=True):
        yield from _idle(at, duty, "duty")


def _slip(node: Node, zh: str, en: str, do_zh: str, do_en: str) -> BadTerm:
    return BadTerm(Text(zh, en), remedy=Text(do_zh, do_en), where=node.place)


def _thing(node: Node, section: str, number: str) -> Node:
    items = found.items if (found := node.get(section)) else []
    return next((item for item in items if (i := item.get("id")) and i.value == number), node)


def _surplus(terms: Terms, node: Node) -> Iterator[BadTerm]:
    """Which contact is the first of the surplus must be known before anything is measured: from the terms."""
    forecast = terms.forecast
    if forecast is not None and forecast.surplus == "month" and forecast.band is not None and not forecast.locked:
        where = node.get("forecast") or node
        yield _slip(
            where.get("surplus") or where,
            "surplus: month 需要在条款中写明各月的锁定预测（locked）。",
            "surplus: month needs the locked contacts of each month in the terms.",
            "请加上 locked: {2026-10: 10000}，或改用 after_edge、whole_intervals、pro_rata。",
            "Add locked: {2026-10: 10000}, or use after_edge, whole_intervals or pro_rata.",
        )


def _earn_back(terms: Terms, node: Node) -> Iterator[BadTerm]:
    shares: dict[str, Fraction] = {}
    quarterly = {clause.id for clause in terms.clauses if clause.window == "quarter"}
    for rule in terms.earn_back:
        where = _thing(node, "earn_back", rule.id)
        if rule.within < rule.good_months:
            yield _slip(
                where.get("within") or where,
                "期限短于连续达标月数，永远不会返还。",
                "within is shorter than good_months: nothing would ever come back.",
                f"请写 {rule.good_months} 或更大的数。",
                f"Write {rule.good_months} or more.",
            )
        for number in sorted(set(rule.clauses)):
            shares[number] = shares.get(number, Fraction(0)) + rule.share
            if shares[number] > 1:
                yield _slip(
                    where,
                    f"第 {number} 条的扣罚返还合计超过 100%。",
                    f"More than 100 % of the credits of clause {number} would come back.",
                    "请调低 share，或只在一处返还。",
                    "Lower share, or return them in one place only.",
                )
            if number in quarterly:
                yield _slip(
                    where,
                    f"第 {number} 条按季考核，没有连续达标的月份。",
                    f"Clause {number} is judged by the quarter: it has no good months in a row.",
                    "请改为按月考核，或去掉该条。",
                    "Judge it by the month, or remove it here.",
                )


def _tiers_upside_down(terms: Terms, node: Node) -> Iterator[BadTerm]:
    for item in terms.price:
        if isinstance(item, TwoTier) and item.good < item.otherwise:
            yield _slip(
                _thing(node, "price", item.id),
                "达标单价低于未达标单价。",
                "The rate for good quality is below the other one.",
                "请对调 good 和 otherwise。",
                "Swap good and otherwise.",
            )


def _names_used_twice(node: Node) -> Iterator[BadTerm]:
    for section in ("pools", "exclusions", "incidents"):
        seen: set[str] = set()
        for name in (i for item in node.each(section) if (i := item.get("id"))):
            if str(name.value) in seen:
                yield _slip(
                    name,
                    f"“{name.value}”用了两次。",
                    f'"{name.value}" is used twice.',
                    "请用不同的编号。",
                    "Give each its own.",
                )
            seen.add(str(name.value))


def _clause(clause: Clause, where: Node) -> Iterator[BadTerm]:
    for gate, at in zip(clause.gates, where.each("gates"), strict=True):
        yield from _margin(gate, at)
    if isinstance(clause, Event):
        yield from _idle(where, clause, "event")
    if isinstance(clause, Score):
        items = zip(clause.items, where.each("items"), strict=True)
        yield from (slip for item, at in items for slip in _idle(at, item, "item"))
    if isinstance(clause, Bands | Score):
        yield from _take_and_give(clause.bands, where)
    if isinstance(clause, Bands):
        for step, at in zip(clause.ramp, where.each("ramp"), strict=True):
            yield from _take_and_give(step.bands, at)


def _margin(gate: Gate, where: Node) -> Iterator[BadTerm]:
    """A gate guards against luck in one way: by a margin that leaves something to reach, or by the error rule."""
    margin, at = gate.margin, where.get("margin") or where
    if margin is None:
        return
    if margin.value <= 0:
        yield _slip(
            at,
            "余量须大于 0。",
            "A margin is above 0.",
            "请写大于 0 的数，或去掉 margin。",
            "Write more than 0, or remove margin.",
        )
    if gate.error == "bound":
        yield _slip(
            at,
            "margin 与 error: bound 只能二选一。",
            "margin and error: bound guard against the same luck: one of them.",
            "请去掉其中一项。",
            "Remove one of the two.",
        )
    least, most = gate.target.at_least, gate.target.at_most
    if least and most and least.value + margin.value > most.value - margin.value:
        yield _slip(
            at,
            "余量过大：目标区间内不再有任何值。",
            "The margin leaves no value inside the target.",
            "请写更小的余量。",
            "Write a smaller margin.",
        )


def _take_and_give(bands: Iterable[Band], where: Node) -> Iterator[BadTerm]:
    for band, at in zip(bands, where.each("bands"), strict=True):
        if band.credit and band.reward:
            yield _slip(
                at, "同一档既扣罚又奖励。", "One band both takes and gives.", "请只保留一项。", "Keep one of the two."
            )


def _idle(where: Node, part: Measuring, kind: str) -> Iterator[BadTerm]:
    """Terms that are written and would do nothing; writing out the default does no harm."""
    for name in IDLE[kind]:
        if getattr(part, name) not in (None, "none"):
            yield _slip(
                where.get(name) or where,
                f"{name} 在此处不起作用。",
                f"{name} does nothing here.",
                f"请去掉 {name}。",
                f"Remove {name}.",
            )
