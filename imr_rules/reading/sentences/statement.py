"""One thing that a sentence states: what it is, how sure, where it stands and how it was got."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from imr_rules.words.amounts import Amount
from imr_rules.words.body_parts import BodyPart

CountOf = Literal["attended", "authorized", "requested", "left"]
Section = Literal["summary", "title", "rationale", "record"]


class Statement(Struct, frozen=True):
    """One thing stated.

    Attributes:
        fact: its name: ``age``, ``sex``, ``course``, ``score``, ``work_status``, ``functional_improvement`` ...
        start, end: the words it was read from, by offsets into the text.
        sentence: the bounds of the sentence those words stand in, for whoever confirms the reading.
        method: how it was got, in plain words.
        status: ``known``; or ``undocumented``: the text says that the record was searched and is silent. What no
            sentence mentions is not here at all.
        value: for words and truths. amount: for quantities, exact or bounded.
        count_of: for a course: what its amount counts.
        adds: for a course: it came on top of one told before ("six more").
        treatment: of a course or a response to one. instrument, out_of: of a score.
        date: ISO 8601, day or month, of the thing itself.
        body_parts: where it applies, if said.
        section: the part of a letter that says it.
    """

    fact: str
    start: int
    end: int
    sentence: tuple[int, int]
    method: str = "stated"
    status: Literal["known", "undocumented"] = "known"
    value: str | bool | None = None
    amount: Amount | None = None
    count_of: CountOf | None = None
    adds: bool = False
    treatment: str | None = None
    instrument: str | None = None
    out_of: int | None = None
    date: str | None = None
    body_parts: tuple[BodyPart, ...] = ()
    section: Section = "record"

    def to_dict(self) -> dict[str, object]:
        """Return the attributes that are set; an amount as ``value`` or bounds, with its ``unit``."""
        found: dict[str, object] = {"fact": self.fact, "status": self.status}
        if self.value is not None:
            found["value"] = self.value
        if self.amount is not None:
            found |= {
                name: each
                for name, each in self.amount.to_dict().items()
                if name != "method" and each is not None
            }
        for name in ("count_of", "treatment", "instrument", "out_of", "date"):
            if (value := getattr(self, name)) is not None:
                found[name] = value
        if self.body_parts:
            found["body_parts"] = [part.to_dict() for part in self.body_parts]
        return found | {"section": self.section, "method": self.method}


def merge_counts(counts: Iterable[Amount]) -> tuple[Amount, bool] | None:
    """Return what several statements of one count allow together, and whether they disagree.

    "At least 5" and "6" are 6. "At least 5" and "4" cannot both hold: the bounds are then the least and the
    greatest figure that was stated, 4 to 5, and it is a conflict.
    """
    amounts = list(counts)
    if not amounts:
        return None
    low = max((a.at_least for a in amounts if a.at_least is not None), default=None)
    high = min((a.at_most for a in amounts if a.at_most is not None), default=None)
    method = amounts[0].method if len(amounts) == 1 else "several statements"
    if low is not None and high is not None and low > high:
        figures = [figure for a in amounts for figure in (a.at_least, a.at_most) if figure is not None]
        return Amount(min(figures), max(figures), amounts[0].unit, method), True
    return Amount(low, high, amounts[0].unit, method), False
