"""Agreements: parties and dated versions of terms, read from YAML.

An amendment says only what it changes: parts are merged by name, clauses by ``id``. The whole format is described in
``docs/reference/agreement.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from onefloor.agreements.terms.checks import check
from onefloor.agreements.terms.places import BadTerm, Node, content, merged, parsed_yaml, without_things
from onefloor.agreements.terms.reading import attempt, mapping, missing, read_form, stop_at, term, terms_of, unknown
from onefloor.agreements.terms.renewing import holds
from onefloor.agreements.terms.values import FLAG, NAME, TEXT
from onefloor.agreements.terms.version import Terms
from onefloor.language import Text
from onefloor.periods import Month, zone
from onefloor.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Parties:
    """The head of an agreement: who, where, in which money."""

    code: str = term(NAME, Text("协议代码", "code of the agreement"), key="agreement")
    title: Text = term(TEXT, Text("名称", "title"))
    client: str = term(NAME, Text("甲方", "whose customers call"))
    company: str = term(NAME, Text("乙方", "the vendor, as in the roster, or own staff with shadow: true"))
    shadow: bool = term(FLAG, Text("影子对账单", "computed for own staff; nothing is payable"), default=False)
    timezone: str = term(NAME, Text("时区", "zone of its months, the floor's"))
    currency: str = term(NAME, Text("币种", "currency, such as CNY"))


@dataclass(frozen=True)
class Agreement:
    """Parties and the versions of their terms, oldest first.

    ``source`` is the document they were read from, ``nodes`` the whole terms of each version, amendments applied.
    """

    parties: Parties
    versions: tuple[Terms, ...]
    source: Node
    nodes: tuple[Node, ...]

    @property
    def code(self) -> str:
        """The agreement's code."""
        return self.parties.code

    @property
    def first(self) -> Month:
        """Its first month."""
        return _month_of(self.versions[0].start)

    def in_force(self, month: Month) -> bool:
        """Whether there are terms for that month: begun, and not ended, renewals counted."""
        found = [terms for terms in self.versions if _month_of(terms.start).id <= month.id]
        return bool(found) and holds(found[-1], self.parties.timezone, month)

    def terms_for(self, month: Month) -> Terms:
        """The version in force in that month.

        Raises:
            NotInForce: the agreement has not begun or has ended.
        """
        if not self.in_force(month):
            raise NotInForce(self.code, month, self.first)
        return self.terms_begun(month)

    def terms_begun(self, month: Month) -> Terms:
        """The newest version that has begun by a month, also where it has ended since.

        Raises:
            NotInForce: the agreement has not begun.
        """
        if month.id < self.first.id:
            raise NotInForce(self.code, month, self.first)
        return [terms for terms in self.versions if _month_of(terms.start).id <= month.id][-1]


class NotInForce(Problem):
    """A month the agreement does not cover."""

    def __init__(self, code: str, month: Month, first: Month) -> None:
        super().__init__(
            Text(f"协议 {code} 在 {month} 没有生效条款。", f"Agreement {code} has no terms in force in {month}."),
            remedy=Text(f"请选择 {first} 起的账期。", f"Choose a month from {first} on, before its end."),
        )


HEAD = tuple(terms_of(Parties))
BODY = tuple(terms_of(Terms))


def read_agreement(path: Path) -> Agreement:
    """An agreement from a YAML file.

    Raises:
        MissingFile: there is no such file.
        Problems, BadYaml: all that is wrong, each with file, line, column and remedy.
    """
    return parse_agreement(content(path), str(path))


def parse_agreement(text: str, file: str = "agreement.yaml") -> Agreement:
    """An agreement from YAML text; ``file`` is named in problems."""
    return _agreement(parsed_yaml(text, file))


def read_amendment(path: Path, agreement: Agreement) -> Agreement:
    """The agreement as an amendment file (``amends: code``) would change it.

    With ``from`` the change is a new version; without, it holds in every version, as if it had always been agreed.
    """
    return parse_amendment(content(path), agreement, str(path))


def parse_amendment(text: str, agreement: Agreement, file: str = "amendment.yaml") -> Agreement:
    """The agreement with an amendment's text; see ``read_amendment``."""
    change = parsed_yaml(text, file)
    code = change.get("amends")
    if code is None:
        raise missing("amends", Text("所修改协议的代码", "code of the agreement it changes"), change.place)
    if code.value != agreement.code:
        raise unknown(str(code.value), [agreement.code], code.place)
    parts = {name: part for name, part in mapping(change).items() if name != "amends"}
    amendment = Node(parts, change.place, change.key_places)
    if "from" in parts:
        return _agreement(_with_amendment(agreement.source, amendment))
    _refuse_unknown(amendment, (*BODY, "remove"))
    nodes = tuple(_changed(node, amendment) for node in agreement.nodes)
    return replace(agreement, versions=tuple(map(_read_terms, nodes)), nodes=nodes)


def _agreement(source: Node) -> Agreement:
    problems: list[Problem] = []
    attempt(problems, lambda: _refuse_unknown(source, (*HEAD, *BODY, "amendments")))
    parties = attempt(problems, lambda: _read_parties(source))
    nodes = attempt(problems, lambda: written_versions(source)) or []
    versions = [attempt(problems, partial(_read_terms, node)) for node in nodes]
    stop_at(_unique(problems))
    dated = zip(nodes, versions, strict=True)
    stop_at([_too_early(node, versions[0]) for node, terms in dated if terms.start < versions[0].start])
    return Agreement(parties, tuple(versions), source, tuple(nodes))


def _too_early(node: Node, first: Terms) -> BadTerm:
    what = Text("修改的生效日早于协议的生效日。", "An amendment holds from before the agreement begins.")
    remedy = Text(f"请写 {first.start} 或更晚的日期。", f"Write {first.start} or a later date.")
    return BadTerm(what, remedy=remedy, where=(node.get("from") or node).place)


def _unique(problems: list[Problem]) -> list[Problem]:
    """A mistake of the first version also stands in those that amend it; it is told once."""
    return list({(str(problem.where), problem.what): problem for problem in problems}.values())


def _read_parties(source: Node) -> Parties:
    parties = read_form(Parties, _only(source, HEAD))
    try:
        zone(parties.timezone)
    except Problem as problem:
        place = mapping(source)["timezone"].place
        raise BadTerm(problem.what, remedy=problem.remedy, where=place) from None
    return parties


def _only(node: Node, names: tuple[str, ...]) -> Node:
    return Node({n: part for n, part in mapping(node).items() if n in names}, node.place, node.key_places)


def _refuse_unknown(node: Node, known: tuple[str, ...]) -> None:
    stop_at([unknown(n, known, node.key_places.get(n, node.place)) for n in mapping(node) if n not in known])


def written_versions(source: Node) -> list[Node]:
    """The terms of each version as they are written, amendments applied in the order of their dates.

    Raises:
        Problems, BadTerm: an amendment has no date, or names what is not there.
    """
    amendments = source.get("amendments")
    versions = [_only(source, BODY)]
    for amendment in sorted(amendments.items if amendments else [], key=_start_text):
        _refuse_unknown(amendment, (*BODY, "remove"))
        if amendment.get("from") is None:
            raise missing("from", Text("生效日", "first day it holds"), amendment.place)
        versions.append(_changed(versions[-1], amendment))
    return versions


def _start_text(node: Node) -> str:
    start = node.get("from")
    return str(start.value) if start else ""


def _changed(base: Node, amendment: Node) -> Node:
    """The base with what an amendment changes; ``remove`` lists the ids of things that no longer hold."""
    removed = amendment.get("remove")
    ids = frozenset(str(item.value) for item in removed.items) if removed else frozenset()
    _refuse_foreign(base, removed)
    kept = {name: without_things(part, ids) for name, part in mapping(base).items()}
    return merged(Node(kept, base.place, base.key_places), _only(amendment, BODY))


def _refuse_foreign(base: Node, removed: Node | None) -> None:
    known = {str(i.value) for part in mapping(base).values() for item in part.items if (i := item.get("id"))}
    stop_at([unknown(str(n.value), known, n.place) for n in (removed.items if removed else []) if n.value not in known])


def _with_amendment(source: Node, amendment: Node) -> Node:
    before = source.get("amendments")
    parts = {**mapping(source), "amendments": Node([*(before.items if before else []), amendment], amendment.place)}
    return Node(parts, source.place, source.key_places)


def _read_terms(node: Node) -> Terms:
    terms = read_form(Terms, node)
    check(terms, node)
    return replace(terms, digest=node.digest())


def _month_of(day: date) -> Month:
    return Month(day.year, day.month)
