"""The malware scanner of an installation: any command that gets a file's path and answers with 0 for a clean one.

``ONEFLOOR_SCAN_COMMAND="clamdscan --no-summary --fdpass"``. Without the setting nothing is asked. A scanner that
refuses, fails or does not answer keeps the file out.
"""

from __future__ import annotations

import shlex
import subprocess  # nosec B404: the command is the server administrator's own, and no shell reads it
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings

from onefloor_web.platform.uploads.problems import Malware, NotScanned

SECONDS: Final = 60
FOUND: Final = 1  # what clamscan, clamdscan and most others answer where they have found something


def scan_content(content: bytes, name: str) -> None:
    """Have a file looked at that is read into memory and not kept as it came.

    Raises:
        Malware, NotScanned: as ``scan``.
    """
    if not settings.SCAN_COMMAND:
        return
    with TemporaryDirectory(prefix="onefloor-scan-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        scan(path, name)


def scan(path: Path, name: str) -> None:
    """Have a file looked at.

    Raises:
        Malware: the scanner refuses it.
        NotScanned: the scanner is not there, fails, or takes longer than a minute.
    """
    if not settings.SCAN_COMMAND:
        return
    try:
        command = [*shlex.split(settings.SCAN_COMMAND), str(path)]
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # nosec B603
    except (OSError, ValueError, subprocess.SubprocessError):
        raise NotScanned from None
    if done.returncode == FOUND:
        raise Malware(name)
    if done.returncode:
        raise NotScanned
