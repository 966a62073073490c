"""The clinical case summary as facts: what a pre-screen would know besides the request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_rules.letters.courses import find_courses
from imr_rules.letters.dates import DATE, read_date
from imr_rules.letters.facts import Fact, FactSection
from imr_rules.letters.layout import Section
from imr_rules.letters.prose import Sentence, sentences
from imr_rules.letters.responses import find_responses
from imr_rules.letters.text import LetterText
from imr_rules.service_text import Amount, find_body_parts

__all__ = ["find_person", "read_summary"]


def read_summary(letter: LetterText, section: Section) -> list[Fact]:
    """Return the facts of the summary, in the order of its sentences."""
    found = find_person(letter, section.start, section.end, "summary")
    carried: str | None = None
    for sentence in sentences(letter, section.start, section.end):
        if sentence.concludes:
            continue
        dates = [
            day for match in re.finditer(DATE, sentence.text) if (day := read_date(match[0])) is not None
        ]
        found.extend(_injury(letter, sentence))
        found.extend(_requested_on(letter, sentence))
        found.extend(_diagnoses(letter, sentence))
        found.extend(_treatments(letter, sentence))
        found.extend(find_courses(letter, sentence, "summary"))
        found.extend(_scores(letter, sentence, dates, carried))
        found.extend(_work_status(letter, sentence, dates, carried))
        found.extend(_surgery(letter, sentence))
        found.extend(find_responses(letter, sentence, "summary"))
        told_injury = any(fact.fact == "injury_date" and fact.span.start >= sentence.start for fact in found)
        if (
            not told_injury
            and re.match(
                r"\s*(?:On|As of|Per|According to|In|The|A|Medical records?|Progress|Provider|Physician"
                r"|Objective|Subjective)\b",
                sentence.text,
            )
            and dates
        ):
            carried = dates[0]
    return found


def _fact(
    letter: LetterText, sentence: Sentence, name: str, start: int, end: int, method: str, **more: object
) -> Fact:
    span = letter.span(sentence.start + start, sentence.start + end)
    return Fact(name, "summary", span, method, **more)  # type: ignore[arg-type]


_AGE = re.compile(
    r"\b(?P<age>\d{1,3})(?: |-)?(?:years?|yrs?|y)\.?(?: |-|/)?(?:olds?|o)\b\.?,?(?:(?:[ ,-]+(?!(?:and|with|who|whose|has|had|is|was)\b)[a-z]+){0"
    r",6}?[ ,-]+(?P<sex>male|female|man|woman|gentleman|lady"
    r"|(?-i:[MF]\b)))?",
    re.I,
)
_SEXES = {
    "male": "male",
    "man": "male",
    "gentleman": "male",
    "m": "male",
    "female": "female",
    "woman": "female",
    "lady": "female",
    "f": "female",
}


def _whole(found: list[Sentence], letter: LetterText, start: int, end: int) -> Iterator[Sentence]:
    """Yield sentences with the blanks between them, so that together they are as long as the text."""
    at = start
    for sentence in found:
        if sentence.start > at:
            yield Sentence(at, sentence.start, letter.flat[at : sentence.start])
        yield sentence
        at = sentence.end
    if at < end:
        yield Sentence(at, end, letter.flat[at:end])


def find_person(letter: LetterText, start: int, end: int, section: FactSection) -> list[Fact]:
    """Return age and sex: as stated, or the sex by its pronouns where they all agree."""
    flat = "".join(
        " " * len(sentence.text) if sentence.concludes else sentence.text
        for sentence in _whole(sentences(letter, start, end), letter, start, end)
    )
    found: list[Fact] = []
    sexed = False
    age_said = False
    for match in _AGE.finditer(flat):
        age = int(match["age"])
        if not 12 <= age <= 110:
            continue
        if not age_said:
            span = letter.span(start + match.start(), start + match.end())
            found.append(Fact("age", section, span, "stated", amount=Amount(age, age, "year")))
            age_said = True
        if match["sex"] and not sexed:
            at = letter.span(start + match.start("sex"), start + match.end("sex"))
            found.append(Fact("sex", section, at, "stated", value=_SEXES[match["sex"].lower()]))
            sexed = True
        break
    if not sexed and (
        word := re.search(
            r"\b(?P<sex>male|female)\b (?:injured )?(?:worker|patient|claimant|applicant|employee)\b",
            flat,
            re.I,
        )
    ):
        at = letter.span(start + word.start("sex"), start + word.end("sex"))
        found.append(Fact("sex", section, at, "stated", value=word["sex"].lower()))
        sexed = True
    if not sexed:
        pronouns = list(re.finditer(r"(?<![/\w])(he|his|him|she|her|hers)(?![/\w])", flat, re.I))
        sexes = {
            "male" if match[0].lower().startswith("hi") or match[0].lower() == "he" else "female"
            for match in pronouns
        }
        if len(pronouns) >= 2 and len(sexes) == 1:
            at = letter.span(start + pronouns[0].start(), start + pronouns[0].end())
            found.append(Fact("sex", section, at, "pronouns, all alike", value=sexes.pop()))
    return found


_INJURY = re.compile(
    rf"(?<!report of )(?<!report of an )\b(?:industrial|work[- ]related|occupational|work|reported)[- ]"
    rf"(?:injury|injuries|claim|illness|trauma|accident)\b(?! or illness)[^.;]{{0,70}}?\b(?:on|of|from|dated?|is|was)\b:? ?(?P<date>{DATE})"
    rf"|\bdate of injury(?: of| on| is| was|:)? ?(?P<doi>{DATE})|\b(?:was|were|got) injured on ?(?P<hurt>{DATE})",
    re.I,
)
_MECHANISM = re.compile(
    r"mechanism of injury (?:is|was)(?: (?:detailed|described|documented|noted|reported) as| from)?"
    r" (?P<how>[^.;]{3,200})|\binjur(?:y|ed)\b[^.;]{0,60}? (?P<when>when|while|after) (?P<then>[^.;]{3"
    r",200})",
    re.I,
)


def _injury(letter: LetterText, sentence: Sentence) -> list[Fact]:
    found = []
    if (match := _INJURY.search(sentence.text)) is not None and not sentence.tells_of_utilization_review:
        name = next(each for each in ("date", "doi", "hurt") if match[each])
        day = read_date(match[name])
        if day is not None:
            found.append(
                _fact(letter, sentence, "injury_date", match.start(name), match.end(name), "stated", date=day)
            )
    if (match := _MECHANISM.search(sentence.text)) is not None:
        name = "how" if match["how"] else "then"
        at = match.span(name)
        said: dict[str, object]
        if re.match(r"(?:not|un(?:known|clear|documented|specified))\b", match[name], re.I):
            method, said = "said to be missing from the record", {"status": "undocumented"}
        else:
            method, said = "stated", {"value": match[name].strip()}
        found.append(_fact(letter, sentence, "mechanism", at[0], at[1], method, **said))
    return found


_REQUESTED_ON = re.compile(
    rf"\b(?:requests? for authori[sz]ation|authori[sz]ation request|RFA)s?\b(?: \(RFA\))?(?: form)?(?: was| were)?"
    rf"(?: dated| submitted| received| made| signed| completed| provided)?,? (?:on |of |for |from )?(?P<date>{DATE})"
    rf"|\bon (?P<day>{DATE}),? (?:an? |the )?(?:requests?|RFA)(?: for authori[sz]ation)? (?:was|were) "
    rf"(?:received|submitted|made|noted)",
    re.I,
)


def _requested_on(letter: LetterText, sentence: Sentence) -> list[Fact]:
    """Return the day of the request for authorization, where the sentence names it."""
    match = _REQUESTED_ON.search(sentence.text)
    if match is None:
        return []
    name = "date" if match["date"] else "day"
    day = read_date(match[name])
    if day is None:
        return []
    return [_fact(letter, sentence, "request_date", match.start(name), match.end(name), "stated", date=day)]


_DIAGNOSIS = re.compile(
    r"(?:\bdiagnos(?:is|es)(?: codes?)?(?: (?:is|are|were|was))?(?: (?:documented|noted|listed))?(?:"
    r" to)?(?: includ(?:e[sd]?|ing))?(?: as| of)?:? |\bdiagnosed (?:as having|with|as) |\bundergoing"
    r" treatments? for |\bbeing treated for |\bbeen treated for |\bfiled a claim for |\breceiving"
    r" treatment for )(?P<what>.{3,600}?)(?=\.(?: |$)|$| reportedly associated)",
    re.I,
)


def _diagnoses(letter: LetterText, sentence: Sentence) -> list[Fact]:
    if sentence.tells_of_utilization_review:
        return []
    found = []
    for match in _DIAGNOSIS.finditer(sentence.text):
        words = match["what"].strip(" .\"'")
        if words and not re.match(r"(?:study|studies|testing|and|not)\b", words):
            found.append(
                _fact(
                    letter,
                    sentence,
                    "diagnosis",
                    match.start("what"),
                    match.start("what") + len(match["what"].rstrip()),
                    "stated",
                    value=words,
                    body_parts=find_body_parts(words),
                )
            )
    return found


_LIST = re.compile(
    r"\b(?:treatments?|therapy|care|interventions?)(?: and (?:treatments?|diagnostics?|evaluations?"
    r"|diagnostic testing))?(?: (?:to date|rendered|received|history|thus far))*,?(?: has| have| had)?(?:"
    r" been)?(?: noted to)? includ(?:ed?s?|ing):? (?P<list>[^.]{3,600}(?:\.\d[^.]*)*)"
    r"|\bfollowing treatments:? (?P<after>[^.]{3,400})",
    re.I,
)


def _treatments(letter: LetterText, sentence: Sentence) -> list[Fact]:
    """Return each element of a list of treatments received, in the letter's words."""
    match = _LIST.search(sentence.text)
    if (
        match is None
        or sentence.tells_of_utilization_review
        or re.search(r"\bplan\b|\brequest", sentence.text[: match.end()][: match.start() + 30], re.I)
    ):
        return []
    name = "list" if match["list"] else "after"
    found = []
    at = match.start(name)
    for piece in re.finditer(r"(?:[^,;()]|\([^()]*\))+", match[name]):
        words = re.sub(r"^(?:and|or|with)\s+", "", piece[0].strip())
        if words:
            start = at + piece.start() + piece[0].index(words)
            found.append(
                _fact(
                    letter, sentence, "treatment_received", start, start + len(words), "listed", value=words
                )
            )
    return found


_INSTRUMENTS: list[tuple[str, str, int | None]] = [
    (
        "BDI-II",
        r"Beck Depression Inventory[- ](?:II|2)\b(?: \(BDI-?(?:II|2)\))?|(?-i:\bBDI)[- ]?(?:II|2)\b",
        63,
    ),
    ("BDI", r"Beck Depression Inventory(?![- ](?:II|2)\b)(?: \(BDI\))?|(?-i:\bBDI\b)(?![- ]?(?:II|2)\b)", 63),
    ("BAI", r"Beck Anxiety Inventory|(?-i:\bBAI\b)", 63),
    ("PHQ-9", r"(?-i:\bPHQ)-?9|Patient Health Questionnaire(?:-9)?", 27),
    ("GAD-7", r"(?-i:\bGAD)-?7", 21),
    ("GAF", r"Global Assessment of Functioning(?: \(GAF\))?|(?-i:\bGAF\b)", 100),
    ("Oswestry", r"Oswestry(?: (?:Low Back )?Disability (?:Index|Questionnaire))?|(?-i:\bODI\b)", 100),
    ("NDI", r"Neck Disability Index|(?-i:\bNDI\b)", None),
    ("QuickDASH", r"Quick ?DASH", 100),
    ("DASH", r"(?-i:\bDASH\b)|Disabilities of the Arm,? Shoulder,? and Hand", 100),
    ("LEFS", r"Lower Extremity Functional Scale|(?-i:\bLEFS\b)", 80),
    ("SPADI", r"(?-i:\bSPADI\b)", 100),
    ("WOMAC", r"(?-i:\bWOMAC\b)", None),
    ("Roland-Morris", r"Roland[- ]Morris", 24),
    ("FABQ", r"(?-i:\bFABQ\b)", None),
    ("PCS", r"Pain Catastrophizing Scale|(?-i:\bPCS\b)", 52),
    ("Epworth", r"Epworth(?: Sleepiness Scale)?", 24),
    ("MoCA", r"(?-i:\bMoCA\b)", 30),
]
_PAIN = re.compile(
    r"(?<![\d/.-])(?P<low>\d{1,2}(?:\.\d)?)(?:(?:/10)? ?(?:-|to) ?(?P<high>\d{1,2}(?:\.\d)?))? ?(?:/|(?:out"
    r" )?of(?: a possible)?|over|on a scale of (?:0|1)(?: ?-| ?to) ?) ?(?P<of>10)\b(?![/\d-]|\.\d)",
    re.I,
)
_PAIN_BARE = re.compile(
    r"\bpain\b[^.;]{0,60}?\b(?:rated|level|score|scale|VAS)\b[^.;\d/]{0,25}(?P<low>\d{1,2})(?: ?(?:-|to)"
    r" ?(?P<high>\d{1,2}))?(?![\d/%-])(?=[^.;]{0,12}\b(?:VAS|scale|level)|[ .,;]*$)",
    re.I,
)


def _scores(letter: LetterText, sentence: Sentence, dates: list[str], carried: str | None) -> list[Fact]:
    if sentence.tells_of_utilization_review:
        return []
    text = sentence.text
    found: list[Fact] = []

    def when() -> tuple[str | None, str]:
        if len(dates) == 1:
            return dates[0], "stated, dated in the sentence"
        if not dates and carried is not None:
            return carried, "stated, date carried from an earlier sentence"
        return None, "stated"

    if re.search(r"\bpain|\bVAS\b|\bache|discomfort|sore|headache|symptoms|severity|intensity", text, re.I):
        matches = list(_PAIN.finditer(text)) or list(_PAIN_BARE.finditer(text))
        for match in matches:
            low = int(match["low"].split(".")[0])
            high = int(match["high"].split(".")[0]) if match["high"] else low
            if "." in match["low"] or max(low, high) > 10:
                continue
            day, method = when()
            found.append(
                _fact(
                    letter,
                    sentence,
                    "score",
                    match.start(),
                    match.end(),
                    method,
                    amount=Amount(min(low, high), max(low, high)),
                    instrument="pain",
                    out_of=10,
                    date=day,
                )
            )
    for name, form, out_of in _INSTRUMENTS:
        dated = _dated_scores(text, form, out_of)
        if len(dated) > 1:
            found.extend(
                _fact(
                    letter,
                    sentence,
                    "score",
                    start,
                    end,
                    "stated, each with its date",
                    amount=Amount(value, value),
                    instrument=name,
                    out_of=out_of,
                    date=day,
                )
                for value, start, end, day in dated
            )
            continue
        for match in re.finditer(
            rf"(?:{form})(?P<between>[^.;\d]{{0,60}}?)(?P<first>\d{{1,3}})(?![\d/-]\d|\d| (?:visit|session"
            rf"|week|month|year))%?(?P<rest>[^.;]{{0,40}}?\b(?:to|and then|now|->)\b[^.;\d]{{0"
            rf",15}}(?P<second>\d{{1,3}})(?![\d/-]))?",
            text,
            re.I,
        ):
            first = int(match["first"])
            second = int(match["second"]) if match["second"] else None
            if out_of is not None and max(first, second or 0) > out_of:
                continue
            day, method = when()
            trend = second is not None and re.search(
                r"\bfrom\b|decreas|reduc|improv|increas|drop|->|initial", text, re.I
            )
            found.append(
                _fact(
                    letter,
                    sentence,
                    "score",
                    match.start("first"),
                    match.end("first"),
                    "stated, the earlier of two" if trend else method,
                    amount=Amount(first, first),
                    instrument=name,
                    out_of=out_of,
                    date=None if trend else day,
                )
            )
            if second is not None and trend:
                found.append(
                    _fact(
                        letter,
                        sentence,
                        "score",
                        match.start("second"),
                        match.end("second"),
                        "stated, the later of two",
                        amount=Amount(second, second),
                        instrument=name,
                        out_of=out_of,
                        date=day,
                    )
                )
    return found


def _dated_scores(text: str, form: str, out_of: int | None) -> list[tuple[int, int, int, str]]:
    """Return each score of one instrument that stands right before its own date, and where."""
    named = re.search(form, text, re.I)
    if named is None:
        return []
    found = []
    for match in re.finditer(
        rf"(?<![\d/-])(?P<score>\d{{1,3}})%? (?:on|in|dated) (?P<date>{DATE})", text[named.end() :], re.I
    ):
        value, day = int(match["score"]), read_date(match["date"])
        if day is not None and (out_of is None or value <= out_of):
            start = named.end() + match.start("score")
            found.append((value, start, start + len(match["score"]), day))
    return found


_WORK: list[tuple[str | None, re.Pattern[str]]] = [
    (
        None,
        re.compile(
            r"work status (?:is |was |has |are )?(?:currently )?(?:not (?:been )?(?:documented|provided"
            r"|stated|noted|specified|indicated|clear)|unclear|unknown|undocumented)",
            re.I,
        ),
    ),
    (
        "off_work",
        re.compile(
            r"\btemporar(?:y|ily),? total(?:ly)?(?: disab\w+)?|\btotal(?:ly)? temporar(?:y|ily) disab\w+"
            r"|(?-i:\bTTD\b)|\boff (?:of )?work\b|\bnot (?:currently )?working\b|\bunable to (?:return to"
            r" )?work\b|\bout of work\b",
            re.I,
        ),
    ),
    (
        "full_duty",
        re.compile(
            r"\b(?:full|regular|usual|normal)(?: and customary)?[- ](?:duty|duties|work)\b|\bwork(?:ing)?(?: full[- ]time)?"
            r" without restrictions?\b|\bfull[- ]duty\b|\bno (?:work )?(?:limitations or )?restrictions\b",
            re.I,
        ),
    ),
    (
        "modified_duty",
        re.compile(
            r"\bmodified[- ](?:duty|duties|work|activit(?:y|ies))|\bwork status (?:was|is) modified\b"
            r"|\b(?:light|restricted|limited)[- ]dut(?:y|ies)\b|\bwith (?!no )(?:\w+ ){0,2}(?:work"
            r" )?restrictions\b|\bwork restrictions were\b|\btemporar(?:y|ily) partial(?:ly)? disab\w+"
            r"|\bwork status:? (?:\w+ ){0,3}restricted\b",
            re.I,
        ),
    ),
]


def _work_status(letter: LetterText, sentence: Sentence, dates: list[str], carried: str | None) -> list[Fact]:
    text = sentence.text
    if (
        sentence.tells_of_utilization_review
        or sentence.quotes_guideline
        or re.search(r"\bneeds? to be\b|\bwants?\b|\bprior to (?:the )?injury\b", text, re.I)
    ):
        return []
    found: list[tuple[int, Fact]] = []
    covered: list[tuple[int, int]] = []
    for value, pattern in _WORK:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in covered):
                continue
            covered.append(match.span())
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
            status = {"status": "undocumented"} if value is None else {"value": value}
            found.append(
                (
                    match.start(),
                    _fact(
                        letter,
                        sentence,
                        "work_status",
                        match.start(),
                        match.end(),
                        method,
                        date=day,
                        **status,
                    ),
                )
            )
            break
    return [fact for _, fact in sorted(found, key=lambda pair: pair[0])]


_OPERATION = (
    r"surger(?:y|ies)|\w+(?:ectomy|otomy|plasty|scopy|scopic \w+|desis)\b|\bORIF\b|fixation"
    r"|\brepair\b|\bfusion\b|\brelease\b|\bexcision\b|\bresection\b|reconstruction|decompression|amputation|debridement"
)
_SURGERY = re.compile(
    rf"\b(?:status post|s/p|underwent|has had|had|undergone|following|after)(?: an?| the| his| her| prior|"
    rf" previous)? (?P<what>[^.;,]{{0,80}}?(?:{_OPERATION})[^.;,]{{0,60}})",
    re.I,
)
_SURGERY_LISTED = re.compile(rf"(?P<what>(?:[a-z]+ ){{0,4}}surger(?:y|ies)) \((?P<date>{DATE})\)", re.I)


def _surgery(letter: LetterText, sentence: Sentence) -> list[Fact]:
    text = sentence.text
    if sentence.asks or sentence.tells_of_utilization_review or sentence.quotes_guideline:
        return []
    match = _SURGERY_LISTED.search(text) or _SURGERY.search(text)
    if match is None or re.search(
        r"\b(?:no|not|without|denies|if|consider\w*|candidate|recommend\w*|pending|plan\w*)\b",
        text[max(0, match.start() - 40) : match.end()],
        re.I,
    ):
        return []
    words = re.split(rf" (?:on|in|dated) {DATE}| and (?:has|have|had|is|was)\b", match["what"])[0].strip()
    day = re.search(DATE, text[match.start() : match.end() + 25])
    return [
        _fact(
            letter,
            sentence,
            "surgery",
            match.start("what"),
            match.start("what") + len(words),
            "stated",
            value=words,
            date=read_date(day[0]) if day else None,
            body_parts=find_body_parts(words),
        )
    ]
