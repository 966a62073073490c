"""What the words of an item say, in the terms of a case; and what the words of a decision say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from imr_rules._units import UNITS
from imr_rules.reading.account import pace_of, region_of
from imr_rules.reading.papers.paper import Decision, Quantity
from imr_rules.words import NUMBER, Amount, ServiceLine, number
from imr_rules.words.amounts import whole
from imr_rules.words.doubts import of_quantity, of_the_rest

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

# Words for decisions, those that hold another word first: "non-certified" holds "certified".
_DECISIONS: list[tuple[Decision | None, str]] = [
    (None, r"(?:request(?:s|ed)? for|requires? (?:prior )?|prior|pre-?|re)-? ?authori[sz]ation|authori[sz]ation (?:no|number|request)"
    r"|board[- ]certified|certified (?:in|by the)|certification:|authori[sz]ed agent|if (?:this|it|the) (?:is )?(?:approved|denied)"
    r"|medical necessity"),
    ("conditionally_denied", r"conditional(?:ly)?[- ](?:non-?\s?certif\w+|den(?:ied|y|ial))|\bCNC\b|den(?:ied|ial) (?:for|due to|because of) (?:a )?(?:lack|want|absence) of"
    r" (?:requested |additional |the )?information|pend(?:ed|ing) (?:for |receipt of )?(?:additional |further |more )?information"),
    ("deferred", r"defer(?:red|ral|s|ring)?\b|put off|postponed|liability (?:is |for \w+ (?:is )?)?(?:disputed|in dispute)|held in abeyance|not (?:an )?accepted body part"),
    ("modified", r"modif(?:y|ied|ies|ication)(?:s)?\b|partial(?:ly)?[- ](?:approv|certif|authori[sz]|den)\w*|(?:approv|certif|authori[sz])\w* (?:in part|with modifications?"
    r"|as modified|with changes?)|\bin part\b|reduced to (?=#? ?\d+(?! ?(?:/|mg|mcg|%|out))[^.;]{0,20}$|#|$|\d+ (?:visits|sessions|tab|cap|units|days))|(?:approv|certif|authori[sz])\w* (?:a )?(?:reduced|lesser|smaller)"),
    ("denied", r"non-?\s?certif\w*|un(?:approved|certified|authorized)|not (?:be |been )?(?:medically necessary|certif\w+|approv\w+|authori[sz]\w+|granted|allowed|supported)"
    r"|den(?:y|ied|ies|ial)\b|adverse determination|(?:unable to|cannot|can not|could not|do not|does not|did not|will not) (?:be )?(?:approve|certify|authori[sz]e|allow|recommend)\w*"
    r"|declin(?:e|ed|es)\b|refus(?:e|ed|es|al)\b|reject(?:ed|s)?\b|medically unnecessary|disallow\w*"),
    ("delayed", r"delay(?:ed|s)?\b"),
    ("approved", r"approv(?:e|ed|al|es)\b|certif(?:y|ied|ies|ication)\b|authori[sz](?:e|ed|es)\b|medically necessary|granted|allowed|may go ahead|(?:is|are) covered"),
]  # fmt: skip
_DECISION = re.compile("|".join(rf"(?P<d{n}>\b(?:{form}))" for n, (_, form) in enumerate(_DECISIONS)), re.I)


class DecisionWord(Struct, frozen=True):
    """A word that decides, and its characters."""

    decision: Decision
    start: int
    end: int


def decision_words(text: str) -> list[DecisionWord]:
    """Return the words of a text that decide, longest first where one holds another."""
    found = []
    for match in _DECISION.finditer(re.sub(r"\s", " ", text)):
        kind = _DECISIONS[int(str(match.lastgroup)[1:])][0]
        if kind is not None:
            found.append(DecisionWord(kind, *match.span()))
    return found


def decision_in(text: str) -> Decision | None:
    """Return the one decision some words state, or None where they state none, or two that do not agree.

    A part approved and a part refused is a modified approval; so is anything called modified.
    """
    if answer := re.match(r"\s*(yes|no)\b", text, re.I):
        return "approved" if answer[1].lower() == "yes" else "denied"
    words = decision_words(text)
    kinds = {word.decision for word in words}
    for word in words:
        if word.decision in ("conditionally_denied", "deferred", "modified"):
            return word.decision
    if kinds == {"approved", "denied"}:
        said = amounts_in(text)
        return "modified" if "authorized" in said or "in_dispute" in said else None
    return kinds.pop() if len(kinds) == 1 else None


_COUNT = re.compile(
    rf"(?<![\w/.$-])#?(?P<n>{NUMBER})(?: ?\(#?\d+\))?(?![\w/%]|\.\d| ?(?:mg|mcg|ml|g|%|percent|years?|pages?|p\.?m|a\.?m)\b)"
    rf"(?:(?: [a-z]+)? ?(?:out )?of (?:the |these |those |an? )?(?:requested |proposed )?#?(?P<m>{NUMBER})(?: ?\(\d+\))?(?![\w/%]|\.\d))?",
    re.I,
)
REFILLS = re.compile(
    rf"(?:(?<![\w.,/]){NUMBER}|(?<!\w)no)(?: ?\(\d+\))?(?: \w+)? (?:refills?|rfs?)\b(?![ :#x]{{0,3}}\d)|\b(?:refills?|rfs?)\b[ :#x]{{0,3}}\d{{1,2}}\b(?! ?(?:mg|tab|cap))",
    re.I,
)
"""How often a drug is filled again: "2 refills", "no refills", "RF 1", "refills: 2"."""
_WITH_REFILLS = re.compile(
    rf"(?:(?: [a-z]+)?,?;? ?\(?(?:with|w/|plus|and|\+|x)? ?)(?P<refills>{REFILLS.pattern})", re.I
)


def refills_in(words: str) -> int | None:
    """Return how many refills some words state, or None."""
    match = REFILLS.search(words)
    if match is None:
        return None
    if match[0].lower().startswith("no "):
        return 0
    counted = re.search(NUMBER, match[0], re.I)
    value = number(counted[0]) if counted is not None else None
    return value if isinstance(value, int) else None


_REQUESTED = re.compile(r"requested|asked(?: for)?|submitted|sought|proposed", re.I)
_FILLERS = r"(?:(?:to|for|of|as|only|just|at|a|the|is|are|was|were|be|been|has|have|quantity|qty\.?|total|sum|reduced|visits?|sessions?|treatments?|units?|tab(?:let)?s?|capsules?|days?|weeks?|injections?|stud(?:y|ies)|[a-z]+)[ :]*)"


_LASTING = re.compile(r" ?(?:weeks?|wks?|months?|mos?)\b", re.I)
_PACE = re.compile(
    r"\b(?:a|per|each|every|times?|x) ?/? ?(?:day|week|wk|month)\b|\d ?/ ?(?:day|week|wk|mo)\b|\b(?:daily|weekly|monthly|once|twice)\b", re.I
)  # fmt: skip


_DRUG = r"to (?:[A-Za-z][\w/.-]* ){1,4}\d[\d./-]* ?(?:mg|mcg|ml|g|%)(?: [a-z]+)? "
"""The drug named anew: "modified to Norco 10/325 mg #30"."""
_NEAR = 200
"""So many characters on each side of a count may say what it is of."""


def amounts_in(text: str) -> dict[str, int]:
    """Return the counts that the words of a decision give: ``asked``, ``authorized``, ``in_dispute``.

    A count is of what the words right behind it say, else of those right before it: "6 visits certified", "modified
    to #30", "12 requested". "6 of the 12" gives two. A fill with its refills is one count. The first count of a kind
    stands.
    """
    found: dict[str, int] = {}
    for clause in re.split(
        r"[;.](?=\s|$)|,? (?:and|but|while|with) (?=the (?:other|remaining|rest))", re.sub(r"\s+", " ", text)
    ):
        for match in _COUNT.finditer(clause):
            count, whole = number(match["n"]), number(match["m"]) if match["m"] else None
            start, end = match.span()
            if _LASTING.match(clause, end) and _PACE.search(clause, max(0, start - 40), start):
                continue  # "5 days a week, 2 weeks": how long, not how many
            if REFILLS.match(clause, start) or re.search(
                r"\b(?:refills?|rfs?)\b[ :#x]{0,3}$", clause[:start], re.I
            ):
                continue
            again = _WITH_REFILLS.match(clause, end)
            if again is not None and isinstance(count, int):
                count, end = count * ((refills_in(again["refills"]) or 0) + 1), again.end()
            role = _role(clause[max(0, start - _NEAR) : start], clause[end : end + _NEAR])
            if isinstance(whole, int):
                role = role if role in ("authorized", "in_dispute") else "authorized"
                found.setdefault("asked", whole)
            if role is not None and isinstance(count, int):
                found.setdefault(role, count)
    return found


def _role(before: str, after: str) -> str | None:
    """Return what a count between two stretches of a clause is of."""
    behind = re.match(rf"\W{{0,2}}{_FILLERS}{{0,4}}?(?P<word>{_REQUESTED.pattern})\b", after, re.I)
    if re.search(rf"(?:{_REQUESTED.pattern})[: ]*$", before, re.I):
        return "asked"
    near = re.match(r"[^,;\d]{0,45}", after)
    words = decision_words(near[0] if near else "")
    if behind and not (words and words[0].start < behind.start("word")):
        return "asked"
    earlier = decision_words(before)
    led = bool(earlier) and re.fullmatch(
        rf"[\s:(–—-]*(?:{_DRUG})?{_FILLERS}{{0,5}}[\s:(#–—-]*", before[earlier[-1].end :], re.I
    )
    if words and not (led and re.search(r"\b(?:and|but)\b", after[: words[0].start])):
        of_the_next = re.match(rf"[\s:(]*(?:for |only |at )?#?{NUMBER}", after[words[0].end :], re.I)
        if of_the_next and re.search(r"[:–—-]\s*$", after[: words[0].start]):
            return "asked"  # "12 visits - approve 8"
        # "12 visits are modified to 6": what is modified was asked for
        return {**_KIND_OF_COUNT, "modified": "asked"}.get(words[0].decision)
    if re.search(r"\b(?:remaining|other|rest|balance)\b(?: of)?(?: the)? ?$", before, re.I):
        return "in_dispute"
    return _KIND_OF_COUNT.get(earlier[-1].decision) if led else None


_KIND_OF_COUNT = {"approved": "authorized", "modified": "authorized", "denied": "in_dispute"}


class Wording(Struct, frozen=True):
    """What the words of one item say, in the terms of a case."""

    treatment: str | None
    body_part: dict[str, str | None] | None
    asked: Quantity | None
    in_dispute: Quantity | None
    pace: dict[str, Any]
    postoperative: bool
    purchase: bool
    refills: int | None
    cautions: tuple[str, ...]


def read_wording(text: str, codes: tuple[str, ...], vocabulary: Vocabulary) -> Wording:
    """Read the words of an item: what, where, how much, how often, how long."""
    # "#60 + 1 refill" adds a fill, and no tablet
    request = vocabulary.line(
        re.sub(rf" ?(?:\+|\bplus\b|\bx\b) ?(?=(?:{NUMBER}) (?:\w+ )?refills?\b)", " with ", text, flags=re.I)
    )
    asked, rest = request.asked, request.in_dispute
    treatment = vocabulary.recognize(text) or vocabulary.recognize(text, codes)
    unit = vocabulary.treatments[treatment].unit if treatment else None
    # a case counts in the unit that is printed; conversions are the rulebook's
    printed = re.search(rf"\b{NUMBER}\)? (?:\w+ )?(session|injection)s?\b", text, re.I)
    counted = printed[printed.lastindex or 1].lower() if printed else None

    def quantity(part: ServiceLine) -> Quantity | None:
        length = part.duration
        lent = unit in (None, "item") and part.acquisition == "rental" and length is not None
        if lent and length is not None and length.unit == "day" and isinstance(length.value, int):
            return Quantity.exactly(length.value, "day")  # it is used, and not visited
        return None if part.quantity is None else _quantity(part.quantity, unit, counted)

    parts = asked.body_parts or rest.body_parts
    region = region_of(parts, vocabulary)
    level = next((part.level for part in parts if part.level), None)
    if region is not None and level is not None and sum(part.level is not None for part in parts) == 1:
        region["level"] = level
    refills = asked.refills.value if asked.refills is not None else None
    return Wording(
        treatment=treatment,
        body_part={name: value for name, value in region.items() if value} if region else None,
        asked=quantity(asked),
        in_dispute=quantity(rest),
        pace=pace_of(request),
        postoperative=asked.postoperative or rest.postoperative,
        purchase=asked.acquisition == "purchase",
        refills=refills if isinstance(refills, int) else None,
        cautions=(*of_quantity(request), *(text for _, text in of_the_rest(request)), *_left_open(asked)),
    )


def _left_open(asked: ServiceLine) -> Iterator[str]:
    if "partly_authorized" in asked.doubts:
        yield "The request's words say that part of it was authorized, and not how much is left."


def _quantity(amount: Amount, unit: str | None, printed: str | None) -> Quantity | None:
    bounds = whole(amount)
    if not bounds or min(bounds.values()) < 0:
        return None
    own = amount.unit
    if (own, printed) in (("visit", "session"), ("block", "injection")):
        own = printed
    counted = own if own in UNITS else unit
    value = bounds.get("value")
    return Quantity(bounds.get("at_least", value), bounds.get("at_most", value), counted)
