"""The commands of the web application, found by the command line through the entry point ``onefloor.commands``.

What they do is imported inside them: ``onefloor --help`` does not wait for Django and the database's driver.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, Argument, Command, Option, floor_argument
from onefloor.cli.output import Screen
from onefloor.language import Text
from onefloor.problems import Problem

if TYPE_CHECKING:
    from onefloor_web.serving.address import Address

NEEDED = ("django", "psycopg", "gunicorn", "procrastinate")
OWNERS_COMMANDS = ("migrate", "createcachetable", "pgtrigger", "sqlmigrate")


class NoWeb(Problem):
    """The web application's own dependencies are not installed."""

    def __init__(self) -> None:
        super().__init__(
            Text("没有安装网页部分。", "The web application is not installed."),
            remedy=Text("请运行 pip install 'onefloor[web]'。", "Run pip install 'onefloor[web]'."),
        )


def serve(screen: Screen, floor: Path, host: str, port: int, processes: int, threads: int, jobs: int) -> None:
    """Serve a floor until Ctrl-C or SIGTERM."""
    _need_web()
    from onefloor_web.serving import supervisor
    from onefloor_web.serving.address import Address
    from onefloor_web.serving.site import Size

    size = Size(processes, threads, jobs)
    supervisor.serve(floor, Address(host, port), size, say=screen.say, ready=lambda at: _tell(screen, at, at.url))
    screen.say(Text("已停止。", "Stopped."))


def demo(
    screen: Screen,
    folder: Path,
    host: str,
    port: int,
    contacts: int | None,
    agents: int | None,
    until: datetime | None = None,
    *,
    build_only: bool,
) -> None:
    """Build the demonstration and serve it."""
    if build_only:
        from onefloor.cli.demo import demo as build

        build(screen, folder, contacts, agents, until)
        return
    from onefloor_web.serving.address import Address
    from onefloor_web.serving.demo import SIGN_IN
    from onefloor_web.serving.demo import demo as serve_demo
    from onefloor_web.serving.site import Size

    screen.say(
        Text("制作并启动演示，首次约一分钟。", "Building and starting the demonstration; about a minute at first.")
    )
    serve_demo(
        folder,
        Address(host, port),
        Size(),
        contacts=contacts,
        agents=agents,
        until=until.date() if until else None,
        language=screen.language,
        say=screen.say,
        ready=lambda at: _tell(screen, at, at.url + SIGN_IN),
    )
    screen.say(Text("已停止。", "Stopped."))


def manage(screen: Screen, floor: Path, command: Sequence[str]) -> None:
    """Run one of Django's management commands on a floor's database."""
    _need_web()
    from onefloor_web.serving.managing import manage as run

    run(floor, command, as_owner_of_tables=command[0] in OWNERS_COMMANDS)


def backup(screen: Screen, floor: Path, file: Path) -> None:
    """Write the floor and its database to one file."""
    _need_web()
    from onefloor_web.serving.backup import write

    with screen.progress(Text("备份", "Backing up")) as progress:
        written = write(floor, file, progress=progress)
    if screen.json:
        screen.answer({"file": str(file), "bytes": written.size, "files": written.files})
        return
    screen.show(
        Text(
            f"已备份到 {file}：{written.files:,} 个文件，{written.size:,} 字节。其中有客户号码散列密钥，请妥善保管。",
            f"Backed up to {file}: {written.files:,} files, {written.size:,} bytes. It holds the key of "
            "customer hashes: keep it as safe as the floor.",
        )
    )


def restore(screen: Screen, file: Path, floor: Path) -> None:
    """Make a floor and its database from a backup."""
    _need_web()
    from onefloor_web.serving.backup import read

    with screen.progress(Text("恢复", "Restoring")) as progress:
        restored = read(file, floor, progress=progress)
    if screen.json:
        screen.answer({"floor": str(floor), "taken_at": restored.taken_at, "files": restored.files})
        return
    screen.show(
        Text(
            f"已恢复 {restored.taken_at} 的备份到 {floor}。请运行 onefloor serve {floor}。",
            f"Restored the backup of {restored.taken_at} to {floor}. Run onefloor serve {floor}.",
        )
    )


def database_roles(screen: Screen, database: str) -> None:
    """The SQL that prepares a server's PostgreSQL."""
    _need_web()
    from onefloor_web.database.roles import script

    click.echo(script(database), nl=False)


def _need_web() -> None:
    if not installed():
        raise NoWeb


def installed() -> bool:
    """Whether what the web application needs is installed."""
    return all(importlib.util.find_spec(name) for name in NEEDED)


def _tell(screen: Screen, address: Address, url: str) -> None:
    """Say where the site is, once it answers; a script reads it from the one line of standard output."""
    if screen.json:
        screen.answer({"url": url})
    else:
        screen.show(Text(f"已启动：{url}    按 Ctrl-C 停止", f"Running: {url}    Ctrl-C stops it"))
    if not address.local:
        screen.say(
            Text(
                "正在监听本机以外的地址且没有 TLS：请只放在 TLS 反向代理之后。",
                "It listens to other machines and without TLS: put it behind a proxy that speaks TLS.",
            )
        )
    sys.stdout.flush()


def _where() -> list[click.Parameter]:
    return [
        Option(
            "--host",
            text=Text("监听的地址，默认只有本机。", "The address to listen on; by default this machine alone."),
            default="127.0.0.1",
            metavar="HOST",
        ),
        Option(
            "--port",
            text=Text("端口，默认 8000。", "The port; 8000 by default."),
            type=click.IntRange(1, 65535),
            default=8000,
            metavar="PORT",
        ),
    ]


def _number(name: str, default: int, text: Text) -> Option:
    return Option(name, text=text, type=click.IntRange(1, 64), default=default, metavar="N")


SERVE = Command(
    "serve",
    Text(
        "启动一个现场的网页：数据库、网页服务和任务进程；设置了 DATABASE_URL 则使用现有 PostgreSQL。",
        "Serve a floor on the web: database, web server and worker; with DATABASE_URL on a PostgreSQL of your own.",
    ),
    serve,
    [
        floor_argument(),
        *_where(),
        _number("--processes", 2, Text("网页服务的进程数，默认 2。", "Processes that answer; 2 by default.")),
        _number("--threads", 4, Text("每个进程的线程数，默认 4。", "Threads in each of them; 4 by default.")),
        _number("--jobs", 2, Text("同时运行的任务数，默认 2。", "Jobs that run at once; 2 by default.")),
    ],
    ["onefloor serve myfloor", "onefloor serve myfloor --port 8080"],
)
DEMO = Command(
    "demo",
    Text(
        "制作演示并启动：一份真实的话务平台日志和生成的一年，结算并核验，可用任一角色一键登录。",
        "Make a demonstration and serve it: a real log and a generated year, settled and verified, with one-click "
        "sign-in for every role.",
    ),
    demo,
    [
        Argument(
            "folder",
            text=Text("写到哪个目录，默认 demo。", "The folder to write; demo by default."),
            type=FILE,
            default="demo",
        ),
        *_where(),
        Option(
            "--contacts",
            text=Text("生成的一年有多少通话务。", "How many contacts the generated year has."),
            type=click.IntRange(1_000),
            metavar="N",
        ),
        Option(
            "--agents",
            text=Text("生成的一年年初有多少坐席。", "How many agents the generated year begins with."),
            type=click.IntRange(24, 5_000),
            metavar="N",
        ),
        Option(
            "--until",
            text=Text(
                "这一天起还没有发生；启动网页时默认今天，只制作时默认整年（2026）。",
                "The first day of which nothing is known yet: today when it is served, without serving all of 2026.",
            ),
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="DATE",
        ),
        Option(
            "--build-only",
            text=Text("只制作，不启动网页。", "Make it and do not serve it."),
            is_flag=True,
        ),
    ],
    ["onefloor demo", "onefloor demo --build-only"],
)
MANAGE = Command(
    "manage",
    Text(
        "在现场的数据库上运行 Django 管理命令，例如 check、migrate、shell。",
        "Run a management command of Django on a floor's database, such as check, migrate or shell.",
    ),
    manage,
    [
        floor_argument(),
        Argument(
            "command",
            text=Text("管理命令及其参数。", "The management command and its arguments."),
            nargs=-1,
            required=True,
            type=click.UNPROCESSED,
        ),
    ],
    ["onefloor manage myfloor check --deploy", "onefloor manage myfloor help"],
)
# What follows the command's name is Django's to understand, options as well.
MANAGE.context_settings = {"ignore_unknown_options": True, "allow_interspersed_args": False}
MANAGE.ignore_unknown_options, MANAGE.allow_interspersed_args = True, False
BACKUP = Command(
    "backup",
    Text(
        "把现场和数据库备份为一个文件；现场可以正在运行。",
        "Back up a floor and its database to one file; the floor may be in use.",
    ),
    backup,
    [
        floor_argument(),
        Argument("file", text=Text("写到哪个文件，不得已存在。", "The file to write; must not exist."), type=FILE),
    ],
    ["onefloor backup myfloor myfloor-2026-11-30.tar"],
)
RESTORE = Command(
    "restore",
    Text("从备份恢复现场和数据库到一个新目录。", "Restore a floor and its database from a backup to a new folder."),
    restore,
    [
        Argument("file", text=Text("备份文件。", "The backup."), type=FILE),
        Argument("floor", text=Text("新目录，不得已有内容。", "The new folder; must be empty or missing."), type=FILE),
    ],
    ["onefloor restore myfloor-2026-11-30.tar myfloor"],
)
DATABASE_ROLES = Command(
    "database-roles",
    Text(
        "输出 SQL：管理员在现有 PostgreSQL 上以超级用户执行，建立角色、数据库和权限。",
        "Print the SQL by which an administrator makes roles, database and rights on a PostgreSQL of your own.",
    ),
    database_roles,
    [
        Option(
            "--database",
            text=Text("数据库名，默认 onefloor。", "The name of the database; onefloor by default."),
            default="onefloor",
            metavar="NAME",
        )
    ],
    ["onefloor database-roles > roles.sql"],
)

# Without what the web needs, the core's own `demo` stays; the rest says what to install.
COMMANDS = (*((DEMO,) if installed() else ()), SERVE, MANAGE, BACKUP, RESTORE, DATABASE_ROLES)
