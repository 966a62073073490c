"""What is done about a stored screening: amend it, sign an item, replay it, export an override."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from imr_rules._reading import Document
from imr_rules._validation import validate as read_as
from imr_rules.errors import CaseError
from imr_rules.server.api import docs
from imr_rules.server.api.common import (
    IdempotencyKey,
    IfMatch,
    SentJson,
    ServiceOf,
    answered,
    changed,
    idempotent_request,
    if_match_version,
    needs,
    read,
    required_version,
    run,
)
from imr_rules.server.keys import Actor
from imr_rules.server.messages import Amendment, SignOff
from imr_rules.server.tasks import amending, exporting, replaying, signing

router = APIRouter(prefix="/v1/screenings/{id}", tags=["review"])


@router.post("/amendments", status_code=201, **docs.AMEND)
async def post_amendment(
    id: docs.ScreeningId,
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("screen"))],
    sent: SentJson,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Change facts of a case, with a reason: a new screening linked to the old one, which stays as it is."""
    version = if_match_version(if_match)
    amendment = read_as(Amendment, Document(sent.data), CaseError)
    reply = await run(
        service,
        amending.amend,
        service,
        actor,
        id,
        reason=amendment.reason,
        changes=amendment.changes,
        version=version,
        once=idempotent_request(actor, idempotency_key, b"amendments", id.encode(), sent.raw),
    )
    return changed(reply, actor)


@router.post("/signoffs", status_code=201, **docs.SIGN)
async def post_signoff(
    id: docs.ScreeningId,
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("sign"))],
    sent: SentJson,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Sign one disputed item off. If-Match is required: what is signed is what was seen. There is no batch."""
    version = required_version(if_match)
    signoff = read_as(SignOff, Document(sent.data), CaseError)
    request = idempotent_request(actor, idempotency_key, b"signoffs", id.encode(), sent.raw)
    reply = await run(service, signing.sign, service, actor, id, signoff, version=version, once=request)
    return changed(reply, actor)


@router.post("/replay", **docs.REPLAY)
async def post_replay(
    id: docs.ScreeningId, service: ServiceOf, actor: Annotated[Actor, Depends(needs("read"))]
) -> Response:
    """Screen the same input by the rulebook of then and the one of now, side by side. Nothing stored changes."""
    return answered(await read(service, replaying.replay, service, actor, id))


@router.get("/fixture-candidate", **docs.FIXTURE)
async def get_fixture_candidate(
    id: docs.ScreeningId, service: ServiceOf, actor: Annotated[Actor, Depends(needs("read"))]
) -> Response:
    """Read a signed override as a case file, for those who edit the guidelines."""
    text = await read(service, exporting.fixture_candidate, service, actor, id)
    return Response(text, media_type="application/yaml")
