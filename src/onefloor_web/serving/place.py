"""Where a floor's database is: the PostgreSQL that comes along, or a server named in the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict

from onefloor.language import Text, same
from onefloor.problems import Problem
from onefloor_web.database import roles
from onefloor_web.database.embedded import SUPERUSER, Server
from onefloor_web.serving.state import State

APP_URL, OWNER_URL, BACKUP_URL = "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"


@dataclass(frozen=True, slots=True)
class Place:
    """How each role reaches the database; ``server`` if it is the embedded one."""

    app_url: str
    owner_url: str
    backup_url: str | None
    server: Server | None = None

    def check(self) -> None:
        """Refuse a role of the application that policies do not bind.

        Raises:
            RoleCanBypass: it can get round them.
        """
        with psycopg.connect(self.app_url) as connection:
            roles.check(connection.cursor())

    def reach(self) -> None:
        """Connect once in each role.

        Raises:
            NoConnection: one cannot; says which.
        """
        for name, url in ((OWNER_URL, self.owner_url), (APP_URL, self.app_url), (BACKUP_URL, self.backup_url)):
            try:
                if url is not None:
                    psycopg.connect(url, connect_timeout=10).close()
            except psycopg.OperationalError as error:
                raise NoConnection(name, error) from None


class NoConnection(Problem):
    """A server named in the environment cannot be reached."""

    def __init__(self, name: str, error: Exception) -> None:
        said = " ".join(str(error).split())
        super().__init__(
            Text(f"无法连接 {name} 指定的数据库。", f"The database of {name} cannot be reached."),
            why=same(said),
            remedy=Text(
                "请检查地址、密码、网络，以及是否已用 onefloor database-roles 建好角色和数据库。",
                "Check the address, the password and the network, and that onefloor database-roles was run there.",
            ),
        )


class NoOwnerUrl(Problem):
    """A server is named for the application but not for the migrations."""

    def __init__(self) -> None:
        super().__init__(
            Text(f"设置了 {APP_URL}，但没有设置 {OWNER_URL}。", f"{APP_URL} is set, {OWNER_URL} is not."),
            why=Text(
                "建表和升级需要表的所有者角色。", "Tables are made and brought up to date as the role that owns them."
            ),
            remedy=Text(
                f"请设置 {OWNER_URL}=postgresql://{roles.OWNER}:密码@主机/{roles.DATABASE}。",
                f"Set {OWNER_URL}=postgresql://{roles.OWNER}:PASSWORD@HOST/{roles.DATABASE}.",
            ),
        )


class OnAServer(Problem):
    """The floor's database is on a server, and the environment does not name one: an empty one would take its place."""

    def __init__(self, where: str) -> None:
        super().__init__(
            Text(f"这个现场的数据库在服务器上（{where}），但没有设置 {APP_URL}。",
                 f"This floor's database is on a server ({where}), and {APP_URL} is not set."),
            why=Text("否则会新建一个空的内置数据库，并对它操作。",
                     "An empty embedded database would be made and worked on instead."),
            remedy=Text(
                "请用服务的环境变量运行此命令（部署文档中的 onefloor-run）；要改用内置数据库，请删除 web/database。",
                "Run the command with the settings of the service (onefloor-run in the deployment guide). To go over to"
                " the embedded database, remove the file web/database.",
            ),
        )  # fmt: skip


@contextmanager
def database(state: State) -> Iterator[Place]:
    """The floor's database, started if it is the embedded one, stopped at the end if this process started it.

    Raises:
        NoOwnerUrl, NoConnection: a server is named and cannot be used.
        OnAServer: none is named, and the floor has its database on one.
        Problem: the embedded one did not start; says why.
    """
    if app_url := os.environ.get(APP_URL):
        owner_url = os.environ.get(OWNER_URL)
        if not owner_url:
            raise NoOwnerUrl
        named = Place(app_url, owner_url, os.environ.get(BACKUP_URL))
        named.reach()
        state.elsewhere.write_text(_without_password(app_url), encoding="utf-8")
        yield named
        return
    if state.elsewhere.exists():
        raise OnAServer(state.elsewhere.read_text(encoding="utf-8"))
    server = Server(state.postgres)
    server.start()
    try:
        yield embedded(server)
    finally:
        server.stop()


def embedded(server: Server) -> Place:
    """The database of a running embedded server, with its roles."""
    name = roles.DATABASE
    roles.make(server.url(SUPERUSER, name), server.url(SUPERUSER, "postgres"), name)
    return Place(server.url(roles.APP, name), server.url(roles.OWNER, name), server.url(roles.BACKUP, name), server)


def _without_password(url: str) -> str:
    parts = conninfo_to_dict(url)
    return f"{parts.get('host', '')}/{parts.get('dbname', '')}"
