"""What each side cited, as structured references.

The later letters use a fixed form: ``Decision based on MTUS <document> <year>, Section(s): <sections>, and
<document> <year> ...`` and ``Decision based on Non-MTUS Citation <anything>``. The earlier ones write
``MTUS Chronic Pain Treatment Guidelines Physical Medicine Page(s): 98-99``, and the earliest a sentence:
``the Chronic Pain Medical Treatment Guidelines (2009), page 49, which is part of the MTUS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.reading.letters.text import LetterText, Span


class Citation(Struct, frozen=True):
    """One reference.

    Attributes:
        mtus: whether it is part of the Medical Treatment Utilization Schedule, by its name or the letter's
            word.
        document: the document or collection, without its year.
        chapter: the chapter, where it is named apart from the document.
        edition: the year in the citation.
        sections, pages: as printed, one entry each; a range of pages is one entry.
        text: the citation as printed.
        span: where it stands.
    """

    mtus: bool
    document: str
    chapter: str | None
    edition: int | None
    sections: tuple[str, ...]
    pages: tuple[str, ...]
    text: str
    span: Span

    def to_dict(self) -> dict[str, object]:
        """Return the attributes by name, lists for tuples."""
        return {
            "mtus": self.mtus,
            "document": self.document,
            "chapter": self.chapter,
            "edition": self.edition,
            "sections": list(self.sections),
            "pages": list(self.pages),
            "text": self.text,
            "span": self.span.to_dict(),
        }


class CitedBy(Struct, frozen=True):
    """What one side cited for one item.

    Attributes:
        citations: the references, in order.
        cited_nothing: the letter says that this side cited no evidence.
        outside_mtus: the letter says that it went outside the schedule.
        adopted: the reviewer took over the other side's references; they are then repeated here.
    """

    citations: tuple[Citation, ...] = ()
    cited_nothing: bool = False
    outside_mtus: bool = False
    adopted: bool = False


_NOTHING = re.compile(
    r"did not (?:cite|provide|use|identify) any (?:medical )?(?:evidence|guideline|evidence-based"
    r"|reference|citation)"
    r"|no (?:guidelines?|evidence)[^.]{0,40} (?:was|were) cited",
    re.I,
)
_OUTSIDE = re.compile(r"outside (?:of )?the MTUS|no (?:applicable )?(?:section|portion) of the MTUS", re.I)
_ADOPTED = re.compile(
    r"Reviewer found the (?:guidelines?|references?|sections?)(?: of the MTUS)? (?:used|cited|relied upon)"
    r" by the Claims Administrator (?:to be )?(?:relevant|applicable|appropriate)",
    re.I,
)
_BASED = re.compile(
    r"(?:Decision based on|based (?:its|his/her|their|his|her) decision (?:up)?on|relied (?:up)?on) ?:? ?",
    re.I,
)
_NON_MTUS = re.compile(r"Non-?MTUS(?: Citations?)?:? ?", re.I)
_MTUS = re.compile(
    r"(?:the )?(?:California |CA )?(?:MTUS|Medical Treatment Utilization Schedule)(?: \(MTUS\))?(?:,?"
    r" \(?(?P<year>(?:19|20)\d\d)\)?)?(?: Guidelines)?",
    re.I,
)
_SENTENCE = re.compile(r"\.\s+(?=Decision based|The (?:Expert|Physician|Claims|Medical|provider|employee)|$)")
_PAGES = re.compile(
    r",? ?\(?\b(?:Page\(s\)|pages?|pgs?\.?|pp?\.)(?: ?:)? ?(?P<pages>[A-Z]{0,2}\d{1,4}[\d ,&-]*(?:and"
    r" \d[\d-]*)?)\)?",
    re.I,
)
_SECTIONS = re.compile(r",? ?Sections?(?:\(s\))? ?: ?", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

# The documents of the schedule, by the names letters give them: the chapters of 2004-2007 ("Complaints"), the
# medical treatment guidelines, and the chapters adopted after 2016 ("Disorders").
_SCHEDULE = (
    r"General Approach(?:es)?(?: to Initial Assessment and Documentation)?|Initial Approaches to Treatment"
    r"|Cornerstones of Disability Prevention and Management|Independent Medical Examinations and"
    r" Consultations"
    r"|(?:Neck and Upper Back|Shoulder|Elbow|Forearm, Wrist,? and Hand|Low Back|Knee|Ankle and Foot|Eye)"
    r" Complaints"
    r"|Stress[- ]Related Conditions|Traumatic Brain Injury"
    r"|(?:Cervical and Thoracic Spine|Shoulder|Elbow|Hand, Wrist,? and Forearm|Low Back|Hip and Groin|Knee"
    r"|Ankle and Foot|Eye"
    r"|Interstitial Lung|Depressive|Anxiety|Workplace Mental Health) (?:Disorders|Disease)"
    r"|(?:Acupuncture(?: Medical)?|Chronic Pain(?: Medical)?|Post-?surgical|Opioids?) Treatment(?:"
    r" Guidelines?)?|(?:Chronic Pain|Acupuncture|Post-?surgical)(?: Medical)? Guidelines?|(?:Chronic Pain"
    r"|Opioids)(?= 20\d\d)"
)
_ACOEM = (
    r"(?:(?:the )?American College of Occupational (?:and|&) Environmental Medicine(?:'s)?(?: \(ACOEM\))?"
    r"|ACOEM)"
    r"(?:,? (?:Occupational Medicine )?(?:Practice )?Guidelines)?"
)
_ODG = r"(?:the )?Official Disability Guidelines?(?: \(ODG\))?|ODG(?:[- ]TWC)?"
_NAMED = re.compile(
    rf"(?P<schedule>(?:{_SCHEDULE}))|(?P<acoem>{_ACOEM})|(?P<odg>(?i:{_ODG})(?:(?i: treatment in workers.?"
    rf" comp(?:ensation)?| guidelines?\b))?)"
)
# Chapters of the Official Disability Guidelines.
_ODG_CHAPTER = re.compile(
    r"(?P<chapter>(?:Ankle (?:&|and) Foot|Burns|Carpal Tunnel(?: Syndrome)?|Elbow|Eye|Fitness for Duty"
    r"|Forearm,? Wrist,? (?:&|and) Hand"
    r"|Head|Hernia|Hips? (?:&|and) Pelvis|Knee (?:&|and) Leg|Knee|Low Back(?: ?-? ?Lumbar (?:&|and)"
    r" Thoracic)?|Lumbar (?:&|and) Thoracic"
    r"|Mental Illness (?:&|and) Stress|Neck (?:&|and) Upper Back|Neck|Pain|Preface|Pulmonary|Shoulder)\b)"
    r"(?: ?\((?:[^()]|\([^()]*\)){0,90}\))?(?: (?:chapter|section)s?\b)?(?: ?\((?:updated|online"
    r"|web)[^()]{0,40}\))?",
    re.I,
)
_CHAPTER = re.compile(
    r"\bChapter \d+(?:[,:]? (?=[A-Z])(?:[A-Z][a-z]+,? |and |to |of |& ){0,8}(?:[A-Z][a-z]+))?", re.I
)


def read_citations(letter: LetterText, start: int, end: int, *, bare: bool = False) -> CitedBy:
    """Read what is cited between two offsets: the words behind a side's guideline label.

    Where references stand alone, without "based on" (``bare``), each line and sentence that begins with the
    name of a document is one.
    """
    flat = letter.flat[start:end]
    based = [match for match in _BASED.finditer(flat) if not re.match(r"recommendation", flat[match.end() :])]
    found: list[Citation] = []
    for index, match in enumerate(based):
        stop = based[index + 1].start() if index + 1 < len(based) else len(flat)
        stretch = flat[match.end() : stop]
        sentence = _SENTENCE.search(stretch)
        if sentence is not None:
            stretch = stretch[: sentence.start() + 1]
        found.extend(_references(letter, stretch, start + match.end()))
    if bare and not based:
        for begin, stop in _standing_alone(letter.text[start:end]):
            found.extend(_references(letter, flat[begin:stop], start + begin))
    return CitedBy(
        citations=tuple(found),
        cited_nothing=not found and _NOTHING.search(flat) is not None,
        outside_mtus=_OUTSIDE.search(flat) is not None,
        adopted=_ADOPTED.search(flat) is not None,
    )


_START = re.compile(r"(?:^|\n|(?<=[.;]) )[ -]*(?:\d{1,2}[.)] )?", re.M)


def _standing_alone(text: str) -> Iterator[tuple[int, int]]:
    """Yield where references stand that follow no "based on": from a document's name to the end of its sentence."""
    starts = [
        at.end()
        for at in _START.finditer(text)
        if _MTUS.match(text, at.end()) or _NAMED.match(text, at.end()) or _NON_MTUS.match(text, at.end())
    ]
    for begin, following in zip(starts, [*starts, len(text)][1:], strict=True):
        close = re.compile(r"\.(?=\s+[A-Z\d]|\s*$)").search(text, begin, following)
        yield begin, close.start() if close is not None else following


def _references(letter: LetterText, stretch: str, offset: int) -> list[Citation]:
    """Split what follows one "based on" into references."""
    outside = _NON_MTUS.match(stretch)
    inside = None if outside else _MTUS.match(stretch)
    begin = (outside or inside).end() if (outside or inside) else 0  # type: ignore[union-attr]
    lead = re.match(r"[ ,:;-]*(?:the )?", stretch[begin:])
    begin += lead.end() if lead else 0
    cuts = [begin]
    dated = _SECTIONS.search(stretch) is not None
    for match in _NAMED.finditer(stretch, begin):
        before = stretch[: match.start()]
        if match.start() <= begin or before.count("(") > before.count(")"):
            continue
        if not re.search(r"(?:[,;.] (?:and )?(?:the )?| and (?:the )?)$", before):
            # "... (updated 12/21/16), Manipulation ODG Chiropractic Guidelines": named inside, not a new
            # reference
            continue
        if match["schedule"] and (
            outside or (dated and not re.match(r",? \(?(?:19|20)\d\d", stretch[match.end() :]))
        ):
            continue
        if match["acoem"] and re.search(r"Complaints,? $", before):
            continue
        cuts.append(match.start())
    for match in re.finditer(rf"; (?={_ODG_CHAPTER.pattern})", stretch[begin:], re.I):
        cuts.append(
            begin + match.end()
        )  # "ODG Low Back, Manipulation; Neck, Manipulation": the same collection again
    cuts = sorted(set(cuts))
    found: list[Citation] = []
    for index, cut in enumerate(cuts):
        stop = cuts[index + 1] if index + 1 < len(cuts) else len(stretch)
        words = re.sub(r"[\s,;]*(?:\band)?(?: the)?[\s,;.]*$", "", stretch[cut:stop])
        if not re.search(r"[A-Za-z0-9]", words):
            continue
        # the documents of the schedule are part of it by name, whoever cites them in whatever form
        by_name = outside is None and re.match(_SCHEDULE, words) is not None
        mtus = by_name or (inside is not None and not re.match(_ODG, words))
        if "part of the" in words:
            mtus = re.search(r"not (?:a )?part of the", words) is None
        citation = _citation(
            letter, words, offset + cut, mtus, inside["year"] if inside is not None else None
        )
        if (
            found
            and not mtus
            and (chapter := _ODG_CHAPTER.match(words))
            and re.match(_ODG, found[-1].document)
        ):
            sections = _listed(words[chapter.end() :])
            citation = replace(
                citation, document=found[-1].document, chapter=chapter["chapter"], sections=sections
            )
        found.append(citation)
    return found


def _citation(letter: LetterText, text: str, offset: int, mtus: bool, year_before: str | None) -> Citation:
    body = re.sub(
        r",? ?\(?(?:which (?:is|are) |is )?(?:not )?(?:a )?part of the (?:California )?MTUS\)?", "", text
    ).rstrip(". ")
    pages = tuple(page for match in _PAGES.finditer(body) for page in _pages(match["pages"]))
    body = _PAGES.sub(", ", body).strip(" ,;")
    head, *after = _SECTIONS.split(body, maxsplit=1)
    rest = after[0] if after else ""
    named = _NAMED.match(head)
    chapter: str | None = None
    if named is None:
        document, tail = head, ""
    else:
        document, tail = named[0], head[named.end() :]
    years = _YEAR.findall(tail if named else head)
    edition = int(years[0]) if years else int(year_before) if year_before else None
    if (
        named is not None and named["schedule"]
    ):  # "Low Back Complaints (ACOEM Practice Guidelines, 2nd Edition (2004), Chapter 12)"
        tail = re.sub(rf"{_ACOEM}|,? ?2nd [Ee]d(?:ition|\.)", " ", tail)
    tail = re.sub(
        r"^(?:[\s,:;(]*(?:(?:19|20)\d\d|2nd [Ee]dition|[Cc]urrent [Vv]ersion|Guidelines)\b[)\s,:;]*)+",
        "",
        tail,
    )
    if named is not None and not named["odg"] and (numbered := _CHAPTER.search(tail)):
        chapter = numbered[0]
        tail = tail.replace(chapter, "")
    elif named is not None and named["odg"] and (part := _ODG_CHAPTER.match(tail.strip(" ,:;-"))):
        chapter = part["chapter"]
        tail = tail.strip(" ,:;-")[part.end() :]
    tail = re.sub(r"\((?:[A-Z][a-z]+,? )?(?:19|20)\d\d\)", "", tail)  # "(May 2009)": the edition, read above
    tail = re.sub(r"\([\s,;]*\)", "", tail).strip(" ,:;-./")
    tail = re.sub(r"^Chapters?\b(?! \d)[\s,:;]*", "", tail)
    if tail.startswith("(") and tail.endswith(")"):
        tail = tail[1:-1]
    sections = _listed(rest) if rest else _listed(tail)
    return Citation(
        mtus=mtus,
        document=re.sub(r"^the ", "", document.strip(" ,;:.")),
        chapter=chapter,
        edition=edition,
        sections=sections,
        pages=pages,
        text=text.rstrip(". "),
        span=letter.span(offset, offset + len(text)),
    )


def _pages(written: str) -> list[str]:
    return [page.strip() for page in re.split(r"[,&]|\band\b", written) if page.strip(" -")]


# Section names of the schedule that hold a comma themselves.
_ONE_NAME = re.compile(r"Forearm, Wrist,? (?:&|and) Hand|Neck,? (?:&|and) Upper Back", re.I)


def _listed(words: str) -> tuple[str, ...]:
    """Split a list of section names.

    A comma parts two names only before a capital: "NSAIDs, GI symptoms" stays whole for want of better, but
    "NSAIDs, specific drug list" does. In a numbered list it parts them only before the next number.
    """
    kept = _ONE_NAME.sub(lambda match: match[0].replace(", ", "\x00"), words.strip(" .,;:"))
    if re.match(r"\d+\.", kept):
        parts = re.split(r"[,;]\s+(?=\d+\.)", kept)
    else:
        parts = re.split(r"[,;]\s+(?![^()]*\))(?=[A-Z0-9])(?!GI symptoms)", kept)
    return tuple(
        part.replace("\x00", ", ")
        for part in (part.strip(" .,;:") for part in parts)
        if re.search(r"\w", part)
    )
