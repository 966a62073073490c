"""What a determination says of the record: condition, documents, disputed treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imr_rules.case import Case, Course, DisputedItem, Document
from imr_rules.screening import ItemScreening
from imr_rules.writing.determination.phrases import ask, join, listed, paragraphs, plain, quote, spell_date
from imr_rules.writing.words import say_body_part, say_count, say_document_kind, say_quantity

__all__ = ["condition", "documents", "treatment"]

_SEX = {"female": "woman", "male": "man", "other": "person"}
_DECIDED = {
    "denied": "denied",
    "modified": "authorized in part, and denied the rest of",
    "delayed": "delayed",
    "conditionally_denied": "conditionally denied, for want of information,",
}


def condition(case: Case) -> str:
    """Return who the employee is, the injury, the diagnoses, earlier care and scores."""
    age = say_count(case.worker.age)
    who = _SEX[case.worker.sex] if case.worker.sex else "employee"
    injury = f"an industrial injury of {spell_date(case.injury.date) if case.injury.date else ask('date')}"
    if case.injury.until:
        injury += f" to {spell_date(case.injury.until)} (cumulative trauma)"
    first = f"The employee is {_article(age)}{f' {age}-year-old' if age else ''} {who} with {injury}."
    if not age and not case.worker.sex:
        first = f"The employee, {ask('age and sex')}, has {injury}."
    named = "; ".join(plain(each.text) for each in case.diagnoses)
    diagnoses = f"Diagnoses in the record: {named}." if named else ask("state the diagnoses in the record")
    accepted = case.accepted_body_parts
    parts = f"Accepted body parts: {'; '.join(map(say_body_part, accepted))}." if accepted else None
    surgeries = [
        f"{plain(each.text or (each.procedure or 'surgery').replace('_', ' '))}"
        + (f", {spell_date(each.date)}" if each.date else "")
        for each in case.surgeries
    ]
    return paragraphs(
        " ".join(filter(None, (first, diagnoses, parts))),
        f"Surgery: {'; '.join(surgeries)}." if surgeries else None,
        "Earlier care in the record:\n" + listed(map(_course, case.history)) if case.history else None,
        "Scores in the record:\n" + listed(_scores(case)) if case.measurements else None,
        ask("summarize the history, examination and function that bear on this request"),
    )


def documents(case: Case) -> str:
    """Return the documents reviewed: each, and all of them in one line."""
    if case.documents is None:
        return ask("list the documents reviewed, by type, author, date and pages: none was given")
    if not case.documents:
        return ask("no documents are listed: a determination needs a record to rest on")
    kinds = {each.kind for each in case.documents}
    only_denial = kinds <= {"utilization_review", "imr_application"}
    return paragraphs(
        listed(map(_document, case.documents)),
        _in_all(case.documents),
        ask("obtain the medical record: a determination may not rest on the denial alone")
        if only_denial
        else None,
    )


def treatment(case: Case, item: DisputedItem, screened: ItemScreening) -> str:
    """Return what was asked for, what was authorized of it, and what the claims administrator decided."""
    asked, authorized, disputed = (
        say_quantity(each) for each in (screened.asked, screened.authorized, screened.in_dispute)
    )
    request = case.request.date or case.request.received
    dated = f" of {spell_date(request)}" if request else ""
    said = f"The request{dated} reads {quote(item.service)}"
    if item.body_part:
        said += f", for the {say_body_part(item.body_part)}"
    if item.codes:
        said += f" (code{'s' if len(item.codes) > 1 else ''} {join(item.codes)})"
    review = item.utilization_review
    decided = _DECIDED[review.decision] if review and review.decision else "denied"
    when = f" On {spell_date(review.date)} the" if review and review.date else " The"
    cited = [
        ", ".join(
            filter(
                None,
                (
                    plain(each.document),
                    str(each.edition) if each.edition else None,
                    plain(each.part) if each.part else None,
                    plain(each.section) if each.section else None,
                    f"page {', '.join(map(str, each.pages))}" if each.pages else None,
                ),
            )
        )
        for each in item.cited.administrator
    ]
    return paragraphs(
        f"{said}.{when} claims administrator {decided} the request.",
        f"Asked: {asked}. Authorized: {authorized}. In dispute: {disputed}.",
        f"The claims administrator cited {'; '.join(cited)}." if cited else None,
    )


def _course(course: Course) -> str:
    said = course.treatment.replace("_", " ")
    if course.body_part:
        said += f", {say_body_part(course.body_part)}"
    attended = say_count(course.attended)
    said += f": {attended} attended" if attended else ": number attended not stated"
    unused = say_count(course.authorized_unused)
    if unused and unused != "0":
        said += f", {unused} authorized and not yet used"
    if course.since or course.until:
        span = " to ".join(spell_date(each) for each in (course.since, course.until) if each)
        said += f" ({span})"
    return said


def _scores(case: Case) -> Iterator[str]:
    for name in dict.fromkeys(each.instrument for each in case.measurements):
        marks = [
            (say_count(each.score) or "not stated") + (f" ({spell_date(each.date)})" if each.date else "")
            for each in case.measurements
            if each.instrument == name
        ]
        yield f"{name.replace('_', ' ')}: {', then '.join(marks)}"


def _document(document: Document) -> str:
    said = say_document_kind(document.kind)
    if document.author:
        said += f", {plain(document.author)}"
    said += f", {spell_date(document.date)}" if document.date else ", undated"
    if document.pages:
        said += f", {document.pages} page{'' if document.pages == 1 else 's'}"
    return said


def _in_all(documents: Sequence[Document]) -> str:
    said = "In all: one document" if len(documents) == 1 else f"In all: {len(documents)} documents"
    days = sorted(each.date.window for each in documents if each.date and each.date.window)
    if len(days) > 1:
        said += f" of {days[0].first} to {max(each.last for each in days)}"
    if all(each.pages for each in documents):
        said += f", {sum(each.pages or 0 for each in documents)} pages"
    return said + "."


def _article(age: str | None) -> str:
    return "an" if age and (age.startswith("8") or age in ("11", "18")) else "a"
