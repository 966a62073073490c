"""How many: a count with its unit, a count that stands bare, and the shorthand of "2x4"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from imr_rules.reading.amounts import Amount, Rate
from imr_rules.reading.line import RANGE, Line, bounds
from imr_rules.reading.numbers import FIGURES, LATER_FIGURES, number

__all__ = ["UNITS", "Shorthand", "bare_count", "counted", "shorthand"]

UNITS = {
    "visit": r"visits?|sessions?|treatments?|appointments?|encounters?",
    "tablet": r"tablets?|tabs?|pills?",
    "capsule": r"capsules?|caps?",
    "patch": r"patch(?:es)?",
    "injection": r"injections?",
    "unit": r"units?|vials?|doses?",
    "block": r"(?<!foam )blocks?",
    "level": r"levels?",
    "study": r"studies",
}
_UNIT = "|".join(UNITS.values())
_BETWEEN = (
    r"(?: (?!(?:a|per|each|every|times|x|for|to|and|or|was|is|weeks?|days?|months?)\b)[A-Za-z/-]+){0,4}?"
)
_COUNTED = re.compile(
    rf"(?:#|\bx ?|\btimes )?(?P<bound>\bat least |\bup to |\bminimum of |\bmaximum of )?(?:an?"
    rf" )?{RANGE}(?P<between>{_BETWEEN}) (?P<unit>{_UNIT})\b(?! (?:a|per|each|every)\b|/)",
    re.I,
)
_TIGHT = re.compile(rf"(?P<unit>visits?|sessions?|treatments?) ?(?:x|times|#|:|qty:?) ?{RANGE}", re.I)
_HASH = re.compile(
    r"(?:#|\bqty\b\.?:?|\bquantity:?(?: of)?|\bno\. ) ?(?P<low>\d{1,4})(?: ?- ?(?P<high>\d{1,4}))?", re.I
)
_TIMES_N = re.compile(
    rf"(?:\bx|\btimes) ?{RANGE}(?! ?(?:days?|weeks?|wks?|months?|hours?|mg|tesla))(?![\w%/])", re.I
)
_BRACKETED = re.compile(r"\((?P<low>\d{1,3})(?: ?- ?(?P<high>\d{1,3}))?\)")
_TRAILING = re.compile(r"(?:, |; )(?P<low>\d{1,3})$")
_SHORTHAND = re.compile(
    rf"(?<![\w.])(?P<a>{FIGURES}) ?(?:x|times) ?(?P<b>{LATER_FIGURES})(?: ?(?:visits?|sessions?"
    rf"|treatments?)\b)?(?: \((?P<total>\d{{1,3}})\))?(?![\w%/.]|-\d)",
    re.I,
)


def _unit(word: str) -> str:
    return next(name for name, forms in UNITS.items() if re.fullmatch(forms, word, re.I))


def counted(line: Line) -> tuple[Amount | None, bool]:
    """Return the count that stands with its unit; and whether several did."""
    counts: list[Amount] = []
    for pattern in (_COUNTED, _TIGHT):
        for match in line.all(pattern):
            low, high = bounds(match)
            bound = (match.groupdict().get("bound") or "").lower()
            counts.append(
                Amount(
                    None if bound.startswith(("up", "max")) else low,
                    None if bound.startswith(("at", "min")) else high,
                    _unit(match["unit"]),
                )
            )
    visits = [count for count in counts if count.unit == counts[0].unit]
    distinct = list(dict.fromkeys(visits))
    if not distinct:
        return None, False
    if len(distinct) == 1:
        return distinct[0], False
    # "two sessions for the back and eight for the wrist": no more than all together, no fewer than the most
    lows = [count.at_least for count in visits if count.at_least is not None]
    highs = [count.at_most for count in visits if count.at_most is not None]
    return (
        Amount(
            max(lows, default=None),
            sum(highs) if len(highs) == len(visits) else None,
            visits[0].unit,
            "several stated",
        ),
        True,
    )


@dataclass(frozen=True, slots=True)
class Shorthand:
    """Read of "2x4": twice a week for four weeks, where visits are counted; else a plain product."""

    frequency: Rate | None
    duration: Amount | None
    quantity: Amount


def shorthand(line: Line, by_visit: bool, text: str) -> Shorthand | None:
    """Take "2x4" out of the line, or return None."""
    match = line.first(_SHORTHAND)
    if match is None:
        return None
    a, b = number(match["a"]), number(match["b"])
    unit = "visit" if by_visit else _dispensed(text)
    printed = int(match["total"]) if match["total"] else None
    if printed is not None and printed != a * b:
        return Shorthand(None, None, Amount(printed, printed, unit, "stated"))
    quantity = Amount(a * b, a * b, unit, "product of the shorthand" if printed is None else "stated")
    if not by_visit:
        return Shorthand(None, None, quantity)
    return Shorthand(Rate(a, a, "week"), Amount(b, b, "week", "shorthand"), quantity)


def bare_count(
    line: Line, text: str, by_visit: bool, frequency: Rate | None, duration: Amount | None
) -> Amount | None:
    """Return a count that stands without a unit beside it: "#60", "times 12", "(8)"."""
    unit, method = ("visit", "stated, in visits by the service") if by_visit else (_dispensed(text), "stated")
    match: re.Match[str] | None
    for pattern in (_HASH, _TIMES_N):
        match = line.first(pattern)
        if match is not None:
            return Amount(*bounds(match), unit, method)
    if by_visit and (frequency is not None or duration is not None):
        match = line.first(_BRACKETED)
        if match is not None:
            return Amount(*bounds(match), unit, method)
    match = line.first(_TRAILING)
    return None if match is None else Amount(*bounds(match), unit, method)


def _dispensed(text: str) -> str | None:
    for unit in ("tablet", "capsule", "patch"):
        if re.search(rf"\b(?:{UNITS[unit]})\b", text, re.I):
            return unit
    return None
