"""What a sentence claims of the things it names: one table of cues, and how their reaches combine.

"Therapy helped", "denies that therapy helped", "hopes that therapy will help" and "no documentation that therapy
helped" name the same thing and claim four different ones. So before a fact or a count is taken from words, the cues
around them tell its claim: whether it is stated, denied or not documented, or not claimed at all because it is hoped
for, made a condition, left open, lost again, or quoted from a guideline; whose it is; and when it was.

The cues are a table, ``claims.yaml``. Of several that reach the same words the outermost decides, and a denial within
a denial claims nothing.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

from imr_rules.reading.sentences.sentence import Sentence
from imr_rules.reading.sentences.tables import pattern, read_table

Polarity = Literal["stated", "denied", "undocumented", "not claimed"]

_NOT_CLAIMED = frozenset({"hoped", "conditional", "unclear", "guessed", "lost", "quoted"})
# With these before it, what follows is what a record says or does not say.
_RECORD_OF = re.compile(r"(?:evidence|documentation|mention|proof|notation|indication|information)\b")
# A word for this worker or this record ends what a guideline says.
THIS_WORKER = re.compile(
    r"^(?:patient|claimant|applicant|worker|pt)\b(?!s)|\b(?:the|this|her|his|our) (?:patient|claimant|injured worker|applicant|employee|worker|individual)(?!s)\b|\biw\b|\bs?he\b"
    r"|\bin this case\b|\bhere\b|\bmedical records (?:provided )?(?:reveal|show|indicate)"
    r"|\bthe (?:[\w-]+ ){0,2}(?:documentation|records?|notes|reports?|file|provider|physician|therapist)\b(?! of)"
    r"|\bthere (?:is|was|are|were|has been|have been) (?:no|a lack|lack|insufficient|not)\b"
)
# The sentence comes back to the worker from somebody else.
_BACK_TO_WORKER = re.compile(
    r"(?:;|\b(?:but|while|whereas|however)\b).*\bs?he\b"
    r"|(?<!of )\bthe (?:patient|claimant|injured worker|applicant|worker|employee)\b(?!')"
)


class Claim(Struct, frozen=True):
    """What a sentence claims of words in it.

    Attributes:
        polarity: ``not claimed`` where it is hoped for, a condition, left open, lost again or quoted.
        of_worker: false where it is another person's.
        earlier: it was before the injury, or for another one.
        partly: not in full. briefly: for a short time only.
        why: the cue that leaves it not claimed.
    """

    polarity: Polarity
    of_worker: bool
    earlier: bool
    partly: bool
    briefly: bool
    why: str | None

    @property
    def counts(self) -> bool:
        """Whether it is this worker's, of this injury, and claimed at all."""
        return self.of_worker and not self.earlier and self.polarity != "not claimed"


class _Hit(NamedTuple):
    """A cue with its place in a sentence."""

    start: int
    end: int
    says: str
    reach: str


@cache
def _cues() -> list[tuple[str, str, re.Pattern[str]]]:
    table = read_table("claims.yaml")
    return [(cue["says"], cue["reach"], pattern(cue["words"], table["parts"])) for cue in table["cues"]]


@lru_cache(maxsize=64)
def _hits(sentence: Sentence) -> tuple[_Hit, ...]:
    """Return every cue of a sentence; words that only look like one cover what they look like."""
    found: list[_Hit] = []
    for says, reach, words in _cues():
        covers = ("nothing", "denied") if says == "hoped" else ("nothing",)
        for match in words.finditer(sentence.low):
            start, end = match.span()
            if not any(hit.says in covers and hit.start < end and start < hit.end for hit in found):
                found.append(_Hit(start, end, says, reach))
    return tuple(sorted(hit for hit in found if hit.says != "nothing"))


def _reaches(sentence: Sentence, hit: _Hit, start: int, end: int) -> bool:
    """Whether a cue speaks of the words between two places."""
    if hit.reach == "sentence":
        return True
    if hit.start < end and start < hit.end:
        if hit.says == "denied":
            return hit.reach == "forward" or hit.end > end
        leads_in = hit.start < start and hit.reach in ("forward", "onward")  # "can help"
        return hit.says in ("partly", "briefly", "recorded") or (hit.says in _NOT_CLAIMED and leads_in)
    before = hit.end <= start
    if hit.says == "quoted":
        words = sentence.low[hit.end : start] if before else sentence.low[:start]
        return THIS_WORKER.search(words) is None
    if (before and hit.reach == "back") or (not before and hit.reach in ("forward", "onward")):
        return False
    near, far = (
        (hit.start, start)
        if before
        else (end - 1 if hit.says in ("denied", "recorded") else start, hit.start)
    )
    if hit.says == "someone else":
        return _BACK_TO_WORKER.search(sentence.low, near, far) is None
    across = hit.reach in ("onward", "segment")
    return not any(
        near < place <= far and (own_subject or not across) for place, own_subject in sentence.breaks
    )


def claim(sentence: Sentence, start: int, end: int, *, within: bool = True) -> Claim:
    """Return what a sentence claims of its words between two places; cues ``within`` them count, too, or do not."""
    reaching = [
        hit
        for hit in _hits(sentence)
        if _reaches(sentence, hit, start, end) and (within or hit.end <= start or end <= hit.start)
    ]
    says = {hit.says for hit in reaching}
    denials = _apart([hit for hit in reaching if hit.says == "denied"])
    records = [hit for hit in reaching if hit.says == "recorded"]
    silent = any(
        denial.end <= record.end or (denial.reach == "back" and _RECORD_OF.match(sentence.low, record.start))
        for denial in denials
        for record in records
    )
    unclaimed = [hit for hit in reaching if hit.says in _NOT_CLAIMED]
    # "whether it helped is not documented" is silence, and so is "no documentation of the gains expected"
    only_silent = silent and (
        all(hit.says == "unclear" for hit in unclaimed)
        or (denials[0] < unclaimed[0] and unclaimed[0].reach != "sentence")
    )
    polarity: Polarity = "stated"
    if (unclaimed and not only_silent) or len(denials) > 1:
        polarity = "not claimed"
    elif denials:
        polarity = "undocumented" if silent else "denied"
    return Claim(
        polarity,
        of_worker="someone else" not in says,
        earlier="earlier" in says,
        partly="partly" in says,
        briefly="briefly" in says,
        why=unclaimed[0].says if unclaimed else None,
    )


def _apart(hits: list[_Hit]) -> list[_Hit]:
    """Return denials once where two cues tell of one: "did not" reaches back and "not" forward."""
    found: list[_Hit] = []
    for hit in hits:
        if found and hit.start < found[-1].end:
            found[-1] = found[-1]._replace(end=max(hit.end, found[-1].end))
        else:
            found.append(hit)
    return found
