"""The worklist: every case of a tenant, searched, filtered, ordered and parted into pages by the database."""

from __future__ import annotations

from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Join, and_, exists, func, select

from imr_rules.server.store import tables

Sort = Literal["due", "newest", "case"]


class Wanted(NamedTuple):
    """Which cases a list holds, and in which order.

    Attributes:
        words: all of which stand in a case's id, its services or treatments.
        suggestion: that of some item; None asks nothing.
        signed: whether every item is signed; None asks nothing.
        sort: the apparent day first, the newest first, or by the sender's id.
    """

    words: tuple[str, ...] = ()
    suggestion: str | None = None
    signed: bool | None = None
    sort: Sort = "due"


class Line(NamedTuple):
    """One case of the list."""

    id: str
    created: str
    case_id: str | None
    due: str | None


def count(connection: Connection, tenant: str, wanted: Wanted) -> int:
    """Return how many cases the list holds, over all its pages."""
    found: int = connection.execute(
        select(func.count()).select_from(_joined()).where(_conditions(tenant, wanted))
    ).scalar_one()
    return found


def page(connection: Connection, tenant: str, wanted: Wanted, *, skip: int, limit: int) -> list[Line]:
    """Return a page of the list: at most ``limit`` cases after the first ``skip``."""
    screenings, records, worklist = tables.screenings.c, tables.records.c, tables.worklist.c
    newest = screenings.number.desc()
    order = {
        "due": (worklist.due.is_(None), worklist.due, screenings.number),
        "newest": (newest,),
        "case": (records.case_id.is_(None), records.case_id, newest),
    }[wanted.sort]
    rows = connection.execute(
        select(screenings.id, screenings.created, records.case_id, worklist.due)
        .select_from(_joined())
        .where(_conditions(tenant, wanted))
        .order_by(*order)
        .offset(skip)
        .limit(limit)
    )
    return [Line(*row) for row in rows]


def _joined() -> Join:
    screenings, records, worklist = tables.screenings, tables.records, tables.worklist
    return screenings.join(records, records.c.screening == screenings.c.id).join(
        worklist, worklist.c.screening == screenings.c.id
    )


def _conditions(tenant: str, wanted: Wanted) -> ColumnElement[bool]:
    screenings, worklist, items = tables.screenings.c, tables.worklist.c, tables.items.c
    conditions: list[ColumnElement[bool]] = [screenings.tenant == tenant, screenings.amended_by.is_(None)]
    conditions += [worklist.words.contains(word.casefold(), autoescape=True) for word in wanted.words]
    of_this = items.screening == screenings.id
    if wanted.suggestion is not None:
        conditions.append(exists().where(and_(of_this, items.suggestion == wanted.suggestion)))
    if wanted.signed is not None:
        unsigned = exists().where(and_(of_this, items.outcome.is_(None)))
        conditions.append(~unsigned if wanted.signed else unsigned)
    return and_(*conditions)
