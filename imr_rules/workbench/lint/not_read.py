"""``not-read``: a file that looks like part of a rulebook, and that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from imr_rules.errors import Place
from imr_rules.rulebook.in_use import MANIFEST
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint

_READ = (
    "sources.yaml",
    "facts.yaml",
    "treatments.yaml",
    "instruments.yaml",
    "codes.yaml",
    "drugs.yaml",
    MANIFEST,
)
_LOOKS_LIKE_IT = (".yaml", ".yml", ".json")


def _check(book: Book) -> Iterator[Finding]:
    for path in sorted(book.directory.rglob("*")):
        inside = path.relative_to(book.directory)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or not path.is_file() or path.suffix.lower() not in _LOOKS_LIKE_IT:
            continue
        if path.suffix != ".yaml":
            hint = f"call it `{inside.stem}.yaml`: only names that end in `.yaml` are read"
        elif len(inside.parts) == 1 and inside.name not in _READ:
            hint = f"move it into a directory, such as `guidelines/{inside.name}`: here only {_listed()} are read"
        else:
            continue
        yield Finding("not-read", f"`{inside}` is not read", Place(str(path)), hint)


def _listed() -> str:
    names = [Path(each).stem for each in _READ]
    return f"{', '.join(names[:-1])} and {names[-1]}"


LINT = Lint(
    "not-read", "A file that looks like part of a rulebook, and that nothing reads.", _check, reads_text=True
)
