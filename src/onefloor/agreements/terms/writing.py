"""The text of an agreement changed at one place, by a form: everything else stays byte for byte, comments too.

Data is what ``Node.as_data`` gives: dicts, lists, texts and None. A change is made in the text itself, at the marks of
the parser; afterwards the text is read again, and a change that did not come out as asked is refused.
"""

from __future__ import annotations

import difflib
import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode, SequenceNode

from onefloor.agreements.terms.places import BadYaml, parsed_yaml
from onefloor.language import Text
from onefloor.problems import Problem

Path = Sequence[str | int]
WIDE: Final = 116
NAME: Final = re.compile(r"[a-z_]\w*|\d{4}-\d{2}")
NUMBER: Final = re.compile(r"[-+.\d][\d.,eE]*")
NUMBERED: Final = frozenset({"id", "clauses", "remove", "chosen", "pool"})
"""Terms that hold numbers of clauses: "4.10" must not look like a number to other programs."""


class CannotEdit(Problem):
    """The text is written in a way that this place cannot be changed without touching others."""

    def __init__(self) -> None:
        super().__init__(
            Text("此处的 YAML 写法无法通过表单修改。", "This place of the YAML cannot be changed by the form."),
            why=Text("改动会影响其他内容。", "The change would touch something else."),
            remedy=Text("请直接在 YAML 中修改。", "Change it in the YAML."),
        )


@dataclass(frozen=True, slots=True)
class _Cut:
    """Replace what lies between two indexes."""

    start: int
    end: int
    text: str


def rewritten(text: str, path: Path, data: Any, order: Sequence[str] = ()) -> str:
    """The text with other data at a place; what is equal keeps its layout.

    Args:
        text: YAML of a mapping.
        path: names and indexes from the top.
        data: what shall stand there; None for nothing, which removes it.
        order: the order of names in mappings that get a new one.

    Raises:
        CannotEdit: it cannot be done without touching something else.
        BadYaml: the text is not YAML.
    """
    before = parsed_yaml(text, "").as_data()
    wanted = _with(before, path, data)
    if wanted == before:
        return text
    root = YAML().compose(text)
    cuts = list(_changed(_Page(text, tuple(order)), root, None, before, wanted))
    return _checked(_cut(text, cuts), wanted)


def moved(text: str, path: Path, place: int, to: int) -> str:
    """The text with one item of a list at another place, its comments with it.

    Raises:
        CannotEdit: the list is written in a way that its items cannot be told apart by lines.
    """
    before = parsed_yaml(text, "").as_data()
    items = list(_at(before, path))
    items.insert(to, items.pop(place))
    node = _node_at(YAML().compose(text), path)
    if not isinstance(node, SequenceNode) or node.flow_style:
        return rewritten(text, path, items)
    page = _Page(text, ())
    blocks = [page.block(node, index) for index in range(len(node.value))]
    parts = [(text[start:body], text[body:end]) for start, body, end in blocks]
    bodies = [body for _blank, body in parts]
    bodies.insert(to, bodies.pop(place))
    fresh = "".join(blank + _ended(body) for (blank, _), body in zip(parts, bodies, strict=True))
    made = text[: blocks[0][0]] + fresh + text[blocks[-1][2] :]
    return _checked(made, _with(before, path, items))


def _ended(body: str) -> str:
    return body if body.endswith("\n") else body + "\n"


def _checked(made: str, wanted: Any) -> str:
    """What was made, if it says what was wanted."""
    try:
        found = parsed_yaml(made, "").as_data()
    except BadYaml:
        raise CannotEdit from None
    if found != wanted:
        raise CannotEdit
    return made


def _with(data: Any, path: Path, value: Any) -> Any:
    """The data with another value at a place, its containers made where they are absent."""
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(name, int):
        items = list(data or [])
        if value is None and not rest:
            return [one for index, one in enumerate(items) if index != name]
        return [_with(one, rest, value) if index == name else one for index, one in enumerate(items)] + (
            [_with(None, rest, value)] if name == len(items) else []
        )
    parts = dict(data or {})
    inner = _with(parts.get(name), rest, value)
    if inner is None:
        parts.pop(name, None)
        return parts
    return {**parts, name: inner}


def _at(data: Any, path: Path) -> Any:
    for name in path:
        data = data[name]
    return data


def _node_at(node: Any, path: Path) -> Any:
    for name in path:
        if isinstance(name, int):
            node = node.value[name]
        else:
            node = next(value for key, value in node.value if key.value == name)
    return node


@dataclass(frozen=True, slots=True)
class _Page:
    """A text, and where things stand in it."""

    text: str
    order: tuple[str, ...]

    def end(self, node: Any) -> int:
        """Behind the last character of a value; line ends and comments after it do not belong to it."""
        if not isinstance(node, ScalarNode) and not node.flow_style and node.value:
            last = node.value[-1]
            pair = isinstance(last, tuple)
            inner = self.end(last[1] if pair else last)
            return max(inner, self.colon(last[0])) if pair else inner
        start, end = node.start_mark.index, node.end_mark.index
        return int(start + len(self.text[start:end].rstrip()) if isinstance(node, ScalarNode) else end)

    def colon(self, key: Any) -> int:
        """Behind the colon of a key."""
        return self.text.index(":", key.end_mark.index) + 1

    def line_start(self, index: int) -> int:
        """Where the line begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Behind the end of the line."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def block(self, node: Any, index: int) -> tuple[int, int, int]:
        """The lines of an item: where blank lines above it begin, where its comments begin, where it ends."""
        item = node.value[index]
        end = self.line_end(self.end(item))
        dash = self.line_start(item.start_mark.index)
        start = dash if index == 0 else self.line_end(self.end(node.value[index - 1]))
        lead = self.text[start:dash]
        blank = len(lead) - len(lead.lstrip("\n"))
        return start, start + blank, end


def _cut(text: str, cuts: Iterable[_Cut]) -> str:
    """Apply from the back, so that indexes stay; what is put in at one index keeps its order."""
    for cut in sorted(cuts, key=lambda cut: (cut.start, cut.end))[::-1]:
        text = text[: cut.start] + cut.text + text[cut.end :]
    return text


def _changed(page: _Page, node: Any, key: Any, old: Any, new: Any) -> Iterator[_Cut]:
    """The cuts that make ``new`` of ``old`` at a value; ``key`` is the node of its name, None inside lists."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        yield from _changed_mapping(page, node, old, new)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _changed_list(page, node, key, old, new)
    elif isinstance(node, ScalarNode) and not isinstance(new, dict | list):
        yield _scalar(page, node, key, new)
    else:
        yield _replaced(page, node, key, new)


def _scalar(page: _Page, node: Any, key: Any, new: Any) -> _Cut:
    start, end = node.start_mark.index, page.end(node)
    name = key.value if key is not None else ""
    if start >= end or (node.style is None and not node.value):  # nothing was written
        start = end = page.colon(key) if key is not None else node.start_mark.index
        return _Cut(start, end, f" {_written(new, name)}")
    indent = (key.start_mark.column if key is not None else node.start_mark.column) + 2
    many = "\n" in page.text[start:end] or node.style in (">", "|")
    if many and isinstance(new, str) and len(new) > WIDE - indent and not _flow(page, node):
        return _Cut(start, end, _folded(new, indent))
    return _Cut(start, end, _quoted_as(node.style, new, name))


def _flow(page: _Page, node: Any) -> bool:
    """Whether the value stands inside brackets: more of them are opened before it in its line than closed."""
    before = page.text[page.line_start(node.start_mark.index) : node.start_mark.index]
    return before.count("{") + before.count("[") > before.count("}") + before.count("]")


def _replaced(page: _Page, node: Any, key: Any, new: Any) -> _Cut:
    """A whole value of another shape."""
    if key is None:
        column = node.start_mark.column
        return _Cut(node.start_mark.index, page.end(node), _block(new, column).lstrip("\n").lstrip(" ") or "~")
    start = page.colon(key)
    end = max(page.end(node), start)
    inside = _flow(page, key)
    value = f" {_inline(new)}" if inside else _value(key.value, new, key.start_mark.column)
    return _Cut(start, end, value)


def _changed_mapping(page: _Page, node: Any, old: dict[str, Any], new: dict[str, Any]) -> Iterator[_Cut]:
    pairs = {str(key.value): (key, value) for key, value in node.value}
    gone = [name for name in old if name not in new]
    if set(gone) == set(old):
        raise CannotEdit
    for name in old:
        if name in new:
            key, value = pairs[name]
            yield from _changed(page, value, key, old[name], new[name])
    yield from (_dropped(page, node, list(pairs).index(name)) for name in gone)
    yield from (_added(page, node, pairs, name, new, gone) for name in new if name not in old)


def _added(page: _Page, node: Any, pairs: dict[str, Any], name: str, new: dict[str, Any], gone: list[str]) -> _Cut:
    """A pair more, behind the one that comes before it in the order; else behind the last."""
    staying = [one for one in pairs if one not in gone]
    before = _before(page.order, name)
    behind = next((one for one in reversed(staying) if one in before), staying[-1] if name not in page.order else None)
    key, value = pairs[behind or staying[0]]
    if node.flow_style:
        at = max(page.end(value), page.colon(key))
        return _Cut(at, at, f", {name}: {_inline(new[name], name)}")
    column = key.start_mark.column
    line = f"{name}:{_value(name, new[name], column)}"
    if behind is None and page.line_start(key.start_mark.index) == key.start_mark.index - column:
        blank = page.text[page.line_start(key.start_mark.index) : key.start_mark.index]
        if not blank.strip():
            return _Cut(key.start_mark.index, key.start_mark.index, f"{line}\n{' ' * column}")
    at = page.line_end(max(page.end(value), page.colon(key)))
    if not page.text[:at].endswith("\n"):
        return _Cut(at, at, f"\n{' ' * column}{line}")
    return _Cut(at, at, f"{' ' * column}{line}\n")


def _before(order: Sequence[str], name: str) -> frozenset[str]:
    return frozenset(order[: order.index(name)]) if name in order else frozenset()


def _dropped(page: _Page, node: Any, index: int) -> _Cut:
    """A pair less, with its lines; the dash of a list's item stays."""
    key, value = node.value[index]
    end = max(page.end(value), page.colon(key))
    if node.flow_style:
        return _without_comma(page, node, index, key.start_mark.index, end)
    start = page.line_start(key.start_mark.index)
    if page.text[start : key.start_mark.index].strip():  # behind a dash
        if index + 1 == len(node.value):
            raise CannotEdit
        return _Cut(key.start_mark.index, node.value[index + 1][0].start_mark.index, "")
    return _Cut(_with_comments(page, start, key.start_mark.column), page.line_end(end), "")


def _with_comments(page: _Page, start: int, column: int) -> int:
    """Where the comments begin that stand right above a line, in its own column; never those on top of the file."""
    while start > 0:
        above = page.line_start(start - 1)
        if above == 0 or not page.text[above:start].startswith(" " * column + "#"):
            return start
        start = above
    return start


def _without_comma(page: _Page, node: Any, index: int, start: int, end: int) -> _Cut:
    if index + 1 < len(node.value):
        after = node.value[index + 1]
        return _Cut(start, (after[0] if isinstance(after, tuple) else after).start_mark.index, "")
    if index:
        before = node.value[index - 1]
        return _Cut(page.end(before[1] if isinstance(before, tuple) else before), end, "")
    return _Cut(start, end, "")


def _changed_list(page: _Page, node: Any, key: Any, old: list[Any], new: list[Any]) -> Iterator[_Cut]:
    if not isinstance(node, SequenceNode):  # one value without brackets
        yield _replaced(page, node, key, new)
        return
    column = node.start_mark.column
    for tag, a, b, c, d in _steps(old, new):
        both = min(b - a, d - c) if tag == "replace" else 0
        for index in range(both):
            yield from _changed(page, node.value[a + index], None, old[a + index], new[c + index])
        yield from (_without_item(page, node, index, len(new)) for index in range(a + both, b) if tag != "equal")
        more = new[c + both : d] if tag != "equal" else []
        if more:
            yield _more_items(page, node, a + both, more, column, key)


def _steps(old: list[Any], new: list[Any]) -> Iterator[tuple[str, int, int, int, int]]:
    """How one list becomes the other: items with the same number are the same item, whatever else changed in them."""
    before, after = ([_identity(one) for one in items] for items in (old, new))
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (("replace", a + i, a + i + 1, c + i, c + i + 1) for i in range(b - a))
        else:
            yield tag, a, b, c, d


def _identity(item: Any) -> str:
    number = item.get("id") if isinstance(item, dict) else None
    return f"id {number}" if number else json.dumps(item, sort_keys=True)


def _without_item(page: _Page, node: Any, index: int, left: int) -> _Cut:
    if not left:
        raise CannotEdit
    item = node.value[index]
    if node.flow_style:
        return _without_comma(page, node, index, item.start_mark.index, page.end(item))
    start, _comments, end = page.block(node, index)
    return _Cut(start, end, "")


def _more_items(page: _Page, node: Any, index: int, items: list[Any], column: int, key: Any) -> _Cut:
    name = key.value if key is not None else ""
    if node.flow_style:
        said = ", ".join(_inline(one, name) for one in items)
        if index < len(node.value):
            at = node.value[index].start_mark.index
            return _Cut(at, at, f"{said}, ")
        at = page.end(node.value[-1])
        return _Cut(at, at, f", {said}")
    lines = "".join(f"{' ' * column}- {_item(one, column + 2, name)}\n" for one in items)
    if index < len(node.value):
        at = page.block(node, index)[1]
        return _Cut(at, at, lines)
    at = page.line_end(page.end(node.value[-1]))
    return _Cut(at, at, lines if page.text[:at].endswith("\n") else f"\n{lines}")


def emitted(data: Any) -> str:
    """Data as a YAML text of its own, as agreements are written here."""
    return _block(data, 0).lstrip("\n") + "\n"


def _value(name: str, value: Any, column: int) -> str:
    """What follows the colon of a name that stands in this column."""
    if isinstance(value, dict | list) and value and not _short(value):
        return _block(value, column + 2)
    said = _inline(value, name)
    if isinstance(value, str) and len(said) + column + len(name) > WIDE and " " in value and "\n" not in value:
        return f" {_folded(value, column + 2)}"
    return f" {said}"


def _short(value: Any) -> bool:
    """Whether it is written in one line: a mapping or list of single values, or of lists of these."""
    parts = value.values() if isinstance(value, dict) else value
    simple = all(_single(one) or (isinstance(one, list) and all(map(_single, one))) for one in parts)
    return simple and len(_inline(value)) <= WIDE - 24


def _single(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _block(value: Any, column: int) -> str:
    """A mapping or list in lines of its own, beginning with a line end."""
    if not isinstance(value, dict | list) or not value:
        return f"\n{' ' * column}{_inline(value)}"
    if isinstance(value, list):
        return "".join(f"\n{' ' * column}- {_item(one, column + 2)}" for one in value)
    return "".join(f"\n{' ' * column}{_key(name)}:{_value(name, part, column)}" for name, part in value.items())


def _item(value: Any, column: int, name: str = "") -> str:
    """An item behind its dash."""
    if isinstance(value, dict | list) and value and not _short(value):
        return _block(value, column)[1 + column :]
    return _inline(value, name)


def _inline(value: Any, name: str = "") -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(one)}: {_inline(part, one)}" for one, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(one, name) for one in value) + "]"
    return _written(value, name)


def _key(name: str) -> str:
    return name if NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _written(value: Any, name: str = "") -> str:
    """A single value: plain where that reads the same, also inside brackets; else in quotes."""
    if value is None:
        return "~"
    text = str(value)
    if name in NUMBERED and NUMBER.fullmatch(text):
        return f'"{text}"'
    return text if _reads_plain(text) else _double(text)


def _double(text: str) -> str:
    """Double quotes; line separators that YAML takes for line ends are written out."""
    said = json.dumps(text, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", said)


def _quoted_as(style: str | None, value: Any, name: str) -> str:
    """As it was written before, if that can be."""
    if not isinstance(value, str):
        return _written(value, name)
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return _double(value) if style in ("'", '"') else _written(value, name)


def _reads_plain(text: str) -> bool:
    if not text or not text.isprintable() or text != text.strip() or text[0] in "-?:,[]{}#&*!|>'\"%@`":
        return text[:1] == "-" and bool(NUMBER.fullmatch(text)) and text != "-"
    if any(mark in text for mark in (": ", " #", ",", "[", "]", "{", "}")) or text.endswith(":"):
        return False
    if text in ("~", "null", "Null", "NULL", "...", "<<", "="):
        return False
    try:
        found = YAML().compose(f"[{text}]\n")
    except (YAMLError, ValueError):
        return False
    one = found.value[0] if isinstance(found, SequenceNode) and len(found.value) == 1 else None
    return isinstance(one, ScalarNode) and one.style is None and one.value == text


def _folded(text: str, column: int) -> str:
    """A long text in folded lines: ``>-``; Chinese has no spaces and stays in one."""
    if not text.isprintable() or text != text.strip() or "  " in text:
        return _double(text)
    lines = textwrap.wrap(text, max(WIDE - column, 40), break_long_words=False, break_on_hyphens=False)
    return ">-\n" + "\n".join(" " * column + line for line in lines)
