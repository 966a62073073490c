"""What became of an item: asked, authorized and in dispute put together, and the decision.

Three counts, each where a paper states it; two give the third; three that do not add up are a question.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from imr_rules.reading.papers.paper import PaperItem, Quantity, Read
from imr_rules.reading.papers.wording import REFILLS, amounts_in, decision_in, refills_in
from imr_rules.words import NUMBER, number

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

_UNITS = {
    "visit": "visit", "session": "session", "tab": "tablet", "cap": "tablet", "pill": "tablet", "hour": "hour", "day": "day",
    "week": "week", "month": "month", "injection": "injection", "stud": "study", "level": "level", "block": "block",
}  # fmt: skip
_REFUSED = ("denied", "conditionally_denied", "delayed")


def unit_of(item: PaperItem, words: str, vocabulary: Vocabulary) -> str | None:
    """Return what the counts of an item are of: as some words say, as it was asked for, or as its kind is counted."""
    said = re.search(rf"\b({'|'.join(_UNITS)})", words, re.I)
    if said is not None:
        return _UNITS[said[1].lower()]
    if item.asked is not None and item.asked.value.unit:
        return item.asked.value.unit
    return vocabulary.treatments[item.treatment].unit if item.treatment else None


def one_of_a_kind(item: PaperItem, vocabulary: Vocabulary) -> Read[Quantity] | None:
    """Return one of what is asked for by the piece or study, or to be bought, where a paper names it without a number."""
    unit = vocabulary.treatments[item.treatment].unit if item.treatment else None
    unit = "item" if "purchase_requested" in item.findings and unit != "study" else unit
    if unit not in ("item", "study"):
        return None
    return item.service.of(Quantity.exactly(1, unit), f"how much, {item.service.where}", derived=True)


def bare_count(words: str) -> int | None:
    """Return the number that a field of amounts holds: "12 visits", "#30", "0", "None", "#60 with 2 refills" (180)."""
    if re.fullmatch(r"\W*(?:none|nil|no)\W*", words, re.I):
        return 0
    flat = re.sub(r"\s+", " ", words)
    refills = refills_in(flat)
    count = re.compile(rf"(?<![\w.])#?({NUMBER})(?![\w]*/)", re.I)
    match = count.search(REFILLS.sub("", flat)) if refills is not None else None
    fills = 1 if match is None or refills is None else refills + 1
    match = match or count.search(flat)
    value = number(match[1]) if match else None
    return value * fills if isinstance(value, int) else None


_RATE = re.compile(
    r"\d[^\d]+\d|\b(?:per|x|times?|twice|thrice|every|an?|each|daily|weekly|monthly|bid|tid|qid|qhs|q\d?[dh])\b|\d ?/",
    re.I,
)


def plain_count(words: str) -> int | None:
    """Return the number that a field of amounts holds where it holds nothing but a count: not "2x week", "3 per day"."""
    without = REFILLS.sub("", re.sub(r"\(\s*#?\d+\s*\)|\s+", " ", words))
    return None if _RATE.search(without) else bare_count(words)


_EARLIER = re.compile(
    r"\b(?:previous\w*|prior|already|earlier|past|last|completed|attended|received|had|to date|guidelines?|up to|recommends?|(?:19|20)\d\d)\b",
    re.I,
)
"""Words of a comment whose counts may be of other care, or a guideline's."""


def settle(
    item: PaperItem,
    words: str,
    at: Read[str],
    vocabulary: Vocabulary,
    counts: dict[str, int] | None = None,
    comment: str = "",
) -> None:
    """Put together what a decision says of an item.

    Args:
        item: the item, with what its own words ask for.
        words: those that decide. at: where they stand.
        vocabulary: for what kinds of care are counted in.
        counts: counts that columns or fields of their own give; they come before the words.
        comment: what stands beside the decision; asked how much of a modified item only where nothing else says it.
    """
    said = amounts_in(words) | (counts or {})
    decision = decision_in(words)
    if decision == "modified" and not said.keys() & {"authorized", "in_dispute"}:
        first = re.split(r"[.;](?:\s|$)", comment, maxsplit=1)[0]
        told = {} if _EARLIER.search(first) else amounts_in(first)
        said |= {name: count for name, count in told.items() if name != "asked"}
    item.asked = item.asked or item.in_dispute or one_of_a_kind(item, vocabulary)
    item.authorized = item.in_dispute = None
    stated = said.get("asked")
    asked = item.asked.value.value if item.asked is not None else None
    if stated is not None and asked is not None and stated != asked:
        item.questions.append(f"{item.service.where}: {asked} or {stated} asked for?")
    _put(
        item, said, at, vocabulary, replace_asked=(counts is not None and "asked" in counts) or asked is None
    )
    asked, authorized, _ = _exact(item)
    if decision is None and not words.strip() and None not in (asked, authorized):
        decision = "approved" if authorized == asked else "denied" if authorized == 0 else "modified"
    if decision in _REFUSED and authorized is None:
        _put(item, {"authorized": 0}, at, vocabulary)
    elif decision == "approved" and authorized is None and item.asked is not None:
        item.authorized = at.of(item.asked.value, f"how much, {item.service.where}")
    elif decision == "approved" and asked is not None and authorized is not None and 0 < authorized < asked:
        decision = "modified"
    _fill(item, at)
    if decision == "modified" and item.authorized is None:
        item.questions.append(
            f"{item.service.where}: it was modified, but how much was authorized cannot be read"
        )
    if decision is None:
        item.questions.append(f"{item.service.where}: what was decided cannot be read")
    else:
        item.decision = at.of(decision, f"decision, {item.service.where}")


def settle_disputed(item: PaperItem, words: str, vocabulary: Vocabulary) -> None:
    """Put together what an application says: its words state what is in dispute, and brackets may give the rest."""
    said = amounts_in(words)
    own = item.asked or one_of_a_kind(item, vocabulary)
    # "16 visits requested and 6 certified": its own count is what was asked for
    told = said.get("asked")
    if told is None and "authorized" in said and "in_dispute" in said:
        told = said["authorized"] + said["in_dispute"]
    restated = own is not None and "authorized" in said and told is not None and told == own.value.value
    whole = (
        restated
        or ("asked" in said and "in_dispute" in said)
        or ("authorized" in said and item.asked is None)
    )
    item.asked = item.authorized = item.in_dispute = None
    if own is not None and not whole and said.keys() == {"authorized"} and own.value.value is not None:
        # "12 visits (6 approved)": 12 asked for and 6 left, or 12 left beside 6 approved?
        item.asked = own
        item.questions.append(
            f"{item.service.where}: is {own.value.value} what was asked for, or what is left?"
        )
    elif own is not None and not whole:
        item.in_dispute = own
        said.pop("in_dispute", None)
    unit = own.value.unit if own is not None else None
    at = item.service
    for name, count in said.items():
        setattr(
            item,
            name,
            at.of(Quantity.exactly(count, unit or unit_of(item, words, vocabulary)), f"how much, {at.where}"),
        )
    if "asked" in said or "authorized" in said:
        _fill(item, at)
    if item.authorized is not None and item.authorized.value.value:
        item.decision = at.of("modified", f"decision, {at.where}", derived=True)


def _put(
    item: PaperItem,
    said: dict[str, int],
    at: Read[str],
    vocabulary: Vocabulary,
    *,
    replace_asked: bool = False,
) -> None:
    for name, count in said.items():
        if name != "asked" or replace_asked:
            quantity = Quantity.exactly(count, unit_of(item, "", vocabulary))
            setattr(item, name, at.of(quantity, f"how much, {item.service.where}"))


def _exact(item: PaperItem) -> tuple[int | None, int | None, int | None]:
    reads = (item.asked, item.authorized, item.in_dispute)
    return tuple(None if read is None else read.value.value for read in reads)  # type: ignore[return-value]


def _fill(item: PaperItem, at: Read[str]) -> None:
    """Work out the third count from two, or ask where three do not add up."""
    asked, authorized, disputed = _exact(item)
    where = f"how much, {item.service.where}"

    def worked_out(count: int, like: Read[Quantity] | None) -> Read[Quantity]:
        return at.of(
            Quantity.exactly(count, like.value.unit if like is not None else None), where, derived=True
        )

    if asked is not None and authorized is not None and disputed is not None:
        if asked != authorized + disputed:
            item.questions.append(
                f"{item.service.where}: {asked} asked, {authorized} authorized and {disputed} in dispute do not add up"
            )
    elif asked is not None and authorized is not None and asked >= authorized:
        item.in_dispute = worked_out(asked - authorized, item.asked)
    elif asked is not None and disputed is not None and asked >= disputed:
        item.authorized = worked_out(asked - disputed, item.asked)
    elif asked is None and authorized is not None and disputed is not None:
        item.asked = worked_out(authorized + disputed, item.authorized)
