"""What people wait for: what-if, the start of a command, a post to the service, and whole cases in bulk.

    python -m benchmarks.felt          every figure, with its neighbor's
    python -m benchmarks.felt --json   the ratios and times alone, as ``python -m benchmarks.race --quick --json`` has them

All is measured on the determinations of ``fixtures/`` and in processor time, so that a busy machine changes it
little; only the service's rate is taken by the clock, turn by turn beside an endpoint that screens nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import service
from imr_rules import Case, Rulebook, what_if
from imr_rules.batch import batch
from tests.paths import DETERMINATIONS, ROOT, SEED

CASES = sorted(DETERMINATIONS.glob("*.yaml"))
NEIGHBOR = "import pydantic, yaml"
COPIES = 20
"""How often each case is given in a bulk of whole cases."""


def least(work: Callable[[], object], times: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the least seconds that ``work`` takes."""
    found = []
    for _ in range(times):
        began = clock()
        work()
        found.append(clock() - began)
    return min(found)


def what_if_ms(times: int = 2) -> tuple[float, float]:
    """Return milliseconds for one item's what-if, the screening of its case included: median, and 95th of 100."""
    rulebook, found = Rulebook.load(), []
    for path in CASES:
        case = Case.from_file(path)
        found += [
            1000 * least(lambda case=case, name=name: what_if(case, rulebook, item=name), times)  # type: ignore[misc]  # bound now
            for name, _ in case.named_items
        ]
    return statistics.median(found), statistics.quantiles(found, n=20)[18]


def start_ratios(times: int = 7) -> dict[str, float]:
    """Return what starting costs, by a process that imports pydantic and yaml."""
    command = str(Path(sys.executable).with_name("imr-rules"))
    python = [sys.executable, "-c"]
    used = "from imr_rules import Case, Rulebook, screen, what_if"
    wanted = {
        "start_ratio": [*python, used],
        "help_ratio": [command, "--help"],
        "screen_ratio": [command, "screen", str(SEED)],
    }
    neighbor = _started([*python, NEIGHBOR], times)
    return {name: _started(each, times) / neighbor for name, each in wanted.items()}


def _started(command: list[str], times: int) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return least(
        lambda: subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True),
        times,
        _of_children,
    )


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def post_ratio(store: str, rounds: int = 3, seconds: float = 1.5) -> float | None:
    """Return the rate of ``POST /v1/screenings`` in parts of a plain endpoint's; None where the store is not here."""
    with contextlib.redirect_stdout(io.StringIO()), service.stores(store) as found:
        return service.measure(found[store], rounds, seconds, 16)[0] if store in found else None


def cases_a_second(times: int = 3) -> float:
    """Return how many whole cases of NDJSON a second of one core judges, from a file to a file."""
    rulebook = Rulebook.load()
    lines = [
        Case.from_file(path).model_dump_json(exclude={"expect", "about"}, exclude_defaults=True)
        for path in CASES
    ]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "cases.ndjson"
        source.write_text("".join(f"{line}\n" for line in lines * COPIES), encoding="utf-8")

        def judge() -> None:
            out = Path(folder) / "judged.parquet"
            out.unlink(missing_ok=True)
            batch([str(source)], out, rulebook, workers=1)

        return len(lines) * COPIES / least(judge, times)


def figures() -> dict[str, float]:
    """Return the figures that ``python -m benchmarks.race --quick --json`` adds to its own."""
    median, slow = what_if_ms()
    rate = post_ratio("sqlite")
    return {
        "what_if_p50_ms": round(median, 1),
        "what_if_p95_ms": round(slow, 1),
        **{name: round(value, 2) for name, value in start_ratios().items()},
        **({} if rate is None else {"post_ratio_sqlite": round(rate, 2)}),
        "cases_per_second": round(cases_a_second()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print them as JSON")
    options = parser.parse_args()
    found = figures()
    print(
        json.dumps(found) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items())
    )


if __name__ == "__main__":
    main()
