"""Treatments that stand in blocks of labels: what is asked for; what was decided and why, ticked boxes and answers too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from imr_rules.reading.papers.labels import Entry, ticked
from imr_rules.reading.papers.outcome import bare_count, settle
from imr_rules.reading.papers.paper import Decision, Read
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.reasons import reason_in_block
from imr_rules.reading.papers.rows import same_as_above
from imr_rules.reading.papers.wording import decision_words
from imr_rules.words import NUMBER

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


def _block(reader: Reader, service: Entry, own: Sequence[Entry], stop: int, number: int) -> None:
    where = f"request {number} of the decision"
    decides = [entry for entry in own if entry.name == "decision"]
    code = next((reader.value(entry, where) for entry in own if entry.name == "code"), None)
    more = how_much(reader, own, where)
    words = " ".join(reader.text(entry) for entry in decides)
    counts: dict[str, int] = {}
    given = decides[:1]
    for entry in own:
        count = bare_count(reader.text(entry)) if entry.name in ("approved", "refused") else None
        if count is not None:
            counts["authorized" if entry.name == "approved" else "in_dispute"] = count
            given = given or [entry]
    place = (given[0].start, given[0].end) if given else (service.start, service.end)
    boxes = _ticked(reader, service.end, stop)
    if boxes is not None:
        words, place = boxes[0].replace("_", " "), boxes[1:]
    comment = next((reader.text(entry) for entry in own if entry.name == "why"), "")
    for text, start, end in _services(reader, service):
        item = reader.item(reader.read(text, where, start, end), more, code)
        told = reader.read(words, where, *place)
        settle(item, words, told, reader.vocabulary, counts or None, comment)
        for entry in own:
            if entry.name in ("guideline", "why", "decision"):
                reader.cite(item, entry.start, entry.end)
        item.why = reason_in_block(reader, own, stop, where)
        reader.paper.items.append(item)


def how_much(reader: Reader, own: Sequence[Entry], where: str) -> Read[str] | None:
    """Return what a block's fields of amounts say, together."""
    told: Read[str] | None = None
    for entry in own:
        if entry.name in ("other", "refills", "asked_amount"):
            read = reader.value(entry, where)
            if entry.name == "refills" and re.fullmatch(rf"\W*{NUMBER}\W*", read.value, re.I):
                read = read.of(f"{read.value} refills")
            told = read if told is None else told.of(f"{told.value}, {read.value}")
    return told


def read_stacked(reader: Reader, end: int) -> None:
    """Take the items of a request whose fields stand under one another, label by label: a new one where a label comes again."""
    group: dict[str, Entry] = {}
    amounts: list[Entry] = []
    above: dict[str, Read[str]] = {}

    def close() -> None:
        number = len(reader.paper.items) + 1
        said = {}
        for name in ("diagnosis", "icd"):
            if name in group:
                read = reader.value(group[name], f"diagnosis {number}")
                said[name] = above[name] = above.get(name, read) if same_as_above(read.value) else read
        if said:
            words = [said[name].value if name in said else "" for name in ("diagnosis", "icd")]
            reader.diagnoses(words[0], words[1], next(iter(said.values())))
        if "service" in group:
            where = f"treatment {number}"
            code = reader.value(group["code"], where) if "code" in group else None
            more = how_much(reader, amounts, where)
            reader.paper.items.append(reader.item(reader.value(group["service"], where), more, code))
        group.clear()
        amounts.clear()

    for entry in reader.named("diagnosis", "icd", "service", "code", "other", "refills", end=end):
        if entry.name in group:
            close()
        if entry.name in ("other", "refills"):
            amounts.append(entry)
        elif (
            entry.name != "service" or len(reader.points(entry.start, entry.end)) < 2
        ):  # else a list, and no field
            group[entry.name] = entry
    close()


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


def _ticked(reader: Reader, start: int, stop: int) -> tuple[str, int, int] | None:
    """Return the one decision ticked among the boxes between two offsets, and the characters of its words."""
    boxes: dict[Decision, tuple[bool, tuple[int, int]]] = {}
    for word in decision_words(reader.flow.text[start:stop]):
        place = start + word.start, start + word.end
        state = ticked(reader.flow, reader.pages, *place)
        if state is not None:
            boxes.setdefault(word.decision, (state, place))
    on = [(name, *place) for name, (state, place) in boxes.items() if state]
    return on[0] if len(boxes) >= 2 and len(on) == 1 else None
