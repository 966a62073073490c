"""The two forms: the request for authorization and the application for independent medical review."""

from __future__ import annotations

import re

from imr_rules.reading import NUMBER
from imr_rules.reading.papers.outcome import one_of_a_kind, settle_disputed
from imr_rules.reading.papers.paper import PaperItem, Read
from imr_rules.reading.papers.reader import POINT, Reader
from imr_rules.reading.papers.tables import Cell, find_tables, words_of
from imr_rules.reading.papers.values import days, service_codes

_COLUMNS = {
    "diagnosis": r"(?:diagnos[ie]s|dx)(?: description)?",
    "icd": r"icd(?:[- ]?(?:9|10))?(?:[- ]cm)?(?:[- ]codes?)?|diagnosis codes?",
    "service": r"(?:(?:procedure|service|treatment)s?(?: ?/ ?(?:good|item|procedure|service)s?)?(?: requested)?|requested (?:service|treatment|procedure)s?(?:/(?:good|item)s?)?)",
    "code": r"(?:cpt|hcpcs|cptihcpcs)(?: ?/? ?(?:hcpcs|cpt))?(?: codes?)?|procedure codes?|codes?",
    "other": r"other information|freq(?:uency)?(?:[,/]? ?(?:(?:and|&) )?(?:duration|quantity))*|quantity|qty|details",
    "often": r"freq(?:uency)?|how often",
    "long": r"duration|length|how long",
    "quantity": r"quantity|qty\.?|units|(?:number|no\.|#) of (?:visits|sessions|units)|visits|sessions|how many",
}  # fmt: skip
_AMOUNTS = ("other", "often", "long", "quantity")
"""Columns of how much: one for all of it, or one for each part, in any order."""
_AFTER_THE_TABLE = r"\W*(?:(?:requesting |treating )?(?:physician|provider)(?:'s)? signature|(?:electronically )?sign(?:ed|ature)|claims administrator|date:|dwc form)"
_SAME = re.compile(
    r"\W*(?:same(?: as (?:above|row \d|#?\d))?|ditto|as above|see above|do\.?|[\"”'’,]{1,2}|id\.?|idem)\W*",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\b(?:see|as (?:noted|outlined|described|listed)|per|refer to)\b[^.]{0,40}\b(?:report|page|pg|p\.|pr-?2|narrative|attach\w*|note)",
    re.I,
)
_RESPONSE = re.compile(
    r"^.{0,4}claims administrator.{0,45}response|^.{0,4}(?:uro|utilization review).{0,20}response",
    re.I | re.M,
)

_FLAGS = {
    "new_request": r"new request",
    "resubmission": r"resubmission",
    "expedited": r"expedited(?: review)?",
    "oral_confirmation": r"(?:check box if (?:the )?request is a )?(?:written )?confirmation of a prior oral request",
}  # fmt: skip
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
    tables = find_tables(flow, reader.pages, _COLUMNS, ["service"], _AFTER_THE_TABLE)
    reader.tables += [(table.start, table.end) for table in tables]
    _request_dates(reader, end)
    reader.injury()
    signed = paper.date("request")
    reader.age_from_birth(signed.value if signed else None)
    for name, form in _FLAGS.items():
        state = reader.ticked(form, 0, end)
        if state is not None:
            paper.flags[name] = state
    if paper.flags.get("expedited") is not None:
        where = "box for an expedited review"
        at = re.search(r"expedited", flow.text, re.I)
        assert at is not None
        value = "expedited" if paper.flags["expedited"] else "regular"
        paper.facts["priority"] = [reader.read(value, where, *at.span())]
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
    rows = [row for table in tables for row in table.rows]
    _rows(reader, rows)
    if not paper.items:
        _stacked(reader, end)
    if not paper.items:
        _narrative(reader, end)
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


def _rows(reader: Reader, rows: list[dict[str, Cell]]) -> None:
    """Take the diagnoses and items of a table's rows; "same" and blanks repeat the row above."""
    above: dict[str, Cell] = {}
    number = len(reader.paper.items)
    for row in rows:
        if not any(words_of(cell).strip(" .-_|") for cell in row.values()):
            continue
        cells = dict(row)
        for name in ("diagnosis", "icd", "service", "code"):
            said = words_of(cells.get(name, []))
            if _SAME.fullmatch(said) or (not said.strip() and name == "diagnosis"):
                # a code left out is no other row's code; a diagnosis left out is that of the row above
                cells[name] = above.get(name, [])
        diagnosis, icd = cells.get("diagnosis", []), cells.get("icd", [])
        if (diagnosis or icd) and (row.get("diagnosis") or row.get("icd")):
            where = f"diagnosis of row {number + 1} of the treatments"
            reader.diagnoses(words_of(diagnosis), words_of(icd), reader.of_cell("", where, diagnosis or icd))
        above |= {name: cell for name, cell in cells.items() if cell}
        service, code = (cells.get(name, []) for name in ("service", "code"))
        amounts = {name: cell for name in _AMOUNTS if (cell := cells.get(name, []))}
        other = [word for cell in amounts.values() for word in cell]
        beside = [
            re.sub(r"^(?=\d)", "quantity ", words_of(cell)) if name == "quantity" else words_of(cell)
            for name, cell in amounts.items()
        ]
        if not service and not service_codes(words_of(code)) and not other:
            continue
        for words, much, numbers in _split(service, code, ", ".join(beside)):
            number += 1
            _add(reader, number, words, much, numbers, service or code or other, other, code)


def _add(
    reader: Reader, number: int, words: str, beside: str, numbers: str, service: Cell, other: Cell, code: Cell
) -> None:
    where = f"treatment {number}"
    more = reader.of_cell(beside, where, other) if other else None
    codes = reader.of_cell(numbers, where, code) if code else None
    item = reader.item(reader.of_cell(words, where, service), more, codes)
    if not words.strip() and not item.codes:
        item = reader.item(reader.of_cell(beside, where, other), None, codes)
    _incomplete(reader, item, f"{words} {beside}")
    reader.paper.items.append(item)


def _incomplete(reader: Reader, item: PaperItem, words: str) -> None:
    if _ELSEWHERE.search(words) and item.treatment is None:
        if "request_incomplete" in reader.vocabulary.facts:
            item.findings["request_incomplete"] = [item.service.of(True)]
        reader.paper.questions.append(f"{item.service.where} names a page of a report instead of a service")


def _split(service: Cell, code: Cell, beside: str) -> list[tuple[str, str, str]]:
    """Return the items of one row: several where a cell lists them line by line."""
    words, numbers = words_of(service), words_of(code)
    lines = [line for line in words.split("\n") if line.strip()]
    if len(lines) > 1 and all(POINT.match(line) for line in lines):
        beside_lines = [line for line in beside.split("\n") if line.strip()]
        code_lines = [line for line in numbers.split("\n") if line.strip()]
        return [
            (
                POINT.sub("", line),
                POINT.sub("", beside_lines[index]) if len(beside_lines) == len(lines) else "",
                code_lines[index] if len(code_lines) == len(lines) else "",
            )
            for index, line in enumerate(lines)
        ]
    return [(words, beside, numbers)]


def _stacked(reader: Reader, end: int) -> None:
    """Take items whose fields stand under one another, label by label: a new one where a label comes again."""
    group: dict[str, Read[str]] = {}
    above: dict[str, Read[str]] = {}

    def close() -> None:
        nonlocal group
        if "diagnosis" in group or "icd" in group:
            at = group.get("diagnosis") or group["icd"]
            said = {name: group[name].value if name in group else "" for name in ("diagnosis", "icd")}
            reader.diagnoses(said["diagnosis"], said["icd"], at)
        if "service" in group:
            item = reader.item(group["service"], group.get("other"), group.get("code"))
            _incomplete(reader, item, item.service.value)
            reader.paper.items.append(item)
        group = {}

    for entry in reader.named("diagnosis", "icd", "service", "code", "other", end=end):
        if entry.name in group and (entry.name != "other"):
            close()
        if entry.name == "service" and len(reader.points(entry.start, entry.end)) > 1:
            continue  # a numbered list, and no field
        number = len(reader.paper.items) + 1
        where = f"{'diagnosis' if entry.name in ('diagnosis', 'icd') else 'treatment'} {number}"
        read = reader.value(entry, where)
        if entry.name in ("diagnosis", "icd"):
            read = above.get(entry.name, read) if _SAME.fullmatch(read.value) else read
            above[entry.name] = read
        if entry.name in group:
            read = read.of(f"{group[entry.name].value}, {read.value}")
        group[entry.name] = read
    close()


_ASKS = re.compile(
    r"(?:request(?:s|ing|ed)?|seek(?:s|ing)?|ask(?:s|ing)?)[^.\n]{0,60}authori[sz]ation|treatment requested|authori[sz]ation is requested|services? requested",
    re.I,
)


def _narrative(reader: Reader, end: int) -> None:
    """Take the numbered lines that follow words asking for authorization."""
    flow = reader.flow
    asks = _ASKS.search(flow.text, 0, end)
    if asks is None:
        return
    lines = [line for line in flow.lines if asks.start() < line.end <= end]
    start: int | None = None
    points: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        text = flow.text[line.start : line.end]
        if POINT.match(text):
            if start is not None:
                points.append((start, lines[index - 1].end))
            start = line.start
        elif start is not None and (
            re.match(_AFTER_THE_TABLE, text, re.I)
            or lines[index - 1].box.middle - line.box.middle > 1.9 * line.box.height
            or line.page != lines[index - 1].page
        ):
            points.append((start, lines[index - 1].end))
            start = None
    if start is not None:
        points.append((start, lines[-1].end))
    for number, (first, last) in enumerate(points, 1):
        words = POINT.sub("", flow.cut(first, last)).rstrip(". ")
        item = reader.item(reader.read(words, f"treatment {number}", first, last), None, None)
        if item.treatment is not None or item.codes is not None:
            reader.paper.items.append(item)


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
        paper.flags["after_appeal"] = chosen == ["after_appeal"]
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
    if state is not None:
        reader.paper.flags["liability_disputed"] = state
        if state:
            reader.paper.questions.append(
                "the administrator disputes liability as well: what reason is given?"
            )
    if reader.ticked(r"(?:because )?(?:the )?requested information was not received"):
        reader.paper.flags["information_not_received"] = True


def _disputed(reader: Reader) -> None:
    """Take the services in dispute: numbered lines, form fields or free text under their heading."""
    flow = reader.flow
    heading = None
    for match in _DISPUTED.finditer(flow.text):
        heading = match
    if heading is None:
        return
    first = flow.line_at(heading.start()) + 1
    stop = re.compile(
        r"\W*(?:request for review|consent|i (?:ask|request|certify|am|allow)|employee signature|signature|dwc form|reason:|date:|(?:treatment|service)s? (?:is|was|were|are) )",
        re.I,
    )
    pieces: list[tuple[int, int]] = []
    inline = flow.text[heading.start() : heading.end()].partition(":")[2].strip(" _\t")
    if re.search(r"[A-Za-z]{4}", re.sub(r"\([^)]*\)|add pages.*", "", inline)):
        pieces.append((heading.end() - len(inline), heading.end()))
    for line in flow.lines[first:]:
        text = flow.text[line.start : line.end]
        if stop.match(text):
            break
        if (
            re.match(r"\s*(?:\d{1,2}\s*[.)]|\(?[a-k][.)]\s|[-•*])", text)
            or not pieces
            or flow.lines[flow.line_at(pieces[-1][1] - 1)].box.middle - line.box.middle
            > 1.4 * line.box.height
        ):
            pieces.append((line.start, line.end))
        else:
            pieces[-1] = (pieces[-1][0], line.end)
    for start, end in pieces:
        for words, begin, last in _several(flow.text, start, end):
            clean = re.sub(
                r"^\W*(?:\d{1,2}\s*[.)]\s*|[a-k][.)]\s+|\d{1,2}\s+(?=[A-Z]))?\W*",
                "",
                re.sub(r"\s+", " ", words),
            ).strip(" _|")
            if sum(map(str.isalpha, clean)) < 3:
                continue
            number = len(reader.paper.items) + 1
            item = reader.item(reader.read(clean, f"service {number} in dispute", begin, last), None, None)
            settle_disputed(item, clean, reader.vocabulary)
            reader.paper.items.append(item)


_MORE_OF_IT = rf"(?:only |just |the (?:other|remaining|rest)|of (?:these|which|them),? )?(?:{NUMBER})?[^;\n]{{0,20}}?\b(?:approv|certif|authori[sz]|den(?:y|ied)|remain|refus|request|not )"
"""How a second part of one service goes on: "5 sessions; 2 were approved"."""


def _several(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the parts of free text parted by semicolons or numbers."""
    found = []
    at = start
    for match in [
        *re.finditer(
            rf";\s+(?!{_MORE_OF_IT})(?![^()]*\))|\s(?=\d[.)] [A-Z])|\n(?=\d{{1,2}}[.)])",
            text[start:end],
            re.I,
        ),
        None,
    ]:
        stop = start + match.start() if match is not None else end
        if text[at:stop].strip(" ;\t\n"):
            found.append((text[at:stop], at, stop))
        at = start + match.end() if match is not None else end
    return found
