"""The columns that go in, and those that come out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from imr_rules.errors import CaseError, Place, Problem, nearest, printable_name
from imr_rules.facts.flat import ITEM_COLUMNS, SILENCE, STATE, columns_of

if TYPE_CHECKING:
    from imr_rules.rulebook.dictionary import FactSpec


WORD = pa.dictionary(pa.int32(), pa.string())
FEW = pa.dictionary(pa.int8(), pa.string())

OUTPUT = pa.schema(
    [
        ("case", pa.string()),
        ("item", pa.string()),
        ("treatment", WORD),
        ("suggestion", FEW),
        ("grounds", pa.list_(WORD)),
        ("review_reasons", pa.list_(FEW)),
        ("lean", FEW),
        ("lean_rests_on", pa.list_(FEW)),
        ("questions", pa.list_(WORD)),
        ("tier", FEW),
        ("statuses", pa.map_(WORD, FEW)),
        ("missing", pa.list_(WORD)),
        ("ask_for", pa.list_(WORD)),
        ("rulebook_digest", FEW),
        ("input_digest", pa.string()),
        ("rejected", pa.string()),
    ]
)
"""What comes out, a row for each row that went in, in the same order.

``statuses`` holds the criteria that were heard: the statutes' and the deciding tier's. ``rejected`` is null but
for a row that could not be judged; there it says why, and everything but ``case`` and ``item`` is null.
"""

AT_ONCE = tuple(name for name in OUTPUT.names if name != "questions")
"""The columns that are worked out for all rows at once: the questions are asked of a row at a time."""

_BELONGS = {"integer": "whole numbers", "date": "dates", "boolean": "true or false", "choice": "words"}


def check_schema(schema: pa.Schema, facts: dict[str, FactSpec], carried: Iterable[str] = ()) -> None:
    """Refuse columns that nobody declared, and columns of another type than their fact's.

    Args:
        schema: of the flat facts.
        facts: the dictionary.
        carried: further columns to be carried along unread.

    Raises:
        CaseError: with each such column.
    """
    problems = []
    known = set(carried)
    for field in schema:
        name = field.name
        if name in known:
            continue
        base, dot, part = name.removeprefix(SILENCE).partition(".")
        spec = facts.get(base)
        spec = spec if spec is not None and name in columns_of(spec) else None
        place = Place(pointer="/" + name.replace("~", "~0").replace("/", "~1"))
        wanted: str
        if name in ITEM_COLUMNS:
            wanted = {"text": "choice", "date": "date", "yes_no": "boolean"}[ITEM_COLUMNS[name]]
        elif spec is not None:
            wanted = "choice" if dot + part == STATE else spec.type.kind
        else:
            what = f"there is no fact or column {printable_name(name) or 'of this name'}"
            close = nearest(name, [*facts, *ITEM_COLUMNS]) or "imr-rules facts lists the facts"
            problems.append(Problem("unknown-column", what, place, close))
            continue
        if not _fits(field.type, wanted):
            hint = "write them as integers (in pandas: Int64)" if pa.types.is_floating(field.type) else None
            what = f"column `{name}` is of type {field.type}: {_BELONGS[wanted]} belong here"
            problems.append(Problem("wrong-type", what, place, hint))
    if problems:
        raise CaseError(problems)


def _fits(found: pa.DataType, wanted: str) -> bool:
    types = pa.types
    if types.is_null(found):
        return True
    if wanted == "integer":
        return bool(types.is_integer(found)) and found != pa.uint64()
    if wanted == "date":
        return bool(types.is_date32(found))
    if wanted == "boolean":
        return bool(types.is_boolean(found))
    if types.is_dictionary(found):
        found = found.value_type
    return bool(types.is_string(found) or types.is_large_string(found) or types.is_string_view(found))
