"""How the kernel's functions are compiled: many small ones that become one loop.

Numba keeps machine code by the source of the function that is called from Python; after a change in a module that the
kernel imports, touch ``kernel.py`` too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])
# No counting of references: these functions are handed views of one block, and allocate nothing.
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def step(function: Function) -> Function:
    """A part of the kernel that is rarely run; it is called."""
    return cast("Function", numba.njit(**OPTIONS)(function))


def inlined(function: Function) -> Function:
    """A part of the kernel that is run for every contact; it becomes part of its caller."""
    return cast("Function", numba.njit(**OPTIONS, forceinline=True)(function))
