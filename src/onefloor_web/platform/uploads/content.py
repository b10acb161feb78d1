"""What a file really is, by its content, and whether anything in it could run.

Nothing here opens a file as a viewer would; it looks for what must not be there. What it cannot look into, it refuses.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onefloor.language import Text
from onefloor_web.platform.uploads.problems import MIB, NotAllowed, Nothing, Runs, TooLarge, Unreadable

MOST_BYTES: Final = 20 * MIB
MOST_UNPACKED: Final = 200 * MIB
MOST_MEMBERS: Final = 5_000
HIGHEST_RATIO: Final = 200  # of a member of more than one MiB; text in a workbook packs to a tenth
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
ENCODINGS: Final = ("utf-8-sig", "gb18030")
MARKUP: Final = re.compile(r"<\s*(?:script|html|svg|iframe|object|embed|!doctype)|<\?(?:php|xml)|^#!", re.IGNORECASE)
# A cell that calls another program when a spreadsheet opens the file: =cmd|'/C calc'!A0
CALLS: Final = re.compile(r"""(?:^|[,;\t])["']?\s*[=+@-][^,;\t\r\n]{0,80}\|[^\r\n]{0,200}!""", re.MULTILINE)
PDF_NAMES: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|XFA(?=[\s\[]))(?![A-Za-z])")
ACTIVE: Final = ("vbaproject", "macrosheets/", "activex/", "embeddings/", "customui/", "oleobject")
SCRIPT: Final = Text("宏或脚本", "a macro or a script")
INSIDE: Final = Text("内嵌文件或程序", "another file or a program")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of files: its name, how a browser is told of it, and the ending it gets."""

    name: str
    content_type: str
    ending: str


PDF: Final = Kind("pdf", "application/pdf", ".pdf")
PNG: Final = Kind("png", "image/png", ".png")
JPEG: Final = Kind("jpeg", "image/jpeg", ".jpg")
XLSX: Final = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
DOCX: Final = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
TEXT: Final = Kind("text", "text/plain; charset=utf-8", ".txt")
KINDS: Final = {kind.name: kind for kind in (PDF, PNG, JPEG, XLSX, DOCX, TEXT)}
ALLOWED: Final = Text("PDF、PNG、JPEG、XLSX、DOCX、纯文本或 CSV", "PDF, PNG, JPEG, XLSX, DOCX, plain text or CSV")


def kind_of(path: Path, name: str) -> Kind:
    """The kind of a file that may be kept.

    Args:
        path: where it lies, of at most ``MOST_BYTES``.
        name: what people call it, for the words of a refusal.

    Raises:
        Nothing, NotAllowed, Runs, TooLarge, Unreadable: it may not be kept.
    """
    data = path.read_bytes()
    if not data:
        raise Nothing(name)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _image(PNG, data, b"IEND", name)
    if data.startswith(b"\xff\xd8\xff"):
        return _image(JPEG, data, b"\xff\xd9", name)
    if data.startswith(b"%PDF-"):
        return _pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _office(path, name)
    return _text(data, name)


def _image(kind: Kind, data: bytes, end: bytes, name: str) -> Kind:
    if end not in data[-64:]:  # cut short, or something else hangs behind it
        raise Unreadable(name)
    return kind


def _pdf(data: bytes, name: str) -> Kind:
    if b"%%EOF" not in data[-1024:]:
        raise Unreadable(name)
    for part in (data, *_object_streams(data, name)):
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), part)
        if b"/Encrypt" in plain:
            raise Unreadable(name)
        if PDF_NAMES.search(plain):
            raise Runs(name, SCRIPT)
    return PDF


def _object_streams(data: bytes, name: str) -> Iterator[bytes]:
    """Objects that are packed into streams: what could run may be among them."""
    room = MOST_UNPACKED
    for match in re.finditer(rb"/ObjStm.{0,300}?stream\r?\n", data, re.DOTALL):
        opened = zlib.decompressobj()
        try:
            part = opened.decompress(data[match.end() :], room)
        except zlib.error:
            if b"/FlateDecode" not in data[match.start() - 300 : match.end()]:
                continue  # not packed: it was looked at with the rest
            raise Unreadable(name) from None
        room -= len(part)
        if room <= 0:
            raise TooLarge(name, MOST_UNPACKED, unpacked=True)
        yield part


def _office(path: Path, name: str) -> Kind:
    """A workbook or a document of Office Open XML; any other archive is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_bomb(members, name)
            names = {one.filename for one in members}
            kind = XLSX if "xl/workbook.xml" in names else DOCX if "word/document.xml" in names else None
            if kind is None or "[Content_Types].xml" not in names:
                raise NotAllowed(name, ALLOWED)
            if any(one.flag_bits & 1 for one in members) or archive.testzip() is not None:
                raise Unreadable(name)
            _refuse_active(archive, names, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise Unreadable(name) from None
    return kind


def _refuse_bomb(members: list[zipfile.ZipInfo], name: str) -> None:
    """By the sizes the archive declares; a member is never unpacked beyond its own."""
    swollen = any(one.file_size > MIB and one.file_size > HIGHEST_RATIO * max(1, one.compress_size) for one in members)
    if swollen or len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise TooLarge(name, MOST_UNPACKED, unpacked=True)


def _refuse_active(archive: zipfile.ZipFile, names: set[str], name: str) -> None:
    lowered = [one.lower() for one in names]
    types = archive.read("[Content_Types].xml").lower()
    if any("vbaproject" in one or "macrosheets/" in one for one in lowered) or b"macroenabled" in types:
        raise Runs(name, SCRIPT)
    if any(part in one for one in lowered for part in ACTIVE):
        raise Runs(name, INSIDE)
    for one in names:
        low = one.lower()
        linked = low.endswith(".rels") and re.search(rb"attachedtemplate|oleobject|/frame", archive.read(one).lower())
        called = "externallinks/" in low and re.search(rb"<\w*:?(?:ddelink|olelink)", archive.read(one).lower())
        if linked or called:
            raise Runs(name, INSIDE)


def _text(data: bytes, name: str) -> Kind:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROLS.search(text):
            break
        if MARKUP.search(text[:2000]) or re.search(r"<\s*script", text, re.IGNORECASE) or CALLS.search(text):
            raise Runs(name, SCRIPT)
        return TEXT
    raise NotAllowed(name, ALLOWED)
