"""The values of a JSON file one by one: JSON lines, arrays, pretty-printed or concatenated objects.

Commas, white space and brackets between values are punctuation. What cannot be read counts as one value that reaches
to the end of its line, so a broken line costs itself and nothing else.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from onefloor.facts.files import opened
from onefloor.facts.sources.encodings import LONGEST_LINE, BrokenFile, LineTooLong

BLOCK = 128 << 10  # small: an error message of the JSON decoder counts the lines of all of it
_PUNCTUATION = re.compile(r"[\s,\[\]\ufeff]*")
_UNDECODED = re.compile("[\udc80-\udcff]")
_NEAR_END = 16  # a literal or escape may be cut off this far before the end of what has been read
_decode = json.JSONDecoder(strict=True).raw_decode


@dataclass(frozen=True, slots=True)
class Value:
    """One value: the line it begins on, its text, and either what it holds or why it cannot be read."""

    line: int
    raw: str
    content: Any
    fault: str | None = None


def values(path: Path, size: int = BLOCK) -> Iterator[Value]:
    """The values of a file (UTF-8, plain, gz or zst).

    Raises:
        MissingFile: there is no such file.
        BrokenFile: its compression is damaged.
        LineTooLong: a value that does not end.
    """
    blocks = _text(path, size)
    buffer, start, line, ended = "", 0, 1, False
    while True:
        gap = _PUNCTUATION.match(buffer, start)
        begin = gap.end() if gap else start
        line += buffer.count("\n", start, begin)
        found = _value(buffer, begin, line, ended=ended) if begin < len(buffer) else None
        if found is not None:
            value, start = found
            line += buffer.count("\n", begin, start)
            yield value
        elif ended:
            return
        else:
            if len(buffer) - begin > LONGEST_LINE:
                raise LineTooLong(path)
            more = _more(blocks, len(buffer) - begin)
            buffer, start, ended = buffer[begin:] + "".join(more), 0, not more


def _more(blocks: Iterator[str], held: int) -> list[str]:
    """The next blocks, as much as is held already: a line of any length is looked at only a few times over."""
    found: list[str] = []
    while sum(map(len, found)) < max(held, 1) and (block := next(blocks, None)) is not None:
        found.append(block)
    return found


def _text(path: Path, size: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    try:
        with opened(path) as file:
            while block := file.read(size):
                yield decoder.decode(block)
            yield decoder.decode(b"", final=True)
    except (EOFError, gzip.BadGzipFile, OSError, zipfile.BadZipFile, zlib.error, zstandard.ZstdError) as error:
        raise BrokenFile(path, str(error)) from None


def _value(buffer: str, begin: int, line: int, *, ended: bool) -> tuple[Value, int] | None:
    """The value at ``begin`` and where it ends; None if more text is needed to tell."""
    try:
        content, end = _decode(buffer, begin)
        fault = None
        if not isinstance(content, dict) and not ended and end >= len(buffer) - _NEAR_END:
            return None
        if not isinstance(content, dict) and end < len(buffer) and not _PUNCTUATION.fullmatch(buffer[end]):
            raise ValueError  # a number or word at the beginning of a line that is no JSON
    except (ValueError, RecursionError) as error:
        at = getattr(error, "pos", begin)
        newline = buffer.find("\n", begin)
        if not ended and (at >= len(buffer) - _NEAR_END or buffer.find("\n", at) < 0):
            return None
        content, end, fault = None, newline if newline >= 0 else len(buffer), "malformed_json"
    raw = buffer[begin:end]
    if _UNDECODED.search(raw):
        raw = raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        content, fault = None, fault or "undecodable"
    elif not isinstance(content, dict):
        fault = fault or "not_an_object"
    return Value(line, raw, content, fault), end
