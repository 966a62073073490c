"""A suggestion in one line, never as a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules.rulebook.suggestion import ReviewReason, Suggested

__all__ = ["REVIEW", "headline"]


def headline(suggested: Suggested, silence: bool) -> str:
    """Return a suggestion in words; ``silence`` where every ground is the record's silence."""
    count = len(suggested.grounds)
    words = ("no ground", "one ground", "two grounds", "three grounds", "four grounds", "five grounds")
    number = words[count] if count < len(words) else f"{count} grounds"
    if suggested.suggestion == "uphold":
        if silence:
            return f"The criteria support upholding on absence of documentation alone, on {number}."
        return f"The limits and criteria support upholding, on {number}."
    if suggested.suggestion == "overturn":
        return f"The limits and criteria support overturning, on {number}."
    said = [REVIEW[reason] for reason in suggested.reasons]
    if suggested.unknown_contents:
        titles = dict.fromkeys(
            f"{guideline.title} ({guideline.source.regulation or guideline.source.document})"
            for guideline in suggested.unknown_contents
        )
        said.append(f"See: {'; '.join(titles)}.")
    return " ".join(said)


REVIEW: Mapping[ReviewReason, str] = {
    "record_holds_only_the_denial": "The documents listed hold nothing but the denial and the application: nothing is suggested (8 CCR 9792.10.6(b)(2)).",
    "treatment_not_recognized": "The treatment is not recognized; no guideline was consulted.",
    "edition_not_known": "Neither a date nor the citations tell which edition of the guidelines governs.",
    "edition_not_settled": "The request may fall under more than one edition of the guidelines.",
    "exceptional_factors": "A criterion is not met, and exceptional factors are documented: a physician weighs them.",
    "rebuttal_documented": "A criterion is not met, and a rebuttal is documented: the MTUS is presumed correct, not conclusive.",
    "facts_missing": "Facts are missing that would decide.",
    "principal_needs_review": "The item this one follows needs review first.",
    "criteria_not_known": "A guideline governs whose criteria this rulebook does not know.",
    "nothing_governs": "No guideline of this rulebook has a criterion for this request.",
    "nothing_met": "No criterion speaks for the request, and none against it.",
}
