"""Make the page of permissions: ``python docs/reference/permissions.py``. A test keeps it current."""

from __future__ import annotations

import os
from pathlib import Path

FILE = Path(__file__).with_suffix(".md")


def main() -> None:
    """Write it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onefloor_web.settings")
    import django

    django.setup()
    from onefloor_web.platform.accounts.reference import permissions_page

    FILE.write_text(permissions_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
