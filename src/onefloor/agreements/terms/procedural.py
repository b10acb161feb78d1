"""What has to fit together in the terms of procedure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.version import Terms
from onefloor.language import Text


def procedural(terms: Terms, node: Node) -> Iterator[BadTerm]:
    """Every contradiction in the calendar, the clocks and the renewal, at its place."""
    yield from _calendar(terms, node)
    yield from _clocks(terms, node)
    if terms.renewal is not None and terms.until is None:
        what = Text("没有终止日（until），续约不会发生。", "Without an end (until) nothing is ever renewed.")
        yield _wrong(node.get("renewal"), node, what, Text("请写 until。", "Write until."))


def _calendar(terms: Terms, node: Node) -> Iterator[BadTerm]:
    """Hours that overlap would count twice; a day cannot be both off and worked."""
    if terms.calendar is None:
        return
    where = node.get("calendar") or node
    if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(terms.calendar.hours))):
        remedy = Text("请写成不重叠的时段。", "Write spans apart, such as 09:00-12:00 and 13:30-18:00.")
        yield _wrong(where.get("hours"), where, Text("工作时间有重叠。", "Working hours overlap."), remedy)
    for day in sorted(set(terms.calendar.holidays) & set(terms.calendar.workdays)):
        what = Text(f"{day} 既是节假日又是上班日。", f"{day} is both a holiday and a workday.")
        yield _wrong(where.get("workdays"), where, what, Text("请只保留一处。", "Keep it in one of the two."))


def _clocks(terms: Terms, node: Node) -> Iterator[BadTerm]:
    """A clock has exactly one end, and a duty one clock."""
    written = node.get("clocks")
    seen: set[str] = set()
    for item, one in zip(written.items if written else [], terms.clocks, strict=True):
        if (one.within is None) == (one.before is None):
            what = Text(f"义务 {one.duty} 需要 within 或 before。", f"The clock of {one.duty} needs within or before.")
            yield _wrong(None, item, what, Text("请写其中一项。", "Write one of the two."))
        if one.duty in seen:
            what = Text(f"义务 {one.duty} 有两个时限。", f"The duty {one.duty} has two clocks.")
            yield _wrong(item.get("duty"), item, what, Text("请只保留一个。", "Keep one of them."))
        seen.add(one.duty)


def _wrong(node: Node | None, around: Node, what: Text, remedy: Text) -> BadTerm:
    return BadTerm(what, remedy=remedy, where=(node or around).place)
