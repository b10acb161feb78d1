"""The stories of the insight pages are those of the script that makes them, and their commands can be given."""

from __future__ import annotations

import importlib.util
import shlex
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from onefloor.cli import onefloor
from onefloor.cli.output import Screen

PAGES = Path(__file__).parents[2] / "docs" / "explanation"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stories", PAGES / "stories.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


STORIES = script()


def test_every_story_stands_on_its_page_and_no_other() -> None:
    found = {
        (hit["name"], page.name)
        for page in PAGES.glob("*.md")
        for hit in STORIES.BLOCK.finditer(page.read_text("utf-8"))
    }
    assert found == {(name, story.page) for name, story in STORIES.STORIES.items()}


@pytest.mark.parametrize("name", STORIES.STORIES)
def test_a_story_begins_with_its_command_and_holds_the_lines_that_are_kept(name: str) -> None:
    story = STORIES.STORIES[name]
    hits = STORIES.BLOCK.finditer((PAGES / story.page).read_text("utf-8"))
    (body,) = (hit["body"] for hit in hits if hit["name"] == name)
    lines = body.splitlines()
    assert lines[0] == f"$ onefloor {story.command}"
    assert all(any(line.startswith(kept) for line in lines) for kept in story.kept)


@pytest.mark.parametrize("name", STORIES.STORIES)
def test_its_command_can_be_given(name: str) -> None:
    command, *arguments = shlex.split(STORIES.STORIES[name].command)
    with onefloor.make_context("onefloor", [], resilient_parsing=True, obj=Screen("en")) as root:
        context = onefloor.commands[command].make_context(command, [*arguments, *STORIES.quietly()], parent=root)
    assert isinstance(context, click.Context)
