"""The words of the field, as the rulebook's files declare them: treatments, instruments, facts, codes."""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules._reading import Document
from imr_rules.expression.values import FactType
from imr_rules.rulebook import files
from imr_rules.rulebook.dictionary import (
    Code,
    Conversion,
    DrugList,
    FactSpec,
    ImportantChange,
    Instrument,
    ListedDrug,
    Treatment,
)
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.loading.bibliography import period
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.words.drugs import drugs_named


def treatments(text: files.TreatmentsFile, document: Document, problems: Problems) -> dict[str, Treatment]:
    """Return the treatments by name, each with its broader ones."""
    found = {}
    circles: set[str] = set()
    for name, each in text.treatments.items():
        lineage = [name]
        while (broader := text.treatments[lineage[-1]].within) is not None:
            if broader not in text.treatments:
                problems.unknown(
                    "treatment",
                    broader,
                    text.treatments,
                    document.place(("treatments", lineage[-1], "within")),
                )
                break
            if broader in lineage:
                if broader == name and circles.isdisjoint(lineage):
                    where = document.place(("treatments", name, "within"))
                    problems.add("circle", f"`{name}` lies within itself", where, "leave out one `within`")
                    circles.update(lineage)
                break
            lineage.append(broader)
        inherit = [text.treatments[step] for step in lineage]
        discipline = next((step.discipline for step in inherit if step.discipline), lineage[-1])
        unit = next((step.unit for step in inherit if step.unit), "item")
        for index, words in enumerate(each.words):
            if not words[0].isascii() or not (words[0].islower() or words[0].isdigit()):
                what = "the words of a treatment begin with a small letter or a digit"
                problems.add("words", what, document.place(("treatments", name, "words", index)))
        found[name] = Treatment(
            name,
            each.label,
            tuple(lineage),
            discipline,
            unit,
            tuple(each.words),
            each.decides,
            tuple(each.short),
            next((step.ask for step in inherit if step.ask), ()),
            any(step.postsurgical for step in inherit),
        )
    if ANY_TREATMENT in found:
        problems.add(
            "reserved",
            "`any` stands for every treatment",
            document.place(("treatments", ANY_TREATMENT), key=True),
        )
    return found


def refuse_unknown_questions(
    text: files.TreatmentsFile, document: Document, facts: Mapping[str, FactSpec], problems: Problems
) -> None:
    """Refuse a treatment whose reviewers are said to look for a fact that there is not."""
    for name, each in text.treatments.items():
        for index, fact in enumerate(each.ask):
            if fact not in facts:
                problems.unknown("fact", fact, facts, document.place(("treatments", name, "ask", index)))


def instruments(text: files.InstrumentsFile, document: Document, problems: Problems) -> dict[str, Instrument]:
    """Return the instruments by name."""
    found = {}
    for name, each in text.instruments.items():
        path = ("instruments", name)
        for edition in each.editions:
            if edition not in text.instruments:
                problems.unknown("instrument", edition, text.instruments, document.place((*path, "editions")))
        low, high = each.scores
        covered = [score for band in each.bands for score in range(band.scores[0], band.scores[1] + 1)]
        if each.bands and covered != list(range(low, high + 1)):
            problems.add(
                "bands",
                "the bands leave a gap, overlap, or leave the range",
                document.place((*path, "bands")),
            )
        if each.bands and not (each.bands_cite and each.bands_status):
            problems.add(
                "no-citation",
                "bands need `bands_cite` and `bands_status`",
                document.place((*path, "bands"), key=True),
            )
        found[name] = Instrument(
            name,
            each.label,
            tuple(words.lower() for words in each.names),
            low,
            high,
            each.better == "lower",
            each.measures,
            tuple((band.name, *band.scores) for band in each.bands),
            tuple(ImportantChange(c.points, c.permille, c.cites, c.status) for c in each.important_change),
            each.editions,
            each.bands_cite,
            each.bands_status,
            each.note,
        )
    return found


def facts(
    text: files.FactsFile,
    document: Document,
    lists: Mapping[str, tuple[str, ...]],
    derived: Mapping[str, FactSpec],
    problems: Problems,
) -> dict[str, FactSpec]:
    """Return the dictionary: the facts of its file, and those that the engine works out.

    Args:
        text, document: the dictionary's file.
        lists: names that a fact may take its words from.
        derived: what the engine works out, which no file declares.
        problems: where to note what is wrong.
    """
    for name in sorted(text.facts.keys() & derived.keys()):
        where = document.place(("facts", name), key=True)
        problems.add("duplicate-fact", f"`{name}` is worked out by the engine", where, "leave its entry out")
    for name, fact in text.facts.items():
        if fact.told_by is not None and fact.told_by not in text.facts and fact.told_by not in derived:
            where = document.place(("facts", name, "told_by"))
            problems.unknown("fact", fact.told_by, (*text.facts, *derived), where)
    return dict(derived) | {name: _fact(name, each, lists) for name, each in text.facts.items()}


def codes(
    text: files.CodesFile, document: Document, known: Mapping[str, Treatment], problems: Problems
) -> dict[str, Code]:
    """Return what CPT and HCPCS numbers stand for."""
    for code, each in text.codes.items():
        if each.treatment not in known:
            problems.unknown("treatment", each.treatment, known, document.place(("codes", code)))
    return {code: Code(each.treatment, each.minutes) for code, each in text.codes.items()}


def drug_lists(text: files.DrugsFile) -> tuple[DrugList, ...]:
    """Return the drug lists, the lowest layer first."""
    return tuple(
        DrugList(each.title, period(each.requests), each.status, tuple(map(_listed_drug, each.drugs)))
        for each in text.lists
    )


def _listed_drug(text: files.DrugFile) -> ListedDrug:
    named = drugs_named(text.ingredient)
    return ListedDrug(
        text.ingredient, named.ingredients, text.form, text.listed, text.special_fill, text.perioperative_fill
    )


def _of_the_request(text: files.FactFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    words = text.request
    return (words.yes, words.no) if words else ((), ())


def _fact(name: str, text: files.FactFile, lists: Mapping[str, tuple[str, ...]]) -> FactSpec:
    if text.type == "yes_no":
        kind = FactType.boolean()
    elif text.type == "date":
        kind = FactType.date()
    elif text.one_of is not None:
        kind = FactType.choice(frozenset(lists[text.one_of] if isinstance(text.one_of, str) else text.one_of))
    else:
        low, high = text.between or (0, 0)
        kind = FactType.integer(low, high, text.unit)
    reading = text.diagnoses or files.DiagnosisWords()
    return FactSpec(
        name, text.label, kind, text.asks, text.silence, text.domain, False, text.source,
        reading.icd9, reading.icd10, tuple(words.lower() for words in reading.words), text.in_request,
        *_of_the_request(text), opposite_of=text.opposite_of, told_by=text.told_by, hints=tuple(words.lower() for words in reading.may),
    )  # fmt: skip


def conversions(
    text: files.TreatmentsFile, document: Document, known: Mapping[str, Treatment], problems: Problems
) -> tuple[Conversion, ...]:
    """Return the cited conversions of units, in the order written."""
    for index, conversion in enumerate(text.conversions):
        for treatment in conversion.treatments:
            if treatment not in known:
                problems.unknown(
                    "treatment", treatment, known, document.place(("conversions", index, "treatments"))
                )
    return tuple(map(_conversion, text.conversions))


def _conversion(text: files.ConversionFile) -> Conversion:
    requests = period(text.requests) if text.requests else None
    return Conversion(
        text.from_, text.to, text.numerator, text.denominator, text.treatments, requests, text.cites
    )
