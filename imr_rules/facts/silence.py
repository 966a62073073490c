"""What silence means: the one place that says what a fact nobody mentioned comes to.

Silence tells something only where somebody read: a bare request that names no earlier visits does not say
that there were none. So a fact that a case does not mention is *missing*, unless the whole record was read;
then its entry in the dictionary says what silence means:

* ``against_request``: the requester had to document it, and it is undocumented;
* ``absent``: charts state it only where it is so, and none is recorded;
* ``unknown``: silence says nothing, and it stays missing.

A summary is part of a record. Its silence decides nothing; a lean takes it as the silence of the whole, by
deriving the facts once more as if all had been read.
"""

from __future__ import annotations

from typing import Literal

from imr_rules.expression.values import FactType, Silence, Value
from imr_rules.facts.merge import NONE_RECORDED, missing

Read = Literal["none", "part", "all"]
"""How much of the record was read."""

_SEARCHED = "searched: every document listed"


def unmentioned(kind: FactType, silence: Silence, read: Read) -> Value:
    """Return a fact that the case does not mention."""
    if read != "all" or silence == "unknown":
        return missing(kind)
    if silence == "absent":
        return NONE_RECORDED
    return Value("undocumented", kind.low, kind.high, silent=True, note=_SEARCHED)


def none_recorded(kind: FactType, read: Read, *, first: bool = False) -> Value:
    """Return a count of earlier care, or whether there was an operation, where the case records none.

    Args:
        kind: the type of the fact.
        read: how much of the record was read.
        first: the request says that it is the first of its kind.
    """
    return NONE_RECORDED if first or read == "all" else missing(kind)
