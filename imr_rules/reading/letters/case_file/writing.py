"""A case file written from a letter, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from imr_rules.case import Case
from imr_rules.reading.letters.case_file.evidence import LETTER
from imr_rules.reading.letters.case_file.findings import findings_of, measurements_of
from imr_rules.reading.letters.case_file.history import history_of
from imr_rules.reading.letters.facts import FactSection

if TYPE_CHECKING:
    from imr_rules.reading.letters.letter import Letter
    from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.reading.letters.case_file.evidence import HEADER
from imr_rules.reading.letters.case_file.items import item_of
from imr_rules.reading.letters.case_file.record import (
    diagnoses_of,
    injury_of,
    request_of,
    surgeries_of,
    worker_of,
)

__all__ = ["case_data", "to_case", "to_case_text"]


def to_case(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> Case:
    """Return the case a letter tells of.

    Args:
        letter: the letter, read.
        vocabulary: the names the case may use.
        with_rationale: take what the reviewer found as well, known with hindsight only.
    """
    return Case.from_data(case_data(letter, vocabulary, with_rationale=with_rationale))


def to_case_text(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> str:
    """Return the same as the YAML text of a case file."""
    data = case_data(letter, vocabulary, with_rationale=with_rationale)
    Case.from_data(data)  # never write a file that could not be read back
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110
    )


class _Dumper(yaml.SafeDumper):
    """Writes the same place twice rather than an anchor and a reference to it."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never refer back."""
        return True


def case_data(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> dict[str, Any]:
    """Return the same as plain data, in the order a case file is written in."""
    sections: tuple[FactSection, ...] = ("summary", "title")
    if with_rationale:
        sections += ("rationale",)
    facts = [fact for fact in letter.facts if fact.section in sections]
    header = letter.header
    names = [f"item-{item.number}" for item in letter.items]
    outcomes = {
        name: {"outcome": item.outcome}
        for name, item in zip(names, letter.items, strict=True)
        if item.outcome is not None
    }
    found: dict[str, Any] = {
        "case": header.case_number,
        "about": (
            "Written from a determination letter: its header, clinical summary and titles"
            + (", and what the reviewer found." if with_rationale else ".")
        ),
        "priority": {"expedited": "expedited"}.get((header.priority or "").lower(), "regular")
        if header.priority
        else None,
        "worker": worker_of(facts),
        "injury": injury_of(letter),
        "diagnoses": diagnoses_of(facts),
        "request": request_of(letter, facts),
        "application": {"received": header.application_received, "evidence": HEADER}
        if header.application_received
        else None,
        "items": [
            item_of(letter, item, name, facts, vocabulary, with_rationale=with_rationale)
            for name, item in zip(names, letter.items, strict=True)
        ],
        "history": history_of(letter, facts, vocabulary, with_rationale=with_rationale),
        "surgeries": surgeries_of(facts, vocabulary),
        "measurements": measurements_of(facts, vocabulary),
        "findings": findings_of(facts, vocabulary),
        "documents": [{"id": LETTER, "kind": "other", "date": header.decision_date, "pages": letter.pages}],
        "expect": {"items": outcomes} if outcomes else None,
    }
    pruned = _pruned(found)
    assert isinstance(pruned, dict)
    return pruned


def _pruned(part: Any) -> Any:
    """Leave out what is not known, and what is empty for it."""
    if isinstance(part, dict):
        kept = {name: _pruned(each) for name, each in part.items()}
        return {name: each for name, each in kept.items() if each is not None and each not in ({}, [])}
    if isinstance(part, list):
        return [_pruned(each) for each in part]
    return part
