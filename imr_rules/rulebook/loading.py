"""From the files of a rulebook to guidelines in memory, with every check on the way.

Nothing is half loaded: all files are read, all problems are gathered, and either there is a rulebook or
one :class:`~imr_rules.errors.RulebookError` with a file, line and column for each problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from imr_rules._reading import Document, read_document
from imr_rules._units import PLURALS
from imr_rules._validation import validate
from imr_rules.errors import Place, Problem, RulebookError, nearest
from imr_rules.expression import AllOf, AnyOf, Constant, ExpressionFault, Node, Not, Resolver, names, parse
from imr_rules.facts.derive import DERIVED
from imr_rules.facts.values import FactType
from imr_rules.rulebook import files
from imr_rules.rulebook.loaded import ANY_TREATMENT, Loaded
from imr_rules.rulebook.model import (
    Citation,
    Code,
    Conversion,
    Criterion,
    FactSpec,
    Guideline,
    ImportantChange,
    Instrument,
    Limit,
    LimitRow,
    Period,
    Source,
    Superseding,
    Template,
    Treatment,
)
from imr_rules.rulebook.vocabulary import Vocabulary, instrument_facts

__all__ = ["load"]

_M = TypeVar("_M", bound=BaseModel)
_VOCABULARY = ("sources", "facts", "treatments", "instruments")
_STATUS_ORDER: tuple[files.CitationStatus, ...] = ("recalled", "practice", "secondary", "read")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass
class _Problems:
    """Problems gathered while the rest goes on being read."""

    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, what: str, place: Place, hint: str | None = None) -> None:
        self.found.append(Problem(code, what, place, hint))

    def attempt(self, read: Callable[[], _M]) -> _M | None:
        try:
            return read()
        except RulebookError as error:
            self.found.extend(error.problems)
            return None

    def settle(self) -> None:
        if self.found:
            raise RulebookError(self.found)


def load(directory: Path) -> Loaded:
    """Read and check the rulebook in ``directory``.

    Raises:
        RulebookError: with one problem for each thing that is wrong.
    """
    if not directory.is_dir():
        raise RulebookError(
            Problem("no-rulebook", "there is no rulebook directory here", Place(str(directory)))
        )
    problems = _Problems()
    sources_doc, sources_file = _file(directory, "sources", files.SourcesFile, problems)
    facts_doc, facts_file = _file(directory, "facts", files.FactsFile, problems)
    treatments_doc, treatments_file = _file(directory, "treatments", files.TreatmentsFile, problems)
    instruments_doc, instruments_file = _file(directory, "instruments", files.InstrumentsFile, problems)
    codes: dict[str, files.CodeFile] = {}
    codes_doc = None
    if (directory / "codes.yaml").exists():
        codes_doc, codes_file = _file(directory, "codes", files.CodesFile, problems)
        codes = codes_file.codes if codes_file else {}
    texts: list[tuple[Document, files.GuidelineFile]] = []
    for document in _guideline_documents(directory, problems):
        text = problems.attempt(partial(validate, files.GuidelineFile, document, RulebookError))
        if text is not None:
            texts.append((document, text))
    problems.settle()
    assert sources_file and facts_file and treatments_file and instruments_file
    assert sources_doc and facts_doc and treatments_doc and instruments_doc

    sources = {name: _source(name, each) for name, each in sources_file.sources.items()}
    citations = _citations(sources_file, sources, sources_doc, problems)
    treatments = _treatments(treatments_file, treatments_doc, problems)
    instruments = _instruments(instruments_file, instruments_doc, problems)
    lists = {"regions": tuple(treatments_file.regions), "treatments": tuple(treatments)}
    dictionary = {name: _fact(name, each, lists) for name, each in facts_file.facts.items()}
    for name in sorted(DERIVED.keys() ^ {name for name, spec in dictionary.items() if spec.derived}):
        what = f"`{name}` is not declared as derived" if name in DERIVED else f"nothing derives `{name}`"
        problems.add(
            "derived",
            what,
            facts_doc.place(("facts", name), key=True),
            "the derived facts are listed in docs/facts.md",
        )
    for name, spec in instrument_facts(instruments).items():
        if name in dictionary:
            problems.add(
                "duplicate-fact",
                f"`{name}` belongs to an instrument",
                facts_doc.place(("facts", name), key=True),
            )
        dictionary[name] = spec
    for code, entry in codes.items():
        if entry.treatment not in treatments and codes_doc:
            _unknown("treatment", entry.treatment, treatments, codes_doc.place(("codes", code)), problems)
    vocabulary = Vocabulary(
        dictionary,
        treatments,
        {name: (each.label, tuple(each.words)) for name, each in treatments_file.regions.items()},
        instruments,
        {name: Code(each.treatment, each.minutes) for name, each in codes.items()},
        tuple(map(_conversion, treatments_file.conversions)),
    )
    compiler = _Compiler(sources, citations, vocabulary, problems)
    guidelines: dict[str, Guideline] = {}
    written: dict[str, Document] = {}
    for document, text in texts:
        if text.guideline in guidelines:
            other = guidelines[text.guideline].place
            problems.add(
                "duplicate-guideline",
                f"`{text.guideline}` is also at {other}",
                document.place(("guideline",)),
            )
            continue
        guidelines[text.guideline] = compiler.guideline(text, document)
        written[text.guideline] = document
    for name, guideline in guidelines.items():
        for index, each in enumerate(guideline.supersedes):
            if each.guideline not in guidelines:
                place = written[name].place(("supersedes", index, "guideline"))
                _unknown("guideline", each.guideline, guidelines, place, problems)
    _refuse_overlaps(guidelines, written, vocabulary, problems)
    problems.settle()
    return Loaded(sources_file.version, sources, citations, vocabulary, guidelines)


def _file(
    directory: Path, name: str, model: type[_M], problems: _Problems
) -> tuple[Document | None, _M | None]:
    found: list[Document] = []

    def read() -> _M:
        found.append(read_document(directory / f"{name}.yaml", RulebookError))
        return validate(model, found[0], RulebookError)

    read_file = problems.attempt(read)
    return (found[0] if found else None), read_file


def _guideline_documents(directory: Path, problems: _Problems) -> Iterator[Document]:
    for path in sorted(directory.glob("*/**/*.yaml")):
        try:
            yield read_document(path, RulebookError)
        except RulebookError as error:
            problems.found.extend(error.problems)


def _unknown(kind: str, name: str, known: Iterable[str], place: Place, problems: _Problems) -> None:
    hint = nearest(name, known) or f"declare it, or name one of the {kind}s there are"
    problems.add(f"unknown-{kind}", f"there is no {kind} `{name}`", place, hint)


def _period(text: files._InForce) -> Period:
    return Period(text.from_, text.to)


def _conversion(text: files.ConversionFile) -> Conversion:
    requests = _period(text.requests) if text.requests else None
    return Conversion(
        text.from_, text.to, text.numerator, text.denominator, text.treatments, requests, text.cites
    )


def _source(name: str, text: files.SourceFile) -> Source:
    return Source(
        name,
        text.document,
        text.regulation,
        text.tier,
        text.family,
        text.edition,
        _period(text.in_force) if text.in_force else None,
        tuple(f"part {number} {title}".lower() for number, title in text.parts.items()),
        tuple(words.lower() for words in text.cited_as),
        text.note,
        text.stands_alone,
    )


def _citations(
    text: files.SourcesFile, sources: Mapping[str, Source], document: Document, problems: _Problems
) -> dict[str, Citation]:
    found = {}
    for name, each in text.citations.items():
        source = sources.get(each.source)
        if source is None:
            _unknown("source", each.source, sources, document.place(("citations", name, "source")), problems)
            continue
        found[name] = Citation(
            source.id,
            source.document,
            source.regulation,
            each.section,
            each.pages,
            each.status,
            source.in_force,
            each.note,
        )
    return found


def _treatments(text: files.TreatmentsFile, document: Document, problems: _Problems) -> dict[str, Treatment]:
    found = {}
    for name, each in text.treatments.items():
        lineage = [name]
        while (broader := text.treatments[lineage[-1]].within) is not None:
            if broader not in text.treatments:
                _unknown(
                    "treatment",
                    broader,
                    text.treatments,
                    document.place(("treatments", lineage[-1], "within")),
                    problems,
                )
                break
            if broader in lineage:
                problems.add(
                    "circle", f"`{name}` lies within itself", document.place(("treatments", name, "within"))
                )
                break
            lineage.append(broader)
        inherit = [text.treatments[step] for step in lineage]
        discipline = next((step.discipline for step in inherit if step.discipline), lineage[-1])
        unit = next((step.unit for step in inherit if step.unit), "item")
        found[name] = Treatment(
            name, each.label, tuple(lineage), discipline, unit, tuple(each.words), each.decides
        )
    if ANY_TREATMENT in found:
        problems.add(
            "reserved",
            "`any` stands for every treatment",
            document.place(("treatments", ANY_TREATMENT), key=True),
        )
    for index, conversion in enumerate(text.conversions):
        for treatment in conversion.treatments:
            if treatment not in found:
                _unknown(
                    "treatment",
                    treatment,
                    found,
                    document.place(("conversions", index, "treatments")),
                    problems,
                )
    return found


def _instruments(
    text: files.InstrumentsFile, document: Document, problems: _Problems
) -> dict[str, Instrument]:
    found = {}
    for name, each in text.instruments.items():
        path = ("instruments", name)
        for edition in each.editions:
            if edition not in text.instruments:
                _unknown(
                    "instrument", edition, text.instruments, document.place((*path, "editions")), problems
                )
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
        name, text.label, kind, text.asks, text.silence, text.domain, text.derived, text.source,
        reading.icd9, reading.icd10, tuple(words.lower() for words in reading.words),
    )  # fmt: skip


class _Compiler:
    """Turns guideline files into guidelines."""

    def __init__(
        self,
        sources: dict[str, Source],
        citations: dict[str, Citation],
        vocabulary: Vocabulary,
        problems: _Problems,
    ) -> None:
        self.sources, self.citations = sources, citations
        self.vocabulary, self.problems = vocabulary, problems

    def guideline(self, text: files.GuidelineFile, document: Document) -> Guideline:
        source = self.sources.get(text.source)
        if source is None:
            _unknown("source", text.source, self.sources, document.place(("source",)), self.problems)
            source = Source(text.source, "", None, "mtus", None, None, None, (), (), None, False)
        for index, treatment in enumerate(text.applies.treatments):
            if treatment not in self.vocabulary.treatments and treatment != ANY_TREATMENT:
                place = document.place(("applies", "treatments", index))
                _unknown("treatment", treatment, self.vocabulary.treatments, place, self.problems)
        limits = {name: self._limit(name, each, document) for name, each in text.limits.items()}
        read = _GuidelineReader(self, text, source, limits, document)
        applies = read.expression(text.applies.when, ("applies", "when"))
        criteria = [
            *read.recommendation(),
            *(read.criterion(index, each) for index, each in enumerate(text.criteria)),
        ]
        seen: set[str] = set()
        for index, criterion in enumerate(text.criteria):
            if criterion.id in seen or (criterion.id == "recommended" and text.recommended):
                self.problems.add(
                    "duplicate-criterion", f"`{criterion.id}` is the id of another criterion here",
                    document.place(("criteria", index, "id")),
                )  # fmt: skip
            seen.add(criterion.id)
        return Guideline(
            id=text.guideline,
            title=text.title,
            source=source,
            section=text.section,
            pages=text.pages,
            requests=_period(text.requests),
            treatments=text.applies.treatments,
            applies_when=applies,
            applies_text=text.applies.when,
            by_analogy=text.applies.otherwise == "by_analogy",
            known=text.contents == "known",
            note=text.note,
            limits=limits,
            criteria=tuple(criteria),
            supersedes=tuple(
                Superseding(
                    each.guideline,
                    read.expression(each.when, ("supersedes", index, "when")) if each.when else applies,
                    each.when or text.applies.when or "true",
                )
                for index, each in enumerate(text.supersedes)
            ),
            place=document.place(("guideline",)),
        )

    def _limit(self, name: str, text: files.LimitFile, document: Document) -> Limit:
        path = ("limits", name)
        whole = LimitRow(
            "", Constant(True), "true", text.amounts, text.status or "recalled", text.pages, text.note
        )
        if text.rows is None:
            if text.status is None:
                self.problems.add(
                    "no-status",
                    f"the limit `{name}` does not say how it is known",
                    document.place(path, key=True),
                    "add `status: read`, `secondary`, `recalled` or `practice`",
                )
            return Limit(
                name,
                whole.amounts,
                whole.status,
                whole.pages,
                whole.note,
                place=document.place(path, key=True),
            )
        reader = _GuidelineReader(self, None, None, {}, document)
        rows = []
        for index, row in enumerate(text.rows):
            place = (*path, "rows", index)
            if (row.status or text.status) is None:
                self.problems.add(
                    "no-status",
                    f"row {index + 1} of `{name}` does not say how it is known",
                    document.place(place),
                    "add `status:` to the row or to the limit",
                )
            if not row.amounts:
                self.problems.add(
                    "empty", f"row {index + 1} of `{name}` has no number", document.place(place)
                )
            rows.append(
                LimitRow(
                    row.label, reader.expression(row.when, (*place, "when")), row.when, row.amounts,
                    row.status or text.status or "recalled", row.pages or text.pages, row.note,
                )
            )  # fmt: skip
        otherwise = None
        if text.otherwise is not None:
            otherwise = LimitRow(
                "otherwise", Constant(True), "true", text.otherwise.amounts,
                text.otherwise.status or text.status or "recalled", text.otherwise.pages or text.pages, text.otherwise.note,
            )  # fmt: skip
        weakest = next(s for s in _STATUS_ORDER if s in {row.status for row in rows})
        return Limit(
            name, {}, weakest, text.pages, text.note, tuple(rows), otherwise, document.place(path, key=True)
        )


class _GuidelineReader:
    """Reads the expressions, templates and citations of one guideline file."""

    def __init__(
        self, compiler: _Compiler, text: files.GuidelineFile | None, source: Source | None,
        limits: dict[str, Limit], document: Document,
    ) -> None:  # fmt: skip
        self.compiler, self.text, self.source = compiler, text, source
        self.limits, self.document, self.problems = limits, document, compiler.problems

    def expression(self, text: str | None, path: tuple[str | int, ...]) -> Node:
        if text is None:
            return Constant(True)
        try:
            return parse(text, self.resolver, self.known_names())
        except ExpressionFault as fault:
            place = self.document.place_within(path, fault.offset)
            self.problems.add(fault.code, fault.what, place, fault.hint)
            return Constant(True)

    def known_names(self) -> list[str]:
        limit_names = [
            f"limits.{name}.{plural}{end}"
            for name, limit in self.limits.items()
            for plural, (low, high) in _all_amounts(limit).items()
            for end in ((".max", ".min") if low != high or limit.rows else ("",))
        ]
        return [*self.compiler.vocabulary.facts, *limit_names]

    @property
    def resolver(self) -> Resolver:
        return self.resolve

    def resolve(self, name: str) -> tuple[str, FactType] | tuple[int, FactType] | None:
        if not name.startswith("limits."):
            spec = self.compiler.vocabulary.facts.get(name)
            return None if spec is None else (name, spec.type)
        parts = name.split(".")
        limit = self.limits.get(parts[1]) if len(parts) in (3, 4) else None
        if limit is None or (len(parts) == 4 and parts[3] not in ("min", "max")):
            return None
        plural = parts[2]
        extent = _all_amounts(limit).get(plural)
        if extent is None or plural not in PLURALS:
            return None
        end = parts[3] if len(parts) == 4 else "max"
        if limit.rows:
            if self.text is None:
                return None
            incomplete = [
                row for row in (*limit.rows, *filter(None, [limit.otherwise])) if plural not in row.amounts
            ]
            if incomplete:
                return None
            return f"{self.text.guideline}#limits.{limit.name}.{plural}.{end}", FactType.integer(
                *extent, PLURALS[plural]
            )
        low, high = extent
        if len(parts) == 3 and low != high:
            return None
        return (low if end == "min" else high), FactType.integer(0, 1_000_000, PLURALS[plural])

    def recommendation(self) -> Iterator[Criterion]:
        assert self.text and self.source
        text = self.text.recommended
        if text is None:
            return
        no = self.expression(text.no, ("recommended", "no")) if text.no else Constant(False)
        if text.unless:
            no = AllOf((no, Not(self.expression(text.unless, ("recommended", "unless")))))
        yes = self.expression(text.yes, ("recommended", "yes")) if text.yes else Constant(False)
        condition: Node = no if text.yes is None else AnyOf((no, yes))
        says = {"unmet": text.says} if text.says else {}
        yield Criterion(
            id=f"{self.text.guideline}#recommended",
            name="recommended",
            when=condition,
            when_text=_recommended_when(text),
            require=Not(no),
            require_text="recommended by the guideline",
            says=self.templates(says, ("recommended",)),
            citation=self.own_citation(text.status, None, text.pages),
            kind="ground",
            recommendation=True,
            place=self.document.place(("recommended",), key=True),
        )

    def criterion(self, index: int, text: files.CriterionFile) -> Criterion:
        assert self.text and self.source
        path = ("criteria", index)
        place = self.document.place((*path, "id"))
        when = self.expression(text.when, (*path, "when"))
        require = self.expression(text.require, (*path, "require"))
        used = tuple(
            dict.fromkeys(
                match.group(1)
                for match in re.finditer(r"\blimits\.([a-z0-9_]+)", f"{text.when or ''} {text.require}")
                if match.group(1) in self.limits
            )
        )
        if not list(names(require)) and require != Constant(False):
            self.problems.add(
                "constant", f"`{text.id}` asks for no fact", self.document.place((*path, "require"))
            )
        return Criterion(
            id=f"{self.text.guideline}#{text.id}",
            name=text.id,
            when=when,
            when_text=text.when,
            require=require,
            require_text=text.require,
            says=self.templates(dict(text.says), (*path, "says")),
            citation=self.citation(text, used, path, place),
            kind=text.kind,
            limits=used,
            place=place,
        )

    def own_citation(
        self, status: files.CitationStatus, section: str | None, pages: tuple[int, ...] | None
    ) -> Citation:
        assert self.text and self.source
        return Citation(
            self.source.id,
            self.source.document,
            self.source.regulation,
            section or self.text.section or self.text.title,
            self.text.pages if pages is None else pages,
            status,
            _period(self.text.requests),
        )

    def citation(
        self, text: files.CriterionFile, used: tuple[str, ...], path: tuple[str | int, ...], place: Place
    ) -> Citation:
        assert self.text
        cites = text.cites
        if cites is None:
            statuses = {self.limits[name].status for name in used}
            status = text.status or next((each for each in _STATUS_ORDER if each in statuses), None)
            if status is None:
                self.problems.add(
                    "no-citation", f"`{text.id}` does not say how it is known", place,
                    "add `status:` where the guideline itself carries it, or `cites:` where something else does",
                )  # fmt: skip
                status = "recalled"
            pages = text.pages
            if pages is None and len(used) == 1:
                pages = self.limits[used[0]].pages
            return self.own_citation(status, text.section, pages)
        if isinstance(cites, str):
            found = self.compiler.citations.get(cites)
            if found is None:
                _unknown(
                    "citation",
                    cites,
                    self.compiler.citations,
                    self.document.place((*path, "cites")),
                    self.problems,
                )
                return self.own_citation("recalled", None, None)
            return found
        if isinstance(cites, files.PracticeFile):
            return self.practice(cites, path)
        source = self.compiler.sources.get(cites.source)
        if source is None:
            where = self.document.place((*path, "cites", "source"))
            _unknown("source", cites.source, self.compiler.sources, where, self.problems)
            return self.own_citation("recalled", None, None)
        return Citation(
            source.id,
            source.document,
            source.regulation,
            cites.section,
            cites.pages,
            cites.status,
            source.in_force,
        )

    def practice(self, cites: files.PracticeFile, path: tuple[str | int, ...]) -> Citation:
        sources = []
        place = self.document.place((*path, "cites"), key=True)
        for name in cites.practice:
            source = self.compiler.sources.get(name)
            if source is None:
                _unknown(
                    "source",
                    name,
                    self.compiler.sources,
                    self.document.place((*path, "cites", "practice")),
                    self.problems,
                )
            elif source.tier != "practice":
                self.problems.add("not-practice", f"`{name}` is not a determination", place)
            else:
                sources.append(source)
        enough = len(set(cites.practice)) >= 2 or any(source.stands_alone for source in sources)
        if sources and not enough:
            self.problems.add(
                "one-determination",
                "one determination is not practice",
                place,
                "name two independent determinations",
            )
        return Citation(
            ", ".join(cites.practice),
            "; ".join(source.document for source in sources),
            None,
            None,
            (),
            "practice",
        )

    def templates(self, says: Mapping[Any, str], path: tuple[str | int, ...]) -> dict[str, Template]:
        return {status: self.template(text, (*path, status)) for status, text in says.items()}

    def template(self, text: str, path: tuple[str | int, ...]) -> Template:
        pieces: list[str | tuple[str, ...]] = []
        position = 0
        for match in _PLACEHOLDER.finditer(text):
            pieces.append(text[position : match.start()])
            pieces.append(self.placeholder(match.group(1), path))
            position = match.end()
        pieces.append(text[position:])
        if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
            self.problems.add("placeholder", "a curly bracket has no partner", self.document.place(path))
        return Template(tuple(piece for piece in pieces if piece))

    def placeholder(self, name: str, path: tuple[str | int, ...]) -> tuple[str, ...]:
        if name in self.compiler.vocabulary.facts:
            return ("fact", name)
        parts = name.split(".")
        limit = self.limits.get(parts[1]) if parts[0] == "limits" and len(parts) in (3, 4) else None
        if (
            limit is not None
            and parts[2] in _all_amounts(limit)
            and (len(parts) == 3 or parts[3] in ("min", "max"))
        ):
            return ("limit", limit.name, parts[2], parts[3] if len(parts) == 4 else "")
        hint = nearest(name, self.known_names()) or "a placeholder names a fact or a limit of this guideline"
        self.problems.add("placeholder", "this placeholder names nothing", self.document.place(path), hint)
        return ("fact", name)


def _recommended_when(text: files.RecommendedFile) -> str | None:
    """Return where the guideline says no, save for its exceptions, and where it says yes."""
    no = f"{text.no} unless {text.unless}" if text.unless else text.no
    return no if text.yes is None else f"{no or 'false'} / {text.yes}"


def _all_amounts(limit: Limit) -> dict[str, tuple[int, int]]:
    """Return plural unit → (least, greatest) over all rows of a limit."""
    found = dict(limit.amounts)
    for row in (*limit.rows, *filter(None, [limit.otherwise])):
        for plural, (low, high) in row.amounts.items():
            before = found.get(plural, (low, high))
            found[plural] = (min(before[0], low), max(before[1], high))
    return found


def _refuse_overlaps(
    guidelines: Mapping[str, Guideline],
    written: Mapping[str, Document],
    vocabulary: Vocabulary,
    problems: _Problems,
) -> None:
    """Refuse two editions of one family that govern one treatment on one day."""
    by_family: dict[str, list[Guideline]] = {}
    for guideline in guidelines.values():
        if guideline.source.family:
            by_family.setdefault(guideline.source.family, []).append(guideline)
    for family in by_family.values():
        for one, other in combinations(family, 2):
            if one.source.id == other.source.id or not set(one.treatments) & set(other.treatments):
                continue
            last = one.requests.last or other.requests.last or other.requests.first
            if other.requests.meets(one.requests.first, one.requests.last or max(last, other.requests.first)):
                later, earlier = (one, other) if one.requests.first > other.requests.first else (other, one)
                problems.add(
                    "overlapping-editions",
                    f"two editions govern the same requests: this one {later.requests}, "
                    f"`{earlier.id}` {earlier.requests}",
                    written[later.id].place(("requests",), key=True),
                    "end the earlier edition the day before the later one begins",
                )
