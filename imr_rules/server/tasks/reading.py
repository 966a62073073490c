"""Reading what is stored: one screening, lists of them, and the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Concatenate, Literal, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import Connection

from imr_rules.case import Case
from imr_rules.errors import ConflictError, Problem
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
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
from imr_rules.server.tasks.document import document, event
from imr_rules.writing.markdown import markdown
from imr_rules.writing.screening_report import screening_report

_P = ParamSpec("_P")
_T = TypeVar("_T")
ReportKind = Literal["markdown", "html", "pdf"]


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
    note(service, event("opened", actor, found.kept, {"page": page} if page else None))
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
    note(service, event("exported", actor, found.kept, {"format": "json"}))
    return found.kept.result


def report(service: Service, actor: Actor, id: str, kind: ReportKind, *, everything: bool = False) -> bytes:
    """Return the answer made again from its case and rulebook, and note that it was exported.

    As Markdown, or with its pictures: as a page that stands alone, or as PDF.

    Raises:
        ConflictError: this release's engine no longer gives the answer that is stored.
        InputError: the extra ``page`` is not installed.
    """
    found = look(service, actor, id)
    work = of_stored if kind == "markdown" else apart
    content = work(service, found.kept, _report, kind, everything)
    note(service, event("exported", actor, found.kept, {"format": kind}))
    return content


def _report(rulebook: Rulebook, kept: StoredScreening, kind: ReportKind, everything: bool) -> bytes:
    screening = again(rulebook, kept)
    if kind == "markdown":
        return markdown(screening_report(screening, everything=everything)).encode()
    from imr_rules.writing.charts.pictures import pictures
    from imr_rules.writing.html import html
    from imr_rules.writing.screening_pdf import to_pdf

    case = Case.from_data(json.loads(kept.body))
    whole = WholeCase(case, rulebook.vocabulary)
    shown = {each.item: pictures(case, screening, each.item, rulebook, whole) for each in screening.items}
    if kind == "html":
        return html(screening_report(screening, everything=everything, pictures=shown)).encode()
    return to_pdf(screening, shown, everything=everything)


def of_stored(
    service: Service,
    kept: StoredScreening,
    work: Callable[Concatenate[Rulebook, StoredScreening, _P], _T],
    /,
    *arguments: _P.args,
    **named: _P.kwargs,
) -> _T:
    """Have work about a stored screening done by its own rulebook: at once where its case is small, else apart.

    Raises:
        StoreError: it takes longer than a request may.
    """
    rulebook, data = service.rulebooks.get(kept.rulebook_digest), json.loads(kept.body)
    return service.result(service.judged(work, rulebook, data, len(kept.body), kept, *arguments, **named))


def apart(
    service: Service,
    kept: StoredScreening,
    work: Callable[Concatenate[Rulebook, StoredScreening, _P], _T],
    /,
    *arguments: _P.args,
    **named: _P.kwargs,
) -> _T:
    """Have work about a stored screening done apart, however small its case is: what draws, typesets, or tries many.

    Raises:
        StoreError: it takes longer than a request may.
    """
    rulebook = service.rulebooks.get(kept.rulebook_digest)
    return service.result(service.apart(work, rulebook, kept, *arguments, **named))


def reproduced(service: Service, kept: StoredScreening) -> Screening:
    """Return the stored answer as it comes out of screening its case by its rulebook again.

    Raises:
        ConflictError: it no longer comes out the same.
    """
    return of_stored(service, kept, again)


def again(rulebook: Rulebook, kept: StoredScreening) -> Screening:
    """Return what :func:`reproduced` does, in any process."""
    made = screen(Case.from_data(json.loads(kept.body)), rulebook)
    if made.to_json() != kept.result:
        hint = "take the report as json, which is as it was made; a replay shows what differs"
        raise ConflictError(
            Problem("not-reproduced", "this release no longer gives the stored answer", hint=hint)
        )
    return made


def note(service: Service, *entries: Entry) -> None:
    """Append to the audit."""
    at = say_time(service.clock())
    service.store.write(lambda connection: audit.append(connection, entries, at))
