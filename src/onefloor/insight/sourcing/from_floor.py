"""Figures of a floor in place of those of the file: how long contacts take, how many come back, how many agents leave.

What differs between companies comes from a fair comparison, as an estimate that is passed in; raw gaps would be those
of easier or harder work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from onefloor.insight.cells import Cells, cells
from onefloor.insight.finding import LEVEL, Estimate
from onefloor.insight.sourcing.inputs import TERMS
from onefloor.insight.sourcing.spread import Spread, estimated
from onefloor.insight.sourcing.terms import Option, Sourcing
from onefloor.insight.sourcing.wording import value
from onefloor.language import Text
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month

SECONDS = 1000  # milliseconds of one
BY_SURVEY = "fcr_by_survey"
FEWEST = 2
"""Agents without whom there is no interval."""
UNITS: Mapping[str, str] = {"handling": "s"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a comparison says: theirs minus ours as a share or in seconds, or why there is no honest figure."""

    estimate: Estimate | None
    reasons: tuple[Text, ...] = ()


Difference = Callable[[str, str, str], Answer]
"""How a metric of one company (second) differs from that of another (first), compared on the same work."""


@dataclass(frozen=True, slots=True)
class Source:
    """A floor, opened, and which of its months are looked at; ``resolution`` is the metric of resolved contacts."""

    prepared: Prepared
    months: Sequence[Month]
    resolution: str
    difference: Difference
    engine: Engine | None = None
    cubes: Cubes | None = None

    @property
    def metrics(self) -> dict[str, str]:
        """Terms of an option and the metric each is taken from."""
        resolved = "resolved" if self.resolution.startswith(BY_SURVEY) else "without_repeat"
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
    """The decision with the floor's figures for every option that names its company, and words of what was taken."""
    reference = sourcing.option(sourcing.reference)
    taken = {option.id: _own(option, source) for option in sourcing.options if option.company}
    told = list(_told(sourcing, taken))
    options = []
    for option in sourcing.options:
        own = taken.get(option.id, {})
        over: dict[str, Estimate] = {}
        if option.company and reference.company and option.id != reference.id:
            over, why = _over(option, reference, source, own.keys() & taken[reference.id].keys())
            told += [*why, *_differences(option, over)]
            own = {name: held for name, held in own.items() if name not in COMPARED}
        options.append(_changed(option, own, over, reference.id))
    return replace(sourcing, options=tuple(options), measured=tuple(told))


def _own(option: Option, source: Source) -> dict[str, Estimate]:
    """The figures of an option's own company, with intervals over its agents; what cannot be said is left out."""
    found = {}
    for name, metric in source.metrics.items():
        held = cells(
            source.prepared, metric, ("agent",), {"company": [str(option.company)]}, source.months,
            engine=source.engine, cubes=source.cubes,
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


def _over(option: Option, reference: Option, source: Source, both: Set[str]) -> tuple[dict[str, Estimate], list[Text]]:
    """The fair differences of an option from the reference, and why some could not be had."""
    found, told = {}, []
    for name, metric in source.metrics.items():
        if name not in COMPARED or name not in both:
            continue
        answer = source.difference(metric, str(reference.company), str(option.company))
        if answer.estimate is not None and np.isfinite([answer.estimate.low, answer.estimate.high]).all():
            found[name] = answer.estimate
        else:
            told += [
                _kept(option, name, reason) for reason in answer.reasons or (Text("没有可用的估计", "no estimate"),)
            ]
    return found, told


def _kept(option: Option, name: str, reason: Text) -> Text:
    words = _words(name)
    return Text(
        f"{option.title.zh}的{words.zh}仍用文件中的值：{reason.zh}",
        f"{option.title.en}: {words.en} stays as in the file: {reason.en}",
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


def _words(name: str) -> Text:
    return TERMS[name].words


def _told(sourcing: Sourcing, taken: Mapping[str, Mapping[str, Estimate]]) -> Iterable[Text]:
    """What was taken from the floor, one sentence an option."""
    for name, figures in taken.items():
        title, reference = sourcing.option(name).title, sourcing.reference == name
        held = {term: estimate for term, estimate in figures.items() if reference or term not in COMPARED}
        if held:
            yield _sentence(title, held, Text("取自现场数据", "taken from the floor"))


def _differences(option: Option, over: Mapping[str, Estimate]) -> Iterable[Text]:
    if over:
        yield _sentence(
            option.title,
            over,
            Text("与对照方案之差，按同类话务比较", "differences from the reference on the same work"),
        )


def _sentence(title: Text, held: Mapping[str, Estimate], how: Text) -> Text:
    parts = [(_words(term), _estimate(term, estimate)) for term, estimate in held.items()]
    zh = "，".join(f"{words.zh} {said.zh}" for words, said in parts)
    en = ", ".join(f"{words.en} {said.en}" for words, said in parts)
    return Text(f"{title.zh}（{how.zh}）：{zh}。", f"{title.en}, {how.en}: {en}.")


def _estimate(name: str, estimate: Estimate) -> Text:
    unit = UNITS.get(name, "%")
    mid, low, high = (value(number, unit) for number in (estimate.value, estimate.low, estimate.high))
    return Text(f"{mid.zh}（{low.zh} 至 {high.zh}）", f"{mid.en} ({low.en} to {high.en})")
