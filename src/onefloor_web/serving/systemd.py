"""Telling systemd that the site answers, where it waits to hear it (``Type=notify``)."""

from __future__ import annotations

import os
import socket


def ready() -> None:
    """Say it once the site is up; nothing happens where nobody listens."""
    name = os.environ.get("NOTIFY_SOCKET")
    if not name:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as opened:
        opened.connect("\0" + name[1:] if name.startswith("@") else name)
        opened.sendall(b"READY=1")
