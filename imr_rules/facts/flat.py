"""Flat facts: one row of plain cells for each disputed item, as tables and files of many items hold them.

Beside the columns of the item itself (:data:`ITEM_COLUMNS`) there is a column for each fact, and up to three
more, all of which may be left out:

==============  ==========================================================================================
``fact``        the value, where it is known: a whole number, a date, true or false, or one of its words
``fact.low``    the least value still possible, of a number or date that is not known exactly
``fact.high``   the greatest
``fact.state``  why there is no value: ``undocumented`` (the record was searched and is silent; the dictionary
                says what that means), ``silent`` (it is silent, and that counts against the request, whatever
                the dictionary says), ``missing`` (nobody has looked, or nobody could), or ``conflict``
                (documents disagree); beside a value, ``assumed`` (nothing was said, and this is what that
                means)
==============  ==========================================================================================

A fact with no cell at all is not mentioned: what that means depends on how much of the record was read
(:mod:`imr_rules.facts.silence`); of a fact that is worked out from others it says nothing.

Where part of the record was read, what is worked out from others may differ once the silence of that part is taken
as the silence of the whole. Columns named ``silence.fact``, ``silence.fact.low`` and so on say how; a lean reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal

from imr_rules.expression.values import Value

if TYPE_CHECKING:
    from imr_rules.rulebook.dictionary import FactSpec

LOW, HIGH, STATE = ".low", ".high", ".state"
STATES = ("undocumented", "silent", "missing", "conflict", "assumed")
SILENCE = "silence."
"""What the columns begin with that say what a fact is with silence taken as silence."""

ITEM_COLUMNS: dict[str, Literal["text", "date", "yes_no"]] = {
    "case": "text",  # the sender's own id; rows of one case stand together where one follows another
    "item": "text",  # how other rows of the case name this one
    "treatment": "text",  # of the vocabulary; one that nobody knows is a matter for review
    "edition_from": "date",  # the first of the days whose guidelines govern: the request's date
    "edition_to": "date",  # the last of them; the same day unless given
    "follows": "text",  # the item of the same case that this one stands or falls with
    "read": "text",  # how much of the record was read: `none` (unless said otherwise), `part` or `all`
    "only_denial": "yes_no",  # the documents listed hold nothing but the denial and the application
    "contradicted": "yes_no",  # the case contradicts itself in something that every answer turns on
    "input_digest": "text",  # digest of the case this row was worked out from
    "outcome": "text",  # what the real review came to, `upheld` or `overturned`; no rule reads it
}
"""The columns about the item itself."""


def columns_of(spec: FactSpec) -> tuple[str, ...]:
    """Return the names of the columns one fact may have."""
    own = ("", LOW, HIGH, STATE) if spec.type.kind in ("integer", "date") else ("", STATE)
    begins = ("", SILENCE) if spec.derived and spec.type.kind != "choice" else ("",)
    return tuple(begin + spec.name + part for begin in begins for part in own)


def cells(spec: FactSpec, value: Value) -> Iterator[tuple[str, bool | int | str | date]]:
    """Yield the cells that say what is known of one fact; reading them gives its possible values again.

    Notes and evidence are left behind: no criterion turns on them.
    """
    kind = spec.type.kind
    if value.text is not None or (value.low == value.high and value.state != "missing"):
        if kind != "choice":
            yield spec.name, _plain(value.low, kind)
        elif value.text is not None:
            yield spec.name, value.text
        if value.assumed:
            yield spec.name + STATE, "assumed"
        return
    if kind in ("integer", "date") and (value.low, value.high) != (spec.type.low, spec.type.high):
        yield spec.name + LOW, _plain(value.low, kind)
        yield spec.name + HIGH, _plain(value.high, kind)
        if value.state == "undocumented":
            yield spec.name + STATE, "undocumented"
        elif value.silent:
            yield spec.name + STATE, "silent"
        elif value.conflict:
            yield spec.name + STATE, "conflict"
        return
    if not value.silent:
        yield spec.name + STATE, "conflict" if value.state == "bounded" else "missing"
    else:
        by_dictionary = spec.silence == "against_request"
        yield spec.name + STATE, "undocumented" if by_dictionary else "silent"


def _plain(number: int, kind: str) -> bool | int | date:
    if kind == "date":
        return date.fromordinal(number)
    return bool(number) if kind == "boolean" else number
