"""A value of the terms as a sentence says it, whatever its kind: money, shares, targets, scopes, parts within parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from onefloor.agreements.clauses.verdict import portion_text
from onefloor.agreements.rendering.options import FLAGS, option
from onefloor.agreements.terms.reading import Kind, terms_of
from onefloor.agreements.terms.values import LOCKED, MONEY, REFERENCE, SHARE, WORKED, Edge, Portion, ScopeTerm, Target
from onefloor.agreements.wording import money, number, percent
from onefloor.language import Text, joined, same
from onefloor.metrics import catalogue
from onefloor.metrics.tables import TITLES
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor.working_time import Span

NOTHING = same("–")
SPANS = {
    "working hours": Text("个工作小时", "working hours"),
    "working days": Text("个工作日", "working days"),
    "hours": Text("小时", "hours"),
    "days": Text("天", "days"),
}


def value_words(kind: Kind, value: Any) -> Text:
    """A value read by this kind, in words.

    >>> value_words(SHARE, Fraction(1, 10)).en
    '10%'
    """
    if value is None or value == ():
        return NOTHING
    if isinstance(value, tuple) and kind is not WORKED:
        return _listed(kind, value)
    if kind is MONEY:
        return same(money(value))
    if kind is SHARE:
        return same(percent(value))
    if kind is REFERENCE:
        return metric_words(value)
    return option(value) if kind.options else _plain(value)


def _listed(kind: Kind, value: tuple[Any, ...]) -> Text:
    if kind is LOCKED:
        return joined(same(f"{month} {count:,}") for month, count in value)
    items = [value_words(kind.item, one) if kind.item else same(str(one)) for one in value]
    forms = any(dataclasses.is_dataclass(one) and terms_of(type(one)) for one in value)
    return joined(items, zh="；", en="; ") if forms else joined(items)


def _plain(value: Any) -> Text:
    found = next((say for form, say in SIMPLE if isinstance(value, form)), None)
    if found is not None:
        return found(value)
    return joined(Text(f"{label.zh} {said.zh}", f"{label.en} {said.en}") for label, said in written_terms(value))


def _hours(span: tuple[int, int]) -> Text:
    start, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in span)
    return same(f"{start}-{end}")


def written_terms(part: Any, *, without: Iterable[str] = ()) -> Iterator[tuple[Text, Text]]:
    """What a part says beyond its defaults: what each term is called, and its value in words."""
    for name, field in terms_of(type(part)).items():
        value = getattr(part, field.name)
        if name not in without and value != field.default and value is not None:
            yield term_name(name, field), value_words(field.metadata["kind"], value)


def term_name(name: str, field: dataclasses.Field[Any]) -> Text:
    """What a term is called: its Chinese meaning, and its name in the file without underscores."""
    return Text(field.metadata["meaning"].zh, name.replace("_", " "))


def portion_words(portion: Portion) -> Text:
    """``30% of its at-risk amount``, ``2% of the fee``, an amount; a dash for nothing."""
    return portion_text(portion) if portion else NOTHING


def span_words(span: Span) -> Text:
    """``16 working hours``.

    >>> span_words(Span(5, "working days")).zh
    '5 个工作日'
    """
    unit = SPANS[span.unit]
    return Text(f"{span.amount} {unit.zh}", f"{span.amount} {unit.en if span.amount != 1 else unit.en[:-1]}")


def metric_words(reference: str) -> Text:
    """A metric by its title with the parameters that were written; the reference itself if nobody knows it."""
    try:
        found = catalogue.metric(reference)
    except Problem:
        return same(reference)
    written = reference.partition(":")[2].replace(",", ", ")
    return Text(f"{found.title.zh}（{written}）", f"{found.title.en} ({written})") if written else found.title


def scope_words(scope: ScopeTerm) -> Text:
    """Which rows count: ``queue tech, billing``; all of the company's where nothing is said."""
    parts = [_dimension(name, names) for name, names in scope.where]
    if scope.unassigned is True:
        parts.append(Text("含无归属话务", "with rows that are nobody's"))
    elif scope.unassigned:
        names = joined(map(same, scope.unassigned))
        parts.append(Text(f"含队列 {names.zh} 的无归属话务", f"with nobody's rows of queue {names.en}"))
    return joined(parts, zh="，") if parts else Text("全部话务", "all rows")


def _dimension(name: str, names: tuple[str, ...]) -> Text:
    title = TITLES.get(name) or same(name)
    said = joined(map(same, names))
    return Text(f"{title.zh} {said.zh}", f"{title.en} {said.en}")


SIMPLE: Final[tuple[tuple[Any, Callable[[Any], Text]], ...]] = (
    (Text, lambda text: text),
    (bool, lambda flag: FLAGS[flag]),
    ((Fraction, int), lambda count: same(number(count))),
    (Portion, portion_words),
    (ScopeTerm, scope_words),
    (Edge, lambda edge: same(edge.written)),
    (Span, span_words),
    (datetime, lambda at: same(at.strftime("%Y-%m-%d %H:%M"))),
    (tuple, _hours),
    ((str, Target, date, Month), lambda value: same(str(value))),
)
