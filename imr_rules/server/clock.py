"""The time of day, as the service writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time of day in UTC. It may be wrong and may step back: nothing is ordered by it."""


def utc_now() -> datetime:
    """Return the machine's time of day in UTC."""
    return datetime.now(UTC)


def read_time(text: str) -> datetime:
    """Return the moment that a text names: a day (its beginning, in UTC), or RFC 3339 with an offset or ``Z``.

    Raises:
        ValueError: it names none.
    """
    if len(text) > 40 or not text.isascii():
        raise ValueError
    found = datetime.fromisoformat(text.upper())
    if found.tzinfo is None:
        if len(text) != len("2014-03-04"):
            raise ValueError
        found = found.replace(tzinfo=UTC)
    return found.astimezone(UTC)


def say_time(moment: datetime) -> str:
    """Return a moment as RFC 3339 text in UTC, to the microsecond; texts sort as the moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
