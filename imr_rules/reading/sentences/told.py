"""A sentence ready to be read: its treatments found, their names replaced by signs, its places counted in the text."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from imr_rules.reading.sentences.claims import THIS_WORKER
from imr_rules.reading.sentences.mentions import MEDICATION, Mention, signed
from imr_rules.reading.sentences.sentence import Sentence
from imr_rules.reading.sentences.statement import Section, Statement
from imr_rules.words.body_parts import BodyPart, find_body_parts

# What ties an effect to the care behind it: "relief from", "improvement in pain with the last six visits of".
_LINK = re.compile(
    r"(?:[^.;,]|, (?=(?:an?|the|or|and)\b)){0,80}?\b(?:with|from|to|on|after|of|by|in|following|using|through|during|despite|for|since)\b[^.;,]{0,40}(?:, [\w ]{0,25}){0,2}"
)
_LISTED = re.compile(r",? ?(?:\w+,? ){0,2}(?:and|or|nor|/) ?(?:\w+ )?|, (?:\w+ )?")
_TAKEN = re.compile(r" (?:profile|use|usage|intake|consumption|requirements?)\b")
# "Medication" by itself is behind an effect only where it is tied to it outright: no "decrease in medication".
_BY_DRUGS = re.compile(r" (?:with|from|on|by)(?: the| his| her| pain| current| these)* ")

_PARTICULAR = re.compile(
    r"\b(?:has|have|had|was|were|did)\b|\b(?:helped|improved|reported|completed|received|attended|seen|remaining|demonstrated|provided|gave|showed|noted|documented|increased"
    r"|decreased|reduced|relieved|benefited|resulted|produced|led|felt|yielded|recent|allowed|failed|denied|underwent|went|progressed|revealed|performed|done|given|administered|recorded|taken)\b(?! by [a-z]| to the\b)|\bto date\b|\bnow\b|\bthe same\b|\bunchanged\b|\bdespite\b|\bgone\b|\bcould not\b|\beasier\b|\bagain\b|\btoday\b|\bstill\b|\bcurrent(?:ly)?\b|\bfrom \d|\d{1,2}[/-]\d{1,2}[/-]\d{2}|\b(?:over|during) the (?:last|past)\b|\b(?:visit|session|treatment) #?\d|\b(?:visits|sessions)(?: \w+){0,2} ?[:=] ?\d|\bpresent (?:medications?|regimen)\b|\bprior\b(?! to)|\bprevious|\b(?:medications?|regimen)(?::| includ)",
    re.I,
)


_PERSONAL = re.compile(r"\b(?:his|her|him|my|me|pt)\b")  # where therapy has its sign, "pt" is the patient

# "Cut back on", "returned back to", "on the other hand": no parts of the body.
_NO_PART = re.compile(
    r"\b(?:cut|c[ao]me|go|goes|went|gone|g[eo]t|f[ae]ll|is|was|are|been|scaled?|held|returned) back\b|\bback (?:to|at|down)\b|\bback (?:seat|pocket|yard|door|pack)\b|\bother hand\b|\bat hand\b",
    re.I,
)


class Told:
    """A sentence with what it names.

    Attributes:
        sentence: the sentence.
        mentions: the treatments it names, in order.
        signed: its words with a sign for each of them.
        section: the part of the paper it stands in.
        injured: the day of injury, as far as it is known; care before it is not of this injury.
    """

    def __init__(
        self, sentence: Sentence, mentions: list[Mention], section: Section, injured: str | None
    ) -> None:
        self.sentence, self.mentions, self.section, self.injured = sentence, mentions, section, injured
        self.signed = signed(sentence.low, mentions)

    @cached_property
    def parts(self) -> tuple[BodyPart, ...]:
        """The parts of the body the sentence names."""
        return find_body_parts(_NO_PART.sub(lambda match: "_" * len(match[0]), self.sentence.text))

    @cached_property
    def general(self) -> bool:
        """Whether a sentence of a review's reasons may tell of treatments in general: of no worker, and of no past."""
        if not self.of_item or _PERSONAL.search(self.signed):
            return False
        return not any(words.search(self.sentence.low) for words in (_PARTICULAR, THIS_WORKER))

    @property
    def of_item(self) -> bool:
        """Whether it stands in the reasons for one item, and so speaks of that item where it names no care."""
        return self.section == "rationale"

    @property
    def of_request(self) -> bool:
        """Whether visits of no named care are of the request: in the reasons for an item, and in a summary."""
        return self.section in ("rationale", "summary")

    def parts_of_clause(self, at: int) -> tuple[BodyPart, ...]:
        """Return the parts of the body named in the clause of a place."""
        if not self.parts:
            return ()
        begin, end = self.sentence.clause(at)
        return tuple(part for part in self.parts if begin <= part.start < end)

    def care_of(self, start: int, end: int, signs: str = "τδ") -> str | None:
        """Return the care or drug that what stands between two places is said of."""
        begin, stop = self.sentence.clause(start)
        own = [each for each in self.mentions if each.sign in signs and not self._only_taken(each)]
        here = [mention for mention in own if begin <= mention.start < max(stop, end)]
        behind = [
            mention
            for mention in here
            if mention.start >= end
            and (_BY_DRUGS if mention.name == MEDICATION else _LINK).fullmatch(
                self.signed[end : mention.start]
            )
        ]
        before = [mention for mention in here if mention.start < end]
        if behind and not before:
            return behind[0].name
        if before:
            return before[-1].name if not behind or before[-1].sign == "τ" else behind[0].name
        past = [mention for mention in own if mention.end <= begin]
        return past[-1].name if past else None

    def _only_taken(self, mention: Mention) -> bool:
        """Whether "medication" is only what is taken less or more: "medication use", not what an effect is of."""
        return mention.name == MEDICATION and _TAKEN.match(self.signed, mention.end) is not None

    def listed_with(self, treatment: str | None, start: int, end: int) -> list[str]:
        """Return the cares and drugs in one list with the one that what stands between two places is said of."""
        begin, stop = self.sentence.clause(start)
        own = [each for each in self.mentions if each.sign in "τδ" and begin <= each.start < max(stop, end)]
        lists: list[list[Mention]] = []
        for each in own:
            if lists and _LISTED.fullmatch(self.signed, lists[-1][-1].end, each.start):
                lists[-1].append(each)
            else:
                lists.append([each])
        return [each.name for one in lists if treatment in {other.name for other in one} for each in one]

    def statement(self, fact: str, start: int, end: int, method: str, **more: Any) -> Statement:
        """Return a statement with its place, by offsets into the sentence."""
        text = self.sentence.text
        while start < end and text[start] == " ":
            start += 1
        while end > start and text[end - 1] == " ":
            end -= 1
        first = self.sentence.start
        return Statement(
            fact, first + start, first + end, (first, self.sentence.end), method, section=self.section, **more
        )
