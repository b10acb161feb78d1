"""Chinese is complete: every text of every feature has its translation, and no translation has lost its text."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "src" / "onefloor_web"
FEATURES = sorted(path.parent for path in PACKAGE.glob("*/*/apps.py"))
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;?!()]|[,;?!(][\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(feature: Path) -> Catalog:
    """The committed catalogue; an empty one if the feature has none."""
    file = feature / CATALOGUE
    if not file.exists():
        return Catalog()
    with file.open("rb") as source:
        return read_po(source)


def text_of(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def texts(found: Catalog) -> set[str]:
    return {text_of(message) for message in found if message.id}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, set[str]]:
    """The texts of each feature as gettext finds them in its files: all collected at once, then told apart by place."""
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed (Debian: gettext), so texts cannot be collected")
    root = tmp_path_factory.mktemp("messages")
    for feature in FEATURES:
        without = shutil.ignore_patterns("locale", "migrations", "__pycache__")
        shutil.copytree(feature, root / feature.relative_to(PACKAGE), ignore=without)
    (root / "locale").mkdir()
    command = [
        sys.executable,
        "-P",
        "-m",
        "django",
        "makemessages",
        "--locale",
        "zh_Hans",
        "--extension",
        "html,txt,py",
    ]
    subprocess.run([*command, "--add-location", "file", "--verbosity", "0"], cwd=root, check=True)
    found: dict[Path, set[str]] = {feature: set() for feature in FEATURES}
    for message in catalogue(root):
        for place, _line in message.locations if message.id else ():
            found[PACKAGE / Path(*Path(place).parts[:2])] |= {text_of(message)}
    return found


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: path.name)
def test_every_text_of_a_feature_is_in_its_catalogue(feature: Path, collected: dict[Path, set[str]]) -> None:
    assert sorted(collected[feature] ^ texts(catalogue(feature))) == [], "run .ci/messages and translate"


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: path.name)
def test_every_text_is_translated(feature: Path) -> None:
    open_texts = [
        message.id
        for message in catalogue(feature)
        if message.id and (message.fuzzy or not message.string or not all(message.string))
    ]
    assert open_texts == []


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: path.name)
def test_chinese_uses_full_width_punctuation_and_keeps_the_placeholders(feature: Path) -> None:
    for message in catalogue(feature):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = message.id[-1] if isinstance(message.id, tuple) else message.id
        for string in filter(None, strings if message.id else ()):
            assert not HALF_WIDTH.search(str(string)), string
            assert sorted(PLACEHOLDER.findall(str(string))) == sorted(PLACEHOLDER.findall(str(wanted))), string


def test_a_text_is_translated_alike_in_all_features() -> None:
    """Django joins all catalogues into one: of two translations of a text only one would ever be shown."""
    seen: dict[tuple[object, str | None], set[object]] = {}
    for feature in FEATURES:
        for message in catalogue(feature):
            if message.id:
                seen.setdefault((message.id, message.context), set()).add(message.string)
    assert {text: strings for text, strings in seen.items() if len(strings) > 1} == {}


def test_texts_are_only_asked_for_by_names_that_are_collected() -> None:
    """A name such as ``_t`` is unknown to gettext's tools: its texts would stay English and no test would miss them."""
    renamed = re.compile(r"import \w*gettext\w* as (?!_\b)\w+")
    found = [str(file) for file in PACKAGE.rglob("*.py") if renamed.search(file.read_text(encoding="utf-8"))]
    assert found == []
