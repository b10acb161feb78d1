"""What the tests of the web share: Django set up for them, and databases that are copies of one migrated template.

A plain test (``db``) is rolled back. A test that needs real commits or other processes asks for ``own_database``: a
copy of its own, which Django then uses. Both connect as the application's role, which row-level security binds.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if importlib.util.find_spec("django") is None:  # the core alone is installed
    collect_ignore_glob = ["*.py", "*/*.py"]
else:
    import environment

    environment.prepare()
    import clocks

    clocks.follow()


@pytest.fixture(autouse=True)
def language_of_the_floor() -> Iterator[None]:
    """A page asked for in a test leaves its language behind in the thread; the next test begins with the floor's."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """Instead of pytest-django's: a copy of the migrated template, as the application's role."""
    import testbed

    with testbed.copy() as database, testbed.used_by_django(database.url):
        yield


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A database of the test's own (``testbed.Database``): writes are committed, other processes may join in."""
    import testbed

    with testbed.copy() as database, testbed.used_by_django(database.url), django_db_blocker.unblock():
        yield database


@pytest.fixture
def live_site(own_database: Any) -> Iterator[str]:
    """The address of the site, served by threads of this process from ``own_database``; for browsers."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("127.0.0.1", lambda _handler: WSGIHandler())
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture(scope="session")
def kept_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, Any, Path]]:
    """The world made once: committed in a database of its own, with the files it has laid down."""
    import testbed
    from django.db import transaction
    from django.test import override_settings
    from world import make_world

    # The floor of the environment, also where the first test that asks for the world serves another one.
    root = Path(os.environ["ONEFLOOR_FLOOR"])
    media = root / "web" / "media"
    with testbed.copy() as database:
        with (
            override_settings(FLOOR=root, STATE=root / "web", MEDIA_ROOT=media),
            testbed.used_by_django(database.url),
            django_db_blocker.unblock(),
            transaction.atomic(),
        ):
            made = make_world()
        files = tmp_path_factory.mktemp("world") / "media"
        if media.exists():
            shutil.copytree(media, files)
        yield database, made, files


@pytest.fixture
def world(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Any]:
    """The small known floor of ``world.py``; whatever a test changes in it is rolled back.

    It is kept ready in a database of its own. A test that also asks for ``db`` gets one made in that transaction.
    """
    import testbed
    from django.db import transaction
    from world import make_world

    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        yield make_world()
        return
    database, made, files = request.getfixturevalue("kept_world")
    lay_down(files)
    with testbed.used_by_django(database.url), django_db_blocker.unblock(), transaction.atomic():
        yield copy.deepcopy(made)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def committed(kept_world: tuple[Any, Any, Path], django_db_blocker: Any) -> Iterator[Any]:
    """The world committed in a database of a module's own: requests have their own transactions, as in real use.

    Each test of the module sees what those before it have changed.
    """
    with copied(kept_world, django_db_blocker) as world:
        yield world


@pytest.fixture
def own_world(kept_world: tuple[Any, Any, Path], django_db_blocker: Any) -> Iterator[Any]:
    """The world committed in a database of the test's own: other processes and threads may join in."""
    with copied(kept_world, django_db_blocker) as world:
        yield world


@contextlib.contextmanager
def copied(kept: tuple[Any, Any, Path], blocker: Any) -> Iterator[Any]:
    """A copy of the kept world in a database that Django then uses; the world knows it."""
    import testbed

    template, made, files = kept
    lay_down(files)
    with testbed.copy(template) as database, testbed.used_by_django(database.url), blocker.unblock():
        world = copy.deepcopy(made)
        world.database = database
        yield world


def lay_down(files: Path) -> None:
    """The world's files, where those of the floor lie; one that is there unchanged stays."""
    from django.conf import settings

    if files.exists():
        shutil.copytree(files, settings.MEDIA_ROOT, dirs_exist_ok=True, copy_function=_unless_there)


def _unless_there(source: str, target: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        wanted, there = Path(source).stat(), Path(target).stat()
        if (wanted.st_size, wanted.st_mtime_ns) == (there.st_size, there.st_mtime_ns):
            return
    shutil.copy2(source, target)
