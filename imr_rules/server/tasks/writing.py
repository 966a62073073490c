"""Writing a determination: what a reviewer has changed of the draft is kept, and found again; so is what was signed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.store import letters, screenings
from imr_rules.server.store.letters import SignedLetter, Written


def keep_letter(
    service: Service, actor: Actor, id: str, texts: Mapping[str, str], *, revision: int | None = None
) -> int:
    """Keep what is written of a case's determination; return its revision.

    Args:
        service: the service.
        actor: who writes.
        id: the screening.
        texts: what the reviewer changed of the draft, by the name of each text.
        revision: the one that was changed; None to write over any.

    Raises:
        NotFoundError, GoneError: the actor's tenant has no such screening.
        PreconditionError: another one was kept meanwhile.
    """
    at = say_time(service.clock())

    def work(connection: Connection) -> int:
        screenings.find(connection, actor.tenant, id)
        return letters.keep(connection, id, texts, revision=revision, actor=actor.id, at=at)

    return service.store.write(work)


def letter_of(service: Service, actor: Actor, id: str) -> Written:
    """Return what was written of a case's determination so far.

    Raises:
        NotFoundError, GoneError: the actor's tenant has no such screening.
    """
    with service.store.reading() as connection:
        screenings.find(connection, actor.tenant, id)
        return letters.find(connection, id)


def signed_letter(service: Service, actor: Actor, id: str) -> SignedLetter | None:
    """Return a case's determination as it was signed last, or None where none was.

    Raises:
        NotFoundError, GoneError: the actor's tenant has no such screening.
    """
    with service.store.reading() as connection:
        screenings.find(connection, actor.tenant, id)
        return letters.signed(connection, id)
