"""The parts of an agreement as an editor lists them: its head, its terms, then every price, clause, duty and so on.

Which parts there are is read from the declarations of the terms; a part is named as ``clauses:4.2`` in addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from onefloor.agreements.rendering.options import form_title
from onefloor.agreements.terms.agreement import Parties
from onefloor.agreements.terms.places import Node
from onefloor.agreements.terms.reading import Kind, terms_of
from onefloor.agreements.terms.version import Terms
from onefloor.language import Text, same

HEAD, WHOLE = "head", "terms"
TITLES: Final = {HEAD: Text("双方与货币", "Parties and currency"), WHOLE: Text("总则", "General terms")}
ORDER: Final = (*terms_of(Parties), *terms_of(Terms), "amendments")


@dataclass(frozen=True, slots=True)
class Part:
    """One part. ``path`` leads to its data; ``first`` and ``last`` are its lines, 0 where it is written nowhere."""

    key: str
    section: str
    title: Text
    form: type
    path: tuple[str | int, ...]
    first: int = 0
    last: int = 0
    number: str = ""

    @property
    def single(self) -> bool:
        """Whether it is one of a list, which can be moved and removed."""
        return len(self.path) == 2


def sections() -> dict[str, Kind]:
    """The names under which an agreement has parts of their own, with the kind of each."""
    return {name: kind for name, field in terms_of(Terms).items() if _forms(kind := field.metadata["kind"])}


def _forms(kind: Kind) -> Mapping[str, type]:
    return kind.item.forms if kind.item else kind.forms


def forms_of(section: str) -> Mapping[str, type]:
    """What can be added to a section: the dataclass by its ``kind``, by '' where there is only one."""
    return _forms(sections()[section])


def section_title(section: str) -> Text:
    """What a section is called."""
    if section in TITLES:
        return TITLES[section]
    meaning = terms_of(Terms)[section].metadata["meaning"]
    return Text(meaning.zh, section.replace("_", " ").capitalize())


def is_list(section: str) -> bool:
    """Whether a section holds several parts."""
    return sections()[section].item is not None


def parts_of(data: Mapping[str, Any], places: Node | None = None) -> list[Part]:
    """All parts there are, in the order of an agreement; lines from the node where it is given."""
    found = [
        Part(HEAD, HEAD, TITLES[HEAD], Parties, (), *_span(places, terms_of(Parties))),
        Part(WHOLE, WHOLE, TITLES[WHOLE], Terms, (), *_span(places, set(terms_of(Terms)) - set(sections()))),
    ]
    return found + [part for section in sections() for part in _parts(section, data.get(section), places)]


def _parts(section: str, written: Any, places: Node | None) -> Iterator[Part]:
    forms, node = forms_of(section), places.get(section) if places else None
    if not is_list(section):
        if isinstance(written, dict):
            first, last = _lines(node)
            yield Part(section, section, section_title(section), forms[""], (section,), first, last)
        return
    items = written if isinstance(written, list) else [written] if written else []
    seen: set[str] = set()
    for index, item in enumerate(items if isinstance(written, list) else []):
        if isinstance(item, dict):
            number = _number(item)
            key = f"{section}:{number}" if number and number not in seen else f"{section}:#{index}"
            seen.add(number)
            inner = node.items[index] if node and index < len(node.items) else None
            form = forms.get(str(item.get("kind", "")) if "" not in forms else "", next(iter(forms.values())))
            yield Part(key, section, _title(item, form), form, (section, index), *_lines(inner), number=number)


def _number(item: Mapping[str, Any]) -> str:
    found = item.get("id") or item.get("duty")
    return found if isinstance(found, str) else ""


def _title(item: Mapping[str, Any], form: type) -> Text:
    title = item.get("title") or item.get("text")
    if isinstance(title, dict):
        zh, en = title.get("zh"), title.get("en")
        return Text(str(zh or en or ""), str(en or zh or ""))
    return same(title) if isinstance(title, str) else form_title(form)


def _span(places: Node | None, names: Any) -> tuple[int, int]:
    """The lines of some names of the top."""
    if places is None or not isinstance(places.value, dict):
        return 0, 0
    lines = [_lines(part, places.key_places.get(name)) for name, part in places.value.items() if name in names]
    return (min(first for first, _ in lines), max(last for _, last in lines)) if lines else (0, 0)


def _lines(node: Node | None, key: Any = None) -> tuple[int, int]:
    """First and last line of what is written, 0 where it is not."""
    if node is None:
        return 0, 0
    own = (key or node.place).line or 0
    children = list(node.value.values()) if isinstance(node.value, dict) else node.items if node.value else []
    inner = [] if node.items == [node] and not isinstance(node.value, dict) else children
    return own, max([own, node.place.line or 0, *(_lines(part)[1] for part in inner)])


def part_named(parts: Sequence[Part], key: str) -> Part:
    """The part of an address; the first one for a name that is not there."""
    return next((part for part in parts if part.key == key), parts[0])


def part_at(parts: Sequence[Part], line: int) -> Part | None:
    """The part that is written on a line: the innermost."""
    found = [part for part in parts if part.first <= line <= part.last]
    return min(found, key=lambda part: part.last - part.first, default=None)


def data_at(data: Mapping[str, Any], part: Part) -> dict[str, Any]:
    """The data of one part."""
    if part.key == HEAD:
        return {name: value for name, value in data.items() if name in terms_of(Parties)}
    if part.key == WHOLE:
        return {name: value for name, value in data.items() if name in terms_of(Terms) and name not in sections()}
    found: Any = data
    for name in part.path:
        found = found[name]
    return dict(found)


def with_part(data: Mapping[str, Any], part: Part, new: Mapping[str, Any]) -> dict[str, Any]:
    """The data with other data of one part."""
    if not part.path:
        old = data_at(data, part)
        return {**{name: value for name, value in data.items() if name not in old}, **new}
    if not part.single:
        return {**data, part.section: dict(new)}
    items = [dict(new) if index == part.path[1] else item for index, item in enumerate(data[part.section])]
    return {**data, part.section: items}


def next_number(data: Mapping[str, Any], section: str) -> str:
    """A number that no part has yet, next to the last one of its section."""
    used = {_number(item) for name in sections() for item in _items(data.get(name))}
    last = next((_number(item) for item in reversed(_items(data.get(section))) if _number(item)), "")
    head, dot, tail = last.rpartition(".")
    start = int(tail) if tail.isdigit() else 0
    base = f"{head}{dot}" if tail.isdigit() else f"{section}_"
    return next(f"{base}{count}" for count in range(start + 1, start + 1000) if f"{base}{count}" not in used)


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
