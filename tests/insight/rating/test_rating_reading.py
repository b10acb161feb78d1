"""Evaluations from a file: every line is accounted for, and what cannot be says where and what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onefloor.insight.rating.marks import table_of
from onefloor.insight.rating.reading import (
    BadMark,
    BrokenLine,
    ColumnsMissing,
    MarkedTwice,
    NotUtf8,
    OneRater,
    TwoCompanies,
    read_marks,
)
from onefloor.problems import MissingFile, Problem, Problems

HEAD = "contact,rater,score\n"
GOOD = HEAD + "c1,A,80\nc1,B,90.5\n\nc2,A,\nc3,B,70\n"


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "evaluations.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_line_is_accounted_for(tmp_path: Path) -> None:
    found = read_marks(written(tmp_path, GOOD))
    assert found.account == {"lines": 6, "head": 1, "blank": 1, "unmarked": 1, "marks": 3}
    assert (found.contacts, found.raters, found.companies) == (("c1", "c3"), ("A", "B"), (None, None))
    assert found.shared == 1
    assert table_of(found).tolist() == [[80.0, 90.5]]
    assert not found.passed


@pytest.mark.parametrize("mark", ["score", "passed"])
def test_columns_are_found_in_either_language_and_any_order(tmp_path: Path, mark: str) -> None:
    text = "合格,质检员,流水号,得分,公司\n合格,A,c1,80,甲\n不合格,B,c1,60,乙\n"
    found = read_marks(written(tmp_path, "\ufeff" + text), mark)  # type: ignore[arg-type]
    assert found.companies == ("甲", "乙")
    assert found.value.tolist() == ([80.0, 60.0] if mark == "score" else [1.0, 0.0])


def test_passes_are_read_where_there_are_no_scores(tmp_path: Path) -> None:
    text = "contact,rater,passed\nc1,A,yes\nc1,B,0\nc2,A,是\nc2,B,PASS\n"
    found = read_marks(written(tmp_path, text))
    assert (found.passed, found.value.tolist()) == (True, [1.0, 0.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("contact,rater\nc1,A\n", ColumnsMissing, r"csv:1: Missing: passed\. The file has contact, rater"),
        ("rater,score\nA,1\n", ColumnsMissing, "Missing: contact"),
        ("", ColumnsMissing, "The file has no columns"),
        (HEAD + "c1,A,eighty\nc1,B,80\n", BadMark, r'csv:2: "eighty" is no score\. A score is a number'),
        (HEAD + "c1,A,nan\nc1,B,80\n", BadMark, '"nan" is no score'),
        (HEAD + "c1,,80\nc1,B,80\n", BadMark, "csv:2: rater is empty"),
        ("contact,rater,passed\nc1,A,perhaps\n", BadMark, "Write 1 or 0"),
        (HEAD + "c1,A,80,90\n", BrokenLine, "csv:2: This line has more cells than the head"),
        (HEAD + 'c1,A,80\nc1,"B,80\n', BrokenLine, "an open quote"),
        (HEAD + "c1,A,80\nc2,B,80\nc1,A,81\n", MarkedTwice, "csv:4: .* a second time; the first is line 2"),
        ("contact,rater,score,company\nc1,A,80,X\nc2,A,80,Y\nc2,B,1,Y\n", TwoCompanies, 'of "X" before and of "Y"'),
        (HEAD + "c1,A,80\nc2,A,70\n", OneRater, 'There is only one rater, "A"'),
        (HEAD, OneRater, "There are no marks at all"),
        (HEAD.encode() + "c1,甲,80\n".encode("gb18030"), NotUtf8, "csv:2: This line is not UTF-8"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(
    tmp_path: Path, text: str | bytes, kind: type[Problem], said: str
) -> None:
    with pytest.raises(kind, match=said) as caught:
        read_marks(written(tmp_path, text))
    assert caught.value.remedy.zh
    assert caught.value.to("zh")


def test_all_bad_lines_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        read_marks(written(tmp_path, HEAD + "c1,A,x\nc2,,80\nc3,B,y\n"))
    assert [one.where and one.where.line for one in caught.value.problems] == [2, 3, 4]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        read_marks(tmp_path / "none.csv")


def test_the_order_of_lines_changes_nothing(tmp_path: Path) -> None:
    lines = [f"c{n // 2},{'AB'[n % 2]},{60 + n}" for n in range(20)]
    one = read_marks(written(tmp_path, HEAD + "\n".join(lines)))
    other = read_marks(written(tmp_path, HEAD + "\n".join(reversed(lines))))
    assert np.array_equal(table_of(one), table_of(other))
