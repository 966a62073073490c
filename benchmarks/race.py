"""The race: the same criteria in this engine and in its peers, one item with reasons and a million items.

    python -m benchmarks.race                 every contestant, and how time and memory grow; a table
    python -m benchmarks.race --write         the same, into docs/performance.md with its picture
    python -m benchmarks.race --quick --json  the ratios alone, with those of benchmarks/felt.py, in some two minutes

Before anything is timed, each contestant's answers are held against the reference evaluator on the same items.
Times are taken turn by turn in one run, and a ratio is the median over the turns, so that it holds however
busy the machine is. ``single_vs_zen``, ``bytes_to_bytes`` and ``batch_vs_numpy`` are times, ours by theirs;
``batch_vs_zen`` and ``batch_vs_zen_best`` are rates, ours by theirs.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.by_hand import STATUSES, NumpyByHand, PolarsByHand
from benchmarks.contestants import BareHost, ZenExpressions, ZenTables
from benchmarks.felt import figures
from benchmarks.inventory import inventory
from benchmarks.row_by_row import JsonLogic, RuleEngine
from benchmarks.workload import SILENT, Workload, against_in, context, make_cases, make_workload, screen_one
from imr_rules import Case, Rulebook, durable, screen
from imr_rules._dates import Window
from imr_rules.engines.columnar import ColumnarEvaluator
from imr_rules.expression import reference
from imr_rules.expression.reference import Status
from imr_rules.expression.values import Row, Value
from tests.paths import ROOT

CHECKED = 2_000
"""Items on which every contestant is held against the reference."""
BATCH = 262_144
"""Rows in one record batch."""


class Measured(NamedTuple):
    """One contestant: seconds an item in each round, and what its answer holds."""

    name: str
    answer: str
    times: list[float]

    @property
    def rate(self) -> float:
        """Items a second."""
        return 1 / statistics.median(self.times)


def ratio(ours: Measured, theirs: Measured) -> float:
    """Return our time by theirs, the median over the rounds."""
    return statistics.median(one / other for one, other in zip(ours.times, theirs.times, strict=True))


# -- what is asked of everybody ------------------------------------------------------------------------------


class Field(NamedTuple):
    """The rules, and the items to be judged."""

    workload: Workload
    rulebook: Rulebook
    table: pa.Table
    batches: list[pa.RecordBatch]


def field(folder: Path, rows: int, treatments: int = 30, batch: int = BATCH) -> Field:
    """Return a generated rulebook and items for it."""
    workload = make_workload(folder, treatments)
    table = inventory(rows, treatments).combine_chunks()
    return Field(workload, Rulebook.load(workload.directory), table, table.to_batches(max_chunksize=batch))


def contexts(table: pa.Table) -> list[tuple[str, dict[str, Any]]]:
    """Return items as the engines that take one at a time are given them."""
    found = []
    for row in table.to_pylist():
        facts = {
            name: value for name, value in row.items() if value is not None and not name.endswith(".state")
        }
        facts |= {
            name.removesuffix(".state"): SILENT
            for name, value in row.items()
            if name.endswith(".state") and value
        }
        treatment = facts.pop("treatment")
        del facts["case"], facts["edition_from"]
        found.append((treatment, facts))
    return found


def expected(rulebook: Rulebook, table: pa.Table) -> list[dict[str, Status]]:
    """Return the statuses of each item's criteria, by the reference."""
    found = []
    for row in table.to_pylist():
        day = row["edition_from"]
        plan = rulebook.select(rulebook.vocabulary.treatments[row["treatment"]], Window(day, day)).plan
        values: Row = {spec.name: _value(row, spec) for spec in plan.facts}
        plan.complete(values)
        found.append({each.id: reference.judge(each, values) for each in plan.criteria})
    return found


def _value(row: Mapping[str, Any], spec: Any) -> Value:
    low, high = spec.type.low, spec.type.high
    value = row.get(spec.name)
    if row.get(f"{spec.name}.state"):
        return Value("undocumented", low, high, silent=spec.silence == "against_request")
    if isinstance(value, str):
        return Value("known", 0, 0, text=value)
    if value is not None:
        return Value("known", int(value), int(value))
    return Value("missing", low, high)


def check(
    race: Field, rows: Mapping[str, Any], tables: Mapping[str, Callable[[pa.RecordBatch], Any]]
) -> bool:
    """Whether every contestant says what the reference says.

    Args:
        race: the field.
        rows: contestants that say which criteria count against a request, an item at a time.
        tables: contestants that say the status of each criterion, for a record batch.
    """
    few = race.table.slice(0, CHECKED).combine_chunks()
    statuses = expected(race.rulebook, few)
    right = True
    for name, contestant in rows.items():
        for (treatment, facts), theirs in zip(contexts(few), statuses, strict=True):
            against = {each for each, status in theirs.items() if status in ("unmet", "undocumented")}
            if contestant.findings(treatment, facts) != against:
                print(f"{name} is wrong about {facts}", file=sys.stderr)
                right = False
                break
    for name, judge in tables.items():
        if judge(few.to_batches()[0]) != statuses:
            print(f"{name} is wrong", file=sys.stderr)
            right = False
    return right


def check_cases(race: Field, zen: ZenTables, cases: list[Case]) -> bool:
    """Whether ZEN and ``screen()`` say the same of whole cases."""
    return all(
        zen.findings(str(case.items[0].treatment), context(case, race.rulebook))
        == against_in(screen_one(case, race.rulebook))
        for case in cases
    )


# -- timing --------------------------------------------------------------------------------------------------


def turns(
    contestants: Mapping[str, tuple[str, Callable[[], object], int]], rounds: int
) -> dict[str, Measured]:
    """Time contestants turn by turn.

    Args:
        contestants: name → what its answer holds, what to time, and how many items that is.
        rounds: how often.
    """
    found = {name: Measured(name, answer, []) for name, (answer, _, _) in contestants.items()}
    for _, work, _ in contestants.values():
        work()
    for _ in range(rounds):
        for name, (_, work, items) in contestants.items():
            gc.collect()
            began = time.perf_counter()
            work()
            found[name].times.append((time.perf_counter() - began) / items)
    return found


def one_by_one(contestant: Any, items: list[tuple[str, dict[str, Any]]]) -> Callable[[], object]:
    return lambda: [contestant.evaluate(treatment, facts) for treatment, facts in items]


def one_item(race: Field, rounds: int) -> tuple[bool, dict[str, Measured]]:
    """Race over single items with an explanation."""
    data = make_cases(100)
    cases = [Case.from_data(each) for each in data]
    zen = ZenTables(race.workload, trace=True)
    right = check_cases(race, zen, cases)
    items = [(str(case.items[0].treatment), context(case, race.rulebook)) for case in cases]
    texts = [json.dumps(each) for each in data]
    given = [(treatment, json.dumps(facts)) for treatment, facts in items]
    found = turns(
        {
            "imr-rules `screen()`": (
                "suggestion, statuses, cited reasons; twice evaluated",
                lambda: [screen(case, race.rulebook) for case in cases], len(cases),
            ),
            "ZEN, decision table, with trace": ("criteria against, trace", one_by_one(zen, items), len(items)),
            "imr-rules, bytes to bytes": (
                "the same, from JSON to JSON",
                lambda: [
                    screen(Case.from_text(text, is_json=True), race.rulebook).to_json() for text in texts
                ],
                len(texts),
            ),
            "json, ZEN, json": (
                "criteria against, trace, from JSON to JSON",
                lambda: [
                    json.dumps(zen.evaluate(treatment, json.loads(text))) for treatment, text in given
                ],
                len(given),
            ),
        },
        rounds,
    )  # fmt: skip
    return right, found


def many_items(race: Field, rounds: int, *, every: bool) -> tuple[bool, dict[str, Measured]]:
    """Race over many items, one core each but for Polars, which takes what there is."""
    whole = ColumnarEvaluator(race.rulebook)
    suggested = ColumnarEvaluator(race.rulebook, ("suggestion", "statuses"))
    statuses = ColumnarEvaluator(race.rulebook, ("statuses",))
    numpy, polars = NumpyByHand(race.workload), PolarsByHand(race.workload)
    frame = pl.from_arrow(race.table)
    assert isinstance(frame, pl.DataFrame)
    rows: dict[str, Any] = {
        "ZEN, decision table a treatment": ZenTables(race.workload, trace=False),
        "ZEN, compiled expressions": ZenExpressions(race.workload),
    }
    if every:
        rows["rule-engine"] = RuleEngine(race.workload)
        rows["JSON Logic"] = JsonLogic(race.workload)
        if durable.available():
            rows["durable-rules, bare"] = BareHost(race.workload)

    def by_name(found: pa.MapArray) -> list[dict[str, str]]:
        return [dict(each) for each in found.to_pylist()]

    names = {name: [each.id for each in against] for name, against in race.workload.against.items()}

    def of_polars(batch: pa.RecordBatch) -> list[dict[str, str]]:
        table = pl.from_arrow(batch)
        assert isinstance(table, pl.DataFrame)
        return [
            dict(zip(names[treatment], (STATUSES[code] for code in codes), strict=True))
            for treatment, codes in zip(table["treatment"], polars.statuses(table).iter_rows(), strict=True)
        ]

    right = check(
        race, rows,
        {
            "imr-rules": lambda batch: by_name(whole(batch).column("statuses")),
            "imr-rules, suggestion and statuses": lambda batch: by_name(suggested(batch).column("statuses")),
            "imr-rules, statuses": lambda batch: by_name(statuses(batch).column("statuses")),
            "NumPy": lambda batch: by_name(numpy.statuses(batch)),
            "Polars": of_polars,
        },
    )  # fmt: skip
    count = race.table.num_rows
    contestants: dict[str, tuple[str, Callable[[], object], int]] = {
        "imr-rules": (
            "suggestion, grounds, statuses, missing facts",
            lambda: [whole(each) for each in race.batches],
            count,
        ),
        "imr-rules, suggestion and statuses": (
            "suggestion, status a criterion",
            lambda: [suggested(each) for each in race.batches],
            count,
        ),
        "imr-rules, statuses": (
            "status a criterion",
            lambda: [statuses(each) for each in race.batches],
            count,
        ),
        "NumPy by hand": (
            "status a criterion",
            lambda: [numpy.statuses(each) for each in race.batches],
            count,
        ),
    }
    if every:
        contestants["Polars by hand"] = ("status a criterion", lambda: polars.statuses(frame), count)
    items = contexts(race.table.slice(0, 4_000))
    for name, contestant in rows.items():
        chosen = items[:1_000] if name in ("rule-engine", "JSON Logic", "durable-rules, bare") else items
        if isinstance(contestant, BareHost):
            chosen = [
                (treatment, facts | {"kind": "item", "sid": "0", "id": "1"}) for treatment, facts in chosen
            ]
        contestants[name] = ("criteria against", one_by_one(contestant, chosen), len(chosen))
    return right, turns(contestants, rounds)


def ratios(single: Mapping[str, Measured], many: Mapping[str, Measured]) -> dict[str, float]:
    """Return the figures that have targets."""
    ours, zen, our_bytes, zen_bytes = single.values()
    judged, tables = many["imr-rules, suggestion and statuses"], many["ZEN, decision table a treatment"]
    return {
        "single_vs_zen": round(ratio(ours, zen), 3),
        "bytes_to_bytes": round(ratio(our_bytes, zen_bytes), 3),
        "batch_vs_zen": round(1 / ratio(judged, tables), 1),
        "batch_vs_numpy": round(ratio(many["imr-rules, statuses"], many["NumPy by hand"]), 3),
        "batch_vs_zen_best": round(1 / ratio(judged, many["ZEN, compiled expressions"]), 1),
    }


# -- growth --------------------------------------------------------------------------------------------------


class Growth(NamedTuple):
    """How a batch fares with more rows, from Parquet to Parquet in two workers."""

    rows: int
    seconds: float
    megabytes: float


def growth(folder: Path, sizes: tuple[int, ...]) -> list[Growth]:
    """Run the command on ever more rows; memory is the largest of any process."""
    workload = make_workload(folder / "rules")
    found = []
    for size in sizes:
        path = folder / f"{size}.parquet"
        piece = 500_000
        with pq.ParquetWriter(path, inventory(10).schema) as writer:
            for number, first in enumerate(range(0, size, piece)):
                writer.write_table(inventory(min(piece, size - first), seed=number), row_group_size=100_000)
        work = f"""
import resource, time
from pathlib import Path
from imr_rules import Rulebook
from imr_rules.batch import batch
if __name__ == "__main__":
    rulebook = Rulebook.load({str(workload.directory)!r})
    began = time.perf_counter()
    batch([{str(path)!r}], Path({str(path) + ".out.parquet"!r}), rulebook, workers=2)
    took = time.perf_counter() - began
    (ours,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(took, max(int(ours.split()[1]), theirs) / 1024)
"""
        script = folder / "work.py"
        script.write_text(work, encoding="utf-8")
        done = subprocess.run([sys.executable, str(script)], check=True, capture_output=True, text=True)
        seconds, megabytes = map(float, done.stdout.split())
        found.append(Growth(size, seconds, megabytes))
        path.unlink()
    return found


def more_criteria(folder: Path, rows: int, rounds: int) -> float:
    """Return the rate with ten times the treatments and criteria, as a share of the rate without.

    All rows are one batch: what a group of rows costs whatever its size is spread over ten times fewer rows.
    """
    small, large = field(folder / "small", rows, batch=rows), field(folder / "large", rows, 300, batch=rows)
    judges = [ColumnarEvaluator(each.rulebook) for each in (small, large)]
    found = turns(
        {
            "150": ("", lambda: [judges[0](each) for each in small.batches], rows),
            "1500": ("", lambda: [judges[1](each) for each in large.batches], rows),
        },
        rounds,
    )
    return 1 / ratio(found["1500"], found["150"])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the ratios alone, on fewer items")
    parser.add_argument("--json", action="store_true", help="print them as JSON")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rows, rounds = (2 * BATCH, 9) if options.quick else (options.rows, 5)
        race = field(folder / "race", rows)
        fine, single = one_item(race, rounds)
        right, many = many_items(race, rounds, every=not options.quick)
        answer = {"correct": fine and right, **ratios(single, many)}
        if options.quick:
            answer |= figures()
            print(json.dumps(answer) if options.json else "\n".join(f"{k}: {v}" for k, v in answer.items()))
            sys.exit(0 if answer["correct"] else 1)
        share = more_criteria(folder, 1_000_000, 5)
        grown = growth(folder, (1_000_000, 3_000_000, 10_000_000))
    if options.json:
        whole = answer | {"ten_times_criteria": round(share, 3), "growth": [each._asdict() for each in grown]}
        print(json.dumps(whole))
        return
    from benchmarks.picture import draw, tell

    text = tell(answer, single, many, share, grown)
    print(text)
    if options.write:
        page = ROOT / "docs" / "performance.md"
        draw(ROOT / "docs" / "race.svg", {name: each.rate for name, each in many.items()})
        content = page.read_text(encoding="utf-8")
        begin, end = "<!-- the race: written by benchmarks/race.py -->\n", "<!-- the end of the race -->"
        before, _, rest = content.partition(begin)
        page.write_text(before + begin + text + end + rest.partition(end)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
