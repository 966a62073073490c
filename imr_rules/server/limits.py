"""How often one key may ask: a bucket that fills at an even rate."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from imr_rules.errors import Problem, RateError

_MOST_BUCKETS = 10_000


class Rates:
    """A bucket for each key. It runs by a clock that never steps back; used on one event loop alone."""

    def __init__(self, rate: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> None:
        """Take one request out of a key's bucket.

        Raises:
            RateError: it is empty.
        """
        level, now = self._level(key)
        if level < 1:
            self._buckets[key] = (level, now)
            seconds = max(1, math.ceil((1 - level) / self._rate))
            raise RateError(Problem("too-many-requests", "this key asks too often"), seconds)
        self._buckets[key] = (level - 1, now)

    def wait(self, key: str, number: int) -> float:
        """Take requests out of a key's bucket, though it be empty; return the seconds to wait before they are done."""
        level, now = self._level(key)
        self._buckets[key] = (level - number, now)
        return max(0.0, (number - level) / self._rate)

    def _level(self, key: str) -> tuple[float, float]:
        now = self._clock()
        if len(self._buckets) >= _MOST_BUCKETS:
            self._buckets.clear()
        level, since = self._buckets.get(key, (float(self._burst), now))
        return min(self._burst, level + (now - since) * self._rate), now
