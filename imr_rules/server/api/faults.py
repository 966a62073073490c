"""Every error, whoever raised it, as problem details."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from imr_rules.errors import EngineError, ImrRulesError, Place, Problem, RateError
from imr_rules.server.api.common import service_of
from imr_rules.server.messages import LineProblem
from imr_rules.server.problems import MEDIA_TYPE, answer, details, problem_for

_PLAIN = {
    404: Problem("not-found", "there is nothing at this address"),
    405: Problem("method-not-allowed", "this address does not answer to this method"),
}


def install(app: FastAPI) -> None:
    """Answer every error of the application with problem details."""
    app.add_exception_handler(ImrRulesError, _ours)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _plain)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, ImrRulesError)
    if isinstance(error, EngineError):
        service_of(request).log.fault(error, request=request.state.request)
    return _response(request, problem_for(error), error.seconds if isinstance(error, RateError) else None)


async def _parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = []
    for each in error.errors():  # what was given stays out of it
        kind, *names = each["loc"]
        name = str(names[0]) if names else ""
        what = f"the {kind} parameter {name} {_WRONG.get(each['type'], 'is not what it can be')}"
        problems.append(Problem("bad-parameter", what, Place(pointer="")))
    return _response(request, details(422, problems))


_WRONG = {
    "missing": "is needed",
    "string_too_long": "is too long",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "is not written the way it must be",
    "literal_error": "is none of its choices",
    "enum": "is none of its choices",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true or false",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = _PLAIN.get(error.status_code, Problem("cannot-be-done", "it cannot be done"))
    found = _response(request, details(error.status_code, [problem]))
    for name, value in (error.headers or {}).items():
        found.headers[name] = value
    return found


def _response(request: Request, found: LineProblem, seconds: int | None = None) -> Response:
    request.state.problem = found.code
    service_of(request).metrics.faults.labels(found.code).inc()
    made = answer(found, request.state.request, seconds=seconds)
    return Response(made.body, made.status, made.headers, MEDIA_TYPE)
