"""What a request for a page may see and do: its session, its actor, the token of its form; errors as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse

from imr_rules.errors import (
    AuthenticationError,
    EngineError,
    ForbiddenError,
    ImrRulesError,
    NotFoundError,
    Problem,
)
from imr_rules.server.api.common import admit, local_actor, read, service_of
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor, Scope
from imr_rules.server.pages.forms import Form, read_form
from imr_rules.server.pages.frame import render
from imr_rules.server.pages.sessions import COOKIE, Session
from imr_rules.server.problems import problem_for


class SignInNeeded(Exception):
    """Nobody is signed in, and a key is needed."""


class Visit(NamedTuple):
    """A request for a page: by whom, in which session, of which service."""

    request: Request
    service: Service
    session: Session
    actor: Actor
    new: bool

    async def show(self, template: str, status: int = 200, **context: Any) -> Response:
        """Return a page, drawn in a thread: a large one would make everybody wait."""
        return await read(self.service, lambda: self.page(template, status, **context))

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Return a page, and the cookie of its session where that is new; for work that is in a thread already."""
        response = render(self.request, template, status, visit=self, session=self.session, **context)
        return sets_cookie(self.request, response, self.session) if self.new else response


class Posted(NamedTuple):
    """A form sent by its own page."""

    visit: Visit
    form: Form


async def visit(request: Request, scope: Scope) -> Visit:
    """Return who asks for a page.

    Raises:
        SignInNeeded: nobody who may, until a key is given.
        AuthenticationError: no key was made yet, and the request is not this machine's.
        ForbiddenError: their key lacks the scope.
    """
    service = service_of(request)
    sessions = request.app.state.sessions
    session: Session | None = sessions.find(request.cookies.get(COOKIE))
    authenticator = service.authenticator
    if not authenticator.fresh():
        await read(service, authenticator.refresh)
    new = False
    if authenticator.open:
        actor = local_actor(request)
        if session is None:
            session, new = sessions.begin(), True
    else:
        if session is None or session.key is None:
            raise SignInNeeded
        try:
            actor = authenticator.recognize(f"Bearer {session.key}")
        except AuthenticationError:
            sessions.end(session)
            raise SignInNeeded from None
    admit(request, actor, scope)
    return Visit(request, service, session, actor, new)


def visits(scope: Scope) -> Callable[[Request], Awaitable[Visit]]:
    """Return what finds out who asks for a page, and whether they may."""

    async def found(request: Request) -> Visit:
        return await visit(request, scope)

    return found


def posted(scope: Scope, most: int | None = None) -> Callable[[Request], Awaitable[Posted]]:
    """Return what reads a form that only its own page can have sent; at most ``most`` bytes of it."""

    async def found(request: Request) -> Posted:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise ForbiddenError(NOT_OURS)
        seen = await visit(request, scope)
        form = await read_form(request, most or seen.service.settings.max_body_bytes)
        if not seen.session.ours(request.headers.get("x-csrf-token") or form.text("csrf")):
            raise ForbiddenError(NOT_OURS)
        return Posted(seen, form)

    return found


NOT_OURS = Problem(
    "not-from-our-page",
    "this form was not sent by its own page",
    hint="open the page again and send it from there",
)

ScreeningId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
ItemId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]

Reader = Annotated[Visit, Depends(visits("read"))]


def sets_cookie(request: Request, response: Response, session: Session) -> Response:
    """Put the session's cookie on a response: for this site alone, out of reach of scripts, and over TLS for TLS alone.

    That there is TLS in front, a proxy's header tells. Whoever makes it up gets a cookie that is of less use.
    """
    forwarded = request.headers.get("x-forwarded-proto", "")
    response.set_cookie(
        COOKIE,
        session.token,
        httponly=True,
        samesite="strict",
        secure="https" in (request.url.scheme, forwarded.strip().lower()),
        path="/",
    )
    return response


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with errors turned into pages."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except SignInNeeded:
                if "hx-request" in request.headers:  # part of a page: the page itself asks for the key
                    return Response(status_code=401)
                back = request.url.path if request.method == "GET" else "/"
                return RedirectResponse("/sign-in" + (f"?back={back}" if back != "/" else ""), 303)
            except RequestValidationError:
                return _fault(
                    request, NotFoundError(Problem("not-found", "there is nothing at this address"))
                )
            except ImrRulesError as error:
                return _fault(request, error)

        return handled


def _fault(request: Request, error: ImrRulesError) -> Response:
    if isinstance(error, EngineError):
        service_of(request).log.fault(error, request=request.state.request)
    found = problem_for(error)
    request.state.problem = found.code
    problems = getattr(error, "problems", ())
    return render(request, "error.html", found.status, problems=problems, title=found.title, session=None)
