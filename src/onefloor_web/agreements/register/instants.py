"""Moments as the core counts them, in epoch milliseconds, and back; exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def ms_of(at: datetime) -> int:
    """A moment in epoch milliseconds."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def moment_of(ms: int) -> datetime:
    """Epoch milliseconds as a moment."""
    return EPOCH + timedelta(milliseconds=ms)
