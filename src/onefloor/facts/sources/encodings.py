"""Which encoding a text file has, and its bytes in blocks of whole lines."""

from __future__ import annotations

import codecs
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import zstandard

from onefloor.facts.files import opened
from onefloor.language import Text, same
from onefloor.problems import Place, Problem

BLOCK = 8 << 20
LONGEST_LINE = 64 << 20  # bytes; what is longer is no table
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TRIED = ("utf-8", "gb18030")


class BrokenFile(Problem):
    """A file that cannot be read as what it says it is."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            Text("文件已损坏或不完整。", "The file is broken or incomplete."),
            why=same(reason),
            remedy=Text("请重新导出或重新传输该文件。", "Export or transfer it again."),
            where=Place(str(path)),
        )


class LineTooLong(Problem):
    """A line without an end: no table, or one damaged beyond use."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(f"有一行超过 {LONGEST_LINE >> 20} MiB 仍未结束。", f"A line is longer than {LONGEST_LINE >> 20} MiB."),
            why=Text("这不是按行记录的文件。", "This is no file of lines."),
            remedy=Text("请核对文件类型，或重新导出。", "Check what kind of file it is, or export it again."),
            where=Place(str(path)),
        )


class UnknownEncoding(Problem):
    """Neither UTF-8 nor GB18030 nor marked as anything else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("无法判断文件的编码。", "The encoding of the file cannot be told."),
            remedy=Text("请在映射的 file 下写明 encoding。", "State encoding under file in the mapping."),
            where=Place(str(path)),
        )


def line_blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """The file's bytes, decompressed, in blocks that end with a line's end.

    Raises:
        MissingFile: there is no such file.
        BrokenFile: its compression is damaged.
        LineTooLong: a line that does not end.
    """
    rest = b""
    try:
        with opened(path) as file:
            while block := file.read(size):
                whole, newline, tail = (rest + block).rpartition(b"\n")
                rest = tail
                if len(rest) > LONGEST_LINE:
                    raise LineTooLong(path)
                if newline:
                    yield whole + newline
    except (EOFError, gzip.BadGzipFile, OSError, zipfile.BadZipFile, zlib.error, zstandard.ZstdError) as error:
        raise BrokenFile(path, str(error)) from None
    if rest:
        yield rest


def text_blocks(path: Path, stated: str | None = None, size: int = BLOCK) -> Iterator[tuple[bytes, str]]:
    """Blocks of whole lines and the encoding to decode them with; wide encodings come as UTF-8.

    A byte order mark wins over ``stated``. Without either, the encoding is UTF-8 or GB18030, whichever fits more of
    the first block's lines (UTF-8 if equally many): one damaged line does not change the verdict on a file.

    Raises:
        UnknownEncoding: no encoding is stated and the first line fits neither.
    """
    encoding = ""
    blocks = line_blocks(path, size)
    for block in blocks:
        if not encoding:
            mark, encoding = _encoding(path, block, stated)
            if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
                yield from ((wide, "utf-8") for wide in _narrowed(path, encoding, len(mark), size))
                return
            block = block[len(mark) :]
        yield block, encoding


def _encoding(path: Path, block: bytes, stated: str | None) -> tuple[bytes, str]:
    for mark, encoding in _MARKS:
        if block.startswith(mark):
            return mark, encoding
    if stated:
        return b"", stated
    lines = [line for line in block.split(b"\n")[:100_000] if not line.isascii()]
    encoding = max(_TRIED, key=lambda tried: sum(_decodes(line, tried) for line in lines))
    if not _decodes(block.partition(b"\n")[0], encoding):
        raise UnknownEncoding(path)
    return b"", encoding


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _narrowed(path: Path, encoding: str, skip: int, size: int) -> Iterator[bytes]:
    """UTF-16 or UTF-32 as UTF-8 in blocks of whole lines; what cannot be decoded becomes U+FFFD."""
    decoder, rest = codecs.getincrementaldecoder(encoding)("replace"), ""
    try:
        with opened(path) as file:
            file.read(skip)
            while block := file.read(size):
                whole, newline, rest = (rest + decoder.decode(block)).rpartition("\n")
                if len(rest) > LONGEST_LINE:
                    raise LineTooLong(path)
                if newline:
                    yield (whole + newline).encode()
    except (EOFError, gzip.BadGzipFile, OSError, zipfile.BadZipFile, zlib.error, zstandard.ZstdError) as error:
        raise BrokenFile(path, str(error)) from None
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest.encode("utf-8", "replace")


def decoded_lines(block: bytes, encoding: str) -> tuple[list[str], set[int]]:
    """The lines of a block without their ends, and the positions of those that could not be decoded.

    These keep their bytes as ``\\xNN``.
    """
    ends = 1 if block.endswith(b"\n") else 0
    try:
        lines = block.decode(encoding).split("\n")
        wrong: set[int] = set()
    except UnicodeDecodeError:
        raw = block.split(b"\n")
        wrong = {i for i, line in enumerate(raw) if not _decodes(line, encoding)}
        lines = [line.decode(encoding, "backslashreplace" if i in wrong else "strict") for i, line in enumerate(raw)]
    lines = [line[:-1] if line.endswith("\r") else line for line in lines[: len(lines) - ends]]
    if "\ufffd".encode() in block and encoding == "utf-8":
        wrong |= {i for i, line in enumerate(lines) if "\ufffd" in line}
    return lines, wrong
