"""Treatments that stand in a table, a row for each: what is asked for, how much of it, and what was decided."""

from __future__ import annotations

import re

from imr_rules.reading.papers.outcome import bare_count, one_of_a_kind, plain_count, settle, unit_of
from imr_rules.reading.papers.paper import PaperItem, Quantity
from imr_rules.reading.papers.reader import POINT, Reader
from imr_rules.reading.papers.reasons import reason_in_cell
from imr_rules.reading.papers.tables import Cell, Table, find_tables, words_of
from imr_rules.reading.papers.values import service_codes
from imr_rules.reading.papers.wording import read_wording

_QTY = r"(?:qty\.?|quantity|amount|number|units?|count|visits|#)"


def _amount(words: str) -> str:
    """Return the form of a heading that some amount stands under: "Approved", "Qty approved", "Approved qty"."""
    return rf"(?:{_QTY} (?:{words})|(?:{words}) {_QTY}(?= *(?:\t|\n|$))|(?:{words}))"


_COLUMNS = {
    "number": r"(?:item |line |request )?(?:#|no\.?|number)|^(?:item|line)$",
    "refused": _amount(
        r"not certified|non-?certified|not approved|not authorized|denied|disputed|in dispute|refused"
    ),
    "icd": r"icd(?:[- ]?(?:9|10))?(?:[- ]cm)?(?:[- ]codes?)?|diagnosis codes?|dx codes?",
    "diagnosis": r"(?:diagnos[ie]s|dx)(?: description)?",
    "service": r"(?:(?:treatment|service|procedure|item|medication|drug)s?(?:(?: ?/ ?| or | and )(?:good|item|service|procedure|medication|treatment)s?)*"
    r"(?: (?:requested|and strength|name|description|under review|in dispute))?|requested (?:service|treatment|procedure|item|medication)s?(?:/(?:good|item)s?)?"
    r"|requests?(?: for authorization)?|(?:request )?description|requested)",
    "approved": _amount(r"certified|approved|authorized|allowed"),
    "asked": _amount(r"requested|asked(?: for)?|billed|submitted"),
    "listed": r"(?:mtus )?drug list(?: status)?|mtus drug|formulary(?: status)?|exempt(?: status)?",
    "decision": r"(?:ur )?(?:determination|decision|outcome|result|disposition|status|finding)",
    "code": r"(?:cpt|hcpcs|cptihcpcs)(?: ?/? ?(?:hcpcs|cpt|ndc))?(?: codes?)?|procedure codes?|codes?|ndc",
    "part": r"body ?parts?|body region|region|side|laterality",
    "strength": r"strength|dose|dosage",
    "directions": r"directions|sig|instructions",
    "refills": r"(?:no\. of |number of )?refills?|rf",
    "per_week": r"(?:(?:visits|times|sessions|frequency) )?(?:per|a|/|x|times) ?(?:week|wk)|(?:visits|times|sessions) ?/ ?(?:week|wk)",
    "weeks": r"(?:(?:number|no\.?|#) of )?(?:weeks|wks)|duration \(?(?:weeks|wks)\)?",
    "other": r"other information|freq(?:uency)?(?:[,/]? ?(?:(?:and|&) )?(?:duration|quantity))+|details",
    "often": r"freq(?:uency)?|how often",
    "long": r"duration|length|how long",
    "quantity": r"quantity|qty\.?|amount|count|(?:(?:number|no\.?|#) of|total)(?: (?:visits|sessions|units|quantity|qty|number))?|(?:visits|sessions|units)(?: ?/ ?(?:visits|sessions|units))?|how many",
    "served": r"dates? of service|dos|service dates?",
    "guideline": r"guidelines?|criteria|basis|reference|citation",
    "why": r"reasons?|rationale|comments?|notes?",
}  # fmt: skip
_AFTER = (
    r"\W*(?:(?:(?:requesting |treating )?(?:physician|provider)(?:'s)? |employee )?signature|(?:electronically )?sign(?:ed|ature)|claims administrator|date:|dwc form"
    r"|(?:clinical|rationale|why|reasons?|records?|summary|history|background|reviewer|notes?:|explanation|page \d)\b(?![^\n]*\t))"
)
"""What begins a line that follows a table."""
_LISTED = {
    "non-exempt": "non_exempt",
    "nonexempt": "non_exempt",
    "exempt": "exempt",
    "unlisted": "unlisted",
    "not listed": "unlisted",
}
_SAME = re.compile(
    r"\W*(?:same(?: as (?:above|row \d|#?\d))?|ditto|as above|see above|do\.?|[\"”'’,]{1,2}|id\.?|idem)\W*",
    re.I,
)
_DECIDES = ("decision", "approved", "refused")
_BESIDE = ("other", "often", "long", "per_week", "weeks")
"""Columns of how much: one for all of it, or one for each part, in any order."""

_OF_BARE = {"per_week": " per week", "weeks": " weeks"}
"""What a bare number of a column is of, by its heading."""


def same_as_above(words: str) -> bool:
    """Whether a field refers to the one above it: "same", ditto marks."""
    return _SAME.fullmatch(words) is not None


def read_rows(reader: Reader) -> None:
    """Take the items of every table of treatments, of a decision those that decide; its lines then hold no labels."""
    for table in find_tables(reader.flow, reader.pages, _COLUMNS, ["service"], _AFTER):
        decides = any(row.get(name) for row in table.rows for name in _DECIDES)
        if decides or reader.paper.kind != "ur":
            reader.tables.append((table.start, table.end))
            _read(reader, table)


def _read(reader: Reader, table: Table) -> None:
    """Take the diagnoses and items of a table's rows; "same" and blanks repeat the row above."""
    above: dict[str, Cell] = {}
    first = len(reader.paper.items)
    for row in table.rows:
        cells = {name: cell for name, cell in row.items() if words_of(cell).strip(" .-_|")}
        if not cells:
            continue
        for name in ("diagnosis", "icd", "service", "code"):
            said = words_of(row.get(name, []))
            if same_as_above(said) or (name == "diagnosis" and name in row and name not in cells):
                # a code left out is no other row's code; a diagnosis left out is that of the row above
                cells[name] = above.get(name, [])
        diagnosis, icd = cells.get("diagnosis", []), cells.get("icd", [])
        if (diagnosis or icd) and (row.get("diagnosis") or row.get("icd")):
            where = f"diagnosis of row {len(reader.paper.items) + 1} of the treatments"
            reader.diagnoses(words_of(diagnosis), words_of(icd), reader.of_cell("", where, diagnosis or icd))
        above |= {name: cell for name, cell in cells.items() if cell}
        service, code = cells.get("service", []), cells.get("code", [])
        other = [word for name in _BESIDE for word in cells.get(name, [])]
        if (
            not re.search(r"[A-Za-z]{3}", words_of(service))
            and not service_codes(words_of(code))
            and not other
        ):
            continue
        for words, beside, numbers in _split(cells):
            _add(reader, cells, words, beside, numbers, first)


def _add(reader: Reader, cells: dict[str, Cell], words: str, beside: str, numbers: str, first: int) -> None:
    """Take the item of one row, or of one line of it."""
    decides = any(name in cells for name in _DECIDES)
    number = len(reader.paper.items) + 1
    where = f"row {number - first} of the decisions" if decides else f"treatment {number}"
    service, code = cells.get("service", []), cells.get("code", [])
    other = [word for name in (*_BESIDE, "quantity") for word in cells.get(name, [])]
    named = [words, *(words_of(cells[name]) for name in ("strength", "part") if name in cells)]
    full = " ".join(each for each in named if each and (each == words or each.lower() not in words.lower()))
    more = reader.of_cell(beside, where, other) if other else None
    codes = reader.of_cell(numbers, where, code) if code else None
    label = words_of(cells.get("number", [])).strip(" .)") or None
    item = reader.item(reader.of_cell(full, where, service or code or other), more, codes, label)
    if not words.strip() and not item.codes:
        item = reader.item(reader.of_cell(beside, where, other), None, codes, label)
    whole = _asked(reader, item, cells, where)
    reader.paper.items.append(item)
    if decides:
        _decided(reader, item, cells, where, whole)


def _decided(reader: Reader, item: PaperItem, cells: dict[str, Cell], where: str, whole: int) -> None:
    counts = {}
    for name, column in (("authorized", "approved"), ("in_dispute", "refused")):
        count = _count(reader, item, words_of(cells[column]), whole) if column in cells else None
        if count is not None:
            counts[name] = count
    told = words_of(cells.get("decision", []))
    marked = [name for name in ("approved", "refused") if _marked(cells.get(name))]
    if not told and len(marked) == 1:
        told = "approved" if marked == ["approved"] else "denied"
    at = next(cells[name] for name in (*_DECIDES, "service") if name in cells)
    beside = words_of(cells.get("why", []))
    settle(item, told, reader.of_cell(told, f"decision, {where}", at), reader.vocabulary, counts, beside)
    status = re.search("|".join(_LISTED), words_of(cells.get("listed", [])), re.I)
    if status is not None and "formulary_status" in reader.vocabulary.facts:
        listed = _LISTED[status[0].lower()]
        item.findings["formulary_status"] = [reader.of_cell(listed, f"drug list, {where}", cells["listed"])]
    for name in ("guideline", "why"):
        if name in cells:
            reader.cite(item, cells[name][0][0], cells[name][-1][1])
    if "why" in cells:
        item.why = reason_in_cell(reader, cells["why"], where)


def _count(reader: Reader, item: PaperItem, words: str, whole: int) -> int | None:
    """Return how much a cell says was approved or refused: a number, or the treatment in words; named alone, all of it."""
    count = plain_count(words)
    if count is not None and not re.search(r"\d ?(?:mg|mcg|%)", words):
        return count * whole
    told = read_wording(words, (), reader.vocabulary)
    amount = told.asked or told.in_dispute
    if amount is not None and amount.value is not None:
        return amount.value * ((told.refills or 0) + 1)
    if told.treatment is None or told.treatment != item.treatment:
        return None
    asked = item.asked or one_of_a_kind(item, reader.vocabulary)
    return asked.value.value if asked is not None else None


def _marked(cell: Cell | None) -> bool:
    return cell is not None and re.fullmatch(r"\W*[xX✓✔☒☑]\W*", words_of(cell)) is not None


def _split(cells: dict[str, Cell]) -> list[tuple[str, str, str]]:
    """Return the words, the amounts and the codes of each item of a row: several where a cell lists them line by line."""
    words, numbers = words_of(cells.get("service", [])), words_of(cells.get("code", []))
    told = [
        words_of(cells[name]) + (_OF_BARE.get(name, "") if words_of(cells[name]).strip().isdigit() else "")
        for name in _BESIDE
        if name in cells
    ]
    quantity = words_of(cells.get("quantity", []))
    if quantity and plain_count(quantity) is None:
        told.append(re.sub(r"^(?=\d)", "quantity ", quantity))
    beside = ", ".join(told)
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


def _asked(reader: Reader, item: PaperItem, cells: dict[str, Cell], where: str) -> int:
    """Take how much a row asks for: of a drug each fill and its refills; of a cream one product.

    Returns:
        What one of the row's column counts: usually one. Where its words ask for "90 days" and the column says 1, the
        column counts the request as a whole, and one of it is 90.
    """
    cell = cells.get("quantity") or cells.get("asked")
    words = words_of(cell) if cell else ""
    count = plain_count(words)
    if cell is None or count is None:
        return 1
    own = item.asked.value.value if item.asked is not None else None
    if count == 1 and own not in (None, 1) and re.fullmatch(r"\W*(?:1|one)\W*", words, re.I):
        return own or 1
    unit = unit_of(item, words, reader.vocabulary)
    fills = (bare_count(words_of(cells.get("refills", []))) or 0) + 1
    if re.search(r"\d ?(?:g|gm|grams?|ml|oz)\b", words, re.I):
        count, unit = 1, "item"
    if own not in (None, count, count * fills):
        item.questions.append(f"{where}: {own} or {count * fills} asked for?")
    item.asked = reader.of_cell(
        Quantity.exactly(count * fills, unit), f"how much, {where}", cell, derived=fills > 1
    )
    return 1
