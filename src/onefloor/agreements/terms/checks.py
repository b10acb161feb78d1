"""What has to fit together inside one version of the terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from onefloor.agreements.terms.around import ReliefBand
from onefloor.agreements.terms.clauses import Band, Bands, Clause, Event, Level, PointBand, Presumptive, Score
from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.prices import Contact, Metered, SeatMonth, TwoTier
from onefloor.agreements.terms.procedural import procedural
from onefloor.agreements.terms.reading import stop_at, unknown
from onefloor.agreements.terms.slips import slips
from onefloor.agreements.terms.values import Portion
from onefloor.agreements.terms.version import Terms
from onefloor.language import Text

Ranges = Sequence[Band] | Sequence[PointBand] | Sequence[ReliefBand]


def check(terms: Terms, node: Node) -> None:
    """Raise every contradiction inside the terms, each at its place."""
    stop_at([
        *_dates(terms, node),
        *_numbers_used_twice(node),
        *_names(terms, node),
        *_portions(terms, node),
        *_prices(terms, node),
        *_forecast(terms, node),
        *(problem for clause in terms.clauses for problem in _clause(clause, _part(node, "clauses", clause.id))),
        *(p for duty in terms.duties for p in _ranges(duty.bands, _part(node, "duties", duty.id))),
        *procedural(terms, node),
        *slips(terms, node),
    ])  # fmt: skip


def portions_of(clause: Clause) -> list[Portion]:
    """Every credit and reward a clause can lead to."""
    match clause:
        case Level():
            return [clause.credit, clause.reward]
        case Bands():
            bands = [*clause.bands, *(band for step in clause.ramp for band in step.bands)]
            return [portion for band in bands for portion in (band.credit, band.reward)]
        case Presumptive():
            return [clause.credit, clause.reward]
        case Event():
            return [clause.credit]
        case Score():
            return [portion for band in clause.bands for portion in (band.credit, band.reward)]
    raise TypeError(type(clause).__name__)


def _problem(node: Node, zh: str, en: str, do_zh: str, do_en: str) -> BadTerm:
    return BadTerm(Text(zh, en), remedy=Text(do_zh, do_en), where=node.place)


def _part(node: Node, section: str, number: str) -> Node:
    """Where the part with that number is written."""
    found = node.get(section)
    items = found.items if found else []
    return next((item for item in items if (i := item.get("id")) and i.value == number), found or node)


def _at(node: Node, name: str) -> Node:
    return node.get(name) or node


def _dates(terms: Terms, node: Node) -> Iterator[BadTerm]:
    for name, day in (("from", terms.start), ("until", terms.until)):
        if day is not None and day.day != 1:
            first = day.replace(day=1)
            yield _problem(
                _at(node, name),
                f"{name} 必须是某月第一天：按月结算。",
                f"{name} has to be the first day of a month: settlement is monthly.",
                f"请写成 {first}。",
                f"Write {first}.",
            )
    if terms.until is not None and terms.until <= terms.start:
        yield _problem(
            _at(node, "until"),
            "until 不晚于 from。",
            "until is not after from.",
            "请写更晚的日期。",
            "Write a later date.",
        )
    for thing in terms.exclusions:
        if thing.end <= thing.start:
            yield _problem(
                _at(_part(node, "exclusions", thing.id), "to"),
                "结束不晚于开始。",
                "It ends before it begins.",
                "请检查 from 和 to。",
                "Check from and to.",
            )


def _numbers_used_twice(node: Node) -> Iterator[BadTerm]:
    seen: set[str] = set()
    sections = [node.get(name) for name in ("price", "forecast", "clauses", "duties", "earn_back")]
    for number in _ids(sections):
        if str(number.value) in seen:
            yield _problem(
                number,
                f"编号 {number.value} 用了两次。",
                f"The number {number.value} is used twice.",
                "每条请用不同的编号。",
                "Give each part its own number.",
            )
        seen.add(str(number.value))


def _ids(sections: Iterable[Node | None]) -> Iterator[Node]:
    for section in sections:
        for item in section.items if section else []:
            number = item.get("id")
            if number is not None:
                yield number


def _names(terms: Terms, node: Node) -> Iterator[BadTerm]:
    """Clauses and pools that are named but not there."""
    known = [clause.id for clause in terms.clauses]
    for section in ("duties", "earn_back", "incidents", "exclusions"):
        for item in (node.get(section) or Node(None, node.place)).items:
            named = [*item.each("clauses"), *item.each("chosen")]
            yield from (unknown(str(n.value), known, n.place) for n in named if n.value not in known)
    pools = [pool.id for pool in terms.pools]
    for clause in terms.clauses:
        where = _part(node, "clauses", clause.id)
        if clause.pool is not None and clause.pool not in pools:
            yield unknown(clause.pool, pools, _at(where, "pool").place)
        if (clause.pool is None) != (clause.allocation is None):
            yield _problem(
                where,
                "pool 与 allocation 要一起写。",
                "pool and allocation belong together.",
                "请补上另一项，或都去掉。",
                "Add the other one, or remove both.",
            )
    yield from _allocations(terms, node)


def _allocations(terms: Terms, node: Node) -> Iterator[BadTerm]:
    for pool in terms.pools:
        whole = sum((c.allocation or Fraction(0) for c in terms.clauses if c.pool == pool.id), Fraction(0))
        if whole > 1:
            yield _problem(
                _part(node, "pools", pool.id),
                f"权重池“{pool.id}”的权重合计超过 100%。",
                f'The allocations of pool "{pool.id}" add up to more than 100 %.',
                "请调低 allocation。",
                "Lower the allocations.",
            )


def _portions(terms: Terms, node: Node) -> Iterator[BadTerm]:
    for clause in terms.clauses:
        where = _part(node, "clauses", clause.id)
        used = [portion for portion in portions_of(clause) if portion]
        if clause.pool is not None and any(portion.of != "at_risk" for portion in used):
            yield _problem(
                where,
                "权重池内的条款只能按比例，例如 100%。",
                "A clause of a weight pool can only take a share, such as 100%.",
                "请写成比例，或去掉 pool。",
                "Write a share, or remove pool.",
            )
        if not terms.at_risk and any(portion.of == "at_risk" for portion in used):
            yield _problem(
                where,
                "按考核金额扣罚，但没有写 at_risk。",
                "It takes a share of the at-risk amount, but at_risk is not there.",
                "请加上 at_risk: 10%，或写成 2% of fee。",
                "Add at_risk: 10%, or write 2% of fee.",
            )
    if terms.at_risk.of == "at_risk":
        yield _problem(
            _at(node, "at_risk"),
            "at_risk 以月费为基数。",
            "at_risk is a share of the fee.",
            "请写成 10%。",
            "Write 10%.",
        )


def _prices(terms: Terms, node: Node) -> Iterator[BadTerm]:
    if not terms.price:
        yield _problem(
            node, "没有计价方式。", "There is no price.", "请在 price 下至少写一项。", "Write one under price."
        )
    for item in terms.price:
        where = _part(node, "price", item.id)
        if isinstance(item, SeatMonth) and item.months > 1 and item.since is None:
            yield _problem(
                where,
                "缺少首月 from。",
                "from, the first month, is missing.",
                "请加上 from: 2026-01。",
                "Add from: 2026-01.",
            )
        if isinstance(item, TwoTier) and item.by == "month" and item.target is None:
            yield _problem(
                where,
                "缺少质量目标 target。",
                "target is missing.",
                '请加上 target: ">= 80%"。',
                'Add target: ">= 80%".',
            )
        if isinstance(item, Metered):
            starts = [tier.start for tier in item.tiers]
            if starts != sorted(set(starts)) or (starts and starts[0] <= 0):
                yield _problem(
                    _at(where, "tiers"),
                    "阶梯的 from 必须大于 0 且逐级增大。",
                    "The tiers' from has to be above 0 and grow.",
                    "请按数量从小到大排列。",
                    "Order them by volume.",
                )


def _forecast(terms: Terms, node: Node) -> Iterator[BadTerm]:
    forecast = terms.forecast
    if forecast is None:
        return
    where = _at(node, "forecast")
    if forecast.band is None and forecast.minimum is None:
        yield _problem(
            where,
            "没有写浮动区间或保底量。",
            "It has neither a band nor a minimum.",
            "请加上 band: 10%。",
            "Add band: 10%.",
        )
    if forecast.band is not None and forecast.band >= 1:
        yield _problem(
            _at(where, "band"), "浮动区间须小于 100%。", "The band has to be below 100 %.", "请写成 10%。", "Write 10%."
        )
    if forecast.shortfall == "paid" and shortfall_rate(terms) is None:
        yield _problem(
            where,
            "不足部分要付费，但没有单价。",
            "Missing contacts are paid, but at no known rate.",
            "请加上 rate: 2.00。",
            "Add rate: 2.00.",
        )


def shortfall_rate(terms: Terms) -> Fraction | None:
    """What a missing contact costs: the forecast's own rate, else the one price by contact."""
    if terms.forecast is not None and terms.forecast.rate is not None:
        return terms.forecast.rate
    rates = [item.rate for item in terms.price if isinstance(item, Contact)]
    return rates[0] if len(rates) == 1 else None


def _clause(clause: Clause, where: Node) -> Iterator[BadTerm]:
    multipliers = [step.times for step in sorted(clause.consecutive, key=lambda step: step.misses)]
    if multipliers != sorted(multipliers) or any(times < 1 for times in multipliers):
        yield _problem(
            _at(where, "consecutive"),
            "倍数不得小于 1，也不得随次数减小。",
            "A multiplier may not be below 1 or fall with more misses.",
            "请检查 times。",
            "Check times.",
        )
    if isinstance(clause, Level):
        yield from (_ramp_lacks(where, "target") for step in clause.ramp if step.target is None)
    if isinstance(clause, Bands):
        yield from (_ramp_lacks(where, "bands") for step in clause.ramp if not step.bands)
        yield from (p for step in clause.ramp for p in _ranges(step.bands, _at(where, "ramp")))
    if isinstance(clause, Bands | Score):
        yield from _ranges(clause.bands, where)
    if isinstance(clause, Score):
        yield from (p for item in clause.items for p in _ranges(item.points, _at(where, "items")))


def _ramp_lacks(where: Node, name: str) -> BadTerm:
    return _problem(
        _at(where, "ramp"),
        f"爬坡期缺少 {name}。",
        f"A step of the ramp lacks {name}.",
        f"请加上 {name}。",
        f"Add {name} to it.",
    )


def _ranges(bands: Ranges, where: Node) -> Iterator[BadTerm]:
    """Ranges that overlap, run backwards or mix units."""
    if len({edge.unit for band in bands for edge in (band.start, band.end) if edge}) > 1:
        yield _problem(where, "档位的单位不一致。", "The bands mix units.", "请统一单位。", "Use one unit.")
        return
    ends = sorted(_interval(band) for band in bands)
    if any(low >= high for low, high in ends):
        yield _problem(where, "档位的 from 不小于 to。", "A band's from is not below its to.", "请对调。", "Swap them.")
    elif any(before[1] > after[0] for before, after in pairwise(ends)):
        yield _problem(
            where,
            "档位互相重叠，同一数值有两种结果。",
            "Bands overlap: one value would have two consequences.",
            "请让每档的 to 等于下一档的 from。",
            "Let each band's to equal the next one's from.",
        )


FAR = Fraction(10**18)


def _interval(band: Band | PointBand | ReliefBand) -> tuple[Fraction, Fraction]:
    return band.start.value if band.start else -FAR, band.end.value if band.end else FAR
