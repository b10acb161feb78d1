"""Click commands that speak both languages: help, options and complaints, by ``--lang`` or locale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

import click

from onefloor.cli.output import Screen
from onefloor.language import Text, joined, same
from onefloor.problems import MissingFile, Problem

HEADS = {
    "arguments": Text("参数", "Arguments"),
    "options": Text("选项", "Options"),
    "commands": Text("命令", "Commands"),
    "examples": Text("示例", "Examples"),
}
OPTIONS = Text("[选项]", "[OPTIONS]")
COMMAND = Text("命令 ...", "COMMAND ...")
HELP = Text("显示本说明。", "Show this help.")
ANOTHER_NAME = Text("请换一个文件名。", "Write to another name.")
PROMPT = "$ "
FILE = click.Path(path_type=Path)


class NewFile(click.Path):
    """A file to be written, whose folder has to be there before anything is computed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path.

        Raises:
            MissingFile: there is no such folder.
        """
        found = Path(str(super().convert(value, param, ctx)))
        if not found.parent.is_dir():
            raise MissingFile(found.parent)
        return found


NEW_FILE = NewFile()  # none that the command reads, and none that another option writes
IN_PLACE = NewFile()  # may be one that is read: to be replaced, or it takes an ending of its own


class BadUsage(Problem):
    """The command line itself is wrong."""


class WrittenOver(BadUsage):
    """A file that a command reads is one that it writes."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"“{path}”是本命令的输入，不能被覆盖。", f'"{path}" is read by this command and would be written over.'
            ),
            remedy=ANOTHER_NAME,
        )


class WrittenTwice(BadUsage):
    """Two options name one file."""

    def __init__(self, path: Path) -> None:
        super().__init__(Text(f"“{path}”会被写两次。", f'"{path}" would be written twice.'), remedy=ANOTHER_NAME)


def check_kept(read: Iterable[Path], written: Sequence[Path]) -> None:
    """No file is written that is read, and none twice.

    Raises:
        WrittenOver, WrittenTwice: one is.
    """
    inputs = {path.resolve() for path in read}
    for number, path in enumerate(written):
        if path.resolve() in inputs:
            raise WrittenOver(path)
        if path.resolve() in {before.resolve() for before in written[:number]}:
            raise WrittenTwice(path)


class Option(click.Option):
    """An option explained in both languages."""

    def __init__(self, *names: str, text: Text, **settings: Any) -> None:
        super().__init__(list(names), **settings)
        self.text = text


class Argument(click.Argument):
    """A positional argument explained in both languages."""

    def __init__(self, name: str, *, text: Text, **settings: Any) -> None:
        super().__init__([name], **settings)
        self.text = text


def floor_argument() -> Argument:
    """The first argument of most commands."""
    return Argument("floor", text=Text("现场目录。", "The folder of the floor."), type=FILE)


class Command(click.Command):
    """A command explained in both languages, with the options that every command has."""

    def __init__(
        self,
        name: str,
        text: Text,
        callback: Callable[..., int | None],
        parameters: Sequence[click.Parameter],
        examples: Sequence[str] = (),
    ) -> None:
        def run(**values: Any) -> int | None:
            check_kept(_files(parameters, values, FILE), _files(parameters, values, NEW_FILE))
            return callback(click.get_current_context().find_root().obj, **values)

        super().__init__(name, callback=run, params=[*parameters, *_common()])
        self.text, self.examples = text, examples

    def get_help(self, ctx: click.Context) -> str:
        """The help page in the chosen language."""
        return help_page(self, ctx, self.text, self.examples)


def _files(parameters: Sequence[click.Parameter], values: Mapping[str, Any], kind: click.Path) -> list[Path]:
    """What was given for the parameters of one kind, one value or several each."""
    given = [values[one.name] for one in parameters if one.type is kind and one.name is not None]
    several = [one if isinstance(one, tuple) else (one,) for one in given]
    return [path for paths in several for path in paths if path is not None]


class Group(click.Group):
    """A group of commands explained in both languages."""

    def __init__(self, name: str, text: Text, commands: Sequence[click.Command]) -> None:
        settings = {"help_option_names": ["--help", "-h"]}
        super().__init__(name, commands=list(commands), params=_common(), context_settings=settings)
        self.text = text
        self.no_args_is_help = False
        self.invoke_without_command = True
        self.params.append(_version())

    def get_help(self, ctx: click.Context) -> str:
        """The help page in the chosen language."""
        return help_page(self, ctx, self.text, ())

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  Click's signature
        """In the order of use, as they were given, rather than of the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Without a command, the help page."""
        if not ctx._protected_args and not ctx.args:
            click.echo(self.get_help(ctx))
            return 0
        return super().invoke(ctx)


def help_page(
    command: click.Command, ctx: click.Context, text: Text, examples: Sequence[str], *, width: int | None = None
) -> str:
    """Usage, purpose, arguments, options, commands and examples of one command; as wide as the terminal."""
    screen = _screen(ctx)
    parameters = command.get_params(ctx)
    usage = " ".join([ctx.command_path, *_usage(command, ctx, screen)])
    page = _Page(screen, width)
    page.line(screen.word(Text(f"用法：{usage}", f"Usage: {usage}")))
    page.line("")
    page.line(screen.word(text))
    page.section("arguments", [(one.make_metavar(ctx), one.text) for one in parameters if isinstance(one, Argument)])
    page.section("commands", [(name, _text_of(command, name)) for name in _names(command, ctx)])
    page.section(
        "options", [(_spelled(one, ctx), _purpose(one)) for one in parameters if isinstance(one, click.Option)]
    )
    if examples:
        page.line("")
        page.line(screen.word(HEADS["examples"]))
        for example in examples:
            page.line(f"  {PROMPT}{example}", whole=True)
    return page.text()


class _Page:
    """A help page in the making; Rich folds Chinese lines at the width of the terminal."""

    def __init__(self, screen: Screen, width: int | None) -> None:
        from rich.console import Console

        self._screen = screen
        self._console = Console(
            file=StringIO(), width=width or min(Console().width, 100), highlight=False, emoji=False, markup=False
        )

    def line(self, text: str, *, whole: bool = False) -> None:
        """One line of text; ``whole`` keeps a command in one line, so that it can be copied."""
        self._console.print(text, soft_wrap=whole)

    def section(self, head: str, pairs: Sequence[tuple[str, Text]]) -> None:
        from rich.table import Table

        if not pairs:
            return
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for name, text in pairs:
            table.add_row(f"  {name}", self._screen.word(text))
        self.line("")
        self.line(self._screen.word(HEADS[head]))
        self._console.print(table)

    def text(self) -> str:
        written = self._console.file.getvalue()  # type: ignore[attr-defined]
        return "\n".join(line.rstrip() for line in str(written).splitlines())


def usage_problem(error: click.UsageError) -> Problem:
    """A complaint of Click as a problem in both languages."""
    path = error.ctx.command_path if error.ctx else "onefloor"
    remedy = Text(f"请运行 {path} --help 查看用法。", f"Run {path} --help.")
    return BadUsage(_complaint(error), remedy=remedy)


def _complaint(error: click.UsageError) -> Text:
    english = error.format_message()
    match error:
        case click.MissingParameter(param=param) if param is not None:
            name = _named(param)
            return Text(f"缺少“{name}”。", f'"{name}" is missing.')
        case click.NoSuchOption(option_name=name):
            return Text(f"没有选项“{name}”。", f'There is no option "{name}".') + _meant(name, error.possibilities)
        case click.NoSuchCommand(command_name=name):
            return Text(f"没有命令“{name}”。", f'There is no command "{name}".') + _meant(name, error.possibilities)
        case click.BadParameter(param=param) if param is not None and isinstance(param.type, click.Choice):
            name, choices = _named(param), joined(same(str(choice)) for choice in param.type.choices)
            return Text(f"“{name}”只能是：{choices.zh}。", f'"{name}" must be one of {choices.en}.')
        case click.BadParameter(param=param) if param is not None and (wanted := _wanted(param.type)):
            given = error.message.partition(" is not ")[0].partition(" does not ")[0].strip("'")
            return Text(f"“{_named(param)}”的值“{given}”无效：须是{wanted}。", english)
        case click.BadParameter(param=param) if param is not None:
            return Text(f"“{_named(param)}”的值无效：{error.message}", english)
    return Text(f"命令有误：{english}", english)


def _wanted(kind: click.ParamType[Any]) -> str:
    """What a value has to be, in Chinese; empty where Click knows no more than that it is wrong."""
    match kind:
        case click.IntRange() | click.FloatRange():
            word = "整数" if isinstance(kind, click.IntRange) else "有限的数"
            return f"{'、'.join(_ends(kind))} 的{word}" if _ends(kind) else word
        case _ if kind is click.INT:
            return "整数"
        case _ if kind is click.FLOAT:
            return "数"
        case click.DateTime():
            return "日期，例如 2026-07-31"
    return ""


def _ends(kind: click.IntRange | click.FloatRange) -> list[str]:
    """The ends of a range in Chinese: from 1, below 5."""
    ends = []
    if kind.min is not None:
        ends.append(f"{'大于' if kind.min_open else '不小于'} {kind.min:g}")
    if kind.max is not None:
        ends.append(f"{'小于' if kind.max_open else '不大于'} {kind.max:g}")
    return ends


def _meant(name: str, known: Sequence[str] | None) -> Text:
    near = get_close_matches(name, known or (), n=1, cutoff=0.5)
    return Text(f"是否指 {near[0]}？", f"Is {near[0]} meant?") if near else same("")


def _common() -> list[click.Parameter]:
    """The options that every command has; they shape the screen and are not passed on."""
    return [
        Option(
            "--lang",
            text=Text("界面语言：zh 或 en；默认按系统区域设置。", "Language: zh or en; by default the locale's."),
            type=click.Choice(["zh", "en"]),
            metavar="LANG",
            expose_value=False,
            callback=_set_language,
        ),
        _flag("json", Text("输出 JSON，供程序读取。", "Answer in JSON, for scripts.")),
        _flag("quiet", Text("不显示进度和提示。", "No progress and no remarks.")),
        _flag("debug", Text("内部错误时显示完整的调用栈。", "Show the whole traceback of an internal fault.")),
    ]


def _flag(name: str, text: Text) -> Option:
    def switch(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  Click's signature
        if value:
            setattr(_screen(ctx), name, True)

    return Option(f"--{name}", text=text, is_flag=True, expose_value=False, callback=switch)


def _set_language(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value:
        _screen(ctx).language = value


def _version() -> Option:
    def show(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  Click's signature
        if value:
            from onefloor import __version__

            click.echo(f"onefloor {__version__}")
            ctx.exit()

    text = Text("显示版本号。", "Show the version.")
    return Option("--version", text=text, is_flag=True, is_eager=True, expose_value=False, callback=show)


def _screen(ctx: click.Context) -> Screen:
    screen = ctx.find_root().obj
    assert isinstance(screen, Screen)
    return screen


def _usage(command: click.Command, ctx: click.Context, screen: Screen) -> list[str]:
    arguments = [one.make_metavar(ctx) for one in command.get_params(ctx) if isinstance(one, click.Argument)]
    return [screen.word(OPTIONS), *([screen.word(COMMAND)] if isinstance(command, click.Group) else arguments)]


def _names(command: click.Command, ctx: click.Context) -> list[str]:
    return command.list_commands(ctx) if isinstance(command, click.Group) else []


def _text_of(group: click.Command, name: str) -> Text:
    assert isinstance(group, click.Group)
    found = group.commands[name]
    assert isinstance(found, Command | Group)
    return found.text


def _spelled(option: click.Option, ctx: click.Context) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag or option.count else f"{names} {option.make_metavar(ctx)}"


def _purpose(option: click.Option) -> Text:
    """What an option is for, and its default unless that is a switch, nothing, or in the text already."""
    if not isinstance(option, Option):
        return HELP
    value = option.default
    if option.is_flag or not isinstance(value, str | int | float) or value == "" or "default" in option.text.en:
        return option.text
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return option.text + Text(f"默认：{shown}。", f"Default: {shown}.")


def _named(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.name or "").upper()
