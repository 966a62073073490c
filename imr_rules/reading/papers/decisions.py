"""Utilization review decisions: what was asked, what was decided of each item, by which guideline, when.

An item's decision is looked for in its own row, block or sentence alone: standing text and glossaries decide nothing.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from imr_rules.reading.papers.blocks import read_blocks
from imr_rules.reading.papers.cited import cited_in
from imr_rules.reading.papers.lists import read_labeled, read_lists
from imr_rules.reading.papers.paper import Citation, PaperItem
from imr_rules.reading.papers.prose import read_prose
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.reasons import like, named_first, opening, reasons_by_paragraph, stretches
from imr_rules.reading.papers.rows import read_rows
from imr_rules.reading.papers.values import ANY_DATE


def read_decision(reader: Reader) -> None:
    """Read a decision: its items by table, by blocks or by sentences; its dates, diagnoses and citations."""
    for read in (read_rows, read_lists, read_blocks, read_labeled, read_prose):
        if not reader.paper.items:
            read(reader)
    reader.injury()
    _dates(reader)
    on = reader.paper.date("request") or reader.paper.date("decided")
    reader.age_from_birth(on.value if on else None)
    for entry in reader.named("diagnosis", "icd"):
        reader.diagnoses(reader.text(entry).rstrip("."), "", reader.value(entry, "diagnosis"))
    for entry in reader.named("accepted"):
        said = reader.item(reader.value(entry, "accepted body part"), None, None)
        if said.body_part is not None:
            reader.paper.accepted.append(said.service.of(said.body_part))
    _citations(reader)
    reasons_by_paragraph(reader, reader.paper.items)
    _kind_of_review(reader)


_NAMES = {
    "decided": "date of the decision",
    "received": "date of receipt",
    "request": "date of the request",
    "served": "date of service",
    "injury": "date of injury",
}
_BEFORE = {
    "received": r"(?:received|reached us|arrived|came in|receipt)(?: it| this| them| (?:the|your|this|his|her) request)?(?: by \w+)?(?: on| in this office on)?:? $",
    "decided": r"(?:decided|determin(?:ation (?:was )?(?:made|rendered|issued)|ed)|decision (?:was )?(?:made|rendered|issued)|reviewed and decided)(?: on)? $",
    "served": r"(?:served|mailed)(?: on)?:? $",
    "injury": r"\binjur(?:y|ed)(?: that happened| which happened)?(?: on| of|,)? $",
    "request": r"(?:(?:request(?: for authorization)?|\bRFA)(?: form)?,?(?: which was| that was| was)?(?: of| dated| signed(?: on)?| from|,| \(?signed)?|\bsigned(?: and dated)?(?: on)?|request of"
    r"|\b(?:request|RFA)\b(?:(?!report|note|letter|record|receive|decision)[^.;\d]){0,60},? (?:dated|signed(?: on)?)) $",
}  # fmt: skip
"""Words that stand before a date in a sentence."""
_BEHIND = {"received": r",? (?:we|this office|our office)(?: first)? received\b"}
"""Words that stand behind one."""


def _dates(reader: Reader) -> None:
    """Take the dates that labels name; those that only sentences name; and, last, the letter's own."""
    dates = reader.paper.dates
    for entry in reader.named("request_and_received"):
        reader.put_date("request", _NAMES["request"], entry.start, entry.end)
        reader.put_date("received", _NAMES["received"], entry.start, entry.end, 1)
    for name in ("decided", "received", "request", "served"):
        where = _NAMES[name]
        for entry in reader.named(name):
            reader.put_date(name, where, entry.start, reader.end_of_line(entry))
    for match in ANY_DATE.finditer(reader.flat):
        before = reader.flat[max(0, match.start() - 70) : match.start()]
        for name, form in _BEFORE.items():
            behind = re.match(_BEHIND.get(name, r"(?!)"), reader.flat[match.end() :], re.I)
            if name not in dates and (behind or re.search(form, before, re.I)):
                reader.put_date(name, _NAMES[name], *match.span())
                break
    if "decided" not in dates:
        for entry in reader.named("date"):
            reader.put_date("decided", "date of the letter", entry.start, reader.end_of_line(entry))
    if "decided" not in dates and "served" in dates:
        dates["decided"] = [
            dates["served"][0].of(dates["served"][0].value, "day the decision was sent", derived=True)
        ]
    if "decided" not in dates:
        reader.date_of_letter("decided")


def _citations(reader: Reader) -> None:
    """Take citations from the paragraphs of reasons that name an item, by its number or its words."""
    items = [item for item in reader.paper.items if not item.cited]
    if len(reader.paper.items) == 1 and items:
        spans = [(entry.start, entry.end) for entry in reader.named("guideline", "why")]
        for start, end in spans or [(0, len(reader.flow.text))]:
            reader.cite(items[0], start, end)
        return
    last: Citation | None = None
    for start, end in stretches(reader) if items else ():
        found = cited_in(reader.flat[start:end], last)
        if not found:
            continue
        last = found[-1][0]
        named = [item for item in concerned(reader, reader.flat[start:end]) if item in items]
        for index, (citation, first, stop) in enumerate(found):
            # "2. and 3a.: MRI, p. 71; Electromyography, p. 84": as many citations as items, each its own
            own = [named[index]] if len(named) == len(found) > 1 else named
            for item in own if len(found) == 1 or len(named) in (1, len(found)) else ():
                item.cited.append(
                    reader.read(
                        citation, f"guideline cited for {item.service.where}", start + first, start + stop
                    )
                )


def concerned(reader: Reader, text: str) -> list[PaperItem]:
    """Return the items that a paragraph of reasons is about, by the numbers or the words it begins with."""
    named = named_first(reader, text)
    if named or reader.recognized(opening(text)) is not None:
        return named
    return like(reader, opening(text))


_SPECIALTY = (
    r"(?i:medicine and rehabilitation|(?:occupational|pain|internal|family|emergency|sports|preventive)(?: and \w+)? medicine|pain management|[a-z]* ?surgery"
    r"|psychiatry|psychology|neurology|orthop(?:a?edics?|a?edic surgery)|chiropractic|anesthesiology|physiatry|rheumatology|radiology|acupuncture)\b"
)
"""A specialty is known by its word; what else stands behind a reviewer's degree may be a name."""

_WORDS = r"(?:[A-Z]?[a-z]+ (?:(?:and|&|of) )?)*?"
_REVIEWER = [
    re.compile(form)
    for form in (
        rf"board[- ]certified in ({_WORDS}{_SPECIALTY})",
        rf"\b(?:M\.?D|D\.?O|D\.?C|Psy\.?D|Ph\.?D)\.?, ({_WORDS}{_SPECIALTY})",
        rf"((?:[A-Z]?[a-z]+ )*?{_SPECIALTY}),? (?:and )?licen[sc]ed\b",
    )
]
"""How a decision says what its reviewer is; the first that is found."""


def _kind_of_review(reader: Reader) -> None:
    """Take whether the review was expedited, and the reviewer's specialty; a review is regular unless it says otherwise."""
    entry = next((e for e in reader.named("kind_of_review")), None)
    expedited = (
        entry is not None and re.search(r"\bexpedited\b|\burgent\b", reader.text(entry), re.I) is not None
    )
    expedited = (
        expedited
        or re.search(r"\bexpedited (?:review|basis|request) (?:was|because|is granted)", reader.flat, re.I)
        is not None
    )
    start = entry.start if entry is not None else 0
    priority = reader.read(
        "expedited" if expedited else "regular", "kind of review", start, start + 1, derived=not expedited
    )
    reader.paper.facts["priority"] = [priority if entry is not None else replace(priority, words="")]
    for form in _REVIEWER:
        if (specialty := form.search(reader.flat)) is not None:
            reader.paper.specialty = reader.private.hide(specialty[1].strip())
            return
