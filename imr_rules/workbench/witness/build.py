"""From a model of the solver to a case, as an editor would write it."""

from __future__ import annotations

from datetime import date
from typing import Any

import z3

from imr_rules.case import Case, DisputedItem
from imr_rules.facts.wording import completed
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.workbench.witness.family import COURSES, Family
from imr_rules.workbench.witness.said import Said

__all__ = ["ITEM", "as_written", "build"]

ITEM, PRINCIPAL = "item-1", "principal"
_SEARCHED = "the record"
_UNSEEN = "not legible"
_STRUCTURED = frozenset({"(in dispute)", "(authorized)", "body_region", "postsurgical_procedure", "age"})


def build(family: Family, model: z3.ModelRef, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the case that a model describes, as plain data.

    Args:
        family: the unknowns.
        model: what they are.
        vocabulary: the dictionary; what it does not know is left out.
    """
    return _Builder(family, model, vocabulary).case()


class _Builder:
    def __init__(self, family: Family, model: z3.ModelRef, vocabulary: Vocabulary) -> None:
        self.family, self.model, self.vocabulary = family, model, vocabulary

    def holds(self, term: z3.BoolRef) -> bool:
        return bool(z3.is_true(self.model.eval(term, model_completion=True)))

    def number(self, term: z3.ArithRef) -> int:
        return int(self.model.eval(term, model_completion=True).as_long())

    def day(self, term: z3.ArithRef) -> str:
        return str(date.fromordinal(self.number(term)))

    def statement(self, said: Said, unit: str | None = None) -> Any:
        """Return one statement as a case has it; None where nothing is said."""
        stated: Any
        if self.holds(said.stated):
            low, high = self.number(said.low), self.number(said.high)
            if said.kind.kind == "choice":
                stated = self.family.words.word(self.number(said.word))
            elif said.kind.kind == "boolean":
                stated = bool(low)
            elif said.kind.kind == "date":
                stated = str(date.fromordinal(low))
            elif low == high:
                stated = low
            else:
                stated = {"at_least": low, "at_most": high}
        elif self.holds(said.undocumented):
            stated = {"undocumented": [_SEARCHED]}
        elif self.holds(said.missing):
            stated = {"missing": _UNSEEN}
        else:
            return None
        if unit is None:
            return stated
        return {**stated, "unit": unit} if isinstance(stated, dict) else {"value": stated, "unit": unit}

    def case(self) -> dict[str, Any]:
        family, said = self.family, self.family.said
        unit = None if family.unit == family.treatment.unit else family.unit
        found: dict[str, Any] = {"request": {"date": self.day(family.requested)}}
        if self.holds(family.injured):
            found["injury"] = {"date": self.day(family.injury)}
        if "age" in said and (age := self.statement(said["age"])) is not None:
            found["worker"] = {"age": age}
        item: dict[str, Any] = {
            "id": ITEM, "service": self._service(), "treatment": family.treatment.name,
        }  # fmt: skip
        region = self._region()
        if region is not None:
            item["body_part"] = {"region": region}
        for key in ("in_dispute", "authorized"):
            amount = self.statement(said["(in dispute)" if key == "in_dispute" else "(authorized)"], unit)
            if amount is not None:
                item[key] = amount
        if "days_requested" in said and (days := self.statement(said["days_requested"])) is not None:
            item["duration"] = {"value": days, "unit": "day"}
        items = [item]
        if self.holds(family.follows):
            item["follows"] = PRINCIPAL
            items.append({"id": PRINCIPAL, "service": "the treatment that the first item follows"})
        history = [each for name in COURSES if (each := self._course(name, region, unit)) is not None]
        if history:
            found["history"] = history
        if self.holds(family.operated):
            found["surgeries"] = [self._surgery(region)]
        findings = self._findings()
        if "principal_supported" in findings:
            item["findings"] = {"principal_supported": findings.pop("principal_supported")}
        found["items"] = items
        if findings:
            found["findings"] = findings
        return found

    def _service(self) -> str:
        """Return the request in words that state nothing beside its treatment."""
        item = DisputedItem.model_construct(service=self.family.treatment.label)
        plain = completed(item, self.vocabulary) is item
        return item.service if plain else "the treatment in dispute"

    def _region(self) -> str | None:
        if not self.holds(self.family.placed):
            return None
        said = self.family.said.get("body_region")
        return str(self.statement(said)) if said is not None else next(iter(sorted(self.vocabulary.regions)))

    def _course(self, name: str, region: str | None, unit: str | None) -> dict[str, Any] | None:
        said = self.family.courses[name]
        if not self.holds(said.given):
            return None
        course: dict[str, Any] = {"treatment": self.family.treatment.name}
        if region is not None:
            elsewhere = next(each for each in sorted(self.vocabulary.regions) if each != region)
            course["body_part"] = {"region": elsewhere if name == "elsewhere" else region}
        if not self.holds(said.missing):  # a course whose visits nobody could count is recorded without them
            course["attended"] = self.statement(said, unit)
        if self.holds(self.family.operated):
            course["after_surgery"] = name == "after_surgery"
        return course

    def _surgery(self, region: str | None) -> dict[str, Any]:
        surgery: dict[str, Any] = {}
        said = self.family.said.get("postsurgical_procedure")
        procedure = self.statement(said) if said is not None else None
        if procedure is not None:
            surgery["procedure"] = procedure
        else:
            surgery["text"] = "an operation"
        if region is not None:
            surgery["body_part"] = {"region": region}
        if self.holds(self.family.dated):
            surgery["date"] = self.day(self.family.surgery)
        return surgery

    def _findings(self) -> dict[str, Any]:
        found = {}
        for name, said in sorted(self.family.said.items()):
            if name in _STRUCTURED or name == "days_requested" or name not in self.vocabulary.facts:
                continue
            statement = self.statement(said)
            if statement is not None:
                found[name] = statement
        return found


def as_written(case: Case) -> dict[str, Any]:
    """Return a case as plain data, as briefly as an editor would write it."""
    found: dict[str, Any] = _plain(case.model_dump(mode="json", exclude_defaults=True))
    return found


_STATEMENT = {"value", "at_least", "at_most", "undocumented", "missing"}


def _plain(part: Any) -> Any:
    """Return part of a case with a list of one statement as that statement, and a bare value as itself."""
    if isinstance(part, dict):
        return {name: _plain(each) for name, each in part.items()}
    if isinstance(part, list):
        if len(part) == 1 and isinstance(part[0], dict) and part[0].keys() & _STATEMENT:
            return part[0]["value"] if part[0].keys() == {"value"} else part[0]
        return [_plain(each) for each in part]
    return part
