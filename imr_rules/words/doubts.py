"""What the words of a request leave unclear, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from imr_rules.words.amounts import Amount
from imr_rules.words.request import RequestLine

_UNCLEAR = {
    "number_not_understood": "The request's words hold a number that was not understood ({left_over}).",
    "quantity_differs": "The quantity in the request's words is not frequency times duration ({quantity}).",
    "several_quantities": "The request's words give several quantities ({quantity}).",
    "said_twice": "The request's words give the same quantity twice: one request, or two ({quantity})?",
    "several_paces": "The request's words give several frequencies or durations.",
    "total_differs": "The total in the request's words is not the quantity they ask for ({quantity}).",
    "unclear_frequency": "The request's words give a frequency that can be read in two ways, such as biweekly.",
    "weeks_or_visits": "The last number in the request's words may be weeks or visits ({quantity}).",
    "weekly_or_in_all": "The request's words do not say whether so often is each week or in all ({quantity}).",
    "rate_without_length": "The request's words say how much in each period, but not for how long.",
    "open_ended": "The request's words set no end: the quantity is only a least one.",
    "unspecified": "The request's words themselves leave something unspecified.",
    "numbered_or_counted": "The numbers in the request's words may count visits or number them ({quantity}).",
    "count_or_levels": "The number in the request's words may count sessions or spinal levels.",
    "each_of_several": "The request's words ask for so much for each of several parts of the body ({quantity}).",
    "counted_otherwise": "The request's words count what an operation is not counted in: it may be of another service.",
    "no_quantity": "The request's words do not say how much is asked for.",
    "named_twice": "The request's words name the same service twice: one, or two?",
    "conditional": "The request's words ask for part of it under a condition.",
    "evaluation_only": "The request's words ask for an evaluation; whether they ask for the care itself is not said.",
}
"""What is unclear of how much is asked for, by its code; see :data:`imr_rules.words.line.Doubt`."""


def of_quantity(line: RequestLine) -> Iterator[str]:
    """Yield what the words leave unclear of how much is asked for."""
    left_over = ", ".join(dict.fromkeys((*line.asked.left_over, *line.in_dispute.left_over)))
    for doubt in line.doubts:
        if doubt in _UNCLEAR:
            yield _UNCLEAR[doubt].format(quantity=shown(line.asked.quantity), left_over=left_over)


def of_the_rest(line: RequestLine) -> Iterator[tuple[str, str]]:
    """Yield what else they leave unclear: the code of the doubt, and its words."""
    asked, doubts = line.asked, line.doubts
    if "several_services" in doubts:
        yield "several_services", f"The request's words name several services: {_listed(asked.mentions)}."
    if "either_service" in doubts:
        yield "either_service", f"The request's words name one service or another: {_listed(asked.mentions)}."
    if "several_body_parts" in doubts:
        regions = dict.fromkeys(part.region for part in asked.body_parts)
        yield "several_body_parts", f"The request's words name several body parts: {_listed(regions)}."
    if "no_body_part" in doubts:
        yield "no_body_part", "The request's words do not say for which part of the body."
    if "rental_and_purchase" in doubts:
        words = "The request's words speak of rental and of purchase: which is in dispute is not said."
        yield "rental_and_purchase", words
    if "cut" in doubts:
        yield "cut", "The request's words are too long: only their beginning was read."
    for written, read in asked.corrected:
        yield "spelling", f"The request's words were read with a spelling mended: {written} as {read}."


def shown(read: Amount | None) -> str:
    """Return a quantity as words show it: "12", "8 to 12", "at least 8"."""
    if read is None:
        return "no quantity"
    if read.value is not None:
        return str(read.value)
    if read.at_least is None or read.at_most is None:
        return f"at least {read.at_least}" if read.at_most is None else f"at most {read.at_most}"
    return f"{read.at_least} to {read.at_most}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
