"""The agreement's text with the exclusions of the web written into it: what is settled, here and on the command line.

Everything that was signed stays as it was written, word for word: only comments and layout may move.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag

from onefloor.agreements.terms.agreement import Agreement, parse_agreement
from onefloor.agreements.terms.version import Terms
from onefloor.periods import Month

WIDTH: Final = 100_000
NULL, TEXT = Tag(suffix="tag:yaml.org,2002:null"), Tag(suffix="tag:yaml.org,2002:str")


@dataclass(frozen=True, slots=True)
class Entry:
    """One exclusion as the terms write it.

    ``start`` and ``end`` are local, ``2026-10-14 09:58``; ``approvals`` are (party, person, date).
    """

    id: str
    reason: str
    zh: str
    en: str
    start: str
    end: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    clauses: tuple[str, ...] = ()
    approvals: tuple[tuple[str, str, str], ...] = ()

    @property
    def month(self) -> Month:
        """The month in which it begins: the terms of that month hold it."""
        return Month.parse(self.start[:7])


class _AsWritten(VersionedResolver):
    """Scalars stay the text that was written: ``6.00`` never becomes a number, ``2026-01-01`` never a date."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Text or nothing; anything else as in YAML."""
        if kind is ScalarNode and implicit[0]:
            return NULL if value in ("", "~", "null", "Null", "NULL") else TEXT
        return super().resolve(kind, value, implicit)


def composed_text(source: str, entries: Iterable[Entry]) -> str:
    """The text of an agreement with exclusions added to the version of the terms that holds where each begins.

    Later versions take them over. An exclusion whose id the terms hold already is theirs; one that begins before the
    agreement, or names clauses that are not there any more, has nothing to act on and is left away. Without
    anything to add, the text is returned as it is.
    """
    terms = parse_agreement(source)
    fitting = [(entry, at) for entry in entries if (at := _version_of(terms, entry)) is not None]
    if not fitting:
        return source
    document = as_written().load(source)
    parts = _parts(document)
    for entry, at in fitting:
        _add(parts, terms, entry, at)
    written = io.StringIO()
    as_written().dump(document, written)
    return written.getvalue()


def as_written() -> YAML:
    """YAML that reads and writes scalars as they stand there, with comments and quotes."""
    yaml = YAML()
    yaml.Resolver = _AsWritten
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _version_of(terms: Agreement, entry: Entry) -> int | None:
    """The place of the version that takes an exclusion; None if none does."""
    if not terms.in_force(entry.month):
        return None
    at = terms.versions.index(terms.terms_for(entry.month))
    known = {exclusion.id for exclusion in terms.versions[at].exclusions}
    fits = not entry.clauses or _of_those(entry.clauses, terms.versions[at])
    return at if fits and entry.id not in known else None


def _parts(document: Any) -> list[Any]:
    """The mappings that hold the versions: the document, and its amendments in the order of their dates."""
    amendments = document.get("amendments") or []
    listed = amendments if isinstance(amendments, list) else [amendments]
    return [document, *sorted(listed, key=lambda part: str(part.get("from") or ""))]


def _add(parts: Sequence[Any], terms: Agreement, entry: Entry, at: int) -> None:
    """Into its version; later ones that dropped a clause it names say what is left of it."""
    left = _of_those(entry.clauses, terms.versions[at])
    _listed(parts[at], "exclusions").append(_written(entry, left))
    for part, version in zip(parts[at + 1 :], terms.versions[at + 1 :], strict=True):
        kept = _of_those(left, version)
        if left and not kept:
            _listed(part, "remove").append(entry.id)
            return
        if kept != left:
            _listed(part, "exclusions").append(CommentedMap({"id": entry.id, "clauses": _flow(kept)}))
        left = kept


def _of_those(clauses: Iterable[str], version: Terms) -> tuple[str, ...]:
    known = {clause.id for clause in version.clauses}
    return tuple(clause for clause in clauses if clause in known)


def _listed(part: Any, name: str) -> Any:
    """The list of a name, made if it is not there; a single thing becomes a list of one."""
    found = part.get(name)
    if not isinstance(found, CommentedSeq):
        found = CommentedSeq([] if found is None else [found])
        part[name] = found
    return found


def _written(entry: Entry, clauses: Sequence[str]) -> CommentedMap:
    said = CommentedMap({"id": entry.id, "reason": entry.reason})
    said["text"] = CommentedMap({"zh": entry.zh, "en": entry.en})
    said["from"], said["to"] = entry.start, entry.end
    if entry.where:
        said["scope"] = CommentedMap({name: _flow(names) for name, names in entry.where})
    if clauses:
        said["clauses"] = _flow(clauses)
    if entry.approvals:
        said["approvals"] = CommentedSeq([_approval(*approval) for approval in entry.approvals])
    return said


def _approval(party: str, person: str, on: str) -> CommentedMap:
    said = CommentedMap({"party": party, "person": person, "date": on})
    said.fa.set_flow_style()
    return said


def _flow(values: Iterable[str]) -> CommentedSeq:
    made = CommentedSeq(values)
    made.fa.set_flow_style()
    return made
