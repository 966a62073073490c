"""Whether the service lives and can work."""

from __future__ import annotations

from typing import Literal

from imr_rules.screening import RulebookName
from imr_rules.server.api.models.shape import Shape

__all__ = ["Health", "Readiness"]


class Health(Shape):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Shape):
    """The service can work."""

    status: Literal["ready"]
    rulebook: RulebookName
    rulebook_stale: bool
    engine: str
