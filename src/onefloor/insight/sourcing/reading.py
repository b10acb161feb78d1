"""Reading a sourcing file: every mistake at once, each with file, line, column and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from onefloor.agreements.terms.places import BadTerm, Node, content, parsed_yaml
from onefloor.agreements.terms.reading import missing, read_form, stop_at, unknown
from onefloor.insight.sourcing.inputs import inputs_of, shared_name
from onefloor.insight.sourcing.items import BASES, ITEMS, ONE_OFF, SHARES_OF
from onefloor.insight.sourcing.terms import PRICE_UNITS, Cost, Option, Price, Seats, Sourcing, TwoTier
from onefloor.language import Text
from onefloor.problems import Problem

BEGIN = Text("请以 sourcing: 代码 开头。", "Begin with sourcing: and its code.")


def read_sourcing(path: Path) -> Sourcing:
    """A sourcing decision from a YAML file.

    Raises:
        MissingFile: there is no such file.
        BadYaml, Problems: all that is wrong, each with file, line, column and remedy.
    """
    return parse_sourcing(content(path), str(path))


def parse_sourcing(text: str, file: str = "sourcing.yaml") -> Sourcing:
    """A sourcing decision from YAML text; ``file`` is named in problems."""
    node = parsed_yaml(text, file, begin=BEGIN)
    sourcing = read_form(Sourcing, node)
    stop_at(list(_wrong(sourcing, node)))
    return sourcing


def _wrong(sourcing: Sourcing, node: Node) -> Iterator[Problem]:
    """All that each part allows and that together makes no sense."""
    options = list(zip(sourcing.options, node.each("options"), strict=True))
    yield from _too_few(sourcing, node)
    yield from _used_twice(node)
    yield from _not_an_option(sourcing, node)
    yield from _bad_level(sourcing, node)
    for option, at in options:
        yield from _option(option, at)
    yield from _not_shared(sourcing, node)


def _bad(where: Node, zh: str, en: str, do_zh: str, do_en: str) -> BadTerm:
    return BadTerm(Text(zh, en), remedy=Text(do_zh, do_en), where=where.place)


def _too_few(sourcing: Sourcing, node: Node) -> Iterator[Problem]:
    if len(sourcing.options) < 2:
        where = node.get("options") or node
        yield _bad(where, "只有一个方案，没有可比的对象。", "There is only one option: nothing to compare it with.",
                   "请再写一个方案。", "Write another option.")  # fmt: skip


def _used_twice(node: Node) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in (found for part in ("options", "mixes") for item in node.each(part) if (found := item.get("id"))):
        if str(name.value) in seen:
            yield _bad(name, f"“{name.value}”用了两次。", f'"{name.value}" is used twice.',
                       "请用不同的代码。", "Give each its own.")  # fmt: skip
        seen.add(str(name.value))


def _not_an_option(sourcing: Sourcing, node: Node) -> Iterator[Problem]:
    known = [option.id for option in sourcing.options]
    against = node.get("against")
    if against is not None and sourcing.against not in known:
        yield unknown(str(sourcing.against), known, against.place)
    for mix in node.each("mixes"):
        shares = mix.get("shares")
        for name, place in shares.key_places.items() if shares else ():
            if name not in known:
                yield unknown(name, known, place)


def _bad_level(sourcing: Sourcing, node: Node) -> Iterator[Problem]:
    where = node.get("level")
    if where is not None and not 0 < sourcing.level < 1:
        yield _bad(where, "区间水平须在 0 与 100% 之间。", "A level lies between 0 and 100 %.",
                   "请写成 95%。", "Write 95%.")  # fmt: skip


def _not_shared(sourcing: Sourcing, node: Node) -> Iterator[Problem]:
    names = {shared_name(one.name) for one in inputs_of(sourcing)}
    for item in node.each("shared"):
        if str(item.value) not in names:
            yield unknown(str(item.value), names, item.place)


def _option(option: Option, at: Node) -> Iterator[Problem]:
    yield from _resolution(option, at)
    yield from _bounds(option, at)
    yield from _same_line_twice(option.costs, at.each("costs"))
    yield from _same_price_twice(option.price, at.each("price"))
    yield from _stated_and_not(option, at)
    for cost, where in zip(option.costs, at.each("costs"), strict=True):
        yield from _cost(cost, where, option)
    for price, where in zip(option.price, at.each("price"), strict=True):
        yield from _price(price, where, option)
    yield from _needed(option, at)


def _resolution(option: Option, at: Node) -> Iterator[Problem]:
    if option.resolved is None and option.without_repeat is None:
        yield missing("resolved", Text("一次性解决率", "share of contacts that resolve the issue"), at.place)
    if option.resolved is not None and option.without_repeat is not None:
        yield _bad(at.get("without_repeat") or at, "解决率写了两种。", "The share resolved is stated in two ways.",
                   "请只保留 resolved 或 without_repeat。", "Keep resolved or without_repeat.")  # fmt: skip


def _bounds(option: Option, at: Node) -> Iterator[Problem]:
    if option.most > 1 or option.least > option.most:
        where = at.get("most") or at.get("least") or at
        yield _bad(where, "占比上下限不成立。", "These bounds leave no share.",
                   "请使 least 不大于 most，且 most 不超过 100%。",
                   "Let least be no more than most, and most no more than 100%.")  # fmt: skip


def _same_line_twice(costs: Iterable[Cost], nodes: list[Node]) -> Iterator[Problem]:
    seen: set[str] = set()
    for cost, where in zip(costs, nodes, strict=True):
        if cost.key in seen:
            yield _bad(where, f"“{cost.item}”按 {cost.per} 写了两次。",
                       f'"{cost.item}" per {cost.per} is written twice.',
                       "请合并为一行。", "Make them one line.")  # fmt: skip
        seen.add(cost.key)


def _same_price_twice(prices: Iterable[Price], nodes: list[Node]) -> Iterator[Problem]:
    seen: set[str] = set()
    for price, where in zip(prices, nodes, strict=True):
        if price.kind in seen:
            yield _bad(where, f"{price.kind} 计价写了两次。", f"The price {price.kind} is written twice.",
                       "请合并为一项。", "Make them one price.")  # fmt: skip
        seen.add(price.kind)


def _stated_and_not(option: Option, at: Node) -> Iterator[Problem]:
    """An item that has a line and is also said not to arise, or to be inside another."""
    stated = {cost.item for cost in option.costs}
    for part in ("none", "included"):
        for node in at.each(part):
            if node.value in stated:
                yield _bad(node, f"“{node.value}”既有金额，又写在 {part} 中。",
                           f'"{node.value}" has an amount and is also under {part}.',
                           "请只保留一处。", "Keep one of the two.")  # fmt: skip
    both = {str(node.value) for node in at.each("none")} & {str(node.value) for node in at.each("included")}
    for node in at.each("included"):
        if node.value in both:
            yield _bad(node, f"“{node.value}”写在 none 和 included 两处。",
                       f'"{node.value}" is under none and included.',
                       "请只保留一处。", "Keep one of the two.")  # fmt: skip


def _cost(cost: Cost, at: Node, option: Option) -> Iterator[Problem]:
    amount, per = at.get("amount") or at, at.get("per") or at
    if cost.amount.share != (cost.per in SHARES_OF):
        if cost.amount.share:
            yield _bad(amount, "占比只能用于 per: wage 或 per: price。", "A share needs per: wage or per: price.",
                       "请写成金额，或改 per。", "Write an amount of money, or change per.")  # fmt: skip
        else:
            yield _bad(amount, f"per: {cost.per} 需要占比。", f"per: {cost.per} needs a share.",
                       "请写成 38%..42%..46%。", "Write 38%..42%..46%.")  # fmt: skip
    if cost.per == "price" and not option.price:
        yield _bad(per, "该方案没有计价。", "This option has no price.", "请加上 price:，或改 per。",
                   "Add price:, or change per.")  # fmt: skip
    if cost.per == "wage" and not any(one.item == "wage" and one.per != "wage" for one in option.costs):
        yield _bad(per, "该方案没有工资项。", "This option has no wage.", "请加上 item: wage，或改 per。",
                   "Add an item wage, or change per.")  # fmt: skip
    yield from _without_effect(cost, at)


def _without_effect(cost: Cost, at: Node) -> Iterator[Problem]:
    idle = {
        "month": cost.month is not None and cost.per not in ("once", "first_agent"),
        "each": cost.each is not None and cost.per in (*SHARES_OF, *ONE_OFF, "month"),
        "rise": at.get("rise") is not None and cost.per in (*SHARES_OF, *ONE_OFF),
    }
    for name in (name for name, found in idle.items() if found):
        yield _bad(at.get(name) or at, f"{name} 在 per: {cost.per} 处不起作用。",
                   f"{name} does nothing with per: {cost.per}.",
                   f"请去掉 {name}。", f"Remove {name}.")  # fmt: skip


def _price(price: Price, at: Node, option: Option) -> Iterator[Problem]:
    if option.form != "outsourced":
        yield _bad(at, "只有外包方案有乙方计价。", "Only an outsourced option has a vendor's price.",
                   "请改为 form: outsourced，或写成 costs。", "Write form: outsourced, or costs.")  # fmt: skip
    if isinstance(price, Seats) and price.seats is not None and at.get("minimum") is not None:
        yield _bad(at.get("minimum") or at, "约定席位已含保底。", "Agreed seats are paid anyway: minimum does nothing.",
                   "请去掉 minimum。", "Remove minimum.")  # fmt: skip
    if isinstance(price, TwoTier):
        yield from _two_tier(price, at)


def _two_tier(price: TwoTier, at: Node) -> Iterator[Problem]:
    if (price.good_share is None) == (price.target is None):
        yield _bad(at, "两档计价需要 good_share 或 target 之一。", "Two tiers need good_share or target, one of them.",
                   '请写 good_share: 80%..87%..92% 或 target: ">= 72%"。',
                   'Write good_share: 80%..87%..92%, or target: ">= 72%".')  # fmt: skip
    target = price.target
    if target is not None and (target.at_most or target.at_least is None or target.at_least.unit != "%"):
        yield _bad(at.get("target") or at, "解决率目标须为下限。", "A target of resolution is a least share.",
                   '请写成 ">= 72%"。', 'Write ">= 72%".')  # fmt: skip
    if price.good.mid < price.otherwise.mid:
        yield _bad(at, "达标单价低于未达标单价。", "The rate for good quality is below the other one.",
                   "请对调 good 和 otherwise。", "Swap good and otherwise.")  # fmt: skip


def _needed(option: Option, at: Node) -> Iterator[Problem]:
    """Terms that a basis is counted with and that are not there; each is told once, with who needs it."""
    uses = [(cost.per, cost.item) for cost in option.costs]
    uses += [(PRICE_UNITS.get(price.kind, price.kind), "price") for price in option.price if not _agreed(price)]
    if option.form == "dispatched":
        uses.append(("agent_month", "dispatch_law"))
    told: set[str] = set()
    for basis, item in uses:
        for name in BASES[basis].needs:
            if name != "resolved" and getattr(option, name) is None and name not in told:
                told.add(name)
                yield _bad(at, f"缺少 {name}：{ITEMS.get(item, Text('价款', '')).zh} 按 {basis} 计算需要它。",
                           f"{name} is missing: {item} per {basis} is counted with it.",
                           f"请加上 {name}:。", f"Add {name}:.")  # fmt: skip


def _agreed(price: Price) -> bool:
    return isinstance(price, Seats) and price.seats is not None
