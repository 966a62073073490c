"""What can be set about the service, and the environment variables that set it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from imr_rules._reading import Document
from imr_rules._validation import StrictModel, validate
from imr_rules.errors import InputError, Place, Problem, nearest

PREFIX = "IMR_RULES_"
"""What the names of the environment variables begin with."""

_OTHERS = frozenset({"CACHE"})
"""Variables of this prefix that are read elsewhere."""

Count = Annotated[int, Field(ge=1)]


class Settings(StrictModel):
    """What can be set about the service; each has a variable ``IMR_RULES_<NAME>`` in the environment."""

    database: str = Field(default_factory=lambda: default_database())
    """``sqlite:///path`` or ``postgresql://user@host/name``."""
    host: str = "127.0.0.1"
    """Address to listen on. One beyond this machine needs a key first."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    rulebook: Path | None = None
    """The rulebook; ``imr-rules.toml`` or ``./rulesets`` where there is one, else the one shipped, unless given."""
    layers: Annotated[tuple[Path, ...], Field(strict=False)] = ()
    """Layers to lie over it, the lowest first; in the environment, separated as in ``PATH``."""
    reload_seconds: Annotated[int, Field(ge=0)] = 2
    """How often the rulebook's files are looked at for changes; 0 for never (SIGHUP still does)."""
    max_body_bytes: Count = 1_000_000
    """Largest request body, and largest line of a batch."""
    max_list: Count = 2_000
    """Longest list anywhere in a request body."""
    max_connections: Count = 1_000
    """Most connections at a time; one more takes the place of one that asks nothing."""
    request_seconds: Count = 30
    """Longest time spent on one request; on a batch, on any one piece of it."""
    rate: Count = 2_000
    """Requests a second that one key may make, on average."""
    burst: Count = 4_000
    """Requests that one key may make at once."""
    retention_days: Count = 2192
    """How long cases are kept before ``imr-rules store purge`` removes them: six years unless given."""
    replies_days: Count = 30
    """How long a reply is kept for its Idempotency-Key."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **given: Any) -> Settings:
        """Return the settings of the environment; what is ``given`` and not None comes before it.

        Raises:
            InputError: a variable of our prefix is not one of ours, or its value does not fit. The value is
                not repeated: a database URL may hold a password.
        """
        found: dict[str, Any] = {}
        for variable, text in environment.items():
            if not variable.startswith(PREFIX) or variable.removeprefix(PREFIX) in _OTHERS:
                continue
            name = variable.removeprefix(PREFIX).lower()
            field = cls.model_fields.get(name)
            if field is None:
                hint = nearest(variable, [PREFIX + each.upper() for each in cls.model_fields])
                what = "no setting of imr-rules has this name"
                raise InputError(Problem("unknown-setting", what, Place(variable), hint))
            found[name] = _read(text, field.annotation)
        found.update({name: value for name, value in given.items() if value is not None})
        try:
            return validate(cls, Document(found), InputError)
        except InputError as error:
            raise InputError(_of_variable(each) for each in error.problems) from None


def _read(text: str, annotation: Any) -> Any:
    if annotation is str:
        return text
    if annotation is int:
        return int(text) if text.isascii() and text.isdigit() else text
    if annotation is None or "tuple" in str(annotation):
        return tuple(map(Path, filter(None, text.split(os.pathsep))))
    return Path(text)


def _of_variable(problem: Problem) -> Problem:
    name = (problem.place.pointer or "").lstrip("/").upper()
    return Problem(problem.code, problem.what, Place(PREFIX + name), problem.hint)


def default_database() -> str:
    """Return the URL of the embedded store: a file of the user's own, where nothing else is named."""
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return f"sqlite:///{home}/imr-rules/store.sqlite3"
