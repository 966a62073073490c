"""Liveness, readiness and metrics."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from imr_rules.screening import engine_name, rulebook_name
from imr_rules.server import audit
from imr_rules.server.api import docs
from imr_rules.server.api.common import ServiceOf, answered, needs, read
from imr_rules.server.keys import Actor
from imr_rules.server.messages import Health, Readiness

TRY_AGAIN_SECONDS = 5.0
"""How long a write that went through stands for the next: however often somebody asks, no more is written than that."""

router = APIRouter(tags=["health"])


@router.head("/healthz", include_in_schema=False)  # as some proxies ask
@router.get("/healthz", **docs.HEALTH)
async def healthz() -> Response:
    """Say that the process answers."""
    return answered(Health())


@router.head("/readyz", include_in_schema=False)  # as some proxies ask
@router.get("/readyz", **docs.READY)
async def readyz(request: Request, service: ServiceOf) -> Response:
    """Say that a write to the store works, and which rulebook answers. A 503, or a 507, says that none does."""
    await read(
        service, service.store.try_writing, audit.touch, TRY_AGAIN_SECONDS, limiter=request.app.state.trying
    )
    current = service.rulebooks.current
    name = rulebook_name(current)
    return answered(Readiness(rulebook=name, rulebook_stale=service.rulebooks.stale, engine=engine_name()))


@router.get("/metrics", **docs.METRICS)
async def metrics(service: ServiceOf, actor: Annotated[Actor, Depends(needs("admin"))]) -> Response:
    """Read the metrics in Prometheus' text format."""
    service.metrics.rulebook.set(service.rulebooks.stale)
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")
