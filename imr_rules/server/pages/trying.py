"""What if: a fact changed on the page, the suggestion worked out at once, nothing stored until it is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Response
from starlette.responses import HTMLResponse, RedirectResponse

from imr_rules.case import Case
from imr_rules.errors import CaseError, InputError, NotFoundError, Place, Problem
from imr_rules.expression.values import Value, say_value
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, screen, what_if
from imr_rules.server.api.common import read, run
from imr_rules.server.pages.answering import Question, questions_of
from imr_rules.server.pages.case_form import evidence_of
from imr_rules.server.pages.case_page import of_criteria, part, refuse_hidden
from imr_rules.server.pages.changeable import rows
from imr_rules.server.pages.editing import BY_REVIEWER, changes_between, corrected, edited
from imr_rules.server.pages.forms import Form, whole_number
from imr_rules.server.pages.frame import HEADERS
from imr_rules.server.pages.gate import ItemId, PageRoute, Posted, Reader, ScreeningId, Visit, posted
from imr_rules.server.store.screenings import StoredScreening
from imr_rules.server.tasks import amending, reading
from imr_rules.writing.charts.canvas import Scheme
from imr_rules.writing.charts.pictures import NARROW, Numbers, draw, numbers

if TYPE_CHECKING:
    from imr_rules.screening.result import Way

router = APIRouter(route_class=PageRoute)

FIELDS = ("finding:", "amount:", "course:")


class Offer(NamedTuple):
    """A smallest change that would flip a suggestion: in words, and as fields where the page can try it."""

    suggestion: str
    changes: tuple[str, ...]
    fields: dict[str, str] | None


def _fields(posted_: Posted) -> dict[str, str]:
    return {
        f"{prefix}{name}": text
        for prefix in FIELDS
        for name, text in posted_.form.beginning(prefix).items()
        if text
    }


def _kept(visit: Visit, id: str, item: str) -> StoredScreening:
    opened = part(visit, id, "what_if")
    if item not in {each.item for each in opened.kept.items}:
        raise NotFoundError(Problem("not-found", "the case has no such item"))
    refuse_hidden(visit, opened, item)
    return opened.kept


def _data(visit: Visit, id: str, item: str) -> tuple[dict[str, Any], Rulebook]:
    kept = _kept(visit, id, item)
    return json.loads(kept.body), visit.service.rulebooks.get(kept.rulebook_digest)


class Trial(NamedTuple):
    """What comes of some changes of a case: an item before and after, its pictures in numbers, its questions."""

    before: ItemScreening
    after: ItemScreening
    problems: tuple[Problem, ...]
    pictures: tuple[Numbers, ...]
    questions: tuple[Question, ...]


@router.post("/cases/{id}/items/{item}/what-if")
async def try_it(id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("read"))]) -> Response:
    """Work the suggestion out with some facts changed. Nothing is stored."""
    visit, fields = sent.visit, _fields(sent)

    def work() -> Response:
        kept = _kept(visit, id, item)
        found = reading.of_stored(visit.service, kept, _trial, item, fields)
        return visit.page(
            "_tried.html",
            id=id,
            item=found.after,
            before=found.before,
            changed=len(fields),
            problems=found.problems,
            pictures=found.pictures,
            panel_questions=found.questions,
            places=[],
            answerable=False,
            **of_criteria(visit.service.rulebooks.get(kept.rulebook_digest)),
        )

    return await read(visit.service, work)


def _trial(rulebook: Rulebook, kept: StoredScreening, item: str, fields: dict[str, str]) -> Trial:
    data = json.loads(kept.body)
    case = Case.from_data(data)
    screening = screen(case, rulebook)
    before = after = next(each for each in screening.items if each.item == item)
    problems: tuple[Problem, ...] = ()
    try:
        if fields:
            case = Case.from_data(edited(data, item, fields, rulebook))
            screening = screen(case, rulebook)
            after = next(each for each in screening.items if each.item == item)
    except InputError as error:
        problems = error.problems
    shown = numbers(case, screening, item, rulebook)
    pictures = tuple(each for each in shown if each.name == "counts" or len(screening.items) == 1)
    return Trial(before, after, problems, pictures, questions_of(case, after, rulebook))


@router.post("/cases/{id}/items/{item}/what-if/picture")
async def tried_picture(
    id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("read"))]
) -> Response:
    """Draw the counts of an item with some facts changed; the page asks for it once the answer is there."""
    visit, fields = sent.visit, _fields(sent)
    scheme: Scheme = "dark" if sent.form.text("scheme") == "dark" else "light"

    def work() -> Response:
        kept = _kept(visit, id, item)
        svg = reading.of_stored(visit.service, kept, _tried_picture, item, fields, scheme)
        return HTMLResponse(svg, 200, HEADERS)  # ours; words of a case in it are escaped

    return await read(visit.service, work)


def _tried_picture(
    rulebook: Rulebook, kept: StoredScreening, item: str, fields: dict[str, str], scheme: Scheme
) -> str:
    case = Case.from_data(edited(json.loads(kept.body), item, fields, rulebook))
    found = draw("counts", case, screen(case, rulebook), item, rulebook, scheme=scheme, width=NARROW)
    return found.svg if found else ""


def _of_item(data: dict[str, Any], item: str, rulebook: Rulebook) -> ItemScreening:
    return next(each for each in screen(Case.from_data(data), rulebook).items if each.item == item)


@router.get("/cases/{id}/items/{item}/flips")
async def flips(id: ScreeningId, item: ItemId, visit: Reader) -> Response:
    """Offer the smallest changes that would decide an item, or flip its suggestion."""

    def work() -> tuple[list[Offer], bool]:
        return reading.apart(visit.service, _kept(visit, id, item), _offers, item)

    offers, bounded = await read(visit.service, work)
    return await visit.show("_flips.html", offers=offers, bounded=bounded, item=item)


def _offers(rulebook: Rulebook, kept: StoredScreening, item: str) -> tuple[list[Offer], bool]:
    data = json.loads(kept.body)
    case = Case.from_data(data)
    (found,) = what_if(case, rulebook, item=item)
    every = (*found.decides, *(way for way in found.flips if way not in found.decides))
    ways = [
        way
        for side in ("uphold", "overturn", "needs_review")
        for way in [each for each in every if each.suggestion == side][:4]
    ]
    screened = _of_item(data, item, rulebook)
    known = {row.field for row in rows(case, screened, rulebook)}
    offers = [_offer(way, known, case) for way in ways]
    tried = [each if _keeps(each, data, item, rulebook) else each._replace(fields=None) for each in offers]
    return tried, found.bounded


def _keeps(offer: Offer, data: dict[str, Any], item: str, rulebook: Rulebook) -> bool:
    """Whether the page's own fields come to what is offered: a count changed there may contradict another."""
    if offer.fields is None:
        return True
    try:
        tried = _of_item(edited(data, item, offer.fields, rulebook), item, rulebook)
    except InputError:
        return False
    return tried.suggestion == offer.suggestion


def _offer(way: Way, known: set[str], case: Case) -> Offer:
    fields: dict[str, str] | None = {}
    for change in way.changes:
        field, text = _as_field(change.fact, case), _as_text(change.then.value, change.then.type.kind)
        if field is None or text is None or field not in known:
            fields = None
            break
        assert fields is not None
        fields[field] = text
    said = tuple(
        str(each.then)
        + (
            f" (now {say_value(each.now.value, each.now.type)})"
            if each.now.value.state in ("known", "bounded")
            else ""
        )
        for each in way.changes
    )
    return Offer(way.suggestion, said, fields)


def _as_field(fact: str, case: Case) -> str | None:
    if fact in ("in_dispute", "authorized") or fact.endswith("_in_dispute"):
        return "amount:authorized" if fact == "authorized" else "amount:in_dispute"
    if fact == "prior_visits" or fact.endswith("_attended"):
        if len(case.history) > 1:  # which of the courses, nothing tells
            return None
        return "course:0:attended" if case.history else "course:new:attended"
    return f"finding:{fact}"


def _as_text(value: Value, kind: str) -> str | None:
    if value.text is not None:
        return value.text
    if kind == "boolean":
        return "yes" if value.low else "no"
    return str(value.low) if kind == "integer" else None


@router.post("/cases/{id}/items/{item}/amend")
async def amend(
    id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("screen"))]
) -> Response:
    """Save what was tried as an amendment, with its reason: a new screening, linked to this one."""
    visit, fields, reason = sent.visit, _fields(sent), sent.form.text("reason")
    if reason is None:
        raise CaseError(
            Problem("no-reason", "an amendment needs its reason in words", Place(pointer="/reason"))
        )
    if not fields:
        raise CaseError(Problem("nothing-changed", "change a fact first"))
    evidence = _evidence(sent.form)

    def work() -> str:
        data, rulebook = _data(visit, id, item)
        changed = edited(data, item, fields, rulebook, evidence)
        source = f" ({_say_source(evidence)})" if evidence else ""
        return amended(visit, id, data, changed, reason + source)

    made = await run(visit.service, work)
    return RedirectResponse(f"/cases/{made}#{item}", 303)


def _evidence(form: Form, of: str = "") -> dict[str, Any] | None:
    """Return where a fact stands, as a form says it: document, page and words; None where it says nothing.

    Args:
        form: what was sent.
        of: what the names of its fields end with, where it asks of several facts.
    """
    found: dict[str, Any] = {}
    document, page, place = form.text(f"document{of}"), form.text(f"page{of}"), form.text(f"place{of}")
    if document:
        found["document"] = document
    if page:
        number = whole_number(page)
        if not number:
            raise CaseError(Problem("not-a-number", "a page is a whole number", Place(pointer="/page")))
        found["page"] = number
    if place:
        found["place"] = place
    return found or None


def _say_source(evidence: Mapping[str, Any] | None) -> str:
    return evidence_of({"evidence": dict(evidence or BY_REVIEWER)})


def amended(visit: Visit, id: str, data: dict[str, Any], changed: dict[str, Any], reason: str) -> str:
    """Store a changed case as an amendment; return the new screening's id."""
    made = amending.amend(
        visit.service,
        visit.actor,
        id,
        reason=reason[:2000],
        changes=changes_between(data, changed),
    )
    visit.session.carry(id, made.screening)
    return made.screening


@router.post("/cases/{id}/items/{item}/answer")
async def answer(
    id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("screen"))]
) -> Response:
    """Take the answers to an item's questions, each with its place in the record, as one amendment."""
    visit, form = sent.visit, sent.form
    answers = []
    for field, asks in form.beginning("asks:").items():
        text, evidence = form.text(f"value:{field}"), _evidence(form, f":{field}")
        if side := form.text(f"side:{field}"):  # one side of a conflict: its value and its place
            text, _, place = side.partition("|")
            document, _, page = place.partition("#")
            evidence = {
                **({"document": document} if document else {}),
                **({"page": number} if (number := whole_number(page)) else {}),
            }
        if text is not None:
            answers.append((field, asks, text, evidence))
    if not answers:
        raise CaseError(Problem("no-answer", "give an answer first", Place(pointer="/value")))

    def work() -> str:
        data, rulebook = _data(visit, id, item)
        changed = data
        for field, _, text, evidence in answers:
            changed = edited(changed, item, {field: text}, rulebook, evidence)
        said = (f"{asks} {text} ({_say_source(evidence)})" for _, asks, text, evidence in answers)
        return amended(visit, id, data, changed, "; ".join(said))

    made = await run(visit.service, work)
    return RedirectResponse(f"/cases/{made}#{item}", 303)


@router.post("/cases/{id}/correct")
async def correct(id: ScreeningId, sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Say a stored fact anew, with its place in the record, as an amendment; or take it out."""
    visit, form = sent.visit, sent.form
    pointer, text, evidence = form.text("pointer") or "", form.text("value"), _evidence(form)
    remove = form.text("remove") == "on"
    if text is None and evidence is None and not remove:
        raise CaseError(
            Problem("no-answer", "say what is right, or where it stands, or that it is to be removed")
        )

    def work() -> str:
        opened = reading.look(visit.service, visit.actor, id)
        data = json.loads(opened.kept.body)
        rulebook = visit.service.rulebooks.get(opened.kept.rulebook_digest)
        changed = corrected(data, pointer, text, evidence, rulebook, remove=remove)
        said = "removed" if remove else text or "as it is"
        reason = form.text("reason") or f"{form.text('label') or 'A fact'}: {said} ({_say_source(evidence)})"
        return amended(visit, id, data, changed, reason)

    made = await run(visit.service, work)
    return RedirectResponse(f"/cases/{made}#record", 303)
