"""Signing in with an API key, and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from imr_rules.errors import AuthenticationError, ForbiddenError
from imr_rules.server.api.common import read, service_of
from imr_rules.server.pages.forms import read_form
from imr_rules.server.pages.frame import render
from imr_rules.server.pages.gate import NOT_OURS, PageRoute, Posted, posted, sets_cookie
from imr_rules.server.pages.sessions import COOKIE

router = APIRouter(route_class=PageRoute)


@router.get("/sign-in")
async def sign_in_page(request: Request, back: Annotated[str, Query(max_length=200)] = "/") -> Response:
    """Ask for a key, to go on to the page that was asked for."""
    return render(request, "sign_in.html", session=None, refused=False, back=own(back))


def own(path: str) -> str:
    """Return a path of this service, or the worklist's where it is another's."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session with a key; the session before it, if any, is over.

    A key is asked for here and nowhere else, so that there is nothing yet that a foreign page could use.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForbiddenError(NOT_OURS)
    service, sessions = service_of(request), request.app.state.sessions
    request.app.state.rates.take("sign-in")
    form = await read_form(request, 10_000)
    await read(service, service.authenticator.refresh)
    try:
        request.state.actor = service.authenticator.recognize(f"Bearer {form.text('key')}")
    except AuthenticationError:
        return render(
            request, "sign_in.html", 401, session=None, refused=True, back=own(form.text("back") or "/")
        )
    before = sessions.find(request.cookies.get(COOKIE))
    if before is not None:
        sessions.end(before)
    return sets_cookie(
        request, RedirectResponse(own(form.text("back") or "/"), 303), sessions.begin(form.text("key"))
    )


@router.post("/sign-out")
async def sign_out(sent: Annotated[Posted, Depends(posted("read"))]) -> Response:
    """End the session."""
    sent.visit.request.app.state.sessions.end(sent.visit.session)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE)
    return response


@router.post("/blind")
async def blind(sent: Annotated[Posted, Depends(posted("read"))]) -> Response:
    """Hide suggestions until the reader has given a lean of their own, or no longer."""
    sent.visit.session.blind = sent.form.text("blind") == "on"
    return RedirectResponse(own(sent.form.text("back") or "/"), 303)
