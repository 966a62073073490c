"""From the files of a rulebook to guidelines in memory, with every check on the way.

Nothing is half loaded: all files are read, all problems are gathered, and either there is a rulebook or
one :class:`~imr_rules.errors.RulebookError` with a file, line and column for each problem.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from imr_rules._reading import Document, read_document
from imr_rules._validation import validate
from imr_rules.errors import Place, Problem, RulebookError
from imr_rules.rulebook import files
from imr_rules.rulebook.derived import derived_facts
from imr_rules.rulebook.loaded import Loaded
from imr_rules.rulebook.loading import bibliography, checks, words
from imr_rules.rulebook.loading.guidelines import Known, read_guideline
from imr_rules.rulebook.loading.matchable import refuse_unmatchable
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = ["load"]

_M = TypeVar("_M", bound=BaseModel)


def load(directory: Path) -> Loaded:
    """Read and check the rulebook in ``directory``.

    Raises:
        RulebookError: with one problem for each thing that is wrong.
    """
    if not directory.is_dir():
        raise RulebookError(
            Problem("no-rulebook", "there is no rulebook directory here", Place(str(directory)))
        )
    problems = Problems()
    sources = _file(directory / "sources.yaml", files.SourcesFile, problems)
    facts = _file(directory / "facts.yaml", files.FactsFile, problems)
    treatments = _file(directory / "treatments.yaml", files.TreatmentsFile, problems)
    instruments = _file(directory / "instruments.yaml", files.InstrumentsFile, problems)
    codes_path = directory / "codes.yaml"
    codes = _file(codes_path, files.CodesFile, problems) if codes_path.exists() else None
    texts = [
        found
        for path in sorted(directory.glob("*/**/*.yaml"))
        if (found := _file(path, files.GuidelineFile, problems)) is not None
    ]
    problems.settle()
    assert sources and facts and treatments and instruments
    known_sources = bibliography.sources(sources[0])
    citations = bibliography.citations(*sources, known_sources, problems)
    vocabulary = _vocabulary(facts, treatments, instruments, codes, problems)
    known = Known(known_sources, citations, vocabulary)
    guidelines = _guidelines(texts, known, problems)
    problems.settle()
    return Loaded(sources[0].version, known_sources, citations, vocabulary, guidelines)


def _file(path: Path, model: type[_M], problems: Problems) -> tuple[_M, Document] | None:
    """Return what a file says, and the file with the places of it; None where that is wrong."""

    def read() -> tuple[_M, Document]:
        document = read_document(path, RulebookError)
        return validate(model, document, RulebookError), document

    return problems.attempt(read)


def _vocabulary(
    facts: tuple[files.FactsFile, Document],
    treatments: tuple[files.TreatmentsFile, Document],
    instruments: tuple[files.InstrumentsFile, Document],
    codes: tuple[files.CodesFile, Document] | None,
    problems: Problems,
) -> Vocabulary:
    known = words.treatments(*treatments, problems)
    scales = words.instruments(*instruments, problems)
    regions = treatments[0].regions
    lists = {"regions": tuple(regions), "treatments": tuple(known)}
    derived = derived_facts(regions, treatments[0].procedures, scales)
    dictionary = words.facts(*facts, lists, derived, problems)
    words.refuse_unknown_questions(*treatments, dictionary, problems)
    return Vocabulary(
        facts=dictionary,
        treatments=known,
        regions={name: (each.label, tuple(each.words)) for name, each in regions.items()},
        instruments=scales,
        codes=words.codes(*codes, known, problems) if codes else {},
        conversions=words.conversions(*treatments, known, problems),
    )


def _guidelines(
    texts: list[tuple[files.GuidelineFile, Document]], known: Known, problems: Problems
) -> dict[str, Guideline]:
    found: dict[str, Guideline] = {}
    written: dict[str, Document] = {}
    for text, document in texts:
        if text.guideline in found:
            what = f"`{text.guideline}` is also at {found[text.guideline].place}"
            problems.add("duplicate-guideline", what, document.place(("guideline",)))
            continue
        found[text.guideline] = read_guideline(text, document, known, problems)
        written[text.guideline] = document
    checks.refuse_wrong_replacements(found, written, problems)
    checks.refuse_overlaps(found, written, known.vocabulary.treatments, problems)
    if not problems.found:
        refuse_unmatchable(found, known.vocabulary, problems)
    return found
