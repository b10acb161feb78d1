from pathlib import Path

from onefloor.language import Text
from onefloor.problems import MissingFile, Place, Problem, Problems

PROBLEM = Problem(
    Text("未识别“60% of pool”。", '"60% of pool" is not known here.'),
    remedy=Text("请写成 60%。", "Write 60%."),
    where=Place("agreement.yaml", 47, 9),
)


def test_a_problem_says_where_what_and_what_to_do():
    assert PROBLEM.to("en") == 'agreement.yaml:47:9: "60% of pool" is not known here. Write 60%.'
    assert PROBLEM.to("zh") == "agreement.yaml:47:9: 未识别“60% of pool”。请写成 60%。"


def test_several_problems_are_shown_at_once():
    assert Problems([PROBLEM, MissingFile(Path("x.csv"))]).to("en").splitlines() == [
        PROBLEM.to("en"),
        '"x.csv" was not found. Check the path and its spelling.',
    ]


def test_a_problem_as_data_keeps_both_languages():
    assert PROBLEM.as_json()["remedy"] == {"zh": "请写成 60%。", "en": "Write 60%."}
