"""Settings as they are in production: nothing that Django warns of, cookies and transport as strict as they can be."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

SHOWN = (
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "DEBUG", "DEMO", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS",
)  # fmt: skip


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The environment of a server behind a proxy that speaks TLS."""
    from onefloor.floor import create_floor

    create_floor(tmp_path / "floor", timezone="Asia/Shanghai", name="Riverside hotline")
    (tmp_path / "floor" / "web" / "static").mkdir(parents=True)
    (tmp_path / "key").write_text(secrets.token_urlsafe(50), encoding="ascii")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONEFLOOR_", "DATABASE_"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "onefloor_web.settings",
        "ONEFLOOR_FLOOR": str(tmp_path / "floor"),
        "ONEFLOOR_SECRET_KEY_FILE": str(tmp_path / "key"),
        "ONEFLOOR_HOSTS": "floor.example",
        "ONEFLOOR_TLS": "1",
        "DATABASE_URL": "postgresql://onefloor_app@127.0.0.1:1/none",
    }


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *command], env=environment, capture_output=True, text=True, check=False
    )


def test_djangos_own_check_of_a_deployment_has_nothing_to_say(production: dict[str, str]) -> None:
    checked = run(production, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert (checked.returncode, checked.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), (
        checked
    )


def test_cookies_and_transport_are_strict_behind_tls(production: dict[str, str]) -> None:
    program = (
        "import json, django; django.setup(); from django.conf import settings;"
        f"print(json.dumps([getattr(settings, name) for name in {SHOWN!r}]))"
    )
    shown = run(production, "-c", program)
    assert dict(zip(SHOWN, json.loads(shown.stdout), strict=True)) == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_SSL_REDIRECT": True,
        "DEBUG": False,
        "DEMO": False,
        "ALLOWED_HOSTS": ["floor.example"],
        "CSRF_TRUSTED_ORIGINS": ["https://floor.example"],
    }


def test_nothing_is_signed_without_a_key_of_its_own(production: dict[str, str]) -> None:
    del production["ONEFLOOR_SECRET_KEY_FILE"]
    signed = run(production, "-c", "import django; django.setup(); from django.core.signing import dumps; dumps(1)")
    assert signed.returncode == 1
    assert "The SECRET_KEY setting must not be empty" in signed.stderr
