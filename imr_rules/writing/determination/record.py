"""What a determination says of the record: the summary, the documents, the disputed treatment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from imr_rules._dates import spell_date
from imr_rules._units import say_unit
from imr_rules.case import Case, CitedGuideline, Course, DisputedItem, Document
from imr_rules.rulebook.dictionary import Treatment
from imr_rules.screening import ItemScreening
from imr_rules.writing.determination.phrases import (
    ask,
    listed,
    on_date,
    plain,
    quote,
    sentence,
)
from imr_rules.writing.words import (
    join,
    say_body_part,
    say_count,
    say_document_kind,
    say_pages,
    say_quantity,
)

_SEX = {"female": "woman", "male": "man", "other": "person"}


def summary(case: Case, treatments: Mapping[str, Treatment]) -> str:
    """Return the clinical summary: the worker, the injury, diagnoses, operations, earlier care, scores.

    Args:
        case: the case.
        treatments: the vocabulary, which says what each treatment is counted in.
    """
    said = [_worker(case)]
    named = [plain(each.text) for each in case.diagnoses]
    said.append(f"Diagnoses: {join(named)}." if named else ask("state the diagnoses"))
    accepted = [say_body_part(each) for each in case.accepted_body_parts or ()]
    if accepted:
        said.append(f"The accepted body part{'s are' if len(accepted) > 1 else ' is'} the {join(accepted)}.")
    operations = [
        plain(each.text or (each.procedure or "surgery").replace("_", " "))
        + (f" ({spell_date(each.date)})" if each.date else "")
        for each in case.surgeries
    ]
    if operations:
        said.append(f"Operations: {join(operations)}.")
    if case.history:
        said.append(f"Earlier care includes {join([_course(each, treatments) for each in case.history])}.")
    said += _scores(case)
    if not (case.history or case.measurements or case.findings or case.surgeries):
        said.append(ask("summarize the history, examination and function that bear on the request"))
    return " ".join(said)


def _worker(case: Case) -> str:
    age = say_count(case.worker.age)
    who = _SEX[case.worker.sex] if case.worker.sex else "worker"
    when = spell_date(case.injury.date) if case.injury.date else ask("date of injury")
    injury = f"an industrial injury of {when}"
    if case.injury.until:
        injury = f"a cumulative injury of {when} to {spell_date(case.injury.until)}"
    if age and not case.worker.sex:
        return f"The injured worker, {age} years old, has {injury}."
    if age:
        return f"The injured worker is {_article(age)} {age}-year-old {who} with {injury}."
    return f"The injured worker{f', a {who},' if case.worker.sex else ''} has {injury}."


def documents(case: Case) -> str:
    """Return the documents reviewed."""
    if not case.documents:
        return ask("list the documents reviewed, by kind, author, date and pages")
    alone = {each.kind for each in case.documents} <= {"utilization_review", "imr_application"}
    entries = list(map(_document, case.documents))
    if alone:
        entries.append(ask("obtain the medical record: a determination may not rest on the denial alone"))
    return listed(entries)


def treatment(item: DisputedItem, screened: ItemScreening, case: Case) -> str:
    """Return what was asked for and what the claims administrator decided of it."""
    request = case.request.date or case.request.received
    part = f", for the {say_body_part(item.body_part)}" if item.body_part and not _named(item) else ""
    dated = f" of {spell_date(request)}" if request else ""
    said = f"The request{dated} is for {quote(item.service)}{part}."
    review = item.utilization_review
    when = f"{sentence(on_date(review.date))[:-1]}, the" if review and review.date else "The"
    some = screened.authorized.low
    if (review and review.decision == "modified") or some:
        said += f" {when} claims administrator authorized {say_quantity(screened.authorized)}"
        said += f"; {say_quantity(screened.in_dispute)} remain in dispute."
    else:
        decided = {
            "delayed": "delayed the request",
            "conditionally_denied": "denied the request for lack of information",
        }
        named = decided.get(review.decision if review and review.decision else "", "denied the request")
        said += f" {when} claims administrator {named}."
        if screened.in_dispute.low is not None and str(screened.in_dispute.low) not in item.service:
            said += f" In dispute: {say_quantity(screened.in_dispute)}."
    if review and review.rationale:
        said += f" The reason it gave: {quote(review.rationale.rstrip('. ') + '.')}"
    return said


def _named(item: DisputedItem) -> bool:
    """Whether the words of a request name their body part themselves."""
    assert item.body_part is not None
    return item.body_part.region.replace("_", " ") in item.service.lower().replace("-", " ")


def cited_by_administrator(item: DisputedItem) -> str | None:
    """Return the guidelines the claims administrator cited; None where none is recorded."""
    found = [_cited(each) for each in item.cited.administrator]
    return f"The claims administrator cited {join(found)}." if found else None


def _cited(each: CitedGuideline) -> str:
    parts = (
        each.document,
        str(each.edition) if each.edition else None,
        each.part,
        each.section,
        say_pages(each.pages) if each.pages else None,
    )
    return plain(", ".join(filter(None, parts)))


def _course(course: Course, treatments: Mapping[str, Treatment]) -> str:
    said = course.treatment.replace("_", " ")
    if course.body_part:
        said += f" for the {say_body_part(course.body_part)}"
    attended = say_count(course.attended)
    known = treatments.get(course.treatment)
    unit = next((each.unit for each in course.attended or () if each.unit), known.unit if known else "visit")
    if attended:
        counted = f"{attended} {say_unit(unit, several=attended != '1')}"
        said = f"{counted} of {said}" if unit in ("visit", "session") else f"{said} ({counted})"
    unused = say_count(course.authorized_unused)
    if unused and unused != "0":
        said += f" ({unused} more authorized and not yet used)"
    if course.since or course.until:
        if course.since and course.until:
            said += f" from {spell_date(course.since)} to {spell_date(course.until)}"
        else:
            when = course.since or course.until
            assert when is not None
            said += f" {'since' if course.since else 'until'} {spell_date(when)}"
    return said


def _scores(case: Case) -> Iterator[str]:
    for name in dict.fromkeys(each.instrument for each in case.measurements):
        mine = [each for each in case.measurements if each.instrument == name]
        marks = [
            (say_count(each.score) or "not stated") + (f" {on_date(each.date)}" if each.date else "")
            for each in mine
        ]
        open_ = any(each.date is not None and each.date.year is None for each in mine)
        remark = " (the record gives no year)" if open_ else ""
        yield f"The {name.replace('_', ' ')} score was {_then(marks)}{remark}."


def _then(marks: Sequence[str]) -> str:
    return marks[0] if len(marks) == 1 else f"{'; '.join(marks[:-1])} and then {marks[-1]}"


def _document(document: Document) -> str:
    said = say_document_kind(document.kind)
    if document.author:
        said += f", {plain(document.author)}"
    if document.date:
        said += f", {spell_date(document.date)}"
    if document.pages:
        said += f", {document.pages} page{'' if document.pages == 1 else 's'}"
    return said


def _article(age: str) -> str:
    return "an" if age.startswith("8") or age in ("11", "18") else "a"
