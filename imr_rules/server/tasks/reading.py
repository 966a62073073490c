"""Reading what is stored: one screening, lists of them, and the report."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from imr_rules.case import Case
from imr_rules.errors import ConflictError, Problem
from imr_rules.screening import Screening, screen
from imr_rules.server import audit
from imr_rules.server.audit import Entry
from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.messages import ListedScreening
from imr_rules.server.store import screenings, signoffs
from imr_rules.server.store.replies import Reply
from imr_rules.server.store.screenings import Filter, StoredScreening
from imr_rules.server.store.signoffs import Signed
from imr_rules.server.tasks.document import document
from imr_rules.writing.markdown import markdown
from imr_rules.writing.screening_report import screening_report

__all__ = [
    "Opened",
    "look",
    "note",
    "open_screening",
    "page",
    "report_file",
    "report_json",
    "report_markdown",
    "reproduced",
    "state_of",
]


class Opened(NamedTuple):
    """A stored screening and its sign-offs."""

    kept: StoredScreening
    signed: tuple[Signed, ...]

    @property
    def reply(self) -> Reply:
        """The document of it, as it stands."""
        return Reply(self.kept.id, self.kept.version, document(self.kept, self.signed))


def look(service: Service, actor: Actor, id: str) -> Opened:
    """Return a screening of the actor's tenant, without noting that it was opened; for tasks that note their own.

    Raises:
        NotFoundError, GoneError: as :func:`~imr_rules.server.store.screenings.find` does.
    """
    with service.store.reading() as connection:
        return state_of(connection, actor, id)


def state_of(connection: Connection, actor: Actor, id: str) -> Opened:
    """Return a screening as a transaction sees it."""
    return Opened(screenings.find(connection, actor.tenant, id), signoffs.of_screening(connection, id))


def open_screening(service: Service, actor: Actor, id: str, *, page: str | None = None) -> Opened:
    """Return a screening of the actor's tenant, and note in the audit that it was opened, and on which page.

    Raises:
        NotFoundError, GoneError: as :func:`look` does.
    """
    found = look(service, actor, id)
    note(service, Entry("opened", *_about(actor, found.kept), details={"page": page} if page else None))
    return found


def page(
    service: Service, actor: Actor, wanted: Filter, *, after: str | None = None, limit: int = 50
) -> list[ListedScreening]:
    """Return screenings of the actor's tenant, the newest first; ``after`` is the id of the last one seen."""
    with service.store.reading() as connection:
        return screenings.page(connection, actor.tenant, wanted, after=after, limit=limit)


def report_json(service: Service, actor: Actor, id: str) -> bytes:
    """Return the answer alone, byte for byte as it was made, and note that it was exported."""
    found = look(service, actor, id)
    note(service, Entry("exported", *_about(actor, found.kept), details={"format": "json"}))
    return found.kept.result


def report_markdown(service: Service, actor: Actor, id: str, *, everything: bool = False) -> str:
    """Return the answer as Markdown, made again from its case and rulebook, and note that it was exported.

    Raises:
        ConflictError: this release's engine no longer gives the answer that is stored.
    """
    found = look(service, actor, id)
    text = markdown(screening_report(reproduced(service, found.kept), everything=everything))
    note(service, Entry("exported", *_about(actor, found.kept), details={"format": "markdown"}))
    return text


def report_file(
    service: Service, actor: Actor, id: str, kind: Literal["html", "pdf"], *, everything: bool = False
) -> bytes:
    """Return the answer with its pictures as a page that stands alone or as PDF, and note that it was exported.

    Raises:
        ConflictError: this release's engine no longer gives the answer that is stored.
        InputError: the extra ``page`` is not installed.
    """
    from imr_rules.writing.charts.pictures import pictures
    from imr_rules.writing.html import html
    from imr_rules.writing.screening_pdf import to_pdf

    found = look(service, actor, id)
    screening = reproduced(service, found.kept)
    case, rulebook = (
        Case.from_data(json.loads(found.kept.body)),
        service.rulebooks.get(found.kept.rulebook_digest),
    )
    shown = {each.item: pictures(case, screening, each.item, rulebook) for each in screening.items}
    if kind == "html":
        content = html(screening_report(screening, everything=everything, pictures=shown)).encode()
    else:
        content = to_pdf(screening, shown, everything=everything)
    note(service, Entry("exported", *_about(actor, found.kept), details={"format": kind}))
    return content


def reproduced(service: Service, kept: StoredScreening) -> Screening:
    """Return the stored answer as it comes out of screening its case by its rulebook again.

    Raises:
        ConflictError: it no longer comes out the same.
    """
    again = screen(Case.from_data(json.loads(kept.body)), service.rulebooks.get(kept.rulebook_digest))
    if again.to_json() != kept.result:
        hint = "take the report as json, which is as it was made; a replay shows what differs"
        raise ConflictError(
            Problem("not-reproduced", "this release no longer gives the stored answer", hint=hint)
        )
    return again


def note(service: Service, *entries: Entry) -> None:
    """Append to the audit."""
    at = say_time(service.clock())
    service.store.write(lambda connection: audit.append(connection, entries, at))


def _about(actor: Actor, kept: StoredScreening) -> tuple[str, str, str, str, str, str]:
    return actor.tenant, actor.id, kept.id, kept.input_digest, kept.rulebook_digest, kept.engine
