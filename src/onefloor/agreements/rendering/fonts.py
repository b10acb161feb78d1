"""Fonts of the PDF: Latin text in Bitstream Vera, which comes with ReportLab; Chinese in a font of the machine.

ReportLab embeds TrueType outlines only. Where no such Chinese font is installed, the PDF names STSong-Light, which
every PDF viewer with Asian fonts replaces by its own; the file then shows the same text, in that viewer's letters.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

LATIN, LATIN_BOLD, CHINESE, BUILT_IN = "Vera", "VeraBd", "Chinese", "STSong-Light"

# Names of font files with TrueType outlines and simplified Chinese, the nicest first.
FILES = (
    "msyh.ttc", "Deng.ttf", "simhei.ttf", "simsun.ttc",                                # Windows
    "PingFang.ttc", "STHeiti Light.ttc", "Arial Unicode.ttf",                           # macOS
    "NotoSansSC-Regular.ttf", "NotoSansSC[wght].ttf", "NotoSansSC-VF.ttf", "SourceHanSansSC-Regular.ttf",
    "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf",
    "uming.ttc", "ukai.ttc", "gbsn00lp.ttf", "gkai00mp.ttf",
)  # fmt: skip
SAMPLE = "暂估对账单净额，（）：剔减罚"


def font_folders() -> list[Path]:
    """Where systems keep their fonts."""
    home = Path.home()
    return [
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
        home / "AppData/Local/Microsoft/Windows/Fonts",
        Path("/System/Library/Fonts"), Path("/System/Library/Fonts/Supplemental"), Path("/Library/Fonts"),
        home / "Library/Fonts",
        home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts"),
    ]  # fmt: skip


def font_files(folders: Iterable[Path]) -> Iterator[Path]:
    """The font files with a known name below the folders, the nicest first."""
    found: dict[str, Path] = {}
    for folder in folders:
        for directory, _, names in os.walk(folder):
            for name in names:
                found.setdefault(name, Path(directory) / name)
    yield from (found[name] for name in FILES if name in found)


def chinese_font(files: Iterable[Path]) -> str:
    """Register the first usable Chinese font under the name it then has in the PDF, and return that name."""
    for file in files:
        try:
            font = TTFont(CHINESE, str(file), subfontIndex=0)
        except (TTFError, OSError, ValueError, KeyError, IndexError):
            continue  # unreadable, or outlines that cannot be embedded: try the next one
        if all(ord(character) in font.face.charToGlyph for character in SAMPLE):
            pdfmetrics.registerFont(font)
            return CHINESE
    pdfmetrics.registerFont(UnicodeCIDFont(BUILT_IN))
    return BUILT_IN


def register_latin() -> None:
    """Register the Latin fonts."""
    pdfmetrics.registerFont(TTFont(LATIN, "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(LATIN_BOLD, "VeraBd.ttf"))


def runs(text: str, chinese: str, *, bold: bool = False) -> list[tuple[str, str]]:
    """A text in runs of one font: ``[(font name, part), ...]``. What Vera lacks is taken from the Chinese font."""
    latin = LATIN_BOLD if bold else LATIN
    known = pdfmetrics.getFont(latin).face.charToGlyph
    fonts = ((latin if ord(character) in known else chinese, character) for character in text)
    return [(font, "".join(part for _, part in group)) for font, group in groupby(fonts, key=lambda pair: pair[0])]


def marked(text: str, chinese: str, *, bold: bool = False) -> str:
    """A text as ReportLab's paragraph markup, each run in its font."""
    found = runs(printable(text), chinese, bold=bold)
    return "".join(f'<font name="{font}">{escape(part)}</font>' for font, part in found).replace("\n", "<br/>")


def printable(text: str) -> str:
    """A text without control characters, which no font can show."""
    return "".join(character for character in text if character >= " " or character == "\n")


def width(text: str, size: float, chinese: str, *, bold: bool = False) -> float:
    """The width of a text in points."""
    return float(sum(pdfmetrics.stringWidth(part, font, size) for font, part in runs(text, chinese, bold=bold)))
