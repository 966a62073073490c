"""Many items of the generated rulebook, as flat facts: what batches are measured on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.workload import CHOICES, LEVELS, SHOWN, STATES

MISSING = 0.15
"""Share of the values that nobody knows."""


def inventory(rows: int, treatments: int = 30, seed: int = 3) -> pa.Table:
    """Return ``rows`` random items; about one fact in seven is missing, and some of the shown ones are silent."""
    draw = np.random.default_rng(seed)

    def some(values: Any, kind: pa.DataType, share: float = MISSING) -> pa.Array:
        return pa.array(values, kind, mask=draw.random(rows) < share)

    prior, granted, disputed = (
        draw.integers(0, 25, rows),
        draw.choice((0, 0, 2, 4), rows),
        draw.integers(2, 24, rows),
    )
    words = pa.array([f"treatment_{number}" for number in range(treatments)])
    columns: dict[str, pa.Array] = {
        "case": pa.array(np.char.add("case-", np.arange(rows).astype("U9"))),
        "treatment": pa.DictionaryArray.from_arrays(
            pa.array(draw.integers(0, treatments, rows, np.int32)), words
        ),
        "edition_from": pa.array(draw.integers(14_900, 19_500, rows).astype(np.int32), pa.int32()).cast(
            pa.date32()
        ),
        "prior_visits": some(prior, pa.int64()),
        "authorized": pa.array(granted, pa.int64()),
        "in_dispute": pa.array(disputed, pa.int64()),
        "visits_if_granted": some(prior + granted + disputed, pa.int64()),
        "first_course": some(prior == 0, pa.bool_()),
        "weeks_since_injury": some(draw.integers(0, 700, rows), pa.int64()),
        "age": some(draw.integers(18, 70, rows), pa.int64()),
    }
    for name in SHOWN:
        known = draw.random(rows)
        columns[name] = pa.array(draw.random(rows) < 0.5, pa.bool_(), mask=known < 0.3)
        silent = pa.array(np.full(rows, "undocumented"), pa.string(), mask=(known < 0.15) | (known >= 0.3))
        columns[f"{name}.state"] = silent.dictionary_encode()
    for name in STATES:
        columns[name] = pa.array(draw.random(rows) < 0.5, pa.bool_())
    for name in LEVELS:
        columns[name] = some(draw.integers(0, 101, rows), pa.int64())
    for name, choices in CHOICES.items():
        codes = some(draw.integers(0, len(choices), rows), pa.int32())
        columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(choices))
    return pa.table(columns)
