"""Loops that NumPy cannot express, compiled by Numba and kept on disk from one process to the next.

A compiled function takes arrays of fixed type and number of dimensions and plain numbers, nothing else: every other
signature costs seconds of compiling. It releases the interpreter's lock, so that threads run side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The same function as machine code; exact arithmetic of IEEE 754, no reordering of sums.

    >>> @compiled
    ... def twice(number):
    ...     return 2 * number
    >>> twice(21)
    42
    """
    # The cache's key holds the source's time stamp, the processor and Numba's version. In a folder that cannot be
    # written to, Numba takes the user's cache folder or NUMBA_CACHE_DIR.
    cached = not function.__module__.startswith("__main__") and "<" not in function.__code__.co_filename
    return cast("Function", numba.njit(cache=cached, nogil=True, error_model="numpy")(function))
