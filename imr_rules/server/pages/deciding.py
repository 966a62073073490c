"""Writing the determination of an item, and signing it off."""

from __future__ import annotations

import re
import time
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Depends, Query, Response
from starlette.responses import RedirectResponse

from imr_rules._reading import Document
from imr_rules._validation import validate
from imr_rules.case import Decision
from imr_rules.errors import CaseError, PreconditionNeededError, Problem
from imr_rules.server import audit
from imr_rules.server.api.common import run, screening_id
from imr_rules.server.messages import ReasonCode, SignOff
from imr_rules.server.pages.case_page import Looked, look
from imr_rules.server.pages.forms import Form, whole_number
from imr_rules.server.pages.gate import ItemId, PageRoute, Posted, Reader, ScreeningId, Visit, posted
from imr_rules.server.tasks import reading, signing, writing
from imr_rules.writing.determination import Determination, blanks, draft, to_markdown, to_text

router = APIRouter(route_class=PageRoute)

TYPES = {"pdf": "application/pdf", "md": "text/markdown", "txt": "text/plain"}


@router.get("/cases/{id}/items/{item}/determination")
async def editor(
    id: ScreeningId, item: ItemId, visit: Reader, outcome: Annotated[Decision | None, Query()] = None
) -> Response:
    """Show the draft for the outcome the reviewer picks; nothing is drafted before one is picked."""
    return await run(visit.service, _editor, visit, id, item, outcome)


def _editor(
    visit: Visit, id: str, item: str, outcome: Decision | None, problems: tuple[Problem, ...] = (),
    status: int = 200, form: Form | None = None,
) -> Response:  # fmt: skip
    found = look(visit, id)
    disputed, screened = found.item(item)
    letter = None
    if outcome is not None:
        written = (
            _written(form)
            if form is not None
            else writing.letter_of(visit.service, visit.actor, screening_id(id), item, outcome)
        )
        letter = _with(draft(found.case, found.screening, outcome, item), written)
    position = (
        "no_suggestion"
        if screened.suggestion == "needs_review"
        else "agree"
        if screened.suggestion == outcome
        else "override"
    )
    return visit.page(
        "determination.html",
        status,
        looked=found,
        disputed=disputed,
        item=screened,
        outcome=outcome,
        letter=letter,
        left=len(blanks(letter)) if letter else 0,
        position=position,
        reason_codes=get_args(ReasonCode),
        signed=found.signed.get(item, []),
        problems=problems,
        form=form,
        hidden=visit.session.blind and (id, item) not in visit.session.leans and item not in found.signed,
    )


def _with(letter: Determination, written: dict[str, str]) -> Determination:
    """Return a determination as the reviewer has written on it."""
    heading = tuple(
        (label, written.get(f"head:{place}") or text) for place, (label, text) in enumerate(letter.heading)
    )
    texts = {name.removeprefix("text:"): text for name, text in written.items() if name.startswith("text:")}
    return letter._replace(heading=heading).with_texts(texts)


def _written(form: Form) -> dict[str, str]:
    return {
        f"{kind}{name}": text for kind in ("head:", "text:") for name, text in form.beginning(kind).items()
    }


def _outcome(form: Form) -> Decision:
    said = form.text("outcome")
    if said == "uphold":
        return "uphold"
    if said == "overturn":
        return "overturn"
    raise CaseError(Problem("no-outcome", "pick an outcome first"))


async def _keep(visit: Visit, id: str, item: str, outcome: Decision, form: Form) -> None:
    texts = _written(form)
    await run(
        visit.service, writing.keep_letter, visit.service, visit.actor, screening_id(id), item, outcome, texts
    )


@router.post("/cases/{id}/items/{item}/determination")
async def keep(id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("sign"))]) -> Response:
    """Keep the letter as it is written now, and count its blanks."""
    visit, outcome = sent.visit, _outcome(sent.form)
    await _keep(visit, id, item, outcome, sent.form)
    return Response("Kept.", media_type="text/plain")


@router.post("/cases/{id}/items/{item}/determination.{kind}")
async def letter_file(
    id: ScreeningId,
    item: ItemId,
    kind: Literal["pdf", "md", "txt"],
    sent: Annotated[Posted, Depends(posted("read"))],
) -> Response:
    """Return the letter as it is written now. The audit notes that it was exported."""
    visit, outcome = sent.visit, _outcome(sent.form)
    if "sign" in visit.actor.scopes:
        await _keep(visit, id, item, outcome, sent.form)
    sheet = sent.form.text("sheet") == "on"

    def work() -> bytes:
        found = look(visit, id)
        found.item(item)
        letter = _with(draft(found.case, found.screening, outcome, item), _written(sent.form))
        content = _made(found, letter, item, kind, sheet=sheet)
        details = {"format": f"determination_{kind}"}
        kept = found.kept
        reading.note(
            visit.service,
            audit.Entry(
                "exported", visit.actor.tenant, visit.actor.id, kept.id, kept.input_digest, kept.rulebook_digest,
                kept.engine, details,
            ),
        )  # fmt: skip
        return content

    name = re.sub(r"[^A-Za-z0-9._-]", "-", f"determination-{item}.{kind}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await run(visit.service, work), 200, headers, TYPES[kind])


def _made(found: Looked, letter: Determination, item: str, kind: str, *, sheet: bool) -> bytes:
    if kind == "pdf":
        from imr_rules.writing.charts.pictures import pictures
        from imr_rules.writing.determination.typesetting import to_pdf

        shown = pictures(found.case, found.screening, item, found.rulebook) if sheet else ()
        return to_pdf(letter, pictures=shown, working_sheet=sheet)
    return (to_markdown(letter, note=sheet) if kind == "md" else to_text(letter, note=sheet)).encode()


@router.post("/cases/{id}/items/{item}/signoff")
async def sign_off(
    id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("sign"))]
) -> Response:
    """Record the physician's outcome for this item, of the version that was looked at."""
    visit, form, outcome = sent.visit, sent.form, _outcome(sent.form)
    await _keep(visit, id, item, outcome, form)
    version = whole_number(form.text("version") or "")
    if version is None:
        raise PreconditionNeededError(Problem("if-match-needed", "say which version was looked at"))
    session = visit.session
    began = session.first_seen.get(id)
    data = {
        "item": item,
        "outcome": outcome,
        "position": form.text("position"),
        "reason_code": form.text("reason_code"),
        "reason": form.text("reason"),
        "specialty": form.text("specialty"),
        "reviewer": form.text("reviewer"),
        "credentials_attested": True if form.text("attested") == "on" else None,
        "lean_before": session.leans.get((id, item)),
        "seconds_on_case": None if began is None else min(1_000_000, int(time.monotonic() - began)),
        "evidence_opened": [
            {"document": document} if page is None else {"document": document, "page": page}
            for document, page in session.evidence.get(id, {})
        ],
    }
    given = {name: value for name, value in data.items() if value is not None}
    try:
        if form.text("attested") != "on":
            raise CaseError(
                Problem("not-attested", "attest a current license and competence in what is at issue")
            )
        signoff = validate(SignOff, Document(given), CaseError)
        await run(
            visit.service,
            signing.sign,
            visit.service,
            visit.actor,
            screening_id(id),
            signoff,
            version=version,
        )
    except CaseError as error:
        return await run(visit.service, _editor, visit, id, item, outcome, error.problems, 422, form)
    return RedirectResponse(f"/cases/{id}#{item}", 303)
