"""Taking a case in: read, screen, store."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from imr_rules.case import Case
from imr_rules.case.due import DueRule, apparent_due
from imr_rules.rulebook import Rulebook
from imr_rules.screening import Screening, screen
from imr_rules.server import audit
from imr_rules.server.audit import Entry
from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.messages import Item
from imr_rules.server.store import replies, screenings
from imr_rules.server.store.replies import Once, Reply
from imr_rules.server.store.screenings import StoredScreening
from imr_rules.server.tasks.document import as_json, document, event


class Amending(NamedTuple):
    """Which screening a new one amends, and the reason with the changes, as JSON."""

    screening: str
    content: bytes


class Prepared(NamedTuple):
    """A case screened and ready to be stored, with the reply that says so."""

    kept: StoredScreening
    reply: Reply
    entry: Entry
    once: Once | None


class Stored(NamedTuple):
    """A reply, and the items that are new in the store with it: none where it was given before."""

    reply: Reply
    new: tuple[Item, ...]


def validate(rulebook: Rulebook, data: Any) -> Screening:
    """Screen a case; nothing is stored.

    Raises:
        CaseError, DisagreementError: as :func:`~imr_rules.screening.screen` does.
    """
    return screen(Case.from_data(data), rulebook)


def answered_before(service: Service, once: Once | None) -> Reply | None:
    """Return what was answered to a request before, if it was: whatever has changed since, it is answered so again.

    Raises:
        IdempotencyError: its key was used for another request.
    """
    if once is None:
        return None
    with service.store.reading() as connection:
        return replies.recall(connection, once)


def take_in(service: Service, actor: Actor, data: Any, once: Once | None = None) -> Reply:
    """Screen a case and store it; a request that was answered before is answered the same again.

    Raises:
        CaseError, DisagreementError: as :func:`~imr_rules.screening.screen` does.
        IdempotencyError: its key was used for another request.
        StoreError: it could not be stored.
    """
    before = answered_before(service, once)
    if before is not None:
        return before
    prepared = prepare(service.rulebooks.current, say_time(service.clock()), actor, data, once)
    stored = service.store.write(lambda connection: store(connection, [prepared])[0])
    count(service, [stored])
    return stored.reply


def prepare(
    rulebook: Rulebook,
    at: str,
    actor: Actor,
    data: Any,
    once: Once | None = None,
    amending: Amending | None = None,
) -> Prepared:
    """Screen a case that came in at a time, and put together what is to be stored.

    It needs nothing of the service, so that any process can do it.
    """
    case = Case.from_data(data)
    screening = screen(case, rulebook)
    kept = _kept(actor, case, as_json(data), screening, at, amending, rulebook.vocabulary.law.due)
    details = {"amends": amending.screening} if amending else None
    entry = event("amended" if amending else "screened", actor, kept, details)
    return Prepared(kept, Reply(kept.id, kept.version, document(kept)), entry, once)


def store(connection: Connection, prepared: Sequence[Prepared]) -> list[Stored]:
    """Store prepared cases; one whose request was answered before keeps that answer and is not stored again."""
    before = {
        place: found
        for place, each in enumerate(prepared)
        if (found := replies.recall(connection, each.once)) is not None
    }
    new = [each for place, each in enumerate(prepared) if place not in before]
    if new:
        screenings.add(connection, [each.kept for each in new])
        replies.keep(connection, [(each.once, each.reply) for each in new if each.once], new[0].kept.created)
        audit.append(connection, [each.entry for each in new], new[0].kept.created)
    return [
        Stored(before[place], ()) if place in before else Stored(each.reply, each.kept.items)
        for place, each in enumerate(prepared)
    ]


def count(service: Service, stored: Sequence[Stored]) -> None:
    """Count what was stored, once it is."""
    for each in stored:
        for item in each.new:
            service.metrics.suggestions.labels(item.suggestion).inc()


def new_id() -> str:
    """Return an id nobody can guess."""
    return secrets.token_hex(16)


def _kept(
    actor: Actor,
    case: Case,
    body: bytes,
    screening: Screening,
    created: str,
    amending: Amending | None,
    due: DueRule | None,
) -> StoredScreening:
    id, day = new_id(), apparent_due(case, due)
    said = [id, case.case or ""]
    for each in screening.items:
        said += [each.item, each.service, each.treatment or ""]
    return StoredScreening(
        id=id,
        tenant=actor.tenant,
        created=created,
        actor=actor.id,
        input_digest=screening.input_digest,
        rulebook_digest=screening.rulebook.digest,
        engine=screening.engine,
        case_id=case.case,
        body=body,
        result=screening.to_json(),
        items=tuple(Item(each.item, each.treatment, each.suggestion) for each in screening.items),
        amends=amending.screening if amending else None,
        amendment=amending.content if amending else None,
        due=str(day.day) if day else None,
        words=" ".join(said).replace("_", " ").casefold(),
    )
