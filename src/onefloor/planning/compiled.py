"""Loops that NumPy cannot express, compiled by Numba and kept on disk from one process to the next.

A compiled function takes arrays of fixed type and number of dimensions and plain numbers, nothing else: every other
signature costs seconds of compiling. It releases the interpreter's lock, so that threads run side by side.

Numba keeps machine code by the time stamp of the one file that a function stands in. Kernels stand in several, and old
code that meets a new layout of memory would crash: so the stamp here holds a digest of all the modules of planning that
a function's own module is made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
# No counting of references: these functions are handed views of one block, and allocate nothing.
BARE: dict[str, Any] = OPTIONS | {"_nrt": False}
PACKAGE = __name__.rpartition(".")[0]
FOLDER = Path(__file__).parent
IMPORTED = re.compile(rf"^from {re.escape(PACKAGE)}\.([\w.]+) import", re.MULTILINE)


def compiled(function: Function) -> Function:
    """The same function as machine code; exact arithmetic of IEEE 754, no reordering of sums.

    >>> @compiled
    ... def twice(number):
    ...     return 2 * number
    >>> twice(21)
    42
    """
    return _kept(function, **OPTIONS)


def step(function: Function) -> Function:
    """A part of a kernel that is rarely run and allocates nothing; it is called."""
    return _kept(function, **BARE)


def inlined(function: Function) -> Function:
    """A part of a kernel that is run all the time and allocates nothing; it becomes part of its caller."""
    return _kept(function, **BARE, forceinline=True)


def _kept(function: Function, **options: Any) -> Function:
    # In a folder that cannot be written to, Numba takes the user's cache folder or NUMBA_CACHE_DIR.
    name = function.__module__
    keeps = not name.startswith("__main__") and "<" not in function.__code__.co_filename
    found = numba.njit(cache=keeps, **options)(function)
    kept = getattr(getattr(found, "_cache", None), "_cache_file", None)
    if kept is not None and name.startswith(PACKAGE):  # with NUMBA_DISABLE_JIT there is none
        kept._source_stamp = (kept._source_stamp, digest(name.removeprefix(f"{PACKAGE}.")))
    return cast("Function", found)


@cache
def digest(module: str, folder: Path = FOLDER) -> str:
    """Of the sources of a module of planning, such as ``simulation.kernel``, and of all that it imports of planning."""
    found = blake2b(digest_size=16)
    for name, source in sorted(sources(module, folder).items()):
        found.update(f"{name}\x1f{source}\x1f".encode())
    return found.hexdigest()


def sources(module: str, folder: Path = FOLDER) -> dict[str, str]:
    """A module, this one, and all that they import of planning: their texts by name."""
    found: dict[str, str] = {}
    waiting = [module, Path(__file__).stem]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _source(name, folder)
            waiting += _imported(found[name])
    return found


def _source(name: str, folder: Path) -> str:
    """A module's text; nothing where there are no sources, or it is a package."""
    path = folder.joinpath(*name.split(".")).with_suffix(".py")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _imported(source: str) -> Iterator[str]:
    return (str(name) for name in IMPORTED.findall(source))
