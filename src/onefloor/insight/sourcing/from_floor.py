"""Figures of a floor in place of those of the file: how long contacts take, how many come back, how many agents leave.

What differs between companies comes from a fair comparison, as an estimate that is passed in; raw gaps would be those
of easier or harder work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import stdtrit

from onefloor.insight.cells import Cells, cells
from onefloor.insight.finding import LEVEL, Behind, Estimate
from onefloor.insight.sourcing.inputs import TERMS
from onefloor.insight.sourcing.spread import Spread, estimated
from onefloor.insight.sourcing.terms import Option, Sourcing
from onefloor.insight.sourcing.wording import value
from onefloor.language import Text
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month
from onefloor.problems import Problem

SECONDS = 1000  # milliseconds of one
BY_REPEAT, BY_SURVEY = "fcr", "fcr_by_survey"
FEWEST = 2
"""Agents without whom there is no interval."""
UNITS: Mapping[str, str] = {"handling": "s"}


class NotResolution(Problem):
    """A metric that does not say which contacts were resolved."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            Text(f"指标“{reference}”不表示是否解决。", f'The metric "{reference}" does not say what was resolved.'),
            remedy=Text(f"请用 {BY_REPEAT}:within=7d 或 {BY_SURVEY}。", f"Use {BY_REPEAT}:within=7d or {BY_SURVEY}."),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a comparison says: theirs minus ours as a share or in seconds, or why there is no honest figure."""

    estimate: Estimate | None
    reasons: tuple[Text, ...] = ()


Difference = Callable[[str, str, str], Answer]
"""How a metric of one company (second) differs from that of another (first), compared on the same work."""


@dataclass(frozen=True, slots=True)
class Source:
    """A floor, opened, which of its months and rows are looked at, and the metric of resolved contacts.

    ``scope`` is a predicate of the rows that may be looked at; ``difference`` has to keep to it by itself.
    """

    prepared: Prepared
    months: Sequence[Month]
    resolution: str
    difference: Difference
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    engine: Engine | None = None
    cubes: Cubes | None = None
    scope: str = ""

    @property
    def metrics(self) -> dict[str, str]:
        """Terms of an option and the metric each is taken from.

        Raises:
            NotResolution: the metric chosen for resolved contacts says something else.
        """
        name = self.resolution.partition(":")[0].strip()
        if name not in (BY_REPEAT, BY_SURVEY):
            raise NotResolution(self.resolution)
        resolved = "resolved" if name == BY_SURVEY else "without_repeat"
        return {
            "handling": "aht",
            resolved: self.resolution,
            "occupancy": "occupancy",
            "utilisation": "utilisation",
            "attrition": "attrition",
        }


COMPARED = ("handling", "resolved", "without_repeat")
"""Terms that depend on which work comes in: other options take the reference's and the fair difference."""


def with_floor(sourcing: Sourcing, source: Source) -> Sourcing:
    """The decision with the floor's figures for every option that names its company, and words of what was taken.

    A term that depends on the work is taken for all of them or for none: the reference's own figure beside another
    option's guess would compare the work, not the option.

    Raises:
        NotResolution: the metric chosen for resolved contacts says something else; else as ``cells``.
    """
    reference = sourcing.option(sourcing.reference)
    named = [option for option in sourcing.options if option.company]
    own = {option.id: _own(option, source) for option in named}
    others = [option for option in named if option.id != reference.id] if reference.company else []
    answers = {option.id: _answers(option, reference, source) for option in others}
    fair = [term for term in COMPARED if all(term in own[o.id] and _usable(answers[o.id].get(term)) for o in others)]
    kept = {name: {term: held for term, held in found.items() if term not in COMPARED} for name, found in own.items()}
    over: dict[str, dict[str, Estimate]] = {option.id: {} for option in named}
    if reference.id in own:
        kept[reference.id] |= {term: own[reference.id][term] for term in fair if term in own[reference.id]}
    for option in others:
        found = {term: answers[option.id][term].estimate for term in fair if term in kept[reference.id]}
        over[option.id] = {term: estimate for term, estimate in found.items() if estimate is not None}
    options = [
        _changed(option, kept.get(option.id, {}), over.get(option.id, {}), reference.id) for option in sourcing.options
    ]
    told = [*_refused(others, answers, fair), *_told(sourcing, kept), *_differences(others, over)]
    told += [_guessed(option) for option in sourcing.options if not option.company and reference.company]
    behind = tuple(_rows(option, kept[option.id], over[option.id], source) for option in named)
    return replace(sourcing, options=tuple(options), measured=tuple(told), behind=sum(behind, ()))


def _rows(
    option: Option, own: Mapping[str, Estimate], over: Mapping[str, Estimate], source: Source
) -> tuple[Behind, ...]:
    """The rows of an option's company that were counted, metric by metric."""
    ends = (min(source.months, key=_id), max(source.months, key=_id)) if source.months else (None, None)
    taken = [term for term in source.metrics if term in own or term in over]
    return tuple(Behind(source.metrics[term], _where(option, term, source), *ends) for term in taken)


def _id(month: Month) -> int:
    return month.id


def _where(option: Option, term: str, source: Source) -> dict[str, tuple[str, ...]]:
    """Which rows a term rests on. Paid time belongs to no queue: only what depends on the work is filtered."""
    chosen = source.where if term in COMPARED else {}
    return {**{name: tuple(values) for name, values in chosen.items()}, "company": (str(option.company),)}


def _guessed(option: Option) -> Text:
    title = option.title
    return Text(
        f"{title.zh}没有对应的公司（company）：文件中的估计值与现场数据相比较。",
        f"{title.en} names no company: what the file guesses of it is compared with what was measured.",
    )


def _usable(answer: Answer | None) -> bool:
    held = answer.estimate if answer else None
    return held is not None and bool(np.isfinite([held.low, held.high]).all())


def _own(option: Option, source: Source) -> dict[str, Estimate]:
    """The figures of an option's own company, with intervals over its agents; what cannot be said is left out."""
    found = {}
    for name, metric in source.metrics.items():
        held = cells(
            source.prepared, metric, ("agent",), _where(option, name, source), source.months,
            engine=source.engine, scope=source.scope, cubes=source.cubes,
        )  # fmt: skip
        estimate = over_agents(held)
        if estimate is not None:
            found[name] = estimate.times(1 / SECONDS if name == "handling" else 1)
    return found


def over_agents(held: Cells) -> Estimate | None:
    """A quotient of sums with its 95 % interval, agents as what was sampled; None with fewer than two of them.

    The linearised jackknife (Cochran 1977, section 6.3): the error is that of the residuals k - R n of the agents.
    """
    numerator, denominator = held.numerator.astype(float), held.denominator.astype(float)
    whole, agents = denominator.sum(), len(held)
    if agents < FEWEST or not whole:
        return None
    ratio = numerator.sum() / whole
    residual = numerator - ratio * denominator
    error = float(np.sqrt(agents / (agents - 1) * np.sum(residual**2)) / whole)
    reach = float(stdtrit(agents - 1, (1 + LEVEL) / 2)) * error
    return Estimate(float(ratio), float(ratio) - reach, float(ratio) + reach)


def _answers(option: Option, reference: Option, source: Source) -> dict[str, Answer]:
    """How an option differs from the reference on the same work, term by term."""
    return {
        term: source.difference(metric, str(reference.company), str(option.company))
        for term, metric in source.metrics.items()
        if term in COMPARED
    }


def _refused(
    others: Sequence[Option], answers: Mapping[str, Mapping[str, Answer]], fair: Sequence[str]
) -> Iterable[Text]:
    """Terms that stay as in the file for everybody, and why."""
    for option in others:
        for term, answer in answers[option.id].items():
            if term not in fair and not _usable(answer):
                words, title = TERMS[term].words, option.title
                for reason in answer.reasons or (Text("没有可用的估计。", "no estimate."),):
                    yield Text(
                        f"{words.zh}各方案仍用文件中的值（{title.zh}）：{reason.zh}",
                        f"The {words.en} of every option stays as in the file ({title.en}): {reason.en}",
                    )


def _changed(option: Option, own: Mapping[str, Estimate], over: Mapping[str, Estimate], whom: str) -> Option:
    """The option with measured terms. Resolution is stated in one way only: as it was measured."""
    terms: dict[str, Spread | None] = {name: estimated(held) for name, held in own.items()}
    for stated, other in (("resolved", "without_repeat"), ("without_repeat", "resolved")):
        if stated in own or stated in over:
            terms[other] = None
            terms.setdefault(stated, getattr(option, stated))
    differences = tuple((name, estimated(held)) for name, held in over.items())
    return replace(option, **terms, over=differences, over_whom=whom if over else "")  # type: ignore[arg-type]


def _told(sourcing: Sourcing, taken: Mapping[str, Mapping[str, Estimate]]) -> Iterable[Text]:
    """What was taken from the floor, one sentence an option."""
    for name, held in taken.items():
        if held:
            yield _sentence(sourcing.option(name).title, held, Text("取自现场数据", "taken from the floor"))


def _differences(others: Sequence[Option], over: Mapping[str, Mapping[str, Estimate]]) -> Iterable[Text]:
    how = Text("与对照方案之差，按同类话务比较", "differences from the reference on the same work")
    for option in others:
        if over[option.id]:
            yield _sentence(option.title, over[option.id], how, over=True)


def _sentence(title: Text, held: Mapping[str, Estimate], how: Text, *, over: bool = False) -> Text:
    parts = [(TERMS[term].words, _estimate(term, estimate, over=over)) for term, estimate in held.items()]
    zh = "，".join(f"{words.zh} {said.zh}" for words, said in parts)
    en = ", ".join(f"{words.en} {said.en}" for words, said in parts)
    return Text(f"{title.zh}（{how.zh}）：{zh}。", f"{title.en}, {how.en}: {en}.")


def _estimate(name: str, estimate: Estimate, *, over: bool) -> Text:
    unit = UNITS.get(name, "points" if over else "%")
    mid, low, high = (value(number, unit) for number in (estimate.value, estimate.low, estimate.high))
    return Text(f"{mid.zh}（{low.zh} 至 {high.zh}）", f"{mid.en} ({low.en} to {high.en})")
