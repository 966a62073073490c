"""Everything imr-rules raises, in one tree.

::

    ImrRulesError
    ├── InputError                somebody can mend this; the command line exits with 2
    │   ├── CaseError             a case file or a case posted to the service
    │   ├── RulebookError         a guideline file, or the files beside it
    │   ├── LetterError           a published determination letter
    │   └── ServiceError          something asked of the intake service that cannot be done
    │       ├── AuthenticationError, ForbiddenError, RateError      who asks, and how often
    │       ├── UnreadableError, TooLargeError, TooSlowError        what was sent cannot be read
    │       ├── MediaTypeError
    │       ├── NotFoundError, GoneError, ConflictError             what is in the store, or is not
    │       ├── PreconditionError, PreconditionNeededError          what the sender last saw
    │       ├── IdempotencyError
    │       └── StoreError        the store cannot be reached; StoreFullError where it has no room
    └── EngineError               a fault of ours, never an answer; the command line exits with 3
        └── DisagreementError     the two evaluators did not agree

A message says what is wrong, where it is and what to do about it. It never repeats a value from a
case: values may be clinical text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct


class Place(Struct, frozen=True):
    """Where something stands: a file with line and column (both from 1), or a JSON pointer.

    Any part may be absent; ``str()`` gives the most exact form there is.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"{self.file or 'input'}:{self.line}:{self.column or 1}"
        if self.pointer is not None:
            return f"{self.file or ''}#{self.pointer}"
        return self.file or "input"


class Problem(Struct, frozen=True):
    """One thing that is wrong: what, where, and what to do.

    ``code`` is stable and machine-readable (``unknown-key``, ``wrong-type`` ...).
    """

    code: str
    what: str
    place: Place = Place()
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" + (f"; {self.hint}" if self.hint else "")


MOST_PROBLEMS = 100
"""Problems of one file that one error lists."""


class ImrRulesError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(ImrRulesError):
    """What was given cannot be used; ``problems`` says why, in the order found, at least one.

    No more than :data:`MOST_PROBLEMS` of one file are listed; where it has more, the last one of them says so.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(_bounded(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[Any, ...]]:
        return type(self), (
            self.problems,
        )  # goes from one process to another with its problems, not its words


def _bounded(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield problems, as many of each file as are listed; where there is no file, no more are looked for."""
    found: Counter[str | None] = Counter()
    for problem in problems:
        file = problem.place.file
        found[file] += 1
        if found[file] <= MOST_PROBLEMS:
            yield problem
        elif found[file] == MOST_PROBLEMS + 1:
            what = f"there are more problems than these {MOST_PROBLEMS}"
            yield Problem(
                "more-problems", what, Place(file, pointer=None if file else ""), "mend these first"
            )
        elif file is None:
            return


class CaseError(InputError):
    """A case cannot be read or is not a case."""


class RulebookError(InputError):
    """A rulebook cannot be read, or fails one of the checks made when it is loaded."""


class LetterError(InputError):
    """A determination letter cannot be read."""


class ServiceError(InputError):
    """Something asked of the intake service cannot be done; see its kinds."""


class AuthenticationError(ServiceError):
    """Nobody knows who asks: no key, or one that is not valid."""


class ForbiddenError(ServiceError):
    """The key does not allow this."""


class RateError(ServiceError):
    """Too many requests; ``seconds`` says when to try again."""

    def __init__(self, problems: Problem | Iterable[Problem], seconds: int) -> None:
        self.seconds = seconds
        super().__init__(problems)

    def __reduce__(self) -> tuple[type[RateError], tuple[Any, ...]]:
        return type(self), (self.problems, self.seconds)


class UnreadableError(ServiceError):
    """What was sent is not JSON, or not put together the way JSON is read here."""


class TooLargeError(ServiceError):
    """What was sent is larger than is read."""


class TooSlowError(ServiceError):
    """What was sent did not arrive in time."""


class MediaTypeError(ServiceError):
    """What was sent is of a type that is not read."""


class NotFoundError(ServiceError):
    """There is no such thing, or it is not this tenant's to see."""


class GoneError(ServiceError):
    """It was here; its content has been purged."""


class ConflictError(ServiceError):
    """It cannot be done as things stand."""


class PreconditionError(ServiceError):
    """Somebody changed it since the sender looked."""


class PreconditionNeededError(ServiceError):
    """The sender must say which state it looked at."""


class IdempotencyError(ServiceError):
    """The idempotency key was used for another request."""


class StoreError(ServiceError):
    """The store cannot be reached or does not answer; trying again later may do."""


class StoreFullError(StoreError):
    """The store has no room left."""


class EngineError(ImrRulesError):
    """The engine broke one of its own promises; no answer was given."""


class DisagreementError(EngineError):
    """The two evaluators gave different statuses for the criteria named.

    Attributes:
        differences: criterion id → (reference's status, durable-rules' status).
    """

    def __init__(self, differences: dict[str, tuple[str, str]]) -> None:
        self.differences = differences
        listed = ", ".join(f"{name} ({ours} / {theirs})" for name, (ours, theirs) in differences.items())
        super().__init__(
            f"the reference evaluator and durable-rules disagree on {listed}; no answer is given. "
            "Please report the rulebook's digest and these criteria"
        )

    def __reduce__(self) -> tuple[type[DisagreementError], tuple[Any, ...]]:
        return type(self), (self.differences,)


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,47}")


_LONGEST_NAME = 100
"""Longest text that may be a misspelled name."""


def printable_name(text: object) -> str | None:
    """Return ``text`` in backticks when it looks like a name rather than prose, else ``None``.

    Keys and names are safe to repeat in a message; anything with a space in it might be a patient's.
    """
    return f"`{text}`" if isinstance(text, str) and _NAME.fullmatch(text) else None


def nearest(name: object, known: Iterable[str]) -> str | None:
    """Return a hint naming the known names closest to ``name``, or ``None`` if none is close."""
    found = close(name, known)
    return "did you mean " + " or ".join(f"`{each}`" for each in found) + "?" if found else None


def close(name: object, known: Iterable[str]) -> list[str]:
    """Return the known names, two at most, that are closest to ``name``; none where none is close."""
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return []
    from rapidfuzz import process  # where all is well, nobody needs it
    from rapidfuzz.distance import Indel

    every = {each.lower(): each for each in known}
    lowered = name.lower()
    similar = Indel.normalized_similarity
    found = [
        each
        for each, _, _ in process.extract(lowered, every.keys(), scorer=similar, limit=2, score_cutoff=0.6)
    ]
    if not found and len(lowered) >= 3:  # the beginning of a longer name
        found = [each for each in every if each.startswith(lowered)][:2]
    return [every[each] for each in found]
