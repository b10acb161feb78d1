"""Django set up in a test process: settings of its own, a floor's folder of its own, no database yet."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

MADE = "ONEFLOOR_TESTS_FOLDER"
UNSET = ("DATABASE_URL", "DATABASE_OWNER_URL", "ONEFLOOR_DEBUG", "ONEFLOOR_DEMO", "ONEFLOOR_POOL", "ONEFLOOR_TLS")


@cache
def prepare() -> Path:
    """Set Django up once; returns the folder that holds ``floor``, which ``ONEFLOOR_FLOOR`` names."""
    pid, _, made = os.environ.get(MADE, "").partition(":")
    if pid == str(os.getpid()):  # pytest may import this module under two names
        return Path(made)
    folder = Path(tempfile.mkdtemp(prefix="onefloor-web-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "secret.key").write_text(
        "a key of the tests that signs nothing of value, 50 characters\n", encoding="ascii"
    )
    os.environ[MADE] = f"{os.getpid()}:{folder}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "onefloor_web.settings"
    os.environ["ONEFLOOR_SECRET_KEY_FILE"] = str(folder / "secret.key")
    os.environ["ONEFLOOR_FLOOR"] = str(folder / "floor")
    for name in UNSET:
        os.environ.pop(name, None)

    import django

    from onefloor.floor import create_floor

    create_floor(folder / "floor", timezone="Asia/Shanghai", name="Riverside hotline")
    (folder / "floor" / "web" / "static").mkdir(parents=True)
    django.setup()
    _settle(folder / "floor")
    return folder


def _settle(floor: Path) -> None:
    """Have the settings name this process's floor: a worker inherits its parent's, and may have read them already."""
    from django.conf import settings

    settings.FLOOR, settings.STATE, settings.MEDIA_ROOT = floor, floor / "web", floor / "web" / "media"
