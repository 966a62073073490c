"""The case: one panel a disputed item, the record beside it, the pictures."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Query, Response

from imr_rules._dates import days_in_words
from imr_rules.case import Case, DisputedItem
from imr_rules.case.due import apparent_due
from imr_rules.errors import ForbiddenError, NotFoundError, Problem
from imr_rules.expression import Constant
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.screening import CriterionResult, ItemScreening, Screening
from imr_rules.server.api.common import read
from imr_rules.server.pages import changeable
from imr_rules.server.pages.answering import Question, questions_of
from imr_rules.server.pages.forms import whole_number
from imr_rules.server.pages.gate import ItemId, PageRoute, Posted, Reader, ScreeningId, Visit, posted
from imr_rules.server.pages.record_panel import record_of
from imr_rules.server.store.screenings import StoredScreening
from imr_rules.server.tasks import reading
from imr_rules.server.tasks.reading import Opened
from imr_rules.writing.charts.canvas import Scheme
from imr_rules.writing.charts.pictures import NARROW, WIDE, Numbers, draw, numbers
from imr_rules.writing.trees import Part, parts_of
from imr_rules.writing.words import say_document_kind

router = APIRouter(route_class=PageRoute)


class Looked(NamedTuple):
    """A stored screening, made again from its case and its rulebook."""

    kept: StoredScreening
    signed: dict[str, list[dict[str, Any]]]
    case: Case
    screening: Screening
    rulebook: Rulebook

    def hides(self, visit: Visit, name: str) -> bool:
        """Whether the suggestion of an item is hidden: until the reader who asked for that has given a lean."""
        return visit.session.hides(self.kept.id, name, self.signed)

    def item(self, name: str) -> tuple[DisputedItem, ItemScreening]:
        """Return a disputed item and its screening.

        Raises:
            NotFoundError: there is none of this id.
        """
        items = dict(self.case.named_items)
        if name not in items:
            raise NotFoundError(Problem("not-found", "the case has no such item"))
        return items[name], next(each for each in self.screening.items if each.item == name)


class Row(NamedTuple):
    """Criteria that come to the same for the same reason: one row of the page."""

    results: tuple[CriterionResult, ...]
    conflict: bool

    @property
    def first(self) -> CriterionResult:
        """The one whose reason stands for all."""
        return self.results[0]


class Panel(NamedTuple):
    """What the page shows of one item."""

    item: DisputedItem
    screened: ItemScreening
    signed: list[dict[str, Any]]
    pictures: tuple[Numbers, ...]
    rows: tuple[changeable.Row, ...]
    questions: tuple[Question, ...]
    hidden: bool


def rows_of(item: ItemScreening) -> tuple[Row, ...]:
    """Return the criteria of an item that apply: its grounds first, and as one row what turns on the same facts."""
    order = {"unmet": 1, "undocumented": 2, "unknown": 3, "met": 4}
    heard = [each for each in item.criteria if each.status != "not_applicable"]
    heard.sort(
        key=lambda each: (0 if each.id in item.grounds else order[each.status], each.kind == "caution")
    )
    found: dict[tuple[object, ...], list[CriterionResult]] = {}
    for each in heard:
        turns_on = each.reason if each.status == "unknown" else each.id
        found.setdefault((each.status, turns_on), []).append(each)
    return tuple(
        Row(tuple(group), any(fact.value.conflict for each in group for fact in each.facts))
        for group in found.values()
    )


def look(visit: Visit, id: str) -> Looked:
    """Return a screening without noting that it was opened: for tasks that note what they do."""
    return looked(visit, reading.look(visit.service, visit.actor, id))


def part(visit: Visit, id: str, name: str) -> Opened:
    """Return a screening for a part of its page; the audit notes that it was opened, unless it did so for the page."""
    if visit.session.opens(id, time.monotonic()):
        return reading.open_screening(visit.service, visit.actor, id, page=name)
    return reading.look(visit.service, visit.actor, id)


def refuse_hidden(visit: Visit, opened: Opened, item: str) -> None:
    """Refuse what would tell of an item's suggestion while that is hidden.

    Raises:
        ForbiddenError: the reader has not given a lean yet.
    """
    if visit.session.hides(opened.kept.id, item, {each.item for each in opened.signed}):
        raise ForbiddenError(Problem("no-lean", "give your own lean on the case's page first"))


def looked(visit: Visit, opened: Opened) -> Looked:
    """Return an opened screening, made again.

    Raises:
        ConflictError: this release no longer gives the answer that is stored.
    """
    kept = opened.kept
    signed: dict[str, list[dict[str, Any]]] = {}
    for each in opened.signed:
        signed.setdefault(each.item, []).append(json.loads(each.content))
    return Looked(
        kept,
        signed,
        Case.from_data(json.loads(kept.body)),
        reading.reproduced(visit.service, kept),
        visit.service.rulebooks.get(kept.rulebook_digest),
    )


@router.get("/cases/{id}")
async def case_page(id: ScreeningId, visit: Reader) -> Response:
    """Show a case. The audit notes that it was opened."""
    return await read(visit.service, _page, visit, id)


def _page(visit: Visit, id: str) -> Response:
    found, panels = _panels(visit, id)
    # Scores and dates belong to the case: beside the item where there is one, with the record where there are several.
    shared = [each for each in panels[0].pictures if each.name != "counts"] if len(panels) > 1 else []
    if shared:
        panels = [
            each._replace(pictures=tuple(one for one in each.pictures if one.name == "counts"))
            for each in panels
        ]
    law = found.rulebook.vocabulary.law
    visit.session.first_seen.setdefault(id, time.monotonic())
    return visit.page(
        "case.html",
        looked=found,
        case=found.case,
        panels=panels,
        shared=shared,
        due=apparent_due(found.case, law.due),
        due_rule=law.due.rule if law.due else "",
        today=visit.service.clock().date(),
        amendment=json.loads(found.kept.amendment) if found.kept.amendment else None,
        record=record_of(json.loads(found.kept.body), found.rulebook),
        places=[(each.id, say_document_kind(each.kind)) for each in found.case.documents or () if each.id],
        **of_criteria(found.rulebook),
    )


def of_criteria(rulebook: Rulebook) -> dict[str, Any]:
    """Return what a template needs to show criteria in words."""
    facts = rulebook.vocabulary.facts

    def tree_of(result: CriterionResult) -> tuple[tuple[str, Part], ...]:
        working = result.working
        shown = (("Applies when", working.condition), ("Asks", working.requirement))
        return tuple(
            (title, parts_of(node, working, facts)) for title, node in shown if not isinstance(node, Constant)
        )

    def title_of(result: CriterionResult) -> str:
        guideline = rulebook.guidelines[result.id.partition("#")[0]]
        return f"{result.id.partition('#')[2].replace('-', ' ')} ({days_in_words(guideline.title)})"

    return {"tree_of": tree_of, "title_of": title_of, "rows_of": rows_of}


def _panels(visit: Visit, id: str) -> tuple[Looked, list[Panel]]:
    found = looked(visit, reading.open_screening(visit.service, visit.actor, id))
    visit.session.opens(id, time.monotonic())
    panels, whole = [], WholeCase(found.case, found.rulebook.vocabulary)
    for (name, item), screened in zip(found.case.named_items, found.screening.items, strict=True):
        panels.append(
            Panel(
                item,
                screened,
                found.signed.get(name, []),
                numbers(found.case, found.screening, name, found.rulebook, whole),
                changeable.rows(found.case, screened, found.rulebook),
                questions_of(found.case, screened, found.rulebook),
                found.hides(visit, name),
            )
        )
    return found, panels


@router.get("/cases/{id}/items/{item}/{picture}.svg")
async def picture(
    id: ScreeningId,
    item: ItemId,
    picture: Literal["counts", "scores", "events"],
    visit: Reader,
    scheme: Annotated[Scheme, Query()] = "light",
    narrow: Annotated[bool, Query()] = False,
) -> Response:
    """Draw one picture of an item."""

    def drawn() -> str:
        opened = part(visit, id, "picture")
        if picture == "counts":
            refuse_hidden(visit, opened, item)
        width = NARROW if narrow else WIDE
        svg = reading.of_stored(visit.service, opened.kept, _drawn, picture, item, scheme, width)
        if svg is None:
            raise NotFoundError(Problem("not-found", "the case has nothing to show in this picture"))
        return svg

    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "private, max-age=600",  # what is stored never changes
    }
    return Response(await read(visit.service, drawn), 200, headers, "image/svg+xml")


def _drawn(
    rulebook: Rulebook, kept: StoredScreening, picture: str, item: str, scheme: Scheme, width: int
) -> str | None:
    case = Case.from_data(json.loads(kept.body))
    if item not in dict(case.named_items):
        return None
    made = draw(picture, case, reading.again(rulebook, kept), item, rulebook, scheme=scheme, width=width)
    return made.svg if made else None


@router.post("/cases/{id}/opened")
async def evidence_opened(id: ScreeningId, sent: Annotated[Posted, Depends(posted("read"))]) -> Response:
    """Remember which places of the record were looked at, for the sign-off."""
    places = sent.visit.session.evidence.setdefault(id, {})
    for place in sent.form.fields.get("place", [])[:50]:
        document, _, page = place.partition("#")
        if document and len(places) < 1000:
            places[document[:64], whole_number(page[:6])] = None
    return Response(status_code=204)


@router.post("/cases/{id}/items/{item}/lean")
async def lean(id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("sign"))]) -> Response:
    """Take the reader's own lean, and show the suggestion from then on."""
    said = sent.form.text("lean")
    if said in ("uphold", "overturn"):
        sent.visit.session.leans.setdefault((id, item), said)  # type: ignore[arg-type]  # one of the two
    return Response(status_code=303, headers={"Location": f"/cases/{id}#{item}"})
