"""The how-to pages call buttons and pages what the screens call them, in both languages."""

from __future__ import annotations

import re
from collections import defaultdict
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PAGES = (
    "import-in-the-browser", "keep-a-roster", "connect-a-program", "keep-personal-data", "sign-on-the-web",
    "dispute-a-line",
)  # fmt: skip
NAMED = re.compile(r"\*\*([^*]+)\*\* \(((?:[^()]|\([^()]*\))+)\)")
VALUE = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def screens() -> dict[str, set[str]]:
    """What the Chinese screens say for each English text, with … for a value."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "src/onefloor_web").rglob("django.po"):
        for message in read_po(BytesIO(path.read_bytes())):
            many = isinstance(message.id, tuple)
            for text in message.id if many else (message.id,):
                said = message.string[0] if many else message.string
                found[VALUE.sub("…", text)].add(VALUE.sub("…", str(said)))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_tells_to_press_is_on_the_screens(name: str, screens: dict[str, set[str]]) -> None:
    text = " ".join((ROOT / f"docs/how-to/{name}.md").read_text(encoding="utf-8").split())
    named = NAMED.findall(text)
    assert named != []
    assert [(english, chinese) for english, chinese in named if chinese not in screens[english]] == []


def test_every_setting_of_the_environment_is_in_the_guide_to_deployment() -> None:
    settings = (ROOT / "src/onefloor_web/settings.py").read_text(encoding="utf-8")
    guide = (ROOT / "docs/how-to/deploy.md").read_text(encoding="utf-8")
    named = re.findall(r"^``(\w+)``", settings, re.MULTILINE)
    for_developers = {"ONEFLOOR_FLOOR", "ONEFLOOR_DEMO", "ONEFLOOR_TIMING", "ONEFLOOR_DEBUG"}  # or set by the commands
    assert "DATABASE_URL" in named
    assert [name for name in named if name not in for_developers and f"`{name}`" not in guide] == []
