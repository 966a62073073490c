"""Looking at results with DuckDB: ready queries over the file that a batch wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.dataset as dataset

from imr_rules.batch.output import RESULT, OutputFormat, output_format
from imr_rules.errors import CaseError, Place, Problem

QUERIES: Mapping[str, str] = {
    "suggestions": """
        select if(grouping(treatment) = 1, 'all', coalesce(treatment, 'not recognized')) as treatment,
            count(*) as items,
            count(*) filter (suggestion = 'uphold') as uphold,
            count(*) filter (suggestion = 'overturn') as overturn,
            count(*) filter (suggestion = 'needs_review') as needs_review
        from result group by rollup (result.treatment)
        order by grouping(result.treatment) desc, items desc, treatment
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
    select if(grouping(known) = 1, 'all', coalesce(known, 'not recognized')) as treatment, count(*) as items,
        count(*) filter (old_suggestion <> new_suggestion) as flipped,
        count(*) filter (old_suggestion = 'uphold' and new_suggestion = 'overturn') as uphold_to_overturn,
        count(*) filter (old_suggestion = 'overturn' and new_suggestion = 'uphold') as overturn_to_uphold,
        count(*) filter (old_suggestion <> 'needs_review' and new_suggestion = 'needs_review') as to_review,
        count(*) filter (old_suggestion = 'needs_review' and new_suggestion <> 'needs_review') as from_review
    from (
        select coalesce(new.treatment, old.treatment) as known, old.suggestion as old_suggestion,
            new.suggestion as new_suggestion
        from old join new on old.file = new.file and old.row = new.row and old.item is not distinct from new.item
    ) group by rollup (known) having flipped > 0 or grouping(known) = 1
    order by grouping(known) desc, flipped desc, treatment
"""
"""How many items of each treatment changed, between two results of the same files."""


class Table(NamedTuple):
    """The answer to a query.

    Attributes:
        more: how many rows were left out at its end.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: int = 0


def ask(query: str, **results: Path) -> Table:
    """Return the answer to a query in DuckDB's SQL over files that batches wrote.

    Args:
        query: the query.
        results: name in the query → a Parquet or Arrow file.

    Raises:
        CaseError: a result is of another format, or is none.
    """
    import duckdb

    with duckdb.connect() as connection:
        for name, path in results.items():
            connection.register(name, _result(path))
        found = connection.execute(query)
        columns = tuple(str(each[0]) for each in found.description or ())
        return Table("", columns, tuple(tuple(row) for row in found.fetchall()))


def _result(path: Path) -> dataset.Dataset:
    kind = table_format(path)
    try:
        found = dataset.dataset(path, format=kind)
    except (pa.ArrowException, OSError):
        found = None
    if found is None or not set(RESULT.names) <= set(found.schema.names):
        what, hint = "this is no result of a batch", "name a file that imr-rules batch has written"
        raise CaseError(Problem("no-result", what, Place(str(path)), hint))
    return found


def table_format(path: Path) -> OutputFormat:
    """Return the format of a result that can be asked.

    Raises:
        CaseError: it has no types, or its name tells no format.
    """
    kind = output_format(path)
    if kind not in ("parquet", "arrow"):
        hint = "write *.parquet or *.arrow"
        raise CaseError(Problem("no-table", "only tables can be summed up", Place(str(path)), hint))
    return kind


def check(result: Path, against: Path | None = None) -> None:
    """Refuse, before a batch is begun, what could not be looked at when it is done.

    Args:
        result: the file that will be written.
        against: an earlier result.

    Raises:
        CaseError: either is of another format, or the earlier one is no result.
    """
    table_format(result)
    if against is not None:
        _result(against)


def summary(result: Path, most: int = 20) -> tuple[Table, ...]:
    """Return the answers to QUERIES, each at most ``most`` rows long."""
    found = [ask(query, result=result)._replace(title=title) for title, query in QUERIES.items()]
    return tuple(
        table._replace(rows=table.rows[:most], more=max(0, len(table.rows) - most)) for table in found
    )


def flips(old: Path, new: Path) -> Table:
    """Return how many items of each treatment changed between two results of the same files.

    Raises:
        CaseError: a file is no result, or no item is in both.
    """
    found = ask(FLIPS, old=old, new=new)
    if not found.rows[0][1]:
        what, hint = "no item of it is in the new result", "compare results of the same files, named alike"
        raise CaseError(Problem("nothing-in-common", what, Place(str(old)), hint))
    return found._replace(title="flips")
