"""What a drug list says of the drug that an item asks for: its status and its fills.

Only a list that somebody read in the state's own makes a fact. What reports or memory say of the list is a fact of
its own, so that a reader is told where to look, and nothing rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable

from imr_rules._dates import Window
from imr_rules.case import Evidence, Recorded
from imr_rules.rulebook.dictionary import DrugList, ListedDrug
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.words.drugs import NamedDrugs, drugs_named

STATUS = "formulary_status"
_REPORTED = "reported_formulary_status"


def listed(service: str, as_of: Window | None, vocabulary: Vocabulary) -> dict[str, tuple[Recorded, ...]]:
    """Return the facts that a drug list tells of a request's drug: nothing where its words name none of the list.

    The topmost list that is for the whole of ``as_of`` and has the drug decides. Where its entries differ by a form
    that the words do not name, the status stays open.
    """
    if not vocabulary.drug_lists or STATUS not in vocabulary.facts or as_of is None:
        return {}
    unreported: dict[str, tuple[Recorded, ...]] = {}
    if _REPORTED in vocabulary.facts:
        unreported[_REPORTED] = (Recorded(value="no_report"),)
    wanted = drugs_named(service)
    lists = [each for each in reversed(vocabulary.drug_lists) if each.requests.covers(*as_of)]
    for each in lists:
        found = _entries(each, wanted, service) if each.status == "read" else []
        if found:
            return _read(each, found, vocabulary) | unreported
    for each in lists:
        found = [entry for entry in _entries(each, wanted, service) if _reported_of(entry, wanted)]
        if unreported and len({entry.listed for entry in found}) == 1:
            place = f"{each.title}: {found[0].name} ({each.status}, not read in the list)"
            return {_REPORTED: (Recorded(value=found[0].listed, evidence=(Evidence(place=place),)),)}
    return unreported


def _entries(drugs: DrugList, wanted: NamedDrugs, service: str) -> list[ListedDrug]:
    """Return the entries for a drug: those of its form, else those for every form; all of them where it names none."""
    alike = [each for each in drugs.drugs if _same(each, wanted, service)]
    if wanted.form is None:
        return alike
    return [each for each in alike if each.form == wanted.form] or [
        each for each in alike if each.form is None
    ]


def _reported_of(entry: ListedDrug, wanted: NamedDrugs) -> bool:
    """Whether a report is of the form asked for: one that tells none is of the drug taken by mouth, not of a cream."""
    return entry.form is not None or wanted.form in (None, "tablet", "solution")


def _same(entry: ListedDrug, wanted: NamedDrugs, service: str) -> bool:
    if entry.ingredients:
        return entry.ingredients == wanted.ingredients
    return not wanted.ingredients and f" {entry.name.lower()} " in f" {service.lower()} "


def _read(
    drugs: DrugList, found: list[ListedDrug], vocabulary: Vocabulary
) -> dict[str, tuple[Recorded, ...]]:
    names = ", ".join(dict.fromkeys(f"{each.name}{f', {each.form}' if each.form else ''}" for each in found))
    evidence = (Evidence(place=f"{drugs.title}: {names}"),)

    def of(values: Iterable[str | int]) -> tuple[Recorded, ...]:
        kinds = sorted(set(values), key=str)
        if len(kinds) == 1:
            return (Recorded(value=kinds[0], evidence=evidence),)
        return (
            Recorded(missing="the drug list differs by form, and the request names none", evidence=evidence),
        )

    facts = {
        STATUS: of(each.listed for each in found),
        "special_fill_days": of(each.special_fill for each in found),
        "perioperative_fill_days": of(each.perioperative_fill for each in found),
    }
    return {name: each for name, each in facts.items() if name in vocabulary.facts}
