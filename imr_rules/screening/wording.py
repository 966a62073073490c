"""What the words of a request leave unclear, said beside the answer; and fields that are not what the words say."""

from __future__ import annotations

from collections.abc import Iterator

from imr_rules.case import DisputedItem
from imr_rules.words import Amount as Read
from imr_rules.words import RequestLine
from imr_rules.words.doubts import of_quantity, of_the_rest, shown

_REMEDIES = {
    "several_services": ("treatment", " Give each an item of its own."),
    "either_service": ("treatment", " Give `treatment`."),
    "several_body_parts": ("body_part", " Give `body_part`, or an item for each."),
    "no_body_part": ("body_part", " Give `body_part`."),
}
"""The field that answers a doubt, and what to do."""


def unclear_words(item: DisputedItem, line: RequestLine) -> Iterator[str]:
    """Yield what an item's words leave unclear, and where its fields are not what they say.

    Args:
        item: as the case has it.
        line: what its words say.
    """
    asked = line.asked
    if not item.states_its_quantity:
        for text in of_quantity(line):
            yield f"{text} Give `asked` and `in_dispute`."
        if asked.refills is not None and asked.refills.at_least and asked.quantity is not None:
            more = shown(asked.refills)
            yield f"The quantity in the request's words ({shown(asked.quantity)}) is one fill; they ask for refills as well ({more})."
    for doubt, text in of_the_rest(line):
        field, remedy = _REMEDIES.get(doubt, (None, ""))
        if field is None or getattr(item, field) is None:
            yield text + remedy
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
        yield f"The quantity asked ({asked}) is not the one in the request's words ({shown(readings[0])})."


def _holds(read: Read, value: int) -> bool:
    return (read.at_least is None or read.at_least <= value) and (
        read.at_most is None or value <= read.at_most
    )
