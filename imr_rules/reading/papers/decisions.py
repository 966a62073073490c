"""Utilization review decisions: what was asked, what was decided of each item, by which guideline.

Decisions come as a table, as blocks of labels, as boxes to tick, as answers, or in sentences. An item's decision is
looked for in its own row, block or sentence alone: standing text and glossaries decide nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from imr_rules.reading import NUMBER, number
from imr_rules.reading.papers.cited import cited_in
from imr_rules.reading.papers.paper import Citation, Decision, PaperItem, Quantity, Read
from imr_rules.reading.papers.reader import Reader, one_of_a_kind
from imr_rules.reading.papers.tables import Cell, Table, find_tables, words_of
from imr_rules.reading.papers.values import ANY_DATE, service_codes
from imr_rules.reading.papers.wording import amounts_in, decision_in, decision_words

_COLUMNS = {
    "number": r"(?:item |line |request )?(?:#|no\.?|number)|item|line",
    "refused": r"(?:qty\.? |quantity |amount )?(?:not certified|non-?certified|not approved|not authorized|denied|disputed)(?: qty| quantity| amount)?",
    "service": r"(?:(?:treatment|service|procedure|item|medication|drug)s?(?: ?/ ?(?:good|item|service|procedure)s?)?(?: (?:requested|and strength|name|description|under review))?|requested (?:treatment|service|procedure|item|medication)s?|request description|description)",
    "approved": r"(?:qty\.? |quantity |amount )?(?:certified|approved|authorized|allowed)(?: qty| quantity| amount)?",
    "asked": r"(?:qty\.? |quantity |amount )?(?:requested|asked(?: for)?)(?: qty| quantity| amount)?",
    "listed": r"(?:mtus )?drug list(?: status)?|mtus drug|formulary(?: status)?|exempt(?: status)?",
    "decision": r"determination|decision|outcome|result|disposition|status|finding",
    "code": r"(?:cpt|hcpcs|icd)?(?: ?/ ?hcpcs)? ?codes?|cpt(?:/hcpcs)?|ndc",
    "directions": r"directions|sig|instructions",
    "quantity": r"qty\.?|quantity|amount|units|count|frequency(?: ?/ ?duration)?",
    "refills": r"refills?|rf",
    "served": r"dates? of service|dos|service dates?",
    "guideline": r"guidelines?|criteria|basis|reference|citation",
    "why": r"reasons?|rationale|comments?|notes?",
}  # fmt: skip
_AFTER_THE_TABLE = r"\W*(?:clinical|rationale|why|reasons?|records?|summary|history|background|reviewer|notes?:|explanation|page \d)\b(?![^\n]*\t)"


def read_decision(reader: Reader) -> None:
    """Read a decision: dates, items with what was decided of each, and the guidelines cited."""
    tables = [
        table
        for table in find_tables(reader.flow, reader.pages, _COLUMNS, ["service"], _AFTER_THE_TABLE)
        if any(row.get("decision") or row.get("approved") or row.get("refused") for row in table.rows)
    ]
    reader.tables += [(table.start, table.end) for table in tables]
    for table in tables:
        _from_table(reader, table)
    if not reader.paper.items:
        _from_blocks(reader)
    if not reader.paper.items:
        _from_sentences(reader)
    _dates(reader)
    reader.injury()
    decided = reader.paper.date("request") or reader.paper.date("decided")
    reader.age_from_birth(decided.value if decided else None)
    for entry in reader.named("diagnosis", "icd"):
        at = reader.read("", "diagnosis", entry.start, entry.end)
        reader.diagnoses(reader.text(entry).rstrip("."), "", "diagnosis", at)
    _citations(reader)
    _kind_of_review(reader)


def _from_table(reader: Reader, table: Table) -> None:
    for row in table.rows:
        cells = {name: cell for name, cell in row.items() if words_of(cell).strip(" .-_|")}
        if "service" not in cells or not re.search(r"[A-Za-z]{3}", words_of(cells["service"])):
            continue
        label = words_of(cells.get("number", [])).strip(" .)") or None
        where = f"row {len(reader.paper.items) + 1} of the decisions"
        beside = [words_of(cells[name]) for name in ("directions", "quantity", "asked", "served") if name in cells and name != "served"]
        service = reader.of_cell(words_of(cells["service"]), where, cells["service"])
        code = reader.of_cell(words_of(cells["code"]), where, cells["code"]) if "code" in cells else None
        item = reader.item(service, None, code, label)
        _count(reader, item, cells, where)
        if not beside and item.asked is not None:
            item.asked = replace(item.asked, place=service.place)
        states = {name: _cell_ticked(reader, cells.get(name)) for name in ("approved", "refused")}
        told = " ".join(words_of(cells[name]) for name in ("decision",) if name in cells)
        at = cells.get("decision") or cells.get("approved") or cells.get("refused") or cells["service"]
        decided = reader.of_cell(told, f"decision, {where}", at)
        counts = {
            name: _bare(words_of(cells[column]))
            for name, column in (("asked", "asked"), ("authorized", "approved"), ("in_dispute", "refused"))
            if column in cells
        }
        if states["approved"] or states["refused"]:
            told = told or ("approved" if states["approved"] else "denied")
        settle(item, reader, told, decided, counts={name: n for name, n in counts.items() if n is not None})
        if "listed" in cells and "formulary_status" in reader.vocabulary.facts:
            status = re.search(r"non-?exempt|exempt|unlisted|not listed", words_of(cells["listed"]), re.I)
            if status:
                value = {"n": "non_exempt", "e": "exempt", "u": "unlisted"}[status[0][0].lower()]
                value = "unlisted" if status[0].lower() == "not listed" else value
                item.findings["formulary_status"] = [reader.of_cell(value, f"drug list, {where}", cells["listed"])]
        for name in ("guideline", "why"):
            if name in cells:
                _cite(reader, item, cells[name][0][0], cells[name][-1][1])
        reader.paper.items.append(item)


def _cell_ticked(reader: Reader, cell: Cell | None) -> bool:
    return cell is not None and re.fullmatch(r"\W*[xX✓✔☒☑]\W*", words_of(cell)) is not None


def _bare(words: str) -> int | None:
    """Return the number that a cell of amounts holds: "12 visits", "#30", "0", "None"."""
    if re.fullmatch(r"\W*(?:none|nil|no|n/a)?\W*", words, re.I):
        return 0 if re.search(r"none|nil|no\b", words, re.I) else None
    match = re.search(rf"(?<![\w.])#?({NUMBER})(?![\w]*/)", re.sub(r"\s+", " ", words), re.I)
    value = number(match[1]) if match else None
    return value if isinstance(value, int) else None


def _count(reader: Reader, item: PaperItem, cells: dict[str, Cell], where: str) -> None:
    """Take how much a row asks for, from its columns of quantity and refills or of what was requested."""
    for name in ("quantity", "asked"):
        if name not in cells:
            continue
        words = words_of(cells[name])
        count = _bare(words)
        if count is None:
            continue
        refills = _bare(words_of(cells["refills"])) if "refills" in cells else None
        unit = _unit(reader, item, words)
        if name == "quantity" and re.search(r"\d ?(?:g|gm|grams?|ml|oz)\b", words, re.I):
            count, refills, unit = 1, refills or 0, "item"
        total = count * ((refills or 0) + 1)
        item.asked = reader.of_cell(Quantity(total, total, unit), f"how much, {where}", cells[name], derived=bool(refills))
        return


def _unit(reader: Reader, item: PaperItem, words: str) -> str | None:
    for form, unit in (("visit", "visit"), ("session", "session"), ("tab|cap|pill", "tablet"), ("hour", "hour"), ("day", "day"), ("week", "week"), ("month", "month"), ("injection", "injection"), ("stud", "study"), ("level", "level"), ("block", "block")):
        if re.search(rf"\b(?:{form})", words, re.I):
            return unit
    if item.asked is not None and item.asked.value.unit:
        return item.asked.value.unit
    return reader.vocabulary.treatments[item.treatment].unit if item.treatment else None


def settle(
    item: PaperItem,
    reader: Reader,
    words: str,
    at: Read[str],
    *,
    stated: str = "asked",
    counts: dict[str, int] | None = None,
) -> None:
    """Put together what was asked, authorized and is in dispute, and the decision, from the words that decide.

    Args:
        item: the item, with what its own words say.
        reader: the paper. words: those that decide. at: where they stand.
        stated: what a count in the item's own words is of: ``asked``, or in an application ``in_dispute``.
        counts: counts that columns give.
    """
    flat = re.sub(r"\s+", " ", words)
    said = amounts_in(flat) | (counts or {})
    decision = decision_in(flat) if stated == "asked" else None
    own = item.asked if item.asked is not None else None
    unit = own.value.unit if own is not None else _unit(reader, item, "")
    where = f"how much, {item.service.where}"

    def read(count: int, *, derived: bool = False) -> Read[Quantity]:
        return Read(Quantity(count, count, unit), at.place, where, at.words, derived)

    if own is None and (one := one_of_a_kind(item, reader.vocabulary)) is not None:
        own = replace(item.service, value=one, derived=True)  # type: ignore[type-var]
        unit = one.unit
    amounts: dict[str, Read[Quantity] | None] = {"asked": None, "authorized": None, "in_dispute": None}
    if own is not None and not (stated == "in_dispute" and "in_dispute" in said):
        amounts[stated] = own
    if stated == "asked" and own is None and item.in_dispute is not None:
        amounts["asked"] = item.in_dispute
    for name, count in said.items():
        if amounts[name] is None or amounts[name].value.value is None or (counts and name in counts and name != "asked"):  # type: ignore[union-attr]
            amounts[name] = read(count)
        elif amounts[name].value.value != count and stated == "asked":  # type: ignore[union-attr]
            if name == "asked" and counts is None:
                item.questions.append(f"{item.service.where}: {amounts[name].value.value} or {count} asked for?")  # type: ignore[union-attr]
    asked, authorized, disputed = (amounts[name].value.value if amounts[name] else None for name in ("asked", "authorized", "in_dispute"))  # type: ignore[union-attr]
    if decision is None and stated == "asked" and counts and authorized is not None and asked is not None and not flat.strip():
        decision = "approved" if authorized == asked else "denied" if authorized == 0 else "modified"
    if decision == "approved" and amounts["authorized"] is None and amounts["asked"] is not None:
        amounts["authorized"] = replace(amounts["asked"], place=at.place, words=at.words)
        authorized = asked
    if decision in ("denied", "conditionally_denied", "delayed") and amounts["authorized"] is None:
        amounts["authorized"], authorized = read(0), 0
    if decision == "approved" and asked is not None and authorized is not None and 0 < authorized < asked:
        decision = "modified"
    if asked is not None and authorized is not None and disputed is None and asked >= authorized:
        amounts["in_dispute"] = read(asked - authorized, derived=True)
    elif asked is not None and disputed is not None and authorized is None and asked >= disputed and (stated == "asked" or "asked" in said):
        amounts["authorized"] = read(asked - disputed, derived=True)
    elif asked is None and authorized is not None and disputed is not None and decision != "denied":
        amounts["asked"] = read(authorized + disputed, derived=True)
    elif None not in (asked, authorized, disputed) and asked != authorized + disputed:  # type: ignore[operator]
        item.questions.append(f"{item.service.where}: what was asked, authorized and disputed does not add up")
    if stated == "in_dispute" and authorized is None and amounts["authorized"] is not None:
        authorized = amounts["authorized"].value.value
    if stated == "in_dispute" and authorized and said:
        decision = "modified"
    item.asked, item.authorized, item.in_dispute = amounts["asked"], amounts["authorized"], amounts["in_dispute"]
    if decision is not None:
        item.decision = Read(decision, at.place, f"decision, {item.service.where}", at.words)
    elif stated == "asked":
        item.questions.append(f"{item.service.where}: what was decided cannot be read")


_OF_AN_ITEM = ("service", "asked_amount", "decision", "guideline", "why", "code", "other", "approved", "refused", "refills")


def _from_blocks(reader: Reader) -> None:
    """Take items from blocks of labels: a block begins where the service is named."""
    entries = reader.named(*_OF_AN_ITEM)
    services = [
        entry for entry in entries
        if entry.name == "service" and re.search(r"[A-Za-z]{3}", reader.text(entry)) and (
            reader.vocabulary.recognize(reader.text(entry)) is not None or service_codes(reader.text(entry))
            or any(other.name in ("decision", "approved", "refused") and other.at > entry.at for other in entries)
        )
    ]  # fmt: skip
    for number, entry in enumerate(services):
        end = services[number + 1].at if number + 1 < len(services) else len(reader.flow.text)
        own = [other for other in entries if entry.at <= other.at < end]
        _block(reader, entry.start, entry.end, own, end)
    if not services:
        _listed(reader)


def _block(reader: Reader, start: int, end: int, own: list[object], stop: int) -> None:
    from imr_rules.reading.papers.labels import Entry

    entries = [entry for entry in own if isinstance(entry, Entry)]
    number = len({item.service.where for item in reader.paper.items}) + 1
    where = f"request {number} of the decision"
    told = [entry for entry in entries if entry.name == "decision"]
    code = next((reader.read(reader.text(e), where, e.start, e.end) for e in entries if e.name == "code"), None)
    other = [e for e in entries if e.name in ("other", "refills") or (e.name == "asked_amount")]
    more = reader.read(", ".join(reader.text(e) for e in other), where, other[0].start, other[0].end) if other else None
    for words, first, last in _with_another(reader, start, end):
        item = reader.item(reader.read(words, where, first, last), more, code)
        decided = " ".join(reader.text(entry) for entry in told)
        ticks = _ticked_decision(reader, end, stop)
        place = (told[0].start, told[0].end) if told else (first, last)
        if ticks is not None:
            decided, place = ticks[0], ticks[1:]
        counts: dict[str, int] = {}
        for entry in entries:
            if entry.name in ("approved", "refused") and (count := _bare(reader.text(entry))) is not None:
                counts["authorized" if entry.name == "approved" else "in_dispute"] = count
                if not told:
                    place = (entry.start, entry.end)
        settle(item, reader, decided, reader.read(decided, where, *place), counts=counts)
        for entry in entries:
            if entry.name in ("guideline", "why", "decision"):
                _cite(reader, item, entry.start, entry.end)
        reader.paper.items.append(item)


def _with_another(reader: Reader, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the services of one request: "arthroscopy, with medical clearance, one visit" names two."""
    text = reader.flow.text[start:end]
    recognize = reader.vocabulary.recognize
    lines = [(m.start(), m.end()) for m in re.finditer(r"(?m)^\s*(?:\d{1,2}[.)]|[-•*])\s+.*(?:\n(?!\s*(?:\d{1,2}[.)]|[-•*])\s).*)*", text)]
    if len(lines) > 1:
        return [(re.sub(r"^\s*(?:\d{1,2}[.)]|[-•*])\s+", "", reader.flow.cut(start + a, start + b)), start + a, start + b) for a, b in lines]
    for match in reversed(list(re.finditer(r",? (?:together |along )?with (?:an? |the )?|; ", re.sub(r"\s", " ", text)))):
        one, other = text[: match.start()], text[match.end() :]
        first, second = recognize(re.sub(r"\s+", " ", one)), recognize(re.sub(r"\s+", " ", other))
        counted = re.search(rf"\b{NUMBER} (?:visits?|sessions?|stud|units?|tab)", other, re.I) or match[0] == "; "
        if first and second and first != second and counted:
            return [(reader.flow.cut(start, start + match.start()), start, start + match.start()), (reader.flow.cut(start + match.end(), end), start + match.end(), end)]
    return [(reader.flow.cut(start, end), start, end)]


_TICK_WORDS: list[tuple[Decision, str]] = [
    ("conditionally_denied", r"conditional(?:ly)? (?:non-?certif\w+|den\w+)"),
    ("denied", r"non-?certified|not certified|not approved|not authorized|denied|deny"),
    ("modified", r"modified|partial(?:ly)? (?:certified|approved)"),
    ("deferred", r"deferred"),
    ("delayed", r"delayed"),
    ("approved", r"(?<!not )(?<!non-)(?:certified|approved|authorized)"),
]


def _ticked_decision(reader: Reader, start: int, stop: int) -> tuple[str, int, int] | None:
    """Return the one decision that is ticked among boxes between two offsets, and its characters."""
    from imr_rules.reading.papers.labels import ticked

    found: list[tuple[str, int, int]] = []
    boxes = 0
    for name, form in _TICK_WORDS:
        for match in re.compile(rf"\b(?:{form})\b", re.I).finditer(reader.flow.text, start, stop):
            state = ticked(reader.flow, reader.pages, *match.span())
            if state is None:
                continue
            boxes += 1
            if state and not any(first <= match.start() < last for _, first, last in found):
                found.append((name.replace("_", " ").replace("conditionally denied", "conditionally non-certified"), *match.span()))
            break
    return found[0] if boxes >= 2 and len(found) == 1 else None


def _listed(reader: Reader) -> None:
    """Take items from lists under "approved" and "denied"."""
    for entry in reader.named("approved", "refused"):
        label = reader.flow.text[entry.at : entry.start]
        pieces = re.split(r"\n\s*(?:\d{1,2}[.)]|[-•*])?\s*|; ", reader.flow.text[entry.start : entry.end])
        at = entry.start
        for piece in pieces:
            first = reader.flow.text.index(piece, at) if piece else at
            at = first + len(piece)
            words = re.sub(r"^\s*(?:\d{1,2}[.)]|[-•*])\s*|\s+", " ", piece).strip(" .")
            if reader.vocabulary.recognize(words, service_codes(words)) is None:
                continue
            where = f"item {len(reader.paper.items) + 1} of the decision"
            read = reader.read(words, where, first, at)
            item = reader.item(read, None, None)
            settle(item, reader, label, read)
            reader.paper.items.append(item)


_STANDING = re.compile(
    r"\bif (?:you|the|this|we|it|your)\b|\bmay (?:be|go|ask|request|submit|dispute|appeal)\b|\b(?:30|10|ten|thirty) (?:calendar )?days\b|independent medical review"
    r"|\bany (?:treatment|decision|dispute)|\btreatment that is\b|\bright to\b|\bappeal\b|\bshall\b|guideline (?:does|do)|\bcannot be known\b", re.I,
)
_ASKED = re.compile(r"\b(?:you|doctor|physician|provider|it|request|rfa)\b[^.]{0,60}?\b(?:asked|asks|requested|requests|ordered|submitted a request|seeks|is) for\b|\brequest(?:ed|s|ing)? (?:is |was )?for\b|\brequested\b", re.I)
_LEAD = re.compile(
    r"^(?:\W|(?:and|but|also|the|your|our|a|an|we|that|this|for|of|to|have|has|had|been|is|are|was|were|do|did|not|be|can|could|decided|therefore|however|request(?:ed|s)?|doctor'?s?|physician'?s?"
    r"|provider'?s?|treatment|on|in it|you|asked|by|dr\.?|it|approve|deny|further|following|service[s]?|part of)\b)+", re.I,
)


def _sentences(reader: Reader) -> list[tuple[int, int]]:
    text = re.sub(r"\s", " ", reader.flow.text)
    found, start = [], 0
    for match in re.finditer(r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bno)(?<!\bp)(?<!\bpp)(?<! [A-Z])[.?!](?:\"|\))? +(?=[A-Z0-9\"(])", text):
        found.append((start, match.end()))
        start = match.end()
    return [*found, (start, len(text))]


def _from_sentences(reader: Reader) -> None:
    """Take items from running sentences: those that ask name them, those that decide settle them."""
    text = re.sub(r"\s", " ", reader.flow.text)
    asked: list[tuple[str, int, int]] = []
    decided: list[tuple[PaperItem, list[str], int, int]] = []
    for start, end in _sentences(reader):
        sentence = text[start:end]
        if _STANDING.search(sentence):
            continue
        words = decision_words(sentence)
        ask = _ASKED.search(sentence)
        if ask is not None and not words:
            asked += _services(reader, start + ask.end(), end)
        if not words:
            continue
        for first, last in _clauses(sentence, start):
            clause = text[first:last]
            inside = decision_words(clause)
            names = _services(reader, first, first + inside[0].start) if inside else []
            if not names and inside:
                names = _services(reader, first + inside[0].end, last)
            if not names:
                if decided and inside:
                    decided[-1] = (decided[-1][0], [*decided[-1][1], clause], decided[-1][2], last)
                continue
            for name, a, b in names:
                where = f"item {len(decided) + 1} of the decision"
                decided.append((reader.item(reader.read(name, where, a, b, shown=(start, end)), None, None), [clause], first, last))
    for item, clauses, first, last in _once(decided):
        request = next((each for each in asked if reader.vocabulary.recognize(each[0]) == item.treatment), None)
        if request is not None:
            full = reader.item(reader.read(request[0], item.service.where, request[1], request[2]), None, None)
            item.asked, item.frequency, item.duration = full.asked or item.asked, full.frequency, full.duration
            item.body_part = item.body_part or full.body_part
            item.codes = item.codes or full.codes
        words = "; ".join(clauses)
        settle(item, reader, words, reader.read(words, item.service.where, first, last))
        reader.paper.items.append(item)


def _once(decided: list[tuple[PaperItem, list[str], int, int]]) -> list[tuple[PaperItem, list[str], int, int]]:
    """Return each item once: a letter says first what it decides, and again why."""
    found: dict[object, tuple[PaperItem, list[str], int, int]] = {}
    for each in decided:
        item = each[0]
        key = (item.treatment, str(item.body_part), item.codes.value if item.codes else None)
        same = next((k for k in found if k[0] == key[0] and (k == key or key[1] == "None" or k[1] == "None")), None)  # type: ignore[index]
        if same is None:
            found[key] = each
    return list(found.values())


def _clauses(sentence: str, offset: int) -> list[tuple[int, int]]:
    found, start = [], 0
    for match in re.finditer(r"[;:] |, (?:and|but|while|whereas) (?:the )?(?=.{0,120}?\b(?:is|are|was|were|not|den|approv|certif|defer|modif))", sentence):
        if decision_words(sentence[start : match.start()]) and decision_words(sentence[match.end() :]):
            found.append((offset + start, offset + match.start()))
            start = match.end()
    return [*found, (offset + start, offset + len(sentence))]


def _services(reader: Reader, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the services that a stretch of a sentence names, parted where each part names one."""
    text = re.sub(r"\s", " ", reader.flow.text)[start:end]
    cuts = [0, *(m.end() for m in re.finditer(r",? and (?:for )?|; |, (?:for )?(?=\w+ (?:sessions?|visits?|units?) of )", text)), len(text)]
    pieces: list[list[int]] = []
    for a, b in zip(cuts, cuts[1:], strict=False):
        treatment = reader.vocabulary.recognize(text[a:b], service_codes(text[a:b]))
        if treatment is not None or not pieces:
            pieces.append([a, b])
        else:
            pieces[-1][1] = b
    found = []
    for a, b in pieces:
        words = text[a:b]
        if reader.vocabulary.recognize(words, service_codes(words)) is None:
            continue
        lead = _LEAD.match(words)
        shift = lead.end() if lead else 0
        clean = re.sub(r"(?:,? (?:and(?: for)?|is|are|was|were|has|have|been|be|which))+\W*$|[\s,.;:]+$", "", words[shift:])
        if clean:
            found.append((clean.strip(" ,"), start + a + shift, start + a + shift + len(clean)))
    return found


_DATED = [
    ("received", r"(?:received|reached us|arrived|came in|receipt)(?: by \w+)?(?: on| in this office on)?:? $"),
    ("decided", r"(?:decided|determination (?:was )?(?:made|rendered|issued)|decision (?:was )?(?:made|rendered|issued)|determined|reviewed and decided)(?: on)? $"),
    ("served", r"(?:served|mailed)(?: on)?:? $"),
    ("request", r"(?:(?:request(?: for authorization)?|\bRFA)(?: form)?,?(?: which was| that was| was)?(?: of| dated| signed(?: on)?| from|,| \(?signed)?|\bsigned(?: and dated)?(?: on)?|request of) $"),
]  # fmt: skip


def _dates(reader: Reader) -> None:
    """Take the dates a decision names by labels; those it names in sentences only; and, last, the letter's own."""
    paper, flow = reader.paper, reader.flow
    names = {"decided": "date of the decision", "received": "date of receipt", "request": "date of the request", "served": "date of service"}
    for entry in reader.named("request_and_received"):
        reader.put_date("request", names["request"], entry.start, entry.end)
        reader.put_date("received", names["received"], entry.start, entry.end, 1)
    for name, words in names.items():
        for entry in reader.named(name):
            reader.put_date(name, words, entry.start, min(entry.end, flow.lines[flow.line_at(entry.start)].end))
    flat = re.sub(r"\s", " ", flow.text)
    for match in ANY_DATE.finditer(flat):
        before = flat[max(0, match.start() - 70) : match.start()]
        for name, form in _DATED:
            if name not in paper.dates and re.search(form, before, re.I):
                reader.put_date(name, names[name], *match.span())
                break
    if "decided" not in paper.dates:
        for entry in reader.named("date"):
            reader.put_date("decided", "date of the letter", entry.start, min(entry.end, entry.start + 40))
    if "decided" not in paper.dates and "served" in paper.dates:
        paper.dates["decided"] = [replace(paper.dates["served"][0], where="date the decision was sent")]
    if "decided" not in paper.dates:
        for line in flow.lines[:12]:
            for column in re.finditer(r"[^\t]+", flow.text[line.start : line.end]):
                if ANY_DATE.fullmatch(column[0].strip()):
                    reader.put_date("decided", "date of the letter", line.start + column.start(), line.start + column.end())
                    return


def _cite(reader: Reader, item: PaperItem, start: int, end: int) -> None:
    """Take the guidelines cited between two offsets for an item."""
    before = _last_cited(reader, item)
    for citation, first, last in cited_in(reader.flow.text[start:end], before):
        if not any(each.value == citation for each in item.cited):
            where = f"guideline cited for {item.service.where}"
            item.cited.append(reader.read(citation, where, start + first, start + last))


def _last_cited(reader: Reader, item: PaperItem) -> Citation | None:
    for other in (item, *reversed(reader.paper.items)):
        if other.cited:
            return other.cited[-1].value
    return None


def _citations(reader: Reader) -> None:
    """Take citations from paragraphs of reasons that name an item, by its number or its words."""
    items = [item for item in reader.paper.items if not item.cited]
    if not items:
        return
    if len(reader.paper.items) == 1:
        spans = [(entry.start, entry.end) for entry in reader.named("guideline", "why")] or [(0, len(reader.flow.text))]
        for start, end in spans:
            _cite(reader, items[0], start, end)
        return
    last: Citation | None = None
    for start, end in paragraphs(reader):
        text = re.sub(r"\s", " ", reader.flow.text[start:end])
        found = cited_in(text, last)
        if not found:
            continue
        last = found[-1][0]
        named = [item for item in _concerned(reader, text) if item in items]
        for index, (citation, first, stop) in enumerate(found):
            # "2. and 3a.: MRI, p. 71; Electromyography, p. 84": as many citations as items, each its own
            for item in [named[index]] if len(named) == len(found) > 1 else named:
                if len(found) > 1 and len(named) > 1 and len(named) != len(found):
                    continue
                where = f"guideline cited for {item.service.where}"
                item.cited.append(reader.read(citation, where, start + first, start + stop))


def paragraphs(reader: Reader) -> list[tuple[int, int]]:
    """Return the paragraphs of a paper: parted by wider gaps, headings, and lines that begin with a number."""
    found: list[list[int]] = []
    lines = reader.flow.lines
    gaps = sorted(a.box.middle - b.box.middle for a, b in zip(lines, lines[1:], strict=False) if a.page == b.page)
    usual = gaps[len(gaps) // 4] if gaps else 12.0
    for index, line in enumerate(lines):
        text = reader.flow.text[line.start : line.end]
        before = lines[index - 1] if index else None
        carried = before is not None and before.page != line.page and not reader.flow.text[before.start : before.end].rstrip().endswith((".", ":"))
        same = before is not None and (carried or before.page == line.page and before.box.middle - line.box.middle < 1.25 * max(usual, line.box.height))
        if found and same and not re.match(r"\(?\d{1,2}[a-z]?[.)]\s", text) and not re.fullmatch(r"[A-Z][A-Z /&]+:?", text):
            found[-1][1] = line.end
        else:
            found.append([line.start, line.end])
    return [(start, end) for start, end in found]


def _concerned(reader: Reader, text: str) -> list[PaperItem]:
    """Return the items that a paragraph of reasons is about, by the numbers or the words it begins with."""
    items = reader.paper.items
    head = re.match(r"\W*(?:(?:items?|requests?|no\.?|#) ?)?((?:\(?\d{1,2}[a-z]?[.):]*(?:,? ?(?:and|&) ?|, ?| (?=\d))?)+)", text, re.I)
    if head:
        labels = re.findall(r"\d{1,2}[a-z]?", head[1])
        named = [item for n, item in enumerate(items, 1) for label in labels if label == (item.label or str(n))]
        if named:
            return named
    opening = re.split(r"[.:](?:\s|$)", text, maxsplit=1)[0][:120]
    treatment = reader.vocabulary.recognize(opening)
    if treatment is not None:
        named = [item for item in items if item.treatment == treatment]
        if named:
            return named
        lineage = reader.vocabulary.treatments[treatment].lineage
        return [item for item in items if item.treatment in lineage or (item.treatment and treatment in reader.vocabulary.treatments[item.treatment].lineage)][:1]
    words = set(re.findall(r"[a-z]{5,}", opening.lower()))
    scored = [(len(words & set(re.findall(r"[a-z]{5,}", item.service.value.lower()))), item) for item in items]
    best = max((score for score, _ in scored), default=0)
    return [item for score, item in scored if score == best] if best else []


def _kind_of_review(reader: Reader) -> None:
    found = re.search(r"\b(prospective|concurrent|retrospective)\b", reader.flow.text, re.I)
    if found:
        reader.paper.flags[found[1].lower()] = True
    expedited = re.search(r"\bexpedited (?:review|request)?\b", reader.flow.text, re.I)
    named = [reader.text(entry) for entry in reader.named("kind_of_review")]
    if any(re.search(r"\bexpedited|urgent\b", text, re.I) for text in named) and expedited:
        reader.paper.facts["priority"] = [reader.read("expedited", "kind of review", *expedited.span())]
    elif found:
        reader.paper.facts["priority"] = [reader.read("regular", "kind of review", *found.span())]
    specialty = re.search(r"(?:REVIEWER|reviewer)[^.\n]{0,60}?,? (?:board[- ]certified in |specialty:? )?(?P<s>[a-z][a-z &,-]{4,50}?)(?=,? (?:licen[sc]ed|licen[sc]e|board)|[.;])", reader.flow.text)
    reader.paper.specialty = reader.private.hide(specialty["s"].strip()) if specialty else None
    for entry in reader.named("accepted"):
        said = reader.item(reader.read(reader.text(entry), "accepted body part", entry.start, entry.end), None, None)
        if said.body_part is not None:
            reader.paper.accepted.append(replace(said.service, value=said.body_part))  # type: ignore[type-var]
