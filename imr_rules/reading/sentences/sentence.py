"""Sentences, their clauses, and what kind of thing each sentence says.

Nothing is taken from a sentence that states the conclusion of a review or a synonym of it: a figure read there
would only repeat the outcome. Nor from one that tells what the claims administrator decided, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct


class Sentence(Struct, frozen=True, dict=True):
    """One sentence: where it stands in its text, and its words with line breaks as blanks."""

    start: int
    end: int
    text: str

    @cached_property
    def low(self) -> str:
        """Its words in small letters, each in its place."""
        low = self.text.lower()
        return low if len(low) == len(self.text) else self.text

    @cached_property
    def breaks(self) -> tuple[tuple[int, bool], ...]:
        """Where a new clause begins, and whether with a subject of its own."""
        strong = {match.end(): True for match in _NEW_SUBJECT.finditer(self.low)}
        weak = {match.end(): False for match in _NEW_VERB.finditer(self.low)}
        return tuple(sorted({**weak, **strong}.items()))

    def clause(self, at: int) -> tuple[int, int]:
        """Return the bounds of the clause that a place stands in, whatever subject it has."""
        begin = max((place for place, _ in self.breaks if place <= at), default=0)
        return begin, min((place for place, _ in self.breaks if place > at), default=len(self.text))

    @cached_property
    def concludes(self) -> bool:
        """Whether it states the conclusion, or judges the request against a limit."""
        return _CONCLUDES.search(self.low) is not None and _FACTORS.search(self.low) is None

    @cached_property
    def tells_of_utilization_review(self) -> bool:
        """Whether it tells what the claims administrator or an earlier reviewer decided, or why."""
        return _UTILIZATION_REVIEW.search(self.low) is not None and _SYMPTOM_DENIED.search(self.low) is None

    @cached_property
    def asks(self) -> bool:
        """Whether it tells what was requested."""
        return _ASKS.search(self.low) is not None


_NEW_SUBJECT = re.compile(
    r"^(?:although|though|even though|while|whereas|unlike|despite|of|out of|with)\b[^,]*, |; (?=\w)|\. |(?:,? |^)\b(?:(?<!all )but|however|although|though|whereas|while|nevertheless|except|unlike)\b,? |, yet\b(?! to\b),? "
    r"|, (?:so(?! that\b)|thus|hence|therefore),? (?=\w)|(?: and|, and|, then) (?=(?:he|she|it|they|there|this|the (?:patient|claimant|worker|injured worker|applicant|"
    r"employee|provider|physician|records?|notes?)|(?:six|one|two|three|four|five|ten|\d+) (?:more|further|additional))\b)",
)
_NEW_VERB = re.compile(
    r"(?:,|,? and|,? or|,? then|,? and then) (?=(?:also |then |subsequently |later |now |just |only )?(?:is|was|were|are|has|have"
    r"|had|does|did|do|can|could|will|would|denie[sd]|report(?:s|ed)|states?|stated|remains?|continues?|show(?:s|ed)|attended"
    r"|completed|received|underwent|used|returned|reached|met|feels|felt|wants?|wishes|prefers)\b)"
    r"|(?:,| and|, and) (?=(?:an additional |another |only |just )?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|none) (?:of (?:which|them|these) )?(?:have|has|had|were|was|remain|took)\b)"
    r"| (?=that (?:cannot|can|could|is|are|was|were|has|have|had|would|will)\b)|,? (?=(?:of )?(?:which|who|whom|where)\b)|,? (?=(?:because|given (?:that|it|the)|so that|despite|in spite of|followed by|resulting in|leading to)\b)"
    r"|(?:,|,? and|,? or) (?=(?:no|not|none|neither|never|without)\b)| (?=(?:nor|why)\b)| and (?=an? (?:normal|full|good|intact|unremarkable)\b)| - ",
)

_CONCLUDES = re.compile(
    r"\bexceed|\bsurpass|\bin excess of (?!\w+ (?:\w+ )?(?:visits?|sessions?|treatments?)\b)|\bexcessive\b|\bbeyond (?:the |what )?(?:guideline|recommend"
    r"|mtus|odg|acoem|limit)"
    r"|medical(?:ly)? necess|\bnecessity\b|\b(?:un)?necessary\b|(?<!explains the )(?<!explained the )(?<!explain the )\bneed (?:for|of) (?!(?:(?:the|his|her|any|pain|oral|opioid|prescription|rescue|daily|assistance|help|further|more) )*(?:use|intake|medications?|drugs?|opioids?|narcotics?|pain ?killers?|pills|assistance|help|surgery|norco|tramadol|assistive|crutch|cane)\b)|\bno need\b(?! for\b)|\bwithin"
    r" (?:the )?(?:recommended )?(?:guideline|mtus|odg)"
    r"|\b(?:is|are|was|were|be|been|seem\w*|appear\w*)(?: not| also)?(?: clinically| medically| therefore|"
    r" fully| further)? (?:supported|warranted|indicated(?! that| by| as)|appropriate|justified"
    r"|established|substantiated|reasonable|recommended)\b|\b(?:is|are) (?:not )?certified\b"
    r"|\bnot (?:clinically |medically |fully )?(?:supported|warranted|indicated|appropriate|justified"
    r"|established|substantiated|reasonable|recommended|apparent)\b"
    r"|\bwarrant|\b(?:to|would|does not|do not|not|fails? to) (?:support|justify)\b|\bsupports? (?:the"
    r"|this|ongoing|additional|continued|further) (?:request|use|need|treatment)"
    r"|\b(?:guidelines?|criteria) (?:have been|has been|are|is|was|were) (?:not )?met\b|\bmeets? (?:the "
    r"|published |evidence[- ]based )*(?:guideline|criteria)"
    r"|\b(?:overturn|uphold|upheld|revers(?:e|ing) the)\b|\bnon-? ?certif|\bargued? against\b|\bcontingent"
    r" upon\b",
)
_FACTORS = re.compile(
    r"\b(?:exceptional|extenuating|special) (?:factors?|circumstances?)\b[^.;]{0,20}\b(?:that|which|to)\b"
)
_UTILIZATION_REVIEW = re.compile(
    r"utilization review|\bur\b|\bnon-? ?certif|\bdenial\b"
    r"|\bden(?:y|ied) (?:the (?:request|claim|treatment|\w+ request)|authorization|by|due|because|for|on|as)\b"
    r"|\b(?:request\w*|authorization|was|were|been)\b[^.;,]{0,40}\b(?:previously )?denied\b(?! (?:any|having|that))"
    r"|\b(?:authori[sz]ed|approved) by (?:the )?claims administrator|\bpartially (?:approved|certified)|\bmodified (?:the|a|by|to|for)\b"
    r"|\bprior (?:determination|review(?:er)?)\b|\bprevious(?:ly)? (?:review(?:er|ed)?|deemed|denied)\b"
    r"|\boriginal request\b|\bimr[- ]eligible\b|\brationale for denial\b|\bwas modified (?:to|for|by"
    r"|due)\b|\bnot medically\b",
)
_SYMPTOM_DENIED = re.compile(
    r"\b(?:benefit|relief|improvement|symptoms?|flags?|numbness|tingling|weakness|fever|pain|flare-?ups?)\b[^.;,]{0,40}\b(?:was|were) denied",
)
_ASKS = re.compile(r"\brequest|\brfa\b|\bappeal")

# A full stop that does not end a sentence stands behind one of these.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|vs|e\.g|i\.e|etc|approx|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec|St|Inc|a\.m|p\.m|q\.d"
    r"|b\.i\.d|Fig|al)|\b[A-Z])\.$"
)
_BREAK = re.compile(r"[.?!][\"')\]]*(?: +(?=[A-Z0-9\"'(])|(?=[A-Z][a-z]))")
# A question that the next sentence leaves without an answer: "Has function improved? The notes do not say."
_NO_ANSWER = re.compile(
    r"\? (?:Y|N|Yes|No)\b(?! \w)|\? [^.?!]{0,60}\b(?:not|no|unclear|unknown|silent)\b[^.?!]{0,40}(?:\.|$)"
)
_LONGEST = 2000  # no sentence of a record is this long; what is, is cut, so that no pattern sees more at once


_BOX = r"(?:\[ ?\]|\( \)|[\u2610\u25a1])"
_UNTICKED = re.compile(
    rf"{_BOX} ?[^\[\](){{}}\u2610-\u2612\u25a1;.]*?(?=\s*(?:[\[(\u2610-\u2612\u25a1;.]|\s{{2}}|$))"
)
# Boxes that stand behind their choices: the last one ends the line
_BOXES_BEHIND = re.compile(rf"(?:{_BOX}|[\[(] ?[xX\u2713] ?[\])])\s*$")
_UNTICKED_AHEAD = re.compile(rf"[^\[\](){{}}\u2610-\u2612\u25a1;.:]*{_BOX}")
_TICKED_LINE = re.compile(r"_ ?[xX\u2713] ?_")
_LEFT_BLANK = re.compile(r"[\w/-]+ ?_{2,}(?! ?[xX\u2713])")


def _as_ticked(words: str) -> str:
    """Return the words of a form with every choice blanked that was not ticked, each place as it was.

    >>> _as_ticked("[ ] TTD [X] Modified duty [ ] Full duty")
    '        [X] Modified duty              '
    >>> _as_ticked("TTD [ ] Modified duty [X]")
    '        Modified duty [X]'
    """

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    if "[" in words or "(" in words or not words.isascii():
        words = (_UNTICKED_AHEAD if _BOXES_BEHIND.search(words) else _UNTICKED).sub(blank, words)
    return _LEFT_BLANK.sub(blank, words) if _TICKED_LINE.search(words) else words


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Sentence]:
    """Yield the sentences of a text without line breaks, between two offsets."""
    end = len(text) if end is None else end
    begin = start
    for match in (*_BREAK.finditer(text, start, end), None):
        if match is not None and (
            _ABBREVIATION.search(text, max(begin, match.start() - 7), match.start() + 1)
            or _NO_ANSWER.match(text, match.start())
        ):
            continue
        at = end if match is None else match.end()
        for piece in range(begin, at, _LONGEST):
            words = text[piece : min(piece + _LONGEST, at)]
            blank = len(words) - len(words.lstrip())
            if words.strip():
                yield Sentence(piece + blank, piece + len(words), _as_ticked(words[blank:]))
        begin = at
