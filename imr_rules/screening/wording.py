"""What the words of a request leave unclear, said beside the answer; and fields that are not what the words say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from imr_rules.case import DisputedItem
from imr_rules.reading import Amount as Read
from imr_rules.reading import RequestLine

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
    "evaluation_only": "The request's words ask for an evaluation; whether they ask for the care itself is not said.",
}
"""What the words of a request leave unclear of how much is asked for, by its code."""


def unclear_words(item: DisputedItem, line: RequestLine) -> Iterator[str]:
    """Yield what an item's words leave unclear, and where its fields are not what they say.

    Args:
        item: as the case has it.
        line: what its words say.
    """
    asked, doubts = line.asked, line.doubts
    if not item.states_its_quantity:
        shown = _shown(asked.quantity)
        left_over = ", ".join(dict.fromkeys((*asked.left_over, *line.in_dispute.left_over)))
        for doubt in doubts:
            if doubt in _UNCLEAR:
                text = _UNCLEAR[doubt].format(quantity=shown, left_over=left_over)
                yield f"{text} Give `asked` and `in_dispute`."
        if asked.refills is not None and asked.refills.at_least and asked.quantity is not None:
            more = _shown(asked.refills)
            yield f"The quantity in the request's words ({shown}) is one fill; they ask for refills as well ({more})."
    if "several_services" in doubts and item.treatment is None:
        yield f"The request's words name several services: {_listed(asked.mentions)}. Give each an item of its own."
    if "either_service" in doubts and item.treatment is None:
        yield f"The request's words name one service or another: {_listed(asked.mentions)}. Give `treatment`."
    if "several_body_parts" in doubts and item.body_part is None:
        regions = dict.fromkeys(part.region for part in asked.body_parts)
        yield f"The request's words name several body parts: {_listed(regions)}. Give `body_part`, or an item for each."
    if "no_body_part" in doubts and item.body_part is None:
        yield "The request's words do not say for which part of the body. Give `body_part`."
    if "rental_and_purchase" in doubts:
        yield "The request's words speak of rental and of purchase: which is in dispute is not said."
    if "cut" in doubts:
        yield "The request's words are too long: only their beginning was read."
    for written, read in asked.corrected:
        yield f"The request's words were read with a spelling mended: {written} as {read}."
    yield from _against_the_words(item, line)


def _against_the_words(item: DisputedItem, line: RequestLine) -> Iterator[str]:
    """Compare what the item states with every reading of its words before it is called another."""
    values = {statement.value for statement in item.asked or ()}
    asked = values.pop() if len(values) == 1 else None
    units = {"visit" if each.unit == "session" else each.unit for each in item.asked or ()}
    readings = [
        each
        for each in line.readings
        if (units <= {each.unit, None} or each.unit is None) and not each.implied
    ]
    if asked is not None and readings and not any(_holds(each, asked) for each in readings):
        yield f"The quantity asked ({asked}) is not the one in the request's words ({_shown(readings[0])})."


def _holds(read: Read, value: int) -> bool:
    return (read.at_least is None or read.at_least <= value) and (
        read.at_most is None or value <= read.at_most
    )


def _shown(read: Read | None) -> str:
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
