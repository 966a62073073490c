"""Which paper a page begins, and where a file that holds several is cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from imr_rules.reading.papers.page import Flow, Page
from imr_rules.reading.papers.paper import PaperKind
from imr_rules.reading.papers.wording import decision_words
from imr_rules.words.dates import DATE, read_date

# A title stands on a line of its own in the upper part of a page; named in a sentence it begins nothing.
_TITLES: list[tuple[PaperKind, str]] = [
    ("determination", r"(?:notice of )?(?:imr|independent medical review) (?:final )?determination(?: letter)?|final determination letter.*|independent medical review final determination.*"),
    ("imr-application", r"(?:.*\b)?application for independent medical review.*|(?:dwc )?form imr(?:-1)?\b.*|imr application.*"),
    ("rfa", r"(?:.*\b)?request for authorization(?: (?:for|of) (?:medical )?(?:treatment|services?))?(?: \(?(?:dwc )?(?:form )?rfa\)?)?(?: \([a-z ]{3,30}\)?)?|(?:.*\b)?dwc (?:form )?rfa\b.*|(?:treatment )?authorization request|narrative request for authorization.*"),
    ("ur", r"(?:.*\b)?(?:utilization|peer|retrospective|medication|pharmacy|clinical|prior authorization|drug|treatment|medical) (?:utilization )?(?:review|authorization|request)\b.{0,12}"
     r"(?:determinations?|decisions?|notice|notification|letter|report|response|results?|denial|form|memo(?:randum)?|summary)?.{0,30}"
     r"|(?:.*\b)?(?:notice|notification|letter|explanation) of (?:.{0,30}\b)?(?:determination|decision|denial|modification|(?:non-?)?certification|deferral|delay|authorization).{0,30}"
     r"|(?:.*\b)?(?:adverse|partial|non-?certification|denial|modification|deferral) (?:determination|notice|letter|decision).{0,30}|decision on (?:your|the) (?:doctor'?s? )?request.{0,40}"
     r"|(?:.*\b)?about (?:your|the) (?:doctor'?s? |medical )?(?:request|treatment).{0,30}|ur (?:determination|decision|memo).*"),
    ("other", r"(?:declaration|proof|certificate) of service.*|notice of (?:language|rights|privacy).*|fax cover.*|glossary.*|facsimile.*"),
    ("record", r"(?:.*\b)?(?:pr-?2|primary treating physician'?s? progress report|progress (?:report|note)s?|(?:initial |follow-?up |final )?(?:[a-z]+ )?(?:consultation|evaluation|visit|encounter) (?:report|note)s?|(?:[a-z]+ )?consultation"
     r"|(?:physical |occupational |psychotherapy |acupuncture |chiropractic )?(?:therapy|treatment|daily|discharge|soap|chart|clinic) (?:daily )?(?:notes?|summary|report)|operative report|(?:mri|x-?ray|radiology|imaging|emg|electrodiagnostic).{0,30}report"
     r"|history and physical(?: examination)?|first report.*|doctor'?s first report.*|medical[- ]legal.*|(?:agreed|qualified) medical (?:evaluation|examination).*)"),
]  # fmt: skip
_ADDRESSED = re.compile(
    r"(?:attn|attention|to|cc|from|via|fax(?:ed)?(?: to)?)\b ?[.:].*|.*\b(?:department|dept|unit|team|nurse|coordinator|desk)",
    re.I,
)
"""A line that says whom a paper goes to or comes from, and no title: "Attn: Utilization Review"."""
_FORMS = [(kind, re.compile(form, re.I)) for kind, form in _TITLES]


class Part(Struct, frozen=True):
    """The pages of one paper within a file."""

    kind: PaperKind
    pages: tuple[Page, ...]


def title_of(page: Page) -> tuple[PaperKind, str] | None:
    """Return the kind of paper that a page begins, and its title in the upper part; None where it begins none."""
    for line in page.lines:
        if line[0].box.middle < 0.62 * page.height:
            break
        for column in Flow.of([(page, [line])]).text.strip().split("\t"):
            words = re.sub(r"^\W+|\W+$", "", column)
            if not 3 <= len(words) <= 90 or (
                column.rstrip().endswith((".", ",", ";")) and words.upper() != words
            ):
                continue
            if re.search(
                r"continuation|continued|page [2-9]|(?:attachment|addendum|supplement) to|additional (?:items|services|treatments|requests|sheet|page)",
                words,
                re.I,
            ) or _ADDRESSED.fullmatch(words):
                continue
            for kind, form in _FORMS:
                if form.fullmatch(words) and not re.search(
                    r"\b(?:see|attach|enclosed|send|with|your copy)\b", words, re.I
                ):
                    return kind, words
    return None


def by_content(pages: Sequence[Page]) -> PaperKind:
    """Return the kind of a paper without a title, by what its words do."""
    text = Flow.of((page, page.lines) for page in pages).text
    flat = re.sub(r"\s+", " ", text)
    asks = re.search(
        r"\b(?:I|we|this office) (?:am |are |is |hereby |would like to )*(?:request|ask|seek)\w*\b.{0,60}authori[sz]ation|request(?:ing)? (?:for )?authorization (?:for|of)",
        flat,
        re.I,
    )
    reviews = re.search(
        r"utilization review|physician (?:has )?review(?:ed|er)|reviewer|claims administrator|your request for authorization|your (?:doctor|physician)",
        flat,
        re.I,
    )
    decides = [word for word in decision_words(flat) if word.decision != "approved"] or len(
        decision_words(flat)
    ) > 1
    if (
        reviews
        and decides
        and not (asks and not re.search(r"you asked|your request|your doctor", flat, re.I))
    ):
        return "ur"
    return "rfa" if asks else "record"


def cut(pages: Sequence[Page]) -> list[Part]:
    """Cut a file into its papers: one begins at each page with a title; a page without goes on with the one before.

    A record that has its title on every page goes on until a page gives another title or another day of service.
    """
    parts: list[tuple[PaperKind | None, list[Page]]] = []
    record: tuple[str, str | None] = "", None  # the title and the day of the record that goes on
    for page in pages:
        kind, title = (title_of(page) if page.words else None) or (None, "")
        own_day = _day_of_service(page) if kind == "record" else None
        again = (
            parts
            and kind == parts[-1][0]
            and (own_day is None or (title, own_day) == record if kind == "record" else _carries_on(page))
        )
        if not parts or (kind is not None and not again):
            parts.append((kind, [page]))
            record = title, own_day
        else:
            parts[-1][1].append(page)
    return [Part(kind or by_content(own), tuple(own)) for kind, own in parts]


def _day_of_service(page: Page) -> str | None:
    """Return the day that a page with the title of a record gives as its own."""
    text = Flow.of([(page, page.lines)]).text
    found = DAY_OF_SERVICE.search(text, 0, 1500)
    day = re.match(DATE, text[found.end() :].lstrip()) if found else None
    return read_date(day[0]) if day else None


DAY_OF_SERVICE = re.compile(
    r"(?:date of (?:the )?(?:exam(?:ination)?|service|visit|report|consultation|evaluation|surgery|operation|procedure|study|encounter|treatment)"
    r"|(?:exam(?:ination)?|visit|service|report|study|encounter|treatment|surgery) date|d\.?o\.?s\.?|date seen|dated?) ?[:\t] ?",
    re.I,
)
"""The label of the day a record is of."""


def _carries_on(page: Page) -> bool:
    text = Flow.of([(page, page.lines)]).text
    return re.search(r"continuation|continued|\bpage [2-9]\d? of \d|\bP\. ?0*[2-9]", text, re.I) is not None
