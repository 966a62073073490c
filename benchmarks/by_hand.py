"""The generated rules written by hand in NumPy and in Polars: statuses for whole tables of flat facts."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks.workload import Against, Workload

STATUSES = ("met", "unmet", "undocumented", "unknown", "not_applicable")
MET, UNMET, UNDOCUMENTED, UNKNOWN, NOT_APPLICABLE = range(5)
WIDTH = 5
"""Criteria of each treatment."""


class NumpyByHand:
    """What somebody would write for this one rulebook: values and masks, one treatment after another."""

    def __init__(self, workload: Workload) -> None:
        self.names = list(workload.against)
        self.rules = [_parameters(workload.against[name]) for name in self.names]
        self.criteria = pa.array([each.id for name in self.names for each in workload.against[name]])

    def statuses(self, batch: pa.RecordBatch) -> pa.MapArray:
        """Return criterion → status for each row."""
        found = np.empty((batch.num_rows, WIDTH), np.int8)
        numbers = np.empty((batch.num_rows, WIDTH), np.int32)
        encoded = batch.column("treatment")
        places = np.array([self.names.index(name) for name in encoded.dictionary.to_pylist()])
        codes = places[encoded.indices.to_numpy()].astype(np.int16)
        order = codes.argsort(kind="stable")
        ends = np.searchsorted(codes[order], np.arange(len(self.names) + 1))
        columns = {name: _column(batch.column(name)) for name in batch.schema.names if _is_fact(name)}
        silent = {name: _silent(batch, name) for name in columns if f"{name}.state" in batch.schema.names}
        for number, rule in enumerate(self.rules):
            rows = order[ends[number] : ends[number + 1]]
            found[rows] = _judge(rule, columns, silent, rows)
            numbers[rows] = np.arange(number * WIDTH, (number + 1) * WIDTH, dtype=np.int32)
        return pa.MapArray.from_arrays(
            pa.array(np.arange(0, WIDTH * batch.num_rows + 1, WIDTH, dtype=np.int32)),
            pa.DictionaryArray.from_arrays(pa.array(numbers.reshape(-1)), self.criteria),
            pa.DictionaryArray.from_arrays(pa.array(found.reshape(-1)), pa.array(STATUSES)),
        )


def _is_fact(name: str) -> bool:
    return name not in ("case", "treatment", "edition_from") and not name.endswith(".state")


def _parameters(against: tuple[Against, ...]) -> dict[str, Any]:
    total, response, need, severity, reason = (each.tests for each in against)
    (shown,) = [name for name in response if name != "visits_if_granted"]
    (ending,) = [name for name in need if name != "first_course"]
    (choice,) = [name for name, (op, _) in severity.items() if op == "in"]
    (scale,) = [name for name, (op, _) in severity.items() if op == "<"]
    (second,) = [name for name in reason if name not in ("prior_visits", "age")]
    return {
        "total": total["visits_if_granted"][1], "trial": response["visits_if_granted"][1], "shown": shown,
        "ending": ending, "weeks": severity["weeks_since_injury"][1], "choice": choice,
        "words": severity[choice][1], "scale": scale, "level": severity[scale][1],
        "age": reason["age"][1], "second": second,
    }  # fmt: skip


def _column(column: pa.Array) -> tuple[Any, Any, Any]:
    """Return values, where they are known, and the words that codes stand for."""
    words = None
    known = column.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_dictionary(column.type):
        words, column = column.dictionary.to_pylist(), column.indices
    column = pa.Array.from_buffers(
        column.type, len(column), [None, column.buffers()[1]], offset=column.offset
    )
    return column.to_numpy(zero_copy_only=False), known, words


def _silent(batch: pa.RecordBatch, name: str) -> Any:
    return batch.column(f"{name}.state").is_valid().to_numpy(zero_copy_only=False)


def _judge(rule: dict[str, Any], columns: dict[str, Any], silent: dict[str, Any], rows: Any) -> Any:
    def fact(name: str) -> tuple[Any, Any]:
        values, known, _ = columns[name]
        return values[rows], known[rows]

    found = np.empty((len(rows), WIDTH), np.int8)
    visits, counted = fact("visits_if_granted")
    found[:, 0] = np.where(counted, np.where(visits <= rule["total"], MET, UNMET), UNKNOWN)
    shown, shows = fact(rule["shown"])
    over = visits > rule["trial"]
    found[:, 1] = _status(
        counted & over, counted & ~over, shows & shown, shows & ~shown, silent[rule["shown"]][rows]
    )
    first, told = fact("first_course")
    ending, ends = fact(rule["ending"])
    absent = ~ends  # silence about it means that it is not so
    found[:, 2] = _status(told & ~first, told & first, absent | ~ending, ends & ending)
    weeks, dated = fact("weeks_since_injury")
    level, scored = fact(rule["scale"])
    codes, named, words = columns[rule["choice"]]
    chosen = np.array([word in rule["words"] for word in words])[codes[rows]]
    named = named[rows]
    late = weeks >= rule["weeks"]
    enough = level >= rule["level"]
    found[:, 3] = _status(
        dated & late & named & chosen, (dated & ~late) | (named & ~chosen), scored & enough, scored & ~enough
    )
    prior, attended = fact("prior_visits")
    age, aged = fact("age")
    second, shows = fact(rule["second"])
    old, some = age >= rule["age"], prior > 0
    found[:, 4] = _status(
        attended & some & aged & old, (attended & ~some) | (aged & ~old), shows & second, shows & ~second,
        silent[rule["second"]][rows],
    )  # fmt: skip
    return found


def _status(governs: Any, outside: Any, shown: Any, refused: Any, silent: Any = None) -> Any:
    found = np.full(len(governs), UNKNOWN, np.int8)
    found[outside] = NOT_APPLICABLE
    found[governs & shown] = MET
    found[governs & refused] = UNMET
    if silent is not None:
        found[governs & silent] = UNDOCUMENTED
    return found


class PolarsByHand:
    """The same as Polars expressions: one ``when/then`` over all treatments for each of the five criteria."""

    def __init__(self, workload: Workload) -> None:
        rules = {name: _parameters(against) for name, against in workload.against.items()}
        treatment = pl.col("treatment").cast(pl.String)

        def of(key: str) -> pl.Expr:
            kind = pl.Int64 if isinstance(next(iter(rules.values()))[key], int) else pl.String
            return treatment.replace_strict(
                {name: rule[key] for name, rule in rules.items()}, return_dtype=kind
            )

        def chosen(key: str, suffix: str = "") -> pl.Expr:
            """The fact that a treatment's rule names."""
            names = {rule[key] for rule in rules.values()}
            picked = of(key)
            expression = pl.lit(None)
            for name in sorted(names):
                expression = pl.when(picked == name).then(pl.col(name + suffix)).otherwise(expression)
            return expression

        in_words = pl.lit(None, pl.Boolean)
        for choice in sorted({rule["choice"] for rule in rules.values()}):
            pairs = [
                f"{name} {word}"
                for name, rule in rules.items()
                if rule["choice"] == choice
                for word in rule["words"]
            ]
            here = of("choice") == choice
            said = pl.col(choice).cast(pl.String)
            fits = pl.when(said.is_null()).then(None).otherwise((treatment + " " + said).is_in(pairs))
            in_words = pl.when(here).then(fits).otherwise(in_words)
        visits = pl.col("visits_if_granted")
        self.expressions = [
            _polars_status(pl.lit(True), visits <= of("total")),
            _polars_status(visits > of("trial"), chosen("shown"), chosen("shown", ".state").is_not_null()),
            _polars_status(~pl.col("first_course"), ~chosen("ending").fill_null(False)),
            _polars_status((pl.col("weeks_since_injury") >= of("weeks")) & in_words, chosen("scale") >= of("level")),
            _polars_status(
                (pl.col("prior_visits") > 0) & (pl.col("age") >= of("age")), chosen("second"),
                chosen("second", ".state").is_not_null(),
            ),
        ]  # fmt: skip

    def statuses(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a column of status codes for each of the five criteria."""
        return (
            frame.lazy()
            .select(each.alias(f"c{place}") for place, each in enumerate(self.expressions))
            .collect()
        )


def _polars_status(governs: pl.Expr, require: pl.Expr, silent: pl.Expr | None = None) -> pl.Expr:
    found = (
        pl.when(~governs)
        .then(NOT_APPLICABLE)
        .when(governs & require)
        .then(MET)
        .when(governs & ~require)
        .then(UNMET)
    )
    if silent is not None:
        found = found.when(governs & silent).then(UNDOCUMENTED)
    return found.otherwise(UNKNOWN).cast(pl.Int8)
