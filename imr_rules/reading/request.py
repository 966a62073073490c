"""A request, and what became of it before the dispute."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from imr_rules.reading.amounts import Amount
from imr_rules.reading.numbers import NUMBER, number
from imr_rules.reading.pace import derived
from imr_rules.reading.service import ServiceText, read_service

__all__ = ["Request", "read_request"]

_ORIGINAL = re.compile(r"^(?P<asked>.+?),? (?:was|were|is) the original request\b[.;,:]?", re.I)
_ALLOWED = re.compile(
    r"(?:^|[.;,] ?)(?P<passive>[^.;]*?(?:\.\d[^.;]*?)*) (?:was|were|is|are) (?:authori[sz]ed|approved"
    r"|certified|allowed)(?: by (?:the )?(?:claims administrator|utilization review|ur|prior reviewer))?\b"
    rf"|(?:^|[.;,] ?)(?P<short>{NUMBER}[^.;,]*?) (?:authori[sz]ed|approved|certified|allowed)\b"
    r"|(?:claims administrator|utilization review|ur)(?: \w+)? (?:authori[sz]ed|approved|certified"
    r"|allowed) (?P<active>.+?)(?=,? leaving\b|[.;] |[.;]?$)"
    r"|(?:modified (?:to|down to)|partially approved (?:as|for)) (?P<modified>.+?)(?=[.;] |[.;)]?$)",
    re.I,
)
_REMAINING = re.compile(
    r"\bremaining (?:imr[- ]eligible )?(?:portion )?(?:of (?:the|this) original request)?,? ?(?:is |are "
    r"|is for |of )?(?P<left>.+)$",
    re.I,
)
_WHOLE = re.compile(r"\boriginal request(?:,| is| \(|:)+ ?(?P<left>.+)$", re.I)


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and what became of it before the dispute: three quantities, never one for another.

    Attributes:
        title: the words that were read, without the closing "is".
        asked: what was asked for.
        authorized: what the claims administrator allowed of it; ``None`` where the words tell of no such
            thing.
        in_dispute: what is left to decide.
        whole_request_in_dispute: something else was allowed in its place, so all that was asked for is left.
    """

    title: str
    asked: ServiceText
    authorized: ServiceText | None
    in_dispute: ServiceText
    whole_request_in_dispute: bool = False

    @property
    def partial(self) -> bool:
        """Whether part of the request was allowed."""
        return self.authorized is not None


def read_request(title: str) -> Request:
    """Read a title: one service, or "... the original request; ... authorized; the remaining ...".

    Any text is accepted; nothing is raised.
    """
    text = re.sub(r"\s+", " ", title).strip()
    text = re.sub(r"[\s:;,]+(?:is|are)?[\s:]*$", "", text, flags=re.I)
    original = _ORIGINAL.match(text)
    if original is None:
        part = _ALLOWED.search(text)
        words = part and (part["modified"] or part["active"])
        if part is None or not words:
            whole = read_service(text)
            return Request(text, whole, None, whole)
        # "12 sessions, modified to 6": the words do not say whether the rest or the whole is in dispute
        whole = read_service(text[: part.start()])
        whole = replace(whole, cautions=(*whole.cautions, "partly-allowed"))
        return Request(text, whole, _same_kind(read_service(words), whole), whole)
    rest = text[original.end() :].strip()
    asked = read_service(original["asked"])
    allowed_match = _ALLOWED.search(rest)
    allowed = None
    if allowed_match is not None:
        words = next(words for words in allowed_match.groups() if words is not None)
        allowed = _same_kind(read_service(words), asked)
    remaining = _REMAINING.search(rest)
    left = remaining and remaining["left"]
    if left and (bare := re.match(rf"(?P<low>{NUMBER})(?= ?\(|\.?$)", left, re.I)):
        # "the remaining 2": of what was asked for
        count = number(bare["low"])
        unit = asked.quantity.unit if asked.quantity is not None else None
        in_dispute = replace(
            asked,
            text=left,
            quantity=Amount(count, count, unit, "stated"),
            frequency=None,
            duration=None,
            cautions=(),
        )
        return Request(text, asked, allowed, in_dispute)
    if left:
        return Request(text, asked, allowed, _same_kind(read_service(left), asked))
    again = _WHOLE.search(rest)
    whole_again = read_service(again["left"]) if again else asked
    if whole_again.quantity is None:
        whole_again = replace(
            whole_again, quantity=asked.quantity, quantity_unspecified=asked.quantity_unspecified
        )
    return Request(text, asked, allowed, whole_again, whole_request_in_dispute=True)


def _same_kind(part: ServiceText, asked: ServiceText) -> ServiceText:
    """Fill in what a part leaves to the whole: "10 ... authorized" counts in the unit that was asked for."""
    if (
        part.quantity is None
        and (bare := re.search(rf"(?<![\w-]){NUMBER}(?![\w-])", part.text))
        and part.unrecognized
    ):
        count = number(bare[0])
        unit = asked.quantity.unit if asked.quantity is not None else None
        part = replace(
            part,
            quantity=Amount(count, count, unit, "stated, in the unit asked for"),
            unrecognized=part.unrecognized[1:],
        )
    if part.quantity is None and part.hours_a_day is not None:
        # "6 hours a day authorized": as often and as long as was asked for
        frequency, duration = part.frequency or asked.frequency, part.duration or asked.duration
        quantity = derived(frequency, duration, part.hours_a_day, by_visit=True)
        part = replace(part, frequency=frequency, duration=duration, quantity=quantity)
    if part.quantity is not None and part.quantity.unit is None and asked.quantity is not None:
        part = replace(part, quantity=replace(part.quantity, unit=asked.quantity.unit))
    if not part.body_parts and asked.body_parts:
        part = replace(part, body_parts=asked.body_parts)
    return part
