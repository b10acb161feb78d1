"""How the kernel's functions are compiled: many small ones that become one loop.

Numba keeps machine code by the time stamp of the one file that a function stands in. The kernel stands in several, and
old code that meets a new layout of memory would crash: so the stamp here holds a digest of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])
# No counting of references: these functions are handed views of one block, and allocate nothing.
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
PARTS = ("chance", "memory", "tables", "heap", "arriving", "serving", "agents", "queues", "kernel", "single", "machine")
SOURCES = [(Path(__file__).parent / f"{part}.py").read_bytes() for part in PARTS]
DIGEST = blake2b(b"\x1f".join(SOURCES), digest_size=16).hexdigest()


def step(function: Function) -> Function:
    """A part of the kernel that is rarely run; it is called."""
    return cast("Function", _stamped(numba.njit(**OPTIONS)(function)))


def inlined(function: Function) -> Function:
    """A part of the kernel that is run for every contact; it becomes part of its caller."""
    return cast("Function", _stamped(numba.njit(**OPTIONS, forceinline=True)(function)))


def _stamped(dispatcher: Any) -> Any:
    """The same, its machine code kept for these very sources only."""
    kept = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    if kept is not None:  # with NUMBA_DISABLE_JIT there is none
        kept._source_stamp = (kept._source_stamp, DIGEST)
    return dispatcher
