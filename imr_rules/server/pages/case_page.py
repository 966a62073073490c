"""The case: one panel a disputed item, the record beside it, the pictures."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Query, Response

from imr_rules.case import Case, DisputedItem
from imr_rules.case.due import RULE, apparent_due
from imr_rules.errors import ForbiddenError, NotFoundError, Problem
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, Screening
from imr_rules.server.api.common import run, screening_id
from imr_rules.server.pages.changeable import Row, rows
from imr_rules.server.pages.forms import whole_number
from imr_rules.server.pages.gate import ItemId, PageRoute, Posted, Reader, ScreeningId, Visit, posted
from imr_rules.server.store.screenings import StoredScreening
from imr_rules.server.tasks import reading
from imr_rules.server.tasks.reading import Opened
from imr_rules.writing.charts.canvas import Scheme
from imr_rules.writing.charts.pictures import NARROW, WIDE, Numbers, draw, numbers

__all__ = ["Looked", "look", "looked"]

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

    def show(self, visit: Visit, name: str) -> None:
        """Refuse what would tell of an item's suggestion while that is hidden.

        Raises:
            ForbiddenError: the reader has not given a lean yet.
        """
        if self.hides(visit, name):
            raise ForbiddenError(Problem("no-lean", "give your own lean on the case's page first"))

    def item(self, name: str) -> tuple[DisputedItem, ItemScreening]:
        """Return a disputed item and its screening.

        Raises:
            NotFoundError: there is none of this id.
        """
        items = dict(self.case.named_items)
        if name not in items:
            raise NotFoundError(Problem("not-found", "the case has no such item"))
        return items[name], next(each for each in self.screening.items if each.item == name)


class Panel(NamedTuple):
    """What the page shows of one item."""

    item: DisputedItem
    screened: ItemScreening
    signed: list[dict[str, Any]]
    pictures: tuple[Numbers, ...]
    rows: tuple[Row, ...]
    hidden: bool


def look(visit: Visit, id: str) -> Looked:
    """Return a screening without noting that it was opened: for the parts of a page, and for tasks."""
    return looked(visit, reading.look(visit.service, visit.actor, screening_id(id)))


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
    found, panels = await run(visit.service, _panels, visit, id)
    # Scores and dates belong to the case: beside the item where there is one, with the record where there are several.
    shared = [each for each in panels[0].pictures if each.name != "counts"] if len(panels) > 1 else []
    if shared:
        panels = [each._replace(pictures=_counts_alone(each.pictures)) for each in panels]
    visit.session.first_seen.setdefault(id, time.monotonic())
    return visit.page(
        "case.html",
        looked=found,
        case=found.case,
        panels=panels,
        shared=shared,
        due=apparent_due(found.case),
        due_rule=RULE,
        today=visit.service.clock().date(),
        amendment=json.loads(found.kept.amendment) if found.kept.amendment else None,
    )


def _panels(visit: Visit, id: str) -> tuple[Looked, list[Panel]]:
    found = looked(visit, reading.open_screening(visit.service, visit.actor, screening_id(id)))
    panels = []
    for (name, item), screened in zip(found.case.named_items, found.screening.items, strict=True):
        hidden = visit.session.blind and (id, name) not in visit.session.leans and name not in found.signed
        panels.append(
            Panel(
                item,
                screened,
                found.signed.get(name, []),
                numbers(found.case, found.screening, name, found.rulebook),
                rows(found.case, screened, found.rulebook),
                hidden,
            )
        )
    return found, panels


def _counts_alone(pictures: tuple[Numbers, ...]) -> tuple[Numbers, ...]:
    return tuple(each for each in pictures if each.name == "counts")


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
        found = look(visit, id)
        found.item(item)
        if picture == "counts":
            found.show(visit, item)
        width = NARROW if narrow else WIDE
        made = draw(picture, found.case, found.screening, item, found.rulebook, scheme=scheme, width=width)
        if made is None:
            raise NotFoundError(Problem("not-found", "the case has nothing to show in this picture"))
        return made.svg

    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "private, max-age=600",  # what is stored never changes
    }
    return Response(await run(visit.service, drawn), 200, headers, "image/svg+xml")


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
