"""A request, and what became of it before the dispute."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.words.amounts import Amount
from imr_rules.words.line import ServiceLine, read_service
from imr_rules.words.names import TreatmentNames
from imr_rules.words.plain import plain

_ORIGINAL = re.compile(r",? (?:was|were|is) the original request\b[.;,:]?", re.I)
_ALLOWED = re.compile(
    r"(?:authori[sz]ed|approved|certified|allowed)(?: by (?:the )?(?:claims administrator|utilization review|ur"
    r"|prior reviewer))?\b",
    re.I,
)
_ACTIVE = re.compile(r"(?:claims administrator|utilization review|\bur)(?: \w+)? $", re.I)
_LEAVING = re.compile(r",? leaving\b|[.;] |[.;]?$")
_REMAINING = re.compile(
    r"\bremaining (?:imr[- ]eligible )?(?:portion )?(?:of (?:the|this) original request)?,? ?(?:is |are |is for |of )?",
    re.I,
)
_WHOLE = re.compile(r"\boriginal request(?:,| is| \(|:)+ ?", re.I)
_ENDING = re.compile(r"[\s:;,]+(?:is|are)?[\s:]*$", re.I)


class RequestLine(Struct, frozen=True):
    """A request, and what became of it before the dispute: three quantities, never one for another.

    Attributes:
        title: the words that were read, made plain, without the closing "is".
        asked: what was asked for.
        authorized: what the claims administrator allowed of it; ``None`` where the words tell of no such thing.
        in_dispute: what is left to decide.
        whole_request_in_dispute: something else was allowed in its place, so all that was asked for is left.
    """

    title: str
    asked: ServiceLine
    authorized: ServiceLine | None
    in_dispute: ServiceLine
    whole_request_in_dispute: bool = False

    @property
    def partial(self) -> bool:
        """Whether part of the request was allowed."""
        return self.authorized is not None

    @property
    def readings(self) -> Iterator[Amount]:
        """Every quantity the words give, asked for or left."""
        for part in (self.asked, self.in_dispute):
            if part.quantity is not None:
                yield part.quantity

    @property
    def doubts(self) -> tuple[str, ...]:
        """Codes of what the words leave unclear; see :data:`imr_rules.words.line.Doubt`."""
        return tuple(dict.fromkeys((*self.asked.doubts, *self.in_dispute.doubts)))


def read_line(text: str, names: TreatmentNames) -> RequestLine:
    """Read a request: one service, or "... the original request; ... authorized; the remaining ...".

    Any text is accepted; nothing is raised.

    Args:
        text: the words.
        names: what the rulebook's treatments are called; see :func:`imr_rules.words.line.read_service`.
    """
    if not text.isascii() or "original" in text.lower():
        title = _ENDING.sub("", " ".join(plain(text[:_LONGEST_TITLE]).split()))
        original = _ORIGINAL.search(title)
        if original is not None and original.start():
            return _in_parts(title, original, names)
    whole = read_service(_ENDING.sub("", text[-_ENDS_WITHIN:]) if len(text) <= _ENDS_WITHIN else text, names)
    settled = whole.authorized is not None or whole.in_dispute is not None
    asked = replace(whole, authorized=None, in_dispute=None) if settled else whole
    left = replace(asked, quantity=whole.in_dispute) if whole.in_dispute is not None else asked
    authorized = None
    if whole.authorized is not None:
        authorized = replace(asked, quantity=whole.authorized, doubts=())
    return RequestLine(whole.text, asked, authorized, left)


_LONGEST_TITLE = 4000
_ENDS_WITHIN = 2000


def _in_parts(title: str, original: re.Match[str], names: TreatmentNames) -> RequestLine:
    """Read "8 visits was the original request. 6 visits was authorized by .... The remaining ..., 2 visits"."""
    rest = title[original.end() :].strip()
    asked = read_service(title[: original.start()], names)
    allowed_words = _allowed(rest)
    allowed = _same_kind(read_service(allowed_words, names), asked) if allowed_words is not None else None
    remaining = _REMAINING.search(rest)
    if remaining is not None and rest[remaining.end() :].strip():
        left = _same_kind(read_service(rest[remaining.end() :], names), asked)
        return RequestLine(title, asked, allowed, left)
    again = _WHOLE.search(rest)
    whole = read_service(rest[again.end() :], names) if again else asked
    if whole.quantity is None:
        whole = replace(whole, quantity=asked.quantity, quantity_unspecified=asked.quantity_unspecified)
    return RequestLine(title, asked, allowed, whole, whole_request_in_dispute=True)


def _allowed(rest: str) -> str | None:
    """Return the words for what was allowed: those before "was authorized", or after "the administrator authorized"."""
    found = _ALLOWED.search(rest)
    if found is None:
        return None
    before = rest[: found.start()]
    if _ACTIVE.search(before[-60:]):
        after = rest[found.end() :]
        leaving = _LEAVING.search(after)
        return after[: leaving.start()] if leaving else after
    clause = re.split(r"[.;] (?=[A-Z])|; ", before)[-1]
    return re.sub(r"\b(?:was|were|is|are)? *$", "", clause)


def _same_kind(part: ServiceLine, asked: ServiceLine) -> ServiceLine:
    """Fill in what a part leaves to the whole: "10 ... authorized" counts in the unit that was asked for."""
    unit = asked.quantity.unit if asked.quantity is not None else None
    if part.quantity is None and len(part.left_over) == 1 and part.left_over[0].isdigit():
        count = int(part.left_over[0])
        part = replace(
            part,
            quantity=Amount(count, count, unit, "stated, in the unit asked for"),
            left_over=(),
            doubts=tuple(doubt for doubt in part.doubts if doubt != "number_not_understood"),
        )
    if part.quantity is None and part.hours_a_day is not None and asked.hours_a_day is not None:
        part = replace(part, quantity=_same_pace(part.hours_a_day, asked))
    if part.quantity is not None and part.quantity.unit is None:
        part = replace(part, quantity=replace(part.quantity, unit=unit))
    if not part.body_parts and asked.body_parts:
        part = replace(part, body_parts=asked.body_parts)
    return part


def _same_pace(hours: Amount, asked: ServiceLine) -> Amount | None:
    """Return the hours in all of "6 hours a day authorized": as often and as long as was asked for."""
    whole, each = asked.quantity, asked.hours_a_day
    if whole is None or each is None or whole.value is None or each.value is None or hours.value is None:
        return None
    total = whole.value * hours.value / each.value
    return (
        Amount(int(total), int(total), whole.unit, "hours x frequency x duration")
        if total == int(total)
        else None
    )
