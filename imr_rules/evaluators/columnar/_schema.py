"""The columns that come out."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["FEW", "OUTPUT", "WORD"]

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
