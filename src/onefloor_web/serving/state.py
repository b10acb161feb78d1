"""What the web keeps in a floor's folder, beside the facts.

web/
  postgres/       the database that comes along, unless a server is used
  media/          files that people have uploaded
  secret.key      signs sessions
  run/            logs, and who serves the floor at the moment
  database        where the database is, if a server has it; no password
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LONG_LOG = 5 << 20


@dataclass(frozen=True, slots=True)
class State:
    """The places of one floor's web state."""

    floor: Path

    @property
    def folder(self) -> Path:
        """All of it."""
        return self.floor / "web"

    @property
    def postgres(self) -> Path:
        """The embedded server's folder."""
        return self.folder / "postgres"

    @property
    def media(self) -> Path:
        """Uploaded files."""
        return self.folder / "media"

    @property
    def run(self) -> Path:
        """Logs and the lock; may be deleted while nothing runs."""
        return self.folder / "run"

    @property
    def elsewhere(self) -> Path:
        """The file that says on which server the database is."""
        return self.folder / "database"

    @property
    def secret_key(self) -> Path:
        """The file of the key that signs sessions."""
        return self.folder / "secret.key"

    def make(self) -> None:
        """Make what is missing; only this user may enter."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for folder in (self.media, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not self.secret_key.exists():
            _write_key(self.secret_key)

    def log(self, name: str) -> BinaryIO:
        """A log to append to; a long one is put aside first."""
        file = self.run / f"{name}.log"
        if file.exists() and file.stat().st_size > LONG_LOG:
            file.replace(file.with_suffix(".log.1"))
        return file.open("ab")


def _write_key(file: Path) -> None:
    """Complete or not at all: half a key would sign sessions until somebody notices."""
    fresh = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as key:
        key.write(secrets.token_urlsafe(64) + "\n")
    fresh.replace(file)
