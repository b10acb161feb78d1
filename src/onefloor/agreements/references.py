"""What terms say of metrics, checked against the catalogue: names, units, direction, and what the error rule needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from onefloor.agreements.case import MetricOf
from onefloor.agreements.terms import Agreement
from onefloor.agreements.terms.clauses import Band
from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.reading import read_form, stop_at
from onefloor.agreements.terms.values import EDGE, TARGET, Edge
from onefloor.language import Text
from onefloor.metrics.catalogue import metric
from onefloor.metrics.metric import Atom, Better, Metric, Unit
from onefloor.metrics.uncertainty import is_proportion
from onefloor.problems import Problem

NAMES = ("metric", "quality", "volume")
UNITS = {Unit.PERCENT: "%", Unit.MS: "ms"}
WRITTEN = {"%": "80%", "ms": "20s", "": "5"}


def check_metrics(agreement: Agreement, metric_of: MetricOf = metric) -> None:
    """Raise every use of a metric that cannot work, each at its place in the file.

    Raises:
        Problems: unknown metrics and parameters; edges in another unit than the metric; the error rule on something
            that is not a share of counted rows; bands in which a better value costs more.
    """
    found = {
        str(problem.where) + str(problem): problem for node in agreement.nodes for problem in _problems(node, metric_of)
    }
    stop_at(list(found.values()))


def _problems(node: Node, metric_of: MetricOf) -> Iterator[Problem]:
    if isinstance(node.value, dict):
        for name in NAMES:
            part = node.get(name)
            if part is not None and isinstance(part.value, str):
                yield from _use(node, name, part, metric_of)
        yield from (problem for part in node.value.values() for problem in _problems(part, metric_of))
    elif isinstance(node.value, list):
        yield from (problem for part in node.value for problem in _problems(part, metric_of))


def _use(around: Node, name: str, reference: Node, metric_of: MetricOf) -> Iterator[Problem]:
    try:
        found = metric_of(str(reference.value))
    except Problem as problem:
        yield BadTerm(problem.what, why=problem.why, remedy=problem.remedy, where=reference.place)
        return
    if name == "volume":
        return
    error = around.get("error")
    if error is not None and error.value == "bound" and not is_proportion(found):
        yield _no_interval(found, error)
    yield from _units(around, found)
    yield from _direction(around, found)
    yield from _wrong_way(around, found)
    if (kind := around.get("kind")) is not None and kind.value == "event":
        yield from _not_events(found, reference)


def _no_interval(found: Metric, error: Node) -> BadTerm:
    return BadTerm(
        Text(
            f"{found.title.zh}不是计数比例，没有可能范围。",
            f"{found.title.en} is no share of counted rows: no interval.",
        ),
        remedy=Text("请去掉 error: bound。", "Remove error: bound."),
        where=error.place,
    )


def _edges(around: Node) -> Iterator[tuple[Node, Edge]]:
    """Every edge beside a metric: of its target and margin, its bands, its presumed level, its ramp."""
    target = around.get("target")
    if target is not None:
        yield from ((target, edge) for edge in TARGET.read(target).edges)
    for name in ("presumed", "measured", "margin"):
        if (part := around.get(name)) is not None:
            yield part, EDGE.read(part)
    for section in ("bands", "points", "ramp"):
        listed = around.get(section)
        for item in listed.items if listed else []:
            for name in ("from", "to"):
                if (part := item.get(name)) is not None:
                    yield part, EDGE.read(part)
            yield from _edges(item)


def _units(around: Node, found: Metric) -> Iterator[BadTerm]:
    wanted = UNITS.get(found.unit, "")
    for node, edge in _edges(around):
        if edge.unit != wanted:
            yield BadTerm(
                Text(
                    f"{found.title.zh}的单位与“{edge.written}”不符。",
                    f'{found.title.en} is not measured in "{edge.written}".',
                ),
                remedy=Text(f"请写成类似 {WRITTEN[wanted]}。", f"Write it like {WRITTEN[wanted]}."),
                where=node.place,
            )


def _direction(around: Node, found: Metric) -> Iterator[BadTerm]:
    """Bands in which a better value would cost the vendor more: surely a slip."""
    listed = around.get("bands")
    if listed is None or found.better is Better.WITHIN or any(item.get("relief") for item in listed.items):
        return
    bands = [read_form(Band, item) for item in listed.items]
    ordered = sorted(bands, key=lambda band: band.start.value if band.start else -(10**18))
    gains = [_gain(band) for band in ordered if band.credit.of == band.reward.of or not (band.credit and band.reward)]
    worsens = any(later < earlier for earlier, later in _steps(gains, found.better))
    if worsens:
        yield BadTerm(
            Text("指标更好的档位反而扣得更多。", "A band of better values costs more than one of worse values."),
            remedy=Text("请检查各档的扣罚和奖励。", "Check the credits and rewards of the bands."),
            where=listed.place,
        )


def _wrong_way(around: Node, found: Metric) -> Iterator[BadTerm]:
    """A target from which a better value would be further away: surely a slip, unless both ends are written."""
    for target in _targets(around):
        ends = TARGET.read(target)
        best = ends.at_least if found.better is Better.HIGHER else ends.at_most
        if found.better is not Better.WITHIN and best is None:
            sign = ">=" if found.better is Better.HIGHER else "<="
            yield BadTerm(
                Text(
                    f"{found.title.zh}的目标方向相反：指标更好反而不达标。",
                    f"The target of {found.title.en} points the wrong way: a better value would miss it.",
                ),
                remedy=Text(f"请写成 {sign} 的形式。", f"Write it with {sign}."),
                where=target.place,
            )


def _targets(around: Node) -> Iterator[Node]:
    steps = ramp.items if (ramp := around.get("ramp")) else []
    yield from (target for part in (around, *steps) if (target := part.get("target")) is not None)


def _not_events(found: Metric, reference: Node) -> Iterator[BadTerm]:
    """What an event clause counts has to be rows, and more of them may not be better."""
    counted = isinstance(found.numerator, Atom) and found.numerator.sum is None
    if not counted or found.better is Better.HIGHER:
        yield BadTerm(
            Text(f"{found.title.zh}不是事件的件数。", f"{found.title.en} is no count of events."),
            remedy=Text("请写计数的指标，例如 duty_late。", "Write a metric that counts them, such as duty_late."),
            where=reference.place,
        )


def _gain(band: Band) -> tuple[str, Fraction]:
    """What a band gives, below zero if it takes; amounts of different bases are not compared."""
    portion = band.credit or band.reward
    return portion.of if portion else "", -band.credit.share if band.credit else band.reward.share


def _steps(gains: list[tuple[str, Fraction]], better: Better) -> Iterable[tuple[Fraction, Fraction]]:
    inward = gains if better is Better.HIGHER else gains[::-1]
    return [(a, b) for (one, a), (two, b) in pairwise(inward) if one == two or "" in (one, two) or (a < 0) != (b < 0)]
