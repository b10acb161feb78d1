"""The files the front-end build made: their names carry a digest, ``manifest.json`` maps plain names to them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

import onefloor_web

FOLDER = Path(onefloor_web.__file__).parent / "static/onefloor"
BUILD = "python hatch_build.py"


def asset(name: str) -> str:
    """The address of ``app.js``, ``app.css`` or ``icons.svg``."""
    return static(f"onefloor/{_manifest(_made())['files'][name]}")


def icons() -> frozenset[str]:
    """The icons in the sprite."""
    return frozenset(_manifest(_made())["icons"])


def _made() -> int:
    try:
        return (FOLDER / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError as missing:
        raise ImproperlyConfigured(
            f"The front end has not been built: {FOLDER} is empty. In a checkout, run: {BUILD}"
        ) from missing


@lru_cache(maxsize=2)
def _manifest(_made_ns: int) -> dict[str, Any]:
    return dict(json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8")))
