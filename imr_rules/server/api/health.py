"""Liveness, readiness and metrics."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from imr_rules.screening import engine_name, rulebook_name
from imr_rules.server.api import docs
from imr_rules.server.api.common import ServiceOf, answered, needs, run
from imr_rules.server.keys import Actor
from imr_rules.server.messages import Health, Readiness

router = APIRouter(tags=["health"])


@router.get("/healthz", **docs.HEALTH)
async def healthz() -> Response:
    """Say that the process answers."""
    return answered(Health())


@router.get("/readyz", **docs.READY)
async def readyz(service: ServiceOf) -> Response:
    """Say that the store can be written to, and which rulebook answers. A 503 says that it cannot."""
    await run(service, service.store.ping)
    current = service.rulebooks.current
    name = rulebook_name(current)
    return answered(Readiness(rulebook=name, rulebook_stale=service.rulebooks.stale, engine=engine_name()))


@router.get("/metrics", **docs.METRICS)
async def metrics(service: ServiceOf, actor: Annotated[Actor, Depends(needs("admin"))]) -> Response:
    """Read the metrics in Prometheus' text format."""
    service.metrics.rulebook.set(service.rulebooks.stale)
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")
