"""Writing a determination: what a reviewer has changed of the draft is kept, and found again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from imr_rules.errors import NotFoundError, Problem
from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.store import letters, screenings

__all__ = ["keep_letter", "letter_of"]


def keep_letter(
    service: Service, actor: Actor, id: str, item: str, outcome: str, texts: Mapping[str, str]
) -> None:
    """Keep what is written of an item's determination for an outcome.

    Raises:
        NotFoundError, GoneError: the actor's tenant has no such screening, or it has no such item.
    """
    at = say_time(service.clock())

    def work(connection: Connection) -> None:
        kept = screenings.find(connection, actor.tenant, id)
        if item not in {each.item for each in kept.items}:
            raise NotFoundError(Problem("not-found", "the screening has no such item"))
        letters.keep(connection, id, item, outcome, texts, actor=actor.id, at=at)

    service.store.write(work)


def letter_of(service: Service, actor: Actor, id: str, item: str, outcome: str) -> dict[str, str]:
    """Return what was written of an item's determination so far.

    Raises:
        NotFoundError, GoneError: the actor's tenant has no such screening.
    """
    with service.store.reading() as connection:
        screenings.find(connection, actor.tenant, id)
        return letters.find(connection, id, item, outcome)
