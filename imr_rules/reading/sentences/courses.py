"""The courses of care a sentence tells of: how many visits, whose, attended or only authorized, and what is left.

A course recorded without its count is "at least 1"; one that never happened is 0; where the record is said to be silent
the course is undocumented. Care that guidelines allow, that is hoped for, somebody else's or an earlier injury's, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from imr_rules.reading.sentences.claims import claim
from imr_rules.reading.sentences.mentions import MEDICATION, THERAPY, Mention, nearest
from imr_rules.reading.sentences.statement import CountOf, Statement
from imr_rules.reading.sentences.tables import read_table, spelled_out
from imr_rules.reading.sentences.told import Told
from imr_rules.words import Amount, BodyPart, find_body_parts
from imr_rules.words.dates import DATE, read_date
from imr_rules.words.numbers import WORDS, spelled

# --- counts and their bounds

_SPELLED = "|".join(sorted(WORDS, key=len, reverse=True))
_N = rf"(?:(?:(?<![\d.,/-])\d{{1,4}}|\b(?:a )?(?:{_SPELLED})(?:[- ](?:{_SPELLED}))*\b)(?: \((?:\d{{1,4}}|[a-z-]+)\))?)"
_SOME_NUMBER = re.compile(
    rf"\d|\b(?:{_SPELLED}|none|any|once|twice|\w+th|first|second|third|no (?:visits|sessions)|not one)\b"
)
_BOUNDS: dict[str, str] = {
    "at least": r"at least|no (?:fewer|less) than|not (?:fewer|less) than|(?:an? )?minimum of|(?<=the )(?:first|last|past)",
    "at most": r"up to|at most|no more than|not more than|(?:an? )?maximum of",
    "under": r"fewer than|less than|under",
    "over": r"(?:well )?(?:more than|over|in excess of|upwards? of|greater than)",
    "about": r"approximately|about|around|roughly|nearly|almost|close to|somewhere (?:around|near)|in the (?:neighborhood|vicinity) of|an estimated|some",
}
_PARTS = {
    **read_table("courses.yaml")["parts"],
    "n": _N,
    "spelled": _SPELLED,
    "ordinal": "|".join(read_table("courses.yaml")["ordinals"]),
    "bound": rf"(?P<bound>\b(?:{'|'.join(_BOUNDS.values())}) )?",
}
_NUMBERS, _COUNTS, _BARE = (
    [re.compile(spelled_out(words, _PARTS)) for words in read_table("courses.yaml")[name]]
    for name in ("numbers", "counts", "bare")
)
_UNIT = spelled_out("<unit>", _PARTS)
_PACE = re.compile(
    rf"\b(?P<times>once|twice|three times|{_N})(?: ?(?:x|times?|visits?|sessions?))?(?: ?(?:a|per|each|every|/|x)? ?(?:weekly|week|wk)\b)"
    rf"(?:,? (?:for|x|times|over)| ?x)?(?: the| a)? ?(?:(?P<length>{_N}) ?(?:weeks?|wks?|(?P<months>months?|mos?))?|(?:(?:whole|full|entire) )?(?P<month>month))\b"
    r"|τ+,? (?P<times2>\d) ?x ?(?P<length2>\d)\b",
)
# Words of counts that go on counting what was counted before
_ONWARD = ("more", "additional", "further", "another", "before", "after", "since", "afterward", "afterwards")
# A number behind one of these counts no visits: "on May 3 PT was begun", "level 2 therapy"
_NUMBERED = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|level|grade|phase|stage|week|day|visit|number|age)[a-z]* $"
)
_ORDINALS = {word: value for value, word in enumerate(read_table("courses.yaml")["ordinals"], 1)}
_TODAY = re.compile(r"\b(?:today|this) (?:is|was)\b|\bis on\b|\b(?:presents|is seen|is here) for\b")

# --- what a count counts, by the words around it

_DONE = (
    r"kept|billed|delivered|exhausted|completed|finished|attended|received|undergone|had|done|used|utilized|taken|tried|trialed|provided|rendered|given|directed|performed"
    r"|administered|delivered|participated in|(?:been|gone) (?:to|through)|seen for|shown up for"
)
_DID = r"completed|finished|attended|received|underwent|did|used|utilized|participated in|went (?:to|through)|made it to|showed up (?:to|for)"

_AUTHORIZED = r"\bauthori[sz]ed\b|\bauth'?d\b|\bapproved\b|\bcertified\b|\bgranted\b|\bapproval\b"
# Of two cues that end together the weaker claim comes first.
_STATES: tuple[tuple[CountOf, str], ...] = (
    (
        "requested",
        r"\brequest\w*|\brecommend\w*|\border(?:ed|s|ing)?\b|\bplan(?:s|ned)?\b(?! of care)|\bpropos\w*|\bseek\w*|\bsought\b|\bpending\b|\bschedul\w*"
        r"|\brfa\b|\bwould\b|\bwill\b|\bshould\b|\bprescrib\w*|\bprescription\b|\brefer(?:red|ral)?\b|\bcontinu\w*"
        r"|\bto (?:receive|undergo|start|begin|have)\b|\bappeal\w*|\barranged\b|\binitiating\b|\bask\w*|\bcalls? for\b|\bhop\w+|\bexpect\w*"
        r"|\b(?:treatment plan|care plan|plan of (?:care|treatment))\b[^.;]{0,30}?\b(?:includ\w+|consist\w+ of|was|is|contains?)\b|\bwants?\b|\bwishes\b|\bawait\w*",
    ),
    ("authorized", _AUTHORIZED),
    (
        "attended",
        r"\bcomplet(?:ed|ing|ion)\b|(?<=\bnot )complete\b|\bfinish(?:ed|ing)\b|\bconsist(?:ed|s|ing) of\b|\battend(?:ed|ing)\b|\b(?:(?:was|were|been) seen (?:for|once|twice|\w+ times|\d)|seen(?: (?:for|x|a total of))*(?= ?\d))\b|\b(?:over|during|in) the (?:last|past)\b(?= \w+ (?:\w+ )?(?:visits|sessions|treatments))|\breceiv(?:ed|ing)\b|\bunder(?:went|gone|going)\b"
        r"|\bha(?:s|ve|d) (?:also |already |previously |previous |prior |only )*had\b|\bhaving had\b|\bparticipat\w+|\btreated with\b"
        r"|\b(?:treatments?|care|interventions?|diagnostics?|evaluations?|τ+)(?: and (?:treatments?|diagnostics?|evaluations?|diagnostic testing))?"
        r"(?: to date| rendered| received| history| thus far)*(?:,? ?(?:has|have|had|which))?(?: been)?(?: noted to)? ?includ(?:ed?s?|ing)\b"
        r"|\btreatments? (?:to date|rendered|received)\b:?|\b(?:prior|past|previous|relevant)(?: relevant)? (?:treatments?|care)\b(?: include[sd]?)?"
        r"|\bstatus post\b|\bs/p\b|\bprevious(?:ly)?\b|\bprior\b(?! to)|\bpast\b|\bd(?:ischarged|ropped out|ropping out) (?:from|of)\b|\btri(?:ed|aled)\b|\btrying\b|\bfail(?:ed|ure of)\b(?! to (?:attend|show|start|begin|keep|schedule|complete|undergo|receive))|\bprovided\b|\bto date\b|\bso far\b|\bexhausted\b|\b(?:by|at|during|since) the\b(?= \w+ (?:visit|session))|\bafter\b|\bdespite\b|\bin spite of\b"
        r"|\bfollowing\b(?! treat)|\bstarted\b|\bbegan\b|\bbegun\b|\bsince\b|\bin response to\b|\b(?:been|was|were|has|had|have) used\b|\bis on\b|\bthere (?:has|have) been\b|\b(?:benefits?|relief) of\b|(?<!may )(?<!might )(?<!could )(?<!would )(?<!can )\bbenefi\w+ (?:from|with)\b"
        r"|\b(?:relief|improve(?:d|ments?)|respon\w+|gains?) (?:[\w-]+ ){0,3}?(?:with|from|to)\b|\bhelp(?:ed|ful|ing)\b"
        rf"|\b(?:{_DID})(?= (?:[\w-]+ ){{0,3}}?(?:{_N}|τ))|\b(?:attends|been (?:to|through)|gone (?:to|through))\b"
        r"|\bha(?:d|ving)\b(?= (?:[\w-]+ ){0,5}(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|τ|good|some))",
    ),
)
_STATE_CUES = [(state, re.compile(words)) for state, words in _STATES]
_BEHIND = re.compile(
    rf"^(?:, (?=(?:was|were|has been|have been|completed|attended|received)\b))?(?:(?!\b(?:but|and|who|which|only|in addition to|besides|on top of|beyond|after|following|once|if|when|unless|until|upon)\b)[^.;,]){{0,60}}?\b(?P<verb>{_DONE}|authori[sz]ed|approved|certified|requested"
    r"|ordered|recommended|prescribed|pending|planned|scheduled|to date|noted|remain(?:s|ing)?|left(?= ?(?:$|[.,;)]|of |to |on |in ))|helped|gave|led|resulted|produced|yielded|brought|failed(?! to)|wore off|lasted|resolved|relieved|worked|took|improved|helpful|unhelpful|ineffective|useless|waste|of no (?:benefit|use|help)|did nothing|followed by|with (?:relief|benefit|results?|improvement|success))\b"
    r"(?P<then>[^.;]{0,40}?\band (?:were |have been )?(?:completed|attended|used)\b)?",
)
# "12 visits of this and 8 of that were completed"
_BOTH_BEHIND = re.compile(
    r"[^.;]{0,80}?\b(?:were|was|have been|has been) (?:completed|attended|received|provided|used)\b", re.I
)
_OF_A_DOCTOR = re.compile(
    r"\b(?:office|clinic|follow-?up|doctor|dr|physician|surgeon|provider|md|np|pa|er|ed|emergency|urgent|hospital|home|telehealth) (?:room |care |department )?(?:visits?|appointments?|encounters?)|\b(?:dr|md|doctor|physician|surgeon|emergency)\b"
)
_WITH_WHOM = re.compile(r" (?:to|with|on|about|by|at|for) (?:(?:an?|his|her|the)\b|ergonom|nutrition|diet)")
_NONE_BEFORE = re.compile(r"\bno (?:\w+ ){0,3}$")
_SINCE_IT = re.compile(r"\b(?:since|than on) (?:the |his |her )(?:[\w/-]+ ){0,2}$")
_ONGOING = re.compile(r"\b(?:ongoing|chronic|long-term) $")
_THAT_WERE = re.compile(
    r"^(?: of \w+)? (?:that|which) (?:were|was|had been) (?:authori[sz]ed|approved|certified)"
    r"|(?<=^ of) (?:the |his |her )?(?:authori[sz]ed|approved|certified)(?= [τ])",
    re.I,
)
_VERBS: dict[CountOf, str] = {
    "attended": rf"{_DONE}|attend|took|to date|helped|gave|led|resulted|produced|yielded|brought|failed|wore|lasted|resolved|relieved|worked|improved|helpful|unhelpful|ineffective|useless|waste|of no|did|followed|with|seen|treated",
    "authorized": r"authori|approv|certified",
    "requested": r"request|order|recommend|prescri|pending|planned|scheduled",
    "left": r"remain|left",
}
_HAD = (
    rf"(?:{_DONE}|have|having|receiv\w+|attend\w*|start\w*|beg[aiu]n\w*|under(?:go|going)|try|participat\w*(?: in)?|complet\w+"
    r"|(?:been )?(?:imaged|scanned|studied|evaluated|managed|investigated) (?:by|with|via|on)|do|doing|us(?:e|es|ing)|tak(?:e|es|ing)|go(?:ne)? to|been (?:given|treated with|provided|on))"
)
_MISSED = re.compile(
    r"\ball but\b|(?<!\d )(?<!\d were )(?<!\d was )\b(?:missed|no-shows?|cancell?ed)\b|\b(?:did not|failed to) attend\b",
    re.I,
)
_ONE_AUTHORIZATION = re.compile(
    r"through th(?:is|e) (?:particular )?(?:request|authorization|approval|rfa)", re.I
)
_SET = re.compile(r"\b(?:scheduled|arranged|booked|set up)\b")
_NOT_ALL = re.compile(rf"\b(?:not|n't|never)(?: yet)? {_HAD} (?:all )?(?:the |of the |his |her )*$")
_ALL_OF = re.compile(rf"\b(?:{_HAD}|exhausted|finished) all (?:of )?(?:the |his |her |these |those )*$")
_UNUSED = re.compile(
    r"[^.;]{0,40}?\b(?:unused|(?:expired|lapsed|ran out)(?= (?:before|without|prior)\b)|(?:never|not)(?: been)? used|without (?:being )?(?:used|attended))\b"
)
_NOT_ANY = re.compile(rf"\b(?:not|n't|never)(?: yet)? {_HAD} any of (?:the |his |her |these |those )*$")
_ADDS = re.compile(
    r"\b(?:another|additional|more|further|(?:second|third) (?:block|course|round|set|series|batch)|plus|subsequent|then|followed by|before|after|pre-?op\w*|post-?op\w*)\b"
    r"|(?:,|\band) \w+ (?:in|during|last|on)\b",
    re.I,
)

# --- care told without a count

_ANY = r"(?:(?:any|of|(?:courses?|trials?|rounds?|blocks?|history|form|amount) of|an?|the|prior|previous|past|recent|formal|such|supervised|authorized|approved|certified|scheduled|further|more|his|her|single|advanced|new|repeat|current|updated|other|additional|(?:visits?|sessions?) of|shoulder|knee|neck|back|lumbar|cervical) )*"
_NAMED = r"[τδσ]++"
_PAPERS = r"(?! (?:(?!in\b|from\b)\w+ ){0,2}(?:notes?|records?|reports?|documentation|progress|guidelines?|evaluation|referral)\b)"
_NEVER = re.compile(
    rf"\b(?:not|n't|never|yet to|denie[sd]|denying|no longer)(?: that s?he)?(?: yet| ever| has)? (?:{_HAD} ){{1,2}}{_ANY}(?P<of>{_NAMED})"
    rf"|\b(?:no|denie[sd](?: the)?(?: use of)?) {_ANY}(?P<of2>{_NAMED}){_PAPERS}(?! (?:helped|relief))"
    rf"|(?<!with )(?<!from )(?<!of )(?<!to )(?<!after )(?<!prior )(?P<of3>{_NAMED})\b(?:;? (?!did\b|does\b|helped\b|gave\b|[τδσ])[\w/-]+){{0,7}}? (?:(?:has|have|had|was|were|is|are|did)(?: also)? (?:not|never|yet to)(?: yet)?|not yet|never)(?: been| be)?"
    rf"(?: scheduled or)? (?:{_DONE}|start(?:ed)?|beg[aiu]n|attempted|obtained|initiated|undertaken|scheduled|t[ao]k(?:e|en)? place|took place|happen(?:ed)?|came about|occur(?:red)?|materiali[sz]ed?)\b"
    rf"|\bnot (?:a single|one) {_ANY}(?P<of4>{_NAMED})(?: (?:visit|session|treatment))?(?: (?:has|was)(?: ever| yet)?(?: been)? (?:{_DONE}|scheduled|started))?"
    rf"|(?P<of5>{_NAMED}),? (?:but|and|yet)(?: s?he| has| have)* (?:never|(?:did |has |have )?not|\w+n't)(?: yet)? (?:go(?:ne)?|went|attend(?:ed)?|start(?:ed)?|beg[aiu]n|show(?:ed|n)?(?: up)?|follow(?:ed)? through|made it|received?|had|have)\b"
    rf"|(?P<of6>{_NAMED})[^.;τδσ]{{0,60}}? (?:authori[sz]ed|approved|certified)\b[^.;τδσ]{{0,40}}? (?:but|yet|and|;)[^.;τδσ]{{0,40}}?(?:\bnot|\bnever|\bno|n't)\b[^.;τδσ]{{0,25}}?\b(?:schedul|appointment|call|contact|start|beg[aiu]n|set (?:it|them|this|up)|arrang|attend)\w*",
)
_SILENT = re.compile(
    rf"\b(?:no|not|lack\w*|without|absence|n't)\b[^.;,]{{0,40}}?\b(?:documentation|records?|evidence|mention|document\w*|history|notation|indication|appear)(?: of| for| that| regarding)?"
    rf"(?: the (?:patient|worker|claimant))?(?: has| had| have| received| attended| undergone)* {_ANY}(?P<of>{_NAMED}){_PAPERS}(?! (?:did|has|was|were|helped|led|produced|gave)\b)"
    rf"|\bno {_ANY}(?P<of2>{_NAMED})(?: visits?| sessions?)?(?: is| was| has been| were| are)? (?:documented|recorded|mentioned|noted|on (?:file|record)|(?:found |available |present )?in the (?:file|chart|records?))"
    rf"|(?P<of3>{_NAMED})(?: [\w-]+){{0,7}}? (?:was|were|is|are) not (?:(?:provided|submitted|available|included|attached|enclosed|found)(?: for (?:this )?review| in the (?:file|records?)| with the (?:request|file))|submitted|attached|enclosed)"
    rf"|\b(?:not|n't|unclear|unknown)\b[^.;,]{{0,30}}? (?:whether|if) [^.;,]{{0,40}}?\b{_HAD} {_ANY}(?P<of4>{_NAMED})"
    rf"|\b(?:not|n't|unclear|unknown)\b[^.;,]{{0,30}}? (?:whether|if) (?:this|it|the request) is [^.;,]{{0,40}}?\b(?:initial|first|new)\b[^.;,]{{0,30}}?(?P<of5>{_NAMED})"
    rf"|\b(?:whether|if) [^.;,τ]{{0,30}}?\b(?:initial|first|new|continu\w+)\b [^.;,τ]{{0,40}}?(?P<of6>{_NAMED})[^.;,]{{0,30}}?(?:\bnot\b|unclear|unknown|unspecified)"
    rf"|\b(?:whether|if) [^.;,τ]{{0,20}}?(?P<of7>{_NAMED}) (?:is|was|are) (?:an? )?(?:initial|first|new|continu\w+)\b[^.;,]{{0,40}}?(?:\bnot\b|unclear|unknown|unspecified)",
)
_NO_COUNT = re.compile(
    rf"(?:\bhow many\b|\b(?:number|amount|total|count) of\b)[^.;]{{0,60}}?{_UNIT}[^.;]*"
    r"|\bhow much τ[^.;]*|\b(?:number|amount|extent|quantity|total) of (?:the |his |her |any |prior |previous |past |earlier |completed )*τ+(?! (?:benefit|relief|need|requ|recomm))[^.;]*"
    r"|\b(?:number|amount|extent|quantity|count) of (?:which|that|this|these|it|them)\b[^.;]*",
    re.I,
)
_WANTED = re.compile(r"\b(?:need|requir|request|necessary|recommend|propos|plan|prescri)\w*")
_NOT_SAID = re.compile(
    r"\bno\b|\b(?:can)?not\b|\bn(?:either|or)\b|\black|\bunknown\b|\bunclear\b|\bwithout\b|\bunspecified\b|\bfail",
    re.I,
)
_STUDIED = re.compile(
    r"\b(?:dated|performed|obtained|done|completed|taken|reveal\w*|show(?:ed|s|ing)|demonstrat\w*|report(?:ed|s)|confirm\w*|noted|had an?|underwent|reviewed|prior|previous"
    r"|(?:was|were) (?:\w+ )?(?:normal|unremarkable|negative|positive|within))\b|\bσ+[^.;]{0,40}\d[/-]\d|\d[/-]\d{2,4} (?:\w+ ){0,2}σ",
)
_DATED = re.compile(r"(?:\d[/-]\d{2,4}|\b(?:19|20)\d\d) (?:[a-z]+ )?σ+$")
_TAKES = re.compile(
    r"\b(?:tak(?:es|ing|en)|us(?:es|ing|ed)|continu\w+|current|medications?|includ\w+|treated with|tried|trial\w*|stopped|discontinued|started|receiv\w+|weaned|no longer|(?:re)?filled|refills|renew(?:ed|al)|dispens\w+|managed with|despite|in spite of|regimen)\b|^\W*δ|δ(?: is| are| remains?|:) ",
)
_STOPPED = re.compile(r"\b(?:stopped|discontinued|quit|no longer|weaned)\b")
# To taper, renew or go on with a drug one must be on it
_IN_USE = re.compile(
    r"\b(?:taper|wean|refill|renew|discontinu|stop|reduc|decreas|cut)\w*(?: (?:off|of|down|the|his|her|use|dose|daily|from|slow|gradual)){0,4} $"
)
_LONG = re.compile(
    r"\b(?:since|been (?:prescribed|given|on)|for (?:the (?:past|last)|over|more than|many|several))\b"
)
_PRESCRIBED = re.compile(r"\b(?:prescribed|on|since|requires|with)\b")
_ASKED = re.compile(
    r"\b(?:request\w*|recommend\w*|plan\w*|would|will|should|refills?|authoriz\w*|ordered)\b", re.I
)


_THE_REST = "stated, as the rest"
"""The method of a count that follows from what is left of a whole."""


class _Count(NamedTuple):
    """A count with its place, before it is known what it counts."""

    start: int
    end: int
    amount: Amount
    whole: Amount | None = None
    middle: str = ""
    verb: str | None = None
    onward: bool = False


def find_courses(told: Told) -> list[Statement]:
    """Return the courses a sentence tells of."""
    found: list[Statement] = []
    if not told.mentions and not told.of_request:
        return found
    taken: list[tuple[int, int]] = []
    for count in _counts(told.signed):
        mention = nearest(told.mentions, told.signed, count.start, count.end) or _said_before(
            found, told, count
        )
        if mention is None and _of_this_care(told, count):
            mention = Mention(count.start, count.end, "", "τ")  # visits of the care this rationale is about
        if mention is None or any(start < count.end and count.start < end for start, end in taken):
            continue
        place = _stretch(told.signed, count.start, count.end, mention)
        own = [*_counted(told, count, mention, place, found)]
        taken += [place] if own else []
        found += own
    found = [*_added_up(_stated_outright(found)), *_used_up(found)]
    return [*found, *_uncounted(told, taken, {each.treatment for each in found})]


def _of_this_care(told: Told, count: _Count) -> bool:
    """Whether visits of no named care are of the care the text is about: the item's, or a letter's only one."""
    if re.search(r"\band\b", count.middle) or told.signed.endswith(" times", 0, count.end):
        return False
    if _WITH_WHOM.match(told.signed, count.end) and not told.parts_of_clause(count.start):
        return False
    if _OF_A_DOCTOR.search(told.sentence.low, *told.sentence.clause(count.start)) is not None:
        return False
    return told.section == "summary" or (told.of_item and (count.verb is not None or not told.general))


def _counts(text: str) -> Iterator[_Count]:
    """Yield every count of visits, the surest way of telling one first."""
    if not _SOME_NUMBER.search(text):
        return
    for match in _each(_NUMBERS, text):
        (name, written), *_ = [(name, each) for name, each in match.groupdict().items() if each]
        least = _ORDINALS.get(written) or _number(re.sub(r"(?<=\d)[a-z]+", "", written))
        amount = Amount(least, least if name == "last" else None, "visit", "stated, by the number of a visit")
        verb = "attended" if name != "nth" or _TODAY.search(text) else None
        yield _Count(*match.span(), amount, verb=verb)
    for match in _each(_COUNTS, text):
        groups = match.groupdict()
        amounts = _amounts(groups)
        if amounts is not None and not (groups.get("figure") and _NUMBERED.search(text, 0, match.start())):
            yield _Count(*match.span(), *amounts, groups.get("middle") or "", groups.get("verb"))
    for match in _PACE.finditer(text):
        times = _number(match["times"] or match["times2"])
        length = _number(match["length"] or match["length2"] or "one")
        if times is not None and length is not None:
            months = match["months"] or match["month"]
            low, high = (28 * length, 31 * length) if months else (7 * length, 7 * length)
            amount = Amount(times * low // 7, -(-times * high // 7), "visit", "frequency x duration")
            yield _Count(*match.span(), amount)
    for match in _each(_BARE, text):
        groups = match.groupdict()
        value, most = _number(match["low"]), _number(groups.get("high") or "")
        if value is not None:
            amount = Amount(value, value, "visit", "stated, its unit before")
            whole = Amount(most, most, "visit") if most is not None else None
            verb = groups.get("verb")
            onward = verb is None or verb in _ONWARD
            yield _Count(*match.span(), amount, whole, verb=None if onward else verb, onward=onward)


def _each(patterns: list[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    return (match for pattern in patterns for match in pattern.finditer(text))


def _number(written: str) -> int | None:
    """Return a whole number in figures or words; None where it is none."""
    text = re.sub(r" \([^)]*\)$", "", written.strip().lower())
    if text.isdigit():
        return int(text)
    if re.fullmatch(rf"{_PARTS['none']}|any|no visits|no sessions", text):
        return 0
    return spelled(text)


def _amounts(groups: dict[str, str | None]) -> tuple[Amount, Amount | None] | None:
    """Return a count, exact or bounded, and the count it is a part of."""
    low, high = _number(groups["low"] or ""), _number(groups.get("high") or "")
    if low is None or (groups.get("high") and high is None):
        return None
    joint, bound = (groups.get("joint") or "").strip().lower(), (groups.get("bound") or "").strip().lower()
    if high is not None and joint.startswith(("of", "out", "/")):
        return (Amount(low, low, "visit"), Amount(high, high, "visit")) if low <= high else None
    if high is not None:
        return Amount(min(low, high), max(low, high), "visit"), None
    kind = (
        "at least"
        if groups.get("more")
        else next(
            (name for name, words in _BOUNDS.items() if re.fullmatch(words.replace("(?<=the )", ""), bound)),
            "",
        )
    )
    kind = "about" if groups.get("so") else kind
    bounds = {
        "at least": (low, None), "at most": (None, low), "under": (None, max(0, low - 1)), "over": (low + 1, None),
        "about": (low - low // 5, low + low // 5),
    }  # fmt: skip
    return Amount(
        *bounds.get(kind, (low, low)), "visit", f"stated, {bound or 'about'}" if kind == "about" else "stated"
    ), None


def _said_before(found: list[Statement], told: Told, count: _Count) -> Mention | None:
    """Return the treatment counted last in a sentence, or the only one it names."""
    own = [mention for mention in told.mentions if mention.sign == "τ"]
    if found:
        return next((mention for mention in own if mention.name == found[-1].treatment), None)
    return (
        own[0]
        if len({mention.name for mention in own}) == 1 and (count.verb is None or own[0].start < count.start)
        else None
    )


def _stretch(text: str, start: int, end: int, mention: Mention) -> tuple[int, int]:
    """Return the words a count covers together with its treatment, where that stands right beside it."""
    between = text[end : mention.start] if mention.start >= end else text[mention.end : start]
    close = re.fullmatch(
        r"\W*(?:(?:of|in|with|for|course|the|prior|previous|initial|formal|supervised) ?){0,3}", between
    )
    return (min(start, mention.start), max(end, mention.end)) if close and len(between) < 40 else (start, end)


def _counted(
    told: Told, count: _Count, mention: Mention, place: tuple[int, int], before: list[Statement]
) -> Iterator[Statement]:
    """Yield what one count says: visits attended, authorized or asked for, and what is left of them."""
    text = told.signed
    what = claim(told.sentence, count.start, count.end)
    parts, date = _where_and_when(told, *place)
    state = "attended" if _missed(told, count) else _state(text, count)
    if state is None and count.onward and before and before[-1].treatment == mention.name:
        state = before[-1].count_of  # it goes on counting what was counted before
    if state is None and date is not None and len(date) == 4:
        state = "attended"  # "two epidurals in 2015"
    if (
        state is None
        or not what.of_worker
        or what.earlier
        or what.why in ("quoted", "conditional")
        or _of_earlier_injury(told, date)
    ):
        return
    none_yet = count.amount.value == 0 and _SET.search(text, count.end, count.end + 40) is not None
    if none_yet:
        state = "attended"
    elif state == "attended" and what.why in ("hoped", "unclear"):
        return
    amount, whole = count.amount, count.whole

    if (
        state == "authorized"
        and _ALL_OF.search(text, 0, count.start)
        and not _NOT_ALL.search(text, 0, count.start)
    ):
        state, whole = "attended", whole or amount  # "has used all 12 of his authorized visits"
    none = _NOT_ANY.search(text, 0, count.start) is not None or _UNUSED.match(text, count.end) is not None
    if none and state in ("attended", "authorized"):
        whole, amount = whole or amount, Amount(0, 0, "visit")
        state = "attended"

    def course(amount: Amount, state: CountOf) -> Statement:
        around = text[max(0, count.start - 40) : count.end + 20]
        return told.statement(
            "course",
            *place,
            amount.method,
            amount=amount,
            count_of=state,
            adds=state in ("attended", "authorized") and _ADDS.search(around) is not None,
            treatment=mention.name or None,
            body_parts=parts,
            date=date,
        )

    authorized = re.search(_AUTHORIZED, text[max(0, count.start - 5) : count.end + 40]) is not None
    said = [
        each
        for each in before
        if each.treatment == mention.name and each.count_of in ("authorized", "requested")
    ]
    if whole is None and said and count.verb is not None and state in ("attended", "left"):
        whole, authorized = said[-1].amount, said[-1].count_of == "authorized"
    elif whole is not None and authorized and state in ("attended", "left"):
        yield course(whole, "authorized")
    if (
        whole is None
        or whole.value is None
        or amount.value is None
        or state not in ("attended", "left")
        or amount.value > whole.value
    ):
        if state == "attended" and amount.value and _NOT_ALL.search(text, 0, count.start):
            amount = Amount(None, amount.value - 1, "visit", "stated, not all of them")
        elif state == "attended" and amount.value is not None and _ONE_AUTHORIZATION.search(text, count.end):
            amount = Amount(amount.at_least, None, "visit", "stated, of one authorization")
        yield course(amount, state)
        return
    rest = Amount(whole.value - amount.value, whole.value - amount.value, "visit", _THE_REST)
    if _missed(told, count):
        yield course(Amount(None, rest.value, "visit", "stated, less those missed"), "attended")
        return
    yield course(rest if state == "left" else amount, "attended")
    if authorized:
        yield course(amount if state == "left" else rest, "left")


def _missed(told: Told, count: _Count) -> bool:
    return _MISSED.search(told.signed, *told.sentence.clause(count.start)) is not None and (
        count.whole is not None or count.verb == "attend"
    )


def _of_earlier_injury(told: Told, date: str | None) -> bool:
    return date is not None and told.injured is not None and date < told.injured[: len(date)]


def _state(text: str, count: _Count) -> CountOf | None:
    """Return what a count counts, by the words around it; None where none tells."""
    if re.search(r"\b(?:previous|prior|past|completed|post-?operative|pre-?operative)\b", count.middle):
        return "attended"
    if re.search(r"\bauthori[sz]ation (?:for|of) (?:up to |an? )?$", text[: count.start]):
        return (
            "authorized"
            if re.match(
                r"[^.;]{0,60}?\b(?:given|granted|received|issued|obtained)\b", text[count.end :], re.I
            )
            else "requested"
        )
    if re.search(r"\bremaining\b|\bleft\b", count.middle):
        return "left"
    if count.verb is not None:
        return next((state for state, verbs in _VERBS.items() if re.match(verbs, count.verb)), "attended")
    behind = _BEHIND.match(_THAT_WERE.sub("", text[count.end :]))
    if behind is not None:
        if behind["then"]:
            return "attended"
        state = next((state for state, verbs in _VERBS.items() if re.match(verbs, behind["verb"])), None)
        if state is not None:
            return state
    if (
        re.search(r"\b(?:planned|scheduled|ordered|requested|recommended|prescribed)\b", count.middle)
        and count.whole is None
    ):
        return "requested"
    if re.search(_AUTHORIZED, count.middle) and count.whole is None:
        return "authorized"
    if re.search(
        r"\b(?:the|his|her|their) (?:first|last|previous|prior|past|preceding|earlier) $",
        text[: count.start] + ("first " if text.startswith("first ", count.start) else ""),
    ):
        return "attended"
    cues = [(end, state) for end, state in _cues(text) if end <= count.start]
    more = re.search(
        r"\b(?:additional|further|more)\b", text[max(0, count.start - 14) : count.start] + count.middle, re.I
    )
    if more and not (
        cues
        and cues[-1][1] == "attended"
        and not re.search(r";|\bbut\b|, (?!then|followed|and|later)", text[cues[-1][0] : count.start])
    ):
        return "requested"
    return cues[-1][1] if cues else "attended" if _BOTH_BEHIND.match(text, count.end) else None


@lru_cache(maxsize=16)
def _cues(text: str) -> tuple[tuple[int, CountOf], ...]:
    """Return where each cue of a sentence ends, in order; of two that end together, the weaker claim first."""
    ends = [
        (match.end(), -rank, state)
        for rank, (state, words) in enumerate(_STATE_CUES)
        for match in words.finditer(text)
    ]
    return tuple((end, state) for end, _, state in sorted(ends))


def _where_and_when(told: Told, start: int, end: int) -> tuple[tuple[BodyPart, ...], str | None]:
    """Return the parts of the body and the date that a course between two places is told with."""
    text = told.sentence.text
    behind = re.match(
        r"[^.;]{0,70}?(?=,? (?:and|with|which(?! (?:were|was) (?:for|directed|focused|aimed))|who|but) |[.;]|, (?!(?:left|right|bilateral|and|which|was|were|has been|have been|treated|addressed|directed|focused)\b)|,? (?:rather than|instead of|not)\b|$|τ)",
        told.signed[end:],
    )
    words = text[end : end + behind.end()] if behind else ""
    parts = (
        find_body_parts(words)
        if re.match(
            r"\W*(?:(?:[\w-]+ ){0,4}?(?:for|to|of|on|treating|toward|at)|(?:[\w-]+ ){0,7}?(?:directed|focused|aimed|targeted|addressed|treated|were for|limited to))\b",
            words,
        )
        else ()
    )
    ahead = re.search(
        r"(?:^|[;,] )(?:for|to|of) [^,;]{3,40}, $|τ+ (?:of|for|to) [^,;]{3,40}, ?$", told.signed[:start], re.I
    )
    if not parts and ahead is not None:
        parts = find_body_parts(text[ahead.start() : start])
    day = _tied_day(told, start, end)
    if day is not None:
        return parts, read_date(day)
    year = re.search(r"\b(?:in|since|of|a) ((?:19|20)\d\d)\b", text[max(0, start - 40) : end + 40])
    year = year or re.search(r"\b((?:19|20)\d\d) (?:\w+ ){0,2}$", text[:start])
    year = year or re.match(r"(?:Back )?[Ii]n ((?:19|20)\d\d)\b", text)
    return parts, year[1] if year else None


def _stated_outright(found: list[Statement]) -> list[Statement]:
    """Return the courses without those that only follow from what is left, where the attended are counted outright."""
    attended = [each for each in found if each.count_of == "attended"]
    outright = {each.treatment for each in attended if each.method != _THE_REST}
    return [
        each
        for each in found
        if each not in attended or each.method != _THE_REST or each.treatment not in outright
    ]


# Between a course and its day stand no other things: "therapy, an epidural on 4/4/2016", "since surgery on 6/10/2016"
_TO_DAY = re.compile(
    r"[^,;.(τδσ]*(?:,? \(?(?:the |most )?(?:last|recent|first|dated|starting|started|beginning|ending|from|on|since|through|completed|between|in)\b[^,;.(τδσ]*| ?\()?"
)
_THING = re.compile(
    r"\b(?:after|following|since|status post|s/p|before|prior to|from|by|per|and) (?:[\w-]+ )+(?:on|of|dated|in|from)? ?$|surg|operat|inju|\b(?:mri|x-?rays?|reports?|notes?|request\w*|evaluat\w+)\b"
)
_FROM_DAY = re.compile(r"[^,;.()τδσ]*")
_OPENING = re.compile(r"(?:^|[;.] ?)(?:on|in|since|by|as of|between|from|per|the)? ?$")


def _tied_day(told: Told, start: int, end: int) -> str | None:
    """Return the day a course is told with: right behind it, before it, or at the opening of its sentence."""
    text, low = told.sentence.text, told.signed
    behind = re.search(DATE, text[end : end + 40])
    if behind is not None:
        between = low[end : end + behind.start()]
        if _TO_DAY.fullmatch(between) and not _THING.search(between):
            return behind[0]
    begin = max(0, start - 40)
    ahead = [*re.finditer(DATE, text[begin:start])]
    for day in reversed(ahead):
        first, last = begin + day.start(), begin + day.end()
        if _FROM_DAY.fullmatch(low, last, start) or _OPENING.search(low[:first]):
            return day[0]
    return None


def _added_up(found: list[Statement]) -> Iterator[Statement]:
    """Yield statements with those that come on top of one before added to it: "six visits, and six more"."""
    sums: list[Statement] = []
    for each in found:
        base = next(
            (
                other
                for other in sums
                if (other.treatment, other.count_of, other.body_parts)
                == (each.treatment, each.count_of, each.body_parts)
            ),
            None,
        )
        if base is None or not each.adds or each.amount is None or base.amount is None:
            sums.append(each)
            continue
        lows, highs = (base.amount.at_least, each.amount.at_least), (base.amount.at_most, each.amount.at_most)
        low = sum(bound or 0 for bound in lows)
        high = None if None in highs else sum(bound or 0 for bound in highs)
        total = Amount(low, high, "visit", "stated, added up")
        sums[sums.index(base)] = replace(base, amount=total, method=total.method, end=max(base.end, each.end))
    yield from (replace(each, adds=False) for each in sums)


def _used_up(found: list[Statement]) -> Iterator[Statement]:
    """Yield the visits attended where a sentence tells how many were authorized and how many of them are left."""
    counts = {
        each.count_of: each for each in found if each.amount is not None and each.amount.value is not None
    }
    left, whole = counts.get("left"), counts.get("authorized")
    if left is None or whole is None or "attended" in counts or left.treatment != whole.treatment:
        return
    assert left.amount is not None
    assert whole.amount is not None
    if (
        left.amount.value is not None
        and whole.amount.value is not None
        and left.amount.value <= whole.amount.value
    ):
        used = whole.amount.value - left.amount.value
        yield replace(
            left,
            count_of="attended",
            amount=Amount(used, used, "visit", _THE_REST),
            method=_THE_REST,
        )


def _uncounted(told: Told, taken: list[tuple[int, int]], named: set[str | None]) -> Iterator[Statement]:
    """Yield the courses that no count covers: given, never given, or not in the record."""
    text = told.signed
    mentions = [mention for mention in told.mentions if mention.name != MEDICATION]
    by_place = {mention.start: mention for mention in mentions}
    silent = _NO_COUNT.search(text)
    if (
        silent is not None
        and _NOT_SAID.search(text)
        and not _WANTED.search(silent[0])
        and claim(told.sentence, *silent.span()).of_worker
    ):
        mention = nearest(told.mentions, text, *silent.span()) or next(
            (each for each in told.mentions if each.sign == "τ"), None
        )
        if mention is not None or told.of_request:
            method = "the record does not say how many"
            name = mention.name if mention is not None else None
            yield told.statement(
                "prior_visits", *silent.span(), method, status="undocumented", treatment=name
            )
            taken = [*taken, silent.span()]
    seen: set[str] = set()
    for pattern in (_SILENT, _NEVER):
        for match in pattern.finditer(text):
            mention = by_place.get(
                next(match.start(name) for name, each in match.groupdict().items() if each)
            )
            if (
                mention is None
                or mention.name in seen
                or any(start < match.end() and match.start() < end for start, end in taken)
            ):
                continue
            what = claim(told.sentence, *match.span(), within=False)
            if (
                not what.of_worker
                or what.earlier
                or what.why in ("quoted", "conditional", "hoped")
                or _STOPPED.match(match[0])
            ):
                continue
            seen.add(mention.name)
            if (
                pattern is _SILENT
                and mention.sign == "σ"
                and _where_and_when(told, mention.start, mention.end)[1]
            ):
                yield given(
                    told, mention.start, mention.end, mention.name
                )  # its day is known, and its report missing
            elif pattern is _SILENT:
                yield told.statement(
                    "course",
                    *match.span(),
                    "none recorded",
                    status="undocumented",
                    count_of="attended",
                    treatment=mention.name or None,
                )
            else:
                none = Amount(0, 0, "visit")
                yield told.statement(
                    "course",
                    *match.span(),
                    "said not to have happened",
                    amount=none,
                    count_of="attended",
                    treatment=mention.name or None,
                )
    for mention in mentions:
        covered = any(start < mention.end and mention.start < end for start, end in taken)
        unnamed = mention.name == THERAPY and not told.of_item
        if (
            not unnamed
            and mention.name not in seen
            and mention.name not in named
            and not covered
            and _was_given(told, mention)
        ):
            seen.add(mention.name)
            yield given(told, mention.start, mention.end, mention.name)


def given(told: Told, start: int, end: int, treatment: str) -> Statement:
    """Return a course told without a count."""
    parts, date = _where_and_when(told, start, end)
    amount = Amount(1, None, "visit")
    return told.statement(
        "course",
        start,
        end,
        "recorded without a count",
        amount=amount,
        count_of="attended",
        treatment=treatment,
        body_parts=parts,
        date=date,
    )


def _was_given(told: Told, mention: Mention) -> bool:
    """Whether a treatment named without a count was given, by the words around it."""
    what = claim(told.sentence, mention.start, mention.end)
    text = told.signed
    begin, end = told.sentence.clause(mention.start)
    if not what.of_worker or what.earlier or what.why in ("quoted", "conditional", "hoped"):
        return (
            what.why == "hoped"
            and mention.sign == "δ"
            and what.of_worker
            and (
                _IN_USE.search(text, 0, mention.start)
                or _TAKES.search(text, mention.end)
                or _LONG.search(text)
            )
            is not None
        )
    if _of_earlier_injury(told, _where_and_when(told, mention.start, mention.end)[1]) or not re.match(
        _PAPERS, text[mention.end :], re.I
    ):
        return False
    if told.general or (
        what.polarity == "denied" and mention.sign == "τ" and _NONE_BEFORE.search(text[: mention.start])
    ):
        return False
    state = _state(text, _Count(mention.start, mention.end, Amount(1, None)))
    if mention.sign == "σ" and state != "requested" and _DATED.search(text, 0, mention.end):
        return True
    if mention.sign == "σ":
        if _SINCE_IT.search(text[: mention.start]):
            return True
        return (
            what.polarity == "stated"
            and state not in ("requested", "authorized")
            and _STUDIED.search(text, begin, end) is not None
        )
    if mention.sign == "δ":
        if _ONGOING.search(text[: mention.start]):
            return True
        if what.polarity != "stated":
            return _STOPPED.search(text, begin, end) is not None
        return _TAKES.search(text, begin, end) is not None or (
            _PRESCRIBED.search(text, begin, end) is not None and _ASKED.search(text, begin, end) is None
        )
    return state == "attended"
