"""The form of a part, made from the declarations of the terms: nothing here knows any kind of clause.

A form shows the texts as they are written; what the form posts becomes data again, and that is written into the text.
Data of a shape a field cannot show is left as it is.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import pgettext_lazy

from onefloor.agreements.rendering.options import FLAGS, form_title, option
from onefloor.agreements.terms.reading import Kind, terms_of
from onefloor.agreements.terms.values import FLAG, LOCKED, REFERENCE, SCOPE, SCOPES, TEXT, UNASSIGNED
from onefloor.language import Text
from onefloor.metrics.tables import TITLES
from onefloor_web.platform.pages.formats import begin, say

PREFIX: Final = "f."
USUAL: Final = ("queue", "skill", "topic")
PAIR: Final = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of the form.

    Attributes:
        name: what it posts, with the way to it: ``f.bands.0.to``.
        code: its name in the YAML.
        widget: text, area, lines, choice; pair and group hold ``parts``, rows hold ``rows``, the last one empty.
        kept: whether it is written in a shape that a form cannot show; it is then left alone.
    """

    name: str
    label: str
    code: str
    widget: str
    help: str = ""
    value: str = ""
    required: bool = False
    placeholder: str = ""
    suggest: str = ""
    kept: bool = False
    options: tuple[tuple[str, str], ...] = ()
    parts: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    more: tuple[Field, ...] = ()

    @property
    def key(self) -> str:
        """For an ``id``."""
        return re.sub(r"\W", "-", self.name)


def fields_of(form: type, data: Mapping[str, Any], *, prefix: str = PREFIX, without: Iterable[str] = ()) -> list[Field]:
    """The fields of a dataclass of terms, filled with what is written."""
    names = {name: field for name, field in terms_of(form).items() if name not in without}
    return [_field(name, field, data.get(name), prefix) for name, field in names.items()]


def _field(name: str, declared: dataclasses.Field[Any], value: Any, prefix: str) -> Field:
    kind, meaning = declared.metadata["kind"], declared.metadata["meaning"]
    label = say(Text(meaning.zh, name.replace("_", " ").capitalize()))
    help_ = say(Text("", begin(meaning)))
    required = declared.default is dataclasses.MISSING
    made = Field(prefix + name, label, name, "text", help_, required=required, placeholder=_example(kind))
    if not fits(kind, value):
        return dataclasses.replace(made, kept=True)
    return dataclasses.replace(made, **_shown(kind, value, declared.default, f"{prefix}{name}."))


def fits(kind: Kind, value: Any) -> bool:
    """Whether a form can show data of this shape."""
    if value is None:
        return True
    if kind is TEXT:
        return isinstance(value, str) or (isinstance(value, dict) and all(isinstance(v, str) for v in value.values()))
    if kind is SCOPE or (kind.forms and not kind.item):
        return isinstance(value, dict)
    if kind is LOCKED:
        return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    if kind.item and kind.item.forms:
        return isinstance(value, list) and len(value) < MOST_ROWS and all(isinstance(one, dict) for one in value)
    if kind.item or kind is UNASSIGNED:
        return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    return isinstance(value, str)


def _shown(kind: Kind, value: Any, default: Any, prefix: str) -> dict[str, Any]:
    """How a value of a kind stands in the form."""
    if kind.options or kind is FLAG:
        return {"widget": "choice", "value": value or "", "options": _options(kind, default)}
    if kind is TEXT:
        return {"widget": "pair", "parts": tuple(_language(code, value, prefix) for code in PAIR)}
    if kind is SCOPE:
        return {"widget": "group", **_scope(value or {}, prefix)}
    if kind is LOCKED:
        return {"widget": "lines", "value": "\n".join(f"{name}: {count}" for name, count in (value or {}).items())}
    if kind.item and kind.item.forms:
        return {"widget": "rows", "rows": _rows(kind.item.forms[""], value or [], prefix)}
    if kind.forms:
        return {"widget": "group", "parts": tuple(fields_of(kind.forms[""], value or {}, prefix=prefix))}
    if kind.item or kind is UNASSIGNED:
        items = value if isinstance(value, list) else [value] if value else []
        return {"widget": "lines", "value": "\n".join(items)}
    return {"value": value or "", "suggest": "metrics" if kind is REFERENCE else ""}


def _options(kind: Kind, default: Any) -> tuple[tuple[str, str], ...]:
    words = {code: say(option(code)) for code in kind.options} or {str(k).lower(): say(v) for k, v in FLAGS.items()}
    usual = words.get(str(default).lower())
    nothing = say(Text(f"未写（{usual}）", f"not written ({usual})")) if usual else "–"
    return (("", nothing), *words.items())


def _language(code: str, value: Any, prefix: str) -> Field:
    said = value if isinstance(value, str) else (value or {}).get(code, "")
    return Field(f"{prefix}{code}", say(PAIR[code]), code, "area", value=said)


def _scope(value: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    usual: list[Field] = []
    more: list[Field] = []
    for name in (*SCOPES, "unassigned"):
        written = value.get(name)
        title = TITLES.get(name, Text("无归属话务", "Rows that are nobody's"))
        items = written if isinstance(written, list) else [written] if written else []
        kept = not all(isinstance(one, str) for one in items)
        made = Field(f"{prefix}{name}", begin(title), name, "lines", suggest=name, kept=kept,
                     value="" if kept else "\n".join(items))  # fmt: skip
        (usual if name in USUAL or written else more).append(made)
    return {"parts": tuple(usual), "more": tuple(more)}


def _rows(form: type, items: list[Mapping[str, Any]], prefix: str) -> tuple[tuple[Field, ...], ...]:
    return tuple(
        tuple(fields_of(form, item, prefix=f"{prefix}{index}.")) for index, item in enumerate([*items, {}])
    )  # fmt: skip


EXAMPLES: Final = {
    "name": pgettext_lazy("what to write", "name"), "money": pgettext_lazy("what to write", "amount"),
    "number": pgettext_lazy("what to write", "number"), "date": pgettext_lazy("what to write", "date"),
    "month": pgettext_lazy("what to write", "month"), "scope": pgettext_lazy("what to write", "scope"),
    "number above 0": pgettext_lazy("what to write", "number above 0"),
    "whole number": pgettext_lazy("what to write", "whole number"),
    "whole number above 0": pgettext_lazy("what to write", "whole number above 0"),
    "share, such as 10%": pgettext_lazy("what to write", "share, such as 10%"),
    "metric reference": pgettext_lazy("what to write", "metric"),
    "month: contacts": pgettext_lazy("what to write", "month: contacts"),
}  # fmt: skip
"""The core's names of kinds of values, as a field asks for them; those that are examples say themselves."""


def _example(kind: Kind) -> str:
    if kind.options or kind.item or kind.forms or kind is TEXT:
        return ""
    said = kind.name.split(" | ")[0]
    return str(EXAMPLES.get(said, said))


def data_of(form: type, old: Mapping[str, Any], posted: Mapping[str, str], *, prefix: str = PREFIX) -> dict[str, Any]:
    """What a form says, as data; names that the form does not know, and what it could not show, stay as they were."""
    found = dict(old)
    for name, declared in terms_of(form).items():
        kind = declared.metadata["kind"]
        if fits(kind, old.get(name)) and _is_posted(posted, f"{prefix}{name}"):
            value = _posted(kind, old.get(name), posted, f"{prefix}{name}")
            found = {**found, name: value} if value not in (None, "", [], {}) else _less(found, name)
    return found


def _less(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


def _is_posted(posted: Mapping[str, str], name: str) -> bool:
    return name in posted or any(key.startswith(f"{name}.") for key in posted)


def _posted(kind: Kind, old: Any, posted: Mapping[str, str], name: str) -> Any:
    if kind is TEXT:
        return _words(posted, name, old)
    if kind is SCOPE:
        return _posted_scope(old or {}, posted, name)
    if kind is LOCKED:
        pairs = [line.partition(":") for line in lines(posted.get(name, ""))]
        return {month.strip(): count.strip() for month, _, count in pairs}
    if kind.item and kind.item.forms:
        return _posted_rows(kind.item.forms[""], old or [], posted, name)
    if kind.forms:
        return data_of(kind.forms[""], old or {}, posted, prefix=f"{name}.")
    if kind.item or kind is UNASSIGNED:
        return _list_like(old, lines(posted.get(name, "")), kind)
    return " ".join(posted.get(name, "").split())


def lines(text: str) -> list[str]:
    """One entry a line; commas part entries too."""
    return [part.strip() for part in re.split(r"[\n,，]", text) if part.strip()]


def _list_like(old: Any, items: list[str], kind: Kind) -> Any:
    """A single value that stood without brackets stays so."""
    flag = kind is UNASSIGNED and items in (["true"], ["false"])
    return items[0] if len(items) == 1 and (flag or isinstance(old, str)) else items


def _words(posted: Mapping[str, str], name: str, old: Any) -> Any:
    said = {code: _clean(posted.get(f"{name}.{code}", "")) for code in PAIR}
    written = {code: text for code, text in said.items() if text}
    same = len(set(said.values())) == 1 and not isinstance(old, dict)
    return (said["zh"] or None) if same else written


def _clean(text: str) -> str:
    return " ".join(text.replace("\r", "").split("\n")).strip()


def _posted_scope(old: Mapping[str, Any], posted: Mapping[str, str], name: str) -> dict[str, Any]:
    found = dict(old)
    for dimension in (*SCOPES, "unassigned"):
        if f"{name}.{dimension}" in posted:
            kind = UNASSIGNED if dimension == "unassigned" else SCOPE
            value = _list_like(old.get(dimension), lines(posted[f"{name}.{dimension}"]), kind)
            found = {**found, dimension: value} if value else _less(found, dimension)
    return found


def _posted_rows(form: type, old: list[Any], posted: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    gone = posted.get("gone", "")
    rows = [
        data_of(form, item, posted, prefix=f"{name}.{index}.")
        for index, item in enumerate([*old, {}])
        if f"{name}.{index}" != gone
    ]
    return [row for row in rows if row]


def differing(form: type, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The terms in which two data of a part differ: what each is called, and how both are written."""
    declared = terms_of(form)
    names = [name for name in {**theirs, **yours} if theirs.get(name) != yours.get(name)]
    return [(_label(declared, name), plain(theirs.get(name)), plain(yours.get(name))) for name in names]


def _label(declared: Mapping[str, dataclasses.Field[Any]], name: str) -> str:
    meaning = declared[name].metadata["meaning"] if name in declared else Text(name, name)
    return say(Text(meaning.zh, name.replace("_", " ").capitalize()))


def plain(value: Any) -> str:
    """Data in one line, for people."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plain(part)}" for name, part in value.items())
    return "; ".join(map(plain, value)) if isinstance(value, list) else str(value or "–")


def kinds_of(forms: Mapping[str, type]) -> list[tuple[str, str]]:
    """What can be added, with its title."""
    return [(kind, say(form_title(form))) for kind, form in forms.items()]


def blank(form: type, kind: str, number: str) -> dict[str, Any]:
    """A new part: its number and kind, and the names that have to be filled, empty."""
    needed = [name for name, field in terms_of(form).items() if field.default is dataclasses.MISSING]
    named = {"id": number} if "id" in terms_of(form) else {"duty": number} if "duty" in terms_of(form) else {}
    return {**named, **({"kind": kind} if kind else {}), **{name: None for name in needed if name not in named}}
