"""Who the worker is, what happened, what is diagnosed, whether the worker works, and which operations were done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_rules.reading.sentences.claims import claim
from imr_rules.reading.sentences.statement import Statement
from imr_rules.reading.sentences.told import Told
from imr_rules.words.amounts import Amount
from imr_rules.words.body_parts import find_body_parts
from imr_rules.words.dates import DATE, read_date
from imr_rules.words.lexicon import lexicon
from imr_rules.words.persons import without_names

# --- the worker

_AGE = re.compile(
    r"\b(?P<age>\d{1,3})(?: |-)?(?:years?|yrs?|y)\.?(?: |-|/)?(?:olds?|o)\b\.?,?(?:(?:[ ,-]+(?!(?:and|with|who|whose|has|had|is|was)\b)[a-z]+){0"
    r",6}?[ ,-]+(?P<sex>male|female|man|woman|gentleman|lady|(?-i:[MF]\b)))?",
    re.I,
)
_FEMALE = ("female", "woman", "lady", "f")


def find_age(told: Told) -> Iterator[Statement]:
    """Yield the age and the sex that a sentence states outright."""
    for match in _AGE.finditer(told.sentence.text):
        age = int(match["age"])
        if 12 <= age <= 110 and claim(told.sentence, match.start(), match.end()).of_worker:
            yield told.statement("age", match.start(), match.end(), "stated", amount=Amount(age, age, "year"))
            if match["sex"]:
                sex = "female" if match["sex"].lower() in _FEMALE else "male"
                yield told.statement("sex", match.start("sex"), match.end("sex"), "stated", value=sex)


# --- the injury, its diagnoses, the day of the request

_INJURY = re.compile(
    rf"(?<!report of )(?<!report of an )\b(?:industrial|work[- ]related|occupational|work|reported)[- ]"
    rf"(?:injury|injuries|claim|illness|trauma|accident)\b(?! or illness)[^.;]{{0,70}}?\b(?:on|of|from|dated?|is|was)\b:? ?(?P<date>{DATE})"
    rf"|\bdate of injury(?: of| on| is| was|:)? ?(?P<doi>{DATE})|\b(?:was|were|got) injured on ?(?P<hurt>{DATE})",
    re.I,
)
_REQUESTED_ON = re.compile(
    rf"\b(?:requests? for authori[sz]ation|authori[sz]ation request|RFA)s?\b(?: \(RFA\))?(?: form)?(?: was| were)?"
    rf"(?: dated| submitted| received| made| signed| completed| provided)?,? (?:on |of |for |from )?(?P<date>{DATE})"
    rf"|\bon (?P<day>{DATE}),? (?:an? |the )?(?:requests?|RFA)(?: for authori[sz]ation)? (?:was|were) (?:received|submitted|made|noted)",
    re.I,
)
_DIAGNOSIS = re.compile(
    r"(?:\bdiagnos(?:is|es)(?: codes?)?(?: (?:is|are|were|was))?(?: (?:documented|noted|listed))?(?:"
    r" to)?(?: includ(?:e[sd]?|ing))?(?: as| of)?:? |\bdiagnosed (?:as having|with|as) |\bundergoing"
    r" treatments? for |\bbeing treated for |\bbeen treated for |\bfiled a claim for |\breceiving"
    r" treatment for )(?P<what>.{3,600}?)(?=\.(?: |$)|$| reportedly associated)",
    re.I,
)


def find_days(told: Told) -> Iterator[Statement]:
    """Yield the day of the injury and the day of the request."""
    for fact, pattern in (("injury_date", _INJURY), ("request_date", _REQUESTED_ON)):
        match = pattern.search(told.sentence.text)
        if match is None or (fact == "injury_date" and told.sentence.tells_of_utilization_review):
            continue
        name = next(each for each, found in match.groupdict().items() if found)
        day = read_date(match[name])
        if day is not None and claim(told.sentence, *match.span(name)).of_worker:
            yield told.statement(fact, match.start(name), match.end(name), "stated", date=day)


def find_diagnoses(told: Told) -> Iterator[Statement]:
    """Yield the diagnoses in the words of the text, one statement a list."""
    for match in _DIAGNOSIS.finditer(told.sentence.text):
        words = match["what"].strip(" .\"'")
        start = match.start("what")
        if (
            words
            and not re.match(r"(?:study|studies|testing|and|not)\b", words)
            and claim(told.sentence, start, start + 1).counts
            and claim(told.sentence, start, start + 1).polarity == "stated"
        ):
            end = start + len(match["what"].rstrip())
            yield told.statement(
                "diagnosis",
                start,
                end,
                "stated",
                value=without_names(words),
                body_parts=find_body_parts(words),
            )


# --- work

_WORK: tuple[tuple[str | None, re.Pattern[str]], ...] = (
    (None, re.compile(r"work status (?:is |was |has |are )?(?:currently )?(?:not (?:been )?(?:documented|provided|stated|noted|specified|indicated|clear)|unclear|unknown|undocumented)", re.I)),
    ("off_work", re.compile(r"\btemporar(?:y|ily),? total(?:ly)?(?: disab\w+)?|\btotal(?:ly)? temporar(?:y|ily) disab\w+|(?-i:\bTTD\b)|\boff (?:of )?work\b|\bnot (?:currently )?working\b|\bunable to (?:return to )?work\b|\bout of work\b|\bnot (?:yet )?(?:been )?(?:returned to work|back (?:to|at) work|worked(?: a day| at all)? since|able to work)\b|\bcannot work\b|\b(?:stopped|no longer) working\b|\bremains? off\b(?! (?:of )?(?!work))|\b(?:totally|completely) disabled\b|\bno work (?:until|for|at)\b", re.I)),
    ("full_duty", re.compile(r"\b(?:full|regular|usual|normal)(?:,? (?:and )?customary)?[- ](?:duty|duties|work|job|occupation|position)\b|\bwork(?:ing)?(?: full[- ]time)? without restrictions?\b|\bno (?:work )?(?:limitations or )?restrictions\b", re.I)),
    ("modified_duty", re.compile(r"\bmodified[- ](?:duty|duties|work|activit(?:y|ies))|\bwork status (?:was|is) modified\b|\b(?:light|restricted|limited)[- ]dut(?:y|ies)\b|\bwith (?!no )(?:\w+ ){0,2}(?:work )?restrictions\b|\bwith (?!no )(?:[\w-]+ ){0,3}(?:work|lifting) limits?\b|\bwork restrictions were (?!lifted|removed)|\btemporar(?:y|ily) partial(?:ly)? disab\w+|\bwork status:? (?:\w+ ){0,3}restricted\b|\bsedentary (?:work|duty|duties|job)\b|\bwork\w* with (?:\w+ ){0,2}(?:limitations|accommodations|modifications)\b|\bno lifting (?:over|of|more|greater|above)\b|\b(?:seated|desk) (?:work|job|duty)\b|\bwork\w*[^.;]{0,30}\b(?:half[- ]days?|part[- ]time|(?:\d|two|three|four|five|six) hours? (?:a|per) day|at a desk)", re.I)),
)  # fmt: skip


# Before a status that the worker has left
_LEFT_STATUS = re.compile(
    r"\b(?:from|off|was (?:previously |formerly )?(?:on|at)|previously(?: on| at)?|had been (?:on|at)) (?:(?:of|a|an|the|his|her) )?$",
    re.I,
)


def find_work_status(told: Told, dates: list[str], carried: str | None) -> Iterator[Statement]:
    """Yield whether the worker is off work, restricted or at full duty, with its date."""
    text = told.sentence.text
    covered: list[tuple[int, int]] = []
    for value, pattern in _WORK:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in covered):
                continue
            covered.append(match.span())
            if _LEFT_STATUS.search(text, 0, match.start()):
                continue
            what = claim(told.sentence, *match.span())
            released = what.why == "unclear" and re.search(r"\bmay (?:return|work|perform)", text, re.I)
            said = what.polarity == "stated" or re.match(r"not |unable|cannot|no |stopped", match[0], re.I)
            if value is not None and not released and not (what.counts and said):
                continue
            if value == "modified_duty" and re.search(r"\btreatments?\b[^.]{0,60}includ", text, re.I):
                continue  # restrictions in a list of past treatments tell of no day
            if value == "full_duty" and re.search(
                r"\b(?:not|unable|cannot|until|before|prior)\b[^.;,]{0,25}$", text[: match.start()], re.I
            ):
                continue
            day = dates[0] if len(dates) == 1 else carried if not dates else None
            if re.search(rf"\b(?:until|through) {DATE}", text, re.I):
                day = None if len(dates) == 1 else day  # the day it ends
            method = "said to be missing from the record" if value is None else "stated"
            yield told.statement(
                "work_status",
                match.start(),
                match.end(),
                method,
                value=value,
                date=day,
                status="undocumented" if value is None else "known",
            )
            break


# --- operations

_SHORT = {
    form.upper()
    for form, word in lexicon().entries
    if word.kind == "operation" and form.isalpha() and len(form) < 6
}
_OPERATION = (
    r"surger(?:y|ies)|operations?|\w+(?:ectomy|otomy|plasty|scopy|scopic \w+|desis)\b|\bORIF\b|(?:internal )?fixation"
    r"|\brepair\b|\bfusion\b|\brelease\b|\bexcision\b|\bresection\b|reconstruction|decompression|amputation|debridement"
    rf"|\b(?-i:{'|'.join(sorted(_SHORT))})\b"
)
_ANY_OPERATION = re.compile(rf"{_OPERATION}|(?:pre|post)-?operative", re.I)
_DONE_BEFORE = re.compile(
    rf"\b(?:status post|s/p|underwent|has had|have had|had had|had|undergone|following|after|since|out from|recovering from)(?: an?| the| his| her| prior| previous| recent)? (?P<what>[^.;,]{{0,80}}?(?:{_OPERATION})[^.;,]{{0,60}})",
    re.I,
)
_DONE_BEHIND = re.compile(
    rf"(?P<what>(?:[\w-]+ ){{0,5}}(?:{_OPERATION})(?: [\w-]+){{0,6}}?) (?:was|were) (?:\w+ )?(?:performed|done|carried out|completed)\b|(?P<listed>(?:[a-z]+ ){{0,4}}surger(?:y|ies)) \((?P<date>{DATE})\)"
    rf"|\b(?P<dated>(?:{_OPERATION})(?: [\w-]+){{0,6}}?) (?:was|were)(?: on)? (?={DATE})"
    rf"|\bwith (?P<along>(?:[\w-]+ ){{0,3}}(?:{_OPERATION})) (?=(?:on|in) {DATE})"
    r"|\bsurgical history (?:is )?(?:positive for|includes?) (?P<history>[^.;]{3,80})|\b(?P<around>(?:pre|post)-?operative(?:ly)?)\b",
    re.I,
)
_CALLED_OFF = re.compile(
    r"\bcancell?ed\b|\bpostponed\b|\bcalled off\b|\bdeclin\w+|\bnot interested\b|\bdenied\b|\bcandidate\b|\bconsider\w*\b|\bpending\b|\bif\b",
    re.I,
)


def find_surgery(told: Told) -> Iterator[Statement]:
    """Yield an operation that was done."""
    text = told.sentence.text
    if not _ANY_OPERATION.search(text):
        return
    for match in (*_DONE_BEFORE.finditer(text), *_DONE_BEHIND.finditer(text)):
        name = next(each for each, found in match.groupdict().items() if found and each != "date")
        if name == "around" and not re.search(
            r"\b(?:visits?|sessions?|completed|attended|underwent)\b", text
        ):
            continue
        start = match.start(name)
        what = claim(told.sentence, start, start + 1 if name == "what" else match.end(name))
        if what.polarity != "stated" or not what.counts or (_CALLED_OFF.search(text) and name != "history"):
            continue
        words = re.split(
            rf" (?:on|in|dated|for|she|he) (?:{DATE})?| and (?:has|have|had|is|was|s?he)\b", match[name]
        )[0].strip()
        around = text[match.start() : match.end() + 25]
        day = re.search(DATE, around) or re.search(rf"^(?:On|In) ({DATE}),? ", text)
        year = re.search(r"(?:\b(?:in|of) |\()((?:19|20)\d\d)\b", around) or re.match(
            r"In ((?:19|20)\d\d)\b", text
        )
        yield told.statement(
            "surgery",
            start,
            start + len(words),
            "stated",
            value=without_names(words),
            date=read_date(day[day.lastindex or 0]) if day else year[1] if year else None,
            body_parts=find_body_parts(words),
        )
        return
