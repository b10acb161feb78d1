"""The kinds of files that can be loaded, and what reads each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onefloor.facts import roster
from onefloor.facts.load import Reader
from onefloor.facts.sources import amazon_connect, asterisk, table
from onefloor.facts.sources.mapping import TableMapping
from onefloor.language import Text

ASTERISK, CONNECT, ROSTER, TABLE = "asterisk-queue-log", "amazon-connect", "roster", "table"
NAMES: Final = {
    ASTERISK: Text("Asterisk 队列日志", "Asterisk queue log"),
    CONNECT: Text("Amazon Connect 联系记录", "Amazon Connect contact records"),
    ROSTER: Text("人员名册", "roster"),
    TABLE: Text("表格", "table"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """How files of one kind are loaded: the name that their facts carry, what reads them, and what else decides.

    ``guard`` is put around any reader of this kind: it refuses what may not be loaded (see ``ownership``).
    """

    name: str
    source: str
    reader: Reader
    options: str = ""
    mapping: TableMapping | None = None
    guard: Callable[[Reader], Reader] | None = None

    def guarded(self, reader: Reader) -> Reader:
        """Another reader under the same guard."""
        return self.guard(reader) if self.guard else reader

    def in_order(self, paths: Sequence[Path]) -> list[Path]:
        """The files in the order in which loading them costs least; the facts are the same in any order."""
        return asterisk.rotated(paths) if self.name == ASTERISK else list(paths)


def kind(name: str, mapping: TableMapping | None = None) -> Kind:
    """One of ``NAMES``; a table needs its mapping, and nothing else takes one."""
    if (name == TABLE) != (mapping is not None):
        raise ValueError("a table has a mapping, and nothing else has")
    if mapping is not None:
        return Kind(name, table.source_of(mapping), table.reader(mapping), mapping.digest, mapping)
    source, reader = {
        ASTERISK: (asterisk.SOURCE, asterisk.read),
        CONNECT: (amazon_connect.SOURCE, amazon_connect.read),
        ROSTER: (roster.SOURCE, roster.read),
    }[name]
    return Kind(name, source, reader)
