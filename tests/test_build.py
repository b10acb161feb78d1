"""The build: catalogues and front-end files are made once, and again only when one of their inputs changed."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("babel", reason="the build requirements are not installed")

ROOT = Path(__file__).parents[1]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The hook, with a count of how often it had to bundle instead of the seconds that takes."""
    module = load()
    module.bundled = []

    def bundle(frontend: Path, assets: Path, icons: list[str]) -> None:
        module.bundled.append(icons)
        assets.mkdir(parents=True, exist_ok=True)
        (assets / "manifest.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr(module, "bundle", bundle)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project of the same shape."""
    for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs", "src/app.js"):
        file = tmp_path / "frontend" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    feature = tmp_path / "src/onefloor_web/feature"
    (feature / "locale/zh_Hans/LC_MESSAGES").mkdir(parents=True)
    catalogue(tmp_path).write_text('msgid "Today"\nmsgstr "今日"\n', encoding="utf-8")
    (feature / "page.html").write_text('{% icon "home" %}', encoding="utf-8")
    (feature / "menu.py").write_text('Section(icon="eye")\nicon("sun")\n', encoding="utf-8")
    return tmp_path


def catalogue(project: Path) -> Path:
    return project / "src/onefloor_web/feature/locale/zh_Hans/LC_MESSAGES/django.po"


def test_a_second_build_does_nothing(hook: ModuleType, project: Path) -> None:
    hook.build(project)
    compiled = catalogue(project).with_suffix(".mo")
    made = compiled.stat().st_mtime_ns
    hook.build(project)
    assert hook.bundled == [["eye", "home", "sun"]]
    assert compiled.stat().st_mtime_ns == made


@pytest.mark.parametrize("name", ["src/app.js", "package-lock.json", "build.mjs", "src/new.scss"])
def test_a_changed_or_new_file_of_the_front_end_bundles_again(hook: ModuleType, project: Path, name: str) -> None:
    hook.build(project)
    (project / "frontend" / name).write_text("changed", encoding="utf-8")
    hook.build(project)
    assert len(hook.bundled) == 2


def test_an_icon_used_for_the_first_time_bundles_again_another_change_of_the_page_does_not(
    hook: ModuleType, project: Path
) -> None:
    hook.build(project)
    page = project / "src/onefloor_web/feature/page.html"
    page.write_text('<p>words</p>{% icon "home" %}', encoding="utf-8")
    hook.build(project)
    page.write_text("{% icon 'bell' %}", encoding="utf-8")
    hook.build(project)
    assert hook.bundled == [["eye", "home", "sun"], ["bell", "eye", "sun"]]


def test_what_was_deleted_is_made_again(hook: ModuleType, project: Path) -> None:
    hook.build(project)
    catalogue(project).with_suffix(".mo").unlink()
    (project / "src/onefloor_web/static/onefloor/manifest.json").unlink()
    hook.build(project)
    assert len(hook.bundled) == 2
    assert catalogue(project).with_suffix(".mo").exists()


def test_a_changed_catalogue_is_compiled_again(hook: ModuleType, project: Path) -> None:
    import gettext

    hook.build(project)
    catalogue(project).write_text('msgid "Today"\nmsgstr "今天"\n', encoding="utf-8")
    hook.build(project)
    with catalogue(project).with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Today") == "今天"
    assert len(hook.bundled) == 1


def test_an_archive_without_the_front_end_is_left_alone(hook: ModuleType, tmp_path: Path) -> None:
    hook.build(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_registry_that_cannot_be_reached_is_said_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"could not be installed.*npm config set registry.*wheel of Onefloor"):
        load().install(tmp_path, lambda arguments, cwd: 1)


def test_packages_are_pinned_exactly_by_hash_and_without_an_address() -> None:
    wanted = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    versions = (wanted["dependencies"] | wanted["devDependencies"]).values()
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert wanted["dependencies"]["htmx.org"].startswith("2.")  # 4 changes inheritance and swaps errors
