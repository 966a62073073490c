"""What is wrong with a request: RFC 9457 problem details."""

from __future__ import annotations

from imr_rules.server.api.models.shape import Shape

__all__ = ["ProblemDetails", "ProblemEntry"]


class ProblemEntry(Shape):
    """One thing that is wrong: where (a JSON pointer into the body), a stable code, and what to do."""

    pointer: str
    code: str
    detail: str
    hint: str | None


class ProblemDetails(Shape):
    """RFC 9457 problem details. Values of a case are never repeated."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemEntry]
