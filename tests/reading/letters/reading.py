"""Letters read in the names of the rulebook that ships with the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from imr_rules.errors import LetterError
from imr_rules.reading import letters
from imr_rules.reading.letters import Letter, Limits
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.vocabulary import Vocabulary


@cache
def vocabulary() -> Vocabulary:
    return Rulebook.load().vocabulary


def read_text(pages: list[str], **more: Any) -> Letter:
    return letters.read_text(pages, vocabulary(), **more)


def read_letter(path: Path | str, limits: Limits | None = None) -> Letter:
    return letters.read_letter(path, vocabulary(), limits=limits)


def read_letters(paths: Iterable[Path | str], limits: Limits | None = None) -> Iterator[Letter | LetterError]:
    return letters.read_letters(paths, vocabulary(), limits=limits)
