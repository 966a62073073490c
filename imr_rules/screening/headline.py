"""A suggestion in one line, never as a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules._dates import days_in_words
from imr_rules.rulebook.dictionary import Law
from imr_rules.rulebook.suggestion import Lean, RestsOn, ReviewReason, Suggested


def headline(suggested: Suggested, silence: bool, may_govern: int, law: Law) -> str:
    """Return a suggestion in words.

    Args:
        suggested: the suggestion.
        silence: whether every ground is the record's silence.
        may_govern: how many guidelines of unknown contents may govern, by what is known so far.
        law: what the rulebook's law says.
    """
    number = _grounds(len(suggested.grounds))
    if suggested.suggestion == "uphold":
        if silence:
            return f"The criteria support upholding on absence of documentation alone, on {number}."
        return f"The limits and criteria support upholding, on {number}."
    if suggested.suggestion == "overturn":
        return f"The criteria support overturning, on {number}; no limit stands against it."
    said = [REVIEW[reason] for reason in suggested.reasons]
    if may_govern and suggested.reasons == ("nothing_governs",):
        said = [
            "Which guideline governs is not settled: it turns on the body part and the condition. "
            + (
                "One guideline may, and this rulebook does not hold its text."
                if may_govern == 1
                else f"{may_govern} guidelines may, and this rulebook holds the text of none."
            )
        ]
    if "record_holds_only_the_denial" in suggested.reasons and law.denial_alone:
        said[0] = f"{said[0].rstrip('.')} ({law.denial_alone})."
    if suggested.unknown_contents:
        titles = dict.fromkeys(
            f"{days_in_words(guideline.title)} ({guideline.source.regulation or guideline.source.document})"
            for guideline in suggested.unknown_contents
        )
        said.append(f"Look it up: {'; '.join(titles)}.")
    return " ".join(said)


def lean_headline(lean: Lean) -> str:
    """Return in words which way an item under review leans, weaker than any suggestion."""
    way = "upholding" if lean.suggestion == "uphold" else "overturning"
    why = "; ".join(_RESTS[each] for each in lean.rests_on)
    return f"Leans toward {way}, on {_grounds(len(lean.grounds))}: {why}."


def _grounds(count: int) -> str:
    words = ("no ground", "one ground", "two grounds", "three grounds", "four grounds", "five grounds")
    return words[count] if count < len(words) else f"{count} grounds"


_RESTS: Mapping[RestsOn, str] = {
    "silence": "nothing read so far shows what the criteria ask for, and not all of the record was read",
    "practice": "reviewers reason so, and no guideline in force says it",
    "adapted": "another edition or another state's adaptation of the guideline says so, and the text in force was not read",
}

REVIEW: Mapping[ReviewReason, str] = {
    "record_holds_only_the_denial": "The documents listed hold nothing but the denial and the application: nothing is suggested.",
    "treatment_not_recognized": "The treatment is not recognized; no guideline was consulted.",
    "edition_not_known": "Neither a date nor the citations tell which edition of the guidelines governs.",
    "edition_not_settled": "The request may fall under more than one edition of the guidelines.",
    "contradiction": "The case contradicts itself in what every answer turns on.",
    "exceptional_factors": "A criterion is not met, and exceptional factors are documented: a physician weighs them.",
    "rebuttal_documented": "A criterion is not met, and a rebuttal is documented: a guideline is presumed correct, not conclusive.",
    "facts_missing": "Facts are missing that would decide.",
    "principal_needs_review": "The item this one follows needs review first.",
    "criteria_not_known": "The guideline that governs is one whose text this rulebook does not hold.",
    "nothing_governs": "No guideline of this rulebook has a criterion for this request.",
    "no_indication": "No limit is broken, and no stated fact shows what the treatment is for.",
    "practice_against": "Guideline text supports the request; reviewers' practice, or an adapted guideline, speaks against it.",
}
