"""Courses of care: what was attended, what was authorised, what was asked for; with counts where stated.

Each count is judged by the words around it: a verb behind it ("six sessions were completed") before the
nearest one in front ("completed six sessions", "treatment to date has included six sessions").
"""

from __future__ import annotations

import re
from functools import lru_cache

from imr_rules.letters.dates import DATE, read_date
from imr_rules.letters.disciplines import DISCIPLINE, name_of
from imr_rules.letters.facts import CountOf, Fact, FactSection
from imr_rules.letters.prose import Sentence
from imr_rules.letters.text import LetterText
from imr_rules.service_text import NUMBER, Amount, BodyPart, find_body_parts, number, overlap, read_service

__all__ = ["find_courses", "find_requested"]

_UNIT = r"(?:visits?|sessions?|treatments?|appointments?)"
_AT_LEAST = r"at least|more than|over|no fewer than|a minimum of|approximately|about|around|nearly"
_COUNT = re.compile(
    rf"(?P<bound>\b(?:{_AT_LEAST}|up to|at most) )?(?:an? (?:total|set|course) of )?#?"
    rf" ?(?P<low>{NUMBER})(?: ?(?P<joint>-|to|(?<=between .) ?and|(?<=between ..) ?and|of(?: the)?|out of(?: the)?|/) ?(?P<high>\d{{1,3}}|[a-z]+(?:"
    rf" \(\d+\))?))?"
    rf"(?P<middle>(?: [A-Za-z/'-]+){{0,5}}?) (?P<unit>{_UNIT})\b",
    re.I,
)
_TIMES = re.compile(
    rf"(?P<discipline>{DISCIPLINE})(?: sessions?| visits?)?,? ?(?:x|times|#|\() ?(?P<bound>(?:{_AT_LEAST})"
    rf" )?(?P<low>{NUMBER})(?![\w%/x]| ?(?:times|x|days?|weeks?|mg|per|a week)\b)(?! ?\w* ?,? ?#)",
    re.I,
)
_PART_OF = re.compile(
    rf"(?P<low>\d{{1,3}}) ?(?:/|of|out of) ?(?P<high>\d{{1,3}}) (?:{_UNIT} (?:of"
    rf" )?)?(?P<discipline>{DISCIPLINE})",
    re.I,
)

_ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        start=1,
    )
}
_ORDINAL = re.compile(
    rf"\b(?P<ordinal>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)) (?:and (?:last|final) )?(?P<middle>(?:[A-Za-z-]+ ){{0,3}}?)"
    r"(?:visit|session|treatment|appointment)\b(?!s)",
    re.I,
)
# "was approved for 12 visits but attended only 5": a count whose unit was said before
_BARE = re.compile(
    rf"\b(?:attended|completed|used|received|finished|undergone|had)(?: only| just)? (?P<low>{NUMBER})"
    r"(?: of (?:them|these|those))?(?= ?(?:[.,;]|$|to date\b|so far\b))",
    re.I,
)

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
        "authorised",
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
    ("authorised", r"authori|approved|certified"),
    ("requested", r"request|order|recommend|prescri|pending|planned"),
]
_ONE_AUTHORISATION = re.compile(
    r"through th(?:is|e) (?:particular )?(?:request|authorization|approval|rfa)|of the (?:authorized"
    r"|approved)",
    re.I,
)
_NONE = re.compile(
    rf"\b(?:no|without|never|(?:not|yet to) (?:yet )?(?:ha(?:d|ve)|receive[d]?|attend(?:ed)?|start(?:ed)?|beg[iu]n|undergo(?:ne)?"
    rf"|tried|trialed)|denies|lack of)\b[^.;,]{{0,50}}?(?P<discipline>{DISCIPLINE})",
    re.I,
)
_NO_COUNT = re.compile(
    r"(?:\bhow many\b|\b(?:number|amount|total) of\b)[^.;]{0,60}?(?:visits?|sessions?|treatments?)", re.I
)
_SILENT = re.compile(
    r"\bno\b|\bnot\b|\black|\bunknown\b|\bunclear\b|\bwithout\b|\bunspecified\b|\bfail", re.I
)
_WORKER = re.compile(
    r"\b(?:patient|claimant|injured worker|worker|applicant|employee|IW|he|she|records?|documentation"
    r"|documents?|notes?|reports?|notation|summary|provider|physician|prior|previous(?:ly)?)\b",
    re.I,
)


def find_courses(letter: LetterText, sentence: Sentence, section: FactSection) -> list[Fact]:
    """Return the courses a sentence tells of.

    A course recorded without its count is "at least 1". A sentence that concludes, quotes a guideline or
    tells of utilization review gives nothing but, in the summary, what was requested.
    """
    text = sentence.text
    if sentence.concludes or (
        section == "rationale" and (sentence.quotes_guideline or not _WORKER.search(text))
    ):
        return []
    if sentence.tells_of_utilization_review:
        return []
    found: list[Fact] = []
    counted: list[tuple[int, int]] = []
    for match in _counts(text):
        if any(start < match.end() and match.start() < end for start, end in counted):
            continue
        fact = _counted_course(letter, sentence, match, section)
        counted.append(_reach(text, match))
        if fact is not None:
            found.append(fact)
    found.extend(_numbered(letter, sentence, section, counted))
    found.extend(_uncounted(letter, sentence, section, counted))
    return found


def _numbered(
    letter: LetterText, sentence: Sentence, section: FactSection, counted: list[tuple[int, int]]
) -> list[Fact]:
    """Return courses told by their latest visit ("finished his sixth visit"), or by a count without its unit."""
    text = sentence.text
    disciplines = {name_of(match[0]) for match in re.finditer(DISCIPLINE, text, re.I)}
    if len(disciplines) != 1:
        return []
    (discipline,) = disciplines
    found = []
    for match in (*_ORDINAL.finditer(text), *_BARE.finditer(text)):
        if any(start < match.end() and match.start() < end for start, end in counted):
            continue
        ordinal = match.groupdict().get("ordinal")
        if ordinal is not None:
            least = _ORDINALS.get(ordinal.lower()) or int(re.sub(r"\D", "", ordinal))
            amount = Amount(least, None, "visit", "stated, by the number of a visit")
            if _state(text, match.start(), match.end(), "") != "attended":
                continue
        else:
            least = number(match["low"])  # type: ignore[assignment]
            amount = Amount(least, least, "visit", "stated, its unit before")
        counted.append(match.span())
        span = letter.span(sentence.start + match.start(), sentence.start + match.end())
        found.append(
            Fact(
                "course",
                section,
                span,
                amount.method,
                amount=amount,
                count_of="attended",
                discipline=discipline,
            )
        )
    return found


def _counts(text: str) -> list[re.Match[str]]:
    return [*_PART_OF.finditer(text), *_COUNT.finditer(text), *_TIMES.finditer(text)]


def _reach(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the stretch a count covers together with the discipline right behind it."""
    after = re.match(
        rf"(?: (?:of|in|with|for|course|the|prior|previous|initial|formal|supervised)){{0"
        rf",3}} ?(?:{DISCIPLINE})",
        text[match.end() :],
        re.I,
    )
    return match.start(), match.end() + (after.end() if after else 0)


def _discipline_of(text: str, match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if groups.get("discipline"):
        return name_of(groups["discipline"])
    inside = re.search(DISCIPLINE, match["middle"] + " ", re.I)
    if inside is not None:
        return name_of(match["middle"][inside.start() :].strip())
    after = re.match(rf"(?: [a-z]+){{0,3}}? ?(?P<d>{DISCIPLINE})", text[match.end() : match.end() + 70], re.I)
    if after is not None:
        return name_of(after["d"])
    before = list(re.finditer(DISCIPLINE, text[max(0, match.start() - 70) : match.start()], re.I))
    return name_of(before[-1][0]) if before else None


def _amount(match: re.Match[str]) -> Amount | None:
    groups = match.groupdict()
    try:
        low = number(match["low"])
        high = number(groups["high"]) if groups.get("high") else None
    except ValueError:
        return None
    joint = (groups.get("joint") or "").strip().lower()
    if match.re is _PART_OF or joint.startswith(("of", "out", "/")):
        return Amount(low, low, "visit", "stated") if high is None or low <= high else None
    bound = (groups.get("bound") or "").strip().lower()
    if high is not None:
        return Amount(min(low, high), max(low, high), "visit", "stated")
    if bound in ("up to", "at most"):
        return Amount(None, low, "visit", "stated")
    if bound in ("more than", "over"):
        return Amount(low + 1, None, "visit", "stated")
    if bound in ("at least", "no fewer than", "a minimum of"):
        return Amount(low, None, "visit", "stated")
    return Amount(low, low, "visit", f"stated, {bound}" if bound else "stated")


def _counted_course(
    letter: LetterText, sentence: Sentence, match: re.Match[str], section: FactSection
) -> Fact | None:
    text = sentence.text
    amount = _amount(match)
    discipline = _discipline_of(text, match)
    if amount is None or (discipline is None and section == "summary"):
        return None
    state = _state(text, match.start(), match.end(), match.groupdict().get("middle") or "")
    if state is None:
        return None
    start, end = _reach(text, match)
    if state == "attended" and amount.value is not None and _ONE_AUTHORISATION.search(text, match.end()):
        amount = Amount(amount.at_least, None, "visit", "stated, of one authorisation")
    parts, date = _where_and_when(text, end)
    return Fact(
        "course",
        section,
        letter.span(sentence.start + start, sentence.start + end),
        amount.method,
        amount=amount,
        count_of=state,
        discipline=discipline,
        body_parts=parts,
        date=date,
    )


def _state(text: str, start: int, end: int, middle: str) -> CountOf | None:
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


def _where_and_when(text: str, end: int) -> tuple[tuple[BodyPart, ...], str | None]:
    behind = re.match(
        rf"[^.;]{{0,70}}?(?=,? (?:and|with|which|who|but) |[.;]|, (?!(?:left|right|bilateral|and)\b)|$"
        rf"|{DISCIPLINE})",
        text[end:],
        re.I,
    )
    words = behind[0] if behind else ""
    parts: tuple[BodyPart, ...] = ()
    if re.match(r"\W*(?:\w+ )?(?:for|to|of|on|treating|directed)\b", words):
        parts = find_body_parts(words)
    day = re.search(DATE, text[end : end + 40])
    return parts, read_date(day[0]) if day else None


def _uncounted(
    letter: LetterText, sentence: Sentence, section: FactSection, counted: list[tuple[int, int]]
) -> list[Fact]:
    text = sentence.text
    found: list[Fact] = []
    if _NO_COUNT.search(text) and _SILENT.search(text):
        first = re.search(DISCIPLINE, text, re.I)
        found.append(
            Fact(
                "prior_visits",
                section,
                letter.span(sentence.start, sentence.end),
                "the record does not say how many",
                status="undocumented",
                discipline=name_of(first[0]) if first else None,
            )
        )
    seen: set[str] = set()
    for none in _NONE.finditer(text):
        name = name_of(none["discipline"])
        rest = text[none.end("discipline") :]
        if (
            re.match(r"(?: \w+){0,2} (?:notes?|records?|reports?|documentation|progress)\b", rest, re.I)
            or name in seen
        ):
            continue
        if not re.match(
            r"(?:no|without|lack of) (?:(?:\w+ ){0,2}|(?:records?|documentation|evidence|history|mention|indication|reports?) "
            r"(?:of|for) (?:(?:any|prior|previous|past|recent|formal|such|supervised) )*)$",
            text[none.start() : none.start("discipline")],
            re.I,
        ) and re.match(r"(?:no|without|lack of)\b", none[0], re.I):
            continue  # "no improvement with physical therapy" is about the improvement
        counted.append(none.span())
        seen.add(name)
        recorded = re.match(r"(?:never|not|yet|denies)", none[0], re.I) is not None
        span = letter.span(sentence.start + none.start(), sentence.start + none.end())
        if recorded:
            found.append(
                Fact(
                    "course",
                    section,
                    span,
                    "said not to have happened",
                    amount=Amount(0, 0, "visit"),
                    count_of="attended",
                    discipline=name,
                )
            )
        else:
            found.append(
                Fact(
                    "course",
                    section,
                    span,
                    "none recorded",
                    status="undocumented",
                    count_of="attended",
                    discipline=name,
                )
            )
    for match in re.finditer(DISCIPLINE, text, re.I):
        if any(start < match.end() and match.start() < end for start, end in counted):
            continue
        name = name_of(match[0])
        if name in seen or (name == "therapy" and section == "summary"):
            continue
        state = _state(text, match.start(), match.end(), "")
        if state != "attended" or re.match(
            r"[a-z' -]{0,20}\b(?:notes?|guidelines?|evaluation|referral|program to be)\b",
            text[match.end() :],
            re.I,
        ):
            continue
        parts, date = _where_and_when(text, match.end())
        seen.add(name)
        found.append(
            Fact(
                "course",
                section,
                letter.span(sentence.start + match.start(), sentence.start + match.end()),
                "recorded without a count",
                amount=Amount(1, None, "visit"),
                count_of="attended",
                discipline=name,
                body_parts=parts,
                date=date,
            )
        )
    return found


def find_requested(text: str, discipline: str, parts: tuple[BodyPart, ...]) -> tuple[Amount, int, int] | None:
    """Return the visits of one discipline that running words ask for, and where they stand.

    For titles that leave the count to the summary ("physical therapy 2 times a week for 4 weeks"). Words
    about another part of the body than ``parts`` are passed over.
    """
    mentions = list(re.finditer(DISCIPLINE, text, re.I))
    for index, match in enumerate(mentions):
        if name_of(match[0]) != discipline:
            continue
        stop = mentions[index + 1].start() if index + 1 < len(mentions) else len(text)
        words = re.split(r"[;.] ", text[match.start() : stop])[0]
        line = read_service(words)
        if line.quantity is None or line.quantity.unit != "visit":
            continue
        if parts and line.body_parts and not any(overlap(a, b) for a in parts for b in line.body_parts):
            continue
        return line.quantity, match.start(), match.start() + len(words)
    return None
