"""The command line: every command parses, calls one function of the core, and prints what it answered.

Modules of the core are imported inside the commands, so that ``onefloor --help`` need not wait for engines and
table formats: that is the one reason for an import inside a function in this package.

Exit codes: 0 done; 1 the answer is no (``verify`` found a difference); 2 the command was written wrongly; 3 a
``Problem``: input that has to be mended; 70 a fault of Onefloor itself; 130 interrupted; 141 nobody reads the output.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points

import click

from onefloor.cli import agreements, demo, floors, loading, measuring, metrics, signatures
from onefloor.cli.bilingual import BadUsage, Group, usage_problem
from onefloor.cli.insight import causes, charts, effects, fair, guards, rating, sourcing
from onefloor.cli.output import Screen, screen_for
from onefloor.cli.planning import bench, fit, forecast, plan, pools, repair, simulate, skills, split, staff
from onefloor.language import Text
from onefloor.problems import Place, Problem

EXTENSIONS = "onefloor.commands"  # entry points that name sequences of commands, such as those of the web application
DONE, ANSWER_IS_NO, WRONG_USAGE, PROBLEM, FAULT, INTERRUPTED, NOBODY_READS = 0, 1, 2, 3, 70, 130, 141


def _extensions() -> Iterator[click.Command]:
    """Commands of other packages; one with the name of a command of ours takes its place."""
    for point in entry_points(group=EXTENSIONS):
        yield from point.load()


onefloor = Group(
    name="onefloor",
    text=Text(
        "融合现场：话务事实、指标、协议与对账单。甲乙双方使用同一份记录，任何数字都可以重算。",
        "One record, one contract, one statement for a hotline run by several companies. Any number can be recomputed.",
    ),
    commands=[
        *demo.COMMANDS,
        *floors.COMMANDS,
        *loading.COMMANDS,
        *measuring.COMMANDS,
        *metrics.COMMANDS,
        *agreements.COMMANDS,
        *signatures.COMMANDS,
        *charts.COMMANDS,
        *causes.COMMANDS,
        *effects.COMMANDS,
        *fair.COMMANDS,
        *guards.COMMANDS,
        *rating.COMMANDS,
        *sourcing.COMMANDS,
        *forecast.COMMANDS,
        *fit.COMMANDS,
        *plan.COMMANDS,
        *pools.COMMANDS,
        *repair.COMMANDS,
        *simulate.COMMANDS,
        *skills.COMMANDS,
        *split.COMMANDS,
        *staff.COMMANDS,
        *bench.COMMANDS,
        *_extensions(),
    ],
)


class SystemRefused(Problem):
    """The system refused a file or folder: no permission, no space, a name that is taken."""

    def __init__(self, error: OSError) -> None:
        said = error.strerror or str(error)
        super().__init__(
            Text(f"系统拒绝访问：{said}。", f"The system refused: {said}."),
            remedy=Text("请检查路径、权限和磁盘空间。", "Check the path, the permissions and the space on the disk."),
            where=Place(str(error.filename)) if error.filename else None,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; the arguments of the process if none are given."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    screen = screen_for(given)
    try:
        return _run(given, screen)
    except BrokenPipeError:
        # Python would complain again when it flushes at exit: give it somewhere to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except KeyboardInterrupt:
        screen.say(Text("已中断。下次运行时自动收尾。", "Interrupted. The next run tidies up by itself."))
        return INTERRUPTED
    except Exception as fault:
        if screen.debug:
            raise
        screen.fault(fault)
        return FAULT


def _run(given: list[str], screen: Screen) -> int:
    try:
        # Not Click's own `main`: it has other ideas of interrupts, closed pipes and exit codes.
        with onefloor.make_context("onefloor", given, obj=screen) as context:
            answer = onefloor.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        screen.problem(usage_problem(error))
        return WRONG_USAGE
    except BrokenPipeError:
        raise
    except OSError as error:
        screen.problem(SystemRefused(error))
        return PROBLEM
    except Problem as problem:
        screen.problem(problem)
        return WRONG_USAGE if isinstance(problem, BadUsage) else PROBLEM
    return answer if isinstance(answer, int) else DONE
