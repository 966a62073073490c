"""The two forms: the request for authorization and the application for independent medical review."""

from __future__ import annotations

import re

from imr_rules.reading.papers.blocks import read_stacked
from imr_rules.reading.papers.lists import points_below, read_asked, several
from imr_rules.reading.papers.outcome import one_of_a_kind, settle_disputed
from imr_rules.reading.papers.paper import Read
from imr_rules.reading.papers.prose import read_requests
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.rows import read_rows
from imr_rules.reading.papers.values import days

_AFTER_A_LIST = r"\W*(?:(?:requesting |treating )?(?:physician|provider)(?:'s)? signature|(?:electronically )?sign(?:ed|ature)|claims administrator|date:|dwc form)"
_RESPONSE = re.compile(
    r"^.{0,4}claims administrator.{0,45}response|^.{0,4}(?:uro|utilization review).{0,20}response",
    re.I | re.M,
)

_ANSWERS = {
    "approved": r"approved\b",
    "denied_or_modified": r"denied or modified",
    "delayed": r"delay\b",
    "previously_denied": r"(?:requested treatment has been )?previously denied",
    "liability_disputed": r"liability for (?:the )?treatment is disputed",
}  # fmt: skip


def read_request_form(reader: Reader) -> None:
    """Read a request for authorization: what it asks for, for whom and when; its response part decides nothing."""
    paper, flow = reader.paper, reader.flow
    answer = _RESPONSE.search(flow.text)
    end = answer.start() if answer else len(flow.text)
    read_rows(reader)
    _request_dates(reader, end)
    reader.injury()
    signed = paper.date("request")
    reader.age_from_birth(signed.value if signed else None)
    expedited = reader.ticked(r"expedited(?: review)?", 0, end)
    if expedited is not None:
        at = re.search(r"expedited", flow.text, re.I)
        assert at is not None
        value = "expedited" if expedited else "regular"
        paper.facts["priority"] = [reader.read(value, "box for an expedited review", *at.span())]
    if answer:
        for name, form in _ANSWERS.items():
            if reader.ticked(form, end):
                paper.questions.append(f"the response part is ticked: {name.replace('_', ' ')}")
    specialty = reader.named("specialty")
    paper.specialty = (
        reader.private.hide(
            reader.flow.text[specialty[0].start : specialty[0].end].split("\t")[0].split("\n")[0]
        )
        if specialty
        else None
    )
    if not paper.items:
        read_stacked(reader, end)
    if not any(item.treatment or item.codes for item in paper.items):
        stacked, paper.items = paper.items, []
        read_asked(reader, end, lambda text: re.match(_AFTER_A_LIST, text, re.I))
        if not paper.items:
            read_requests(reader, end)
        paper.items = paper.items or stacked
    for entry in reader.named("diagnosis", "icd", end=end) if not paper.diagnoses else ():
        reader.diagnoses(reader.text(entry), "", reader.value(entry, "diagnosis"))
    for item in paper.items:
        item.asked = item.asked or one_of_a_kind(item, reader.vocabulary)
        item.authorized = item.in_dispute = None


def _request_dates(reader: Reader, end: int) -> None:
    """Take the day of the signature; of a fax, the day it came, by the line at the head of its pages."""
    for entry in reader.named("date", "request", end=end):
        line = reader.flow.lines[reader.flow.line_at(entry.at)]
        signed = re.search(r"signature|signed", reader.flow.text[line.start : entry.at], re.I)
        if entry.name == "request" or signed or not reader.paper.dates.get("request"):
            reader.put_date(
                "request",
                "date of the request",
                entry.start,
                min(entry.end, line.end) if entry.end > line.end else entry.end,
            )
    if len({each.value for each in reader.paper.dates.get("request", ())}) > 1:
        reader.paper.questions.append("the request bears several dates")
    if not reader.paper.dates.get("request"):
        reader.date_of_letter("request")
    report = re.search(r"\bdate of (?:the |this )?report\b[ :\t]*", reader.flow.text[:end], re.I)
    if not reader.paper.dates.get("request") and report is not None:
        line = reader.flow.lines[reader.flow.line_at(report.end())]
        reader.put_date("request", "date of the request", report.end(), line.end)
    received = reader.named("received", end=end)
    if received:
        reader.put_date("received", "date of receipt", received[0].start, received[0].end)
        return
    for flow in (reader.heads, reader.flow):
        for line in flow.lines[:2]:
            text = flow.text[line.start : line.end]
            fax = re.search(r"\bfrom\b|\bto\b|\bfax\b|\bP\. ?\d|\bpage \d|\d{3}/\d{3}", text, re.I)
            clock = re.search(r"\b(\d{1,2}):(\d{2})(?::\d\d)?(?: ?([ap])\.?m)?", text, re.I)
            if fax and clock and (found := days(text)):
                value, first, last = found[0]
                hour = int(clock[1]) % 12 + 12 if (clock[3] or "").lower() == "p" else int(clock[1])
                if (hour, int(clock[2])) >= (17, 30):
                    reader.paper.questions.append(
                        "the fax came after 17:30 and counts as received on the next business day"
                    )
                place = flow.place(line.start + first, line.start + last)
                reader.paper.dates["received"] = [
                    Read(value, place, "date of the fax", text[first:last], True)
                ]
                return


_KINDS = {
    "expedited": r"\bexpedited\b",
    "after_appeal": r"modification after appeal",
    "regular": r"\bregular\b",
}
_DISPUTED = re.compile(
    r"services?,? ?/?(?:goods|items)?[^\n:]{0,60}(?:denied|disputed)[^\n]*|(?:disputed|denied)[^\n]{0,30}(?:services?|treatments?)[^\n]*:|list[^\n]{0,40}(?:services?|treatments?)[^\n]*",
    re.I,
)


def read_application(reader: Reader) -> None:
    """Read an application for independent medical review: what is in dispute, of which decision."""
    paper, flow = reader.paper, reader.flow
    reader.injury()
    for entry in reader.named("decided"):
        reader.put_date("decided", "date of the decision", entry.start, entry.end)
    for entry in reader.named("date"):
        number = flow.line_at(entry.at)
        line = flow.lines[number]
        above = (
            flow.lines[number - 1] if number and line.start == entry.at else line
        )  # "Date:" under the signature
        if re.search(r"signature|signed", flow.text[above.start : entry.at], re.I):
            reader.put_date("application", "date of the application", entry.start, min(entry.end, line.end))
    for entry in reader.named("request"):
        reader.put_date("application", "date of the application", entry.start, reader.end_of_line(entry))
    for entry in reader.named("received"):
        reader.put_date("application_received", "stamp of receipt", entry.start, entry.end)
    signed = paper.date("application")
    reader.age_from_birth(signed.value if signed else None)
    states = {name: reader.ticked(form) for name, form in _KINDS.items()}
    chosen = [name for name, state in states.items() if state]
    if len(chosen) == 1:
        at = re.search(_KINDS[chosen[0]], flow.text, re.I)
        assert at is not None
        value = "expedited" if chosen == ["expedited"] else "regular"
        paper.facts["priority"] = [reader.read(value, "type of review", *at.span())]
    elif chosen:
        paper.questions.append("several types of review are ticked")
    _liability(reader)
    for entry in reader.named("diagnosis", "icd"):
        where = "primary diagnosis"
        reader.diagnoses(reader.text(entry), "", reader.value(entry, where))
    _disputed(reader)


def _liability(reader: Reader) -> None:
    asked = re.search(
        r"disput\w+ liability|liability[^\n]{0,40}disputed|disputed for other reasons", reader.flow.text, re.I
    )
    if asked is None:
        return
    after = reader.flow.text[asked.start() : asked.start() + 400]
    yes = re.search(r"\byes\b", after, re.I)
    state = (
        reader.ticked(r"\byes\b", asked.start(), asked.start() + 400)
        if yes
        else reader.ticked(asked.re.pattern)
    )
    if state:
        reader.paper.questions.append("the administrator disputes liability as well: what reason is given?")


def _disputed(reader: Reader) -> None:
    """Take the services in dispute: numbered lines, form fields or free text under their heading."""
    read_rows(reader)
    flow = reader.flow
    heading = None
    for match in _DISPUTED.finditer(flow.text):
        heading = match
    if heading is None or reader.paper.items:
        return
    inline = flow.text[heading.start() : heading.end()].partition(":")[2].strip(" _\t")
    pieces: list[tuple[int, int]] = []
    if re.search(r"[A-Za-z]{4}", re.sub(r"\([^)]*\)|add pages.*", "", inline)):
        pieces.append((heading.end() - len(inline), heading.end()))
    below = points_below(reader, flow.line_at(heading.start()) + 1, _AFTER_THE_DISPUTED.match, unmarked=True)
    for start, end in [*pieces, *((point.start, point.end) for point in below)]:
        for words, first, last in several(flow.text, start, end):
            number = len(reader.paper.items) + 1
            item = reader.item(reader.read(words, f"service {number} in dispute", first, last), None, None)
            settle_disputed(item, words, reader.vocabulary)
            reader.paper.items.append(item)


_AFTER_THE_DISPUTED = re.compile(
    r"\W*(?:request for review|consent|i (?:ask|request|certify|am|allow)|employee signature|signature|dwc form|reason:|date:|(?:treatment|service)s? (?:is|was|were|are) )",
    re.I,
)
