"""Decisions that stand in a table: a row for each item."""

from __future__ import annotations

import re

from imr_rules.reading.papers.outcome import bare_count, settle, unit_of
from imr_rules.reading.papers.paper import PaperItem, Quantity
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.reasons import reason_in_cell
from imr_rules.reading.papers.tables import Cell, Table, find_tables, words_of

_QTY = r"(?:qty\.?|quantity|amount|number|units?|count|#)"


def _amount(words: str) -> str:
    """Return the form of a heading that some amount stands under: "Approved", "Qty approved", "Approved qty"."""
    return rf"(?:{_QTY} (?:{words})|(?:{words}) {_QTY}(?= *(?:\t|\n|$))|(?:{words}))"


_COLUMNS = {
    "number": r"(?:item |line |request )?(?:#|no\.?|number)|item|line",
    "refused": _amount(r"not certified|non-?certified|not approved|not authorized|denied|disputed"),
    "service": r"(?:(?:treatment|service|procedure|item|medication|drug)s?(?: ?/ ?(?:good|item|service|procedure)s?)?"
    r"(?: (?:requested|and strength|name|description|under review))?|requested (?:treatment|service|procedure|item|medication)s?|requests?(?: for authorization)?|(?:request )?description)",
    "approved": _amount(r"certified|approved|authorized|allowed"),
    "asked": _amount(r"requested|asked(?: for)?|billed|submitted"),
    "listed": r"(?:mtus )?drug list(?: status)?|mtus drug|formulary(?: status)?|exempt(?: status)?",
    "decision": r"(?:ur )?(?:determination|decision|outcome|result|disposition|status|finding)",
    "code": r"(?:cpt|hcpcs)?(?: ?/ ?hcpcs)? ?codes?|cpt(?:/hcpcs)?|hcpcs|ndc",
    "directions": r"directions|sig|instructions",
    "quantity": r"qty\.?|quantity|amount|units|count|frequency(?: ?/ ?duration)?",
    "refills": r"refills?|rf",
    "served": r"dates? of service|dos|service dates?",
    "guideline": r"guidelines?|criteria|basis|reference|citation",
    "why": r"reasons?|rationale|comments?|notes?",
}  # fmt: skip
_AFTER = r"\W*(?:clinical|rationale|why|reasons?|records?|summary|history|background|reviewer|notes?:|explanation|page \d)\b(?![^\n]*\t)"
_LISTED = {
    "non-exempt": "non_exempt",
    "nonexempt": "non_exempt",
    "exempt": "exempt",
    "unlisted": "unlisted",
    "not listed": "unlisted",
}


def read_tables(reader: Reader) -> None:
    """Take the items of every table that decides something; its lines then hold no labels."""
    for table in find_tables(reader.flow, reader.pages, _COLUMNS, ["service"], _AFTER):
        if any(row.get(name) for row in table.rows for name in ("decision", "approved", "refused")):
            reader.tables.append((table.start, table.end))
            _read(reader, table)


def _read(reader: Reader, table: Table) -> None:
    for row in table.rows:
        cells = {name: cell for name, cell in row.items() if words_of(cell).strip(" .-_|")}
        if "service" not in cells or not re.search(r"[A-Za-z]{3}", words_of(cells["service"])):
            continue
        where = f"row {len(reader.paper.items) + 1} of the decisions"
        service = reader.of_cell(words_of(cells["service"]), where, cells["service"])
        code = reader.of_cell(words_of(cells["code"]), where, cells["code"]) if "code" in cells else None
        item = reader.item(service, None, code, words_of(cells.get("number", [])).strip(" .)") or None)
        whole = _asked(reader, item, cells, where)
        counts = {}
        for name, column in (("authorized", "approved"), ("in_dispute", "refused")):
            count = bare_count(words_of(cells[column])) if column in cells else None
            if count is not None:
                counts[name] = count * whole
        told = words_of(cells.get("decision", []))
        marked = [name for name in ("approved", "refused") if _marked(cells.get(name))]
        if not told and len(marked) == 1:
            told = "approved" if marked == ["approved"] else "denied"
        at = next(cells[name] for name in ("decision", "approved", "refused", "service") if name in cells)
        settle(item, told, reader.of_cell(told, f"decision, {where}", at), reader.vocabulary, counts)
        status = re.search("|".join(_LISTED), words_of(cells.get("listed", [])), re.I)
        if status is not None and "formulary_status" in reader.vocabulary.facts:
            listed = _LISTED[status[0].lower()]
            item.findings["formulary_status"] = [
                reader.of_cell(listed, f"drug list, {where}", cells["listed"])
            ]
        for name in ("guideline", "why"):
            if name in cells:
                reader.cite(item, cells[name][0][0], cells[name][-1][1])
        if "why" in cells:
            item.why = reason_in_cell(reader, cells["why"], where)
        reader.paper.items.append(item)


def _marked(cell: Cell | None) -> bool:
    return cell is not None and re.fullmatch(r"\W*[xX✓✔☒☑]\W*", words_of(cell)) is not None


def _asked(reader: Reader, item: PaperItem, cells: dict[str, Cell], where: str) -> int:
    """Take how much a row asks for: of a drug each fill and its refills; of a cream one product.

    Returns:
        What one of the row's column counts: usually one. Where its words ask for "90 days" and the column says 1, the
        column counts the request as a whole, and one of it is 90.
    """
    cell = cells.get("quantity") or cells.get("asked")
    count = bare_count(words_of(cell)) if cell else None
    if cell is None or count is None:
        return 1
    words = words_of(cell)
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
