"""Every example in the documentation runs and prints what it says; every link leads somewhere.

In a page, blocks are run in order, in one new folder that holds the project's ``examples``:

```console         lines ``$ onefloor ...`` are run; what follows must be what they print. A line ``...`` stands for any
                   lines, ``...`` inside a line for any text. ``$ python3 run.py demo`` is run as ``onefloor demo``,
                   built small and not served where that would serve until it is stopped; tests of the web do the rest.
```yaml name.yaml  is written to ``name.yaml``; so are other blocks with a file name (csv, toml, json)
```python          with ``>>>`` is run as a doctest
"""

from __future__ import annotations

import doctest
import re
import runpy
import shlex
import shutil
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pytest

from onefloor import cli
from onefloor.cli import main
from onefloor.floor import ENGINES, Queue, open_floor

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.relative_to(ROOT) for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
# Commands that set a machine up rather than use Onefloor; .ci/run runs them.
SET_UP = ("git clone", "cd ", "python3 run.py test", "python3 run.py setup", ".venv/bin/", "bash .ci/", ".ci/")
# The same year at its full size is built where a page says ``--build-only``.
INSTEAD_OF_SERVING = ("--build-only", "--contacts", "60000", "--agents", "100")


class Block(NamedTuple):
    """A fenced block: its language, the file name after it, its text."""

    language: str
    file: str
    body: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [Block(*(*hit["info"].split(), "", "")[:2], hit["body"]) for hit in FENCE.finditer(text)]


def commands(body: str) -> list[tuple[str, str]]:
    """``(command, what it is said to print)`` of a console block; a trailing backslash continues a command."""
    parts = re.split(r"^\$ ", body.replace("\\\n", ""), flags=re.MULTILINE)
    return [(command, said) for command, _, said in (part.partition("\n") for part in parts[1:])]


def arguments(command: str) -> list[str] | None:
    """What to give to ``main``; None for a command that sets a machine up."""
    if command.startswith(SET_UP):
        return None
    words = shlex.split(command, comments=True)
    if words[:2] == ["python3", "run.py"]:
        words = words[2:] if words[2] == "onefloor" else ["onefloor", *words[2:]]
    assert words[0] == "onefloor", f"the documentation may only run onefloor: {command}"
    serves = any(parameter.name == "build_only" for parameter in cli.onefloor.commands["demo"].params)
    return [*words[1:], *INSTEAD_OF_SERVING] if words[1:] == ["demo"] and serves else words[1:]


def fits(said: str, printed: str) -> bool:
    """Whether a command printed what its page says; see the module for ``...``."""
    lines = [line.rstrip() for line in said.strip("\n").splitlines()]
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + "\n" for line in lines
    )
    found = "".join(line.rstrip() + "\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, found) is not None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new folder to run a page in, with a copy of the examples: a page may write some anew."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_example_of_a_page_runs(
    page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if page.name.endswith(".zh.md"):
        monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for block in blocks(page):
        if block.file:
            (folder / block.file).write_text(block.body, encoding="utf-8")
        elif block.language in ("console", "sh"):
            run_console(block.body, capsys)
        elif block.language == "python" and ">>>" in block.body:
            run_doctest(page, block.body)
    assert different(folder / "examples") == []


def different(examples: Path) -> list[str]:
    """Kept examples that a page has written otherwise than they are kept."""
    kept = [path.relative_to(ROOT / "examples") for path in (ROOT / "examples").rglob("*") if path.is_file()]
    return [str(path) for path in kept if (examples / path).read_bytes() != (ROOT / "examples" / path).read_bytes()]


def run_console(body: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command, said in commands(body):
        given = arguments(command)
        if given is None:
            continue
        capsys.readouterr()
        code = main(given)
        printed = capsys.readouterr()
        both = printed.out + printed.err
        expected_failure = command.rstrip().endswith("# exits 1") or command.rstrip().endswith("# exits 3")
        assert code == (int(command.rstrip()[-1]) if expected_failure else 0), f"$ {command}\n{both}"
        if said.strip():
            assert fits(said, both), f"$ {command}\nthe page says:\n{said}\nbut it prints:\n{both}"


def run_doctest(page: Path, body: str) -> None:
    test = doctest.DocTestParser().get_doctest(body, {}, str(page), str(page), 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


def anchors(path: Path) -> set[str]:
    """The anchors that headings of a page make, as code hosts spell them."""
    headings = HEADING.findall(FENCE.sub("", path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        targets = [one for one in LINK.findall(page.read_text(encoding="utf-8")) if not re.match(r"[a-z]+:", one)]
        waiting += [(page.parent / target.partition("#")[0]).resolve() for target in targets]
    assert [str(page) for page in PAGES if ROOT / page not in seen] == []


def test_a_decision_has_its_decision_as_title_and_100_to_400_words() -> None:
    wrong = []
    for page in sorted((ROOT / "docs/decisions").glob("*.md")):
        if page.name == "README.md":
            continue
        words = len(page.read_text(encoding="utf-8").split())
        title = page.read_text(encoding="utf-8").splitlines()[0]
        if not title.startswith("# ") or len(title.split()) < 5 or not 100 <= words <= 400:
            wrong.append((page.name, title, words))
    assert wrong == []


def test_the_reference_pages_are_those_of_the_code() -> None:
    """Every command and every metric is documented, because their pages are made from them."""
    made = runpy.run_path(str(ROOT / "docs/reference/make.py"))["PAGES"]
    stale = [
        name for name, page in made.items() if (ROOT / "docs/reference" / name).read_text(encoding="utf-8") != page()
    ]
    assert stale == [], "run: .venv/bin/python docs/reference/make.py"


def test_every_setting_is_documented_and_its_example_is_a_floor(tmp_path: Path) -> None:
    page = (ROOT / "docs/reference/floor-toml.md").read_text(encoding="utf-8")
    settings = ["floor.name", "floor.timezone", "floor.currency", "engine.name"]
    settings += [f"queues.NAME.{field.name}" for field in fields(Queue)]
    assert [name for name in settings if f"`{name}`" not in page] == []
    assert [name for name in ENGINES if f"`{name}`" not in page] == []
    example = next(block.body for block in blocks(Path("docs/reference/floor-toml.md")) if block.language == "toml")
    (tmp_path / "floor.toml").write_text(example, encoding="utf-8")
    floor = open_floor(tmp_path)
    assert (floor.name, floor.engine.name, floor.queues["water"]) == (
        "Hotline",
        "duckdb",
        Queue("water", "bills", "North"),
    )


def test_every_exit_code_of_the_command_line_is_explained() -> None:
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    codes = (cli.DONE, cli.ANSWER_IS_NO, cli.WRONG_USAGE, cli.PROBLEM, cli.FAULT, cli.INTERRUPTED, cli.NOBODY_READS)
    assert [code for code in codes if f"| {code} |" not in page] == []


def test_the_matcher_tells_a_wrong_transcript_from_a_right_one() -> None:
    assert fits("a\n...\nd 1...\n", "a\nb\nc\nd 12\n")
    assert not fits("a\nd\n", "a\nb\nd\n")
