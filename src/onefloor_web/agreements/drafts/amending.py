"""How a form edits an amendment: it shows the whole terms as they would be; what is written is only what changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onefloor.agreements.terms.agreement import written_versions
from onefloor.agreements.terms.places import Node
from onefloor.agreements.terms.reading import terms_of
from onefloor.agreements.terms.version import Terms

BODY = tuple(terms_of(Terms))
OWN = ("from", "note", "until")


def amended(source: Node) -> tuple[dict[str, Any], dict[str, Any]]:
    """The terms before the newest amendment and with it, as data.

    Raises:
        Problems, BadTerm: an amendment has no date, or removes what is not there.
    """
    versions = written_versions(source)
    return versions[-2].as_data(), versions[-1].as_data()


def entry(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What an amendment has to say so that ``before`` becomes ``wanted``."""
    found: dict[str, Any] = {"from": wanted.get("from")} | ({"note": wanted["note"]} if wanted.get("note") else {})
    gone = [number for name in BODY for number in _gone(before.get(name), wanted.get(name))]
    for name in BODY:
        if name not in ("from", "note") and before.get(name) != wanted.get(name):
            said = _difference(before.get(name), wanted.get(name))
            found |= {} if said == [] else {name: said}
    return {**found, **({"remove": gone} if gone else {})}


def _difference(before: Any, wanted: Any) -> Any:
    """The least that, merged into ``before``, gives ``wanted``; None removes."""
    if isinstance(before, dict) and isinstance(wanted, dict) and before.get("kind") == wanted.get("kind"):
        changed = {
            name: _difference(before.get(name), part) for name, part in wanted.items() if before.get(name) != part
        }
        return {**changed, **{name: None for name in before if name not in wanted}}
    if _identified(before) and (_identified(wanted) or not wanted):
        known = {item["id"]: item for item in before}
        return [
            {"id": item["id"], **_difference(known[item["id"]], item)} if item["id"] in known else item
            for item in wanted or []
            if known.get(item["id"]) != item
        ]
    return wanted


def _gone(before: Any, wanted: Any) -> Iterable[str]:
    if not _identified(before) or not (_identified(wanted) or not wanted):
        return []
    staying = {item["id"] for item in wanted or []}
    return [item["id"] for item in before if item["id"] not in staying]


def _identified(value: Any) -> bool:
    """Whether the core merges a list by the numbers of its items."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and one.get("id") for one in value)


def place_of(data: Mapping[str, Any]) -> Sequence[str | int]:
    """Where the newest amendment stands."""
    return ("amendments", len(data["amendments"]) - 1)
