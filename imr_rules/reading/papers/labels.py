"""What stands beside a label: the printed names of fields, and how their values are found.

A label begins a column or ends in a colon. Its value follows it on the line, up to the next label; or stands
under it; and runs on over the lines that belong to it. Fields are matched to labels by place, never by the names
a form's author gave them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from imr_rules.reading.papers.page import Flow, Page

_WHO = r"(?:employee|patient|injured (?:worker|employee)|worker|claimant|applicant|member)"
_DOCTOR = r"(?:requesting|treating|primary treating|referring|prescribing|secondary)? ?(?:physician|provider|prescriber|doctor)"

PRIVATE = {
    "name": rf"(?:{_WHO}(?:'s)? ?)?(?:full |legal )?name|{_WHO}|(?:last|first|middle)(?: (?:name|initial))?|m\.?i\.?"
    rf"|(?:re|regarding|in re|to|attn|attention|cc|from|dear|prepared (?:for|by))",
    "number": r"(?:ur |dwc |our |your )?(?:claim|case|file|policy|authorization|auth|reference|ref|tracking|referral|review"
    r"|request|member|account|record|license|licence|npi|mrn|ssn|social security|tax id|wcis|wcab|eams|adj|jurisdictional"
    r"|wcis jurisdictional|wcis jurisdictional claim|eams case|dwc case|medical record|wcab case|control)"
    r"(?: ?(?:no\.?|nos\.?|numbers?|num\.?|#|id|identifier))?s?(?: ?\(s\))?|ssn|mrn|npi|[^\s:]+ (?:number|no\.|#)",
    "address": r"(?:mailing |street |home |office |e-?mail |email )?address(?: line)?(?: \d)?|street|city(?:,? state,? ?(?:and )?zip)?|state"
    r"|zip(?: code)?|city/state/zip",
    "reach": r"(?:tele)?phone(?: number| no\.?)?|tel\.?|fax(?: number| no\.?)?|cell|mobile|e-?mail(?: address)?|contact(?: name| person)?"
    r"|hours(?: of availability)?|availability|available",
    "doctor": rf"{_DOCTOR}(?:'s)?(?: name)?|requested by|submitted by|physician name|provider name|prescribed by|ordered by",
    "body": r"employer(?: name)?|practice(?: name)?|facility(?: name)?|clinic|company(?: name)?|(?:claims )?administrator(?: name)?|insurer"
    r"|carrier|insurance(?: carrier| company)?|adjuster(?:/contact)?(?: name)?|(?:claims )?examiner|third[- ]party administrator|uro"
    r"|(?:employee |applicant )?attorney(?: name)?|authorized agent(?: name)?|agent|representative|law firm|interpreter",
    "signature": rf"(?:{_DOCTOR} |employee |{_WHO} )?signature|signed by|signed(?=: ?[a-z])",
    "birth": r"(?:date of birth|birth ?date|d\.?o\.?b\.?|born)",
}  # fmt: skip
"""Labels whose values are never kept. Of the birth date the age is worked out, and the date dropped."""

KEPT = {
    "injury": r"(?:date|day) of (?:injury|accident|loss|incident)(?:\(s\))?|(?:injury|accident|loss) date|d(?:\.?o\.?|/)i\.?|date injured|injury"
    r"|injured(?: on)?|cumulative trauma|ct(?: dates?)?|dates? of injury",
    "request_and_received": r"(?:rfa|request)(?: dates?)? signed ?/ ?received|(?:rfa|request) dated ?/ ?received|date signed ?/ ?received",
    "request": r"(?:date of (?:the )?(?:request|rfa)|(?:rfa|request)(?: was)? (?:dated?|signed|date signed)|date (?:rfa|request) signed"
    r"|date signed|date requested|(?:rfa|request) form date|request for authorization dated?|signed on|signed(?=: ?\d))",
    "received": r"(?:date )?(?:(?:rfa|request)(?: for authorization)?(?: was)? )?(?:first )?received(?: on| date)?|(?:date )?(?:rfa|request) (?:first )?received"
    r"|date of receipt|receipt date|received(?: by us)?|(?:rfa|request) receipt date|date (?:the )?(?:rfa|request) (?:was )?(?:first )?received",
    "decided": r"(?:date of (?:the )?)?(?:ur |utilization review )?(?:decision|determination|notice|review|notification|letter)(?:'s)? (?:date|dated|made(?: on)?|issued|rendered)"
    r"|date of (?:the |this )?(?:ur |utilization review )?(?:decision|determination|notice|review|letter|notification)|decided(?: on)?|date (?:decided|of ur)"
    r"|(?:notice|letter) date|review (?:date|completed)|determination made|date of utilization review determination letter|date of ur letter",
    "served": r"(?:date )?(?:served|mailed|faxed|sent|date of service of (?:this )?(?:notice|decision))(?: on)?|service of this notice",
    "service_date": r"dates? of (?:service|exam(?:ination)?|visit|treatment|encounter)|(?:service|exam|visit|treatment|encounter) dates?|dos|date seen|seen on",
    "date": r"date|dated",
    "specialty": r"(?:physician |provider )?special(?:ty|i[sz]ation)",
    "age": r"age(?:/sex|/gender)?|age and sex",
    "sex": r"sex|gender",
    "diagnosis": r"(?:primary |principal |admitting |working |accepted )?diagnos[ie]s(?: ?\(es\)|/es)?(?: and icd(?:-?(?:9|10))?(?: ?code)?)?|dx|impression|assessment",
    "icd": r"icd(?:[- ]?(?:9|10))?(?:[- ]cm)?(?:[- ]codes?)?(?:\(s\))?|diagnos(?:is|tic) codes?",
    "service": r"(?:(?:disputed |specific )?(?:service|treatment|procedure|item|medication|drug|equipment|therapy)s?(?:/(?:good|item|service|procedure)s?)*"
    r"(?: or (?:service|good|item)s?)?(?: (?:being )?(?:requested|at issue|in dispute|under review|reviewed|in question|asked for|sought|submitted))"
    r"|requested (?:service|treatment|procedure|item|medication|drug|care)s?(?:/(?:good|item|service)s?)*|requested|request(?: ?#? ?\d+)?"
    r"|treatment|service|procedure|item(?: ?#? ?\d+)?|medication|drug|what was (?:requested|asked for)\??|what (?:the|your) (?:doctor|physician) (?:requested|asked for)"
    r"|what did (?:the|your) (?:doctor|physician) (?:request|ask for)\??|what treatment was (?:requested|asked for)\??|which treatment was (?:requested|asked for)\??)",
    "code": r"(?:cpt|hcpcs)(?: ?/ ?(?:hcpcs|cpt))?(?: ?codes?)?(?:\(s\))?|procedure codes?|codes?|billing codes?",
    "other": r"other information|frequency(?:,| ?/ ?| and )?(?: ?(?:duration|quantity)(?:,| ?/ ?| and )?)*(?: ?(?:duration|quantity))?|freq(?:uency)?|duration"
    r"|quantity(?: requested)?|qty|how (?:much|many|often)\??|number of (?:visits|sessions)|directions|sig|amount",
    "refills": r"refills?",
    "asked_amount": r"(?:(?:quantity|qty\.?|amount|number|units?|visits|sessions) )?requested(?: quantity| amount)?",
    "approved": r"(?:(?:quantity|qty\.?|amount|number|units?|visits|sessions) )?(?:approved|certified|authorized|allowed)(?: quantity| amount| treatment| services?)?",
    "refused": r"(?:(?:quantity|qty\.?|amount|number|units?|visits|sessions) )?(?:not approved|not certified|non-?certified|denied|not authorized|modified)(?: quantity| amount| treatment| services?)?",
    "decision": r"(?:ur |final |utilization review |our |reviewer'?s? )?(?:decision|determination|outcome|result|disposition|finding|recommendation|conclusion|status)s?"
    r"|what (?:was|is) (?:the|our) decision\??|what (?:was|did we) (?:decide[d]?)\??|(?:was|is) (?:it|this|the (?:treatment|request|service)) (?:approved|medically necessary|certified|authorized)\??"
    r"|medically necessary\??|is (?:the )?(?:requested )?(?:treatment|service|item|request|it) medically necessary\??|decided",
    "guideline": r"(?:clinical )?(?:guidelines?|criteria|criterion|basis|authority|references?|citations?|evidence)(?: ?(?:and|/) ?(?:criteria|guidelines?|references?|citations?))?"
    r"(?: (?:used|cited|applied|relied (?:up)?on|reference))?|what guideline (?:was|did we) (?:used?|apply|applied|follow)\??|which guideline (?:was|did we) (?:used?|apply|applied|follow)\??"
    r"|what (?:is|was) (?:it|this|the decision) based on\??",
    "why": r"(?:clinical |medical |reviewer'?s? )?(?:explanation|rationale|reasons?|reasoning|discussion|analysis|justification|comments?)(?: for (?:the )?(?:decision|determination|denial|modification))?"
    r"|why\??|why (?:not|was it (?:denied|modified|approved))\??|why did we (?:decide|say) (?:this|so|no)\??",
    "summary": r"(?:clinical |case |medical |brief )?(?:summary|history|information|background)|clinical (?:findings|data)|history of (?:injury|present illness)|facts",
    "records": r"(?:medical |clinical )?(?:records?|documents?|documentation|information|reports?)(?: (?:reviewed|considered|read|received))?|read|what (?:did we|was) (?:read|review(?:ed)?)\??",
    "accepted": r"(?:accepted )?body parts?(?: accepted| at issue)?|accepted (?:conditions?|body parts?)",
    "kind_of_review": r"(?:review )?type|type of (?:utilization )?review|review type|kind of review|priority",
    "liability": r"liability",
    "rights": r"(?:your )?(?:appeal )?rights|appeals?|how to (?:appeal|dispute)|dispute",
    "reviewer": r"(?:physician |medical |clinical |peer )?reviewer(?:'s)?(?: (?:name|credentials|qualifications|specialty))?|reviewed by|decision maker",
}  # fmt: skip

_NAMES = {name: form for table in (KEPT, PRIVATE) for name, form in table.items()}
_AFTER = r"(?P<note>[ ]?\([^()\n]{1,60}\))?[ ]?(?P<end>[:?]|(?=\t)|(?=\n)|$)"
_LABELS = {name: re.compile(rf"(?:{form}){_AFTER}", re.I) for name, form in _NAMES.items()}
_WITH_COLON = frozenset({"approved", "refused", "asked_amount"})
"""Labels that are also answers: only a colon makes a label of them."""
_WITHIN = re.compile(r"\b(?:for|of|the|this|your|each|and|on|to) $", re.I)
"""Words before a label's name that make it a part of others: "Rationale for item 1:", "Reason for request:"."""
_BEGIN = re.compile(r"(?:^|(?<=\t)|(?<= ))(?=[A-Za-z])")


class Entry(Struct, frozen=True):
    """A label and its value: which label, where it begins, and from where to where its value stands."""

    name: str
    at: int
    start: int
    end: int


def entries(flow: Flow, *, skip: Iterable[tuple[int, int]] = ()) -> list[Entry]:
    """Return the labels of a flow with their values, in order; stretches in ``skip`` hold none (tables)."""
    skipped = list(skip)
    marks: list[tuple[str, int, int]] = []
    for line in flow.lines:
        if not any(start <= line.start < end for start, end in skipped):
            marks += _marks(flow.text[line.start : line.end], line.start)
    found = []
    for index, (name, at, after) in enumerate(marks):
        following = marks[index + 1][1] if index + 1 < len(marks) else len(flow.text)
        following = min([following, *(start for start, _ in skipped if start >= after)])
        start, end = _value(flow, at, after, following)
        found.append(Entry(name, at, start, end))
    return found


def _marks(line: str, offset: int) -> list[tuple[str, int, int]]:
    """Return the labels of one line: name, start, end."""
    found: list[tuple[str, int, int]] = []
    taken = 0
    for begin in _BEGIN.finditer(line):
        at = begin.start()
        if at < taken:
            continue
        opens = (
            at == 0
            or line[at - 1] == "\t"
            or re.fullmatch(r"[\W\d_]{0,4}[a-z]?[\W_]*", line[:at]) is not None
        )
        best: tuple[int, str] | None = None
        for name, form in _LABELS.items():
            match = form.match(line, at)
            if match is None or (match["end"] not in (":", "?") and not opens):
                continue
            # "Units approved" in a column of labels is one without a colon too
            column = opens and " " in match[0].strip() and line[match.end() : match.end() + 1] == "\t"
            answer = name in _WITH_COLON or (match["end"] == "?" and not opens)
            if match["end"] != ":" and answer and not column:
                continue
            if best is None or match.end() > best[0]:
                best = (match.end(), name)
        if not opens and _WITHIN.search(line[:at]):
            continue
        if best is not None and best[1] in _WITH_COLON:
            # "Determination: MODIFIED: 6 visits", "Partially certified: 6": answers
            answers = found and not line[found[-1][2] - offset : at].strip(" \t")
            if answers or not (opens or re.search(r"[.;,|] $", line[:at])):
                best = None
        if best is not None:
            found.append((best[1], offset + at, offset + best[0]))
            taken = best[0]
    return found


def _value(flow: Flow, at: int, after: int, following: int) -> tuple[int, int]:
    """Return where a label's value stands: beside it, and on over the lines that belong to it; or under it."""
    number = flow.line_at(at)
    line = flow.lines[number]
    end = min(following, line.end)
    start = _skip_blank(flow.text, after, end)
    if start >= end:
        under = _under(flow, number, at, after)
        if under is None or (under[0] >= following and flow.line_at(following) != number):
            return start, start
        start, end = under
        if following < end:
            return start, start
        number = flow.line_at(start)
        line = flow.lines[number]
        if end < line.end:
            return start, end
    left = flow.place(start, min(end, start + 1)).box.left
    beside = "\t" in flow.text[after:start]  # in a column of its own
    for below in flow.lines[number + 1 :]:
        if end < flow.lines[flow.line_at(end - 1)].end or below.start >= following:
            break
        above = flow.lines[flow.line_at(end - 1)]
        if below.page == above.page:
            if above.box.middle - below.box.middle > 1.9 * max(above.box.height, below.box.height):
                break
            if beside and below.box.left < left - 8:
                break
        elif beside and below.box.left < left - 8:
            break
        if not beside and _stops(flow.text[below.start : below.end]):
            break
        end = below.end
    return start, min(end, following)


def _stops(line: str) -> bool:
    """Whether a line belongs to no value above it: a heading, boxes to tick, columns of their own."""
    if len(line) < 70 and line.upper() == line and sum(map(str.isalpha, line)) > 5:
        return True
    columns = line.split("\t")
    return re.match(r"\W{0,2}[\[(☐☒☑□■]\s?[xX✓]?\s?[\])☐☒☑□■]?\s", line) is not None or (
        len(columns) > 2 and all(len(column) < 25 for column in columns)
    )


def _under(flow: Flow, number: int, at: int, after: int) -> tuple[int, int] | None:
    """Return the column of the next line that stands under a label."""
    if number + 1 >= len(flow.lines):
        return None
    label, below = flow.lines[number], flow.lines[number + 1]
    if below.page != label.page or label.box.middle - below.box.middle > 2.6 * max(label.box.height, 8):
        return None
    box = flow.place(at, after).box
    alone = label.start == at and flow.text[after : label.end].strip() == ""
    if alone and abs(below.box.left - box.left) < 30:
        return below.start, below.end
    start = below.start
    for column in flow.text[below.start : below.end].split("\t"):
        place = flow.place(start, start + max(1, len(column))).box
        if abs(place.left - box.left) < 8:
            return start, start + len(column)
        start += len(column) + 1
    return None


def _skip_blank(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " \t:.-–_|":
        start += 1
    return start


_MARK = re.compile(
    r"(?P<on>[☒☑✓✔✗✘■]|[\[(][xX✓✔][\])]|\b_?[xX]_?(?=\s*$))\s*$|(?P<off>[☐□]|\[\s?_?\]|\(\s?\)|__+)\s*$"
)


def ticked(flow: Flow, pages: Sequence[Page], start: int, end: int) -> bool | None:
    """Return whether the box beside some words is ticked; ``None`` where no box is found.

    A form field beats a drawn box, a drawn box beats a character; before the words beats behind them, unless the one
    behind is nearer.
    """
    place = flow.place(start, end)
    page = next(page for page in pages if page.number == place.page)
    for boxes in (page.ticks, page.squares):
        best: tuple[float, bool] | None = None
        for tick in boxes:
            if abs(tick.box.middle - place.box.middle) > 0.8 * max(place.box.height, tick.box.height):
                continue
            before, behind = place.box.left - tick.box.right, tick.box.left - place.box.right
            gap = before if before >= -3 else behind + 1 if behind >= -3 else None
            if gap is not None and gap < 32 and (best is None or gap < best[0]):
                best = (gap, tick.on)
        if best is not None:
            return best[1]
    line = flow.lines[flow.line_at(start)]
    mark = _MARK.search(flow.text[line.start : start])
    return None if mark is None else mark["on"] is not None
