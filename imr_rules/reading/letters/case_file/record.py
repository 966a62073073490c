"""The worker, the injury, its diagnoses, the request and operations, as a case records them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imr_rules.reading.letters.case_file.evidence import evidence_of, recorded, region_of
from imr_rules.reading.letters.facts import Fact

if TYPE_CHECKING:
    from imr_rules.reading.letters.letter import Letter
    from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.reading.letters.case_file.evidence import HEADER, LONGEST

__all__ = ["diagnoses_of", "injury_of", "request_of", "surgeries_of", "worker_of"]


def worker_of(facts: Sequence[Fact]) -> dict[str, Any]:
    """Return the worker's age and sex, where the letter says them."""
    age = next((fact for fact in facts if fact.fact == "age" and fact.amount is not None), None)
    sex = next((fact.value for fact in facts if fact.fact == "sex"), None)
    return {"age": recorded(age) if age is not None else None, "sex": sex}


def injury_of(letter: Letter) -> dict[str, Any]:
    """Return the day of injury; where the summary tells of another day, the month or year they share."""
    day = letter.header.date_of_injury
    told = [
        fact.date
        for fact in letter.facts
        if fact.fact == "injury_date" and fact.section == "summary" and fact.date
    ]
    if day is not None and told and not any(day.startswith(other) for other in told):
        day = next((day[:length] for length in (7, 4) if told[0][:length] == day[:length]), None)
    return {} if day is None else {"date": day, "evidence": HEADER}


def diagnoses_of(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return the diagnoses in the letter's words; a list that doubts one of them is taken apart."""
    found: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if fact.fact != "diagnosis" or not isinstance(fact.value, str):
            continue
        doubtful = _DOUBT.search(fact.value) is not None
        for piece in re.split(r"[,;]\s+(?![^()]*\))", fact.value) if doubtful else [fact.value]:
            words = re.sub(r"^(?:and|or) ", "", piece.strip(" .,;"))[:LONGEST]
            if words:
                found.setdefault(words.lower(), {"text": words, "evidence": evidence_of(fact)})
    return list(found.values())


_DOUBT = re.compile(
    r"\brul(?:e[sd]?|ing) out\b|\br/o\b|\bpossible\b|\bsuspected\b|\bhistory of\b|\bstatus post\b|\bs/p\b",
    re.I,
)


def request_of(letter: Letter, facts: Sequence[Fact]) -> dict[str, Any]:
    """Return the day of the request, where the letter gives one day and it can be that of the request denied."""
    told = [fact for fact in facts if fact.fact == "request_date" and fact.date is not None]
    days = {str(fact.date) for fact in told}
    if len(days) != 1:
        return {}
    (day,) = days
    injury, denial = letter.header.date_of_injury, letter.header.ur_denial_date
    if (denial is not None and day > denial) or (injury is not None and day < injury[: len(day)]):
        return {}
    return {"date": day, "evidence": evidence_of(*told)}


def surgeries_of(facts: Sequence[Fact], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Return the operations done, each once."""
    found: dict[object, dict[str, Any]] = {}
    for fact in facts:
        if fact.fact == "surgery" and isinstance(fact.value, str):
            key = (fact.date, region_of(fact.body_parts, vocabulary) and fact.body_parts[0].region)
            found.setdefault(
                key,
                {
                    "text": fact.value[:LONGEST],
                    "body_part": region_of(fact.body_parts, vocabulary),
                    "date": fact.date,
                    "evidence": evidence_of(fact),
                },
            )
    return list(found.values())
