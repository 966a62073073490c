"""Where the rulebook is that an editor works on."""

from __future__ import annotations

from pathlib import Path

from imr_rules.errors import Place, Problem, RulebookError
from imr_rules.rulebook import default_directory

__all__ = ["rulebook_here", "rulebooks_in"]

_HERE = Path("rulesets")


def rulebooks_in(path: Path | None) -> list[Path]:
    """Return the directories of the rulebooks at ``path``: itself, or those directly in it.

    Without a path: ``rulesets`` where there is one here, else the rulebook shipped with the package.

    Raises:
        RulebookError: where there is none.
    """
    if path is None:
        path = _HERE if _HERE.is_dir() else default_directory()
    if (path / "sources.yaml").is_file():
        return [path]
    found = sorted(each.parent for each in path.glob("*/sources.yaml")) if path.is_dir() else []
    if not found:
        hint = "a rulebook is a directory with a sources.yaml, or one that holds such directories"
        raise RulebookError(Problem("no-rulebook", "there is no rulebook here", Place(str(path)), hint))
    return found


def rulebook_here(path: Path | None) -> Path:
    """Return the directory of the one rulebook at ``path``, by default as :func:`rulebooks_in` has it.

    Raises:
        RulebookError: where there is none, or more than one.
    """
    found = rulebooks_in(path)
    if len(found) > 1:
        listed = ", ".join(map(str, found))
        place = Place(str(path or _HERE))
        raise RulebookError(
            Problem("which-rulebook", f"there are several rulebooks here: {listed}", place, "name one")
        )
    return found[0]
