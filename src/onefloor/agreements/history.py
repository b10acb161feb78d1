"""The chain of statements: what earlier months found, and the digest of each statement it stands in.

Consecutive misses and earn-back look at earlier months. What a signed statement found then is taken from it, never
computed anew; the months before the first one are recomputed from facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from onefloor.agreements.statement import Carried, canonical_json
from onefloor.language import Text
from onefloor.money import plain
from onefloor.periods import Month
from onefloor.problems import MissingFile, Place, Problem

LARGEST: Final = 64 * 2**20  # bytes of one JSON file


class BadBundleFile(Problem):
    """A file of a bundle that cannot be read as what it should be."""

    def __init__(self, path: Path, why: Text) -> None:
        super().__init__(
            Text(f"证据包中的 {path.name} 无法识别。", f"{path.name} of this bundle cannot be read."),
            why=why,
            remedy=Text("请重新索取或重新生成证据包。", "Ask for the bundle again, or make it again."),
            where=Place(str(path)),
        )


class NotPrevious(Problem):
    """A bundle that cannot stand before the month to be settled."""

    def __init__(self, path: Path, found: str, wanted: str) -> None:
        super().__init__(
            Text(
                f"{path} 是 {found} 的结果，不是 {wanted} 之前的账期。",
                f"{path} holds {found}, not a month before {wanted}.",
            ),
            remedy=Text(
                "请指定同一协议、同一公司的上一账期。", "Name the same agreement's and company's month before."
            ),
            where=Place(str(path)),
        )


@dataclass(frozen=True, slots=True)
class Link:
    """One earlier statement: the SHA-256 of its ``statement.json``, what it carries, and what of that is other since.

    ``since`` holds the clauses whose credit or outcome was moved by credit notes and corrections (``carrying``).
    """

    statement: str
    carried: tuple[Carried, ...]
    since: tuple[Carried, ...] = ()

    @property
    def stands(self) -> tuple[Carried, ...]:
        """What later months go on from."""
        moved = {one.clause: one for one in self.since}
        known = {one.clause for one in self.carried}
        return (
            *(moved.get(one.clause, one) for one in self.carried),
            *(one for one in self.since if one.clause not in known),
        )


Chain = Mapping[Month, Link]


def carried_by_month(chain: Chain) -> dict[Month, tuple[Carried, ...]]:
    """What the settlement asks of earlier months."""
    return {month: link.stands for month, link in chain.items()}


def last_statement(chain: Chain) -> str:
    """The digest of the newest statement of a chain, '' of an empty one."""
    return chain[max(chain, key=lambda month: month.id)].statement if chain else ""


def chain_bytes(chain: Chain) -> bytes:
    """``history.json``."""
    return canonical_json({str(month): _link_json(link) for month, link in chain.items()})


def _link_json(link: Link) -> dict[str, Any]:
    found: dict[str, Any] = {
        "statement": link.statement,
        "carried": [carried_json(item) for item in link.carried],
    }
    return {**found, "since": [carried_json(item) for item in link.since]} if link.since else found


def carried_json(item: Carried) -> dict[str, str]:
    """What is carried of one clause, as canonical data."""
    return {"clause": item.clause, "outcome": item.outcome, "credit": plain(item.credit)}


def read_chain(path: Path) -> dict[Month, Link]:
    """The chain in a ``history.json``.

    Raises:
        BadBundleFile: it is not one.
    """
    data = read_json(path)
    try:
        return {Month.parse(month): _link(link) for month, link in sorted(data.items())}
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, Problem):
        raise BadBundleFile(path, Text("内容不符合格式。", "Its content is not of that form.")) from None


def _link(data: Mapping[str, Any]) -> Link:
    return Link(str(data["statement"]), carried_from(data["carried"]), carried_from(data.get("since", ())))


def carried_from(data: Iterable[Mapping[str, Any]]) -> tuple[Carried, ...]:
    """What is carried, from its canonical data; KeyError, TypeError, ValueError or InvalidOperation if it is not."""
    return tuple(Carried(str(one["clause"]), str(one["outcome"]), Decimal(str(one["credit"]))) for one in data)


def bundle_in(previous: Path) -> Path:
    """The bundle that a folder is, or holds."""
    return previous / "bundle" if (previous / "bundle").is_dir() else previous


def chain_after(previous: Path, *, agreement: str, company: str, month: Month) -> dict[Month, Link]:
    """The chain that a month continues: that of the previous month's bundle, and its own statement.

    Args:
        previous: a bundle, or the folder that holds one.
        agreement: code of the agreement that is settled now.
        company: the company that is settled now.
        month: the month that is settled now.

    Raises:
        MissingFile, BadBundleFile: there is no bundle, or it cannot be read.
        NotPrevious: it belongs to another agreement or company, or not to an earlier month.
    """
    folder = bundle_in(previous)
    path = folder / "statement.json"
    data = read_json(path)
    try:
        found = (data["agreement"], data["company"])
        its_month = Month.parse(data["month"])
        link = _link({"statement": sha256(path.read_bytes()).hexdigest(), "carried": data["carried"]})
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, Problem):
        raise BadBundleFile(path, Text("内容不是对账单。", "It is not a statement.")) from None
    if found != (agreement, company) or its_month.id >= month.id:
        raise NotPrevious(path, f"{found[0]} {found[1]} {its_month}", f"{agreement} {company} {month}")
    return {**read_chain(folder / "history.json"), its_month: link}


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of limited size; never follows a link out of the bundle.

    Raises:
        MissingFile, BadBundleFile.
    """
    if path.is_symlink() or not path.is_file():
        raise MissingFile(path)
    if path.stat().st_size > LARGEST:
        raise BadBundleFile(path, Text("文件过大。", "It is too large."))
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise BadBundleFile(path, Text("不是有效的 JSON。", "It is not JSON.")) from None
    if not isinstance(data, dict):
        raise BadBundleFile(path, Text("不是 JSON 对象。", "It is not a JSON object."))
    return data


def json_differences(expected: Any, found: Any, place: str = "") -> Iterator[tuple[str, str | None, str | None]]:
    """Where two JSON values differ: ``(place, expected, found)``, such as ``lines[2].amount``."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            yield from json_differences(expected.get(key), found.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(expected, list) and isinstance(found, list):
        for number, (before, now) in enumerate(zip_longest(expected, found)):
            yield from json_differences(before, now, f"{place}[{number}]")
    elif expected != found or type(expected) is not type(found):
        yield place, _shown(expected), _shown(found)


def _shown(value: Any) -> str | None:
    return None if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
