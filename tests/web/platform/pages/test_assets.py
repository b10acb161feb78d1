"""The built files: within their budgets, complete, and named so that a browser may keep them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from onefloor_web.platform.pages import assets

TEMPLATES = Path(assets.__file__).parents[2]
KB = 1024
BUDGETS = {"app.js": 60 * KB, "app.css": 70 * KB, "charts.js": 230 * KB, "editor.js": 150 * KB}
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([^"']+)["']""")

pytestmark = pytest.mark.skipif(not (assets.FOLDER / "manifest.json").exists(), reason=f"not built: {assets.BUILD}")


def file(name: str) -> Path:
    return assets.FOLDER / Path(assets.asset(name)).name


def weight(first: Path) -> int:
    """Bytes a browser gets, compressed, of a file and all it imports at once."""
    found, waiting = set(), [first]
    while waiting:
        one = waiting.pop()
        found.add(one)
        names = IMPORTED.findall(one.read_text(encoding="utf-8")) if one.suffix == ".js" else []
        waiting += [assets.FOLDER / name for name in names if assets.FOLDER / name not in found]
    return sum(len(gzip.compress(one.read_bytes(), 9)) for one in found)


@pytest.mark.parametrize("name", BUDGETS)
def test_a_bundle_keeps_its_budget(name: str):
    assert weight(file(name)) <= BUDGETS[name]


def test_charts_load_only_where_a_chart_is():
    assert file("charts.js").name not in IMPORTED.findall(file("app.js").read_text(encoding="utf-8"))


def test_every_file_lies_beside_its_compressed_copy():
    for name in ("app.js", "app.css", "charts.js", "icons.svg"):
        compressed = file(name).with_name(f"{file(name).name}.gz")
        assert gzip.decompress(compressed.read_bytes()) == file(name).read_bytes()


def test_names_with_a_digest_may_be_kept_for_ever():
    for name in ("app.js", "app.css", "charts.js", "icons.svg", "favicon.svg"):
        assert re.match(settings.WHITENOISE_IMMUTABLE_FILE_TEST, assets.asset(name))
    assert not re.match(settings.WHITENOISE_IMMUTABLE_FILE_TEST, "/static/onefloor/manifest.json")


def test_the_sprite_has_every_icon_that_is_asked_for():
    symbols = set(re.findall(r'<symbol id="([^"]+)"', file("icons.svg").read_text(encoding="utf-8")))
    used = {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""\{%\s*icon ["']([a-z0-9-]+)["']""", page.read_text(encoding="utf-8"))
    }
    assert used - symbols == set()
    assert symbols == assets.icons()


def test_the_styles_and_scripts_fetch_nothing_from_elsewhere():
    for name in ("app.js", "app.css"):
        text = file(name).read_text(encoding="utf-8")
        assert re.findall(r"""url\(["']?(?:https?:)?//|@import""", text) == []


def test_the_licences_of_what_is_bundled_are_there():
    text = (assets.FOLDER / "LICENSES.txt").read_text(encoding="utf-8")
    found = re.findall(r"^(\S+) \d\S*: \S+$", text, re.MULTILINE)
    editor = [name for name in found if name.startswith(("@codemirror/", "@lezer/"))]
    assert found[:6] == ["@tabler/core", "@tabler/icons", "echarts", "zrender", "htmx.org", "tslib"]
    assert len(editor) == 11
    assert found[6:] == [*editor, "@marijn/find-cluster-break", "crelt", "style-mod", "w3c-keyname"]
