"""Forms that somebody fills in by hand, as CSV."""

from __future__ import annotations

from pathlib import Path

from imr_rules.errors import InputError, Place, Problem


def form_text(path: Path) -> str:
    """Return the text of a form that was filled in.

    Raises:
        InputError: the file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem("cannot-read", "cannot be read as UTF-8 text", Place(str(path)))) from error
