"""Resolution, satisfaction, complaints 解决与满意: what customers did and said afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text
from onefloor.metrics.definition import Definition, Value, choice, duration
from onefloor.metrics.metric import Atom, Better, Exclusion, Unit

GAPS = {"same": "gap_topic_ms", "any": "gap_any_ms"}
CONTACTS = Text("有坐席接通且客户已识别的话务", "contacts that an agent answered and whose customer is known")
GAP = Text(
    "从本次话务结束，到同一客户下一次进入队列为止",
    "from the end of the contact to the same customer's next entry into a queue",
)
OWNED = Text(
    "话务归最后接通的坐席所属公司；重复来电计在前一次话务名下。",
    "A contact belongs to the company of the agent who answered it last; "
    "a repeat counts against the contact before it.",
)
UNIDENTIFIED = Exclusion(
    "unidentified",
    "not identified",
    Text("客户未识别，无法判断是否重复", "the customer is not known: a repeat could not be seen"),
)
REPEATS = {
    "within": duration(
        "7d", Text("观察期 N 天，含该时长本身", "N days, including their last millisecond"), highest="31d"
    ),
    "topic": choice("same", Text("同一业务类型，或任意业务类型", "the same topic, or any topic"), *GAPS),
}


def _gap(values: Mapping[str, Value]) -> str:
    return GAPS[str(values["topic"])]


def _score(name: str, title: Text, formula: Text, where: str, better: Better) -> Definition:
    return Definition(
        name=name,
        title=title,
        formula=formula,
        population=Text("已作答且有评分的满意度调查", "surveys that were answered with a score"),
        clock=Text("按话务时间归期，不按作答时间", "dated by the contact, not by the answer"),
        unit=Unit.PERCENT,
        better=better,
        sides=lambda _: (
            Atom("surveys", f"responded and {where}"),
            Atom("surveys", "responded and score is not None"),
        ),
        source="usage of the field",
        scale=100,
        places=2,
        exclusions=(
            Exclusion(
                "no_answer",
                "not responded or score is None",
                Text("未作答或未评分；见参评率", "not answered, or without a score; see the response rate"),
            ),
        ),
    )


DEFINITIONS = (
    Definition(
        name="fcr",
        title=Text("一次性解决率", "first contact resolution"),
        formula=Text("N 天内无重复来电的话务÷话务", "contacts without a repeat within N days / contacts"),
        population=CONTACTS,
        clock=GAP,
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda values: (
            Atom("contacts", f"identified and {_gap(values)} > within"),
            Atom("contacts", "identified"),
        ),
        source="own definition of a repeat; legalclarity.org/call-center-service-level-agreement-requirements",
        scale=100,
        places=2,
        parameters=REPEATS,
        exclusions=(UNIDENTIFIED,),
        final_after="within",
        notes=OWNED,
    ),
    Definition(
        name="repeat_rate",
        title=Text("重复来电率", "repeat rate"),
        formula=Text("N 天内有重复来电的话务÷话务", "contacts followed by a repeat within N days / contacts"),
        population=CONTACTS,
        clock=GAP,
        unit=Unit.PERCENT,
        better=Better.LOWER,
        sides=lambda values: (
            Atom("contacts", f"identified and {_gap(values)} <= within"),
            Atom("contacts", "identified"),
        ),
        source="own definition: what first contact resolution leaves",
        scale=100,
        places=2,
        parameters=REPEATS,
        exclusions=(UNIDENTIFIED,),
        final_after="within",
        notes=OWNED,
    ),
    Definition(
        name="fcr_by_survey",
        title=Text("客户确认解决率", "resolution by the customer's word"),
        formula=Text("客户答“已解决”÷客户回答了该题", "customer said resolved / customer answered that question"),
        population=Text("回答了是否解决的调查", "surveys in which the customer said whether it was resolved"),
        clock=Text("按话务时间归期，不按作答时间", "dated by the contact, not by the answer"),
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda _: (
            Atom("surveys", "responded and resolved"),
            Atom("surveys", "responded and resolved is not None"),
        ),
        source="usage of the field: the customer's view",
        scale=100,
        places=2,
        exclusions=(
            Exclusion(
                "no_answer", "not responded or resolved is None", Text("未回答该题", "that question was not answered")
            ),
        ),
    ),
    _score(
        "csat",
        Text("满意度", "satisfaction (top 2)"),
        Text("4 分和 5 分÷有评分的作答", "scores 4 and 5 / answers with a score"),
        "score >= 4",
        Better.HIGHER,
    ),
    _score(
        "dsat",
        Text("不满意率", "dissatisfaction (bottom 2)"),
        Text("1 分和 2 分÷有评分的作答", "scores 1 and 2 / answers with a score"),
        "score <= 2",
        Better.LOWER,
    ),
    Definition(
        name="response_rate",
        title=Text("参评率", "response rate"),
        formula=Text("作答÷邀请", "answered surveys / invitations"),
        population=Text("发出的满意度邀请", "survey invitations"),
        clock=Text("按话务时间归期", "dated by the contact"),
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda _: (Atom("surveys", "responded"), Atom("surveys", "")),
        source="own definition",
        scale=100,
        places=2,
    ),
    Definition(
        name="complaints_per_10000",
        title=Text("万次投诉率", "complaints per 10,000"),
        formula=Text("10,000×投诉÷接通的话务", "10,000 x complaints / handled contacts"),
        population=Text("投诉；有坐席接通的话务", "complaints; contacts that an agent answered"),
        clock=Text("按被投诉的话务时间归期，不按收到时间", "dated by the contact complained about, not by receipt"),
        unit=Unit.PER_TEN_THOUSAND,
        better=Better.LOWER,
        sides=lambda values: (
            Atom("complaints", "justified" if values["count"] == "justified" else ""),
            Atom("contacts", ""),
        ),
        source="usage of the field",
        scale=10_000,
        places=2,
        parameters={
            "count": choice(
                "all",
                Text(
                    "全部投诉，或仅属实投诉（尚未认定的不算）",
                    "all complaints, or those found justified (not judged yet: not in)",
                ),
                "all",
                "justified",
            ),
        },
        notes=Text("账期结束后才到的投诉是跨期更正。", "A complaint that arrives after signing is a correction."),
    ),
)
