"""Content decides what a file is; what could run, cannot be read, or swells is refused by name."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from reportlab.pdfgen.canvas import Canvas

from onefloor.problems import Problem
from onefloor_web.platform.uploads.content import DOCX, JPEG, PDF, PNG, TEXT, XLSX, Kind, kind_of
from onefloor_web.platform.uploads.names import named_as, safe_name
from onefloor_web.platform.uploads.problems import NotAllowed, Nothing, Runs, TooLarge, Unreadable

PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"\0\0\0\0IEND\xaeB`\x82"
TYPES = b"<Types/>"


def pdf(*, more: bytes = b"") -> bytes:
    made = io.BytesIO()
    page = Canvas(made)
    page.drawString(72, 720, "CRM down 09:58-11:30")
    page.save()
    return made.getvalue().replace(b"%%EOF", more + b"\n%%EOF")


def workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write_row(0, 0, ["queue", "lost", 402])
    return made.getvalue()


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def document(**more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", **more})


def packed(content: bytes) -> bytes:
    return b"1 0 obj <</Type /ObjStm /Filter /FlateDecode>> stream\n" + zlib.compress(content) + b"\nendstream"


@pytest.fixture
def look(tmp_path: Path):
    def looked(content: bytes) -> Kind:
        (tmp_path / "file").write_bytes(content)
        return kind_of(tmp_path / "file", "evidence.pdf")

    return looked


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), PDF),
        (PIXEL, PNG),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9", JPEG),
        (workbook(), XLSX),
        (document(), DOCX),
        ("时间,队列,等待\n10:02,tech,41\n".encode(), TEXT),
        ("时间,队列,等待\n10:02,tech,41\n".encode("gb18030"), TEXT),
        (b"a < b, difference -5, +3; 20% | 30%\n", TEXT),
    ],
)
def test_what_is_evidence_is_known_by_its_content(look, content: bytes, kind: Kind):
    assert look(content) == kind


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Nothing),
        (b"MZ\x90\x00\x03\x00\x00\x00", NotAllowed),
        (b"\x7fELF\x02\x01\x01\x00", NotAllowed),
        (b"\x00\x01\x02", NotAllowed),
        (archive(**{"run.bat": b"calc"}), NotAllowed),
        (archive(**{"xl/workbook.xml": b"<w/>"}), NotAllowed),
        (b"#!/bin/sh\nrm -r /\n", Runs),
        (b"<html><script>1</script></html>", Runs),
        (b"\n\n  <svg onload='x'>", Runs),
        (b"name\nx <script>1</script>\n", Runs),
        (b"name,amount\n=cmd|'/C calc'!A0,1\n", Runs),
        (b"name,amount\n1,\"@SUM(1+1)*cmd|' /C calc'!A0\"\n", Runs),
        (pdf(more=b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>"), Runs),
        (pdf(more=b"<</S /J#61vaScript>>"), Runs),
        (pdf(more=b"<</S /Launch /F (cmd.exe)>>"), Runs),
        (pdf(more=b"<</Type /EmbeddedFile>>"), Runs),
        (pdf(more=packed(b"<</S /JavaScript>>")), Runs),
        (pdf(more=b"/Encrypt 5 0 R"), Unreadable),
        (pdf()[:200], Unreadable),
        (PIXEL[:30], Unreadable),
        (PIXEL + b"MZ" + b"\0" * 200, Unreadable),
        (workbook()[:-200], Unreadable),
        (document(**{"word/vbaProject.bin": b"x"}), Runs),
        (document(**{"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}), Runs),
        (document(**{"word/embeddings/oleObject1.bin": b"x"}), Runs),
        (document(**{"word/_rels/settings.xml.rels": b'<Relationship Type=".../attachedTemplate" Target="http://x"/>'}), Runs),  # noqa: E501
        (document(**{"xl/externalLinks/externalLink1.xml": b'<ddeLink ddeService="cmd"/>'}), Runs),
        (document(**{"word/big.xml": b"\0" * (3 << 20)}), TooLarge),
        (document(**{f"word/{number}.xml": b"" for number in range(5_001)}), TooLarge),
    ],
)  # fmt: skip
def test_what_could_run_or_cannot_be_looked_into_is_refused(look, content: bytes, problem: type[Problem]):
    with pytest.raises(problem) as caught:
        look(content)
    assert type(caught.value) is problem
    assert "evidence.pdf" in caught.value.what.en


def test_a_flipped_byte_in_an_archive_is_found(look):
    content = bytearray(document(**{"word/a.xml": b"some text that is packed" * 20}))
    content[content.index(b"word/a.xml") + 14] ^= 0xFF
    with pytest.raises(Unreadable):
        look(bytes(content))


@pytest.mark.parametrize(
    ("given", "ending", "kept"),
    [
        ("../../etc/passwd", ".txt", "passwd.txt"),
        ("C:\\Users\\x\\notice.pdf", ".pdf", "notice.pdf"),
        ("run.bat", ".txt", "run.bat.txt"),
        ("停机通知.pdf", ".pdf", "停机通知.pdf"),
        ("a\r\nContent-Type: x.pdf", ".pdf", "aContent-Type_ x.pdf"),
        ("photo.jpeg", ".jpg", "photo.jpeg"),
        ("", ".txt", "file.txt"),
    ],
)
def test_a_name_is_safe_and_ends_as_what_the_file_is(given: str, ending: str, kept: str):
    assert named_as(safe_name(given), ending) == kept


@pytest.mark.parametrize("name", ["a." + "x" * 400, "文" * 400 + ".pdf", "." * 500])
def test_the_longest_name_fits_the_disk(name: str):
    assert 0 < len(named_as(safe_name(name), ".pdf").encode()) <= 200
