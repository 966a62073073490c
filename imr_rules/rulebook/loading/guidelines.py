"""From one guideline file to a guideline: its situation, limits, criteria, and what it replaces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from imr_rules._reading import Document
from imr_rules.expression import AllOf, Constant, Not, names
from imr_rules.rulebook import files
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.loading.bibliography import period
from imr_rules.rulebook.loading.citations import Citations
from imr_rules.rulebook.loading.expressions import UNREADABLE, Expressions
from imr_rules.rulebook.loading.limits import read_limits
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import PRACTICE, Citation, Criterion, Guideline, Limit, Source, Superseding
from imr_rules.rulebook.vocabulary import Vocabulary

_LIMIT = re.compile(r"\blimits\.([a-z0-9_]+)")


class Known(Struct, frozen=True):
    """What every guideline of a rulebook may name."""

    sources: Mapping[str, Source]
    citations: Mapping[str, Citation]
    vocabulary: Vocabulary


def read_guideline(
    text: files.GuidelineFile,
    document: Document,
    known: Known,
    problems: Problems,
    layer: str | None = None,
) -> Guideline:
    """Return a guideline; what is wrong with it is noted, and what is wrong is left out.

    ``layer`` is the name of the layer that the file belongs to; None for the rulebook's own files.
    """
    source = known.sources.get(text.source)
    if source is None:
        problems.unknown("source", text.source, known.sources, document.place(("source",)))
        source = Source(text.source, "", None, PRACTICE, None, None, None, (), (), None, False)
    treatments = known.vocabulary.treatments
    for index, treatment in enumerate(text.applies.treatments):
        if treatment not in treatments and treatment != ANY_TREATMENT:
            place = document.place(("applies", "treatments", index))
            problems.unknown("treatment", treatment, treatments, place)
    limits = read_limits(text, known.vocabulary.facts, document, problems)
    read = Expressions(known.vocabulary.facts, document, problems, text.guideline, limits)
    cited = Citations(text, document, source, known.sources, known.citations, problems, layer)
    applies = read.read(text.applies.when, ("applies", "when"))
    criteria = [
        _criterion(index, each, text, limits, read, cited, document, problems)
        for index, each in enumerate(text.criteria)
    ]
    if text.recommended is not None:
        criteria.insert(0, _recommendation(text, text.recommended, read, cited, document))
    _refuse_twins(text, document, problems)
    _refuse_unknown_questions(text, document, known.vocabulary, problems)
    return Guideline(
        id=text.guideline,
        title=text.title,
        source=source,
        section=text.section,
        pages=text.pages,
        requests=period(text.requests),
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
                read.read(each.when, ("supersedes", index, "when")) if each.when else applies,
                each.when or text.applies.when or "true",
            )
            for index, each in enumerate(text.supersedes)
        ),
        ask=dict(text.ask),
        place=document.place(("guideline",)),
        layer=layer,
        replaces=text.replaces,
        left_out=text.applies.otherwise == "left_out",
    )


def _refuse_unknown_questions(
    text: files.GuidelineFile, document: Document, vocabulary: Vocabulary, problems: Problems
) -> None:
    """Refuse a guideline that says what to find out of a treatment or a fact that there is not."""
    for treatment, facts in text.ask.items():
        if treatment not in vocabulary.treatments:
            place = document.place(("ask", treatment), key=True)
            problems.unknown("treatment", treatment, vocabulary.treatments, place)
        for index, fact in enumerate(facts):
            if fact not in vocabulary.facts:
                problems.unknown("fact", fact, vocabulary.facts, document.place(("ask", treatment, index)))


def _criterion(
    index: int,
    text: files.CriterionFile,
    guideline: files.GuidelineFile,
    limits: Mapping[str, Limit],
    read: Expressions,
    cited: Citations,
    document: Document,
    problems: Problems,
) -> Criterion:
    path = ("criteria", index)
    when = read.read(text.when, (*path, "when"))
    require = read.read(text.require, (*path, "require"))
    named = dict.fromkeys(_LIMIT.findall(f"{text.when or ''} {text.require}"))
    used = tuple(name for name in named if name in limits)
    if not list(names(require)) and require != Constant(False) and require is not UNREADABLE:
        problems.add("constant", f"`{text.id}` asks for no fact", document.place((*path, "require")))
    citation = cited.of(text, [limits[name] for name in used], path, whole=require is not UNREADABLE)
    return Criterion(
        id=f"{guideline.guideline}#{text.id}",
        name=text.id,
        when=when,
        when_text=text.when,
        require=require,
        require_text=text.require,
        says=read.templates(dict(text.says), (*path, "says")),
        citation=citation,
        kind=text.kind,
        strength=cited.strength(citation),
        limits=used,
        place=document.place((*path, "id")),
    )


def _recommendation(
    guideline: files.GuidelineFile,
    text: files.RecommendedFile,
    read: Expressions,
    cited: Citations,
    document: Document,
) -> Criterion:
    """Return where the guideline does not recommend the treatment, as a criterion."""
    no = read.read(text.no, ("recommended", "no"))
    when_text = text.no
    if text.unless:
        no = AllOf((no, Not(read.read(text.unless, ("recommended", "unless")))))
        when_text = f"{text.no} unless {text.unless}"
    citation = cited.own(text.status, None, text.pages)
    return Criterion(
        id=f"{guideline.guideline}#recommended",
        name="recommended",
        when=no,
        when_text=when_text,
        require=Not(no),
        require_text="recommended by the guideline",
        says=read.templates({"unmet": text.says} if text.says else {}, ("recommended",)),
        citation=citation,
        kind="bar",
        strength=cited.strength(citation),
        recommendation=True,
        place=document.place(("recommended",), key=True),
    )


def _refuse_twins(text: files.GuidelineFile, document: Document, problems: Problems) -> None:
    """Refuse two criteria of one id."""
    seen = {"recommended"} if text.recommended else set()
    for index, criterion in enumerate(text.criteria):
        if criterion.id in seen:
            problems.add(
                "duplicate-criterion", f"`{criterion.id}` is the id of another criterion here",
                document.place(("criteria", index, "id")),
            )  # fmt: skip
        seen.add(criterion.id)
