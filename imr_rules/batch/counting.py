"""Counting the rows of Arrow tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa


def counted(table: pa.Table) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the different rows of a table, each with how often it is there."""
    for row in table.group_by(table.column_names).aggregate([([], "count_all")]).to_pylist():
        count = row.pop("count_all")
        yield row, count
