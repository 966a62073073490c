"""The time of day, as the service writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "say_time", "utc_now"]

Clock = Callable[[], datetime]
"""Gives the time of day in UTC. It may be wrong and may step back: nothing is ordered by it."""


def utc_now() -> datetime:
    """Return the machine's time of day in UTC."""
    return datetime.now(UTC)


def say_time(moment: datetime) -> str:
    """Return a moment as RFC 3339 text in UTC, to the microsecond; texts sort as the moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
