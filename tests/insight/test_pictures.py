"""Pictures are files that look the same wherever they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from onefloor.insight.pictures import BadPictureName, Picture, save
from onefloor.language import Language, Text


def draw(panels: Sequence[Any], language: Language) -> None:
    panels[0].plot([1, 2], [3, 4])
    panels[0].set_xlabel(Text("日期", "day").to(language))


PICTURE = Picture(Text("自 3 月 14 日起下降", "Lower since 14 March"), draw, note=Text("n = 12 天", "n = 12 days"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_picture_is_an_svg_and_a_png(tmp_path: Path, language: Language) -> None:
    svg, png = save(PICTURE, tmp_path / "trend", language)
    assert svg.read_text(encoding="utf-8").startswith("<?xml")
    assert png.read_bytes().startswith(b"\x89PNG")


def test_equal_pictures_are_equal_bytes(tmp_path: Path) -> None:
    one, other = save(PICTURE, tmp_path / "one", "en"), save(PICTURE, tmp_path / "other", "en")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_a_picture_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPictureName, match="Make it first"):
        save(PICTURE, tmp_path / "absent" / "trend", "en")
