"""The PostgreSQL that comes along: one folder, one server, a supervised child of the process that started it.

It listens on a socket in a folder that only its user may enter, and on no network. A lock file, held open by every
process of the server, says whether anything of it still runs: who gets the lock starts the server and owns it, who does
not is a guest of the one that runs. When the owner ends, its server ends; ``start`` again lets a guest take over.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from onefloor.language import Text, same
from onefloor.problems import Place, Problem
from onefloor_web.database import binaries as programs
from onefloor_web.database import child
from onefloor_web.database.binaries import Binaries
from onefloor_web.database.child import Account

SUPERUSER = "postgres"
ACCOUNTS = ("postgres", "nobody")
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 107  # bytes of a socket's path that the system takes
LONG_LOG = 5 << 20
PAUSE = 0.05

DURABLE: Mapping[str, str] = {}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for tests: quick, not safe


class NoAccount(Problem):
    """PostgreSQL refuses to run as root, and there is nobody else."""

    def __init__(self) -> None:
        names = "、".join(ACCOUNTS), " or ".join(ACCOUNTS)
        super().__init__(
            Text("PostgreSQL 不能以 root 身份运行。", "PostgreSQL does not run as root."),
            why=Text(f"系统中没有用户 {names[0]}。", f"The system has no user {names[1]}."),
            remedy=Text(
                "请以普通用户运行，或先建立用户 postgres。", "Run as a plain user, or add a user named postgres."
            ),
        )


class NotStarted(Problem):
    """PostgreSQL ended, or did not become ready in time."""

    def __init__(self, log: Path, said: str) -> None:
        super().__init__(
            Text("PostgreSQL 没有启动成功。", "PostgreSQL did not start."),
            why=same(said) if said else None,
            remedy=Text(
                "请按日志排除原因（磁盘空间、权限、内存）后重试。",
                "Mend what the log names (space on the disk, permissions, memory) and try again.",
            ),
            where=Place(str(log)),
        )


class RunsElsewhere(Problem):
    """A server that Onefloor did not start has the data folder open."""

    def __init__(self, data: Path, pid: int) -> None:
        super().__init__(
            Text(f"进程 {pid} 正在使用该数据目录。", f"Process {pid} has the data folder open."),
            why=Text("它不是 Onefloor 启动的。", "Onefloor did not start it."),
            remedy=Text(f"请先停止它：kill -INT {pid}。", f"Stop it first: kill -INT {pid}."),
            where=Place(str(data)),
        )


class NotOurs(Problem):
    """Somebody else has put something where a link or a folder of ours belongs."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(f"“{path}”不是由当前用户建立的。", f'"{path}" was not made by this user.'),
            remedy=Text("请删除它，或更换 TMPDIR 后重试。", "Remove it, or choose another TMPDIR, and try again."),
        )


class Server:
    """The server of one folder. ``start`` it, reach it by ``url``, ``stop`` it; a guest's ``stop`` does nothing."""

    def __init__(self, root: Path, *, settings: Mapping[str, str] = DURABLE) -> None:
        self.root = root.resolve()
        self.data = self.root / "data"
        self.log = self.root / "server.log"
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def owned(self) -> bool:
        """Whether this process started the server that runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process if this one started it."""
        return self._process.pid if self._process else None

    def url(self, role: str, database: str) -> str:
        """Where a role reaches a database of this server."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder()), safe='/')}"

    def socket_folder(self) -> Path:
        """The folder of the socket as clients name it: the server's own, or a short link to it."""
        fits = len(os.fsencode(self.root / SOCKET)) <= LONGEST_SOCKET
        return self.root if fits else _short_link(self.root)

    def start(self, patience: float = 60.0) -> None:
        """Start the server, or be a guest of the one that runs; returns when it takes connections.

        Raises:
            NoBinaries, BadBinaries, OtherMajor, NoAccount: it cannot be started here.
            NotStarted: it ended, or was not ready after ``patience`` seconds.
            RunsElsewhere: another program has the data open.
        """
        end = time.monotonic() + patience
        self._prepare_folder()
        while True:
            if (lock := self._lock()) is not None:
                try:
                    return self._launch(lock, end)
                finally:
                    os.close(lock)  # the server keeps its own copy: the lock lasts as long as any process of it
            if self.ready():
                return None
            self._check_time(end)
            time.sleep(PAUSE)

    def ready(self) -> bool:
        """Whether the server takes connections."""
        try:
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def alive(self) -> bool:
        """Whether any process of the server runs, ours or another's."""
        if self._process is not None and self._process.poll() is None:
            return True
        if (lock := self._lock()) is None:
            return True
        os.close(lock)
        return False

    def stop(self) -> None:
        """Stop the server if this process started it: connections are closed, everything is written."""
        if self._process is not None:
            child.stop(self._process, signal.SIGINT, signal.SIGQUIT)
        self._process = None

    def _prepare_folder(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account := self._account():
            os.chown(self.root, account.user, account.group)
            self.root.chmod(0o700)
            if self.data.exists() and self.data.stat().st_uid == 0:
                _hand_over(self.data, account)

    def _account(self) -> Account | None:
        """Who runs the server: this user, or, for root, who already owns the data, or the first known account.

        Data that root owns were copied by root: PostgreSQL would not start on them.
        """
        if os.geteuid() != 0:
            return None
        if self.data.exists() and (held := self.data.stat()).st_uid != 0:
            return Account(held.st_uid, held.st_gid)
        for name in ACCOUNTS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return Account(entry.pw_uid, entry.pw_gid)
        raise NoAccount

    def _lock(self) -> int | None:
        """The lock of the folder as an open file, or None if a server has it."""
        lock = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock

    def _launch(self, lock: int, end: float) -> None:
        account = self._account()
        chosen = _runnable(programs.for_data(self.data), account)
        _rotate(self.log)
        # Through an open folder the server finds its files even below folders that its user may not enter.
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if not (self.data / "PG_VERSION").exists():
                self._create(chosen, account, folder, lock)
            self._forget_dead_server()
            self._process = self._run(
                [chosen.program("postgres"), *self._arguments(folder)], account, [folder, lock], self.log
            )
        finally:
            os.close(folder)
        self._wait(end)

    def _arguments(self, folder: int) -> list[str]:
        here = f"/proc/self/fd/{folder}"
        settings = {"listen_addresses": "", "unix_socket_directories": here, "timezone": "UTC", **self.settings}
        return ["-D", f"{here}/data", *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))]

    def _create(self, chosen: Binaries, account: Account | None, folder: int, lock: int) -> None:
        """A data folder that appears under its name only when it is complete."""
        fresh = self.root / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ["--locale-provider=builtin"] if chosen.major >= 17 else []
        synced = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        options = ["-U", SUPERUSER, "-E", "UTF8", "--auth=trust", "--no-instructions", "--data-checksums"]
        place = ["-D", f"/proc/self/fd/{folder}/data.new"]
        command = [chosen.program("initdb"), *place, *options, *locale, "--locale=C.UTF-8", *synced]
        # The folder is 0700 and the socket is all there is, so that trust is given to its user alone.
        if self._run(command, account, [folder, lock], self.log).wait():
            raise NotStarted(self.log, _tail(self.log))
        fresh.rename(self.data)

    def _run(self, command: list[str], account: Account | None, keep: list[int], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return child.start(command, ending=signal.SIGINT, account=account, keep=keep, output=output)

    def _wait(self, end: float) -> None:
        assert self._process is not None
        try:
            while not self.ready():
                if self._process.poll() is not None:
                    raise NotStarted(self.log, _tail(self.log))
                self._check_time(end)
                time.sleep(PAUSE)
        except BaseException:
            self.stop()
            raise

    def _check_time(self, end: float) -> None:
        if time.monotonic() > end:
            raise NotStarted(self.log, _tail(self.log))

    def _forget_dead_server(self) -> None:
        """Remove the files by which a server that was killed still seems to run.

        Its number may belong to another process by now, after a restart of a container almost surely.
        """
        held = self.data / "postmaster.pid"
        try:
            pid = int(held.read_text(encoding="utf-8").split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            pid = 0
        if pid and _works_in(pid, self.data):
            raise RunsElsewhere(self.data, pid)
        for file in (held, self.root / SOCKET, self.root / f"{SOCKET}.lock"):
            file.unlink(missing_ok=True)


def _hand_over(folder: Path, account: Account) -> None:
    """Give a folder and all in it to an account; links are not followed."""
    os.chown(folder, account.user, account.group)
    for inside, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(inside) / name, account.user, account.group, follow_symlinks=False)


def _runnable(chosen: Binaries, account: Account | None) -> Binaries:
    """The programs where the account may run them."""
    if account is None:
        return chosen
    probe = child.start(
        [chosen.program("postgres"), "-V"], account=account, output=subprocess.DEVNULL, errors=subprocess.DEVNULL
    )
    return programs.copied(chosen) if probe.wait() else chosen


def _works_in(pid: int, folder: Path) -> bool:
    """Whether a process that is not a zombie has its working directory there, as every server has in its data."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False


def _short_link(folder: Path) -> Path:
    """A link to the folder with a path short enough for a socket, ours and nobody else's."""
    name = f"onefloor-{os.geteuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    link = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name
    if not link.is_symlink():
        with contextlib.suppress(FileExistsError):  # another process was quicker, or somebody else was here
            link.symlink_to(folder)
    if not link.is_symlink() or link.lstat().st_uid != os.geteuid() or link.readlink() != folder:
        raise NotOurs(link)
    return link


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LONG_LOG:
        log.replace(log.with_suffix(".log.1"))


def _tail(log: Path, lines: int = 6) -> str:
    """The last lines of a log, as far as they tell of an error."""
    if not log.exists():
        return ""
    said = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " ".join(line.strip() for line in said[-lines:])
