"""What is known of one fact, and the type a fact has."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from imr_rules._dates import say_day
from imr_rules._units import count_in_words

Kind = Literal["boolean", "integer", "date", "choice"]
State = Literal["known", "bounded", "undocumented", "missing"]
Silence = Literal["against_request", "absent", "unknown"]

EARLIEST = date(1900, 1, 1).toordinal()
LATEST = date(2199, 12, 31).toordinal()


class FactType(Struct, frozen=True):
    """The type of a fact: what values it may have, and in which unit.

    Attributes:
        kind: ``boolean``, ``integer``, ``date`` or ``choice`` (one of a few words).
        unit: unit of an integer (``visit``, ``week`` ...); None for a bare number.
        low, high: the least and greatest value an integer may have; dates count days from year 1.
        choices: the words a ``choice`` may be.
    """

    kind: Kind
    unit: str | None = None
    low: int = 0
    high: int = 1
    choices: frozenset[str] = frozenset()

    @classmethod
    def boolean(cls) -> FactType:
        """Return the type of a yes-or-no fact."""
        return cls("boolean")

    @classmethod
    def integer(cls, low: int, high: int, unit: str | None = None) -> FactType:
        """Return the type of a whole number between two bounds."""
        return cls("integer", unit, low, high)

    @classmethod
    def date(cls) -> FactType:
        """Return the type of a calendar date."""
        return cls("date", None, EARLIEST, LATEST)

    @classmethod
    def choice(cls, choices: frozenset[str]) -> FactType:
        """Return the type of a fact that is one of a few words."""
        return cls("choice", choices=choices)


class Value(Struct, frozen=True, order=True, gc=False):
    """What is known of one fact: every value it may still have.

    A number, a date (as its ordinal) and a boolean (as 0 or 1) lie between ``low`` and ``high``, both
    included; a choice has its word in ``text``, or None while it is not known.

    Attributes:
        silent: the record was searched, it is silent, and that silence counts against the request.
        assumed: nothing was said and the dictionary says what that means (absent, none recorded).
        conflict: documents disagree; the bounds hold all that they say.
        note: a few words for the reader, such as ``none recorded``; never text from a case.
        evidence: paths into the case, of the statements this rests on.
    """

    state: State
    low: int
    high: int
    text: str | None = None
    silent: bool = False
    assumed: bool = False
    conflict: bool = False
    note: str = ""
    evidence: tuple[object, ...] = ()

    @property
    def told(self) -> bool:
        """Whether a value, or bounds, are stated: what is assumed, since nothing was said, is not."""
        return self.state in ("known", "bounded") and not self.assumed

    @property
    def exact(self) -> bool:
        """Whether one value alone is possible."""
        return self.text is not None or (self.low == self.high and self.state != "missing")


Row = dict[str, Value]
"""One flat typed row of facts: what is known of each fact that an item's criteria ask for."""


NONE_SAID = "none recorded"
"""What is said of a fact that is taken not to be so since nothing was said of it: never "no"."""


def say_recorded(value: Value, kind: FactType) -> str:
    """Return what is known of one fact where it stands by itself: a count that nothing was said of, too, is none recorded."""
    return NONE_SAID if value.assumed and not value.high else say_value(value, kind)


def say_value(value: Value, kind: FactType) -> str:
    """Return what is known of a fact in a few words."""
    if value.text is not None:
        return value.text.replace("_", " ") if kind.choices else value.text
    if value.state == "missing":
        return value.note or "not known"
    if value.state == "undocumented":
        return "not documented"
    if kind.kind == "boolean":
        if value.assumed and not value.high:
            return NONE_SAID
        return ("no", "yes")[value.low] if value.low == value.high else "not known"
    if kind.kind == "choice":
        return "not known"
    low, high = value.low, value.high
    if kind.kind == "date":
        first, last = (say_day(date.fromordinal(each)) for each in (low, high))
        return first if first == last else f"between {first} and {last}"
    if low == high:
        return str(low)
    if high >= kind.high:
        return count_in_words(low, None)
    return count_in_words(None if low <= kind.low else low, high)
