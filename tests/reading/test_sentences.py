"""What sentences state, by kind: denied, hoped for, quoted, somebody else's, counted in every way; and nothing more.

Each sentence stands alone in a determination letter, once in its summary and once in its rationale, and goes all the
way to a case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from imr_rules.reading.letters import Letter
from imr_rules.reading.letters.case_file import case_data
from imr_rules.reading.letters.text import LetterText
from imr_rules.reading.sentences import SentenceReader
from imr_rules.words import plain
from tests.reading.letters.reading import read_text, vocabulary
from tests.reading.letters.written import one_sentence

KINDS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8")
)
THERAPY = "Physical therapy, 6 sessions for the right shoulder"
PLAIN = "The requested care was reviewed."


def wanted() -> Iterator[Any]:
    for kind, shared in KINDS.items():
        for entry in shared["say"]:
            sentence, own = entry if isinstance(entry, list) else (entry, {})
            yield pytest.param(sentence, {**shared, **own}, id=f"{kind}: {sentence}")


@cache
def reader() -> SentenceReader:
    return SentenceReader(vocabulary())


@cache
def about(item: str) -> Letter:
    """A letter about one item that says nothing in its summary and in its rationale."""
    return read_text([one_sentence(item, PLAIN, PLAIN)])


def telling(item: str, place: str, sentence: str) -> Letter:
    """The same letter with one sentence in the place of all that it says; the rest need not be read again."""
    letter = about(item)
    injured = letter.header.date_of_injury
    told = tuple(reader().read(plain(sentence), section=place, injured=injured))  # type: ignore[arg-type]
    (only,) = letter.items
    facts, findings = (told, ()) if place == "summary" else ((), told)
    return replace(
        letter, facts=facts, items=(replace(only, findings=findings),), source=LetterText(sentence, (0,))
    )


def case_of(letter: Letter, place: str) -> dict[str, Any]:
    return case_data(letter, vocabulary(), with_rationale=place == "rationale")


def said(case: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for findings in (case.get("findings", {}), *(item.get("findings", {}) for item in case["items"])):
        for fact, statements in findings.items():
            for each in statements:
                answer = "undocumented" if "undocumented" in each else str(each["value"]).lower()
                found["functional_improvement" if fact == "objective_improvement" else fact].add(answer)
    return found


def answer(found: set[str]) -> str:
    if not found:
        return "not_stated"
    return (
        "conflict"
        if {"true", "false"} <= found
        else sorted(found, key=["true", "false", "undocumented"].index)[0]
    )


def amount(stated: Any) -> str:
    """A count of a case as the sentences write it; of several statements, what all of them span."""
    if isinstance(stated, list):
        lows = [int(each.get("value", each.get("at_least", 0))) for each in stated]
        highs = [int(each.get("value", each.get("at_most", 0))) for each in stated]
        return f"{min(lows)}..{max(highs)}"
    if "undocumented" in stated:
        return "undocumented"
    if "missing" in stated:
        return "none"
    if "value" in stated:
        return str(stated["value"])
    low, high = stated.get("at_least", 0 if "at_most" in stated else ""), stated.get("at_most", "")
    return str(low) if low == high else f"{low}..{high}"


def scale(name: str) -> str | None:
    """A scale as the rulebook calls it; None where the rulebook does not know it."""
    found = vocabulary().instrument(name)
    return found.name if found is not None else None


def both(score: dict[str, Any]) -> list[Any]:
    return [score.get("value", score.get(bound)) for bound in ("at_least", "at_most")]


def courses(case: dict[str, Any], treatment: str, region: str | None, *, here: bool) -> str:
    lineages = {name: each.lineage for name, each in vocabulary().treatments.items()}
    found = []
    for course in case.get("history", ()):
        name = course["treatment"]
        if treatment not in lineages[name] and name not in lineages[treatment]:
            continue
        place = (course.get("body_part") or {}).get("region")
        if (place in (None, region) if here else place == region) and "attended" in course:
            found.append(amount(course["attended"]))
    found = [each for each in found if each != "none"]
    if len(found) > 1 and all(each.isdigit() for each in found):
        return str(sum(map(int, found)))
    return found[0] if found else "none"


@pytest.mark.parametrize(("sentence", "expected"), [*wanted()])
def test_a_sentence_states_what_it_says_and_no_more(sentence: str, expected: dict[str, Any]) -> None:
    for place in ("summary", "rationale"):
        letter = telling(expected.get("item", THERAPY), place, sentence)
        assert not problems_of(letter, expected, place), place


@pytest.mark.parametrize("place", ["summary", "rationale"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_whole_letter_says_it_too(kind: str, place: str) -> None:
    sentence, expected = next(each.values for each in wanted() if str(each.id).startswith(f"{kind}:"))
    said = {"summary": PLAIN, "rationale": PLAIN, place: sentence}
    letter = read_text([one_sentence(expected.get("item", THERAPY), **said)])
    assert not problems_of(letter, expected, place)


def problems_of(letter: Letter, expected: dict[str, Any], place: str) -> list[str]:
    """What a letter's case says against what is expected, in words."""
    case = case_of(letter, place)
    problems = []
    found = said(case)
    told = [*letter.facts, *letter.items[0].findings]
    region = (case["items"][0].get("body_part") or {}).get("region")

    def hold(what: str, got: str, right: str) -> None:
        if got not in right.split("|"):
            problems.append(f"{what}: {got}, not {right}")

    for fact, right in expected.get("facts", {}).items():
        hold(fact, answer(found.pop(fact, set())), right)
    for fact, answers in found.items():
        if fact not in expected.get("allow", ()):
            problems.append(f"{fact}: {answer(answers)}, which nobody stated")
    for treatment, right in expected.get("visits", {}).items():
        hold(f"visits of {treatment}", courses(case, treatment, region, here=True), right)
    for treatment, right in expected.get("elsewhere", {}).items():
        hold("visits elsewhere", courses(case, treatment, right["region"], here=False), right["attended"])
    if not expected.get("visits"):
        counted = [
            amount(c["attended"])
            for c in case.get("history", ())
            if "attended" in c and not expected.get("elsewhere")
        ]
        problems += [
            f"{each} visits counted" for each in counted if each not in ("none", "1..", "undocumented")
        ]
    if "authorized" in expected:
        amounts = {each.amount.value for each in told if each.count_of == "authorized" and each.amount}
        hold("authorized", "|".join(map(str, amounts)), str(expected["authorized"]))
    if "left" in expected:
        unused = [amount(c["authorized_unused"]) for c in case.get("history", ()) if "authorized_unused" in c]
        hold("left", unused[0] if unused else "none", str(expected["left"]))
    if "since" in expected:
        days = {
            str(c["since"])
            for c in case.get("history", ())
            if c["treatment"] in expected["visits"] and "since" in c
        }
        hold("since", "|".join(days), str(expected["since"] or ""))
    if "work" in expected:
        status = {each.value for each in told if each.fact == "work_status" and each.value}
        hold("work", "|".join(map(str, status)), expected["work"] or "")
    if "scores" in expected:
        scores = [
            [scale(each["instrument"]), each.get("date"), *both(each["score"])]
            for each in case.get("measurements", ())
        ]
        right = [[name, *rest] for written, *rest in expected["scores"] if (name := scale(written))]
        if sorted(scores, key=str) != sorted(right, key=str):
            problems.append(f"scores: {scores}, not {right}")
    if "surgery" in expected:
        done = case.get("surgeries", [])
        if expected["surgery"] == "none":
            problems += [f"surgery: {each}" for each in done]
        elif not done or (expected["surgery"] != "done" and done[0].get("date") != expected["surgery"]):
            problems.append(f"surgery: {done}, not {expected['surgery']}")
    return problems
