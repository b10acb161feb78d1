"""Set up a private Python environment in ``.venv`` and run Onefloor, or its tests, in it.

    python3 run.py demo             a floor with a year of contacts on the web, with one-click sign-in; Ctrl-C stops it
    python3 run.py test             the whole test suite
    python3 run.py onefloor ...     any command, such as ``python3 run.py onefloor --help``
    python3 run.py setup [--dev] [--engines] [--oracles]    only set up: for work on the code; for Spark and
                                    ClickHouse; with the statistics packages that tests compare with

Needs Python 3.11 or newer with its venv module and nothing else; the system's own packages are never touched.
Everything installed is pinned by hash in the ``requirements*.lock`` files, and installed again only when they change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {
    "core": "requirements.lock",
    "dev": "requirements-dev.lock",
    "engines": "requirements-engines.lock",
    "oracles": "requirements-oracles.lock",
}


def main(arguments: list[str]) -> int:
    """Run one of the commands above and return its exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command not in ("demo", "test", "onefloor", "setup"):
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    parts = [part for part in ("dev", "engines", "oracles") if f"--{part}" in rest] if command == "setup" else []
    set_up(["core", "dev"] if command == "test" else ["core", *parts])
    if command == "setup":
        return 0
    program = {"test": ["-m", "pytest"], "demo": ["-m", "onefloor", "demo"], "onefloor": ["-m", "onefloor"]}[command]
    if command == "test":
        os.chdir(ROOT)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of the many processes would compile all modules anew
    return become([str(PYTHON), *program, *rest])


def become(command: list[str]) -> int:
    """Run a command in this process's place: a signal then reaches the command, which ends in its own time."""
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def set_up(parts: list[str]) -> None:
    """Make the environment and install the named parts, each only if its lock has changed since."""
    if sys.version_info < (3, 11):
        sys.exit(f"Onefloor needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: python3.11 run.py ...")
    if not PYTHON.exists():
        make_environment()
    for part in parts:
        once(part, [LOCKS[part]], ["--require-hashes", "--requirement", str(ROOT / LOCKS[part])])
    once("project", ["pyproject.toml"], ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    build()


def build() -> None:
    """Bundle the front end and compile the catalogues if one of their files changed; else a tenth of a second."""
    if built := subprocess.call([str(PYTHON), str(ROOT / "hatch_build.py")]):
        sys.exit(built)


def make_environment() -> None:
    """Make ``.venv``, or say which package brings what is missing."""
    say("making a private Python environment in .venv")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode or not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"{made.stdout}{made.stderr}\n"
            f"Python's venv module does not work here. On Debian or Ubuntu it is a package of its own:\n"
            f"    apt-get install python{version}-venv\n"
            f"Then run this command again."
        )


def once(part: str, files: list[str], what: list[str]) -> None:
    """Install with pip unless exactly these files were installed into this environment before."""
    stamp = VENV / f"installed-{part}"
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in files)).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    say(f"installing {' and '.join(files)} into .venv (once)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    if subprocess.call(pip):
        sys.exit(
            "The installation did not finish; the reason is above. Without a connection to a package index, point pip "
            "to a folder of wheels (PIP_FIND_LINKS) and run this command again."
        )
    stamp.write_text(wanted, encoding="ascii")


def say(text: str) -> None:
    """Tell what takes long, beside the command's own output."""
    print(f"run.py: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
