"""Whether visits were attended, authorized or asked for, by the words around their count."""

from __future__ import annotations

import re
from functools import lru_cache

from imr_rules.reading.letters.facts import CountOf

__all__ = ["state_of"]

_CUES: list[tuple[CountOf, re.Pattern[str]]] = [
    (
        "requested",
        re.compile(
            r"\brequest\w*|\brecommend\w*|\border(?:ed|s|ing)?\b|\bplan(?:s|ned)?\b|\bpropos\w*|\bseek\w*"
            r"|\bsought\b|\bpending\b|\bschedul\w*|\bRFA\b|\bwould\b|\bwill\b"
            r"|\badditional\b|\bfurther\b|\bremaining\b|\bprescrib\w*|\bprescription\b|\brefer(?:red"
            r"|ral)?\b|\bcontinu\w*|\bto (?:receive|undergo|start|begin|have)\b|\bappeal\w*|\barranged\b"
            r"|\binitiating\b|\bask\w*",
            re.I,
        ),
    ),
    (
        "authorized",
        re.compile(r"\bauthori[sz]ed\b|\bapproved\b|\bcertified\b|\bgranted\b|\bapproval\b", re.I),
    ),
    (
        "attended",
        re.compile(
            r"\bcomplet(?:ed|ing|ion)\b|\bfinish(?:ed|ing)\b|\b(?:treatments?|care|therapy) (?:has |have |had )?consist(?:ed|s|ing) of\b|\battend(?:ed|ing)\b|\breceiv(?:ed|ing)\b|\bunderwent\b"
            r"|\bunder(?:gone|going|go)\b|\bha(?:s|ve|d) (?:also |already |previously |previous |prior "
            r"|only )*had\b|\bhaving had\b"
            r"|\bparticipat\w+|\btreated with\b|\b(?:treatments?|care|therapy|interventions?|diagnostics?"
            r"|evaluations?)(?: and (?:treatments?|diagnostics?|evaluations?|diagnostic testing))?(?: to"
            r" date| rendered| received| history| thus far)*(?:,? ?(?:has|have|had|which))?(?: been)?(?:"
            r" noted to)? ?includ(?:ed?s?|ing)\b"
            r"|\btreatments? (?:to date|rendered|received)\b:?|\b(?:prior|past|previous|relevant)(?:"
            r" relevant)? treatments?\b(?: include[sd]?)?|\bprevious(?:ly)?\b|\bprior\b(?! to)|\bpast\b"
            r"|\btri(?:ed|aled)\b|\btrying\b|\bfail(?:ed|ure of)\b"
            r"|\bprovided\b|\bto date\b|\bafter\b|\bdespite\b|\bfollowing\b(?! treat)|\bstarted\b"
            r"|\bbegan\b|\bbegun\b|\bsince\b|\bin response to\b|\bwith (?:the )?(?:prior|previous)\b"
            r"|\bhelp(?:ed|ful|ing)\b|\bhad\b(?= (?:\w+ ){0,2}(?:\d|one|two|three|four|five|six|seven"
            r"|eight|nine|ten|eleven|twelve))",
            re.I,
        ),
    ),
]
_PLAN = re.compile(
    r"\b(?:treatment )?plan\b(?: of care)?[^.;]{0,30}?\b(?:includ\w+|consist\w+|was|contains?)\b", re.I
)
_BEHIND = re.compile(
    r"^(?:(?!\b(?:but|and|who|which|only)\b)[^.;,]){0,40}?\b(?:(?:was|were|has been|have been|had been|is|are) )?(?P<verb>completed|provided"
    r"|attended|received|authori[sz]ed|approved|certified|requested|ordered|recommended|prescribed|pending"
    r"|planned|to date|noted)\b(?P<then>[^.;]{0,40}?\band (?:were |have been )?(?:completed|attended|used)\b)?",
    re.I,
)
_BEHIND_STATE: list[tuple[CountOf, str]] = [
    ("attended", r"complet|provided|attended|received|to date"),
    ("authorized", r"authori|approved|certified"),
    ("requested", r"request|order|recommend|prescri|pending|planned"),
]


def state_of(text: str, start: int, end: int, middle: str) -> CountOf | None:
    """Return what a count between two offsets counts, by the words around it; ``None`` where none tells."""
    if re.search(r"\b(?:previous|prior|past|completed)\b", middle, re.I):
        return "attended"
    behind = _BEHIND.match(text[end:])
    if behind is not None:
        if behind["then"]:
            return "attended"
        for state, verbs in _BEHIND_STATE:
            if re.match(verbs, behind["verb"], re.I):
                return state
    if re.search(
        r"\b(?:additional|further|remaining|more)\b", text[max(0, start - 14) : start] + middle, re.I
    ):
        return "requested"
    nearest: CountOf | None = None
    for cue_end, state in _cues(text):
        if cue_end > start:
            break
        nearest = state
    return nearest


@lru_cache(maxsize=16)
def _cues(text: str) -> tuple[tuple[int, CountOf], ...]:
    """Return where each cue of a sentence ends, in order; of two that end together, the weaker claim first."""
    ends = [
        (match.end(), 2 - rank, state)
        for rank, (state, cue) in enumerate(_CUES)
        for match in cue.finditer(text)
    ]
    ends += [(match.end(), 3, "requested") for match in _PLAN.finditer(text)]
    return tuple((end, state) for end, _, state in sorted(ends))
