"""One line that asks for a service: what is asked for, how many, how often, how long, for which part of the body.

Every number of the line is explained or left over. What can be read in two ways is bounded, and a doubt says why;
nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.words.amounts import SINGULAR, Amount, Rate
from imr_rules.words.body_parts import BodyPart, body_parts_of, same_region
from imr_rules.words.features import (
    after_an_operation,
    course_of,
    fluoroscopy_in,
    housework_alone,
    letters_of,
    levels_of,
    permanent_in,
)
from imr_rules.words.lexicon import Drug, Word, lexicon, word_group
from imr_rules.words.marks import Mark, marks_of
from imr_rules.words.names import (
    INJECTION,
    MEDICATION,
    MIXTURE,
    STUDIES,
    SURGERY,
    TOGETHER,
    Mention,
    TreatmentNames,
    injected_drug,
)
from imr_rules.words.plain import plain
from imr_rules.words.quantities import Quantities, Service, places_of, quantities_of
from imr_rules.words.shapes import (
    Shapes,
    explain_what_is_no_quantity,
    read_counts,
    read_pace,
)
from imr_rules.words.tokens import Token, tokens_of

LONGEST = 2000
"""Of a longer line, so many characters are read."""

Doubt = Literal[
    "number_not_understood", "quantity_differs", "several_quantities", "said_twice", "several_paces", "total_differs",
    "unclear_frequency", "named_twice", "weeks_or_visits", "weekly_or_in_all", "rate_without_length", "open_ended", "unspecified",
    "numbered_or_counted", "count_or_levels", "rental_and_purchase", "several_services", "either_service",
    "several_body_parts", "each_of_several", "counted_otherwise", "no_body_part", "no_quantity", "evaluation_only", "conditional", "partly_authorized", "spelling", "cut",
]  # fmt: skip


class ServiceLine(Struct, frozen=True):
    """One service as asked for.

    Attributes:
        text: the words that were read, made plain.
        treatment: which of the rulebook's treatments it is; ``None`` where that cannot be told.
        mentions: every treatment the words ask for.
        drug: the drug asked for, where it is one.
        quantity: how many; bounds where the words leave it open; ``None`` where they do not say.
        quantity_unspecified: the words themselves say that something about it is unknown or unspecified.
        authorized, in_dispute: what became of the quantity, where the line says so.
        frequency, hours_a_day, hours_a_week, duration: as written; a range is a range.
        supply: days of supply of a medication. refills: further fills of it. size: grams or milliliters.
        body_parts: see :mod:`imr_rules.words.body_parts`.
        levels: how many spinal levels; ``None`` where no level is named, or a range of them is.
        approach: of an epidural injection. fluoroscopy: whether it is guided so; ``None`` where not said.
        permanent: whether what is implanted is to stay, or is a trial; ``None`` where not said.
        housework_alone: housework is asked for, and no care for the person.
        continuing: more of a course already begun ("continue", "additional").
        initial, retrospective, postoperative, evaluation: the words say so.
        acquisition: of equipment, ``rental`` or ``purchase``.
        codes: CPT or HCPCS code numbers.
        left_over: numbers that are not explained.
        doubts: codes of what is not clear; see ``Doubt``.
        corrected: words that were read as others, for their spelling.
    """

    text: str
    treatment: str | None = None
    mentions: tuple[str, ...] = ()
    drug: Drug | None = None
    quantity: Amount | None = None
    quantity_unspecified: bool = False
    authorized: Amount | None = None
    in_dispute: Amount | None = None
    frequency: Rate | None = None
    hours_a_day: Amount | None = None
    hours_a_week: Amount | None = None
    duration: Amount | None = None
    supply: Amount | None = None
    refills: Amount | None = None
    size: Amount | None = None
    body_parts: tuple[BodyPart, ...] = ()
    levels: int | None = None
    approach: str | None = None
    fluoroscopy: bool | None = None
    permanent: bool | None = None
    housework_alone: bool | None = None
    continuing: bool = False
    initial: bool = False
    retrospective: bool = False
    postoperative: bool = False
    evaluation: bool = False
    acquisition: Literal["rental", "purchase"] | None = None
    codes: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


_SINGULAR = re.compile(
    r"\b(?:injection|block|[lct]?esi|tfesi|epidural|(?:drug|urine|tox\w*|uds|udt) (?:screen|test|analysis))\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:\w+ions|blocks|screens|tests|random\w*|ongoing|periodic\w*|every|each|monthly|quarterly|annual\w*|[lct]?esis|epidurals|series|set|multiple|several|repeat\w*|bilateral\w*|trigger|botox|and/or"
    r"|remaining|authorized|approved|certified|unknown|unspecified|as needed|prn)\b", re.IGNORECASE
)  # fmt: skip
_EACH = re.compile(
    r"\beach\b(?! (?:of )?(?:other|week|day|month|year|visit|session|time|night|morning|evening|fill|dose)\b)|\bper (?:side|part|limb|joint|region|body part)\b",
    re.IGNORECASE,
)
"""So much "each": of several parts of the body, or of both sides."""
_ELSEWHERE = (
    Word("form", "solution"), Word("form", "spray"), Word("unit", "injection"), Word("route", "injected"), Word("route", "elsewhere"),
)  # fmt: skip
"""Where a drug with a strength in percent goes, when it does not go on the skin."""
_SAID_IN_THE_SINGULAR = ("block", "injection", "study")
_HIDDEN_IN_A_NAME = frozenset("nhmpcieErAIv")
"""Letters that mean nothing inside a treatment's name: "H-wave", "3 phase bone scan", "SCS trial"."""


def read_service(text: str, names: TreatmentNames) -> ServiceLine:
    """Read one line that asks for a service. Any text is accepted; nothing is raised.

    Args:
        text: the words.
        names: what the rulebook's treatments are called.
    """
    text = " ".join(_ticked(plain(text[: 2 * LONGEST])).split()).strip(" .;:,")
    doubts = ["cut"] if len(text) > LONGEST else []
    text = text[:LONGEST]
    text, scanned = names.spelling.letters_for_digits(text)
    found = _mended(text, names, [*doubts, *(["spelling"] if scanned else [])])
    return replace(found, corrected=(*scanned.items(), *found.corrected)) if scanned else found


def _ticked(text: str) -> str:
    """Return a form's line without the choices whose boxes are empty: "[X] PT [ ] chiro"."""
    return _TICKED.sub(" ", _EMPTY_BOX.sub(" ", text)) if _TICKED.search(text) else text


_TICKED = re.compile(r"\[ ?[xX] ?\]|\( ?[xX] ?\)|[\u2611\u2612]")
_EMPTY_BOX = re.compile(r"(?:\[ ?\]|\( ?\)|\u2610)(?:(?! {2})[^\[(\u2610-\u2612,;\n])*")


def _mended(text: str, names: TreatmentNames, doubts: Sequence[str]) -> ServiceLine:
    """Read a line with its short words spelled out and its slips mended, where that tells more of it."""
    tokens = tokens_of(text)
    tokens, found = _spelled_out(tokens, _read(tokens, text, names, doubts), text, names, doubts)
    if found.treatment is not None and _parts_known(found) and not found.left_over:
        return found
    parts_only = found.treatment is not None and not found.left_over
    mended = names.spelling.mend(tokens, parts_only=parts_only)
    if not mended:
        return found
    again = [token._replace(text=mended[at]) if at in mended else token for at, token in enumerate(tokens)]
    better = _read(again, text, names, doubts)
    if _understood(better) <= _understood(found):
        return found
    corrected = tuple((tokens[at].text, word) for at, word in mended.items())
    return replace(better, corrected=corrected, doubts=(*better.doubts, "spelling"))


def _spelled_out(
    tokens: list[Token], found: ServiceLine, text: str, names: TreatmentNames, doubts: Sequence[str]
) -> tuple[list[Token], ServiceLine]:
    """Return a line with its short words spelled out, and what it says so, where that tells what is asked for."""
    short = lexicon().abbreviations
    if short.keys().isdisjoint(token.text for token in tokens):
        return tokens, found
    longer = [
        token._replace(text=short.get(token.text, token.text))
        for before, token in pairwise((tokens[0], *tokens))
        if token.text != "." or before.text not in short  # "phys. therapy"
    ]
    better = _read(longer, text, names, doubts)
    if better.treatment in (None, found.treatment):
        return tokens, found
    closer = found.treatment in names.treatments[better.treatment].lineage
    return (longer, better) if closer or {*found.mentions} <= {*better.mentions} else (tokens, found)


def _understood(line: ServiceLine) -> tuple[bool, int, int]:
    return line.treatment is not None, -len(line.left_over), _parts_known(line)


def _parts_known(line: ServiceLine) -> int:
    """Return how many parts of the body are named, "spine" by itself not counted: it may be the rest of a slip."""
    return sum(part.region != "spine" for part in line.body_parts)


def _read(tokens: Sequence[Token], text: str, names: TreatmentNames, doubts: Sequence[str]) -> ServiceLine:
    marks = marks_of(tokens, text, lexicon())
    mentions, aside = names.mentions([token.text for token in tokens], marks, text)
    treatment = names.asked_for(mentions, marks)
    codes = tuple(mark.word for mark in marks if mark.letter == "C")
    if not mentions and codes:
        treatment = names.of_codes(codes)
    if MIXTURE in names.treatments:
        treatment = _on_the_skin(marks, treatment, names) or treatment
    drug = _drug(marks, treatment, names)
    letters, begins = _letters(marks, mentions)
    earlier = [each for each in aside if SURGERY not in names.lineage(each.name)]
    letters = _without_earlier_counts(letters, marks, earlier)
    found = Shapes(marks, letters, text, doubts=[*doubts, *(["conditional"] if "I" in letters else [])])
    explain_what_is_no_quantity(found, drug)
    unit = names.unit(treatment)
    read_pace(found, by_visit=unit in ("visit", "hour", "day") or (unit is None and drug is None))
    read_counts(
        found,
        begins.__contains__,
        dosed=drug is not None or unit in ("injection", "tablet"),
        numbered=drug is None and unit in ("injection", "block"),
    )
    return _line(text, treatment, mentions, drug, codes, found, names, evaluated="E" in letters)


def _drug(marks: Sequence[Mark], treatment: str | None, names: TreatmentNames) -> Drug | None:
    """Return the drug a line asks for; one that is injected, or a name of none, is asked for by its procedure."""
    drugs: list[Drug] = [mark.value.value for mark in marks if mark.letter == "d"]
    taken = [drug for drug in drugs if drug.form != "injection"]
    if treatment is None:
        return taken[0] if taken else None
    if names.lineage(treatment)[-1] != MEDICATION:
        return None
    if taken:
        return taken[0]
    form = "tablet" if names.unit(treatment) == "tablet" else "other"
    return Drug("", (), treatment, form, "", ())


def _letters(marks: Sequence[Mark], mentions: Sequence[Mention]) -> tuple[str, set[int]]:
    """Return the letters of a line, those inside the names of treatments hidden; and where these names begin."""
    letters = [mark.letter for mark in marks]
    begins: set[int] = set()
    at = 0
    for mention in mentions:
        while at < len(marks) and marks[at].last <= mention.first:
            at += 1
        begins.add(at)
        while at < len(marks) and marks[at].first < mention.last:
            part = letters[at] != "v" or mention.last - mention.first > 1  # "trigger point injection"
            if letters[at] in _HIDDEN_IN_A_NAME and part:
                letters[at] = "X" if letters[at] == "n" else "w"
            at += 1
    return "".join(letters), begins


def _without_earlier_counts(letters: str, marks: Sequence[Mark], aside: Sequence[Mention]) -> str:
    """Return the letters of a line without what counts care that was given before: "ESI after failed PT x 12".

    Where nothing counts what is asked for, the number may do so all the same ("PT following ESI x 12"): it is left over.
    """
    for mention in aside:
        at = next((place for place, mark in enumerate(marks) if mark.first >= mention.last), len(marks))
        begin = max((place for place in range(at) if letters[place] in ";()."), default=0)
        after = letters.find("S", begin, at)
        if after >= 0 and letters[at : at + 2] in ("xn", "#n"):
            counted = "n" in letters[:after]
            letters = f"{letters[:at]}w{'X' if counted else 'Y'}{letters[at + 2 :]}"
    return letters


def _line(
    text: str,
    treatment: str | None,
    mentions: Sequence[Mention],
    drug: Drug | None,
    codes: tuple[str, ...],
    found: Shapes,
    names: TreatmentNames,
    *,
    evaluated: bool,
) -> ServiceLine:
    marks, doubts = found.marks, found.doubts
    kinds = {
        mark.value.kind: mark
        for mark in reversed(marks)
        if mark.value is not None and mark.letter not in "nfXC@l"
    }
    letters = letters_of(marks)
    placed = {"b", "l", "O"} & letters
    body_parts = body_parts_of(_without_reasons(marks), text, lexicon()) if placed else ()
    acquired = {
        mark.value.value
        for mark in marks
        if mark.letter == "w" and mark.value and mark.value.kind == "acquisition"
    }
    unit, lineage = names.unit(treatment), names.lineage(treatment)
    operated = SURGERY in lineage
    equipment = treatment is None or (unit in ("day", "month", "week", "item") and not operated)
    injected = any(mark.value == Word("route", "injected") for mark in marks if mark.letter == "w")
    rented = bool(acquired) or (equipment and drug is None)
    service = Service(unit, drug, rented, unit in ("hour", "day"), injected)
    if "open_ended" in kinds and drug is None:
        doubts.append("open_ended")
    amounts = quantities_of(found, service, [*places_of(found, "bOls")])
    alone = not found.left_over and "d" not in letters and len({part.region for part in body_parts}) < 2
    if amounts.asked is None and unit in _SAID_IN_THE_SINGULAR and alone and _is_one(text):
        amounts.asked = amounts.in_dispute = Amount(1, 1, unit, SINGULAR)
    each = _EACH.search(text) or any(
        one.word in ("per", "each", "every") and other.letter in "bs" for one, other in pairwise(marks)
    )
    of = sum(2 if _both_sides(part) else 1 for part in body_parts) if each else 1
    if of > 1 and amounts.asked is not None and amounts.asked.value is not None:
        doubts.append("each_of_several")
        amounts.asked = amounts.in_dispute = replace(amounts.asked, at_most=amounts.asked.value * of)
    timed = amounts.duration is not None or amounts.frequency is not None
    if operated and (timed or (amounts.asked and amounts.asked.unit in ("visit", "hour", "day"))):
        doubts.append("counted_otherwise")
        amounts.asked = amounts.authorized = amounts.in_dispute = None
    levels = levels_of(found, body_parts)
    mixed = treatment is not None and names.treatments[treatment].decides
    mixture = _shares(marks) if mixed else set()
    if INJECTION in lineage:
        mixture |= {mark for mark in marks if injected_drug(mark)}
    others = _other_drugs(marks, names, mixture)
    several = [*dict.fromkeys(mention.name for mention in mentions), *others]
    if len(several) > len({mention.name for mention in mentions}):
        treatment = None  # a drug beside it is one that the rulebook does not name
    if treatment is not None and treatment not in several and _each_is_counted(found, mentions):
        treatment = unit = None  # "OT x 6 and PT x 8" are two requests, "PT and OT x 6" is one of both kinds
    if len(several) > 1 and treatment is None:  # kinds of one treatment are one request
        doubts.append("either_service" if "|" in letters else "several_services")
    if treatment is not None and treatment not in (STUDIES, TOGETHER):
        apart = _apart(mentions, marks, treatment)
        things = unit != "visit" and not operated and treatment not in {*apart, *several}
        if _beside(treatment, apart, names) or (things and len({*apart}) > 1):
            doubts.append("several_services")
            if amounts.asked is not None and amounts.asked.implied:
                amounts.asked = amounts.in_dispute = None  # "ESI and facet injection" is not one injection
    if treatment is None and not {"several_services", "either_service"}.isdisjoint(doubts):
        amounts.asked = amounts.authorized = amounts.in_dispute = None  # of which of them is not said
        doubts[:] = [doubt for doubt in doubts if doubt not in _OF_QUANTITIES]
    doubts += _doubts(amounts, levels, unit, acquired, body_parts, found)
    if amounts.asked is None:
        doubts += _why_no_quantity(
            found,
            mentions,
            unit,
            kinds,
            evaluated=evaluated,
            apart=len(body_parts) > 1 or (unit == "item" and drug is None and not operated),
        )
    elif evaluated and amounts.asked.value == 1 and unit in _COUNTED and not _treated(marks):
        doubts.append("evaluation_only")  # one evaluation for a course, and not one day of it
    if unit in ("item", "month") and _evaluated(marks, mentions):
        doubts.append("evaluation_only")
    if operated and "O" in letters and not body_parts:
        doubts.append("no_body_part")
    continuing, initial = course_of(marks, mentions)
    supply, duration = found.supply, amounts.duration
    if drug is not None and supply is None and duration is not None and not found.rates:
        supply, duration = duration, None
    return ServiceLine(
        text=text,
        treatment=treatment,
        mentions=tuple(several),
        drug=drug,
        quantity=amounts.asked,
        quantity_unspecified="unspecified" in kinds and amounts.asked is None,
        authorized=amounts.authorized,
        in_dispute=amounts.in_dispute,
        frequency=amounts.frequency,
        hours_a_day=found.hours_a.get("day") or found.hours_a.get("visit"),
        hours_a_week=found.hours_a.get("week"),
        duration=duration,
        supply=supply,
        refills=found.refills,
        size=found.size,
        body_parts=body_parts,
        levels=levels,
        approach=kinds["approach"].value.value if "approach" in kinds else None,
        fluoroscopy=fluoroscopy_in(marks, codes),
        permanent=permanent_in(text) if unit == "item" else None,
        housework_alone=housework_alone(marks) if "household" in kinds else None,
        continuing=continuing,
        initial=initial,
        retrospective="retrospective" in kinds,
        postoperative="post_operative" in kinds or after_an_operation(marks),
        evaluation="evaluation" in kinds,
        acquisition=next(iter(acquired)) if len(acquired) == 1 else None,
        codes=codes,
        left_over=tuple(found.left_over),
        doubts=tuple(dict.fromkeys(doubts)),
    )


def _without_reasons(marks: Sequence[Mark]) -> Sequence[Mark]:
    """Return the marks of a line without the parts of the body in its reason, where others stand before it.

    "EMG right arm to rule out C6 radiculopathy" is for the arm.
    """
    reasons = [at for at, mark in enumerate(marks) if mark.letter == "G"]
    if not reasons or all(mark.letter not in "bl" for mark in marks[: reasons[0]]):
        return marks
    end = next((at for at in range(reasons[0], len(marks)) if marks[at].letter in ";()."), len(marks))
    return [
        mark._replace(letter="w") if reasons[0] < at < end and mark.letter in "blO" else mark
        for at, mark in enumerate(marks)
    ]


_OF_QUANTITIES = frozenset(
    ("several_quantities", "said_twice", "quantity_differs", "total_differs", "several_paces")
)


def _apart(mentions: Sequence[Mention], marks: Sequence[Mark], treatment: str) -> list[str]:
    """Return what a line names; of a mixture without its ingredients, told by a share or a slash.

    "Cream of flurbiprofen 20%, baclofen 5%" and "ketoprofen/gabapentin cream" are one request each.
    """
    if treatment != MIXTURE:
        return [mention.name for mention in mentions]
    mixed = {mark.first for mark in _shares(marks) | _slashed(marks)}
    return [mention.name for mention in mentions if mention.first not in mixed]


def _beside(treatment: str, several: Sequence[str], names: TreatmentNames) -> bool:
    """Whether a line names a treatment that is no kind of the one it was taken for, and that one no kind of it."""
    own = names.lineage(treatment)
    others = (name for name in several if name in names.treatments and name not in own)
    return any(treatment not in names.treatments[name].lineage for name in others)


def _each_is_counted(found: Shapes, mentions: Sequence[Mention]) -> bool:
    """Whether several treatments have a number or a pace each, all before or all behind their names."""
    places = [*(count.at for count in found.counts), *(pace.at for pace in (*found.rates, *found.lengths))]
    numbers = sorted(found.marks[place].first for place in places)
    bounds = [-1, *(mention.first for mention in mentions), len(found.text)]
    between = [any(first < number < last for number in numbers) for first, last in pairwise(bounds)]
    return len({mention.name for mention in mentions}) > 1 and (all(between[1:]) or all(between[:-1]))


def _both_sides(part: BodyPart) -> bool:
    """Whether a part of the body may be both of a pair: "each knee", "bilateral knees"."""
    return part.side == "bilateral" or (part.side is None and not lexicon().regions[part.region].axial)


def _is_one(text: str) -> bool:
    """Whether an injection, a block or a drug test is asked for in the singular, and nothing makes it several or leaves that open."""
    return _SINGULAR.search(text) is not None and _SEVERAL.search(text) is None


def _other_drugs(marks: Sequence[Mark], names: TreatmentNames, ingredients: Collection[Mark]) -> list[str]:
    """Return the classes of drugs that a line lists beside ``ingredients`` and the rulebook does not name."""
    drugs = [mark for mark in marks if mark.letter == "d"]
    if len(drugs) < 2:
        return []
    joined = {mark for at, mark in enumerate(marks) if _joined_to_a_drug(marks, at)}
    drugs = [mark for mark in drugs if mark not in joined]
    classes = dict.fromkeys(mark.value.value.treatment for mark in drugs if mark not in ingredients)
    return [name for name in classes if name not in names.treatments]


def _joined_to_a_drug(marks: Sequence[Mark], at: int) -> bool:
    """Whether a drug is the second part of a combination: "hydrocodone-acetaminophen", "oxycodone/APAP"."""
    if marks[at].letter != "d" or not at:
        return False
    before = marks[at - 1]
    return (before.letter == "d" and marks[at].joined) or (
        before.word == "/" and at > 1 and marks[at - 2].letter in "dg"
    )


def _on_the_skin(marks: Sequence[Mark], treatment: str | None, names: TreatmentNames) -> str | None:
    """Return the treatment of a drug that goes on the skin, or of a mixture of drugs, by its strength in percent.

    None for anything else: "ketoprofen 20%/lidocaine 5% ointment" and "ketoprofen 20%" are a mixture, "diclofenac 1%"
    is the gel of that strength, and "ketorolac 0.5% eye drops" is neither. Without a strength,
    "ketoprofen/gabapentin cream" is a mixture too.
    """
    drugs = [mark.value.value for mark in marks if mark.letter == "d"]
    if len(drugs) == 1 and drugs[0].route == "topical" and names.goes_on_the_skin(drugs[0].treatment):
        return str(drugs[0].treatment)  # "Biofreeze roll-on"
    shares, slashed = _shares(marks), _slashed(marks)
    if len(shares) > 1 or (slashed and _a_cream(marks) and slashed == {m for m in marks if m.letter == "d"}):
        return MIXTURE
    if not shares or treatment is None or _not_on_the_skin(marks):
        return None
    (share,) = shares
    drug: Drug = share.value.value
    if drug.route != "oral" or drug.treatment != treatment:
        return None
    made = lexicon().phrases.longest(["topical", *drug.ingredient.split()], 0)
    if made is not None and made[0].kind == "drug" and made[0].value.treatment in names.treatments:
        return str(made[0].value.treatment)
    return MIXTURE


def _slashed(marks: Sequence[Mark]) -> set[Mark]:
    """Return the drugs that a slash joins: "ketoprofen/gabapentin"."""
    found: set[Mark] = set()
    for before, slash, after in zip(marks, marks[1:], marks[2:], strict=False):
        if slash.word == "/" and before.letter == "d" and after.letter == "d":
            found |= {before, after}
    return found


def _a_cream(marks: Sequence[Mark]) -> bool:
    """Whether a line tells of one form, and that goes on the skin."""
    return {mark.value[1] for mark in marks if mark.value is not None and mark.value[0] == "form"} == {
        "cream"
    }


def _not_on_the_skin(marks: Sequence[Mark]) -> bool:
    """Whether a line tells of a form or a route that is not the skin: drops, an injection."""
    return any(mark.letter in "wu" and mark.value is not None and mark.value in _ELSEWHERE for mark in marks)


def _shares(marks: Sequence[Mark]) -> set[Mark]:
    """Return the drugs that have a share in a mixture: "bupivacaine 5%" of a cream, or "20% ketoprofen"."""
    behind: set[Mark] = set()
    before: set[Mark] = set()
    for at, mark in enumerate(marks):
        if mark.letter in "nf" and at + 1 < len(marks) and marks[at + 1].word in ("%", "percent"):
            behind |= {each for each in marks[max(0, at - 1) : at] if each.letter == "d"}
            before |= {each for each in marks[at + 2 : at + 3] if each.letter == "d"}
    return behind or before


def _doubts(
    amounts: Quantities,
    levels: int | None,
    unit: str | None,
    acquired: Collection[str],
    body_parts: Sequence[BodyPart],
    found: Shapes,
) -> Iterator[Doubt]:
    """Yield what is not clear of a line, beside the doubts its numbers raised."""
    asked = amounts.asked
    if (
        asked is not None
        and levels is not None
        and asked.value == levels > 1
        and unit in ("block", "injection")
    ):
        yield "count_or_levels"
    if len(acquired) > 1:
        yield "rental_and_purchase"
    regions = list(dict.fromkeys(part.region for part in body_parts))
    if any(same_region(one, other) is False for one in regions for other in regions):
        yield "several_body_parts"
    if amounts.authorized is not None and amounts.in_dispute is None:
        yield "partly_authorized"
    if found.left_over:
        yield "number_not_understood"


_COUNTED = frozenset(("visit", "hour", "day", "block", "injection", "tablet"))
"""What is asked for by the number; one study, one brace, need none."""


def _treated(marks: Sequence[Mark]) -> bool:
    return any(mark.word.startswith(("treat", "tx")) for mark in marks)


def _evaluated(marks: Sequence[Mark], mentions: Sequence[Mention]) -> bool:
    """Whether what is evaluated is what a line names: "wheelchair evaluation"."""
    ends = {mention.last for mention in mentions}
    return any(mark.letter == "E" and mark.first in ends for mark in marks)


def _why_no_quantity(
    found: Shapes,
    mentions: Sequence[Mention],
    unit: str | None,
    kinds: Collection[str],
    *,
    evaluated: bool,
    apart: bool,
) -> Iterator[Doubt]:
    """Yield why a line gives no quantity: unspecified, a pace without its length, an evaluation, nothing at all.

    ``apart``: what is named twice may well be two things.
    """
    if "unspecified" in kinds:
        yield "unspecified"
    elif found.rates and not found.lengths:
        yield "rate_without_length"
    elif evaluated and unit in _COUNTED and not _treated(found.marks):
        yield "evaluation_only"
    elif apart and len({mention.name for mention in mentions}) < len(mentions):
        yield "named_twice"
    elif unit in _COUNTED or any(mark.word in word_group("of_unknown_number") for mark in found.marks):
        yield "no_quantity"
