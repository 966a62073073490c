"""``create_app()``: the service as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec

import anyio
from fastapi import FastAPI, Request, Response

from imr_rules._version import __version__
from imr_rules.server.api import batches, faults, health, reviews, rules, screenings
from imr_rules.server.api.middleware import RequestContextMiddleware
from imr_rules.server.api.openapi import describe
from imr_rules.server.clock import Clock, utc_now
from imr_rules.server.context import Service
from imr_rules.server.limits import Rates
from imr_rules.server.settings import Settings
from imr_rules.server.tasks.document import as_json


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> FastAPI:
    """Return the service, with its store opened and its rulebook loaded.

    Its parts are at ``app.state.service`` (:class:`~imr_rules.server.context.Service`); they are let go of when the
    application's lifespan ends.

    Args:
        settings: what is set about it; what the environment says unless given.
        clock: the time of day.

    Raises:
        StoreError, RulebookError: the store or the rulebook cannot be used.
    """
    chosen = Settings.from_environment() if settings is None else settings
    service = Service.start(chosen, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = FastAPI(
        title="imr-rules",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,  # what a generated client calls it
    )
    app.state.service = service
    app.state.trying = anyio.CapacityLimiter(1)  # whether the store takes writes is tried once at a time
    app.state.rates = Rates(chosen.rate, chosen.burst)
    faults.install(app)
    for each in (screenings, batches, reviews, rules, health):
        app.include_router(each.router)
    app.state.described = {}
    app.add_api_route("/openapi.json", _openapi, name="openapi", include_in_schema=False)
    if all(map(find_spec, ("jinja2", "python_multipart"))):  # the extra page
        from imr_rules.server.pages import install

        install(app)
    app.add_middleware(RequestContextMiddleware, service=service)
    return app


async def _openapi(request: Request) -> Response:
    """Describe the service as it is with the rulebook in use."""
    # No closure: FastAPI keeps every endpoint for ever, and would keep a service that is over with it.
    state = request.app.state
    rulebook = state.service.rulebooks.current
    if rulebook.digest not in state.described:
        state.described = {rulebook.digest: as_json(describe(request.app, rulebook))}
    return Response(state.described[rulebook.digest], media_type="application/json")
