"""Guidelines as decisions cite them: document, edition, part, section, pages."""

from __future__ import annotations

import re

from imr_rules.reading.papers.paper import Citation
from imr_rules.words.numbers import numbers_listed

_SCHEDULE = r"(?:California |CA )?(?:MTUS\b|Medical Treatment Utilization Schedule(?: \(MTUS\))?)"
_OTHER = (
    r"(?:ACOEM|American College of Occupational (?:and|&) Environmental Medicine(?: \(ACOEM\))?)\b|Official Disability Guidelines?(?: \(ODG\))?|ODG\b"
    r"|(?:Chronic Pain|Post-?surgical|Acupuncture|Opioids?)(?: Medical)? Treatment Guidelines?|Labor Code\b|8 CCR\b"
)
_START = re.compile(
    rf"\b(?P<same>(?:The )?same (?:guidelines?|document|source|chapter)|Ibid\.?)|\b(?P<named>{_SCHEDULE}|{_OTHER})",
    re.I,
)
_MONTH = r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? )?(?:\d{1,2}, ?)?(?:\d{1,2}/(?:\d{1,2}/)?)?"
_YEAR = re.compile(
    rf" ?\((?:(?:updated|effective|revised|dated|rev\.?) )?{_MONTH}(?P<a>(?:19|20)\d\d)\)|,? (?:(?:updated|effective|revised|dated) )?{_MONTH}(?P<b>(?:19|20)\d\d)\b(?!-)"
)
_PAGES = re.compile(
    r",? ?\(?(?:pages?|pgs?\.?|pp?\.?)(?: no\.?)? ?(?P<pages>\d{1,4}(?:(?: ?(?:-|to|through) ?| ?(?:,|and|&) ?(?:and )?)\d{1,4})*)\)?",
    re.I,
)
_END = re.compile(r"(?<!\bp)(?<!\bpp)(?<!\bpg)(?<!\bpgs)(?<!\bno)(?<!\bed)(?<!\bvs)\.(?=\s|$)")
_CHAPTER = re.compile(
    r"(?:Chapter|Chap\.?|Part) \w+(?:, [A-Z][\w&, ]*?(?=,|$))?|(?:Ankle|Carpal Tunnel|Elbow|Forearm|Head|Hernia|Hip|Knee|Low Back|Mental|Neck|Pain|Pulmonary|Shoulder|Burns|Eye)[\w&, ]*?(?: Complaints| Chapter)?(?=,|$)"
)
GOES_ON = re.compile(
    r"(?:^|,? )(?:which|that|does|do|is|are|was|were|recommends?|states?|allows?|begins?|gives?|says?|supports?|asks?|requires?|calls?|limits?|advises?|suggests?|permits?|notes?|finds?|sets?|puts?|lists?|names?|describes?|covers?)\b"
)
"""Where a sentence goes on behind the guideline that it cites: ", page 8, calls for a trial"."""
_ODG = re.compile(r"Official Disability|ODG\b", re.I)


def cited_in(text: str, before: Citation | None = None) -> list[tuple[Citation, int, int]]:
    """Return the guidelines that a text cites, each with its characters.

    Args:
        text: one paragraph or field.
        before: the citation before it, for "the same guideline".
    """
    found: list[tuple[Citation, int, int]] = []
    flat = re.sub(r"\s", " ", text)
    at = 0
    while (start := _START.search(flat, at)) is not None:
        stop = _END.search(flat, start.end())
        end = stop.start() if stop else len(flat)
        after = _START.search(flat, start.end() + 25, end)
        if after is not None and re.search(r"(?:[;,.] (?:and )?|\band )$", flat[: after.start()]):
            end = after.start()
        last = found[-1][0] if found else before
        begin = start.start()
        head: Citation | None = None
        for piece in re.finditer(r"[^;]+", flat[begin:end]):
            words = piece[0]
            if head is None:
                one = (
                    _first(words, last)
                    if start["same"] is None
                    else _later(
                        re.sub(
                            r"^.*?(?:guidelines?|document|source|chapter|ibid\.?)",
                            "",
                            words,
                            count=1,
                            flags=re.I,
                        ),
                        last,
                    )
                )
            else:
                one = _later(words, head)
            if one is None or (head is not None and not one.pages):
                break
            head = one
            found.append((one, begin + piece.start(), begin + piece.start() + len(words.rstrip(" .,"))))
        at = max(end, start.end())
    return found


def _first(words: str, last: Citation | None) -> Citation | None:
    """Read a citation that names its document."""
    pages = _PAGES.search(words)
    year = _YEAR.search(words, 0, pages.start() if pages else len(words))
    body = words[: pages.start()] if pages else words
    if year is not None:
        close = re.match(r"\)", words[year.end() :])
        document = words[: year.start()] + (")" if close else "")
        rest = body[year.end() + (1 if close else 0) :]
    else:
        document, _, rest = body.partition(",")
        colon = re.match(r"(MTUS Drug (?:List|Formulary))\b", document)
        if colon:
            document, rest = colon[1], ""
    document = re.sub(
        r"(?:the )?(?:California |CA )?Medical Treatment Utilization Schedule(?: \(MTUS\))?,?",
        "MTUS",
        document,
        flags=re.I,
    )
    document = re.sub(r"^the ", "", re.sub(r"\s+", " ", document), flags=re.I).strip(" ,.:-")
    edition = int(year["a"] or year["b"]) if year else None
    if not (pages or edition or rest.strip(" ,.") or "Drug" in document):
        return None
    return _with(Citation(document, edition), rest, pages)


def _later(words: str, last: Citation | None) -> Citation | None:
    """Read a further section or page of the document before."""
    if last is None:
        return None
    pages = _PAGES.search(words)
    return _with(
        Citation(last.document, last.edition, last.part), words[: pages.start()] if pages else words, pages
    )


def _with(one: Citation, rest: str, pages: re.Match[str] | None) -> Citation:
    rest = re.sub(r"^[\s,:;.-]+", "", rest)
    rest = re.sub(r"^(?:sections?|topics?|under|heading)\b[ :]*", "", rest, flags=re.I).strip(" ,;:.()-")
    part = one.part
    chapter = _CHAPTER.match(rest)
    if chapter is not None and (_ODG.match(one.document) or re.match(r"Chap|Part", rest)):
        part = chapter[0].strip(" ,")
        rest = rest[chapter.end() :].strip(" ,;:.")
        rest = re.sub(r"^sections?\b[ :]*", "", rest, flags=re.I)
    if pages is None:
        # without a page the section ends where the sentence goes on
        rest = GOES_ON.split(rest)[0].strip(" ,;:.")
    return Citation(
        one.document, one.edition, part, rest[:300] or None, numbers_listed(pages["pages"]) if pages else ()
    )
