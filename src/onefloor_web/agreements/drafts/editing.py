"""A draft as the editor shows it, and how what its form posts gets into the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefloor.agreements.rendering.sentences import part_words
from onefloor.agreements.terms.agreement import Agreement
from onefloor.agreements.terms.reading import terms_of
from onefloor.agreements.terms.version import Terms
from onefloor.agreements.terms.writing import CannotEdit, moved, rewritten
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.drafts import amending, fields
from onefloor_web.agreements.drafts.checking import Checked, line_of, reading
from onefloor_web.agreements.drafts.models import Draft
from onefloor_web.agreements.drafts.parts import (
    HEAD,
    ORDER,
    WHOLE,
    Part,
    data_at,
    forms_of,
    is_list,
    next_number,
    part_named,
    parts_of,
    sections,
    with_part,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft that can be shown as a form: its whole terms as data, and its parts.

    ``before`` are the terms an amendment changes; None where the draft is a new agreement.
    """

    text: str
    data: dict[str, Any]
    parts: tuple[Part, ...]
    before: dict[str, Any] | None = None

    def at(self, key: str) -> Part:
        """A part by its name in addresses."""
        return part_named(self.parts, key)


def opened(draft: Draft) -> Opened | None:
    """The draft as a form; None while its text cannot be read as YAML."""
    node = reading(draft.text).node
    if node is None:
        return None
    data = node.as_data()
    if draft.base_id is None or not data.get("amendments"):
        return Opened(draft.text, data, tuple(parts_of(data, node)))
    try:
        before, wanted = amending.amended(node)
    except Problem:
        return None
    whole = {**{name: part for name, part in data.items() if name not in terms_of_body()}, **wanted}
    return Opened(draft.text, whole, tuple(parts_of(whole, _newest(node))), before)


def _newest(node: Any) -> Any:
    """Where the entry of the amendment stands: its lines are those that the form changes."""
    entries = node.get("amendments")
    return entries.items[-1] if entries else node


def terms_of_body() -> tuple[str, ...]:
    """The names of terms, without the head."""
    return amending.BODY


def changed(opened_: Opened, part: Part, posted: Mapping[str, str]) -> str:
    """The text after a form was posted.

    Raises:
        CannotEdit: the YAML is written in a way that a form cannot change.
    """
    old = data_at(opened_.data, part)
    return _saved(opened_, with_part(opened_.data, part, fields.data_of(form_of(part), old, posted)), part)


def added(opened_: Opened, section: str, kind: str) -> tuple[str, str]:
    """The text with one part more, and the name of that part."""
    forms = forms_of(section)
    form = forms[kind] if kind in forms else next(iter(forms.values()))
    number = next_number(opened_.data, section)
    new = fields.blank(form, kind if kind in forms and kind else "", number)
    if not is_list(section):
        return _saved(opened_, {**opened_.data, section: _filled(new)}, None), section
    data = {**opened_.data, section: [*(opened_.data.get(section) or []), new]}
    return _saved(opened_, data, None), f"{section}:{number}"


def _filled(new: dict[str, Any]) -> dict[str, Any]:
    """A part that holds nothing would be nothing: it begins with one name at least."""
    return new or {"sign": "10 working days"}


def removed(opened_: Opened, part: Part) -> str:
    """The text without a part."""
    if not part.single:
        return _saved(opened_, {name: said for name, said in opened_.data.items() if name != part.section}, None)
    left = [item for index, item in enumerate(opened_.data[part.section]) if index != part.path[1]]
    data = {**opened_.data, part.section: left} if left else _without(opened_.data, part.section)
    return _saved(opened_, data, None)


def shifted(opened_: Opened, part: Part, by: int) -> str:
    """The text with a part one place earlier or later; that of an amendment keeps the order that was signed."""
    place = int(part.path[1])
    to = place + by
    if opened_.before is not None or not 0 <= to < len(opened_.data[part.section]):
        return opened_.text
    return moved(opened_.text, (part.section,), place, to)


def _without(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


def _saved(opened_: Opened, wanted: dict[str, Any], part: Part | None) -> str:
    if opened_.before is None:
        return rewritten(opened_.text, (), wanted, order=_order(part))
    node = reading(opened_.text).node
    if node is None:
        raise CannotEdit
    body = {name: said for name, said in wanted.items() if name in amending.BODY}
    entry = amending.entry(opened_.before, body)
    return rewritten(opened_.text, amending.place_of(node.as_data()), entry, order=_order(part))


def _order(part: Part | None) -> tuple[str, ...]:
    """The order of names in a part that gets a new one; at the top that of the agreement."""
    return (*ORDER, "remove") if part is None or not part.path else ("kind", *terms_of(part.form))


def form_of(part: Part) -> type:
    """The dataclass of a part."""
    return part.form


def shown_fields(opened_: Opened, part: Part) -> list[fields.Field]:
    """The form of a part."""
    without = set(sections()) if part.key == WHOLE else set()
    return fields.fields_of(form_of(part), data_at(opened_.data, part), without=without)


def words_of(agreement: Agreement | None, part: Part) -> Text | None:
    """A part in words; None while the text is no agreement, and for the head."""
    if agreement is None or part.key in (HEAD,):
        return None
    terms = agreement.versions[-1]
    if part.key == WHOLE:
        return None
    found = getattr(terms, _attribute(part.section))
    if isinstance(found, tuple):
        number = part.number
        found = next((one for one in found if number in (getattr(one, "id", None), getattr(one, "duty", None))), None)
    return part_words(found) if found is not None else None


def _attribute(section: str) -> str:
    return terms_of(Terms)[section].name


def problems_in(checked: Checked, part: Part) -> list[Problem]:
    """The problems on the lines of a part."""
    return [one for one in checked.problems if part.first <= line_of(one) <= part.last and part.first]
