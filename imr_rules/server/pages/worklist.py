"""The worklist: cases that wait, what is suggested, what would settle them, when they are apparently due.

What is searched for may be words of a case, so it is sent as a form and kept in the session, and no address holds it.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, get_args

from fastapi import APIRouter, Depends, Query, Response
from starlette.responses import RedirectResponse

from imr_rules.case import Suggestion
from imr_rules.errors import GoneError, NotFoundError
from imr_rules.server import audit
from imr_rules.server.api.common import read
from imr_rules.server.pages.gate import PageRoute, Posted, Reader, Visit, posted
from imr_rules.server.store import worklist as stored
from imr_rules.server.store.worklist import Sort, Wanted
from imr_rules.server.tasks import reading

router = APIRouter(route_class=PageRoute)

PAGE = 50
SHOWN = {"open": False, "signed": True, "all": None}


class Item(NamedTuple):
    """One disputed item of the list, as its screening has it.

    Attributes:
        outcome: the one signed last.
        hidden: whether its suggestion is hidden from this reader.
        needs: questions whose answers would settle it.
    """

    service: str
    suggestion: str
    lean: str | None
    outcome: str | None
    hidden: bool
    needs: tuple[str, ...]


class Line(NamedTuple):
    """One case of the list.

    Attributes:
        age: days since it came in.
        days_left: days until it is apparently due; negative where that day has passed.
    """

    id: str
    case: str | None
    items: tuple[Item, ...]
    age: int
    due: date | None
    days_left: int | None
    expedited: bool


@router.get("/")
async def worklist(visit: Reader, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """Show the cases that wait, the one apparently due first at the head. The audit notes that they were listed."""
    lines, total = await read(visit.service, _lines, visit, page)
    return await visit.show(
        "worklist.html", lines=lines, total=total, page=page, pages=max(1, -(-total // PAGE)),
        search=visit.session.search, first=(page - 1) * PAGE + 1,
    )  # fmt: skip


@router.post("/search")
async def search(sent: Annotated[Posted, Depends(posted("read"))]) -> Response:
    """Search, filter and sort the worklist; an empty form shows every case that waits."""
    form = sent.form
    sent.visit.session.search = {
        "q": (form.text("q") or "")[:200],
        "suggestion": _one_of(form.text("suggestion"), get_args(Suggestion), ""),
        "show": _one_of(form.text("show"), tuple(SHOWN), "open"),
        "sort": _one_of(form.text("sort"), get_args(Sort), "due"),
    }
    return RedirectResponse("/", 303)


def _one_of(said: str | None, known: tuple[str, ...], otherwise: str) -> str:
    return said if said in known else otherwise


def _lines(visit: Visit, page: int) -> tuple[list[Line], int]:
    asked = visit.session.search
    sort: Any = asked.get("sort", "due")
    wanted = Wanted(
        tuple(asked.get("q", "").replace("_", " ").split()),
        None if visit.session.blind else asked.get("suggestion") or None,
        SHOWN[asked.get("show", "open")],
        sort,
    )
    tenant = visit.actor.tenant
    with visit.service.store.reading() as connection:
        total = stored.count(connection, tenant, wanted)
        found = stored.page(connection, tenant, wanted, skip=(page - 1) * PAGE, limit=PAGE)
    lines = [line for each in found if (line := _line(visit, each)) is not None]
    details = {"cases": len(lines), "page": page}
    reading.note(visit.service, audit.Entry("listed", tenant, visit.actor.id, "worklist", details=details))
    return lines, total


def _line(visit: Visit, found: stored.Line) -> Line | None:
    try:
        kept = reading.look(visit.service, visit.actor, found.id).kept
    except (GoneError, NotFoundError):  # purged meanwhile
        return None
    today = visit.service.clock().date()
    outcomes = {each.item: each.outcome for each in kept.items}
    signed = {name for name, outcome in outcomes.items() if outcome}
    due = date.fromisoformat(found.due) if found.due else None
    return Line(
        found.id,
        found.case_id,
        tuple(
            Item(
                each["service"],
                each["suggestion"],
                (each.get("lean") or {}).get("suggestion"),
                outcomes.get(each["item"]),
                visit.session.hides(found.id, each["item"], signed),
                tuple(question["asks"] for question in each.get("questions") or ()),
            )
            for each in json.loads(kept.result)["items"]
        ),
        (today - datetime.fromisoformat(found.created).date()).days,
        due,
        (due - today).days if due else None,
        json.loads(kept.body).get("priority") == "expedited",
    )
