"""The visit limits a rationale names: evidence of how reviewers practice, never an input to a screening."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from imr_rules.reading.letters.text import LetterText, Span
from imr_rules.reading.sentences import Sentence, SentenceReader, sentences
from imr_rules.words import NUMBER, Amount, number


class Limit(Struct, frozen=True):
    """One limit on visits that a rationale names.

    Attributes:
        visits: the number of visits, exact or a range. over: the time they are spread over.
        kind: ``trial`` (to see whether it works), ``total``, ``maintenance``, or ``None`` where not said.
        condition: the diagnosis the letter ties it to, in a few of its words.
        source: ``MTUS``, ``ODG`` or ``ACOEM``, by the name last mentioned.
        conclusion: it stands in a sentence that judges the request by it.
        span: where it stands.
    """

    visits: Amount
    over: Amount | None
    kind: Literal["trial", "total", "maintenance"] | None
    condition: str | None
    source: str | None
    conclusion: bool
    span: Span

    def to_dict(self) -> dict[str, object]:
        """Return the attributes by name."""
        return {
            "visits": self.visits.to_dict(),
            "over": self.over.to_dict() if self.over is not None else None,
            "kind": self.kind,
            "condition": self.condition,
            "source": self.source,
            "conclusion": self.conclusion,
            "span": self.span.to_dict(),
        }


def find_limits(
    letter: LetterText, start: int, end: int, reader: SentenceReader, *, by_visit: bool
) -> Iterator[Limit]:
    """Yield the limits named between two offsets.

    Where the item is not care counted in visits (``by_visit``), a limit must itself name such care.
    """
    source: str | None = None
    for sentence in sentences(letter.flat, start, end):
        source, found = _limits(letter, sentence, source)
        if found and (by_visit or reader.visit_care(sentence.text)):
            yield from found


_SOURCES = re.compile(
    r"(?P<ODG>\bODG\b|Official Disability)|(?P<ACOEM>\bACOEM\b|Occupational and Environmental)"
    r"|(?P<MTUS>\bMTUS\b|Medical Treatment Utilization|Chronic Pain (?:Medical )?(?:Treatment )?Guidelines"
    r"|Post-?surgical (?:Treatment )?Guidelines)"
)
_RANGE = rf"(?P<low>{NUMBER})(?: ?(?:-|to) ?(?P<high>\d{{1,3}}|[a-z]+))?"
_LIMIT = re.compile(
    rf"(?P<bound>\b(?:up to|at most|maximum of|no more than|not exceed|only|limits? [\w ]{{0,20}}? to)"
    rf" )?(?:an? )?(?:additional )?(?:initial )?(?:total (?:of )?)?{_RANGE}(?:[ -][A-Za-z]+){{0,4}}?["
    rf" -](?:visits?|sessions?|treatments?|visit)\b(?: of (?:[a-z]+ ){{1,3}})?"
    rf"(?:(?: [a-z-]+){{0,4}}? ?(?:over|in|for|within|every|during|,) (?:a period of )?(?:an?"
    rf" )?(?P<tlow>{NUMBER})(?: ?(?:-|to) ?(?P<thigh>\d{{1,3}}))? (?P<unit>weeks?|months?|days?|years?))?",
    re.I,
)
# Words that make a count this worker's own rather than a guideline's.
_OWN = re.compile(
    r"\brequest(?:ed|s)?\b|\badditional\b|\bmore\b|\bauthori[sz]ed\b|\bapproved\b|\bcompleted\b"
    r"|\breceived\b|\bhas had\b"
    r"|\bprevious\b|\bprior\b(?! to)|\bdocumentation (?:indicates|submitted)",
    re.I,
)
_WORKER = re.compile(r"\b(?:patient|claimant|worker|applicant|employee|he|she|IW)\b", re.I)
_NORM = re.compile(
    r"guideline|\bMTUS\b|\bODG\b|\bACOEM\b|recommend|\blimit|\ballow|\bshould\b|\bmaximum\b|\btrial\b"
    r"|\bindicated for\b"
    r"|\bsupported\b|\binitial\b|\bproduce\b|warrant",
    re.I,
)
_NORM_NEARBY = re.compile(
    r"recommend|\bup to\b|\btrial\b|\blimit|\bexceed\b|\binitial\b|\ballow|\bindicated for\b|\bproduce\b",
    re.I,
)
_MOST_VISITS = 120


def _limits(letter: LetterText, sentence: Sentence, source: str | None) -> tuple[str | None, list[Limit]]:
    text = sentence.text
    found: list[Limit] = []
    at = 0
    for match in _LIMIT.finditer(text):
        for named in _SOURCES.finditer(text, at, match.start()):
            source = named.lastgroup
        at = match.start()
        if not _is_limit(sentence, match):
            continue
        try:
            low = number(match["low"])
            high = number(match["high"]) if match["high"] else low
            over_low = number(match["tlow"]) if match["tlow"] else None
            over_high = int(match["thigh"]) if match["thigh"] else over_low
        except ValueError:
            continue
        if low > high or high > _MOST_VISITS:
            continue
        upper_only = match["bound"] is not None and match["high"] is None
        unit = re.sub(r"s$", "", (match["unit"] or "").lower()) or None
        found.append(
            Limit(
                visits=Amount(None if upper_only else low, high, "visit"),
                over=Amount(over_low, over_high, unit) if over_low is not None else None,
                kind=_kind(text, match),
                condition=_condition(text, match.start()),
                source=source,
                conclusion=sentence.concludes,
                span=letter.span(sentence.start + match.start(), sentence.start + match.end()),
            )
        )
    for named in _SOURCES.finditer(text, at):
        source = named.lastgroup
    return source, found


def _is_limit(sentence: Sentence, match: re.Match[str]) -> bool:
    """Tell a limit from a count of what this worker had or asked for, by the clause it stands in."""
    text = sentence.text
    if re.search(r"\bafter (?:the )?$", text[: match.start()]) and "trial" not in match[0]:
        return False  # a point of assessment
    if re.match(
        r" ?(?:per|a|each|every|/) ?(?:week|day|month)|,? (?:are|is) not\b", text[match.end() :], re.I
    ):
        return False  # a frequency; or the request itself
    clause_start = (
        max(text.rfind(mark, 0, match.start()) for mark in (", ", "; ", ": ", " but ", " however ")) + 1
    )
    clause = text[clause_start : match.end()]
    if _OWN.search(clause):
        return False
    if match["tlow"]:
        return _WORKER.search(clause) is None or _NORM.search(clause) is not None
    if sentence.concludes and not (match["bound"] or _NORM_NEARBY.search(clause)):
        return False
    return _NORM.search(text) is not None and _WORKER.search(clause) is None


def _kind(text: str, match: re.Match[str]) -> Literal["trial", "total", "maintenance"] | None:
    near = text[max(0, match.start() - 45) : match.end() + 45]
    if re.search(
        r"\bevery \d|\bflare|\brecurrence|\breturn to work",
        text[max(0, match.start() - 60) : match.end()],
        re.I,
    ):
        return "maintenance"
    if re.search(r"\btrial\b|\binitial|\bproduce (?:functional improvement|effect)", near, re.I):
        return "trial"
    if match["bound"] or re.search(
        r"\btotal\b|\bmaximum\b|\bnot exceed\b|\bup to\b",
        text[max(0, match.start() - 30) : match.start()],
        re.I,
    ):
        return "total"
    return None


def _condition(text: str, start: int) -> str | None:
    """Return the diagnosis that a table row ("Arthritis (ICD9 715): 9 visits") gives the limit to."""
    row = re.search(
        r"(?:^|[;:.\"] |weeks?,? )(?P<name>[A-Z][A-Za-z ,/()'-]{3,90}?) ?(?:\(ICD[^)]*\):?|:) ?(?:Medical"
        r" treatment: |Minor, )?$",
        text[max(0, start - 140) : start],
    )
    if row is not None and not re.search(r"guideline|recommend|\bMTUS\b", row["name"], re.I):
        return row["name"].strip(" ,:(")
    return None
