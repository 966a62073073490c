"""Logs: one JSON object a line, of fields on a list and no others.

A log holds codes, times, counts and digests. No text of a case, no name, no id of a screening, no address and no
query can get into it: what is not on the list is dropped, and messages of other libraries are reduced to
where in the code they were made. The list grows only with a look at what a field can hold.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, NamedTuple, TextIO

from imr_rules.server.clock import say_time

FIELDS = frozenset(
    {
        "request",  # a random id of ours
        "trace",  # a W3C trace id, 32 hexadecimal digits
        "method",  # an HTTP method of the usual ones
        "route",  # a path as it is declared, not as it was asked for
        "status",
        "milliseconds",
        "key",  # the id of a key, which is not the key
        "error",  # a code of ours, or the name of a class
        "rulebook",  # a digest
        "engine",
        "count",
        "host", "port",  # what the service listens on
        "store",  # sqlite or postgresql
    }
)  # fmt: skip
"""The fields a line may have beside ``at``, ``level``, ``logger`` and ``event``."""

_OURS = "imr_rules.server"
_EXTRA = "imr_rules_fields"


class Fault(NamedTuple):
    """What is logged of something unforeseen: the class of the error, and the places it passed, without its message."""

    error: str
    places: tuple[str, ...]

    @classmethod
    def of(cls, error: BaseException) -> Fault:
        """Return what is logged of an error: the last places it passed are modules and lines, innermost last."""
        frames = traceback.extract_tb(error.__traceback__)[-8:]
        places = (f"{each.filename.rsplit('/', 1)[-1]}:{each.lineno} in {each.name}" for each in frames)
        return cls(type(error).__name__, tuple(places))


class Log:
    """Writes events with their fields."""

    def __init__(self) -> None:
        self._logger = logging.getLogger(_OURS)
        if not self._logger.handlers:
            self._logger.addHandler(logging.NullHandler())

    def say(self, event: str, *, level: int = logging.INFO, **fields: Any) -> None:
        """Log an event, a constant of the code, with fields of the list; others are left out."""
        kept = {name: value for name, value in fields.items() if name in FIELDS and value is not None}
        self._logger.log(level, event, extra={_EXTRA: kept})

    def fault(self, found: BaseException | Fault, **fields: Any) -> None:
        """Log that something unforeseen was raised, as :class:`Fault` says."""
        fault = found if isinstance(found, Fault) else Fault.of(found)
        self.say("fault", level=logging.ERROR, error=fault.error, **fields)
        for place in fault.places:
            self._logger.error("at", extra={_EXTRA: {}, "imr_rules_place": place})


class Formatter(logging.Formatter):
    """Writes a record as one JSON object; of other libraries' records only the place and the class of the error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, Any] = {
            "at": say_time(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == _OURS:
            line["event"] = record.msg
            line.update(getattr(record, _EXTRA, {}))
            place = getattr(record, "imr_rules_place", None)
            if place:
                line["place"] = place
        else:
            line["place"] = f"{record.module}:{record.lineno}"
            if record.exc_info and record.exc_info[1] is not None:
                line["error"] = type(record.exc_info[1]).__name__
        return json.dumps(line)


def configure(stream: TextIO | None = None) -> None:
    """Send every log of this process through :class:`Formatter`; for the process of ``imr-rules serve``."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    logging.captureWarnings(True)
