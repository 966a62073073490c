"""What the service judges by: its rulebooks, and the facts a case can give."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from imr_rules.server.api import docs
from imr_rules.server.api.common import ServiceOf, answered, needs, read
from imr_rules.server.keys import Actor
from imr_rules.server.tasks import rules

router = APIRouter(prefix="/v1", tags=["rules"])


@router.get("/rulebooks", **docs.RULEBOOKS)
async def list_rulebooks(service: ServiceOf, actor: Annotated[Actor, Depends(needs("read"))]) -> Response:
    """List every rulebook that ever answered here, the newest first."""
    return answered(await read(service, rules.rulebooks, service))


@router.get("/rulebooks/{digest}", **docs.RULEBOOK)
async def get_rulebook(
    digest: docs.Digest, service: ServiceOf, actor: Annotated[Actor, Depends(needs("read"))]
) -> Response:
    """Read a rulebook's guidelines: limits, dates, citations, and how each is known."""
    return answered(await read(service, rules.rulebook, service, digest))


@router.get("/facts", **docs.FACTS)
async def list_facts(
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("read"))],
    treatment: Annotated[
        str, Query(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="A treatment of the vocabulary.")
    ],
) -> Response:
    """List what to send about a treatment, in the order a form should ask."""
    return answered(await read(service, rules.facts, service, treatment))
