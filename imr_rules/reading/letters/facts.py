"""One fact read from a letter: what it is, how sure, where it stands and how it was got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from imr_rules.reading import Amount, BodyPart
from imr_rules.reading.letters.text import Span

__all__ = ["CountOf", "Fact", "FactSection", "merge_counts"]

FactSection = Literal["summary", "title", "rationale"]
CountOf = Literal["attended", "authorized", "requested"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    Attributes:
        fact: its name: ``age``, ``sex``, ``course``, ``score``, ``work_status``, ``functional_improvement``
            ...
        section: the part of the letter that says it. A pre-screen would know the summary and the titles; the
            rationale is hindsight.
        span: where, in the letter's text.
        method: how it was got, in plain words.
        status: ``known``; or ``undocumented``: the letter says that the record was searched and is silent.
            What no sentence mentions is not here at all.
        value: for words and truths. amount: for quantities, exact or bounded.
        count_of: for a course: what its amount counts.
        discipline: for a course or a response to one. instrument, out_of: for a score.
        date: ISO 8601, day or month, of the thing itself.
        body_parts: where it applies, if said.
        conflict: two statements disagree, and the bounds span both.
    """

    fact: str
    section: FactSection
    span: Span
    method: str
    status: Literal["known", "undocumented"] = "known"
    value: str | bool | None = None
    amount: Amount | None = None
    count_of: CountOf | None = None
    discipline: str | None = None
    instrument: str | None = None
    out_of: int | None = None
    date: str | None = None
    body_parts: tuple[BodyPart, ...] = ()
    conflict: bool = False

    def to_dict(self) -> dict[str, object]:
        """Return the attributes that are set; an amount as ``value`` or bounds, with its ``unit``."""
        found: dict[str, object] = {"fact": self.fact, "status": self.status}
        if self.value is not None:
            found["value"] = self.value
        if self.amount is not None:
            plain = self.amount.to_dict()
            plain.pop("method")
            if plain["unit"] is None:
                plain.pop("unit")
            found |= plain
        for name in ("count_of", "discipline", "instrument", "out_of", "date"):
            if (value := getattr(self, name)) is not None:
                found[name] = value
        if self.body_parts:
            found["body_parts"] = [part.to_dict() for part in self.body_parts]
        if self.conflict:
            found["conflict"] = True
        return found | {"section": self.section, "method": self.method, "span": self.span.to_dict()}


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
