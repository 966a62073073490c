"""Screenings in the store: adding, finding, listing, moving on, purging."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from imr_rules.errors import GoneError, NotFoundError, PreconditionError, Problem
from imr_rules.server.messages import HumanReview, Item, ListedScreening
from imr_rules.server.store import tables


class StoredScreening(NamedTuple):
    """A screening as it is kept. ``body`` and ``result`` are JSON: the case as sent, and its answer.

    ``due`` and ``words`` are what the worklist is ordered and searched by; they are added with it and not read back.
    """

    id: str
    tenant: str
    created: str
    actor: str
    input_digest: str
    rulebook_digest: str
    engine: str
    case_id: str | None
    body: bytes
    result: bytes
    items: tuple[Item, ...]
    amends: str | None = None
    amendment: bytes | None = None
    version: int = 1
    amended_by: str | None = None
    held: bool = False
    due: str | None = None
    words: str = ""


class Filter(NamedTuple):
    """Which screenings a list holds; None asks nothing."""

    case_id: str | None = None
    suggestion: str | None = None
    treatment: str | None = None
    signed: bool | None = None
    amended: bool | None = None
    rulebook: str | None = None
    since: str | None = None
    until: str | None = None


def pack(content: bytes) -> bytes:
    """Return content as it lies in the store."""
    return zlib.compress(content, 1)


def unpack(content: bytes) -> bytes:
    """Return what :func:`pack` was given."""
    return zlib.decompress(content)


_SCREENINGS, _RECORDS, _ITEMS = insert(tables.screenings), insert(tables.records), insert(tables.items)
_WORKLIST = insert(tables.worklist)


def add(connection: Connection, kept: Sequence[StoredScreening]) -> None:
    """Add screenings."""
    screenings, records, items, worklist = [], [], [], []
    for each in kept:
        screenings.append(
            {
                "id": each.id,
                "tenant": each.tenant,
                "created": each.created,
                "actor": each.actor,
                "input_digest": each.input_digest,
                "rulebook_digest": each.rulebook_digest,
                "engine": each.engine,
                "version": each.version,
                "amends": each.amends,
                "held": each.held,
            }
        )
        records.append(
            {
                "screening": each.id,
                "tenant": each.tenant,
                "case_id": each.case_id,
                "body": pack(each.body),
                "result": pack(each.result),
                "amendment": None if each.amendment is None else pack(each.amendment),
            }
        )
        worklist.append({"screening": each.id, "tenant": each.tenant, "due": each.due, "words": each.words})
        items += [
            {"screening": each.id, "position": position, **asdict(item)}
            for position, item in enumerate(each.items)
        ]
    if screenings:
        connection.execute(_SCREENINGS, screenings)
        connection.execute(_RECORDS, records)
        connection.execute(_WORKLIST, worklist)
        connection.execute(_ITEMS, items)


_ID: BindParameter[str] = bindparam("id_")
_TENANT: BindParameter[str] = bindparam("tenant_")
_FOUND = (
    select(
        *tables.screenings.c,
        *(tables.records.c[name] for name in ("case_id", "body", "result", "amendment")),
    )
    .select_from(
        tables.screenings.outerjoin(tables.records, tables.records.c.screening == tables.screenings.c.id)
    )
    .where(tables.screenings.c.id == _ID, tables.screenings.c.tenant == _TENANT)
)
_ITEMS_OF = select(tables.items).where(tables.items.c.screening == _ID).order_by(tables.items.c.position)


def find(connection: Connection, tenant: str, id: str) -> StoredScreening:
    """Return a screening of a tenant.

    Raises:
        NotFoundError: there is none of this id, or it is another tenant's.
        GoneError: its content has been purged.
    """
    row = connection.execute(_FOUND, {"id_": id, "tenant_": tenant}).first()
    if row is None:
        raise NotFoundError(Problem("not-found", "there is no screening of this id"))
    if row.body is None:
        raise GoneError(
            Problem("purged", "its content has been purged; the audit still shows that it was here and when")
        )
    items = tuple(
        Item(each.item, each.treatment, each.suggestion, each.outcome)
        for each in connection.execute(_ITEMS_OF, {"id_": id})
    )
    return StoredScreening(
        row.id, row.tenant, row.created, row.actor, row.input_digest, row.rulebook_digest, row.engine,
        row.case_id, unpack(row.body), unpack(row.result), items, row.amends,
        None if row.amendment is None else unpack(row.amendment), row.version, row.amended_by, row.held,
    )  # fmt: skip


def page(
    connection: Connection, tenant: str, wanted: Filter, *, after: str | None, limit: int
) -> list[ListedScreening]:
    """Return a tenant's screenings, the newest first, at most ``limit``, those that come after the one of an id."""
    screenings, records = tables.screenings.c, tables.records.c
    conditions: list[ColumnElement[bool]] = [screenings.tenant == tenant]
    newest_first = screenings.number.desc()
    if after is not None:
        last = tables.screenings.alias("last").c
        seen = select(last.number).where(last.id == after, last.tenant == tenant)
        conditions.append(screenings.number < seen.scalar_subquery())
    if wanted.case_id is not None:
        conditions += [records.tenant == tenant, records.case_id == wanted.case_id]
        newest_first = (
            screenings.number + 0
        ).desc()  # in the order of no index: the few of a case are found by theirs
    if wanted.rulebook is not None:
        conditions.append(screenings.rulebook_digest == wanted.rulebook)
    if wanted.since is not None:
        conditions.append(screenings.created >= wanted.since)
    if wanted.until is not None:
        conditions.append(screenings.created < wanted.until)
    if wanted.amended is not None:
        conditions.append(
            screenings.amended_by.is_not(None) if wanted.amended else screenings.amended_by.is_(None)
        )
    if wanted.suggestion is not None:
        conditions.append(_some_item(tables.items.c.suggestion == wanted.suggestion))
    if wanted.treatment is not None:
        conditions.append(_some_item(tables.items.c.treatment == wanted.treatment))
    if wanted.signed is not None:
        unsigned = _some_item(tables.items.c.outcome.is_(None))
        conditions += [~unsigned, _some_item(None)] if wanted.signed else [unsigned]
    found = connection.execute(
        select(*tables.screenings.c, records.case_id)
        .select_from(
            tables.screenings.join(
                tables.records, records.screening == screenings.id, isouter=wanted.case_id is None
            )
        )
        .where(and_(*conditions))
        .order_by(newest_first)
        .limit(limit)
    ).all()
    items: dict[str, list[Item]] = {row.id: [] for row in found}
    rows = connection.execute(
        select(tables.items)
        .where(tables.items.c.screening.in_(list(items)))
        .order_by(tables.items.c.screening, tables.items.c.position)
    )
    for each in rows:
        items[each.screening].append(Item(each.item, each.treatment, each.suggestion, each.outcome))
    return [
        ListedScreening(
            id=row.id,
            version=row.version,
            created=row.created,
            case=row.case_id,
            items=tuple(items[row.id]),
            human_review=HumanReview(status="purged") if row.purged else HumanReview.of(items[row.id]),
            amends=row.amends,
            amended_by=row.amended_by,
            input_digest=row.input_digest,
            rulebook_digest=row.rulebook_digest,
            purged=row.purged,
        )
        for row in found
    ]


def _some_item(condition: ColumnElement[bool] | None) -> ColumnElement[bool]:
    of_this = tables.items.c.screening == tables.screenings.c.id
    return exists().where(of_this if condition is None else and_(of_this, condition))


def bump_version(connection: Connection, tenant: str, id: str, version: int | None) -> int:
    """Move a screening on from ``version`` (whichever it is at, where that is None); return its new version.

    Raises:
        PreconditionError: it is at another version by now.
    """
    screenings = tables.screenings.c
    mine = and_(screenings.id == id, screenings.tenant == tenant)
    changed = connection.execute(
        update(tables.screenings)
        .where(mine if version is None else and_(mine, screenings.version == version))
        .values(version=screenings.version + 1)
    )
    if changed.rowcount != 1:
        hint = "read it again, and decide on what it says now"
        raise PreconditionError(
            Problem("changed-meanwhile", "the screening was changed meanwhile", hint=hint)
        )
    now: int = connection.execute(select(screenings.version).where(mine)).scalar_one()
    return now


def set_outcome(connection: Connection, id: str, item: str, outcome: str) -> None:
    """Note the outcome last signed for an item."""
    mine = and_(tables.items.c.screening == id, tables.items.c.item == item)
    connection.execute(update(tables.items).where(mine).values(outcome=outcome))


def link_amendment(connection: Connection, id: str, by: str) -> None:
    """Note which screening amends this one."""
    connection.execute(update(tables.screenings).where(tables.screenings.c.id == id).values(amended_by=by))


def hold(connection: Connection, tenant: str, id: str, *, held: bool) -> None:
    """Keep a screening from every purge, or no longer.

    Raises:
        NotFoundError: the tenant has no screening of this id.
    """
    mine = and_(tables.screenings.c.id == id, tables.screenings.c.tenant == tenant)
    changed = connection.execute(update(tables.screenings).where(mine).values(held=held))
    if changed.rowcount != 1:
        raise NotFoundError(Problem("not-found", "there is no screening of this id"))


class Purgeable(NamedTuple):
    """A screening that may be purged."""

    id: str
    tenant: str
    input_digest: str
    rulebook_digest: str


def purgeable(connection: Connection, before: str, *, tenant: str | None, limit: int) -> list[Purgeable]:
    """Return screenings made before a time, still whole and not held, oldest first."""
    screenings = tables.screenings.c
    conditions = [screenings.created < before, screenings.purged.is_(None), screenings.held.is_(False)]
    if tenant is not None:
        conditions.append(screenings.tenant == tenant)
    rows = connection.execute(
        select(screenings.id, screenings.tenant, screenings.input_digest, screenings.rulebook_digest)
        .where(and_(*conditions))
        .order_by(screenings.number)
        .limit(limit)
    )
    return [Purgeable(*row) for row in rows]


def purge(connection: Connection, ids: Sequence[str], at: str) -> None:
    """Remove everything about a person from screenings; digests, codes and times stay."""
    for column in (
        tables.records.c.screening,
        tables.items.c.screening,
        tables.signoffs.c.screening,
        tables.letters.c.screening,
        tables.signed_letters.c.screening,
        tables.worklist.c.screening,
        tables.replies.c.screening,
    ):
        connection.execute(delete(column.table).where(column.in_(ids)))
    connection.execute(update(tables.screenings).where(tables.screenings.c.id.in_(ids)).values(purged=at))
