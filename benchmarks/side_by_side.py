"""Several things measured in one run, turn by turn, in processor time: a busy machine changes their ratio little."""

from __future__ import annotations

import gc
import resource
import statistics
from collections.abc import Callable, Mapping
from typing import Any

REPORT: list[str] = []
"""Lines shown at the end of the run."""


def compare(
    benchmark: Any,
    what: str,
    ours: Callable[..., object],
    others: Mapping[str, Callable[[], object]],
    *,
    prepare: Callable[[], Any] | None = None,
    of: int = 1,
    rounds: int = 40,
    targets: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Time ``ours`` and each of ``others`` in turn, ``rounds`` times, and return the ratio to each.

    The ratio is the median, over the rounds, of ours by theirs in that same round. The benchmark's own
    numbers are those of ours.

    Args:
        benchmark: pytest-benchmark's fixture.
        what: how to call ours in the report.
        ours: what is measured; called with what ``prepare`` returned, if there is one.
        others: name → what to measure beside it.
        prepare: called before each round, outside the measured time.
        of: how many things one call does.
        rounds: how often each is called.
        targets: name → the ratio aimed at, to be shown.
    """
    theirs: dict[str, list[float]] = {name: [] for name in others}
    mine: list[float] = []
    arguments = () if prepare is None else (prepare(),)
    ours(*arguments)
    for other in others.values():
        other()

    def before() -> tuple[tuple[Any, ...], dict[str, Any]]:
        for name, other in others.items():
            theirs[name].append(_seconds(other) / of)
        fresh = () if prepare is None else (prepare(),)
        gc.collect()
        return fresh, {}

    def measured(*fresh: Any) -> None:
        mine.append(_seconds(lambda: ours(*fresh)) / of)

    benchmark.pedantic(measured, setup=before, rounds=rounds, iterations=1)
    ratios = {}
    REPORT.append(f"{what}: {_say(statistics.median(mine))}")
    for name, times in theirs.items():
        each = sorted(one / other for one, other in zip(mine, times, strict=True))
        ratios[name] = statistics.median(each)
        spread = f"{each[len(each) // 10]:.2f} to {each[-1 - len(each) // 10]:.2f}"
        aim = f"; target {targets[name]:g}" if targets and name in targets else ""
        median = _say(statistics.median(times))
        REPORT.append(f"    {ratios[name]:6.2f} x {name} ({median}; 8 rounds of 10 within {spread}{aim})")
    benchmark.extra_info.update({"ratio to " + name: round(ratio, 3) for name, ratio in ratios.items()})
    return ratios


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time that ``work`` takes, in this process and in those it starts and waits for."""
    start = _processor_time()
    work()
    return _processor_time() - start


def _processor_time() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _say(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"
