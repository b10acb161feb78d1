"""Every reason that a source gives has words in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import onefloor.facts
from onefloor.facts.reasons import MOMENTS, NOTE, WHOLE, WITH_COLUMN, is_note, reason_words
from onefloor.facts.roster import REMEDIES
from onefloor.facts.sources.known import CONFLICT, OLDER
from onefloor.facts.sources.table import _ORDERS

FACTS = Path(onefloor.facts.__file__).parent
SOURCES = sorted([*FACTS.glob("sources/*.py"), FACTS / "roster.py"])
GIVING = {"reason", "fault", "_Fault", "_quarantine", "_fault_where"}


def codes_in(path: Path) -> Iterator[str]:
    """The reasons a module writes down: arguments of what gives reasons, texts assigned to a fault, tests in lists."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="_read"), args=[*_, ast.Constant(value=str(kind))]):
                yield f"{kind}:column"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in GIVING:
                yield from texts(node.args)
            case ast.Assign(targets=targets) if any("fault" in ast.unparse(target) for target in targets):
                yield from texts([node.value])
            case ast.FunctionDef(name="_reason") | ast.FunctionDef(name="_built_in"):
                yield from literals(node)


def texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *_]) if begin[-1] == ":" and begin != NOTE:
                yield f"{begin}column"
            case ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
                yield from texts(parts)
            case ast.IfExp(body=body, orelse=orelse):
                yield from texts([body, orelse])


def literals(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr="lit"), args=args):
                yield from texts(args)
            case ast.Tuple(elts=[first, second]) if not isinstance(second, ast.Constant):
                yield from texts([first])


FOUND = sorted({code for path in SOURCES for code in codes_in(path)})
KNOWN = sorted({
    *FOUND, *REMEDIES, OLDER, CONFLICT, "blank", "header", "wrong_field_count", "undecodable", "unclosed_quote",
    *(f"{later}_before_{earlier}" for pairs in _ORDERS.values() for earlier, later in pairs),
})  # fmt: skip


def test_reasons_are_found_in_every_source() -> None:
    some = {"bad_time:column", "note:replaced", "monitor", "too few fields", "never_queued", "overlapping_rows"}
    assert some - set(FOUND) == set()


@pytest.mark.parametrize("code", KNOWN)
def test_every_reason_of_a_source_has_words(code: str) -> None:
    words = reason_words(code)
    assert words.zh != words.en, f"no words for {code}: add them to onefloor.facts.reasons"


def test_words_have_no_end_of_sentence_and_no_code_in_them() -> None:
    for words in (*WHOLE.values(), *WITH_COLUMN.values(), *MOMENTS.values()):
        assert not words.zh.endswith("。")
        assert not words.en.endswith(".")
        assert "_" not in words.zh + words.en


def test_a_reason_of_a_mapping_stands_as_it_was_written() -> None:
    assert reason_words("note:answered_but_server_NO_SERVER").en == "answered_but_server_NO_SERVER"
    assert reason_words("phantom").zh == "phantom"


def test_notes_are_told_from_reasons() -> None:
    assert is_note("note: events of the site's own")
    assert not is_note("bad time")
