"""What came of treatment, and what the record lacks: the same words in the summary and in the rationale."""

from __future__ import annotations

import re

from imr_rules.reading.letters.disciplines import DISCIPLINE, name_of
from imr_rules.reading.letters.facts import Fact, FactSection
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_responses"]

_NEGATIVE = re.compile(
    r"\bno\b|\bnot\b|\bnor\b|\black(?:s|ing|ed)?\b|\bwithout\b|\babsen(?:ce|t)\b|\bfail(?:s|ed|ure)?\b"
    r"|\binsufficient\b|\bunclear\b|\bunknown\b|\bnever\b|\bneither\b|\bminimal to no\b|n't\b",
    re.I,
)
_RECORDED = re.compile(
    r"document|record|evidence|indicat|note[ds]?\b|provid|submitted|specif|report|stat(?:ed|ing)|mention"
    r"|outlin|describ|information|demonstrat|show|include|formulated",
    re.I,
)
_FUNCTION = re.compile(
    r"(?:objective|measurable|significant|quantifi\w+|functional|specific|documented)[ ,and]* ?functional"
    r" (?:objective )?(?:improvements?|gains?|benefits?|progress|outcomes?|changes?)"
    r"|functional (?:objective )?(?:improvements?|gains?|benefits?|progress)|functional response|objective"
    r" (?:or functional )?improvements?(?: in function)?|improve(?:d|ments?) in (?:objective"
    r" )?function(?:al|ing)?\b|increase(?:d|s)? (?:in )?(?:objective )?function\b|improve(?:d|ments?) in"
    r" pain and function",
    re.I,
)
_BENEFIT = re.compile(
    r"(?P<none>\bno (?:significant |real |lasting )?(?:improvement|relief|benefit|change)\b|\bminimal to"
    r" no improvement\b|\bnot (?:improv\w+|help\w*)|\bwithout (?:any )?(?:improvement|relief|benefit)\b"
    r"|\bdid not help\b|\bfailed to (?:improve|help)\b|\bnot seemed to improve\b)"
    r"|(?P<some>\bhelped\b|\bhelpful\b|\bis helping\b|\bwas helping\b|\bwith (?:some )?(?:benefit"
    r"|improvement|relief)\b|\bbenefit(?:ed|ted)? from\b|\bimproving with\b|\bimproved? with\b"
    r"|\bimprovement (?:in [\w ]{1,30} )?with\b|\bimprovement from\b|\breported benefit\b|\brelief (?:with"
    r"|from)\b|\bhelps?\b(?! to))",
    re.I,
)
_MEASURED = re.compile(
    r"\b(?:range of motion|(?-i:ROM)|strength|flexion|extension|abduction|rotation|grip|sitting|standing|walking)\b"
    r"[^.;]{0,40}?\b(?:improv|increas)\w* (?:by|from|to)\b[^.;]{0,25}?\d",
    re.I,
)
# What got better, in the words of 8 CCR 9792.20 and near them.
_GAINS: dict[str, re.Pattern[str]] = {
    "activities_improved": re.compile(
        r"\b(?:activities of daily living|ADLs?)\b[^.;,]{0,30}\b(?:improved|increased)\b|\b(?:improved|increased) "
        r"(?:ability|tolerance|capacity) (?:to|for) \w+|\bimprove(?:d|ments?) (?:in |of |with )?(?:his |her |the )?"
        r"(?:activities of daily living|ADLs?\b)",
        re.I,
    ),
    "restrictions_reduced": re.compile(
        r"\b(?:work )?restrictions (?:were|have been|had been|are) (?:reduced|lifted|decreased|eased|removed)"
        r"|\breductions? (?:in|of) (?:the |his |her )?work restrictions|\breturn(?:ed)? to (?:full|regular|modified) "
        r"(?:duty|work) after\b",
        re.I,
    ),
    "medication_reduced": re.compile(
        r"\b(?:decreased|reduced) (?:the |his |her )?(?:use|intake|dose|dosage) of (?:pain medications?|medications?"
        r"|opioids?|narcotics?|[A-Z]\w+)|\bmedication (?:use|intake) (?:was|has been|is) (?:decreased|reduced)",
        re.I,
    ),
}

# what a negative sentence may be about -> the words for it
_ABSENT: dict[str, str] = {
    "exceptional_factors": r"exceptional factors?|extenuating|compelling (?:clinical )?facts?|unusual"
    r" circumstances",
    "therapy_notes": r"(?:therapy|chiropractic|acupuncture|treatment) (?:progress )?notes",
    "rationale": r"(?:clear |medical |clinical |objective )*(?:rationale|explanation|reasons?) (?:for|why"
    r"|as to|provided|of|was|is)",
    "treatment_goals": r"(?:treatment |functional |specific )*goals",
    "objective_deficits": r"objective (?:functional )?(?:deficits?|findings|abnormalit)|significant"
    r" objective|functional deficits?|remaining deficits",
    "conservative_care": r"conservative (?:care|treatment|therapy|management)|failed? (?:to )?conservative",
    "red_flags": r"red[- ]flags?",
    "neurologic_deficit": r"neurologic(?:al)? (?:deficits?|dysfunction|findings)|radiculopathy",
    "surgical_plan": r"candidate for surgery|surg(?:ery|ical) (?:is|was|plan|intervention|consider)",
    "medication_reduction": r"medications? (?:is |are |was )?(?:being )?(?:reduc|decreas)\w*|not tolerat"
    r"|intoleran",
    "current_medications": r"(?:current )?medication (?:list|regimen)|medications?:? list",
    "homebound": r"homebound|home ?bound|confined to",
    "body_part": r"body parts?",
    "work_status": r"work status",
}
_ABSENT_PATTERNS = {name: re.compile(form, re.I) for name, form in _ABSENT.items()}

_ENDING: dict[str, re.Pattern[str]] = {
    "ready_to_end": re.compile(
        r"\bready (?:to|for) (?:stop|end|finish|discontinu\w+|terminat\w+|conclud\w+|complet\w+|discharge"
        r"|be discharged|wrap)|\bprepar\w+ (?:to|for) (?:end|terminat\w+|discharge)|\b(?:about|plans?"
        r"|planning|wish\w*|wants?) to (?:end|stop|finish|terminate|discontinue) (?:the |his |her"
        r" )?(?:therapy|treatment|sessions|psychotherapy|care)",
        re.I,
    ),
    "goals_met": re.compile(
        r"\bgoals? (?:of (?:[a-z]+ ){1,4})?(?:have been |has been |were |was |are |is )?(?:all )?(?:met"
        r"|achieved|reached|attained)\b"
        r"|\b(?:met|achieved|reached) (?:all |most )?(?:of )?(?:the |his |her )?(?:treatment |therapy "
        r"|functional )?goals\b",
        re.I,
    ),
    "plateau": re.compile(
        r"\bplateau\w*|\bimprovement has (?:leveled|leveled) off\b",
        re.I,
    ),
    # the condition as a whole, not what this care still brings
    "permanent_and_stationary": re.compile(
        r"\bmaxim(?:um|al) medical improvement\b|\bpermanent and stationary\b|(?-i:\bMMI\b|\bP&S\b)", re.I
    ),
    "flare_up": re.compile(r"\bflare[- ]?ups?\b|\bacute exacerbation\b", re.I),
    "no_remaining_deficit": re.compile(
        r"\bexam(?:s|ination|inations)?\b[^.;]{0,60}?\b(?:no abnormal(?: objective)? findings|no (?:objective"
        r" |functional |remaining |residual |measurable )+(?:deficits?|abnormalit(?:y|ies)))\b",
        re.I,
    ),
    "home_exercise_program": re.compile(
        r"\bhome exercises?(?: program)?\b|(?-i:\bHEP\b)|\bhome physical therapy program\b", re.I
    ),
}

# What may or ought to be is not what is.
_HYPOTHETICAL = re.compile(
    r"\b(?:would|should|could|can|may|might|if|until|unless|once|expected|anticipated|transition\w*)\b", re.I
)
# Asked for with the care in dispute, as part of it.
_ASKED_FOR = frozenset({"home_exercise_program"})


def find_responses(letter: LetterText, sentence: Sentence, section: FactSection) -> list[Fact]:
    """Return what a sentence says of improvement, of ends reached, and of what is not documented."""
    text = sentence.text
    if sentence.concludes or sentence.tells_of_utilization_review or sentence.quotes_guideline:
        return []
    found: list[Fact] = []

    def add(
        name: str,
        match: re.Match[str],
        method: str,
        *,
        value: bool | None = None,
        discipline: str | None = None,
    ) -> None:
        found.append(
            Fact(
                name,
                section,
                letter.span(sentence.start + match.start(), sentence.start + match.end()),
                method,
                status="known" if value is not None else "undocumented",
                value=value,
                discipline=discipline,
            )
        )

    subject = re.search(DISCIPLINE, text, re.I)
    discipline = name_of(subject[0]) if subject else None
    if (gain := _FUNCTION.search(text)) is not None:
        around = text[max(0, gain.start() - 110) : gain.end() + 60]
        if not _NEGATIVE.search(around):
            if _RECORDED.search(text) or subject is not None:
                add("functional_improvement", gain, "said to be there", value=True, discipline=discipline)
        elif _RECORDED.search(text):
            add("functional_improvement", gain, "said not to be documented", discipline=discipline)
        else:
            add("functional_improvement", gain, "said not to be there", value=False, discipline=discipline)
    for name, pattern in _GAINS.items():
        better = pattern.search(text)
        if better is None or _HYPOTHETICAL.search(text):
            continue
        if not _NEGATIVE.search(text):
            add(name, better, "said to be there", value=True, discipline=discipline)
        elif gain is None and name != "medication_reduced" and _RECORDED.search(text):
            gain = better
            add("functional_improvement", better, "said not to be documented", discipline=discipline)
    measured = _MEASURED.search(text)
    if measured is not None and not _NEGATIVE.search(text) and not _HYPOTHETICAL.search(text):
        add("measured_gain", measured, "said to be there", value=True, discipline=discipline)
    benefit = _BENEFIT.search(text) if subject is not None and not sentence.asks else None
    if benefit is not None:
        denied = _NEGATIVE.search(text[max(0, benefit.start() - 60) : benefit.start()]) is not None
        if benefit["none"] is not None:
            add("reported_benefit", benefit, "reported", value=False, discipline=discipline)
        elif not denied:
            add("reported_benefit", benefit, "reported", value=True, discipline=discipline)
    for name, pattern in _ENDING.items():
        match = pattern.search(text)
        if (
            match is not None
            and not _HYPOTHETICAL.search(text)
            and not (sentence.asks and name in _ASKED_FOR)
        ):
            denied = (
                name != "no_remaining_deficit"
                and _NEGATIVE.search(text[max(0, match.start() - 40) : match.end()]) is not None
            )
            add(
                name,
                match,
                "said not to be so" if denied else "said to be so",
                value=not denied,
                discipline=discipline,
            )
    if _NEGATIVE.search(text):
        for name, pattern in _ABSENT_PATTERNS.items():
            match = pattern.search(text)
            if match is None:
                continue
            near = text[max(0, match.start() - 90) : match.end() + (70 if _RECORDED.search(text) else 0)]
            if _NEGATIVE.search(near):
                if name == "work_status" and section == "summary":
                    continue  # read with the work status itself
                add(name, match, "said to be missing from the record")
    return found
