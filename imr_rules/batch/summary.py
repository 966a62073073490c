"""Looking at results with DuckDB: ready queries over the file that a batch wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.dataset as dataset

from imr_rules.batch.output import output_format
from imr_rules.errors import CaseError, Place, Problem

__all__ = ["FLIPS", "QUERIES", "Table", "ask", "flips", "summary"]

QUERIES: Mapping[str, str] = {
    "suggestions": """
        select treatment, count(*) as items,
            count(*) filter (suggestion = 'uphold') as uphold,
            count(*) filter (suggestion = 'overturn') as overturn,
            count(*) filter (suggestion = 'needs_review') as needs_review
        from result group by treatment order by items desc, treatment
    """,
    "grounds": """
        select suggestion, ground, count(*) as items
        from (select suggestion, unnest(grounds) as ground from result)
        group by all order by items desc, ground, suggestion
    """,
    "review reasons": """
        select reason, count(*) as items
        from (select unnest(review_reasons) as reason from result) group by all order by items desc, reason
    """,
    "missing facts": """
        select fact, count(*) as items
        from (select unnest(missing) as fact from result) group by all order by items desc, fact
    """,
    "facts a request would have to document": """
        select fact, count(*) as items
        from (select unnest(ask_for) as fact from result) group by all order by items desc, fact
    """,
}
"""Name → query over ``result``, the file a batch wrote. Each counts items."""

FLIPS = """
    select coalesce(new.treatment, old.treatment) as treatment, count(*) as items,
        count(*) filter (old.suggestion <> new.suggestion) as flipped,
        count(*) filter (old.suggestion = 'uphold' and new.suggestion = 'overturn') as uphold_to_overturn,
        count(*) filter (old.suggestion = 'overturn' and new.suggestion = 'uphold') as overturn_to_uphold,
        count(*) filter (old.suggestion <> 'needs_review' and new.suggestion = 'needs_review') as to_review,
        count(*) filter (old.suggestion = 'needs_review' and new.suggestion <> 'needs_review') as from_review
    from old join new on old.file = new.file and old.row = new.row and old.item is not distinct from new.item
    group by all having flipped > 0 order by flipped desc, treatment
"""
"""How many items of each treatment changed, between two results of the same files."""


class Table(NamedTuple):
    """The answer to a query."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def ask(query: str, **results: Path) -> Table:
    """Return the answer to a query in DuckDB's SQL over files that batches wrote.

    Args:
        query: the query.
        results: name in the query → a Parquet or Arrow file.

    Raises:
        CaseError: a result is of another format.
    """
    import duckdb

    with duckdb.connect() as connection:
        for name, path in results.items():
            kind = output_format(path)
            if kind not in ("parquet", "arrow"):
                hint = "write *.parquet or *.arrow"
                raise CaseError(Problem("no-table", "only tables can be summed up", Place(str(path)), hint))
            connection.register(name, dataset.dataset(path, format=kind))
        found = connection.execute(query)
        columns = tuple(str(each[0]) for each in found.description or ())
        return Table("", columns, tuple(tuple(row) for row in found.fetchall()))


def summary(result: Path, most: int = 20) -> tuple[Table, ...]:
    """Return the answers to QUERIES, each at most ``most`` rows long."""
    found = [ask(query, result=result)._replace(title=title) for title, query in QUERIES.items()]
    return tuple(table._replace(rows=table.rows[:most]) for table in found)


def flips(old: Path, new: Path) -> Table:
    """Return how many items of each treatment changed between two results of the same files."""
    return ask(FLIPS, old=old, new=new)._replace(title="flips")
