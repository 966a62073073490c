"""Decisions that stand in blocks of labels: what was requested, what was decided, why; ticked boxes and answers too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from imr_rules.reading import NUMBER
from imr_rules.reading.papers.labels import Entry, ticked
from imr_rules.reading.papers.outcome import bare_count, settle
from imr_rules.reading.papers.paper import Decision
from imr_rules.reading.papers.reader import POINT, Reader
from imr_rules.reading.papers.reasons import reason_in_block
from imr_rules.reading.papers.values import service_codes

_OF_AN_ITEM = (
    "service",
    "asked_amount",
    "decision",
    "guideline",
    "why",
    "code",
    "other",
    "approved",
    "refused",
    "refills",
)


def read_blocks(reader: Reader) -> None:
    """Take an item from each block; it begins where a service is named and ends where the next one is."""
    entries = reader.named(*_OF_AN_ITEM)
    decides = [entry.at for entry in entries if entry.name in ("decision", "approved", "refused")]
    services = [
        entry
        for entry in entries
        if entry.name == "service"
        and re.search(r"[A-Za-z]{3}", reader.text(entry))
        and (reader.recognized(reader.text(entry)) or any(at > entry.at for at in decides))
    ]
    for index, entry in enumerate(services):
        stop = services[index + 1].at if index + 1 < len(services) else len(reader.flow.text)
        _block(reader, entry, [other for other in entries if entry.at <= other.at < stop], stop, index + 1)
    if not services:
        _lists(reader)


def _block(reader: Reader, service: Entry, own: Sequence[Entry], stop: int, number: int) -> None:
    where = f"request {number} of the decision"
    told = [entry for entry in own if entry.name == "decision"]
    code = next((reader.value(entry, where) for entry in own if entry.name == "code"), None)
    amounts = [
        reader.value(entry, where) for entry in own if entry.name in ("other", "refills", "asked_amount")
    ]
    more = amounts[0].of(", ".join(each.value for each in amounts)) if amounts else None
    words = " ".join(reader.text(entry) for entry in told)
    counts: dict[str, int] = {}
    given = told[:1]
    for entry in own:
        count = bare_count(reader.text(entry)) if entry.name in ("approved", "refused") else None
        if count is not None:
            counts["authorized" if entry.name == "approved" else "in_dispute"] = count
            given = given or [entry]
    place = (given[0].start, given[0].end) if given else (service.start, service.end)
    boxes = _ticked(reader, service.end, stop)
    if boxes is not None:
        words, place = boxes[0].replace("_", " "), boxes[1:]
    for text, start, end in _services(reader, service):
        item = reader.item(reader.read(text, where, start, end), more, code)
        settle(item, words, reader.read(words, where, *place), reader.vocabulary, counts or None)
        for entry in own:
            if entry.name in ("guideline", "why", "decision"):
                reader.cite(item, entry.start, entry.end)
        item.why = reason_in_block(reader, own, stop, where)
        reader.paper.items.append(item)


def _services(reader: Reader, entry: Entry) -> list[tuple[str, int, int]]:
    """Return the services of one request: a numbered list, or "arthroscopy, with medical clearance, one visit"."""
    start, end = entry.start, entry.end
    points = reader.points(start, end)
    if len(points) > 1:
        return points
    flat = re.sub(r"\s", " ", reader.flow.text[start:end])
    for match in reversed(list(re.finditer(r",? (?:together |along )?with (?:an? |the )?|; ", flat))):
        first, second = reader.recognized(flat[: match.start()]), reader.recognized(flat[match.end() :])
        counted = match[0] == "; " or re.search(
            rf"\b{NUMBER} (?:visits?|sessions?|stud|units?|tab)", flat[match.end() :], re.I
        )
        if first and second and first != second and counted:
            cuts = ((start, start + match.start()), (start + match.end(), end))
            return [(reader.flow.cut(*cut), *cut) for cut in cuts]
    return [(reader.flow.cut(start, end), start, end)]


_BOXES: list[tuple[Decision, str]] = [
    ("conditionally_denied", r"conditional(?:ly)? (?:non-?certif\w+|den\w+)"),
    ("denied", r"non-?certif\w+|not certified|not approved|not authorized|denied|deny"),
    ("modified", r"modif\w+|partial(?:ly)? (?:certif|approv)\w+"),
    ("deferred", r"defer\w*"),
    ("delayed", r"delay\w*"),
    ("approved", r"(?<!not )(?<!non-)(?:certif|approv|authori[sz])\w+"),
]


def _ticked(reader: Reader, start: int, stop: int) -> tuple[str, int, int] | None:
    """Return the one decision ticked among the boxes between two offsets, and the characters of its words."""
    found: list[tuple[str, int, int]] = []
    boxes = 0
    for name, form in _BOXES:
        for match in re.compile(rf"\b(?:{form})\b", re.I).finditer(reader.flow.text, start, stop):
            state = ticked(reader.flow, reader.pages, *match.span())
            if state is not None:
                boxes += 1
                if state and not any(first <= match.start() < last for _, first, last in found):
                    found.append((name, *match.span()))
                break
    return found[0] if boxes >= 2 and len(found) == 1 else None


def _lists(reader: Reader) -> None:
    """Take items from lists under "approved" and "denied"."""
    for entry in reader.named("approved", "refused"):
        label = reader.flow.cut(entry.at, entry.start)
        for words, start, end in reader.points(entry.start, entry.end) or [
            (reader.text(entry), entry.start, entry.end)
        ]:
            if reader.recognized(words) or service_codes(words):
                service = reader.read(
                    POINT.sub("", words), f"item {len(reader.paper.items) + 1} of the decision", start, end
                )
                item = reader.item(service, None, None)
                settle(item, f"{label} {words}", service, reader.vocabulary)
                reader.paper.items.append(item)
