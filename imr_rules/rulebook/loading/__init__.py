"""From the files of a rulebook, and of the layers over it, to guidelines in memory, with every check on the way.

Nothing is half loaded: all files are read, all problems are gathered, and either there is a rulebook or
one :class:`~imr_rules.errors.RulebookError` with a file, line and column for each problem. Nothing after this
knows of layers, but for the name that a citation carries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from imr_rules._reading import Document, read_document
from imr_rules._validation import validate
from imr_rules.errors import Place, Problem, RulebookError
from imr_rules.rulebook import files
from imr_rules.rulebook.derived import derived_facts
from imr_rules.rulebook.dictionary import Law
from imr_rules.rulebook.digest import rulebook_digest
from imr_rules.rulebook.in_use import MANIFEST
from imr_rules.rulebook.loaded import Loaded
from imr_rules.rulebook.loading import bibliography, checks, words
from imr_rules.rulebook.loading.guidelines import Known, read_guideline
from imr_rules.rulebook.loading.matchable import refuse_unmatchable
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.loading.together import together
from imr_rules.rulebook.model import Guideline, Layer
from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = ["load", "read_manifest"]

_M = TypeVar("_M", bound=BaseModel)


class _Text(NamedTuple):
    """A guideline as it is written, and the layer it stands in."""

    file: files.GuidelineFile
    document: Document
    layer: str | None


def load(base: Path, *layers: Path) -> Loaded:
    """Read and check the rulebook in ``base`` with the layers over it, the lowest first.

    Raises:
        RulebookError: with one problem for each thing that is wrong.
    """
    directories = (base, *layers)
    for directory in directories:
        if not directory.is_dir():
            raise RulebookError(
                Problem("no-rulebook", "there is no rulebook directory here", Place(str(directory)))
            )
    problems = Problems()
    sources = _files(directories, "sources.yaml", files.SourcesFile, problems)
    facts = _files(directories, "facts.yaml", files.FactsFile, problems)
    treatments = _files(directories, "treatments.yaml", files.TreatmentsFile, problems)
    instruments = _files(directories, "instruments.yaml", files.InstrumentsFile, problems)
    codes = _files(directories, "codes.yaml", files.CodesFile, problems, needed=False)
    drugs = _files(directories, "drugs.yaml", files.DrugsFile, problems, needed=False)
    manifests = [_file(layer / MANIFEST, files.LayerFile, problems) for layer in layers]
    texts = [
        _Text(*found, manifest[0].layer if manifest else None)
        for directory, manifest in zip(directories, (None, *manifests), strict=True)
        for path in sorted(directory.glob("*/**/*.yaml"))
        if (found := _file(path, files.GuidelineFile, problems)) is not None
    ]
    problems.settle()
    named = [each for each in manifests if each is not None]
    version = _version(sources, named, problems)
    every_source = together(sources, problems)
    known_sources = bibliography.sources(every_source[0])
    citations = bibliography.citations(*every_source, known_sources, problems)
    vocabulary = _vocabulary(
        bibliography.tiers(*every_source, problems),
        bibliography.law(sources[0][0]),
        together(facts, problems),
        together(treatments, problems),
        together(instruments, problems),
        together(codes, problems) if codes else None,
        together(drugs, problems)[0] if drugs else None,
        problems,
    )
    known = Known(known_sources, citations, vocabulary)
    guidelines = _guidelines(texts, known, problems)
    problems.settle()
    laid = tuple(
        Layer(text.layer, text.version, text.title, rulebook_digest(directory))
        for directory, (text, _) in zip(layers, named, strict=True)
    )
    return Loaded(version, known_sources, citations, vocabulary, guidelines, sources[0][0].rulebook, laid)


def read_manifest(layer: Path) -> files.LayerFile:
    """Return what a layer says of itself.

    Raises:
        RulebookError: the directory is no layer, or its ``layer.yaml`` is wrong.
    """
    return validate(files.LayerFile, read_document(layer / MANIFEST, RulebookError), RulebookError)


def _files(
    directories: Sequence[Path], name: str, model: type[_M], problems: Problems, *, needed: bool = True
) -> list[tuple[_M, Document]]:
    """Return the files of one name: the rulebook's, where it is needed or there, and those that layers have."""
    wanted = [
        directory / name
        for place, directory in enumerate(directories)
        if (place == 0 and needed) or (directory / name).exists()
    ]
    return [found for path in wanted if (found := _file(path, model, problems)) is not None]


def _file(path: Path, model: type[_M], problems: Problems) -> tuple[_M, Document] | None:
    """Return what a file says, and the file with the places of it; None where that is wrong."""

    def read() -> tuple[_M, Document]:
        document = read_document(path, RulebookError)
        return validate(model, document, RulebookError), document

    return problems.attempt(read)


def _version(
    sources: Sequence[tuple[files.SourcesFile, Document]],
    manifests: Sequence[tuple[files.LayerFile, Document]],
    problems: Problems,
) -> str:
    """Return the version of the rulebook, and hold the layers against what they lie over."""
    (base, document), *above = sources
    if base.version is None:
        problems.add("missing-key", "`version`: this key is needed", document.place(()))
    for text, where in above:
        for key in ("rulebook", "version", "law"):
            if getattr(text, key) is not None:
                problems.add(
                    "not-valid", f"`{key}` belongs to a rulebook", where.place((key,), key=True),
                    f"a layer says its own in {MANIFEST}",
                )  # fmt: skip
    seen: dict[str, Document] = {}
    for manifest, where in manifests:
        if manifest.over != base.rulebook:
            called = f"is `{base.rulebook}`" if base.rulebook else "has no name"
            problems.add(
                "other-rulebook", f"the layer lies over `{manifest.over}`, and the rulebook here {called}",
                where.place(("over",)), f"`rulebook:` in {document.file} is the name of the rulebook",
            )  # fmt: skip
        if manifest.layer in seen:
            problems.add(
                "declared-twice", f"`{manifest.layer}` is also the layer at {seen[manifest.layer].file}",
                where.place(("layer",)), "give each layer a name of its own",
            )  # fmt: skip
        seen[manifest.layer] = where
    return base.version or ""


def _vocabulary(
    tiers: Mapping[str, str],
    law: Law,
    facts: tuple[files.FactsFile, Document],
    treatments: tuple[files.TreatmentsFile, Document],
    instruments: tuple[files.InstrumentsFile, Document],
    codes: tuple[files.CodesFile, Document] | None,
    drugs: files.DrugsFile | None,
    problems: Problems,
) -> Vocabulary:
    known = words.treatments(*treatments, problems)
    scales = words.instruments(*instruments, problems)
    regions = treatments[0].regions
    lists = {"regions": tuple(regions), "treatments": tuple(known)}
    derived = derived_facts(regions, treatments[0].procedures, scales, law)
    dictionary = words.facts(*facts, lists, derived, problems)
    words.refuse_unknown_questions(*treatments, dictionary, problems)
    return Vocabulary(
        facts=dictionary,
        treatments=known,
        regions={name: (each.label, tuple(each.words)) for name, each in regions.items()},
        instruments=scales,
        codes=words.codes(*codes, known, problems) if codes else {},
        conversions=words.conversions(*treatments, known, problems),
        tiers=tiers,
        law=law,
        procedures={name: tuple(each) for name, each in treatments[0].procedures.items()},
        drug_lists=words.drug_lists(drugs) if drugs else (),
    )


def _guidelines(texts: Sequence[_Text], known: Known, problems: Problems) -> dict[str, Guideline]:
    found: dict[str, Guideline] = {}
    written: dict[str, Document] = {}
    for text, document, layer in texts:
        if _is_refused(text, document, layer, found.get(text.guideline), problems):
            continue
        found[text.guideline] = read_guideline(text, document, known, problems, layer)
        written[text.guideline] = document
    checks.refuse_wrong_replacements(found, written, problems)
    checks.refuse_overlaps(found, written, known.vocabulary.treatments, problems)
    if not problems.found:
        refuse_unmatchable(found, known.vocabulary, problems)
    return found


def _is_refused(
    text: files.GuidelineFile,
    document: Document,
    layer: str | None,
    below: Guideline | None,
    problems: Problems,
) -> bool:
    """Whether a guideline may not stand beside, or in place of, the one of its id that was read before.

    A layer may fill a guideline whose contents are not known. One that is known it replaces with a reason.
    """
    if below is None:
        if text.replaces is not None:
            what = f"there is no guideline `{text.guideline}` below this layer"
            hint = "leave `replaces` out, or give the id of the guideline it takes the place of"
            problems.add("unknown-guideline", what, document.place(("replaces",), key=True), hint)
        return False
    place = document.place(("guideline",))
    if below.layer == layer:
        problems.add("duplicate-guideline", f"`{text.guideline}` is also at {below.place}", place)
        return True
    if below.known and text.replaces is None:
        what = f"`{text.guideline}` is also at {below.place}, and its contents are known"
        hint = "say why this one takes its place, with `replaces:`, or give it another id"
        problems.add("duplicate-guideline", what, place, hint)
        return True
    return False
