"""Errors as RFC 9457 problem details: which status, which words, and never a value of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from imr_rules import errors
from imr_rules.errors import ImrRulesError, InputError, Problem, printable_name
from imr_rules.server.messages import LineProblem, ProblemDetails, ProblemEntry

MEDIA_TYPE = "application/problem+json"

STATUSES: Mapping[type[ImrRulesError], int] = {
    errors.UnreadableError: 400,
    errors.AuthenticationError: 401,
    errors.ForbiddenError: 403,
    errors.NotFoundError: 404,
    errors.TooSlowError: 408,
    errors.ConflictError: 409,
    errors.GoneError: 410,
    errors.PreconditionError: 412,
    errors.TooLargeError: 413,
    errors.MediaTypeError: 415,
    errors.CaseError: 422,
    errors.IdempotencyError: 422,
    errors.PreconditionNeededError: 428,
    errors.RateError: 429,
    errors.StoreFullError: 507,
    errors.StoreError: 503,
    errors.EngineError: 500,
}
"""Kind of error → HTTP status; the first kind that an error is decides."""

TITLES: Mapping[int, str] = {
    400: "What was sent cannot be read",
    401: "A valid key is needed",
    403: "The key does not allow this",
    404: "There is no such thing",
    405: "That cannot be done here",
    408: "What was sent did not arrive in time",
    409: "It cannot be done as things stand",
    410: "Its content has been purged",
    412: "It was changed meanwhile",
    413: "What was sent is too large",
    415: "What was sent is of a type that is not read",
    422: "What was sent is not valid",
    428: "If-Match is needed",
    429: "Too many requests",
    431: "The head of the request is too large",
    500: "A fault of the service's own",
    503: "The service cannot answer now",
    507: "The store has no room left",
}
"""HTTP status → the title of its problems."""


class Answer(NamedTuple):
    """A problem, ready to be sent: status, body and headers."""

    status: int
    body: bytes
    headers: dict[str, str]


def problem_for(error: ImrRulesError) -> LineProblem:
    """Return what an error says, as problem details."""
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 422)
    if isinstance(error, InputError):
        return details(status, error.problems)
    # What failed is in the log, by class and place.
    return details(status, [Problem("engine-fault", "no answer was given, and nothing was stored")])


def details(status: int, problems: Sequence[Problem]) -> LineProblem:
    """Return problems as problem details; the first one speaks for all."""
    first = problems[0]
    return LineProblem(
        type=f"urn:imr-rules:problem:{first.code}",
        title=TITLES.get(status, "It cannot be done"),
        status=status,
        detail=first.what + (f"; {first.hint}" if first.hint else ""),
        errors=tuple(ProblemEntry(_pointer(each), each.code, _said(each), each.hint) for each in problems),
    )


def _pointer(problem: Problem) -> str:
    """Return where it is; up to a key that is prose rather than a name, which may be a patient's."""
    kept = []
    for step in (problem.place.pointer or "").split("/")[1:]:
        if not step.isdigit() and printable_name(step) is None:
            break
        kept.append("/" + step)
    return "".join(kept)


def _said(problem: Problem) -> str:
    place = problem.place
    if place.line is None:
        return problem.what
    return f"{problem.what} (line {place.line}, column {place.column or 1})"


def answer(found: LineProblem, request: str, *, seconds: int | None = None) -> Answer:
    """Return problem details about a request of ours as what is sent; ``seconds`` is when to try again."""
    whole = ProblemDetails(
        found.type,
        found.title,
        found.status,
        found.detail,
        found.errors,
        instance=f"urn:imr-rules:request:{request}",
    )
    headers = {}
    if found.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if seconds is None and found.status in (503, 507):
        seconds = 5
    if seconds is not None:
        headers["Retry-After"] = str(seconds)
    return Answer(found.status, whole.to_json(), headers)
