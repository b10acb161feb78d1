"""What holds for the project as a whole: the import order, complete documentation, clean files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT_FILES = {".py", ".md", ".toml", ".yaml", ".yml", ".lock", ".txt", ".json", ".html", ".css", ".j2", ".cfg", ""}
# Spelt in parts, so that this file does not hold what it forbids.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org"]
MACHINE_PATH = re.compile(r"(?<![\w.<{])/(?:root|work|Users|home/\w+|opt|mnt)/\w")
RECORDED = "examples/asterisk_run/"  # the files of a real PBX name its own folders


def tracked() -> list[str]:
    """The project's files: those git knows, or all but caches in an unpacked archive."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
    skipped = {".venv", "__pycache__", "demo", "dist", "build"}
    paths = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    return [str(path) for path in paths if not skipped & set(path.parts)]


def texts() -> dict[str, str]:
    """The project's text files, without the recorded PBX run."""
    names = [name for name in tracked() if Path(name).suffix in TEXT_FILES and not name.startswith(RECORDED)]
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in names}


def test_the_import_order_of_pyproject_holds() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    checked = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_file_names_a_package_registry() -> None:
    assert [(name, word) for name, text in texts().items() for word in REGISTRIES if word in text] == []


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    found = [(name, hit.group()) for name, text in texts().items() for hit in MACHINE_PATH.finditer(text)]
    assert found == []


def test_the_tree_has_no_lock_file_of_another_tool() -> None:
    assert [name for name in tracked() if Path(name).name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []


@pytest.mark.parametrize("part", ["core", "dev", "engines", "oracles"])
def test_every_locked_requirement_has_a_hash(part: str) -> None:
    lock = "requirements.lock" if part == "core" else f"requirements-{part}.lock"
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))
    unpinned = [entry.split()[0] for entry in entries if not entry.startswith("#") and "--hash=sha256:" not in entry]
    assert unpinned == []


def test_the_locks_pin_a_package_to_one_version() -> None:
    """For each Python and system: a line may say for which it holds."""
    pins: dict[tuple[str, str], set[str]] = {}
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        for name, version, where in re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", text, re.MULTILINE):
            pins.setdefault((name, where), set()).add(version)
    assert len(pins) > 100
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def test_every_direct_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = {
        "requirements.lock": [
            *project["build-system"]["requires"],
            *project["project"]["dependencies"],
            *extras.pop("insight"),
            *extras.pop("planning"),
            *extras.pop("demo"),
            *extras.pop("web"),
            *extras.pop("saml"),
        ],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
        "requirements-oracles.lock": project["dependency-groups"]["oracles"],
        "requirements-engines.lock": [one for many in extras.values() for one in many],
    }
    missing = []
    for lock, requirements in wanted.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        names = [re.split(r"[<>=!~\[; ]", one)[0].lower().replace(".", "-") for one in requirements]
        missing += [name for name in names if not re.search(rf"^{re.escape(name)}==", text, re.MULTILINE)]
    assert missing == []
