"""The worklist: cases that wait, what is suggested, what is missing, when they are apparently due."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response

from imr_rules.case import Case
from imr_rules.case.due import Due, apparent_due
from imr_rules.errors import GoneError, InputError, NotFoundError
from imr_rules.server.api.common import run
from imr_rules.server.messages import ListedScreening
from imr_rules.server.pages.gate import PageRoute, Reader, Visit
from imr_rules.server.store.screenings import Filter
from imr_rules.server.tasks import reading

router = APIRouter(route_class=PageRoute)

PAGE = 100


class Line(NamedTuple):
    """One case of the list.

    Attributes:
        items: each disputed item as its screening has it, with the outcome signed.
        age: days since it came in.
        days_left: days until it is apparently due; negative where that day has passed.
    """

    id: str
    case: str | None
    status: str
    items: tuple[dict[str, Any], ...]
    age: int
    due: Due | None
    days_left: int | None


@router.get("/")
async def worklist(
    visit: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
    suggestion: Annotated[str, Query(pattern="^(|uphold|overturn|needs_review)$")] = "",
    show: Annotated[str, Query(pattern="^(open|signed|all)$")] = "open",
    after: Annotated[str | None, Query(pattern="^[0-9a-f]{32}$")] = None,
) -> Response:
    """Show the cases that wait, the one apparently due first at the head."""
    if visit.session.blind:
        suggestion = ""
    wanted = Filter(
        suggestion=suggestion or None, signed={"open": False, "signed": True}.get(show), amended=False
    )
    lines, more = await run(visit.service, _lines, visit, wanted, q, after)
    return visit.page(
        "worklist.html", lines=lines, more=more, q=q, suggestion=suggestion, show=show, after=after
    )


def _lines(visit: Visit, wanted: Filter, q: str, after: str | None) -> tuple[list[Line], str | None]:
    found = reading.page(visit.service, visit.actor, wanted, after=after, limit=PAGE + 1)
    today = visit.service.clock().date()
    sought = q.casefold().split()
    lines = []
    for each in found[:PAGE]:
        line = _line(visit, each, today)
        if line is not None and all(word in _words(line) for word in sought):
            lines.append(line)
    lines.sort(key=lambda line: (line.due is None, line.due.day if line.due else date.max))
    return lines, found[PAGE - 1].id if len(found) > PAGE else None


def _line(visit: Visit, found: ListedScreening, today: date) -> Line | None:
    try:
        kept = reading.look(visit.service, visit.actor, found.id).kept
    except (GoneError, NotFoundError):  # purged meanwhile
        return None
    outcomes = {each.item: each.outcome for each in found.items}
    items = json.loads(kept.result)["items"]
    try:
        due = apparent_due(Case.from_data(json.loads(kept.body)))
    except InputError:  # taken in by an earlier release, whose case files this one no longer reads
        due = None
    return Line(
        found.id,
        found.case,
        found.human_review.status,
        tuple({**each, "outcome": outcomes.get(each["item"])} for each in items),
        (today - datetime.fromisoformat(found.created).date()).days,
        due,
        (due.day - today).days if due else None,
    )


def _words(line: Line) -> str:
    said = [line.case or "", line.id]
    for item in line.items:
        said += [item["item"], item["service"], (item["treatment"] or "").replace("_", " ")]
    return " ".join(said).casefold()
