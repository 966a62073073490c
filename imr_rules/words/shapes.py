"""What the numbers of a line are: each belongs to one shape of words, tried in order, or is left over.

A shape is a pattern over the letters of :mod:`imr_rules.words.marks`. Where it fits, its numbers are explained and
taken out, so that no number is read twice. What can be no quantity (strengths, doses, ages, intervals, refills) is
taken first, then how often and how long, then how many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from typing import Literal, cast

from msgspec import Struct, field
from msgspec.structs import replace

from imr_rules.words.amounts import Amount, Period, Rate
from imr_rules.words.lexicon import Drug, word_group
from imr_rules.words.marks import Mark
from imr_rules.words.numbers import Number

State = Literal["asked", "authorized", "denied", "remaining", "earlier", "total"]


class Count(Struct, frozen=True):
    """So many of something, where it stands among the marks, and what became of them."""

    low: Number | None
    high: Number | None
    unit: str | None
    at: int
    end: int
    state: State
    more: bool = False
    """Said to come on top of earlier ones: "6 additional"."""


class Pace(Struct, frozen=True):
    """How often (``rate``) or how long (``length``) the line says, and where."""

    at: int
    end: int
    rate: Rate | None = None
    length: Amount | None = None


class Shapes(Struct):
    """What the shapes of one line say; see the modules that read it for how it is put together."""

    marks: Sequence[Mark]
    letters: str
    text: str
    counts: list[Count] = field(default_factory=list)
    rates: list[Pace] = field(default_factory=list)
    lengths: list[Pace] = field(default_factory=list)
    hours_a: dict[str, Amount] = field(default_factory=dict)
    """Hours a day, a week, a visit."""
    supply: Amount | None = None
    refills: Amount | None = None
    size: Amount | None = None
    """Grams or milliliters."""
    levels: Amount | None = None
    """How many spinal levels the words count."""
    of: list[tuple[Count, Number]] = field(default_factory=list)
    """"4 of 10": a count, and the whole it is of."""
    doubts: list[str] = field(default_factory=list)

    def take(self, start: int, end: int) -> None:
        """Take some marks out of what is still to be read: what their numbers are is known."""
        self.letters = f"{self.letters[:start]}{' ' * (end - start)}{self.letters[end:]}"

    def each(self, pattern: re.Pattern[str], needs: str = "") -> Iterator[re.Match[str]]:
        """Yield what fits a shape, left to right, over the letters as they were; nothing without the letters it needs."""
        return pattern.finditer(self.letters) if needs in self.letters else iter(())

    def bounds(self, at: int) -> tuple[Number, Number]:
        """Return the bounds of the number at a mark; "1/2" is a half."""
        value = self.marks[at].value
        if self.marks[at].letter == "f":
            first, second = value[0], value[1]
            half = Decimal(first) / Decimal(second) if len(value) == 2 and second else Decimal(first)
            return half, half
        if self.marks[at].letter == "o":
            return value.value, value.value
        low, high = value
        return low, high

    def letters_between(self, first: int, last: int) -> str:
        """Return the letters between two marks, as they were before anything was taken."""
        return "".join(mark.letter for mark in self.marks[first + 1 : last])

    @property
    def left_over(self) -> list[str]:
        """The numbers that no shape explained."""
        return [
            self.text[mark.start : mark.end]
            for mark, letter in zip(self.marks, self.letters, strict=True)
            if letter in "nfY"
        ]


def _first(match: re.Match[str], letters: str) -> int:
    """Return the place of the first of some letters in a match."""
    return next(at for at in range(match.start(), match.end()) if match.string[at] in letters)


# --- what is no quantity ---------------------------------------------------------------------------------------------

_LABEL = re.compile(r"L[.:#]?[nf]")
_STRENGTH = re.compile(r"[nf](?:[e-][nf])*-?g(?:e[nf]?[gu]?)?")
_MONEY = re.compile(r"\$[nf]")
_THREE_IN_ONE = re.compile(r"nrn")
_AGE_OR_INTERVAL = re.compile(r"(?<![rxn])[nf][phm](?:<|S)")
_YEARS_OLD = re.compile(r"n<")
_ON_AND_OFF = re.compile(r"nhr[,e&]?nh<")
_SUPPLY = re.compile(r"(?<!#)np?y(?!:?n)|p?y[:]?np?")
_REFILLS = re.compile(r"(?<!#)(?P<n>[nN])V(?![:#x(]?n)|[xr]?V[:#x(]?(?P<after>n)")
_ASIDE = re.compile(r"[Bx#]?n[wscbl&,]{0,2}v(?!:)")
_PER_SESSION = re.compile(r"[Bx~]?n[kwcu]?eu")
_CONTENT = re.compile(r"nu\(nu?\)")
_AFTER_A_TRIAL = re.compile(r"[SP][wPe]{0,3}(?P<n>n)[phm](?=w?i)|S(?P<m>n)[phm]|(?P<l>n)[phm]w?iw?(?=P)")
_OF_NO_REQUEST = re.compile(r"I[^;]*|K[^;),.:]*")
"""What is asked for under a condition, and what a guideline allows."""
_BEHIND_ITS_NAME = re.compile(r"(?<!n)(?<!nw)v[x#:(]+nu?\)?")
_AFTER_A_DRUG = re.compile(r"dw{0,2}(?P<n>[nf])")
_OFTEN = r"(?:q|oep|oq|enh|nx?ep|nxq|ep)"
_DOSE = re.compile(rf"(?<![#x:])(?P<n>[nf])u?[wr]{{0,3}}{_OFTEN}")
_TAKE = re.compile(r"j[nf]u?")
_TAKEN = re.compile(rf"(?<!n)(?<!nx){_OFTEN}")
_UP_TO_A_DAY = 8
"""A dose is no more than so many at a time; "60 tablets bid" are sixty tablets."""


def explain_what_is_no_quantity(found: Shapes, drug: Drug | None) -> None:
    """Take strengths, doses, ages, intervals, supplies, refills and the like out of what is to be read."""
    for match in (*found.each(_LABEL, "L"), *found.each(_MONEY, "$")):
        found.take(*match.span())
    for match in found.each(_STRENGTH, "g"):
        _strength(found, match)
    for match in found.each(_THREE_IN_ONE):
        if found.marks[match.start() + 1].word == "in" and found.bounds(match.end() - 1) == (1, 1):
            found.take(*match.span())
    _times_apart(found)
    for match in found.each(_SUPPLY, "y"):
        _supply(found, match)
    for match in found.each(_REFILLS, "V"):
        at = match.start("n") if match["n"] else match.start("after")
        low, high = (0, 0) if found.letters[at] == "N" else found.bounds(at)
        found.refills = Amount(low, high, "refill")
        found.take(*match.span())
    for match in found.each(_OF_NO_REQUEST):
        found.take(*match.span())
    for match in found.each(_BEHIND_ITS_NAME, "v"):
        found.take(*match.span())  # "with electrodes x 8 packs"
    for match in found.each(_ASIDE, "v"):
        at, aside = _first(match, "n"), found.marks[match.end() - 1].word
        if aside.startswith("prescription") and found.bounds(at) != (1, 1):
            continue  # "1 prescription of Norco #60" is 60; of two it is not said whether 60 are each
        if aside.startswith(("level", "segment", "interspace")):
            found.levels = Amount(*found.bounds(at), "level")
        found.take(at, match.end())
    for match in found.each(_PER_SESSION, "eu"):
        each = found.marks[match.end() - 1]
        if each.value.value == "visit" or each.word in word_group("containers"):
            found.take(*match.span())
    for match in found.each(_CONTENT, "u("):
        if found.marks[match.start() + 1].word in word_group("containers"):
            found.take(match.start() + 2, match.end())  # "1 box (30)"
    if drug is not None:
        _doses(found, drug)


def _strength(found: Shapes, match: re.Match[str]) -> None:
    at = _first(match, "g")
    unit = found.marks[at].word
    weighed = unit in word_group("weights") and at + 1 == match.end()
    if weighed and match.string[match.start()] == "n":
        found.size = Amount(*found.bounds(match.start()), "milliliter" if unit == "ml" else "gram")
    found.take(*match.span())


def _times_apart(found: Shapes) -> None:
    for match in found.each(_ON_AND_OFF, "<"):
        found.take(*match.span())
    for match in found.each(_AGE_OR_INTERVAL):
        found.take(match.start(), match.end() - 1)
    for match in found.each(_AFTER_A_TRIAL):  # "purchase after 30-day trial"
        if match["m"] is None or found.marks[match.start()].word == "after":
            found.take(_first(match, "n"), match.end())
    for match in found.each(_YEARS_OLD, "<"):
        found.take(match.start(), match.start() + 1)


def _supply(found: Shapes, match: re.Match[str]) -> None:
    period = next(
        (found.marks[at].value.value for at in range(*match.span()) if match.string[at] == "p"), "day"
    )
    found.supply = Amount(*found.bounds(_first(match, "n")), period)
    found.take(*match.span())


def _doses(found: Shapes, drug: Drug) -> None:
    for match in found.each(_AFTER_A_DRUG):
        at = match.start("n")
        written = found.text[found.marks[at].start : found.marks[at].end].replace("-", "/")
        if match["n"] == "f" or written.lstrip("#") in drug.strengths:
            found.take(at, at + 1)
    for match in found.each(re.compile("f")):  # 10/325, wherever it stands
        mark = found.marks[match.start()]
        if found.bounds(match.start())[0] > 1 or found.text[mark.start : mark.end] in drug.strengths:
            found.take(*match.span())
    for match in found.each(_DOSE):
        if found.bounds(match.start("n"))[0] <= _UP_TO_A_DAY:
            found.take(*match.span())
    for match in found.each(_TAKE):
        found.take(*match.span())
    for match in found.each(_TAKEN):
        found.take(*match.span())


# --- how often, how long ---------------------------------------------------------------------------------------------

_ROUND_THE_CLOCK = re.compile(r"f")
_HOURS = re.compile(
    r"(?P<n>n)h(?:(?P<per>e)(?P<p>[pu])|(?P<q>q)|(?P<each>e)(?![pun])|(?P<u>[w]{0,2}u)|,?(?=npep|nxep|npq|nue)|(?P<x>w?x)(?=nu|np))"
)
_PLAIN_HOURS = re.compile(r"[B~]?nh")
_MINUTES = re.compile(r"nm")
_RATES = re.compile(
    r"(?P<days>np)(?:e(?P<p1>p)|(?P<q1>q)|(?=xnp))"  # 5 days a week, 5 days x 4 weeks
    r"|(?P<a>[no])[xuv]*,?e(?P<n2>n)(?P<p2>p)"  # once every 2 weeks
    r"|(?P<b>B?[no])(?: *u)?[xuv]*,?e+(?P<p3>p)"  # 3 times a week, 2x/wk, once a month
    r"|(?P<c>n)x(?P<n4>n)(?P<p4>p)"  # 2 x 4 weeks
    r"|(?P<d>n)x(?P<p5>p)"  # 2x wk
    r"|(?P<s>n)x(?P<times>n)(?![phmgvk]|u?x|u?e+p)"  # 2 x 4: each week, so many weeks
    r"|(?P<f>[no])(?: *u)?[xu]*(?P<q6>q)"  # 3 times weekly, twice daily
    r"|(?P<g>n)x(?P<r7>r)(?P<n7>n)(?P<p7>p)"  # 3 times for 4 weeks: each week, or in all?
    r"|e(?P<n8>n)(?P<p8>p)"  # every 2 weeks
    r"|(?P<e9>e)(?P<p9>p)"  # every week
    r"|(?P<q10>q)"
)
_RATE_GROUPS = ("days", "a", "b", "c", "d", "s", "f", "g", "n8", "e9", "q10")
_LENGTH = re.compile(r"(?P<b>B?)~?(?P<n>n)c?(?P<p>p)")
_COUNTED_PERIODS = re.compile(r"(?<![nexr])\(?(?P<p>p)\)?[#:]+(?P<n>n)(?!p)")
_ONE_PERIOD, _FOR_A = re.compile(r"re(?P<p>p)"), (("for", "a"), ("over", "a"), ("for", "an"))
_DAYS_OF_A_WEEK = 7
_MOST_HOURS = 12
"""Of a visit; more hours than that are those of a whole course."""
_BARE_LENGTH = re.compile(r",?(?:[xe]|r)(?P<n>n)(?![phmguvwscdblOxeq#n])")


def read_pace(found: Shapes, *, by_visit: bool) -> None:
    """Take how often, how long, and for how many hours at a time out of what is to be read.

    Args:
        found: the line.
        by_visit: the service is one of visits: "2 x 4" is twice a week for four weeks.
    """
    for match in found.each(_ROUND_THE_CLOCK, "f"):
        if found.marks[match.start()].value == (24, 7):
            found.hours_a["day"] = Amount(24, 24, "hour")
            found.rates.append(Pace(*match.span(), Rate(7, 7, "week")))
            found.take(*match.span())
    for match in found.each(_MINUTES, "m"):
        found.take(*match.span())
    for match in found.each(_HOURS, "h"):
        _hours(found, match)
    for match in found.each(_RATES):
        _rate(found, match, by_visit)
    for match in (
        *found.each(_LENGTH, "p"),
        *found.each(_COUNTED_PERIODS, "p"),
    ):  # "3 months", "months, QTY: 3"
        low, high = _bounded(found, match.start("n"))
        amount = Amount(low, high, found.marks[match.start("p")].value.value)
        found.lengths.append(Pace(*match.span(), length=amount))
        found.take(*match.span())
    if found.rates and not found.lengths:
        for match in found.each(_ONE_PERIOD):
            if (found.marks[match.start()].word, found.marks[match.start() + 1].word) in _FOR_A:
                period = found.marks[match.start("p")].value.value
                found.lengths.append(Pace(*match.span(), length=Amount(1, 1, period)))
                found.take(*match.span())
    if found.rates and not found.lengths:
        _bare_length(found)
    for match in found.each(_PLAIN_HOURS, "h"):
        hours = Amount(*found.bounds(match.end() - 2), "hour")
        if found.rates and found.lengths and hours.at_most is not None and hours.at_most <= _MOST_HOURS:
            found.hours_a.setdefault("visit", hours)  # "one hour, once weekly, for eight weeks"
            found.take(*match.span())
        else:
            _count(found, match.end() - 2, match, "hour")


def _hours(found: Shapes, match: re.Match[str]) -> None:
    if match["p"]:
        mark = found.marks[match.start("p")]
        per = mark.value.value
    elif match["q"]:
        per = found.marks[match.start("q")].value.value.per
    elif match["each"] or match["u"]:
        per = "visit"
    else:
        per = "day" if re.match(r"np", found.letters[match.end() :]) else "visit"
    if per not in ("day", "week", "visit"):
        return
    found.hours_a[per] = Amount(*found.bounds(match.start("n")), "hour")
    keep = match.start("u") if match["u"] else match.end()  # "12 one-hour sessions" counts sessions
    found.take(match.start(), keep)


def _rate(found: Shapes, match: re.Match[str], by_visit: bool) -> None:
    name = next(group for group in _RATE_GROUPS if match[group])
    every, seldom, per, end = 1, 0, "week", match.end()
    low: Number
    high: Number
    if name == "q10" or name == "f":
        frequency = found.marks[match.start("q10" if name == "q10" else "q6")].value.value
        if frequency.unclear:
            found.doubts.append("unclear_frequency")
            found.take(*match.span())
            found.rates.append(Pace(*match.span()))
            return
        low = high = frequency.times
        per, every = frequency.per, frequency.every
        if name == "f":
            low, high = found.bounds(match.start("f"))
    elif name == "days":
        if found.marks[match.start("days") + 1].value.value != "day":
            return
        low, high = found.bounds(match.start("days"))
        if match["p1"]:
            per = _period(found, match, "p1")
        elif match["q1"]:
            per = found.marks[match.start("q1")].value.value.per
        elif high > _DAYS_OF_A_WEEK or found.marks[match.end() + 2].value.value == "day":
            return
    elif name == "n8":
        if found.marks[match.start()].word not in ("every", "each", "q"):
            return
        low = high = 1
        per, (every, seldom) = _period(found, match, "p8"), map(int, found.bounds(match.start("n8")))
    elif name == "e9":
        if found.marks[match.start()].word not in ("every", "each", "per", "q"):
            return
        low = high = 1
        per = _period(found, match, "p9")
    else:
        at = match.end(name) - 1
        low, high = found.bounds(at)
        if name == "a":
            per, (every, seldom) = _period(found, match, "p2"), map(int, found.bounds(match.start("n2")))
        elif name == "b":
            per = _period(found, match, "p3")
            if _counts_things(found, match):
                found.doubts.append("rate_without_length")
                found.take(*match.span())
                return
        elif name in ("c", "g"):
            per = _period(found, match, "p4" if name == "c" else "p7")
            if per != "week":
                return
            end = match.start("n4") if name == "c" else match.start("r7")
            if name == "g":
                found.doubts.append("weekly_or_in_all")
        elif name == "d":
            if found.marks[match.start("p5")].word.endswith("s"):
                return
            per = _period(found, match, "p5")
        elif name == "s":
            if not by_visit:
                return
            length = Amount(*found.bounds(match.start("times")), "week", "shorthand")
            found.lengths.append(Pace(match.start("times"), match.end(), length=length))
            found.take(match.start("times"), match.end())
            end = match.start("times")
    if per in ("day", "week", "month", "year"):
        found.rates.append(
            Pace(
                match.start(), end, Rate(low, high, cast(Period, per), every, seldom if seldom > every else 0)
            )
        )
        found.take(match.start(), end)


def _period(found: Shapes, match: re.Match[str], group: str) -> str:
    return str(found.marks[match.start(group)].value.value)


def _counts_things(found: Shapes, match: re.Match[str]) -> bool:
    """Whether a rate is of tablets, pairs or patches, not of visits."""
    for at in range(*match.span()):
        letter, value = match.string[at], found.marks[at].value
        if letter == "v" or (letter == "u" and value.value in ("tablet", "item")):
            return True
    return False


def _bare_length(found: Shapes) -> None:
    """Read "2x/wk x 6" as for 6 weeks. "Weekly x 6" are six visits either way, and stay a count."""
    rate = found.rates[-1]
    if rate.rate is None or (rate.rate.at_most == 1 and (rate.rate.every == 1 or rate.rate.per == "day")):
        return  # "weekly x 6", "every 30 days x 3"
    every = rate.rate.every
    match = _BARE_LENGTH.match(found.letters, rate.end)
    if match is None:
        return
    low, high = found.bounds(match.start("n"))
    if high <= every > 1:
        return  # "every 12 weeks x 2"
    if high >= _TOO_MANY_WEEKS or every > 1:
        found.doubts.append("weeks_or_visits")
    found.lengths.append(
        Pace(*match.span(), length=Amount(low, high, rate.rate.per, "in the period of the frequency"))
    )
    found.take(*match.span())


_TOO_MANY_WEEKS = 10
"""From so many on, the number behind a frequency ("2x/wk x 12") may as well be the visits."""


def _bounded(found: Shapes, at: int) -> tuple[Number | None, Number | None]:
    """Return the bounds of a number with the words before and after it: "up to 12" has no least."""
    low, high = found.bounds(at)
    before = at - 1
    while before >= 0 and found.marks[before].letter in "~r:#":
        before -= 1
    for place in (before, at + 1, at + 2):
        if 0 <= place < len(found.marks) and found.marks[place].letter == "B":
            kind = found.marks[place].value.kind
            after = found.marks[place].word == "or"
            if (place < at) == after:
                continue  # "6 or fewer" is said behind its number, "up to 6" before it
            if kind == "at_most":
                return None, high
            if kind == "at_least":
                return low, None
            if kind == "below":
                return None, high - 1
            return low + 1, None
    return low, high


# --- how many --------------------------------------------------------------------------------------------------------

_AND_WORDS = r"[ wcidbslOqEeB&]{0,6}"
_PART_OF = re.compile(r"(?P<n>n)[wcu]{0,3}[ADRP]?F(?P<whole>n)")
_SLASHED = re.compile(r"f")
_TIMED = re.compile(r"[x#]?(?P<n>n)k")
_COUNTS = re.compile(
    rf"[x#]?[:.F]?(?P<n>n)[TR]?{_AND_WORDS}?(?P<u>u)"  # 12 additional PT visits
    r"|(?P<u2>u)(?:(?P<sign>[x#:(]+|T)|(?=n))(?P<n2>n)\)?"  # visits x 12, sessions (6)
    r"|#[:.]?(?P<n12>n)x(?P<b12>n)(?![phmugVx])"  # 90 x 2: fills
    r"|#u?[:.F]*(?P<n3>n)"  # qty: 12
    r"|[x](?P<n4>n)(?![phm])"  # x 12
    r"|(?P<n9>n)x(?=[ w])"  # 6 x 50 minutes, one time consultation
    r"|(?P<n10>n)x(?P<b10>n)u?"  # 2 x 30: a product
    r"|(?P<n5>n)c|c(?P<n11>n)(?![phmg])"  # 6 more
    r"|[ADMPRQT][F:r]?(?P<n6>n)|(?P<n7>n)(?:Fw{1,3}|w?)[ADRPT]"  # approved 6, 6 authorized, 6 of which were approved
    r"|[iw]F(?P<n8>n)"  # a series of three
    r"|(?P<o>o)"
)
_BRACKETED = re.compile(r"\((?P<n>n)\)")
_TRAILING = re.compile(r"[,;](?P<n>n)[ ),;]*$")
_OF_A_PART = re.compile(r"(?P<n>n)rw?s?b")

_STATES: dict[str, State] = {
    "A": "authorized",
    "D": "denied",
    "R": "remaining",
    "P": "earlier",
    "T": "total",
    "M": "authorized",
    "Q": "asked",
}


def read_counts(found: Shapes, named: Callable[[int], bool], *, dosed: bool, numbered: bool) -> None:
    """Take how many out of what is to be read.

    Args:
        found: the line.
        named: whether a treatment's name begins at a mark.
        dosed: the service is a drug or an injection, whose "units" are a dose.
        numbered: it is one of a row, as injections are: "#2" may be the second.
    """
    letters = found.letters
    if {"n", "f", "o"}.isdisjoint(letters):
        return
    for match in found.each(_PART_OF, "F"):
        _part_of(found, match)
    for match in found.each(_SLASHED, "f"):
        _part_of_slash(found, match)
    for match in found.each(_TIMED, "k"):
        if dosed:
            found.take(*match.span())
        else:
            _count(found, match.start("n"), match, "unit15")
    for match in found.each(_COUNTS):
        _counted(found, match, numbered=numbered)
    beside = [count for count in found.counts if _of_something_beside(found, count)]
    if beside and (len(beside) < len(found.counts) or (found.rates and found.lengths)):
        found.counts = [count for count in found.counts if count not in beside]
    if found.counts or found.rates:
        for match in found.each(_OF_A_PART):
            _count(found, match.start("n"), match, None, end=match.start("n") + 1)
    if "n" in found.letters:
        _count_bare(found, named, dosed=dosed)
    for place, count in enumerate(found.counts):
        if count.unit is None and named(count.end):
            found.counts[place] = _or_weeks(found, count)


def _or_weeks(found: Shapes, count: Count) -> Count:
    """Bound a count before a name where it may be weeks too: "2x/wk x 6 PT", but not "2x/wk x 6 PT visits"."""
    behind = found.letters_between(count.end - 1, len(found.marks))
    if count.high is None or re.match("w+u", behind):
        return count
    for pace in found.rates:
        rate, between = pace.rate, found.letters_between(pace.end - 1, count.at)
        if rate is not None and rate.every == 1 and rate.at_most > 1 and between == "x":
            found.doubts.append("weeks_or_visits")
            return replace(count, high=count.high * rate.at_most)
    return count


def _of_something_beside(found: Shapes, count: Count) -> bool:
    """Whether a count is of the units of a code, or of the one evaluation before a course: "97110 x 2", "eval x 1"."""
    before = count.at - 1
    while before >= 0 and found.marks[before].letter in "x#(":
        before -= 1
    letter = found.marks[before].letter if before >= 0 else ""
    return letter == "C" or (letter == "E" and count.low == count.high == 1)


def _counted(found: Shapes, match: re.Match[str], *, numbered: bool) -> None:
    group = next(
        name
        for name in ("n", "n2", "n12", "n3", "n4", "n9", "n10", "n5", "n11", "n6", "n7", "n8", "o")
        if match[name]
    )
    at = match.start(group)
    if group == "n8" and found.marks[match.start()].word not in word_group("series"):
        return
    if group == "o" and found.counts:
        return
    if group == "n10":
        (low, high), (less, more) = found.bounds(at), found.bounds(match.start("b10"))
        found.counts.append(Count(low * less, high * more, None, at, match.end(), "asked"))
        found.take(*match.span())
        return
    if group == "n12":
        (low, high), times = found.bounds(at), found.bounds(match.start("b12"))[1]
        if times > 1:
            found.doubts.append("several_quantities")
        found.counts.append(Count(low, high * times, None, at, match.end(), "asked"))
        found.take(*match.span())
        return
    unit = None
    if group == "n":
        unit = _unit(found.marks[match.start("u")])
    elif group == "n2":
        unit = _unit(found.marks[match.start("u2")])
        low, high = found.bounds(at)
        one = found.marks[match.start()].word in word_group("one_of_a_row") and match["sign"] == "#"
        if one or (match["sign"] in (None, "#") and low != high):
            _numbered(found, match, at, unit)
            return
    elif group == "n3" and found.marks[match.start()].word == "#" and numbered:
        _numbered(found, match, at, unit)
        return
    _count(found, at, match, unit)


def _numbered(found: Shapes, match: re.Match[str], at: int, unit: str | None) -> None:
    """Bound what may be a count or the number that a visit has: "visits 7-12", "injection #2"."""
    found.doubts.append("numbered_or_counted")
    low, high = found.bounds(at)
    size = high - low + 1
    found.counts.append(Count(min(size, low), max(size, high), unit, at, match.end(), "asked"))
    found.take(*match.span())


def _unit(mark: Mark) -> str | None:
    """Return the unit that a mark counts; None where it is that of the service: "2 treatments" of Botox."""
    of_any = mark.value.value == "service" or mark.word in word_group("of_any_service")
    return None if of_any else str(mark.value.value)


def _count(found: Shapes, at: int, match: re.Match[str], unit: str | None, *, end: int | None = None) -> None:
    low, high = _bounded(found, at)
    state = _state(found, at, match.end())
    more = "c" in match.string[max(0, match.start() - 2) : match.end() + 1]
    found.counts.append(Count(low, high, unit, at, match.end(), state, more))
    found.take(at, end or match.end())


def _part_of(found: Shapes, match: re.Match[str]) -> None:
    """Read "remaining 4 of 10", "6 of the 12 visits authorized"; "4 of 10" alone says nothing of what became of them."""
    at, whole = match.start("n"), match.start("whole")
    state = _state(found, at, match.end(), "ADMRP")  # "of the 12 requested" says nothing of the part
    if state == "asked" or found.bounds(at)[1] > found.bounds(whole)[0]:
        return
    unit = next(
        (
            _unit(found.marks[each])
            for each in range(at, min(whole + 4, len(found.marks)))
            if found.letters[each] == "u"
        ),
        None,
    )
    low, high = found.bounds(at)
    found.of.append((Count(low, high, unit, at, match.end(), state), found.bounds(whole)[0]))
    found.take(at, at + 1)
    found.take(whole, whole + 1)


def _part_of_slash(found: Shapes, match: re.Match[str]) -> None:
    """Read "6/12 authorized"."""
    at = match.start()
    value, state = found.marks[at].value, _state(found, at, at + 1)
    if state != "asked" and len(value) == 2 and value[0] <= value[1]:
        found.of.append((Count(value[0], value[0], None, at, at + 1, state), value[1]))
        found.take(at, at + 1)


def _count_bare(found: Shapes, named: Callable[[int], bool], *, dosed: bool) -> None:
    """Take a number that counts by standing in brackets, at the end, or right before the name of a treatment."""
    for pattern in (_BRACKETED, _TRAILING):
        match = pattern.search(found.letters)
        last = match is not None and match.end() == len(found.letters) and not dosed  # "wrist splints (2)"
        if match is not None and (
            last or pattern is _TRAILING or found.rates or found.lengths or found.counts
        ):
            _count(found, match.start("n"), match, None)
    for at, letter in enumerate(found.letters):
        if letter == "n" and any(named(place) for place in _next_words(found.letters, at)):
            low, high = found.bounds(at)
            if isinstance(low, int) and high <= _MOST_NAMED:
                found.counts.append(Count(low, high, None, at, at + 1, _state(found, at, at + 1)))
                found.take(at, at + 1)


_MOST_NAMED = 60
"""A number right before a treatment counts it up to this: "3 MRIs"; larger ones are models and codes."""


def _next_words(letters: str, at: int) -> Iterator[int]:
    for place in range(at + 1, min(at + 6, len(letters))):
        yield place
        if letters[place] not in "wcsblF":
            return


def _says_of_the_next(found: Shapes, place: int, distance: int) -> bool:
    """Whether a word such as "modified to" or "approved" says something of the number behind it."""
    following = "".join(mark.letter for mark in found.marks[place + 1 : place + 3])
    next_is_number = following[:1] == "n" or following in ("rn", "Fn", ":n", "#n")
    letter = found.marks[place].letter
    apart = found.marks[place - 1].letter == "-"  # "12 - approved 6"
    return next_is_number and (letter == "M" or (letter in "ARQD" and (distance > 2 or apart)))


def _state(found: Shapes, at: int, end: int, words: Collection[str] = "ADMRQTP") -> State:
    """Return what became of a count: what the nearest of some words of its clause says of it."""
    if at and found.marks[at - 1].letter == "S":
        return "earlier"  # "s/p 18 PT", "after 12 visits"
    nearest: tuple[int, int, str] | None = None
    for direction, places in ((1, range(at + 1, len(found.marks))), (-1, range(at - 1, -1, -1))):
        for place in places:
            letter = found.marks[place].letter
            if letter in "();." or (letter == "," and direction == 1) or (letter in "n" and place >= end):
                break
            if letter in "no" and direction == -1:
                break
            already = found.marks[place].word == "already" and found.marks[place + 1 : place + 2]
            if already and already[0].letter == "A":
                continue  # "4 already authorized"
            if letter in words:
                distance = abs(place - at)
                if direction == -1 and nearest is not None and "," in found.letters_between(place, at):
                    break  # "2 x 6 was requested, 6 visits were approved"
                if direction == 1 and _says_of_the_next(found, place, distance):
                    break
                if nearest is None or distance < nearest[0]:
                    nearest = distance, place, letter
                break
    if nearest is None:
        return "asked"
    _, place, letter = nearest
    around = [found.marks[each] for each in (place - 1, place + 1) if 0 <= each < len(found.marks)]
    if letter == "A" and any(mark.letter == "P" and mark.word != "already" for mark in around):
        return "earlier"
    return _STATES[letter]
