"""What sentences answer with yes or no: a table of words for each fact, and what their claims make of them.

The table is ``findings.yaml``. The words of a row mean its answer where a sentence states them, the opposite where it
denies them, and that the record is silent where it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from msgspec.structs import replace

from imr_rules.reading.sentences.claims import Claim, claim
from imr_rules.reading.sentences.mentions import MEDICATION
from imr_rules.reading.sentences.statement import Statement
from imr_rules.reading.sentences.tables import pattern, read_table
from imr_rules.reading.sentences.told import Told

Answer = bool | Literal["undocumented"]


class _Row(NamedTuple):
    """Words for one fact; ``answer`` is None where they say something only where they are denied.

    ``says`` is how they say it: words that say so plainly hold their own denial. ``near``, ``anywhere`` and ``never`` are words that must stand in
    the same clause, must stand in the sentence, and may not.
    """

    fact: str
    kind: str | None
    answer: bool | None
    says: str
    words: re.Pattern[str]
    near: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    never: re.Pattern[str] | None


_ANSWERS = {
    "so": True,
    "not": False,
    "denied": None,
    "silent": None,
    "plainly so": True,
    "plainly not": False,
}
_METHODS: dict[Answer, str] = {
    True: "said to be so", False: "said not to be so", "undocumented": "said not to be documented"
}  # fmt: skip


@cache
def _rows() -> list[_Row]:
    table = read_table("findings.yaml")
    rows = []
    for row in table["findings"]:
        name = next(name for name in _ANSWERS if name in row)
        words, *others = (
            pattern(row[key], table["parts"]) if key in row else None
            for key in (name, "near", "with", "never")
        )
        assert words is not None
        rows.append(_Row(row["fact"], row.get("kind"), _ANSWERS[name], name, words, *others))
    return rows


def find_findings(told: Told) -> list[Statement]:
    """Return what a sentence answers of the facts in the table, once a clause."""
    found: list[Statement] = []
    seen: set[tuple[str, int]] = set()
    for row in _rows():
        for match in row.words.finditer(told.signed):
            begin, end = told.sentence.clause(match.start())
            if (row.fact, begin) in seen or (row.never is not None and row.never.search(told.signed)):
                continue
            if row.near is not None and not row.near.search(told.signed, begin, max(end, match.end())):
                continue
            if row.anywhere is not None and not (
                row.anywhere.search(told.signed) or row.anywhere.search(told.sentence.low)
            ):
                continue
            for statement in _answers(told, row, match):
                seen.add((row.fact, begin))
                found.append(statement)
    for fact, told_first in (("goals_met", False), ("measured_gain", True)):  # all the goals, but any gain
        if any(each.fact == fact and each.value is told_first for each in found):
            found = [each for each in found if each.fact != fact or each.value is told_first]
    return [*found, *_restricted_lifting(told), *_left_out(told, found)]


def _answers(told: Told, row: _Row, match: re.Match[str]) -> Iterator[Statement]:
    start, end = match.span()
    what = claim(told.sentence, start, end, within="plainly" not in row.says)
    answer = _value(told, row, what) if what.counts else None
    if what.why == "lost" and row.answer is False and what.of_worker and not what.earlier:
        answer = False  # what was lost again is no better
    silent = answer == "undocumented"
    treatment = told.care_of(start, end, "τ" if row.fact == "medication_reduced" else "τδ")
    of_visits = _VISITS.search(told.signed, *told.sentence.clause(start)) is not None
    if row.fact == "response" and treatment is None and not of_visits and not (silent and told.of_item):
        return
    if row.fact == "medication_reduced" and row.answer is True and answer is True:
        change = _change(told.signed[start:])
        answer = change < 0 if change else None if match[0][-1].isdigit() else answer
    if answer is True and _goes_the_other_way(told, row, start, end):
        answer = False if row.fact == "measured_gain" and _change(told.signed[start:]) is not None else None
    if answer is None:
        return
    # what was used less is said of the drug as well as of the care that brought it about
    drugs = [each.name for each in told.mentions if each.sign == "δ" and start <= each.start < end]
    of_drugs = (drugs or [MEDICATION]) if row.fact == "medication_reduced" else []
    listed = told.listed_with(treatment, start, end) if row.fact == "response" else []
    for name in dict.fromkeys((treatment, *of_drugs, *listed)):
        yield told.statement(
            row.fact, start, end, _METHODS[answer],
            status="undocumented" if answer == "undocumented" else "known",
            value=answer if isinstance(answer, bool) else None,
            treatment=name,
            body_parts=told.parts_of_clause(start),
        )  # fmt: skip


_VISITS = re.compile(r"\b(?:visits|sessions|treatments)\b")
_ON_EXAMINATION = re.compile(
    r"\b(?:on|upon|by|clinical|physical) (?:physical |clinical )?exam|\bexam\w* (?:show|reveal|found|demonstrat)|\bfound\b"
)


def _value(told: Told, row: _Row, what: Claim) -> Answer | None:
    """Return what a claim makes of a row's answer; None where it says nothing."""
    if what.polarity == "undocumented" and row.kind == "example":
        return None
    if what.polarity == "undocumented" and not (row.kind == "sign" and _ON_EXAMINATION.search(told.signed)):
        return None if row.fact == "no_remaining_deficit" else "undocumented"
    if what.partly and row.fact == "goals_met":
        return False
    if (what.partly or (what.briefly and row.fact != "activities_improved")) and row.kind == "effect":
        return None  # "able to sit for an hour" is no short effect
    if what.polarity == "stated":
        return (
            None
            if row.answer is True and row.kind == "effect" and told.general and row.fact != "measured_gain"
            else row.answer
        )
    if row.kind == "example" or row.says == "silent":
        return None  # that one red flag is absent does not say that all are
    if row.kind == "paper":
        return "undocumented"  # that there is none means that none is documented
    if row.answer is False:
        return True if row.fact in ("failed_conservative_care", "no_remaining_deficit") else None
    return False


_THEN = r"(?:(?:at|on) (?:the )?(?:initial |first |last )?(?:eval\w*|ie|intake|baseline|start(?: of care)?|visit)|initial(?:ly)?|was|prior|previous(?:ly)?|before|baseline)"
_NOW = r"(?:current(?:ly)?|now|today|this (?:date|visit|week)|at discharge|present(?:ly)?)"
_FROM_TO = re.compile(
    r"\bfrom (?:an? )?(\d+)\D[^.;]{0,30}?\b(?:to|down to|up to) (?:an? )?(\d+)|(\d+)[^\d.;]{0,12}(?:-{0,2}>|\u2192) ?(\d+)"
    r"|\b(\d+)[^.;\d]{0,25}\b(?:remained|stayed|still|again)\b[^.;\d]{0,12}(\d+)"
    rf"|\b(\d+)[^\d.;,]{{0,12}}\b{_THEN}\b[^\d.;]{{0,10}}(\d+)[^\d.;,]{{0,12}}\b{_NOW}\b"
    rf"|\b{_THEN}\b[^.;\d]{{0,10}}(\d+)[^.;\d]{{0,15}}? {_NOW}\b[^.;\d]{{0,10}}(\d+)"
)
_NOW_AND_THEN = re.compile(
    r"\b(\d+)[^.;\d]{0,25}? (?:compared (?:with|to)|versus|vs|up from|down from|whereas|previously|initially|formerly|(?<=,) was) [^.;\d]{0,30}?(\d+)"
)
_BY = re.compile(r"\b(?:by|to)\b[^.;]{0,12}\d|\d+[ -]?(?:%|\u00b0|degrees?|pounds|lbs|kg)")
_GAINED = re.compile(r"improv|increas|gain|progress|advanc|rose|\bw[eh]nt|gone|changed|\bup\b")
_LIFTING = re.compile(
    r"\b(?:lifting|weight|carrying)(?: and carrying)? (?:limit(?:ation)?|restriction)s?\b[^.;]{0,30}"
)


_SIDES = re.compile(
    r"\d[^.;]{0,15}\b(?:left|right|l|r|opposite|contralateral|uninjured)\b[^.;]{0,15}\b(?:vs|versus|and|compared)\b[^.;]{0,20}\b(?:left|right|l|r|opposite|contralateral|uninjured)\b"
)


def _change(text: str) -> int | None:
    """Return by how much the first two figures of a text rise, from the one before to the one now; None without two."""
    words = re.split(r"[.;](?!\d)", re.sub(r"(?<=[0-5])[+-]?/5\b", "", text), maxsplit=1)[0]
    if _SIDES.search(words):
        return None  # the one arm against the other
    if both := _FROM_TO.search(words):
        before, now = (int(each) for each in both.groups() if each)
        return now - before
    then = _NOW_AND_THEN.search(words)
    return int(then[1]) - int(then[2]) if then else None


@cache
def _pain() -> re.Pattern[str]:
    return pattern("<pain>", read_table("findings.yaml")["parts"])


def _goes_the_other_way(told: Told, row: _Row, start: int, end: int) -> bool:
    """Whether figures speak against a yes: a gain that does not rise, or is told without any; a pain that does."""
    hurts = row.fact == "response" and _pain().search(told.signed, start, end) is not None
    change = _change(told.signed[start:].split(",", 1)[0] if hurts else told.signed[start:])
    if row.fact == "measured_gain":
        told_of = _GAINED.search(told.signed, start, end) is not None and _BY.search(told.signed) is not None
        return change <= 0 if change is not None else not told_of
    return hurts and change is not None and change > 0


def _restricted_lifting(told: Told) -> Iterator[Statement]:
    """Yield a limit of lifting that was raised or lowered from one figure to another."""
    for limit in _LIFTING.finditer(told.signed):
        both = _FROM_TO.search(told.signed, limit.start(), limit.end() + 60)
        if (
            both is not None
            and both[1] is not None
            and both[1] != both[2]
            and claim(told.sentence, *both.span()).polarity == "stated"
        ):
            eased = int(both[1]) < int(both[2])
            yield told.statement(
                "restrictions_reduced", limit.start(), both.end(), _METHODS[eased], value=eased
            )


# "... but not for the right shoulder", "while physical therapy did not"
_ELLIPSIS = re.compile(
    r"[^.;]{0,60}?\b(?:(?:is|was|were|are|has|have|had|does|did|do) not|not|none)\b(?: (?:(?:for|of|in|with|from|at) [^.;,]{0,60}?|(?:the|his|her) (?:right|left) [^.;,]{0,30}?))?[.;, ]*$"
)


def _left_out(told: Told, found: list[Statement]) -> Iterator[Statement]:
    """Yield the opposite of the clause before for a clause that says "not" and leaves out of what."""
    own_subject = [0, *(place for place, own in told.sentence.breaks if own), len(told.signed)]
    for first, begin, end in zip(own_subject, own_subject[1:], own_subject[2:]):  # noqa: B905
        at = {each.start - told.sentence.start: each for each in found}
        before = [each for place, each in at.items() if first <= place < begin and each.value is True]
        if (
            not before
            or not _ELLIPSIS.match(told.signed, begin, end)
            or any(begin <= place < end for place in at)
        ):
            continue
        parts = tuple(part for part in told.parts if begin <= part.start < end)
        treatment = told.care_of(begin, end)
        silent = re.search(r"document|record", told.signed[first:begin]) is not None
        for each in before:
            if parts or treatment not in (None, each.treatment):
                yield replace(
                    each, start=told.sentence.start + begin, end=told.sentence.start + end,
                    method="the opposite of the clause before", value=None if silent else False,
                    status="undocumented" if silent else "known", body_parts=parts,
                    treatment=treatment or each.treatment,
                )  # fmt: skip
