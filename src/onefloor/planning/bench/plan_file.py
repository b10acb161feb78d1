"""The bench file: skills with their need, how people are trained for them, and when classes may begin.

Everything is declared once; the declaration reads the YAML, makes the JSON Schema and the reference page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from onefloor.agreements.terms.places import BadTerm, Node, parsed_yaml
from onefloor.agreements.terms.reading import Kind, formed, listed, read_form, refuse, scalar, stop_at, term
from onefloor.agreements.terms.values import FLAG, NAME, NATURAL, POSITIVE, SHARE, WHOLE
from onefloor.language import Text
from onefloor.planning.bench.problem import MOST_SEATS, Training
from onefloor.planning.bench.transfer import Curriculum
from onefloor.problems import MissingFile, Place, Problem

BEGIN = Text("请以 bench: 名称 开头。", "Begin with bench: and a name.")
_OF = re.compile(r"(\d{1,6}) of (\d{1,6})")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?%")


@dataclass(frozen=True, slots=True)
class Passed:
    """Who qualified of those who began; ``sure`` where a share was written instead of counts."""

    passed: float
    begun: float
    sure: bool


def passed_of(text: str) -> Passed | None:
    """``34 of 40`` or ``85%``; None for anything else.

    >>> passed_of("34 of 40"), passed_of("85%").passed
    (Passed(passed=34.0, begun=40.0, sure=False), 0.85)
    """
    if found := _OF.fullmatch(text):
        counts = Passed(float(found[1]), float(found[2]), sure=False)
        return counts if 0 <= counts.passed <= counts.begun and counts.begun > 0 else None
    if found := _PERCENT.fullmatch(text):
        share = float(Fraction(found[1]) / 100)
        return Passed(share, 1.0, sure=True) if 0 < share <= 1 else None
    return None


def _passed(node: Node) -> Passed:
    found = passed_of(scalar(node))
    if found is None:
        raise refuse(
            node,
            write=Text(
                "请写成 34 of 40（开班 40 人、合格 34 人）或 85%。",
                "Write 34 of 40 (who qualified of who began) or 85%.",
            ),
        )
    return found


def _share_of_one(node: Node) -> Fraction:
    found: Fraction = SHARE.read(node)
    if not 0 < found <= 1:
        raise refuse(node, write=Text("请写成 0 与 100% 之间。", "Write a share above 0 and up to 100%."))
    return found


PASSED = Kind(_passed, {"type": "string"}, "34 of 40, 85%")
PART = Kind(_share_of_one, SHARE.schema, "share, such as 70%")


@dataclass(frozen=True, kw_only=True)
class Module:
    """A part of training that may serve several skills."""

    module: str = term(NAME, Text("模块", "its name"))
    hours: Fraction = term(POSITIVE, Text("学时", "hours it takes"))


@dataclass(frozen=True, kw_only=True)
class SkillTerms:
    """One skill, of one company or of all."""

    skill: str = term(NAME, Text("技能", "as the floor names it"))
    company: str | None = term(NAME, Text("公司", "whose need it is; without it the whole floor's"), default=None)
    need: int | None = term(WHOLE, Text("需要人数", "qualified people needed; else those of --needs"), default=None)
    lead: int = term(NATURAL, Text("培训天数", "days from the first day of a class to the first contact"), default=30)
    passed: Passed = term(
        PASSED,
        Text("合格", "who qualified of those who began, drop-outs included"),
        default=Passed(0.85, 1.0, sure=True),
    )
    ramp: int = term(WHOLE, Text("爬坡天数", "days after it in which a newcomer does less"), default=0)
    ramp_share: Fraction = term(PART, Text("爬坡期产能", "what a newcomer does in those days"), default=Fraction(1))
    modules: tuple[str, ...] = term(listed(NAME), Text("培训模块", "the modules it asks for"), default=())
    key: bool = term(FLAG, Text("关键岗位", "a key post: always important"), default=False)

    @property
    def training(self) -> Training:
        """How people get it."""
        ready = self.passed
        return Training(self.lead, ready.passed, ready.begun, ready.sure, self.ramp, float(self.ramp_share))


@dataclass(frozen=True, kw_only=True)
class ClassTerms:
    """When classes may begin and how many people they take."""

    first: int = term(WHOLE, Text("首班", "days from today until the first may begin"), default=7)
    every: int = term(NATURAL, Text("间隔", "days from one to the next"), default=28)
    least: int = term(NATURAL, Text("开班下限", "people without whom there is no class"), default=1)
    most: int = term(NATURAL, Text("开班上限", "people that a class takes"), default=40)


@dataclass(frozen=True, kw_only=True)
class BenchFile:
    """The whole file."""

    bench: str = term(NAME, Text("名称", "its name"))
    classes: ClassTerms = term(formed(ClassTerms, "classes"), Text("开班", "classes"), default=ClassTerms())
    modules: tuple[Module, ...] = term(listed(formed(Module, "module")), Text("模块", "modules"), default=())
    important: Fraction = term(
        PART, Text("重要", "share of all people needed from which a skill is important"), default=Fraction(1, 5)
    )
    skills: tuple[SkillTerms, ...] = term(listed(formed(SkillTerms, "skill")), Text("技能", "skills"), default=())

    def of(self, skill: str, companies: tuple[str, ...] = ()) -> SkillTerms:
        """The terms of a skill: of the one company asked about if it has its own, else those of all; else defaults."""
        one = companies[0] if len(companies) == 1 else None
        named = {(terms.skill, terms.company): terms for terms in self.skills}
        return named.get((skill, one)) or named.get((skill, None)) or SkillTerms(skill=skill)

    def need(self, skill: str, companies: tuple[str, ...] = ()) -> int | None:
        """People needed by those asked about: the company's own, the whole floor's, or the sum of all companies'."""
        held = self.of(skill, companies).need
        if held is not None or len(companies) == 1:
            return held
        parts = [one.need for one in self.skills if one.skill == skill and (not companies or one.company in companies)]
        return sum(part for part in parts if part is not None) if any(part is not None for part in parts) else None

    @property
    def curriculum(self) -> Curriculum:
        """What each skill asks for; a skill without modules has none."""
        hours = {one.module: float(one.hours) for one in self.modules}
        return Curriculum(hours, {one.skill: one.modules for one in self.skills if one.modules})


def read_bench(text: str, file: str) -> BenchFile:
    """A bench file from its text.

    Raises:
        BadYaml: it is not YAML of the kind used here.
        Problems: all that is wrong in it, each with its place.
    """
    node = parsed_yaml(text, file, BEGIN)
    found = read_form(BenchFile, node)
    stop_at([*_twice(found, node), *_modules(found, node), *_sizes(found, node)])
    return found


def read_bench_file(path: Path) -> BenchFile:
    """A bench file; raises MissingFile if there is none, else as ``read_bench``."""
    if not path.is_file():
        raise MissingFile(path)
    return read_bench(path.read_text(encoding="utf-8", errors="replace"), path.name)


def _twice(found: BenchFile, node: Node) -> Iterator[Problem]:
    skills: list[tuple[str, str | None]] = [(one.skill, one.company) for one in found.skills]
    modules: list[tuple[str, str | None]] = [(one.module, None) for one in found.modules]
    for names, key in ((skills, "skills"), (modules, "modules")):
        for (name, company), times in Counter(names).items():
            if times > 1:
                of = f" ({company})" if company else ""
                yield BadTerm(
                    Text(f"“{name}{of}”写了 {times} 次。", f'"{name}{of}" is given {times} times.'),
                    remedy=Text("每项只写一次。", "Give it once."),
                    where=_place(node, key, names.index((name, company))),
                )


def _modules(found: BenchFile, node: Node) -> Iterator[Problem]:
    known = {one.module for one in found.modules}
    for place, one in enumerate(found.skills):
        for module in one.modules:
            if module not in known:
                yield BadTerm(
                    Text(f"没有名为“{module}”的模块。", f'There is no module "{module}".'),
                    remedy=Text(
                        "请在 modules 下写明它的学时，或改正名称。", "Give its hours under modules, or mend the name."
                    ),
                    where=_place(node, "skills", place),
                )


def _sizes(found: BenchFile, node: Node) -> Iterator[Problem]:
    if found.classes.most > MOST_SEATS:
        part = node.get("classes") or node
        yield BadTerm(
            Text(f"一班最多 {MOST_SEATS} 人。", f"A class takes up to {MOST_SEATS} people."),
            remedy=Text("请减小 most，加开班次。", "Make most smaller, and classes more frequent."),
            where=(part.get("most") or part).place,
        )
    if found.classes.least > found.classes.most:
        part = node.get("classes") or node
        yield BadTerm(
            Text("开班下限大于上限。", "The least size of a class is above the most."),
            remedy=Text("请让 least 不大于 most。", "Let least be no more than most."),
            where=part.place,
        )


def _place(node: Node, key: str, item: int) -> Place:
    part = node.get(key)
    return node.place if part is None else part.items[item].place if item < len(part.items) else part.place
