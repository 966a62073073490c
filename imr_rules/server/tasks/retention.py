"""Retention: purging what is about people once its time is over, and holding what must be kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection

from imr_rules.server import audit
from imr_rules.server.audit import Entry
from imr_rules.server.clock import Clock, say_time, utc_now
from imr_rules.server.store import Store, replies, screenings
from imr_rules.server.store.screenings import find

_AT_ONCE = 500


def purge(
    store: Store, *, days: int, tenant: str | None = None, dry_run: bool = False, clock: Clock = utc_now
) -> int:
    """Remove the content of screenings older than ``days``, of one tenant or all; return how many.

    What is about a person goes (the case, the answer, the items, the sign-offs, kept replies); digests, codes and
    times stay, and the audit gains an event for each. One that is held is passed over.
    """
    before = say_time(clock() - timedelta(days=days))

    def work(connection: Connection) -> int:
        found = screenings.purgeable(connection, before, tenant=tenant, limit=_AT_ONCE)
        if found:
            at = say_time(clock())
            screenings.purge(connection, [each.id for each in found], at)
            entries = [
                Entry("purged", each.tenant, "local", each.id, each.input_digest, each.rulebook_digest)
                for each in found
            ]
            audit.append(connection, entries, at)
        return len(found)

    if dry_run:
        with store.reading() as connection:
            return len(screenings.purgeable(connection, before, tenant=tenant, limit=10**9))
    total = 0
    while purged := store.write(work):
        total += purged
    if total:
        store.compact()
    return total


def forget_replies(store: Store, *, days: int, clock: Clock = utc_now) -> int:
    """Forget what was answered to idempotency keys more than ``days`` ago; return how many."""
    before = say_time(clock() - timedelta(days=days))
    return store.write(lambda connection: replies.forget(connection, before))


def set_hold(store: Store, tenant: str, id: str, *, held: bool, clock: Clock = utc_now) -> None:
    """Keep a screening from every purge (a legal hold), or no longer.

    Raises:
        NotFoundError, GoneError: the tenant has no such screening, or its content is gone already.
    """
    kind: Literal["held", "released"] = "held" if held else "released"

    def work(connection: Connection) -> None:
        kept = find(connection, tenant, id)
        screenings.hold(connection, tenant, id, held=held)
        entry = Entry(kind, tenant, "local", id, kept.input_digest, kept.rulebook_digest)
        audit.append(connection, [entry], say_time(clock()))

    store.write(work)
