"""What keeps a rulebook from loading: the findings that loading itself makes, by code."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint


def _check(code: str, book: Book) -> Iterator[Finding]:
    return (each for each in book.load_findings if each.code == code)


_SUMMARIES = {
    # the file
    "cannot-read": "A file of the rulebook that cannot be read, or is not there.",
    "is-directory": "A directory where a file belongs.",
    "too-large": "A file larger than any guideline.",
    "not-text": "A file that is not UTF-8 text.",
    "control-character": "A control character.",
    # YAML
    "not-yaml": "A file that is not YAML.",
    "empty": "A file, list or text with nothing in it.",
    "alias": "An anchor or alias.",
    "tag": "A YAML tag.",
    "too-deep": "Nesting deeper than any guideline.",
    "bad-key": "A key that is not plain text.",
    "duplicate-key": "A key given twice.",
    # the shape
    "unknown-key": "A key that does not belong where it stands.",
    "missing-key": "A key that is needed.",
    "wrong-type": "A value of another type: text for a number, one thing for a list.",
    "wrong-form": "A value that is not written the way it must be.",
    "not-a-choice": "A word that is none of those allowed.",
    "out-of-range": "A number outside its range.",
    "too-long": "A text or list that is too long.",
    "not-valid": "Parts of a file that do not go together.",
    # names
    "unknown-fact": "A fact that the dictionary does not declare.",
    "unknown-limit": "A limit that the guideline does not have.",
    "limit": "A limit of several numbers, without which one is meant.",
    "unknown-tier": "A tier that the search sequence does not have.",
    "unknown-source": "A source that the bibliography does not have.",
    "unknown-citation": "A shared citation that nobody declared.",
    "unknown-treatment": "A treatment that the vocabulary does not have.",
    "unknown-guideline": "A guideline that the rulebook does not have.",
    "unknown-instrument": "A scale that the rulebook does not have.",
    "duplicate-guideline": "Two guidelines of one id.",
    "duplicate-criterion": "Two criteria of one id.",
    "duplicate-fact": "A fact that the engine works out.",
    "declared-twice": "A name that a layer declares and what lies below it declares too.",
    "other-rulebook": "A layer over another rulebook than the one it names.",
    "reserved": "A name that means something else.",
    # expressions and reasons
    "expression": "A condition that cannot be read.",
    "type": "A comparison of things that do not compare.",
    "unit": "A comparison of two units.",
    "constant": "A criterion that asks for no fact.",
    "placeholder": "A placeholder in a reason that names nothing.",
    # citations
    "no-citation": "A criterion, or the bands of a scale, without a citation.",
    "no-status": "A limit that does not say how it is known.",
    "two-citations": "A criterion that is carried by its guideline and by something else.",
    "one-determination": "One determination, called practice.",
    "not-practice": "A practice that cites something else than determinations.",
    # the whole
    "overlapping-editions": "Two editions that govern the same requests.",
    "circle": "A treatment that lies within itself.",
    "words": "Words of a treatment that no request could be matched with.",
    "bands": "Bands of a scale that leave a gap or overlap.",
}

LOAD_ERRORS = tuple(
    Lint(code, summary, partial(_check, code), level="error", reads_text=True)
    for code, summary in _SUMMARIES.items()
)
