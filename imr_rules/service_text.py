"""What a line that asks for a service says: how many, how often, how long, and for which part of the body.

>>> line = read_service("Continue physical therapy 3 times a week for 2 weeks, right shoulder")
>>> line.quantity.value, line.quantity.unit, line.quantity.method
(6, 'visit', 'frequency x duration')

The same words stand in the items of determination letters and in the requests of case files, so both read
them here. Reading is by pattern only: what matched is returned, what was derived says how, and numbers that
matched nothing are listed in ``unrecognised``. Which treatment the words name is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from imr_rules.body_parts import BodyPart, find_body_parts

__all__ = ["Amount", "Rate", "Request", "ServiceText", "number", "read_request", "read_service"]

Number = int | Decimal
Period = Literal["day", "week", "month", "year"]

_WORDS = {
    word: value
    for value, words in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
    for word in words.split("/")
} | {
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "single": 1,
    "twenty-one": 21,
    "twenty-four": 24,
    "twenty-five": 25,
    "thirty": 30,
    "thirty-six": 36,
    "forty": 40,
    "forty-eight": 48,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
_SPELT = "|".join(
    sorted((w for w in _WORDS if w not in ("once", "twice", "thrice", "single")), key=len, reverse=True)
)
#: One number, in figures or spelt; "six (6)" is one number.
_LATER_NUMBER = rf"(?:(?:\d{{1,4}}(?:\.\d+)?|\b(?i:{_SPELT})\b)(?: \(\d{{1,4}}\))?)"
NUMBER = rf"(?:(?<![\d.,/-]){_LATER_NUMBER})"


def number(written: str) -> Number:
    """Return the value of a number written in figures or words; ``"six (6)"`` is 6.

    Raises:
        ValueError: it is not a number.
    """
    text = re.sub(r" ?\(\d+\)$", "", written.strip().lower())
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if re.fullmatch(r"\d{1,9}\.\d{1,9}", text):
        value = Decimal(text)
        return int(value) if value == value.to_integral_value() else value
    raise ValueError("not a number")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity, exact or between bounds (both included).

    Attributes:
        at_least, at_most: the bounds; equal where the quantity is exact, ``None`` where open.
        unit: ``visit``, ``hour``, ``day``, ``week``, ``month``, ``tablet`` ..., or ``None`` where not said.
        method: how it was got, in a few plain words: ``stated``, ``frequency x duration`` ...
    """

    at_least: Number | None
    at_most: Number | None
    unit: str | None = None
    method: str = "stated"

    @property
    def value(self) -> Number | None:
        """The exact quantity, or ``None`` where only bounds are known."""
        return self.at_least if self.at_least == self.at_most else None

    def to_dict(self) -> dict[str, object]:
        """Return ``value``, or else ``at_least`` and ``at_most``; with ``unit`` and ``method``."""
        found: dict[str, object] = (
            {"value": _plain(self.value)}
            if self.value is not None
            else {
                name: _plain(bound)
                for name, bound in (("at_least", self.at_least), ("at_most", self.at_most))
                if bound is not None
            }
        )
        return found | {"unit": self.unit, "method": self.method}


def _plain(value: Number | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times each period: 2 to 3 a week."""

    at_least: Number
    at_most: Number
    per: Period

    def to_dict(self) -> dict[str, object]:
        """Return ``value`` or bounds, and ``per``."""
        if self.at_least == self.at_most:
            return {"value": _plain(self.at_least), "per": self.per}
        return {"at_least": _plain(self.at_least), "at_most": _plain(self.at_most), "per": self.per}


@dataclass(frozen=True, slots=True)
class ServiceText:
    """One service as asked for.

    Attributes:
        text: the words that were read.
        service: what is left of them when all below is taken out: the service's name, for whoever knows
            names.
        quantity: how many; ``None`` where the words do not say, or say that it is unknown.
        quantity_unspecified: the words themselves say that the quantity is unknown or unspecified.
        frequency, hours_a_day, duration: as written; a range is a range.
        supply: days of supply of a medication. refills: further fills of it.
        body_parts: see :mod:`imr_rules.body_parts`.
        continuing: more of a course already begun ("continue", "additional").
        initial, retrospective, postoperative, evaluation: the words say so.
        acquisition: of equipment, ``rental`` or ``purchase``.
        cautions: codes of what does not agree: ``quantity-differs-from-frequency-and-duration``,
            ``several-quantities``; ``partly-allowed`` (what remains in dispute is not stated).
        unrecognised: numbers that nothing above accounts for.
    """

    text: str
    service: str = ""
    quantity: Amount | None = None
    quantity_unspecified: bool = False
    frequency: Rate | None = None
    hours_a_day: Amount | None = None
    duration: Amount | None = None
    supply: Amount | None = None
    refills: Amount | None = None
    body_parts: tuple[BodyPart, ...] = ()
    continuing: bool = False
    initial: bool = False
    retrospective: bool = False
    postoperative: bool = False
    evaluation: bool = False
    acquisition: Literal["rental", "purchase"] | None = None
    cautions: tuple[str, ...] = ()
    unrecognised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and what became of it before the dispute: three quantities, never one for another.

    Attributes:
        title: the words that were read, without the closing "is".
        asked: what was asked for.
        authorised: what the claims administrator allowed of it; ``None`` where the words tell of no such
            thing.
        in_dispute: what is left to decide.
        whole_request_in_dispute: something else was allowed in its place, so all that was asked for is left.
    """

    title: str
    asked: ServiceText
    authorised: ServiceText | None
    in_dispute: ServiceText
    whole_request_in_dispute: bool = False

    @property
    def partial(self) -> bool:
        """Whether part of the request was allowed."""
        return self.authorised is not None


# --- one service -----------------------------------------------------------------------------------------

_RANGE = rf"(?P<low>{NUMBER})(?: ?(?:-|to|or) ?(?P<high>{_LATER_NUMBER}))?"
_PERIOD = r"(?P<per>days?|weeks?|wks?|w|months?|mos?|years?|yrs?)"
_EACH = r"(?:(?:a|per|each|every|in a) |/ ?|x ?/ ?)"
_TIMES = r"(?: ?(?:x|times|visits?|sessions?|treatments?|days|hrs|hours))?"
_FREQUENCIES = [
    re.compile(rf"\b(?:at )?{_RANGE}{_TIMES}[ ,]?{_EACH}{_PERIOD}\b", re.I),
    re.compile(rf"{_RANGE} ?(?:x|times|visits?|sessions?) ?(?P<adverb>daily|weekly|monthly)\b", re.I),
    re.compile(rf"{_RANGE} ?x ?(?P<per>week|wk|month)\b(?!s)", re.I),
    re.compile(rf"{_RANGE} ?(?:x|times) ?(?={_LATER_NUMBER}(?: ?- ?\d+)? ?(?P<per>weeks|wks)\b)", re.I),
    re.compile(
        rf"\b(?P<low>once|twice|thrice)(?: or (?P<high>twice|thrice))?"
        rf" (?:{_EACH}{_PERIOD}|(?P<adverb>daily|weekly|monthly))\b",
        re.I,
    ),
    re.compile(r"\bevery (?P<every>other|\d{1,2}) ?(?P<per>days?|weeks?|months?)\b", re.I),
    re.compile(r"\b(?P<adverb>daily|weekly|monthly)\b", re.I),
]
_HOURS = re.compile(
    rf"{_RANGE} ?(?:hours?|hrs?) ?(?:(?:a|per|each) |/ ?)(?P<per>day|visit|week|session)\b", re.I
)
_LENGTH = re.compile(
    rf"(?:\b(?:for|over|x|times|within|during) ?|\()?(?:a |an |up to )?{_RANGE}[ -]?(?P<per>days?|weeks?"
    rf"|wks?|months?|mos?|years?|yrs?)\b(?! supply)",
    re.I,
)
_SUPPLY = re.compile(
    rf"(?<!#){_RANGE}[ -]?(?P<per>days?|weeks?|months?)['s]* supply(?: ?:)?|\bday supply ?:"
    rf" ?(?P<days>\d{{1,3}})",
    re.I,
)
_REFILLS = re.compile(
    rf"{_RANGE} refills?|refills? ?(?:x|:)? ?(?P<after>\d{{1,2}})|\b(?P<none>no) refills?", re.I
)
_SHORTHAND = re.compile(
    rf"(?<![\w.])(?P<a>{NUMBER}) ?(?:x|times) ?(?P<b>{_LATER_NUMBER})(?: ?(?:visits?|sessions?"
    rf"|treatments?)\b)?(?: \((?P<total>\d{{1,3}})\))?(?![\w%/.]|-\d)",
    re.I,
)
_UNITS = {
    "visit": r"visits?|sessions?|treatments?|appointments?|encounters?",
    "tablet": r"tablets?|tabs?|pills?",
    "capsule": r"capsules?|caps?",
    "patch": r"patch(?:es)?",
    "injection": r"injections?",
    "unit": r"units?|vials?|doses?",
    "block": r"(?<!foam )blocks?",
    "level": r"levels?",
    "study": r"studies",
}
_UNIT = "|".join(_UNITS.values())
_BETWEEN = (
    r"(?: (?!(?:a|per|each|every|times|x|for|to|and|or|was|is|weeks?|days?|months?)\b)[A-Za-z/-]+){0,4}?"
)
_COUNTED = re.compile(
    rf"(?:#|\bx ?|\btimes )?(?P<bound>\bat least |\bup to |\bminimum of |\bmaximum of )?(?:an?"
    rf" )?{_RANGE}(?P<between>{_BETWEEN}) (?P<unit>{_UNIT})\b(?! (?:a|per|each|every)\b|/)",
    re.I,
)
_TIGHT = re.compile(rf"(?P<unit>visits?|sessions?|treatments?) ?(?:x|times|#|:|qty:?) ?{_RANGE}", re.I)
_HASH = re.compile(
    r"(?:#|\bqty\b\.?:?|\bquantity:?(?: of)?|\bno\. ) ?(?P<low>\d{1,4})(?: ?- ?(?P<high>\d{1,4}))?", re.I
)
_TIMES_N = re.compile(
    rf"(?:\bx|\btimes) ?{_RANGE}(?! ?(?:days?|weeks?|wks?|months?|hours?|mg|tesla))(?![\w%/])", re.I
)
_BRACKETED = re.compile(r"\((?P<low>\d{1,3})(?: ?- ?(?P<high>\d{1,3}))?\)")
_TRAILING = re.compile(r"(?:, |; )(?P<low>\d{1,3})$")
_UNSPECIFIED = re.compile(
    r"\b(?:unknown|unspecified|undetermined)(?: (?:quantity|number|amount|duration)(?: of)?)?\b", re.I
)
_DATE = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})\b")
_STRENGTH = re.compile(
    r"(?<![\w.])\d[\d.,]*(?:[/-]\d[\d.]*)* ?(?:%|mcg|mg(?:/ml|/\d*ml)?|ml|gm|grams?|g|tesla|cm|mm|oz|iu"
    r"|units?/ml)(?![a-z])(?:[/-]\d[\d.]*%?)*",
    re.I,
)
_DOSING = re.compile(
    rf"\btake {NUMBER} (?:{_UNITS['tablet']}|{_UNITS['capsule']})\b|\b{NUMBER} hours? (?:before|after)\b"
    rf"|\b(?:1/2) hour\b|\b{NUMBER} (?:{_UNITS['tablet']}|{_UNITS['capsule']}) (?=(?:once|twice|daily"
    rf"|every|by mouth|orally|po|bid|tid|qid|qd|prn|as needed)\b)|\bevery \d{{1,2}}(?:-\d{{1,2}})? hours\b",
    re.I,
)
# Services whose requests are counted in visits even where the word is left out ("acupuncture times 12").
_BY_VISIT = re.compile(
    r"therap|\b(?:pt|ot|pt/ot|cbt|hep|emg biofeedback)\b|chiro|manipulat|acupunct|massage|stimulation"
    r"|ultrasound|traction|myofascial"
    r"|infrared|counsel|rehab|aquatic|physical exam|office visit|follow[- ]?up|visits?|sessions?"
    r"|treatments?|biofeedback|hypno",
    re.I,
)
_EQUIPMENT = re.compile(
    r"\b(?:unit|pump|device|system|brace|rental|purchase|machine|wrap|pad|cream|patch|study|mri|x-ray)\b",
    re.I,
)
_FLAGS = {
    "continuing": re.compile(
        r"\b(?:continu(?:e|ed|es|ing|ation)|additional|further|ongoing|extension|more)\b", re.I
    ),
    "initial": re.compile(r"\b(?:initial|trial)\b", re.I),
    "retrospective": re.compile(r"\bretro(?:spective)?(?:ly)?\b", re.I),
    "postoperative": re.compile(r"\bpost[- ]?(?:op(?:erative(?:ly)?)?|surg(?:ical|ery))\b", re.I),
    "evaluation": re.compile(r"\b(?:evaluat(?:ion|e)|eval|consult(?:ation)?|assessment)\b", re.I),
}
_ACQUISITION = re.compile(r"\b(rental|rent|purchase)\b", re.I)
_PERIODS: dict[str, Period] = {"d": "day", "w": "week", "m": "month", "y": "year"}
_ADVERBS: dict[str, tuple[int, Period]] = {
    "daily": (1, "day"),
    "weekly": (1, "week"),
    "monthly": (1, "month"),
}
_DAYS_A_WEEK = 7


def _period(word: str) -> Period:
    return _PERIODS[word[0].lower()]


class _Line:
    """The text with what has been read blanked out, so that no number is read twice."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, match: re.Match[str]) -> None:
        """Blank out what matched, but for words ``between`` a number and its unit: they name the service."""
        kept = match.groupdict().get("between") or ""
        start, end = match.span()
        middle = match.start("between") if kept else end
        blank = "\x00"
        self.left = (
            self.left[:start]
            + blank * (middle - start)
            + kept
            + blank * (end - middle - len(kept))
            + self.left[end:]
        )

    def first(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the first match, taken out of the line."""
        match = pattern.search(self.left)
        if match is not None:
            self.take(match)
        return match

    def all(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        while (match := self.first(pattern)) is not None:
            yield match


def _bounds(match: re.Match[str]) -> tuple[Number, Number]:
    low = number(match["low"])
    high = number(match["high"]) if "high" in match.re.groupindex and match["high"] else low
    return (low, high) if low <= high else (high, low)


def read_service(text: str) -> ServiceText:
    """Read one line that asks for a service. Any text is accepted; nothing is raised."""
    text = re.sub(r"\s+", " ", text).strip(" .;:,")[:2000]
    line = _Line(text)
    for pattern in (_DATE, _DOSING):
        for _ in line.all(pattern):
            pass
    flags = {name: bool(pattern.search(text)) for name, pattern in _FLAGS.items()}
    bought = _ACQUISITION.search(text)

    unspecified = line.first(_UNSPECIFIED)
    supply = _supply(line)
    refills = _refills(line)
    for _ in line.all(_STRENGTH):
        pass
    hours = _hours(line)
    frequency = _frequency(line)
    duration = _duration(line)
    by_visit = bool(_BY_VISIT.search(text)) and not _EQUIPMENT.search(text)
    shorthand = _shorthand(line, by_visit, text) if frequency is None and duration is None else None
    counted, several = _counted(line)
    if shorthand is not None:
        frequency, duration = shorthand.frequency, shorthand.duration
        counted = counted or shorthand.quantity
    elif counted is None:
        counted = _bare_count(line, text, by_visit, frequency, duration)

    derived = _derived(frequency, duration, hours, by_visit)
    cautions: list[str] = ["several-quantities"] if several else []
    quantity = counted
    if quantity is None and unspecified is None:
        quantity = derived
        if quantity is None and duration is not None and frequency is None:
            quantity = replace(duration, method="stated duration")
    elif (
        quantity is not None
        and derived is not None
        and quantity.unit in ("visit", None)
        and derived.unit == "visit"
        and quantity.at_least is not None
        and quantity.at_most is not None
        and derived.at_least is not None
        and derived.at_most is not None
        and not (derived.at_least <= quantity.at_most and quantity.at_least <= derived.at_most)
    ):
        cautions.append("quantity-differs-from-frequency-and-duration")

    return ServiceText(
        text=text,
        service=_service_name(line.left),
        quantity=quantity,
        quantity_unspecified=unspecified is not None and quantity is None,
        frequency=frequency,
        hours_a_day=hours,
        duration=duration,
        supply=supply,
        refills=refills,
        body_parts=find_body_parts(text),
        acquisition=None if bought is None else "purchase" if bought[1].lower() == "purchase" else "rental",
        cautions=tuple(cautions),
        unrecognised=tuple(re.findall(rf"(?<![\w-])#?{NUMBER}(?![\w-])", line.left)),
        **flags,
    )


def _supply(line: _Line) -> Amount | None:
    match = line.first(_SUPPLY)
    if match is None:
        return None
    if match["days"]:
        return Amount(int(match["days"]), int(match["days"]), "day")
    return Amount(*_bounds(match), _period(match["per"]))


def _refills(line: _Line) -> Amount | None:
    match = line.first(_REFILLS)
    if match is None:
        return None
    if match["none"]:
        return Amount(0, 0, "refill")
    if match["after"]:
        return Amount(int(match["after"]), int(match["after"]), "refill")
    return Amount(*_bounds(match), "refill")


def _hours(line: _Line) -> Amount | None:
    match = line.first(_HOURS)
    return None if match is None else Amount(*_bounds(match), f"hour/{match['per'].lower()}")


def _frequency(line: _Line) -> Rate | None:
    for pattern in _FREQUENCIES:
        match = line.first(pattern)
        if match is None:
            continue
        groups = match.groupdict()
        if groups.get("every"):
            if groups["every"] == "other" or int(groups["every"]) != 1:
                return None  # less than once a period: shown by nothing here, and not rounded
            return Rate(1, 1, _period(groups["per"] or "day"))
        if groups.get("low"):
            low, high = _bounds(match)
            per = (
                _ADVERBS[groups["adverb"].lower()][1]
                if groups.get("adverb")
                else _period(groups["per"] or "w")
            )
            return Rate(low, high, per)
        times, per = _ADVERBS[groups["adverb"].lower()]
        return Rate(times, times, per)
    return None


def _duration(line: _Line) -> Amount | None:
    match = line.first(_LENGTH)
    return None if match is None else Amount(*_bounds(match), _period(match["per"]))


def _unit(word: str) -> str:
    return next(name for name, forms in _UNITS.items() if re.fullmatch(forms, word, re.I))


def _counted(line: _Line) -> tuple[Amount | None, bool]:
    """Return the count that stands with its unit; and whether several did."""
    counts: list[Amount] = []
    for pattern in (_COUNTED, _TIGHT):
        for match in line.all(pattern):
            low, high = _bounds(match)
            bound = (match.groupdict().get("bound") or "").lower()
            counts.append(
                Amount(
                    None if bound.startswith(("up", "max")) else low,
                    None if bound.startswith(("at", "min")) else high,
                    _unit(match["unit"]),
                )
            )
    visits = [count for count in counts if count.unit == counts[0].unit]
    distinct = list(dict.fromkeys(visits))
    if not distinct:
        return None, False
    if len(distinct) == 1:
        return distinct[0], False
    # "two sessions for the back and eight for the wrist": no more than all together, no fewer than the most
    lows = [count.at_least for count in visits if count.at_least is not None]
    highs = [count.at_most for count in visits if count.at_most is not None]
    return (
        Amount(
            max(lows, default=None),
            sum(highs) if len(highs) == len(visits) else None,
            visits[0].unit,
            "several stated",
        ),
        True,
    )


@dataclass(frozen=True, slots=True)
class _Shorthand:
    """Read of "2x4": twice a week for four weeks, where visits are counted; else a plain product."""

    frequency: Rate | None
    duration: Amount | None
    quantity: Amount


def _shorthand(line: _Line, by_visit: bool, text: str) -> _Shorthand | None:
    match = line.first(_SHORTHAND)
    if match is None:
        return None
    a, b = number(match["a"]), number(match["b"])
    unit = "visit" if by_visit else _dispensed(text)
    printed = int(match["total"]) if match["total"] else None
    if printed is not None and printed != a * b:
        return _Shorthand(None, None, Amount(printed, printed, unit, "stated"))
    quantity = Amount(a * b, a * b, unit, "product of the shorthand" if printed is None else "stated")
    if not by_visit:
        return _Shorthand(None, None, quantity)
    return _Shorthand(Rate(a, a, "week"), Amount(b, b, "week", "shorthand"), quantity)


def _bare_count(
    line: _Line, text: str, by_visit: bool, frequency: Rate | None, duration: Amount | None
) -> Amount | None:
    """Return a count that stands without a unit beside it: "#60", "times 12", "(8)"."""
    unit, method = ("visit", "stated, in visits by the service") if by_visit else (_dispensed(text), "stated")
    match: re.Match[str] | None
    for pattern in (_HASH, _TIMES_N):
        match = line.first(pattern)
        if match is not None:
            return Amount(*_bounds(match), unit, method)
    if by_visit and (frequency is not None or duration is not None):
        match = line.first(_BRACKETED)
        if match is not None:
            return Amount(*_bounds(match), unit, method)
    match = line.first(_TRAILING)
    return None if match is None else Amount(*_bounds(match), unit, method)


def _dispensed(text: str) -> str | None:
    for unit in ("tablet", "capsule", "patch"):
        if re.search(rf"\b(?:{_UNITS[unit]})\b", text, re.I):
            return unit
    return None


def _derived(
    frequency: Rate | None, duration: Amount | None, hours: Amount | None, by_visit: bool
) -> Amount | None:
    """Return frequency times duration, where the two are in periods that divide: days, or the same period."""
    if frequency is None or duration is None or duration.at_least is None or duration.at_most is None:
        return None
    if frequency.per == duration.unit:
        periods = 1
    elif frequency.per == "day" and duration.unit == "week":
        periods = _DAYS_A_WEEK
    else:
        return None  # months and years have no fixed number of weeks
    low, high = (
        frequency.at_least * duration.at_least * periods,
        frequency.at_most * duration.at_most * periods,
    )
    if hours is not None and hours.unit in ("hour/day", "hour/visit", "hour/session"):
        assert hours.at_least is not None
        assert hours.at_most is not None
        return Amount(low * hours.at_least, high * hours.at_most, "hour", "hours x frequency x duration")
    return Amount(low, high, "visit" if by_visit or hours is None else None, "frequency x duration")


def _service_name(left: str) -> str:
    """Return what remains: the words around the numbers, without the joints that tied them together."""
    text = re.sub(r"[\x00()#]+", " ", left)
    text = re.sub(r"\s+", " ", text)
    while True:
        shorter = re.sub(
            r"(?i)(?:^|[\s,;:-])(?:for|to|of|the|a|an|and|times|x|is|at|on|with|per|over)?[\s,;:-]*$",
            "",
            text,
        ).strip()
        shorter = re.sub(r"(?i)^(?:sessions?|visits?|of|for|to|the|a|an|and|,|;|:|-)\s+", "", shorter)
        if shorter == text:
            return text
        text = shorter


# --- what was asked, allowed, and is left ----------------------------------------------------------------

_ORIGINAL = re.compile(r"^(?P<asked>.+?),? (?:was|were|is) the original request\b[.;,:]?", re.I)
_ALLOWED = re.compile(
    r"(?:^|[.;,] ?)(?P<passive>[^.;]*?(?:\.\d[^.;]*?)*) (?:was|were|is|are) (?:authori[sz]ed|approved"
    r"|certified|allowed)(?: by (?:the )?(?:claims administrator|utilization review|ur|prior reviewer))?\b"
    rf"|(?:^|[.;,] ?)(?P<short>{NUMBER}[^.;,]*?) (?:authori[sz]ed|approved|certified|allowed)\b"
    r"|(?:claims administrator|utilization review|ur)(?: \w+)? (?:authori[sz]ed|approved|certified"
    r"|allowed) (?P<active>.+?)(?=,? leaving\b|[.;] |[.;]?$)"
    r"|(?:modified (?:to|down to)|partially approved (?:as|for)) (?P<modified>.+?)(?=[.;] |[.;)]?$)",
    re.I,
)
_REMAINING = re.compile(
    r"\bremaining (?:imr[- ]eligible )?(?:portion )?(?:of (?:the|this) original request)?,? ?(?:is |are "
    r"|is for |of )?(?P<left>.+)$",
    re.I,
)
_WHOLE = re.compile(r"\boriginal request(?:,| is| \(|:)+ ?(?P<left>.+)$", re.I)


def read_request(title: str) -> Request:
    """Read a title: one service, or "... the original request; ... authorised; the remaining ...".

    Any text is accepted; nothing is raised.
    """
    text = re.sub(r"\s+", " ", title).strip()
    text = re.sub(r"[\s:;,]+(?:is|are)?[\s:]*$", "", text, flags=re.I)
    original = _ORIGINAL.match(text)
    if original is None:
        part = _ALLOWED.search(text)
        words = part and (part["modified"] or part["active"])
        if part is None or not words:
            whole = read_service(text)
            return Request(text, whole, None, whole)
        # "12 sessions, modified to 6": the words do not say whether the rest or the whole is in dispute
        whole = read_service(text[: part.start()])
        whole = replace(whole, cautions=(*whole.cautions, "partly-allowed"))
        return Request(text, whole, _same_kind(read_service(words), whole), whole)
    rest = text[original.end() :].strip()
    asked = read_service(original["asked"])
    allowed_match = _ALLOWED.search(rest)
    allowed = None
    if allowed_match is not None:
        words = next(words for words in allowed_match.groups() if words is not None)
        allowed = _same_kind(read_service(words), asked)
    remaining = _REMAINING.search(rest)
    left = remaining and remaining["left"]
    if left and (bare := re.match(rf"(?P<low>{NUMBER})(?= ?\(|\.?$)", left, re.I)):
        # "the remaining 2": of what was asked for
        count = number(bare["low"])
        unit = asked.quantity.unit if asked.quantity is not None else None
        in_dispute = replace(
            asked,
            text=left,
            quantity=Amount(count, count, unit, "stated"),
            frequency=None,
            duration=None,
            cautions=(),
        )
        return Request(text, asked, allowed, in_dispute)
    if left:
        return Request(text, asked, allowed, _same_kind(read_service(left), asked))
    again = _WHOLE.search(rest)
    whole_again = read_service(again["left"]) if again else asked
    if whole_again.quantity is None:
        whole_again = replace(
            whole_again, quantity=asked.quantity, quantity_unspecified=asked.quantity_unspecified
        )
    return Request(text, asked, allowed, whole_again, whole_request_in_dispute=True)


def _same_kind(part: ServiceText, asked: ServiceText) -> ServiceText:
    """Fill in what a part leaves to the whole: "10 ... authorised" counts in the unit that was asked for."""
    if (
        part.quantity is None
        and (bare := re.search(rf"(?<![\w-]){NUMBER}(?![\w-])", part.text))
        and part.unrecognised
    ):
        count = number(bare[0])
        unit = asked.quantity.unit if asked.quantity is not None else None
        part = replace(
            part,
            quantity=Amount(count, count, unit, "stated, in the unit asked for"),
            unrecognised=part.unrecognised[1:],
        )
    if part.quantity is None and part.hours_a_day is not None:
        # "6 hours a day authorised": as often and as long as was asked for
        frequency, duration = part.frequency or asked.frequency, part.duration or asked.duration
        quantity = _derived(frequency, duration, part.hours_a_day, by_visit=True)
        part = replace(part, frequency=frequency, duration=duration, quantity=quantity)
    if part.quantity is not None and part.quantity.unit is None and asked.quantity is not None:
        part = replace(part, quantity=replace(part.quantity, unit=asked.quantity.unit))
    if not part.body_parts and asked.body_parts:
        part = replace(part, body_parts=asked.body_parts)
    return part
